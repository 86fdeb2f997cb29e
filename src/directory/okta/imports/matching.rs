//! Whom an imported user matches (part 2.3 of the Okta reference). Case matters.
//!
//! Looking through a whole org for each of 100,000 accounts would never end; an index of hashes, 16 bytes for each
//! person and kind of match, is made once for an import and each hit looked at again in the rows.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use super::super::refusal::Result;
use super::evaluation::Person;
use crate::id::Seq;
use crate::model::okta::{ExactMatch, OktaUser, ToOkta, UserStatus};
use crate::store::Reads;
use crate::store::okta::{AppKey, app_users, users};

/// People of an org by what decides a match.
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    exact: Vec<(u64, Seq)>,
    partial: Vec<(u64, Seq)>,
}

/// What an imported user is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Everything that was chosen is equal.
    Exact(Seq),
    /// First and last name are equal, and neither username nor email.
    Partial(Seq),
    /// Nobody matches.
    Nobody,
}

fn hashed(parts: &[&str]) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// What must be equal for an exact match, of whoever has such attributes; `None` where one is missing.
fn exact_parts<'a>(
    exact: &'a ExactMatch,
    text: impl Fn(&'a str) -> Option<&'a str>,
) -> Option<Vec<&'a str>> {
    if !exact.attributes.is_empty() {
        return exact.attributes.iter().map(|name| text(name)).collect();
    }
    let chosen = [(exact.username, "login"), (exact.email, "email")];
    chosen
        .into_iter()
        .filter(|(chosen, _)| *chosen)
        .map(|(_, name)| text(name))
        .collect()
}

fn text_of<'a>(user: &'a OktaUser, name: &str) -> Option<&'a str> {
    user.text(name).filter(|text| !text.is_empty())
}

impl Matcher {
    /// Reads everybody of an org.
    ///
    /// # Errors
    /// The store's.
    pub fn new(tx: &impl Reads, org: Seq, rules: &ToOkta) -> Result<Self> {
        let mut matcher = Self::default();
        users::walk::<crate::store::Error>(tx, org, Seq(0), |user| {
            matcher.push(&user, rules);
            Ok(ControlFlow::Continue(()))
        })?;
        matcher.exact.sort_unstable();
        matcher.partial.sort_unstable();
        Ok(matcher)
    }

    fn push(&mut self, user: &OktaUser, rules: &ToOkta) {
        if let Some(parts) = exact_parts(&rules.exact, |name| text_of(user, name)) {
            self.exact.push((hashed(&parts), user.seq));
        }
        if let Some((first, last)) = text_of(user, "firstName").zip(text_of(user, "lastName")) {
            self.partial.push((hashed(&[first, last]), user.seq));
        }
    }

    /// Adds people who were made meanwhile.
    pub fn add<'a>(&mut self, made: impl IntoIterator<Item = &'a OktaUser>, rules: &ToOkta) {
        for user in made {
            self.push(user, rules);
        }
        self.exact.sort_unstable();
        self.partial.sort_unstable();
    }

    /// Whom somebody matches who would be this person: the oldest who has no other account of the app. Deactivated
    /// people match only where `deactivated` says so.
    ///
    /// # Errors
    /// The store's.
    pub fn find(
        &self,
        tx: &impl Reads,
        key: AppKey,
        rules: &ToOkta,
        person: &Person,
        deactivated: bool,
    ) -> Result<Match> {
        if let Some(wanted) = exact_parts(&rules.exact, |name| person.text(name)) {
            for seq in behind(&self.exact, hashed(&wanted)) {
                let Some(user) = free(tx, key, seq, deactivated)? else {
                    continue;
                };
                let parts = exact_parts(&rules.exact, |name| text_of(&user, name));
                if parts.as_ref() == Some(&wanted) {
                    return Ok(Match::Exact(seq));
                }
            }
        }
        let names = person.text("firstName").zip(person.text("lastName"));
        if let Some((first, last)) = names.filter(|_| rules.allow_partial) {
            for seq in behind(&self.partial, hashed(&[first, last])) {
                let Some(user) = free(tx, key, seq, false)? else {
                    continue;
                };
                let same = |name: &str| {
                    let theirs = text_of(&user, name);
                    theirs.is_some() && theirs == person.text(name)
                };
                if same("firstName") && same("lastName") && !same("login") && !same("email") {
                    return Ok(Match::Partial(seq));
                }
            }
        }
        Ok(Match::Nobody)
    }
}

fn behind(index: &[(u64, Seq)], hash: u64) -> impl Iterator<Item = Seq> {
    let from = index.partition_point(|(other, _)| *other < hash);
    let rest = index.iter().skip(from);
    rest.take_while(move |(other, _)| *other == hash)
        .map(|(_, seq)| *seq)
}

/// Somebody who may get an account of the app.
fn free(tx: &impl Reads, key: AppKey, user: Seq, deactivated: bool) -> Result<Option<OktaUser>> {
    let Some(found) = users::find(tx, key.org, user)? else {
        return Ok(None);
    };
    if found.status == UserStatus::Deprovisioned && !deactivated {
        return Ok(None);
    }
    let assigned = app_users::find(tx, key, user)?;
    let taken = assigned.is_some_and(|assigned| assigned.external_id.is_some());
    Ok((!taken).then_some(found))
}
