//! *Add rule*, *Edit*, and deleting a rule.

use actix_web::web;

use super::form::{Id, save_form, sent, show_form, unchanged};
use super::rules::{HERE, address, frame, rule_of};
use super::{Addresses, Typed, act_in_org, show_org, text_of};
use crate::directory::okta::rules::{self, NAME_LIMIT, NewRule};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{GroupRule, GroupType, Org, RuleRemoval};
use crate::store::okta::{groups, users};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done, finish};

/// The form of a new rule.
pub(super) const NEW: &str = "/okta/groups/rules/new";
/// What the form calls deleting the people's memberships too.
const REMOVE: &str = "remove";

/// The groups with these names, one in a line.
fn groups_named(tx: &impl Reads, org: &Org, names: &str) -> Result<Vec<Seq>> {
    let mut found = Vec::new();
    for name in names.lines().map(str::trim).filter(|name| !name.is_empty()) {
        let mut own = None;
        for row in groups::by_name(tx, org.seq, name)? {
            let group = groups::find(tx, org.seq, row)?;
            if group.is_some_and(|group| group.kind != GroupType::AppGroup) {
                own = Some(row);
            }
        }
        found.push(own.ok_or_else(|| {
            Error::field("groupIds", format!("There is no group {name} in this org."))
        })?);
    }
    Ok(found)
}

/// The people with these usernames, one in a line.
fn people_named(tx: &impl Reads, org: &Org, logins: &str) -> Result<Vec<Seq>> {
    logins
        .lines()
        .map(str::trim)
        .filter(|login| !login.is_empty())
        .map(|login| {
            let user = users::by_login(tx, org.seq, login)?;
            user.map(|user| user.seq).ok_or_else(|| {
                Error::field(
                    "exclude",
                    format!("Nobody in this org has the username {login}."),
                )
            })
        })
        .collect()
}

fn fields(name: &str, expression: &str, groups: Option<&str>, excluded: &str) -> Vec<Field> {
    let mut fields = vec![
        Field::new("name", "Name")
            .required()
            .max_length(u16::try_from(NAME_LIMIT).unwrap_or(u16::MAX))
            .value(name),
        Field::new("expression", "IF")
            .lines(4)
            .max_length(10_000)
            .required()
            .value(expression)
            .help("In Okta Expression Language, such as user.department == \"Sales\" or isMemberOfGroupName(\"Vendors\")."),
    ];
    fields.extend(groups.map(|groups| {
        Field::new("groupIds", "THEN assign to")
            .lines(3)
            .max_length(u16::MAX)
            .required()
            .value(groups)
            .help("Names of groups, one in a line. They cannot be changed later.")
    }));
    fields.push(
        Field::new("exclude", "EXCEPT the following users")
            .lines(3)
            .max_length(u16::MAX)
            .value(excluded)
            .help("Usernames, one in a line."),
    );
    fields
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "what draws a form may fail, though this one cannot"
)]
fn new_form(
    _: &Snapshot,
    who: &Who,
    _: &Org,
    _: &String,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let said = |name| typed.map_or("", |typed| text_of(typed, name));
    Ok(FormPage {
        page: frame(who, "Add rule"),
        lead: "The rule is inactive until it is activated; then it is evaluated for everybody, and for whoever changes later.".into(),
        error: None,
        fields: fields(
            said("name"),
            said("expression"),
            Some(said("groupIds")),
            said("exclude"),
        ),
        action: NEW.into(),
        submit: "Save".into(),
        cancel: HERE.into(),
    })
}

/// The empty form.
pub(in crate::web::rooms) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_form(&app, signed, String::new(), new_form).await
}

