//! *Teams*: list, create, rename, and which one the pages of the team show in this session.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{
    Choice, Field, Link, Moment, Pill, Tone, counted, thousands,
};
use super::super::super::console::settings::teams::{TeamRow, TeamsPage};
use super::super::super::failure::{PageFailure, sentence};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, finish, page as answer, show};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::Team;
use crate::provider::{accounts, team};
use crate::scim::Preset;
use crate::scim::profile::{Setting, UnknownPreset};
use crate::store::Reads;

const HERE: &str = "/settings/teams";
const NEW: &str = "/settings/teams/new";

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| teams(tx, &who, &ask, now)).await
}

fn teams(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<TeamsPage> {
    let text = ask.text().to_lowercase();
    let mut found = team::list(tx, who.operator()?)?;
    found.retain(|team| team.name.to_lowercase().contains(&text));
    let (total, part) = (found.len() as u64, ask.part_in_order(PAGE));
    let rows = found
        .into_iter()
        .skip(usize::try_from(part.skip).unwrap_or(usize::MAX))
        .take(part.limit)
        .map(|team| row(tx, who, team, now));
    let url = ask.url(HERE);
    Ok(TeamsPage {
        page: who.page(Room::Teams, "Teams"),
        create: NEW.into(),
        rows: rows.collect::<Result<_>>()?,
        list: List {
            caption: "Teams".into(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::new("SCIM"),
                Column::wide("Profile"),
                Column {
                    class: "number wide",
                    ..Column::new("Members")
                },
                Column {
                    class: "number wide",
                    ..Column::new("Groups")
                },
                Column {
                    class: "number wide",
                    ..Column::new("Keys")
                },
                Column::wide("Created"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("team", "teams"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No teams yet",
                    "Create one: it gets its own members, groups and keys.",
                    Link::new("Create Team", NEW),
                ),
            ),
        },
    })
}

fn row(tx: &impl Reads, who: &Who, team: Team, now: Timestamp) -> Result<TeamRow> {
    let found = team::overview(tx, who.operator()?, team, now)?;
    let team = found.team;
    Ok(TeamRow {
        open: team.seq == who.member.team,
        scim: if team.scim_enabled {
            Pill::new(Tone::Good, "On")
        } else {
            Pill::new(Tone::Quiet, "Off")
        },
        profile: profile(&team.profile),
        members: thousands(found.members),
        groups: thousands(found.groups),
        keys: thousands(found.keys),
        created: Moment::new(team.created, now),
        open_at: format!("{HERE}/{}/open", team.seq),
        rename: renaming(team.seq),
        name: team.name,
    })
}

/// A profile in a few words: the preset, and how far it is turned away from it.
pub(in super::super) fn profile(setting: &Setting) -> String {
    match setting.switches.len() as u64 {
        0 => setting.preset.as_str().to_owned(),
        turned => format!(
            "{}, {} turned",
            setting.preset.as_str(),
            counted(turned, "switch", "switches")
        ),
    }
}

fn renaming(team: Seq) -> String {
    format!("{HERE}/{team}/rename")
}

/// What the forms send.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Wanted {
    name: String,
    profile: String,
}

fn name_field(name: &str, error: &str) -> Field {
    Field::new("name", "Name")
        .required()
        .max_length(100)
        .value(name)
        .error(error)
}

/// `wrong` is the field that was refused, with the sentence below it.
fn form(who: &Who, wanted: &Wanted, wrong: (&str, &str)) -> FormPage {
    let error = |field| if wrong.0 == field { wrong.1 } else { "" };
    let profiles = Preset::ALL
        .into_iter()
        .map(|preset| Choice::new(preset.as_str(), preset.as_str()))
        .collect();
    FormPage {
        page: who.page(Room::Teams, "Create Team").under("Teams", HERE),
        lead: "A new team is empty, with SCIM provisioning turned off.".into(),
        error: None,
        fields: vec![
            name_field(&wanted.name, error("name")),
            Field::new("profile", "Profile")
                .error(error("profile"))
                .choices(profiles)
                .value(wanted.profile.as_str())
                .help(
                    "What its SCIM endpoint is like; Authentication, Profile explains each and changes it at \
                     any time.",
                ),
        ],
        action: NEW.into(),
        submit: "Create Team".into(),
        cancel: HERE.into(),
    }
}

/// The form that creates a team.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let page = form(&signed.for_page(), &Wanted::default(), ("", ""));
    answer(StatusCode::OK, &page)
}

/// *Create Team*, which is then the open one.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), wanted.into_inner());
    let (operator, name) = (who.operator()?.clone(), wanted.name.clone());
    let made = match preset(&wanted.profile) {
        Ok(preset) => {
            let setting = Setting {
                preset,
                ..Setting::default()
            };
            app.write(move |tx| team::create_with(tx, &operator, &name, setting, now))
                .await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(team) => {
            signed.open_team(team.seq)?;
            let next = "You are in it now. Set up one SSO method, then turn on SCIM provisioning.";
            let done = Done::new(format!("{} is created.", team.name), next);
            finish(&signed, "/team/authentication", Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            let page = form(&who, &wanted, (field, &sentence(&detail)));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// The profile of a form; a form without the field means the first one.
fn preset(text: &str) -> Result<Preset> {
    match text {
        "" => Ok(Preset::default()),
        text => text
            .parse()
            .map_err(|error: UnknownPreset| Error::field("profile", error.to_string())),
    }
}

fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Team", ""))
}

/// *Open*: the pages of the team show this one from now on. For everybody who may enter it.
pub(in super::super) async fn open(
    app: web::Data<App>,
    signed: SignedIn,
    team: web::Path<String>,
) -> Answered {
    let account = signed.who().account();
    let team = app
        .read(move |tx| {
            let wanted = seq(&team)?;
            let (_, member, _) = accounts::signed_in(tx, account, Some(wanted))?;
            if member.team != wanted {
                return Err(Error::not_found("Team", wanted));
            }
            team::get(tx, &member)
        })
        .await?;
    signed.open_team(team.seq)?;
    let done = Done::new(format!("You are in {} now.", team.name), "");
    finish(&signed, "/team/members", Ok(done))
}

fn rename_form(who: &Who, team: &Team, name: &str, error: &str) -> FormPage {
    FormPage {
        page: who
            .page(Room::Teams, format!("Rename {}", team.name))
            .under("Teams", HERE),
        lead: "Keys, ids and addresses stay as they are.".into(),
        error: None,
        fields: vec![name_field(name, error)],
        action: renaming(team.seq),
        submit: "Rename".into(),
        cancel: HERE.into(),
    }
}

/// The form that renames a team.
pub(in super::super) async fn ask_rename(
    app: web::Data<App>,
    signed: SignedIn,
    team: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let team = team::find(tx, who.operator()?, seq(&team)?)?;
        Ok(rename_form(&who, &team, &team.name, ""))
    })
    .await
}

/// *Rename*.
pub(in super::super) async fn rename(
    app: web::Data<App>,
    signed: SignedIn,
    team: web::Path<String>,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, seq, name) = (signed.who(), seq(&team)?, wanted.into_inner().name);
    let (operator, given, now) = (who.operator()?.clone(), name.clone(), app.now());
    let renamed = app
        .write(move |tx| team::rename(tx, &operator, seq, &given, now))
        .await;
    match renamed {
        Ok(team) => {
            let done = Done::new(format!("The team is called {} now.", team.name), "");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let operator = who.operator()?.clone();
            let team = app.read(move |tx| team::find(tx, &operator, seq)).await?;
            let page = rename_form(&who, &team, &name, &sentence(&detail));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
