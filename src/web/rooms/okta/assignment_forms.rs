//! *Edit* of an assignment: the values of a person, and the values and the priority of a group (part 2.5 of the Okta
//! reference).

use actix_web::web;
use serde_json::{Number, Value};

use super::applications::{HERE, frame};
use super::assign::sent;
use super::assignments::GROUPS;
use super::form::{save_form, show_form, unchanged};
use super::{Addresses, Typed, app_of, group_of, key, text_of, user_of};
use crate::directory::okta::Refusal;
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::error::{Error, Result};
use crate::id::OktaKind;
use crate::model::okta::{
    AppAttribute, AppUser, AssignmentScope, AttributeScope, AttributeType, OktaApp, Org, Profile,
    PushStatus,
};
use crate::store::Snapshot;
use crate::store::okta::app_users as rows;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Page;
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::{changed_meanwhile, revision, value_shown};
use crate::web::rooms::{Answered, Done};

/// Longest value, in characters.
const VALUE_LIMIT: u16 = 4096;
const WRONG: &str = "A value does not fit its attribute. Nothing was saved";

/// An app, and the person or the group that is assigned.
type About = (String, String);

/// The name of an attribute's field; no other field begins so.
fn field_of(attribute: &AppAttribute) -> String {
    format!("profile.{}", attribute.name)
}

/// Attributes by name are no fields of a form, so the sentence says which is meant.
pub(super) fn telling_which(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Invalid { ref causes, .. }
            if causes.iter().all(|cause| cause.field != "userName") =>
        {
            Error::field("profile", refusal.to_string())
        }
        refusal => refusal.into(),
    }
}

/// The value that a text means for an attribute; none for an empty text.
///
/// # Errors
/// A sentence about the field.
fn read(attribute: &AppAttribute, text: &str) -> std::result::Result<Option<Value>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let several = text.split(',').map(str::trim).filter(|one| !one.is_empty());
    let value = match attribute.data_type {
        AttributeType::StringArray => several.map(Value::from).collect(),
        AttributeType::IntegerArray => several
            .map(integer)
            .collect::<std::result::Result<_, _>>()?,
        AttributeType::NumberArray => several.map(number).collect::<std::result::Result<_, _>>()?,
        AttributeType::Integer => integer(text)?,
        AttributeType::Number => number(text)?,
        AttributeType::Boolean => Value::Bool(text == "true"),
        AttributeType::String => Value::from(text),
    };
    let allowed = |one: &Value| attribute.values.is_empty() || attribute.values.contains(one);
    let fits = match &value {
        Value::Array(items) => items.iter().all(allowed),
        one => allowed(one),
    };
    if fits {
        return Ok(Some(value));
    }
    let values: Vec<String> = attribute
        .values
        .iter()
        .map(|one| value_shown(one, ""))
        .collect();
    Err(format!("Enter one of these: {}.", values.join(", ")))
}

fn integer(text: &str) -> std::result::Result<Value, String> {
    let whole = text.parse::<i32>();
    whole
        .map(Value::from)
        .map_err(|_| "Enter a whole number of at most 2,147,483,647.".to_owned())
}

fn number(text: &str) -> std::result::Result<Value, String> {
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(Value::from(whole));
    }
    let fraction = text.parse().ok().and_then(Number::from_f64);
    fraction
        .map(Value::Number)
        .ok_or_else(|| "Enter a number, such as 2.5.".to_owned())
}

/// A value as one line shows it: browsers take no more.
fn line(value: Option<&Value>) -> String {
    let text = value.map_or_else(String::new, |value| value_shown(value, ", "));
    text.replace(['\r', '\n'], "")
}

