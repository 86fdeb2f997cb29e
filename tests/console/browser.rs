//! A client that behaves like a browser as far as the console can tell: it keeps the cookie, sends
//! `Sec-Fetch-Site`, and follows a redirect after a form.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use scimlab::clock::{Clock as _, SystemClock};
use scimlab::id::{Nonce, ScimId, Seq};
use scimlab::model::{Account, Meta, Role, User};
use scimlab::secret::{PasswordHash, Plain};
use scimlab::store::{self, Options, Reads as _, Store, Write, accounts, users};
use tempfile::TempDir;
use ureq::http::{Request, Response};

/// The SCIM key that appliances of these tests are started with.
pub(crate) const KEY: &str = "key-of-the-first-team";
pub(crate) const EMAIL: &str = "ada@example.com";
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A running appliance. Ended by its own process id when dropped.
pub(crate) struct Appliance {
    process: Child,
    root: TempDir,
    variables: Vec<(String, String)>,
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// Path of the one-time setup link; empty when somebody can sign in.
    pub(crate) setup: String,
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Appliance {
    /// With the sample directory, one administrator and a SCIM key.
    pub(crate) fn start() -> Self {
        Self::seeded("demo")
    }

    /// The same with nobody in any directory, and without an org.
    pub(crate) fn empty() -> Self {
        Self::seeded("empty")
    }

    fn seeded(seed: &str) -> Self {
        Self::start_with(&[
            ("SCIMLAB_SCIM_KEY", KEY),
            ("SCIMLAB_ADMIN_EMAIL", EMAIL),
            ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
            ("SCIMLAB_SEED", seed),
        ])
    }

    /// The same, with more members who can sign in with [`PASSWORD`], each with these roles.
    pub(crate) fn with_people(people: &[(&str, &[Role])]) -> Self {
        let people: Vec<_> = people
            .iter()
            .map(|(email, roles)| ((*email).to_owned(), roles.iter().copied().collect()))
            .collect();
        Self::prepared(people)
    }

    /// The same, with this many more Developers, `person-00000@example.com` and so on.
    pub(crate) fn with_members(count: usize) -> Self {
        let person = |n| (format!("person-{n:05}@example.com"), Role::by_default());
        Self::prepared((0..count).map(person).collect())
    }

    fn prepared(people: Vec<(String, BTreeSet<Role>)>) -> Self {
        let mut first = Self::start();
        first.process.kill().unwrap();
        first.process.wait().unwrap();
        let root = std::mem::replace(&mut first.root, TempDir::new().unwrap());
        let store = Store::open(&Options::new(root.path().join("data"))).unwrap();
        let password = PasswordHash::new(&Plain::new(PASSWORD)).unwrap();
        store
            .write(move |tx| add_people(tx, &people, &password))
            .unwrap();
        drop(store);
        Self::start_in(root, std::mem::take(&mut first.variables))
    }

    /// With these environment variables and none that happen to be set outside.
    pub(crate) fn start_with(variables: &[(&str, &str)]) -> Self {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self::start_in(
            TempDir::new().unwrap(),
            variables.iter().map(owned).collect(),
        )
    }

    /// Ends it as an operator does and starts it again on the same data.
    pub(crate) fn restarted(mut self) -> Self {
        let id = self.process.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(asked.success());
        assert!(self.process.wait().unwrap().success());
        let root = std::mem::replace(&mut self.root, TempDir::new().unwrap());
        Self::start_in(root, std::mem::take(&mut self.variables))
    }

    fn start_in(root: TempDir, variables: Vec<(String, String)>) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(root.path().join("log"))
            .unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_scimlab"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(root.path().join("data"))
            .env_clear()
            .envs(variables.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        // The pipe stays open in `process`: the program may go on printing.
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let mut after = |start: &str| {
            let line = lines.find_map(|line| line.unwrap().strip_prefix(start).map(str::to_owned));
            line.unwrap_or_else(|| {
                panic!("{}", fs::read_to_string(root.path().join("log")).unwrap())
            })
        };
        let url = after("scimlab is listening on ");
        let setup = if variables
            .iter()
            .any(|(name, _)| name == "SCIMLAB_ADMIN_EMAIL")
        {
            String::new()
        } else {
            let link = after("Set up the first administrator within 30 minutes: ");
            link.strip_prefix(&url).unwrap().to_owned()
        };
        Self {
            process,
            root,
            variables,
            url,
            setup,
        }
    }

    /// Sends a SCIM request with a key; returns the status and the body.
    pub(crate) fn scim(&self, key: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        scim(&self.url, key, method, path, body)
    }

    /// What the appliance wrote to its log.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.root.path().join("log")).unwrap()
    }

