//! *Mail*: the outbox and one mail.

pub(super) mod settings;

use std::collections::HashMap;

use actix_web::{HttpRequest, web};

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::Room;
use super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::console::mail::{LinkBelow, MailPage, MailRow, OutboxPage};
use super::super::console::parts::{Fact, Link, Moment, Notice, Pill, Tab, Tone, counted};
use super::ask::PAGE;
use super::{Answered, Ask, Done, act, exact, show};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::mail::letter::{Letter, LetterLink};
use crate::mail::outbox::{self, KEPT, Search, Stage};
use crate::mail::relay;
use crate::model::{Delivery, Mail, MailKind, MailSettings};
use crate::provider::team;
use crate::secret::LinkKey;
use crate::store::Reads;

const HERE: &str = "/mail";

fn tabs(settings: bool) -> Vec<Tab> {
    let tab = |text, href, current| Tab {
        link: Link::new(text, href),
        current,
    };
    vec![
        tab("Outbox", HERE, !settings),
        tab("Settings", settings::HERE, settings),
    ]
}

/// The outbox.
pub(super) async fn list(app: web::Data<App>, signed: SignedIn, ask: web::Query<Ask>) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| page(tx, &who, &ask, now)).await
}

fn page(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<OutboxPage> {
    let operator = who.operator()?;
    let search = Search {
        text: ask.text(),
        kind: MailKind::ALL
            .into_iter()
            .find(|kind| kind.slug() == ask.action),
        stage: [Stage::Kept, Stage::Waiting, Stage::Sent, Stage::Failed]
            .into_iter()
            .find(|stage| stage_slug(*stage) == ask.state),
    };
    let part = ask.part(PAGE);
    let (total, mails) = outbox::list(tx, operator, &search, part.skip, part.limit)?;
    let names: HashMap<Seq, String> = team::list(tx, operator)?
        .into_iter()
        .map(|team| (team.seq, team.name))
        .collect();
    let url = ask.url(HERE);
    let kinds: Vec<(&str, &str)> = MailKind::ALL
        .into_iter()
        .map(|kind| (kind.slug(), kind.label()))
        .collect();
    let filter = Filter::new(&url, "Search by recipient or subject")
        .select(
            &url,
            "state",
            "State",
            &[
                ("kept", "Kept"),
                ("waiting", "Waiting"),
                ("sent", "Sent"),
                ("failed", "Failed"),
            ],
        )
        .select(&url, "action", "Kind", &kinds);
    Ok(OutboxPage {
        page: who.page(Room::Mail, "Mail"),
        tabs: tabs(false),
        lead: lead(&relay::settings(tx, operator)?),
        rows: mails.iter().map(|mail| row(mail, &names, now)).collect(),
        list: List {
            caption: "Mails".into(),
            filter: Some(filter),
            columns: vec![
                Column::new("Mail"),
                Column::new("State"),
                Column::wide("Kind"),
                Column::wide("Team"),
                Column::wide("Written"),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("mail", "mails"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No mails yet",
                    "Invite somebody: the mail with the link appears here.",
                    Link::new("Invite People", "/team/invites/new"),
                ),
            ),
        },
    })
}

fn lead(settings: &MailSettings) -> String {
    let kept = format!("The last {} are kept.", counted(KEPT, "mail", "mails"));
    match &settings.relay {
        None => format!(
            "What the appliance would send. No relay is set up, so nothing leaves it: read the mails here. {kept}"
        ),
        Some(relay) => format!("What the appliance sends through {}. {kept}", relay.host),
    }
}

const fn stage_slug(stage: Stage) -> &'static str {
    match stage {
        Stage::Kept => "kept",
        Stage::Waiting => "waiting",
        Stage::Sent => "sent",
        Stage::Failed => "failed",
    }
}

fn state(mail: &Mail) -> Pill {
    match Stage::of(mail) {
        Stage::Kept => Pill::new(Tone::Quiet, "Kept"),
        Stage::Waiting if mail.attempts > 0 => Pill::new(Tone::Warn, "Waiting"),
        Stage::Waiting => Pill::new(Tone::Info, "Waiting"),
        Stage::Sent => Pill::new(Tone::Good, "Sent"),
        Stage::Failed => Pill::new(Tone::Bad, "Failed"),
    }
}

