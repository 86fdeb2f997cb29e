//! *Bulk Edit* of *Push Groups*: what would happen to how many of the groups that are ticked, and that it does (part
//! 1.11.6 of the Okta reference).

use std::collections::BTreeSet;

use actix_web::web;

use super::applications::HERE;
use super::push_forms::under;
use super::{Addresses, act_in_org, app_of, key, show_org};
use crate::directory::okta::push_bulk::{self, BulkEdit};
use crate::error::{Error, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{Org, PushMapping};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::ConfirmPage;
use crate::web::console::list::encoded;
use crate::web::console::parts::{Choice, counted};
use crate::web::rooms::{Answered, Done};

/// Groups whose names are told before it is done.
const NAMED: usize = 20;

const DELETE: BulkEdit = BulkEdit::Unlink {
    delete_target: true,
};
const LEAVE: BulkEdit = BulkEdit::Unlink {
    delete_target: false,
};

/// The actions: as an address calls each, its label, and what it does.
const ACTIONS: [(&str, &str, BulkEdit); 4] = [
    ("deactivate", "Deactivate group push", BulkEdit::Deactivate),
    ("activate", "Activate group push", BulkEdit::Activate),
    (
        "delete",
        "Unlink: Delete the group in the target app",
        DELETE,
    ),
    ("leave", "Unlink: Leave the group in the target app", LEAVE),
];

/// What the list offers; without API integration nothing is pushed or waits, and groups can be unlinked only.
pub(super) fn choices(provisions: bool) -> Vec<Choice> {
    ACTIONS
        .into_iter()
        .filter(|(_, _, edit)| provisions || matches!(edit, BulkEdit::Unlink { .. }))
        .map(|(name, label, _)| Choice::new(name, label))
        .collect()
}

/// The parts of the address: an action, and the ids of the groups that are ticked.
type Sent = Vec<(String, String)>;

/// Which action is asked for, as an address calls it, and for which pushed groups.
fn wanted(addresses: Addresses, sent: &Sent) -> Result<(&'static str, BulkEdit, BTreeSet<Seq>)> {
    let of = |name: &'static str| {
        let parts = sent.iter().filter(move |(part, _)| part == name);
        parts.map(|(_, value)| value.as_str())
    };
    let rows = of("mapping")
        .map(|id| addresses.row(OktaKind::PushMapping, "Pushed group", id))
        .collect::<Result<_>>()?;
    let action = of("action").next().unwrap_or_default();
    ACTIONS
        .into_iter()
        .find(|(name, _, _)| *name == action)
        .map(|(name, _, edit)| (name, edit, rows))
        .ok_or_else(|| Error::not_found("Action", ""))
}

/// `3 groups are`.
fn groups_are(count: usize) -> String {
    counted(count as u64, "group is", "groups are")
}

/// What happens to so many groups, as a sentence.
fn outcome(edit: BulkEdit, count: usize) -> String {
    let groups = groups_are(count);
    match edit {
        BulkEdit::Activate => format!("{groups} pushed from now on."),
        BulkEdit::Deactivate => format!("{groups} no longer pushed."),
        BulkEdit::Unlink { .. } => format!("{groups} unlinked."),
    }
}

/// What follows from it.
const fn next(edit: BulkEdit) -> &'static str {
    match edit {
        BulkEdit::Activate => "What changed meanwhile is pushed at once.",
        BulkEdit::Deactivate => "What changes in Okta waits until the push is activated.",
        DELETE => {
            "What was pushed is deleted in the target app. Groups in Okta stay, and their people too."
        }
        BulkEdit::Unlink { .. } => {
            "What was pushed stays in the target app, and groups in Okta too."
        }
    }
}

/// Of those that would not change.
fn rest(edit: BulkEdit, count: usize) -> Option<String> {
    let state = match edit {
        BulkEdit::Activate => "active",
        BulkEdit::Deactivate => "inactive",
        BulkEdit::Unlink { .. } => return None,
    };
    (count > 0).then(|| format!("{} {state} already.", groups_are(count)))
}

/// The names, as far as they are told.
fn names(mappings: &[PushMapping]) -> String {
    let told = mappings.iter().take(NAMED);
    let told: Vec<&str> = told.map(|mapping| mapping.target_name.as_str()).collect();
    let more = mappings.len().saturating_sub(told.len());
    match more {
        0 => told.join(", "),
        _ => format!("{} and {more} more", told.join(", ")),
    }
}

fn question(tx: &Snapshot, who: &Who, org: &Org, id: &str, sent: &Sent) -> Result<ConfirmPage> {
    let app = app_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let (action, edit, rows) = wanted(addresses, sent)?;
    let refused = |detail: &str| Error::Conflict {
        attribute: "mapping",
        detail: detail.into(),
    };
    if rows.is_empty() {
        return Err(refused("Go back and select at least one pushed group."));
    }
    let mut concerned = push_bulk::chosen(tx, key(org, app.seq), &rows)?;
    let there = concerned.len();
    concerned.retain(|mapping| edit.concerns(mapping));
    if concerned.is_empty() {
        return Err(refused(
            "None of the selected groups would change. Go back and select others.",
        ));
    }
    let count = counted(concerned.len() as u64, "group", "groups");
    let (title, verb) = match edit {
        BulkEdit::Activate => (format!("Activate the push of {count}?"), "Activate"),
        BulkEdit::Deactivate => (format!("Deactivate the push of {count}?"), "Deactivate"),
        BulkEdit::Unlink { .. } => (format!("Unlink {count}?"), "Unlink"),
    };
    let mut consequences = vec![outcome(edit, concerned.len()), next(edit).to_owned()];
    consequences.extend(rest(edit, there - concerned.len()));
    let here = format!("{}/push-groups", addresses.app(app.seq));
    let ids = concerned.iter().map(|mapping| {
        let id = addresses.id(OktaKind::PushMapping, mapping.seq);
        format!("&mapping={}", encoded(id.as_str()))
    });
    Ok(ConfirmPage {
        page: under(who, addresses, &app, &title),
        lead: names(&concerned),
        consequences,
        danger: edit == DELETE,
        ask: None,
        action: format!("{here}/bulk?action={action}{}", ids.collect::<String>()),
        submit: verb.into(),
        cancel: here,
    })
}

/// What would happen to the groups that are ticked.
pub(in crate::web::rooms) async fn ask(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    sent: web::Query<Sent>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        question(tx, who, org, &id, &sent)
    })
    .await
}

/// It does.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    sent: web::Query<Sent>,
) -> Answered {
    let back = format!("{HERE}/{id}/push-groups");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let (_, edit, rows) = wanted(Addresses::new(tx, org), &sent)?;
        let key = key(org, app.seq);
        let changed = push_bulk::edit(tx, administrator, key, &rows, edit, now)?.len();
        Ok(match changed {
            0 => Done::new("None of these groups was to be changed any more.", ""),
            _ => Done::new(outcome(edit, changed), next(edit)),
        })
    })
    .await
}
