//! Bulk requests as values: what is asked, in which order it can be done, and the answer. RFC 7644
//! section 3.7.
//!
//! A [`BulkRequest`] is read once. What is wrong with a single operation is data of that operation, so
//! that the others go on; only a wrong envelope fails the request. [`BulkRequest::plan`] says in which
//! order operations can run so that the end is that of ordered processing; a forward reference delays
//! whoever makes it, and operations that refer to each other in a circle come as one step. Whoever runs
//! the plan owns transactions, `failOnErrors` and the map from `bulkId` to the `id` that came of it.
//!
//! To run a [`Step::Cycle`]: [`BulkOperation::resolve_apart`] for each, create what it gives, then
//! [`resolve`] and apply the patches it gave, all or nothing.

mod parse;
mod plan;
mod reference;

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use super::Object;
use super::error::Error;
use super::schema::ResourceType;
use super::urn;

pub use reference::resolve;

/// Most operations of a request; `bulk.maxOperations`.
pub const MAX_OPERATIONS: usize = 1_000;
/// Most bytes of a request; `bulk.maxPayloadSize`.
pub const MAX_PAYLOAD: usize = 1_048_576;

/// What came of the POSTs so far: from `bulkId` to `id`.
pub type Ids = HashMap<String, String>;

/// 413 for a body larger than [`MAX_PAYLOAD`]; RFC 7644 section 3.7.4 wants the limit named.
pub fn payload_exceeded() -> Error {
    Error::new(
        413,
        format!(
            "The size of the bulk request exceeds the maxPayloadSize ({MAX_PAYLOAD} bytes). Send it in parts."
        ),
    )
}

/// A bulk request that has been read.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkRequest {
    /// Stop after this many failed operations; `None` never stops. At least 1.
    pub fail_on_errors: Option<u64>,
    /// The operations in the order of the request; results are reported with the same indexes.
    pub operations: Vec<BulkOperation>,
}

/// One element of `Operations`.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkOperation {
    /// The method as sent, for the answer; empty when there is none, shortened when it is absurd.
    pub method: String,
    /// The client's name for it, for the answer.
    pub bulk_id: Option<String>,
    /// What is to be done, or why it cannot be (400, 404, 501).
    pub wanted: Result<Operation, Error>,
    /// The bulk ids it refers to, each once. Those that no operation of the request has are among them
    /// when they stand where only a reference can stand.
    references: Vec<String>,
}

/// Where resources of a type live: the first segment of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Collection {
    /// `/Users`.
    Users,
    /// `/Groups`.
    Groups,
}

impl Collection {
    /// `Users` or `Groups`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "Users",
            Self::Groups => "Groups",
        }
    }
}

/// The path of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourcePath {
    /// The first segment.
    pub collection: Collection,
    /// The second one. `bulkId:x` until `resolve` put an `id` in its place (no `id` of this
    /// provider has that form).
    pub id: String,
}

impl ResourcePath {
    /// `/Users/2819c223`, relative to the base URL.
    pub fn path(&self) -> String {
        format!("/{}/{}", self.collection.as_str(), self.id)
    }
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// POST.
    Create {
        /// What kind of resource.
        collection: Collection,
        /// How other operations refer to it; not empty, unique in the request.
        bulk_id: String,
        /// The resource.
        data: Value,
    },
    /// PUT.
    Replace {
        /// Which resource.
        resource: ResourcePath,
        /// Entity tag it must have, as in `If-Match`.
        version: Option<String>,
        /// The resource.
        data: Value,
    },
    /// PATCH.
    Patch {
        /// Which resource.
        resource: ResourcePath,
        /// Entity tag it must have, as in `If-Match`.
        version: Option<String>,
        /// A whole `PatchOp` message.
        data: Value,
    },
    /// DELETE.
    Delete {
        /// Which resource.
        resource: ResourcePath,
        /// Entity tag it must have, as in `If-Match`.
        version: Option<String>,
    },
}

/// An operation of a circle, cut where the circle closes.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// What can be done before the others exist.
    pub operation: Operation,
    /// A `PatchOp` message that puts back what was taken out; to be resolved when all of them exist.
    pub patch: Option<Value>,
}

fn nothing_created(bulk_id: &str) -> Error {
    Error::new(
        409,
        format!(
            "Nothing was created for \"bulkId:{}\": no operation of this request has that bulkId, or \
             it failed.",
            super::error::echo(bulk_id)
        ),
    )
}

/// What can be run next: indexes into [`BulkRequest::operations`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// One operation; all that it refers to has been tried before.
    One(usize),
    /// Operations that create resources which refer to each other in a circle (or to themselves), in the
    /// order of the request. To be done together or not at all.
    Cycle(Vec<usize>),
}

impl BulkRequest {
    /// Reads a `BulkRequest` message.
    ///
    /// # Errors
    /// 400 `invalidSyntax` or `invalidValue` for the envelope, 413 for more than [`MAX_OPERATIONS`]. Problems
    /// of single operations are in [`BulkOperation::wanted`].
    pub fn parse(body: Value) -> Result<Self, Error> {
        parse::parse(body)
    }

    /// All operations, each once, in an order in which they can be done. Operations on the same resource
    /// keep their order, and so do a mention of a resource and its deletion.
    pub fn plan(&self) -> Vec<Step> {
        plan::plan(&self.operations)
    }
}

