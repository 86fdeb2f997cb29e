//! *Provision on demand*: whom, with which members, and what happened.
//!
//! The result is the answer to the form: a dry run leaves nothing that could be shown later, and what was really done
//! is in the log besides.

mod result;

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template as _;
use serde::Deserialize;

use super::applications::frame;
use super::{
    any_object_of, application_address, application_at, group_address, outbound_job_of,
    user_address,
};
use crate::directory::search::{self, Object, Query, State};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Application, Direction, ObjectKind, ObjectRef};
use crate::store::jobs::JobKey;
use crate::store::{Reads, directory as rows};
use crate::sync::on_demand::{self, Subject};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::entra::applications::{ApplicationTab, tabs};
use crate::web::console::entra::on_demand::{Candidate, ChoosePage, ConfirmPage, Member};
use crate::web::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use crate::web::console::parts::{Link, Notice, Tone, counted};
use crate::web::console::{Page, Room};
use crate::web::failure::{PageFailure, sentence};
use crate::web::rooms::ask::{MEMBERS_PAGE, PAGE};
use crate::web::rooms::{Answered, html_with};

/// The flag with which the service is documented not to provision on demand.
const FLAG: &str = "aadOptscim062020";

/// The query of the page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskOnDemand {
    q: String,
    page: String,
    /// Object id of the chosen person or group.
    object: String,
}

impl AskOnDemand {
    fn text(&self) -> String {
        self.q.trim().chars().take(200).collect()
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }
}

/// What an inbound job has not.
const WHAT: &str = "Provision on demand";

fn here(application: &Application) -> String {
    format!(
        "{}/provisioning/on-demand",
        application_address(application)
    )
}

fn page_of(who: &Who, application: &Application, title: impl Into<String>) -> Page {
    let base = application_address(application);
    who.page(Room::Applications, title)
        .under("Enterprise applications", "/entra/applications")
        .under(&application.display_name, &base)
        .under("Provisioning", format!("{base}/provisioning"))
}

/// The page: first whom, then how.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskOnDemand>,
) -> Answered {
    let who = signed.for_page();
    let html = app
        .run::<_, PageFailure, _>(move |app| {
            let tx = app.store.read()?;
            Ok(if ask.object.is_empty() {
                choose(&tx, &who, &id, &ask)?.render()?
            } else {
                confirm(&tx, &who, &id, &ask, &BTreeSet::new(), None)?.render()?
            })
        })
        .await?;
    Ok(html_with(StatusCode::OK, html))
}

fn choose(tx: &impl Reads, who: &Who, id: &str, ask: &AskOnDemand) -> Result<ChoosePage> {
    let (tenant, application) = application_at(tx, id)?;
    let tenant = tenant.seq;
    let (_, job) = outbound_job_of(tx, tenant, &application, WHAT)?;
    let here = here(&application);
    let url = ListUrl::new(&here).with("q", &ask.text());
    let (rows, total) = candidates(tx, who, tenant, &url, ask)?;
    let flagged = job
        .tenant_url
        .as_deref()
        .is_some_and(|url| url.contains(FLAG));
    let notice = flagged.then(|| {
        Notice::new(
            Tone::Info,
            format!("The Tenant URL has the flag {FLAG}. Microsoft documents that provision on demand does not work with it."),
            "Here it does.",
        )
    });
    Ok(ChoosePage {
        page: frame(who, &application),
        tabs: tabs(
            &application_address(&application),
            Direction::Outbound,
            ApplicationTab::OnDemand,
        ),
        notice,
        rows,
        list: List {
            caption: "People and groups".into(),
            filter: Some(Filter::new(&url, "Select a user or group")),
            columns: vec![Column::new("Name"), Column::wide("Type")],
            pager: Pager::new(
                total,
                ask.page(),
                PAGE,
                ("user or group", "users and groups"),
                &url,
            ),
            empty: Empty::no_match(&url),
        },
    })
}

