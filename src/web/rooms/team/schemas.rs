//! *Schemas*: the list, one schema, and the question before it is removed. The forms are in `schema_forms`.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::{Ask as AskName, ConfirmPage};
use super::super::super::console::list::{Column, Empty, List, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Notice, Pill, Tone, thousands};
use super::super::super::console::team::schemas::{
    AttributeRow, SchemaPage, SchemaRow, SchemasPage,
};
use super::super::super::console::{Page, Room};
use super::super::super::failure::PageFailure;
use super::super::{Answered, Done, exact, finish, page as answer, show};
use super::profile;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::TeamSchema;
use crate::provider::{schemas, team};
use crate::scim::profile::{Attributes, Profile};
use crate::scim::{Attribute, Schema};
use crate::store::Reads;

pub(super) const HERE: &str = "/team/schemas";
pub(super) const NEW: &str = "/team/schemas/new";

/// The list.
pub(in super::super) async fn list(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| all(tx, &who, now)).await
}

fn all(tx: &impl Reads, who: &Who, now: Timestamp) -> Result<SchemasPage> {
    let rows = schemas::list(tx, &who.member.may()?)?;
    let full = rows.len() >= schemas::MAXIMUM;
    Ok(SchemasPage {
        page: who.page(Room::Schemas, "Schemas"),
        unseen: unseen(tx, who)?.filter(|_| !rows.is_empty()),
        add: if full { "" } else { NEW }.to_owned(),
        add_blocked: if full {
            format!(
                "A team has at most {} schemas of its own. Remove one first.",
                schemas::MAXIMUM
            )
        } else {
            String::new()
        },
        list: List {
            caption: "Schemas".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::new("Extends"),
                Column::wide("Required"),
                Column {
                    class: "number wide",
                    ..Column::new("Attributes")
                },
                Column::wide("Added"),
            ],
            pager: Pager::whole(rows.len() as u64, ("schema", "schemas")),
            empty: Empty::new(
                "No schemas of this team yet",
                "Add one when an identity provider sends attributes that User, EnterpriseUser and Group do \
                 not have.",
                Link::new("Add Schema", NEW),
            ),
        },
        rows: rows
            .iter()
            .map(|schema| row(schema, now))
            .collect::<Result<_>>()?,
    })
}

/// Said where the team's profile leaves schemas out.
fn unseen(tx: &impl Reads, who: &Who) -> Result<Option<Notice>> {
    let setting = team::get(tx, &who.member)?.profile;
    let known = Profile::resolve(&setting).map(|profile| profile.service.attributes);
    Ok((known == Ok(Attributes::Postman)).then(|| {
        Notice::new(
            Tone::Warn,
            format!(
                "Clients do not meet these schemas: the profile {} knows only the attributes Postman keeps.",
                setting.preset.as_str()
            ),
            format!(
                "Turn the switch attributes under Authentication, Profile ({}), or give a key another profile.",
                profile::HERE
            ),
        )
    }))
}

fn row(schema: &TeamSchema, now: Timestamp) -> Result<SchemaRow> {
    let document = schemas::read(&schema.document)?;
    Ok(SchemaRow {
        name: Link::new(document.name.as_str(), address(schema.seq)),
        urn: schema.urn.clone(),
        extends: schema.extends.name(),
        required: if schema.required {
            Pill::new(Tone::Info, "Required")
        } else {
            Pill::new(Tone::Quiet, "Optional")
        },
        attributes: thousands(document.attributes.iter().len() as u64),
        created: Moment::new(schema.created, now),
    })
}

/// Address of a schema's page.
pub(super) fn address(schema: Seq) -> String {
    format!("{HERE}/{schema}")
}

pub(super) fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Schema", ""))
}

pub(super) fn below(who: &Who, title: &str) -> Page {
    who.page(Room::Schemas, title).under("Schemas", HERE)
}

/// One schema.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    schema: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let row = schemas::get(tx, &who.member.may()?, seq(&schema)?)?;
        one(&who, &row)
    })
    .await
}