/// *Save* of a new rule.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let form = (String::new(), typed.into_inner());
    let made = sent(
        &app,
        &signed,
        form,
        new_form,
        |tx, org, administrator, (_, typed), now| {
            let new = NewRule {
                name: text_of(typed, "name").to_owned(),
                expression: text_of(typed, "expression").to_owned(),
                groups: groups_named(tx, org, text_of(typed, "groupIds"))?,
                excluded: people_named(tx, org, text_of(typed, "exclude"))?,
            };
            let rule = rules::create(tx, administrator, &new, now)?;
            Ok((address(Addresses::new(tx, org), rule.seq), rule.name))
        },
    )
    .await;
    match made {
        Ok((address, name)) => {
            let done = Done::new(
                format!("{name} is saved."),
                "It is inactive: preview it for somebody, then activate it.",
            );
            finish(&signed, &address, Ok(done))
        }
        Err(again) => again,
    }
}

/// The people whom a rule leaves alone, one in a line.
fn excluded_text(tx: &impl Reads, org: &Org, rule: &GroupRule) -> Result<String> {
    let mut lines = Vec::new();
    for user in &rule.excluded {
        if let Some(user) = users::find(tx, org.seq, *user)? {
            lines.push(user.login().to_owned());
        }
    }
    Ok(lines.join("\n"))
}

fn edit_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let rule = rule_of(tx, org, id)?;
    let here = address(Addresses::new(tx, org), rule.seq);
    let (mut fields, known) = match typed {
        Some(typed) => (
            fields(
                text_of(typed, "name"),
                text_of(typed, "expression"),
                None,
                text_of(typed, "exclude"),
            ),
            text_of(typed, "revision").to_owned(),
        ),
        None => (
            fields(
                &rule.name,
                &rule.expression,
                None,
                &excluded_text(tx, org, &rule)?,
            ),
            revision(&rule),
        ),
    };
    let hidden = Field::new("revision", "").kind("hidden", "off");
    fields.push(hidden.value(known));
    Ok(FormPage {
        page: frame(who, "Edit rule").under(&rule.name, &here),
        lead: "Groups of a rule cannot be changed. What is changed takes effect when the rule is activated again.".into(),
        error: None,
        fields,
        action: format!("{here}/edit"),
        submit: "Save".into(),
        cancel: here,
    })
}

/// The form with what the rule says.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), edit_form).await
}

/// *Save* of a rule.
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
        |tx, org, administrator, (id, typed), now| {
            let rule = rule_of(tx, org, id)?;
            unchanged(typed, &rule, &rule.name)?;
            let new = NewRule {
                name: text_of(typed, "name").to_owned(),
                expression: text_of(typed, "expression").to_owned(),
                groups: rule.groups,
                excluded: people_named(tx, org, text_of(typed, "exclude"))?,
            };
            let rule = rules::update(tx, administrator, rule.seq, &new, now)?;
            Ok(Done::new(
                format!("{} is saved.", rule.name),
                "Activate it next.",
            ))
        },
    )
    .await
}

/// Asks what becomes of the people whom the rule put into groups.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let rule = rule_of(tx, org, &id)?;
        let here = address(Addresses::new(tx, org), rule.seq);
        Ok(FormPage {
            page: frame(who, &format!("Delete {}?", rule.name)).under(&rule.name, &here),
            lead: "This cannot be undone.".into(),
            error: None,
            fields: vec![
                Field::new("people", "People whom the rule put into groups")
                    .choices(vec![
                        Choice::new("keep", "Keep them in the groups"),
                        Choice::new(REMOVE, "Remove them from the groups"),
                    ])
                    .value("keep")
                    .help("Whoever is removed loses what only the groups gave."),
            ],
            action: format!("{here}/delete"),
            submit: "Delete".into(),
            cancel: here,
        })
    })
    .await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let removal = if text_of(&typed, "people") == REMOVE {
        RuleRemoval::RemovePeople
    } else {
        RuleRemoval::KeepPeople
    };
    act_in_org(
        &app,
        signed,
        HERE.into(),
        move |tx, org, administrator, now| {
            let rule = rule_of(tx, org, &id)?;
            rules::delete(tx, administrator, rule.seq, removal, now)?;
            Ok(Done::new(format!("{} is deleted.", rule.name), ""))
        },
    )
    .await
}
