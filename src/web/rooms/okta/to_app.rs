//! *Provisioning > To App*: what is sent, and the table of attribute mappings with its preview (parts 2.2 and 2.7 of
//! the Okta reference).

use actix_web::web;
use serde::Deserialize;

use super::applications::{HERE, frame, has, status_pill};
use super::form::{Form, Id, sent, show_form, unchanged};
use super::{Addresses, Typed, act_in_org, app_of, key, show_org, text_of};
use crate::clock::Timestamp;
use crate::directory::okta::evaluation::{Evaluated, Evaluator};
use crate::directory::okta::{apps, templates};
use crate::error::{Error, Result};
use crate::model::okta::{OktaApp, Org, PasswordSync, PushStatus, ToApp};
use crate::store::Snapshot;
use crate::store::okta::{AppKey, app_users, users};
use crate::sync::okta::probe;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, List, Pager};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::provisioning::{
    Feature, MappingRow, Preview, Setting, Tick, ToAppForm, ToAppPage, settings,
};
use crate::web::console::parts::{Choice, Field, Link, Notice, Pill, Tone};
use crate::web::rooms::entra::{revision, value_shown};
use crate::web::rooms::{Answered, Done, finish};

/// For whom the mappings are previewed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskPreview {
    person: String,
}

/// The tab.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskPreview>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, &id, ask.person.trim(), now)
    })
    .await
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &str,
    login: &str,
    now: Timestamp,
) -> Result<ToAppPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let mut person = Field::new("person", "Preview an Okta user").value(login);
    let evaluated = match login {
        "" => None,
        login => {
            let found = evaluate(tx, org, &app, login, now)?;
            if found.is_none() {
                person = person.error("Nobody in this org has this username.");
            }
            found
        }
    };
    let not_enabled = (!app.provisioning.enabled).then(|| {
        Empty::new(
            "Provisioning is not enabled",
            "Enable provisioning to create, update and deactivate accounts at the application.",
            Link::new(
                "Configure API Integration",
                format!("{base}/provisioning/integration"),
            ),
        )
    });
    let rows = rows(&app, &base, evaluated.as_ref());
    let mut columns = vec![
        Column::new("Attribute"),
        Column::new("Value"),
        Column::wide("Apply on"),
    ];
    if evaluated.is_some() {
        columns.push(Column {
            class: "live",
            ..Column::new("Preview")
        });
    }
    columns.push(Column::new(""));
    Ok(ToAppPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Provisioning, has(&app)),
        settings: settings(&base, Setting::ToApp, has(&app).0),
        not_enabled,
        features: features(&app),
        edit: format!("{base}/provisioning/to-app"),
        force: if app.provisions() {
            format!("{base}/provisioning/force-sync")
        } else {
            String::new()
        },
        preview: Preview {
            action: format!("{base}/provisioning"),
            person,
            shown: evaluated.is_some(),
        },
        list: List {
            caption: "Attribute Mappings".into(),
            filter: None,
            columns,
            pager: Pager::whole(rows.len() as u64, ("attribute", "attributes")),
            empty: Empty::new("No attributes", "This app sends none.", Link::plain("")),
        },
        rows,
    })
}

/// What the mappings give for somebody; none when nobody has this username.
fn evaluate(
    tx: &Snapshot,
    org: &Org,
    app: &OktaApp,
    login: &str,
    now: Timestamp,
) -> Result<Option<Evaluated>> {
    let Some(user) = users::by_login(tx, org.seq, login)? else {
        return Ok(None);
    };
    let assigned = app_users::find(tx, key(org, app.seq), user.seq)?;
    let so_far = assigned.as_ref().map(|assigned| &assigned.profile);
    let evaluator = Evaluator::new(tx, org, app.clone())?;
    Ok(Some(evaluator.evaluate(tx, &user, so_far, now)?))
}

fn rows(app: &OktaApp, base: &str, evaluated: Option<&Evaluated>) -> Vec<MappingRow> {
    let value = |name: &str| match evaluated.and_then(|found| found.values.get(name)) {
        Some(value) => value_shown(value, ", "),
        None => String::new(),
    };
    let wrong = |name: &str| {
        let mut invalid = evaluated.iter().flat_map(|found| &found.invalid);
        invalid
            .find(|(attribute, _)| attribute == name)
            .map_or_else(String::new, |(_, why)| why.clone())
    };
    let apply = |push| match push {
        PushStatus::Push => "Create and update",
        PushStatus::DontPush => "Create",
    };
    let username = MappingRow {
        title: "Username".into(),
        name: "userName".into(),
        expression: app.username.template.clone() + &app.username.suffix,
        apply: apply(app.username.push),
        value: evaluated.map_or_else(String::new, |found| found.user_name.clone()),
        wrong: wrong("userName"),
        edit: format!("{base}/sign-on"),
    };
    let others = app.attributes.iter().map(|attribute| MappingRow {
        title: attribute.title.clone(),
        name: attribute.name.clone(),
        expression: attribute
            .mapping
            .as_ref()
            .map_or_else(String::new, |mapping| mapping.expression.clone()),
        apply: attribute
            .mapping
            .as_ref()
            .map_or("", |mapping| apply(mapping.push)),
        value: value(&attribute.name),
        wrong: wrong(&attribute.name),
        edit: format!("{base}/provisioning/mappings/{}", attribute.name),
    });
    std::iter::once(username).chain(others).collect()
}

