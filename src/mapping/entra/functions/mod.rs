//! The functions of the expression language, as one table.
//!
//! To add a function: write it in the file of its family and add a row to [`FUNCTIONS`]. A row says
//! everything the parser, the evaluator and the console need: name, parameters, how many arguments,
//! one sentence, and the function itself. Semantics follow Microsoft's "Reference for writing
//! expressions for attribute mappings"; where that page is silent the function's own comment says
//! what was chosen.

mod diacritics;
mod encode;
mod list;
mod logic;
mod replace;
mod text;
#[cfg(test)]
mod vectors;

use super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

/// One function of the language.
#[derive(Debug)]
pub struct Function {
    /// Name as documented.
    pub name: &'static str,
    /// Parameters in order; the last one or two repeat when [`Arity`] is open.
    pub parameters: &'static [Parameter],
    /// How many arguments a call takes, empty ones included.
    pub arity: Arity,
    /// What it does, in one sentence.
    pub summary: &'static str,
    pub(super) run: fn(&Arguments<'_>) -> Result<Value, Stop>,
}

/// One parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// Name as documented.
    pub name: &'static str,
    /// Whether a comparison may stand here.
    pub(super) condition: bool,
    /// Whether a constant here is a regular expression.
    pub(super) pattern: bool,
}

/// How many arguments a call takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arity {
    /// From the first number to the second.
    Between(usize, usize),
    /// At least this many.
    AtLeast(usize),
    /// This many, then one or more pairs.
    ThenPairs(usize),
}

impl Function {
    /// The parameter that argument `index` fills.
    pub fn parameter(&self, index: usize) -> Option<&'static Parameter> {
        self.parameters.get(index).or_else(|| match self.arity {
            Arity::Between(..) => None,
            Arity::AtLeast(_) => self.parameters.last(),
            Arity::ThenPairs(before) => self.parameters.get(before + (index - before) % 2),
        })
    }

    /// How a call is written: `Mid(source, start, length)`.
    pub fn signature(&self) -> String {
        let names: Vec<&str> = self.parameters.iter().map(|p| p.name).collect();
        let more = match self.arity {
            Arity::Between(..) => "",
            Arity::AtLeast(_) | Arity::ThenPairs(_) => ", ...",
        };
        format!("{}({}{more})", self.name, names.join(", "))
    }
}

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
        list::app_role_assignments,
        "The names of all assigned app roles.",
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
        "DefaultDomain",
        &[],
        Between(0, 0),
        encode::default_domain,
        "The default domain name of the tenant.",
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
    row(
        "SingleAppRoleAssignment",
        SOURCE,
        Between(1, 1),
        list::single_app_role_assignment,
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

/// Functions of the service that this build cannot evaluate.
const NOT_AVAILABLE: &[&str] = &[
    "AppRoleAssignmentsComplex",
    "AssertiveAppRoleAssignmentsComplex",
    "CDate",
    "DateAdd",
    "DateDiff",
    "DateFromNum",
    "FormatDateTime",
    "Now",
    "NumFromDate",
    "SelectUniqueValue",
];

/// Functions of Entra Connect's sync rules, with what to write instead.
const CONNECT: &[(&str, &str)] = &[
    ("Contains", "use InStr"),
    ("ConvertFromBase64", "there is no equivalent"),
    ("CNum", "numbers are written as they are"),
    ("CRef", "map the reference attribute directly"),
    ("Error", "use IgnoreFlowIfNullOrEmpty to send nothing"),
    ("InStrRev", "use Replace with a regular expression"),
    ("Len", "use Replace or Mid"),
    (
        "LTrim",
        "use Replace with the regular expression \"^\\\\s+\"",
    ),
    ("Right", "use Replace with a regular expression"),
    (
        "RTrim",
        "use Replace with the regular expression \"\\\\s+$\"",
    ),
    ("Select", "use Item or Join"),
    (
        "Trim",
        "use Replace with the regular expression \"^\\\\s+|\\\\s+$\"",
    ),
    ("Where", "use Item or Join"),
    ("With", "nest the calls"),
];

/// The named constants of the language.
const KEYWORDS: &[&str] = &["vbTextCompare", "vbBinaryCompare"];

/// The function of this name, in any case; else the sentence that says why there is none.
pub(super) fn find(name: &str) -> Result<&'static Function, String> {
    if let Some(function) = FUNCTIONS.iter().find(|f| f.name.eq_ignore_ascii_case(name)) {
        return Ok(function);
    }
    if let Some(known) = NOT_AVAILABLE.iter().find(|n| n.eq_ignore_ascii_case(name)) {
        return Err(format!("the function {known} is not available"));
    }
    if let Some((known, instead)) = CONNECT.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Err(format!(
            "{known} is a function of Microsoft Entra Connect sync rules, not of attribute mappings in the provisioning service; {instead}"
        ));
    }
    Err(format!("there is no function {name}; check the spelling"))
}

/// The named constant of this name, in any case.
pub(super) fn keyword(name: &str) -> Option<&'static str> {
    KEYWORDS
        .iter()
        .copied()
        .find(|k| k.eq_ignore_ascii_case(name))
}
