//! Discovery: asks a target which attributes it has, with `GET {base}/Schemas`.
//!
//! What becomes of the answer is the mapping's business. Follows "Schema discovery" of Microsoft's
//! application gallery requirements.

use serde_json::Value as Json;

use super::answer::{self, INCOMPATIBLE};
use super::client::Client;
use super::context::AgentContext;
use super::credentials::Connection;
use super::dialect::entra;
use super::probe::{ConnectionFailure, describe, no_answer, refusal, sign_in};
use crate::model::Exchange;

/// What a target says of its schemas.
#[derive(Debug, Clone, PartialEq)]
pub struct Discovered {
    /// The body as it came: a `ListResponse` of schemas, or from some targets an array of them.
    pub schemas: Json,
    /// The wire behind it.
    pub exchanges: Vec<Exchange>,
}

/// Asks a target for its schemas. Takes up to twice the timeout: never call it inside a write closure.
///
/// # Errors
/// As *Test Connection*: no answer, a refusal, or an answer that holds no schemas.
pub fn discover_schemas(
    context: &AgentContext,
    connection: Connection,
) -> Result<Discovered, ConnectionFailure> {
    let client = Client::new(connection, &context.ways(1));
    let mut exchanges = Vec::with_capacity(2);
    sign_in(&client, &mut exchanges)?;
    let request = entra::schemas();
    let (exchange, answer) = client.send(&request);
    exchanges.push(exchange);
    let read = match answer {
        Err(error) => Err(no_answer(&error)),
        Ok(answer) if answer.status != 200 => {
            let described = describe(&client.url(&request), request.method, &answer);
            Err(refusal(&answer, &described))
        }
        Ok(answer) => answer::schemas(&answer).map_err(|error| (INCOMPATIBLE, error.reason)),
    };
    match read {
        Ok(schemas) => Ok(Discovered { schemas, exchanges }),
        Err((code, message)) => Err(ConnectionFailure {
            code: code.to_owned(),
            message,
            exchanges,
        }),
    }
}
