//! *Find groups by name*, *Create Group* or *Link Group*, and *Unlink pushed group* (part 1.11.6 of the Okta reference).

use actix_web::web;
use serde::Deserialize;

use super::applications::{HERE, frame};
use super::form::{save_form, show_form};
use super::people::part;
use super::push_groups::mapping_of;
use super::{Addresses, Typed, administrator, app_of, group_of, key, show_org, text_of};
use crate::directory::okta::push::{self, NewPush, PushTarget};
use crate::directory::okta::search::{self, Part};
use crate::error::{Error, Result};
use crate::id::OktaKind;
use crate::model::okta::{GroupType, OktaApp, Org};
use crate::store::Snapshot;
use crate::store::okta::push as rows;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Page;
use crate::web::console::common::FormPage;
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::okta::push_groups::{Candidate, FindGroupsPage};
use crate::web::console::parts::{Choice, Field, Link, counted};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done};

/// App groups that a drop-down offers.
const TARGETS: usize = 500;
const CREATE: &str = "create";
const DELETE: &str = "delete";

pub(super) fn under(who: &Who, addresses: Addresses, app: &OktaApp, title: &str) -> Page {
    let base = addresses.app(app.seq);
    let mut page = frame(who, app)
        .under(&app.label, &base)
        .under("Push Groups", format!("{base}/push-groups"));
    title.clone_into(&mut page.title);
    page
}

/// *Find groups by name*.
pub(in crate::web::rooms) async fn find(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load_find(tx, who, org, &id, &ask)
    })
    .await
}

fn load_find(tx: &Snapshot, who: &Who, org: &Org, id: &str, ask: &Ask) -> Result<FindGroupsPage> {
    let app = app_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let here = format!("{}/push-groups", addresses.app(app.seq));
    let proof = administrator(who, org)?;
    let found = search::groups(tx, &proof, &ask.text(), None, part(ask, PAGE))?;
    let mut candidates = Vec::new();
    for group in &found.items {
        let blocked = if group.kind == GroupType::AppGroup {
            "A group of an app"
        } else if rows::of_group(tx, key(org, app.seq), group.seq)?.is_some() {
            "Pushed already"
        } else {
            ""
        };
        let id = addresses.id(OktaKind::Group, group.seq);
        candidates.push(Candidate {
            name: group.name.clone(),
            detail: counted(group.member_count, "person", "people"),
            choose: format!("{here}/new?group={id}"),
            blocked: blocked.to_owned(),
        });
    }
    let url = ask.url(format!("{here}/find"));
    Ok(FindGroupsPage {
        page: under(who, addresses, &app, "Find groups by name"),
        done: here,
        rows: candidates,
        list: List {
            caption: "Groups to push".into(),
            filter: Some(Filter::new(&url, "Search by name")),
            columns: vec![Column::new("Group"), Column::new("")],
            pager: Pager::new(found.total, ask.page(), PAGE, ("group", "groups"), &url),
            empty: ask.empty(
                found.total,
                &url,
                Empty::new(
                    "No groups",
                    "Add a group to the org first.",
                    Link::new("Add group", super::group_forms::NEW),
                ),
            ),
        },
    })
}

/// Which group is to be pushed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskGroup {
    group: String,
}

/// An app, and a group or a mapping of it.
type About = (String, String);

