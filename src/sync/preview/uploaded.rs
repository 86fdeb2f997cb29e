//! The same for an inbound job: what its mappings make of somebody who was uploaded lately.
//!
//! An inbound job has no directory to read people from: those of its latest uploads stand for them. Whom somebody is
//! matched with is found out when an upload is worked off, so a preview says only by what.

use serde_json::{Map, Value as Json, json};

use super::{FilterPreview, RowPreview, filters_of, rows_of};
use crate::directory::inbound::BulkRequest;
use crate::error::Result;
use crate::mapping::entra::{Context, Purpose, Source, Standing, source_of_scim_user};
use crate::model::Job;
use crate::store::jobs::JobKey;
use crate::store::{Reads, inbound};

/// Uploads that are looked back on; each has at most 50 people.
const UPLOADS: usize = 20;

/// Somebody of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Uploaded {
    /// `externalId`, which is never empty.
    pub anchor: String,
    /// `displayName`, or the anchor.
    pub display_name: String,
    /// `userName`; may be empty.
    pub user_name: String,
    /// Source attributes with their values.
    pub source: Source,
}

impl Uploaded {
    fn of(data: &Map<String, Json>) -> Option<Self> {
        let source = source_of_scim_user(data);
        let text = |name: &str| source.get(name).as_text().unwrap_or_default().to_owned();
        let (anchor, user_name) = (text("externalId"), text("userName"));
        let mut display_name = text("displayName");
        if anchor.trim().is_empty() {
            return None;
        }
        if display_name.is_empty() {
            display_name.clone_from(&anchor);
        }
        Some(Self {
            anchor,
            display_name,
            user_name,
            source,
        })
    }

    /// Somebody to look at before anything was uploaded.
    fn sample() -> Option<Self> {
        let data = json!({
            "externalId": "701000", "userName": "sam.sample@contoso.example",
            "displayName": "Sam Sample", "name": { "givenName": "Sam", "familyName": "Sample" },
            "title": "Tour Guide", "active": true, "preferredLanguage": "en-US",
            "emails": [{ "value": "sam.sample@contoso.example", "type": "work", "primary": true }],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "department": "Tour Operations", "employeeNumber": "701000",
            },
        });
        Self::of(data.as_object()?)
    }

    fn has(&self, needle: &str) -> bool {
        [&self.anchor, &self.display_name, &self.user_name]
            .iter()
            .any(|text| text.to_lowercase().contains(needle))
    }
}

/// People of the latest uploads in whose number or names `query` stands, the newest first, each once; at most `limit`.
///
/// # Errors
/// The store's.
pub fn uploaded(tx: &impl Reads, key: JobKey, query: &str, limit: usize) -> Result<Vec<Uploaded>> {
    let needle = query.trim().to_lowercase();
    let mut found: Vec<Uploaded> = Vec::new();
    for upload in inbound::newest(tx, key, None, UPLOADS)? {
        let body = inbound::body(tx, key, upload.seq)?.unwrap_or_default();
        let Ok(request) = BulkRequest::parse(body.as_bytes()) else {
            continue;
        };
        for operation in request.operations.iter().rev() {
            let Some(somebody) = Uploaded::of(&operation.data) else {
                continue;
            };
            let known = found.iter().any(|known| known.anchor == somebody.anchor);
            if !known && somebody.has(&needle) {
                found.push(somebody);
            }
            if found.len() >= limit {
                return Ok(found);
            }
        }
    }
    Ok(found)
}

/// Whoever has this `externalId`, else the first in whom the text stands, else the latest, else a sample.
///
/// # Errors
/// The store's.
pub fn uploaded_choice(tx: &impl Reads, key: JobKey, text: &str) -> Result<Option<Uploaded>> {
    let found = uploaded(tx, key, text, usize::MAX)?;
    let exact = found.iter().find(|one| one.anchor == text.trim());
    if let Some(one) = exact.or_else(|| found.first()) {
        return Ok(Some(one.clone()));
    }
    let latest = uploaded(tx, key, "", 1)?.into_iter().next();
    Ok(latest.or_else(Uploaded::sample))
}

/// What an inbound job makes of somebody.
#[derive(Debug, Clone)]
pub struct UploadedPreview {
    /// One for every attribute mapping, in their order.
    pub rows: Vec<RowPreview>,
    /// What the filters say.
    pub standing: Standing,
    /// The filters.
    pub filters: Vec<FilterPreview>,
    /// Target attributes that somebody is looked for by, with the values, in their order.
    pub matching: Vec<(String, Option<String>)>,
}

