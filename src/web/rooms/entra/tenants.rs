//! *Tenants*: list, create, rename, which one the pages show in this session, and directory extensions.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::FormPage;
use super::super::super::console::entra::tenants::{
    ExtensionRow, TenantPage, TenantRow, TenantsPage,
};
use super::super::super::console::list::{Column, Empty, Filter, List, Pager};
use super::super::super::console::parts::{Choice, Fact, Field, Link, thousands};
use super::super::super::failure::{PageFailure, sentence};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, act, exact, finish, page as answer, show};
use crate::directory::tenants::{self, NewExtension, TenantName};
use crate::error::{Error, Result};
use crate::id::Guid;
use crate::model::{ExtensionType, ObjectKind, Tenant};
use crate::store::{Reads, directory as rows};

const HERE: &str = "/entra/tenants";
const NEW: &str = "/entra/tenants/new";

fn address(tenant: &Tenant) -> String {
    format!("{HERE}/{}", tenant.id)
}

/// The tenant with an id.
fn find(tx: &impl Reads, who: &Who, id: &str) -> Result<Tenant> {
    tenants::list(tx, who.operator()?)?
        .into_iter()
        .find(|tenant| tenant.id.to_string() == id)
        .ok_or_else(|| Error::not_found("Tenant", ""))
}

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load_list(tx, &who, &ask)).await
}

fn load_list(tx: &impl Reads, who: &Who, ask: &Ask) -> Result<TenantsPage> {
    let needle = ask.text().to_lowercase();
    let mut found = tenants::list(tx, who.operator()?)?;
    found.retain(|tenant| {
        tenant.name.to_lowercase().contains(&needle) || tenant.domain.contains(&needle)
    });
    let (total, part) = (found.len() as u64, ask.part_in_order(PAGE));
    let rows = found
        .into_iter()
        .skip(usize::try_from(part.skip).unwrap_or(usize::MAX))
        .take(part.limit)
        .map(|tenant| row(tx, who, &tenant));
    let url = ask.url(HERE);
    Ok(TenantsPage {
        page: who.page(Room::Tenants, "Tenants"),
        create: NEW.into(),
        rows: rows.collect::<Result<_>>()?,
        list: List {
            caption: "Tenants".into(),
            filter: Some(Filter::new(&url, "Search by name or domain")),
            columns: vec![
                Column::new("Name"),
                Column::wide("Default domain"),
                Column::number("Users"),
                Column::number("Groups"),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("tenant", "tenants"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No tenant yet",
                    "Create one: it gets its own users, groups and applications.",
                    Link::new("Create tenant", NEW),
                ),
            ),
        },
    })
}

fn row(tx: &impl Reads, who: &Who, tenant: &Tenant) -> Result<TenantRow> {
    Ok(TenantRow {
        name: Link::new(&tenant.name, address(tenant)),
        domain: tenant.domain.clone(),
        users: thousands(rows::count_users(tx, tenant.seq)?),
        groups: thousands(rows::count_groups(tx, tenant.seq)?),
        open: who.tenant() == Some(tenant.seq),
        open_at: format!("{}/open", address(tenant)),
    })
}

/// One tenant.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| load(tx, &who, &id)).await
}

fn load(tx: &impl Reads, who: &Who, id: &str) -> Result<TenantPage> {
    let tenant = find(tx, who, id)?;
    let here = address(&tenant);
    let define = format!("{here}/extensions/new");
    let extensions = tenant.extensions.iter().map(|extension| ExtensionRow {
        name: extension.name.clone(),
        data_type: extension.data_type.name(),
        target: extension.target.name(),
        remove: format!("{here}/extensions/{}/remove", extension.name),
    });
    let count = tenant.extensions.len() as u64;
    Ok(TenantPage {
        page: who.page(Room::Tenants, &tenant.name).under("Tenants", HERE),
        open: who.tenant() == Some(tenant.seq),
        open_at: format!("{here}/open"),
        edit: format!("{here}/edit"),
        tenant_id: tenant.id.to_string(),
        domain: tenant.domain.clone(),
        facts: vec![
            Fact::text("Created", exact(tenant.created)),
            Fact::text("Users", thousands(rows::count_users(tx, tenant.seq)?)),
            Fact::text("Groups", thousands(rows::count_groups(tx, tenant.seq)?)),
            Fact::text(
                "Enterprise applications",
                thousands(rows::applications(tx, tenant.seq)?.len() as u64),
            ),
        ],
        list: List {
            caption: "Directory extensions".into(),
            filter: None,
            columns: vec![
                Column::new("Name"),
                Column::wide("Type"),
                Column::wide("For"),
                Column::new(""),
            ],
            pager: Pager::whole(count, ("extension", "extensions")),
            empty: Empty::new(
                "No directory extensions",
                "An extension is an attribute of your own; mappings and rules can use it by its name.",
                Link::new("New extension", &define),
            ),
        },
        rows: extensions.collect(),
        define,
    })
}

