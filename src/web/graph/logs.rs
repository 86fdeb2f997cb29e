//! `auditLogs/provisioning`: the provisioning log by pages, newest first (entra.md 7.1 and 7.2).

use serde_json::Value;

use super::answer;
use super::call::{Answered, Call, Reply, bad};
use super::failure::GraphFailure;
use super::filter::{self, Known, Only, Part, Wanted};
use crate::error::Error;
use crate::id::{Guid, Seq};
use crate::model::{Application, GraphPermission, Job, LogHead, Tenant};
use crate::store::logs::{self, Bounds, End, Order};
use crate::store::{Reads as _, Snapshot, directory, jobs};
use crate::sync::summary::Surroundings;
use crate::sync::summary::object::provisioning_object_summary;

/// Entries of a page unless `$top` says otherwise, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;
/// Entries that are read at most to fill a page, so that it takes little time whatever is looked for; the next one goes
/// on there. A page may therefore have fewer entries than asked for, or none, and a link to the next nevertheless.
const READS: usize = 20_000;
/// Entries that are read at most to count them.
const COUNTED: usize = 100_000;

/// What there is in the tenant that entries are about.
struct Places {
    tenant: Tenant,
    jobs: Vec<(Job, Application)>,
    mix: crate::id::IdMix,
}

impl Places {
    fn of(tx: &Snapshot, tenant: Seq) -> Result<Self, GraphFailure> {
        let tenant =
            directory::tenant(tx, tenant)?.ok_or_else(|| Error::not_found("tenant", tenant))?;
        let applications = directory::applications(tx, tenant.seq)?;
        let mut found = Vec::new();
        for application in applications {
            if let Some(job) = jobs::of_application(tx, tenant.seq, application.seq)? {
                found.push((job, application));
            }
        }
        Ok(Self {
            tenant,
            jobs: found,
            mix: tx.mix(),
        })
    }

    /// Whether an entry is about one of the jobs, and what is wanted stands in its ids.
    fn have(&self, head: &LogHead, wanted: &Wanted) -> bool {
        let (mix, tenant) = (self.mix, self.tenant.seq);
        let is_in = |part: &Part| match part {
            Part::Id(part) => logs::id(mix, tenant, head.seq).to_string().contains(part),
            Part::Change(part) => {
                let change = logs::change_id(mix, tenant, head.seq);
                change.to_string().contains(part)
            }
        };
        self.jobs.iter().any(|(job, _)| job.seq == head.job) && wanted.parts.iter().all(is_in)
    }

    fn which(&self, fits: impl Fn(&Job, &Application) -> bool) -> Vec<Seq> {
        let fitting = self
            .jobs
            .iter()
            .filter(|(job, application)| fits(job, application));
        fitting.map(|(job, _)| job.seq).collect()
    }
}

impl Known for Places {
    fn jobs_called(&self, text: &str, contains: bool) -> Vec<Seq> {
        self.which(|job, _| job.id.eq_ignore_ascii_case(text) || contains && job.id.contains(text))
    }

    fn jobs_of_principal(&self, id: &str) -> Vec<Seq> {
        self.which(|_, application| application.id.to_string().eq_ignore_ascii_case(id))
    }

    fn jobs_of_name(&self, name: &str) -> Vec<Seq> {
        self.which(|_, application| application.display_name == name)
    }

    fn jobs_of_system(&self, end: End, text: &str, contains: bool) -> Vec<Seq> {
        self.which(|job, application| {
            let of = Surroundings::new(self.mix, &self.tenant, application, job);
            let name = match end {
                End::Source => of.source_name(),
                End::Target => of.target_name(),
            };
            if contains {
                name.contains(text)
            } else {
                name == text
            }
        })
    }

    fn is_tenant(&self, id: &str, contains: bool) -> bool {
        let whole = self.tenant.id.to_string();
        whole.eq_ignore_ascii_case(id) || contains && whole.contains(id)
    }

    fn entry(&self, id: &Guid) -> Option<Seq> {
        logs::position_of_id(self.mix, self.tenant.seq, id)
    }

    fn change(&self, id: &Guid) -> Option<Seq> {
        logs::position_of_change(self.mix, self.tenant.seq, id)
    }
}

