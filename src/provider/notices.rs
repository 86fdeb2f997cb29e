//! Mails that a team's members get about what happened to them or to their team. Each is queued in the write of
//! its cause.
//!
//! Postman mails people who are added to or removed from a group (Learning Center, "User groups"). A cycle of
//! an identity provider does that to thousands at once, so here an operator turns it on (`mail::relay`), and one
//! change mails at most [`AT_ONCE`] people.

use super::shown;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::Seq;
use crate::mail::{Draft, outbox};
use crate::model::{Group, MailKind, MailLink, MemberState, ObjectKind, ObjectRef};
use crate::store::{Reads, Write, groups, mail, memberships, teams, users as rows};

/// Members who are told of one change of a group at most.
pub const AT_ONCE: usize = 100;

fn team_name(tx: &impl Reads, team: Seq) -> Result<String> {
    Ok(teams::find(tx, team)?.map_or_else(String::new, |team| team.name))
}

/// What happened to a domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DomainEvent {
    Added,
    Verified,
}

/// Tells the administrators of the team what happened to a domain.
pub(super) fn domain(
    tx: &Write<'_>,
    team: Seq,
    event: DomainEvent,
    domain: &str,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let name = team_name(tx, team)?;
    let (subject, text) = match event {
        DomainEvent::Added => (
            format!("Verify the domain {domain} for {name}"),
            format!(
                "{by} added the domain {domain} to the team {name}. Add the TXT record that the page of domains \
                 shows to your DNS, then verify the domain."
            ),
        ),
        DomainEvent::Verified => (
            format!("The domain {domain} is verified for {name}"),
            format!(
                "{by} marked the domain {domain} as verified by the team {name}. People with an address of this \
                 domain join without accepting an invite, and SCIM may take them in and change their address."
            ),
        ),
    };
    for to in administrators(tx, team)? {
        let draft = Draft::new(MailKind::Domain, to, subject.as_str())
            .say(text.as_str())
            .link(MailLink::Page {
                label: "Domains of the team".into(),
                path: "/team/authentication/domains".into(),
            });
        outbox::queue(tx, Some(team), draft, now)?;
    }
    Ok(())
}

/// Addresses of those who administer the team by a role of their own.
fn administrators(tx: &impl Reads, team: Seq) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for user in memberships::administrators(tx, team)? {
        found.extend(rows::find(tx, team, user)?.map(|user| user.user_name().to_owned()));
    }
    Ok(found)
}

/// Tells members that they were added to or removed from a group, if the operator wants such mails. `changed` are the
/// members of before and after the change that differ; only people are told, and only active ones.
///
/// # Errors
/// The store's.
pub fn members_changed(
    tx: &Write<'_>,
    team: Seq,
    group: &Group,
    changed: &[ObjectRef],
    now: Timestamp,
) -> Result<()> {
    if changed.is_empty() || !mail::settings(tx)?.group_mails {
        return Ok(());
    }
    let (name, called) = (team_name(tx, team)?, shown(group.display_name()));
    let people = changed.iter().filter(|m| m.kind == ObjectKind::User);
    for member in people.take(AT_ONCE) {
        let found = rows::find(tx, team, member.seq)?;
        let Some(user) = found.filter(|user| user.state() == MemberState::Active) else {
            continue;
        };
        let (kind, what) = if groups::groups_of(tx, team, *member)?.contains(&group.seq) {
            (MailKind::GroupJoined, "added to")
        } else {
            (MailKind::GroupLeft, "removed from")
        };
        let to = user.user_name();
        let draft = Draft::new(kind, to, format!("You were {what} the group {called}")).say(format!(
            "You were {what} the group {called} of the team {name}. What you may do in the team follows from your \
             own roles and from those of your groups."
        ));
        outbox::queue(tx, Some(team), draft, now)?;
    }
    Ok(())
}
