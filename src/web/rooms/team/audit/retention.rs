//! How long the team's audit log is kept: the operator's form.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use crate::error::Error;
use crate::provider::audit::{RETENTION_DAYS, keep_for};
use crate::provider::team;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::FormPage;
use crate::web::console::parts::Field;
use crate::web::failure::{PageFailure, sentence};
use crate::web::rooms::{Answered, Done, finish, page, show};

/// The form.
pub(in crate::web::rooms) const HERE: &str = "/team/audit/retention";

fn form(who: &Who, days: &str, error: &str) -> FormPage {
    FormPage {
        page: who
            .page(Room::Audit, "Keep the audit log")
            .under("Audit log", super::HERE),
        lead: "Older events are deleted for good within the hour. Only operators may change this, so that no \
               administrator can shorten the record of what was done."
            .into(),
        error: None,
        fields: vec![
            Field::new("days", "Days")
                .required()
                .max_length(4)
                .value(days)
                .error(error)
                .help(format!(
                    "{} to {}. Postman keeps 180.",
                    RETENTION_DAYS.start(),
                    RETENTION_DAYS.end()
                )),
        ],
        action: HERE.into(),
        submit: "Save".into(),
        cancel: super::HERE.into(),
    }
}

/// The form.
pub(in crate::web::rooms) async fn ask(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let days = team::get(tx, &who.member)?.audit_days;
        Ok(form(&who, &days.to_string(), ""))
    })
    .await
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(in crate::web::rooms) struct Wanted {
    days: String,
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    // What is no number is no number of days that can be had.
    let days = wanted.days.trim().parse().unwrap_or(0);
    let (operator, team) = (who.operator()?.clone(), who.member.team);
    let kept = app
        .write(move |tx| keep_for(tx, &operator, team, days, now))
        .await;
    match kept {
        Ok(team) => {
            let done = Done::new(
                format!("The audit log is kept for {} days.", team.audit_days),
                "",
            );
            finish(&signed, super::HERE, Ok(done))
        }
        Err(Error::Field { detail, .. }) => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, &wanted.days, &sentence(&detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
