//! *Audit log*: the team's record with its filters; below it one event, the export and how long it is kept.

pub(in crate::web::rooms) mod event;
pub(in crate::web::rooms) mod export;
pub(in crate::web::rooms) mod retention;

use actix_web::web;
use serde::Deserialize;

use crate::access::May;
use crate::access::permission::ViewAuditLogs;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Actor, AuditAction, AuditEvent};
use crate::provider::audit::{self, Filter, Order, Subject};
use crate::provider::{browse, team};
use crate::store::{Reads, accounts, memberships, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::{Column, Empty, Filter as Bar, List, ListUrl, Pager};
use crate::web::console::parts::{Link, Moment, counted};
use crate::web::console::team::audit::{AuditPage, AuditRow};
use crate::web::rooms::team::members;
use crate::web::rooms::{Answered, show};

/// The list.
pub(in crate::web::rooms) const HERE: &str = "/team/audit";
/// Events a page.
const PAGE: usize = 25;
/// Longest text that is searched for, in characters.
const TEXT: usize = 200;

/// The query of the list. Unknown parts are ignored and bad values count as absent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskAudit {
    q: String,
    action: String,
    from: String,
    until: String,
    /// Wire id of a member or a group.
    about: String,
    before: String,
}

/// The first moment of a day; none for what is no day.
fn day(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{}T00:00:00Z", text.trim())).ok()
}

impl AskAudit {
    fn text(&self) -> String {
        self.q.trim().chars().take(TEXT).collect()
    }

    fn has_days(&self) -> bool {
        day(&self.from).is_some() || day(&self.until).is_some()
    }

    fn url(&self, path: &str) -> ListUrl {
        let known = |text: &str| day(text).map_or("", |_| text.trim()).to_owned();
        ListUrl::new(path)
            .with("q", &self.text())
            .with("action", &self.action)
            .with("about", &self.about)
            .with("from", &known(&self.from))
            .with("until", &known(&self.until))
    }

    fn cursor(&self) -> Option<Seq> {
        self.before.parse().ok().map(Seq)
    }

    /// What the domain is asked. Whom the text means is looked up; a text that is nobody's name now may still be
    /// somebody's in the record.
    fn filter(&self, tx: &impl Reads, member: &May<ViewAuditLogs>) -> Result<Filter> {
        let text = self.text();
        let mut filter = Filter {
            action: AuditAction::find(&self.action).map(|action| action.slug.to_owned()),
            from: day(&self.from),
            before: day(&self.until).map(|until| until.plus(DAY)),
            ..Filter::default()
        };
        if !self.about.is_empty() {
            filter.subjects = Some(match subject(tx, member, &self.about)? {
                Some(subject) => vec![subject],
                None => Vec::new(),
            });
        }
        match accounts::find_by_name(tx, &text)?.filter(|_| !text.is_empty()) {
            Some(account) if filter.subjects.is_none() => {
                let subject = Subject::of_account(tx, member.team, account.seq)?;
                filter.subjects = Some(vec![subject]);
            }
            _ => filter.called = text,
        }
        Ok(filter)
    }
}

const DAY: std::time::Duration = std::time::Duration::from_hours(24);

/// The member or group with a wire id, or what events of one that is gone are found by.
fn subject(tx: &impl Reads, member: &May<ViewAuditLogs>, id: &str) -> Result<Option<Subject>> {
    if let Ok(user) = browse::get_member(tx, member, id) {
        return Ok(Some(Subject::of(&user)));
    }
    match browse::get_group(tx, member, id) {
        Ok(group) => Ok(Some(Subject::Group(group.seq))),
        Err(Error::NotFound { .. }) => Ok(audit::gone(tx, id)),
        Err(error) => Err(error),
    }
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskAudit>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &ask, now)).await
}

