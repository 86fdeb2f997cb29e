//! *App roles*: what somebody can be in an application, and the roles of one assignment.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::entra::app_roles::{
    AppRoleChoice, AppRoleRow, AppRolesPage, AssignmentPage,
};
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::list::{Column, Empty, List, Pager};
use super::super::super::console::parts::{Choice, Field, Link, Notice, Pill, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, finish, page as answer, show};
use super::applications::frame;
use super::groups::name_of;
use super::{any_object_of, application_address, assignments, outbound_application_of, tenant_of};
use crate::directory::app_roles::{self, NAME_LIMIT, RoleDetails, VALUE_LIMIT};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{AppRole, Application, Assignment, Direction};
use crate::store::{Reads, directory as rows};

/// What an inbound job has not: nobody is assigned to it.
const WHAT: &str = "The tab App roles";

/// Names of the roles of an assignment; *Default Access* when there are none.
pub(super) fn names(application: &Application, assignment: Option<&Assignment>) -> String {
    let had = assignment.map_or(&[][..], |assignment| &assignment.roles);
    let names: Vec<&str> = application
        .roles
        .iter()
        .filter(|role| had.contains(&role.id))
        .map(|role| role.display_name.as_str())
        .collect();
    if names.is_empty() {
        "Default Access".to_owned()
    } else {
        names.join(", ")
    }
}

/// The tab.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &id)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str) -> Result<AppRolesPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let application = outbound_application_of(tx, tenant, id, WHAT)?;
    let base = application_address(&application);
    let here = format!("{base}/app-roles");
    let create = format!("{here}/new");
    let row = |role: &AppRole| AppRoleRow {
        name: role.display_name.clone(),
        description: role.description.clone(),
        value: role.value.clone().unwrap_or_default(),
        status: if role.enabled {
            Pill::new(Tone::Good, "Enabled")
        } else {
            Pill::new(Tone::Quiet, "Disabled")
        },
        edit: format!("{here}/{}/edit", role.id),
        remove: if role.enabled {
            String::new()
        } else {
            format!("{here}/{}/remove", role.id)
        },
    };
    let count = application.roles.len() as u64;
    Ok(AppRolesPage {
        page: frame(who, &application),
        tabs: tabs(&base, Direction::Outbound, ApplicationTab::AppRoles),
        rows: application.roles.iter().map(row).collect(),
        list: List {
            caption: "App roles".into(),
            filter: None,
            columns: vec![
                Column::new("Display name"),
                Column::wide("Value"),
                Column::new("State"),
                Column::new(""),
            ],
            pager: Pager::whole(count, ("role", "roles")),
            empty: Empty::new(
                "No app roles",
                "Everybody who is assigned has Default Access until there are roles.",
                Link::new("Create app role", &create),
            ),
        },
        create,
    })
}

/// What the form of a role sends.
#[derive(Debug, Clone, Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Typed {
    display_name: String,
    value: String,
    description: String,
    enabled: String,
}

impl Typed {
    fn details(&self) -> RoleDetails {
        RoleDetails {
            display_name: self.display_name.clone(),
            value: self.value.clone(),
            description: self.description.clone(),
            enabled: self.enabled != "No",
        }
    }
}

/// The form of a new role (`role` is `None`) or of an existing one.
fn form(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    role: Option<&Guid>,
    typed: Option<&Typed>,
    wrong: (&str, &str),
) -> Result<FormPage> {
    let application = outbound_application_of(tx, tenant_of(tx, who)?.seq, id, WHAT)?;
    let base = application_address(&application);
    let here = format!("{base}/app-roles");
    let known = match role {
        Some(role) => Some(
            application
                .role(role)
                .ok_or_else(|| Error::not_found("App role", ""))?,
        ),
        None => None,
    };
    let typed = match (typed, known) {
        (Some(typed), _) => typed.clone(),
        (None, Some(role)) => Typed {
            display_name: role.display_name.clone(),
            value: role.value.clone().unwrap_or_default(),
            description: role.description.clone(),
            enabled: if role.enabled { "Yes" } else { "No" }.into(),
        },
        (None, None) => Typed::default(),
    };
    let error = |field| {
        if wrong.0 == field {
            sentence(wrong.1)
        } else {
            String::new()
        }
    };
    let title = match known {
        None => "Create app role".to_owned(),
        Some(role) => format!("Edit {}", role.display_name),
    };
    let limit = |characters: usize| u16::try_from(characters).unwrap_or(u16::MAX);
    Ok(FormPage {
        page: who
            .page(Room::Applications, title)
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base)
            .under("App roles", &here),
        lead: String::new(),
        error: None,
        fields: vec![
            Field::new("display_name", "Display name")
                .required()
                .max_length(limit(NAME_LIMIT))
                .value(&typed.display_name)
                .error(error("displayName")),
            Field::new("value", "Value")
                .max_length(limit(VALUE_LIMIT))
                .value(&typed.value)
                .error(error("value"))
                .help("What the application is told; without blanks, and unique in it."),
            Field::new("description", "Description")
                .max_length(1024)
                .value(&typed.description)
                .error(error("description")),
            Field::new("enabled", "Do you want to enable this app role?")
                .choices(vec![Choice::new("Yes", "Yes"), Choice::new("No", "No")])
                .value(&typed.enabled),
        ],
        action: match role {
            None => format!("{here}/new"),
            Some(role) => format!("{here}/{role}/edit"),
        },
        submit: if role.is_some() { "Save" } else { "Create" }.into(),
        cancel: here,
    })
}

