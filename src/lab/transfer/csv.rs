//! CSV (RFC 4180), as spreadsheets and the portal's bulk operations have it.
//!
//! Names come from people, and a spreadsheet runs what begins like a formula: such a cell is written with an apostrophe
//! in front, as the OWASP page on CSV injection asks, and read without it.

use std::fmt::Write as _;

use serde_json::Value;

use super::{File, Records, flag};
use crate::directory::graph::{self, Shape, is_not_kept, user_type};
use crate::directory::import::{GroupRecord, Mistake, Place, Reference, UserRecord};
use crate::directory::{AttributeChange, is_extension};
use crate::id::Guid;
use crate::model::{DirectoryUser, ObjectKind};

type Result<T> = std::result::Result<T, Mistake>;

/// What begins a formula in one spreadsheet or another, full-width signs included.
const FORMULA: [char; 10] = [
    '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
];

/// Whether a spreadsheet may take a cell for a formula.
pub fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(['\n', ' ']).starts_with(FORMULA)
}

/// Whether a cell is written with an apostrophe in front: also one that would be taken for a formula with its own.
fn takes_guard(cell: &str) -> bool {
    is_formula(cell.trim_start_matches('\''))
}

/// Appends a row, every cell quoted.
pub fn row<S: AsRef<str>>(to: &mut String, cells: &[S]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            to.push(',');
        }
        let cell = cell.as_ref();
        let guard = if takes_guard(cell) { "'" } else { "" };
        // Writing to a String cannot fail.
        let _ = write!(to, "\"{guard}{}\"", cell.replace('"', "\"\""));
    }
    to.push_str("\r\n");
}

/// Columns of users that are no plain attributes, before those.
const USER_COLUMNS: [&str; 4] = ["id", "accountEnabled", "userType", "manager"];
/// Columns of groups that are no plain attributes, before and after those.
const GROUP_COLUMNS: [&str; 4] = ["id", "membershipType", "membershipRule", "members"];

/// Headings of an export: what is said of every object, its attributes, the tenant's extensions.
pub fn headings(kind: ObjectKind, extensions: &[String]) -> Vec<String> {
    let own = match kind {
        ObjectKind::User => USER_COLUMNS,
        ObjectKind::Group => GROUP_COLUMNS,
    };
    own.into_iter()
        .chain(graph::names(kind).iter().map(|name| name.attribute))
        .map(str::to_owned)
        .chain(extensions.iter().cloned())
        .collect()
}

/// The cells of a user below [`headings`]. Several values are joined by `;`.
pub fn user_cells(user: &DirectoryUser, manager: &str, extensions: &[String]) -> Vec<String> {
    let shown = |name: &str| match user.attributes.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(values)) => {
            let texts: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
            texts.join(";")
        }
        _ => String::new(),
    };
    let mut cells = vec![
        user.id.to_string(),
        user.account_enabled.to_string(),
        if user.guest { "Guest" } else { "Member" }.to_owned(),
        manager.to_owned(),
    ];
    for name in graph::names(ObjectKind::User) {
        cells.push(match name.attribute {
            "userPrincipalName" => user.user_principal_name.clone(),
            attribute => shown(attribute),
        });
    }
    cells.extend(extensions.iter().map(|name| shown(name)));
    cells
}

/// Most columns of a file.
const COLUMNS: usize = 500;

/// What a column is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Id,
    Attribute {
        name: String,
        several: bool,
    },
    /// True when *Yes* means that sign-in is blocked, as in the portal's template.
    AccountEnabled {
        inverted: bool,
    },
    UserType,
    Manager,
    MembershipType,
    MembershipRule,
    Members,
    Ignored,
}

