//! The forms that add and replace a schema of the team. What was typed stays when it is refused.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::parts::{Choice, Field, Notice, Tone};
use super::super::super::console::team::schemas::SchemaFormPage;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::schemas::{HERE, NEW, address, below, seq};
use crate::error::{Error, Result};
use crate::model::{ObjectKind, TeamSchema};
use crate::provider::schemas;

/// What the form begins with: every kind of attribute people ask for first.
const EXAMPLE: &str = r#"{
  "id": "urn:example:params:scim:schemas:extension:badge:1.0:User",
  "name": "Badge",
  "description": "The badge that opens doors",
  "attributes": [
    {"name": "number", "type": "integer", "required": true, "description": "Printed on the badge"},
    {"name": "colour", "type": "string", "canonicalValues": ["red", "green"]},
    {"name": "validUntil", "type": "dateTime"},
    {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
      {"name": "value", "type": "string", "required": true},
      {"name": "type", "type": "string"}
    ]}
  ]
}"#;

/// What the forms send.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Wanted {
    extends: String,
    required: String,
    document: String,
}

impl Wanted {
    fn kind(&self) -> Result<ObjectKind> {
        [ObjectKind::User, ObjectKind::Group]
            .into_iter()
            .find(|kind| kind.name() == self.extends)
            .ok_or_else(|| Error::field("extends", "Choose User or Group."))
    }

    /// Browsers send CR LF; what is kept and shown is what was typed.
    fn document(&self) -> String {
        self.document.replace("\r\n", "\n").trim().to_owned()
    }

    fn required(&self) -> bool {
        self.required == "yes"
    }
}

/// A field to blame, and the sentence.
type Fault = (&'static str, String);

fn fields(wanted: &Wanted, with_kind: bool, fault: Option<&Fault>) -> Vec<Field> {
    let mut fields = vec![
        Field::new("extends", "Extends")
            .choices(vec![
                Choice::new("User", "User"),
                Choice::new("Group", "Group"),
            ])
            .value(wanted.extends.as_str()),
        Field::new("required", "Required")
            .choices(vec![
                Choice::new("", "no: resources may have it"),
                Choice::new("yes", "yes: every resource must have it"),
            ])
            .value(wanted.required.as_str()),
        Field::new("document", "Schema")
            .kind("textarea", "off")
            .required()
            .value(wanted.document())
            .help(
                "A Schema of RFC 7643 section 7 in JSON: id (a URN), name, attributes. What an attribute does \
                 not say has the standard's default.",
            ),
    ];
    if !with_kind {
        fields.remove(0);
    }
    if let Some((name, detail)) = fault {
        for field in &mut fields {
            if field.name == *name {
                field.error = sentence(detail);
            }
        }
    }
    fields
}

fn add_form(who: &Who, wanted: &Wanted, fault: Option<&Fault>) -> SchemaFormPage {
    SchemaFormPage {
        page: below(who, "Add Schema"),
        lead: "From the next request on, clients find it under /Schemas, and its attributes are checked, \
               stored, filtered and patched like any other."
            .into(),
        error: fault.map(refused),
        fields: fields(wanted, true, fault),
        action: NEW.into(),
        submit: "Add Schema".into(),
        cancel: HERE.into(),
    }
}

fn refused(_: &Fault) -> Notice {
    Notice::new(
        Tone::Bad,
        "Nothing was saved.",
        "Mend what is marked below; what you typed is still there.",
    )
}

/// The form that adds one.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let wanted = Wanted {
        document: EXAMPLE.into(),
        ..Wanted::default()
    };
    answer(StatusCode::OK, &add_form(&signed.for_page(), &wanted, None))
}

/// *Add Schema*.
pub(in super::super) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), wanted.into_inner());
    let (member, asked) = (who.member.clone(), wanted.clone());
    let added = app
        .write(move |tx| {
            let kind = asked.kind()?;
            schemas::add(
                tx,
                &member.may()?,
                kind,
                asked.required(),
                &asked.document(),
                now,
            )
        })
        .await;
    match added {
        Ok(row) => {
            let next = "Clients find it under /Schemas from now on.";
            let done = Done::new(format!("{} is added.", row.urn), next);
            finish(&signed, &address(row.seq), Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            let page = add_form(&who, &wanted, Some(&(field, detail)));
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

fn replace_form(
    who: &Who,
    row: &TeamSchema,
    wanted: &Wanted,
    fault: Option<&Fault>,
) -> Result<SchemaFormPage> {
    let name = schemas::read(&row.document)?.name;
    Ok(SchemaFormPage {
        page: below(who, &format!("Replace {name}")).under(name, address(row.seq)),
        lead: "The id stays. What users and groups hold already must fit the new schema; attributes that it \
               leaves out are not shown any more."
            .into(),
        error: fault.map(refused),
        fields: fields(wanted, false, fault),
        action: format!("{}/replace", address(row.seq)),
        submit: "Save".into(),
        cancel: address(row.seq),
    })
}

/// The form that replaces one.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    schema: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let row = schemas::get(tx, &who.member.may()?, seq(&schema)?)?;
        let wanted = Wanted {
            required: if row.required { "yes" } else { "" }.into(),
            document: row.document.clone(),
            ..Wanted::default()
        };
        replace_form(&who, &row, &wanted, None)
    })
    .await
}

/// Replaces it.
pub(in super::super) async fn replace(
    app: web::Data<App>,
    signed: SignedIn,
    schema: web::Path<String>,
    wanted: web::Form<Wanted>,
) -> Answered {
    let (who, wanted, schema) = (signed.who(), wanted.into_inner(), seq(&schema)?);
    let (member, asked, now) = (who.member.clone(), wanted.clone(), app.now());
    let replaced = app
        .write(move |tx| {
            let document = asked.document();
            schemas::replace(tx, &member.may()?, schema, asked.required(), &document, now)
        })
        .await;
    match replaced {
        Ok(row) => {
            let done = Done::new(format!("{} is replaced.", row.urn), "");
            finish(&signed, &address(row.seq), Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            let page = app
                .read(move |tx| {
                    let row = schemas::get(tx, &who.member.may()?, schema)?;
                    replace_form(&who, &row, &wanted, Some(&(field, detail)))
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
