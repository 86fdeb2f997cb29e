//! *Dashboard*: the org at a glance.

use actix_web::web;

use super::{org_at, org_id, system_log};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::okta::Org;
use crate::store::okta::events::{self, Order};
use crate::store::okta::{apps, groups, tasks, users};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::Room;
use crate::web::console::list::Empty;
use crate::web::console::okta::dashboard::{DashboardPage, Figure, Glance};
use crate::web::console::parts::{Fact, Link, counted, thousands};
use crate::web::rooms::{Answered, exact, show};

/// Events on the page.
const EVENTS: usize = 8;

/// The page.
pub(in crate::web::rooms) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, now)).await
}

fn load(tx: &Snapshot, who: &Who, now: Timestamp) -> Result<DashboardPage> {
    let org = match who.org() {
        Some(org) => Some(glance(tx, &org_at(tx, org)?, now)?),
        None => None,
    };
    Ok(DashboardPage {
        page: who.page(Room::OktaDashboard, "Dashboard"),
        orgs: super::orgs::HERE.into(),
        tokens: match who.org() {
            Some(_) => super::tokens::HERE.into(),
            None => String::new(),
        },
        org,
        empty: Empty::new(
            "No org yet",
            "An org has its own people, groups and applications.",
            Link::new("Create org", super::orgs::NEW),
        ),
    })
}

fn figure(count: u64, one: &str, many: &str, room: Room) -> Figure {
    Figure {
        number: thousands(count),
        of: Link::new(if count == 1 { one } else { many }, room.href()),
        bad: false,
        zero: count == 0,
    }
}

fn glance(tx: &impl Reads, org: &Org, now: Timestamp) -> Result<Glance> {
    let people = users::count(tx, org.seq)?;
    let applications = apps::all(tx, org.seq)?;
    let waiting = tasks::count(tx, org.seq)?;
    let newest = events::search(
        tx,
        org.seq,
        Order::NewestFirst,
        None,
        (EVENTS, EVENTS),
        |_| true,
    )?;
    let step = |text: &str, room: Room, how: String| (Link::new(text, room.href()), how);
    let configured = applications.iter().filter(|app| app.provisions()).count();
    Ok(Glance {
        figures: vec![
            figure(people, "person", "people", Room::OktaPeople),
            figure(
                groups::count(tx, org.seq)?,
                "group",
                "groups",
                Room::OktaGroups,
            ),
            figure(
                applications.len() as u64,
                "application",
                "applications",
                Room::OktaApplications,
            ),
            Figure {
                bad: waiting > 0,
                ..figure(waiting, "task", "tasks", Room::OktaTasks)
            },
        ],
        steps: vec![
            step(
                "Add people",
                Room::OktaPeople,
                match people {
                    0 => "Nobody is in this org yet.".into(),
                    n => format!("{} so far.", counted(n, "person", "people")),
                },
            ),
            step(
                "Configure an application",
                Room::OktaApplications,
                match configured {
                    0 => "No API integration is enabled yet.".into(),
                    n => format!(
                        "{} enabled.",
                        counted(n as u64, "API integration", "API integrations")
                    ),
                },
            ),
            step(
                "Look at what failed",
                Room::OktaTasks,
                match waiting {
                    0 => "No task waits.".into(),
                    n => format!("{} for somebody.", counted(n, "task waits", "tasks wait")),
                },
            ),
        ],
        facts: vec![
            Fact::text("Name", &org.name),
            Fact::text("Subdomain", &org.subdomain),
            Fact::code("Org ID", org_id(tx, org.seq).to_string()),
            Fact::text("Created", exact(org.created)),
        ],
        events: newest
            .events
            .iter()
            .map(|event| system_log::row(tx, org, event, now))
            .collect(),
        log: Room::SystemLog.href().into(),
    })
}
