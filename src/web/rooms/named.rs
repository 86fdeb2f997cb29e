//! What cannot be undone is done once its name was typed.

use actix_web::http::StatusCode;
use serde::Deserialize;

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::common::ConfirmPage;
use super::{Answered, Done, act, page};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::store::{Snapshot, Write};

/// Said when something else was typed than what was asked for.
const WRONG: &str = "That is not the name. Type it exactly as shown.";

/// What a question that asks for a name sends.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    name: String,
}

impl Named {
    /// Pages show one blank for several, so several are one here too.
    fn is(&self, name: &str) -> bool {
        self.name.split_whitespace().eq(name.split_whitespace())
    }
}

/// Does what `question` asks about and leads to `back`; with another name typed, asks again.
pub(super) async fn act_once_named<Q, F>(
    app: &App,
    signed: SignedIn,
    named: &Named,
    question: Q,
    back: &str,
    work: F,
) -> Answered
where
    Q: FnOnce(&Snapshot, &Who) -> Result<ConfirmPage> + Send + 'static,
    F: FnOnce(&Write<'_>, &Who, Timestamp) -> Result<Done> + Send + 'static,
{
    let who = signed.who();
    let mut asked = app.read(move |tx| question(tx, &who)).await?;
    match &mut asked.ask {
        Some(ask) if !named.is(&ask.name) => {
            WRONG.clone_into(&mut ask.error);
            page(StatusCode::UNPROCESSABLE_ENTITY, &asked)
        }
        _ => act(app, signed, back.to_owned(), work).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_typed_as_a_page_shows_it() {
        for (name, typed, same) in [
            ("Park  Leadership", "Park Leadership", true),
            (" Tours", "Tours ", true),
            ("Tours", "tours", false),
            ("Park Leadership", "ParkLeadership", false),
            ("Tours", "", false),
        ] {
            let typed = Named { name: typed.into() };
            assert_eq!(typed.is(name), same, "{name}");
        }
    }
}
