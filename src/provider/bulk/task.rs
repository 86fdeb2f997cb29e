//! One operation of a bulk request, read to the end and done.

use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::id::{Nonce, ScimId};
use crate::model::{Group, Meta, User};
use crate::provider::groups::{self, Replacement};
use crate::provider::{IfMatch, users};
use crate::scim::bulk::{Collection, Operation, ResourcePath};
use crate::scim::profile::{PatchAnswer, Service};
use crate::scim::{
    self, GroupPatch, MemberValue, Object, PatchRequest, ResourceType, ResourceTypes,
};
use crate::store::Write;

/// What to do, with everything checked that can be checked without the data.
pub(super) enum Task {
    CreateUser(Object),
    CreateGroup(Object, Vec<MemberValue>),
    ReplaceUser(String, IfMatch, serde_json::Value),
    ReplaceGroup(String, IfMatch, Replacement),
    PatchUser(String, IfMatch, PatchRequest),
    PatchGroup(String, IfMatch, GroupPatch),
    DeleteUser(String, IfMatch),
    DeleteGroup(String, IfMatch),
}

/// A resource after its operation.
pub(super) struct Made {
    /// What the request alone would have answered.
    pub(super) status: u16,
    /// Where it is, or was.
    pub(super) resource: ResourcePath,
    /// None after a DELETE, and where versions are off.
    pub(super) version: Option<String>,
}

/// The resource type of a collection.
pub(super) fn resource_type(collection: Collection, types: &ResourceTypes) -> &ResourceType {
    match collection {
        Collection::Users => &types.user,
        Collection::Groups => &types.group,
    }
}

impl Task {
    /// Reads an operation whose references are resolved.
    pub(super) fn read(
        operation: Operation,
        caller: &ScimCaller,
    ) -> std::result::Result<Self, scim::Error> {
        let (rules, service) = (caller.rules(), caller.service());
        offered(&operation, service)?;
        Ok(match operation {
            Operation::Create {
                collection, data, ..
            } => match collection {
                Collection::Users => {
                    Self::CreateUser(scim::resource::create(&caller.types().user, data, rules)?)
                }
                Collection::Groups => {
                    let Replacement { body, members } = Replacement::read(data, rules)?;
                    let attributes = scim::resource::create(&caller.types().group, body, rules)?;
                    Self::CreateGroup(attributes, members.unwrap_or_default())
                }
            },
            Operation::Replace {
                resource: ResourcePath { collection, id },
                version,
                data,
            } => {
                let if_match = precondition(version, service)?;
                match collection {
                    Collection::Users => Self::ReplaceUser(id, if_match, data),
                    Collection::Groups => {
                        Self::ReplaceGroup(id, if_match, Replacement::read(data, rules)?)
                    }
                }
            }
            Operation::Patch {
                resource: ResourcePath { collection, id },
                version,
                data,
            } => {
                let if_match = precondition(version, service)?;
                let wanted =
                    PatchRequest::parse(resource_type(collection, caller.types()), data, rules)?;
                match collection {
                    Collection::Users => Self::PatchUser(id, if_match, wanted),
                    Collection::Groups => Self::PatchGroup(id, if_match, wanted.group_edits()),
                }
            }
            Operation::Delete {
                resource: ResourcePath { collection, id },
                version,
            } => {
                let if_match = precondition(version, service)?;
                match collection {
                    Collection::Users => Self::DeleteUser(id, if_match),
                    Collection::Groups => Self::DeleteGroup(id, if_match),
                }
            }
        })
    }

    /// Does it, through the same functions as a request of its own.
    pub(super) fn perform(
        self,
        tx: &Write<'_>,
        caller: &ScimCaller,
        nonce: Nonce,
        now: Timestamp,
    ) -> Result<Made> {
        let service = caller.service();
        let user =
            |status, user: User| made(status, Collection::Users, user.id, user.meta, service);
        let group =
            |status, group: Group| made(status, Collection::Groups, group.id, group.meta, service);
        let gone = |collection, id| Made {
            status: 204,
            resource: ResourcePath { collection, id },
            version: None,
        };
        Ok(match self {
            Self::CreateUser(attributes) => {
                user(201, users::create(tx, caller, attributes, nonce, now)?)
            }
            Self::CreateGroup(attributes, members) => group(
                201,
                groups::create(tx, caller, attributes, &members, nonce, now)?,
            ),
            Self::ReplaceUser(id, if_match, body) => {
                user(200, users::replace(tx, caller, &id, body, &if_match, now)?)
            }
            Self::ReplaceGroup(id, if_match, body) => {
                group(200, groups::replace(tx, caller, &id, body, &if_match, now)?)
            }
            Self::PatchUser(id, if_match, wanted) => user(
                patched(service.patch_user),
                users::patch(tx, caller, &id, &wanted, &if_match, now)?,
            ),
            Self::PatchGroup(id, if_match, wanted) => group(
                patched(service.patch_group),
                groups::patch(tx, caller, &id, &wanted, &if_match, now)?,
            ),
            Self::DeleteUser(id, if_match) => {
                users::delete(tx, caller, &id, &if_match, now)?;
                gone(Collection::Users, id)
            }
            Self::DeleteGroup(id, if_match) => {
                groups::delete(tx, caller, &id, &if_match, now)?;
                gone(Collection::Groups, id)
            }
        })
    }
}

fn made(status: u16, collection: Collection, id: ScimId, meta: Meta, service: &Service) -> Made {
    let id = id.to_string();
    Made {
        status,
        resource: ResourcePath { collection, id },
        version: service.etag.then(|| meta.version()),
    }
}

const fn patched(answer: PatchAnswer) -> u16 {
    match answer {
        PatchAnswer::Resource => 200,
        PatchAnswer::NoContent => 204,
    }
}

/// What the endpoint does not offer is not reached by bulk either.
fn offered(operation: &Operation, service: &Service) -> std::result::Result<(), scim::Error> {
    let collection = match operation {
        Operation::Create { collection, .. } => *collection,
        Operation::Replace { resource, .. }
        | Operation::Patch { resource, .. }
        | Operation::Delete { resource, .. } => resource.collection,
    };
    let here = match (collection, operation) {
        (Collection::Groups, _) if !service.groups => {
            return Err(scim::Error::new(
                404,
                "There is no SCIM endpoint at /Groups.",
            ));
        }
        (Collection::Groups, Operation::Replace { .. }) => service.put_groups,
        (Collection::Users, Operation::Delete { .. }) => service.delete_users,
        _ => true,
    };
    if here {
        Ok(())
    } else {
        let detail = format!("This method is not possible on /{}.", collection.as_str());
        Err(scim::Error::new(405, detail))
    }
}

/// `version` is the operation's own `If-Match`.
fn precondition(
    version: Option<String>,
    service: &Service,
) -> std::result::Result<IfMatch, scim::Error> {
    if !service.etag {
        return Ok(IfMatch(None));
    }
    if version.is_none() && service.require_if_match {
        return Err(scim::Error::new(
            428,
            "Say in \"version\" which version of the resource is meant.",
        ));
    }
    Ok(IfMatch(version))
}
