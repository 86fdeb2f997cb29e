//! Creating and editing a user of the directory: one form, filled differently.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::entra::user_form::{Section, UserFormPage};
use super::super::super::console::parts::{Choice, Field, Notice, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::object_form::{self, Filling, REVISION, Typed, blamed, text_of};
use super::users_fields::{ATTRIBUTES, FormAttribute, Place};
use super::{changed_meanwhile, revision, tenant_of, user_address, user_of};
use crate::directory::users::{self, NewUser};
use crate::directory::{AttributeChange, search, tenants};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{DirectoryUser, ObjectKind};
use crate::store::{Reads, Write, directory as rows};

const MANAGER: &str = "manager";
const ENABLED: &str = "accountEnabled";
const USER_TYPE: &str = "userType";

impl Filling<'_> {
    fn plain(&self, attribute: &FormAttribute) -> Field {
        let field = Field::new(attribute.name, attribute.label).max_length(1024);
        let field = match attribute.kind {
            "lines" => field.lines(3),
            kind => field.kind(kind, "off"),
        };
        let field = match attribute.name {
            "displayName" => field.max_length(256).required(),
            "userPrincipalName" => field.max_length(113).required(),
            "mail" => field.max_length(254),
            _ => field,
        };
        self.fill(field.help(attribute.help))
    }

    fn section(&self, place: Place) -> Section {
        let of_place = ATTRIBUTES.iter().filter(|a| a.place == place);
        let mut fields: Vec<Field> = of_place.map(|a| self.plain(a)).collect();
        match place {
            Place::Identity => {
                let choices = |pairs: [(&str, &str); 2]| {
                    pairs
                        .map(|(value, label)| Choice::new(value, label))
                        .to_vec()
                };
                let types = choices([("Member", "Member"), ("Guest", "Guest")]);
                fields.push(self.fill(Field::new(USER_TYPE, "User type").choices(types)));
                let enabled = choices([("True", "Yes"), ("False", "No")]);
                fields.push(self.fill(Field::new(ENABLED, "Account enabled").choices(enabled)));
            }
            Place::Job => fields.push(
                self.fill(
                    Field::new(MANAGER, "Manager")
                        .help("User principal name of somebody in this directory."),
                ),
            ),
            _ => {}
        }
        Section {
            title: place.title().to_owned(),
            open: matches!(place, Place::Identity | Place::Job) || worth_seeing(&fields),
            fields,
        }
    }
}

fn worth_seeing(fields: &[Field]) -> bool {
    fields
        .iter()
        .any(|field| field.kind != "select" && !(field.value.is_empty() && field.error.is_empty()))
}

/// The form of a new user (`user` is `None`) or of an existing one.
fn form(
    tx: &impl Reads,
    who: &Who,
    user: Option<&DirectoryUser>,
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> Result<UserFormPage> {
    let extensions = tenants::extensions(tx, tenant_of(tx, who)?.seq, ObjectKind::User)?;
    let address = user.map(user_address);
    let page = match user {
        None => who
            .page(Room::EntraUsers, "New user")
            .under("Users", "/entra/users"),
        Some(user) => who
            .page(Room::EntraUsers, format!("Edit {}", user.display_name()))
            .under("Users", "/entra/users")
            .under(user.display_name(), user_address(user)),
    };
    let filling = Filling { typed, wrong };
    let mut sections: Vec<Section> = Place::ALL.map(|place| filling.section(place)).to_vec();
    if !extensions.is_empty() {
        let fields = filling.extensions(&extensions);
        sections.push(Section {
            title: "Directory extensions".to_owned(),
            open: worth_seeing(&fields),
            fields,
        });
    }
    let at_a_field = |field: &str| {
        let mut fields = sections.iter().flat_map(|section| &section.fields);
        fields.any(|known| known.name == field)
    };
    let error = wrong
        .filter(|(field, _)| !at_a_field(field))
        .map(|(_, detail)| Notice::new(Tone::Bad, sentence(detail), "Nothing was saved."));
    Ok(UserFormPage {
        page,
        error,
        sections,
        revision: text_of(typed, REVISION).to_owned(),
        action: match &address {
            None => "/entra/users/new".into(),
            Some(address) => format!("{address}/edit"),
        },
        submit: if user.is_some() { "Save" } else { "Create" },
        cancel: address.unwrap_or_else(|| "/entra/users".into()),
    })
}

/// The empty form.
pub(in super::super) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| form(tx, &who, None, &Typed::new(), None)).await
}

/// *New user*.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), typed.into_inner());
    let (writer, mut wanted, id) = (who.clone(), typed.clone(), Guid::random());
    let made = app
        .write(move |tx| {
            let tenant = tenant_of(tx, &writer)?;
            let guest = text_of(&wanted, USER_TYPE) == "Guest";
            if guest {
                invite(&mut wanted, &tenant.domain);
            }
            let tenant = tenant.seq;
            let new = NewUser {
                id,
                account_enabled: text_of(&wanted, ENABLED) != "False",
                guest,
                manager: manager_of(tx, tenant, &wanted)?,
                attributes: changes(tx, tenant, &wanted, |text| !text.is_empty())?,
            };
            let user = users::create(tx, writer.operator()?, tenant, &new, now)?;
            Ok(saved(&user, "is created"))
        })
        .await;
    refused_or(&app, &signed, made, who, None, typed).await
}

