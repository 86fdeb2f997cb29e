//! *Owned applications*: those for which permissions that end in `.OwnedBy` count.

use actix_web::web;
use serde::Deserialize;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::registrations::{
    OwnedPage, OwnedRow, RegistrationTab, tabs,
};
use super::super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::super::console::parts::Link;
use super::super::super::ask::PAGE;
use super::super::super::{Answered, Ask, Done, act, show};
use super::super::{application_address, application_of};
use super::{HERE, address, find, frame};
use crate::directory::registrations;
use crate::error::Result;
use crate::id::Seq;
use crate::model::{AppRegistration, Application};
use crate::store::{Reads, directory as rows};

/// Applications that a registration owns; deleted ones do not count.
pub(super) fn owned(
    tx: &impl Reads,
    tenant: Seq,
    registration: &AppRegistration,
) -> Result<Vec<Application>> {
    let mut all = rows::applications(tx, tenant)?;
    all.retain(|application| registration.owns.contains(&application.seq));
    Ok(all)
}

/// The tab.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &id, &ask)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str, ask: &Ask) -> Result<OwnedPage> {
    let (tenant, registration) = find(tx, who, id)?;
    let here = format!("{}/owned", address(&registration));
    let needle = ask.text().to_lowercase();
    let mut all = rows::applications(tx, tenant.seq)?;
    all.retain(|application| application.display_name.to_lowercase().contains(&needle));
    let (total, part, url) = (all.len() as u64, ask.part_in_order(PAGE), ask.url(&here));
    Ok(OwnedPage {
        page: frame(who, &registration),
        tabs: tabs(&address(&registration), RegistrationTab::Owned),
        rows: all
            .iter()
            .skip(usize::try_from(part.skip).unwrap_or(usize::MAX))
            .take(part.limit)
            .map(|application| OwnedRow {
                name: Link::new(&application.display_name, application_address(application)),
                owner: registration.owns.contains(&application.seq),
                action: format!("{here}/{}", application.id),
            })
            .collect(),
        list: List {
            caption: "Enterprise applications".into(),
            filter: (total > 0 || ask.narrows()).then(|| Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Application"),
                Column::new("Owner"),
                Column::new(""),
            ],
            pager: Pager::new(
                total,
                ask.page(),
                PAGE,
                ("application", "applications"),
                &url,
            ),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No enterprise application",
                    "Choose one of the gallery first.",
                    Link::new("New application", "/entra/gallery"),
                ),
            ),
        },
    })
}

/// Whether to own an application.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Chosen {
    owns: String,
}

/// Makes it an owner of an application, or takes that away.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    chosen: web::Form<Chosen>,
) -> Answered {
    let (id, application) = path.into_inner();
    let (back, owns) = (format!("{HERE}/{id}/owned"), chosen.owns == "yes");
    act(&app, signed, back, move |tx, who, _| {
        let (tenant, found) = find(tx, who, &id)?;
        let application = application_of(tx, tenant.seq, &application)?;
        let operator = who.operator()?;
        registrations::set_owner(tx, operator, tenant.seq, found.seq, application.seq, owns)?;
        let (name, of) = (found.display_name, application.display_name);
        Ok(Done::new(
            if owns {
                format!("{name} is an owner of {of}.")
            } else {
                format!("{name} is no longer an owner of {of}.")
            },
            "",
        ))
    })
    .await
}
