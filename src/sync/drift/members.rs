//! The members of one group, there and here.
//!
//! A cycle never reads them; the report does, whole, as a resource of the target has them. A group whose answer is
//! larger than the agent takes (4 MiB) is said to be unknown.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::listing::Resource;
use crate::error::Result;
use crate::model::Link;
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};
use crate::sync::client::{Method, Request};
use crate::sync::dialect::entra;

/// Reads a group with its members.
pub(super) fn request(link: &Link) -> Request {
    let read = entra::read(link.source.kind, &link.target_id);
    let path = read.path.split('?').next().unwrap_or_default().to_owned();
    Request {
        method: Method::Get,
        path,
        body: None,
    }
}

/// Ids in the target.
pub(super) fn of_resource(resource: &Resource) -> BTreeSet<String> {
    let members = resource.get("members").and_then(Json::as_array);
    members
        .into_iter()
        .flatten()
        .filter_map(|member| member.get("value").and_then(Json::as_str))
        .map(str::to_owned)
        .collect()
}

/// Ids in the target of the members that the directory has and that are provisioned.
pub(super) fn of_directory(tx: &impl Reads, key: JobKey, link: &Link) -> Result<BTreeSet<String>> {
    let mut expected = BTreeSet::new();
    for member in rows::members(tx, key.tenant, link.source.seq, None, usize::MAX)? {
        if let Some(member) = jobs::link(tx, key, member)?.filter(|l| !l.out_of_scope) {
            expected.insert(member.target_id);
        }
    }
    Ok(expected)
}

/// The difference as a sentence; `None` when there is none.
pub(super) fn difference(expected: &BTreeSet<String>, there: &BTreeSet<String>) -> Option<String> {
    let missing: Vec<&str> = expected.difference(there).map(String::as_str).collect();
    let extra: Vec<&str> = there.difference(expected).map(String::as_str).collect();
    let mut said = Vec::new();
    for (ids, words) in [
        (missing, "missing in the application"),
        (extra, "only in the application"),
    ] {
        if !ids.is_empty() {
            let shown = ids.iter().take(5).copied().collect::<Vec<_>>().join(", ");
            let more = ids.len().saturating_sub(5);
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            said.push(format!("{} {words}: {shown}{more}", ids.len()));
        }
    }
    (!said.is_empty()).then(|| said.join("; ") + ".")
}
