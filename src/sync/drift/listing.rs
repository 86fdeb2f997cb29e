//! The target's objects of one kind, a page at a time: `GET /Users?startIndex=1&count=100`.
//!
//! Servers that ignore paging, or lie about `totalResults`, must not make this endless: it ends when as many were read
//! as there are said to be, with a page that begins like the one before, with a page that contradicts itself, or at
//! a bound.

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
    total: Option<u64>,
    pub(super) requests: u64,
    /// Why it ended before its end; what was not seen by then has to be asked for.
    pub(super) broke_off: Option<ErrorInformation>,
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
            total: None,
            requests: 0,
            broke_off: None,
        }
    }

    /// The next page; an empty one is the end.
    pub(super) fn next(&mut self) -> Result<Vec<Resource>, ErrorInformation> {
        let read_all = self.total.is_some_and(|total| self.start as u64 > total);
        if self.pages == PAGES || read_all {
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
        let answered = get(self.client, path).and_then(|answer| answer::list(&answer));
        let listed = match answered {
            Ok(listed) => listed,
            // Objects come and go while they are listed: a later page may have become empty.
            Err(error) if self.pages > 1 && error.error_code == answer::INCOMPATIBLE => {
                self.broke_off = Some(error);
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        self.total = Some(listed.total);
        let page = listed.resources;
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
