//! What the connections do: gathered before the clock starts, then repeated.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use scimlab::clock::Stopwatch;
use scimlab::id::Nonce;
use serde_json::json;

use super::connection::Connection;
use super::report::Sample;
use super::wire::Wire;
use super::{Arguments, Order, Random, Scenario, group_name, patch_body, person, user_name};

/// At most this many people are asked for their ids before a run; they are spread over all.
const SAMPLE: u64 = 2_000;
/// At most this many cursors are kept.
const CURSORS: u64 = 200;
/// People on a page.
const PAGE: u64 = 100;

/// Stands for a name in a body that is made before the clock starts: making JSON for every request would cost the
/// client, which shares the server's cores, as much as sending it.
const PLACE: &str = "NAME";

/// What the threads need to know before the clock starts.
pub(super) enum Work {
    /// A nonce that keeps the names of this run apart from those of others, and how many were made.
    Create {
        run: String,
        order: Order,
        next: AtomicU64,
        /// A person whose name is [`PLACE`].
        template: String,
    },
    /// Paths to read, and what that is called.
    Read {
        operation: &'static str,
        paths: Vec<String>,
    },
    /// Paths of people, and a change to the name [`PLACE`].
    Patch {
        paths: Vec<String>,
        order: Order,
        next: AtomicU64,
        template: String,
    },
    /// A filter that reads everybody, and paths of people to read meanwhile.
    Scan { path: String, paths: Vec<String> },
    /// The group, and for each connection a person of its own who is not a member.
    AddMember { group: String, people: Vec<String> },
}

/// Percent-encodes what a query must not contain.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|b| match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(b).to_string()
            }
            _ => format!("%{b:02X}"),
        })
        .collect()
}

impl Work {
    pub(super) fn gather(arguments: &Arguments, scenario: Scenario) -> Result<Self, String> {
        let connection = Connection::open(&arguments.base, &arguments.key);
        let count = arguments.users.min(SAMPLE);
        let numbers = || (0..count).map(|n| n * arguments.users / count);
        let people = || -> Result<Vec<String>, String> {
            numbers()
                .map(|n| Ok(format!("/Users/{}", connection.find_user(n)?)))
                .collect()
        };
        let read = |operation, paths| Self::Read { operation, paths };
        let filters = |attribute: &str, prefix: &str| -> Vec<String> {
            numbers()
                .map(|n| format!("{attribute} eq \"{prefix}{}\"", user_name(n)))
                .map(|filter| format!("/Users?filter={}", encoded(&filter)))
                .collect()
        };
        Ok(match scenario {
            Scenario::Create => {
                let hex: Vec<String> = Nonce::random().0[..6]
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect();
                Self::Create {
                    run: hex.concat(),
                    order: arguments.order,
                    next: AtomicU64::new(0),
                    template: person(PLACE).to_string(),
                }
            }
            Scenario::Get => read("get", people()?),
            Scenario::Filter => read("filter", filters("userName", "")),
            Scenario::ExternalId => read("external-id", filters("externalId", "ext-")),
            Scenario::Patch => Self::Patch {
                paths: people()?,
                order: arguments.order,
                next: AtomicU64::new(0),
                template: patch_body(
                    &json!({ "op": "replace", "path": "displayName", "value": PLACE }),
                )
                .to_string(),
            },
            Scenario::FirstPage => read("first-page", vec![format!("/Users?count={PAGE}")]),
            Scenario::CursorPage => read("cursor-page", cursors(&connection, arguments.users)?),
            Scenario::DeepPage => {
                let path = |n| format!("/Users?count={PAGE}&startIndex={}", n + 1);
                read("deep-page", numbers().map(path).collect())
            }
            Scenario::GroupWithoutMembers => {
                let group = find_group(&connection, arguments.group_size)?;
                let path = format!("/Groups/{group}?excludedAttributes=members");
                read("group", vec![path])
            }
            Scenario::Scan => Self::Scan {
                path: format!("/Users?filter={}", encoded("title co \"zzz\"")),
                paths: people()?,
            },
            Scenario::AddMember => {
                let first = arguments.group_size;
                Self::AddMember {
                    group: find_group(&connection, arguments.group_size)?,
                    people: (first..first + arguments.connections)
                        .map(|number| connection.find_user(number))
                        .collect::<Result<_, _>>()?,
                }
            }
        })
    }

