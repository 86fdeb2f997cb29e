//! One event of the audit log.

use actix_web::web;

use super::{HERE, actor, member_of};
use crate::access::May;
use crate::access::permission::ViewAuditLogs;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::lab::traffic::Recorder;
use crate::model::{Actor, AuditEvent, Operation};
use crate::provider::{audit, browse};
use crate::store::{Reads, accounts};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::ListUrl;
use crate::web::console::parts::{Fact, Link};
use crate::web::console::team::audit::EventPage;
use crate::web::rooms::team::{groups, members};
use crate::web::rooms::{Answered, exact, show};

/// One event.
pub(in crate::web::rooms) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    position: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let recorder = app.recorder.clone();
    show(&app, move |tx, _| {
        let member = who.member.may::<ViewAuditLogs>()?;
        let position = position
            .parse()
            .map(Seq)
            .map_err(|_| Error::not_found("Event", ""))?;
        let event = audit::get(tx, &member, position)?;
        page(tx, &who, &member, &event, &recorder)
    })
    .await
}

fn page(
    tx: &impl Reads,
    who: &Who,
    member: &May<ViewAuditLogs>,
    event: &AuditEvent,
    recorder: &Recorder,
) -> Result<EventPage> {
    let action = event.action();
    let actor = actor(tx, member, event)?;
    let mut facts = vec![
        Fact::code("Action", action.slug),
        Fact::text("Time", exact(event.at)),
        Fact::link("Actor", actor.text, actor.href),
    ];
    match event.by {
        Actor::Key(_) => facts.push(Fact::text("Kind of actor", "SCIM API key")),
        Actor::Account(_) => facts.push(Fact::text("E-mail", &*event.actor.email)),
        Actor::CommandLine => {}
    }
    if let Some(author) = event.author
        && let Some(account) = accounts::find(tx, author)?
    {
        let address = member_of(tx, member, author)?.unwrap_or_default();
        facts.push(Fact::link("Key made by", account.name, address));
    }
    facts.push(Fact::code("Address", &*event.origin.address));
    facts.push(Fact::text("Client", &*event.origin.user_agent));
    facts.push(Fact::code("Request id", &*event.origin.request_id));
    let mut variables = Vec::new();
    if !event.attributes.is_empty() {
        variables.push(Fact::text("Attributes", event.attributes.join(", ")));
    }
    if let Actor::Key(key) = event.by {
        variables.push(Fact::text(
            "Key",
            format!("{} (number {key})", event.actor.name),
        ));
    }
    let named = event.variables.iter();
    variables.extend(named.map(|(name, value)| Fact::text(capitalised(name), value)));
    Ok(EventPage {
        page: who.page(Room::Audit, action.name).under("Audit log", HERE),
        sentence: event.message(),
        facts,
        target: target(tx, member, event),
        variables,
        more: more(who, event, recorder),
    })
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// What it was done to, linked where it still is.
fn target(tx: &impl Reads, member: &May<ViewAuditLogs>, event: &AuditEvent) -> Vec<Fact> {
    if event.target.is_empty() && event.subject.is_unknown() {
        return Vec::new();
    }
    let (kind, address) = if browse::get_member(tx, member, &event.target).is_ok() {
        ("Member", members::address(&event.target))
    } else if browse::get_group(tx, member, &event.target).is_ok() {
        ("Group", groups::address(&event.target))
    } else {
        match event.operation {
            Operation::KeyGenerate | Operation::KeyRegenerate | Operation::KeyRevoke => {
                ("SCIM API key", "/team/authentication".to_owned())
            }
            _ => ("Name", String::new()),
        }
    };
    let mut facts = vec![Fact::link(kind, event.subject_label(), address)];
    if !event.subject.email.is_empty() {
        facts.push(Fact::text("E-mail", &*event.subject.email));
    }
    if event.target.len() > 20 {
        facts.push(Fact::code("id", &*event.target));
    }
    facts
}

fn more(who: &Who, event: &AuditEvent, recorder: &Recorder) -> Vec<Link> {
    let mut more = Vec::new();
    let request_id = &event.origin.request_id;
    if who.is_operator()
        && matches!(event.by, Actor::Key(_))
        && let Some(found) = recorder.find_by_request_id(request_id)
    {
        let address = format!("/traffic/{}", found.exchange.id);
        more.push(Link::new("The HTTP exchange behind it", address));
    }
    let list = ListUrl::new(HERE);
    if event.target.len() > 20 {
        more.push(Link::new(
            format!("All events about {}", event.subject_label()),
            list.with("about", &event.target).to_string(),
        ));
    }
    if !event.actor.email.is_empty() {
        more.push(Link::new(
            format!("All events about {}", event.actor_label()),
            list.with("q", &event.actor.email).to_string(),
        ));
    }
    let action = event.action();
    more.push(Link::new(
        format!("All events of this kind: {}", action.name),
        list.with("action", action.slug).to_string(),
    ));
    more
}
