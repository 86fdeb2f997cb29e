//! *Sign On*: *Application username format* (part 2.7 of the Okta reference).

use actix_web::http::StatusCode;
use actix_web::web;

use super::applications::{HERE, frame, has, status_pill};
use super::{
    Addresses, Typed, app_of, blame, is_mendable, key, org_of, show_org, text_of, write_in_org,
};
use crate::directory::okta::apps;
use crate::error::Result;
use crate::model::okta::{OktaApp, Org, PushStatus, UsernameTemplate};
use crate::store::Reads;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::okta::applications::{AppTab, SignOnPage, tabs};
use crate::web::console::parts::{Choice, Field, Notice, Tone};
use crate::web::rooms::entra::{changed_meanwhile, revision};
use crate::web::rooms::{Answered, Done, finish, page as answer};

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

fn load(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    id: &str,
    typed: Option<&Typed>,
) -> Result<SignOnPage> {
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
    let who = signed.for_page();
    let viewer = who.clone();
    show_org(&app, &who, move |tx, org, _| {
        load(tx, &viewer, org, &id, None)
    })
    .await
}

/// *Save*, and *Update Now*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, typed) = (id.into_inner(), typed.into_inner());
    let (asked, known) = (id.clone(), typed.get("revision").cloned());
    let (username, now_too) = (wanted(&typed), text_of(&typed, "update_now") == "yes");
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked)?;
        if known.is_some_and(|known| known != revision(&app)) {
            return Err(changed_meanwhile(&app.label));
        }
        let key = key(org, app.seq);
        Ok(apps::save_username(
            tx,
            administrator,
            key,
            &username,
            now_too,
            now,
        )?)
    })
    .await;
    match saved {
        Ok(_) => {
            let next = if now_too {
                "Usernames are evaluated again for everybody who is assigned."
            } else {
                "It holds for whoever is assigned from now on."
            };
            let done = Done::new("The application username format is saved.", next);
            finish(&signed, &format!("{HERE}/{id}/sign-on"), Ok(done))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let mut page = app
                .read(move |tx| load(tx, &who, &org_of(tx, &who)?, &id, Some(&typed)))
                .await?;
            page.error =
                blame(&mut page.fields, error)?.map(|what| Notice::new(Tone::Bad, what, ""));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(error.into()),
    }
}
