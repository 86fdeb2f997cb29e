//! The Postman environment of the SCIM collection, filled in for this team; with the key only right after that was shown.

use actix_web::web;
use serde::Deserialize;

use crate::id::Guid;
use crate::web::App;
use crate::web::auth::SignedIn;
use crate::web::postman;
use crate::web::rooms::Answered;

/// Where it is.
pub(in crate::web::rooms) const HERE: &str = "/team/authentication/scim/environment";

/// *Download Postman environment*: the key is left to whoever has it.
pub(in crate::web::rooms) async fn without_key(app: web::Data<App>, signed: SignedIn) -> Answered {
    Ok(answer(&app, &signed, ""))
}

/// What asks for an environment with a key in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct WithKey {
    key: String,
}

/// The same with the key that the page before showed.
pub(in crate::web::rooms) async fn with_key(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<WithKey>,
) -> Answered {
    Ok(answer(&app, &signed, &form.key))
}

fn answer(app: &App, signed: &SignedIn, key: &str) -> actix_web::HttpResponse {
    let who = signed.who();
    postman::scim(&who.scim_base, key, Guid::random(), app.now()).download()
}
