//! The overview: the loop as one picture, what runs, what failed, what to do first.

use actix_web::web;

use super::super::App;
use super::super::auth::{SignedIn, Who};
use super::super::console::Room;
use super::super::console::overview::{Check, Failure, Flow, OverviewPage, Stage};
use super::super::console::parts::{Link, Moment, Tone, counted, thousands};
use super::entra::{Rates, application_address, busy, latest, live_progress};
use super::{Answered, overview_cycles, see_other, show};
use crate::clock::Timestamp;
use crate::directory::search::{self, Query};
use crate::error::Result;
use crate::model::{
    Application, Cycle, CycleState, Direction, Job, JobStatus, KeyStatus, ObjectKind,
    QuarantineReason, Status, Tenant,
};
use crate::provider::sso::{self, Readiness};
use crate::provider::{keys, team};
use crate::store::jobs::JobKey;
use crate::store::logs::Condition;
use crate::store::{Reads, directory, groups, jobs, logs, users};
use crate::sync::applications;

/// Failures shown.
const FAILURES: usize = 5;

/// The page.
pub(super) async fn page(
    app: web::Data<App>,
    rates: web::Data<Rates>,
    signed: SignedIn,
) -> Answered {
    if !signed.who().is_operator() {
        // The loop is the operator's; everybody has a team.
        return Ok(see_other(Room::Members.href()));
    }
    let who = signed.for_page();
    show(&app, move |tx, now| load(tx, &who, &rates, now)).await
}

/// The provisioning of the first application whose job goes out.
struct Provisioning {
    application: Application,
    key: JobKey,
    job: Job,
    /// The latest, newest first.
    cycles: Vec<Cycle>,
}

impl Provisioning {
    fn find(tx: &impl Reads, tenant: &Tenant) -> Result<Option<Self>> {
        let Some((application, job)) = applications::first(tx, tenant.seq, Direction::Outbound)?
        else {
            return Ok(None);
        };
        let key = JobKey {
            tenant: tenant.seq,
            job: job.seq,
        };
        Ok(Some(Self {
            cycles: latest(tx, tenant.seq, &job)?,
            application,
            key,
            job,
        }))
    }

    fn address(&self, below: &str) -> String {
        format!("{}{below}", application_address(&self.application))
    }

    fn cycle(&self) -> Option<&Cycle> {
        self.cycles.first()
    }

    fn runs(&self, now: Timestamp) -> bool {
        busy(&self.job, self.cycle(), now)
    }
}

fn load(tx: &impl Reads, who: &Who, rates: &Rates, now: Timestamp) -> Result<OverviewPage> {
    let tenant = match who.tenant() {
        Some(tenant) => directory::tenant(tx, tenant)?,
        None => None,
    };
    let provisioning = match &tenant {
        Some(tenant) => Provisioning::find(tx, tenant)?,
        None => None,
    };
    let agent = provisioning.as_ref();
    let to = |below: &str| agent.map_or_else(String::new, |p| p.address(below));
    let failures = match agent {
        Some(agent) => failures(tx, agent, now)?,
        None => Vec::new(),
    };
    let running = agent.and_then(|agent| {
        let cycle = agent.cycle()?;
        (cycle.state == CycleState::Running).then_some((agent, cycle))
    });
    let progress = match running {
        Some((agent, cycle)) => Some(live_progress(tx, agent.key, cycle, rates, now)?),
        None => None,
    };
    Ok(OverviewPage {
        page: who.page(Room::Overview, "Overview"),
        verdict: verdict(agent, now),
        stages: stages(tx, who, tenant.as_ref(), agent, now)?,
        flows: flows(agent, now),
        progress,
        provisioning: to("/provisioning"),
        failures,
        all_failures: to("/provisioning-logs?status=failure"),
        checks: checks(tx, who, agent)?,
        cycles: agent.map_or_else(Vec::new, |agent| {
            overview_cycles::rows(&agent.cycles, &agent.address("/provisioning-logs"), now)
        }),
        no_cycles: overview_cycles::none(agent.map(|agent| agent.job.status), &to("/provisioning")),
    })
}

