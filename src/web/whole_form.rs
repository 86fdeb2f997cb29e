//! A form is read before it is asked who sends it.
//!
//! Who somebody is and may do is looked up when a handler's arguments are made, and the form is one of them. If it
//! could still be on its way then, a request begun before somebody lost a role would end with that role, as much
//! later as its sender likes. So the console waits for the whole form first, and not for ever. Uploads are parts that
//! handlers read themselves; they ask again afterwards.

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::rt::time::timeout;
use actix_web::{Error, FromRequest as _, HttpMessage as _, ResponseError as _, web};

use super::failure::PageFailure;

/// How long a form may take to arrive.
const TIME: Duration = Duration::from_secs(30);

/// Middleware of the console.
pub(super) async fn first(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if is_form(&request) {
        let mut payload = request.take_payload();
        let body = web::Payload::from_request(request.request(), &mut payload).await?;
        let read = timeout(TIME, body.to_bytes_limited(super::rooms::FORM)).await;
        let wrong = match read {
            Ok(Ok(Ok(bytes))) => {
                request.set_payload(Payload::from(bytes));
                return Ok(next.call(request).await?.map_into_boxed_body());
            }
            Ok(Ok(Err(error))) => format!("the form could not be read: {error}"),
            Ok(Err(_)) => "the form could not be read: it is too large".to_owned(),
            Err(_) => format!("the form did not arrive within {} seconds", TIME.as_secs()),
        };
        let response = PageFailure::Malformed(wrong).error_response();
        return Ok(request.into_response(response));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

fn is_form(request: &ServiceRequest) -> bool {
    let content = request.headers().get(header::CONTENT_TYPE);
    !request.method().is_safe()
        && content
            .and_then(|content| content.to_str().ok())
            .is_some_and(|content| {
                let kind = content.split(';').next().unwrap_or_default().trim();
                kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
            })
}
