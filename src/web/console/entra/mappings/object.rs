//! *Attribute Mapping*: one object mapping with its rows, and what they give for a chosen person.

use askama::Template;

use super::super::super::Page;
use super::super::super::exchange::Code;
use super::super::super::parts::{Fact, Link, Notice, Pill, Tab};
use super::super::schema::FindingLine;
use super::{Marked, Picker};

/// What a row gives in one situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputedValue {
    /// `Create` or `Update` where they differ, else empty.
    pub when: &'static str,
    /// The values; empty when there is none.
    pub values: Vec<String>,
    /// Why there is no value, or what is to be known of it; may be empty.
    pub note: String,
    /// Whether the note is a failure.
    pub failed: bool,
}

/// One attribute mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingLine {
    /// Source attribute, expression or constant as the portal writes it, with the failing place marked.
    pub source: Marked,
    /// `Direct`, `Constant`, `Expression`, `None`.
    pub kind: &'static str,
    /// Target attribute.
    pub target: String,
    /// `Matching precedence 1`; empty when it does not match objects.
    pub matching: String,
    /// `Only during object creation`; empty for always.
    pub apply: String,
    /// Default value if null; empty when there is none.
    pub default_value: String,
    /// Address of *Edit Attribute*.
    pub edit: String,
    /// Address *Delete* posts to.
    pub delete: String,
    /// What it gives for the chosen person; empty when nobody is chosen.
    pub values: Vec<ComputedValue>,
}

/// *Enabled*, *Source Object Scope*, *Target Object Actions*.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a box of its own to tick"
)]
pub struct Switches {
    /// Address of the form.
    pub action: String,
    /// Revision of the rules that the page shows.
    pub revision: String,
    /// Whether objects of this kind are provisioned.
    pub enabled: bool,
    /// Why that cannot be switched; empty when it can.
    pub enabled_blocked: String,
    /// `All users`, or `2 scoping filters`, linked to them.
    pub scope: Link,
    /// *Create*.
    pub create: bool,
    /// *Update*.
    pub update: bool,
    /// *Delete*.
    pub delete: bool,
    /// Whether there is a box for that: what is uploaded deletes nobody.
    pub deletes: bool,
}

/// A request that would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// `If nobody is found: create`.
    pub title: String,
    /// What it is made of; may be empty.
    pub note: String,
    /// HTTP method.
    pub method: &'static str,
    /// Path below the Tenant URL.
    pub path: String,
    /// Body; empty for GET.
    pub body: Code,
}

/// What provisioning makes of the chosen person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonPreview {
    /// Display name, linked to the person.
    pub name: Link,
    /// User principal name.
    pub detail: String,
    /// *In scope* or why not.
    pub status: Pill,
    /// What the next cycle does, and why.
    pub verdict: Notice,
    /// Active, assigned, scoping filters with their clauses.
    pub why: Vec<Fact>,
    /// How it would be looked for in the target, in this order.
    pub searches: Vec<RequestView>,
    /// What would be sent, in this order.
    pub requests: Vec<RequestView>,
}

/// *Attribute Mapping* of one object mapping.
#[derive(Debug, Clone, Template)]
#[template(path = "entra/mappings/object.html")]
pub struct ObjectMappingPage {
    /// The frame; its title is the mapping's name.
    pub page: Page,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *Enabled* or *Disabled*.
    pub status: Pill,
    /// What may be switched.
    pub switches: Switches,
    /// The rows.
    pub rows: Vec<MappingLine>,
    /// What the deletion of a row leads to.
    pub effect: &'static str,
    /// Address of *Add New Mapping*.
    pub add: String,
    /// What the mappings may not do as expected.
    pub findings: Vec<FindingLine>,
    /// *Show advanced options*: the schema, the attribute list.
    pub advanced: Vec<Link>,
    /// The choice of a person.
    pub picker: Picker,
    /// What was chosen.
    pub person: Option<PersonPreview>,
    /// `person` or `group`.
    pub noun: &'static str,
    /// Object id of the chosen person, kept by forms; may be empty.
    pub chosen: String,
}

#[cfg(test)]
mod tests {
    use super::super::super::super::parts::Tone;
    use super::super::super::super::samples::{USER_JSON, long_name};
    use super::super::samples::{BASE, below, frame};
    use super::*;

    fn line(
        source: &str,
        kind: &'static str,
        target: &str,
        values: Vec<ComputedValue>,
    ) -> MappingLine {
        MappingLine {
            source: Marked::plain(source),
            kind,
            target: target.to_owned(),
            matching: String::new(),
            apply: String::new(),
            default_value: String::new(),
            edit: format!("{BASE}/users/attributes/1"),
            delete: format!("{BASE}/users/attributes/1/delete"),
            values,
        }
    }

