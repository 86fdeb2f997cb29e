//! The schema of a job: downloaded, replaced as a whole, and taken back to what it started with.
//!
//! Every replacement raises the version and lets the next cycle be an initial one. Follows
//! `synchronizationSchema` of Microsoft Graph and *Review your schema here* of the portal. What a
//! schema looks like is `mapping::entra::schema`.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::jobs;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce};
use crate::mapping::entra::schema::{SchemaErrors, SchemaIdentity};
use crate::mapping::entra::{self, Preset, SynchronizationRules};
use crate::model::{Direction, Job};
use crate::store::Write;
use crate::store::jobs::JobKey;

/// What the schema of a job says of the job; `context` is the `@odata.context` of an answer.
pub fn identity(job: &Job, context: Option<String>) -> SchemaIdentity {
    // The definition of the target directory has an id of its own, always the same for a job.
    let digest = Sha256::digest(job.id.as_bytes());
    let mut nonce = [0; 16];
    nonce.copy_from_slice(&digest[..16]);
    SchemaIdentity {
        id: job.id.clone(),
        target_directory_id: Guid::from_nonce(Nonce(nonce)).to_string(),
        context,
    }
}

/// The version after another one: the moment of the change, and a number that grows with every change.
pub fn next_version(version: &str, now: Timestamp) -> String {
    let number = version
        .rsplit_once("Increment:")
        .and_then(|(_, number)| number.trim().parse::<u64>().ok())
        .unwrap_or(0);
    format!("Date:{now}, Increment:{}", number.saturating_add(1))
}

/// Replaces the rules of a job by those of a schema that was read before. `seen` is the version that
/// whoever changed it had before them; `None` replaces whatever is there.
///
/// # Errors
/// When there is no such job; a conflict when the schema has changed since `seen`.
pub fn set_schema(
    tx: &Write<'_>,
    operator: &Operator,
    key: JobKey,
    rules: SynchronizationRules,
    seen: Option<&str>,
    now: Timestamp,
) -> Result<Job> {
    let job = jobs::get(tx, key)?;
    if seen.is_some_and(|seen| seen != job.rules.version) {
        return Err(Error::Conflict {
            attribute: "revision",
            detail: "Somebody else changed the mappings in the meantime. Nothing was saved; look at them and try again."
                .into(),
        });
    }
    jobs::set_rules(tx, operator, key, rules, now)
}

/// *Restore default mappings*: the rules of the preset that the job was made with.
///
/// # Errors
/// As [`set_schema`].
pub fn restore_defaults(
    tx: &Write<'_>,
    operator: &Operator,
    key: JobKey,
    seen: Option<&str>,
    now: Timestamp,
) -> Result<Job> {
    let rules = defaults(&jobs::get(tx, key)?).rules();
    set_schema(tx, operator, key, rules, seen, now)
}

/// Reads a document as the schema of a job, which says which way its rules lead.
///
/// # Errors
/// Every problem with its path, at most a hundred.
pub fn import(
    job: &Job,
    document: &Json,
) -> std::result::Result<SynchronizationRules, SchemaErrors> {
    match job.direction {
        Direction::Outbound => entra::schema::import(document),
        Direction::Inbound => entra::schema::import_inbound(document),
    }
}

/// The preset that *Restore default mappings* goes back to.
pub fn defaults(job: &Job) -> &'static Preset {
    Preset::of_rules(job.template.as_deref(), &job.rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_grow() {
        let now = Timestamp::parse("2026-04-06T21:45:54.216Z").unwrap();
        let first = next_version("", now);
        assert_eq!(first, "Date:2026-04-06T21:45:54.216Z, Increment:1");
        assert!(next_version(&first, now).ends_with(" Increment:2"));
        assert!(next_version("6.0", now).ends_with(" Increment:1"));
    }
}
