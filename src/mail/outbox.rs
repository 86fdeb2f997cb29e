//! The outbox: written by whatever causes a mail, read by operators.
//!
//! It keeps the last [`KEPT`] mails. When one more comes the oldest goes, also one that still waits for a relay:
//! an outbox that nobody empties must not fill the disk.

use std::ops::ControlFlow;

use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Delivery, Mail, MailKind, MailLink};
use crate::store::{Reads, Write, mail as rows};

const KIND: &str = "Mail";

/// Mails kept at most.
pub const KEPT: u64 = 10_000;

/// Longest subject, in characters.
const SUBJECT: usize = 200;

/// A mail before it is in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What it is about.
    pub kind: MailKind,
    /// The one recipient.
    pub to: String,
    /// One line; what does not belong into one is taken out.
    pub subject: String,
    /// Paragraphs of plain text.
    pub text: Vec<String>,
    /// The link below them.
    pub link: Option<MailLink>,
}

impl Draft {
    /// A mail without text yet.
    pub fn new(kind: MailKind, to: impl Into<String>, subject: impl Into<String>) -> Self {
        Self {
            kind,
            to: to.into(),
            subject: subject.into(),
            text: Vec::new(),
            link: None,
        }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn say(mut self, paragraph: impl Into<String>) -> Self {
        self.text.push(paragraph.into());
        self
    }

    /// Puts a link below the text.
    #[must_use]
    pub fn link(mut self, link: MailLink) -> Self {
        self.link = Some(link);
        self
    }
}

/// Writes a mail into the outbox. It waits for the relay if there is one now; else it is kept.
///
/// # Errors
/// The store's.
pub fn queue(tx: &Write<'_>, team: Option<Seq>, draft: Draft, now: Timestamp) -> Result<Mail> {
    let delivery = if rows::settings(tx)?.relay.is_some() {
        Delivery::Waiting { due: now }
    } else {
        Delivery::Kept
    };
    let mail = Mail {
        seq: rows::next_seq(tx)?,
        team,
        kind: draft.kind,
        to: line(&draft.to),
        subject: line(&draft.subject).chars().take(SUBJECT).collect(),
        text: draft.text.iter().map(|text| line(text)).collect(),
        link: draft.link,
        written: now,
        delivery,
        attempts: 0,
        failure: String::new(),
    };
    rows::put(tx, &mail)?;
    rows::trim(tx, KEPT)?;
    Ok(mail)
}

/// Text of people and identity providers on one line: nothing in it can begin a header or a paragraph.
fn line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// How far a mail came, for a list that is narrowed down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Stays here.
    Kept,
    /// Waits for the relay.
    Waiting,
    /// The relay took it.
    Sent,
    /// Will not be tried again.
    Failed,
}

impl Stage {
    /// The stage of a mail.
    pub fn of(mail: &Mail) -> Self {
        match mail.delivery {
            Delivery::Kept => Self::Kept,
            Delivery::Waiting { .. } => Self::Waiting,
            Delivery::Sent { .. } => Self::Sent,
            Delivery::Failed { .. } => Self::Failed,
        }
    }
}

/// What a list of mails is narrowed down to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Part of recipient or subject, in any case; empty means any.
    pub text: String,
    /// Of one kind.
    pub kind: Option<MailKind>,
    /// As far as this.
    pub stage: Option<Stage>,
}

impl Search {
    fn matches(&self, mail: &Mail, text: &str) -> bool {
        self.kind.is_none_or(|kind| kind == mail.kind)
            && self.stage.is_none_or(|stage| stage == Stage::of(mail))
            && (text.is_empty()
                || [&mail.to, &mail.subject]
                    .iter()
                    .any(|part| part.to_lowercase().contains(text)))
    }
}

/// How many mails match, and `limit` of them behind the first `skip`, newest first.
///
/// # Errors
/// The store's.
pub fn list(
    tx: &impl Reads,
    _operator: &Operator,
    search: &Search,
    skip: u64,
    limit: usize,
) -> Result<(u64, Vec<Mail>)> {
    let text = search.text.to_lowercase();
    let (mut total, mut found) = (0, Vec::new());
    rows::walk_back(tx, |mail| {
        if search.matches(&mail, &text) {
            if total >= skip && found.len() < limit {
                found.push(mail);
            }
            total += 1;
        }
        ControlFlow::Continue(())
    })?;
    Ok((total, found))
}

/// One mail.
///
/// # Errors
/// [`Error::NotFound`], also for one that was dropped.
pub fn get(tx: &impl Reads, _operator: &Operator, mail: Seq) -> Result<Mail> {
    rows::find(tx, mail)?.ok_or_else(|| Error::not_found(KIND, mail))
}

