//! *Profile*: the preset of the team's SCIM endpoint, and its single switches.

use std::collections::HashMap;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;
use serde_json::Value;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::parts::{Choice, Link, Notice, Tone, counted};
use super::super::super::console::team::profile::{
    PresetChoice, ProfilePage, SwitchGroup, SwitchRow,
};
use super::super::super::failure::PageFailure;
use super::super::{Answered, Done, act, finish, page as answer, see_other, show};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::Team;
use crate::provider::{keys, team};
use crate::scim::profile::switches::{self, Part, Switch, Values};
use crate::scim::profile::{Preset, Profile, Setting};
use crate::store::Reads;

pub(super) const HERE: &str = "/team/authentication/profile";
const ABOVE: &str = "/team/authentication/scim";

/// What a form sent, and what is wrong with it, by switch.
type Typed = HashMap<String, String>;

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let team = team::get(tx, &who.member)?;
        profile(&who, &team, &Typed::new(), &Typed::new())
    })
    .await
}

fn resolved(setting: &Setting) -> Result<Profile> {
    Profile::resolve(setting).map_err(|error| Error::field("profile", error.to_string()))
}

fn profile(who: &Who, team: &Team, typed: &Typed, wrong: &Typed) -> Result<ProfilePage> {
    let setting = &team.profile;
    let preset = Profile::of(setting.preset).switches();
    let now = resolved(setting)?.switches();
    let name = setting.preset.as_str();
    let row = |switch: &Switch| {
        let (present, usual) = (&now[switch.name], &preset[switch.name]);
        SwitchRow {
            name: switch.name,
            value: typed
                .get(switch.name)
                .cloned()
                .unwrap_or_else(|| Switch::text(present)),
            choices: choices(switch),
            noun: match switch.values {
                Values::Number { noun, optional, .. } if optional => {
                    format!("{noun}; empty for no limit")
                }
                Values::Number { noun, .. } => noun.to_owned(),
                _ => String::new(),
            },
            preset: if present == usual {
                String::new()
            } else {
                switch.meaning(usual)
            },
            error: wrong.get(switch.name).cloned().unwrap_or_default(),
        }
    };
    let turned = setting.switches.len() as u64;
    Ok(ProfilePage {
        page: who
            .page(Room::Authentication, "Profile")
            .under("Authentication", ABOVE),
        error: None,
        presets: Preset::ALL
            .into_iter()
            .map(|preset| PresetChoice {
                name: preset.as_str(),
                description: preset.description(),
                chosen: preset == setting.preset,
            })
            .collect(),
        choose: choosing(None),
        groups: Part::ALL
            .into_iter()
            .map(|part| SwitchGroup {
                title: part.title(),
                rows: switches::ALL
                    .iter()
                    .filter(|switch| switch.part == part)
                    .map(row)
                    .collect(),
            })
            .collect(),
        turned: match turned {
            0 => format!("Every switch is as {name} has it."),
            _ => format!(
                "Turned away from {name}: {}.",
                counted(turned, "switch", "switches")
            ),
        },
        back: if turned == 0 {
            Link::plain("")
        } else {
            Link::new(format!("Back to {name}"), choosing(Some(setting.preset)))
        },
        revision: team.revision.to_string(),
        save: HERE.into(),
        cancel: ABOVE.into(),
    })
}

fn choices(switch: &Switch) -> Vec<Choice> {
    match switch.values {
        Values::Flag(on, off) => vec![Choice::new("true", on), Choice::new("false", off)],
        Values::Words(words) => words
            .iter()
            .map(|(word, meaning)| Choice::new(*word, *meaning))
            .collect(),
        Values::Number { .. } => Vec::new(),
    }
}

fn choosing(preset: Option<Preset>) -> String {
    match preset {
        Some(preset) => format!("{HERE}/preset?preset={}", preset.as_str()),
        None => format!("{HERE}/preset"),
    }
}

/// What a client notices, a line a switch, when the endpoint changes from one to the other.
fn differences(before: &Profile, after: &Profile) -> Vec<String> {
    let (before, after) = (before.switches(), after.switches());
    switches::ALL
        .iter()
        .filter(|switch| before[switch.name] != after[switch.name])
        .map(|switch| format!("{}: {}.", switch.name, switch.meaning(&after[switch.name])))
        .collect()
}

/// The preset in the address of the question.
#[derive(Deserialize)]
pub(in super::super) struct Chosen {
    #[serde(default)]
    preset: String,
}

impl Chosen {
    fn setting(&self) -> Result<Setting> {
        let preset = self.preset.parse();
        Ok(Setting {
            preset: preset.map_err(|error| Error::field("preset", format!("{error}")))?,
            ..Setting::default()
        })
    }
}

/// Asks before a preset is used, and lists what changes for clients.
pub(in super::super) async fn ask(
    app: web::Data<App>,
    signed: SignedIn,
    chosen: web::Query<Chosen>,
) -> Answered {
    let (wanted, who) = (chosen.setting()?, signed.who());
    let (member, present) = (who.member.clone(), wanted.clone());
    let same = app
        .read(move |tx| Ok(team::get(tx, &member)?.profile == present))
        .await?;
    if same {
        let preset = wanted.preset.as_str();
        let done = Done::new(format!("The profile is {preset} already."), "");
        return finish(&signed, HERE, Ok(done));
    }
    let who = signed.for_page();
    show(&app, move |tx, now| question(tx, &who, &wanted, now)).await
}

