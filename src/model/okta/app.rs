//! An app integration and everything its *Provisioning* tab says (parts 2.1, 2.2, 2.6, 2.7 of the Okta reference).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ToOkta;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::AttributeType;
use crate::secret::Sealed;

/// What decides the verbs of an app (part 0.3 of the Okta reference); fixed when the app is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Flavour {
    /// Made with the App Integration Wizard: GET and PUT throughout.
    Aiw,
    /// From the catalogue: PATCH for activation, passwords and groups.
    OinPatch,
    /// From the catalogue, switched to PUT by Okta's staff.
    OinPut,
}

impl Flavour {
    /// Whether everything is GET and PUT.
    pub const fn puts(self) -> bool {
        matches!(self, Self::Aiw | Self::OinPut)
    }
}

/// `status` of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppStatus {
    /// In use.
    Active,
    /// Out of use: nothing is sent, and it can be deleted.
    Inactive,
}

/// An app integration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OktaApp {
    /// Row.
    pub seq: Seq,
    /// Key of the template in `directory::okta::templates`.
    pub template: String,
    /// `name`: unique in the org, what expressions call the app's users.
    pub name: String,
    /// `label`: shown.
    pub label: String,
    /// Which verbs it uses.
    pub flavour: Flavour,
    /// Whether it is in use.
    pub status: AppStatus,
    /// Whether the template supports *Push Groups*.
    pub group_push: bool,
    /// *Configure API Integration*.
    pub provisioning: Provisioning,
    /// *To App*.
    #[serde(default)]
    pub to_app: ToApp,
    /// *To Okta*.
    #[serde(default)]
    pub to_okta: ToOkta,
    /// *Application username format*.
    #[serde(default)]
    pub username: UsernameTemplate,
    /// *Profile Editor*: attributes of the app user's profile, in their order; `userName` is not among them.
    pub attributes: Vec<AppAttribute>,
    /// *Rename app groups to match group name in Okta*.
    #[serde(default)]
    pub rename_app_groups: bool,
    /// What Okta does not let anybody choose, and a target may depend on.
    #[serde(default)]
    pub wire: Wire,
    /// What the management API was told of signing on and of the dashboard, by its members: kept and told back, and
    /// without any effect.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub described: Map<String, Value>,
    /// When it was made.
    pub created: Timestamp,
    /// When it changed last.
    pub last_updated: Timestamp,
    /// Set when it was deleted: nobody sees it any more, and what hangs on it is taken away bit by bit.
    #[serde(default)]
    pub removed: bool,
}

impl OktaApp {
    /// The attribute with this variable name.
    pub fn attribute(&self, name: &str) -> Option<&AppAttribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// Whether changes of the org are sent to the target at all.
    pub fn provisions(&self) -> bool {
        self.status == AppStatus::Active && self.provisioning.enabled && !self.removed
    }
}

/// How requests are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mode", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppAuthentication {
    /// `Authorization: Bearer …`: *HTTP Header* of the wizard, *OAuth Bearer Token* and the *API Token* of catalogue apps.
    Bearer {
        /// The token.
        token: Sealed,
    },
    /// `Authorization: …` as it is: *Header Auth* of catalogue apps.
    Header {
        /// The whole value.
        value: Sealed,
    },
    /// *Basic Auth*.
    Basic {
        /// Name.
        user: String,
        /// Password.
        password: Sealed,
    },
}

/// *Configure API Integration*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provisioning {
    /// *Enable API integration*.
    pub enabled: bool,
    /// *Base URL*, *SCIM connector base URL*: without slash at its end; empty until it is configured.
    #[serde(default)]
    pub base_url: String,
    /// What signs requests.
    #[serde(default)]
    pub authentication: Option<AppAuthentication>,
    /// *Unique identifier field for users*: the attribute whose value is looked for in `userName`.
    pub unique_field: String,
    /// *Import Groups*: the test of the credentials reads groups as well.
    #[serde(default)]
    pub import_groups: bool,
}

/// *Sync Password*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PasswordSync {
    /// Off: only a placeholder when an account is made.
    #[default]
    Off,
    /// *Sync Okta Password*.
    Okta,
    /// *Sync a randomly generated password*.
    Random,
}

/// *To App*: what is sent. Everything is off until somebody turns it on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a toggle of its own, on or off"
)]
pub struct ToApp {
    /// *Create Users*.
    pub create_users: bool,
    /// *Update User Attributes*.
    pub update_attributes: bool,
    /// *Deactivate Users*.
    pub deactivate_users: bool,
    /// *Exclude Username Updates*.
    pub exclude_username_updates: bool,
    /// *Sync Password*.
    pub sync_password: PasswordSync,
}

