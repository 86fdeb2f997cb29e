//! *Edit attribute list for customappsso*: what may be chosen as a target attribute.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::super::App;
use super::super::super::super::auth::{SignedIn, Who};
use super::super::super::super::console::entra::schema::attribute_list::{
    AttributeFormPage, AttributeListPage, AttributeRow, Tick,
};
use super::super::super::super::console::list::{
    Column, Empty, Filter, List, ListUrl, Pager, encoded,
};
use super::super::super::super::console::parts::{Choice, Field, Link, Notice, Tone};
use super::super::super::super::failure::sentence;
use super::super::super::ask::PAGE;
use super::super::super::{Answered, Ask, Done, act, finish, page as answer, show};
use super::super::effect;
use super::{Loaded, kind_of};
use crate::error::{Error, Result};
use crate::mapping::entra::{
    AttributeDefinition, AttributeListError, AttributeType, ObjectMapping, ReferencedObject,
    find_definition,
};
use crate::model::{Direction, Job, ObjectKind};
use crate::store::Write;
use crate::sync::schema;

/// Longest name of an attribute, in characters.
const NAME: u16 = 512;

fn address(loaded: &Loaded, word: &str) -> String {
    format!("{}/mappings/{word}/attribute-list", loaded.base())
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    let (id, word) = at.into_inner();
    show(&app, move |tx, _| {
        let kind = kind_of(&word)?;
        let loaded = Loaded::of_kind(tx, &id, kind)?;
        Ok(filled(&loaded, &who, &word, loaded.mapping(kind), &ask))
    })
    .await
}

fn filled(
    loaded: &Loaded,
    who: &Who,
    word: &str,
    mapping: &ObjectMapping,
    ask: &Ask,
) -> AttributeListPage {
    let here = address(loaded, word);
    let url = ask.url(&here);
    let text = ask.text().to_lowercase();
    let found: Vec<&AttributeDefinition> = loaded
        .list_of(mapping)
        .iter()
        .filter(|definition| definition.name.to_lowercase().contains(&text))
        .collect();
    let total = found.len() as u64;
    let part = ask.part_in_order(PAGE);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let rows = found.into_iter().skip(skip).take(part.limit);
    AttributeListPage {
        page: loaded.below(
            who,
            &format!("Edit attribute list for {}", loaded.list_owner()),
        ),
        tabs: loaded.tabs(),
        rows: rows
            .map(|definition| row(loaded, definition, mapping, &here))
            .collect(),
        list: List {
            caption: format!("Attributes of {word} in {}", loaded.list_owner()),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![
                Column::new("Name"),
                Column::new("Type"),
                Column::new("Properties"),
                Column::wide("Referenced Object Attribute"),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("attribute", "attributes"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new("No attributes", "Add one to map it.", Link::plain("")),
            ),
        },
        add: format!("{here}/new"),
    }
}

fn row(
    loaded: &Loaded,
    definition: &AttributeDefinition,
    mapping: &ObjectMapping,
    here: &str,
) -> AttributeRow {
    let traits: Vec<&str> = [
        (definition.anchor, "Primary key"),
        (definition.required, "Required"),
        (definition.multi_valued, "Multi-value"),
        (definition.case_exact, "Exact case"),
    ]
    .into_iter()
    .filter_map(|(on, word)| on.then_some(word))
    .collect();
    let form = ListUrl::new(format!("{here}/edit")).with("name", &definition.name);
    AttributeRow {
        name: Link::new(&definition.name, form.to_string()),
        kind: definition.kind.name(),
        traits: traits.join(", "),
        referenced: references(definition),
        mapped: match loaded.job.direction {
            Direction::Outbound => mapping.maps(&definition.name),
            Direction::Inbound => mapping.reads(&definition.name),
        },
    }
}

fn references(definition: &AttributeDefinition) -> String {
    let names: Vec<String> = definition
        .referenced_objects
        .iter()
        .map(|reference| match &reference.property {
            Some(property) => format!("{}.{property}", reference.object),
            None => reference.object.clone(),
        })
        .collect();
    names.join(", ")
}

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Typed {
    revision: String,
    was: String,
    name: String,
    #[serde(rename = "type")]
    kind: String,
    referenced: String,
    anchor: String,
    required: String,
    multi_valued: String,
    case_exact: String,
}

impl Typed {
    fn of(definition: &AttributeDefinition, revision: &str) -> Self {
        let yes = |on: bool| if on { "yes".to_owned() } else { String::new() };
        Self {
            revision: revision.to_owned(),
            was: definition.name.clone(),
            name: definition.name.clone(),
            kind: definition.kind.name().to_owned(),
            referenced: references(definition),
            anchor: yes(definition.anchor),
            required: yes(definition.required),
            multi_valued: yes(definition.multi_valued),
            case_exact: yes(definition.case_exact),
        }
    }

    fn was(&self) -> Option<&str> {
        Some(self.was.as_str()).filter(|was| !was.is_empty())
    }

    /// The attribute, with everything the form does not show as it was.
    fn definition(&self, list: &[AttributeDefinition]) -> Result<AttributeDefinition> {
        let kind = AttributeType::ALL
            .into_iter()
            .find(|kind| kind.name() == self.kind)
            .ok_or_else(|| Error::field("type", "Choose a type of the list."))?;
        let known = self.was().and_then(|was| find_definition(list, was));
        let known = known.cloned().unwrap_or_default();
        let referenced_objects = if self.referenced.trim() == references(&known) {
            known.referenced_objects.clone()
        } else {
            let names = self.referenced.split(',').map(str::trim);
            names
                .filter(|name| !name.is_empty())
                .map(|name| ReferencedObject {
                    object: name.to_owned(),
                    property: None,
                })
                .collect()
        };
        Ok(AttributeDefinition {
            name: self.name.trim().to_owned(),
            kind,
            anchor: !self.anchor.is_empty(),
            required: !self.required.is_empty(),
            multi_valued: !self.multi_valued.is_empty(),
            case_exact: !self.case_exact.is_empty(),
            referenced_objects,
            ..known
        })
    }
}

/// The form for another attribute.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let (id, word) = at.into_inner();
    show(&app, move |tx, _| {
        let kind = kind_of(&word)?;
        let loaded = Loaded::of_kind(tx, &id, kind)?;
        let typed = Typed {
            revision: loaded.job.rules.version.clone(),
            kind: AttributeType::String.name().to_owned(),
            ..Typed::default()
        };
        Ok(form(&loaded, &who, &word, kind, &typed, None))
    })
    .await
}