fn verdict(agent: Option<&Provisioning>, now: Timestamp) -> String {
    let Some(agent) = agent else {
        return "The team is ready; there is no enterprise application to provision it.".into();
    };
    if agent.runs(now) {
        return "A cycle is running.".into();
    }
    let ended = agent.cycle().and_then(|cycle| cycle.ended);
    let when = ended
        .map(|at| Moment::new(at, now).text)
        .unwrap_or_default();
    match (
        agent.job.status,
        agent
            .cycle()
            .map(|cycle| (cycle.state, cycle.counts.failed)),
    ) {
        (JobStatus::Quarantine, _) => quarantined(&agent.job).to_owned(),
        (JobStatus::Disabled, _) => {
            "Provisioning failed for 28 days and was disabled. Mend the cause, then start it again."
                .into()
        }
        (JobStatus::NotConfigured, _) => {
            "Nothing is connected yet. The steps below lead there.".into()
        }
        (_, None) => "Everything is connected; no cycle has run yet.".into(),
        (_, Some((CycleState::EntryLevelErrors, failed))) => {
            format!(
                "{} in the last cycle, {when}.",
                counted(failed, "failure", "failures")
            )
        }
        (_, Some((CycleState::Failed, _))) => format!("The last cycle failed {when}."),
        (JobStatus::Paused, _) => format!("Provisioning is off. The last cycle ended {when}."),
        _ => format!("All is well. The last cycle ended {when}."),
    }
}

/// Why a job is in quarantine, in one sentence.
fn quarantined(job: &Job) -> &'static str {
    match job.quarantine.as_ref().map(|q| q.reason) {
        Some(QuarantineReason::TooManyDeletes) => {
            "Too many deletions are held back: provisioning is in quarantine."
        }
        Some(
            QuarantineReason::EncounteredEscrowProportionThreshold
            | QuarantineReason::EncounteredTotalEscrowThreshold
            | QuarantineReason::EncounteredBaseEscrowThreshold,
        ) => "Too much fails: provisioning is in quarantine.",
        _ => "The connection does not work: provisioning is in quarantine.",
    }
}

fn stages(
    tx: &impl Reads,
    who: &Who,
    tenant: Option<&Tenant>,
    agent: Option<&Provisioning>,
    now: Timestamp,
) -> Result<[Stage; 4]> {
    let (people, groups_there) = match tenant {
        Some(tenant) => {
            let all = Query::default();
            let people = search::users(tx, who.operator()?, tenant.seq, &all)?.total;
            (
                people,
                search::groups(tx, who.operator()?, tenant.seq, &all)?.total,
            )
        }
        None => (0, 0),
    };
    let linked = |kind| -> Result<u64> {
        match agent {
            Some(agent) => Ok(jobs::count_links(tx, agent.key, kind)?),
            None => Ok(0),
        }
    };
    let applications = || "/entra/applications".to_owned();
    let to = |below: &str| agent.map_or_else(applications, |agent| agent.address(below));
    Ok([
        Stage {
            name: "Directory",
            href: "/entra/users".into(),
            figure: thousands(people),
            unit: format!("people, {}", counted(groups_there, "group", "groups")),
            tone: Tone::Quiet,
        },
        Stage {
            name: "Scope and mappings",
            href: to("/provisioning"),
            figure: thousands(linked(ObjectKind::User)?),
            unit: format!(
                "people linked, {}",
                counted(linked(ObjectKind::Group)?, "group", "groups")
            ),
            tone: Tone::Quiet,
        },
        overview_cycles::wire(
            agent.map_or(&[], |agent| &agent.cycles),
            to("/provisioning-logs"),
            now,
        ),
        Stage {
            name: "Team",
            href: "/team/members".into(),
            figure: thousands(users::count(tx, who.member.team)?),
            unit: format!(
                "members, {}",
                counted(groups::count(tx, who.member.team)?, "group", "groups")
            ),
            tone: Tone::Quiet,
        },
    ])
}