    fn value(text: &str) -> ComputedValue {
        ComputedValue {
            when: "",
            values: vec![text.to_owned()],
            note: String::new(),
            failed: false,
        }
    }

    fn none(when: &'static str, note: &str, failed: bool) -> ComputedValue {
        ComputedValue {
            when,
            values: Vec::new(),
            note: note.to_owned(),
            failed,
        }
    }

    #[expect(clippy::too_many_lines, reason = "a table is long")]
    fn full() -> ObjectMappingPage {
        let (_, tabs) = frame();
        let mut matching = line(
            "userPrincipalName",
            "Direct",
            "userName",
            vec![value("ada@contoso.example")],
        );
        matching.matching = "Matching precedence 1".to_owned();
        let mut failed = line(
            "",
            "Expression",
            "title",
            vec![none(
                "",
                "DateAdd at column 8: the date cannot be read.",
                true,
            )],
        );
        failed.source = Marked::at("Append(DateAdd(\"d\", 1, [jobTitle]), \"x\")", 7, 7);
        let mut once = line(
            "RandomString(6, 3, 0, 0, 3)",
            "Expression",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
            vec![
                ComputedValue {
                    when: "Create",
                    ..value("x7f3k2")
                },
                none(
                    "Update",
                    "The mapping applies only during object creation.",
                    false,
                ),
            ],
        );
        once.apply = "Only during object creation".to_owned();
        once.default_value = "none".to_owned();
        let several = ComputedValue {
            values: vec!["a".to_owned(), long_name()],
            ..value("")
        };
        let request = |title: &str, method: &'static str, path: &str, body: Code| RequestView {
            title: title.to_owned(),
            note: "Compared with what was last exported.".to_owned(),
            method,
            path: path.to_owned(),
            body,
        };
        ObjectMappingPage {
            page: below("Synchronize Microsoft Entra users to Postman"),
            tabs,
            status: Pill::new(Tone::Good, "Enabled"),
            switches: Switches {
                action: format!("{BASE}/users"),
                revision: "00".to_owned(),
                enabled: true,
                enabled_blocked: "Users cannot be switched off.".to_owned(),
                scope: Link::new("All users", format!("{BASE}/users/scope")),
                create: true,
                update: true,
                delete: false,
                deletes: true,
            },
            rows: vec![
                matching,
                failed,
                once,
                line("[proxyAddresses]", "Direct", "tags", vec![several]),
            ],
            effect: "The next cycle is an initial one.",
            add: format!("{BASE}/users/attributes/new"),
            findings: vec![FindingLine {
                severity: Pill::new(Tone::Warn, "Warning"),
                what: "Users are matched by <mail>.".to_owned(),
                mend: "Fill it in.".to_owned(),
                mapping: Link::new("userName", format!("{BASE}/users")),
                source: "Postman: Configure SCIM with Microsoft Entra ID",
            }],
            advanced: vec![Link::new("Review your schema here", "/schema")],
            picker: Picker {
                action: format!("{BASE}/users"),
                query: "<ada>".to_owned(),
                hint: "Search by name or user principal name",
                found: vec![(
                    Link::new(long_name(), "?person=1"),
                    "ada@contoso.example".to_owned(),
                )],
                note: "There are more.".to_owned(),
            },
            person: Some(PersonPreview {
                name: Link::new("Ada <Lovelace>", "/entra/users/1"),
                detail: "ada@contoso.example".to_owned(),
                status: Pill::new(Tone::Good, "In scope"),
                verdict: Notice::new(
                    Tone::Info,
                    "The next cycle creates it.",
                    "If nobody is found.",
                ),
                why: vec![Fact::text("Assigned to the application", "Yes")],
                searches: vec![request(
                    "Match",
                    "GET",
                    "/Users?filter=userName+eq+%22x%22",
                    Code::json(""),
                )],
                requests: vec![request("Create", "POST", "/Users", Code::json(USER_JSON))],
            }),
            noun: "person",
            chosen: "1".to_owned(),
        }
    }

    impl ObjectMappingPage {
        pub(crate) fn samples() -> Vec<(&'static str, Self)> {
            let empty = Self {
                rows: vec![line("\"x\"", "Constant", "displayName", Vec::new())],
                findings: Vec::new(),
                person: None,
                chosen: String::new(),
                picker: Picker {
                    query: String::new(),
                    found: Vec::new(),
                    note: "The directory is empty.".to_owned(),
                    ..full().picker
                },
                switches: Switches {
                    enabled: false,
                    enabled_blocked: String::new(),
                    ..full().switches
                },
                ..full()
            };
            vec![("full", full()), ("empty", empty)]
        }
    }
}
