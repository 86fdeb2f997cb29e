//! Findings about mappings that can be saved and will not do what people expect: [`lint`].
//!
//! What cannot work at all is refused by [`ObjectMapping::new`](super::ObjectMapping::new). A finding
//! says what will happen, what to do instead, and who says so. To add a check, write a function in the
//! file of its subject and name it in the list of that file.

mod expressions;
mod objects;
mod rows;
#[cfg(test)]
mod tests;

use super::attribute::AttributeMapping;
use super::attributes::ObjectKind;
use super::object::{ObjectMapping, SynchronizationRules};

const FUNCTIONS: &str = "Microsoft: Reference for writing expressions for attribute mappings";
const CUSTOMIZE: &str = "Microsoft: Customize user provisioning attribute-mappings";
const HOW: &str = "Microsoft: How application provisioning works";
const KNOWN_ISSUES: &str = "Microsoft: Known issues for provisioning";
const POSTMAN: &str = "Postman: Configure SCIM with Microsoft Entra ID";

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The mapping fails for some or all objects.
    Error,
    /// It does something else than people expect.
    Warning,
    /// Good to know.
    Notice,
}

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which check it is: `matching-mail`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Mapping of which objects.
    pub kind: ObjectKind,
    /// Index of the attribute mapping; `None` for the object mapping as a whole.
    pub mapping: Option<usize>,
    /// What will happen.
    pub sentence: String,
    /// What to do.
    pub remedy: String,
    /// Who says so.
    pub source: &'static str,
}

/// What a finding may depend on besides the mappings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Circumstances {
    /// Whether *Scope* is *Sync all users and groups*.
    pub everybody: bool,
    /// Whether the target is Postman, which takes few attributes.
    pub postman: bool,
}

impl Circumstances {
    /// From *Scope*, the rules and the *Tenant URL*: the target is Postman when its directory is named
    /// so, or its host is Postman's.
    pub fn new(everybody: bool, rules: &SynchronizationRules, tenant_url: Option<&str>) -> Self {
        let named = |name: &str| name.eq_ignore_ascii_case("Postman");
        let host = |url: &str| {
            let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
            let host = rest
                .split(['/', ':', '?'])
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            ["getpostman.com", "postman.com"]
                .iter()
                .any(|domain| host == *domain || host.ends_with(&format!(".{domain}")))
        };
        Self {
            everybody,
            postman: rules.frame.target_directory().is_some_and(named)
                || tenant_url.is_some_and(host),
        }
    }
}

/// Everything that is to be said of a job's mappings: users first, the worst first, then in the order
/// of the mappings.
pub fn lint(rules: &SynchronizationRules, circumstances: Circumstances) -> Vec<Finding> {
    let mut found = Vec::new();
    for kind in [ObjectKind::User, ObjectKind::Group] {
        found.extend(lint_mapping(rules.of(kind), circumstances));
    }
    found
}

/// Everything that is to be said of one object mapping; nothing of one that is switched off.
pub fn lint_mapping(mapping: &ObjectMapping, circumstances: Circumstances) -> Vec<Finding> {
    if !mapping.enabled {
        return Vec::new();
    }
    let mut checked = Checked {
        mapping,
        circumstances,
        found: Vec::new(),
    };
    for check in objects::CHECKS {
        check(&mut checked);
    }
    for (index, row) in mapping.attributes.iter().enumerate() {
        for check in rows::CHECKS.iter().chain(expressions::CHECKS) {
            check(&mut checked, index, row);
        }
    }
    // Stable: what is equally bad stays in the order of the mappings.
    checked.found.sort_by_key(|finding| finding.severity);
    checked.found
}

/// A check of one row: the mapping, the index of the row, the row.
type RowCheck = fn(&mut Checked<'_>, usize, &AttributeMapping);

/// A mapping on its way through the checks.
struct Checked<'a> {
    mapping: &'a ObjectMapping,
    circumstances: Circumstances,
    found: Vec<Finding>,
}

impl Checked<'_> {
    fn note(
        &mut self,
        (code, severity, source): (&'static str, Severity, &'static str),
        mapping: Option<usize>,
        sentence: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.found.push(Finding {
            code,
            severity,
            kind: self.mapping.source_type,
            mapping,
            sentence: sentence.into(),
            remedy: remedy.into(),
            source,
        });
    }
}
