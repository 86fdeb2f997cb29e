//! The functions of the expression language, as one table.
//!
//! To add a function: write it in the file of its family and add a row to `table.rs`. A row says
//! everything the parser, the evaluator and the console need: name, parameters, how many arguments,
//! one sentence, and the function itself. Semantics follow Microsoft's "Reference for writing
//! expressions for attribute mappings"; where that page is silent the function's own comment says
//! what was chosen.

pub(super) mod date;
mod diacritics;
mod encode;
mod list;
mod logic;
mod replace;
mod roles;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod unique;

use super::evaluate::{Arguments, Stop};
use crate::mapping::Value;

pub use table::FUNCTIONS;

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
    /// Whether it can only be the whole expression.
    pub(super) top_level: bool,
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

/// Functions of Entra Connect's sync rules, with what to write instead.
const CONNECT: &[(&str, &str)] = &[
    (
        "Contains",
        "use InStr, which gives 0 when the text is absent",
    ),
    ("ConvertFromBase64", "there is no equivalent"),
    ("CNum", "numbers are written as they are"),
    ("CRef", "map the reference attribute directly"),
    ("Error", "use IgnoreFlowIfNullOrEmpty to send nothing"),
    ("InStrRev", "use Replace with a regular expression"),
    (
        "Len",
        "there is no length; test a text with Replace and a regular expression",
    ),
    (
        "LTrim",
        r#"use Replace with the regular expression "^\\s+" and replacementValue """#,
    ),
    (
        "Right",
        r#"use Replace with a regular expression, for three characters "^.*(?=.{3}$)" and replacementValue """#,
    ),
    (
        "RTrim",
        r#"use Replace with the regular expression "\\s+$" and replacementValue """#,
    ),
    ("Select", "use Item or Join"),
    (
        "Trim",
        r#"use Replace with the regular expression "^\\s+|\\s+$" and replacementValue """#,
    ),
    ("Where", "use Item or Join"),
    ("With", "nest the calls"),
];

/// What other languages call a function of this one.
const ELSEWHERE: &[(&str, &str)] = &[
    ("And", "nest IIF calls"),
    ("CInt", "numbers are written as they are"),
    ("Concat", "use Append or Join"),
    ("Concatenate", "use Append or Join"),
    ("Date", "use Now"),
    ("Format", "use FormatDateTime"),
    ("If", "use IIF"),
    ("IfNull", "use Coalesce"),
    ("IsBlank", "use IsNullOrEmpty"),
    ("IsEmpty", "use IsNullOrEmpty"),
    ("LCase", "use ToLower"),
    ("Length", "there is no length"),
    ("Lower", "use ToLower"),
    ("LowerCase", "use ToLower"),
    ("NewGuid", "use Guid"),
    ("Or", "nest IIF calls"),
    ("RegexReplace", "use Replace"),
    ("Str", "use CStr"),
    ("StrConv", "use PCase, ToLower or ToUpper"),
    ("Substitute", "use Replace"),
    ("Substr", "use Mid"),
    ("Substring", "use Mid"),
    ("Today", "use Now"),
    ("UCase", "use ToUpper"),
    ("Upper", "use ToUpper"),
    ("UpperCase", "use ToUpper"),
];

/// The named constants of the language.
const KEYWORDS: &[&str] = &["vbTextCompare", "vbBinaryCompare"];

/// The function of this name, in any case; else the sentence that says why there is none.
pub(super) fn find(name: &str) -> Result<&'static Function, String> {
    if let Some(function) = FUNCTIONS.iter().find(|f| f.name.eq_ignore_ascii_case(name)) {
        return Ok(function);
    }
    if let Some((known, instead)) = CONNECT.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Err(format!(
            "{known} is a function of Microsoft Entra Connect sync rules, not of attribute mappings in the provisioning service; {instead}"
        ));
    }
    if let Some((_, instead)) = ELSEWHERE.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) {
        return Err(format!("there is no function {name}; {instead}"));
    }
    let lower = name.to_ascii_lowercase();
    let near = FUNCTIONS.iter().find(|f| {
        let known = f.name.to_ascii_lowercase();
        known.len() > 3 && is_one_slip(known.as_bytes(), lower.as_bytes())
    });
    Err(match near {
        Some(near) => format!("there is no function {name}; did you mean {}?", near.name),
        None => format!("there is no function {name}; check the spelling"),
    })
}

/// Whether two words differ by one letter: another one, one too many or too few, or two exchanged.
fn is_one_slip(one: &[u8], other: &[u8]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[same..], &other[same..]);
    match (one, other) {
        ([_, rest @ ..], [_, others @ ..]) if rest == others => true,
        ([_, rest @ ..], others) if rest == others => true,
        (rest, [_, others @ ..]) if rest == others => true,
        ([a, b, rest @ ..], [c, d, others @ ..]) => a == d && b == c && rest == others,
        _ => false,
    }
}

/// The named constant of this name, in any case.
pub(super) fn keyword(name: &str) -> Option<&'static str> {
    KEYWORDS
        .iter()
        .copied()
        .find(|k| k.eq_ignore_ascii_case(name))
}