fn flows(agent: Option<&Provisioning>, now: Timestamp) -> [Flow; 3] {
    let flow = |tone, label: String| Flow { tone, label };
    let rest = |label: &str| flow(Tone::Quiet, label.to_owned());
    let Some(agent) = agent else {
        return [rest(""), rest(""), rest("off")];
    };
    if agent.runs(now) {
        return [
            flow(Tone::Info, String::new()),
            flow(Tone::Info, String::new()),
            flow(Tone::Info, "running".into()),
        ];
    }
    let skipped = agent.cycle().map_or(0, |cycle| cycle.counts.skipped);
    let label = if skipped > 0 {
        format!("{} skipped", thousands(skipped))
    } else {
        String::new()
    };
    match (agent.job.status, agent.cycle().map(|cycle| cycle.state)) {
        (JobStatus::Quarantine, _) if agent.job.is_connected() => [
            flow(Tone::Good, String::new()),
            flow(Tone::Good, label),
            flow(Tone::Bad, "quarantine".into()),
        ],
        (JobStatus::Quarantine, _) | (_, Some(CycleState::Failed)) => {
            [rest(""), rest(""), flow(Tone::Bad, "no connection".into())]
        }
        (_, None) => [rest(""), rest(""), rest("not started")],
        (_, Some(CycleState::EntryLevelErrors)) => [
            flow(Tone::Good, String::new()),
            flow(Tone::Good, label),
            flow(Tone::Bad, "failures".into()),
        ],
        _ => [
            flow(Tone::Good, String::new()),
            flow(Tone::Good, label),
            flow(Tone::Good, String::new()),
        ],
    }
}

/// The newest failures among the newest entries; none once the last cycle had none.
fn failures(tx: &impl Reads, agent: &Provisioning, now: Timestamp) -> Result<Vec<Failure>> {
    let mut found = Vec::new();
    if agent.cycle().is_none_or(|cycle| cycle.counts.failed == 0) {
        return Ok(found);
    }
    let wanted = [
        Condition::Jobs(vec![agent.key.job]),
        Condition::Statuses(vec![Status::Failure]),
    ];
    for entry in logs::newest(tx, agent.key.tenant, &wanted, FAILURES)? {
        let address = agent.address(&format!("/provisioning-logs/{}", entry.seq));
        found.push(Failure {
            object: Link::new(&entry.source.display_name, address),
            reason: entry.error.map(|error| error.reason).unwrap_or_default(),
            at: Moment::new(entry.activity_date_time, now),
        });
    }
    Ok(found)
}

/// The first-run checklist; empty once everything is done.
fn checks(tx: &impl Reads, who: &Who, agent: Option<&Provisioning>) -> Result<Vec<Check>> {
    let key = keys::list(tx, &who.member.may()?)?
        .iter()
        .any(|key| key.status == KeyStatus::Active);
    let scim_enabled = team::get(tx, &who.member)?.scim_enabled;
    let sso = sso::readiness(tx, who.member.team)?;
    let mut checks = vec![
        check(
            ("Set up one SSO method", "/team/authentication"),
            "SCIM provisioning needs exactly one. The mock Entra will do.",
            scim_enabled || sso == Readiness::Ready,
        ),
        check(
            ("Turn on SCIM provisioning", "/team/authentication/scim"),
            "Until then every SCIM request is answered with 403.",
            scim_enabled,
        ),
        check(
            ("Generate a SCIM API key", "/team/authentication/scim"),
            "The agent signs in with it.",
            key,
        ),
    ];
    if let Some(agent) = agent {
        let address = agent.address("/provisioning");
        checks.push(check(
            ("Enter the Admin Credentials", &address),
            "The Tenant URL and the key. Test Connection says at once whether they work.",
            agent.job.status != JobStatus::NotConfigured,
        ));
        checks.push(check(
            ("Start provisioning", &address),
            "The initial cycle brings everybody who is in scope into the team.",
            agent.cycle().is_some_and(|cycle| cycle.ended.is_some()),
        ));
    }
    if checks.iter().all(|check| check.done) {
        checks.clear();
    }
    Ok(checks)
}

fn check((text, href): (&str, &str), why: &str, done: bool) -> Check {
    Check {
        what: Link::new(text, href),
        why: why.to_owned(),
        done,
    }
}
