//! The question before scoping filters change: who enters, who leaves, and what follows in the target.
//!
//! The whole directory is looked at, page by page, each from a fresh snapshot. A look that takes too long ends early,
//! and the page says how far it came.

use std::time::Duration;

use super::super::super::super::App;
use super::super::super::super::auth::Who;
use super::super::super::super::console::entra::mappings::scope::{
    MovedRow, MovementCard, ScopeConfirmPage,
};
use super::super::super::super::console::parts::{Fact, Link, Notice, Pill, Tone, thousands};
use super::{Loaded, counted_objects};
use crate::clock::Stopwatch;
use crate::error::Result;
use crate::mapping::entra::{ScopingFilter, in_scope};
use crate::model::{Direction, ObjectKind};
use crate::sync::preview::{self, Moved, Movement, ScopeChange, Uploaded};
use crate::sync::reconcile::Decision;

/// Names shown in each direction.
const NAMES: usize = 50;
/// Objects looked at through one snapshot.
const PAGE: usize = 1_000;
/// How long somebody waits for the answer at most.
const PATIENCE: Duration = Duration::from_secs(6);

/// What the question is about.
pub(super) struct Question {
    pub(super) kind: ObjectKind,
    pub(super) title: String,
    pub(super) filters: Vec<ScopingFilter>,
    pub(super) action: String,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) submit: &'static str,
    pub(super) can_change: bool,
}

/// Looks at the directory and asks.
pub(super) fn ask(
    app: &App,
    who: &Who,
    application: &str,
    question: Question,
) -> Result<ScopeConfirmPage> {
    let loaded = Loaded::of_kind(&app.store.read()?, application, question.kind)?;
    if loaded.job.direction == Direction::Inbound {
        return ask_of_uploads(app, who, &loaded, question);
    }
    let mut change = ScopeChange::new(question.kind, question.filters, NAMES);
    let watch = Stopwatch::start();
    while !change.is_complete() && watch.elapsed() < PATIENCE {
        change.look(&app.store.read()?, loaded.key, &loaded.job, PAGE)?;
    }
    let kind = question.kind;
    let cancel = format!("{}/scope", loaded.object(kind));
    let lead = format!(
        "{} looked at. Nothing is saved yet.",
        match change.looked_at {
            1 => format!("{} was", counted_objects(kind, 1)),
            many => format!("{} were", counted_objects(kind, many)),
        }
    );
    let leaving = change.leaves.disabled + change.leaves.deleted;
    Ok(ScopeConfirmPage {
        page: loaded
            .within(who, kind, &question.title)
            .under("Source Object Scope", &cancel),
        lead,
        partly: partly(kind, &change),
        facts: vec![
            Fact::text("Stay in scope", thousands(change.stays)),
            Fact::text("Enter", thousands(change.enters.count)),
            Fact::text("Leave", thousands(change.leaves.count)),
        ],
        consequences: consequences(&loaded, kind, leaving),
        movements: vec![
            card(kind, "Leave", &change.leaves, leaves(&change.leaves)),
            card(kind, "Enter", &change.enters, enters(&change.enters)),
        ],
        danger: leaving > 0,
        action: question.action,
        hidden: question.hidden,
        submit: question.submit,
        can_change: question.can_change,
        cancel,
    })
}

/// The same for an inbound job, whose people are known by its latest uploads alone.
fn ask_of_uploads(
    app: &App,
    who: &Who,
    loaded: &Loaded,
    question: Question,
) -> Result<ScopeConfirmPage> {
    let people = preview::uploaded(&app.store.read()?, loaded.key, "", usize::MAX)?;
    let passes = |filters: &[ScopingFilter]| {
        let in_scope = |one: &&Uploaded| in_scope(filters, &one.source).in_scope;
        thousands(people.iter().filter(in_scope).count() as u64)
    };
    let cancel = format!("{}/scope", loaded.object(question.kind));
    Ok(ScopeConfirmPage {
        page: loaded
            .within(who, question.kind, &question.title)
            .under("Source Object Scope", &cancel),
        lead: "People of the latest uploads were looked at. Nothing is saved yet.".into(),
        partly: None,
        facts: vec![
            Fact::text("People of the latest uploads", thousands(people.len() as u64)),
            Fact::text(
                "In scope now",
                passes(&loaded.mapping(question.kind).scope),
            ),
            Fact::text("In scope then", passes(&question.filters)),
        ],
        consequences: vec![
            "Filters are asked of everybody who is uploaded from now on.".into(),
            "Whoever does not pass is skipped: a user who is in the directory already stays as it is.".into(),
        ],
        movements: Vec::new(),
        danger: false,
        action: question.action,
        hidden: question.hidden,
        submit: question.submit,
        can_change: question.can_change,
        cancel,
    })
}

