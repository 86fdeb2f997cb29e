//! [`FUNCTIONS`]: one row for each function of the language.

use super::{
    Arity, Function, Parameter, date, diacritics, encode, list, logic, replace, roles, text, unique,
};
use crate::mapping::Value;
use crate::mapping::entra::evaluate::{Arguments, Stop};

const fn value(name: &'static str) -> Parameter {
    Parameter {
        name,
        condition: false,
        pattern: false,
    }
}

const fn condition(name: &'static str) -> Parameter {
    Parameter {
        name,
        condition: true,
        pattern: false,
    }
}

const fn pattern(name: &'static str) -> Parameter {
    Parameter {
        name,
        condition: false,
        pattern: true,
    }
}

const fn row(
    name: &'static str,
    parameters: &'static [Parameter],
    arity: Arity,
    run: fn(&Arguments<'_>) -> Result<Value, Stop>,
    summary: &'static str,
) -> Function {
    Function {
        name,
        parameters,
        arity,
        summary,
        top_level: false,
        run,
    }
}

use Arity::{AtLeast, Between, ThenPairs};

const SOURCE: &[Parameter] = &[value("source")];
const EXPRESSION: &[Parameter] = &[value("Expression")];
const ATTRIBUTE: &[Parameter] = &[value("attribute")];

/// Every function of the language, by name.
pub static FUNCTIONS: &[Function] = &[
    row(
        "Append",
        &[value("source"), value("suffix")],
        Between(2, 2),
        text::append,
        "The source with the suffix after it.",
    ),
    row(
        "AppRoleAssignments",
        SOURCE,
        Between(1, 1),
        roles::app_role_assignments,
        "The names of all assigned app roles.",
    ),
    row(
        "AppRoleAssignmentsComplex",
        SOURCE,
        Between(1, 1),
        roles::app_role_assignments_complex,
        "All assigned app roles as complex values, added to those of the target.",
    ),
    row(
        "AssertiveAppRoleAssignmentsComplex",
        SOURCE,
        Between(1, 1),
        roles::app_role_assignments_complex,
        "All assigned app roles as complex values, instead of those of the target.",
    ),
    row(
        "BitAnd",
        &[value("value1"), value("value2")],
        Between(2, 2),
        encode::bit_and,
        "The bits set in both numbers.",
    ),
    row(
        "CBool",
        &[condition("Expression")],
        Between(1, 1),
        logic::c_bool,
        "True for a true comparison or a number that is not zero, else False.",
    ),
    row(
        "CDate",
        &[value("expression")],
        Between(1, 1),
        date::c_date,
        "The text as a date in UTC.",
    ),
    row(
        "Coalesce",
        &[value("source")],
        AtLeast(1),
        logic::coalesce,
        "The first argument that is not null.",
    ),
    row(
        "ConvertToBase64",
        SOURCE,
        Between(1, 1),
        encode::convert_to_base64,
        "Base64 of the text in UTF-16 (little endian).",
    ),
    row(
        "ConvertToUTF8Hex",
        SOURCE,
        Between(1, 1),
        encode::convert_to_utf8_hex,
        "The UTF-8 bytes of the text in upper-case hexadecimal digits.",
    ),
    row(
        "Count",
        ATTRIBUTE,
        Between(1, 1),
        list::count,
        "How many values the attribute has.",
    ),
    row(
        "CStr",
        &[value("value")],
        Between(1, 1),
        text::c_str,
        "The value as text.",
    ),
    row(
        "DateAdd",
        &[value("interval"), value("value"), value("dateTime")],
        Between(3, 3),
        date::date_add,
        "The date with a number of intervals added: yyyy, m, d, ww, h, n or s.",
    ),
    row(
        "DateDiff",
        &[value("interval"), value("date1"), value("date2")],
        Between(3, 3),
        date::date_diff,
        "How many intervals the second date lies behind the first.",
    ),
    row(
        "DateFromNum",
        &[value("value")],
        Between(1, 1),
        date::date_from_num,
        "The date of a FILETIME number.",
    ),
    row(
        "DefaultDomain",
        &[],
        Between(0, 0),
        encode::default_domain,
        "The default domain name of the tenant.",
    ),
    row(
        "FormatDateTime",
        &[
            value("source"),
            value("dateTimeStyles"),
            value("inputFormat"),
            value("outputFormat"),
        ],
        Between(3, 4),
        date::format_date_time,
        "A date from one .NET pattern in another.",
    ),
    row(
        "Guid",
        &[],
        Between(0, 0),
        encode::guid,
        "A new random GUID; use it only during object creation.",
    ),
    row(
        "IgnoreFlowIfNullOrEmpty",
        &[value("expression")],
        Between(1, 1),
        logic::ignore_flow_if_null_or_empty,
        "The value, or no flow of the attribute at all when it is null or empty.",
    ),
    row(
        "IIF",
        &[
            condition("condition"),
            value("valueIfTrue"),
            value("valueIfFalse"),
        ],
        Between(3, 3),
        logic::iif,
        "One of two values, chosen by a comparison.",
    ),
    row(
        "InStr",
        &[
            value("value1"),
            value("value2"),
            value("start"),
            value("compareType"),
        ],
        Between(2, 4),
        text::in_str,
        "The position of the second text in the first, counted from 1; 0 when absent.",
    ),
    row(
        "IsNothing",
        SOURCE,
        Between(1, 1),
        logic::is_null,
        "True when the value is null (older name of IsNull).",
    ),
    row(
        "IsNull",
        EXPRESSION,
        Between(1, 1),
        logic::is_null,
        "True when the value is null.",
    ),
    row(
        "IsNullOrEmpty",
        EXPRESSION,
        Between(1, 1),
        logic::is_null_or_empty,
        "True when the value is null or an empty text.",
    ),
    row(
        "IsPresent",
        EXPRESSION,
        Between(1, 1),
        logic::is_present,
        "True when the value is neither null nor an empty text.",
    ),
    row(
        "IsString",
        EXPRESSION,
        Between(1, 1),
        logic::is_string,
        "True when the value is a single text.",
    ),
    row(
        "Item",
        &[value("attribute"), value("index")],
        Between(2, 2),
        list::item,
        "One value of a multi-valued attribute, counted from 1.",
    ),
    row(
        "Join",
        &[value("separator"), value("source")],
        AtLeast(2),
        list::join,
        "All sources with the separator between them; empty ones are skipped.",
    ),
    row(
        "Left",
        &[value("String"), value("NumChars")],
        Between(2, 2),
        text::left,
        "The first characters of a text.",
    ),
    row(
        "Mid",
        &[value("source"), value("start"), value("length")],
        Between(3, 3),
        text::mid,
        "Part of a text, from a start counted from 1.",
    ),
    row(
        "NormalizeDiacritics",
        SOURCE,
        Between(1, 1),
        diacritics::normalize_diacritics,
        "The text with accented letters replaced by plain ones.",
    ),
    row(
        "Not",
        SOURCE,
        Between(1, 1),
        logic::not,
        "False for True, True for anything else.",
    ),
    row(
        "Now",
        &[],
        Between(0, 0),
        date::now,
        "The present moment in UTC.",
    ),
    row(
        "NumFromDate",
        &[value("value")],
        Between(1, 1),
        date::num_from_date,
        "The FILETIME number of a date.",
    ),
    row(
        "PCase",
        &[value("source"), value("wordSeparators")],
        Between(1, 2),
        text::p_case,
        "The text with the first letter of each word in upper case.",
    ),
    row(
        "Prepend",
        &[value("prefix"), value("source")],
        Between(2, 2),
        text::prepend,
        "The source with the prefix before it.",
    ),
    row(
        "RandomString",
        &[
            value("Length"),
            value("MinimumNumbers"),
            value("MinimumSpecialCharacters"),
            value("MinimumCapital"),
            value("MinimumLowerCase"),
            value("CharactersToAvoid"),
        ],
        Between(5, 6),
        encode::random_string,
        "A random text that meets minimum counts; use it only during object creation.",
    ),
    row(
        "Redact",
        &[value("value")],
        Between(1, 1),
        logic::redact,
        "The value, shown as [Redact] in the provisioning logs.",
    ),
    row(
        "RemoveDuplicates",
        ATTRIBUTE,
        Between(1, 1),
        list::remove_duplicates,
        "The values of the attribute, each once.",
    ),
    row(
        "Replace",
        &[
            value("source"),
            value("oldValue"),
            pattern("regexPattern"),
            value("regexGroupName"),
            value("replacementValue"),
            value("replacementAttributeName"),
            value("template"),
        ],
        Between(7, 7),
        replace::replace,
        "Replaces text or what a regular expression matches.",
    ),
    Function {
        top_level: true,
        ..row(
            "SelectUniqueValue",
            &[value("uniqueValueRule1"), value("uniqueValueRule2")],
            AtLeast(2),
            unique::select_unique_value,
            "The value of the first rule that no object of the target has.",
        )
    },
    row(
        "SingleAppRoleAssignment",
        SOURCE,
        Between(1, 1),
        roles::single_app_role_assignment,
        "The name of the one assigned app role.",
    ),
    row(
        "Split",
        &[value("source"), value("delimiter")],
        Between(2, 2),
        list::split,
        "The parts of a text as several values.",
    ),
    row(
        "StripSpaces",
        SOURCE,
        Between(1, 1),
        text::strip_spaces,
        "The text without spaces.",
    ),
    row(
        "Switch",
        &[
            value("source"),
            value("defaultValue"),
            value("key"),
            value("value"),
        ],
        ThenPairs(2),
        logic::switch,
        "The value beside the key that equals the source, else the default.",
    ),
    row(
        "ToLower",
        &[value("source"), value("culture")],
        Between(1, 2),
        text::to_lower,
        "The text in lower case.",
    ),
    row(
        "ToUpper",
        &[value("source"), value("culture")],
        Between(1, 2),
        text::to_upper,
        "The text in upper case.",
    ),
    row(
        "Word",
        &[value("String"), value("WordNumber"), value("Delimiters")],
        Between(3, 3),
        text::word,
        "One word of a text, counted from 1.",
    ),
];