/// Writes the same mail once more, to be sent now. The old one stays as it is, so that it can be told what was
/// sent and when; one that failed or was kept before there was a relay is sent that way too.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Disabled`] without a relay; [`Error::Conflict`] for one that waits anyway.
pub fn resend(tx: &Write<'_>, operator: &Operator, mail: Seq, now: Timestamp) -> Result<Mail> {
    let mail = get(tx, operator, mail)?;
    if rows::settings(tx)?.relay.is_none() {
        return Err(Error::Disabled {
            what: "No relay is set up, so mails stay here. Enter one in the mail settings first."
                .into(),
        });
    }
    if Stage::of(&mail) == Stage::Waiting {
        return Err(Error::Conflict {
            attribute: "mail",
            detail: "This mail waits for the relay already.".into(),
        });
    }
    let again = Draft {
        kind: mail.kind,
        to: mail.to,
        subject: mail.subject,
        text: mail.text,
        link: mail.link,
    };
    queue(tx, mail.team, again, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{MailSettings, Protection, Relay};
    use crate::store::{Store, check};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    fn draft(to: &str) -> Draft {
        Draft::new(MailKind::Joined, to, "Welcome").say("You are in.")
    }

    pub(crate) fn with_relay() -> MailSettings {
        MailSettings {
            relay: Some(Relay {
                host: "127.0.0.1".into(),
                port: 25,
                protection: Protection::None,
                user: String::new(),
                password: None,
                from: "scimlab@example.com".into(),
                authorities: String::new(),
            }),
            ..MailSettings::default()
        }
    }

    #[test]
    fn a_mail_waits_only_when_there_is_a_relay() {
        let store = Store::in_memory().unwrap();
        store
            .write(|tx| {
                let operator = Operator::of_this_process();
                let kept = queue(tx, None, draft("a@x.example"), NOW)?;
                assert_eq!(kept.delivery, Delivery::Kept);
                let refused = resend(tx, &operator, kept.seq, NOW);
                assert!(matches!(refused, Err(Error::Disabled { .. })));
                rows::put_settings(tx, &with_relay())?;
                let mail = queue(tx, None, draft("b@x.example"), NOW)?;
                assert_eq!(mail.delivery, Delivery::Waiting { due: NOW });
                assert_eq!(get(tx, &operator, kept.seq)?.delivery, Delivery::Kept);
                let again = resend(tx, &operator, kept.seq, NOW)?;
                assert!(again.seq > mail.seq);
                let refused = resend(tx, &operator, again.seq, NOW);
                assert!(matches!(refused, Err(Error::Conflict { .. })));
                Ok::<_, Error>(())
            })
            .unwrap();
        assert_eq!(check(&store.read().unwrap()).unwrap(), []);
    }

    #[test]
    fn nothing_in_a_mail_begins_a_line_of_its_own() {
        let store = Store::in_memory().unwrap();
        store
            .write(|tx| {
                let draft = Draft::new(
                    MailKind::Invite,
                    "a@x.example\r\nBcc: b@x.example",
                    format!("Team\r\nX-Evil: 1 {}", "n".repeat(300)),
                )
                .say("One\nTwo");
                let mail = queue(tx, None, draft, NOW)?;
                assert_eq!(mail.to, "a@x.example  Bcc: b@x.example");
                assert!(mail.subject.starts_with("Team  X-Evil"));
                assert_eq!(mail.subject.chars().count(), 200);
                assert_eq!(mail.text, ["One Two"]);
                Ok::<_, Error>(())
            })
            .unwrap();
    }

    #[test]
    fn the_oldest_mails_go_and_lists_find_the_others_newest_first() {
        let store = Store::in_memory().unwrap();
        store
            .write(|tx| {
                rows::put_settings(tx, &with_relay())?;
                for n in 0..6 {
                    queue(tx, None, draft(&format!("P{n}@x.example")), NOW)?;
                }
                assert_eq!(rows::trim(tx, 4)?, 2);
                assert_eq!(rows::trim(tx, 4)?, 0);
                Ok::<_, Error>(())
            })
            .unwrap();
        let tx = store.read().unwrap();
        assert_eq!(check(&tx).unwrap(), []);
        let operator = Operator::of_this_process();
        let to = |search: &Search, skip, limit| {
            let (total, mails) = list(&tx, &operator, search, skip, limit).unwrap();
            (
                total,
                mails.into_iter().map(|mail| mail.to).collect::<Vec<_>>(),
            )
        };
        let all = Search::default();
        assert_eq!(
            to(&all, 1, 2),
            (4, vec!["P4@x.example".into(), "P3@x.example".into()])
        );
        let one = Search {
            text: "p5@".into(),
            ..Search::default()
        };
        assert_eq!(to(&one, 0, 9), (1, vec!["P5@x.example".into()]));
        let none = Search {
            stage: Some(Stage::Sent),
            ..Search::default()
        };
        assert_eq!(to(&none, 0, 9), (0, vec![]));
        let none = Search {
            kind: Some(MailKind::Test),
            ..Search::default()
        };
        assert_eq!(to(&none, 0, 9), (0, vec![]));
        assert!(get(&tx, &operator, Seq(1)).is_err());
    }
}
