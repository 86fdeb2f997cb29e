//! *Push Groups* of an app: the list and its buttons (part 1.11.6 of the Okta reference).

use actix_web::web;
use serde::Deserialize;

use super::applications::{HERE, frame, has, status_pill};
use super::{Addresses, act_in_org, app_of, catalog, key, push_bulk, show_org};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::{apps, push, push_rules};
use crate::error::{Error, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{JobKind, OktaApp, Org, PushMapping, PushMappingStatus, PushRule};
use crate::store::okta::{AppKey, groups, jobs};
use crate::store::{Reads, Snapshot, Write};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, ListUrl, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::push_groups::{BulkBar, PushGroupsPage, PushRow, PushRuleRow};
use crate::web::console::parts::{Link, Moment, Notice, Pill, Toggle, Tone, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done};

/// Jobs of a queue that are looked at to tell what is being pushed.
const JOBS: usize = 1_000;

/// What is ticked for *Bulk Edit* when the page is opened.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Selected {
    select: String,
}

impl Selected {
    const ALL: &str = "all";

    /// The bar above the list, whose page is `page`.
    fn bar(&self, app: &OktaApp, here: &str, page: &ListUrl) -> BulkBar {
        let all = self.select == Self::ALL;
        let turned = if all { "" } else { Self::ALL };
        BulkBar {
            action: format!("{here}/bulk"),
            choices: push_bulk::choices(app.provisions()),
            all,
            turn: page.with("select", turned).to_string(),
        }
    }
}

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    selected: web::Query<Selected>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, (&id, &ask, &selected), now)
    })
    .await
}

/// Why nothing can be pushed.
fn note(app: &OktaApp) -> Option<Notice> {
    if !app.group_push {
        return Some(Notice::new(
            Tone::Info,
            catalog::no_group_push(&app.label),
            "Choose an app of the catalogue that has it, such as SCIM 2.0 Test App (Header Auth).",
        ));
    }
    (!app.provisions()).then(|| {
        Notice::new(
            Tone::Info,
            "Provisioning is not enabled, so no group can be pushed.",
            "Enable API integration on the Provisioning tab.",
        )
    })
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, ask, selected): (&str, &Ask, &Selected),
    now: Timestamp,
) -> Result<PushGroupsPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let here = format!("{base}/push-groups");
    let all = push::all(tx, key(org, app.seq))?;
    let (url, part, total) = (ask.url(&here), ask.part_in_order(PAGE), all.len() as u64);
    let busy = busy(tx, key(org, app.seq))?;
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let rules = push_rules::all(tx, key(org, app.seq))?;
    let mut rows = Vec::new();
    for mapping in all.iter().skip(skip).take(part.limit) {
        rows.extend(row(tx, org, &app, (mapping, &rules), &busy, now)?);
    }
    let this = url.with("page", &ask.page().to_string());
    let bulk = (!rows.is_empty()).then(|| selected.bar(&app, &here, &this));
    let find = if app.group_push && app.provisions() {
        format!("{here}/find")
    } else {
        String::new()
    };
    let what = "Rename app groups to match group name in Okta";
    let rename = Toggle::posting(what, app.rename_app_groups, format!("{here}/rename"));
    Ok(PushGroupsPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::PushGroups, has(&app)),
        rename: app.group_push.then_some(rename),
        note: note(&app),
        rules: rules
            .iter()
            .map(|rule| rule_row(&here, tx, org, &app, rule, &all))
            .collect(),
        find_by_rule: if find.is_empty() {
            String::new()
        } else {
            format!("{here}/rules/new")
        },
        rows,
        bulk,
        list: List {
            caption: "Pushed groups".into(),
            filter: None,
            columns: vec![
                Column::new("Group in Okta"),
                Column::wide("Group in the app"),
                Column::new("Push status"),
                Column::wide("Last push"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No group is pushed",
                    "A pushed group is made at the app, with those of its people who have an account there.",
                    Link::new("Find groups by name", &find),
                ),
            ),
        },
        find,
    })
}

/// A rule, and how many groups it pushes.
fn rule_row(
    here: &str,
    tx: &impl Reads,
    org: &Org,
    app: &OktaApp,
    rule: &PushRule,
    all: &[PushMapping],
) -> PushRuleRow {
    let id = Addresses::new(tx, org).id(OktaKind::PushRule, rule.seq);
    let at = format!("{here}/rules/{id}");
    let only = |what: &str| {
        if app.provisions() {
            format!("{at}/{what}")
        } else {
            String::new()
        }
    };
    let words = [
        ("Group name", &rule.group_name),
        ("description", &rule.description),
    ]
    .into_iter()
    .filter_map(|(of, wanted)| {
        let wanted = wanted.as_ref()?;
        Some(format!(
            "{of} {} \u{201c}{}\u{201d}",
            wanted.how.label(),
            wanted.text
        ))
    });
    let pushes = all
        .iter()
        .filter(|made| made.rule == Some(rule.seq))
        .count();
    let (status, verb, change) = if rule.active {
        (Pill::new(Tone::Good, "Active"), "Deactivate", "deactivate")
    } else {
        (Pill::new(Tone::Quiet, "Inactive"), "Activate", "activate")
    };
    PushRuleRow {
        name: rule.name.clone(),
        criteria: words.collect::<Vec<_>>().join(" and "),
        pushes: counted(pushes as u64, "group", "groups"),
        status,
        change: only(change),
        verb,
        edit: only("edit"),
        delete: format!("{at}/delete"),
    }
}

