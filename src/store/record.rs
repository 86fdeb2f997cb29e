//! How a row becomes bytes: one byte of version, then JSON.
//!
//! Additive fields use `#[serde(default)]` and cost nothing. A breaking change raises
//! [`Record::VERSION`] and adds an arm to [`Record::upgrade`]; old rows are upgraded when read and
//! rewritten when next written.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Error;
use crate::model::{self, okta};

/// A row type.
pub trait Record: Serialize + DeserializeOwned {
    /// What the rows are called in messages.
    const NAME: &'static str;
    /// Version written today.
    const VERSION: u8 = 1;

    /// Turns the JSON of an older version into today's.
    ///
    /// # Errors
    /// When no such version was ever written.
    fn upgrade(from: u8, _json: Value) -> Result<Value, Error> {
        Err(Error::Corrupt(format!(
            "a {} row has version {from}, which this program does not know",
            Self::NAME
        )))
    }
}

/// Version byte and JSON.
pub(crate) fn encode<T: Record>(row: &T) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::with_capacity(256);
    bytes.push(T::VERSION);
    serde_json::to_writer(&mut bytes, row)
        .map_err(|e| Error::Corrupt(format!("a {} row cannot be written: {e}", T::NAME)))?;
    Ok(bytes)
}

/// The row behind the bytes.
pub(crate) fn decode<T: Record>(bytes: &[u8]) -> Result<T, Error> {
    let corrupt =
        |e: serde_json::Error| Error::Corrupt(format!("a {} row cannot be read: {e}", T::NAME));
    match bytes.split_first() {
        Some((&version, json)) if version == T::VERSION => {
            // Checked once as a whole; as bytes, every string of it would be checked alone.
            match std::str::from_utf8(json) {
                Ok(json) => serde_json::from_str(json).map_err(corrupt),
                Err(e) => Err(Error::Corrupt(format!(
                    "a {} row cannot be read: {e}",
                    T::NAME
                ))),
            }
        }
        Some((&version, json)) => {
            let old = serde_json::from_slice(json).map_err(corrupt)?;
            serde_json::from_value(T::upgrade(version, old)?).map_err(corrupt)
        }
        None => Err(Error::Corrupt(format!("a {} row is empty", T::NAME))),
    }
}

macro_rules! records {
    ($($type:ty: $name:literal),* $(,)?) => {
        $(impl Record for $type { const NAME: &'static str = $name; })*
    };
}
records! {
    model::Team: "team",
    model::Account: "account",
    model::Session: "session",
    model::SetupLink: "setup link",
    crate::clock::Turned: "clock",
    model::OperatorToken: "operator token",
    model::TokenKey: "key of access tokens",
    model::ScimKey: "SCIM key",
    model::KeyUse: "use of a SCIM key",
    model::SsoMethod: "SSO method",
    model::TeamSchema: "schema",
    model::User: "user",
    model::Group: "group",
    model::Invite: "invite",
    model::Domain: "domain",
    model::AuditEvent: "audit event",
    model::Mail: "mail",
    model::MailSettings: "mail settings",
    model::ApiKey: "API key",
    model::Tenant: "tenant",
    model::DirectoryUser: "directory user",
    model::DirectoryGroup: "directory group",
    model::Change: "change",
    model::Application: "application",
    model::Assignment: "assignment",
    model::AppRegistration: "app registration",
    model::Upload: "upload",
    model::Job: "job",
    model::Cycle: "cycle",
    model::Link: "link",
    model::Escrow: "escrow",
    model::LogHead: "log entry",
    model::LogDetails: "details of a log entry",
    model::LogRetention: "retention of the log",
    okta::Org: "org",
    okta::OktaToken: "API token",
    okta::OktaUser: "Okta user",
    okta::OktaGroup: "Okta group",
    okta::OktaApp: "app integration",
    okta::AppUser: "app user",
    okta::AppGroup: "assignment of a group to an app",
    okta::PushMapping: "group-push mapping",
    okta::GroupRule: "group rule",
    okta::PushRule: "rule of Push Groups",
    okta::ProvisioningJob: "provisioning job",
    okta::Task: "task",
    okta::ImportRun: "import",
    okta::ImportedUser: "imported user",
    okta::SystemEvent: "event of the System Log",
    okta::EventExchanges: "exchanges behind an event",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
    struct Sample {
        name: String,
    }
    impl Record for Sample {
        const NAME: &'static str = "sample";
        const VERSION: u8 = 2;
        fn upgrade(from: u8, mut json: Value) -> Result<Value, Error> {
            assert_eq!(from, 1);
            let old = json["title"].take();
            Ok(serde_json::json!({ "name": old }))
        }
    }

    #[test]
    fn old_rows_are_upgraded_when_read() {
        let row: Sample = decode(b"\x01{\"title\":\"x\"}").unwrap();
        assert_eq!(row, Sample { name: "x".into() });
        assert_eq!(decode::<Sample>(&encode(&row).unwrap()).unwrap(), row);
        assert!(decode::<Sample>(b"").is_err());
        assert!(decode::<model::Team>(b"\x09{}").is_err());
    }
}
