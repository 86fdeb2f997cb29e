//! *Review your schema here*: the schema of a job, downloaded, replaced as a whole, restored.

pub(in crate::web::rooms) mod attribute_list;
mod findings;
mod upload;

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde::Deserialize;

pub(in crate::web::rooms::entra) use findings::findings;
use upload::{Sent, receive};

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::entra::applications::{ApplicationTab, tabs};
use super::super::super::console::entra::schema::{PathProblem, SchemaPage};
use super::super::super::console::list::encoded;
use super::super::super::console::parts::{Fact, Link, Tab, counted};
use super::super::super::console::{Page, Room};
use super::super::super::failure::PageFailure;
use super::super::{Answered, Done, act, page as answer, show};
use super::{application_address, application_at, effect, job_of};
use crate::error::{Error, Result};
use crate::mapping::entra::schema::{API_DIRECTORY, SchemaErrors, document, export};
use crate::mapping::entra::{AttributeDefinition, ObjectMapping};
use crate::model::{Application, Direction, Job, ObjectKind};
use crate::store::Reads;
use crate::store::jobs::JobKey;
use crate::sync::schema;

/// Longest pasted text that is shown again, in bytes.
const SHOWN: usize = 256 << 10;

/// What these pages read.
struct Loaded {
    application: Application,
    key: JobKey,
    job: Job,
}

impl Loaded {
    fn read(tx: &impl Reads, application: &str) -> Result<Self> {
        let (tenant, application) = application_at(tx, application)?;
        let tenant = tenant.seq;
        let (key, job) = job_of(tx, tenant, &application)?;
        Ok(Self {
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

    fn base(&self) -> String {
        format!("{}/provisioning", application_address(&self.application))
    }

    fn mapping(&self, kind: ObjectKind) -> &ObjectMapping {
        match kind {
            ObjectKind::User => &self.job.rules.users,
            ObjectKind::Group => &self.job.rules.groups,
        }
    }

    /// Name of the target directory: `customappsso`, or that of the gallery application.
    fn directory(&self) -> &str {
        self.job.rules.target_directory()
    }

    /// The attribute list that can be edited: what the target takes, and of an inbound job what clients upload.
    fn list_of<'m>(&self, mapping: &'m ObjectMapping) -> &'m [AttributeDefinition] {
        match self.job.direction {
            Direction::Outbound => mapping.target_definitions(),
            Direction::Inbound => mapping.source_definitions(),
        }
    }

    /// Whose list that is.
    fn list_owner(&self) -> &str {
        list_owner(&self.job)
    }

    fn tabs(&self) -> Vec<Tab> {
        tabs(
            &application_address(&self.application),
            self.job.direction,
            ApplicationTab::Mappings,
        )
    }

    fn page(&self, who: &Who, title: &str) -> Page {
        who.page(Room::Applications, title)
            .under("Enterprise applications", "/entra/applications")
            .under(
                &self.application.display_name,
                application_address(&self.application),
            )
    }

    /// A page below *Schema*.
    fn below(&self, who: &Who, title: &str) -> Page {
        self.page(who, title)
            .under("Schema", format!("{}/schema", self.base()))
    }
}

/// Name of the directory whose attribute list can be edited.
pub(in crate::web::rooms::entra) fn list_owner(job: &Job) -> &str {
    match job.direction {
        Direction::Outbound => job.rules.target_directory(),
        Direction::Inbound => API_DIRECTORY,
    }
}

/// The page.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| Ok(view(&Loaded::read(tx, &id)?, &who))).await
}

fn view(loaded: &Loaded, who: &Who) -> SchemaPage {
    let (job, base) = (&loaded.job, loaded.base());
    let preset = schema::defaults(job);
    let version = match job.rules.version.as_str() {
        "" => "As created",
        version => version,
    };
    let list = |words: &str, word: &str| {
        Link::new(
            format!("Edit attribute list for {}: {words}", loaded.list_owner()),
            format!("{base}/mappings/{word}/attribute-list"),
        )
    };
    SchemaPage {
        page: loaded.page(who, "Schema"),
        tabs: loaded.tabs(),
        facts: vec![
            Fact::code("Schema ID", &job.id),
            Fact::text("Version", version),
            Fact::code("Target directory", loaded.directory()),
            Fact::text(
                "Default mappings",
                format!("{}, {}", preset.title, preset.date),
            ),
        ],
        notes: preset.notes.iter().map(|note| (*note).to_owned()).collect(),
        download: format!("{base}/schema/download"),
        action: format!("{base}/schema"),
        revision: job.rules.version.clone(),
        pasted: String::new(),
        refused: String::new(),
        problems: Vec::new(),
        restore: format!("{base}/schema/restore"),
        lists: match job.direction {
            Direction::Outbound => vec![list("users", "users"), list("groups", "groups")],
            Direction::Inbound => vec![list("users", "users")],
        },
        findings: findings(job, &base, None),
    }
}

