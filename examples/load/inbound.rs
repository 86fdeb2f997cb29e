//! API-driven inbound provisioning at the rate that the service allows: 40 bulk requests of 50 users in five seconds, for
//! as long as `--duration` says, then the wait until everything was worked off.

use std::path::Path;
use std::thread;
use std::time::Duration;

use scimlab::clock::Stopwatch;
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

use super::{USER, user_name};

/// Between two calls: 40 in five seconds.
const PAUSE: Duration = Duration::from_millis(125);
const OPERATIONS: u64 = 50;
/// How long the end of the queue is waited for.
const PATIENCE: Duration = Duration::from_mins(10);
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

/// A client of a running appliance.
struct Client {
    agent: Agent,
    endpoint: String,
    /// The log, filtered by the job.
    log: String,
    token: String,
}

/// What the appliance that runs on a data directory tells clients.
fn runtime(directory: &Path) -> Result<Value, String> {
    let file = directory.join("runtime.json");
    let text = std::fs::read_to_string(&file).map_err(|e| format!("{}: {e}", file.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", file.display()))
}

impl Client {
    fn open(directory: &Path) -> Result<Self, String> {
        let told = runtime(directory)?;
        let text = |name: &str| {
            told[name].as_str().map(str::to_owned).ok_or_else(|| {
                format!("the appliance does not tell {name}: preset a client secret with SCIMLAB_ENTRA_CLIENT_SECRET, add an API-driven application, and start it again")
            })
        };
        let agent: Agent = Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .build()
            .into();
        let form = [
            ("grant_type", "client_credentials".to_owned()),
            ("scope", "https://graph.microsoft.com/.default".to_owned()),
            ("client_id", text("entra_client_id")?),
            ("client_secret", text("entra_client_secret")?),
        ];
        let answer = agent
            .post(text("entra_token_endpoint")?)
            .send_form(form)
            .map_err(|e| e.to_string())?;
        let body = read(answer)?.1;
        let token = body["access_token"]
            .as_str()
            .ok_or_else(|| format!("no token: {body}"))?;
        Ok(Self {
            agent,
            endpoint: text("entra_bulk_upload_endpoint")?,
            log: format!(
                "{}/v1.0/auditLogs/provisioning?$filter=jobid%20eq%20'{}'",
                text("graph_base")?,
                text("entra_inbound_job_id")?
            ),
            token: token.to_owned(),
        })
    }

    /// Uploads; the status.
    fn upload(&self, body: &str) -> Result<u16, String> {
        let answer = self
            .agent
            .post(&self.endpoint)
            .header("Authorization", format!("Bearer {}", self.token))
            .content_type("application/scim+json")
            .send(body)
            .map_err(|e| e.to_string())?;
        Ok(read(answer)?.0)
    }

    /// Whether the log tells of somebody.
    fn is_done(&self, anchor: &str) -> Result<bool, String> {
        let url = format!(
            "{}%20and%20sourceIdentity/id%20eq%20'{anchor}'&$top=1",
            self.log
        );
        let answer = self
            .agent
            .get(url)
            .header("Authorization", format!("Bearer {}", self.token))
            .call()
            .map_err(|e| e.to_string())?;
        let body = read(answer)?.1;
        Ok(body["value"].as_array().is_some_and(|all| !all.is_empty()))
    }
}

fn read(mut answer: Response<ureq::Body>) -> Result<(u16, Value), String> {
    let text = answer
        .body_mut()
        .read_to_string()
        .map_err(|e| e.to_string())?;
    let body = serde_json::from_str(&text).unwrap_or(Value::Null);
    Ok((answer.status().as_u16(), body))
}

/// A request with the people of this number; each names the first of them as manager.
fn request(anchors: &str, number: u64) -> String {
    let first = number * OPERATIONS;
    let people: Vec<Value> = (first..first + OPERATIONS)
        .map(|person| {
            json!({"method": "POST", "path": "/Users", "bulkId": format!("{anchors}-{person}"), "data": {
                "schemas": [USER, ENTERPRISE],
                "externalId": format!("{anchors}-{person}"),
                "userName": format!("{anchors}-{}", user_name(person)),
                "displayName": format!("Person {person}"),
                "name": {"givenName": "Person", "familyName": format!("{person}")},
                "title": "Guide",
                "active": true,
                "emails": [{"type": "work", "value": format!("{anchors}-{}", user_name(person))}],
                ENTERPRISE: {"department": "Tours", "manager": {"value": format!("{anchors}-{first}")}},
            }})
        })
        .collect();
    json!({"schemas": [BULK], "Operations": people, "failOnErrors": null}).to_string()
}

/// Uploads for so many seconds to the appliance that runs on a data directory, with a preset client, and prints how it
/// went. Returns how many calls were not accepted.
pub(super) fn measure(directory: &Path, seconds: u64) -> Result<usize, String> {
    let client = Client::open(directory)?;
    // People of this run, whatever was uploaded before.
    let anchors = scimlab::id::Guid::random().to_string()[..8].to_owned();
    let calls = seconds * 8;
    let requests: Vec<String> = (0..calls).map(|number| request(&anchors, number)).collect();
    let (mut times, mut refused, mut last) = (Vec::new(), 0, None);
    let watch = Stopwatch::start();
    for (number, body) in (0..calls).zip(&requests) {
        let due = PAUSE * u32::try_from(number).unwrap_or(u32::MAX);
        thread::park_timeout(due.saturating_sub(watch.elapsed()));
        let call = Stopwatch::start();
        match client.upload(body)? {
            202 => last = Some(number),
            _ => refused += 1,
        }
        times.push(call.elapsed());
    }
    let took = watch.elapsed();
    let last = last.ok_or("no request was accepted")?;
    let anchor = format!("{anchors}-{}", last * OPERATIONS + OPERATIONS - 1);
    let behind = Stopwatch::start();
    while !client.is_done(&anchor)? {
        if behind.elapsed() > PATIENCE {
            return Err("the queue is not empty after ten minutes".to_owned());
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    let behind = behind.elapsed();
    let accepted = times.len() - refused;
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let operations = accepted as u64 * OPERATIONS;
    println!(
        "{accepted} of {} calls accepted in {:.1} s, {refused} refused: {:.0} operations per second",
        times.len(),
        took.as_secs_f64(),
        f64::from(u32::try_from(operations).unwrap_or(u32::MAX)) / took.as_secs_f64()
    );
    println!(
        "202 after p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
        at(100).as_secs_f64() * 1e3
    );
    println!(
        "queue empty {:.2} s after the last call",
        behind.as_secs_f64()
    );
    Ok(refused)
}
