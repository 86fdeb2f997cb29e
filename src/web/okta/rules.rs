//! `/groups/rules`: group rules (part 7.2 of the Okta reference says which of the calls about groups there are; shapes and
//! statuses are those of Okta's API file).

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::{Map, Value};

use super::body::{Body, at, text};
use super::call::{Answered, Call, Reply};
use super::org::Org;
use crate::directory::okta::rules::{self as directory, NewRule};
use crate::directory::okta::{Refusal, Result};
use crate::id::OktaKind;
use crate::model::okta::RuleRemoval;
use crate::store::Reads;

/// Rules a page, and most of them.
const PAGE: (usize, usize) = (50, 200);
/// The one language of conditions.
const LANGUAGE: &str = "urn:okta:expression:1.0";

/// `GET /groups/rules`: `search` looks into names.
pub(super) async fn list(call: Call) -> Answered {
    let words = call.query("search").map(str::to_lowercase);
    call.list(OktaKind::GroupRule, PAGE, move |org, page| {
        let all = directory::all(org.tx, org.row)?;
        page.fill(
            |behind, count| {
                let next = all.iter().filter(|rule| rule.seq > behind);
                Ok(next.take(count).cloned().collect())
            },
            |rule| rule.seq,
            |rule| {
                let called = words
                    .as_ref()
                    .is_none_or(|words| rule.name.to_lowercase().contains(words));
                Ok(called.then(|| org.shapes.group_rule(rule)))
            },
        )
    })
    .await
}

/// What a body says of a rule; ids are looked up by [`resolved`].
struct Given {
    name: String,
    expression: String,
    groups: Vec<String>,
    excluded: Vec<String>,
}

fn ids(members: &Map<String, Value>, path: &[&str]) -> Result<Vec<String>> {
    let Some(found) = at(members, path)? else {
        return Ok(Vec::new());
    };
    let items = found.as_array().ok_or(Refusal::Unreadable)?;
    items
        .iter()
        .map(|id| id.as_str().map(str::to_owned).ok_or(Refusal::Unreadable))
        .collect()
}

fn given(body: &Body) -> Result<Given> {
    let members = body.members()?;
    if text(&members, &["type"])?.is_some_and(|kind| kind != "group_rule") {
        return Err(Refusal::field("validateRule", "type", "group_rule"));
    }
    let language = text(&members, &["conditions", "expression", "type"])?;
    if language.is_some_and(|language| language != LANGUAGE) {
        return Err(Refusal::field("validateRule", "type", LANGUAGE));
    }
    let told = |path: &[&str]| -> Result<String> {
        Ok(text(&members, path)?.unwrap_or_default().to_owned())
    };
    Ok(Given {
        name: told(&["name"])?,
        expression: told(&["conditions", "expression", "value"])?,
        groups: ids(&members, &["actions", "assignUserToGroups", "groupIds"])?,
        excluded: ids(&members, &["conditions", "people", "users", "exclude"])?,
    })
}

/// Groups and people are none, and not missing, when a rule names them wrongly.
fn resolved<T: Reads>(org: &Org<'_, T>, given: &Given) -> Result<NewRule> {
    let none = |field: &str, id: &str| {
        Refusal::field("validateRule", field, format!("{id} is none of this org"))
    };
    let groups = given.groups.iter().map(|id| {
        let group = org.group(id).map_err(|_| none("groupIds", id))?;
        Ok(group.seq)
    });
    let excluded = given.excluded.iter().map(|id| {
        let user = org.user(id).map_err(|_| none("exclude", id))?;
        Ok(user.seq)
    });
    Ok(NewRule {
        name: given.name.clone(),
        expression: given.expression.clone(),
        groups: groups.collect::<Result<_>>()?,
        excluded: excluded.collect::<Result<_>>()?,
    })
}

/// `POST /groups/rules`: the rule is inactive.
pub(super) async fn create(call: Call, body: Body) -> Answered {
    let given = given(&body)?;
    call.write(move |org, administrator, now| {
        let new = resolved(org, &given)?;
        let rule = directory::create(org.tx, administrator, &new, now)?;
        Ok(Reply::ok(&org.shapes.group_rule(&rule)))
    })
    .await
}

/// `GET /groups/rules/{rule}`.
pub(super) async fn get(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&org.shapes.group_rule(&org.group_rule(&id)?))))
        .await
}

/// `PUT /groups/rules/{rule}`: only while it is inactive, and not its groups.
pub(super) async fn update(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let given = given(&body)?;
    call.write(move |org, administrator, now| {
        let rule = org.group_rule(&id)?.seq;
        let new = resolved(org, &given)?;
        let rule = directory::update(org.tx, administrator, rule, &new, now)?;
        Ok(Reply::ok(&org.shapes.group_rule(&rule)))
    })
    .await
}

/// `DELETE /groups/rules/{rule}?removeUsers=`: 202, because its people may leave later.
pub(super) async fn delete(call: Call, id: web::Path<String>) -> Answered {
    let removal = if call.flag("removeUsers")?.unwrap_or(false) {
        RuleRemoval::RemovePeople
    } else {
        RuleRemoval::KeepPeople
    };
    call.write(move |org, administrator, now| {
        let rule = org.group_rule(&id)?.seq;
        directory::delete(org.tx, administrator, rule, removal, now)?;
        Ok(Reply::empty(StatusCode::ACCEPTED))
    })
    .await
}

/// `POST /groups/rules/{rule}/lifecycle/{operation}`: 204.
pub(super) async fn lifecycle(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, operation) = path.into_inner();
    let operation = match operation.as_str() {
        "activate" => directory::activate,
        "deactivate" => directory::deactivate,
        other => return Err(super::call::missing("Operation", other)),
    };
    call.write(move |org, administrator, now| {
        let rule = org.group_rule(&id)?.seq;
        operation(org.tx, administrator, rule, now)?;
        Ok(Reply::none())
    })
    .await
}