/// What the form of a tenant sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct Typed {
    name: String,
    domain: String,
}

impl Typed {
    fn wanted(&self) -> TenantName {
        TenantName {
            name: self.name.clone(),
            domain: self.domain.clone(),
        }
    }
}

/// The form of a new tenant (`tenant` is `None`) or of an existing one.
fn form(who: &Who, tenant: Option<&Tenant>, typed: &Typed, wrong: (&str, &str)) -> FormPage {
    let error = |field| {
        if wrong.0 == field {
            sentence(wrong.1)
        } else {
            String::new()
        }
    };
    let here = tenant.map(address);
    let title = match tenant {
        None => "Create tenant".to_owned(),
        Some(tenant) => format!("Edit {}", tenant.name),
    };
    let mut page = who.page(Room::Tenants, title).under("Tenants", HERE);
    if let (Some(tenant), Some(here)) = (tenant, &here) {
        page = page.under(&tenant.name, here);
    }
    FormPage {
        page,
        lead: match tenant {
            None => "A new tenant is empty. People sign in with its domain.".into(),
            Some(_) => "People and applications keep their names and ids.".into(),
        },
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .value(&typed.name)
                .error(error("name")),
            Field::new("domain", "Default domain")
                .required()
                .max_length(253)
                .value(&typed.domain)
                .error(error("domain"))
                .help("A domain such as contoso.example; no other tenant may have it."),
        ],
        action: match &here {
            None => NEW.into(),
            Some(here) => format!("{here}/edit"),
        },
        submit: if tenant.is_some() { "Save" } else { "Create" }.into(),
        cancel: here.unwrap_or_else(|| HERE.into()),
    }
}

/// The empty form.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let form = form(&signed.for_page(), None, &Typed::default(), ("", ""));
    answer(StatusCode::OK, &form)
}

