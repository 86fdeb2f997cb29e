//! *Add person*, *Edit profile*, *Set password*, and deleting somebody for good.

use actix_web::web;
use serde_json::Value;

use super::people::HERE;
use super::{
    Addresses, Typed, administrator, is_mendable, org_of, refused, show_org, text_of, user_of,
    write_in_org,
};
use crate::directory::okta::users::{self, NewUser};
use crate::error::{Error, Result};
use crate::mapping::okta::USER_ATTRIBUTES as BASE;
use crate::model::okta::{OktaUser, Org, Profile, UserStatus};
use crate::secret::Plain;
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::{Ask as AskName, ConfirmPage, FormPage};
use crate::web::console::parts::{Choice, Field};
use crate::web::console::{Page, Room};
use crate::web::rooms::entra::{changed_meanwhile, revision};
use crate::web::rooms::named::{Named, act_once_named};
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

fn new_form(who: &Who, typed: &Typed) -> FormPage {
    let mut fields: Vec<Field> = FIRST
        .into_iter()
        .map(|name| field(name, text_of(typed, name)))
        .collect();
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
    FormPage {
        page: who.page(Room::OktaPeople, "Add person").under("People", HERE),
        lead: "Everybody is in the group Everyone. The other attributes of the profile are edited afterwards.".into(),
        error: None,
        fields,
        action: NEW.into(),
        submit: "Save".into(),
        cancel: HERE.into(),
    }
}

/// The empty form.
pub(in crate::web::rooms) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |_, _, _| {
        Ok(new_form(&viewer, &Typed::new()))
    })
    .await
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
    let made = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let user = users::create(tx, administrator, &new, now)?;
        Ok((Addresses::new(tx, org).user(user.seq), user))
    })
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
        Err(error) => refused(new_form(&signed.who(), &typed), error),
    }
}

fn frame(who: &Who, addresses: Addresses, user: &OktaUser, title: &str) -> Page {
    who.page(Room::OktaPeople, title)
        .under("People", HERE)
        .under(user.display_name(), addresses.user(user.seq))
}

/// An attribute as a form shows it.
fn present(user: &OktaUser, name: &str) -> String {
    user.text(name).unwrap_or_default().to_owned()
}

fn edit_form(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    id: &str,
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        edit_form(tx, &viewer, org, &id, None)
    })
    .await
}

/// *Save* of a profile: only what was changed.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, typed) = (id.into_inner(), typed.into_inner());
    let (asked, wanted) = (id.clone(), typed.clone());
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let user = user_of(tx, org, &asked)?;
        if wanted
            .get("revision")
            .is_some_and(|known| *known != revision(&user))
        {
            return Err(changed_meanwhile(&user.display_name()));
        }
        let mut changes = Profile::new();
        for attribute in BASE {
            let Some(text) = wanted.get(attribute.name).map(|text| text.trim()) else {
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
        Ok(users::update(tx, administrator, user.seq, &changes, now)?)
    })
    .await;
    match saved {
        Ok(user) => {
            let what = format!("The profile of {} is saved.", user.display_name());
            finish(&signed, &format!("{HERE}/{id}"), Ok(Done::new(what, "")))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let form = app
                .read(move |tx| edit_form(tx, &who, &org_of(tx, &who)?, &id, Some(&typed)))
                .await?;
            refused(form, error)
        }
        Err(error) => Err(error.into()),
    }
}

fn password_form(tx: &impl Reads, who: &Who, org: &Org, id: &str) -> Result<FormPage> {
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        password_form(tx, &viewer, org, &id)
    })
    .await
}

/// *Set password*.
pub(in crate::web::rooms) async fn set_password(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let id = id.into_inner();
    let typed = typed.get("password").cloned().unwrap_or_default();
    let set = if typed.is_empty() {
        Err(Error::field("password", "Enter the new password."))
    } else {
        let (sealed, asked) = (app.sealer.seal(&Plain::new(typed)), id.clone());
        write_in_org(&app, &signed, move |tx, org, administrator, now| {
            let user = user_of(tx, org, &asked)?;
            Ok(users::set_password(
                tx,
                administrator,
                user.seq,
                &sealed,
                now,
            )?)
        })
        .await
    };
    match set {
        Ok(user) => {
            let what = format!("{} has a new password.", user.display_name());
            finish(&signed, &format!("{HERE}/{id}"), Ok(Done::new(what, "")))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let form = app
                .read(move |tx| password_form(tx, &who, &org_of(tx, &who)?, &id))
                .await?;
            refused(form, error)
        }
        Err(error) => Err(error.into()),
    }
}

fn question(tx: &impl Reads, who: &Who, org: &Org, id: &str) -> Result<ConfirmPage> {
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        question(tx, &viewer, org, &id)
    })
    .await
}

/// *Delete*: only somebody who is deactivated.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    named: web::Form<Named>,
) -> Answered {
    let asked = id.clone();
    let question = move |tx: &Snapshot, who: &Who| question(tx, who, &org_of(tx, who)?, &asked);
    act_once_named(&app, signed, &named, question, HERE, move |tx, who, now| {
        let org = org_of(tx, who)?;
        let user = user_of(tx, &org, &id)?;
        if user.status != UserStatus::Deprovisioned {
            return Err(Error::Conflict {
                attribute: "status",
                detail: format!(
                    "{} is not deactivated; deactivate first",
                    user.display_name()
                ),
            });
        }
        users::delete(tx, &administrator(who, &org)?, user.seq, now)?;
        Ok(Done::new(
            format!("{} is deleted.", user.display_name()),
            "",
        ))
    })
    .await
}
