//! *Source Object Scope*: the list of scoping filters, the form of one, and saving after the question.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::mappings::scope::{FilterCard, ScopePage};
use super::super::super::super::console::entra::mappings::scope_form::ScopeFormPage;
use super::super::super::super::console::parts::{Field, Link, Notice, Tone};
use super::super::super::super::failure::PageFailure;
use super::super::super::{Answered, Done, finish, html_with, show};
use super::super::effect;
use super::object::{STALE, Seen};
use super::scope_form::{FilterFaults, TypedFilter, operators};
use super::scope_preview::{Question, ask};
use super::{Loaded, attribute_form, kind_of, place, word};
use crate::error::{Error, Result};
use crate::mapping::entra::ScopingFilter;
use crate::model::{Direction, Job, ObjectKind, Scope};
use crate::store::Reads;
use crate::sync::rules::{self, RuleChange};

/// Pairs of a form, in the order of the page.
type Pairs = web::Form<Vec<(String, String)>>;

/// Which filter a page is about.
#[derive(Debug, Clone)]
struct At {
    application: String,
    kind: ObjectKind,
    /// Place in the list, from 0; none for a new one.
    filter: Option<usize>,
}

impl At {
    fn new(application: String, kind: &str, filter: Option<&str>) -> Result<Self> {
        Ok(Self {
            application,
            kind: kind_of(kind)?,
            filter: filter.map(place).transpose()?,
        })
    }

    fn load(&self, tx: &impl Reads) -> Result<Loaded> {
        Loaded::of_kind(tx, &self.application, self.kind)
    }

    fn list(&self) -> String {
        format!(
            "/entra/applications/{}/provisioning/mappings/{}/scope",
            self.application,
            word(self.kind)
        )
    }

    fn address(&self) -> String {
        match self.filter {
            Some(filter) => format!("{}/{filter}", self.list()),
            None => format!("{}/new", self.list()),
        }
    }

    /// The filter of the page.
    fn old<'l>(&self, loaded: &'l Loaded) -> Result<Option<&'l ScopingFilter>> {
        match self.filter {
            None => Ok(None),
            Some(at) => match loaded.mapping(self.kind).scope.get(at) {
                Some(filter) => Ok(Some(filter)),
                None => Err(Error::not_found("Scoping filter", at)),
            },
        }
    }

    /// The filters with this one in its place, or without it.
    fn changed(&self, loaded: &Loaded, new: Option<ScopingFilter>) -> Result<Vec<ScopingFilter>> {
        self.old(loaded)?;
        let mut filters = loaded.mapping(self.kind).scope.clone();
        match (self.filter, new) {
            (None, Some(filter)) => filters.push(filter),
            (Some(at), Some(filter)) => filters[at] = filter,
            (Some(at), None) => {
                filters.remove(at);
            }
            (None, None) => {}
        }
        Ok(filters)
    }
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (application, kind) = at.into_inner();
    let at = At::new(application, &kind, None)?;
    show(&app, move |tx, _| {
        let loaded = at.load(tx)?;
        let here = at.list();
        let card = |(place, filter): (usize, &ScopingFilter)| FilterCard {
            title: Link::new(filter.title(), format!("{here}/{place}")),
            clauses: filter
                .clauses()
                .iter()
                .map(|clause| {
                    let value = clause.value().unwrap_or_default().to_owned();
                    (
                        clause.attribute().to_owned(),
                        clause.operator().name(),
                        value,
                    )
                })
                .collect(),
            delete: format!("{here}/{place}/delete"),
        };
        let filters = &loaded.mapping(at.kind).scope;
        Ok(ScopePage {
            page: loaded.within(&who, at.kind, "Source Object Scope"),
            tabs: loaded.tabs(),
            unfiltered: match loaded.job.scope {
                _ if loaded.job.direction == Direction::Inbound => {
                    "Nobody is filtered out: everybody who is uploaded is in scope.".to_owned()
                }
                Scope::All => format!(
                    "Nobody is filtered out: all {} are in scope.",
                    word(at.kind)
                ),
                Scope::AssignedOnly => format!(
                    "Nobody is filtered out: all assigned {} are in scope.",
                    word(at.kind)
                ),
            },
            filters: filters.iter().enumerate().map(card).collect(),
            add: at.address(),
        })
    })
    .await
}

fn draw(
    tx: &impl Reads,
    who: &Who,
    at: &At,
    typed: &TypedFilter,
    faults: &FilterFaults,
    error: Option<Notice>,
) -> Result<ScopeFormPage> {
    let loaded = at.load(tx)?;
    let title = match at.old(&loaded)? {
        Some(filter) => format!("Edit {}", filter.title()),
        None => "Add scoping filter".to_owned(),
    };
    Ok(ScopeFormPage {
        page: loaded
            .within(who, at.kind, &title)
            .under("Source Object Scope", at.list()),
        error,
        action: at.address(),
        revision: typed.revision.clone(),
        title: Field::new("title", "Scoping filter title")
            .required()
            .max_length(120)
            .value(&typed.title)
            .error(&faults.title),
        clauses: typed.rows(faults),
        attributes: attribute_form::source_names(&loaded, at.kind),
        operators: operators(),
        cancel: at.list(),
    })
}

/// *Add scoping filter*.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
) -> Answered {
    let (application, kind) = at.into_inner();
    open(app, signed, At::new(application, &kind, None)?).await
}

/// The form of a filter.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
) -> Answered {
    let (application, kind, filter) = at.into_inner();
    open(app, signed, At::new(application, &kind, Some(&filter))?).await
}

async fn open(app: web::Data<App>, signed: SignedIn, at: At) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let loaded = at.load(tx)?;
        let mut typed = at.old(&loaded)?.map(TypedFilter::of).unwrap_or_default();
        typed.revision = rules::revision(&loaded.job.rules);
        draw(tx, &who, &at, &typed, &FilterFaults::default(), None)
    })
    .await
}

