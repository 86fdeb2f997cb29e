//! *Mappings*: the list of object mappings, and what its pages share.
//!
//! What a mapping gives for somebody is computed by `sync::preview`, and changes go through `sync::rules`: nothing of
//! either is decided here.

pub(in crate::web::rooms) mod attribute;
mod attribute_form;
pub(in crate::web::rooms) mod object;
mod person;
mod person_view;
pub(in crate::web::rooms) mod scope;
mod scope_form;
mod scope_preview;
mod subject;

use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::mappings::{MappingsPage, ObjectMappingRow};
use super::super::super::console::entra::schema::FindingLine;
use super::super::super::console::parts::{Link, Pill, Tab, Tone, counted};
use super::super::super::console::{Page, Room};
use super::super::{Answered, show};
use super::{application_address, application_at, effect, job_of};
use crate::error::{Error, Result};
use crate::mapping::entra::{Actions, ObjectMapping};
use crate::model::{Application, Direction, Job, ObjectKind, Scope, Tenant};
use crate::store::Reads;
use crate::store::jobs::JobKey;

/// What every page of mappings reads.
struct Loaded {
    tenant: Tenant,
    application: Application,
    key: JobKey,
    job: Job,
}

impl Loaded {
    fn read(tx: &impl Reads, application: &str) -> Result<Self> {
        let (tenant, application) = application_at(tx, application)?;
        let (key, job) = job_of(tx, tenant.seq, &application)?;
        Ok(Self {
            tenant,
            application,
            key,
            job,
        })
    }

    /// For a page of the mapping of a kind, which an inbound job has only one of.
    fn of_kind(tx: &impl Reads, application: &str, kind: ObjectKind) -> Result<Self> {
        let loaded = Self::read(tx, application)?;
        super::has_mapping(&loaded.job, kind)?;
        Ok(loaded)
    }

    fn mapping(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.job.rules.users,
            ObjectKind::Group => &self.job.rules.groups,
        }
    }

    /// Address of the list.
    fn here(&self) -> String {
        mappings_address(&self.application)
    }

    /// Address of the mapping of a kind.
    fn object(&self, kind: ObjectKind) -> String {
        format!("{}/{}", self.here(), word(kind))
    }

    /// A page below the list.
    fn below(&self, who: &Who, title: &str) -> Page {
        who.page(Room::Applications, title)
            .under("Enterprise applications", "/entra/applications")
            .under(
                &self.application.display_name,
                application_address(&self.application),
            )
            .under("Mappings", self.here())
    }

    /// A page below the mapping of a kind.
    fn within(&self, who: &Who, kind: ObjectKind, title: &str) -> Page {
        self.below(who, title)
            .under(&self.mapping(kind).name, self.object(kind))
    }

    /// What is to be said of the mapping of a kind.
    fn findings(&self, kind: ObjectKind) -> Vec<FindingLine> {
        let base = format!("{}/provisioning", application_address(&self.application));
        super::schema::findings(&self.job, &base, Some(kind))
    }

    /// *Show advanced options*.
    fn advanced(&self, kind: ObjectKind) -> Vec<Link> {
        let directory = super::schema::list_owner(&self.job);
        let base = application_address(&self.application);
        vec![
            Link::new(
                format!("Edit attribute list for {directory}"),
                format!("{}/attribute-list", self.object(kind)),
            ),
            Link::new(
                "Review your schema here",
                format!("{base}/provisioning/schema"),
            ),
        ]
    }

    fn tabs(&self) -> Vec<Tab> {
        let base = application_address(&self.application);
        tabs(&base, self.job.direction, ApplicationTab::Mappings)
    }
}

/// Address of the list of an application.
pub(super) fn mappings_address(application: &Application) -> String {
    format!("{}/provisioning/mappings", application_address(application))
}

/// The word of addresses.
pub(super) const fn word(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "users",
        ObjectKind::Group => "groups",
    }
}

fn kind_of(word: &str) -> Result<ObjectKind> {
    match word {
        "users" => Ok(ObjectKind::User),
        "groups" => Ok(ObjectKind::Group),
        _ => Err(Error::not_found("Page", "")),
    }
}

/// A place in a list, from 0, as addresses write it.
fn place(text: &str) -> Result<usize> {
    text.parse().map_err(|_| Error::not_found("Page", ""))
}

/// `1 person`, `12 groups`.
fn counted_objects(kind: ObjectKind, count: u64) -> String {
    match kind {
        ObjectKind::User => counted(count, "person", "people"),
        ObjectKind::Group => counted(count, "group", "groups"),
    }
}

/// *Enabled* or *Disabled*.
fn status(mapping: &ObjectMapping) -> Pill {
    if mapping.enabled {
        Pill::new(Tone::Good, "Enabled")
    } else {
        Pill::new(Tone::Quiet, "Disabled")
    }
}

/// What the scoping filters come to, in a few words.
fn scope_words(loaded: &Loaded, kind: ObjectKind) -> Link {
    let text = match loaded.mapping(kind).scope.len() {
        0 if loaded.job.direction == Direction::Inbound => "All uploaded users".to_owned(),
        0 => format!(
            "{} {}",
            match loaded.job.scope {
                Scope::All => "All",
                Scope::AssignedOnly => "All assigned",
            },
            word(kind)
        ),
        filters => counted(filters as u64, "scoping filter", "scoping filters"),
    };
    Link::new(text, format!("{}/scope", loaded.object(kind)))
}

/// What may be done in the target; what is uploaded deletes nobody.
fn actions_words(actions: Actions, direction: Direction) -> String {
    let deletes = actions.delete && direction == Direction::Outbound;
    let words: Vec<&str> = [
        (actions.create, "Create"),
        (actions.update, "Update"),
        (deletes, "Delete"),
    ]
    .into_iter()
    .filter_map(|(on, word)| on.then_some(word))
    .collect();
    if words.is_empty() {
        "None".to_owned()
    } else {
        words.join(", ")
    }
}

fn lead(direction: Direction) -> String {
    let how = match direction {
        Direction::Outbound => {
            "How objects of the directory become users and groups of the target."
        }
        Direction::Inbound => "How SCIM users that are uploaded become users of the directory.",
    };
    format!("{how} {}", effect(direction).before)
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let loaded = Loaded::read(tx, &id)?;
        let row = |kind: ObjectKind| {
            let mapping = loaded.mapping(kind);
            ObjectMappingRow {
                name: Link::new(&mapping.name, loaded.object(kind)),
                status: status(mapping),
                attributes: counted(mapping.attributes.len() as u64, "attribute", "attributes"),
                scope: scope_words(&loaded, kind),
                actions: actions_words(mapping.actions, loaded.job.direction),
            }
        };
        Ok(MappingsPage {
            page: super::applications::frame(&who, &loaded.application),
            tabs: loaded.tabs(),
            lead: lead(loaded.job.direction),
            rows: [ObjectKind::User, ObjectKind::Group]
                .into_iter()
                .filter(|kind| super::has_mapping(&loaded.job, *kind).is_ok())
                .map(row)
                .collect(),
        })
    })
    .await
}
