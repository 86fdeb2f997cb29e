//! The mock Okta org as rows: people, groups, app integrations, who is assigned to what, what is waiting to be sent,
//! and what happened.
//!
//! Names and enumerations are Okta's (parts 2 and 7 of the Okta reference). Ids are made of row numbers
//! (`crate::id::OktaId`), so that no row carries its own. Values of profiles are JSON: texts, numbers, booleans,
//! arrays of those; an attribute that was never set is absent, one that was cleared is the empty text.

pub mod app;
pub mod app_user;
pub mod event;
pub mod group;
pub mod import;
pub mod job;
pub mod org;
pub mod push;
pub mod push_rule;
pub mod rule;
pub mod schema;
pub mod user;

pub use app::{
    AppAttribute, AppAuthentication, AppStatus, AttributeMapping, AttributeScope, Flavour, OktaApp,
    PasswordSync, Provisioning, PushStatus, ToApp, UsernameTemplate, Wire,
};
pub use app_user::{AppGroup, AppUser, AppUserStatus, AssignmentScope, SyncState};
pub use event::{
    EventActor, EventExchanges, EventOutcome, EventResult, EventSeverity, EventTarget, SystemEvent,
};
pub use group::{GroupType, OktaGroup};
pub use import::{
    ExactMatch, ImportCounts, ImportPhase, ImportResult, ImportRun, ImportSchedule, ImportState,
    ImportUsername, ImportedUser, ToOkta, WhenDeactivated,
};
pub use job::{JobKind, ProvisioningJob, Task};
pub use org::{OktaToken, Org};
pub use push::{PushMapping, PushMappingStatus};
pub use push_rule::{Criterion, PushRule, TextMatch};
pub use rule::{GroupRule, RuleRemoval, RuleStatus};
pub use schema::{Permission, UserAttribute};
pub use user::{CredentialProvider, OktaUser, UserStatus};

pub use crate::mapping::okta::AttributeType;

use std::collections::BTreeMap;

use serde_json::Value;

/// A profile: values by attribute name.
pub type Profile = BTreeMap<String, Value>;
