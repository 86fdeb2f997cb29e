//! From a seed to a working laboratory: the tenant, its applications, and their synchronization jobs.

use super::Ids;
use super::seed::{self, Seed};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::{Application, Job, Tenant};
use crate::store::Store;
use crate::sync::jobs;

/// What a seed has become, ready to be configured.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The new tenant.
    pub tenant: Tenant,
    /// Each application with its job, in the order of the seed. The jobs have no credentials yet.
    pub applications: Vec<(Application, Job)>,
}

/// Loads a seed into a new tenant and makes the jobs of its applications.
///
/// # Errors
/// A rule of the directory that the seed breaks; the store's.
pub fn install(
    store: &Store,
    operator: &Operator,
    seed: Seed,
    ids: &mut Ids,
    now: Timestamp,
) -> Result<Installed> {
    let seeded = seed::load(store, operator, seed, ids, now)?;
    let mut applications = Vec::new();
    for made in seeded.applications {
        let (operator, tenant, id) = (operator.clone(), seeded.tenant.seq, ids.next_guid());
        let application = made.application.seq;
        let job = store.write(move |tx| {
            let job = jobs::create(tx, &operator, tenant, application, made.template, id)?;
            let key = crate::store::jobs::JobKey {
                tenant,
                job: job.seq,
            };
            jobs::set_scope(tx, &operator, key, made.scope)
        })?;
        applications.push((made.application, job));
    }
    Ok(Installed {
        tenant: seeded.tenant,
        applications,
    })
}
