//! *Add Attribute*, *Edit* and *Delete* in the profile of the Okta user (part 2.6 of the Okta reference), and what the forms
//! of apps share with it.

use actix_web::web;
use serde_json::Value;

use super::form::{save_form, show_form, unchanged};
use super::profile_editor::{USER, USER_TITLE, frame};
use super::{Typed, act_in_org, show_org, text_of};
use crate::directory::okta::user_schema;
use crate::error::{Error, Result};
use crate::model::okta::{AttributeType, Org, Permission, UserAttribute};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Page;
use crate::web::console::common::{ConfirmPage, FormPage};
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

/// Data types as the Profile Editor offers them.
const TYPES: [AttributeType; 7] = [
    AttributeType::String,
    AttributeType::Number,
    AttributeType::Boolean,
    AttributeType::Integer,
    AttributeType::StringArray,
    AttributeType::NumberArray,
    AttributeType::IntegerArray,
];

/// What both kinds of attributes have.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Common {
    pub(super) data_type: AttributeType,
    pub(super) title: String,
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) values: Vec<Value>,
    pub(super) min_length: Option<u32>,
    pub(super) max_length: Option<u32>,
}

fn kind_of(text: &str) -> AttributeType {
    TYPES
        .into_iter()
        .find(|kind| kind.name() == text)
        .unwrap_or_default()
}

fn length(typed: &Typed, field: &'static str) -> Result<Option<u32>> {
    match text_of(typed, field) {
        "" => Ok(None),
        text => text
            .parse()
            .map(Some)
            .map_err(|_| Error::field(field, "Enter a whole number, or nothing.")),
    }
}

/// The values of a list, one in a line: numbers where the attribute holds numbers.
fn values(kind: AttributeType, text: &str) -> Result<Vec<Value>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match kind {
            AttributeType::String | AttributeType::StringArray | AttributeType::Boolean => {
                Ok(Value::from(line))
            }
            _ => serde_json::from_str::<serde_json::Number>(line)
                .map(Value::Number)
                .map_err(|_| Error::field("enum", format!("{line} is no number."))),
        })
        .collect()
}

impl Common {
    /// What was typed; name and type are fixed once the attribute is there.
    pub(super) fn typed(typed: &Typed, fixed: Option<(&str, AttributeType)>) -> Result<Self> {
        let (name, data_type) =
            fixed.unwrap_or_else(|| (text_of(typed, "name"), kind_of(text_of(typed, "type"))));
        Ok(Self {
            data_type,
            title: text_of(typed, "title").to_owned(),
            name: name.to_owned(),
            required: text_of(typed, "required") == "yes",
            values: values(data_type, text_of(typed, "enum"))?,
            min_length: length(typed, "minLength")?,
            max_length: length(typed, "maxLength")?,
        })
    }

