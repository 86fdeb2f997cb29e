//! The form of *To Okta*, and what it means (part 2.3 of the Okta reference).

use super::applications::frame;
use super::form::{Form, Id};
use super::to_okta::schedule_name;
use super::{Addresses, Typed, app_of, text_of};
use crate::directory::okta::imports::schedule::{DAILY, HOURLY, WEEKLY};
use crate::error::{Error, Result};
use crate::model::okta::{
    ExactMatch, ImportSchedule, ImportUsername, OktaApp, Org, ToOkta, WhenDeactivated,
};
use crate::store::Snapshot;
use crate::web::auth::Who;
use crate::web::console::okta::provisioning::{FormSection, Tick, ToOktaForm};
use crate::web::console::parts::{Choice, Field, Notice};
use crate::web::rooms::entra::revision;

const EMAIL: &str = "EMAIL";
const CUSTOM: &str = "CUSTOM";
const NOTHING: &str = "nothing";
const DEACTIVATE: &str = "deactivate";
const SUSPEND: &str = "suspend";

/// A part: its heading, its fields, its boxes.
type Part = (&'static str, Vec<Field>, Vec<Tick>);

impl Form for ToOktaForm {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (&mut self.fields, &mut self.error)
    }
}

/// What is stored, as the form would send it.
fn stored(app: &OktaApp) -> Typed {
    let rules = &app.to_okta;
    let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
    let planned = |schedule: &Option<ImportSchedule>| {
        let expression = schedule.as_ref().map(|one| one.expression.clone());
        expression.unwrap_or_default()
    };
    let zone = rules.full.as_ref().or(rules.incremental.as_ref());
    let (format, expression) = match &rules.username {
        ImportUsername::Email => (EMAIL, String::new()),
        ImportUsername::Custom(expression) => (CUSTOM, expression.clone()),
    };
    let ended = match rules.when_deactivated {
        WhenDeactivated::Nothing => NOTHING,
        WhenDeactivated::Deactivate => DEACTIVATE,
        WhenDeactivated::Suspend => SUSPEND,
    };
    [
        ("fullImport", planned(&rules.full)),
        ("incrementalImport", planned(&rules.incremental)),
        (
            "timezone",
            zone.map_or_else(|| "UTC".to_owned(), |one| one.timezone.clone()),
        ),
        ("format", format.to_owned()),
        ("expression", expression),
        ("safeguard", rules.safeguard.to_string()),
        ("username", yes(rules.exact.username)),
        ("email", yes(rules.exact.email)),
        ("attributes", rules.exact.attributes.join(", ")),
        ("partial", yes(rules.allow_partial)),
        ("confirm_exact", yes(rules.confirm_exact)),
        ("confirm_partial", yes(rules.confirm_partial)),
        ("confirm_new", yes(rules.confirm_new)),
        ("activate_new", yes(rules.activate_new)),
        ("rematch", yes(rules.force_rematch)),
        ("sourcing", yes(rules.sourcing)),
        ("deactivated", ended.to_owned()),
        ("suspended", yes(rules.reactivate_suspended)),
        ("reactivated", yes(rules.reactivate_deactivated)),
        ("revision", revision(app)),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}

/// What was typed.
///
/// # Errors
/// `Field` for a safeguard that is no percentage.
pub(super) fn wanted(typed: &Typed) -> Result<ToOkta> {
    let on = |name| text_of(typed, name) == "yes";
    let planned = |name| {
        let expression = text_of(typed, name);
        (!expression.is_empty()).then(|| ImportSchedule {
            expression: expression.to_owned(),
            timezone: text_of(typed, "timezone").to_owned(),
        })
    };
    let safeguard = text_of(typed, "safeguard").trim_end_matches('%').trim();
    let safeguard: u8 = safeguard.parse().map_err(|_| {
        let sentence = "The import safeguard is a percentage, 0 to 100.";
        Error::field("safeguard", sentence)
    })?;
    Ok(ToOkta {
        full: planned("fullImport"),
        incremental: planned("incrementalImport"),
        username: match text_of(typed, "format") {
            CUSTOM => ImportUsername::Custom(text_of(typed, "expression").to_owned()),
            _ => ImportUsername::Email,
        },
        safeguard,
        exact: ExactMatch {
            username: on("username"),
            email: on("email"),
            attributes: text_of(typed, "attributes")
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
        },
        allow_partial: on("partial"),
        confirm_exact: on("confirm_exact"),
        confirm_partial: on("confirm_partial"),
        confirm_new: on("confirm_new"),
        activate_new: on("activate_new"),
        force_rematch: on("rematch"),
        sourcing: on("sourcing"),
        when_deactivated: match text_of(typed, "deactivated") {
            DEACTIVATE => WhenDeactivated::Deactivate,
            SUSPEND => WhenDeactivated::Suspend,
            _ => WhenDeactivated::Nothing,
        },
        reactivate_suspended: on("suspended"),
        reactivate_deactivated: on("reactivated"),
        ..ToOkta::default()
    })
}

/// The form as it is stored, or as it was typed.
pub(super) fn form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<ToOktaForm> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let here = format!("{base}/provisioning/to-okta");
    let known = stored(&app);
    let shown = typed.unwrap_or(&known);
    let mut page = frame(who, &app).under(&app.label, &base);
    page.title = "Provisioning to Okta".into();
    let parts = [general(shown), matching(shown), sourcing(shown, &app.label)];
    let (mut fields, mut sections) = (Vec::new(), Vec::new());
    for (title, mut of_part, ticks) in parts {
        let first = fields.len();
        fields.append(&mut of_part);
        sections.push(FormSection {
            title,
            fields: first..fields.len(),
            ticks,
        });
    }
    Ok(ToOktaForm {
        page,
        error: None,
        revision: text_of(shown, "revision").to_owned(),
        fields,
        sections,
        action: format!("{here}/edit"),
        cancel: here,
    })
}