fn role_id(text: &str) -> Result<Guid> {
    text.parse().map_err(|_| Error::not_found("App role", ""))
}

/// The empty form.
pub(in super::super) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| form(tx, &who, &id, None, None, ("", ""))).await
}

/// The form with the present values.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (who, (id, role)) = (signed.for_page(), path.into_inner());
    let role = role_id(&role)?;
    show(&app, move |tx, _| {
        form(tx, &who, &id, Some(&role), None, ("", ""))
    })
    .await
}

/// *Create*.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    save_role(&app, signed, id.into_inner(), None, typed.into_inner()).await
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, role) = path.into_inner();
    let role = Some(role_id(&role)?);
    save_role(&app, signed, id, role, typed.into_inner()).await
}

async fn save_role(
    app: &App,
    signed: SignedIn,
    id: String,
    role: Option<Guid>,
    typed: Typed,
) -> Answered {
    let who = signed.who();
    let (writer, asked, details, fresh) =
        (who.clone(), id.clone(), typed.details(), Guid::random());
    let saved = app
        .write(move |tx| {
            let (operator, tenant) = (writer.operator()?, tenant_of(tx, &writer)?.seq);
            let of = outbound_application_of(tx, tenant, &asked, WHAT)?.seq;
            match &role {
                None => app_roles::add(tx, operator, tenant, of, &details, fresh),
                Some(role) => app_roles::update(tx, operator, tenant, of, role, &details),
            }
        })
        .await;
    match saved {
        Ok(saved) => {
            let done = Done::new(format!("{} is saved.", saved.display_name), "");
            finish(
                &signed,
                &format!("/entra/applications/{id}/app-roles"),
                Ok(done),
            )
        }
        Err(Error::Field { field, detail }) => {
            let again = app
                .read(move |tx| form(tx, &who, &id, role.as_ref(), Some(&typed), (field, &detail)))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// *Delete*.
pub(in super::super) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, role) = path.into_inner();
    let role = role_id(&role)?;
    let back = format!("/entra/applications/{id}/app-roles");
    act(&app, signed, back, move |tx, who, now| {
        let tenant = tenant_of(tx, who)?.seq;
        let application = outbound_application_of(tx, tenant, &id, WHAT)?;
        app_roles::remove(tx, who.operator()?, tenant, application.seq, &role, now)?;
        let next = "Whoever had it only has Default Access.";
        Ok(Done::new("The app role is deleted.", next))
    })
    .await
}

fn assignment_page(tx: &impl Reads, who: &Who, id: &str, object: &str) -> Result<AssignmentPage> {
    let tenant = tenant_of(tx, who)?.seq;
    let application = outbound_application_of(tx, tenant, id, assignments::WHAT)?;
    let principal = any_object_of(tx, tenant, object)?;
    let assignment = rows::assignment(tx, tenant, application.seq, principal)?
        .ok_or_else(|| Error::not_found("Assignment", ""))?;
    let base = application_address(&application);
    let here = format!("{base}/users-and-groups");
    let choice = |role: &AppRole| {
        let checked = assignment.roles.contains(&role.id);
        AppRoleChoice {
            id: role.id.to_string(),
            name: role.display_name.clone(),
            purpose: role.description.clone(),
            checked,
            blocked: !role.enabled && !checked,
        }
    };
    let title = format!("Roles of {}", name_of(tx, tenant, principal)?);
    Ok(AssignmentPage {
        page: who
            .page(Room::Applications, title)
            .under("Enterprise applications", "/entra/applications")
            .under(&application.display_name, &base)
            .under("Users and groups", &here),
        error: None,
        roles: application.roles.iter().map(choice).collect(),
        action: format!("{here}/{object}/roles"),
        cancel: here,
    })
}

/// The roles with which somebody is assigned.
pub(in super::super) async fn of_assignment(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (who, (id, object)) = (signed.for_page(), path.into_inner());
    show(&app, move |tx, _| assignment_page(tx, &who, &id, &object)).await
}

/// *Save*: a box each, by the same name.
pub(in super::super) async fn save_assignment(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    ticked: web::Form<Vec<(String, String)>>,
) -> Answered {
    let (who, (id, object)) = (signed.who(), path.into_inner());
    let ids = ticked.iter().filter(|(name, _)| name == "role");
    let roles: Vec<Guid> = ids.map(|(_, role)| role_id(role)).collect::<Result<_>>()?;
    let (writer, asked) = (who.clone(), (id.clone(), object.clone()));
    let now = app.now();
    let saved = app
        .write(move |tx| {
            let (id, object) = asked;
            let tenant = tenant_of(tx, &writer)?.seq;
            let application = outbound_application_of(tx, tenant, &id, assignments::WHAT)?.seq;
            let principal = any_object_of(tx, tenant, &object)?;
            let operator = writer.operator()?;
            app_roles::set_roles(tx, operator, tenant, application, principal, &roles, now)?;
            name_of(tx, tenant, principal)
        })
        .await;
    match saved {
        Ok(name) => {
            let next = "The next cycle sends them where a mapping reads them.";
            let done = Done::new(format!("The roles of {name} are saved."), next);
            let back = format!("/entra/applications/{id}/users-and-groups");
            finish(&signed, &back, Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let mut page = app
                .read(move |tx| assignment_page(tx, &who, &id, &object))
                .await?;
            page.error = Some(Notice::new(
                Tone::Bad,
                sentence(&detail),
                "Nothing was saved.",
            ));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