    /// Stops the appliance and prints everything it stored.
    pub(crate) fn dump(mut self) -> String {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
            .args(["dump", "--data"])
            .arg(self.root.path().join("data"))
            .env_clear()
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// A browser nobody has signed in with.
    pub(crate) fn stranger(&self) -> Browser {
        Browser::at(&self.url)
    }

    /// A browser with the administrator signed in.
    pub(crate) fn administrator(&self) -> Browser {
        self.person(EMAIL)
    }

    /// A browser with somebody signed in.
    pub(crate) fn person(&self, email: &str) -> Browser {
        let browser = self.stranger();
        let page = browser.post("/login", &[("email", email), ("password", PASSWORD)]);
        assert_eq!(page.status, 303, "{}", page.body);
        browser
    }
}

/// Members of the first team, by e-mail address and roles, all with one password.
fn add_people(
    tx: &Write<'_>,
    people: &[(String, BTreeSet<Role>)],
    password: &PasswordHash,
) -> Result<(), store::Error> {
    let (team, now) = (Seq(1), SystemClock.now());
    for (email, roles) in people {
        let account = Account {
            seq: accounts::next_seq(tx)?,
            sign_in_name: email.clone(),
            name: email.split('@').next().unwrap().to_owned(),
            password: Some(password.clone()),
            operator: false,
            created: now,
        };
        accounts::put(tx, &account)?;
        let seq = users::next_seq(tx, team)?;
        let user = User {
            seq,
            id: ScimId::new(tx.mix(), seq, Nonce::random()),
            meta: Meta::new(now),
            attributes: account.as_attributes(),
            account: account.seq,
            roles: roles.clone(),
            invite: None,
            written_by_scim: None,
        };
        users::put(tx, team, &user)?;
    }
    Ok(())
}

/// Sends a SCIM request with a key to the appliance with this URL; returns the status and the body.
pub(crate) fn scim(url: &str, key: &str, method: &str, path: &str, body: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("{url}/scim/v2{path}"))
        .header("Authorization", format!("Bearer {key}"))
        .header("User-Agent", "tests of the console/1.0")
        .header("Content-Type", "application/scim+json");
    let answer = if body.is_empty() {
        agent().run(request.body(()).unwrap())
    } else {
        agent().run(request.body(body.to_owned()).unwrap())
    };
    let (parts, mut body) = answer.unwrap().into_parts();
    (parts.status.as_u16(), body.read_to_string().unwrap())
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_global(Some(Duration::from_mins(1)))
        .build()
        .into()
}

/// An answer.
pub(crate) struct Page {
    pub(crate) status: u16,
    pub(crate) location: String,
    pub(crate) body: String,
    headers: ureq::http::HeaderMap,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The page's text must contain `text`.
    pub(crate) fn says(&self, text: &str) -> &Self {
        assert!(self.body.contains(text), "no {text:?} in {}", self.body);
        self
    }

    pub(crate) fn says_not(&self, text: &str) -> &Self {
        assert!(!self.body.contains(text), "{text:?} in {}", self.body);
        self
    }

    /// Value of the hidden field of this name.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"");
        let (_, after) = self.body.split_once(&field).expect("a hidden field");
        after.split('"').next().unwrap_or_default().to_owned()
    }

    /// Addresses that begin with `prefix`, in order, each once.
    pub(crate) fn links(&self, prefix: &str) -> Vec<String> {
        let mut links: Vec<String> = Vec::new();
        for part in self.body.split(['"']) {
            if part.starts_with(prefix) && !links.iter().any(|link| link == part) {
                links.push(part.replace("&#38;", "&").replace("&amp;", "&"));
            }
        }
        links
    }
}

pub(crate) struct Browser {
    base: String,
    agent: ureq::Agent,
    cookie: RefCell<String>,
}

impl Browser {
    /// One that nobody has signed in with, at the appliance with this URL.
    pub(crate) fn at(url: &str) -> Self {
        Self {
            base: url.to_owned(),
            agent: agent(),
            cookie: RefCell::default(),
        }
    }

    /// Sends a form with files as a browser does (RFC 7578): name, file name or nothing, content.
    pub(crate) fn upload(&self, path: &str, parts: &[(&str, &str, &[u8])]) -> Page {
        const BOUNDARY: &str = "----scimlab-test-boundary";
        let mut body = Vec::new();
        for (name, file, content) in parts {
            let file = match *file {
                "" => String::new(),
                file => format!("; filename=\"{file}\""),
            };
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::builder()
            .method("POST")
            .uri(format!("{}{path}", self.base))
            .header("Cookie", self.cookie.borrow().as_str())
            .header("Sec-Fetch-Site", "same-origin")
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(body)
            .unwrap();
        self.read(self.agent.run(request).unwrap())
    }

    /// Opens an address and expects a page.
    pub(crate) fn open(&self, path: &str) -> Page {
        let page = self.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.body);
        page
    }

    pub(crate) fn get(&self, path: &str) -> Page {
        self.send("GET", path, &[("Sec-Fetch-Site", "same-origin")], &[])
    }

    /// Submits a form of our own page.
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send("POST", path, &[("Sec-Fetch-Site", "same-origin")], fields)
    }

    /// Submits a form and opens the page it leads to.
    pub(crate) fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.post(path, fields);
        assert_eq!(answer.status, 303, "{path}: {}", answer.body);
        self.open(&answer.location)
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if !self.cookie.borrow().is_empty() {
            request = request.header("Cookie", self.cookie.borrow().as_str());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = if method == "GET" {
            self.agent.run(request.body(()).unwrap())
        } else {
            let form = form(fields);
            let request = request.header("Content-Type", "application/x-www-form-urlencoded");
            self.agent.run(request.body(form).unwrap())
        };
        self.read(answer.unwrap_or_else(|problem| panic!("{method} {path}: {problem}")))
    }

    fn read(&self, answer: Response<ureq::Body>) -> Page {
        let (parts, mut body) = answer.into_parts();
        if let Some(cookie) = parts.headers.get("Set-Cookie") {
            let cookie = cookie.to_str().unwrap();
            let pair = cookie.split(';').next().unwrap();
            pair.clone_into(&mut self.cookie.borrow_mut());
        }
        let location = parts.headers.get("Location");
        Page {
            status: parts.status.as_u16(),
            location: location.map_or(String::new(), |v| v.to_str().unwrap().to_owned()),
            body: body.read_to_string().unwrap(),
            headers: parts.headers,
        }
    }

    pub(crate) fn cookie(&self) -> String {
        self.cookie.borrow().clone()
    }

    /// Goes on with a cookie of somebody else's choosing.
    pub(crate) fn plant(&self, cookie: &str) {
        cookie.clone_into(&mut self.cookie.borrow_mut());
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect::<String>()
    };
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect::<Vec<_>>()
        .join("&")
}