/// Groups first, then people whose accounts are enabled, as one list.
fn candidates(
    tx: &impl Reads,
    who: &Who,
    tenant: Seq,
    url: &ListUrl,
    ask: &AskOnDemand,
) -> Result<(Vec<Candidate>, u64)> {
    let limit = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let skip = (ask.page() - 1).saturating_mul(PAGE);
    let query = |skip, limit| Query {
        text: ask.text(),
        state: State::Enabled,
        skip,
        limit,
    };
    let groups = search::groups(tx, who.operator()?, tenant, &query(skip, limit))?;
    let left = limit - groups.items.len();
    let skip = skip.saturating_sub(groups.total);
    let users = search::users(tx, who.operator()?, tenant, &query(skip, left))?;
    let to = |id: &str| url.with("q", "").with("object", id).to_string();
    let groups_shown = groups.items.iter().map(|group| Candidate {
        name: Link::new(&group.display_name, to(&group.id.to_string())),
        detail: counted(group.member_count, "member", "members"),
        kind: "Group",
    });
    let users_shown = users.items.iter().map(|user| Candidate {
        name: Link::new(user.display_name(), to(&user.id.to_string())),
        detail: user.user_principal_name.clone(),
        kind: "User",
    });
    Ok((
        groups_shown.chain(users_shown).collect(),
        groups.total + users.total,
    ))
}

fn confirm(
    tx: &impl Reads,
    who: &Who,
    id: &str,
    ask: &AskOnDemand,
    chosen: &BTreeSet<String>,
    wrong: Option<&Error>,
) -> Result<ConfirmPage> {
    let (tenant, application) = application_at(tx, id)?;
    let tenant = tenant.seq;
    outbound_job_of(tx, tenant, &application, WHAT)?;
    let object = any_object_of(tx, tenant, &ask.object)?;
    let found = search::object(tx, tenant, object)?
        .ok_or_else(|| Error::not_found(object.kind.name(), ""))?;
    let here = here(&application);
    let (members_error, notice) = match wrong {
        Some(Error::Field { detail, .. }) => (sentence(detail), None),
        Some(error) => (String::new(), Some(Notice::new(Tone::Bad, said(error), ""))),
        None => (String::new(), None),
    };
    let mut page = ConfirmPage {
        page: page_of(who, &application, "Provision on demand"),
        notice,
        kind: object.kind.name(),
        subject: Link::plain(found.display_name()),
        detail: String::new(),
        id: ask.object.clone(),
        action: here.clone(),
        another: here.clone(),
        members: Vec::new(),
        members_error,
        list: None,
    };
    match found {
        Object::User(user) => {
            page.subject.href = user_address(&user);
            page.detail = user.user_principal_name;
        }
        Object::Group(group) => {
            page.subject.href = group_address(&group);
            page.detail = counted(group.member_count, "member", "members");
            let url = ListUrl::new(&here)
                .with("object", &ask.object)
                .with("q", &ask.text());
            let (members, total) = members(tx, tenant, group.seq, ask, chosen)?;
            page.members = members;
            if group.member_count > 0 {
                page.list = Some(List {
                    caption: "Members".into(),
                    filter: (group.member_count > MEMBERS_PAGE).then(|| {
                        Filter::new(&url, "Search members").kept(
                            &url,
                            "object",
                            &group.display_name,
                        )
                    }),
                    columns: Vec::new(),
                    pager: Pager::new(total, ask.page(), MEMBERS_PAGE, ("member", "members"), &url),
                    empty: Empty::no_match(&url),
                });
            }
        }
    }
    Ok(page)
}

/// A page of the members of a group, those that were ticked first.
fn members(
    tx: &impl Reads,
    tenant: Seq,
    group: Seq,
    ask: &AskOnDemand,
    chosen: &BTreeSet<String>,
) -> Result<(Vec<Member>, u64)> {
    let needle = ask.text().to_lowercase();
    let skip = (ask.page() - 1).saturating_mul(MEMBERS_PAGE);
    let (mut ticked, mut others, mut total) = (Vec::new(), Vec::new(), 0);
    for member in rows::members(tx, tenant, group, None, usize::MAX)? {
        // Only names that are shown or looked at are read.
        let on_page = total >= skip && others.len() < usize::try_from(MEMBERS_PAGE).unwrap_or(0);
        if needle.is_empty() && !on_page && chosen.is_empty() {
            total += 1;
            continue;
        }
        let Some(found) = search::object(tx, tenant, member)? else {
            continue;
        };
        let row = row(&found, chosen);
        if row.chosen {
            ticked.push(row);
            continue;
        }
        let fits = row.name.to_lowercase().contains(&needle)
            || row.detail.to_lowercase().contains(&needle);
        if fits {
            total += 1;
            if on_page {
                others.push(row);
            }
        }
    }
    ticked.append(&mut others);
    Ok((ticked, total))
}

