//! `/Me` (RFC 7644 section 3.11): the user a key is bound to, by the handlers of `/Users/{id}`; URIs in
//! the answer are the permanent ones.

use actix_web::web;

use super::request::ScimRequest;
use super::users::Users;
use super::{Answered, not_offered, resources};
use crate::error::Error;
use crate::provider::keys;
use crate::web::App;
use crate::web::failure::ScimFailure;

/// The id of the user behind the key, if the key may do what is asked.
async fn own(
    app: &App,
    request: ScimRequest,
) -> Result<(ScimRequest, web::Path<String>), ScimFailure> {
    app.weigh(0, move |app| {
        let caller = request.caller(app)?;
        if !caller.service().me {
            return Err(not_offered("/Me is"));
        }
        match keys::bound_user(&app.store.read()?, &caller)? {
            Some(user) => Ok((request, web::Path::from(user.id.to_string()))),
            None => Err(Error::Invalid(crate::scim::Error::new(
                501,
                "This SCIM API key belongs to a team, not to a person: /Me stands for nobody. An \
                 administrator can make a key for a member.",
            ))
            .into()),
        }
    })
    .await
}

pub(in crate::web) async fn get(app: web::Data<App>, request: ScimRequest) -> Answered {
    let (request, id) = own(&app, request).await?;
    resources::get::<Users>(app, request, id).await
}

pub(in crate::web) async fn replace(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let (request, id) = own(&app, request).await?;
    resources::replace::<Users>(app, request, id, payload).await
}

pub(in crate::web) async fn patch(
    app: web::Data<App>,
    request: ScimRequest,
    payload: web::Payload,
) -> Answered {
    let (request, id) = own(&app, request).await?;
    resources::patch::<Users>(app, request, id, payload).await
}

pub(in crate::web) async fn delete(app: web::Data<App>, request: ScimRequest) -> Answered {
    let (request, id) = own(&app, request).await?;
    resources::delete::<Users>(app, request, id).await
}

/// Nobody makes themselves.
pub(in crate::web) async fn create(app: web::Data<App>, request: ScimRequest) -> Answered {
    app.weigh(0, move |app| {
        let caller = request.caller(app)?;
        if !caller.service().me {
            return Err(not_offered("/Me is"));
        }
        let detail = "A user cannot be created at /Me; use POST /Users.";
        Err(crate::scim::Error::new(501, detail).into())
    })
    .await
}
