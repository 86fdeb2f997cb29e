//! A form about something of the org that is shown: drawn, sent, and drawn again with what was typed when that was
//! refused; and the question before something is deleted.

use actix_web::http::StatusCode;
use askama::Template;

use super::{Typed, administrator, org_of, show_org, write_in_org};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::okta::Org;
use crate::store::{Snapshot, Write};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::{ConfirmPage, FormPage};
use crate::web::console::parts::{Field, Notice, Tone};
use crate::web::failure::sentence;
use crate::web::rooms::entra::{changed_meanwhile, revision};
use crate::web::rooms::named::{Named, act_once_named};
use crate::web::rooms::{Answered, Done, finish, page as answer};

/// A page with a form.
pub(super) trait Form: Template + Send + 'static {
    /// Its fields, and where it says what is wrong with none of them in particular.
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>);
}

impl Form for FormPage {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (&mut self.fields, &mut self.error)
    }
}

/// What one id of an address names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id(pub(super) String);

impl std::ops::Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Draws the form about something: as it is stored, or as it was typed.
pub(super) type Draw<About, Page> =
    fn(&Snapshot, &Who, &Org, &About, Option<&Typed>) -> Result<Page>;

/// The form as it is stored.
pub(super) async fn show_form<About, Page>(
    app: &App,
    signed: SignedIn,
    about: About,
    draw: Draw<About, Page>,
) -> Answered
where
    About: Send + 'static,
    Page: Form,
{
    show_org(app, signed, move |tx, who, org, _| {
        draw(tx, who, org, &about, None)
    })
    .await
}

/// What a form sent: about what, and what was typed.
pub(super) type Sent<About> = (About, Typed);

/// Does what a form asks for. What was refused is drawn again, which is then the answer.
pub(super) async fn sent<About, Page, T, F>(
    app: &App,
    signed: &SignedIn,
    (about, typed): Sent<About>,
    draw: Draw<About, Page>,
    work: F,
) -> std::result::Result<T, Answered>
where
    About: Clone + Send + 'static,
    Page: Form,
    T: Send + 'static,
    F: FnOnce(&Write<'_>, &Org, &OrgAdministrator, &Sent<About>, Timestamp) -> Result<T>
        + Send
        + 'static,
{
    let asked = (about.clone(), typed.clone());
    let done = write_in_org(app, signed, move |tx, org, administrator, now| {
        work(tx, org, administrator, &asked, now)
    })
    .await;
    match done {
        Ok(done) => Ok(done),
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let page = app
                .read(move |tx| draw(tx, &who, &org_of(tx, &who)?, &about, Some(&typed)))
                .await;
            Err(match page {
                Ok(page) => refused(page, error),
                Err(error) => Err(error.into()),
            })
        }
        Err(error) => Err(Err(error.into())),
    }
}

/// The same, which leads to `back` with a notice of what was done.
pub(super) async fn save_form<About, Page, F>(
    app: &App,
    signed: &SignedIn,
    form: Sent<About>,
    draw: Draw<About, Page>,
    back: &str,
    work: F,
) -> Answered
where
    About: Clone + Send + 'static,
    Page: Form,
    F: FnOnce(&Write<'_>, &Org, &OrgAdministrator, &Sent<About>, Timestamp) -> Result<Done>
        + Send
        + 'static,
{
    match sent(app, signed, form, draw, work).await {
        Ok(done) => finish(signed, back, Ok(done)),
        Err(again) => again,
    }
}

/// Refuses a form that was drawn before somebody else changed the row it is about.
pub(super) fn unchanged(typed: &Typed, row: &impl serde::Serialize, name: &str) -> Result<()> {
    match typed.get("revision") {
        Some(known) if *known != revision(row) => Err(changed_meanwhile(name)),
        _ => Ok(()),
    }
}

/// Whether what was refused can be mended in the form that was sent.
const fn is_mendable(error: &Error) -> bool {
    matches!(error, Error::Field { .. } | Error::Conflict { .. })
}

/// Puts what was refused at its field, or above all of them when it belongs to none.
///
/// # Errors
/// What cannot be mended in a form.
pub(super) fn blame(page: &mut impl Form, error: Error) -> Result<()> {
    let (field, detail) = match error {
        Error::Field { field, detail } => (field, detail),
        Error::Conflict { detail, .. } => ("", detail),
        error => return Err(error),
    };
    let (fields, above) = page.parts();
    let mut shown = fields.iter_mut().filter(|f| f.kind != "hidden");
    match shown.find(|f| f.name == field) {
        Some(blamed) => blamed.error = sentence(&detail),
        None => *above = Some(Notice::new(Tone::Bad, sentence(&detail), "")),
    }
    Ok(())
}

/// The form again, with what is wrong.
pub(super) fn refused(mut page: impl Form, error: Error) -> Answered {
    blame(&mut page, error)?;
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Asks before something is deleted.
pub(super) type Question = fn(&Snapshot, &Who, &Org, &str) -> Result<ConfirmPage>;

/// The question.
pub(super) async fn ask(app: &App, signed: SignedIn, id: String, question: Question) -> Answered {
    show_org(app, signed, move |tx, who, org, _| {
        question(tx, who, org, &id)
    })
    .await
}

/// Deletes it once its name was typed, and leads to `back`.
pub(super) async fn delete<F>(
    app: &App,
    signed: SignedIn,
    id: String,
    named: &Named,
    question: Question,
    back: &str,
    work: F,
) -> Answered
where
    F: FnOnce(&Write<'_>, &Org, &OrgAdministrator, &str, Timestamp) -> Result<Done>
        + Send
        + 'static,
{
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| question(tx, who, &org_of(tx, who)?, &asked);
    let done = act_once_named(app, signed, named, question, back, move |tx, who, now| {
        let org = org_of(tx, who)?;
        work(tx, &org, &administrator(who, &org)?, &id, now)
    })
    .await;
    app.agent.wake();
    done
}
