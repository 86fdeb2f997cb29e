//! App integrations: made from templates, configured, taken out of use, deleted (parts 2.1, 2.2 and 7.2 of the Okta
//! reference). What their *Provisioning* tab says is in the modules below.

mod integration;
mod profile_editor;

pub use integration::{
    BASE_URL_LIMIT, CONCURRENCY_LIMIT, Integration, MEMBERS_LIMIT, checked_base_url, configure,
    save_to_app, save_username, save_wire, set_rename_app_groups,
};
pub use profile_editor::{
    MappingChange, force_sync, put_attribute, remove_attribute, save_mappings,
};
pub(super) use profile_editor::{VARIABLE_LIMIT, check_variable};

use serde_json::{Map, Value};

use super::events::{self, Cause as Doer, Event, EventType, record};
use super::refusal::{BLANK, Refusal, Result};
use super::templates::Template;
use super::{orgs, push, push_rules};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::okta::{AppStatus, OktaApp, Provisioning, ToApp, ToOkta, UsernameTemplate, Wire};
use crate::store::okta::{
    AppKey, app_users, apps as rows, groups, imports, jobs, push_rules as rows_of_rules, tasks,
};
use crate::store::{Reads, Write};

/// Things of a deleted app that are taken away in one write.
const PIECE: usize = 1000;
/// Longest label, in characters.
pub const LABEL_LIMIT: usize = 100;
/// Most bytes of what has no effect.
const DESCRIBED_LIMIT: usize = 64 << 10;

/// The app in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, key: AppKey) -> Result<OktaApp> {
    rows::find(tx, key)?.ok_or_else(|| Refusal::not_found("AppInstance", key.app))
}

/// Makes an app from a template; it is active, and nothing is provisioned until API integration is enabled.
///
/// # Errors
/// `Invalid` for a label that is none, `NotFound` for the org, the store's.
pub fn create(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    template: &Template,
    label: &str,
    now: Timestamp,
) -> Result<OktaApp> {
    let org = orgs::get(tx, administrator.org)?;
    let label = checked_label(label)?;
    let app = OktaApp {
        seq: rows::next_seq(tx, org.seq)?,
        template: template.key.to_owned(),
        name: free_name(tx, org.seq, &org.subdomain, template, &label)?,
        label,
        flavour: template.flavour,
        status: AppStatus::Active,
        group_push: template.group_push,
        provisioning: Provisioning {
            enabled: false,
            base_url: String::new(),
            authentication: None,
            unique_field: "userName".to_owned(),
            import_groups: false,
        },
        to_app: ToApp::default(),
        to_okta: ToOkta::default(),
        username: UsernameTemplate::default(),
        attributes: template.attributes(),
        rename_app_groups: true,
        wire: Wire::default(),
        described: Map::new(),
        created: now,
        last_updated: now,
        removed: false,
    };
    rows::put(tx, org.seq, &app)?;
    tell(tx, administrator, EventType::AppCreate, &app, now)?;
    Ok(app)
}

/// Gives an app another label; its name stays.
///
/// # Errors
/// As [`create`]; `NotFound`.
pub fn rename(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    label: &str,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    app.label = checked_label(label)?;
    save(tx, administrator, key, app, now)
}

/// Keeps what the management API says of signing on and of the dashboard; it has no effect here.
///
/// # Errors
/// `Invalid` for more than 64 KiB of it, `NotFound`, the store's.
pub fn describe(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    described: Map<String, Value>,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    if app.described == described {
        return Ok(app);
    }
    if Value::Object(described.clone()).to_string().len() > DESCRIBED_LIMIT {
        let long = format!("An app is described by at most {DESCRIBED_LIMIT} bytes");
        return Err(Refusal::field("app", "settings", long));
    }
    app.described = described;
    save(tx, administrator, key, app, now)
}

/// Takes an app in or out of use. While it is inactive nothing is sent, and what changes then is not sent later either.
///
/// # Errors
/// `NotFound`, the store's.
pub fn set_status(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    status: AppStatus,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    if app.status == status {
        return Ok(app);
    }
    app.status = status;
    app.last_updated = now;
    rows::put(tx, key.org, &app)?;
    let kind = match status {
        AppStatus::Active => EventType::AppActivate,
        AppStatus::Inactive => EventType::AppDeactivate,
    };
    tell(tx, administrator, kind, &app, now)?;
    Ok(app)
}

/// Deletes an app: nobody sees it any more. What hangs on it is taken away by [`take_apart`]; accounts at the target
/// stay as they are.
///
/// # Errors
/// `Invalid` for an app that is active, `NotFound`, the store's.
pub fn delete(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    now: Timestamp,
) -> Result<()> {
    let mut app = get(tx, key)?;
    if app.status == AppStatus::Active {
        let sentence = "The app is active; deactivate it first";
        return Err(Refusal::field("app", "status", sentence));
    }
    app.removed = true;
    app.provisioning.authentication = None;
    app.last_updated = now;
    rows::put(tx, key.org, &app)?;
    tell(tx, administrator, EventType::AppDelete, &app, now)
}

