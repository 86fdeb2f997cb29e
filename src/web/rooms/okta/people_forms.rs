//! *Add person*, *Edit profile*, *Set password*, and deleting somebody for good.

use actix_web::web;
use serde_json::Value;

use super::form::{self, Id, save_form, sent, show_form, unchanged};
use super::people::HERE;
use super::{Addresses, Typed, custom_fields, text_of, user_of};
use crate::directory::okta::users::{self, NewUser};
use crate::error::{Error, Result};
use crate::mapping::okta::USER_ATTRIBUTES as BASE;
use crate::model::okta::{OktaUser, Org, Profile, UserStatus};
use crate::secret::Plain;
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::{Ask as AskName, ConfirmPage, FormPage};
use crate::web::console::parts::{Choice, Field};
use crate::web::console::{Page, Room};
use crate::web::rooms::entra::revision;
use crate::web::rooms::named::Named;
use crate::web::rooms::{Answered, Done, finish};

/// The form of a new person.
pub(super) const NEW: &str = "/okta/people/new";
/// What a new person is asked for, in the order of the Admin Console.
const FIRST: [&str; 5] = ["firstName", "lastName", "login", "email", "secondEmail"];
const LATER: &str = "later";

/// The field of an attribute of the profile.
fn field(name: &'static str, value: &str) -> Field {
    let known = BASE.iter().find(|attribute| attribute.name == name);
    let longest = known
        .and_then(|attribute| attribute.max_length)
        .unwrap_or(4096);
    let title = known.map_or(name, |attribute| attribute.title);
    let field = Field::new(name, title)
        .max_length(u16::try_from(longest).unwrap_or(u16::MAX))
        .value(value);
    if known.is_some_and(|attribute| attribute.required) {
        field.required()
    } else {
        field
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what draws a form may fail, though this one cannot"
)]
fn new_form(
    _: &Snapshot,
    who: &Who,
    org: &Org,
    _: &String,
    sent: Option<&Typed>,
) -> Result<FormPage> {
    let none = Typed::new();
    let typed = sent.unwrap_or(&none);
    let mut fields: Vec<Field> = FIRST
        .into_iter()
        .map(|name| field(name, text_of(typed, name)))
        .collect();
    let required = org.attributes.iter().filter(|attribute| attribute.required);
    fields.extend(required.map(|attribute| custom_fields::field(attribute, None, sent)));
    fields.extend([
        Field::new("activation", "Activation")
            .choices(vec![
                Choice::new("now", "Activate now"),
                Choice::new(LATER, "Activate later"),
            ])
            .value(text_of(typed, "activation")),
        Field::new("password", "Password")
            .kind("password", "new-password")
            .help("With one the person is active at once. Without one the person waits for user action."),
        Field::new("change", "On first login")
            .choices(vec![
                Choice::new("", "The password is kept"),
                Choice::new("yes", "User must change password on first login"),
            ])
            .value(text_of(typed, "change")),
    ]);
    Ok(FormPage {
        page: who.page(Room::OktaPeople, "Add person").under("People", HERE),
        lead: "Everybody is in the group Everyone. The other attributes of the profile are edited afterwards.".into(),
        error: None,
        fields,
        action: NEW.into(),
        submit: "Save".into(),
        cancel: HERE.into(),
    })
}

/// The empty form.
pub(in crate::web::rooms) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_form(&app, signed, String::new(), new_form).await
}

/// *Save* of a new person.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let typed = typed.into_inner();
    let mut profile = Profile::new();
    for name in FIRST {
        let text = text_of(&typed, name);
        if !text.is_empty() {
            profile.insert(name.to_owned(), Value::from(text));
        }
    }
    // A password is taken as it was typed, blanks at its ends too.
    let password = typed
        .get("password")
        .filter(|password| !password.is_empty());
    let new = NewUser {
        activate: text_of(&typed, "activation") != LATER,
        password: password.map(|password| app.sealer.seal(&Plain::new(password.as_str()))),
        change_password: text_of(&typed, "change") == "yes",
        ..NewUser::active(profile)
    };
    let made = sent(
        &app,
        &signed,
        (String::new(), typed),
        new_form,
        move |tx, org, administrator, (_, typed), now| {
            let mut new = new;
            custom_fields::read(&org.attributes, None, typed, &mut new.profile);
            let user = users::create(tx, administrator, &new, now)?;
            Ok((Addresses::new(tx, org).user(user.seq), user))
        },
    )
    .await;
    match made {
        Ok((address, user)) => {
            let what = format!("{} is added: {}.", user.display_name(), user.status.label());
            finish(
                &signed,
                &address,
                Ok(Done::new(what, "Assign an application next.")),
            )
        }
        Err(again) => again,
    }
}

fn frame(who: &Who, addresses: Addresses, user: &OktaUser, title: &str) -> Page {
    who.page(Room::OktaPeople, title)
        .under("People", HERE)
        .under(user.display_name(), addresses.user(user.seq))
}

