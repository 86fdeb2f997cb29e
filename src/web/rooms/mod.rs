//! The console's handlers, room by room. `web::console` says what a page looks like; here it is filled.
//!
//! `table` is the console's route table. This file has the three ways a handler answers: `show` fills a page from
//! one snapshot, `act` changes something and leads back with a notice, and a form that was refused is
//! drawn again with what was typed. Everything that touches the store runs on the blocking pool.

mod access;
mod ask;
mod clock;
mod curl;
mod entra;
mod invitation;
mod mail;
mod multipart;
mod named;
mod okta;
mod overview;
mod overview_cycles;
mod own_profile;
mod profile;
mod settings;
mod table;
mod team;
mod traffic;

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::middleware::from_fn;
use actix_web::{HttpResponse, Resource, web};
use askama::Template;

use self::ask::Ask;
use self::table::table;
pub use self::table::{Listed, listed};
use super::App;
use super::assets;
use super::auth::{SignedIn, Who};
use super::console::parts::{Notice, Tone};
use super::failure::{PageFailure, sentence};
use super::throttle::Throttle;
use super::{same_origin, session, whole_form};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::store::{Snapshot, Write};

/// Longest form in bytes: the longest schema document, every byte of it escaped, and some more.
pub(super) const FORM: usize = 256 << 10;

/// Adds the console below `/`: the last of the services, because it answers whatever is left.
pub(super) fn configure(config: &mut web::ServiceConfig, app: &App, state: &ProcessState) {
    let mut scope = web::scope("")
        .app_data(state.throttle.clone())
        .app_data(state.rates.clone())
        .app_data(state.uploads.clone())
        .app_data(
            web::FormConfig::default()
                .limit(FORM)
                .error_handler(|error, _| {
                    PageFailure::Malformed(format!("the form could not be read: {error}")).into()
                }),
        )
        .app_data(web::QueryConfig::default().error_handler(|error, _| {
            PageFailure::Malformed(format!("the address could not be read: {error}")).into()
        }))
        .wrap(session::middleware(app))
        .wrap(from_fn(whole_form::first))
        .wrap(from_fn(same_origin::guard))
        .wrap(same_origin::headers());
    let mut open: Option<(&'static str, Resource)> = None;
    for entry in table() {
        let path = entry.path;
        let resource = match open.take() {
            Some((before, resource)) if before == path => resource,
            Some((_, resource)) => {
                scope = scope.service(resource);
                at(path)
            }
            None => at(path),
        };
        open = Some((path, resource.route(entry.guarded())));
    }
    if let Some((_, resource)) = open {
        scope = scope.service(resource);
    }
    config
        .route("/static/{hash}/{name}", web::get().to(asset))
        .service(scope.default_service(web::route().to(not_found)));
}

fn at(path: &'static str) -> Resource {
    web::resource(path).default_service(web::route().to(other_method))
}

async fn not_found() -> Answered {
    Err(Error::not_found("Page", "").into())
}

async fn other_method() -> Answered {
    Err(PageFailure::Method)
}

/// An embedded file, for ever.
async fn asset(path: web::Path<(String, String)>) -> HttpResponse {
    match assets::find(&path.0, &path.1) {
        Some(file) => HttpResponse::Ok()
            .insert_header((header::CACHE_CONTROL, assets::CACHE_CONTROL))
            .content_type(file.content_type)
            .body(file.bytes.into_owned()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// What the console's handlers return.
type Answered = std::result::Result<HttpResponse, PageFailure>;

/// Fills a page from one snapshot.
async fn show<T, F>(app: &App, load: F) -> Answered
where
    T: Template,
    F: FnOnce(&Snapshot, Timestamp) -> Result<T> + Send + 'static,
{
    show_at(app, app.now(), load).await
}

/// The same at another moment than the appliance's: that of the world outside.
async fn show_at<T, F>(app: &App, now: Timestamp, load: F) -> Answered
where
    T: Template,
    F: FnOnce(&Snapshot, Timestamp) -> Result<T> + Send + 'static,
{
    let html = app
        .run::<_, PageFailure, _>(move |app| Ok(load(&app.store.read()?, now)?.render()?))
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

/// A page that needs nothing from the store.
fn page(status: StatusCode, page: &impl Template) -> Answered {
    Ok(html_with(status, page.render()?))
}

fn html_with(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(html)
}

fn see_other(location: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, location))
        .finish()
}

/// Changes something in one write and leads to `back` with a notice: of what was done, or of why not.
/// Whether somebody is an operator is asked once more in that write.
async fn act<F>(app: &App, signed: SignedIn, back: String, work: F) -> Answered
where
    F: FnOnce(&Write<'_>, &Who, Timestamp) -> Result<Done> + Send + 'static,
{
    let (who, now) = (signed.who(), app.now());
    let done = app.write(move |tx| work(tx, &who.still(tx)?, now)).await;
    finish(&signed, &back, done)
}

/// What an action did, as a notice, and where that can be seen if not where the action was.
struct Done {
    what: String,
    next: &'static str,
    elsewhere: Option<String>,
}

impl Done {
    /// `what` was done, and `next` follows from it.
    fn new(what: impl Into<String>, next: &'static str) -> Self {
        Self {
            what: what.into(),
            next,
            elsewhere: None,
        }
    }
}

/// Leads on with the outcome of an action. What went wrong inside, and what is gone, is a page of its own.
fn finish(signed: &SignedIn, back: &str, done: Result<Done>) -> Answered {
    match done {
        Ok(done) => {
            signed.leave(&Notice::new(Tone::Good, done.what, done.next))?;
            Ok(see_other(done.elsewhere.as_deref().unwrap_or(back)))
        }
        Err(error @ (Error::Store(_) | Error::NotFound { .. })) => Err(error.into()),
        Err(error) => {
            signed.leave(&Notice::new(Tone::Bad, sentence(&error.to_string()), ""))?;
            Ok(see_other(back))
        }
    }
}

/// A moment in full, for lists of facts.
fn exact(at: Timestamp) -> String {
    let text = at.to_string();
    match text.split_once('T') {
        Some((day, time)) => format!("{day} {} UTC", time.get(..8).unwrap_or(time)),
        None => text,
    }
}

/// State that belongs to the running process and not to the data; all workers share it.
#[derive(Clone)]
pub(super) struct ProcessState {
    throttle: web::Data<Throttle>,
    rates: web::Data<entra::Rates>,
    uploads: web::Data<entra::Uploads>,
}

impl ProcessState {
    /// Nothing remembered yet.
    pub(super) fn new() -> Self {
        Self {
            throttle: web::Data::new(Throttle::default()),
            rates: web::Data::new(entra::Rates::default()),
            uploads: web::Data::new(entra::Uploads::default()),
        }
    }
}
