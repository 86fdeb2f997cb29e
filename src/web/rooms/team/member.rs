//! One member: what SCIM knows, roles, groups, what was done to this person.

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::{Value, json};

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::exchange::{Code, Exchange as Shown};
use super::super::super::console::parts::{Fact, Link, Moment, Notice, Tone, counted};
use super::super::super::console::team::member::{Access, AccessAction, Call, Event, MemberPage};
use super::super::{Answered, exact, show};
use super::members::{HERE, address, status};
use super::roles::through;
use crate::access::{May, Permission, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::lab::traffic::{Recorder, StatusClass, Wanted};
use crate::model::{MemberState, ObjectRef, User};
use crate::provider::by_hand::appoint::labels;
use crate::provider::by_hand::members::removable;
use crate::provider::roster::{self, Origins};
use crate::provider::{audit, browse, endpoint, represent, team};
use crate::scim::{Object, Projection, urn};
use crate::store::Reads;

/// Groups on the page of a member.
const GROUPS: usize = 100;
/// Those of them that are shown without a click.
const OPEN: usize = 8;
/// Events of the record shown there.
const EVENTS: usize = 20;
/// SCIM calls shown there.
const CALLS: usize = 10;

/// One member.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    let recorder = app.recorder.clone();
    show(&app, move |tx, now| member(tx, &who, &recorder, &id, now)).await
}

fn member(
    tx: &impl Reads,
    who: &Who,
    recorder: &Recorder,
    id: &str,
    now: Timestamp,
) -> Result<MemberPage> {
    let user = browse::get_member(tx, &who.member, id)?;
    let (seq, base) = (who.member.team, who.scim_base.as_str());
    let everything = endpoint::everything(tx, seq)?;
    let resource = represent::user(tx, &everything, seq, base, &user, &Projection::default())?;
    let groups = groups_in(&resource.body);
    let more = groups.len().saturating_sub(GROUPS) as u64;
    let manages_scim = who.member.has(Permission::ManageScim);
    let verdict = match who.member.may() {
        Ok(by) => Some(verdict(tx, &by, id)?),
        Err(_) => None,
    };
    let goes = matches!(verdict, Some(None));
    let at = address(id);
    let scim_is_on = team::get(tx, &who.member)?.scim_enabled;
    Ok(MemberPage {
        page: who.page(Room::Members, user.label()).under("Members", HERE),
        status: status(&user),
        managed: managed(&user, scim_is_on, now),
        attributes: facts(&resource.body),
        roles: labels(&user.roles),
        through: through(&Origins::default().of(tx, &who.member, ObjectRef::user(user.seq))?),
        update_roles: if who.member.has(Permission::ManageBillingMembers) {
            format!("{at}/roles")
        } else {
            String::new()
        },
        more_groups: if more == 0 {
            String::new()
        } else {
            format!("and {} more", counted(more, "group", "groups"))
        },
        groups: groups.iter().take(OPEN).cloned().collect(),
        folded_groups: groups.into_iter().skip(OPEN).take(GROUPS - OPEN).collect(),
        access: verdict.map(|why_not| access(base, &user, why_not)),
        remove: if goes {
            format!("{at}/remove")
        } else {
            String::new()
        },
        events: events(tx, who, &user, now)?,
        calls: manages_scim.then(|| calls(recorder, who, &user, now)),
        traffic: if who.is_operator() {
            format!("/traffic?q={id}")
        } else {
            String::new()
        },
        technical: technical(tx, who, &user, resource.version)?,
        json: Code::json(&Value::Object(resource.body).to_string()),
    })
}

fn technical(tx: &impl Reads, who: &Who, user: &User, version: String) -> Result<Vec<Fact>> {
    let told = |at: Option<Timestamp>| at.map_or_else(|| "Never".to_owned(), exact);
    let mut facts = vec![
        Fact::code("id", user.id.to_string()),
        Fact::code("externalId", user.external_id().unwrap_or_default()),
        Fact::text("Created", exact(user.meta.created)),
        Fact::text("Last modified", exact(user.meta.last_modified)),
        Fact::text("Last SCIM change", told(user.written_by_scim)),
        Fact::code("Version", version),
    ];
    if let Ok(by) = who.member.may() {
        let seen = roster::last_sign_in(tx, &by, user)?;
        facts.push(Fact::text("Last sign-in", told(seen)));
    }
    Ok(facts)
}

