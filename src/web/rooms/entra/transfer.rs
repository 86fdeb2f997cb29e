//! *Download*: users and groups as CSV or as Microsoft Graph answers them, streamed a piece at a time.

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use super::super::super::App;
use super::super::super::auth::SignedIn;
use super::super::super::console::parts::Link;
use super::super::super::streamed::Streamed;
use super::super::Answered;
use super::tenant_of;
use crate::directory::{graph, search, tenants};
use crate::error::Result;
use crate::id::Seq;
use crate::lab::transfer::{headings, row, user_cells};
use crate::model::{DirectoryGroup, DirectoryUser, ObjectKind, ObjectRef};
use crate::store::{Reads, Store, directory as rows};

/// Objects a piece.
const PIECE: usize = 500;

/// The downloads of `users` or `groups`.
pub(super) fn exports(of: &str) -> Vec<Link> {
    [("CSV", "csv"), ("JSON", "json")]
        .map(|(label, ending)| Link::new(label, format!("/entra/export/{of}.{ending}")))
        .to_vec()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Json,
}

struct Work {
    store: Store,
    tenant: Seq,
    kind: ObjectKind,
    format: Format,
    extensions: Vec<String>,
    /// The last row that was written; `None` before the beginning.
    after: Option<Seq>,
    written: bool,
    ended: bool,
}

async fn download(app: &App, signed: SignedIn, kind: ObjectKind, format: Format) -> Answered {
    let who = signed.who();
    let work = app
        .run(move |app| -> Result<Work> {
            who.operator()?;
            let tx = app.store.read()?;
            let tenant = tenant_of(&tx, &who)?.seq;
            let extensions = tenants::extensions(&tx, tenant, kind)?;
            Ok(Work {
                store: app.store.clone(),
                tenant,
                kind,
                format,
                extensions: extensions.into_iter().map(|e| e.name).collect(),
                after: None,
                written: false,
                ended: false,
            })
        })
        .await?;
    let (content, ending) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "csv"),
        Format::Json => ("application/json", "json"),
    };
    let name = match kind {
        ObjectKind::User => "users",
        ObjectKind::Group => "groups",
    };
    Ok(HttpResponse::Ok()
        .content_type(content)
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}.{ending}\""),
        ))
        .body(Streamed::new(work, piece)))
}

/// Users as CSV.
pub(in super::super) async fn users_csv(app: web::Data<App>, signed: SignedIn) -> Answered {
    download(&app, signed, ObjectKind::User, Format::Csv).await
}

/// Users as JSON.
pub(in super::super) async fn users_json(app: web::Data<App>, signed: SignedIn) -> Answered {
    download(&app, signed, ObjectKind::User, Format::Json).await
}

/// Groups as CSV.
pub(in super::super) async fn groups_csv(app: web::Data<App>, signed: SignedIn) -> Answered {
    download(&app, signed, ObjectKind::Group, Format::Csv).await
}

/// Groups as JSON.
pub(in super::super) async fn groups_json(app: web::Data<App>, signed: SignedIn) -> Answered {
    download(&app, signed, ObjectKind::Group, Format::Json).await
}

fn piece(mut work: Work) -> (Work, Result<Option<String>>) {
    let made = next(&mut work);
    (work, made)
}