/// The form of a new filter, or the answer to the question.
pub(in crate::web::rooms) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    pairs: Pairs,
) -> Answered {
    let (application, kind) = at.into_inner();
    let at = At::new(application, &kind, None)?;
    submitted(app, signed, at, TypedFilter::read(pairs.into_inner())).await
}

/// The form of a filter, or the answer to the question.
pub(in crate::web::rooms) async fn replace(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
    pairs: Pairs,
) -> Answered {
    let (application, kind, filter) = at.into_inner();
    let at = At::new(application, &kind, Some(&filter))?;
    submitted(app, signed, at, TypedFilter::read(pairs.into_inner())).await
}

async fn submitted(app: web::Data<App>, signed: SignedIn, at: At, typed: TypedFilter) -> Answered {
    let filter = match (typed.step.as_str(), typed.filter()) {
        ("more" | "edit", _) => {
            return again(&app, &signed, at, typed, FilterFaults::default(), None).await;
        }
        (_, Err(faults)) => {
            let whole = if faults.whole.is_empty() {
                "Nothing was saved.".to_owned()
            } else {
                faults.whole.clone()
            };
            let notice = Notice::new(
                Tone::Bad,
                whole,
                "The old filters stay. Mend what is marked below.",
            );
            return again(&app, &signed, at, typed, faults, Some(notice)).await;
        }
        (_, Ok(filter)) => filter,
    };
    if typed.step != "save" {
        return question(app, signed, at, typed, filter).await;
    }
    let said = format!("The scoping filter {} is saved.", filter.title());
    match change(&app, &signed, &at, &typed.revision, Some(filter)).await {
        Err(Error::Precondition { .. }) => {
            let mend = "Copy what you typed, open the list of filters and begin again.";
            let notice = Notice::new(Tone::Bad, STALE, mend);
            again(
                &app,
                &signed,
                at,
                typed,
                FilterFaults::default(),
                Some(notice),
            )
            .await
        }
        done => {
            let done = done.map(|job| Done::new(said, effect(job.direction).after));
            finish(&signed, &at.list(), done)
        }
    }
}

async fn again(
    app: &web::Data<App>,
    signed: &SignedIn,
    at: At,
    typed: TypedFilter,
    faults: FilterFaults,
    notice: Option<Notice>,
) -> Answered {
    let who = signed.who();
    let status = if notice.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let tx = app.store.read()?;
            Ok(draw(&tx, &who, &at, &typed, &faults, notice)?.render()?)
        })
        .await?;
    Ok(html_with(status, html))
}

async fn question(
    app: web::Data<App>,
    signed: SignedIn,
    at: At,
    typed: TypedFilter,
    filter: ScopingFilter,
) -> Answered {
    let who = signed.who();
    let title = format!("Save the scoping filter {}?", filter.title());
    asked(
        app,
        who,
        at,
        Some(filter),
        typed.hidden(),
        (title, "Save", true),
    )
    .await
}

/// Looks at the directory and asks.
async fn asked(
    app: web::Data<App>,
    who: Who,
    at: At,
    new: Option<ScopingFilter>,
    hidden: Vec<(String, String)>,
    (title, submit, can_change): (String, &'static str, bool),
) -> Answered {
    let html = app
        .scan::<_, PageFailure, _>(move |app| {
            let loaded = at.load(&app.store.read()?)?;
            let action = match new {
                Some(_) => at.address(),
                None => format!("{}/delete", at.address()),
            };
            let question = Question {
                kind: at.kind,
                title,
                filters: at.changed(&loaded, new)?,
                action,
                hidden,
                submit,
                can_change,
            };
            Ok(ask(app, &who, &at.application, question)?.render()?)
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// Asks before a filter is deleted.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (application, kind, filter) = at.into_inner();
    let at = At::new(application, &kind, Some(&filter))?;
    let there = at.clone();
    let (title, revision) = app
        .read(move |tx| {
            let loaded = there.load(tx)?;
            let filter = there.old(&loaded)?;
            let title = filter.map_or_else(String::new, |filter| filter.title().to_owned());
            Ok((title, rules::revision(&loaded.job.rules)))
        })
        .await?;
    let title = format!("Delete the scoping filter {title}?");
    let hidden = vec![("revision".to_owned(), revision)];
    asked(app, who, at, None, hidden, (title, "Delete", false)).await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String, String)>,
    seen: web::Form<Seen>,
) -> Answered {
    let (application, kind, filter) = at.into_inner();
    let at = At::new(application, &kind, Some(&filter))?;
    let done = change(&app, &signed, &at, &seen.revision, None).await;
    let done = match done {
        Err(Error::Precondition { .. }) => Err(Error::field("revision", STALE)),
        done => done.map(|job| {
            Done::new(
                "The scoping filter is deleted.",
                effect(job.direction).after,
            )
        }),
    };
    finish(&signed, &at.list(), done)
}

async fn change(
    app: &web::Data<App>,
    signed: &SignedIn,
    at: &At,
    revision: &str,
    new: Option<ScopingFilter>,
) -> Result<Job> {
    let (who, now, at, revision) = (signed.who(), app.now(), at.clone(), revision.to_owned());
    let changed = app
        .write(move |tx| {
            let loaded = at.load(tx)?;
            if rules::revision(&loaded.job.rules) != revision {
                return Err(Error::Precondition {
                    actual: String::new(),
                });
            }
            let filters = RuleChange::Filters(at.changed(&loaded, new)?);
            let operator = who.operator()?;
            rules::change(tx, operator, loaded.key, at.kind, &revision, filters, now)
        })
        .await;
    app.agent.wake();
    changed
}
