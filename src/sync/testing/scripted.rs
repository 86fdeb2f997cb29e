//! A server that answers what a test tells it to, byte for byte.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// A request, whole.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn read(from: &mut impl BufRead) -> Option<Self> {
        let mut line = String::new();
        if from.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let mut words = line.split_whitespace();
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let (mut headers, mut length) = (Vec::new(), 0);
        loop {
            let mut header = String::new();
            if from.read_line(&mut header).ok()? == 0 {
                return None;
            }
            let Some((name, value)) = header.trim_end().split_once(':') else {
                break;
            };
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
            if name == "content-length" {
                length = value.parse().ok()?;
            }
            headers.push((name, value));
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).ok()?;
        Some(Self {
            method,
            path,
            headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// The value of a header; empty when there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

const SCIM: &str = "application/scim+json";

/// An answer: status and JSON.
pub(crate) struct Given(u16, String);

impl Given {
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self(status, body.into())
    }

    /// The answer to a filter that finds nobody.
    pub(crate) fn nobody() -> Self {
        Self::json(
            200,
            r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"#,
        )
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let Self(status, body) = self;
        let length = body.len();
        format!(
            "HTTP/1.1 {status} X\r\nContent-Type: {SCIM}\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }
}

type Script = Box<dyn FnMut(&Asked) -> Given + Send>;

/// The server. Its threads end with the test process.
pub(crate) struct Scripted {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Scripted {
    pub(crate) fn start(script: impl FnMut(&Asked) -> Given + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let theirs = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, asked) = (Arc::clone(&script), Arc::clone(&theirs));
                std::thread::spawn(move || serve(stream, &script, &asked));
            }
        });
        Self { url, asked }
    }

    /// What was asked since the last call.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn serve(mut stream: TcpStream, script: &Mutex<Script>, asked: &Mutex<Vec<Asked>>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(request) = Asked::read(&mut reader) {
        let given = {
            let mut script = script.lock().unwrap_or_else(PoisonError::into_inner);
            (*script)(&request)
        };
        asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        if stream.write_all(&given.bytes()).is_err() {
            return;
        }
    }
}
