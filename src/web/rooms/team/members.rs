//! Members of the team: the list, and one member.

use actix_web::web;
use serde_json::Value;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::exchange::Code;
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Pill, Tone, counted};
use super::super::super::console::team::members::{MemberPage, MemberRow, MembersPage};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, exact, show};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::User;
use crate::provider::browse::{self, Search};
use crate::provider::{endpoint, represent};
use crate::scim::{Object, Projection, urn};
use crate::store::Reads;

/// Groups shown on the page of a member.
const GROUPS: usize = 100;

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| members(tx, &who, &ask, now)).await
}

fn members(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<MembersPage> {
    let search = Search {
        text: ask.text(),
        active: match ask.status.as_str() {
            "active" => Some(true),
            "deactivated" => Some(false),
            _ => None,
        },
    };
    let found = browse::members(tx, &who.member, &search, ask.part(PAGE))?;
    let url = ask.url("/team/members");
    let rows = found.items.iter().map(|user| row(tx, who, user, now));
    Ok(MembersPage {
        page: who.page(Room::Members, "Members"),
        rows: rows.collect::<Result<_>>()?,
        list: List {
            caption: "Members".into(),
            filter: Some(Filter::new(&url, "Search by name or e-mail").select(
                &url,
                "status",
                "Status",
                &[("active", "Active"), ("deactivated", "Deactivated")],
            )),
            columns: vec![
                Column::new("Name"),
                Column::new("Status"),
                Column {
                    class: "number wide",
                    ..Column::number("Groups")
                },
                Column::created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("member", "members"), &url),
            empty: ask.empty(
found.total,
&url,
Empty::new(
                    "No members yet",
                    "Start provisioning in the mock directory, or send POST /Users with a SCIM API key.",
                    who.way_to(Room::Authentication, "Set up SCIM provisioning"),
                ),
),
        },
    })
}

fn row(tx: &impl Reads, who: &Who, user: &User, now: Timestamp) -> Result<MemberRow> {
    Ok(MemberRow {
        name: Link::new(user.label(), address(&user.id.to_string())),
        user_name: user.user_name().to_owned(),
        status: status(user),
        groups: browse::count_groups_of(tx, &who.member, user.seq)?,
        created: Moment::new(user.meta.created, now),
    })
}

fn status(user: &User) -> Pill {
    if user.active() {
        Pill::new(Tone::Good, "Active")
    } else {
        Pill::new(Tone::Quiet, "Deactivated")
    }
}

/// Address of a member's page.
pub(super) fn address(id: &str) -> String {
    format!("/team/members/{id}")
}

/// One member.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| member(tx, &who, &id)).await
}

fn member(tx: &impl Reads, who: &Who, id: &str) -> Result<MemberPage> {
    let user = browse::get_member(tx, &who.member, id)?;
    let (team, base) = (who.member.team, who.scim_base.as_str());
    let everything = endpoint::everything(tx, team)?;
    let resource = represent::user(tx, &everything, team, base, &user, &Projection::default())?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let groups: Vec<Link> = resource
        .body
        .get("groups")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|group| {
            let address = super::groups::address(&text(group, "value")?);
            Some(Link::new(text(group, "display")?, address))
        })
        .collect();
    let more = groups.len().saturating_sub(GROUPS) as u64;
    Ok(MemberPage {
        page: who
            .page(Room::Members, user.label())
            .under("Members", "/team/members"),
        status: status(&user),
        attributes: facts(&resource.body),
        more_groups: if more == 0 {
            String::new()
        } else {
            format!("and {} more", counted(more, "group", "groups"))
        },
        groups: groups.into_iter().take(GROUPS).collect(),
        technical: vec![
            Fact::code("id", user.id.to_string()),
            Fact::code("externalId", user.external_id().unwrap_or_default()),
            Fact::text("Created", exact(user.meta.created)),
            Fact::text("Last modified", exact(user.meta.last_modified)),
            Fact::code("Version", resource.version),
        ],
        json: Code::json(&Value::Object(resource.body).to_string()),
    })
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