fn groups_in(body: &Object) -> Vec<Link> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    body.get("groups")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|group| {
            let address = super::groups::address(&text(group, "value")?);
            Some(Link::new(text(group, "display")?, address))
        })
        .collect()
}

/// What the identity provider decides about somebody whom SCIM made or changed.
fn managed(user: &User, scim_is_on: bool, now: Timestamp) -> Option<Notice> {
    let at = user.written_by_scim?;
    let when = Moment::new(at, now).text;
    Some(if scim_is_on {
        Notice::new(
            Tone::Info,
            format!("The identity provider manages this member; it last changed something {when}."),
            "What is changed here by hand (state, groups) stays until it sends the same attribute again. Roles are \
             never sent by it.",
        )
    } else {
        Notice::new(
            Tone::Info,
            format!("An identity provider managed this member and last changed something {when}."),
            "SCIM provisioning is off, so nothing is overwritten at present.",
        )
    })
}

/// Why this member can be neither removed nor deactivated; none when nothing speaks against it.
fn verdict(tx: &impl Reads, by: &May<permission::RemoveUsers>, id: &str) -> Result<Option<String>> {
    match removable(tx, by, id) {
        Ok(_) => Ok(None),
        Err(Error::Forbidden { detail }) => Ok(Some(detail)),
        Err(error) => Err(error),
    }
}

/// Letting in and keeping out, and the SCIM call that does the same (Postman's help center answers "my account has
/// been deactivated" with it).
fn access(base: &str, user: &User, why_not: Option<String>) -> Access {
    let (name, at) = (user.label(), address(&user.id.to_string()));
    let (state, action) = match (user.state(), why_not) {
        (MemberState::Deactivated, _) => (
            format!("{name} may not sign in to the team. Roles and groups are kept."),
            AccessAction::Reactivate(format!("{at}/reactivate")),
        ),
        (MemberState::Invited, _) => (
            format!("{name} has not accepted the invite yet."),
            AccessAction::Nothing("Revoke the invite, or remove the member.".to_owned()),
        ),
        (MemberState::Active, None) => (
            format!("{name} may sign in to the team."),
            AccessAction::Deactivate(format!("{at}/deactivate")),
        ),
        (MemberState::Active, Some(why)) => (
            format!("{name} may sign in to the team."),
            AccessAction::Nothing(why),
        ),
    };
    let body = json!({
        "schemas": [urn::PATCH_OP],
        "Operations": [{ "op": "replace", "value": { "active": !user.active() } }],
    });
    Access {
        state,
        action,
        call: format!("PATCH {base}/Users/{}", user.id),
        body: Code::json(&body.to_string()),
    }
}

/// What the person did and what was done to it, for those who may read the record.
fn events(tx: &impl Reads, who: &Who, user: &User, now: Timestamp) -> Result<Option<Vec<Event>>> {
    let Ok(by) = who.member.may() else {
        return Ok(None);
    };
    let page = audit::of_person(tx, &by, user, EVENTS)?;
    let event = |(_, event): &audit::Event| Event {
        what: event.message(),
        attributes: event.attributes.join(", "),
        at: Moment::new(event.at, now),
    };
    Ok(Some(page.events.iter().map(event).collect()))
}

