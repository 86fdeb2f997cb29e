//! The target's objects of one kind, a page at a time: `GET /Users?startIndex=1&count=100`.
//!
//! Servers that ignore paging, or lie about `totalResults`, must not make this endless: it ends with an empty page,
//! with a page that begins like the one before, or at a bound.

use serde_json::{Map, Value as Json};

use crate::model::{ErrorInformation, ObjectKind};
use crate::sync::answer;
use crate::sync::client::{Client, Method, Request};

/// Objects asked for at a time.
const COUNT: usize = 100;
/// Pages read at most: ten million objects.
const PAGES: usize = 100_000;

/// A walk through the target's list.
pub(super) struct Listing<'a> {
    client: &'a Client,
    kind: ObjectKind,
    start: usize,
    pages: usize,
    first: Option<String>,
    pub(super) requests: u64,
}

pub(super) type Resource = Map<String, Json>;

impl<'a> Listing<'a> {
    pub(super) fn new(client: &'a Client, kind: ObjectKind) -> Self {
        Self {
            client,
            kind,
            start: 1,
            pages: 0,
            first: None,
            requests: 0,
        }
    }

    /// The next page; an empty one is the end.
    pub(super) fn next(&mut self) -> Result<Vec<Resource>, ErrorInformation> {
        if self.pages == PAGES {
            return Ok(Vec::new());
        }
        self.pages += 1;
        let path = match self.kind {
            ObjectKind::User => format!("Users?startIndex={}&count={COUNT}", self.start),
            ObjectKind::Group => format!(
                "Groups?excludedAttributes=members&startIndex={}&count={COUNT}",
                self.start
            ),
        };
        self.requests += 1;
        let page = get(self.client, path)
            .and_then(|answer| answer::list(&answer))?
            .resources;
        let first = page.first().and_then(answer::id_of);
        if first.is_some() && first == self.first {
            return Ok(Vec::new());
        }
        self.first = first;
        self.start = self.start.saturating_add(page.len());
        Ok(page)
    }
}

/// Reads one object.
pub(super) fn read(
    client: &Client,
    request: &Request,
) -> Result<Option<Resource>, ErrorInformation> {
    let answer = send(client, request)?;
    if answer.status == 404 {
        return Ok(None);
    }
    answer::resource(&answer, answer::Aim::Resource).map(|(_, resource)| Some(resource))
}

fn get(client: &Client, path: String) -> Result<crate::sync::client::Answer, ErrorInformation> {
    let request = Request {
        method: Method::Get,
        path,
        body: None,
    };
    send(client, &request)
}

fn send(
    client: &Client,
    request: &Request,
) -> Result<crate::sync::client::Answer, ErrorInformation> {
    let (_, answered) = client.send(request);
    answered.map_err(|error| answer::unanswered(&error))
}
