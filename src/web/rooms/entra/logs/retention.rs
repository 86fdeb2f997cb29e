//! How long the provisioning log is kept.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::tenant_of;
use crate::error::{Error, Result};
use crate::model::LogRetention;
use crate::store::logs;
use crate::sync::log_retention::keep_for;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::common::FormPage;
use crate::web::console::parts::Field;
use crate::web::failure::{PageFailure, sentence};
use crate::web::rooms::{Answered, Done, finish, page, show};

/// The form.
pub(in crate::web::rooms) const HERE: &str = "/entra/provisioning-logs/retention";

fn form(who: &Who, days: &str, error: &str) -> FormPage {
    FormPage {
        page: who
            .page(Room::ProvisioningLogs, "Keep provisioning logs")
            .under("Provisioning logs", super::HERE),
        lead: "Older entries are deleted for good within the hour.".into(),
        error: None,
        fields: vec![
            Field::new("days", "Days")
                .max_length(4)
                .value(days)
                .error(error)
                .help(
                    "Microsoft Entra ID keeps 30 days with a P1 or P2 licence and 7 without. Leave it empty to keep everything.",
                ),
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
        let kept = logs::retention(tx, tenant_of(tx, &who)?.seq)?;
        let days = kept.days.map_or_else(String::new, |days| days.to_string());
        Ok(form(&who, &days, ""))
    })
    .await
}

/// What was typed.
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
    let who = signed.who();
    let (operator, viewer) = (who.operator()?.clone(), who.clone());
    let days = match wanted.days.trim() {
        "" => None,
        // What is no number is no number of days that can be had.
        text => Some(text.parse().unwrap_or(0)),
    };
    let kept = app
        .write(move |tx| -> Result<LogRetention> {
            let tenant = tenant_of(tx, &viewer)?.seq;
            keep_for(tx, &operator, tenant, days)
        })
        .await;
    match kept {
        Ok(kept) => {
            let what = match kept.days {
                Some(days) => format!("Provisioning logs are kept for {days} days."),
                None => "Provisioning logs are kept for ever.".to_owned(),
            };
            finish(&signed, super::HERE, Ok(Done::new(what, "")))
        }
        Err(Error::Field { detail, .. }) => page(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, &wanted.days, &sentence(&detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
