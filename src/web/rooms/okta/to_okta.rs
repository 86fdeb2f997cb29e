//! *Provisioning > To Okta*: what the app says about people who come from it (part 2.3 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame, has, status_pill};
use super::form::{Id, save_form, show_form, unchanged};
use super::to_okta_form::{form, wanted};
use super::{Addresses, Typed, app_of, import, key, show_org};
use crate::clock::Timestamp;
use crate::directory::okta::imports::{self, schedule};
use crate::error::Result;
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{
    ImportSchedule, ImportUsername, OktaApp, Org, PushStatus, ToOkta, WhenDeactivated,
};
use crate::store::Snapshot;
use crate::store::okta::imports as rows;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::provisioning::{MappingRow, Setting, ToOktaPage, settings};
use crate::web::console::parts::{Fact, Link, Moment};
use crate::web::rooms::{Answered, Done};

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, &id, now)
    })
    .await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, id: &str, now: Timestamp) -> Result<ToOktaPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let here = format!("{base}/provisioning/to-okta");
    let due = rows::due(tx, key(org, app.seq))?;
    let rows = mappings(&app, &here);
    Ok(ToOktaPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Provisioning, has(&app)),
        settings: settings(&base, Setting::ToOkta, has(&app).0),
        note: import::note(&app),
        sections: vec![
            ("General", general(&app.to_okta, due, now)),
            ("User Creation & Matching", matching(&app.to_okta)),
            ("Profile & Lifecycle Sourcing", sourcing(&app)),
        ],
        edit: if imports::imports(&app) {
            format!("{here}/edit")
        } else {
            String::new()
        },
        list: List {
            caption: "Okta Attribute Mappings".into(),
            filter: None,
            columns: vec![
                Column::new("Attribute"),
                Column::new("Value"),
                Column::wide("Apply on"),
                Column::new(""),
            ],
            pager: Pager::whole(rows.len() as u64, ("attribute", "attributes")),
            empty: Empty::new("No attributes", "Okta users have none.", Link::plain("")),
        },
        rows,
    })
}

/// A schedule in the words of the panel, else as it is written.
pub(super) fn schedule_name(schedule: Option<&ImportSchedule>) -> &str {
    match schedule.map(|schedule| schedule.expression.as_str()) {
        None => "Never",
        Some(schedule::HOURLY) => "Every hour",
        Some(schedule::DAILY) => "Every day",
        Some(schedule::WEEKLY) => "Every week",
        Some(other) => other,
    }
}

fn general(rules: &ToOkta, due: Option<Timestamp>, now: Timestamp) -> Vec<Fact> {
    let planned = |schedule: Option<&ImportSchedule>| match schedule {
        Some(one) => format!("{} ({})", schedule_name(schedule), one.timezone),
        None => schedule_name(schedule).to_owned(),
    };
    let mut facts = vec![
        Fact::text("Full import schedule", planned(rules.full.as_ref())),
        Fact::text(
            "Incremental import schedule",
            planned(rules.incremental.as_ref()),
        ),
    ];
    if let Some(due) = due {
        facts.push(Fact::text("Next import", Moment::new(due, now).exact));
    }
    facts.push(match &rules.username {
        ImportUsername::Email => Fact::text("Okta username format", "Email Address"),
        ImportUsername::Custom(expression) => Fact::code("Okta username format", expression),
    });
    let safeguard = format!("{} % of the app's users", rules.safeguard);
    facts.push(Fact::text("Import safeguard", safeguard));
    facts
}

fn enabled(on: bool) -> &'static str {
    if on { "Enabled" } else { "Not enabled" }
}

fn matching(rules: &ToOkta) -> Vec<Fact> {
    let exact = &rules.exact;
    let what = if exact.attributes.is_empty() {
        let chosen = [
            (exact.username, "Okta username format matches"),
            (exact.email, "Email matches"),
        ];
        let chosen: Vec<&str> = chosen
            .into_iter()
            .filter(|(on, _)| *on)
            .map(|(_, label)| label)
            .collect();
        chosen.join(" and ")
    } else {
        let names = exact.attributes.join(", ");
        format!("The following combination of attributes matches: {names}")
    };
    let fact = |label: &str, on: bool| Fact::text(label, enabled(on));
    vec![
        Fact::text("Imported user is an exact match to Okta user if", what),
        fact("Allow partial matches", rules.allow_partial),
        fact("Auto-confirm exact matches", rules.confirm_exact),
        fact("Auto-confirm partial matches", rules.confirm_partial),
        fact("Auto-confirm new users", rules.confirm_new),
        fact("Auto-activate new users", rules.activate_new),
        fact("Force rematch imported users", rules.force_rematch),
    ]
}

fn sourcing(app: &OktaApp) -> Vec<Fact> {
    let rules = &app.to_okta;
    let fact = |label: String, on: bool| Fact::text(label, enabled(on));
    vec![
        fact(
            format!("Allow {} to source Okta users", app.label),
            rules.sourcing,
        ),
        Fact::text(
            "When a user is deactivated in the app",
            match rules.when_deactivated {
                WhenDeactivated::Nothing => "Do nothing",
                WhenDeactivated::Deactivate => "Deactivate",
                WhenDeactivated::Suspend => "Suspend",
            },
        ),
        fact(
            "Reactivate suspended Okta users".into(),
            rules.reactivate_suspended,
        ),
        fact(
            "Reactivate deactivated Okta users".into(),
            rules.reactivate_deactivated,
        ),
    ]
}

fn mappings(app: &OktaApp, here: &str) -> Vec<MappingRow> {
    let title = |name: &str| {
        let base = USER_ATTRIBUTES.iter().find(|base| base.name == name);
        base.map_or(name, |base| base.title).to_owned()
    };
    imports::to_okta_mappings(app)
        .into_iter()
        .map(|(name, mapping)| MappingRow {
            title: title(name),
            name: name.to_owned(),
            apply: mapping.as_ref().map_or("", |mapping| match mapping.push {
                PushStatus::Push => "Create and update",
                PushStatus::DontPush => "Create",
            }),
            expression: mapping.map_or_else(String::new, |mapping| mapping.expression),
            value: String::new(),
            wrong: String::new(),
            edit: format!("{here}/mappings/{name}"),
        })
        .collect()
}

/// *Edit*.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), form).await
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/provisioning/to-okta");
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        form,
        &back,
        |tx, org, administrator, (id, typed), now| {
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let (key, wanted) = (key(org, app.seq), wanted(typed)?);
            imports::save_to_okta(tx, administrator, key, &wanted, now)?;
            let next = "The next import follows it.";
            Ok(Done::new("Provisioning to Okta is saved.", next))
        },
    )
    .await
}
