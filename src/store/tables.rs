//! Every table on one screen: this list is the data model.
//!
//! A table is named `KEY_TO_VALUE`, or after its rows where the key is the row number. Keys are plain
//! tuples, the tenant (team or directory tenant) first, so that any ordered key-value engine can
//! carry them and a prefix is a shard. Values are rows (a version byte and JSON, see
//! `store::record`), numbers, or nothing at all.

use std::cell::{OnceCell, RefCell};
use std::sync::OnceLock;

use redb::{Key, ReadOnlyTable, TableDefinition, Value};

/// Bytes of an encoded row.
pub(crate) type Row = &'static [u8];

/// A table: what the engine knows it by, and where it stays open. Opening one costs the engine about as much
/// as reading a row, so that a snapshot and a batch of writes do it once.
pub struct Definition<K: Key + 'static, V: Value + 'static> {
    /// Name and types, as the engine wants them.
    pub(crate) engine: TableDefinition<'static, K, V>,
    /// Its place in the list.
    pub(super) number: Number,
    /// Its place among the open tables of a snapshot.
    pub(super) read: fn(&ForReading) -> &OnceLock<ReadOnlyTable<K, V>>,
    /// Its place among the open tables of a batch.
    pub(super) written: for<'o, 't> fn(&'o ForWriting<'t>) -> &'o Written<'t, K, V>,
}

/// A table that is opened for writing when it is needed first.
pub(super) type Written<'t, K, V> = OnceCell<RefCell<redb::Table<'t, K, V>>>;

impl<K: Key + 'static, V: Value + 'static> Clone for Definition<K, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: Key + 'static, V: Value + 'static> Copy for Definition<K, V> {}

/// Calls a macro once per table: for creation, `dump`, the tables that are open, and nothing else.
macro_rules! tables {
    ($($(#[$doc:meta])* $name:ident: $key:ty => $value:ty;)*) => {
        $($(#[$doc])* pub(crate) const $name: Definition<$key, $value> = Definition {
            engine: TableDefinition::new(stringify!($name)),
            number: Number::$name,
            read: |open| &open.$name,
            written: |open| &open.$name,
        };)*

        /// A table whose types do not matter.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(
            non_camel_case_types,
            clippy::upper_case_acronyms,
            reason = "named after the tables"
        )]
        pub(super) enum Number { $($name,)* }

        /// The tables that a snapshot has opened.
        #[derive(Default)]
        #[expect(non_snake_case, reason = "named after the tables")]
        pub(super) struct ForReading { $($name: OnceLock<ReadOnlyTable<$key, $value>>,)* }

        /// The tables that a batch of writes has opened.
        #[derive(Default)]
        #[expect(non_snake_case, reason = "named after the tables")]
        pub(super) struct ForWriting<'t> { $($name: Written<'t, $key, $value>,)* }

        /// Hands every table to a visitor, in the order of this file.
        pub(crate) fn visit<V: Visitor>(visitor: &mut V) -> Result<(), V::Error> {
            $(visitor.table($name)?;)*
            Ok(())
        }

        /// Hands one table to a visitor.
        pub(super) fn visit_one<V: Visitor>(number: Number, visitor: &mut V) -> Result<(), V::Error> {
            match number { $(Number::$name => visitor.table($name),)* }
        }
    };
}

/// Does the same to tables of every type.
pub(crate) trait Visitor {
    /// What can go wrong.
    type Error;
    /// Visits one table.
    fn table<K: Key + 'static, V: Value + 'static>(
        &mut self,
        table: Definition<K, V>,
    ) -> Result<(), Self::Error>
    where
        for<'a> V::SelfType<'a>: super::text::Printed;
}