fn new_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, group): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let group_id = group;
    let group = group_of(tx, org, group)?;
    let addresses = Addresses::new(tx, org);
    let here = format!("{}/push-groups", addresses.app(app.seq));
    let proof = administrator(who, org)?;
    let whole = Part {
        skip: 0,
        limit: TARGETS,
        newest_first: true,
    };
    let of_apps = search::groups(tx, &proof, "", Some(GroupType::AppGroup), whole)?;
    let mut targets = vec![Choice::new(CREATE, "Create Group")];
    targets.extend(
        of_apps
            .items
            .iter()
            .filter(|target| target.app == Some(app.seq))
            .map(|target| {
                let id = addresses.id(OktaKind::Group, target.seq);
                Choice::new(id.as_str(), format!("Link Group: {}", target.name))
            }),
    );
    let said = |name, otherwise: &str| {
        typed.map_or_else(
            || otherwise.to_owned(),
            |typed| text_of(typed, name).to_owned(),
        )
    };
    Ok(FormPage {
        page: under(who, addresses, &app, &format!("Push {}", group.name)),
        lead: "A group of the app that has this name already is linked, and its members become those of the group in Okta.".into(),
        error: None,
        fields: vec![
            Field::new("targetGroupId", "Match result and push action")
                .choices(targets)
                .value(said("targetGroupId", CREATE)),
            Field::new("targetGroupName", "Name in the app")
                .max_length(255)
                .value(said("targetGroupName", &group.name))
                .help("For Create Group."),
            Field::new("immediately", "Push group memberships immediately")
                .choices(vec![
                    Choice::new("yes", "Yes"),
                    Choice::new("no", "No: the group waits until it is activated"),
                ])
                .value(said("immediately", "yes")),
            Field::new("group", "").kind("hidden", "off").value(group_id),
            Field::new("group", "")
                .kind("hidden", "off")
                .value(group_id),
        ],
        action: format!("{here}/new"),
        submit: "Save".into(),
        cancel: here,
    })
}

/// The form.
pub(in crate::web::rooms) async fn new(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskGroup>,
) -> Answered {
    let about = (id.into_inner(), ask.into_inner().group);
    show_form(&app, signed, about, new_form).await
}

/// *Save*.
pub(in crate::web::rooms) async fn create(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/push-groups");
    let about = (id.into_inner(), text_of(&typed, "group").to_owned());
    let sent = (about, typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        new_form,
        &back,
        |tx, org, administrator, sent, now| {
            let ((id, group), typed) = sent;
            let (app, group) = (app_of(tx, org, id)?, group_of(tx, org, group)?);
            let target = match text_of(typed, "targetGroupId") {
                CREATE | "" => PushTarget::Named(text_of(typed, "targetGroupName").to_owned()),
                id => PushTarget::Existing(
                    group_of(tx, org, id)
                        .map_err(|_| Error::field("targetGroupId", "This group is gone."))?
                        .seq,
                ),
            };
            let new = NewPush {
                group: group.seq,
                target,
                active: text_of(typed, "immediately") != "no",
            };
            push::create(tx, administrator, key(org, app.seq), &new, now)?;
            let what = format!("{} is pushed.", group.name);
            Ok(Done::new(what, "The status tells how it went."))
        },
    )
    .await
}

fn unlink_form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, mapping_id): &About,
    _typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let mapping = mapping_of(tx, org, &app, mapping_id)?;
    let addresses = Addresses::new(tx, org);
    let here = format!("{}/push-groups", addresses.app(app.seq));
    let title = format!("Unlink {}", mapping.target_name);
    Ok(FormPage {
        page: under(who, addresses, &app, &title),
        lead: "The group in Okta stays as it is, and its people too.".into(),
        error: None,
        fields: vec![
            Field::new("target", "The group in the app")
                .choices(vec![
                    Choice::new(DELETE, "Delete the group in the target app"),
                    Choice::new("leave", "Leave the group in the target app"),
                ])
                .value(DELETE),
        ],
        action: format!("{here}/{mapping_id}/unlink"),
        submit: "Unlink".into(),
        cancel: here,
    })
}

/// *Unlink pushed group*: asks what becomes of it at the app.
pub(in crate::web::rooms) async fn ask_unlink(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), unlink_form).await
}

/// *Unlink*.
pub(in crate::web::rooms) async fn unlink(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, mapping) = path.into_inner();
    let (asked, delete) = (id.clone(), text_of(&typed, "target") == DELETE);
    let back = format!("{HERE}/{id}/push-groups");
    super::act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let app = app_of(tx, org, &asked)?;
        let mapping = mapping_of(tx, org, &app, &mapping)?;
        let key = key(org, app.seq);
        push::unlink(tx, administrator, key, mapping.seq, delete, now)?;
        let next = if delete {
            "The group is deleted at the app."
        } else {
            "The group at the app stays as it is."
        };
        Ok(Done::new(
            format!("{} is unlinked.", mapping.target_name),
            next,
        ))
    })
    .await
}