fn row(found: &Object, chosen: &BTreeSet<String>) -> Member {
    match found {
        Object::User(user) => {
            let id = user.id.to_string();
            Member {
                chosen: chosen.contains(&id),
                id,
                name: user.display_name().to_owned(),
                detail: user.user_principal_name.clone(),
                blocked: String::new(),
            }
        }
        Object::Group(group) => Member {
            id: group.id.to_string(),
            name: group.display_name.clone(),
            detail: counted(group.member_count, "member", "members"),
            chosen: false,
            blocked: "Nested groups are not supported.".into(),
        },
    }
}

/// What went wrong, in a sentence of this page.
fn said(error: &Error) -> String {
    match error {
        Error::RateLimited {
            retry_after_seconds,
        } => format!(
            "On-demand provisioning takes 5 requests in 10 seconds. Try again in {}.",
            counted(u64::from(*retry_after_seconds), "second", "seconds")
        ),
        other => sentence(&other.to_string()),
    }
}

/// What was posted.
struct Posted {
    object: String,
    members: BTreeSet<String>,
    dry_run: bool,
}

impl Posted {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut posted = Self {
            object: String::new(),
            members: BTreeSet::new(),
            dry_run: false,
        };
        for (name, value) in pairs {
            match name.as_str() {
                "object" => posted.object = value,
                "member" => {
                    posted.members.insert(value);
                }
                "dry_run" => posted.dry_run = true,
                _ => {}
            }
        }
        posted
    }

    fn subject(&self, tx: &impl Reads, tenant: Seq) -> Result<Subject> {
        let object = any_object_of(tx, tenant, &self.object)?;
        match object.kind {
            ObjectKind::User => Ok(Subject::user(object.seq)),
            ObjectKind::Group => {
                let members: Vec<ObjectRef> = self
                    .members
                    .iter()
                    .map(|id| any_object_of(tx, tenant, id))
                    .collect::<Result<_>>()?;
                Subject::group(object.seq, members)
            }
        }
    }
}

/// *Provision*, *Dry run* and *Retry*.
pub(in crate::web::rooms) async fn provision(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Answered {
    let who = signed.for_page();
    let posted = Posted::of(pairs.into_inner());
    let (status, html) = app
        .run::<_, PageFailure, _>(move |app| {
            who.operator()?;
            let asked = ask_agent(app, &who, &id, &posted);
            let tx = app.store.read()?;
            let wrong = match asked {
                Ok((key, report)) => {
                    let (_, application) = application_at(&tx, &id)?;
                    let page = result::page(&tx, &who, &application, key, &posted, &report)?;
                    return Ok((StatusCode::OK, page.render()?));
                }
                Err(error @ (Error::NotFound { .. } | Error::Store(_))) => {
                    return Err(error.into());
                }
                Err(error) => error,
            };
            let ask = AskOnDemand {
                object: posted.object.clone(),
                ..AskOnDemand::default()
            };
            let status = match &wrong {
                Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let page = confirm(&tx, &who, &id, &ask, &posted.members, Some(&wrong))?;
            Ok((status, page.render()?))
        })
        .await?;
    Ok(html_with(status, html))
}

fn ask_agent(
    app: &App,
    who: &Who,
    id: &str,
    posted: &Posted,
) -> Result<(JobKey, on_demand::Report)> {
    let (key, subject) = {
        let tx = app.store.read()?;
        let (tenant, application) = application_at(&tx, id)?;
        let tenant = tenant.seq;
        let (key, _) = outbound_job_of(&tx, tenant, &application, WHAT)?;
        (key, posted.subject(&tx, tenant)?)
    };
    let by = &who.viewer.email;
    let report = on_demand::provision(app.agent.context(), key, &subject, by, posted.dry_run)?;
    Ok((key, report))
}
