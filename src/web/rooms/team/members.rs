//! Members of the team: the list with its role pickers, and its export.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{HttpResponse, web};
use askama::Template as _;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::super::console::parts::{Link, Moment, Notice, Pill, Tone, counted};
use super::super::super::console::team::members::{MemberRow, MembersPage, Picker};
use super::super::super::failure::{PageFailure, sentence};
use super::super::ask::{PAGE, TEXT};
use super::super::{Answered, Done, finish, html_with, show};
use super::roles::{Boxes, of_slugs, slugs};
use crate::access::{Permission, permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::model::{MemberState, ObjectRef, Outcome, Role, User};
use crate::provider::by_hand::appoint::labels;
use crate::provider::by_hand::has_super_admin;
use crate::provider::by_hand::roles::{Update, update_of_member};
use crate::provider::roster::{self, Order, Origins, Search};
use crate::store::Reads;

/// Address of the list.
pub(super) const HERE: &str = "/team/members";
const UPDATE: &str = "/team/members/roles";
const EXPORT: &str = "/team/members/export";

/// States with their values in the address and their labels.
const STATES: [(MemberState, &str, &str); 3] = [
    (MemberState::Active, "active", "Active"),
    (MemberState::Invited, "invited", "Invited"),
    (MemberState::Deactivated, "deactivated", "Deactivated"),
];

/// Orders with their values in the address; the newest first needs none.
const ORDERS: [(Order, &str); 3] = [
    (Order::Oldest, "created"),
    (Order::Name, "name"),
    (Order::NameBackwards, "-name"),
];

/// The query of the list. Unknown parts are ignored.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct AskMembers {
    q: String,
    page: String,
    sort: String,
    status: String,
    role: String,
}

impl AskMembers {
    fn search(&self) -> Search {
        let state = STATES.iter().find(|(_, value, _)| *value == self.status);
        Search {
            text: self.q.trim().chars().take(TEXT).collect(),
            state: state.map(|(state, ..)| *state),
            role: Role::of_slug(&self.role),
        }
    }

    fn order(&self) -> Order {
        let found = ORDERS.iter().find(|(_, value)| *value == self.sort);
        found.map(|(order, _)| *order).unwrap_or_default()
    }

    fn page(&self) -> u64 {
        self.page.parse().unwrap_or(1).max(1)
    }

    fn url(&self, path: &str) -> ListUrl {
        let known = ORDERS.iter().find(|(_, value)| *value == self.sort);
        ListUrl::new(path)
            .with("q", &self.search().text)
            .with("status", &self.status)
            .with("role", &self.role)
            .with("sort", known.map_or("", |(_, value)| value))
    }

    /// The same with the page, for an action that comes back.
    fn url_of_page(&self, path: &str) -> String {
        let page = match self.page() {
            1 => String::new(),
            page => page.to_string(),
        };
        self.url(path).with("page", &page).to_string()
    }
}

/// A choice that was refused: what was ticked, and at whom it failed.
#[derive(Debug, Default)]
struct Refused {
    chosen: HashMap<String, BTreeSet<Role>>,
    row: String,
    sentence: String,
}

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskMembers>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &ask, None, now)).await
}

fn load(
    tx: &impl Reads,
    who: &Who,
    ask: &AskMembers,
    refused: Option<&Refused>,
    now: Timestamp,
) -> Result<MembersPage> {
    let search = ask.search();
    let (skip, size) = ((ask.page() - 1).saturating_mul(PAGE), PAGE);
    let limit = usize::try_from(size).unwrap_or(usize::MAX);
    let found = roster::page(tx, &who.member, &search, ask.order(), skip, limit)?;
    let url = ask.url(HERE);
    let states = STATES.map(|(_, value, label)| (value, label));
    let roles = Role::ALL.map(|role| (role.slug(), role.label()));
    let picks = who.member.has(Permission::ManageBillingMembers);
    let mut rows = Rows {
        who,
        exists: picks && has_super_admin(tx, who.member.team)?,
        picks,
        refused,
        origins: Origins::default(),
        now,
    };
    Ok(MembersPage {
        page: who.page(Room::Members, "Members"),
        error: refused.map(|refused| {
            Notice::new(
                Tone::Bad,
                "Nothing was saved.",
                if refused.row.is_empty() {
                    refused.sentence.clone()
                } else {
                    "See the marked row, then update the roles again.".to_owned()
                },
            )
        }),
        update: if picks {
            ask.url_of_page(UPDATE)
        } else {
            String::new()
        },
        export: if who.member.has(Permission::RemoveUsers) {
            ask.url(EXPORT).to_string()
        } else {
            String::new()
        },
        list: List {
            caption: "Members".into(),
            filter: Some(
                Filter::new(&url, "Search by name or e-mail")
                    .select(&url, "status", "Status", &states)
                    .select(&url, "role", "Role", &roles),
            ),
            columns: vec![
                Column::sorted(&url, "Name", "name", ""),
                Column::wide("Status"),
                Column::new("Roles"),
                Column {
                    class: "number wide",
                    ..Column::number("Groups")
                },
                created(&url),
            ],
            pager: Pager::new(found.total, ask.page(), PAGE, ("member", "members"), &url),
            empty: empty(found.total, &search, &url, who),
        },
        rows: found
            .items
            .iter()
            .enumerate()
            .map(|(place, user)| rows.row(tx, place, user))
            .collect::<Result<_>>()?,
    })
}

