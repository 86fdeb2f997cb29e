//! [`Session`]: one app whose queue is being worked at, and the way to its target; [`Talk`]: what was said.

use super::answer::{self, Brought};
use crate::model::Exchange;
use crate::model::okta::{AppAuthentication, OktaApp, Provisioning};
use crate::secret::Sealer;
use crate::store::okta::AppKey;
use crate::sync::client::{Address, Answer, Client, NoAnswer, OKTA, Request, Signature};
use crate::sync::context::AgentContext;
use crate::sync::okta::text;

/// The name before a password.
const PASSWORD: &str = "\"password\"";
/// What stands where a password was.
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
        exchange.request = exchange.request.as_deref().map(without_passwords);
        exchange.response = without_passwords(&exchange.response);
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

/// A body as it is shown: every password in it is hidden, and all else stays as it was said. Bodies may be cut, and
/// those of a target may be anything, so that this reads text and no JSON.
fn without_passwords(body: &str) -> String {
    let mut shown = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find(PASSWORD) {
        let (before, after) = rest.split_at(at + PASSWORD.len());
        shown.push_str(before);
        rest = after;
        let value = after.trim_start().strip_prefix(':').map(str::trim_start);
        if let Some(text) = value.and_then(|value| value.strip_prefix('"')) {
            shown.push_str(&after[..after.len() - text.len()]);
            shown.push_str(HIDDEN);
            rest = &text[end_of_text(text)..];
        }
    }
    shown.push_str(rest);
    shown
}

/// Where the quote is that ends a JSON string, or where the body was cut.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.unwrap_or(text.len())
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

    #[test]
    fn a_password_is_sent_but_not_shown() {
        for (body, shown) in [
            (
                r#"{"password":"p","userName":"a"}"#,
                r#"{"password":"***","userName":"a"}"#,
            ),
            (
                r#"{"Operations":[{"op":"replace","value":{"password":"p\"q"}}]}"#,
                r#"{"Operations":[{"op":"replace","value":{"password":"***"}}]}"#,
            ),
            (
                "{ \"password\" :\n \"p\\\\\", \"x\": \"y\" }",
                "{ \"password\" :\n \"***\", \"x\": \"y\" }",
            ),
            (
                r#"[{"password":"a"},{"password":"b"}]"#,
                r#"[{"password":"***"},{"password":"***"}]"#,
            ),
            (r#"{"password":"cut of"#, r#"{"password":"***"#),
            (
                r#"{"password":null,"name":"password"}"#,
                r#"{"password":null,"name":"password"}"#,
            ),
            ("\"password\"", "\"password\""),
            ("", ""),
        ] {
            assert_eq!(without_passwords(body), shown);
        }
    }
}
