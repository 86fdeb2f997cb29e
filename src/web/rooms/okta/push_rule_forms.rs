//! *Find groups by rule* of an app: a rule is added, edited, taken in and out of use, deleted (part 1.11.6 of the Okta
//! reference).

use actix_web::web;

use super::applications::HERE;
use super::form::{Id, save_form, show_form, unchanged};
use super::push_forms::under;
use super::{Addresses, Typed, act_in_org, app_of, key, show_org, text_of};
use crate::directory::okta::push_rules::{self, Mappings, NewPushRule, TEXT_LIMIT};
use crate::error::{Error, Result};
use crate::id::OktaKind;
use crate::model::okta::{Criterion, OktaApp, Org, PushRule, TextMatch};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field, counted};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

/// What the form calls taking the mappings away too.
const REMOVE: &str = "remove";
/// Names of the fields of a criterion: how, and what.
const NAME: (&str, &str) = ("how", "value");
const DESCRIPTION: (&str, &str) = ("describedHow", "description");

/// App and rule.
type About = (String, String);

fn how(text: &str) -> TextMatch {
    TextMatch::ALL
        .into_iter()
        .find(|how| how.label() == text)
        .unwrap_or(TextMatch::StartsWith)
}

fn criterion(typed: &Typed, (how_field, text): (&str, &str)) -> Option<Criterion> {
    let text = text_of(typed, text);
    (!text.is_empty()).then(|| Criterion {
        how: how(text_of(typed, how_field)),
        text: text.to_owned(),
    })
}

fn wanted(typed: &Typed) -> NewPushRule {
    NewPushRule {
        name: text_of(typed, "name").to_owned(),
        group_name: criterion(typed, NAME),
        description: criterion(typed, DESCRIPTION),
        immediately: text_of(typed, "immediately") != "no",
    }
}

fn criterion_fields(
    (how, text): (&'static str, &'static str),
    label: &str,
    wanted: Option<&Criterion>,
) -> [Field; 2] {
    let choices = TextMatch::ALL.map(|how| Choice::new(how.label(), how.label()));
    let present = wanted.map_or(TextMatch::StartsWith, |wanted| wanted.how);
    [
        Field::new(how, label)
            .choices(choices.to_vec())
            .value(present.label()),
        Field::new(text, format!("{label}: text"))
            .max_length(u16::try_from(TEXT_LIMIT).unwrap_or(u16::MAX))
            .value(wanted.map_or("", |wanted| wanted.text.as_str())),
    ]
}

fn fields(rule: &NewPushRule) -> Vec<Field> {
    let mut fields = vec![
        Field::new("name", "Rule name")
            .required()
            .max_length(u16::try_from(TEXT_LIMIT).unwrap_or(u16::MAX))
            .value(&rule.name),
    ];
    fields.extend(criterion_fields(
        NAME,
        "Group name",
        rule.group_name.as_ref(),
    ));
    fields.extend(criterion_fields(
        DESCRIPTION,
        "Group description",
        rule.description.as_ref(),
    ));
    fields.push(
        Field::new("immediately", "Immediately push groups found by this rule")
            .choices(vec![
                Choice::new("yes", "Yes"),
                Choice::new("no", "No: each waits until it is activated"),
            ])
            .value(if rule.immediately { "yes" } else { "no" }),
    );
    fields
}

/// The rule of an app with an id.
fn rule_of(tx: &impl Reads, org: &Org, app: &OktaApp, id: &str) -> Result<PushRule> {
    let row = Addresses::new(tx, org).row(OktaKind::PushRule, "Rule", id)?;
    Ok(push_rules::get(tx, key(org, app.seq), row)?)
}

fn new_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    id: &Id,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let here = format!("{}/push-groups", addresses.app(app.seq));
    Ok(FormPage {
        page: under(who, addresses, &app, "Find groups by rule"),
        lead: format!(
            "Groups that match now and later are pushed, at most {}. A group of the app that has the name already is linked.",
            push_rules::GROUPS
        ),
        error: None,
        fields: fields(&wanted(typed.unwrap_or(&Typed::new()))),
        action: format!("{here}/rules/new"),
        submit: "Create Rule".into(),
        cancel: here,
    })
}

/// The form of a new rule.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), new_form).await
}

