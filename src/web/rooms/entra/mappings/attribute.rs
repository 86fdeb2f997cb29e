//! *Edit Attribute* and *Add New Mapping*: the form, *Test expression*, which saves nothing, and *Save*.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::mappings::attribute::{EditAttributePage, Tested};
use super::super::super::super::console::entra::mappings::object::ComputedValue;
use super::super::super::super::console::parts::{Fact, Notice, Tone};
use super::super::super::super::failure::{PageFailure, sentence};
use super::super::super::{Answered, Done, finish, html_with};
use super::super::effect;
use super::attribute_form::{Draft, Faults, Typed, fields};
use super::object::{Choice, STALE, at_person};
use super::subject::{self, Subject};
use super::{Loaded, kind_of, person_view, place, word};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Nonce;
use crate::mapping::entra::{AttributeMapping, FUNCTIONS, Source};
use crate::model::{Job, ObjectKind};
use crate::store::{self, Reads, Write};
use crate::sync::preview;
use crate::sync::rules::{self, RuleChange};

/// Which mapping a form is about.
#[derive(Debug, Clone)]
struct At {
    application: String,
    kind: ObjectKind,
    /// Row, from 0; none for a new mapping.
    row: Option<usize>,
}

impl At {
    fn new(application: String, kind: &str, row: Option<&str>) -> Result<Self> {
        Ok(Self {
            application,
            kind: kind_of(kind)?,
            row: row.map(place).transpose()?,
        })
    }

    fn load(&self, tx: &impl Reads) -> Result<Loaded> {
        Loaded::of_kind(tx, &self.application, self.kind)
    }

    fn back(&self) -> String {
        format!(
            "/entra/applications/{}/provisioning/mappings/{}",
            self.application,
            word(self.kind)
        )
    }

    fn address(&self) -> String {
        match self.row {
            Some(row) => format!("{}/attributes/{row}", self.back()),
            None => format!("{}/attributes/new", self.back()),
        }
    }

    /// The mapping that is edited.
    fn old<'l>(&self, loaded: &'l Loaded) -> Result<Option<&'l AttributeMapping>> {
        let rows = &loaded.mapping(self.kind).attributes;
        match self.row {
            None => Ok(None),
            Some(row) => match rows.get(row) {
                Some(mapping) => Ok(Some(mapping)),
                None => Err(Error::not_found("Attribute mapping", row)),
            },
        }
    }
}

/// What the form shows besides what was typed.
#[derive(Default)]
struct Around {
    faults: Faults,
    error: Option<Notice>,
    test: bool,
}

/// *Add New Mapping*.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    choice: web::Query<Choice>,
) -> Answered {
    let (application, kind) = at.into_inner();
    open(
        app,
        signed,
        At::new(application, &kind, None)?,
        choice.into_inner(),
    )
    .await
}

/// *Edit Attribute*.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
    choice: web::Query<Choice>,
) -> Answered {
    let (application, kind, row) = at.into_inner();
    let at = At::new(application, &kind, Some(&row))?;
    open(app, signed, at, choice.into_inner()).await
}

