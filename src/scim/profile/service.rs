//! [`Service`]: which operations an endpoint offers, what it answers, and how people join the team.

use serde::{Deserialize, Serialize};

/// What a successful PATCH answers when the client names no attributes (RFC 7644 section 3.5.2 allows both).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PatchAnswer {
    /// 200 with the resource.
    Resource,
    /// 204.
    NoContent,
}

/// Which attributes the endpoint knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Attributes {
    /// All of RFC 7643 and the team's own extensions.
    All,
    /// The few that Postman stores and returns.
    Postman,
}

/// Which filters a GET may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Filters {
    /// The whole language.
    All,
    /// `userName eq`, `active eq` and, for groups, `displayName eq`; values compare exactly.
    Postman,
    /// `userName eq` alone.
    UserName,
}

/// Whose words errors use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Sentences {
    /// Ours: what is wrong, where, and what to do.
    Own,
    /// Postman's fixed sentences, and its platform's shapes for routes it does not have.
    Postman,
}

/// What creating a user means when an account with this sign-in name exists, but not in another team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ExistingAccount {
    /// It joins the team at once.
    Join,
    /// It joins at once when the team verified its domain, else it is invited.
    InviteUnlessVerified,
    /// It is invited.
    Invite,
}

/// What creating a user means when the account is a member of another team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OtherTeam {
    /// The same as for any other account: what other teams have is nobody's business here.
    Ignore,
    /// 409 unless the team verified the domain.
    RefuseUnlessVerified,
}

/// Who may change a `userName`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserNameChange {
    /// Any client.
    Free,
    /// Any client, for well-formed addresses in domains the team verified.
    VerifiedDomain,
    /// Nobody: a new value is ignored.
    Ignored,
}

/// The switches of the service.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each of which a person can turn"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// `groups`: `/Groups` exists.
    pub groups: bool,
    /// `deleteUsers`: `DELETE /Users/{id}` exists.
    pub delete_users: bool,
    /// `putGroups`: `PUT /Groups/{id}` exists.
    pub put_groups: bool,
    /// `schemas`: `/Schemas` and single resource types exist.
    pub schemas: bool,
    /// `search`: POST `.search` exists.
    pub search: bool,
    /// `rootQuery`: queries over all resource types exist.
    pub root_query: bool,
    /// `bulk`: `/Bulk` exists.
    pub bulk: bool,
    /// `me`: `/Me` stands for the user a key is bound to.
    pub me: bool,
    /// `cursor`: RFC 9865 pages.
    pub cursor: bool,
    /// `sort`: `sortBy` is honoured; otherwise ignored.
    pub sort: bool,
    /// `etag`: versions are sent and preconditions are honoured.
    pub etag: bool,
    /// `requireIfMatch`: PUT, PATCH and DELETE without `If-Match` are answered 428.
    pub require_if_match: bool,
    /// `sensitiveGetFilters`: GET filters are answered 403 `sensitive`; clients use `.search`.
    pub sensitive_get_filters: bool,
    /// `acceptStrict`: an `Accept` header that excludes JSON is answered 406.
    pub accept_strict: bool,
    /// `openConfig`: the service provider configuration can be read without a key (RFC 7643 section 5).
    pub open_config: bool,
    /// `resourceTypesArray`: `/ResourceTypes` is a bare array instead of a list response.
    pub resource_types_array: bool,
    /// `attributes`.
    pub attributes: Attributes,
    /// `patchUser`.
    pub patch_user: PatchAnswer,
    /// `patchGroup`.
    pub patch_group: PatchAnswer,
    /// `filters`.
    pub filters: Filters,
    /// `sentences`.
    pub sentences: Sentences,
    /// `groupNameUnique`: a second group of the same name is answered 409.
    pub group_name_unique: bool,
    /// `maxResults`: longest page; shorter ones are given when the client asks for more.
    pub max_results: u16,
    /// `readsPerMinute` of the team; more are answered 429. Null: no limit.
    pub reads_per_minute: Option<u32>,
    /// `writesPerMinute` of the team.
    pub writes_per_minute: Option<u32>,
    /// `existingAccount`.
    pub existing_account: ExistingAccount,
    /// `otherTeam`.
    pub other_team: OtherTeam,
    /// `userNameChange`.
    pub user_name_change: UserNameChange,
    /// `reactivateOnCreate`: POST of a deactivated member's `userName` brings it back instead of 409.
    pub reactivate_on_create: bool,
    /// `pendingInGroups`: people who have not accepted their invite can be put into groups.
    pub pending_in_groups: bool,
}

impl Service {
    /// Everything, and nobody's team is anybody else's business.
    pub const fn standard() -> Self {
        Self {
            groups: true,
            delete_users: true,
            put_groups: true,
            schemas: true,
            search: true,
            root_query: true,
            bulk: true,
            me: true,
            cursor: true,
            sort: true,
            etag: true,
            require_if_match: false,
            sensitive_get_filters: false,
            accept_strict: false,
            open_config: true,
            resource_types_array: false,
            attributes: Attributes::All,
            patch_user: PatchAnswer::Resource,
            patch_group: PatchAnswer::NoContent,
            filters: Filters::All,
            sentences: Sentences::Own,
            group_name_unique: true,
            max_results: 200,
            reads_per_minute: None,
            writes_per_minute: None,
            existing_account: ExistingAccount::Join,
            other_team: OtherTeam::Ignore,
            user_name_change: UserNameChange::Free,
            reactivate_on_create: false,
            pending_in_groups: true,
        }
    }

    /// The same, by the letter.
    pub const fn strict() -> Self {
        Self {
            accept_strict: true,
            group_name_unique: false,
            ..Self::standard()
        }
    }

    /// Postman in 2026. Sources: the official API file of 2026 and the tutorials of 2025 and 2026.
    pub const fn postman() -> Self {
        Self {
            delete_users: false,
            put_groups: false,
            schemas: false,
            search: false,
            root_query: false,
            bulk: false,
            me: false,
            cursor: false,
            sort: false,
            etag: false,
            open_config: false,
            resource_types_array: true,
            attributes: Attributes::Postman,
            patch_group: PatchAnswer::Resource,
            filters: Filters::Postman,
            sentences: Sentences::Postman,
            max_results: 100,
            reads_per_minute: Some(300),
            writes_per_minute: Some(180),
            existing_account: ExistingAccount::InviteUnlessVerified,
            other_team: OtherTeam::RefuseUnlessVerified,
            user_name_change: UserNameChange::VerifiedDomain,
            pending_in_groups: false,
            ..Self::standard()
        }
    }

    /// Postman in January 2022: names only, always an invite, no groups.
    pub const fn postman_2022() -> Self {
        Self {
            groups: false,
            filters: Filters::UserName,
            existing_account: ExistingAccount::Invite,
            other_team: OtherTeam::Ignore,
            user_name_change: UserNameChange::Ignored,
            ..Self::postman()
        }
    }
}
