//! Writing an event: who did it, what it was done to, what is worth knowing besides.

use std::sync::Arc;

use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{ScimId, Seq};
use crate::model::membership::ABOUT_MAXIMUM;
use crate::model::{Actor, AuditEvent, Group, Operation, Origin, Outcome, Party, User};
use crate::store::{Write, accounts, audit as rows, groups, invites, keys, teams, users};

/// Who an event is of. Made of any proof of who is calling.
#[derive(Debug, Clone)]
pub struct By {
    actor: Actor,
    /// How it is called, where that is known without asking.
    party: Option<Party>,
    author: Option<Seq>,
    origin: Option<Arc<Origin>>,
}

impl From<Actor> for By {
    /// Without knowledge of where from.
    fn from(actor: Actor) -> Self {
        Self {
            actor,
            party: None,
            author: None,
            origin: None,
        }
    }
}

impl From<&ScimCaller> for By {
    fn from(caller: &ScimCaller) -> Self {
        Self {
            actor: caller.actor(),
            party: Some(Party::named(&*caller.key_name)),
            author: caller.author,
            origin: caller.origin.clone(),
        }
    }
}

/// Whoever may act in the console, and the command line.
macro_rules! people {
    ($($type:ty),*) => {
        $(impl From<&$type> for By {
            fn from(person: &$type) -> Self {
                Self {
                    origin: person.origin.clone(),
                    ..person.actor().into()
                }
            }
        })*
    };
}
people!(
    crate::access::Member,
    crate::access::Operator,
    crate::access::AccountHolder
);

impl<P: crate::access::Permit> From<&crate::access::May<P>> for By {
    fn from(member: &crate::access::May<P>) -> Self {
        let member: &crate::access::Member = member;
        member.into()
    }
}

/// An event about to be written.
#[derive(Debug)]
pub(in super::super) struct Entry {
    event: AuditEvent,
    known: bool,
}

impl Entry {
    /// Done by somebody, with this outcome.
    pub(in super::super) fn new(
        by: impl Into<By>,
        now: Timestamp,
        operation: Operation,
        outcome: Outcome,
    ) -> Self {
        let by = by.into();
        let known = by.party.is_some();
        Self {
            event: AuditEvent {
                at: now,
                by: by.actor,
                actor: by.party.unwrap_or_default(),
                author: by.author,
                origin: by
                    .origin
                    .map_or_else(Origin::default, |origin| (*origin).clone()),
                operation,
                target: String::new(),
                subject: Party::default(),
                about: Vec::new(),
                attributes: Vec::new(),
                variables: std::collections::BTreeMap::new(),
                outcome,
            },
            known,
        }
    }

    /// What it was done to: a wire id, a row or a name.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "callers hand over ids and names of any kind"
    )]
    pub(in super::super) fn of(mut self, target: impl ToString) -> Self {
        self.event.target = target.to_string();
        self
    }

    /// How the target is called. Without it, that is looked up when the event is written.
    pub(in super::super) fn called(mut self, subject: Party) -> Self {
        self.event.subject = subject;
        self
    }

    /// A member is the target.
    pub(in super::super) fn of_user(self, user: &User) -> Self {
        self.of(user.id).called(person(user))
    }

    /// A group is the target.
    pub(in super::super) fn of_group(self, group: &Group) -> Self {
        self.of(group.id).called(Party::named(group.display_name()))
    }

    /// Names of the attributes that changed.
    pub(in super::super) fn changed(mut self, attributes: Vec<String>) -> Self {
        self.event.attributes = attributes;
        self
    }

    /// Members it is about besides the target. Of more than [`ABOUT_MAXIMUM`] none are named: the event is found
    /// by its group then.
    pub(in super::super) fn about(mut self, users: Vec<Seq>) -> Self {
        if users.len() <= ABOUT_MAXIMUM {
            self.event.about = users;
        }
        self
    }

    /// What else is worth knowing. Never a secret, never the value of an attribute.
    pub(in super::super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.event.variables.insert(name.to_owned(), value.into());
        self
    }

    /// Appends the event to a team's record.
    ///
    /// # Errors
    /// The store's.
    pub(in super::super) fn write(mut self, tx: &Write<'_>, team: Seq) -> Result<()> {
        let event = &mut self.event;
        if !self.known {
            event.actor = match event.by {
                Actor::Account(account) => accounts::find(tx, account)?
                    .map(|account| Party::person(account.name, account.sign_in_name))
                    .unwrap_or_default(),
                Actor::Key(key) => keys::find(tx, team, key)?
                    .map(|key| Party::named(key.name))
                    .unwrap_or_default(),
                Actor::CommandLine => Party::default(),
            };
        }
        if event.subject.is_unknown() && !event.target.is_empty() {
            event.subject = subject(tx, team, event.operation, &event.target)?;
        }
        rows::append(tx, team, event)?;
        Ok(())
    }
}

/// How a member is called.
pub(super) fn person(user: &User) -> Party {
    Party::person(user.called().unwrap_or_default(), user.user_name())
}

/// How the target of an operation is called now; unknown when its id says it already.
fn subject(tx: &Write<'_>, team: Seq, operation: Operation, target: &str) -> Result<Party> {
    let row = || target.parse().ok().map(Seq);
    let found = match operation {
        Operation::KeyGenerate
        | Operation::KeyRegenerate
        | Operation::KeyRevoke
        | Operation::KeyDelete => match row() {
            Some(key) => keys::find(tx, team, key)?.map(|key| Party::named(key.name)),
            None => None,
        },
        Operation::InviteSend
        | Operation::InviteAccept
        | Operation::InviteDismiss
        | Operation::InviteRevoke
        | Operation::InviteResend => match row() {
            Some(invite) => {
                invites::find(tx, team, invite)?.map(|invite| Party::person("", invite.email))
            }
            None => None,
        },
        _ => match target.parse::<ScimId>() {
            Ok(id) => match users::find_by_id(tx, team, &id)? {
                Some(user) => Some(person(&user)),
                None => groups::find_by_id(tx, team, &id)?
                    .map(|group| Party::named(group.display_name())),
            },
            Err(_) => None,
        },
    };
    Ok(found.unwrap_or_default())
}

/// The oldest team: whose record has what is not about one team.
///
/// # Errors
/// The store's.
pub(in super::super) fn house(tx: &Write<'_>) -> Result<Option<Seq>> {
    Ok(teams::first(tx)?.map(|team| team.seq))
}
