//! The directory half of the Graph API from outside (entra.md 6.7): users, groups, members, applications, assignments, the
//! recycle bin, batches.

mod applications;
mod bad_input;
mod batch;
mod groups;
mod lists;
mod provisioned;
mod recycle_bin;
mod users;

use std::collections::BTreeSet;

use scimlab::clock::Timestamp;
use scimlab::error::Error;
use scimlab::model::GraphPermission;
use scimlab::store::{Options, Store, Write, directory, registrations};
use serde_json::{Value, json};
use tempfile::TempDir;
use ureq::http::{Request, Response};

use crate::server::{KEY, Server};

const OPERATOR: &str = "token-of-the-operator";
const SECRET: &str = "secret-of-the-automation";
const CLIENT: &str = "5c10ab00-0000-4000-8000-000000007644";
const START: [(&str, &str); 3] = [
    ("SCIMLAB_SCIM_KEY", KEY),
    ("SCIMLAB_OPERATOR_TOKEN", OPERATOR),
    ("SCIMLAB_ENTRA_CLIENT_SECRET", SECRET),
];

/// An appliance with an empty directory and a client that may do everything.
struct Graph {
    server: Server,
    /// Holds the data while the server runs.
    _root: TempDir,
    token: String,
}

impl Graph {
    fn start() -> Self {
        Self::over(tempfile::tempdir().unwrap())
    }

    /// Whose client has these permissions and no other.
    fn with(permissions: &[GraphPermission]) -> Self {
        let permissions = permissions.to_vec();
        Self::edited(move |tx| {
            let tenant = directory::first_tenant(tx)?.unwrap().seq;
            let mut client = registrations::all(tx, tenant)?.remove(0);
            client.permissions = permissions.into_iter().collect();
            Ok(registrations::put(tx, tenant, &client)?)
        })
    }

    /// Whose data were changed before it started.
    fn edited(edit: impl FnOnce(&Write<'_>) -> Result<(), Error> + Send + 'static) -> Self {
        let root = tempfile::tempdir().unwrap();
        drop(Server::start_with(root.path(), &START));
        {
            let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
            store.write(edit).unwrap();
        }
        Self::over(root)
    }

    fn over(root: TempDir) -> Self {
        let server = Server::start_with(root.path(), &START);
        let mut graph = Self {
            server,
            _root: root,
            token: String::new(),
        };
        let form = format!(
            "client_id={CLIENT}&client_secret={SECRET}&grant_type=client_credentials\
             &scope=https%3A%2F%2Fgraph.microsoft.com%2F.default"
        );
        let url = format!(
            "{}/login/contoso.example/oauth2/v2.0/token",
            graph.server.url
        );
        let request =
            Request::post(url).header("Content-Type", "application/x-www-form-urlencoded");
        let answer = graph.server.send(request, form.into_bytes()).unwrap();
        assert_eq!(answer.status(), 200, "{}", answer.body());
        graph.token = text(&answer.body()["access_token"]);
        graph
    }

    /// Asks for an address below `/graph`, in which blanks and quotes may stand.
    fn send(&self, method: &str, path: &str, body: &str) -> Response<Value> {
        let path = path
            .replace(' ', "%20")
            .replace('\'', "%27")
            .replace('"', "%22");
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/graph{path}", self.server.url))
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/json");
        self.server.send(request, body.as_bytes().to_vec()).unwrap()
    }

    /// Asks version 1; null is no body.
    fn ask(&self, method: &str, path: &str, body: &Value) -> Response<Value> {
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        self.send(method, &format!("/v1.0{path}"), &body)
    }

    /// Reads what there is.
    fn get(&self, path: &str) -> Value {
        let answer = self.ask("GET", path, &Value::Null);
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        answer.into_body()
    }

    /// The objects of a list that is one page.
    fn list(&self, path: &str) -> Vec<Value> {
        let body = self.get(path);
        assert_eq!(body.get("@odata.nextLink"), None, "{path}");
        body["value"].as_array().unwrap().clone()
    }

    /// A property of each object of a list.
    fn each(&self, path: &str, property: &str) -> Vec<String> {
        let all = self.list(path);
        all.iter().map(|object| text(&object[property])).collect()
    }

    /// Posts what makes something, and says what was made.
    fn make(&self, path: &str, body: &Value) -> Value {
        let answer = self.ask("POST", path, body);
        assert_eq!(answer.status(), 201, "{path}: {}", answer.body());
        answer.into_body()
    }

    /// Does what has no answer.
    fn done(&self, method: &str, path: &str, body: &Value) {
        let answer = self.ask(method, path, body);
        assert_eq!(answer.status(), 204, "{method} {path}: {}", answer.body());
        assert_eq!(answer.body(), &Value::Null);
    }

    /// Is refused with this status and code; the sentence.
    fn refused(&self, method: &str, path: &str, body: &Value, status: u16, code: &str) -> String {
        let answer = self.ask(method, path, body);
        assert_eq!(
            answer.status(),
            status,
            "{method} {path} {body}: {}",
            answer.body()
        );
        let error = &answer.body()["error"];
        assert_eq!(error["code"], code, "{method} {path} {body}: {error}");
        assert!(error["innerError"]["request-id"].is_string(), "{error}");
        text(&error["message"])
    }

    /// A person; the object id.
    fn user(&self, alias: &str, more: &Value) -> String {
        let mut body = person(alias);
        for (name, value) in more.as_object().into_iter().flatten() {
            body[name] = value.clone();
        }
        text(&self.make("/users", &body)["id"])
    }

    /// A security group; the object id.
    fn group(&self, name: &str) -> String {
        text(&self.make("/groups", &team(name))["id"])
    }

    /// Puts an object into a group.
    fn add(&self, group: &str, member: &str) {
        self.done(
            "POST",
            &format!("/groups/{group}/members/$ref"),
            &reference(member),
        );
    }

    /// Asks the control API, which does it.
    fn lab(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}/lab{path}", self.server.url))
            .header("Authorization", format!("Bearer {OPERATOR}"));
        let body = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let answer = self.server.send(request, body).unwrap();
        assert_eq!(answer.status(), 200, "{path}: {}", answer.body());
        answer.into_body()
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

/// What makes a person.
fn person(alias: &str) -> Value {
    json!({
        "accountEnabled": true,
        "displayName": alias,
        "mailNickname": alias,
        "userPrincipalName": format!("{alias}@contoso.example"),
        "passwordProfile": { "password": "correct horse", "forceChangePasswordNextSignIn": false },
    })
}

/// What makes a security group.
fn team(name: &str) -> Value {
    json!({
        "displayName": name, "mailEnabled": false, "mailNickname": "team", "securityEnabled": true,
    })
}

/// What refers to an object by its address.
fn reference(id: &str) -> Value {
    json!({ "@odata.id": format!("https://graph.microsoft.com/v1.0/directoryObjects/{id}") })
}

fn names(object: &Value) -> BTreeSet<&str> {
    let members = object.as_object().unwrap();
    members.keys().map(String::as_str).collect()
}

fn moment(value: &Value) {
    let text = text(value);
    assert!(
        text.ends_with('Z') && Timestamp::parse(&text).is_ok(),
        "{text}"
    );
}
