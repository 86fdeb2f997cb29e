//! *Mail*: the outbox, one mail, and where mails go.

use askama::Template;

use super::Page;
use super::list::List;
use super::parts::{Fact, Field, Link, Moment, Notice, Pill, Tab};

/// A row of the outbox, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// The subject, linked to the mail.
    pub subject: Link,
    /// Who it is for.
    pub to: String,
    /// What it is about.
    pub kind: &'static str,
    /// *Kept*, *Waiting*, *Sent* or *Failed*.
    pub state: Pill,
    /// The team it is about; empty for none.
    pub team: String,
    /// When it was written.
    pub written: Moment,
}

/// The outbox.
#[derive(Debug, Clone, Template)]
#[template(path = "mail/outbox.html")]
pub struct OutboxPage {
    /// The frame.
    pub page: Page,
    /// *Outbox* and *Settings*.
    pub tabs: Vec<Tab>,
    /// What happens to mails, one sentence.
    pub lead: String,
    /// Filter, headings, pager.
    pub list: List,
    /// The rows of this page.
    pub rows: Vec<MailRow>,
}

/// The link below the text of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkBelow {
    /// There is none.
    None,
    /// It leads there.
    To(Link),
    /// It led to something that is over.
    Over,
}

/// One mail.
#[derive(Debug, Clone, Template)]
#[template(path = "mail/mail.html")]
pub struct MailPage {
    /// The frame; its title is the subject.
    pub page: Page,
    /// *Kept*, *Waiting*, *Sent* or *Failed*.
    pub state: Pill,
    /// Why it is not sent; none when all is well.
    pub trouble: Option<Notice>,
    /// Paragraphs of plain text.
    pub text: Vec<String>,
    /// The link below them.
    pub link: LinkBelow,
    /// From, to, written, attempts.
    pub facts: Vec<Fact>,
    /// Address a form is posted to, to send it again; empty when it cannot be.
    pub resend: String,
    /// Why it cannot be sent, and what to do; empty when it can.
    pub resend_blocked: String,
}

/// Where mails go.
#[derive(Debug, Clone, Template)]
#[template(path = "mail/settings.html")]
pub struct MailSettingsPage {
    /// The frame.
    pub page: Page,
    /// *Outbox* and *Settings*.
    pub tabs: Vec<Tab>,
    /// Whether there is a relay, and which.
    pub status: Pill,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// Server, port, protection, user, password, sender, authorities.
    pub fields: Vec<Field>,
    /// The settings that the form shows, so that a stale one is noticed.
    pub revision: u64,
    /// Address the form is posted to.
    pub save: String,
    /// Address of the question before the relay is removed; empty without one.
    pub remove: String,
    /// Who gets the test mail.
    pub test_to: Field,
    /// Address the test form is posted to; empty without a relay.
    pub test: String,
    /// Whether people are told about groups.
    pub group_mails: bool,
    /// Address that choice is posted to.
    pub save_group_mails: String,
}

#[cfg(test)]
fn tabs() -> Vec<Tab> {
    vec![
        Tab {
            link: Link::new("Outbox", "/mail"),
            current: true,
        },
        Tab {
            link: Link::new("Settings", "/mail/settings"),
            current: false,
        },
    ]
}

#[cfg(test)]
impl OutboxPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::list::{Column, Empty, Filter, ListUrl, Pager};
        use super::parts::Tone;
        use super::samples::{PEOPLE, long_name, moment, viewer};
        let url = ListUrl::new("/mail");
        let states = [
            Pill::new(Tone::Quiet, "Kept"),
            Pill::new(Tone::Info, "Waiting"),
            Pill::new(Tone::Good, "Sent"),
            Pill::new(Tone::Bad, "Failed"),
        ];
        let page = |rows: Vec<MailRow>| Self {
            page: Page::new(super::Room::Mail, "Mail", &viewer()),
            tabs: tabs(),
            lead: "Every mail is kept here. No relay is set up, so none leaves the appliance."
                .to_owned(),
            list: List {
                caption: "Mails".to_owned(),
                filter: Some(Filter::new(&url, "Search by recipient or subject")),
                columns: vec![
                    Column::new("Mail"),
                    Column::new("State"),
                    Column::wide("Kind"),
                    Column::wide("Team"),
                    Column::wide("Written"),
                ],
                pager: Pager::new(rows.len() as u64, 1, 25, ("mail", "mails"), &url),
                empty: Empty::new(
                    "No mails yet",
                    "Invite somebody: the mail appears here.",
                    Link::new("Invite People", "/team/invites/new"),
                ),
            },
            rows,
        };
        let rows = PEOPLE
            .iter()
            .map(|(name, mail)| {
                (
                    format!("{name} invited you to join Acme"),
                    (*mail).to_owned(),
                )
            })
            .chain([(long_name(), format!("{}@example.com", long_name()))])
            .enumerate()
            .map(|(n, (subject, to))| MailRow {
                subject: Link::new(subject, "/mail/1"),
                to,
                kind: "Invite",
                state: states[n % 4].clone(),
                team: "Acme".to_owned(),
                written: moment("2 h ago"),
            })
            .collect();
        vec![("empty", page(Vec::new())), ("many", page(rows))]
    }
}

#[cfg(test)]
impl MailPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::parts::Tone;
        use super::samples::{long_name, viewer};
        let page =
            |title: String| Page::new(super::Room::Mail, title, &viewer()).under("Mail", "/mail");
        let kept = Self {
            page: page("Ada Lovelace invited you to join Acme".to_owned()),
            state: Pill::new(Tone::Quiet, "Kept"),
            trouble: None,
            text: vec![
                "Ada Lovelace invited you to join the team Acme as Developer.".to_owned(),
                "Open the link to join.".to_owned(),
            ],
            link: LinkBelow::To(Link::new(
                "Join Team",
                format!("http://127.0.0.1:7644/invites/1-1-{}", "ab".repeat(32)),
            )),
            facts: vec![Fact::text("To", "bob@example.com")],
            resend: String::new(),
            resend_blocked: "No relay is set up.".to_owned(),
        };
        let failed = Self {
            page: page(long_name()),
            state: Pill::new(Tone::Bad, "Failed"),
            trouble: Some(Notice::new(
                Tone::Bad,
                "mail.example.com refused the mail (550: no such user).",
                "",
            )),
            link: LinkBelow::Over,
            resend: "/mail/1/resend".to_owned(),
            resend_blocked: String::new(),
            ..kept.clone()
        };
        vec![("kept", kept), ("failed", failed)]
    }
}

#[cfg(test)]
impl MailSettingsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        use super::parts::Tone;
        use super::samples::viewer;
        let none = Self {
            page: Page::new(super::Room::Mail, "Mail", &viewer()),
            tabs: tabs(),
            status: Pill::new(Tone::Quiet, "No relay"),
            error: None,
            fields: vec![Field::new("host", "Server").required()],
            revision: 3,
            save: "/mail/settings".to_owned(),
            remove: String::new(),
            test_to: Field::new("to", "Send to").kind("email", "email"),
            test: String::new(),
            group_mails: false,
            save_group_mails: "/mail/settings/groups".to_owned(),
        };
        let set = Self {
            status: Pill::new(Tone::Good, "mail.example.com"),
            error: Some(Notice::new(Tone::Bad, "Nobody answered.", "")),
            remove: "/mail/settings/remove".to_owned(),
            test: "/mail/settings/test".to_owned(),
            group_mails: true,
            ..none.clone()
        };
        vec![("none", none), ("set", set)]
    }
}
