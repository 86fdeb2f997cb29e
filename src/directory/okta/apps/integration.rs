//! *Configure API Integration* and *To App* (parts 2.1, 2.2 and 2.7 of the Okta reference).

use super::super::refusal::{BLANK, Refusal, Result};
use super::super::templates;
use super::{get, save};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::mapping::okta::Template;
use crate::model::okta::{
    AppAuthentication, JobKind, OktaApp, PasswordSync, ToApp, UsernameTemplate, Wire,
};
use crate::store::Write;
use crate::store::okta::{AppKey, apps as rows, jobs};

/// Longest base URL, in characters.
pub const BASE_URL_LIMIT: usize = 1024;
/// Longest name of a user for *Basic Auth* and of the field that identifies users.
const FIELD_LIMIT: usize = 255;
/// Most members in one PATCH.
pub const MEMBERS_LIMIT: usize = 1000;
/// Most people that are worked at at once.
pub const CONCURRENCY_LIMIT: usize = 64;

/// What *Configure API Integration* says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Integration {
    /// *Enable API integration*.
    pub enabled: bool,
    /// *Base URL*.
    pub base_url: String,
    /// The credentials; those that are there stay when none are given.
    pub authentication: Option<AppAuthentication>,
    /// *Unique identifier field for users*; only apps of the wizard choose it.
    pub unique_field: String,
    /// *Import Groups*.
    pub import_groups: bool,
}

/// Saves *Configure API Integration*. Whoever was assigned before it was enabled waits for *Provision User*.
///
/// # Errors
/// `Invalid` for a base URL or a field that is none, and for enabling it without URL or credentials; `NotFound`, the
/// store's.
pub fn configure(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    wanted: &Integration,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    let wizard = templates::find(&app.template).is_some_and(|one| one.chooses_actions);
    let base_url = checked_base_url(&wanted.base_url, wanted.enabled, &app.wire)?;
    let provisioning = &mut app.provisioning;
    provisioning.base_url = base_url;
    if let Some(authentication) = &wanted.authentication {
        provisioning.authentication = Some(authentication.clone());
    }
    if wanted.enabled && provisioning.authentication.is_none() {
        return Err(Refusal::field("provisioning", "token", BLANK));
    }
    if wizard {
        let field = wanted.unique_field.trim();
        if field.is_empty() || field.chars().count() > FIELD_LIMIT {
            let sentence = "Name the attribute that identifies users, such as userName or email";
            return Err(Refusal::field("provisioning", "uniqueField", sentence));
        }
        field.clone_into(&mut provisioning.unique_field);
    }
    provisioning.import_groups = wanted.import_groups;
    provisioning.enabled = wanted.enabled;
    let field = app.provisioning.unique_field.as_str();
    if field != "userName" && app.attribute(field).is_none() {
        let sentence = format!("{field} is no attribute of this app");
        return Err(Refusal::field("provisioning", "uniqueField", sentence));
    }
    save(tx, administrator, key, app, now)
}

/// Saves *To App*. What is turned on is sent from now on; nothing of before is sent for it.
///
/// # Errors
/// `Invalid` for what the template does not support, `NotFound`, the store's.
pub fn save_to_app(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    wanted: ToApp,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    let passwords = templates::find(&app.template).is_none_or(|one| one.password_sync);
    if wanted.sync_password != PasswordSync::Off && !passwords {
        let sentence = format!("{} does not support Sync Password", app.label);
        return Err(Refusal::field("toApp", "password", sentence));
    }
    app.to_app = wanted;
    save(tx, administrator, key, app, now)
}

/// Saves *Application username format*; with `update_now` everybody's name is evaluated again.
///
/// # Errors
/// `Invalid` for a template that is none, `NotFound`, the store's.
pub fn save_username(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    wanted: &UsernameTemplate,
    update_now: bool,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    if wanted.template.trim().is_empty() {
        return Err(Refusal::field("userNameTemplate", "template", BLANK));
    }
    Template::parse(&wanted.template)
        .map_err(|error| Refusal::field("userNameTemplate", "template", error.to_string()))?;
    if wanted.suffix.chars().count() > FIELD_LIMIT {
        let long = format!("The field is too long. It may have at most {FIELD_LIMIT} characters");
        return Err(Refusal::field("userNameTemplate", "suffix", long));
    }
    app.username = wanted.clone();
    let app = save(tx, administrator, key, app, now)?;
    if update_now {
        let kind = JobKind::ApplyMappings {
            after: Seq(0),
            force: false,
        };
        jobs::enqueue(tx, key, kind, now)?;
    }
    Ok(app)
}

