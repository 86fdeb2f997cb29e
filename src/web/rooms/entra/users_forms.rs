//! Creating and editing a user of the directory: one form, filled differently.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::parts::Field;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::{tenant, user_address, user_of};
use crate::directory::users::{self, NewUser};
use crate::directory::{AttributeChange, search};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{DirectoryUser, ObjectKind};
use crate::store::{Reads, directory as rows};

/// Names, labels and types of the plain attributes.
const FIELDS: [(&str, &str, &str); 10] = [
    ("displayName", "Display name", "text"),
    ("userPrincipalName", "User principal name", "text"),
    ("givenName", "Given name", "text"),
    ("surname", "Surname", "text"),
    ("mail", "Mail", "email"),
    ("jobTitle", "Job title", "text"),
    ("department", "Department", "text"),
    ("employeeId", "Employee id", "text"),
    ("telephoneNumber", "Telephone number", "tel"),
    ("city", "City", "text"),
];
const MANAGER: &str = "manager";

/// What was typed, by field.
type Typed = HashMap<String, String>;

fn fields(typed: &Typed, wrong: Option<(&str, &str)>) -> Vec<Field> {
    let value = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let error = |name: &str| match wrong {
        Some((field, detail)) if field == name => sentence(detail),
        _ => String::new(),
    };
    let plain = FIELDS.iter().map(|(name, label, kind)| {
        let field = Field::new(name, *label)
            .kind(kind, "off")
            .value(value(name))
            .error(error(name));
        match *name {
            "displayName" => field.required(),
            "userPrincipalName" => field
                .required()
                .max_length(113)
                .help("Looks like an e-mail address, for example ada@contoso.example."),
            "mail" => field.max_length(254),
            _ => field,
        }
    });
    let manager = Field::new(MANAGER, "Manager")
        .value(value(MANAGER))
        .error(error(MANAGER))
        .help("User principal name of somebody in this directory.");
    plain.chain([manager]).collect()
}

/// The form of a new user (`user` is `None`) or of an existing one.
fn form(
    who: &Who,
    user: Option<&DirectoryUser>,
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> FormPage {
    let address = user.map(user_address);
    let frame = match user {
        None => who
            .page(Room::EntraUsers, "New user")
            .under("Users", "/entra/users"),
        Some(user) => who
            .page(Room::EntraUsers, format!("Edit {}", user.display_name()))
            .under("Users", "/entra/users")
            .under(user.display_name(), user_address(user)),
    };
    let form = FormPage {
        page: frame,
        lead: String::new(),
        error: None,
        fields: fields(typed, wrong),
        action: match &address {
            None => "/entra/users/new".into(),
            Some(address) => format!("{address}/edit"),
        },
        submit: if user.is_some() { "Save" } else { "Create" }.into(),
        cancel: address.unwrap_or_else(|| "/entra/users".into()),
    };
    match wrong {
        Some((field, detail)) if form.fields.iter().all(|f| f.name != field) => {
            form.failed(sentence(detail), "Nothing was saved.")
        }
        _ => form,
    }
}

/// The empty form.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let form = form(&signed.for_page(), None, &Typed::new(), None);
    answer(StatusCode::OK, &form)
}

/// *New user*.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), typed.into_inner());
    let (operator, wanted, id) = (who.operator()?.clone(), typed.clone(), Guid::random());
    let made = app
        .write(move |tx| {
            let tenant = tenant(tx)?.seq;
            let new = NewUser {
                id,
                account_enabled: true,
                guest: false,
                manager: manager_of(tx, tenant, &wanted)?,
                attributes: changes(&wanted, |text| !text.is_empty())?,
            };
            let user = users::create(tx, &operator, tenant, &new, now)?;
            Ok(saved(&user, "is created"))
        })
        .await;
    refused_or(&signed, made, |wrong| form(&who, None, &typed, Some(wrong)))
}

/// The form with the present values.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let tenant = tenant(tx)?.seq;
        let user = user_of(tx, tenant, &id)?;
        let typed = present(tx, tenant, &user)?;
        Ok(form(&who, Some(&user), &typed, None))
    })
    .await
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed, id) = (signed.who(), app.now(), typed.into_inner(), id.into_inner());
    let asked = id.clone();
    let user = app
        .read(move |tx| user_of(tx, tenant(tx)?.seq, &asked))
        .await?;
    let (operator, wanted, row) = (who.operator()?.clone(), typed.clone(), user.seq);
    let changed = app
        .write(move |tx| {
            let tenant = tenant(tx)?.seq;
            let manager = manager_of(tx, tenant, &wanted)?;
            users::update(
                tx,
                &operator,
                tenant,
                row,
                &changes(&wanted, |_| true)?,
                now,
            )?;
            let user = users::set_manager(tx, &operator, tenant, row, manager, now)?;
            Ok(saved(&user, "is saved"))
        })
        .await;
    refused_or(&signed, changed, |wrong| {
        form(&who, Some(&user), &typed, Some(wrong))
    })
}

fn saved(user: &DirectoryUser, what: &str) -> Done {
    Done {
        what: format!("{} {what}.", user.display_name()),
        next: "The next incremental cycle sends what is in scope.",
        elsewhere: Some(user_address(user)),
    }
}

/// Leads to the user, or shows the form again with what is wrong at the field it belongs to.
fn refused_or(
    signed: &SignedIn,
    done: Result<Done>,
    again: impl FnOnce((&str, &str)) -> FormPage,
) -> Answered {
    match done {
        Err(
            Error::Field { field, detail }
            | Error::Conflict {
                attribute: field,
                detail,
            },
        ) => answer(StatusCode::UNPROCESSABLE_ENTITY, &again((field, &detail))),
        Err(error) => Err(PageFailure::Domain(error)),
        done => finish(signed, "/entra/users", done),
    }
}

fn changes(typed: &Typed, wanted: impl Fn(&str) -> bool) -> Result<Vec<AttributeChange>> {
    FIELDS
        .iter()
        .filter_map(|(name, ..)| Some((*name, typed.get(*name)?.trim())))
        .filter(|(_, text)| wanted(text))
        .map(|(name, text)| AttributeChange::of_text(ObjectKind::User, name, text))
        .collect()
}

fn manager_of(tx: &impl Reads, tenant: Seq, typed: &Typed) -> Result<Option<Seq>> {
    let name = typed.get(MANAGER).map_or("", |name| name.trim());
    if name.is_empty() {
        return Ok(None);
    }
    match rows::user_by_principal_name(tx, tenant, name)? {
        Some(manager) => Ok(Some(manager.seq)),
        None => Err(Error::field(
            MANAGER,
            "Nobody here has this user principal name. Leave it empty for no manager.",
        )),
    }
}

/// The present values, as the form shows them.
fn present(tx: &impl Reads, tenant: Seq, user: &DirectoryUser) -> Result<Typed> {
    let mut typed: Typed = FIELDS
        .iter()
        .map(|(name, ..)| {
            let text = match *name {
                "userPrincipalName" => user.user_principal_name.as_str(),
                name => user.text(name).unwrap_or_default(),
            };
            ((*name).to_owned(), text.to_owned())
        })
        .collect();
    let manager = user.manager.map(crate::model::ObjectRef::user);
    if let Some(manager) = manager
        && let Some(search::Object::User(manager)) = search::object(tx, tenant, manager)?
    {
        typed.insert(MANAGER.into(), manager.user_principal_name);
    }
    Ok(typed)
}