/// The preview of somebody.
pub fn preview_uploaded(job: &Job, somebody: &Uploaded, context: &Context) -> UploadedPreview {
    let (mapping, source) = (&job.rules.users, &somebody.source);
    let created = mapping.map(source, context, Purpose::Create);
    let updated = mapping.map(source, context, Purpose::Update);
    let matching = mapping.matching().into_iter().map(|matching| {
        let value = created.get(&matching.target);
        let text = value.and_then(|found| found.value.as_text());
        (matching.target.to_string(), text.map(str::to_owned))
    });
    UploadedPreview {
        matching: matching.collect(),
        standing: mapping.standing(source).standing,
        filters: filters_of(mapping, source),
        rows: rows_of(mapping, &created, &updated),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Computed, trial};
    use super::*;
    use crate::access::Operator;
    use crate::clock::Timestamp;
    use crate::directory::tenants::{self, TenantName};
    use crate::id::{Guid, Seq};
    use crate::mapping::entra::{Computation, Expression, MappingSource};
    use crate::model::Upload;
    use crate::store::Store;
    use crate::sync::applications::{self, Ids};

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);
    const CODE: &str = "urn:ietf:params:scim:schemas:extension:csv:1.0:User";

    fn user(anchor: &str, name: &str) -> Json {
        json!({
            "method": "POST", "bulkId": anchor, "path": "/Users",
            "data": {
                "schemas": [], "externalId": anchor, "userName": format!("{anchor}@x.example"),
                "displayName": name, "title": "Tour Lead", CODE: { "JobCode": "TL-1001" },
            },
        })
    }

    fn prepared() -> (Store, JobKey, Job) {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        let name = TenantName {
            name: "Contoso".into(),
            domain: "contoso.example".into(),
        };
        let (job, key) = store
            .write(move |tx| {
                let tenant = tenants::create(tx, &operator, &name, Guid::ZERO, NOW)?.seq;
                let (_, job) =
                    applications::create_inbound(tx, &operator, tenant, "HR", Ids::random(), NOW)?;
                let key = JobKey {
                    tenant,
                    job: job.seq,
                };
                for people in [["1", "Ann"], ["2", "Bob"], ["1", "Anna"]] {
                    let body = json!({
                        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
                        "Operations": [user(people[0], people[1])],
                    });
                    let upload = Upload::new(Guid::ZERO, NOW, "HR", 1);
                    inbound::append(tx, key, upload, &body.to_string())?;
                }
                Ok::<_, crate::error::Error>((job, key))
            })
            .unwrap();
        (store, key, job)
    }

    #[test]
    fn people_of_the_latest_uploads_are_found_and_each_once() {
        let (store, key, _) = prepared();
        let tx = store.read().unwrap();
        let names = |query: &str| -> Vec<String> {
            let found = uploaded(&tx, key, query, 10).unwrap();
            found.into_iter().map(|one| one.display_name).collect()
        };
        assert_eq!(names(""), ["Anna", "Bob"]);
        assert_eq!(names("BOB"), ["Bob"]);
        assert_eq!(names("nobody"), [""; 0]);
        let chosen = |text: &str| uploaded_choice(&tx, key, text).unwrap().unwrap();
        assert_eq!(chosen("2").display_name, "Bob");
        assert_eq!(chosen("nobody").display_name, "Anna");
    }

    #[test]
    fn mappings_read_custom_extensions_and_say_what_they_match_by() {
        let (store, key, job) = prepared();
        let tx = store.read().unwrap();
        let anna = uploaded_choice(&tx, key, "1").unwrap().unwrap();
        let context = Context::new(NOW.millis(), [0; 16], "contoso.example");
        let preview = preview_uploaded(&job, &anna, &context);
        assert_eq!(preview.rows.len(), job.rules.users.attributes.len());
        assert_eq!(
            preview.matching,
            [("employeeId".to_owned(), Some("1".to_owned()))]
        );
        assert_eq!(preview.standing, Standing::InScope);
        let text = format!("Join(\"\", [title], \" (\", [{CODE}:JobCode], \")\")");
        let source = MappingSource::Expression(Expression::parse(&text).unwrap());
        let computation = Computation {
            source: &source,
            target: None,
            default_value: None,
            flow: crate::mapping::entra::FlowType::Always,
        };
        let row = trial(computation, &anna.source, &context);
        match row.create {
            Computed::Value { value, .. } => {
                assert_eq!(value.as_text(), Some("Tour Lead (TL-1001)"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn before_anything_was_uploaded_a_sample_stands_in() {
        let (store, key, _) = prepared();
        let tx = store.read().unwrap();
        let elsewhere = JobKey {
            job: Seq(99),
            ..key
        };
        let sample = uploaded_choice(&tx, elsewhere, "").unwrap().unwrap();
        assert_eq!(sample.display_name, "Sam Sample");
    }
}