    /// As fields show it.
    pub(super) fn shown(&self) -> Typed {
        let lines: Vec<String> = self.values.iter().map(line).collect();
        let number = |number: Option<u32>| number.map_or_else(String::new, |n| n.to_string());
        [
            ("type", self.data_type.name().to_owned()),
            ("title", self.title.clone()),
            ("name", self.name.clone()),
            ("required", yes(self.required).to_owned()),
            ("enum", lines.join("\n")),
            ("minLength", number(self.min_length)),
            ("maxLength", number(self.max_length)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

fn line(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) const fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

pub(super) fn yes_or_no() -> Vec<Choice> {
    vec![Choice::new("no", "No"), Choice::new("yes", "Yes")]
}

/// What begins the form; name and type only while they can be chosen.
pub(super) fn first(said: &Typed, new: bool) -> Vec<Field> {
    let mut fields = Vec::new();
    if new {
        let types = TYPES.map(|kind| Choice::new(kind.name(), kind.name()));
        fields.push(
            Field::new("type", "Data type")
                .choices(types.to_vec())
                .value(text_of(said, "type"))
                .help("It cannot be changed later."),
        );
    }
    fields.push(
        Field::new("title", "Display name")
            .required()
            .max_length(255)
            .value(text_of(said, "title")),
    );
    if new {
        fields.push(
            Field::new("name", "Variable name")
                .required()
                .max_length(255)
                .value(text_of(said, "name"))
                .help("What expressions and mappings call it."),
        );
    }
    fields
}

/// What restricts its values.
pub(super) fn restrictions(said: &Typed) -> Vec<Field> {
    vec![
        Field::new("enum", "Enum: attribute members")
            .lines(4)
            .max_length(u16::MAX)
            .value(text_of(said, "enum"))
            .help("Allowed values, one in a line. None allows all."),
        Field::new("minLength", "Attribute length: minimum")
            .max_length(4)
            .value(text_of(said, "minLength"))
            .help("Of a string."),
        Field::new("maxLength", "Attribute length: maximum")
            .max_length(4)
            .value(text_of(said, "maxLength")),
        Field::new("required", "Attribute required")
            .choices(yes_or_no())
            .value(text_of(said, "required")),
    ]
}

pub(super) fn hidden(known: String) -> Field {
    Field::new("revision", "")
        .kind("hidden", "off")
        .value(known)
}

pub(super) fn title(said: &str, name: Option<&str>) -> String {
    name.map_or_else(|| said.to_owned(), |name| format!("Edit {name}"))
}

fn user_attribute<'a>(org: &'a Org, name: &str) -> Result<&'a UserAttribute> {
    org.attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .ok_or_else(|| Error::not_found("Attribute", ""))
}

fn common_of_user(attribute: &UserAttribute) -> Common {
    Common {
        data_type: attribute.data_type,
        title: attribute.title.clone(),
        name: attribute.name.clone(),
        required: attribute.required,
        values: attribute.values.clone(),
        min_length: attribute.min_length,
        max_length: attribute.max_length,
    }
}

fn user_fields(said: &Typed, new: bool) -> Vec<Field> {
    let mut fields = first(said, new);
    fields.push(
        Field::new("description", "Description")
            .max_length(255)
            .value(text_of(said, "description")),
    );
    fields.extend(restrictions(said));
    let permissions = Permission::ALL.map(|one| Choice::new(one.name(), one.label()));
    fields.push(
        Field::new("permission", "User permission")
            .choices(permissions.to_vec())
            .value(text_of(said, "permission"))
            .help("What people may do with their own value; the schema of the management API tells it."),
    );
    fields
}

fn wanted_of_user(typed: &Typed, fixed: Option<(&str, AttributeType)>) -> Result<UserAttribute> {
    let common = Common::typed(typed, fixed)?;
    let permission = text_of(typed, "permission");
    Ok(UserAttribute {
        name: common.name,
        title: common.title,
        description: text_of(typed, "description").to_owned(),
        data_type: common.data_type,
        required: common.required,
        values: common.values,
        min_length: common.min_length,
        max_length: common.max_length,
        permission: Permission::ALL
            .into_iter()
            .find(|one| one.name() == permission)
            .unwrap_or_default(),
    })
}

fn user_form(
    _: &Snapshot,
    who: &Who,
    org: &Org,
    name: &String,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let mut known = typed.map(|typed| text_of(typed, "revision").to_owned());
    let mut said = typed.cloned().unwrap_or_default();
    let mut action = format!("{USER}/new");
    let new = name.is_empty();
    if !new {
        let attribute = user_attribute(org, name)?;
        action = format!("{USER}/attributes/{name}/edit");
        if typed.is_none() {
            said = common_of_user(attribute).shown();
            said.insert("description".into(), attribute.description.clone());
            said.insert("permission".into(), attribute.permission.name().to_owned());
            known = Some(revision(attribute));
        }
    }
    let mut fields = user_fields(&said, new);
    if !new {
        fields.push(hidden(known.unwrap_or_default()));
    }
    let title = title("Add Attribute", (!new).then_some(name.as_str()));
    Ok(FormPage {
        page: frame(who, title).under(USER_TITLE, USER),
        lead: "Custom attributes stand in everybody's profile, in expressions, and in the management API.".into(),
        error: None,
        fields,
        action,
        submit: "Save".into(),
        cancel: USER.into(),
    })
}

/// The empty form.
pub(in crate::web::rooms) async fn new_of_user(app: web::Data<App>, signed: SignedIn) -> Answered {
    show_form(&app, signed, String::new(), user_form).await
}

/// *Save* of a new attribute.
pub(in crate::web::rooms) async fn create_of_user(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    save_form(
        &app,
        &signed,
        (String::new(), typed.into_inner()),
        user_form,
        USER,
        |tx, org, administrator, (_, typed), _| {
            let wanted = wanted_of_user(typed, None)?;
            if org.attributes.iter().any(|one| one.name == wanted.name) {
                return Err(taken());
            }
            user_schema::put_attribute(tx, administrator, &wanted)?;
            Ok(Done::new(format!("{} is added.", wanted.title), ""))
        },
    )
    .await
}

pub(super) fn taken() -> Error {
    Error::field("name", "The profile has an attribute of this name already.")
}

/// The form with what an attribute is.
pub(in crate::web::rooms) async fn edit_of_user(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
) -> Answered {
    show_form(&app, signed, name.into_inner(), user_form).await
}

/// *Save* of an attribute.
pub(in crate::web::rooms) async fn save_of_user(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    save_form(
        &app,
        &signed,
        (name.into_inner(), typed.into_inner()),
        user_form,
        USER,
        |tx, org, administrator, (name, typed), _| {
            let old = user_attribute(org, name)?;
            unchanged(typed, old, &old.title)?;
            let wanted = wanted_of_user(typed, Some((&old.name, old.data_type)))?;
            user_schema::put_attribute(tx, administrator, &wanted)?;
            Ok(Done::new(format!("{} is saved.", wanted.title), ""))
        },
    )
    .await
}

/// What a deletion takes with it.
pub(super) fn question(
    page: Page,
    at: &str,
    cancel: String,
    consequences: Vec<String>,
) -> ConfirmPage {
    ConfirmPage {
        page,
        lead: "This cannot be undone.".into(),
        consequences,
        danger: true,
        ask: None,
        action: format!("{at}/delete"),
        submit: "Delete".into(),
        cancel,
    }
}

/// Asks before an attribute is deleted.
pub(in crate::web::rooms) async fn ask_delete_of_user(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |_, who, org, _| {
        let attribute = user_attribute(org, &name)?;
        let title = format!("Delete {}?", attribute.title);
        let at = format!("{USER}/attributes/{}", attribute.name);
        Ok(question(
            frame(who, title).under(USER_TITLE, USER),
            &at,
            USER.into(),
            vec![
                "Everybody's value goes with it.".into(),
                "An attribute that a mapping or a group rule uses is not deleted.".into(),
            ],
        ))
    })
    .await
}

/// *Delete*.
pub(in crate::web::rooms) async fn delete_of_user(
    app: web::Data<App>,
    signed: SignedIn,
    name: web::Path<String>,
) -> Answered {
    act_in_org(
        &app,
        signed,
        USER.into(),
        move |tx, org, administrator, now| {
            let title = user_attribute(org, &name)?.title.clone();
            user_schema::remove_attribute(tx, administrator, &name, now)?;
            Ok(Done::new(format!("{title} is deleted."), ""))
        },
    )
    .await
}