/// When a mapping is applied: `pushStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PushStatus {
    /// *Apply mapping on user create and update*.
    #[default]
    Push,
    /// *Apply mapping on user create only*.
    DontPush,
}

/// `credentials.userNameTemplate`: *Application username format*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UsernameTemplate {
    /// Text with expressions in `${…}`, such as `${source.login}`.
    pub template: String,
    /// Whether it was typed rather than chosen: `CUSTOM` rather than `BUILT_IN`.
    pub custom: bool,
    /// Appended.
    pub suffix: String,
    /// *Update application username on*.
    pub push: PushStatus,
}

impl Default for UsernameTemplate {
    fn default() -> Self {
        Self {
            template: "${source.login}".to_owned(),
            custom: false,
            suffix: String::new(),
            push: PushStatus::Push,
        }
    }
}

/// `scope` of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttributeScope {
    /// *User personal*: cannot be given to a group.
    #[serde(rename = "SELF")]
    SelfOnly,
    /// May be given to a group as well.
    #[default]
    None,
}

/// An attribute of the app user's profile, and the mapping that fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppAttribute {
    /// Variable name, unique in the app; case matters.
    pub name: String,
    /// Display name.
    pub title: String,
    /// Position in the resource (part 2.6 of the Okta reference); an attribute without one is never sent.
    #[serde(default)]
    pub external_name: String,
    /// Schema the position belongs to.
    #[serde(default)]
    pub external_namespace: String,
    /// What it holds.
    pub data_type: AttributeType,
    /// Whether an assignment needs a value.
    #[serde(default)]
    pub required: bool,
    /// Who can have it.
    #[serde(default)]
    pub scope: AttributeScope,
    /// *Combine values across groups* rather than *Use group priority*; for arrays only.
    #[serde(default)]
    pub union: bool,
    /// Whether it was added by an administrator: `custom` rather than `base`.
    #[serde(default)]
    pub custom: bool,
    /// Allowed values; empty allows all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// Fewest characters of a text.
    #[serde(default)]
    pub min_length: Option<u32>,
    /// Most characters of a text.
    #[serde(default)]
    pub max_length: Option<u32>,
    /// Where the value comes from; *Do not map* is `None`.
    #[serde(default)]
    pub mapping: Option<AttributeMapping>,
}

/// A mapping from the Okta user's profile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeMapping {
    /// In Okta Expression Language.
    pub expression: String,
    /// When it is applied.
    #[serde(default)]
    pub push: PushStatus,
}

/// What Okta fixes for everybody or leaves unpublished (part 10.3 of the Okta reference), with its defaults.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, on or off"
)]
pub struct Wire {
    /// Blanks of queries as `+`, as in captures of 2018, instead of `%20`.
    pub plus_for_blanks: bool,
    /// Whether a new account is made with a random password though *Sync Password* is off.
    pub placeholder_password: bool,
    /// *Push Null Values*: a cleared attribute is sent as an empty text instead of being left out.
    pub push_null_values: bool,
    /// A full push of members names the whole value without a path.
    pub full_push_without_path: bool,
    /// The body of a group's PUT repeats its `id`.
    pub put_includes_id: bool,
    /// A PATCH that is answered with 501 is tried again as GET and PUT.
    pub put_after_501: bool,
    /// Every change of members is preceded by a PATCH of the group's name.
    pub rename_with_members: bool,
    /// Most members in one PATCH, 1 to 1,000.
    pub members_per_patch: usize,
    /// How many people are worked at at once; 0 decides by how many wait.
    pub concurrency: usize,
    /// Whether a base URL elsewhere than on this machine may be plain HTTP (requirement R1).
    pub plain_http: bool,
}

impl Wire {
    /// Most members in one PATCH, whatever the row says: 1 to 1,000.
    pub fn size_of_patch(&self) -> usize {
        self.members_per_patch.clamp(1, 1_000)
    }
}

impl Default for Wire {
    fn default() -> Self {
        Self {
            plus_for_blanks: false,
            placeholder_password: true,
            push_null_values: false,
            full_push_without_path: false,
            put_includes_id: false,
            put_after_501: false,
            rename_with_members: true,
            members_per_patch: 100,
            concurrency: 0,
            plain_http: false,
        }
    }
}
