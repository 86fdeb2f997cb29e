//! *Directory > Profile Editor*: the profiles, and the attributes of one (part 2.6 of the Okta reference).

use actix_web::web;

use super::{Addresses, app_of, show_org};
use crate::error::Result;
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{AppAttribute, OktaApp, Org, UserAttribute};
use crate::store::Snapshot;
use crate::store::okta::apps;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::okta::profile_editor::{
    AttributeRow, ProfilePage, ProfileRow, ProfilesPage,
};
use crate::web::console::parts::{Link, counted};
use crate::web::console::{Page, Room};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask};

/// The list of profiles.
pub(super) const HERE: &str = "/okta/profile-editor";
/// The Okta user profile.
pub(super) const USER: &str = "/okta/profile-editor/user";
/// Its name.
pub(super) const USER_TITLE: &str = "User (default)";

/// The profile of an app.
pub(super) fn of_app(addresses: Addresses, app: &OktaApp) -> String {
    format!("{}/profile", addresses.app(app.seq))
}

/// The name of the profile of an app.
pub(super) fn title_of(app: &OktaApp) -> String {
    format!("{} User", app.label)
}

/// The frame of a page about a profile.
pub(super) fn frame(who: &Who, title: impl Into<String>) -> Page {
    who.page(Room::OktaProfileEditor, title)
        .under("Profile Editor", HERE)
}

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

fn attributes(count: usize, custom: usize) -> String {
    format!(
        "{}, {} of them custom",
        counted(count as u64, "attribute", "attributes"),
        custom
    )
}

fn load_list(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask) -> Result<ProfilesPage> {
    let addresses = Addresses::new(tx, org);
    let mut rows = vec![ProfileRow {
        name: Link::new(USER_TITLE, USER),
        kind: "Okta",
        attributes: attributes(
            USER_ATTRIBUTES.len() + org.attributes.len(),
            org.attributes.len(),
        ),
        mappings: None,
    }];
    rows.extend(apps::all(tx, org.seq)?.iter().map(|app| {
        let custom = app.attributes.iter().filter(|one| one.custom).count();
        ProfileRow {
            name: Link::new(title_of(app), of_app(addresses, app)),
            kind: "App",
            // The username is one that no row of the app stands for.
            attributes: attributes(app.attributes.len() + 1, custom),
            mappings: Some(mappings(addresses, app)),
        }
    }));
    let (url, part, total) = (ask.url(HERE), ask.part_in_order(PAGE), rows.len() as u64);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    Ok(ProfilesPage {
        page: who.page(Room::OktaProfileEditor, "Profile Editor"),
        rows: rows.into_iter().skip(skip).take(part.limit).collect(),
        list: List {
            caption: "Profiles".into(),
            filter: None,
            columns: vec![Column::new("Profile"), Column::new("Type"), Column::new("")],
            pager: Pager::new(total, ask.page(), PAGE, ("profile", "profiles"), &url),
            empty: ask.empty(total, &url, Empty::new("No profiles", "", Link::plain(""))),
        },
    })
}

fn mappings(addresses: Addresses, app: &OktaApp) -> Link {
    let tab = format!("{}/provisioning", addresses.app(app.seq));
    Link::new("Mappings", tab)
}

/// The attributes that match what is searched for, a page of them.
fn page_of(
    ask: &Ask,
    here: &str,
    all: Vec<AttributeRow>,
    of_app: bool,
) -> (List, Vec<AttributeRow>) {
    let text = ask.text().to_lowercase();
    let found: Vec<AttributeRow> = all
        .into_iter()
        .filter(|row| {
            row.title.to_lowercase().contains(&text) || row.name.to_lowercase().contains(&text)
        })
        .collect();
    let (url, part, total) = (ask.url(here), ask.part_in_order(PAGE), found.len() as u64);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let mut columns = vec![Column::new("Attribute"), Column::new("Data type")];
    if of_app {
        columns.push(Column::wide("External name"));
    }
    columns.extend([Column::wide("Attribute type"), Column::new("")]);
    let list = List {
        caption: "Attributes".into(),
        filter: Some(Filter::new(&url, "Search by name")),
        columns,
        pager: Pager::new(total, ask.page(), PAGE, ("attribute", "attributes"), &url),
        empty: ask.empty(
            total,
            &url,
            Empty::new("No attributes", "", Link::plain("")),
        ),
    };
    (
        list,
        found.into_iter().skip(skip).take(part.limit).collect(),
    )
}