    /// Names of the rows of the result.
    pub(super) fn operations(&self) -> Vec<&'static str> {
        match self {
            Self::Create { .. } => vec!["create"],
            Self::Read { operation, .. } => vec![operation],
            Self::Patch { .. } => vec!["patch"],
            Self::Scan { .. } => vec!["scan", "get"],
            Self::AddMember { .. } => vec!["add-member", "remove-member"],
        }
    }

    /// One request of the kind that is read.
    pub(super) fn sample(&self, wire: &Wire) -> String {
        let paths = match self {
            Self::Read { paths, .. } | Self::Patch { paths, .. } | Self::Scan { paths, .. } => {
                paths
            }
            Self::Create { .. } | Self::AddMember { .. } => {
                return wire.request("GET", "/Users", "");
            }
        };
        wire.request("GET", paths.first().map_or("/Users", String::as_str), "")
    }

    /// One connection until the time is up. A round that has begun is finished, so that
    /// `add-member` leaves the group as it was.
    pub(super) fn repeat(
        &self,
        arguments: &Arguments,
        connection: u64,
        watch: Stopwatch,
        limit: Duration,
    ) -> Vec<Sample> {
        let mut random = Random(connection + 1);
        let mut samples = Vec::new();
        let mut wire = match Wire::open(&arguments.base, &arguments.key) {
            Ok(wire) => wire,
            Err(sentence) => {
                let operation = self.operations()[0];
                samples.push(Sample::of(operation, &[], || Err(sentence)));
                return samples;
            }
        };
        let mut round = 0_u64;
        while watch.elapsed() < limit {
            self.round(&mut wire, connection, round, &mut random, &mut samples);
            round += 1;
        }
        samples
    }

    fn round(
        &self,
        wire: &mut Wire,
        connection: u64,
        round: u64,
        random: &mut Random,
        samples: &mut Vec<Sample>,
    ) {
        match self {
            Self::Create {
                run,
                order,
                next,
                template,
            } => {
                let name = order.name(run, next.fetch_add(1, Ordering::Relaxed));
                let body = template.replace(PLACE, &name);
                let request = wire.request("POST", "/Users", &body);
                send(wire, samples, "create", &[201], &request);
            }
            Self::Read { operation, paths } => {
                let request = wire.request("GET", random.choose(paths), "");
                send(wire, samples, operation, &[200], &request);
            }
            Self::Scan { path, paths } => {
                let (operation, path) = if connection == 0 {
                    ("scan", path.as_str())
                } else {
                    ("get", random.choose(paths))
                };
                let request = wire.request("GET", path, "");
                send(wire, samples, operation, &[200], &request);
            }
            Self::Patch {
                paths,
                order,
                next,
                template,
            } => {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let (path, name) = match order {
                    Order::Random => (random.choose(paths), format!("Load {connection} {round}")),
                    Order::Sequence => (nth(paths, number), format!("Load {number:08x}")),
                };
                let request = wire.request("PATCH", path, &template.replace(PLACE, &name));
                send(wire, samples, "patch", &[200, 204], &request);
            }
            Self::AddMember { group, people } => {
                let Some(person) = usize::try_from(connection).ok().and_then(|n| people.get(n))
                else {
                    return;
                };
                let path = format!("/Groups/{group}");
                let add = patch_body(
                    &json!({ "op": "add", "path": "members", "value": [{ "value": person }] }),
                );
                let remove = patch_body(
                    &json!({ "op": "remove", "path": format!("members[value eq \"{person}\"]") }),
                );
                for (operation, body) in [("add-member", add), ("remove-member", remove)] {
                    let request = wire.request("PATCH", &path, &body.to_string());
                    send(wire, samples, operation, &[200, 204], &request);
                }
            }
        }
    }
}

/// One after the other, from the first again behind the last.
fn nth(paths: &[String], number: u64) -> &str {
    let place = usize::try_from(number).unwrap_or(0) % paths.len().max(1);
    paths.get(place).map_or("/Users", String::as_str)
}

fn send(
    wire: &mut Wire,
    samples: &mut Vec<Sample>,
    operation: &'static str,
    expected: &[u16],
    request: &str,
) {
    samples.push(Sample::of(operation, expected, || {
        wire.send(request).map(|(status, _)| status)
    }));
}

fn find_group(connection: &Connection, size: u64) -> Result<String, String> {
    let name = group_name(size);
    connection
        .find("/Groups", &format!("displayName eq \"{name}\""))?
        .ok_or_else(|| format!("{name} does not exist; run with --prepare first"))
}

/// Paths of pages spread over the whole list, found by walking it once.
fn cursors(connection: &Connection, users: u64) -> Result<Vec<String>, String> {
    let every = (users / PAGE / CURSORS).max(1);
    let (mut paths, mut cursor, mut page) = (Vec::new(), String::new(), 0);
    loop {
        let count = PAGE.to_string();
        let query = [
            ("cursor", cursor.as_str()),
            ("count", count.as_str()),
            ("attributes", "id"),
        ];
        let (status, body) = connection.get("/Users", &query)?;
        if status != 200 {
            return Err(format!("a cursor page answered {status}: {body}"));
        }
        let Some(next) = body["nextCursor"].as_str() else {
            break;
        };
        next.clone_into(&mut cursor);
        page += 1;
        if page % every == 0 {
            paths.push(format!("/Users?count={PAGE}&cursor={cursor}"));
        }
    }
    if paths.is_empty() {
        return Err("there is only one page".to_owned());
    }
    Ok(paths)
}