fn partly(kind: ObjectKind, change: &ScopeChange) -> Option<Notice> {
    (!change.is_complete()).then(|| {
        Notice::new(
            Tone::Warn,
            format!(
                "Only the first {} of {} were looked at: it took too long.",
                thousands(change.looked_at),
                counted_objects(kind, change.total)
            ),
            "The counts below are of those. The others enter and leave by the same rules.",
        )
    })
}

fn consequences(loaded: &Loaded, kind: ObjectKind, leaving: u64) -> Vec<String> {
    let mapping = loaded.mapping(kind);
    let settings = &loaded.job.settings;
    let mut all = vec![
        "The next cycle is an initial one: everybody in the directory is looked at again."
            .to_owned(),
    ];
    all.push(if !mapping.enabled {
        "This object mapping is switched off, so nothing follows until it is enabled.".to_owned()
    } else if settings.skip_out_of_scope_deletions {
        "SkipOutOfScopeDeletions is on: whoever leaves is left as it is in the target.".to_owned()
    } else if mapping.soft_delete().is_some() && mapping.actions.update {
        "Whoever leaves is disabled in the target, and enabled again when it comes back.".to_owned()
    } else if mapping.soft_delete().is_some() {
        "Update is switched off, so whoever leaves is left as it is in the target.".to_owned()
    } else if mapping.actions.delete {
        "No mapping tells the target of disabled objects, so whoever leaves is deleted there."
            .to_owned()
    } else {
        "Delete is switched off, so whoever leaves is left as it is in the target.".to_owned()
    });
    if let Some(threshold) = settings.delete_threshold.filter(|most| leaving > *most) {
        all.push(format!(
            "That is more than the {} disablings and deletions that one cycle may do: they are held back until somebody allows them.",
            thousands(threshold)
        ));
    }
    all
}

/// `3 are deleted`, `1 is deleted`.
fn are(count: u64, what: &str) -> Option<String> {
    (count > 0).then(|| {
        let verb = if count == 1 { "is" } else { "are" };
        format!("{} {verb} {what}", thousands(count))
    })
}

fn leaves(movement: &Movement) -> Vec<String> {
    [
        are(movement.disabled, "disabled in the target."),
        are(movement.deleted, "deleted from the target."),
        are(
            movement.untouched(),
            "left alone: not in the target, or already disabled there.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn enters(movement: &Movement) -> Vec<String> {
    [
        are(
            movement.created,
            "looked for in the target, and created where nothing is found.",
        ),
        are(
            movement.updated,
            "updated in the target, and enabled again.",
        ),
        are(
            movement.disabled + movement.deleted + movement.untouched(),
            "left out: the account is disabled, or an action is switched off.",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn card(
    kind: ObjectKind,
    title: &'static str,
    movement: &Movement,
    follows: Vec<String>,
) -> MovementCard {
    let hidden = movement.count - movement.first.len() as u64;
    MovementCard {
        title,
        count: counted_objects(kind, movement.count),
        follows,
        rows: movement
            .first
            .iter()
            .map(|moved| row(kind, moved))
            .collect(),
        more: if hidden == 0 {
            String::new()
        } else {
            format!("{} more are not shown.", thousands(hidden))
        },
    }
}

fn row(kind: ObjectKind, moved: &Moved) -> MovedRow {
    let (tone, word) = match moved.decision {
        Decision::Create => (Tone::Good, "Created"),
        Decision::Update => (Tone::Info, "Updated"),
        Decision::Disable => (Tone::Warn, "Disabled"),
        Decision::Delete => (Tone::Bad, "Deleted"),
        Decision::Skip(_) => (Tone::Quiet, "Nothing"),
    };
    MovedRow {
        name: Link::new(
            &moved.display_name,
            format!("/entra/{}/{}", super::word(kind), moved.id),
        ),
        detail: match kind {
            ObjectKind::User => moved.name.clone(),
            ObjectKind::Group => String::new(),
        },
        follows: Pill::new(tone, word),
    }
}