impl BulkOperation {
    /// The bulk ids this operation refers to, in its data and its path, each once.
    pub fn references(&self) -> &[String] {
        &self.references
    }

    /// The references that have no `id` yet.
    pub fn pending<'o>(&'o self, ids: &Ids) -> Vec<&'o str> {
        let known = |id: &&String| !ids.contains_key(*id);
        self.references
            .iter()
            .filter(known)
            .map(String::as_str)
            .collect()
    }

    /// What is to be done, with `id`s in the places of all references.
    ///
    /// # Errors
    /// The operation's own, or 409 for references to operations that failed or do not exist.
    pub fn resolve(&self, ids: &Ids) -> Result<Operation, Error> {
        let mut wanted = self.wanted.clone()?;
        if let Some(first) = self.pending(ids).first() {
            return Err(nothing_created(first));
        }
        wanted.resolve(ids);
        Ok(wanted)
    }

    /// [`Self::resolve`] for an operation of a circle: references to the `bulkId`s of `circle` are taken
    /// out of its data (elements of a list alone, anything else with its attribute) and come back apart.
    ///
    /// # Errors
    /// Those of [`Self::resolve`], for references that lead out of the circle.
    pub fn resolve_apart(
        &self,
        rt: &ResourceType,
        ids: &Ids,
        circle: &[&str],
    ) -> Result<Apart, Error> {
        let mut operation = self.wanted.clone()?;
        let outside = self
            .pending(ids)
            .into_iter()
            .find(|id| !circle.contains(id));
        if let Some(id) = outside {
            return Err(nothing_created(id));
        }
        operation.resolve(ids);
        let circle: HashSet<&str> = circle.iter().copied().collect();
        let operations = match &mut operation {
            Operation::Create { data, .. } => reference::take(data, rt, &circle),
            _ => vec![],
        };
        let patch = (!operations.is_empty())
            .then(|| json!({ "schemas": [urn::PATCH_OP], "Operations": operations }));
        Ok(Apart { operation, patch })
    }

    /// The answer for an operation that failed. `location` is left out for a POST.
    pub fn failed(&self, error: &Error, location: Option<String>) -> OperationResult {
        OperationResult {
            method: self.method.clone(),
            bulk_id: self.bulk_id.clone(),
            version: None,
            location,
            status: error.status,
            response: Some(error.to_body()),
        }
    }

    /// The answer for an operation that was done. `version` and `location` are those of the resource
    /// (there is no version after a DELETE).
    pub fn done(&self, status: u16, location: String, version: Option<String>) -> OperationResult {
        OperationResult {
            method: self.method.clone(),
            bulk_id: self.bulk_id.clone(),
            version,
            location: Some(location),
            status,
            response: None,
        }
    }
}

impl Operation {
    /// Which resource it is about; `None` for one that is to be created.
    pub const fn resource(&self) -> Option<&ResourcePath> {
        match self {
            Self::Create { .. } => None,
            Self::Replace { resource, .. }
            | Self::Patch { resource, .. }
            | Self::Delete { resource, .. } => Some(resource),
        }
    }

    /// Its data, and whether that is a `PatchOp`.
    const fn data(&self) -> Option<(&Value, bool)> {
        match self {
            Self::Create { data, .. } | Self::Replace { data, .. } => Some((data, false)),
            Self::Patch { data, .. } => Some((data, true)),
            Self::Delete { .. } => None,
        }
    }

    fn resolve(&mut self, ids: &Ids) {
        let resource = match self {
            Self::Create { data, .. } => return reference::resolve(data, ids),
            Self::Replace { resource, data, .. } => {
                reference::resolve(data, ids);
                resource
            }
            Self::Patch { resource, data, .. } => {
                reference::resolve_patch(data, ids);
                resource
            }
            Self::Delete { resource, .. } => resource,
        };
        reference::resolve_text(&mut resource.id, ids);
    }
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct OperationResult {
    /// The method as sent; left out of the answer when empty.
    pub method: String,
    /// As sent.
    pub bulk_id: Option<String>,
    /// The entity tag after the operation.
    pub version: Option<String>,
    /// Absolute URI of the resource; all but a failed POST have one.
    pub location: Option<String>,
    /// The status the same request alone would have had.
    pub status: u16,
    /// The body; an error for a status that is not 2xx.
    pub response: Option<Value>,
}

impl OperationResult {
    /// Whether it counts for `failOnErrors`.
    pub const fn is_failure(&self) -> bool {
        self.status >= 400
    }

    fn into_value(self) -> Value {
        let mut out = Object::new();
        if !self.method.is_empty() {
            out.insert("method".into(), self.method.into());
        }
        let texts = [
            ("bulkId", self.bulk_id),
            ("version", self.version),
            ("location", self.location),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                out.insert(name.into(), text.into());
            }
        }
        out.insert("status".into(), self.status.to_string().into());
        if let Some(response) = self.response {
            out.insert("response".into(), response);
        }
        Value::Object(out)
    }
}

/// The `BulkResponse` message.
pub fn bulk_response(results: impl IntoIterator<Item = OperationResult>) -> Value {
    let operations: Vec<Value> = results
        .into_iter()
        .map(OperationResult::into_value)
        .collect();
    json!({ "schemas": [urn::BULK_RESPONSE], "Operations": operations })
}

#[cfg(test)]
mod tests;
