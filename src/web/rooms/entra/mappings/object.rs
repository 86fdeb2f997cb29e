//! *Attribute Mapping*: the page of one object mapping, its switches, and *Delete* of a row.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;
use serde::Deserialize;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::mappings::object::{
    MappingLine, ObjectMappingPage, Switches,
};
use super::super::super::super::console::list::ListUrl;
use super::super::super::super::failure::{PageFailure, sentence};
use super::super::super::{Answered, Done, finish, html_with};
use super::super::effect;
use super::person_view::{source, values};
use super::{Loaded, kind_of, place, scope_words, status, subject};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce};
use crate::mapping::entra::{Actions, AttributeMapping, FlowType};
use crate::model::{Direction, ObjectKind};
use crate::store::Reads;
use crate::sync::preview::{self, RowPreview};
use crate::sync::rules::{self, RuleChange};

/// Said when the rules are not those that somebody saw.
pub(super) const STALE: &str = "These mappings were changed meanwhile, by you in another window or by somebody else. Nothing was saved.";

/// Whose values are shown.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Choice {
    pub(super) person: String,
    q: String,
}

/// The page.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    choice: web::Query<Choice>,
) -> Answered {
    let who = signed.for_page();
    let (id, word) = at.into_inner();
    let indexed = choice.q.is_empty() && choice.person.parse::<Guid>().is_ok();
    let draw = move |app: &App| -> std::result::Result<String, PageFailure> {
        let tx = app.store.read()?;
        Ok(load(&tx, &who, &id, &word, &choice, app.now())?.render()?)
    };
    // A search for a person may walk the whole directory.
    let html = if indexed {
        app.run(draw).await
    } else {
        app.scan(draw).await
    };
    Ok(html_with(StatusCode::OK, html?))
}

fn load(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    word: &str,
    choice: &Choice,
    now: Timestamp,
) -> Result<ObjectMappingPage> {
    let kind = kind_of(word)?;
    let loaded = Loaded::of_kind(tx, id, kind)?;
    let mapping = loaded.mapping(kind);
    let context = preview::context(&loaded.tenant, now, Nonce::random());
    let operator = who.operator()?;
    let subject = subject::chosen(tx, operator, &loaded, kind, &choice.person, &context)?;
    let mut picker = subject::picker(tx, operator, &loaded, kind, &choice.q)?;
    if subject.is_none() && picker.query.is_empty() {
        "The directory is empty. Create somebody, and see here what would be sent."
            .clone_into(&mut picker.note);
    }
    let chosen = subject
        .as_ref()
        .map_or_else(String::new, |subject| subject.id.clone());
    let here = loaded.object(kind);
    let rows = mapping.attributes.iter().enumerate().map(|(row, mapping)| {
        let computed = subject.as_ref().and_then(|subject| subject.rows.get(row));
        line(&here, &chosen, row, mapping, computed)
    });
    Ok(ObjectMappingPage {
        page: loaded.below(who, &mapping.name),
        tabs: loaded.tabs(),
        status: status(mapping),
        switches: switches(&loaded, kind),
        rows: rows.collect(),
        effect: effect(loaded.job.direction).after,
        add: at_person(&format!("{here}/attributes/new"), &chosen),
        findings: loaded.findings(kind),
        advanced: loaded.advanced(kind),
        person: subject.map(|subject| subject.shown),
        picker,
        noun: match kind {
            ObjectKind::User => "person",
            ObjectKind::Group => "group",
        },
        chosen,
    })
}

/// The address with the chosen person, if there is one.
pub(super) fn at_person(address: &str, chosen: &str) -> String {
    ListUrl::new(address).with("person", chosen).to_string()
}

fn line(
    here: &str,
    chosen: &str,
    row: usize,
    mapping: &AttributeMapping,
    computed: Option<&RowPreview>,
) -> MappingLine {
    let edit = format!("{here}/attributes/{row}");
    MappingLine {
        source: source(mapping, computed),
        kind: super::attribute_form::type_of(&mapping.source),
        target: mapping.target.to_string(),
        matching: match mapping.matching_priority {
            0 => String::new(),
            precedence => format!("Matching precedence {precedence}"),
        },
        apply: match mapping.flow {
            FlowType::Always => String::new(),
            flow => flow.label().to_owned(),
        },
        default_value: mapping.default_value.clone().unwrap_or_default(),
        delete: format!("{edit}/delete"),
        edit: at_person(&edit, chosen),
        values: computed.map_or_else(Vec::new, |computed| values(&mapping.source, computed)),
    }
}

fn switches(loaded: &Loaded, kind: ObjectKind) -> Switches {
    let mapping = loaded.mapping(kind);
    Switches {
        action: loaded.object(kind),
        revision: rules::revision(&loaded.job.rules),
        enabled: mapping.enabled,
        enabled_blocked: match kind {
            ObjectKind::User => "The mapping of users cannot be switched off.".to_owned(),
            ObjectKind::Group => String::new(),
        },
        scope: scope_words(loaded, kind),
        create: mapping.actions.create,
        update: mapping.actions.update,
        delete: mapping.actions.delete,
        deletes: loaded.job.direction == Direction::Outbound,
    }
}

/// The form of the switches.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Switched {
    revision: String,
    person: String,
    enabled: String,
    create: String,
    update: String,
    delete: String,
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    form: web::Form<Switched>,
) -> Answered {
    let (at, form) = (at.into_inner(), form.into_inner());
    let change = RuleChange::Switches {
        enabled: form.enabled == "yes",
        actions: Actions {
            create: form.create == "yes",
            update: form.update == "yes",
            delete: form.delete == "yes",
        },
    };
    apply(app, signed, at, &form.person, form.revision, change).await
}

/// The form of *Delete*.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Seen {
    pub(super) revision: String,
    person: String,
}

/// *Delete* of a row.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
    form: web::Form<Seen>,
) -> Answered {
    let ((id, word, row), form) = (at.into_inner(), form.into_inner());
    let change = RuleChange::RemoveMapping(place(&row)?);
    apply(app, signed, (id, word), &form.person, form.revision, change).await
}

/// Changes the rules and leads back to the page, with a notice of what was done or why not.
async fn apply(
    app: web::Data<App>,
    signed: SignedIn,
    (id, word): (String, String),
    chosen: &str,
    revision: String,
    change: RuleChange,
) -> Answered {
    let (who, now, kind) = (signed.who(), app.now(), kind_of(&word)?);
    let asked = id.clone();
    let deleted = matches!(change, RuleChange::RemoveMapping(_));
    let done = app
        .write(move |tx| {
            let key = Loaded::of_kind(tx, &asked, kind)?.key;
            rules::change(tx, who.operator()?, key, kind, &revision, change, now)
        })
        .await;
    app.agent.wake();
    let done = match done {
        Ok(job) => {
            let what = if deleted {
                "The mapping is deleted."
            } else {
                "The object mapping is saved."
            };
            Ok(Done::new(what, effect(job.direction).after))
        }
        Err(Error::Precondition { .. }) => Err(Error::field("revision", STALE)),
        Err(Error::Field { field, detail }) => {
            let detail = format!("{} Nothing was saved.", sentence(&detail));
            Err(Error::field(field, detail))
        }
        Err(error) => Err(error),
    };
    let back = format!("/entra/applications/{id}/provisioning/mappings/{word}");
    finish(&signed, &at_person(&back, chosen), done)
}