tables! {
    /// `schema_version`, `id_mix`.
    META: &'static str => u64;
    /// `(team or tenant, kind)`: next row number of a kind, or how many rows there are (`…_total`).
    COUNTERS: (u64, &'static str) => u64;
    /// Single rows of the installation, e.g. the setup link.
    SETTINGS: &'static str => Row;

    // The team.
    TEAMS: u64 => Row;
    ACCOUNTS: u64 => Row;
    /// Prepared sign-in name, unique across teams.
    SIGN_IN_NAME_TO_ACCOUNT: &'static str => u64;
    /// Accounts that own the appliance.
    OPERATORS: u64 => ();
    /// Personal keys of the audit API.
    API_KEYS: u64 => Row;
    /// Keys that were not revoked only.
    DIGEST_TO_API_KEY: &'static [u8; 32] => u64;
    /// `(account, key)`.
    ACCOUNT_TO_API_KEY: (u64, u64) => ();
    /// `(account, team)` to the user: one membership per account and team.
    ACCOUNT_TO_USER: (u64, u64) => u64;
    /// `(team, account)` to the user: active administrators only.
    ADMINISTRATORS: (u64, u64) => u64;
    /// `(team, invite)`.
    INVITES: (u64, u64) => Row;
    /// `(team, prepared address)`: pending invites only.
    ADDRESS_TO_INVITE: (u64, &'static str) => u64;
    /// `(team, domain)`.
    DOMAINS: (u64, &'static str) => Row;
    /// Verified domains only, to their team.
    DOMAIN_TO_TEAM: &'static str => u64;
    /// `(team, position)`: appended to; the oldest go when their time is over.
    TEAM_AUDIT: (u64, u64) => Row;
    /// `(team, what is looked for, bucket of positions)`: see `store::audit`.
    AUDIT_TO_BUCKET: (u64, &'static str, u64) => ();
    /// Digest of the cookie token.
    SESSIONS: &'static [u8; 32] => Row;
    /// `(account, digest of the cookie token)`.
    ACCOUNT_TO_SESSION: (u64, &'static [u8; 32]) => ();
    /// `(team, key)`.
    SCIM_KEYS: (u64, u64) => Row;
    /// Active keys only: `(team, key)`.
    DIGEST_TO_SCIM_KEY: &'static [u8; 32] => (u64, u64);
    /// `(team, key)`: how much each key was used.
    KEY_USES: (u64, u64) => Row;
    /// `(team, method)`.
    SSO_METHODS: (u64, u64) => Row;
    /// Random instance of a method: `(team, method)`.
    INSTANCE_TO_SSO_METHOD: &'static [u8; 16] => (u64, u64);
    /// `(team, schema)`: extension schemas, those too that were removed while data of them was stored.
    TEAM_SCHEMAS: (u64, u64) => Row;
    /// `(team, user)`.
    USERS: (u64, u64) => Row;
    /// `(team, prepared userName)`, unique.
    USER_NAME_TO_USER: (u64, &'static str) => u64;
    /// `(team, folded displayName, user)`.
    DISPLAY_NAME_TO_USER: (u64, &'static str, u64) => ();
    /// `(team, externalId, user)`: exact case, not unique.
    EXTERNAL_ID_TO_USER: (u64, &'static str, u64) => ();
    /// `(team, level, bucket)`: numbers below the highest that no user has (`store::gaps`).
    USER_GAPS: (u64, u8, u64) => u64;
    /// `(team, group)`. Members are edges.
    GROUPS: (u64, u64) => Row;
    /// `(team, prepared displayName, group)`.
    DISPLAY_NAME_TO_GROUP: (u64, &'static str, u64) => ();
    /// `(team, externalId, group)`: exact case, not unique.
    EXTERNAL_ID_TO_GROUP: (u64, &'static str, u64) => ();
    /// `(team, level, bucket)`: numbers below the highest that no group has.
    GROUP_GAPS: (u64, u8, u64) => u64;
    /// `(team, group, member kind, member)`.
    GROUP_TO_MEMBER: (u64, u64, u8, u64) => ();
    /// `(team, member kind, member, group)`.
    MEMBER_TO_GROUP: (u64, u8, u64, u64) => ();

    // Mails of the appliance.
    /// `(0, mail)`: the outbox, the oldest dropped.
    MAILS: (u64, u64) => Row;
    /// `(moment in milliseconds, mail)`: mails that wait for the relay.
    DUE_MAILS: (u64, u64) => ();

    // The mock Entra directory.
    TENANTS: u64 => Row;
    /// `(tenant, user)`.
    DIRECTORY_USERS: (u64, u64) => Row;
    /// `(tenant, lower-cased userPrincipalName)`: users outside the recycle bin.
    UPN_TO_DIRECTORY_USER: (u64, &'static str) => u64;
    /// `(tenant, group)`.
    DIRECTORY_GROUPS: (u64, u64) => Row;
    /// `(tenant, object id)` to `(kind, row)`.
    OBJECT_ID_TO_OBJECT: (u64, &'static [u8; 16]) => (u8, u64);
    /// `(tenant, manager, report)`.
    MANAGER_TO_REPORT: (u64, u64, u64) => ();
    /// `(tenant, group, member kind, member)`.
    DIRECTORY_GROUP_TO_MEMBER: (u64, u64, u8, u64) => ();
    /// `(tenant, member kind, member, group)`.
    DIRECTORY_MEMBER_TO_GROUP: (u64, u8, u64, u64) => ();
    /// `(tenant, group)`: dynamic groups only; 1 while people are still looked at since the rule was saved, else 0.
    DYNAMIC_GROUPS: (u64, u64) => u64;
    /// `(tenant, moment in milliseconds, kind, row)`: objects in the recycle bin.
    DELETED_OBJECTS: (u64, u64, u8, u64) => ();
    /// `(tenant, position)`: append-only.
    CHANGES: (u64, u64) => Row;
    /// `(tenant, application)`.
    APPLICATIONS: (u64, u64) => Row;
    /// `(tenant, application, principal kind, principal)`.
    ASSIGNMENTS: (u64, u64, u8, u64) => Row;
    /// `(tenant, principal kind, principal, application)`.
    PRINCIPAL_TO_APPLICATION: (u64, u8, u64, u64) => ();

    // The agent.
    /// `(tenant, job)`.
    JOBS: (u64, u64) => Row;
    /// `(tenant, job, cycle)`.
    CYCLES: (u64, u64, u64) => Row;
    /// `(tenant, job, kind, source object)`.
    LINKS: (u64, u64, u8, u64) => Row;
    /// `(tenant, job, source group, member kind, member)`: what was exported, the own record of 3.8.
    EXPORTED_MEMBERS: (u64, u64, u64, u8, u64) => ();
    /// `(tenant, job, kind, source object)`.
    ESCROWS: (u64, u64, u8, u64) => Row;
    /// `(tenant, job, kind, source object)`: deletions and disablings that the threshold holds back.
    HELD_DELETIONS: (u64, u64, u8, u64) => ();
    /// `(tenant, job, what)`: how many links or escrows there are, written when the first changes.
    JOB_COUNTS: (u64, u64, u8) => u64;
    /// `(tenant, position)`: what lists and searches read; appended to, the oldest go when their time is over.
    LOG_ENTRIES: (u64, u64) => Row;
    /// `(tenant, position)`: steps, modified properties and exchanges of an entry.
    LOG_DETAILS: (u64, u64) => Row;
    /// `(tenant, block)`: what is in 64 neighbouring entries, in bytes; see `store::log_blocks`.
    LOG_BLOCKS: (u64, u64) => Row;

    // Clients of the Graph API, and what they upload.
    /// `(tenant, registration)`.
    APP_REGISTRATIONS: (u64, u64) => Row;
    /// `(tenant, attribute, lower-cased value, user)`: what inbound provisioning finds users by.
    VALUE_TO_DIRECTORY_USER: (u64, &'static str, &'static str, u64) => ();
    /// `(tenant, job, upload)`.
    INBOUND_UPLOADS: (u64, u64, u64) => Row;
    /// `(tenant, job, upload)` to the body of the request.
    INBOUND_BODIES: (u64, u64, u64) => &'static str;
    /// `(tenant, job, upload)`: those that were not worked off yet.
    INBOUND_WAITING: (u64, u64, u64) => ();
    /// `(tenant, hour since 1970)` to the uploads that were accepted in it.
    INBOUND_CALLS: (u64, u64) => u64;
    /// `(tenant, job, externalId)` to the user: exact case.
    INBOUND_LINKS: (u64, u64, &'static str) => u64;
    /// `(tenant, job, user)` to the `externalId` of a manager who has not come yet.
    INBOUND_AWAITED_MANAGER: (u64, u64, u64) => &'static str;
    /// `(tenant, job, externalId of a manager who has not come yet, user)`.
    INBOUND_MANAGER_TO_REPORT: (u64, u64, &'static str, u64) => ();

    // The mock Okta org.
    OKTA_ORGS: u64 => Row;
    /// `(org, token)`.
    OKTA_TOKENS: (u64, u64) => Row;
    DIGEST_TO_OKTA_TOKEN: &'static [u8; 32] => (u64, u64);
    /// `(org, user)`.
    OKTA_USERS: (u64, u64) => Row;
    /// `(org, lower-cased login)`, unique.
    LOGIN_TO_OKTA_USER: (u64, &'static str) => u64;
    /// `(org, group)`. Members are edges.
    OKTA_GROUPS: (u64, u64) => Row;
    /// `(org, lower-cased name, group)`.
    NAME_TO_OKTA_GROUP: (u64, &'static str, u64) => ();
    /// `(org, group, user)`.
    OKTA_GROUP_TO_MEMBER: (u64, u64, u64) => ();
    /// `(org, user, group)`.
    OKTA_MEMBER_TO_GROUP: (u64, u64, u64) => ();
    /// `(org, rule)`: group rules.
    OKTA_GROUP_RULES: (u64, u64) => Row;
    /// `(org, rule, user, group)`: whom a rule holds in a group.
    OKTA_RULE_TO_MEMBER: (u64, u64, u64, u64) => ();
    /// `(org, group, user, rule)`.
    OKTA_MEMBER_TO_RULE: (u64, u64, u64, u64) => ();
    /// `(org, app)`.
    OKTA_APPS: (u64, u64) => Row;
    /// `(org, app, user)`.
    OKTA_APP_USERS: (u64, u64, u64) => Row;
    /// `(org, user, app)`.
    OKTA_USER_TO_APP: (u64, u64, u64) => ();
    /// `(org, app, group)`: groups that assign their members.
    OKTA_APP_GROUPS: (u64, u64, u64) => Row;
    /// `(org, group, app)`.
    OKTA_GROUP_TO_APP: (u64, u64, u64) => ();
    /// `(org, app, mapping)`.
    OKTA_PUSH_MAPPINGS: (u64, u64, u64) => Row;
    /// `(org, group, app)` to the mapping: one per group and app.
    OKTA_GROUP_TO_PUSH_MAPPING: (u64, u64, u64) => u64;
    /// `(org, app, rule)`: rules of *Push Groups*.
    OKTA_PUSH_RULES: (u64, u64, u64) => Row;
    /// `(org, app, mapping, user)`: whom the target was told to be a member, by which `id`.
    OKTA_PUSHED_MEMBERS: (u64, u64, u64, u64) => &'static str;
    /// `(org, app, id at the target, user)`: app users by their accounts.
    OKTA_ACCOUNT_TO_USER: (u64, u64, &'static str, u64) => ();
    /// `(org, app, id at the target, group)`: app groups by theirs.
    OKTA_ACCOUNT_TO_GROUP: (u64, u64, &'static str, u64) => ();
    /// `(org, app, import)`.
    OKTA_IMPORTS: (u64, u64, u64) => Row;
    /// `(org, app, row)`: accounts at the target that belong to nobody yet.
    OKTA_IMPORTED_USERS: (u64, u64, u64) => Row;
    /// `(org, app, id at the target)` to the row.
    OKTA_ACCOUNT_TO_IMPORTED_USER: (u64, u64, &'static str) => u64;
    /// `(org, app, result, row)`: `ImportResult::number`.
    OKTA_RESULT_TO_IMPORTED_USER: (u64, u64, u8, u64) => ();
    /// `(org, app, kind, user or group)`: the last import that found its account; kind is 0 for users, 1 for groups.
    OKTA_IMPORT_FOUND: (u64, u64, u8, u64) => u64;
    /// `(org, app)`: when an import begins by itself, in milliseconds.
    OKTA_IMPORT_DUE: (u64, u64) => u64;
    /// `(org, app, job)`: what waits to be sent, in its order.
    OKTA_JOBS: (u64, u64, u64) => Row;
    /// `(org, task)`.
    OKTA_TASKS: (u64, u64) => Row;
    /// `(org, app, user, task)`: tasks about a person.
    OKTA_USER_TO_TASK: (u64, u64, u64, u64) => ();
    /// `(org, position)`: the System Log; appended to, the oldest go when their time is over.
    OKTA_EVENTS: (u64, u64) => Row;
    /// `(org, position)`: the exchanges behind an event.
    OKTA_EVENT_EXCHANGES: (u64, u64) => Row;
    /// `(org, block)`: what is in 64 neighbouring events, in bytes; see `store::okta::event_blocks`.
    OKTA_EVENT_BLOCKS: (u64, u64) => Row;
}
