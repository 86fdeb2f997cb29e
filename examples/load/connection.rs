//! One kept-alive HTTP connection that speaks SCIM.

use std::time::Duration;

use serde_json::Value;
use ureq::Agent;

use super::user_name;

/// One kept-alive connection with a key.
pub(super) struct Connection {
    agent: Agent,
    base: String,
    authorization: String,
}

/// A status and a body; the body is `Null` when it is empty or no JSON.
pub(super) type Answer = Result<(u16, Value), String>;

impl Connection {
    /// Dials on the first request.
    pub(super) fn open(base: &str, key: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Not a timeout of the whole call: that one makes ureq look up names on a thread of its
            // own for every request, which would be measured too.
            .timeout_recv_response(Some(Duration::from_mins(1)))
            // A proxy of the environment would be measured instead of the target.
            .proxy(None)
            .build();
        Self {
            agent: config.new_agent(),
            base: base.trim_end_matches('/').to_owned(),
            authorization: format!("Bearer {key}"),
        }
    }

    pub(super) fn get(&self, path: &str, query: &[(&str, &str)]) -> Answer {
        let request = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("Authorization", &self.authorization)
            .header("Accept", "application/scim+json")
            .query_pairs(query.iter().copied());
        read(request.call())
    }

    pub(super) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(self.agent.post(format!("{}{path}", self.base)), body)
    }

    pub(super) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(self.agent.patch(format!("{}{path}", self.base)), body)
    }

    fn send(&self, to: ureq::RequestBuilder<ureq::typestate::WithBody>, body: &Value) -> Answer {
        read(
            to.header("Authorization", &self.authorization)
                .header("Accept", "application/scim+json")
                .content_type("application/scim+json")
                .send(body.to_string()),
        )
    }

    /// The id of the one resource that `filter` finds below `path`.
    pub(super) fn find(&self, path: &str, filter: &str) -> Result<Option<String>, String> {
        let query = [("filter", filter), ("excludedAttributes", "members")];
        let (status, body) = self.get(path, &query)?;
        if status != 200 {
            return Err(format!(
                "GET {path}?filter={filter} answered {status}: {body}"
            ));
        }
        Ok(body["Resources"][0]["id"].as_str().map(str::to_owned))
    }

    /// The id of person `number` of those that `--prepare` makes.
    pub(super) fn find_user(&self, number: u64) -> Result<String, String> {
        let name = user_name(number);
        self.find("/Users", &format!("userName eq \"{name}\""))?
            .ok_or_else(|| format!("{name} does not exist; run with --prepare first"))
    }
}

fn read(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = result.map_err(|e| e.to_string())?;
    let bytes = response
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_vec()
        .map_err(|e| e.to_string())?;
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Ok((response.status().as_u16(), body))
}