/// *Created* is what the list is sorted by unless it is sorted by name.
fn created(url: &ListUrl) -> Column {
    let column = Column::created(url);
    if url.get("sort").ends_with("name") {
        Column {
            sorted: "",
            href: url.with("page", "").with("sort", "").to_string(),
            ..column
        }
    } else {
        column
    }
}

fn empty(total: u64, search: &Search, url: &ListUrl, who: &Who) -> Empty {
    if total > 0 {
        Empty::new(
            "There is no such page",
            "The list has become shorter, or the address was changed.",
            Link::new("First page", url.to_string()),
        )
    } else if *search == Search::default() {
        Empty::new(
            "No members yet",
            "Start provisioning in the mock directory, or send POST /Users with a SCIM API key.",
            who.way_to(Room::Authentication, "Set up SCIM provisioning"),
        )
    } else {
        Empty::no_match(url)
    }
}

/// What the rows of a page share.
struct Rows<'a> {
    who: &'a Who,
    picks: bool,
    exists: bool,
    refused: Option<&'a Refused>,
    origins: Origins,
    now: Timestamp,
}

impl Rows<'_> {
    fn row(&mut self, tx: &impl Reads, place: usize, user: &User) -> Result<MemberRow> {
        let id = user.id.to_string();
        let origins = self
            .origins
            .of(tx, &self.who.member, ObjectRef::user(user.seq))?;
        let direct = crate::provider::browse::count_groups_of(tx, &self.who.member, user.seq)?;
        Ok(MemberRow {
            name: Link::new(user.label(), address(&id)),
            user_name: user.user_name().to_owned(),
            status: status(user),
            roles: labels(&user.roles),
            through: further(user, &origins),
            picker: self.picks.then(|| self.picker(place, &id, user)),
            groups: direct,
            created: Moment::new(user.meta.created, self.now),
        })
    }

    fn picker(&self, place: usize, id: &str, user: &User) -> Picker {
        let chosen = self.refused.and_then(|refused| refused.chosen.get(id));
        let boxes = Boxes {
            own: &self.who.member.roles,
            exists: self.exists,
            held: &user.roles,
            ticked: chosen.unwrap_or(&user.roles),
        };
        let wrong = self.refused.filter(|refused| refused.row == id);
        Picker {
            was: format!("{id}:{}", slugs(&user.roles)),
            choices: boxes.draw(&format!("member-{place}"), &format!("{id}:"), false),
            wrong: wrong.map_or_else(String::new, |refused| refused.sentence.clone()),
        }
    }
}

/// Roles that somebody has through groups and not of their own: `Admin through Platform and 2 more`.
fn further(user: &User, origins: &[roster::Origin]) -> String {
    let mut through: BTreeMap<Role, (&str, usize)> = BTreeMap::new();
    for origin in origins {
        for role in origin.roles.difference(&user.roles) {
            through
                .entry(*role)
                .and_modify(|(_, more)| *more += 1)
                .or_insert((&origin.name, 0));
        }
    }
    let told: Vec<String> = through
        .into_iter()
        .map(|(role, (group, more))| match more {
            0 => format!("{} through {group}", role.label()),
            more => format!("{} through {group} and {more} more", role.label()),
        })
        .collect();
    told.join("; ")
}

/// How somebody stands in the team, in a word.
pub(super) fn state(user: &User) -> &'static str {
    let state = user.state();
    let found = STATES.iter().find(|(known, ..)| *known == state);
    found.map_or("", |(_, _, label)| label)
}

/// How somebody stands in the team.
pub(super) fn status(user: &User) -> Pill {
    let tone = match user.state() {
        MemberState::Active => Tone::Good,
        MemberState::Invited => Tone::Info,
        MemberState::Deactivated => Tone::Quiet,
    };
    Pill::new(tone, state(user))
}

/// Address of a member's page.
pub(super) fn address(id: &str) -> String {
    format!("{HERE}/{id}")
}

/// A write that failed, and at which member.
struct AtRow {
    row: String,
    error: Error,
}

impl From<crate::store::Error> for AtRow {
    fn from(error: crate::store::Error) -> Self {
        Self {
            row: String::new(),
            error: error.into(),
        }
    }
}