/// The field of an attribute that has a value, or for which something was typed.
fn field(attribute: &AppAttribute, value: Option<&Value>, typed: Option<&Typed>) -> Field {
    let name = field_of(attribute);
    let text = match typed {
        Some(typed) => text_of(typed, &name).to_owned(),
        None => line(value),
    };
    let wrong = typed.and_then(|_| read(attribute, &text).err());
    let field = Field::new(name, &attribute.title).max_length(VALUE_LIMIT);
    let choice = |value: &Value| {
        let text = value_shown(value, "");
        Choice::new(text.clone(), text)
    };
    let one_of = |values: Vec<Choice>| {
        let none = std::iter::once(Choice::new("", "No value"));
        none.chain(values).collect()
    };
    let field = match attribute.data_type {
        AttributeType::Boolean => field.choices(one_of(vec![
            Choice::new("true", "True"),
            Choice::new("false", "False"),
        ])),
        AttributeType::StringArray | AttributeType::IntegerArray | AttributeType::NumberArray => {
            field.help("Several, separated by commas.")
        }
        _ if !attribute.values.is_empty() => {
            field.choices(one_of(attribute.values.iter().map(choice).collect()))
        }
        _ => field,
    };
    field.value(text).error(wrong.unwrap_or_default())
}

fn frame_of(who: &Who, app: &OktaApp, base: &str, title: String) -> Page {
    let mut page = frame(who, app)
        .under(&app.label, base)
        .under("Assignments", format!("{base}/assignments"));
    page.title = title;
    page
}

/// What the form of a person overwrites.
fn known(assigned: Option<&AppUser>) -> String {
    revision(&assigned.map(|one| (&one.user_name, &one.profile, one.scope)))
}

fn hidden(revision: String, typed: Option<&Typed>) -> Field {
    let known = typed.map_or(revision, |typed| text_of(typed, "revision").to_owned());
    Field::new("revision", "")
        .kind("hidden", "off")
        .value(known)
}

/// Whether a value can be typed for a person: one that a mapping keeps up to date cannot, once it is assigned (2.2).
fn is_open(app: &OktaApp, assigned: Option<&AppUser>, attribute: &AppAttribute) -> bool {
    let mapping = attribute.mapping.as_ref();
    let follows = mapping.is_some_and(|mapping| mapping.push == PushStatus::Push);
    assigned.is_none() || !(follows && app.to_app.update_attributes)
}

fn person_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, user): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let (app, user) = (app_of(tx, org, id)?, user_of(tx, org, user)?);
    let assigned = rows::find(tx, key(org, app.seq), user.seq)?;
    let assigned = assigned.as_ref();
    let name = user.display_name();
    let base = Addresses::new(tx, org).app(app.seq);
    let (title, mut lead) = match assigned.map(|one| one.scope) {
        None => (
            format!("Assign {name}"),
            "What is left empty is given by the mappings.".to_owned(),
        ),
        Some(AssignmentScope::User) => (
            format!("Assignment of {name}"),
            "What is typed here is kept until a mapping is applied again.".to_owned(),
        ),
        Some(AssignmentScope::Group) => (
            format!("Assignment of {name}"),
            format!(
                "{name} is assigned through a group. Saving assigns in person, which counts more than any group."
            ),
        ),
    };
    let (open, follow): (Vec<_>, Vec<_>) = app
        .attributes
        .iter()
        .partition(|attribute| is_open(&app, assigned, attribute));
    if !follow.is_empty() {
        let titles: Vec<&str> = follow.iter().map(|one| one.title.as_str()).collect();
        lead = format!(
            "{lead} Kept up to date by mappings, and so not here: {}.",
            titles.join(", ")
        );
    }
    let user_name = match (typed, assigned) {
        (Some(typed), _) => text_of(typed, "userName"),
        (None, Some(assigned)) => &assigned.user_name,
        (None, None) => "",
    };
    let user_field = Field::new("userName", "Username").max_length(255);
    let user_field = match assigned {
        Some(_) => user_field.required(),
        None => user_field,
    };
    let mut fields = vec![user_field.value(user_name)];
    for attribute in open {
        let value = assigned.and_then(|one| one.profile.get(&attribute.name));
        let field = field(attribute, value, typed);
        // A mapping may have no value for somebody; the server tells then.
        let needed = attribute.required && (assigned.is_some() || attribute.mapping.is_none());
        fields.push(if needed { field.required() } else { field });
    }
    fields.push(hidden(known(assigned), typed));
    let here = Addresses::new(tx, org).id(OktaKind::User, user.seq);
    Ok(FormPage {
        page: frame_of(who, &app, &base, title),
        lead,
        error: None,
        fields,
        action: format!("{base}/assignments/people/{here}"),
        submit: if assigned.is_some() { "Save" } else { "Assign" }.into(),
        cancel: format!("{base}/assignments"),
    })
}