/// Mappings for which something waits to be sent.
fn busy(tx: &impl Reads, key: AppKey) -> Result<Vec<Seq>> {
    Ok(jobs::after(tx, key, Seq(0), JOBS)?
        .into_iter()
        .filter_map(|job| match job.kind {
            JobKind::PushGroup { mapping }
            | JobKind::RenameGroup { mapping }
            | JobKind::PushMembers { mapping }
            | JobKind::PushAllMembers { mapping } => Some(mapping),
            _ => None,
        })
        .collect())
}

fn row(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    (mapping, rules): (&PushMapping, &[PushRule]),
    busy: &[Seq],
    now: Timestamp,
) -> Result<Option<PushRow>> {
    let Some(group) = groups::find(tx, org.seq, mapping.group)? else {
        return Ok(None);
    };
    let addresses = Addresses::new(tx, org);
    let id = addresses.id(OktaKind::PushMapping, mapping.seq);
    let here = format!("{}/push-groups/{id}", addresses.app(app.seq));
    let to = |applies: bool, what: &str| {
        if applies && app.provisions() {
            format!("{here}/{what}")
        } else {
            String::new()
        }
    };
    let status = match mapping.status {
        PushMappingStatus::Active if busy.contains(&mapping.seq) => {
            Pill::new(Tone::Info, "Pushing")
        }
        PushMappingStatus::Active => Pill::new(Tone::Good, "Active"),
        PushMappingStatus::Inactive => Pill::new(Tone::Quiet, "Inactive"),
        PushMappingStatus::Error => Pill::new(Tone::Bad, "Error"),
    };
    Ok(Some(PushRow {
        id: id.to_string(),
        group: Link::new(group.name, addresses.group(group.seq)),
        rule: rules
            .iter()
            .find(|rule| Some(rule.seq) == mapping.rule)
            .map_or_else(String::new, |rule| rule.name.clone()),
        target: mapping.target_name.clone(),
        status,
        error: mapping.error.clone().unwrap_or_default(),
        pushed: mapping.last_push.map(|at| Moment::new(at, now)),
        push: to(mapping.status != PushMappingStatus::Inactive, "push"),
        activate: to(mapping.status != PushMappingStatus::Active, "activate"),
        deactivate: to(mapping.status != PushMappingStatus::Inactive, "deactivate"),
        unlink: format!("{here}/unlink"),
    }))
}

/// The mapping with an id.
pub(super) fn mapping_of(
    tx: &impl Reads,
    org: &Org,
    app: &OktaApp,
    id: &str,
) -> Result<PushMapping> {
    let row = Addresses::new(tx, org).row(OktaKind::PushMapping, "Pushed group", id)?;
    Ok(push::get(tx, key(org, app.seq), row)?)
}

/// *Push now*, *Activate*, *Deactivate*.
pub(in crate::web::rooms) async fn change(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Answered {
    type Operation = fn(
        &Write<'_>,
        &OrgAdministrator,
        AppKey,
        Seq,
        Timestamp,
    ) -> crate::directory::okta::Result<PushMapping>;
    let (id, mapping, name) = path.into_inner();
    let (operation, said): (Operation, &str) = match name.as_str() {
        "push" => (push::push_now, "is pushed now"),
        "activate" => (push::activate, "is pushed from now on"),
        "deactivate" => (push::deactivate, "is no longer pushed"),
        _ => return Err(Error::not_found("Action", "").into()),
    };
    let back = format!("{HERE}/{id}/push-groups");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let mapping = mapping_of(tx, org, &app, &mapping)?;
        let key = key(org, app.seq);
        let mapping = operation(tx, administrator, key, mapping.seq, now)?;
        Ok(Done::new(format!("{} {said}.", mapping.target_name), ""))
    })
    .await
}

/// *Rename app groups to match group name in Okta*.
pub(in crate::web::rooms) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{id}/push-groups");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let (key, on) = (key(org, app.seq), !app.rename_app_groups);
        apps::set_rename_app_groups(tx, administrator, key, on, now)?;
        let what = if on {
            "App groups are renamed with their groups in Okta."
        } else {
            "App groups keep their names."
        };
        Ok(Done::new(what, ""))
    })
    .await
}