fn ticks(shown: &Typed, all: &[(&'static str, &'static str, &str)]) -> Vec<Tick> {
    let ticks = all.iter().map(|(name, label, help)| Tick {
        name,
        label,
        on: text_of(shown, name) == "yes",
        help: (*help).to_owned(),
    });
    ticks.collect()
}

fn general(shown: &Typed) -> Part {
    let planned = |name: &'static str, label: &str| {
        let chosen = text_of(shown, name);
        let mut choices = vec![
            Choice::new("", "Never"),
            Choice::new(HOURLY, "Every hour"),
            Choice::new(DAILY, "Every day"),
            Choice::new(WEEKLY, "Every week"),
        ];
        if !choices.iter().any(|choice| choice.value == chosen) {
            let own = ImportSchedule {
                expression: chosen.to_owned(),
                timezone: String::new(),
            };
            choices.push(Choice::new(chosen, schedule_name(Some(&own))));
        }
        Field::new(name, label).choices(choices).value(chosen)
    };
    (
        "General",
        vec![
            planned("fullImport", "Full import schedule"),
            planned("incrementalImport", "Incremental import schedule")
                .help("A SCIM app has no incremental import: everything is read."),
            Field::new("timezone", "Time zone of the schedules")
                .max_length(64)
                .value(text_of(shown, "timezone"))
                .help("An IANA name, such as UTC or America/New_York."),
            Field::new("format", "Okta username format")
                .choices(vec![
                    Choice::new(EMAIL, "Email Address"),
                    Choice::new(CUSTOM, "Custom"),
                ])
                .value(text_of(shown, "format")),
            Field::new("expression", "Custom username expression")
                .max_length(1024)
                .expected()
                .value(text_of(shown, "expression"))
                .help("For Custom: in Okta Expression Language over appuser, such as appuser.userName."),
            Field::new("safeguard", "Import safeguard")
                .max_length(4)
                .expected()
                .value(text_of(shown, "safeguard"))
                .help("An import halts that would unassign more than so many percent of the app's users."),
        ],
        Vec::new(),
    )
}

fn matching(shown: &Typed) -> Part {
    (
        "User Creation & Matching",
        vec![
            Field::new("attributes", "Combination of attributes that must match")
                .max_length(512)
                .value(text_of(shown, "attributes"))
                .help("Names of Okta attributes with commas, such as firstName, lastName, employeeNumber. Where there are some, username and email do not count."),
        ],
        ticks(
            shown,
            &[
                ("username", "Okta username format matches", "Imported user is an exact match to Okta user if all that is chosen is equal, in the same case."),
                ("email", "Email matches", ""),
                ("partial", "Allow partial matches", "First and last name are equal, and neither username nor email."),
                ("confirm_exact", "Auto-confirm exact matches", ""),
                ("confirm_partial", "Auto-confirm partial matches", ""),
                ("confirm_new", "Auto-confirm new users", ""),
                ("activate_new", "Auto-activate new users", ""),
                ("rematch", "Force rematch imported users", "A scheduled import too looks again for users who matched nobody."),
            ],
        ),
    )
}

fn sourcing(shown: &Typed, label: &str) -> Part {
    let mut boxes = ticks(
        shown,
        &[
            ("sourcing", "Allow this app to source Okta users", ""),
            (
                "suspended",
                "Reactivate suspended Okta users",
                "When a user is reactivated in the app.",
            ),
            (
                "reactivated",
                "Reactivate deactivated Okta users",
                "When a user is reactivated in the app.",
            ),
        ],
    );
    if let Some(first) = boxes.first_mut() {
        first.help = format!("Profiles of people who are assigned to {label} follow it.");
    }
    (
        "Profile & Lifecycle Sourcing",
        vec![
            Field::new("deactivated", "When a user is deactivated in the app")
                .choices(vec![
                    Choice::new(NOTHING, "Do nothing"),
                    Choice::new(DEACTIVATE, "Deactivate"),
                    Choice::new(SUSPEND, "Suspend"),
                ])
                .value(text_of(shown, "deactivated"))
                .help("Only the highest source of a person decides, and only where it may source people."),
        ],
        boxes,
    )
}