/// The form of a person's assignment, or of one to be made.
pub(in crate::web::rooms) async fn person(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), person_form).await
}

/// What was typed and differs from what is there.
fn change(app: &OktaApp, assigned: Option<&AppUser>, typed: &Typed) -> Result<AppUserChange> {
    let mut change = AppUserChange::default();
    let present = assigned.map_or("", |one| one.user_name.as_str());
    if let Some(name) = typed.get("userName").map(|name| name.trim())
        && name != present
    {
        change.user_name = Some(name.to_owned());
    }
    for attribute in &app.attributes {
        if !is_open(app, assigned, attribute) {
            continue;
        }
        let Some(text) = typed.get(&field_of(attribute)).map(|text| text.trim()) else {
            continue;
        };
        let present = assigned.and_then(|one| one.profile.get(&attribute.name));
        if text == line(present) {
            continue;
        }
        let value = read(attribute, text).map_err(|_| Error::field("profile", WRONG))?;
        change
            .profile
            .insert(attribute.name.clone(), value.unwrap_or(Value::Null));
    }
    Ok(change)
}

/// *Save* of a person's values: whoever is assigned through a group is assigned in person by it.
pub(in crate::web::rooms) async fn save_person(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/assignments", path.0);
    let form = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        person_form,
        &back,
        |tx, org, administrator, form, now| {
            let ((id, user), typed) = form;
            let (app, user) = (app_of(tx, org, id)?, user_of(tx, org, user)?);
            let (key, name) = (key(org, app.seq), user.display_name());
            let assigned = rows::find(tx, key, user.seq)?;
            let assigned = assigned.as_ref();
            if typed
                .get("revision")
                .is_some_and(|old| *old != known(assigned))
            {
                return Err(changed_meanwhile(&name));
            }
            let change = change(&app, assigned, typed)?;
            let scope = assigned.map(|one| one.scope);
            if scope == Some(AssignmentScope::User) {
                assignments::update_app_user(tx, administrator, key, user.seq, &change, now)
                    .map_err(telling_which)?;
                let what = format!("The assignment of {name} is saved.");
                return Ok(Done::new(what, "What changed is sent to the application."));
            }
            assignments::assign_user(tx, administrator, key, user.seq, &change, now)
                .map_err(telling_which)?;
            let what = format!("{name} is assigned to {} in person.", app.label);
            Ok(Done::new(what, sent(&app)))
        },
    )
    .await
}

/// What can be given to a group: everything but what is personal.
fn shared(app: &OktaApp) -> impl Iterator<Item = &AppAttribute> {
    let attributes = app.attributes.iter();
    attributes.filter(|attribute| attribute.scope == AttributeScope::None)
}

fn group_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, group): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let (app, group) = (app_of(tx, org, id)?, group_of(tx, org, group)?);
    let assigned = assignments::get_group(tx, key(org, app.seq), group.seq)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let here = Addresses::new(tx, org).id(OktaKind::Group, group.seq);
    let priority = assigned.priority.to_string();
    let mut fields = vec![
        Field::new("priority", "Priority")
            .required()
            .max_length(10)
            .value(typed.map_or(priority.as_str(), |typed| text_of(typed, "priority")))
            .help("0 is the highest. Who is in several groups gets each value of the highest that has it."),
    ];
    fields.extend(shared(&app).map(|one| field(one, assigned.profile.get(&one.name), typed)));
    fields.push(hidden(revision(&assigned), typed));
    Ok(FormPage {
        page: frame_of(who, &app, &base, format!("Assignment of {}", group.name)),
        lead: "Values for everybody who is assigned through this group. What is left empty is given by the mappings.".into(),
        error: None,
        fields,
        action: format!("{base}/assignments/groups/{here}"),
        submit: "Save".into(),
        cancel: format!("{base}/assignments?view={GROUPS}"),
    })
}

