//! *Sign On*: *Application username format* (part 2.7 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame, has, status_pill};
use super::form::{Form, Id, save_form, show_form, unchanged};
use super::{Addresses, Typed, app_of, key, text_of};
use crate::directory::okta::apps;
use crate::error::Result;
use crate::model::okta::{OktaApp, Org, PushStatus, UsernameTemplate};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::okta::applications::{AppTab, SignOnPage, tabs};
use crate::web::console::parts::{Choice, Field, Notice};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

/// Formats by their label, and the template that each stands for.
const FORMATS: [(&str, &str); 5] = [
    ("Okta username", "${source.login}"),
    (
        "Okta username prefix",
        "${fn:substringBefore(source.login, \"@\")}",
    ),
    ("Email", "${source.email}"),
    ("Email (lowercase)", "${fn:toLowerCase(source.email)}"),
    ("Email prefix", "${fn:substringBefore(source.email, \"@\")}"),
];
const CUSTOM: &str = "custom";

fn typed_of(app: &OktaApp) -> Typed {
    let username = &app.username;
    let known = FORMATS
        .iter()
        .position(|(_, template)| *template == username.template && !username.custom);
    let format = known.map_or_else(|| CUSTOM.to_owned(), |place| place.to_string());
    let custom = if known.is_none() {
        username.template.clone()
    } else {
        String::new()
    };
    let push = match username.push {
        PushStatus::Push => "update",
        PushStatus::DontPush => "create",
    };
    Typed::from([
        ("format".to_owned(), format),
        ("template".to_owned(), custom),
        ("suffix".to_owned(), username.suffix.clone()),
        ("push".to_owned(), push.to_owned()),
        ("revision".to_owned(), revision(app)),
    ])
}

fn wanted(typed: &Typed) -> UsernameTemplate {
    let place = text_of(typed, "format").parse::<usize>().ok();
    let known = place.and_then(|place| FORMATS.get(place));
    let push = match text_of(typed, "push") {
        "create" => PushStatus::DontPush,
        _ => PushStatus::Push,
    };
    UsernameTemplate {
        template: known.map_or_else(
            || text_of(typed, "template").to_owned(),
            |(_, template)| (*template).to_owned(),
        ),
        custom: known.is_none(),
        suffix: text_of(typed, "suffix").to_owned(),
        push,
    }
}

impl Form for SignOnPage {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (&mut self.fields, &mut self.error)
    }
}

fn load(tx: &Snapshot, who: &Who, org: &Org, id: &Id, typed: Option<&Typed>) -> Result<SignOnPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let stored = typed_of(&app);
    let typed = typed.unwrap_or(&stored);
    let mut formats: Vec<Choice> = FORMATS
        .iter()
        .enumerate()
        .map(|(place, (label, _))| Choice::new(place.to_string(), *label))
        .collect();
    formats.push(Choice::new(CUSTOM, "Custom"));
    Ok(SignOnPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::SignOn, has(&app)),
        error: None,
        fields: vec![
            Field::new("format", "Application username format")
                .choices(formats)
                .value(text_of(typed, "format")),
            Field::new("template", "Custom rule")
                .max_length(1024)
                .value(text_of(typed, "template"))
                .help("Only for the format Custom: text with expressions in ${...}, such as ${source.login}."),
            Field::new("suffix", "Suffix")
                .max_length(255)
                .value(text_of(typed, "suffix"))
                .help("Appended to the username."),
            Field::new("push", "Update application username on")
                .choices(vec![
                    Choice::new("update", "Create and update"),
                    Choice::new("create", "Create only"),
                ])
                .value(text_of(typed, "push")),
        ],
        revision: text_of(typed, "revision").to_owned(),
        action: format!("{base}/sign-on"),
    })
}

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), load).await
}

/// *Save*, and *Update Now*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/sign-on");
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        load,
        &back,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let (key, now_too) = (key(org, app.seq), text_of(typed, "update_now") == "yes");
            apps::save_username(tx, administrator, key, &wanted(typed), now_too, now)?;
            let next = if now_too {
                "Usernames are evaluated again for everybody who is assigned."
            } else {
                "It holds for whoever is assigned from now on."
            };
            Ok(Done::new("The application username format is saved.", next))
        },
    )
    .await
}
