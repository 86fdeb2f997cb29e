//! App registrations and what they upload.

use std::collections::BTreeSet;

use redb::ReadableTable as _;

use super::Check;
use crate::id::{Guid, Seq};
use crate::model::{AppRegistration, Upload};
use crate::store::{Error, Reads as _, directory, jobs, tables};

impl Check<'_> {
    /// Everything that API-driven provisioning keeps.
    pub(super) fn inbound(&mut self) -> Result<(), Error> {
        self.registrations()?;
        let mut jobs = BTreeSet::new();
        self.uploads(&mut jobs)?;
        self.awaited_managers(&mut jobs)?;
        for link in self.snapshot.open(tables::INBOUND_LINKS)?.iter()? {
            let (tenant, job, _) = link?.0.value();
            jobs.insert((tenant, job));
        }
        self.are_known(&jobs)
    }

    /// A client id means one registration of a tenant, and what it owns is there.
    fn registrations(&mut self) -> Result<(), Error> {
        let mut known = BTreeSet::new();
        self.each(
            tables::APP_REGISTRATIONS,
            |check, (tenant, row), registration: AppRegistration| {
                let id: Guid = registration.app_id;
                if !known.insert((tenant, *id.bytes())) {
                    check.say(format!(
                        "two app registrations of tenant {tenant} have the client id {id}"
                    ));
                }
                for owned in registration.owns {
                    if directory::application(check.snapshot, Seq(tenant), owned)?.is_none() {
                        check.say(format!(
                            "app registration {row} of tenant {tenant} owns application {owned}, which is gone"
                        ));
                    }
                }
                Ok(())
            },
        )?;
        Ok(())
    }

    /// An upload has a body, and waits until it was worked off.
    fn uploads(&mut self, jobs: &mut BTreeSet<(u64, u64)>) -> Result<(), Error> {
        let mut waiting = 0;
        let count = self.each(
            tables::INBOUND_UPLOADS,
            |check, (tenant, job, row), upload: Upload| {
                jobs.insert((tenant, job));
                let at = (tenant, job, row);
                check.entry(tables::INBOUND_BODIES, at, Some(()), |_| ())?;
                if upload.processed.is_none() {
                    waiting += 1;
                    check.entry(tables::INBOUND_WAITING, at, Some(()), |v| v)?;
                }
                Ok(())
            },
        )?;
        self.size(tables::INBOUND_BODIES, count)?;
        self.size(tables::INBOUND_WAITING, waiting)
    }

    /// Both ways of looking up who waits for whom say the same, of people who are there.
    fn awaited_managers(&mut self, jobs: &mut BTreeSet<(u64, u64)>) -> Result<(), Error> {
        let (snapshot, mut count) = (self.snapshot, 0);
        for row in snapshot.open(tables::INBOUND_AWAITED_MANAGER)?.iter()? {
            let (key, anchor) = row?;
            let (tenant, job, user) = key.value();
            jobs.insert((tenant, job));
            count += 1;
            let report = (tenant, job, anchor.value(), user);
            self.entry(tables::INBOUND_MANAGER_TO_REPORT, report, Some(()), |v| v)?;
            if directory::user(snapshot, Seq(tenant), Seq(user))?.is_none() {
                self.say(format!(
                    "user {user} of tenant {tenant} is gone and waits for a manager"
                ));
            }
        }
        self.size(tables::INBOUND_MANAGER_TO_REPORT, count)
    }

    /// Jobs that are there, or whose rows wait for the sweep.
    fn are_known(&mut self, jobs: &BTreeSet<(u64, u64)>) -> Result<(), Error> {
        let mut known = BTreeSet::new();
        for (key, _) in jobs::all(self.snapshot)? {
            known.insert((key.tenant.0, key.job.0));
        }
        for tenant in directory::tenants(self.snapshot)? {
            for application in directory::every_application(self.snapshot, tenant.seq)? {
                let removed = application.removal.and_then(|removal| removal.job);
                let gone = application.deleted_jobs.into_iter().chain(removed);
                known.extend(gone.map(|job| (tenant.seq.0, job.0)));
            }
        }
        for (tenant, job) in jobs.difference(&known) {
            self.say(format!(
                "job {job} of tenant {tenant} is gone and has left uploads behind"
            ));
        }
        Ok(())
    }
}