fn one(who: &Who, row: &TeamSchema) -> Result<SchemaPage> {
    let schema = schemas::read(&row.document)?;
    Ok(SchemaPage {
        page: below(who, &schema.name),
        facts: vec![
            Fact::code("id", row.urn.as_str()),
            Fact::text("Description", schema.description.as_str()),
            Fact::text("Extends", row.extends.name()),
            Fact::text(
                "Required",
                if row.required {
                    format!("yes: every {} must have it", row.extends.name())
                } else {
                    "no".to_owned()
                },
            ),
            Fact::text("Added by", row.created_by.as_str()),
            Fact::text("Added", exact(row.created)),
        ],
        attributes: attributes(&schema),
        document: row.document.clone(),
        replace: format!("{}/replace", address(row.seq)),
        remove: removal(row.seq),
    })
}

fn removal(schema: Seq) -> String {
    format!("{}/remove", address(schema))
}

fn attributes(schema: &Schema) -> Vec<AttributeRow> {
    let mut rows = Vec::new();
    for attribute in &schema.attributes {
        rows.push(attribute_row("", attribute));
        let parent = format!("{}.", attribute.name);
        rows.extend((attribute.sub_attributes.iter()).map(|sub| attribute_row(&parent, sub)));
    }
    rows
}

fn attribute_row(parent: &str, attribute: &Attribute) -> AttributeRow {
    let kind = attribute.kind.as_str();
    AttributeRow {
        name: format!("{parent}{}", attribute.name),
        description: attribute.description.clone(),
        kind: if attribute.multi_valued {
            format!("{kind}, several")
        } else {
            kind.to_owned()
        },
        required: if attribute.required { "yes" } else { "no" },
        mutability: attribute.mutability.as_str(),
        returned: attribute.returned.as_str(),
    }
}

/// Asks before removing; asks for the name where resources hold data.
pub(in super::super) async fn ask_remove(
    app: web::Data<App>,
    signed: SignedIn,
    schema: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| question(tx, &who, seq(&schema)?, "")).await
}

fn question(tx: &impl Reads, who: &Who, schema: Seq, error: &str) -> Result<ConfirmPage> {
    let row = schemas::get(tx, &who.member.may()?, schema)?;
    let name = schemas::read(&row.document)?.name;
    let held = schemas::in_use(tx, &who.member.may()?, &row)?;
    let mut consequences = vec![
        "Clients no longer find it under /Schemas and /ResourceTypes.".to_owned(),
        "What they send of it is ignored, or refused where the profile refuses unknown attributes."
            .to_owned(),
    ];
    if held {
        consequences.push(format!(
            "{}s hold data of it. It stays stored, is not shown any more, and is there again when a schema \
             with the same id is added.",
            row.extends.name()
        ));
    }
    Ok(ConfirmPage {
        page: below(who, &format!("Remove {name}?")).under(name.as_str(), address(schema)),
        lead: format!("The schema {} no longer belongs to this team.", row.urn),
        consequences,
        danger: true,
        ask: held.then(|| AskName {
            name,
            error: error.to_owned(),
        }),
        action: removal(schema),
        submit: "Remove".into(),
        cancel: address(schema),
    })
}

/// The name typed to confirm.
#[derive(Deserialize)]
pub(in super::super) struct Typed {
    #[serde(default)]
    name: String,
}

/// *Remove*.
pub(in super::super) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    schema: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, schema) = (signed.who(), app.now(), seq(&schema)?);
    let (member, typed) = (who.member.clone(), typed.into_inner().name);
    let removed = app
        .write(move |tx| {
            let row = schemas::get(tx, &member.may()?, schema)?;
            let hide = schemas::read(&row.document)?.name == typed.trim();
            schemas::remove(tx, &member.may()?, schema, hide, now)
        })
        .await;
    match removed {
        Ok(row) => {
            let done = Done::new(format!("{} is removed.", row.urn), "");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Conflict { .. }) => {
            let page = app
                .read(move |tx| question(tx, &who, schema, "That is not the name of this schema."))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}