async fn open(app: web::Data<App>, signed: SignedIn, at: At, choice: Choice) -> Answered {
    let who = signed.for_page();
    let html = app
        .scan::<_, PageFailure, _>(move |app| {
            let tx = app.store.read()?;
            let loaded = at.load(&tx)?;
            let mut typed = match at.old(&loaded)? {
                Some(mapping) => Typed::of(mapping, &choice.person),
                None => Typed::empty(&choice.person),
            };
            typed.revision = rules::revision(&loaded.job.rules);
            let around = Around::default();
            Ok(draw(&tx, &who, &loaded, &at, &typed, around, app.now())?.render()?)
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

fn draw(
    tx: &impl Reads,
    who: &Who,
    loaded: &Loaded,
    at: &At,
    typed: &Typed,
    mut around: Around,
    now: Timestamp,
) -> Result<EditAttributePage> {
    let operator = who.operator()?;
    let asked = typed.person.trim();
    if around.test
        && !asked.is_empty()
        && !subject::is_somebody(tx, operator, loaded, at.kind, asked)?
    {
        around.faults = Faults::one(
            "person",
            "nobody here has this name; type another part of it",
        );
    }
    let context = preview::context(&loaded.tenant, now, Nonce::random());
    let subject = subject::chosen(tx, operator, loaded, at.kind, asked, &context)?;
    // What can be read is shown with its value, also before anybody asks for it.
    let mut tested = None;
    if around.faults.of("person").is_empty() {
        let mut faults = Faults::default();
        match (typed.draft(&mut faults), &subject) {
            (Some(draft), Some(subject)) => tested = Some(test(&draft, subject, &context)),
            _ if around.test => around.faults = faults,
            _ => {}
        }
    }
    let mut typed = typed.clone();
    if around.faults.of("person").is_empty() {
        let filled = |subject: &Subject| subject.typed.clone();
        typed.person = subject.as_ref().map_or_else(String::new, filled);
    }
    let chosen = subject
        .as_ref()
        .map_or_else(String::new, |subject| subject.id.clone());
    let title = if at.row.is_some() {
        "Edit Attribute"
    } else {
        "Add New Mapping"
    };
    let fields = fields(loaded, at.kind, &typed, &around.faults);
    Ok(EditAttributePage {
        page: loaded.within(who, at.kind, title),
        effect: effect(loaded.job.direction).before,
        error: around.error,
        action: at.address(),
        revision: typed.revision,
        kind: fields.kind,
        source: fields.source,
        expression: fields.expression,
        fault: around.faults.expression,
        constant: fields.constant,
        fields: fields.others,
        person: fields.person,
        tested,
        attributes: subject.map_or_else(Vec::new, |subject| with_values(&subject.source)),
        functions: FUNCTIONS
            .iter()
            .map(|function| Fact::text(function.signature(), function.summary))
            .collect(),
        cancel: at_person(&at.back(), &chosen),
    })
}

fn with_values(source: &Source) -> Vec<Fact> {
    source
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| Fact::text(name, person_view::texts(value).join(", ")))
        .collect()
}

/// What the typed mapping gives for somebody, and what it reads.
fn test(draft: &Draft, subject: &Subject, context: &crate::mapping::entra::Context) -> Tested {
    let values: Vec<ComputedValue> = if draft.source.reference().is_some() {
        vec![ComputedValue {
            when: "",
            values: Vec::new(),
            note: "A reference: sent in a second pass, when both ends exist in the target."
                .to_owned(),
            failed: false,
        }]
    } else {
        let row = preview::trial(draft.computation(), &subject.source, context);
        person_view::values(&draft.source, &row)
    };
    Tested {
        person: subject.shown.name.clone(),
        values,
        reads: draft
            .source
            .attributes()
            .into_iter()
            .map(|name| {
                let value = subject.source.get(name);
                if value.is_null() {
                    Fact::text(name, "null")
                } else {
                    Fact::code(name, person_view::texts(value).join(", "))
                }
            })
            .collect(),
    }
}

/// *Save* or *Test expression* of a new mapping.
pub(in crate::web::rooms) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (application, kind) = at.into_inner();
    let at = At::new(application, &kind, None)?;
    submitted(app, signed, at, typed.into_inner()).await
}

/// *Save* or *Test expression* of a mapping.
pub(in crate::web::rooms) async fn replace(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (application, kind, row) = at.into_inner();
    let at = At::new(application, &kind, Some(&row))?;
    submitted(app, signed, at, typed.into_inner()).await
}

async fn submitted(app: web::Data<App>, signed: SignedIn, at: At, typed: Typed) -> Answered {
    if typed.step == "test" {
        let around = Around {
            test: true,
            ..Around::default()
        };
        return again(&app, &signed, at, typed, around, StatusCode::OK).await;
    }
    let (who, now) = (signed.who(), app.now());
    let (there, wanted) = (at.clone(), typed.clone());
    let saved = match app
        .submit(move |tx| save(tx, &who, &there, &wanted, now))
        .await
    {
        Ok(submitted) => submitted.end().await,
        Err(refused) => Err(refused),
    };
    app.agent.wake();
    let refused = |what: &str, faults| Around {
        faults,
        error: Some(Notice::new(
            Tone::Bad,
            what,
            "The old mapping stays. Mend what is marked below; what you typed is still there.",
        )),
        test: false,
    };
    let around = match saved {
        Ok(job) => {
            let done = Done::new("The mapping is saved.", effect(job.direction).after);
            let back = at_person(&at.back(), typed.person.trim());
            return finish(&signed, &back, Ok(done));
        }
        Err(Refused::Typed(faults)) => refused("Nothing was saved.", *faults),
        Err(Refused::Domain(Error::Field { field, detail })) => {
            refused("Nothing was saved.", Faults::one(field, &sentence(&detail)))
        }
        Err(Refused::Domain(Error::Precondition { .. })) => Around {
            error: Some(Notice::new(
                Tone::Bad,
                STALE,
                "Copy what you typed, open the list of mappings and edit the mapping again.",
            )),
            ..Around::default()
        },
        Err(Refused::Domain(error)) => return Err(error.into()),
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    again(&app, &signed, at, typed, around, status).await
}

/// Why a mapping was not saved.
enum Refused {
    Typed(Box<Faults>),
    Domain(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Domain(error)
    }
}

impl From<store::Error> for Refused {
    fn from(error: store::Error) -> Self {
        Self::Domain(error.into())
    }
}

fn save(
    tx: &Write<'_>,
    who: &Who,
    at: &At,
    typed: &Typed,
    now: Timestamp,
) -> std::result::Result<Job, Refused> {
    let loaded = at.load(tx)?;
    let mapping = typed.mapping(at.old(&loaded)?).map_err(Refused::Typed)?;
    let change = match at.row {
        Some(row) => RuleChange::ReplaceMapping(row, mapping),
        None => RuleChange::AddMapping(mapping),
    };
    let operator = who.operator()?;
    let saved = rules::change(
        tx,
        operator,
        loaded.key,
        at.kind,
        &typed.revision,
        change,
        now,
    );
    Ok(saved?)
}

async fn again(
    app: &web::Data<App>,
    signed: &SignedIn,
    at: At,
    typed: Typed,
    around: Around,
    status: StatusCode,
) -> Answered {
    let who = signed.who();
    let html = app
        .scan::<_, PageFailure, _>(move |app| {
            let tx = app.store.read()?;
            let loaded = at.load(&tx)?;
            Ok(draw(&tx, &who, &loaded, &at, &typed, around, app.now())?.render()?)
        })
        .await?;
    Ok(html_with(status, html))
}
