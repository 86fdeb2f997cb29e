//! The functions of the language, as one table.
//!
//! To add a function: write it in the file of its family and add a row to `table.rs`. A row says everything
//! the parser, the evaluator and the console need: name, parameters, how many arguments, one sentence, and
//! the function itself. Semantics follow Okta's "Expression Language overview"; where that page is silent
//! they are those of Apache's `StringUtils`, of Java and of Joda-Time, or a switch.

mod arguments;
mod arrays;
mod convert;
mod country;
mod directory;
mod groups;
mod table;
mod text;
mod time;

use super::evaluate::Outcome;

pub(super) use arguments::Arguments;
pub use table::FUNCTIONS;

/// One function of the language.
#[derive(Debug)]
pub struct Function {
    /// Name as documented, with its family: `String.append`, `isMemberOfGroup`, `user.getGroups`.
    pub name: &'static str,
    /// Parameters in order; the last one or two repeat when [`Arity`] is open.
    pub parameters: &'static [&'static str],
    /// How many arguments a call takes.
    pub arity: Arity,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// What it is about.
    pub family: Family,
    /// The argument that is a regular expression.
    pub(super) pattern: Option<usize>,
    /// Whether it gives groups, which are their ids where nobody asks for their names.
    pub(super) gives_groups: bool,
    pub(super) run: for<'s, 'a, 'c> fn(&'c mut Arguments<'s, 'a>) -> Outcome<'a>,
}

/// What a function is about; decides where it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// `String.*`, and the older names without the prefix.
    String,
    /// `Arrays.*`
    Arrays,
    /// `Convert.*`
    Convert,
    /// `Iso3166Convert.*`
    Country,
    /// Groups of the user.
    Groups,
    /// `Groups.*`, for claims only.
    Claims,
    /// `Time.*`
    Time,
    /// Managers, assistants, directories.
    Directory,
    /// What the user object itself is asked.
    User,
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
    /// How a call is written: `String.substring(input, start, end)`.
    pub fn signature(&self) -> String {
        let more = match self.arity {
            Arity::Between(..) => "",
            Arity::AtLeast(_) | Arity::ThenPairs(_) => ", ...",
        };
        format!("{}({}{more})", self.name, self.parameters.join(", "))
    }

    /// Whether a call may have so many arguments; else the sentence that says why not.
    pub(super) fn check_count(&self, given: usize) -> Result<(), String> {
        let (name, usage) = (self.name, self.signature());
        let (least, most) = match self.arity {
            Arity::Between(least, most) => (least, most),
            Arity::AtLeast(least) => (least, usize::MAX),
            Arity::ThenPairs(before) => {
                if given > before && (given - before) % 2 == 1 {
                    return Err(format!(
                        "{name} needs keys and values in pairs behind its first {before} arguments, and the last key has no value; write {usage}"
                    ));
                }
                (before + 2, usize::MAX)
            }
        };
        let (bound, number) = match given {
            _ if (least..=most).contains(&given) => return Ok(()),
            _ if least == most => ("exactly", least),
            _ if given < least => ("at least", least),
            _ => ("at most", most),
        };
        Err(format!(
            "{name} takes {bound} {number} arguments, {given} given; write {usage}"
        ))
    }
}

/// The function of this name; else the sentence that says why there is none.
pub(super) fn find(name: &str) -> Result<&'static Function, String> {
    if let Some(function) = FUNCTIONS.iter().find(|f| f.name == name) {
        return Ok(function);
    }
    let last = name.rsplit('.').next().unwrap_or(name);
    let near = FUNCTIONS
        .iter()
        .find(|f| f.name.eq_ignore_ascii_case(name))
        .or_else(|| {
            let same = |f: &&Function| {
                let known = f.name.rsplit('.').next().unwrap_or(f.name);
                known.eq_ignore_ascii_case(last)
            };
            FUNCTIONS.iter().find(same)
        });
    Err(match near {
        Some(near) => format!(
            "there is no function {name}; did you mean {}?",
            near.signature()
        ),
        None => format!("there is no function {name}; check the spelling"),
    })
}

/// The function behind `fn:` in a template.
pub(super) fn of_templates(name: &str) -> Result<&'static Function, String> {
    let name = match name {
        "length" => "len",
        "contains" => "stringContains",
        name => name,
    };
    find(&format!("String.{name}")).map_err(|_| {
        format!("there is no function fn:{name}; use fn:substringBefore, fn:substringAfter, fn:toLowerCase or fn:toUpperCase")
    })
}