/// *Create*: the tenant is then the one that is shown.
pub(in super::super) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    typed: web::Form<Typed>,
) -> Answered {
    let (who, now, wanted) = (signed.who(), app.now(), typed.wanted());
    let (operator, id) = (who.operator()?.clone(), Guid::random());
    let made = app
        .write(move |tx| tenants::create(tx, &operator, &wanted, id, now))
        .await;
    match made {
        Ok(tenant) => {
            signed.open_tenant(tenant.seq)?;
            let next = "You are in it now. Create users, or import some.";
            let done = Done::new(format!("{} is created.", tenant.name), next);
            finish(&signed, "/entra/users", Ok(done))
        }
        Err(Error::Field { field, detail }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, None, &typed, (field, &detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// The form with the present values.
pub(in super::super) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let tenant = find(tx, &who, &id)?;
        let typed = Typed {
            name: tenant.name.clone(),
            domain: tenant.domain.clone(),
        };
        Ok(form(&who, Some(&tenant), &typed, ("", "")))
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
    let who = signed.who();
    let (reader, wanted) = (who.clone(), typed.wanted());
    let tenant = app.read(move |tx| find(tx, &reader, &id)).await?;
    let (operator, seq) = (who.operator()?.clone(), tenant.seq);
    let saved = app
        .write(move |tx| tenants::rename(tx, &operator, seq, &wanted))
        .await;
    match saved {
        Ok(saved) => {
            let done = Done::new(format!("{} is saved.", saved.name), "");
            finish(&signed, &address(&saved), Ok(done))
        }
        Err(Error::Field { field, detail }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, Some(&tenant), &typed, (field, &detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// *Open*: the pages of the mock Entra show this tenant from now on.
pub(in super::super) async fn open(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.who();
    let tenant = app.read(move |tx| find(tx, &who, &id)).await?;
    signed.open_tenant(tenant.seq)?;
    let done = Done::new(format!("You are in {} now.", tenant.name), "");
    finish(&signed, "/entra/users", Ok(done))
}

/// What the form of an extension sends.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(in super::super) struct TypedExtension {
    name: String,
    data_type: String,
    target: String,
    application: String,
}

fn extension_form(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    typed: &TypedExtension,
    wrong: &str,
) -> Result<FormPage> {
    let tenant = find(tx, who, id)?;
    let here = address(&tenant);
    let types = ExtensionType::ALL.map(|kind| Choice::new(kind.name(), kind.name()));
    let mut owners = vec![Choice::new("", "Tenant Schema Extension App")];
    for application in rows::applications(tx, tenant.seq)? {
        let id = application.app_id.to_string();
        owners.push(Choice::new(id, application.display_name));
    }
    Ok(FormPage {
        page: who
            .page(Room::Tenants, "New directory extension")
            .under("Tenants", HERE)
            .under(&tenant.name, &here),
        lead:
            "The whole name becomes extension_, the application id without dashes, and this name."
                .into(),
        error: None,
        fields: vec![
            Field::new("name", "Name")
                .required()
                .max_length(64)
                .value(&typed.name)
                .error(sentence(wrong))
                .help("Letters, digits and underscores; case matters."),
            Field::new("data_type", "Type")
                .choices(types.to_vec())
                .value(&typed.data_type),
            Field::new("target", "For")
                .choices(vec![
                    Choice::new("User", "Users"),
                    Choice::new("Group", "Groups"),
                ])
                .value(&typed.target),
            Field::new("application", "Application")
                .choices(owners)
                .value(&typed.application)
                .help("In whose name it is defined."),
        ],
        action: format!("{here}/extensions/new"),
        submit: "Create".into(),
        cancel: here,
    })
}

/// The form of an extension.
pub(in super::super) async fn new_extension(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        extension_form(tx, &who, &id, &TypedExtension::default(), "")
    })
    .await
}

/// *Create*.
pub(in super::super) async fn define(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<TypedExtension>,
) -> Answered {
    let (who, id) = (signed.who(), id.into_inner());
    let new = NewExtension {
        name: typed.name.clone(),
        data_type: ExtensionType::ALL
            .into_iter()
            .find(|kind| kind.name() == typed.data_type)
            .unwrap_or(ExtensionType::String),
        target: match typed.target.as_str() {
            "Group" => ObjectKind::Group,
            _ => ObjectKind::User,
        },
        application: typed.application.parse().ok(),
    };
    let (writer, asked, app_id) = (who.clone(), id.clone(), Guid::random());
    let defined = app
        .write(move |tx| {
            let tenant = find(tx, &writer, &asked)?;
            tenants::define(tx, writer.operator()?, tenant.seq, &new, app_id)
        })
        .await;
    match defined {
        Ok(extension) => {
            let next = "Forms, imports and rules know it now, and mappings can read it.";
            let done = Done::new(format!("{} is defined.", extension.name), next);
            finish(&signed, &format!("{HERE}/{id}"), Ok(done))
        }
        Err(Error::Field { detail, .. }) => {
            let typed = typed.into_inner();
            let form = app
                .read(move |tx| extension_form(tx, &who, &id, &typed, &detail))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &form)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// *Remove*.
pub(in super::super) async fn undefine(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, name) = path.into_inner();
    act(&app, signed, format!("{HERE}/{id}"), move |tx, who, _| {
        let tenant = find(tx, who, &id)?;
        tenants::undefine(tx, who.operator()?, tenant.seq, &name)?;
        let next = "Values that objects have stay with them.";
        Ok(Done::new(format!("{name} is no longer defined."), next))
    })
    .await
}