/// *Create Rule*.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/push-groups");
    let form = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        new_form,
        &back,
        |tx, org, administrator, (id, typed), now| {
            let app = app_of(tx, org, id)?;
            let key = key(org, app.seq);
            let rule = push_rules::create(tx, administrator, key, &wanted(typed), now)?;
            let found = push_rules::made_by(tx, key, rule.seq)?.len();
            let what = format!(
                "{} is created: it pushes {}.",
                rule.name,
                counted(found as u64, "group", "groups")
            );
            Ok(Done::new(what, "Groups that match later follow."))
        },
    )
    .await
}

fn edit_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, rule): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let found = rule_of(tx, org, &app, rule)?;
    let addresses = Addresses::new(tx, org);
    let here = format!("{}/push-groups", addresses.app(app.seq));
    let known = typed.map_or_else(
        || revision(&found),
        |typed| text_of(typed, "revision").to_owned(),
    );
    let title = format!("Edit {}", found.name);
    let said = typed.map_or_else(
        || NewPushRule {
            name: found.name,
            group_name: found.group_name,
            description: found.description,
            immediately: found.immediately,
        },
        wanted,
    );
    let mut fields = fields(&said);
    let hidden = Field::new("revision", "").kind("hidden", "off");
    fields.push(hidden.value(known));
    Ok(FormPage {
        page: under(who, addresses, &app, &title),
        lead: "Groups that the rule pushes already stay pushed, whether they match or not.".into(),
        error: None,
        fields,
        action: format!("{here}/rules/{rule}/edit"),
        submit: "Save".into(),
        cancel: here,
    })
}

/// The form with what a rule says.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), edit_form).await
}

/// *Save* of a rule.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/push-groups", path.0);
    let form = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        edit_form,
        &back,
        |tx, org, administrator, ((id, rule), typed), now| {
            let app = app_of(tx, org, id)?;
            let rule = rule_of(tx, org, &app, rule)?;
            unchanged(typed, &rule, &rule.name)?;
            let key = key(org, app.seq);
            let rule = push_rules::update(tx, administrator, key, rule.seq, &wanted(typed), now)?;
            Ok(Done::new(format!("{} is saved.", rule.name), ""))
        },
    )
    .await
}

/// *Activate*, *Deactivate*.
pub(in crate::web::rooms) async fn change(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String, String)>,
) -> Answered {
    let (id, rule, name) = path.into_inner();
    let active = match name.as_str() {
        "activate" => true,
        "deactivate" => false,
        _ => return Err(Error::not_found("Action", "").into()),
    };
    let back = format!("{HERE}/{id}/push-groups");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let rule = rule_of(tx, org, &app, &rule)?;
        let key = key(org, app.seq);
        let rule = push_rules::set_active(tx, administrator, key, rule.seq, active, now)?;
        let what = if active {
            "pushes groups that match"
        } else {
            "finds no more groups"
        };
        let next = "Groups that it pushes already stay pushed.";
        Ok(Done::new(format!("{} {what}.", rule.name), next))
    })
    .await
}

/// Asks what becomes of the groups that a rule pushes.
pub(in crate::web::rooms) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &path.0)?;
        let rule = rule_of(tx, org, &app, &path.1)?;
        let addresses = Addresses::new(tx, org);
        let here = format!("{}/push-groups", addresses.app(app.seq));
        let title = format!("Delete {}?", rule.name);
        Ok(FormPage {
            page: under(who, addresses, &app, &title),
            lead: "Groups in Okta stay as they are.".into(),
            error: None,
            fields: vec![
                Field::new("mappings", "Groups that the rule pushes")
                    .choices(vec![
                        Choice::new("keep", "Go on pushing them"),
                        Choice::new(REMOVE, "Delete them in the target app"),
                    ])
                    .value("keep"),
            ],
            action: format!("{here}/rules/{}/delete", path.1),
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
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, rule) = path.into_inner();
    let mappings = if text_of(&typed, "mappings") == REMOVE {
        Mappings::GoWithGroups
    } else {
        Mappings::Stay
    };
    let back = format!("{HERE}/{id}/push-groups");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &id)?;
        let rule = rule_of(tx, org, &app, &rule)?;
        let key = key(org, app.seq);
        push_rules::delete(tx, administrator, key, rule.seq, mappings, now)?;
        Ok(Done::new(format!("{} is deleted.", rule.name), ""))
    })
    .await
}
