//! Assigning people and groups to an app, *Provision User*, and the end of an assignment (part 2.5 of the Okta
//! reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::assignment_forms::telling_which;
use super::assignments::GROUPS;
use super::people::part;
use super::picker::{self, Picked};
use super::{
    Addresses, act_in_org, administrator, app_of, group_of, key, show_org, user_of, write_in_org,
};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::assignments::{self, AppUserChange};
use crate::directory::okta::{self as directory, search};
use crate::error::Error;
use crate::id::{OktaKind, Seq};
use crate::model::okta::{AssignmentScope, GroupType, OktaApp, OktaUser, Profile};
use crate::store::Write;
use crate::store::okta::{AppKey, app_users as rows};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Page;
use crate::web::console::entra::groups::{Candidate, PickPage};
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::parts::counted;
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done, finish};

/// The frame of a picker, and where *Done* leads.
fn under(who: &Who, app: &OktaApp, base: &str) -> (Page, String) {
    let done = format!("{base}/assignments");
    let mut page = frame(who, app)
        .under(&app.label, base)
        .under("Assignments", &done);
    page.title = format!("Assign {}", app.label);
    (page, done)
}

/// Searches people to assign.
pub(in crate::web::rooms) async fn pick_people(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &id)?;
        let base = Addresses::new(tx, org).app(app.seq);
        let (page, done) = under(who, &app, &base);
        let url = ask.url(format!("{base}/assignments/people"));
        let ways = (url.to_string(), done);
        picker::people(tx, (who, org), page, &ask, &url, ways, |user| {
            let assigned = rows::find(tx, key(org, app.seq), user.seq)?;
            let there = assigned.is_some_and(|one| one.scope == AssignmentScope::User);
            Ok(if there { "Assigned" } else { "" })
        })
    })
    .await
}

/// Searches groups to assign.
pub(in crate::web::rooms) async fn pick_groups(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        let app = app_of(tx, org, &id)?;
        let addresses = Addresses::new(tx, org);
        let base = addresses.app(app.seq);
        let proof = administrator(who, org)?;
        let found = search::groups(tx, &proof, &ask.text(), None, part(&ask, PAGE))?;
        let mut candidates = Vec::new();
        for group in &found.items {
            let there = rows::group(tx, key(org, app.seq), group.seq)?.is_some();
            candidates.push(Candidate {
                id: addresses.id(OktaKind::Group, group.seq).to_string(),
                name: group.name.clone(),
                detail: counted(group.member_count, "person", "people"),
                kind: match group.kind {
                    GroupType::AppGroup => "App group",
                    GroupType::OktaGroup | GroupType::BuiltIn => "Group",
                },
                blocked: if there { "Assigned" } else { "" }.to_owned(),
            });
        }
        let (page, done) = under(who, &app, &base);
        let url = ask.url(format!("{base}/assignments/groups"));
        Ok(PickPage {
            page,
            action: url.to_string(),
            verb: "Assign".into(),
            done,
            rows: candidates,
            list: List {
                caption: "Groups to assign".into(),
                filter: Some(Filter::new(&url, "Search by name")),
                columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
                pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
                empty: ask.empty(found.total, &url, Empty::no_match(&url)),
            },
        })
    })
    .await
}

/// *Assign* of a person. Who lacks a value that the app needs is asked for it.
pub(in crate::web::rooms) async fn assign_person(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let here = format!("{HERE}/{id}/assignments/people");
    let values = format!("{here}/{}", picked.id);
    let assigned = write_in_org(&app, &signed, move |tx, org, administrator, now| {
        let (app, user) = (app_of(tx, org, &id)?, user_of(tx, org, &picked.id)?);
        let change = AppUserChange::default();
        assignments::assign_user(tx, administrator, key(org, app.seq), user.seq, &change, now)
            .map_err(telling_which)?;
        let what = format!("{} is assigned to {}.", user.display_name(), app.label);
        Ok(Done::new(what, sent(&app)))
    })
    .await;
    let back = match &assigned {
        Err(Error::Field { .. }) => values,
        _ => ask.url(here).to_string(),
    };
    finish(&signed, &back, assigned)
}

/// What follows from an assignment.
pub(super) fn sent(app: &OktaApp) -> &'static str {
    if app.provisions() {
        "The account is provisioned at once; the status below tells how it went."
    } else {
        "Nothing is sent: provisioning is not enabled."
    }
}

/// *Assign* of a group.
pub(in crate::web::rooms) async fn assign_group(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
    picked: web::Form<Picked>,
) -> Answered {
    let back = ask
        .url(format!("{HERE}/{id}/assignments/groups"))
        .to_string();
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, group) = (app_of(tx, org, &id)?, group_of(tx, org, &picked.id)?);
        let (key, values) = (key(org, app.seq), Profile::new());
        assignments::assign_group(tx, administrator, key, group.seq, None, &values, now)?;
        let what = format!("{} is assigned to {}.", group.name, app.label);
        Ok(Done::new(what, sent(&app)))
    })
    .await
}

/// A button of somebody who is assigned.
async fn click<T>(
    app: &App,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    operation: fn(&Write<'_>, &OrgAdministrator, AppKey, Seq, Timestamp) -> directory::Result<T>,
    done: fn(&OktaUser, &OktaApp) -> Done,
) -> Answered
where
    T: 'static,
{
    let (id, user) = path.into_inner();
    let back = format!("{HERE}/{id}/assignments");
    act_in_org(app, signed, back, move |tx, org, administrator, now| {
        let (app, user) = (app_of(tx, org, &id)?, user_of(tx, org, &user)?);
        operation(tx, administrator, key(org, app.seq), user.seq, now)?;
        Ok(done(&user, &app))
    })
    .await
}

/// *Provision User*.
pub(in crate::web::rooms) async fn provision(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    click(
        &app,
        signed,
        path,
        assignments::provision_user,
        |user, app| {
            let what = format!("{} is provisioned to {}.", user.display_name(), app.label);
            Done::new(what, "The status below tells how it went.")
        },
    )
    .await
}

/// Ends the assignment of a person.
pub(in crate::web::rooms) async fn unassign_person(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    click(&app, signed, path, assignments::unassign_user, |user, _| {
        let what = format!("{} is no longer assigned in person.", user.display_name());
        Done::new(what, "")
    })
    .await
}

/// *Provision User* for everybody who waits.
pub(in crate::web::rooms) async fn provision_all(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{id}/assignments");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let key = key(org, app_of(tx, org, &id)?.seq);
        let app = assignments::provision_waiting(tx, administrator, key, now)?;
        let what = format!("Everybody who waits is provisioned to {}.", app.label);
        Ok(Done::new(what, "The status of each tells how it went."))
    })
    .await
}

/// Ends the assignment of a group.
pub(in crate::web::rooms) async fn unassign_group(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    let (id, group) = path.into_inner();
    let back = format!("{HERE}/{id}/assignments?view={GROUPS}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let (app, group) = (app_of(tx, org, &id)?, group_of(tx, org, &group)?);
        assignments::unassign_group(tx, administrator, key(org, app.seq), group.seq, now)?;
        Ok(Done::new(
            format!("{} is no longer assigned.", group.name),
            "",
        ))
    })
    .await
}
