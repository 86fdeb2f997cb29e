//! Whose values the mapping pages show, of whichever job: an object of the directory, or somebody who was uploaded.

use super::super::super::super::console::entra::mappings::Picker;
use super::super::super::super::console::entra::mappings::object::PersonPreview;
use super::super::super::super::console::list::ListUrl;
use super::super::super::super::console::parts::{Link, Notice, Pill, Tone};
use super::super::super::ask::TEXT;
use super::{Loaded, person, person_view};
use crate::access::Operator;
use crate::error::Result;
use crate::mapping::entra::{Actions, Context, Source, Standing};
use crate::model::{Direction, ObjectKind};
use crate::store::Reads;
use crate::sync::preview::{self, RowPreview, Uploaded, UploadedPreview};

/// Found people that are offered.
const OFFERED: usize = 8;

/// Somebody, with what the mapping makes of them.
pub(super) struct Subject {
    /// Source attributes with their values.
    pub(super) source: Source,
    /// One for every attribute mapping.
    pub(super) rows: Vec<RowPreview>,
    /// Object id, or `externalId`: what addresses name them by.
    pub(super) id: String,
    /// What the field of the person is filled with.
    pub(super) typed: String,
    /// Everything else.
    pub(super) shown: PersonPreview,
}

/// The one somebody chose, else the first that is worth looking at.
pub(super) fn chosen(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    asked: &str,
    context: &Context,
) -> Result<Option<Subject>> {
    if loaded.job.direction == Direction::Inbound {
        let somebody = preview::uploaded_choice(tx, loaded.key, asked)?;
        return Ok(somebody.map(|somebody| of_upload(loaded, somebody, context)));
    }
    let object = person::chosen(tx, operator, loaded, kind, asked)?;
    let preview = match object {
        Some(object) => preview::preview(tx, loaded.key, &loaded.job, object, context)?,
        None => None,
    };
    Ok(preview.map(|preview| Subject {
        shown: person_view::person(loaded, &preview),
        id: preview.id.to_string(),
        typed: match kind {
            ObjectKind::User => preview.name,
            ObjectKind::Group => preview.id.to_string(),
        },
        source: preview.source,
        rows: preview.rows,
    }))
}

/// Whether what was typed means somebody.
pub(super) fn is_somebody(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    asked: &str,
) -> Result<bool> {
    if loaded.job.direction == Direction::Inbound {
        let is_it = |one: Uploaded| one.anchor == asked;
        return Ok(!preview::uploaded(tx, loaded.key, asked, 1)?.is_empty()
            || preview::uploaded_choice(tx, loaded.key, asked)?.is_some_and(is_it));
    }
    Ok(person::named(tx, operator, loaded, kind, asked)?.is_some())
}

/// The search, with what it found.
pub(super) fn picker(
    tx: &impl Reads,
    operator: &Operator,
    loaded: &Loaded,
    kind: ObjectKind,
    query: &str,
) -> Result<Picker> {
    if loaded.job.direction == Direction::Outbound {
        return person::picker(tx, operator, loaded, kind, query);
    }
    let query: String = query.trim().chars().take(TEXT).collect();
    let action = loaded.object(kind);
    let url = ListUrl::new(&action);
    let latest = preview::uploaded(tx, loaded.key, &query, OFFERED)?;
    let note = match (latest.is_empty(), query.is_empty()) {
        (false, _) => "",
        (true, true) => "Nothing was uploaded yet: this is a sample.",
        (true, false) => {
            "Nobody of the latest uploads matches. Search for another part of the name."
        }
    };
    let offered = latest.into_iter().filter(|_| !query.is_empty());
    Ok(Picker {
        action,
        hint: "Search by name or externalId",
        found: offered
            .map(|one| {
                let href = url.with("person", &one.anchor).to_string();
                (Link::new(one.display_name, href), one.anchor)
            })
            .collect(),
        note: note.to_owned(),
        query,
    })
}

fn of_upload(loaded: &Loaded, somebody: Uploaded, context: &Context) -> Subject {
    let preview = preview::preview_uploaded(&loaded.job, &somebody, context);
    let in_scope = preview.standing == Standing::InScope;
    Subject {
        shown: PersonPreview {
            name: Link::plain(&somebody.display_name),
            detail: format!("externalId {}", somebody.anchor),
            status: if in_scope {
                Pill::new(Tone::Good, "In scope")
            } else {
                Pill::new(Tone::Quiet, "Not in scope")
            },
            verdict: verdict(&preview, loaded.job.rules.users.actions),
            why: person_view::filters(&preview.filters),
            searches: Vec::new(),
            requests: Vec::new(),
        },
        rows: preview.rows,
        id: somebody.anchor.clone(),
        typed: somebody.anchor,
        source: somebody.source,
    }
}

fn verdict(preview: &UploadedPreview, actions: Actions) -> Notice {
    if preview.standing != Standing::InScope {
        return Notice::new(
            Tone::Info,
            "It is skipped (NotEffectivelyEntitled): it does not pass the scoping filters.",
            "The values below are those that would be written if it were in scope.",
        );
    }
    let by: Vec<String> = preview
        .matching
        .iter()
        .filter_map(|(target, value)| Some(format!("{target} {}", value.as_ref()?)))
        .collect();
    if let ([], [(target, _)]) = (by.as_slice(), preview.matching.as_slice()) {
        let what = format!("It fails (ImportSkipped): {target} has no value to match with.");
        let mend = "Upload the source attribute with it, or match by another attribute.";
        return Notice::new(Tone::Warn, what, mend);
    }
    let what = if by.is_empty() {
        "It has no value to match with.".to_owned()
    } else {
        let by = by.join(", ");
        format!("A user of the directory is looked for by {by}.")
    };
    Notice::new(Tone::Info, what, outcome(actions))
}

/// What becomes of whoever is found, and of whoever is not.
const fn outcome(actions: Actions) -> &'static str {
    match (actions.update, actions.create) {
        (true, true) => "If one is found, it is updated with what differs; else one is created.",
        (true, false) => "If one is found, it is updated with what differs; else it is skipped.",
        (false, true) => "If one is found, it is skipped; else one is created.",
        (false, false) => "Create and Update are switched off, so it is skipped.",
    }
}
