//! *App registrations* of a tenant: the list, and *Overview* of one.

pub(in crate::web::rooms) mod forms;
pub(in crate::web::rooms) mod owned;
pub(in crate::web::rooms) mod permissions;
pub(in crate::web::rooms) mod secrets;

use actix_web::web;

use super::super::super::App;
use super::super::super::addresses;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::entra::registrations::{
    Copied, RegistrationPage, RegistrationRow, RegistrationTab, RegistrationsPage, tabs,
};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Pill, Tone, counted};
use super::super::super::console::{Page, Room};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, exact, show};
use super::tenant_of;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{AppRegistration, Tenant};
use crate::store::{Reads, registrations as rows};

/// The list.
pub(super) const HERE: &str = "/entra/app-registrations";
const NEW: &str = "/entra/app-registrations/new";
const TITLE: &str = "App registrations";

fn address(registration: &AppRegistration) -> String {
    format!("{HERE}/{}", registration.app_id)
}

/// The registration with a client id, in the tenant that is shown.
fn find(tx: &impl Reads, who: &Who, id: &str) -> Result<(Tenant, AppRegistration)> {
    let unknown = || Error::not_found("App registration", "");
    let tenant = tenant_of(tx, who)?;
    let id: Guid = id.parse().map_err(|_| unknown())?;
    let found = rows::by_app_id(tx, tenant.seq, &id)?.ok_or_else(unknown)?;
    Ok((tenant, found))
}

/// The frame of a registration's tabs.
fn frame(who: &Who, registration: &AppRegistration) -> Page {
    who.page(Room::AppRegistrations, &registration.display_name)
        .under(TITLE, HERE)
}

/// The frame of a page below a registration.
fn below(who: &Who, registration: &AppRegistration, title: &str) -> Page {
    who.page(Room::AppRegistrations, title)
        .under(TITLE, HERE)
        .under(&registration.display_name, address(registration))
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load_list(tx, &who, &ask, now)).await
}

fn load_list(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<RegistrationsPage> {
    let needle = ask.text().to_lowercase();
    let mut found = rows::all(tx, tenant_of(tx, who)?.seq)?;
    found.retain(|registration| {
        registration.display_name.to_lowercase().contains(&needle)
            || registration.app_id.to_string().contains(&needle)
    });
    let (total, part) = (found.len() as u64, ask.part_in_order(PAGE));
    let url = ask.url(HERE);
    Ok(RegistrationsPage {
        page: who.page(Room::AppRegistrations, TITLE),
        create: NEW.into(),
        rows: found
            .iter()
            .skip(usize::try_from(part.skip).unwrap_or(usize::MAX))
            .take(part.limit)
            .map(|registration| RegistrationRow {
                name: Link::new(&registration.display_name, address(registration)),
                client_id: registration.app_id.to_string(),
                created: Moment::new(registration.created, now),
                secrets: secrets_pill(registration, now),
            })
            .collect(),
        list: List {
            caption: TITLE.into(),
            filter: (total > 0 || ask.narrows())
                .then(|| Filter::new(&url, "Search by name or client ID")),
            columns: vec![
                Column::new("Display name"),
                Column::wide("Application (client) ID"),
                Column::wide("Created"),
                Column::new("Client secrets"),
            ],
            pager: Pager::new(
                total,
                ask.page(),
                PAGE,
                ("registration", "registrations"),
                &url,
            ),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No app registrations",
                    "Register the program that will upload people or call the Graph API.",
                    Link::new("New registration", NEW),
                ),
            ),
        },
    })
}

/// Whether a secret opens the registration.
fn secrets_pill(registration: &AppRegistration, now: Timestamp) -> Pill {
    let opens = registration.secrets.iter().any(|kept| kept.expires > now);
    match (opens, registration.secrets.is_empty()) {
        (true, _) => Pill::new(Tone::Good, "Current"),
        (false, false) => Pill::new(Tone::Warn, "Expired"),
        (false, true) => Pill::new(Tone::Quiet, "None"),
    }
}

/// *Overview*.
pub(in crate::web::rooms) async fn overview(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &id)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str) -> Result<RegistrationPage> {
    let (tenant, registration) = find(tx, who, id)?;
    let (here, base) = (address(&registration), who.base());
    let copied = |id, label, value| Copied { id, label, value };
    let owned = owned::owned(tx, tenant.seq, &registration)?;
    let many = |count: usize, one, more| counted(count as u64, one, more);
    Ok(RegistrationPage {
        page: frame(who, &registration),
        tabs: tabs(&here, RegistrationTab::Overview),
        rename: format!("{here}/rename"),
        delete: format!("{here}/delete"),
        ids: vec![
            copied(
                "client-id",
                "Application (client) ID",
                registration.app_id.to_string(),
            ),
            copied("tenant-id", "Directory (tenant) ID", tenant.id.to_string()),
            copied("object-id", "Object ID", registration.object_id.to_string()),
        ],
        endpoints: vec![
            copied(
                "token-v2",
                "OAuth 2.0 token endpoint (v2)",
                addresses::token_v2(base, tenant.id),
            ),
            copied(
                "token-v1",
                "OAuth 2.0 token endpoint (v1)",
                addresses::token_v1(base, tenant.id),
            ),
            copied(
                "graph",
                "Microsoft Graph API endpoint",
                addresses::graph(base),
            ),
        ],
        facts: vec![
            Fact::text("Created", exact(registration.created)),
            Fact::link(
                "Client credentials",
                many(registration.secrets.len(), "secret", "secrets"),
                format!("{here}/secrets"),
            ),
            Fact::link(
                "API permissions",
                many(registration.permissions.len(), "permission", "permissions"),
                format!("{here}/permissions"),
            ),
            Fact::link(
                "Owned applications",
                many(owned.len(), "application", "applications"),
                format!("{here}/owned"),
            ),
        ],
    })
}
