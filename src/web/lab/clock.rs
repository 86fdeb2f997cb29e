//! `GET` and `POST /lab/clock`: reading, turning and advancing the clock.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Answered, LabCaller, LabFailure, answer};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::lab::clock::{Advance, Hands, Shown, Turn};
use crate::web::App;

/// What can be asked of the clock: first the hands and the speed, then the advance.
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
    /// Times real time; 0 lets it stand still.
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
    asked: web::Json<Map<String, Value>>,
) -> Answered {
    let asked: Asked = serde_json::from_value(Value::Object(asked.into_inner()))
        .map_err(|error| LabFailure::Body(error.to_string()))?;
    let body = app.run(move |app| turn(app, &caller, &asked)).await?;
    Ok(answer(StatusCode::OK, &body))
}

fn turn(app: &App, LabCaller(operator): &LabCaller, asked: &Asked) -> Result<Value, LabFailure> {
    if asked.halt {
        app.time.halt();
    }
    let turn = Turn {
        hands: hands(asked)?,
        speed: match (asked.speed, asked.freeze) {
            (Some(_), Some(true)) => {
                return Err(one_of("freeze", "speed"));
            }
            (Some(speed), _) => Some(speed),
            (None, freeze) => freeze.map(|freeze| u32::from(!freeze)),
        },
    };
    if turn != Turn::default() {
        app.time.turn(operator, &turn)?;
    }
    let advanced = match &asked.advance {
        Some(duration) => Some(app.time.advance(operator, duration)?),
        None => None,
    };
    Ok(shown(&app.time.shown(), advanced))
}

fn hands(asked: &Asked) -> Result<Option<Hands>, LabFailure> {
    match (&asked.now, &asked.offset, asked.real) {
        (None, None, false) => Ok(None),
        (None, None, true) => Ok(Some(Hands::Real)),
        (None, Some(offset), false) => Ok(Some(Hands::Offset(offset.clone()))),
        (Some(moment), None, false) => match Timestamp::parse(moment) {
            Ok(moment) => Ok(Some(Hands::At(moment))),
            Err(reason) => Err(Error::field(
                "now",
                format!("'{moment}' is no moment such as 2026-01-31T09:30:00Z ({reason})."),
            )
            .into()),
        },
        (Some(_), _, _) => Err(one_of("now", "offset or real")),
        (None, Some(_), true) => Err(one_of("offset", "real")),
    }
}

fn one_of(field: &'static str, other: &str) -> LabFailure {
    Error::field(field, format!("Send either {field} or {other}, not both.")).into()
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