fn column(kind: ObjectKind, heading: &str, at: Place) -> Result<Column> {
    // "Label [name] Required", as in the portal's template.
    let (label, name) = match heading.split_once('[').and_then(|(label, rest)| {
        let (name, _) = rest.split_once(']')?;
        Some((label.trim(), name.trim()))
    }) {
        Some((label, name)) => (label, name),
        None => ("", heading.trim()),
    };
    let known = graph::names(kind).iter().find(|known| {
        known.attribute.eq_ignore_ascii_case(name) || known.graph.eq_ignore_ascii_case(name)
    });
    if let Some(known) = known {
        return Ok(Column::Attribute {
            name: known.attribute.to_owned(),
            several: known.shape == Shape::List,
        });
    }
    if is_extension(name) {
        return Ok(Column::Attribute {
            name: name.to_owned(),
            several: false,
        });
    }
    let found = match (name.to_lowercase().as_str(), kind) {
        ("id" | "objectid", _) => Column::Id,
        ("accountenabled", ObjectKind::User) => Column::AccountEnabled {
            inverted: label.to_lowercase().starts_with("block"),
        },
        ("usertype", ObjectKind::User) => Column::UserType,
        ("manager", ObjectKind::User) => Column::Manager,
        ("membershiptype", ObjectKind::Group) => Column::MembershipType,
        ("membershiprule", ObjectKind::Group) => Column::MembershipRule,
        ("members", ObjectKind::Group) => Column::Members,
        _ if is_not_kept(name) => Column::Ignored,
        _ => {
            let what = kind.name().to_lowercase();
            return Err(Mistake::new(
                at,
                format!(
                    "{name:?} is not a column of a file of {what}s; take it out, or define the extension"
                ),
            ));
        }
    };
    Ok(found)
}

/// Reads a file with a heading line.
pub(super) fn read(kind: ObjectKind, text: &str) -> Result<File> {
    // The line before the headings of the portal's template.
    let (skipped, rest) = match text.split_once('\n') {
        Some((first, rest)) if first.trim_start().starts_with("version:") => (1, rest),
        _ => (0, text),
    };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(rest.as_bytes());
    let mut lines = Lines::new(rest, skipped);
    let mut columns: Vec<Column> = Vec::new();
    let mut ignored = Vec::new();
    let mut users = Vec::new();
    let mut groups = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| {
            let at = error.position().map_or(0, csv::Position::byte);
            Mistake::new(cell(lines.at(at), 0), format!("not CSV: {error}"))
        })?;
        let line = lines.at(row.position().map_or(0, csv::Position::byte));
        if columns.is_empty() {
            if row.len() > COLUMNS {
                let message = format!("{} columns, at most {COLUMNS} are read", row.len());
                return Err(Mistake::new(cell(line, COLUMNS), message));
            }
            for (number, heading) in row.iter().enumerate() {
                let found = column(kind, heading, cell(line, number))?;
                if found == Column::Ignored {
                    ignored.push(heading.trim().to_owned());
                } else if columns.contains(&found) {
                    let message = format!("{heading:?} stands here a second time");
                    return Err(Mistake::new(cell(line, number), message));
                }
                columns.push(found);
            }
            continue;
        }
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if row.len() > columns.len() {
            let message = "this line has more cells than there are headings";
            return Err(Mistake::new(cell(line, columns.len()), message));
        }
        let mut reading = Reading::at(line);
        for (number, (column, text)) in columns.iter().zip(row.iter()).enumerate() {
            reading.cell(kind, column, unguarded(text.trim()), cell(line, number))?;
        }
        match kind {
            ObjectKind::User => users.push(reading.user()),
            ObjectKind::Group => groups.push(reading.group()?),
        }
    }
    if columns.is_empty() {
        return Err(Mistake::new(
            cell(1, 0),
            "the file is empty; begin with a line of headings",
        ));
    }
    Ok(File {
        records: match kind {
            ObjectKind::User => Records::Users(users),
            ObjectKind::Group => Records::Groups(groups),
        },
        ignored,
    })
}

fn cell(line: usize, number: usize) -> Place {
    Place {
        line,
        column: number + 1,
    }
}

