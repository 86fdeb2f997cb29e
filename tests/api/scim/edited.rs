//! A team whose data was edited while the server was stopped: keys and switches that no request makes.

use scimlab::error::Error;
use scimlab::model::{KeyAccess, KeyStatus, ScimKey};
use scimlab::secret::Plain;
use scimlab::store::{Options, Store, Write, keys, teams, users};
use serde_json::Value;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};
use crate::team::Team;

pub(super) struct Edited {
    /// The new one; that of the team is stopped.
    pub(super) server: Server,
    /// Keeps the directory.
    pub(super) team: Team,
}

impl Edited {
    pub(super) fn new(
        team: Team,
        edit: impl FnOnce(&Write<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Self {
        team.server.kill();
        let root = team.root();
        let store = Store::open(&Options::new(root.join("data"))).unwrap();
        store.write(edit).unwrap();
        drop(store);
        Self {
            server: Server::start_with(&root, &[]),
            team,
        }
    }

    /// The team with these switches turned.
    pub(super) fn switched(team: Team, switches: &[(&'static str, Value)]) -> Self {
        let switches = switches.to_vec();
        Self::new(team, move |tx| {
            let mut team = teams::first(tx)?.unwrap();
            for (name, value) in switches {
                team.profile.switches.insert(name.to_owned(), value);
            }
            Ok(teams::put(tx, &team)?)
        })
    }

    /// A request with this key.
    pub(super) fn call(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: &Value,
    ) -> Response<Value> {
        self.call_with(key, method, path, &[], body)
    }

    pub(super) fn call_with(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Response<Value> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}/scim/v2{path}", self.server.url))
            .header("Authorization", format!("Bearer {key}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let text = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        self.server.send(request, text.into_bytes()).unwrap()
    }
}

/// Adds a key like the first one, bound to a user or read-only.
pub(super) fn add_key(
    tx: &Write<'_>,
    text: &str,
    user_name: Option<&str>,
    access: KeyAccess,
) -> Result<(), Error> {
    let (team, first) = keys::find_active(tx, &Plain::new(KEY).digest())?.unwrap();
    let user = match user_name {
        Some(name) => Some(users::find_by_user_name(tx, team, name)?.unwrap().seq),
        None => None,
    };
    let key = ScimKey {
        seq: keys::next_seq(tx, team)?,
        name: text.to_owned(),
        digest: Plain::new(text).digest(),
        status: KeyStatus::Active,
        access,
        user,
        ..first
    };
    Ok(keys::put(tx, team, &key)?)
}
