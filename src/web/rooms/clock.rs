//! *Clock*: turning the appliance's clock by hand, and the token that lets scripts do it.

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;
use serde::Deserialize;

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::Room;
use super::super::console::clock::{ClockLive, ClockPage, Leap, TokenPage};
use super::super::console::entra::provisioning::Progress;
use super::super::console::parts::{Choice, Fact, Field, Notice, Pill, Tone, thousands};
use super::super::failure::{PageFailure, sentence};
use super::{Answered, Done, act, exact, finish, html_with, page as answer};
use crate::clock::{Timestamp, Turned};
use crate::error::{Error, Result};
use crate::lab::clock::{Advance, Hands, Shown, Turn};
use crate::provider::operator_token;
use crate::secret::Plain;

const HERE: &str = "/clock";

const LEAPS: [Leap; 6] = [
    Leap {
        duration: "PT40M",
        label: "40 minutes",
    },
    Leap {
        duration: "PT6H",
        label: "6 hours",
    },
    Leap {
        duration: "P1D",
        label: "1 day",
    },
    Leap {
        duration: "P7D",
        label: "7 days",
    },
    Leap {
        duration: "P28D",
        label: "28 days",
    },
    Leap {
        duration: "P30D",
        label: "30 days",
    },
];

/// What was typed and what was wrong with it, for drawing the page again.
#[derive(Debug, Default)]
struct Again {
    duration: String,
    moment: String,
    speed: String,
    field: &'static str,
    wrong: String,
}

/// The page.
pub(super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    drawn(&app, signed.for_page(), None).await
}

async fn drawn(app: &App, who: Who, again: Option<Again>) -> Answered {
    let status = if again.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let shown = app.time.shown();
            let token =
                operator_token::find(&app.store.read().map_err(Error::from)?, who.operator()?)?;
            let again = again.unwrap_or_default();
            let wrong = |name: &str| {
                if again.field == name {
                    sentence(&again.wrong)
                } else {
                    String::new()
                }
            };
            let speed = shown.turned.map_or(1, |turned| turned.speed);
            let text = |typed: &str, present: String| {
                if again.field.is_empty() {
                    present
                } else {
                    typed.to_owned()
                }
            };
            let facts = token.as_ref().map(|token| {
                vec![
                    Fact::code("Ends in", token.last_four.as_str()),
                    Fact::text("Made by", token.by.as_str()),
                    Fact::text("Made", exact(token.created)),
                ]
            });
            let page = ClockPage {
                live: live(&shown).render()?,
                error: None,
                advance: format!("{HERE}/advance"),
                leaps: LEAPS.to_vec(),
                duration: Field::new("duration", "Duration")
                    .required()
                    .max_length(40)
                    .value(again.duration.as_str())
                    .error(wrong("advance"))
                    .help("Such as 90 days, 1h 30m or P1M."),
                set: HERE.into(),
                hands: vec![
                    Field::new("now", "Moment (UTC)")
                        .required()
                        .max_length(40)
                        .value(text(&again.moment, shown.now.to_string()))
                        .error(wrong("now"))
                        .help("Such as 2030-01-31T09:30:00Z."),
                    Field::new("speed", "Speed")
                        .choices(speeds())
                        .value(text(&again.speed, speed.to_string()))
                        .error(wrong("speed")),
                ],
                freeze: format!("{HERE}/freeze"),
                frozen: speed == 0,
                real: shown
                    .turned
                    .map(|_| format!("{HERE}/real"))
                    .unwrap_or_default(),
                token: facts.unwrap_or_default(),
                generate: format!("{HERE}/token"),
                revoke: token
                    .map(|_| format!("{HERE}/token/revoke"))
                    .unwrap_or_default(),
                example: example(who.base()),
                page: who.page(Room::Clock, "Clock"),
            };
            Ok(page.render()?)
        })
        .await?;
    Ok(html_with(status, html))
}

fn speeds() -> Vec<Choice> {
    [
        (0, "stands still"),
        (1, "as fast as real time"),
        (10, "10 times as fast"),
        (60, "a minute a second"),
        (600, "ten minutes a second"),
        (Turned::FASTEST, "an hour a second"),
    ]
    .into_iter()
    .map(|(speed, label)| Choice::new(speed.to_string(), label))
    .collect()
}