fn next(work: &mut Work) -> Result<Option<String>> {
    let mut text = String::new();
    if work.after.is_none() {
        work.after = Some(Seq(0));
        match work.format {
            Format::Csv => row(&mut text, &headings(work.kind, &work.extensions)),
            Format::Json => text.push_str("{\"value\":["),
        }
    }
    // A page of deleted objects only is no end.
    while !work.ended && text.len() < 1024 {
        let tx = work.store.read()?;
        let after = work.after.unwrap_or_default();
        let last = match work.kind {
            ObjectKind::User => {
                let users = rows::users_after(&tx, work.tenant, after, PIECE)?;
                for user in users.iter().filter(|user| user.deleted.is_none()) {
                    work.user(&tx, user, &mut text)?;
                }
                users.last().map(|user| user.seq)
            }
            ObjectKind::Group => {
                // A group brings all its members along.
                let groups = rows::groups_after(&tx, work.tenant, after, 1)?;
                for group in groups.iter().filter(|group| group.deleted.is_none()) {
                    work.group(&tx, group, &mut text)?;
                }
                groups.last().map(|group| group.seq)
            }
        };
        match last {
            Some(last) => work.after = Some(last),
            None => {
                work.ended = true;
                if work.format == Format::Json {
                    text.push_str("]}\n");
                }
            }
        }
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

impl Work {
    fn json(&mut self, object: &serde_json::Value, text: &mut String) {
        text.push_str(if self.written { ",\n" } else { "\n" });
        self.written = true;
        text.push_str(&object.to_string());
    }

    fn user(&mut self, tx: &impl Reads, user: &DirectoryUser, text: &mut String) -> Result<()> {
        let manager = match user.manager {
            Some(manager) => rows::user(tx, self.tenant, manager)?,
            None => None,
        };
        let manager = manager.filter(|manager| manager.deleted.is_none());
        match self.format {
            Format::Csv => {
                let name = manager.map_or_else(String::new, |m| m.user_principal_name);
                row(text, &user_cells(user, &name, &self.extensions));
            }
            Format::Json => {
                let id = manager.map(|manager| manager.id.to_string());
                self.json(&graph::user(user, id), text);
            }
        }
        Ok(())
    }

    fn group(&mut self, tx: &impl Reads, group: &DirectoryGroup, text: &mut String) -> Result<()> {
        let members = members(tx, self.tenant, group)?;
        match self.format {
            Format::Csv => row(text, &self.group_cells(group, &members)),
            Format::Json => {
                let members: Vec<(String, bool)> = members
                    .iter()
                    .map(|member| match member {
                        search::Object::User(user) => (user.id.to_string(), true),
                        search::Object::Group(group) => (group.id.to_string(), false),
                    })
                    .collect();
                self.json(&graph::group(group, &members), text);
            }
        }
        Ok(())
    }

    fn group_cells(&self, group: &DirectoryGroup, members: &[search::Object]) -> Vec<String> {
        let dynamic = group.dynamic.as_ref();
        // Names of groups are not unique: their ids are.
        let members: Vec<String> = members
            .iter()
            .map(|member| match member {
                search::Object::User(user) => user.user_principal_name.clone(),
                search::Object::Group(group) => group.id.to_string(),
            })
            .collect();
        let mut cells = vec![
            group.id.to_string(),
            dynamic.map_or("Assigned", |_| "Dynamic").to_owned(),
            dynamic.map_or_else(String::new, |dynamic| dynamic.rule.clone()),
            members.join(";"),
        ];
        for name in graph::names(ObjectKind::Group) {
            cells.push(match name.attribute {
                "displayName" => group.display_name.clone(),
                "securityEnabled" => group.security_enabled.to_string(),
                attribute => group.text(attribute).unwrap_or_default().to_owned(),
            });
        }
        let own = self.extensions.iter();
        cells.extend(own.map(|name| group.text(name).unwrap_or_default().to_owned()));
        cells
    }
}

/// Members of an assigned group who are not in the recycle bin; those of a dynamic one are its rule's.
fn members(tx: &impl Reads, tenant: Seq, group: &DirectoryGroup) -> Result<Vec<search::Object>> {
    let mut found = Vec::new();
    if group.dynamic.is_some() {
        return Ok(found);
    }
    let edges: Vec<ObjectRef> = rows::members(tx, tenant, group.seq, None, usize::MAX)?;
    for edge in edges {
        let member = search::object(tx, tenant, edge)?;
        found.extend(member.filter(|member| match member {
            search::Object::User(user) => user.deleted.is_none(),
            search::Object::Group(group) => group.deleted.is_none(),
        }));
    }
    Ok(found)
}
