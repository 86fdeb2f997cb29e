//! `/Groups` and `/Groups/{id}`: what they have of their own.

use serde_json::Value;

use super::body::GROUP_BODY;
use super::resources::{Kind, Offer, Operation};
use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Nonce, Seq};
use crate::model::{Group, Meta, ObjectKind};
use crate::provider::groups::Replacement;
use crate::provider::{IfMatch, Resource, groups, query, represent};
use crate::scim::profile::{PatchAnswer, Service};
use crate::scim::{self, GroupPatch, MemberValue, Object, PatchRequest, Projection};
use crate::store::{Snapshot, Write};

/// Groups of a team.
pub(in crate::web) struct Groups;

impl Kind for Groups {
    const BODY: usize = GROUP_BODY;
    const OBJECT: ObjectKind = ObjectKind::Group;
    const LISTED: query::Kind = query::Kind::Groups;
    type Row = Group;
    type Draft = (Object, Vec<MemberValue>);
    type Replacement = Replacement;
    type Patch = GroupPatch;

    fn offer(service: &Service, operation: Operation) -> Offer {
        match operation {
            _ if !service.groups => Offer::Nothing,
            Operation::Replace if !service.put_groups => {
                Offer::Only("DELETE, GET, HEAD, OPTIONS, PATCH")
            }
            _ => Offer::Yes,
        }
    }

    fn patch_answer(service: &Service) -> PatchAnswer {
        service.patch_group
    }

    fn meta(row: &Group) -> (Seq, Meta) {
        (row.seq, row.meta)
    }

    /// About what a member weighs in the answer.
    fn weight(row: &Group) -> usize {
        usize::try_from(row.member_count)
            .unwrap_or(usize::MAX)
            .saturating_mul(200)
    }

    fn represent(
        tx: &Snapshot,
        caller: &ScimCaller,
        base: &str,
        row: &Group,
        projection: &Projection,
    ) -> Result<Resource> {
        represent::group(tx, &caller.endpoint, caller.team, base, row, projection)
    }

    fn draft(body: Value, caller: &ScimCaller) -> Result<Self::Draft> {
        let Replacement { body, members } = Replacement::read(body, caller.rules())?;
        let rt = &caller.types().group;
        let attributes = scim::resource::create(rt, body, caller.rules())?;
        Ok((attributes, members.unwrap_or_default()))
    }

    fn create(
        tx: &Write<'_>,
        caller: &ScimCaller,
        (attributes, members): Self::Draft,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Group> {
        groups::create(tx, caller, attributes, &members, nonce, now)
    }

    fn replacement(body: Value, caller: &ScimCaller) -> Result<Replacement> {
        Ok(Replacement::read(body, caller.rules())?)
    }

    fn replace(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        replacement: Replacement,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<Group> {
        groups::replace(tx, caller, id, replacement, if_match, now)
    }

    fn edits(body: Value, caller: &ScimCaller) -> Result<GroupPatch> {
        let rt = &caller.types().group;
        Ok(PatchRequest::parse(rt, body, caller.rules())?.group_edits())
    }

    fn patch(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        patch: &GroupPatch,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<Group> {
        groups::patch(tx, caller, id, patch, if_match, now)
    }

    fn delete(
        tx: &Write<'_>,
        caller: &ScimCaller,
        id: &str,
        if_match: &IfMatch,
        now: Timestamp,
    ) -> Result<()> {
        groups::delete(tx, caller, id, if_match, now)
    }
}