/// Which attribute.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Which {
    name: String,
}

/// The form of an attribute.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    which: web::Query<Which>,
) -> Answered {
    let who = signed.for_page();
    let (id, word) = at.into_inner();
    show(&app, move |tx, _| {
        let kind = kind_of(&word)?;
        let loaded = Loaded::of_kind(tx, &id, kind)?;
        let definition = find_definition(loaded.list_of(loaded.mapping(kind)), &which.name)
            .ok_or_else(|| Error::not_found("Attribute", ""))?;
        let typed = Typed::of(definition, &loaded.job.rules.version);
        Ok(form(&loaded, &who, &word, kind, &typed, None))
    })
    .await
}

#[expect(clippy::too_many_lines, reason = "a table is long")]
fn form(
    loaded: &Loaded,
    who: &Who,
    word: &str,
    kind: ObjectKind,
    typed: &Typed,
    wrong: Option<(&str, String)>,
) -> AttributeFormPage {
    let here = address(loaded, word);
    let (field, detail) = wrong.unwrap_or_default();
    let said = |name: &str| {
        if field == name {
            detail.clone()
        } else {
            String::new()
        }
    };
    let tick = |name, label, help, value: &str| Tick {
        name,
        label,
        help: match loaded.job.direction {
            Direction::Outbound => help,
            Direction::Inbound => "A note in the schema: uploads are not checked against it.",
        },
        on: !value.is_empty(),
        error: said(name),
    };
    let types = AttributeType::ALL.map(|kind| Choice::new(kind.name(), kind.name()));
    let ticks = vec![
        tick(
            "anchor",
            "Primary Key?",
            "The target's own id. There is one.",
            &typed.anchor,
        ),
        tick(
            "required",
            "Required?",
            "The target takes no object without it.",
            &typed.required,
        ),
        tick(
            "multi_valued",
            "Multi-value?",
            "It can have several values.",
            &typed.multi_valued,
        ),
        tick(
            "case_exact",
            "Exact case?",
            "A change of case alone is a change, and is sent.",
            &typed.case_exact,
        ),
    ];
    let fields = vec![
        Field::new("name", "Name")
            .required()
            .max_length(NAME)
            .value(&typed.name)
            .help(match loaded.job.direction {
                Direction::Outbound => format!(
                    "A custom attribute is named urn:ietf:params:scim:schemas:extension:YourName:2.0:{}:attribute.",
                    kind.name()
                ),
                Direction::Inbound => "A custom attribute is named like urn:ietf:params:scim:schemas:extension:csv:1.0:User:JobCode.".into(),
            })
            .error(said("name")),
        Field::new("type", "Type")
            .choices(types.to_vec())
            .value(&typed.kind)
            .error(said("type")),
        Field::new("referenced", "Referenced Object Attribute")
            .max_length(NAME)
            .value(&typed.referenced)
            .help("Of a reference: the objects it points to, separated by commas.")
            .error(said("referenced")),
    ];
    let placed = fields
        .iter()
        .map(|f| f.name.as_ref())
        .chain(ticks.iter().map(|t| t.name))
        .any(|n| n == field);
    let title = if typed.was.is_empty() {
        "Add attribute"
    } else {
        typed.was.as_str()
    };
    AttributeFormPage {
        page: loaded.below(who, title).under(
            format!("Edit attribute list for {}", loaded.list_owner()),
            here.clone(),
        ),
        error: (!placed && !detail.is_empty()).then(|| Notice::new(Tone::Bad, detail.clone(), "")),
        was: typed.was.clone(),
        revision: typed.revision.clone(),
        fields,
        ticks,
        action: if typed.was.is_empty() {
            format!("{here}/new")
        } else {
            format!("{here}/edit")
        },
        cancel: here.clone(),
        remove: if typed.was.is_empty() {
            String::new()
        } else {
            format!("{here}/remove")
        },
        remove_blocked: match without(&loaded.job, loaded.mapping(kind).clone(), &typed.was) {
            Err(error) if !typed.was.is_empty() => sentence(&error.to_string()),
            _ => String::new(),
        },
    }
}

