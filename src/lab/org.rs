//! From a [`Seed`] to an org of the mock Okta: the same people as in the mock Entra, by Okta's names.
//!
//! Okta asks for more than Entra: everybody has a first name, a last name and an address; where the seed has none, they
//! are taken from the display name and the user principal name. A guest signs in with the own address. What Okta does
//! not have is left out: nested groups, people and groups in the recycle bin, rules of dynamic groups. Somebody whose
//! account is disabled is deactivated. Each application becomes an app of the template of the same kind, to which nobody
//! is assigned: Okta provisions who is assigned once its API integration is enabled, and leaves everybody else to
//! *Provision User*, one by one.

use serde_json::Value;

use crate::access::{Operator, OrgAdministrator};
use crate::clock::Timestamp;
use crate::directory::okta::groups::{self, GroupProfile};
use crate::directory::okta::users::{self, NewUser};
use crate::directory::okta::{apps, lifecycle, orgs, templates};
use crate::directory::{AttributeChange, AttributeValue};
use crate::error::Result;
use crate::id::Seq;
use crate::lab::Seed;
use crate::lab::seed::{Principal, SeedApplication, SeedGroup, SeedUser};
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{OktaApp, Profile};
use crate::store::Write;
use crate::sync::jobs::Template;

/// Attributes of Okta's base profile, and where a seed has them.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("displayName", "displayName"),
    ("title", "jobTitle"),
    ("department", "department"),
    ("organization", "companyName"),
    ("division", "employeeOrgData.division"),
    ("costCenter", "employeeOrgData.costCenter"),
    ("employeeNumber", "employeeId"),
    ("userType", "employeeType"),
    ("primaryPhone", "telephoneNumber"),
    ("mobilePhone", "mobile"),
    ("streetAddress", "streetAddress"),
    ("city", "city"),
    ("state", "state"),
    ("zipCode", "postalCode"),
    ("countryCode", "usageLocation"),
    ("preferredLanguage", "preferredLanguage"),
    ("locale", "preferredLanguage"),
    ("nickName", "mailNickname"),
];

/// What a seed has become.
#[derive(Debug, Clone)]
pub struct Seeded {
    /// Row of the org.
    pub org: Seq,
    /// Its apps, in the order of the seed.
    pub apps: Vec<OktaApp>,
}

/// Loads a seed into a new org. All of it is one write: after an interruption there is no half org, whose subdomain
/// would be taken at the next start.
///
/// # Errors
/// A rule of the org that the seed breaks, the store's.
pub fn load(tx: &Write<'_>, operator: &Operator, seed: &Seed, now: Timestamp) -> Result<Seeded> {
    let subdomain = subdomain(&seed.domain);
    let org = orgs::create(tx, operator, &seed.tenant_name, &subdomain, now)?.seq;
    let loading = Loading {
        tx,
        administrator: OrgAdministrator::of(operator, org),
        now,
    };
    let people = loading.people(&seed.users)?;
    loading.groups(seed, &people)?;
    let apps = loading.apps(seed)?;
    Ok(Seeded { org, apps })
}

/// The first label of a domain.
fn subdomain(domain: &str) -> String {
    let label = domain.split('.').next().unwrap_or_default();
    let letters: String = label
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .collect();
    let letters = letters.trim_matches('-').to_lowercase();
    if letters.is_empty() {
        "org".to_owned()
    } else {
        letters
    }
}

struct Loading<'a, 'tx> {
    tx: &'a Write<'tx>,
    administrator: OrgAdministrator,
    now: Timestamp,
}

impl Loading<'_, '_> {
    /// Rows of the people, by their place in the seed; those in the recycle bin have none.
    fn people(&self, seeded: &[SeedUser]) -> Result<Vec<Option<Seq>>> {
        let (tx, administrator, now) = (self.tx, &self.administrator, self.now);
        let mut rows = Vec::with_capacity(seeded.len());
        for user in seeded {
            if user.deleted {
                rows.push(None);
                continue;
            }
            let new = NewUser::active(profile(user));
            let row = users::create(tx, administrator, &new, now)?.seq;
            if !user.account_enabled {
                lifecycle::deactivate(tx, administrator, row, now)?;
            }
            rows.push(Some(row));
        }
        Ok(rows)
    }

    /// The groups with the people who are in them.
    fn groups(&self, seed: &Seed, people: &[Option<Seq>]) -> Result<()> {
        let (tx, administrator, now) = (self.tx, &self.administrator, self.now);
        for group in &seed.groups {
            if group.deleted || group.rule.is_some() {
                continue;
            }
            let new = GroupProfile {
                name: name(group),
                description: text(&group.attributes, "description").unwrap_or_default(),
            };
            let row = groups::create(tx, administrator, &new, now)?.seq;
            for member in &group.members {
                if let Principal::User(user) = member
                    && let Some(user) = people[*user]
                {
                    groups::add_member(tx, administrator, row, user, now)?;
                }
            }
        }
        Ok(())
    }

