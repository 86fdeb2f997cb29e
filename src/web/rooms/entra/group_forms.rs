//! Creating and editing a group of the directory: one form, filled differently.

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::parts::{Choice, Field};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::object_form::{self, Filling, REVISION, Typed, blamed, text_of};
use super::{changed_meanwhile, group_address, group_of, revision, tenant_of, work_off_soon};
use crate::clock::Timestamp;
use crate::directory::groups::{self, NewGroup};
use crate::directory::{AttributeChange, dynamic, get_group, tenants};
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{DirectoryExtension, DirectoryGroup, ObjectKind};
use crate::store::{Reads, Write};

const MEMBERSHIP: &str = "membershipType";
const RULE: &str = "membershipRule";
const DYNAMIC: &str = "Dynamic User";

/// Plain attributes and their labels.
const FIELDS: [(&str, &str); 4] = [
    ("displayName", "Group name"),
    ("description", "Group description"),
    ("mail", "Email"),
    ("mailNickname", "Mail nickname"),
];
/// Flags and their labels.
const FLAGS: [(&str, &str); 2] = [
    ("securityEnabled", "Security enabled"),
    ("mailEnabled", "Mail enabled"),
];

fn fields(
    extensions: &[DirectoryExtension],
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> Vec<Field> {
    let filling = Filling { typed, wrong };
    let fill = |field| filling.fill(field);
    let mut fields: Vec<Field> = FIELDS
        .iter()
        .map(|(name, label)| {
            let field = Field::new(*name, *label);
            fill(match *name {
                "displayName" => field.required(),
                "description" => field.max_length(1024),
                _ => field,
            })
        })
        .collect();
    for (name, label) in FLAGS {
        let choices = match name {
            "securityEnabled" => [("True", "Yes"), ("False", "No")],
            _ => [("False", "No"), ("True", "Yes")],
        };
        let choices = choices.map(|(value, label)| Choice::new(value, label));
        fields.push(fill(Field::new(name, label).choices(choices.to_vec())));
    }
    let types = ["Assigned", DYNAMIC].map(|kind| Choice::new(kind, kind));
    fields.push(fill(
        Field::new(MEMBERSHIP, "Membership type").choices(types.to_vec()),
    ));
    fields.push(fill(Field::new(RULE, "Rule syntax").lines(4).help(
        "Of a dynamic group: for example user.department -eq \"Sales\" -and user.accountEnabled -eq true. \
         Members are worked out by it and cannot be edited.",
    )));
    fields.extend(filling.extensions(extensions));
    let seen = text_of(typed, REVISION);
    if !seen.is_empty() {
        let field = Field::new(REVISION, "").kind("hidden", "off");
        fields.push(field.value(seen));
    }
    fields
}

/// The form of a new group (`group` is `None`) or of an existing one.
fn form(
    tx: &impl Reads,
    who: &Who,
    group: Option<&DirectoryGroup>,
    typed: &Typed,
    wrong: Option<(&str, &str)>,
) -> Result<FormPage> {
    let extensions = tenants::extensions(tx, tenant_of(tx, who)?.seq, ObjectKind::Group)?;
    let address = group.map(group_address);
    let page = match group {
        None => who
            .page(Room::EntraGroups, "New group")
            .under("Groups", "/entra/groups"),
        Some(group) => who
            .page(Room::EntraGroups, format!("Edit {}", group.display_name))
            .under("Groups", "/entra/groups")
            .under(&group.display_name, group_address(group)),
    };
    let form = FormPage {
        page,
        lead: String::new(),
        error: None,
        fields: fields(&extensions, typed, wrong),
        action: match &address {
            None => "/entra/new-group".into(),
            Some(address) => format!("{address}/edit"),
        },
        submit: if group.is_some() { "Save" } else { "Create" }.into(),
        cancel: address.unwrap_or_else(|| "/entra/groups".into()),
    };
    Ok(match wrong {
        Some((field, detail)) if form.fields.iter().all(|f| f.name != field) => {
            form.failed(sentence(detail), "Nothing was saved.")
        }
        _ => form,
    })
}

/// The empty form.
pub(in super::super) async fn new(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| form(tx, &who, None, &Typed::new(), None)).await
}

/// *New group*.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), typed.into_inner());
    let (writer, wanted, id) = (who.clone(), typed.clone(), Guid::random());
    let made = app
        .write(move |tx| {
            let (operator, tenant) = (writer.operator()?, tenant_of(tx, &writer)?.seq);
            let new = NewGroup {
                id,
                attributes: changes(tx, tenant, &wanted, |text| !text.is_empty())?,
            };
            let group = groups::create(tx, operator, tenant, &new, now)?;
            if let Some(rule) = rule(&wanted)? {
                dynamic::set_rule(tx, operator, tenant, group.seq, Some(rule), now)?;
            }
            Ok(saved(&group, "is created"))
        })
        .await;
    refused_or(&app, &signed, made, who, None, typed).await
}

