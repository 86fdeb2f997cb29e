//! The rooms of the mock Okta: people, groups, applications, tasks and the System Log of an org.
//!
//! Objects are addressed by their Okta ids. Pages show the org that the session chose, or else the oldest; before there
//! is one, every page leads to the dashboard, where one is made.

pub(super) mod app_profile_forms;
pub(super) mod application_forms;
pub(super) mod applications;
pub(super) mod assign;
pub(super) mod assignment_forms;
pub(super) mod assignments;
pub(super) mod catalog;
mod custom_fields;
pub(super) mod dashboard;
mod form;
pub(super) mod group_forms;
pub(super) mod groups;
pub(super) mod import;
pub(super) mod import_choice;
pub(super) mod integration;
pub(super) mod integration_test;
pub(super) mod mappings;
pub(super) mod orgs;
pub(super) mod people;
pub(super) mod people_forms;
mod picker;
pub(super) mod profile_editor;
pub(super) mod profile_forms;
pub(super) mod push_bulk;
pub(super) mod push_forms;
pub(super) mod push_groups;
pub(super) mod push_rule_forms;
pub(super) mod rule_forms;
pub(super) mod rules;
pub(super) mod scenarios;
pub(super) mod sign_on;
pub(super) mod system_log;
pub(super) mod tasks;
pub(super) mod to_app;
pub(super) mod to_okta;
pub(super) mod to_okta_form;
pub(super) mod to_okta_mapping;
pub(super) mod tokens;
pub(super) mod wire;

use std::collections::HashMap;

use askama::Template;

use super::{Answered, Done, act, see_other, show};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{IdMix, OktaId, OktaKind, Seq};
use crate::model::okta::{OktaApp, OktaGroup, OktaUser, Org};
use crate::store::okta::{AppKey, apps, groups as group_rows, orgs as org_rows, users};
use crate::store::{Reads, Snapshot, Write};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;

/// What was typed, by field.
type Typed = HashMap<String, String>;

fn text_of<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", |text| text.trim())
}

/// Fills a page about the org that is shown; leads to the dashboard when there is none.
async fn show_org<T, F>(app: &App, signed: SignedIn, load: F) -> Answered
where
    T: Template,
    F: FnOnce(&Snapshot, &Who, &Org, Timestamp) -> Result<T> + Send + 'static,
{
    let who = signed.for_page();
    let Some(org) = who.org() else {
        return Ok(see_other(Room::OktaDashboard.href()));
    };
    show(app, move |tx, now| load(tx, &who, &org_at(tx, org)?, now)).await
}

fn org_at(tx: &impl Reads, org: Seq) -> Result<Org> {
    org_rows::find(tx, org)?.ok_or_else(|| Error::not_found("Org", ""))
}

/// The org that somebody's pages show.
fn org_of(tx: &impl Reads, who: &Who) -> Result<Org> {
    match who.org() {
        Some(org) => org_at(tx, org),
        None => Err(Error::Conflict {
            attribute: "org",
            detail: "This appliance has no Okta org yet. Create an org first.".into(),
        }),
    }
}

/// Changes something in the org that is shown, in one write, and wakes the agent: something may have to be sent.
async fn write_in_org<T, F>(app: &App, signed: &SignedIn, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&Write<'_>, &Org, &OrgAdministrator, Timestamp) -> Result<T> + Send + 'static,
{
    let (who, now) = (signed.who(), app.now());
    let done = app
        .write(move |tx| {
            let who = who.still(tx)?;
            let org = org_of(tx, &who)?;
            work(tx, &org, &administrator(&who, &org)?, now)
        })
        .await;
    app.agent.wake();
    done
}

/// The same for a click, which leads to `back` with a notice: of what was done, or of why not.
async fn act_in_org<F>(app: &App, signed: SignedIn, back: String, work: F) -> Answered
where
    F: FnOnce(&Write<'_>, &Org, &OrgAdministrator, Timestamp) -> Result<Done> + Send + 'static,
{
    let done = act(app, signed, back, move |tx, who, now| {
        let org = org_of(tx, who)?;
        work(tx, &org, &administrator(who, &org)?, now)
    })
    .await;
    app.agent.wake();
    done
}

/// The proof that somebody may administer an org.
fn administrator(who: &Who, org: &Org) -> Result<OrgAdministrator> {
    Ok(OrgAdministrator::of(who.operator()?, org.seq))
}

/// Ids and addresses of what an org has.
#[derive(Clone, Copy)]
struct Addresses {
    mix: IdMix,
    org: Seq,
}

impl Addresses {
    fn new(tx: &impl Reads, org: &Org) -> Self {
        Self {
            mix: tx.mix(),
            org: org.seq,
        }
    }

    fn id(self, kind: OktaKind, row: Seq) -> OktaId {
        OktaId::of_row(self.mix, kind, self.org, row)
    }

    fn user(self, row: Seq) -> String {
        format!("/okta/people/{}", self.id(OktaKind::User, row))
    }

    fn group(self, row: Seq) -> String {
        format!("/okta/groups/{}", self.id(OktaKind::Group, row))
    }

    fn app(self, row: Seq) -> String {
        format!("/okta/applications/{}", self.id(OktaKind::App, row))
    }

    /// The row behind an id of this kind.
    fn row(self, kind: OktaKind, noun: &'static str, id: &str) -> Result<Seq> {
        let id = id.parse::<OktaId>().ok();
        id.and_then(|id| id.row(self.mix, kind, self.org))
            .ok_or_else(|| Error::not_found(noun, ""))
    }
}

/// The id of an org.
fn org_id(tx: &impl Reads, org: Seq) -> OktaId {
    OktaId::of_row(tx.mix(), OktaKind::Org, Seq(0), org)
}

fn user_of(tx: &impl Reads, org: &Org, id: &str) -> Result<OktaUser> {
    let row = Addresses::new(tx, org).row(OktaKind::User, "User", id)?;
    users::find(tx, org.seq, row)?.ok_or_else(|| Error::not_found("User", ""))
}

fn group_of(tx: &impl Reads, org: &Org, id: &str) -> Result<OktaGroup> {
    let row = Addresses::new(tx, org).row(OktaKind::Group, "Group", id)?;
    group_rows::find(tx, org.seq, row)?.ok_or_else(|| Error::not_found("Group", ""))
}

fn app_of(tx: &impl Reads, org: &Org, id: &str) -> Result<OktaApp> {
    let row = Addresses::new(tx, org).row(OktaKind::App, "Application", id)?;
    apps::find(tx, key(org, row))?.ok_or_else(|| Error::not_found("Application", ""))
}

fn key(org: &Org, app: Seq) -> AppKey {
    AppKey { org: org.seq, app }
}
