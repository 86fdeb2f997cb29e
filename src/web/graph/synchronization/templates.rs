//! Templates: what the gallery has, by the ids that jobs are made with (entra.md 6.1 and 6.6).

use actix_web::web;
use serde_json::{Value, json};

use super::super::call::{Answered, Call};
use super::super::failure::GraphFailure;
use super::odata;
use super::place::{Need, Place};
use crate::access::Operator;
use crate::error;
use crate::id::{Guid, Seq};
use crate::mapping::entra::schema::{SchemaIdentity, export};
use crate::mapping::entra::{Preset, SynchronizationRules};
use crate::model::{Direction, Job};
use crate::store::Write;
use crate::sync::jobs;

/// `templateId` of an application that is not from the gallery.
const CUSTOM: &str = "scim";
/// `templateId` of API-driven provisioning.
const INBOUND: &str = "API2AAD";

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Template {
    /// `id`.
    pub(super) id: &'static str,
    factory_tag: &'static str,
    preset: &'static Preset,
}

/// Every template: the gallery's, then that of inbound jobs.
pub(super) fn all() -> impl Iterator<Item = Template> {
    let of = |preset: &'static Preset| {
        let custom = preset == Preset::NON_GALLERY;
        Template {
            id: if custom { CUSTOM } else { preset.id },
            factory_tag: if custom { "CustomSCIM" } else { preset.id },
            preset,
        }
    };
    Preset::ALL.into_iter().map(of).chain([Template {
        id: INBOUND,
        factory_tag: INBOUND,
        preset: Preset::INBOUND,
    }])
}

/// The template of this id, in any case.
pub(super) fn find(id: &str) -> Option<Template> {
    all().find(|template| template.id.eq_ignore_ascii_case(id))
}

/// `templateId` of a job.
pub(super) fn of_job(job: &Job) -> &'static str {
    match (
        job.direction,
        job.template.as_deref().and_then(Preset::find),
    ) {
        (Direction::Inbound, _) => INBOUND,
        (Direction::Outbound, Some(preset)) if preset != Preset::NON_GALLERY => preset.id,
        (Direction::Outbound, _) => CUSTOM,
    }
}

impl Template {
    /// The mappings that a job begins with.
    pub(super) fn rules(self) -> SynchronizationRules {
        self.preset.rules()
    }

    /// Makes a job of it.
    ///
    /// # Errors
    /// As [`jobs::create`].
    pub(super) fn create(
        self,
        tx: &Write<'_>,
        operator: &Operator,
        tenant: Seq,
        application: Seq,
        id: Guid,
    ) -> error::Result<Job> {
        if self.preset == Preset::INBOUND {
            return jobs::create_inbound(tx, operator, tenant, application, id);
        }
        let template = jobs::Template::Of(self.preset);
        jobs::create(tx, operator, tenant, application, template, id)
    }

    fn json(self, default: bool) -> Value {
        let fields = if self.preset == Preset::INBOUND {
            json!([])
        } else {
            json!([{ "name": "baseaddress" }, { "name": "secrettoken", "secret": true }])
        };
        json!({
            "id": self.id,
            "applicationId": Guid::ZERO.to_string(),
            "default": default,
            "description": self.preset.title,
            "discoverable": true,
            "factoryTag": self.factory_tag,
            "metadata": [
                { "key": "isOAuthEnabled", "value": "False" },
                { "key": "isSynchronizationInPreview", "value": "False" },
                { "key": "configurationFields", "value": fields.to_string() },
            ],
        })
    }

    fn schema(self) -> Value {
        let identity = SchemaIdentity {
            id: format!("{}.{:032}.{}", self.id, 0, Guid::ZERO),
            target_directory_id: Guid::ZERO.to_string(),
            context: None,
        };
        export(&self.rules(), &identity)
    }
}

fn context_of(place: &Place) -> String {
    format!(
        "servicePrincipals('{}')/synchronization/templates",
        place.application.id
    )
}

/// `templateId` of the application's job, or that of an application of one's own.
async fn place(call: &Call, principal: String) -> Result<(Place, &'static str), GraphFailure> {
    call.read(move |call, tx| {
        let place = Place::of(call, tx, &principal, Need::Read)?;
        let default = place.job(call, tx)?.map_or(CUSTOM, |job| of_job(&job));
        Ok((place, default))
    })
    .await
}

fn named(id: &str) -> Result<Template, GraphFailure> {
    find(id).ok_or_else(|| GraphFailure::unknown(id))
}

/// All templates; the one of the application's job is the default.
pub(super) async fn list(call: Call, path: web::Path<(String, String)>) -> Answered {
    let (_, principal) = path.into_inner();
    let (place, default) = place(&call, principal).await?;
    let all = all().map(|template| template.json(template.id == default));
    odata::collection(&call, &context_of(&place), all.collect())
}

/// A template.
pub(super) async fn get(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (_, principal, id) = path.into_inner();
    let (place, default) = place(&call, principal).await?;
    let template = named(&id)?;
    let mut json = template.json(template.id == default);
    if odata::expands(&call, "schema") {
        json["schema"] = template.schema();
    }
    let context = format!("{}/$entity", context_of(&place));
    Ok(odata::entity(&call, &context, json))
}

/// The schema that jobs of a template begin with.
pub(super) async fn schema(call: Call, path: web::Path<(String, String, String)>) -> Answered {
    let (_, principal, id) = path.into_inner();
    let (place, _) = place(&call, principal).await?;
    let template = named(&id)?;
    let context = format!("{}('{}')/schema/$entity", context_of(&place), template.id);
    Ok(odata::entity(&call, &context, template.schema()))
}
