//! `provisionOnDemand`: one person, or one group with a few of its members, now (entra.md 6.5).

use actix_web::web;
use serde_json::json;

use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, bad};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{JobPlace, Need};
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::mapping::entra::schema::{Members, Problems, rule_ids};
use crate::model::{Direction, Job, ObjectKind, ObjectRef};
use crate::store::{Reads, Snapshot, directory};
use crate::sync::on_demand::{self, Subject};
use crate::sync::summary::Surroundings;
use crate::sync::summary::on_demand::key_and_value;

/// What newer jobs have behind the ids of their rules.
const NEWER: &str = "#V2";

/// An object that a body names: id and kind, and where.
struct Named {
    id: Guid,
    kind: ObjectKind,
    path: String,
}

/// What is asked.
struct Asked {
    rule: String,
    subject: Named,
    members: Vec<Named>,
}

impl Asked {
    fn read(body: &Members<'_>, problems: &mut Problems) -> Option<Self> {
        let parameters = only(body, "parameters", problems)?;
        let rule = parameters.required_text("ruleId", problems);
        let subject = only(&parameters, "subjects", problems)?;
        let mut members = Vec::new();
        if let Some(links) = subject.get("links").and_then(|at| at.members(problems)) {
            for at in links.list("members", problems) {
                members.extend(at.members(problems).and_then(|m| Named::read(&m, problems)));
            }
        }
        Some(Self {
            subject: Named::read(&subject, problems)?,
            rule: rule?,
            members,
        })
    }

    /// Whom it means in the directory.
    fn subject(&self, tx: &impl Reads, tenant: Seq) -> Result<Subject, GraphFailure> {
        let object = self.subject.find(tx, tenant)?;
        match object.kind {
            ObjectKind::User => Ok(Subject::user(object.seq)),
            ObjectKind::Group => {
                let members = self.members.iter().map(|member| member.find(tx, tenant));
                let members = members.collect::<Result<_, _>>()?;
                Ok(Subject::group(object.seq, members)?)
            }
        }
    }
}

/// The one element of a list.
fn only<'a>(members: &Members<'a>, name: &str, problems: &mut Problems) -> Option<Members<'a>> {
    let mut list = members.list(name, problems);
    if list.len() != 1 {
        let reason = format!("expected one element, found {}", list.len());
        problems.note(&members.path_of(name), reason);
        return None;
    }
    list.pop()?.members(problems)
}

impl Named {
    fn read(members: &Members<'_>, problems: &mut Problems) -> Option<Self> {
        let id = members.required_text("objectId", problems);
        let kind = members.required_text("objectTypeName", problems);
        let kind = Subject::kind_of(&kind?)
            .map_err(|error| problems.note(&members.path_of("objectTypeName"), error.to_string()))
            .ok();
        let id = id?
            .parse()
            .map_err(|_| problems.note(&members.path_of("objectId"), "is no object id: a GUID"))
            .ok();
        Some(Self {
            id: id?,
            kind: kind?,
            path: members.path.clone(),
        })
    }

    fn find(&self, tx: &impl Reads, tenant: Seq) -> Result<ObjectRef, GraphFailure> {
        let found = directory::object_by_id(tx, tenant, &self.id)?
            .ok_or_else(|| GraphFailure::Resource(self.id.to_string()))?;
        if found.kind == self.kind {
            return Ok(found);
        }
        Err(bad(&format!(
            "The request body is wrong: {}.objectTypeName: the object {} is a {}.",
            self.path,
            self.id,
            found.kind.name()
        )))
    }
}

fn check_rule(job: &Job, rule: &str) -> Result<(), GraphFailure> {
    let plain = |id: &str| id.strip_suffix(NEWER).unwrap_or(id).to_ascii_lowercase();
    let known = rule_ids(&job.rules);
    if known.iter().any(|known| plain(known) == plain(rule)) {
        return Ok(());
    }
    Err(bad(&format!(
        "The request body is wrong: parameters[0].ruleId: the schema has no rule '{}'; it has {}.",
        rule.chars().take(100).collect::<String>(),
        known.join(", ")
    )))
}

/// Provisions somebody. The answer is 200 whatever came of it.
pub(super) async fn post(
    call: Call,
    path: web::Path<(String, String, String)>,
    sent: Sent,
) -> Answered {
    let (_, principal, job) = path.into_inner();
    let (asked, sent) = (call.clone(), body::bytes(sent)?);
    let (key, value) = call
        .app
        .run(move |app| -> Result<_, GraphFailure> {
            let (place, subject) = {
                let tx: Snapshot = app.store.read()?;
                let place = JobPlace::of(&asked, &tx, (&principal, &job), Need::Provision)?;
                if place.job.direction == Direction::Inbound {
                    return Err(bad(
                        "On-demand provisioning is not available for jobs of API-driven provisioning: upload the user instead.",
                    ));
                }
                let wanted = body::read(&sent, Asked::read)?;
                check_rule(&place.job, &wanted.rule)?;
                let subject = wanted.subject(&tx, asked.client.tenant)?;
                (place, subject)
            };
            // No snapshot is open while the target is asked.
            let by = asked.client.name.as_str();
            let context = app.agent.context();
            let report = on_demand::provision(context, place.key, &subject, by, false)?;
            let tx = app.store.read()?;
            let tenant = directory::tenant(&tx, place.key.tenant)?
                .ok_or_else(|| Error::not_found("tenant", place.key.tenant))?;
            let of = Surroundings::new(tx.mix(), &tenant, &place.application, &place.job);
            Ok(key_and_value(&report, &of))
        })
        .await?;
    Ok(odata::entity(
        &call,
        "microsoft.graph.stringKeyStringValuePair",
        json!({ "key": key, "value": value }),
    ))
}