    fn apps(&self, seed: &Seed) -> Result<Vec<OktaApp>> {
        let create = |application: &SeedApplication| {
            let template = template(application.template);
            let (label, now) = (&application.name, self.now);
            Ok(apps::create(
                self.tx,
                &self.administrator,
                template,
                label,
                now,
            )?)
        };
        seed.applications.iter().map(create).collect()
    }
}

fn template(of: Template) -> &'static templates::Template {
    let key = if of.preset().id == Template::NonGallery.preset().id {
        "scim2headerauth"
    } else {
        "postman"
    };
    templates::find(key).expect("both stand in the table of templates, as a test shows")
}

fn text(attributes: &[AttributeChange], name: &str) -> Option<String> {
    let found = attributes.iter().find(|a| a.name() == name)?;
    match found.value()? {
        AttributeValue::Text(text) => Some(text.clone()),
        AttributeValue::List(_) => None,
    }
}

/// What somebody of a seed signs in with.
pub fn login(user: &SeedUser) -> String {
    let of = |name: &str| text(&user.attributes, name);
    let principal = of("userPrincipalName").unwrap_or_default();
    if user.guest {
        of("mail").unwrap_or(principal)
    } else {
        principal
    }
}

/// What a group of a seed is called.
pub fn name(group: &SeedGroup) -> String {
    text(&group.attributes, "displayName").unwrap_or_default()
}

/// A person's profile by Okta's names; what is longer than Okta allows is cut.
fn profile(user: &SeedUser) -> Profile {
    let of = |name: &str| text(&user.attributes, name);
    let login = login(user);
    let email = of("mail").unwrap_or_else(|| login.clone());
    let shown = of("displayName").unwrap_or_else(|| login.clone());
    let (first, last) = shown.split_once(' ').unwrap_or((&shown, "-"));
    let mut profile = Profile::new();
    let mut put = |name: &str, text: String| {
        let attribute = USER_ATTRIBUTES
            .iter()
            .find(|attribute| attribute.name == name);
        let longest = attribute.and_then(|attribute| attribute.max_length);
        let kept: String = text.chars().take(longest.unwrap_or(usize::MAX)).collect();
        profile.insert(name.to_owned(), Value::from(kept))
    };
    put(
        "firstName",
        of("givenName").unwrap_or_else(|| first.to_owned()),
    );
    put("lastName", of("surname").unwrap_or_else(|| last.to_owned()));
    put("login", login);
    put("email", email);
    for (name, source) in ATTRIBUTES {
        if let Some(text) = of(source) {
            put(name, text);
        }
    }
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::demo;
    use crate::model::okta::UserStatus;
    use crate::store::Store;
    use crate::store::okta::{AppKey, app_users, groups as group_rows, users as user_rows};

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

    #[test]
    fn the_sample_company_becomes_an_org() {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        let seeded = store
            .write(move |tx| load(tx, &operator, &demo::demo(), NOW))
            .unwrap();
        let tx = store.read().unwrap();
        let org = seeded.org;
        // One of the 27 lies in the recycle bin.
        let people = user_rows::after(&tx, org, Seq(0), 100).unwrap();
        assert_eq!(people.len(), demo::demo().users.len() - 1);
        for person in &people {
            for name in ["login", "email", "firstName", "lastName"] {
                assert!(person.text(name).is_some_and(|t| !t.is_empty()), "{name}");
            }
        }
        let by = |login| user_rows::by_login(&tx, org, login).unwrap().unwrap();
        let disabled = by("nils.andersen@contoso.example");
        assert_eq!(disabled.status, UserStatus::Deprovisioned);
        assert_eq!(
            by("ana.costa@fabrikam.example").text("firstName"),
            Some("Ana")
        );
        let tour = group_rows::by_name(&tx, org, "Tour Operations").unwrap();
        let group = group_rows::find(&tx, org, tour[0]).unwrap().unwrap();
        assert_eq!(group.member_count, 5);
        let key = AppKey {
            org,
            app: seeded.apps[0].seq,
        };
        assert_eq!(seeded.apps[0].template, "postman");
        assert!(!app_users::any(&tx, key).unwrap());
        assert!(crate::store::check(&tx).unwrap().is_empty());
    }

    #[test]
    fn every_domain_gives_a_subdomain_and_every_kind_of_application_a_template() {
        assert_eq!(subdomain("contoso.example"), "contoso");
        assert_eq!(subdomain("-.x"), "org");
        for one in [Template::Postman, Template::NonGallery] {
            assert!(!template(one).label.is_empty());
        }
    }
}
