//! Which job an address means, and what its permissions are (entra.md 6.1).

use super::super::call::Call;
use super::super::failure::GraphFailure;
use super::super::principal;
use crate::access::Operator;
use crate::model::{Application, GraphPermission, Job, Reach};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, Snapshot};

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// It reads.
    Read,
    /// It changes a job.
    Write,
    /// It provisions somebody, which no older permission covers.
    Provision,
}

impl Need {
    const fn reach(self) -> Reach {
        use GraphPermission as P;
        match self {
            Self::Read => Reach {
                everywhere: &[
                    P::SynchronizationReadAll,
                    P::SynchronizationReadWriteAll,
                    P::DirectoryReadWriteAll,
                    P::ApplicationReadWriteAll,
                ],
                owned: &[P::ApplicationReadWriteOwnedBy],
            },
            Self::Write => Reach {
                everywhere: &[
                    P::SynchronizationReadWriteAll,
                    P::DirectoryReadWriteAll,
                    P::ApplicationReadWriteAll,
                ],
                owned: &[P::ApplicationReadWriteOwnedBy],
            },
            Self::Provision => Reach {
                everywhere: &[P::SynchronizationReadWriteAll],
                owned: &[],
            },
        }
    }
}

/// An application that the client may do this with.
pub(super) struct Place {
    pub(super) application: Application,
    pub(super) operator: Operator,
}

impl Place {
    /// # Errors
    /// As [`principal::reached`].
    pub(super) fn of(
        call: &Call,
        tx: &impl Reads,
        principal: &str,
        need: Need,
    ) -> Result<Self, GraphFailure> {
        let (application, operator) = principal::reached(call, tx, principal, need.reach())?;
        Ok(Self {
            application,
            operator,
        })
    }

    /// The application's job, if it has one.
    pub(super) fn job(&self, call: &Call, tx: &impl Reads) -> Result<Option<Job>, GraphFailure> {
        let tenant = call.client.tenant;
        Ok(jobs::of_application(tx, tenant, self.application.seq)?)
    }
}

/// A job that the client may do this with.
pub(super) struct JobPlace {
    pub(super) application: Application,
    pub(super) operator: Operator,
    pub(super) key: JobKey,
    pub(super) job: Job,
}

impl JobPlace {
    /// # Errors
    /// As [`Place::of`].
    pub(super) fn of(
        call: &Call,
        tx: &impl Reads,
        (principal, job): (&str, &str),
        need: Need,
    ) -> Result<Self, GraphFailure> {
        let place = Place::of(call, tx, principal, need)?;
        let found = place
            .job(call, tx)?
            .filter(|found| found.id.eq_ignore_ascii_case(job))
            .ok_or_else(|| GraphFailure::unknown(job))?;
        Ok(Self {
            key: JobKey {
                tenant: call.client.tenant,
                job: found.seq,
            },
            application: place.application,
            operator: place.operator,
            job: found,
        })
    }

    /// Where its schema stands, as `@odata.context` has it.
    pub(super) fn context(&self) -> String {
        format!("{}('{}')", jobs_context(&self.application), self.job.id)
    }
}

/// Where jobs of an application stand, as `@odata.context` has it.
pub(super) fn jobs_context(application: &Application) -> String {
    format!(
        "servicePrincipals('{}')/synchronization/jobs",
        application.id
    )
}

/// Reads a job on the blocking pool; the snapshot is closed when it returns.
pub(super) async fn look_up(
    call: &Call,
    principal: String,
    job: String,
    need: Need,
) -> Result<JobPlace, GraphFailure> {
    call.read(move |call: &Call, tx: &Snapshot| JobPlace::of(call, tx, (&principal, &job), need))
        .await
}