/// *Download*: the JSON that `GET .../schema` of Graph answers.
pub(in crate::web::rooms) async fn download(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    drop(signed);
    let (name, text) = app
        .run::<_, PageFailure, _>(move |app| {
            let loaded = Loaded::read(&app.store.read()?, &id)?;
            let json = export(&loaded.job.rules, &schema::identity(&loaded.job, None));
            Ok((
                format!("{}-schema.json", loaded.job.id),
                format!("{json:#}\n"),
            ))
        })
        .await?;
    let attachment = format!("attachment; filename=\"{name}\"");
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((header::CONTENT_DISPOSITION, attachment))
        .body(text))
}

/// *Upload*.
pub(in crate::web::rooms) async fn upload(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    form: Multipart,
) -> Answered {
    let id = id.into_inner();
    let sent = receive(form).await?;
    // Reading takes milliseconds for the longest file, and is done on the blocking pool.
    let named = id.clone();
    let (sent, read) = app
        .run::<_, Error, _>(move |app| {
            let job = Loaded::read(&app.store.read()?, &named)?.job;
            let text = sent.text();
            let read = text.and_then(|text| schema::import(&job, &document(&text)?));
            Ok((sent, read))
        })
        .await?;
    let rules = match read {
        Ok(rules) => rules,
        Err(errors) => return refused(&app, signed, id, &sent, &errors).await,
    };
    let back = format!("/entra/applications/{}/provisioning/schema", encoded(&id));
    act(&app, signed, back, move |tx, who, now| {
        let key = Loaded::read(tx, &id)?.key;
        let seen = Some(sent.revision.as_str());
        let job = schema::set_schema(tx, who.operator()?, key, rules, seen, now)?;
        let next = effect(job.direction).after;
        Ok(Done::new("The schema is replaced.", next))
    })
    .await
}

/// The page again, with what is wrong.
async fn refused(
    app: &App,
    signed: SignedIn,
    id: String,
    sent: &Sent,
    errors: &SchemaErrors,
) -> Answered {
    let who = signed.for_page();
    let loaded = app.read(move |tx| Loaded::read(tx, &id)).await?;
    let problems: Vec<PathProblem> = errors
        .problems()
        .iter()
        .map(|problem| PathProblem {
            path: problem.path.clone(),
            reason: problem.reason.clone(),
        })
        .collect();
    let count = counted(problems.len() as u64, "problem", "problems");
    let page = SchemaPage {
        refused: format!("It has {count}. Nothing was changed."),
        problems,
        pasted: sent.pasted_text(SHOWN),
        revision: sent.revision.clone(),
        ..view(&loaded, &who)
    };
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// The version that somebody saw.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Seen {
    revision: String,
}

/// Asks before the default mappings are restored.
pub(in crate::web::rooms) async fn ask_restore(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let loaded = Loaded::read(tx, &id)?;
        let preset = schema::defaults(&loaded.job);
        let rules = preset.rules();
        let schema = format!("{}/schema", loaded.base());
        let revision = encoded(&loaded.job.rules.version);
        Ok(ConfirmPage {
            page: loaded.below(&who, "Restore default mappings?"),
            lead: format!("The mappings become those of {} again.", preset.title),
            consequences: vec![
                match loaded.job.direction {
                    Direction::Outbound => format!(
                        "{} of users and {} of groups take the place of all present ones.",
                        counted(rules.users.attributes.len() as u64, "mapping", "mappings"),
                        counted(rules.groups.attributes.len() as u64, "mapping", "mappings"),
                    ),
                    Direction::Inbound => format!(
                        "{} of users take the place of all present ones.",
                        counted(rules.users.attributes.len() as u64, "mapping", "mappings"),
                    ),
                },
                "Scoping filters, target object actions and changed attribute lists are lost. Download the schema first to keep them.".into(),
                effect(loaded.job.direction).after.into(),
            ],
            danger: true,
            ask: None,
            action: format!("{schema}/restore?revision={revision}"),
            submit: "Restore default mappings".into(),
            cancel: schema,
        })
    })
    .await
}

/// *Restore default mappings*.
pub(in crate::web::rooms) async fn restore(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    seen: web::Query<Seen>,
) -> Answered {
    let id = id.into_inner();
    let back = format!("/entra/applications/{}/provisioning/schema", encoded(&id));
    act(&app, signed, back, move |tx, who, now| {
        let key = Loaded::read(tx, &id)?.key;
        let operator = who.operator()?;
        let job = schema::restore_defaults(tx, operator, key, Some(&seen.revision), now)?;
        let next = effect(job.direction).after;
        Ok(Done::new("The default mappings are restored.", next))
    })
    .await
}

/// The kind of objects that an address names.
fn kind_of(word: &str) -> Result<ObjectKind> {
    match word {
        "users" => Ok(ObjectKind::User),
        "groups" => Ok(ObjectKind::Group),
        _ => Err(Error::not_found("Page", "")),
    }
}
