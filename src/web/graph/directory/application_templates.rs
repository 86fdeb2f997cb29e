//! `/applicationTemplates`: the gallery, and making an application of one of its templates.

use actix_web::web;
use serde_json::{Value, json};

use super::super::answer::context_of;
use super::super::body::{self, Sent};
use super::super::call::{Answered, Call, Reply};
use super::super::failure::GraphFailure;
use super::page;
use super::permissions::WRITE_APPLICATIONS;
use super::query::{Noun, Query, spelled};
use super::refused::{refused, unknown};
use crate::directory::registrations;
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::mapping::entra::{self, Preset};
use crate::model::Application;
use crate::store::{Reads, directory as rows, jobs};
use crate::sync::applications::{self, Ids};
use crate::sync::jobs::Template;

type Result<T> = std::result::Result<T, GraphFailure>;

/// Ids of templates. That of an application outside the gallery is Microsoft's; the others are this gallery's own.
const IDS: [(&str, &str); 5] = [
    ("non-gallery", "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"),
    ("postman-2025", "6b3f9f2e-5c0d-4b7e-9a51-2f1c7d6e0a25"),
    ("postman-2024", "6b3f9f2e-5c0d-4b7e-9a51-2f1c7d6e0a24"),
    ("postman-2022", "6b3f9f2e-5c0d-4b7e-9a51-2f1c7d6e0a22"),
    (entra::INBOUND, "ea9c1f52-3f0b-4c4d-8d1e-0c5f2a7b9e61"),
];

const PROPERTIES: &[&str] = &[
    "id",
    "categories",
    "description",
    "displayName",
    "homePageUrl",
    "logoUrl",
    "publisher",
    "supportedProvisioningTypes",
    "supportedSingleSignOnModes",
];

const NOUN: Noun = Noun {
    type_name: "applicationTemplate",
    property: |name| spelled(PROPERTIES, name),
    expands: &[],
    orders: &["displayName"],
    searched: &["displayName"],
};

/// What an application is made of.
#[derive(Clone, Copy)]
enum Made {
    Of(&'static Preset),
    Inbound,
}

impl Made {
    fn all() -> impl Iterator<Item = Self> {
        Preset::ALL.into_iter().map(Self::Of).chain([Self::Inbound])
    }

    fn name(self) -> &'static str {
        match self {
            Self::Of(preset) => preset.id,
            Self::Inbound => entra::INBOUND,
        }
    }

    fn id(self) -> &'static str {
        id_of(self.name())
    }

    fn describe(self) -> Value {
        let (title, publisher, notes, kind) = match self {
            Self::Of(preset) if preset == Preset::NON_GALLERY => {
                ("Custom", "", preset.notes.join(" "), "sync")
            }
            Self::Of(preset) => (preset.title, "Postman", preset.notes.join(" "), "sync"),
            Self::Inbound => (
                Preset::INBOUND.title,
                "Microsoft Corporation",
                "Takes people from any system of record that can send a SCIM bulk request."
                    .to_owned(),
                "inbound",
            ),
        };
        json!({
            "id": self.id(),
            "categories": [],
            "description": notes,
            "displayName": title,
            "homePageUrl": null,
            "logoUrl": null,
            "publisher": publisher,
            "supportedProvisioningTypes": [kind],
            "supportedSingleSignOnModes": [],
        })
    }

    fn find(id: &str) -> Result<Self> {
        Self::all()
            .find(|made| made.id().eq_ignore_ascii_case(id))
            .ok_or_else(|| unknown(id))
    }
}

fn id_of(name: &str) -> &'static str {
    let known = IDS.iter().find(|(known, _)| *known == name);
    known.map_or(IDS[0].1, |(_, id)| id)
}

/// The template that an application was made of, as far as its job says so.
///
/// # Errors
/// The store's.
pub(super) fn of(tx: &impl Reads, tenant: Seq, application: &Application) -> Result<Guid> {
    let job = jobs::of_application(tx, tenant, application.seq)?;
    let name = job.and_then(|job| job.template);
    let id = id_of(name.as_deref().unwrap_or_default());
    Ok(id.parse().unwrap_or(Guid::ZERO))
}

/// A page of templates.
pub(super) async fn list(call: Call) -> Answered {
    let query = Query::of(&call, &NOUN)?;
    let all = Made::all().map(|made| (made.id().to_owned(), made.describe()));
    let body = page::whole(&call, "applicationTemplates", &query, all.collect())?;
    Ok(Reply::ok(&body))
}

/// One of them.
pub(super) async fn get(call: Call, path: web::Path<(String, String)>) -> Answered {
    let query = Query::of(&call, &NOUN)?;
    let full = Made::find(&path.1)?.describe();
    let body = page::one(&call, "applicationTemplates", &query, full);
    Ok(Reply::ok(&body))
}

/// Makes an application of a template, with its job. A client that may only change its own owns it.
pub(super) async fn instantiate(
    call: Call,
    path: web::Path<(String, String)>,
    sent: Sent,
) -> Answered {
    let operator = call.may_somewhere(WRITE_APPLICATIONS)?;
    let owns = !call.client.has(WRITE_APPLICATIONS.everywhere);
    let made = Made::find(&path.1)?;
    let body = body::object(sent)?;
    let Some(Value::String(name)) = body.get("displayName").cloned() else {
        return Err(refused(
            "A value is required for property 'displayName' of resource 'ApplicationTemplate'.",
        ));
    };
    let (client, ids, now) = (call.client.clone(), Ids::random(), call.app.now());
    let row = call.write(move |tx| {
        let created = match made {
            Made::Of(preset) => {
                let template = Template::Of(preset);
                applications::create(tx, &operator, client.tenant, template, &name, ids, now)
            }
            Made::Inbound => {
                applications::create_inbound(tx, &operator, client.tenant, &name, ids, now)
            }
        };
        let (application, _) = created.map_err(|error| match error {
            Error::Field { .. } => refused(
                "Invalid value specified for property 'displayName' of resource 'Application'.",
            ),
            other => other.into(),
        })?;
        if owns {
            let (tenant, client) = (client.tenant, client.registration);
            registrations::set_owner(tx, &operator, tenant, client, application.seq, true)?;
        }
        Ok(application.seq)
    });
    let row = row.await?;
    let body = call.read(move |call, tx| {
        let found = rows::application(tx, call.client.tenant, row)?;
        let found = found.ok_or_else(|| unknown("application"))?;
        Ok(json!({
            "@odata.context": context_of(call, "microsoft.graph.applicationServicePrincipal"),
            "application": super::applications::stored(call, tx, &found)?,
            "servicePrincipal": super::service_principals::stored(call, tx, &found)?,
        }))
    });
    Ok(Reply::created(&body.await?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_template_has_an_id_of_its_own() {
        let ids: BTreeSet<_> = Made::all().map(Made::id).collect();
        assert_eq!(ids.len(), Made::all().count());
        assert_eq!(ids.len(), IDS.len());
        for (name, id) in IDS {
            assert!(id.parse::<Guid>().is_ok(), "{id}");
            assert!(Made::all().any(|made| made.name() == name), "{name}");
            assert_eq!(Made::find(id).unwrap().name(), name);
        }
    }
}