fn example(base: &str) -> String {
    format!(
        "curl -H \"Authorization: Bearer $SCIMLAB_OPERATOR_TOKEN\" -d '{{\"advance\":\"P28D\"}}' {base}/lab/clock"
    )
}

fn live(shown: &Shown) -> ClockLive {
    let state = match shown.turned {
        None => Pill::new(Tone::Quiet, "Real time"),
        Some(turned) if turned.speed == 0 => Pill::new(Tone::Warn, "Standing still"),
        Some(_) => Pill::new(Tone::Warn, "Simulated"),
    };
    let mut beside = Vec::new();
    if let Some(turned) = shown.turned {
        beside.push(format!("real time {}", exact(shown.real)));
        beside.push(distance(shown.now, shown.real));
        if turned.speed > 1 {
            beside.push(format!("{} times as fast", thousands(turned.speed.into())));
        }
    }
    let moving = shown.turned.is_some_and(|turned| turned.speed > 1);
    ClockLive {
        poll: if shown.advance.is_some() || moving {
            format!("{HERE}/live")
        } else {
            String::new()
        },
        state,
        shown: exact(shown.now),
        beside,
        progress: shown.advance.as_ref().map(progress),
        halt: format!("{HERE}/halt"),
        last: match (&shown.last, &shown.advance) {
            (Some(last), None) => Some(match &last.failure {
                None => Notice::new(Tone::Good, gone_by(&last.advance), ""),
                Some(failure) => Notice::new(
                    Tone::Bad,
                    format!("The advance broke off at {}.", exact(last.advance.reached)),
                    sentence(failure),
                ),
            }),
            _ => None,
        },
    }
}

fn gone_by(advance: &Advance) -> String {
    let cycles = match advance.cycles {
        0 => "no cycle was due".to_owned(),
        1 => "1 cycle ran".to_owned(),
        cycles => format!("{} cycles ran", thousands(cycles)),
    };
    let went = length(advance.reached.since(advance.from).as_secs());
    let early = if advance.reached < advance.to {
        "Stopped early: "
    } else {
        ""
    };
    format!("{early}{went} went by, {cycles}.")
}

fn progress(advance: &Advance) -> Progress {
    let seconds = |to: Timestamp| to.since(advance.from).as_secs();
    Progress {
        phase: format!("Advancing to {}", exact(advance.to)),
        done: seconds(advance.reached),
        total: seconds(advance.to),
        numbers: format!(
            "at {}, cycles so far: {}",
            exact(advance.reached),
            thousands(advance.cycles)
        ),
        rate: None,
        left: String::new(),
        last_error: String::new(),
    }
}

/// *28 days ahead*.
fn distance(now: Timestamp, real: Timestamp) -> String {
    if now >= real {
        format!("{} ahead", length(now.since(real).as_secs()))
    } else {
        format!("{} behind", length(real.since(now).as_secs()))
    }
}

fn length(seconds: u64) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let part = |count: u64, unit: &str| match count {
        0 => String::new(),
        1 => format!("1 {unit} "),
        count => format!("{} {unit}s ", thousands(count)),
    };
    let words = [
        part(days, "day"),
        part(hours, "hour"),
        part(minutes, "minute"),
    ]
    .concat();
    if words.is_empty() {
        part(seconds.max(1), "second").trim().to_owned()
    } else {
        words.trim().to_owned()
    }
}

/// What the page fetches again by itself.
pub(super) async fn fragment(app: web::Data<App>, _: SignedIn) -> Answered {
    answer(StatusCode::OK, &live(&app.time.shown()))
}

/// What *Advance* sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    duration: String,
    now: String,
    speed: String,
}

/// *Advance*: goes on by itself; the page shows how far it is.
pub(super) async fn advance(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<Typed>,
) -> Answered {
    let (who, duration) = (signed.who(), form.into_inner().duration);
    let operator = who.operator()?.clone();
    // It has begun before the browser is told where to look, so that the page finds something to follow.
    let begun = match app.time.begin(&duration) {
        Ok(begun) => begun,
        Err(error) => {
            return wrong(
                &app,
                &signed,
                who,
                error,
                Typed {
                    duration,
                    ..Typed::default()
                },
            )
            .await;
        }
    };
    // Nobody waits for it: the page follows it, and its end stands there.
    drop(web::block(move || {
        if let Err(error) = begun.run(&operator) {
            tracing::warn!(%error, "an advance of the clock broke off");
        }
    }));
    Ok(super::see_other(HERE))
}