/// The form of a group's assignment.
pub(in crate::web::rooms) async fn group(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), group_form).await
}

/// *Save* of a group's values and priority: everybody's profile follows.
pub(in crate::web::rooms) async fn save_group(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/assignments?view={GROUPS}", path.0);
    let form = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        form,
        group_form,
        &back,
        |tx, org, administrator, form, now| {
            let ((id, group), typed) = form;
            let (app, group) = (app_of(tx, org, id)?, group_of(tx, org, group)?);
            let key = key(org, app.seq);
            let assigned = assignments::get_group(tx, key, group.seq)?;
            unchanged(typed, &assigned, &group.name)?;
            let priority = text_of(typed, "priority")
                .parse()
                .map_err(|_| Error::field("priority", "Enter a whole number; 0 is the highest."))?;
            let mut profile = Profile::new();
            for attribute in shared(&app) {
                let text = text_of(typed, &field_of(attribute));
                let value = read(attribute, text).map_err(|_| Error::field("profile", WRONG))?;
                profile.extend(value.map(|value| (attribute.name.clone(), value)));
            }
            let (priority, values) = (Some(priority), Some(&profile));
            assignments::update_app_group(tx, administrator, key, group.seq, priority, values, now)
                .map_err(telling_which)?;
            let what = format!("The assignment of {} is saved.", group.name);
            Ok(Done::new(
                what,
                "Everybody who is assigned is evaluated again.",
            ))
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_is_a_value_of_the_attribute_or_says_what_is_wanted() {
        let attribute = |data_type, values: &[Value]| AppAttribute {
            name: "badge".into(),
            title: "Badge".into(),
            external_name: "badge".into(),
            external_namespace: String::new(),
            data_type,
            required: false,
            scope: AttributeScope::None,
            union: false,
            min_length: None,
            max_length: None,
            custom: true,
            values: values.to_vec(),
            mapping: None,
        };
        for (kind, text, value) in [
            (AttributeType::String, " 7 ", json!("7")),
            (AttributeType::Integer, "-7", json!(-7)),
            (AttributeType::Number, "7", json!(7)),
            (AttributeType::Number, "2.5", json!(2.5)),
            (AttributeType::Boolean, "true", json!(true)),
            (AttributeType::Boolean, "false", json!(false)),
            (AttributeType::StringArray, "a, b,,", json!(["a", "b"])),
            (AttributeType::IntegerArray, "1,2", json!([1, 2])),
            (AttributeType::NumberArray, "1, 2.5", json!([1, 2.5])),
        ] {
            assert_eq!(read(&attribute(kind, &[]), text), Ok(Some(value)), "{text}");
            assert_eq!(read(&attribute(kind, &[]), " "), Ok(None));
        }
        for (kind, text) in [
            (AttributeType::Integer, "2.5"),
            (AttributeType::Integer, "2147483648"),
            (AttributeType::Number, "NaN"),
            (AttributeType::IntegerArray, "1, b"),
            (AttributeType::NumberArray, "inf"),
        ] {
            let why = read(&attribute(kind, &[]), text).unwrap_err();
            assert!(why.starts_with("Enter a"), "{text}: {why}");
        }
        let colours = attribute(AttributeType::StringArray, &[json!("red"), json!("blue")]);
        assert_eq!(read(&colours, "red"), Ok(Some(json!(["red"]))));
        let why = read(&colours, "red, green").unwrap_err();
        assert_eq!(why, "Enter one of these: red, blue.");
    }
}
