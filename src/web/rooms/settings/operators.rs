//! *Operators*: the list, adding one, taking the rights away.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::Account;
use crate::provider::operators;
use crate::store::Reads;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::ConfirmPage;
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::parts::{Field, Link, Moment, Pill, Tone};
use crate::web::console::settings::operators::{OperatorRow, OperatorsPage};
use crate::web::failure::{PageFailure, sentence};
use crate::web::rooms::{Answered, Done, act, finish, page as answer, show};

/// The list.
pub(in crate::web::rooms) const HERE: &str = "/settings/operators";

/// The list.
pub(in crate::web::rooms) async fn list(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, "", "", now)).await
}

fn load(
    tx: &impl Reads,
    who: &Who,
    email: &str,
    error: &str,
    now: Timestamp,
) -> Result<OperatorsPage> {
    let operators = operators::list(tx, who.operator()?)?;
    let mut able = Vec::new();
    for account in &operators {
        if operators::can_sign_in(tx, account)? {
            able.push(account.seq);
        }
    }
    let total = operators.len() as u64;
    Ok(OperatorsPage {
        page: who.page(Room::Operators, "Operators"),
        rows: operators
            .iter()
            .map(|account| row(account, &able, now))
            .collect(),
        list: List {
            caption: "Operators".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::new("Status"),
                Column::wide("Account since"),
                Column::new(""),
            ],
            pager: Pager::whole(total, ("operator", "operators")),
            empty: Empty::new("No operators", "", Link::plain("")),
        },
        add: HERE.into(),
        field: Field::new("email", "E-mail")
            .required()
            .kind("email", "off")
            .max_length(254)
            .value(email)
            .error(error)
            .help(
                "Of somebody who signs in to this console. Operators see the people of every team.",
            ),
    })
}

fn row(account: &Account, able: &[Seq], now: Timestamp) -> OperatorRow {
    let can = able.contains(&account.seq);
    let last = able.iter().all(|other| *other == account.seq);
    OperatorRow {
        name: account.name.clone(),
        email: account.sign_in_name.clone(),
        status: if can {
            Pill::new(Tone::Good, "Can sign in")
        } else {
            Pill::new(Tone::Warn, "Cannot sign in")
        },
        created: Moment::new(account.created, now),
        remove: if last {
            String::new()
        } else {
            format!("{HERE}/{}/remove", account.seq)
        },
        blocked: if last {
            "The only one who can sign in".into()
        } else {
            String::new()
        },
    }
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Wanted {
    email: String,
}

/// *Add operator*.
pub(in crate::web::rooms) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, email) = (signed.who(), app.now(), wanted.into_inner().email);
    let (operator, given) = (who.operator()?.clone(), email.clone());
    let added = app
        .write(move |tx| operators::add(tx, &operator, &given, now))
        .await;
    match added {
        Ok(account) => {
            let done = Done::new(format!("{} is an operator now.", account.name), "");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let page = app
                .read(move |tx| load(tx, &who, &email, &sentence(&detail), now))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Operator", ""))
}

/// What taking the rights away means.
pub(in crate::web::rooms) async fn ask_remove(
    app: web::Data<App>,
    signed: SignedIn,
    account: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let account = operators::get(tx, who.operator()?, seq(&account)?)?;
        Ok(ConfirmPage {
            page: who
                .page(
                    Room::Operators,
                    format!("Remove {} as operator?", account.name),
                )
                .under("Operators", HERE),
            lead: format!("{} keeps the teams and roles there.", account.sign_in_name),
            consequences: vec![
                "The pages of the appliance are closed to this person at once.".into(),
                "Any other operator can add the person again.".into(),
            ],
            danger: true,
            ask: None,
            action: format!("{HERE}/{}/remove", account.seq),
            submit: "Remove".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Remove*.
pub(in crate::web::rooms) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    account: web::Path<String>,
) -> Answered {
    let account = seq(&account)?;
    // Whoever gave up the own rights may not see the list any more.
    let back = if signed.who().account() == account {
        "/team/members"
    } else {
        HERE
    };
    act(&app, signed, HERE.to_owned(), move |tx, who, now| {
        let account = operators::remove(tx, who.operator()?, account, now)?;
        Ok(Done {
            elsewhere: Some(back.to_owned()),
            ..Done::new(format!("{} is no operator any more.", account.name), "")
        })
    })
    .await
}
