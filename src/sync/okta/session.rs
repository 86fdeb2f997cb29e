//! [`Session`]: one app whose queue is being worked at, and the way to its target; [`Talk`]: what was said.

use serde_json::Value as Json;

use super::answer::{self, Brought};
use crate::model::Exchange;
use crate::model::okta::{AppAuthentication, OktaApp, Provisioning};
use crate::secret::Sealer;
use crate::store::okta::AppKey;
use crate::sync::client::{Address, Answer, Client, NoAnswer, OKTA, Request, Signature};
use crate::sync::context::AgentContext;
use crate::sync::okta::text;

/// What stands where a password was sent.
const HIDDEN: &str = "***";

/// An app, and the client of its target. Shared by the threads of a batch.
pub(super) struct Session {
    pub(super) context: AgentContext,
    pub(super) key: AppKey,
    pub(super) app: OktaApp,
    /// Why there is no client, if there is none.
    client: Result<Client, NoAnswer>,
}

impl Session {
    /// Opens the way to the target of an app. One that cannot be opened refuses every request.
    pub(super) fn open(context: &AgentContext, key: AppKey, app: OktaApp) -> Self {
        let client = client(context, &app.provisioning, app.wire.concurrency);
        Self {
            context: context.clone(),
            key,
            app,
            client,
        }
    }

    /// Takes the app as it is now; the connections stay open while they lead to the same place.
    pub(super) fn refresh(&mut self, app: OktaApp) {
        if app.provisioning != self.app.provisioning {
            self.client = client(&self.context, &app.provisioning, app.wire.concurrency);
        }
        self.app = app;
    }

    /// Sends a request, and keeps what was said.
    pub(super) fn send(&self, talk: &mut Talk, request: &Request) -> Result<Answer, NoAnswer> {
        let client = self.client.as_ref().map_err(Clone::clone)?;
        let (mut exchange, answer) = client.send(request);
        if let Some(hidden) = request.body.as_ref().and_then(without_password) {
            exchange.request = Some(hidden.to_string());
        }
        talk.exchanges.push(exchange);
        answer
    }

    /// Sends a request and reads the answer.
    pub(super) fn ask(&self, talk: &mut Talk, request: &Request) -> Brought {
        answer::read(self.send(talk, request))
    }
}

fn client(
    context: &AgentContext,
    provisioning: &Provisioning,
    concurrency: usize,
) -> Result<Client, NoAnswer> {
    let address: Address = provisioning
        .base_url
        .parse()
        .map_err(|bad| NoAnswer::Unreachable(format!("the Base URL cannot be used. {bad}")))?;
    let signature = provisioning
        .authentication
        .as_ref()
        .and_then(|stored| opened(stored, &context.sealer))
        .ok_or_else(|| NoAnswer::TokenRefused(text::CREDENTIALS.to_owned()))?;
    let mut ways = context.ways(concurrency.max(super::next::MANY));
    ways.timeout = context.settings.okta_timeout;
    Ok(Client::of(&OKTA, address, signature, &ways))
}

/// Opens what is stored; `None` when it was sealed with another installation's key.
fn opened(stored: &AppAuthentication, sealer: &Sealer) -> Option<Signature> {
    Some(match stored {
        AppAuthentication::Bearer { token } => Signature::Bearer(sealer.open(token)?),
        AppAuthentication::Header { value } => Signature::Header(sealer.open(value)?),
        AppAuthentication::Basic { user, password } => Signature::Basic {
            user: user.clone(),
            password: sealer.open(password)?,
        },
    })
}

/// The body without the password in it, if there is one: it is sent, but never shown.
fn without_password(body: &Json) -> Option<Json> {
    let operation = "/Operations/0/value/password";
    let place = ["/password", operation]
        .into_iter()
        .find(|place| body.pointer(place).is_some())?;
    let mut hidden = body.clone();
    *hidden.pointer_mut(place)? = Json::from(HIDDEN);
    Some(hidden)
}

/// What was said so far and belongs to no event yet.
#[derive(Debug, Default)]
pub(super) struct Talk {
    exchanges: Vec<Exchange>,
}

impl Talk {
    /// Everything since the last call.
    pub(super) fn take(&mut self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_password_is_sent_but_not_shown() {
        for (body, shown) in [
            (
                json!({ "password": "p", "userName": "a" }),
                Some(json!({ "password": "***", "userName": "a" })),
            ),
            (
                json!({ "Operations": [{ "op": "replace", "value": { "password": "p" } }] }),
                Some(
                    json!({ "Operations": [{ "op": "replace", "value": { "password": "***" } }] }),
                ),
            ),
            (json!({ "userName": "a" }), None),
        ] {
            assert_eq!(without_password(&body), shown);
        }
    }
}