/// The attributes of the Okta user.
pub(in crate::web::rooms) async fn user(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |_, who, org, _| {
        let base = USER_ATTRIBUTES.iter().map(|base| AttributeRow {
            title: base.title.to_owned(),
            name: base.name.to_owned(),
            kind: restricted(base.kind, 0, None, base.max_length.map(|most| most as u64)),
            external: String::new(),
            origin: "Base",
            required: base.required,
            edit: String::new(),
            delete: String::new(),
        });
        let custom = org.attributes.iter().map(user_row);
        let (list, rows) = page_of(&ask, USER, base.chain(custom).collect(), false);
        Ok(ProfilePage {
            page: frame(who, USER_TITLE),
            kind: "Okta",
            add: format!("{USER}/new"),
            mappings: None,
            of_app: false,
            list,
            rows,
        })
    })
    .await
}

fn user_row(attribute: &UserAttribute) -> AttributeRow {
    let at = format!("{USER}/attributes/{}", attribute.name);
    AttributeRow {
        title: attribute.title.clone(),
        name: attribute.name.clone(),
        kind: restricted(
            attribute.data_type.name(),
            attribute.values.len(),
            attribute.min_length.map(u64::from),
            attribute.max_length.map(u64::from),
        ),
        external: String::new(),
        origin: "Custom",
        required: attribute.required,
        edit: format!("{at}/edit"),
        delete: format!("{at}/delete"),
    }
}

/// A data type, and what restricts it.
fn restricted(kind: &str, values: usize, least: Option<u64>, most: Option<u64>) -> String {
    let length = match (least, most) {
        (None, None) => String::new(),
        (Some(least), None) => format!(", at least {least} characters"),
        (None, Some(most)) => format!(", at most {most} characters"),
        (Some(least), Some(most)) => format!(", {least} to {most} characters"),
    };
    let values = match values {
        0 => String::new(),
        count => format!(", one of {count}"),
    };
    format!("{kind}{values}{length}")
}

/// The attributes of an app's users.
pub(in crate::web::rooms) async fn app_user(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &id)?;
        let addresses = Addresses::new(tx, org);
        let here = of_app(addresses, &app);
        let name = AttributeRow {
            title: "Username".into(),
            name: "userName".into(),
            kind: "string, at most 255 characters".into(),
            external: "userName".into(),
            origin: "Base",
            required: true,
            edit: String::new(),
            delete: String::new(),
        };
        let others = app.attributes.iter().map(|one| app_row(&here, one));
        let all = std::iter::once(name).chain(others).collect();
        let (list, rows) = page_of(&ask, &here, all, true);
        Ok(ProfilePage {
            page: frame(who, title_of(&app)),
            kind: "App",
            add: format!("{here}/new"),
            mappings: Some(mappings(addresses, &app)),
            of_app: true,
            list,
            rows,
        })
    })
    .await
}

fn app_row(here: &str, attribute: &AppAttribute) -> AttributeRow {
    let at = format!("{here}/attributes/{}", attribute.name);
    AttributeRow {
        title: attribute.title.clone(),
        name: attribute.name.clone(),
        kind: restricted(
            attribute.data_type.name(),
            attribute.values.len(),
            attribute.min_length.map(u64::from),
            attribute.max_length.map(u64::from),
        ),
        external: attribute.external_name.clone(),
        origin: if attribute.custom { "Custom" } else { "Base" },
        required: attribute.required,
        edit: format!("{at}/edit"),
        delete: if attribute.custom {
            format!("{at}/delete")
        } else {
            String::new()
        },
    }
}