/// The mapping without an attribute of the list that the pages show.
fn without(
    job: &Job,
    mapping: ObjectMapping,
    name: &str,
) -> std::result::Result<ObjectMapping, AttributeListError> {
    match job.direction {
        Direction::Outbound => mapping.without_target_attribute(name),
        Direction::Inbound => mapping.without_source_attribute(name),
    }
}

fn field_error(error: &AttributeListError) -> Error {
    Error::field(error.field(), sentence(&error.to_string()))
}

/// Changes the mapping of a kind and saves the rules.
fn change(
    tx: &Write<'_>,
    who: &Who,
    (id, word, revision): (&str, &str, &str),
    now: crate::clock::Timestamp,
    edit: impl FnOnce(&Loaded, ObjectMapping) -> Result<ObjectMapping>,
) -> Result<Job> {
    let kind = kind_of(word)?;
    let loaded = Loaded::of_kind(tx, id, kind)?;
    let mut rules = loaded.job.rules.clone();
    match kind {
        ObjectKind::User => rules.users = edit(&loaded, rules.users)?,
        ObjectKind::Group => rules.groups = edit(&loaded, rules.groups)?,
    }
    schema::set_schema(tx, who.operator()?, loaded.key, rules, Some(revision), now)
}

/// *Save*, of a new attribute and of one that is there.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    let (id, word) = at.into_inner();
    let typed = typed.into_inner();
    let (asked, of, wanted) = (id.clone(), word.clone(), typed.clone());
    let saved = app
        .write(move |tx| {
            let job = change(
                tx,
                &who,
                (&asked, &of, &wanted.revision),
                now,
                |loaded, mapping| {
                    let definition = wanted.definition(loaded.list_of(&mapping))?;
                    let was = wanted.was();
                    match loaded.job.direction {
                        Direction::Outbound => mapping.with_target_attribute(was, definition),
                        Direction::Inbound => mapping.with_source_attribute(was, definition),
                    }
                    .map_err(|error| field_error(&error))
                },
            )?;
            let next = effect(job.direction).after;
            Ok(Done::new("The attribute list is saved.", next))
        })
        .await;
    let wrong = match &saved {
        Err(Error::Field { field, detail }) => (*field, sentence(detail)),
        Err(Error::Conflict { attribute, detail }) => (*attribute, sentence(detail)),
        _ => {
            let back = format!(
                "/entra/applications/{}/provisioning/mappings/{}/attribute-list",
                encoded(&id),
                encoded(&word)
            );
            return finish(&signed, &back, saved);
        }
    };
    let who = signed.for_page();
    let loaded = app.read(move |tx| Loaded::read(tx, &id)).await?;
    let page = form(&loaded, &who, &word, kind_of(&word)?, &typed, Some(wrong));
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// *Delete*.
pub(in crate::web::rooms) async fn remove(
    app: web::Data<App>,
    signed: SignedIn,
    at: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, word) = at.into_inner();
    let back = format!(
        "/entra/applications/{}/provisioning/mappings/{}/attribute-list",
        encoded(&id),
        encoded(&word)
    );
    act(&app, signed, back, move |tx, who, now| {
        let job = change(
            tx,
            who,
            (&id, &word, &typed.revision),
            now,
            |loaded, mapping| {
                without(&loaded.job, mapping, &typed.was).map_err(|error| field_error(&error))
            },
        )?;
        Ok(Done::new(
            "The attribute is deleted from the list.",
            effect(job.direction).after,
        ))
    })
    .await
}