/// A page of the log.
pub(super) async fn list(call: Call) -> Answered {
    call.may(&[
        GraphPermission::ProvisioningLogReadAll,
        GraphPermission::AuditLogReadAll,
        GraphPermission::DirectoryReadAll,
        GraphPermission::DirectoryReadWriteAll,
    ])?;
    let order = order(&call)?;
    let bounds = Bounds {
        entries: call.top(PAGE, LARGEST_PAGE)?,
        reads: READS,
    };
    let after = match call.option("skiptoken") {
        None => None,
        Some(token) => Some(Seq(u64::from_str_radix(token, 36).map_err(|_| {
            bad("$skiptoken is not one of ours: take it from @odata.nextLink.")
        })?)),
    };
    let this = call.clone();
    let body = call
        .app
        .scan(move |app| page(&this, &app.store.read()?, order, after, bounds))
        .await?;
    Ok(Reply::ok(&body))
}

fn order(call: &Call) -> Result<Order, GraphFailure> {
    let Some(text) = call.option("orderby") else {
        return Ok(Order::NewestFirst);
    };
    let mut words = text.split_whitespace();
    let (name, way, more) = (words.next(), words.next(), words.next());
    let by_time = name.is_some_and(|name| name.eq_ignore_ascii_case("activityDateTime"));
    match way.map(str::to_ascii_lowercase).as_deref() {
        Some("desc") if by_time && more.is_none() => Ok(Order::NewestFirst),
        None | Some("asc") if by_time && more.is_none() => Ok(Order::OldestFirst),
        _ => Err(bad(
            "The log is ordered by activityDateTime, followed by asc or desc, and by nothing else.",
        )),
    }
}

fn page(
    call: &Call,
    tx: &Snapshot,
    order: Order,
    after: Option<Seq>,
    bounds: Bounds,
) -> Result<Value, GraphFailure> {
    let places = Places::of(tx, call.client.tenant)?;
    let wanted = match call.option("filter") {
        Some(text) => filter::read(text, call.version, &places).map_err(|why| bad(&why))?,
        None => Wanted::default(),
    };
    let (heads, next) = match wanted.only {
        Only::All => {
            let known = |head: &LogHead| places.have(head, &wanted);
            let tenant = places.tenant.seq;
            let found = logs::search(tx, tenant, &wanted.conditions, order, after, bounds, known)?;
            (found.entries, found.next)
        }
        Only::One(position) => (one(tx, &places, position, &wanted)?, None),
        Only::Nothing => (Vec::new(), None),
    };
    let mut items = Vec::with_capacity(heads.len());
    for head in heads {
        let Some((job, application)) = places.jobs.iter().find(|(job, _)| job.seq == head.job)
        else {
            continue;
        };
        let of = Surroundings::new(places.mix, &places.tenant, application, job);
        let entry = logs::complete(tx, places.tenant.seq, head)?;
        let item = provisioning_object_summary(&entry, &of, call.version);
        items.push(answer::selected(call, item));
    }
    // A log that is too long to be counted has no count.
    let count = if call.counts() {
        counted(tx, &places, &wanted)?
    } else {
        None
    };
    let next = next.map(|Seq(next)| base_36(next));
    Ok(answer::collection(
        call,
        "auditLogs/provisioning",
        items,
        next.as_deref(),
        count,
    ))
}

/// How many entries fit; none when more would have to be read than [`COUNTED`].
fn counted(tx: &Snapshot, places: &Places, wanted: &Wanted) -> Result<Option<u64>, GraphFailure> {
    match wanted.only {
        Only::All => {}
        Only::One(position) => return Ok(Some(one(tx, places, position, wanted)?.len() as u64)),
        Only::Nothing => return Ok(Some(0)),
    }
    let bounds = Bounds {
        entries: 1,
        reads: COUNTED,
    };
    let (tenant, mut count) = (places.tenant.seq, 0);
    // None is taken, so that all are looked at and none is kept.
    let each = |head: &LogHead| {
        count += u64::from(places.have(head, wanted));
        false
    };
    let order = Order::NewestFirst;
    let found = logs::search(tx, tenant, &wanted.conditions, order, None, bounds, each)?;
    Ok((!found.unfinished).then_some(count))
}

/// The entry that a filter names, if everything else fits.
fn one(
    tx: &Snapshot,
    places: &Places,
    position: Seq,
    wanted: &Wanted,
) -> Result<Vec<LogHead>, GraphFailure> {
    let head = logs::head(tx, places.tenant.seq, position)?;
    let fits = |head: &LogHead| {
        wanted.conditions.iter().all(|c| c.fits(head)) && places.have(head, wanted)
    };
    Ok(head.filter(fits).into_iter().collect())
}

fn base_36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or_default();
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            return digits.iter().rev().collect();
        }
    }
}