/// *Rename app groups to match group name in Okta*.
///
/// # Errors
/// `NotFound`, the store's.
pub fn set_rename_app_groups(
    tx: &Write<'_>,
    _administrator: &OrgAdministrator,
    key: AppKey,
    rename: bool,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    app.rename_app_groups = rename;
    app.last_updated = now;
    rows::put(tx, key.org, &app)?;
    Ok(app)
}

/// Saves what Okta fixes for everybody or leaves unpublished.
///
/// # Errors
/// `Invalid` for numbers outside their range, `NotFound`, the store's.
pub fn save_wire(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    key: AppKey,
    wire: &Wire,
    now: Timestamp,
) -> Result<OktaApp> {
    let mut app = get(tx, key)?;
    if !(1..=MEMBERS_LIMIT).contains(&wire.members_per_patch) {
        let sentence = format!("A PATCH has 1 to {MEMBERS_LIMIT} members");
        return Err(Refusal::field("wire", "membersPerPatch", sentence));
    }
    if wire.concurrency > CONCURRENCY_LIMIT {
        let sentence = format!("At most {CONCURRENCY_LIMIT} people are worked at at once");
        return Err(Refusal::field("wire", "concurrency", sentence));
    }
    if checked_base_url(&app.provisioning.base_url, false, wire).is_err() {
        let sentence = "The base URL of this app is plain HTTP; enter one with https:// first";
        return Err(Refusal::field("wire", "plainHttp", sentence));
    }
    app.wire = wire.clone();
    save(tx, administrator, key, app, now)
}

/// A base URL without slash at its end. Plain HTTP is for this machine only (requirement R1 of part 5.1), unless the app
/// allows it.
///
/// # Errors
/// `Invalid` for a text that is no base URL, and for none where one is `needed`.
pub fn checked_base_url(text: &str, needed: bool, wire: &Wire) -> Result<String> {
    let text = text.trim().trim_end_matches('/');
    let wrong = |sentence: &str| Err(Refusal::field("provisioning", "baseUrl", sentence));
    if text.is_empty() {
        return if needed {
            wrong(BLANK)
        } else {
            Ok(String::new())
        };
    }
    if text.chars().count() > BASE_URL_LIMIT {
        return wrong("The field is too long. It may have at most 1024 characters");
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return wrong("It must not contain blanks");
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return wrong("It must look like https://host/scim/v2");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return wrong("It must not carry a user name or password");
    }
    if text.contains(['?', '#']) {
        return wrong("It must not have a query or a fragment");
    }
    let host = host_of(authority);
    if host.is_empty() {
        return wrong("It names no host");
    }
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(text.to_owned()),
        "http" if wire.plain_http || is_loopback(host) => Ok(text.to_owned()),
        "http" => wrong(
            "It must begin with https://, except for a target on this machine, or where Wire allows plain HTTP",
        ),
        _ => wrong("It must begin with https://"),
    }
}

fn host_of(authority: &str) -> &str {
    match authority.rsplit_once(']') {
        Some((host, _)) => host.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5.1, R1, and `require_https` of 10.3.
    #[test]
    fn a_base_url_is_https_or_on_this_machine_unless_plain_http_is_allowed() {
        let (strict, lenient) = (
            Wire::default(),
            Wire {
                plain_http: true,
                ..Wire::default()
            },
        );
        for (text, kept) in [
            ("https://h.test/scim/v2/", "https://h.test/scim/v2"),
            (
                " http://127.0.0.1:80/scim/v2 ",
                "http://127.0.0.1:80/scim/v2",
            ),
            ("http://[::1]:80/scim", "http://[::1]:80/scim"),
            ("http://localhost", "http://localhost"),
        ] {
            assert_eq!(checked_base_url(text, true, &strict).unwrap(), kept);
            assert_eq!(checked_base_url(text, true, &lenient).unwrap(), kept);
        }
        assert_eq!(checked_base_url("", false, &strict).unwrap(), "");
        for text in [
            "",
            "h.test",
            "ftp://h.test",
            "https://",
            "https://a:b@h.test",
            "https://h.test/?x=1",
            "https://h.test/#x",
            "https://h test",
        ] {
            assert!(checked_base_url(text, true, &strict).is_err(), "{text}");
            assert!(checked_base_url(text, true, &lenient).is_err(), "{text}");
        }
        for text in ["http://h.test", "http://127.0.0.1.h.test"] {
            assert!(checked_base_url(text, true, &strict).is_err(), "{text}");
            assert_eq!(checked_base_url(text, true, &lenient).unwrap(), text);
        }
    }
}
