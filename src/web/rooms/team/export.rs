//! The export of members as CSV: who is on the team, what they may do, when they were last seen.
//!
//! Names are people's own words, and a spreadsheet runs what begins like a formula: such cells begin with an
//! apostrophe.

use csv::{Terminator, WriterBuilder};

use crate::access::{May, permission};
use crate::error::{Error, Result};
use crate::lab::transfer::is_formula;
use crate::model::{MemberState, ObjectRef, User};
use crate::provider::roster::{self, Origins, Search};
use crate::store::Reads;

const HEADINGS: [&str; 12] = [
    "User name",
    "Name",
    "State",
    "Roles",
    "Roles through groups",
    "Groups",
    "External id",
    "Id",
    "Created",
    "Last changed",
    "Last SCIM change",
    "Last sign-in",
];

/// Everybody the search finds, in creation order. Times are RFC 3339 in UTC; lists are joined by `; `.
///
/// # Errors
/// The store's.
pub(super) fn csv(
    tx: &impl Reads,
    by: &May<permission::RemoveUsers>,
    search: &Search,
) -> Result<Vec<u8>> {
    let mut writer = WriterBuilder::new()
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let mut origins = Origins::default();
    let mut outcome = write(&mut writer, &HEADINGS.map(str::to_owned));
    roster::each(tx, by, search, &mut |user| {
        if outcome.is_ok() {
            outcome =
                line(tx, by, &mut origins, &user).and_then(|cells| write(&mut writer, &cells));
        }
    })?;
    outcome?;
    writer.into_inner().map_err(|_| broken())
}

fn write(writer: &mut csv::Writer<Vec<u8>>, cells: &[String]) -> Result<()> {
    writer.write_record(cells).map_err(|_| broken())
}

/// Writing to memory has no way to fail; the type does not say so.
fn broken() -> Error {
    Error::Store(crate::store::Error::Panicked)
}

fn line(
    tx: &impl Reads,
    by: &May<permission::RemoveUsers>,
    origins: &mut Origins,
    user: &User,
) -> Result<Vec<String>> {
    let groups = origins.of(tx, by, ObjectRef::user(user.seq))?;
    let roles = |roles: &std::collections::BTreeSet<crate::model::Role>| {
        let labels: Vec<_> = roles.iter().map(|role| role.label()).collect();
        labels.join("; ")
    };
    let through = groups.iter().flat_map(|group| group.roles.iter().copied());
    let names: Vec<_> = groups.iter().map(|group| group.name.as_str()).collect();
    let state = match user.state() {
        MemberState::Active => "Active",
        MemberState::Invited => "Invited",
        MemberState::Deactivated => "Deactivated",
    };
    Ok(vec![
        harmless(user.user_name()),
        harmless(&user.called().unwrap_or_default()),
        state.to_owned(),
        roles(&user.roles),
        roles(&through.collect()),
        harmless(&names.join("; ")),
        harmless(user.external_id().unwrap_or_default()),
        user.id.to_string(),
        user.meta.created.to_string(),
        user.meta.last_modified.to_string(),
        user.written_by_scim
            .map_or_else(String::new, |at| at.to_string()),
        match by.may() {
            Ok(by) => {
                roster::last_sign_in(tx, &by, user)?.map_or_else(String::new, |at| at.to_string())
            }
            Err(_) => String::new(),
        },
    ])
}

/// Text that no spreadsheet takes for a formula.
fn harmless(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_like_a_formula_is_text() {
        for (given, written) in [
            ("Ada", "Ada"),
            ("", ""),
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("a=1", "a=1"),
        ] {
            assert_eq!(harmless(given), written);
        }
    }
}
