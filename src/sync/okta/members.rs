//! Who is a member of a pushed group at the target: who should be, who is as far as was told, and what differs (parts
//! 1.11.1 and 1.11.4 of the Okta reference).

use std::collections::HashMap;

use super::wire::Member;
use crate::directory::okta::events;
use crate::error::Result;
use crate::id::Seq;
use crate::model::okta::EventTarget;
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, groups, push, users};

/// Members that are read at once.
const PAGE: usize = 1_000;
/// Most people whom an event names.
const NAMED: usize = 20;

/// Members of a group, as far as a push is concerned.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// Who should be a member at the target: assigned to the app, and provisioned.
    pub(super) wanted: Vec<(Seq, Member)>,
    /// Who is, as far as the target was told, by which `id`.
    pub(super) told: Vec<(Seq, String)>,
    /// The others, as events name them; the first of them only.
    pub(super) left_out: Vec<EventTarget>,
}

/// What differs.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Delta<'a> {
    /// Who went, by which `id`.
    pub(super) removed: Vec<(Seq, &'a str)>,
    pub(super) added: Vec<(Seq, &'a Member)>,
}

impl Members {
    /// Reads them.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn read(tx: &impl Reads, key: AppKey, mapping: Seq, group: Seq) -> Result<Self> {
        let mut members = Self {
            told: push::told(tx, key, mapping, Seq(0), usize::MAX)?,
            ..Self::default()
        };
        let mut after = Seq(0);
        loop {
            let page = groups::members(tx, key.org, group, after, PAGE)?;
            let Some(last) = page.last() else {
                return Ok(members);
            };
            after = *last;
            for user in page {
                members.sort(tx, key, user)?;
            }
        }
    }

    /// Puts a member of the Okta group where it belongs.
    fn sort(&mut self, tx: &impl Reads, key: AppKey, user: Seq) -> Result<()> {
        let assigned = app_users::find(tx, key, user)?;
        let account = assigned
            .and_then(|assigned| Some((assigned.account()?.to_owned(), assigned.user_name)));
        if let Some((id, display)) = account {
            self.wanted.push((user, Member { id, display }));
        } else if self.left_out.len() < NAMED
            && let Some(person) = users::find(tx, key.org, user)?
        {
            self.left_out.push(events::user(tx.mix(), key.org, &person));
        }
        Ok(())
    }

    /// The complete list.
    pub(super) fn all(&self) -> Vec<Member> {
        self.wanted.iter().map(|(_, m)| m.clone()).collect()
    }

    /// Who went and who came since the target was told. Somebody whose account is another now does both.
    pub(super) fn delta(&self) -> Delta<'_> {
        let told: HashMap<Seq, &str> = self.told.iter().map(|(u, id)| (*u, id.as_str())).collect();
        let wanted: HashMap<Seq, &str> = self
            .wanted
            .iter()
            .map(|(u, m)| (*u, m.id.as_str()))
            .collect();
        let removed = self.told.iter();
        let added = self.wanted.iter();
        Delta {
            removed: removed
                .filter(|(user, id)| wanted.get(user) != Some(&id.as_str()))
                .map(|(user, id)| (*user, id.as_str()))
                .collect(),
            added: added
                .filter(|(user, member)| told.get(user) != Some(&member.id.as_str()))
                .map(|(user, member)| (*user, member))
                .collect(),
        }
    }
}

impl<'a> Delta<'a> {
    pub(super) const fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty()
    }

    /// Parts of at most `size` changes, removals first.
    pub(super) fn chunks(&self, size: usize) -> Vec<Delta<'a>> {
        let size = size.max(1);
        let mut chunks: Vec<Delta<'a>> = Vec::new();
        for removed in self.removed.chunks(size) {
            let removed = removed.to_vec();
            chunks.push(Delta {
                removed,
                added: Vec::new(),
            });
        }
        let mut rest = self.added.as_slice();
        if let Some(last) = chunks.last_mut() {
            let room = (size - last.removed.len()).min(rest.len());
            last.added = rest[..room].to_vec();
            rest = &rest[room..];
        }
        for added in rest.chunks(size) {
            let added = added.to_vec();
            chunks.push(Delta {
                removed: Vec::new(),
                added,
            });
        }
        chunks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(wanted: &[(u64, &str)], told: &[(u64, &str)]) -> Members {
        let member = |id: &str| Member {
            id: id.to_owned(),
            display: format!("{id}@x.test"),
        };
        Members {
            wanted: wanted.iter().map(|(u, id)| (Seq(*u), member(id))).collect(),
            told: told
                .iter()
                .map(|(u, id)| (Seq(*u), (*id).to_owned()))
                .collect(),
            left_out: Vec::new(),
        }
    }

    /// 1.11.4: the list of changes is split, removals before additions.
    #[test]
    fn changes_are_told_in_parts_removals_first() {
        let wanted: Vec<(u64, String)> = (1..=7).map(|n| (n, format!("N{n}"))).collect();
        let wanted: Vec<(u64, &str)> = wanted.iter().map(|(n, id)| (*n, id.as_str())).collect();
        let told = [(1, "N1"), (2, "old"), (8, "O8"), (9, "O9")];
        let all = members(&wanted, &told);
        let delta = all.delta();
        let removed: Vec<&str> = delta.removed.iter().map(|(_, id)| *id).collect();
        assert_eq!(removed, ["old", "O8", "O9"]);
        assert_eq!(delta.added.len(), 6, "2 has another account now");
        for (size, parts) in [
            (100, vec![(3, 6)]),
            (9, vec![(3, 6)]),
            (4, vec![(3, 1), (0, 4), (0, 1)]),
            (2, vec![(2, 0), (1, 1), (0, 2), (0, 2), (0, 1)]),
            (
                0,
                vec![
                    (1, 0),
                    (1, 0),
                    (1, 0),
                    (0, 1),
                    (0, 1),
                    (0, 1),
                    (0, 1),
                    (0, 1),
                    (0, 1),
                ],
            ),
        ] {
            let chunks = delta.chunks(size);
            let sizes: Vec<_> = chunks
                .iter()
                .map(|c| (c.removed.len(), c.added.len()))
                .collect();
            assert_eq!(sizes, parts, "{size}");
        }
        assert!(members(&[(1, "A")], &[(1, "A")]).delta().is_empty());
        assert!(members(&[], &[]).delta().chunks(100).is_empty());
    }
}
