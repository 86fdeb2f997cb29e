//! `GET` and `POST /lab/clock`: reading, turning and advancing the clock.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Answered, LabCaller, LabFailure, answer};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::lab::clock::{Advance, Shown, Turn};
use crate::web::App;

/// What can be asked of the clock. Several members are done in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::web) struct Asked {
    /// `true`: it follows the real clock again.
    real: bool,
    /// It shows this moment.
    now: Option<String>,
    /// It shows real time plus this duration.
    offset: Option<String>,
    /// Stands still, or goes on.
    freeze: Option<bool>,
    /// Times real time.
    speed: Option<u32>,
    /// Lets this duration go by, and what becomes due in it.
    advance: Option<String>,
    /// `true`: ends an advance that is under way.
    halt: bool,
}

/// What it shows.
pub(in crate::web) async fn get(app: web::Data<App>, _: LabCaller) -> Answered {
    Ok(answer(StatusCode::OK, &shown(&app.time.shown(), None)))
}

/// Turns it. Answers when everything is done that was asked for.
pub(in crate::web) async fn post(
    app: web::Data<App>,
    caller: LabCaller,
    asked: web::Json<Asked>,
) -> Answered {
    let asked = asked.into_inner();
    let body = app.run(move |app| turn(app, &caller, &asked)).await?;
    Ok(answer(StatusCode::OK, &body))
}

fn turn(app: &App, LabCaller(operator): &LabCaller, asked: &Asked) -> Result<Value, LabFailure> {
    if asked.halt {
        app.time.halt();
    }
    let mut turns = Vec::new();
    if asked.real {
        turns.push(Turn::Real);
    }
    if let Some(moment) = &asked.now {
        let moment = Timestamp::parse(moment).map_err(|reason| {
            Error::field(
                "now",
                format!("'{moment}' is no moment such as 2026-01-31T09:30:00Z ({reason})."),
            )
        })?;
        turns.push(Turn::Show(moment));
    }
    if let Some(offset) = &asked.offset {
        turns.push(Turn::Offset(offset.clone()));
    }
    match asked.freeze {
        Some(true) => turns.push(Turn::Freeze),
        Some(false) => turns.push(Turn::Run(1)),
        None => {}
    }
    if let Some(speed) = asked.speed {
        turns.push(Turn::Run(speed));
    }
    for one in &turns {
        app.time.turn(operator, one)?;
    }
    let advanced = match &asked.advance {
        Some(duration) => Some(app.time.advance(operator, duration)?),
        None => None,
    };
    Ok(shown(&app.time.shown(), advanced))
}

fn shown(shown: &Shown, advanced: Option<Advance>) -> Value {
    let speed = shown.turned.map_or(1, |turned| turned.speed);
    let mut body = json!({
        "now": shown.now,
        "real": shown.real,
        "simulated": shown.turned.is_some(),
        "frozen": speed == 0,
        "speed": speed,
        "offsetSeconds": (shown.now.millis() - shown.real.millis()) / 1000,
    });
    let told = |advance: &Advance| json!({ "from": advance.from, "to": advance.to, "reached": advance.reached, "cycles": advance.cycles });
    if let Some(advance) = &advanced {
        body["advanced"] = told(advance);
    }
    if let Some(advance) = &shown.advance {
        body["advancing"] = told(advance);
    }
    body
}
