//! Lists for the console: people and groups by how their names begin, a page at a time.
//!
//! Without a condition, what lies before the page is not read. With one every row is looked at, and only the row
//! numbers of those that fit are kept.

use std::ops::ControlFlow;

use crate::access::OrgAdministrator;
use crate::directory::search::Page;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{GroupType, OktaGroup, OktaUser, UserStatus};
use crate::store::Reads;
use crate::store::okta::{groups as group_rows, users as user_rows};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Rows to leave out at the start.
    pub skip: u64,
    /// Longest page.
    pub limit: usize,
    /// Whether the newest row comes first.
    pub newest_first: bool,
}

impl Part {
    /// The same rows in creation order, of so many.
    fn in_creation_order(self, total: usize) -> (usize, usize) {
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX).min(total);
        let limit = self.limit.min(total - skip);
        if self.newest_first {
            (total - skip - limit, limit)
        } else {
            (skip, limit)
        }
    }

    fn turned<T>(self, mut items: Vec<T>, total: usize) -> Page<T> {
        if self.newest_first {
            items.reverse();
        }
        Page {
            items,
            total: total as u64,
        }
    }

    fn of_these<T>(self, fit: &[Seq], read: impl Fn(Seq) -> Result<Option<T>>) -> Result<Page<T>> {
        let (skip, limit) = self.in_creation_order(fit.len());
        let mut items = Vec::new();
        for row in fit.iter().skip(skip).take(limit) {
            items.extend(read(*row)?);
        }
        Ok(self.turned(items, fit.len()))
    }
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Whether a name, or a word of it, begins with what is looked for; `needle` is in lower case.
fn begins(name: &str, needle: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(needle) || name.split_whitespace().any(|word| word.starts_with(needle))
}

/// Whether the username, the email or the name of somebody begins like this; `needle` is in lower case.
fn is_meant(user: &OktaUser, needle: &str) -> bool {
    let text = |name| user.text(name).unwrap_or_default();
    needle.is_empty()
        || [user.login(), text("email"), text("displayName")]
            .into_iter()
            .any(|name| begins(name, needle))
        || begins(&user.display_name(), needle)
}

/// People whose username, email or name begins like `text`, in any case, and whose status is this.
///
/// # Errors
/// The store's.
pub fn people(
    tx: &impl Reads,
    administrator: &OrgAdministrator,
    text: &str,
    status: Option<UserStatus>,
    part: Part,
) -> Result<Page<OktaUser>> {
    let (org, needle) = (administrator.org, text.trim().to_lowercase());
    if needle.is_empty() && status.is_none() {
        let total = whole(user_rows::count(tx, org)?);
        let (skip, limit) = part.in_creation_order(total);
        return Ok(part.turned(user_rows::page_at(tx, org, skip, limit)?, total));
    }
    let mut fit = Vec::new();
    user_rows::walk::<Error>(tx, org, Seq(0), |user| {
        if status.is_none_or(|status| user.status == status) && is_meant(&user, &needle) {
            fit.push(user.seq);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    part.of_these(&fit, |row| Ok(user_rows::find(tx, org, row)?))
}

/// Groups whose name begins like `text`, in any case, and whose type is this.
///
/// # Errors
/// The store's.
pub fn groups(
    tx: &impl Reads,
    administrator: &OrgAdministrator,
    text: &str,
    kind: Option<GroupType>,
    part: Part,
) -> Result<Page<OktaGroup>> {
    let (org, needle) = (administrator.org, text.trim().to_lowercase());
    if needle.is_empty() && kind.is_none() {
        let total = whole(group_rows::count(tx, org)?);
        let (skip, limit) = part.in_creation_order(total);
        return Ok(part.turned(group_rows::page_at(tx, org, skip, limit)?, total));
    }
    let mut fit = Vec::new();
    group_rows::walk::<Error>(tx, org, |group| {
        if kind.is_none_or(|kind| group.kind == kind) && begins(&group.name, &needle) {
            fit.push(group.seq);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    part.of_these(&fit, |row| Ok(group_rows::find(tx, org, row)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_from_the_newest_is_the_same_page_from_the_other_end() {
        let part = |skip, newest_first| Part {
            skip,
            limit: 25,
            newest_first,
        };
        for (total, skip, newest_first, expected) in [
            (60, 0, false, (0, 25)),
            (60, 50, false, (50, 10)),
            (60, 0, true, (35, 25)),
            (60, 50, true, (0, 10)),
            (60, 75, true, (0, 0)),
            (60, u64::MAX, false, (60, 0)),
            (0, 0, true, (0, 0)),
        ] {
            let found = part(skip, newest_first).in_creation_order(total);
            assert_eq!(found, expected, "{total} {skip} {newest_first}");
        }
    }

    #[test]
    fn a_name_is_found_by_how_any_word_of_it_begins() {
        for (name, needle, found) in [
            ("Ann Marie Doe", "ann m", true),
            ("Ann Marie Doe", "doe", true),
            ("Ann Marie Doe", "ie", false),
            ("ann@x.example", "ANN", false),
            ("\u{c5}se", "\u{e5}s", true),
        ] {
            assert_eq!(begins(name, needle), found, "{name} {needle}");
        }
    }
}
