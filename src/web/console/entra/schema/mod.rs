//! *Review your schema here*: the schema of a job to download, to replace and to restore, with what is to be
//! said of its mappings; and the target's attribute list.

pub mod attribute_list;

use askama::Template;

use super::super::Page;
use super::super::parts::{Fact, Link, Pill, Tab};

/// Something to look at in the mappings. Drawn by the macro `findings` of `entra/schema/findings.html`, which
/// other pages of mappings may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingLine {
    /// *Error*, *Warning*, *Notice*.
    pub severity: Pill,
    /// What will happen.
    pub what: String,
    /// What to do.
    pub mend: String,
    /// The mapping it is about, linked to its page.
    pub mapping: Link,
    /// Who says so.
    pub source: &'static str,
}

/// A place of an uploaded file and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathProblem {
    /// `synchronizationRules[0].objectMappings[1].name`.
    pub path: String,
    /// What is wrong and what to do.
    pub reason: String,
}

/// *Review your schema here*.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/schema/page.html")]
pub struct SchemaPage {
    /// The frame; its title is *Schema*.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// Id, version, target directory, made from.
    pub facts: Vec<Fact>,
    /// What the vendor says of the default mappings.
    pub notes: Vec<String>,
    /// Address of the download.
    pub download: String,
    /// Address the file is posted to.
    pub action: String,
    /// Version of the schema that the page shows.
    pub revision: String,
    /// Pasted text that was refused, shown again.
    pub pasted: String,
    /// Why the file was refused, one sentence; empty when it was not.
    pub refused: String,
    /// The places that are wrong.
    pub problems: Vec<PathProblem>,
    /// Address of the page that asks before the default mappings are restored.
    pub restore: String,
    /// *Edit attribute list*, for users and for groups.
    pub lists: Vec<Link>,
    /// What is to be said of the mappings.
    pub findings: Vec<FindingLine>,
}

#[cfg(test)]
impl SchemaPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::super::parts::Tone;
        use super::super::samples::long_name;
        use super::mappings::samples::{BASE, below, frame};
        let (_, tabs) = frame();
        let finding = |tone, word: &str, mapping: Link| FindingLine {
            severity: Pill::new(tone, word),
            what: "Users are matched by mail only.".to_owned(),
            mend: "Fill in <mail> for everybody in scope.".to_owned(),
            mapping,
            source: "Postman: Configure SCIM with Microsoft Entra ID",
        };
        let plain = Self {
            page: below("Schema"),
            tabs,
            facts: vec![
                Fact::code("Schema ID", "scim.0123.4567"),
                Fact::text("Version", "Date:2026-04-06T21:45:54.216Z, Increment:1"),
            ],
            notes: vec!["Group mappings are optional.".to_owned()],
            download: format!("{BASE}/../schema/download"),
            action: format!("{BASE}/../schema"),
            revision: "1".to_owned(),
            pasted: String::new(),
            refused: String::new(),
            problems: Vec::new(),
            restore: format!("{BASE}/../schema/restore"),
            lists: vec![Link::new(
                "Edit attribute list for customappsso: users",
                format!("{BASE}/users/attribute-list"),
            )],
            findings: Vec::new(),
        };
        let refused = Self {
            pasted: "{\"<script>\": 1}".to_owned(),
            refused: "The file has 2 problems. Nothing was changed.".to_owned(),
            problems: vec![
                PathProblem {
                    path: "synchronizationRules[0].objectMappings[0].attributeMappings[12].source.expression"
                        .to_owned(),
                    reason: "at column 3, near '<b>': the constant is never closed".to_owned(),
                },
                PathProblem {
                    path: "$".to_owned(),
                    reason: long_name(),
                },
            ],
            findings: vec![
                finding(Tone::Bad, "Error", Link::new("active", format!("{BASE}/users"))),
                finding(Tone::Warn, "Warning", Link::new(long_name(), format!("{BASE}/users"))),
                finding(Tone::Info, "Notice", Link::plain("Users")),
            ],
            ..plain.clone()
        };
        vec![("plain", plain), ("refused", refused)]
    }
}
