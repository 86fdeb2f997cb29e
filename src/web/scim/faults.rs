//! A provider that misbehaves, for requests that a scenario expects ([`crate::lab::faults`]).

use std::time::Duration;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};

use crate::lab::faults::Fault;
use crate::web::App;

/// Longer than any agent waits; a client that hangs up ends it.
const SILENCE: Duration = Duration::from_secs(75);

/// Answers with the fault that is armed for a request, if there is one.
pub(in crate::web) async fn misbehave<B: MessageBody + 'static>(
    app: Data<App>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let target = request.uri().path_and_query();
    let fault = target.and_then(|target| app.faults.at(target.as_str()));
    let response = match fault {
        None => return Ok(next.call(request).await?.map_into_boxed_body()),
        Some(Fault::Silence) => {
            actix_web::rt::time::sleep(SILENCE).await;
            HttpResponse::GatewayTimeout().finish()
        }
        Some(Fault::Answer {
            status,
            content_type,
            retry_after,
            body,
        }) => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut response = HttpResponse::build(status);
            if let Some(wait) = retry_after {
                response.insert_header((header::RETRY_AFTER, wait));
            }
            response.content_type(content_type).body(body)
        }
    };
    Ok(request.into_response(response))
}