/// A guest has a name made of the address at home, which is also where mails go.
fn invite(wanted: &mut Typed, domain: &str) {
    let home = text_of(wanted, "userPrincipalName").trim().to_owned();
    if !home.contains('@') {
        return;
    }
    if text_of(wanted, "mail").trim().is_empty() && !home.contains("#EXT#") {
        wanted.insert("mail".into(), home.clone());
    }
    let name = users::guest_principal_name(&home, domain);
    wanted.insert("userPrincipalName".into(), name);
}

/// The form with the present values.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let tenant = tenant_of(tx, &who)?.seq;
        let user = user_of(tx, tenant, &id)?;
        let typed = present(tx, tenant, &user)?;
        form(tx, &who, Some(&user), &typed, None)
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
    let (reader, asked) = (who.clone(), id.clone());
    let user = app
        .read(move |tx| user_of(tx, tenant_of(tx, &reader)?.seq, &asked))
        .await?;
    let (writer, wanted, row) = (who.clone(), typed.clone(), user.seq);
    let changed = app
        .write(move |tx| apply(tx, &writer, row, &wanted, now))
        .await;
    refused_or(&app, &signed, changed, who, Some(user), typed).await
}

/// Changes what the form has a field of: a shorter form leaves the rest as it is.
fn apply(
    tx: &Write<'_>,
    who: &Who,
    row: Seq,
    wanted: &Typed,
    now: crate::clock::Timestamp,
) -> Result<Done> {
    let (operator, tenant) = (who.operator()?, tenant_of(tx, who)?.seq);
    let before = crate::directory::get_user(tx, tenant, row)?;
    let seen = text_of(wanted, REVISION);
    if !seen.is_empty() && seen != revision(&before) {
        return Err(changed_meanwhile(before.display_name()));
    }
    let changes = changes(tx, tenant, wanted, |_| true)?;
    users::update(tx, operator, tenant, row, &changes, now)?;
    if let Some(kind) = wanted.get(USER_TYPE) {
        users::set_guest(tx, operator, tenant, row, kind == "Guest", now)?;
    }
    if let Some(enabled) = wanted.get(ENABLED) {
        let enabled = enabled != "False";
        users::set_account_enabled(tx, operator, tenant, row, enabled, now)?;
    }
    let user = if wanted.contains_key(MANAGER) {
        let manager = manager_of(tx, tenant, wanted)?;
        users::set_manager(tx, operator, tenant, row, manager, now)?
    } else {
        crate::directory::get_user(tx, tenant, row)?
    };
    Ok(saved(&user, "is saved"))
}

fn saved(user: &DirectoryUser, what: &str) -> Done {
    Done {
        what: format!("{} {what}.", user.display_name()),
        next: "The next incremental cycle sends what is in scope.",
        elsewhere: Some(user_address(user)),
    }
}

/// Leads to the user, or shows the form again with what is wrong at the field it belongs to.
async fn refused_or(
    app: &App,
    signed: &SignedIn,
    done: Result<Done>,
    who: Who,
    user: Option<DirectoryUser>,
    typed: Typed,
) -> Answered {
    match done {
        Err(
            Error::Field { field, detail }
            | Error::Conflict {
                attribute: field,
                detail,
            },
        ) => {
            let again = app
                .read(move |tx| {
                    let wrong = Some((blamed(field, &detail), detail.as_str()));
                    form(tx, &who, user.as_ref(), &typed, wrong)
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(PageFailure::Domain(error)),
        done => finish(signed, "/entra/users", done),
    }
}

fn changes(
    tx: &impl Reads,
    tenant: Seq,
    typed: &Typed,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<AttributeChange>> {
    let names = ATTRIBUTES.iter().map(|attribute| attribute.name);
    object_form::changes(tx, (tenant, ObjectKind::User), names, typed, wanted)
}

fn manager_of(tx: &impl Reads, tenant: Seq, typed: &Typed) -> Result<Option<Seq>> {
    let name = text_of(typed, MANAGER).trim();
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
    let mut typed: Typed = user
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), super::users::shown(value, "\n")))
        .collect();
    typed.insert("userPrincipalName".into(), user.user_principal_name.clone());
    let kind = if user.guest { "Guest" } else { "Member" };
    typed.insert(USER_TYPE.into(), kind.into());
    let enabled = if user.account_enabled {
        "True"
    } else {
        "False"
    };
    typed.insert(ENABLED.into(), enabled.into());
    typed.insert(REVISION.into(), revision(user));
    let manager = user.manager.map(crate::model::ObjectRef::user);
    if let Some(manager) = manager
        && let Some(search::Object::User(manager)) = search::object(tx, tenant, manager)?
    {
        typed.insert(MANAGER.into(), manager.user_principal_name);
    }
    Ok(typed)
}
