//! `/Users` and `/Users/{id}`: what they have of their own.

use serde_json::Value;

use super::body::USER_BODY;
use super::resources::{Kind, Offer, Operation};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Nonce, Seq};
use crate::model::{Meta, ObjectKind, User};
use crate::provider::{IfMatch, Resource, query, represent, users};
use crate::scim::profile::{PatchAnswer, Service};
use crate::scim::{self, Object, PatchRequest, Projection};
use crate::store::{Snapshot, Write};

/// Users of a team.
pub(in crate::web) struct Users;

impl Kind for Users {
    const BODY: usize = USER_BODY;
    const OBJECT: ObjectKind = ObjectKind::User;
    const LISTED: query::Kind = query::Kind::Users;
    type Row = User;
    type Draft = Object;
    type Replacement = Value;
    type Patch = PatchRequest;

    fn offer(service: &Service, operation: Operation) -> Offer {
        match operation {
            Operation::Delete if !service.delete_users => {
                Offer::Only("GET, HEAD, OPTIONS, PATCH, PUT")
            }
            _ => Offer::Yes,
        }
    }

    fn patch_answer(service: &Service) -> PatchAnswer {
        service.patch_user
    }

    fn meta(row: &User) -> (Seq, Meta) {
        (row.seq, row.meta)
    }

    fn weight(_: &User) -> usize {
        0
    }

    fn represent(
        tx: &Snapshot,
        caller: &ScimCaller,
        base: &str,
        row: &User,
        projection: &Projection,
    ) -> Result<Resource> {
        represent::user(tx, &caller.endpoint, caller.team, base, row, projection)
    }

    fn draft(body: Value, caller: &ScimCaller) -> Result<Object> {
        let rt = &caller.types().user;
        Ok(scim::resource::create(rt, body, caller.rules())?)
    }

    fn create(
        tx: &Write<'_>,
        caller: &ScimCaller,
        draft: Object,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<User> {
        users::create(tx, caller, draft, nonce, now)
    }

    fn replacement(body: Value, _: &ScimCaller) -> Result<Value> {
        Ok(body)
    }

    fn replace(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        replacement: Value,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<User> {
        users::replace(tx, caller, id, replacement, if_match, now)
    }

    fn edits(body: Value, caller: &ScimCaller) -> Result<PatchRequest> {
        let rt = &caller.types().user;
        Ok(PatchRequest::parse(rt, body, caller.rules())?)
    }

    fn patch(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        patch: &PatchRequest,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<User> {
        users::patch(tx, caller, id, patch, if_match, now)
    }

    fn delete(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<()> {
        users::delete(tx, caller, id, if_match, now)
    }
}
