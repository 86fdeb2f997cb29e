//! *Applications > Applications*: the list, and the *General* tab.

use actix_web::web;

use super::{Addresses, app_of, catalog, key, show_org};
use crate::directory::okta::{imports, templates};
use crate::error::Result;
use crate::id::OktaKind;
use crate::model::okta::{AppStatus, Flavour, OktaApp, Org};
use crate::store::Snapshot;
use crate::store::okta::{app_users, apps};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::applications::{
    AppTab, ApplicationPage, ApplicationRow, ApplicationsPage, tabs,
};
use crate::web::console::okta::people::Transition;
use crate::web::console::parts::{Fact, Link, Pill, Tone};
use crate::web::console::{Page, Room};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, exact};

/// The list.
pub(super) const HERE: &str = "/okta/applications";

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load_list(tx, who, org, &ask)
    })
    .await
}

fn load_list(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask) -> Result<ApplicationsPage> {
    let all = apps::all(tx, org.seq)?;
    let total = all.len() as u64;
    let addresses = Addresses::new(tx, org);
    let url = ask.url(HERE);
    let part = ask.part_in_order(PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let shown = all.iter().skip(skip).take(part.limit);
    Ok(ApplicationsPage {
        page: who.page(Room::OktaApplications, "Applications"),
        create: catalog::HERE.into(),
        rows: shown
            .map(|app| ApplicationRow {
                label: Link::new(&app.label, addresses.app(app.seq)),
                kind: flavour(app).to_owned(),
                status: status_pill(app),
                provisioning: integration_pill(app),
                base_url: app.provisioning.base_url.clone(),
            })
            .collect(),
        list: List {
            caption: "Applications".into(),
            filter: None,
            columns: vec![
                Column::new("Application"),
                Column::wide("Status"),
                Column::new("API integration"),
                Column::wide("Base URL"),
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
                    "No application",
                    "Choose one of the catalogue.",
                    Link::new("Browse App Catalog", catalog::HERE),
                ),
            ),
        },
    })
}

/// Whose verbs an app uses.
pub(super) const fn flavour(app: &OktaApp) -> &'static str {
    match app.flavour {
        Flavour::Aiw => "App Integration Wizard: GET and PUT throughout",
        Flavour::OinPatch => "Okta Integration Network: PATCH for activation and groups",
        Flavour::OinPut => "Okta Integration Network, switched to PUT",
    }
}

/// *Active* or *Inactive*.
pub(super) fn status_pill(app: &OktaApp) -> Pill {
    match app.status {
        AppStatus::Active => Pill::new(Tone::Good, "Active"),
        AppStatus::Inactive => Pill::new(Tone::Quiet, "Inactive"),
    }
}

/// Whether the API integration is enabled.
pub(super) fn integration_pill(app: &OktaApp) -> Pill {
    if app.provisioning.enabled {
        Pill::new(Tone::Good, "Enabled")
    } else {
        Pill::new(Tone::Quiet, "Not enabled")
    }
}

/// Which tabs it has: *Import*, and *Push Groups*.
pub(super) fn has(app: &OktaApp) -> (bool, bool) {
    (imports::imports(app), app.group_push)
}

/// The frame of an app's tabs.
pub(super) fn frame(who: &Who, app: &OktaApp) -> Page {
    who.page(Room::OktaApplications, &app.label)
        .under("Applications", HERE)
}

/// *General*.
pub(in crate::web::rooms) async fn general(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| load(tx, who, org, &id)).await
}

fn load(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<ApplicationPage> {
    let app = app_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let base = addresses.app(app.seq);
    let active = app.status == AppStatus::Active;
    let template = templates::find(&app.template).map_or(app.template.as_str(), |one| one.label);
    Ok(ApplicationPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::General, has(&app)),
        rename: format!("{base}/rename"),
        facts: vec![
            Fact::text("Application label", &app.label),
            Fact::text("Made from", template),
            Fact::text("Requests", flavour(&app)),
            Fact::text(
                "Push Groups",
                if app.group_push {
                    "Supported".to_owned()
                } else {
                    catalog::no_group_push(template)
                },
            ),
            Fact::code("Name", &app.name),
            Fact::code("App ID", addresses.id(OktaKind::App, app.seq).to_string()),
            Fact::text("Created", exact(app.created)),
            Fact::text("Last updated", exact(app.last_updated)),
        ],
        steps: steps(tx, org, &app, &base)?,
        transitions: vec![if active {
            Transition {
                label: "Deactivate",
                action: format!("{base}/status/deactivate"),
                asks: "Nothing is sent any more, and what changes meanwhile is not sent later either.",
                danger: true,
            }
        } else {
            Transition {
                label: "Activate",
                action: format!("{base}/status/activate"),
                asks: "",
                danger: false,
            }
        }],
        delete: if active {
            String::new()
        } else {
            format!("{base}/delete")
        },
    })
}

/// What to do next with an app, and how far it is.
fn steps(tx: &Snapshot, org: &Org, app: &OktaApp, base: &str) -> Result<Vec<(Link, String)>> {
    let step = |text: &str, path: &str, how: &str| {
        (Link::new(text, format!("{base}{path}")), how.to_owned())
    };
    let features = [
        app.to_app.create_users,
        app.to_app.update_attributes,
        app.to_app.deactivate_users,
    ];
    let on = features.iter().filter(|on| **on).count();
    let mut steps = vec![
        step(
            "Configure API Integration",
            "/provisioning/integration",
            if app.provisioning.enabled {
                "Enabled."
            } else {
                "Not enabled yet: enter the base URL and the API token."
            },
        ),
        step(
            "Choose what is sent to the app",
            "/provisioning",
            match on {
                0 => "Nothing is enabled yet.",
                3 => "People are created, updated and deactivated.",
                _ => "Some of it is enabled.",
            },
        ),
        step(
            "Assign people",
            "/assignments",
            if app_users::any(tx, key(org, app.seq))? {
                "People are assigned."
            } else {
                "Nobody is assigned yet."
            },
        ),
    ];
    if app.group_push {
        steps.push(step(
            "Push groups",
            "/push-groups",
            "Groups of Okta, with their people.",
        ));
    }
    Ok(steps)
}
