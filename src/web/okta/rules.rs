//! `/groups/rules`: group rules (part 3.5 of the Okta reference; shapes and statuses are those of the recordings of
//! Terraform's provider).

use actix_web::http::StatusCode;
use actix_web::web;
use serde_json::{Map, Value, json};

use super::body::{Body, at, text};
use super::call::{Answered, Call, Reply, missing};
use super::org::Org;
use super::shapes::Shapes;
use crate::directory::okta::rules::{self as directory, NewRule};
use crate::directory::okta::{Refusal, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{GroupRule, RuleRemoval, RuleStatus};
use crate::store::Reads;
use crate::store::okta::rules as rows;

/// Rules a page, and most of them.
const PAGE: (usize, usize) = (50, 200);
/// The only kind of rule, and the only language of conditions.
const KIND: &str = "group_rule";
const LANGUAGE: &str = "urn:okta:expression:1.0";
const SUBJECT: &str = "validateRule";

/// `GET /groups/rules`; `search` is a part of the name.
pub(super) async fn list(call: Call) -> Answered {
    let words = call.query("search").map(str::to_lowercase);
    call.list(OktaKind::GroupRule, PAGE, move |org, page| {
        // An org has few rules: all of them are read.
        let all = rows::all(org.tx, org.row)?;
        page.fill(
            |behind, count| {
                let rest = all.iter().filter(|rule| rule.seq > behind);
                Ok(rest.take(count).collect())
            },
            |rule| rule.seq,
            |rule| {
                let name = rule.name.to_lowercase();
                let called = words.as_ref().is_none_or(|words| name.contains(words));
                Ok(called.then(|| org.shapes.group_rule(rule)))
            },
        )
    })
    .await
}

/// What a body says: ids of groups and people are looked up later.
struct Wanted {
    name: String,
    expression: String,
    groups: Vec<String>,
    excluded: Vec<String>,
}

impl Wanted {
    fn read(members: &Map<String, Value>) -> Result<Self> {
        let one_of = |path: &[&str], only: &str| match text(members, path)? {
            Some(other) if other != only => Err(Refusal::field(
                SUBJECT,
                "type",
                format!("{other} is not {only}"),
            )),
            _ => Ok(()),
        };
        one_of(&["type"], KIND)?;
        one_of(&["conditions", "expression", "type"], LANGUAGE)?;
        let told = |path: &[&str]| Ok::<_, Refusal>(text(members, path)?.unwrap_or_default());
        let ids = |path: &[&str]| match at(members, path)? {
            None => Ok(Vec::new()),
            Some(given) => serde_json::from_value::<Vec<String>>(given.clone())
                .map_err(|_| Refusal::Unreadable),
        };
        if !ids(&["conditions", "people", "groups", "exclude"])?.is_empty() {
            let sentence = "A rule excludes people, not groups";
            return Err(Refusal::field(SUBJECT, "exclude", sentence));
        }
        Ok(Self {
            name: told(&["name"])?.to_owned(),
            expression: told(&["conditions", "expression", "value"])?.to_owned(),
            groups: ids(&["actions", "assignUserToGroups", "groupIds"])?,
            excluded: ids(&["conditions", "people", "users", "exclude"])?,
        })
    }

    fn within<T: Reads>(self, org: &Org<'_, T>) -> Result<NewRule> {
        let groups = self.groups.iter().map(|id| Ok(org.group(id)?.seq));
        let excluded = self.excluded.iter().map(|id| Ok(org.user(id)?.seq));
        Ok(NewRule {
            name: self.name,
            expression: self.expression,
            groups: groups.collect::<Result<_>>()?,
            excluded: excluded.collect::<Result<_>>()?,
        })
    }
}

/// `POST /groups/rules`: inactive.
pub(super) async fn create(call: Call, body: Body) -> Answered {
    let wanted = Wanted::read(&body.members()?)?;
    call.write(move |org, administrator, now| {
        let new = wanted.within(org)?;
        let rule = directory::create(org.tx, administrator, &new, now)?;
        Ok(Reply::ok(&org.shapes.group_rule(&rule)))
    })
    .await
}

/// `GET /groups/rules/{rule}`.
pub(super) async fn get(call: Call, id: web::Path<String>) -> Answered {
    call.read(move |org| Ok(Reply::ok(&org.shapes.group_rule(&org.rule(&id)?))))
        .await
}

/// `PUT /groups/rules/{rule}`: of an inactive rule, without its groups.
pub(super) async fn update(call: Call, id: web::Path<String>, body: Body) -> Answered {
    let wanted = Wanted::read(&body.members()?)?;
    call.write(move |org, administrator, now| {
        let rule = org.rule(&id)?.seq;
        let new = wanted.within(org)?;
        let rule = directory::update(org.tx, administrator, rule, &new, now)?;
        Ok(Reply::ok(&org.shapes.group_rule(&rule)))
    })
    .await
}

/// `POST /groups/rules/{rule}/lifecycle/activate` and `…/deactivate`.
pub(super) async fn lifecycle(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (id, operation) = path.into_inner();
    let active = match operation.as_str() {
        "activate" => true,
        "deactivate" => false,
        other => return Err(missing("Operation", other)),
    };
    call.write(move |org, administrator, now| {
        let rule = org.rule(&id)?.seq;
        if active {
            directory::activate(org.tx, administrator, rule, now)?;
        } else {
            directory::deactivate(org.tx, administrator, rule, now)?;
        }
        Ok(Reply::none())
    })
    .await
}

/// `DELETE /groups/rules/{rule}?removeUsers=`: of a rule that is not active.
pub(super) async fn delete(call: Call, id: web::Path<String>) -> Answered {
    let removal = match call.flag("removeUsers")? {
        Some(true) => RuleRemoval::RemovePeople,
        Some(false) | None => RuleRemoval::KeepPeople,
    };
    call.write(move |org, administrator, now| {
        directory::delete(org.tx, administrator, org.rule(&id)?.seq, removal, now)?;
        Ok(Reply::with_status(StatusCode::ACCEPTED, &json!({})))
    })
    .await
}

impl Shapes {
    /// A group rule.
    fn group_rule(&self, rule: &GroupRule) -> Value {
        let ids = |kind, rows: &[Seq]| {
            rows.iter()
                .map(|row| self.id(kind, *row))
                .collect::<Vec<_>>()
        };
        json!({
            "type": KIND,
            "id": self.id(OktaKind::GroupRule, rule.seq),
            "status": rule.status.name(),
            "name": rule.name,
            "created": rule.created,
            "lastUpdated": rule.last_updated,
            "conditions": {
                "people": {
                    "users": { "exclude": ids(OktaKind::User, &rule.excluded) },
                    "groups": { "exclude": [] },
                },
                "expression": { "value": rule.expression, "type": LANGUAGE },
            },
            "actions": { "assignUserToGroups": { "groupIds": ids(OktaKind::Group, &rule.groups) } },
            "allGroupsValid": rule.status != RuleStatus::Invalid,
        })
    }
}