/// The last SCIM calls of the team's own keys that made or changed this member.
fn calls(recorder: &Recorder, who: &Who, user: &User, now: Timestamp) -> Vec<Call> {
    let wanted = Wanted {
        path: "/Users".to_owned(),
        status: Some(StatusClass::Success),
        text: user.id.to_string(),
        ..Wanted::default()
    };
    let found = recorder.list(&wanted, 0, usize::MAX);
    let exchanges = found.exchanges.iter().map(|recorded| &recorded.exchange);
    exchanges
        .filter(|exchange| {
            let own = exchange.client.as_ref();
            own.is_some_and(|client| client.team == who.member.team)
                && exchange.method != "GET"
                && exchange.method != "HEAD"
                && !exchange.target.path().ends_with("/.search")
        })
        .take(CALLS)
        .map(|exchange| Call {
            method: exchange.method.to_string(),
            target: Link::new(
                exchange.target.path(),
                if who.is_operator() {
                    format!("/traffic/{}", exchange.id)
                } else {
                    String::new()
                },
            ),
            status: Shown::status_pill(
                exchange.status,
                StatusCode::from_u16(exchange.status)
                    .ok()
                    .and_then(|status| status.canonical_reason())
                    .unwrap_or_default(),
            ),
            key: exchange
                .client
                .as_ref()
                .map_or_else(String::new, |client| client.key_name.to_string()),
            at: Moment::new(exchange.at, now),
        })
        .collect()
}

/// Attributes by their paths: `name.givenName`, `emails[work]`, `enterprise: department`.
fn facts(body: &Object) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (name, value) in body {
        match (name.as_str(), value) {
            ("schemas" | "id" | "externalId" | "meta" | "groups", _) => {}
            (urn::ENTERPRISE_USER, Value::Object(extension)) => {
                for (name, value) in extension {
                    match name.as_str() {
                        "manager" => facts.push(manager(value)),
                        _ => flatten(format!("enterprise: {name}"), value, &mut facts),
                    }
                }
            }
            _ => flatten(name.clone(), value, &mut facts),
        }
    }
    facts
}

fn manager(value: &Value) -> Fact {
    let text = |key| value.get(key).and_then(Value::as_str);
    let id = text("value").unwrap_or_default();
    match text("displayName") {
        Some(name) => Fact::link("enterprise: manager", name, address(id)),
        None => Fact::code("enterprise: manager", id),
    }
}

fn flatten(path: String, value: &Value, facts: &mut Vec<Fact>) {
    match value {
        Value::Object(parts) => {
            for (name, value) in parts {
                flatten(format!("{path}.{name}"), value, facts);
            }
        }
        Value::Array(values) => {
            for value in values {
                match value.as_object() {
                    Some(element) => flatten_element(&path, element, facts),
                    None => flatten(path.clone(), value, facts),
                }
            }
        }
        Value::String(text) => facts.push(Fact::text(path, text)),
        other => facts.push(Fact::text(path, other.to_string())),
    }
}

fn flatten_element(path: &str, element: &Object, facts: &mut Vec<Fact>) {
    let kind = element.get("type").and_then(Value::as_str);
    let path = kind.map_or_else(|| path.to_owned(), |kind| format!("{path}[{kind}]"));
    match element.get("value") {
        Some(value) => flatten(path, value, facts),
        None => {
            for (name, value) in element {
                if !matches!(name.as_str(), "type" | "primary") {
                    flatten(format!("{path}.{name}"), value, facts);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn attributes_are_listed_by_their_paths() {
        let body = json!({
            "schemas": [], "id": "1", "userName": "ada", "active": true,
            "name": {"givenName": "Ada"},
            "emails": [{"type": "work", "value": "a@x.example", "primary": true}, {"value": "b@x.example"}],
            "addresses": [{"type": "home", "locality": "London"}],
            urn::ENTERPRISE_USER: {"department": "R&D", "manager": {"value": "7", "displayName": "Charles"}},
            "groups": [{"value": "g"}],
        });
        let shown: Vec<(String, String)> = facts(body.as_object().unwrap())
            .into_iter()
            .map(|fact| (fact.name, fact.value.text))
            .collect();
        let shown: Vec<(&str, &str)> = shown
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        assert_eq!(
            shown,
            [
                ("userName", "ada"),
                ("active", "true"),
                ("name.givenName", "Ada"),
                ("emails[work]", "a@x.example"),
                ("emails", "b@x.example"),
                ("addresses[home].locality", "London"),
                ("enterprise: department", "R&D"),
                ("enterprise: manager", "Charles"),
            ]
        );
    }
}