/// Rows of the form whose roles were changed, in its order.
fn changes(pairs: &[(String, String)]) -> Result<Vec<(String, Update)>> {
    let mut rows: Vec<(String, Update)> = Vec::new();
    for (name, value) in pairs {
        let Some((id, roles)) = value.split_once(':') else {
            continue;
        };
        let roles = of_slugs(roles.split(','))?;
        match (name.as_str(), rows.iter_mut().find(|(row, _)| row == id)) {
            ("was", None) => rows.push((
                id.to_owned(),
                Update {
                    before: roles,
                    after: BTreeSet::new(),
                },
            )),
            ("role", Some((_, update))) => update.after.extend(roles),
            _ => {}
        }
    }
    rows.retain(|(_, update)| update.before != update.after);
    Ok(rows)
}

/// *Update Roles* of the rows that were changed: all of them, or none.
pub(in super::super) async fn update(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskMembers>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    let changes = changes(&pairs)?;
    let back = ask.url_of_page(HERE);
    let (by, wanted) = (
        who.member
            .may::<permission::ManageBillingMembers>()
            .map_err(Error::from)?,
        changes.clone(),
    );
    let written = app
        .submit(move |tx| {
            let mut updated = 0;
            for (row, update) in &wanted {
                let done = update_of_member(tx, &by, row, update, now);
                let (_, outcome) = done.map_err(|error| AtRow {
                    row: row.clone(),
                    error,
                })?;
                updated += u64::from(outcome != Outcome::Unchanged);
            }
            Ok::<_, AtRow>(updated)
        })
        .await;
    let written = match written {
        Ok(waiting) => waiting.end().await,
        Err(refused) => Err(refused),
    };
    match written {
        Ok(0) => finish(&signed, &back, Ok(Done::new("No roles were changed.", ""))),
        Ok(updated) => {
            let what = format!(
                "The roles of {} are updated.",
                counted(updated, "member", "members")
            );
            finish(&signed, &back, Ok(Done::new(what, "")))
        }
        Err(AtRow {
            error: error @ Error::Store(_),
            ..
        }) => Err(PageFailure::Domain(error)),
        Err(AtRow { row, error }) => {
            let mut chosen: HashMap<_, _> = changes
                .into_iter()
                .map(|(id, update)| (id, update.after))
                .collect();
            if matches!(error, Error::Conflict { .. }) {
                // Somebody else was quicker: what is stored now is what there is to decide about.
                chosen.remove(&row);
            }
            let refused = Refused {
                chosen,
                sentence: sentence(&error.to_string()),
                row,
            };
            let html = app
                .run::<_, PageFailure, _>(move |app| {
                    let page = load(&app.store.read()?, &who, &ask, Some(&refused), now)?;
                    Ok(page.render()?)
                })
                .await?;
            Ok(html_with(StatusCode::UNPROCESSABLE_ENTITY, html))
        }
    }
}

/// What the list shows, as CSV.
pub(in super::super) async fn export(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskMembers>,
) -> Answered {
    let who = signed.who();
    let by = who
        .member
        .may::<permission::RemoveUsers>()
        .map_err(Error::from)?;
    let text = app
        .scan::<_, PageFailure, _>(move |app| {
            Ok(super::export::csv(&app.store.read()?, &by, &ask.search())?)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"members.csv\"",
        ))
        .body(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rows_whose_boxes_were_changed_are_updated() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let rows = changes(&[
            pair("was", "a:user"),
            pair("role", "a:user"),
            pair("was", "b:admin,user"),
            pair("role", "b:user"),
            pair("was", "c:user"),
            pair("was", "d:user"),
            pair("role", "d:user"),
            pair("role", "d:billing"),
            pair("role", "stranger:admin"),
            pair("role", "nonsense"),
            pair("odd", "a:admin"),
        ])
        .unwrap();
        let told: Vec<_> = rows
            .iter()
            .map(|(id, update)| {
                format!(
                    "{id}: {} to {}",
                    slugs(&update.before),
                    slugs(&update.after)
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                "b: admin,user to user",
                "c: user to ",
                "d: user to billing,user"
            ]
        );
        assert!(changes(&[pair("was", "a:wizard")]).is_err());
    }

    #[test]
    fn what_groups_add_is_told_in_a_few_words() {
        let origin = |name: &str, roles: &[Role]| roster::Origin {
            id: crate::id::ScimId::new(
                crate::id::IdMix::new(1),
                crate::id::Seq(1),
                crate::id::Nonce([0; 16]),
            ),
            name: name.to_owned(),
            roles: roles.iter().copied().collect(),
        };
        let user: User = serde_json::from_value(serde_json::json!({
            "seq": 1, "id": "0".repeat(48), "attributes": {"userName": "a"},
            "meta": {"created": "2026-01-01T00:00:00Z", "last_modified": "2026-01-01T00:00:00Z", "revision": 1},
        }))
        .unwrap();
        let told = |origins: &[roster::Origin]| further(&user, origins);
        assert_eq!(told(&[origin("Everybody", &[Role::Developer])]), "");
        assert_eq!(
            told(&[
                origin("A", &[Role::Admin, Role::Developer]),
                origin("B", &[Role::Admin, Role::Billing]),
                origin("C", &[Role::Admin]),
            ]),
            "Admin through A and 2 more; Billing through B"
        );
    }
}