/// *Set*.
pub(super) async fn set(app: web::Data<App>, signed: SignedIn, form: web::Form<Typed>) -> Answered {
    let (who, typed) = (signed.who(), form.into_inner());
    let turn = match read(&typed) {
        Ok(turn) => turn,
        Err(error) => return wrong(&app, &signed, who, error, typed).await,
    };
    match turned(&app, &who, turn).await {
        Ok(shown) => {
            let what = format!("The clock shows {}.", exact(shown.now));
            finish(&signed, HERE, Ok(Done::new(what, "")))
        }
        Err(error) => wrong(&app, &signed, who, error, typed).await,
    }
}

fn read(typed: &Typed) -> Result<Turn> {
    let moment = Timestamp::parse(typed.now.trim())
        .map_err(|_| Error::field("now", "Enter a moment such as 2030-01-31T09:30:00Z."))?;
    let speed = typed
        .speed
        .parse()
        .map_err(|_| Error::field("speed", "Choose one of the speeds."))?;
    Ok(Turn {
        hands: Some(Hands::At(moment)),
        speed: Some(speed),
    })
}

async fn wrong(app: &App, signed: &SignedIn, who: Who, error: Error, typed: Typed) -> Answered {
    match error {
        Error::Field { field, detail } => {
            let again = Again {
                duration: typed.duration,
                moment: typed.now,
                speed: typed.speed,
                field,
                wrong: detail,
            };
            drawn(app, who, Some(again)).await
        }
        error => finish(signed, HERE, Err(error)),
    }
}

async fn turned(app: &App, who: &Who, turn: Turn) -> Result<Shown> {
    let operator = who.operator()?.clone();
    app.run(move |app| app.time.turn(&operator, &turn)).await
}

/// *Stand still*, or *Go on*.
pub(super) async fn freeze(app: web::Data<App>, signed: SignedIn) -> Answered {
    let frozen = app.clock.turned().is_some_and(|turned| turned.speed == 0);
    let turn = Turn {
        hands: None,
        speed: Some(u32::from(frozen)),
    };
    let done = turned(&app, &signed.who(), turn).await.map(|shown| {
        let verb = if frozen {
            "goes on from"
        } else {
            "stands still at"
        };
        Done::new(format!("The clock {verb} {}.", exact(shown.now)), "")
    });
    finish(&signed, HERE, done)
}

/// *Back to real time*.
pub(super) async fn real(app: web::Data<App>, signed: SignedIn) -> Answered {
    let turn = Turn {
        hands: Some(Hands::Real),
        speed: Some(1),
    };
    let done = turned(&app, &signed.who(), turn).await.map(|_| {
        Done::new(
            "The clock follows real time.",
            "What happened meanwhile keeps the moments it was given.",
        )
    });
    finish(&signed, HERE, done)
}

/// *Stop here*.
pub(super) async fn halt(app: web::Data<App>, signed: SignedIn) -> Answered {
    app.time.halt();
    let done = Done::new("The advance ends after the cycle that is running.", "");
    finish(&signed, HERE, Ok(done))
}

/// *Generate Operator Token*: answers with the one page that shows it.
pub(super) async fn generate(app: web::Data<App>, signed: SignedIn) -> Answered {
    let (who, now, token) = (signed.who(), app.now(), Plain::token());
    let (operator, kept) = (who.operator()?.clone(), token.clone());
    app.write(move |tx| operator_token::set(tx, &operator, &kept, now))
        .await?;
    answer(
        StatusCode::OK,
        &TokenPage {
            page: who.page(Room::Clock, "Operator token").under("Clock", HERE),
            value: token.expose().to_owned(),
            example: example(who.base()),
            done: HERE.into(),
        },
    )
}

/// *Revoke*.
pub(super) async fn revoke(app: web::Data<App>, signed: SignedIn) -> Answered {
    act(&app, signed, HERE.to_owned(), |tx, who, now| {
        operator_token::revoke(tx, who.operator()?, now)?;
        Ok(Done::new("The operator token is revoked.", ""))
    })
    .await
}