/// Takes up to `limit` of each kind of thing away that hangs on a deleted app, and the app itself at the end; whether
/// there is more to do.
///
/// # Errors
/// The store's.
pub fn take_apart(tx: &Write<'_>, key: AppKey, limit: usize) -> Result<bool> {
    if rows::find(tx, key)?.is_some() {
        return Ok(false);
    }
    let mut more = false;
    for job in jobs::after(tx, key, Seq(0), limit)? {
        jobs::remove(tx, key, job.seq)?;
        more = true;
    }
    for assigned in app_users::after(tx, key, Seq(0), limit)? {
        for task in tasks::of_user(tx, key, assigned.user)? {
            if let Some(task) = tasks::find(tx, key.org, task)? {
                tasks::remove(tx, key.org, &task)?;
            }
        }
        app_users::remove(tx, key, assigned.user)?;
        more = true;
    }
    more |= imports::take_apart(tx, key, limit)?;
    if more {
        return Ok(true);
    }
    for group in app_users::groups(tx, key)? {
        app_users::remove_group(tx, key, group.group)?;
    }
    for mapping in push::all(tx, key)? {
        push::forget(tx, key, &mapping)?;
    }
    for rule in push_rules::all(tx, key)? {
        rows_of_rules::remove(tx, key, rule.seq)?;
    }
    let mut after = Seq(0);
    loop {
        let page = tasks::after(tx, key.org, after, limit.max(1))?;
        let Some(last) = page.last().map(|task| task.seq) else {
            break;
        };
        for task in page.iter().filter(|task| task.app == key.app) {
            tasks::remove(tx, key.org, task)?;
        }
        after = last;
    }
    let mut after = Seq(0);
    loop {
        let page = groups::after(tx, key.org, after, limit.max(1))?;
        let Some(last) = page.last().map(|group| group.seq) else {
            break;
        };
        for group in page.iter().filter(|group| group.app == Some(key.app)) {
            for member in groups::members(tx, key.org, group.seq, Seq(0), usize::MAX)? {
                groups::remove_member(tx, key.org, group.seq, member)?;
            }
            groups::remove(tx, key.org, group)?;
        }
        after = last;
    }
    rows::remove(tx, key)?;
    Ok(false)
}

/// Takes a piece of the first deleted app away; whether there may be more to do.
///
/// # Errors
/// The store's.
pub fn sweep(tx: &Write<'_>) -> Result<bool> {
    let deleted = rows::every(tx)?.into_iter().find(|(_, app)| app.removed);
    let Some((key, _)) = deleted else {
        return Ok(false);
    };
    take_apart(tx, key, PIECE)?;
    Ok(true)
}

/// Keeps a changed app.
pub(super) fn save(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    mut app: OktaApp,
    now: Timestamp,
) -> Result<OktaApp> {
    app.last_updated = now;
    rows::put(tx, key.org, &app)?;
    tell(tx, administrator, EventType::AppUpdate, &app, now)?;
    Ok(app)
}

/// Writes an event about an app down.
fn tell(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    kind: EventType,
    app: &OktaApp,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    let event = Event::success(kind, vec![events::app(tx.mix(), org, app)]);
    record(
        tx,
        org,
        Doer::Administrator(administrator),
        event,
        Vec::new(),
        now,
    )?;
    Ok(())
}

fn checked_label(label: &str) -> Result<String> {
    let label = label.trim();
    if label.is_empty() {
        return Err(Refusal::field("label", "label", BLANK));
    }
    if label.chars().count() > LABEL_LIMIT {
        let long = format!("The field is too long. It may have at most {LABEL_LIMIT} characters");
        return Err(Refusal::field("label", "label", long));
    }
    Ok(label.to_owned())
}

/// A name that no app of the org has: that of the template, with a number for further ones; apps of the wizard are
/// called after org and label.
fn free_name(
    tx: &impl Reads,
    org: Seq,
    subdomain: &str,
    template: &Template,
    label: &str,
) -> Result<String> {
    let stem = if template.chooses_actions {
        let plain: String = format!("{subdomain}_{label}")
            .to_lowercase()
            .chars()
            .filter(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))
            .collect();
        format!("{plain}_1")
    } else {
        template.key.to_owned()
    };
    let taken: Vec<String> = rows::every(tx)?
        .into_iter()
        .filter(|(key, _)| key.org == org)
        .map(|(_, app)| app.name)
        .collect();
    let free = |name: &String| !taken.contains(name);
    Ok(std::iter::once(stem.clone())
        .chain((2..=taken.len() + 2).map(|number| format!("{stem}_{number}")))
        .find(free)
        .unwrap_or(stem))
}