fn question(tx: &impl Reads, who: &Who, wanted: &Setting, now: Timestamp) -> Result<ConfirmPage> {
    let team = team::get(tx, &who.member)?;
    let name = wanted.preset.as_str();
    let keys = keys::list(tx, &who.member.may()?)?
        .iter()
        .filter(|key| key.profile.is_none() && key.opens_at(now))
        .count() as u64;
    let mut consequences = differences(&resolved(&team.profile)?, &resolved(wanted)?);
    if !team.profile.switches.is_empty() {
        let turned = counted(team.profile.switches.len() as u64, "switch", "switches");
        consequences.push(format!(
            "What was turned by hand ({turned}) is turned back."
        ));
    }
    Ok(ConfirmPage {
        page: who
            .page(Room::Authentication, format!("Use the profile {name}?"))
            .under("Authentication", ABOVE)
            .under("Profile", HERE),
        lead: match keys {
            0 => {
                "No key uses the team's profile yet. With the first one, clients meet this:".into()
            }
            _ => format!(
                "Clients with the team's profile ({}) notice this from their next request on:",
                counted(keys, "key", "keys")
            ),
        },
        consequences,
        danger: false,
        ask: None,
        action: choosing(Some(wanted.preset)),
        submit: format!("Use {name}"),
        cancel: HERE.into(),
    })
}

/// Uses a preset with every switch as it has it.
pub(in super::super) async fn choose(
    app: web::Data<App>,
    signed: SignedIn,
    chosen: web::Query<Chosen>,
) -> Answered {
    let wanted = chosen.setting()?;
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let team = team::set_profile(tx, &who.member.may()?, wanted, now)?;
        let name = team.profile.preset.as_str();
        Ok(Done::new(format!("The profile is {name} now."), ""))
    })
    .await
}

/// Turns single switches.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, typed) = (signed.who(), typed.into_inner());
    let member = who.member.clone();
    let team = app.read(move |tx| team::get(tx, &member)).await?;
    if typed.get("revision").map(String::as_str) != Some(&team.revision.to_string()) {
        return stale(&who, &team);
    }
    let (setting, wrong) = turned(&team.profile, &typed)?;
    if !wrong.is_empty() {
        let mut page = profile(&who, &team, &typed, &wrong)?;
        page.error = Some(Notice::new(
            Tone::Bad,
            "Nothing was saved.",
            format!("Mend what is marked below: {}.", names(&wrong)),
        ));
        return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
    }
    let changed = differences(&resolved(&team.profile)?, &resolved(&setting)?);
    if changed.is_empty() {
        let done = Done::new("No switch was turned.", "");
        return finish(&signed, HERE, Ok(done));
    }
    let (member, before, now) = (who.member.clone(), team.revision, app.now());
    let saved = app
        .write(move |tx| {
            // Somebody else may have been quicker since the page was checked.
            if team::get(tx, &member)?.revision == before {
                team::set_profile(tx, &member.may()?, setting, now).map(Some)
            } else {
                Ok(None)
            }
        })
        .await;
    match saved {
        Ok(Some(_)) => {
            let what = format!("Saved. From the next request on: {}", changed.join(" "));
            signed.leave(&Notice::new(Tone::Good, what, ""))?;
            Ok(see_other(HERE))
        }
        Ok(None) => stale(&who, &team),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// Somebody changed the profile since this page was read: nothing is overwritten.
fn stale(who: &Who, team: &Team) -> Answered {
    let mut page = profile(who, team, &Typed::new(), &Typed::new())?;
    page.error = Some(Notice::new(
        Tone::Warn,
        "Nothing was saved: somebody changed the profile or a schema meanwhile.",
        "These are the present switches. Turn yours again and save.",
    ));
    answer(StatusCode::CONFLICT, &page)
}

/// The setting that the form describes, and what is wrong with it. A switch that the form does not name
/// stays as it is.
fn turned(present: &Setting, typed: &Typed) -> Result<(Setting, Typed)> {
    let usual = Profile::of(present.preset).switches();
    let now = resolved(present)?.switches();
    let mut setting = Setting {
        preset: present.preset,
        ..Setting::default()
    };
    let mut wrong = Typed::new();
    for switch in switches::ALL {
        let value: std::result::Result<Value, String> = match typed.get(switch.name) {
            Some(text) => switch.read(text),
            None => Ok(now[switch.name].clone()),
        };
        match value {
            Ok(value) if value == usual[switch.name] => {}
            Ok(value) => {
                setting.switches.insert(switch.name.to_owned(), value);
            }
            Err(problem) => {
                wrong.insert(switch.name.to_owned(), problem);
            }
        }
    }
    Ok((setting, wrong))
}

/// The names of switches in the order of the page.
fn names(wrong: &Typed) -> String {
    let names: Vec<&str> = switches::ALL
        .iter()
        .map(|switch| switch.name)
        .filter(|name| wrong.contains_key(*name))
        .collect();
    names.join(", ")
}
