//! Pages of `auditLogs/provisioning` over HTTP, one for every documented form of `$filter`.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use scimlab::access::Operator;
use scimlab::clock::{Clock as _, LabClock, Stopwatch, SystemClock, Timestamp};
use scimlab::directory::applications::{self, NewApplication};
use scimlab::directory::registrations::{self, NewRegistration, NewSecret};
use scimlab::directory::tenants::{self, TenantName};
use scimlab::error::Error;
use scimlab::id::{Guid, Nonce, Seq};
use scimlab::model::{GraphPermission, LogRetention, Team};
use scimlab::provider::accounts;
use scimlab::scim::profile::Setting;
use scimlab::secret::{PasswordHash, Plain, Sealer};
use scimlab::store::{Reads as _, Store, Write, logs, teams};
use scimlab::sync::jobs::{self, Template};
use scimlab::sync::{Agent, AgentContext};
use scimlab::web::{App, PublicUrl};
use serde_json::Value;

const SECRET: &str = "secret-of-the-measuring-client";
/// How often each page is asked for.
const TIMES: usize = 7;

/// What filters are made of.
struct Known {
    tenant: Guid,
    principal: Guid,
    job: String,
    client: Guid,
}

/// An account that signs in: the only way to an operator from outside.
fn operator(tx: &Write<'_>, now: Timestamp) -> Result<Operator, Error> {
    let team = Team {
        seq: teams::next_seq(tx)?,
        name: "Measured".into(),
        scim_enabled: false,
        created: now,
        profile: Setting::default(),
        revision: 0,
        audit_days: 180,
        built_ins_off: std::collections::BTreeSet::new(),
    };
    teams::put(tx, &team)?;
    // Nobody signs in with it.
    let password: PasswordHash = serde_json::from_str(r#""$argon2id$none""#).unwrap();
    let (email, nonce) = ("operator@contoso.example", Nonce::random());
    let account = accounts::upsert(tx, email, "Operator", password, nonce, now)?;
    Ok(accounts::signed_in(tx, account.seq, None)?.2.unwrap())
}

/// The tenant that the log belongs to, with two jobs out of the directory and one into it, and a client that may read.
fn surroundings(store: &Store) -> Known {
    let secret = NewSecret {
        id: Guid::random(),
        description: "Measuring".into(),
        hint: Plain::new(SECRET).last_four(),
        hash: PasswordHash::new(&Plain::new(SECRET)).unwrap(),
        expires: Timestamp::parse("2099-01-01T00:00:00Z").unwrap(),
    };
    store
        .write(move |tx| -> Result<Known, Error> {
            let now = SystemClock.now();
            let operator = operator(tx, now)?;
            let name = TenantName {
                name: "Contoso".into(),
                domain: "contoso.example".into(),
            };
            let tenant = tenants::create(tx, &operator, &name, Guid::random(), now)?;
            logs::put_retention(tx, tenant.seq, LogRetention { days: None })?;
            let mut last = None;
            for number in 0..3 {
                let new = NewApplication {
                    id: Guid::random(),
                    app_id: Guid::random(),
                    display_name: format!("Application {number}"),
                };
                let application = applications::add(tx, &operator, tenant.seq, &new, now)?;
                let (of, row, id) = (tenant.seq, application.seq, Guid::random());
                let job = match number {
                    2 => jobs::create_inbound(tx, &operator, of, row, id)?,
                    _ => jobs::create(tx, &operator, of, row, Template::Postman, id)?,
                };
                last = Some((application, job));
            }
            let (application, job) = last.unwrap();
            assert_eq!(
                (tenant.seq, job.seq),
                (Seq(1), Seq(3)),
                "those of the entries"
            );
            let new = NewRegistration {
                app_id: Guid::random(),
                object_id: Guid::random(),
                display_name: "Measuring".into(),
            };
            let client = registrations::add(tx, &operator, tenant.seq, &new, now)?.seq;
            let may = [GraphPermission::ProvisioningLogReadAll];
            registrations::set_permissions(tx, &operator, tenant.seq, client, may)?;
            registrations::add_secret(tx, &operator, tenant.seq, client, secret, now)?;
            Ok(Known {
                tenant: tenant.id,
                principal: application.id,
                job: job.id,
                client: new.app_id,
            })
        })
        .unwrap()
}

/// The filters: a name, and the text.
fn filters(store: &Store, known: &Known, count: u64) -> Vec<(String, String)> {
    let middle = count / 2;
    let mix = store.read().unwrap().mix();
    let id = logs::id(mix, Seq(1), Seq(middle)).to_string();
    let change = logs::change_id(mix, Seq(1), Seq(middle)).to_string();
    let (tenant, principal) = (known.tenant.to_string(), known.principal.to_string());
    let cycle = super::guid("cycle", middle / 20_000).to_string();
    let (source, target) = (super::guid("source", middle), super::guid("target", middle));
    let (source, target) = (source.to_string(), target.to_string());
    let (person, address) = (
        format!("Person {middle}"),
        format!("person{middle}@contoso.example"),
    );
    let mut all = Vec::new();
    for (attribute, whole, part) in [
        ("id", id.as_str(), &id[..13]),
        ("tenantid", tenant.as_str(), &tenant[..13]),
        ("jobid", known.job.as_str(), &known.job[..20]),
        ("changeid", change.as_str(), &change[..13]),
        ("cycleid", cycle.as_str(), &cycle[..13]),
        ("provisioningAction", "create", "creat"),
        ("provisioningStatusInfo/status", "failure", "fail"),
        ("sourceSystem/displayName", "API", "AP"),
        ("targetSystem/displayName", "customappsso", "apps"),
        ("sourceIdentity/identityType", "Group", "Gro"),
        ("targetIdentity/identityType", "Group", "Gro"),
        ("sourceIdentity/id", source.as_str(), &source[..13]),
        ("targetIdentity/id", target.as_str(), &target[..13]),
        ("sourceIdentity/displayName", person.as_str(), &person[3..]),
        (
            "targetIdentity/displayName",
            address.as_str(),
            &address[2..],
        ),
        ("initiatedBy/displayName", "ada@contoso.example", "ada@"),
    ] {
        all.push((
            format!("{attribute} eq"),
            format!("{attribute} eq '{whole}'"),
        ));
        all.push((
            format!("{attribute} contains"),
            format!("{attribute} contains '{part}'"),
        ));
    }
    let moment = Timestamp::from_millis(1_750_000_000_000 + i64::try_from(middle).unwrap() * 2_000);
    for operator in ["eq", "gt", "lt", "ge"] {
        let name = format!("activityDateTime {operator}");
        all.push((name.clone(), format!("{name} {moment}")));
    }
    for (operator, value) in [("eq", 399), ("gt", 398), ("lt", 1)] {
        let name = format!("durationInMilliseconds {operator}");
        all.push((name.clone(), format!("{name} {value}")));
    }
    for (name, text) in [
        (
            "servicePrincipal/id eq",
            format!("servicePrincipal/id eq '{principal}'"),
        ),
        (
            "servicePrincipal/displayName eq",
            "servicePrincipal/displayName eq 'Application 1'".to_owned(),
        ),
        (
            "cycleId ne",
            format!("jobid eq '{}' and cycleId ne '{cycle}'", known.job),
        ),
        (
            "a client's: failures since",
            format!(
                "jobid eq '{}' and provisioningStatusInfo/status eq 'failure' and activityDateTime ge {moment}",
                known.job
            ),
        ),
        (
            "a client's: one person",
            format!(
                "jobid eq '{}' and sourceIdentity/id eq '{source}'",
                known.job
            ),
        ),
    ] {
        all.push((name.to_owned(), text));
    }
    all
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// Serves the store, which has a log of that many entries in tenant 1, and asks for the pages.
pub(super) fn measure(store: &Store, count: u64) {
    let known = surroundings(store);
    let clock = Arc::new(LabClock::new(Arc::new(SystemClock)));
    let sealer = Sealer::new(&[7; 32]);
    let agent = Agent::with_context(AgentContext::new(
        store.clone(),
        clock.clone(),
        sealer.clone(),
    ))
    .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let public = PublicUrl {
        configured: None,
        listening: url.clone(),
    };
    let server = scimlab::web::start(
        App::new(store.clone(), clock, sealer, public, &agent),
        listener,
    )
    .unwrap();
    let http: ureq::Agent = ureq::Agent::config_builder().proxy(None).build().into();
    let form = [
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", known.client.to_string()),
        ("client_secret", SECRET.to_owned()),
    ];
    let mut token = http
        .post(format!("{url}/login/{}/oauth2/v2.0/token", known.tenant))
        .send_form(form)
        .unwrap();
    let token: Value = serde_json::from_str(&token.body_mut().read_to_string().unwrap()).unwrap();
    let bearer = format!("Bearer {}", token["access_token"].as_str().unwrap());
    println!(
        "{:<40} {:>10} {:>10} {:>8}",
        "Graph: $filter, $top=100", "median", "worst", "found"
    );
    for (name, filter) in filters(store, &known, count) {
        let page = format!(
            "{url}/graph/v1.0/auditLogs/provisioning?$top=100&$filter={}",
            encoded(&filter)
        );
        let (mut times, mut found): (Vec<Duration>, usize) = (Vec::new(), 0);
        for _ in 0..TIMES {
            let began = Stopwatch::start();
            let mut answer = http
                .get(&page)
                .header("Authorization", &bearer)
                .call()
                .unwrap();
            let text = answer.body_mut().read_to_string().unwrap();
            times.push(began.elapsed());
            let body: Value = serde_json::from_str(&text).unwrap();
            found = body["value"].as_array().unwrap().len();
        }
        times.sort_unstable();
        let ms = |time: Duration| format!("{:.2} ms", time.as_secs_f64() * 1e3);
        println!(
            "{name:<40} {:>10} {:>10} {found:>8}",
            ms(times[TIMES / 2]),
            ms(times[TIMES - 1])
        );
    }
    server.stop();
    server.wait().unwrap();
    agent.shutdown();
}