/// The form with the present values.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let group = group_of(tx, tenant_of(tx, &who)?.seq, &id)?;
        form(tx, &who, Some(&group), &present(&group), None)
    })
    .await
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, typed, id) = (signed.who(), app.now(), typed.into_inner(), id.into_inner());
    let (reader, asked) = (who.clone(), id.clone());
    let group = app
        .read(move |tx| group_of(tx, tenant_of(tx, &reader)?.seq, &asked))
        .await?;
    let (writer, wanted, row) = (who.clone(), typed.clone(), group.seq);
    let changed = app
        .write(move |tx| apply(tx, &writer, row, &wanted, now))
        .await;
    refused_or(&app, &signed, changed, who, Some(group), typed).await
}

fn apply(tx: &Write<'_>, who: &Who, row: Seq, wanted: &Typed, now: Timestamp) -> Result<Done> {
    let (operator, tenant) = (who.operator()?, tenant_of(tx, who)?.seq);
    let before = get_group(tx, tenant, row)?;
    let seen = text_of(wanted, REVISION);
    if !seen.is_empty() && seen != revision_of(&before) {
        return Err(changed_meanwhile(&before.display_name));
    }
    let changes = changes(tx, tenant, wanted, |_| true)?;
    let group = groups::update(tx, operator, tenant, row, &changes, now)?;
    if wanted.contains_key(MEMBERSHIP) {
        dynamic::set_rule(tx, operator, tenant, row, rule(wanted)?, now)?;
    }
    Ok(saved(&group, "is saved"))
}

/// What the form overwrites; members come and go without it.
fn revision_of(group: &DirectoryGroup) -> String {
    let rule = group.dynamic.as_ref().map(|dynamic| &dynamic.rule);
    revision(&(
        &group.display_name,
        group.security_enabled,
        &group.attributes,
        group.deleted,
        rule,
    ))
}

/// The rule of a dynamic group; none of an assigned one.
fn rule(typed: &Typed) -> Result<Option<&str>> {
    let rule = text_of(typed, RULE).trim();
    match (text_of(typed, MEMBERSHIP), rule) {
        (DYNAMIC, "") => Err(Error::field(
            RULE,
            "a dynamic group needs a rule such as user.department -eq \"Sales\"",
        )),
        (DYNAMIC, rule) => Ok(Some(rule)),
        _ => Ok(None),
    }
}

fn saved(group: &DirectoryGroup, what: &str) -> Done {
    Done {
        what: format!("{} {what}.", group.display_name),
        next: "The next incremental cycle sends what is in scope.",
        elsewhere: Some(group_address(group)),
    }
}

/// Leads to the group, or shows the form again with what is wrong at the field it belongs to.
async fn refused_or(
    app: &App,
    signed: &SignedIn,
    done: Result<Done>,
    who: Who,
    group: Option<DirectoryGroup>,
    typed: Typed,
) -> Answered {
    match done {
        Err(
            Error::Field { field, detail }
            | Error::Conflict {
                attribute: field,
                detail,
            },
        ) => {
            let again = app
                .read(move |tx| {
                    let wrong = Some((blamed(field, &detail), detail.as_str()));
                    form(tx, &who, group.as_ref(), &typed, wrong)
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &again)
        }
        Err(error) => Err(PageFailure::Domain(error)),
        done => {
            work_off_soon(app);
            finish(signed, "/entra/groups", done)
        }
    }
}

fn changes(
    tx: &impl Reads,
    tenant: Seq,
    typed: &Typed,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<AttributeChange>> {
    let names = FIELDS.iter().chain(&FLAGS).map(|(name, _)| *name);
    object_form::changes(tx, (tenant, ObjectKind::Group), names, typed, wanted)
}

/// The present values, as the form shows them.
fn present(group: &DirectoryGroup) -> Typed {
    let mut typed: Typed = group
        .attributes
        .iter()
        .map(|(name, value)| (name.clone(), super::users::shown(value, "\n")))
        .collect();
    typed.insert("displayName".into(), group.display_name.clone());
    let secure = if group.security_enabled {
        "True"
    } else {
        "False"
    };
    typed.insert("securityEnabled".into(), secure.into());
    if let Some(dynamic) = &group.dynamic {
        typed.insert(MEMBERSHIP.into(), DYNAMIC.into());
        typed.insert(RULE.into(), dynamic.rule.clone());
    }
    typed.insert(REVISION.into(), revision_of(group));
    typed
}