fn load(tx: &impl Reads, who: &Who, ask: &AskAudit, now: Timestamp) -> Result<AuditPage> {
    let member = who.member.may::<ViewAuditLogs>()?;
    let filter = ask.filter(tx, &member)?;
    let found = audit::page(tx, &member, &filter, Order::NewestFirst, ask.cursor(), PAGE)?;
    let url = ask.url(HERE);
    let events = &found.events;
    let to = |before: Option<Seq>| {
        let before = before.map_or_else(String::new, |seq| seq.to_string());
        url.with("before", &before).to_string()
    };
    let previous = match events.first().filter(|_| ask.cursor().is_some()) {
        Some((first, _)) => {
            let newer = audit::page(tx, &member, &filter, Order::OldestFirst, Some(*first), PAGE)?;
            match (newer.next, newer.events.last()) {
                // The page ends before the one behind its newest event.
                (Some(_), Some((newest, _))) => to(Some(Seq(newest.0 + 1))),
                _ => to(None),
            }
        }
        None => String::new(),
    };
    let summary = if found.unfinished {
        format!(
            "{} so far; older events were not looked at yet",
            counted(events.len() as u64, "event", "events")
        )
    } else {
        counted(events.len() as u64, "event", "events") + ", newest first"
    };
    let team = team::get(tx, &who.member)?;
    let narrowed = filter != Filter::default();
    let rows = events
        .iter()
        .map(|(position, event)| row(tx, &member, *position, event, now));
    Ok(AuditPage {
        page: who.page(Room::Audit, "Audit log"),
        lead: format!(
            "Who changed what in this team: in the console, by SCIM and at the command line. Kept for {} days.",
            team.audit_days
        ),
        retention: if who.is_operator() {
            retention::HERE.to_owned()
        } else {
            String::new()
        },
        export: ask.url(export::HERE).to_string(),
        rows: rows.collect::<Result<_>>()?,
        list: List {
            caption: "Audit log".into(),
            filter: Some(bar(tx, &member, &url)),
            columns: vec![
                Column::new("Member"),
                Column::new("Event"),
                Column::wide("Address"),
                Column::wide("Time"),
            ],
            pager: Pager {
                summary,
                previous,
                next: found.next.map_or_else(String::new, |next| to(Some(next))),
            },
            empty: empty(&url, narrowed, found.next.map(|next| to(Some(next)))),
        },
    })
}

fn bar(tx: &impl Reads, member: &May<ViewAuditLogs>, url: &ListUrl) -> Bar {
    let actions = AuditAction::all();
    let mut actions: Vec<(&str, &str)> = actions.iter().map(|a| (a.slug, a.name)).collect();
    actions.sort_unstable_by_key(|(_, name)| *name);
    let about = url.get("about");
    let name = match browse::get_member(tx, member, about) {
        Ok(user) => user.label(),
        Err(_) => browse::get_group(tx, member, about).map_or_else(
            |_| about.to_owned(),
            |group| group.display_name().to_owned(),
        ),
    };
    Bar::new(url, "Member: name or e-mail")
        .select(url, "action", "Event", &actions)
        .day(url, "from", "From")
        .day(url, "until", "Until")
        .kept(url, "about", format!("About: {name}"))
}

fn empty(url: &ListUrl, narrowed: bool, next: Option<String>) -> Empty {
    match next {
        Some(next) => Empty::new(
            "Nothing among the newest events",
            "Nobody is called like this now, so the record itself is searched, a part at a time.",
            Link::new("Search older events", next),
        ),
        None if narrowed => Empty::no_match(&url.with("before", "")),
        None => Empty::new(
            "No events",
            "Whatever is changed in this team shows up here.",
            Link::plain(""),
        ),
    }
}

fn row(
    tx: &impl Reads,
    member: &May<ViewAuditLogs>,
    position: Seq,
    event: &AuditEvent,
    now: Timestamp,
) -> Result<AuditRow> {
    Ok(AuditRow {
        actor: actor(tx, member, event)?,
        actor_sub: match event.by {
            Actor::Key(_) => "SCIM API key".into(),
            Actor::CommandLine => String::new(),
            Actor::Account(_) => event.actor.email.clone(),
        },
        event: Link::new(event.action().name, format!("{HERE}/{position}")),
        description: event.message(),
        address: event.origin.address.clone(),
        at: Moment::new(event.at, now),
    })
}

/// Who did it, linked to the member of this team, if there is one.
fn actor(tx: &impl Reads, member: &May<ViewAuditLogs>, event: &AuditEvent) -> Result<Link> {
    let address = match event.by {
        Actor::Account(account) => member_of(tx, member, account)?,
        _ => None,
    };
    Ok(Link::new(event.actor_label(), address.unwrap_or_default()))
}

/// Address of the member page of an account.
fn member_of(tx: &impl Reads, member: &May<ViewAuditLogs>, account: Seq) -> Result<Option<String>> {
    let Some(user) = memberships::find(tx, account, member.team)? else {
        return Ok(None);
    };
    let user = users::find(tx, member.team, user)?;
    Ok(user.map(|user| members::address(&user.id.to_string())))
}