fn has_passwords(app: &OktaApp) -> bool {
    templates::find(&app.template).is_none_or(|template| template.password_sync)
}

fn features(app: &OktaApp) -> Vec<Feature> {
    let state = |on| {
        if on {
            Pill::new(Tone::Good, "Enabled")
        } else {
            Pill::new(Tone::Quiet, "Not enabled")
        }
    };
    let mut features: Vec<Feature> = ticks(app.to_app)
        .into_iter()
        .map(|tick| Feature {
            label: tick.label,
            state: state(tick.on),
            help: tick.help,
        })
        .collect();
    if has_passwords(app) {
        features.push(Feature {
            label: "Sync Password",
            state: state(app.to_app.sync_password != PasswordSync::Off),
            help: match app.to_app.sync_password {
                PasswordSync::Off => "Passwords are not sent.",
                PasswordSync::Okta => "The Okta password is sent.",
                PasswordSync::Random => "A randomly generated password is sent.",
            }
            .into(),
        });
    }
    features
}

fn ticks(to_app: ToApp) -> Vec<Tick> {
    let tick = |name, label, on, help: &str| Tick {
        name,
        label,
        on,
        help: help.to_owned(),
    };
    vec![
        tick(
            "create_users",
            "Create Users",
            to_app.create_users,
            "Creates or links a user when the app is assigned to somebody in Okta.",
        ),
        tick(
            "update_attributes",
            "Update User Attributes",
            to_app.update_attributes,
            "Updates the user's attributes when the app is assigned, and later when they change in Okta.",
        ),
        tick(
            "deactivate_users",
            "Deactivate Users",
            to_app.deactivate_users,
            "Deactivates the account when the app is unassigned or the person is deactivated, and reactivates it when the app is assigned again.",
        ),
        tick(
            "exclude_username_updates",
            "Exclude Username Updates",
            to_app.exclude_username_updates,
            "Leaves the username out of updates.",
        ),
    ]
}

const OFF: &str = "off";
const OKTA: &str = "okta";
const RANDOM: &str = "random";

fn wanted(typed: &Typed) -> ToApp {
    let on = |name| text_of(typed, name) == "yes";
    ToApp {
        create_users: on("create_users"),
        update_attributes: on("update_attributes"),
        deactivate_users: on("deactivate_users"),
        exclude_username_updates: on("exclude_username_updates"),
        sync_password: match text_of(typed, "password") {
            OKTA => PasswordSync::Okta,
            RANDOM => PasswordSync::Random,
            _ => PasswordSync::Off,
        },
    }
}

impl Form for ToAppForm {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (self.password.as_mut_slice(), &mut self.error)
    }
}

fn form(tx: &Snapshot, who: &Who, org: &Org, id: &Id, typed: Option<&Typed>) -> Result<ToAppForm> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let shown = typed.map_or(app.to_app, wanted);
    let password = has_passwords(&app).then(|| {
        Field::new("password", "Sync Password")
            .choices(vec![
                Choice::new(OFF, "Not enabled"),
                Choice::new(OKTA, "Sync Okta Password"),
                Choice::new(RANDOM, "Sync a randomly generated password"),
            ])
            .value(match shown.sync_password {
                PasswordSync::Off => OFF,
                PasswordSync::Okta => OKTA,
                PasswordSync::Random => RANDOM,
            })
    });
    let mut page = frame(who, &app).under(&app.label, &base);
    page.title = "Provisioning to App".into();
    Ok(ToAppForm {
        page,
        error: None,
        revision: match typed {
            Some(typed) => text_of(typed, "revision").to_owned(),
            None => revision(&app),
        },
        ticks: ticks(shown),
        password,
        no_password: format!("{} does not support Sync Password.", app.label),
        action: format!("{base}/provisioning/to-app"),
        cancel: format!("{base}/provisioning"),
    })
}

/// *Edit*.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), form).await
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/provisioning");
    let panel = (Id(id.into_inner()), typed.into_inner());
    let saved = sent(
        &app,
        &signed,
        panel,
        form,
        |tx, org, administrator, panel, now| {
            let (id, typed) = panel;
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let key = key(org, app.seq);
            let saved = apps::save_to_app(tx, administrator, key, wanted(typed), now)?;
            Ok((key, saved))
        },
    )
    .await;
    match saved {
        Ok((key, saved)) => finish(&signed, &back, verified(&app, key, saved).await?),
        Err(again) => again,
    }
}

/// Tests the credentials once more, as each save of the panel does (part 1.3 of the Okta reference).
async fn verified(app: &App, key: AppKey, saved: OktaApp) -> Result<Result<Done>> {
    if saved.provisions() {
        let probed = app
            .run::<_, Error, _>(move |app| Ok(probe(app.agent.context(), key, saved)))
            .await?;
        if let Err(why) = probed.result {
            let detail = format!("Provisioning to App is saved, but the credentials fail. {why}");
            let attribute = "provisioning";
            return Ok(Err(Error::Conflict { attribute, detail }));
        }
    }
    let next = "What is enabled is sent from now on; nothing of before is sent for it.";
    Ok(Ok(Done::new("Provisioning to App is saved.", next)))
}

/// *Force Sync*.
pub(in crate::web::rooms) async fn force_sync(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{id}/provisioning");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        apps::force_sync(tx, administrator, key(org, app.seq), now)?;
        let next = "The System Log has what is sent.";
        Ok(Done::new(
            "Everybody who is assigned is pushed again.",
            next,
        ))
    })
    .await
}