fn row(mail: &Mail, teams: &HashMap<Seq, String>, now: Timestamp) -> MailRow {
    MailRow {
        subject: Link::new(subject(mail), address(mail.seq)),
        to: mail.to.clone(),
        kind: mail.kind.label(),
        state: state(mail),
        team: mail
            .team
            .and_then(|team| teams.get(&team).cloned())
            .unwrap_or_default(),
        written: Moment::new(mail.written, now),
    }
}

fn subject(mail: &Mail) -> &str {
    if mail.subject.is_empty() {
        "(no subject)"
    } else {
        &mail.subject
    }
}

fn address(mail: Seq) -> String {
    format!("{HERE}/{mail}")
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Mail", ""))
}

/// One mail.
pub(super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
    mail: web::Path<String>,
) -> Answered {
    let (who, key) = (signed.for_page(), app.sealer.link_key());
    let base = app.public_url.of(&request);
    show(&app, move |tx, now| one(tx, &who, &mail, &base, &key, now)).await
}

fn one(
    tx: &impl Reads,
    who: &Who,
    mail: &str,
    base: &str,
    key: &LinkKey,
    now: Timestamp,
) -> Result<MailPage> {
    let operator = who.operator()?;
    let mail = outbox::get(tx, operator, seq(mail)?)?;
    let letter = Letter::of(tx, &mail, base, key)?;
    let settings = relay::settings(tx, operator)?;
    let blocked = if settings.relay.is_none() {
        "No relay is set up, so mails stay here. Enter one in the settings to send them."
    } else if Stage::of(&mail) == Stage::Waiting {
        "It waits for the relay."
    } else {
        ""
    };
    Ok(MailPage {
        page: who.page(Room::Mail, subject(&mail)).under("Mail", HERE),
        state: state(&mail),
        trouble: trouble(&mail, now),
        text: letter.text,
        link: match letter.link {
            LetterLink::None => LinkBelow::None,
            LetterLink::To { label, address } => LinkBelow::To(Link::new(label, address)),
            LetterLink::Over => LinkBelow::Over,
        },
        facts: facts(&mail, &settings),
        resend: if blocked.is_empty() {
            format!("{}/resend", address(mail.seq))
        } else {
            String::new()
        },
        resend_blocked: blocked.into(),
    })
}

/// What the relay said the last time, and when it is tried again.
fn trouble(mail: &Mail, now: Timestamp) -> Option<Notice> {
    if mail.failure.is_empty() {
        return None;
    }
    let (tone, next) = match mail.delivery {
        Delivery::Waiting { due } => (
            Tone::Warn,
            format!("The next attempt is {}.", Moment::new(due, now).text),
        ),
        Delivery::Failed { .. } => (
            Tone::Bad,
            "It is not tried again by itself. Mend the cause, then resend it.".to_owned(),
        ),
        Delivery::Kept | Delivery::Sent { .. } => (Tone::Info, String::new()),
    };
    Some(Notice::new(tone, mail.failure.as_str(), next))
}

fn facts(mail: &Mail, settings: &MailSettings) -> Vec<Fact> {
    let mut facts = vec![Fact::text("To", mail.to.as_str())];
    if let Some(relay) = &settings.relay {
        facts.push(Fact::text("From", relay.from.as_str()));
    }
    facts.push(Fact::text("Kind", mail.kind.label()));
    facts.push(Fact::text("Written", exact(mail.written)));
    match mail.delivery {
        Delivery::Sent { at } => facts.push(Fact::text("Sent", exact(at))),
        Delivery::Failed { at } => facts.push(Fact::text("Given up", exact(at))),
        Delivery::Waiting { due } => facts.push(Fact::text("Next attempt", exact(due))),
        Delivery::Kept => {}
    }
    if mail.attempts > 0 {
        facts.push(Fact::text("Attempts", mail.attempts.to_string()));
    }
    facts
}

/// *Resend*.
pub(super) async fn resend(
    app: web::Data<App>,
    signed: SignedIn,
    mail: web::Path<String>,
) -> Answered {
    let seq = seq(&mail)?;
    act(&app, signed, address(seq), move |tx, who, now| {
        let again = outbox::resend(tx, who.operator()?, seq, now)?;
        Ok(Done {
            elsewhere: Some(address(again.seq)),
            ..Done::new("The mail is sent again: this is the new one.", "")
        })
    })
    .await
}