/// Lines by offsets that grow. The reader's own count is late where lines end with two characters.
struct Lines<'a> {
    bytes: &'a [u8],
    seen: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    /// Of a text with so many lines before it.
    fn new(text: &'a str, before: usize) -> Self {
        Self {
            bytes: text.as_bytes(),
            seen: 0,
            line: before + 1,
        }
    }

    /// The line of what begins at an offset, or behind the line ends that stand there.
    fn at(&mut self, offset: u64) -> usize {
        let mut end = usize::try_from(offset).unwrap_or(usize::MAX);
        while matches!(self.bytes.get(end), Some(b'\r' | b'\n')) {
            end += 1;
        }
        let passed = self.bytes.get(self.seen..end).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').count() - 1;
        self.seen = self.seen.max(end);
        self.line
    }
}

/// Without the apostrophe that keeps a spreadsheet from running the cell.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if takes_guard(rest) => rest,
        _ => cell,
    }
}

/// A line as far as it was read.
struct Reading {
    at: Place,
    id: Option<Guid>,
    changes: Vec<(Place, AttributeChange)>,
    account_enabled: Option<bool>,
    guest: Option<bool>,
    manager: Option<(Place, Option<Reference>)>,
    dynamic: Option<(Place, bool)>,
    rule: Option<(Place, String)>,
    members: Vec<(Place, Reference)>,
}

impl Reading {
    fn at(line: usize) -> Self {
        Self {
            at: cell(line, 0),
            id: None,
            changes: Vec::new(),
            account_enabled: None,
            guest: None,
            manager: None,
            dynamic: None,
            rule: None,
            members: Vec::new(),
        }
    }

    fn cell(&mut self, kind: ObjectKind, column: &Column, text: &str, at: Place) -> Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let wrong = |what: &str| Mistake::new(at, format!("expected {what}, found {text:?}"));
        match column {
            Column::Ignored => {}
            Column::Id => self.id = Some(text.parse().map_err(|_| wrong("an object id"))?),
            Column::Attribute { name, several } => {
                let lines = if *several {
                    text.replace(';', "\n")
                } else {
                    text.to_owned()
                };
                let change = AttributeChange::of_text(kind, name, &lines)
                    .map_err(|error| Mistake::new(at, error.to_string()))?;
                self.changes.push((at, change));
            }
            Column::AccountEnabled { inverted } => {
                let flag = flag(text).ok_or_else(|| wrong("true or false, or yes or no"))?;
                self.account_enabled = Some(flag != *inverted);
            }
            Column::UserType => {
                self.guest = Some(user_type(text).ok_or_else(|| wrong("Member or Guest"))?);
            }
            Column::Manager => self.manager = Some((at, Some(Reference::of(text)))),
            Column::MembershipType => {
                let dynamic = match text.to_lowercase().as_str() {
                    "assigned" => false,
                    "dynamic" | "dynamic user" | "dynamicuser" => true,
                    _ => return Err(wrong("Assigned or Dynamic")),
                };
                self.dynamic = Some((at, dynamic));
            }
            Column::MembershipRule => self.rule = Some((at, text.to_owned())),
            Column::Members => {
                let names = text
                    .split(';')
                    .map(str::trim)
                    .filter(|name| !name.is_empty());
                self.members
                    .extend(names.map(|name| (at, Reference::of(name))));
            }
        }
        Ok(())
    }

    fn user(self) -> UserRecord {
        UserRecord {
            at: self.at,
            id: self.id,
            changes: self.changes,
            account_enabled: self.account_enabled,
            guest: self.guest,
            manager: self.manager,
        }
    }

    fn group(self) -> Result<GroupRecord> {
        let rule = match (self.dynamic, self.rule) {
            (Some((at, true)), None) => {
                return Err(Mistake::new(at, "a dynamic group needs a membershipRule"));
            }
            (Some((_, false)), Some((at, _))) => {
                return Err(Mistake::new(at, "an assigned group has no membershipRule"));
            }
            (_, Some((at, rule))) => Some((at, Some(rule))),
            (Some((at, false)), None) => Some((at, None)),
            (None, None) => None,
        };
        Ok(GroupRecord {
            at: self.at,
            id: self.id,
            changes: self.changes,
            rule,
            members: self.members,
        })
    }
}