/// An attribute as a form shows it: in one line, because browsers take no more.
fn present(user: &OktaUser, name: &str) -> String {
    user.text(name)
        .unwrap_or_default()
        .replace(['\r', '\n'], "")
}

fn edit_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let user = user_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let address = addresses.user(user.seq);
    let known = match typed {
        Some(typed) => text_of(typed, "revision").to_owned(),
        None => revision(&user),
    };
    let mut fields: Vec<Field> = BASE
        .iter()
        .map(|attribute| {
            let value = match typed {
                Some(typed) => text_of(typed, attribute.name).to_owned(),
                None => present(&user, attribute.name),
            };
            field(attribute.name, &value)
        })
        .collect();
    let custom = org.attributes.iter();
    fields.extend(custom.map(|attribute| custom_fields::field(attribute, Some(&user), typed)));
    let hidden = Field::new("revision", "").kind("hidden", "off");
    fields.push(hidden.value(known));
    Ok(FormPage {
        page: frame(who, addresses, &user, "Edit profile"),
        lead: "What is mapped to an application is pushed to it, where Update User Attributes is enabled.".into(),
        error: None,
        fields,
        action: format!("{address}/edit"),
        submit: "Save".into(),
        cancel: address,
    })
}

/// The form with the present profile.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), edit_form).await
}

/// *Save* of a profile: only what was changed.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}");
    let form = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        edit_form,
        &back,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            let user = user_of(tx, org, id)?;
            unchanged(typed, &user, &user.display_name())?;
            let mut changes = Profile::new();
            for attribute in BASE {
                let Some(text) = typed.get(attribute.name).map(|text| text.trim()) else {
                    continue;
                };
                if text != present(&user, attribute.name) {
                    let value = if text.is_empty() {
                        Value::Null
                    } else {
                        Value::from(text)
                    };
                    changes.insert(attribute.name.to_owned(), value);
                }
            }
            custom_fields::read(&org.attributes, Some(&user), typed, &mut changes);
            let user = users::update(tx, administrator, user.seq, &changes, now)?;
            let what = format!("The profile of {} is saved.", user.display_name());
            Ok(Done::new(what, ""))
        },
    )
    .await
}

/// A password that was typed is never sent back.
fn password_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    _typed: Option<&Typed>,
) -> Result<FormPage> {
    let user = user_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let address = addresses.user(user.seq);
    Ok(FormPage {
        page: frame(who, addresses, &user, "Set password"),
        lead: "Applications with Sync Okta Password are told.".into(),
        error: None,
        fields: vec![
            Field::new("password", "New password")
                .kind("password", "new-password")
                .required(),
        ],
        action: format!("{address}/password"),
        submit: "Set password".into(),
        cancel: address,
    })
}

/// The form of a password.
pub(in crate::web::rooms) async fn ask_password(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), password_form).await
}

/// *Set password*.
pub(in crate::web::rooms) async fn set_password(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (back, sealer) = (format!("{HERE}/{id}"), app.sealer.clone());
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        password_form,
        &back,
        move |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            // Taken as it was typed, blanks at its ends too.
            let password = typed
                .get("password")
                .filter(|password| !password.is_empty());
            let password =
                password.ok_or_else(|| Error::field("password", "Enter the new password."))?;
            let sealed = sealer.seal(&Plain::new(password.as_str()));
            let user = user_of(tx, org, id)?;
            let user = users::set_password(tx, administrator, user.seq, &sealed, now)?;
            let what = format!("{} has a new password.", user.display_name());
            Ok(Done::new(what, ""))
        },
    )
    .await
}

fn question(tx: &Snapshot, who: &Who, org: &Org, id: &str) -> Result<ConfirmPage> {
    let user = user_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let address = addresses.user(user.seq);
    Ok(ConfirmPage {
        page: frame(
            who,
            addresses,
            &user,
            &format!("Delete {}?", user.display_name()),
        ),
        lead: "This cannot be undone.".into(),
        consequences: vec![
            "The profile and all memberships go.".into(),
            "Nothing is sent: accounts at applications stay as they are.".into(),
        ],
        danger: true,
        ask: Some(AskName {
            name: user.login().to_owned(),
            error: String::new(),
        }),
        action: format!("{address}/delete"),
        submit: "Delete".into(),
        cancel: address,
    })
}

/// Asks for the username before deleting.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    form::ask(&app, signed, id.into_inner(), question).await
}

/// *Delete*: only somebody who is deactivated.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let id = id.into_inner();
    form::delete(
        &app,
        signed,
        id,
        &named,
        question,
        HERE,
        |tx, org, administrator, id, now| {
            let user = user_of(tx, org, id)?;
            let name = user.display_name();
            if user.status != UserStatus::Deprovisioned {
                return Err(Error::Conflict {
                    attribute: "status",
                    detail: format!("{name} is not deactivated; deactivate first"),
                });
            }
            users::delete(tx, administrator, user.seq, now)?;
            Ok(Done::new(format!("{name} is deleted."), ""))
        },
    )
    .await
}
