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
use crate::directory::okta::{self, apps, lifecycle, orgs, templates};
use crate::directory::{AttributeChange, AttributeValue};
use crate::error::Result;
use crate::id::Seq;
use crate::lab::Seed;
use crate::lab::seed::{Principal, SeedGroup, SeedUser};
use crate::mapping::okta::USER_ATTRIBUTES;
use crate::model::okta::{OktaApp, Profile};
use crate::store::{Store, Write};
use crate::sync::jobs::Template;

/// Objects or references written by one closure.
const CHUNK: usize = 500;
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

/// Loads a seed into a new org, in several writes.
///
/// # Errors
/// A rule of the org that the seed breaks, the store's.
pub fn load(store: &Store, operator: &Operator, seed: &Seed, now: Timestamp) -> Result<Seeded> {
    let (name, subdomain) = (seed.tenant_name.clone(), subdomain(&seed.domain));
    let by = operator.clone();
    let org = store
        .write(move |tx| {
            Ok::<_, crate::error::Error>(orgs::create(tx, &by, &name, &subdomain, now)?)
        })?
        .seq;
    let loading = Loading {
        store,
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

struct Loading<'a> {
    store: &'a Store,
    administrator: OrgAdministrator,
    now: Timestamp,
}

impl Loading<'_> {
    /// Does something with each item, a chunk per write, and collects the results.
    fn chunks<I, O, F>(&self, items: &[I], one: F) -> Result<Vec<O>>
    where
        I: Clone + Send + 'static,
        O: Send + 'static,
        F: Fn(&Write<'_>, &OrgAdministrator, I, Timestamp) -> okta::Result<O>
            + Clone
            + Send
            + 'static,
    {
        let mut results = Vec::with_capacity(items.len());
        for chunk in items.chunks(CHUNK) {
            let (chunk, one, now) = (chunk.to_vec(), one.clone(), self.now);
            let administrator = self.administrator.clone();
            results.extend(self.store.write(move |tx| -> Result<Vec<O>> {
                let one = |item| one(tx, &administrator, item, now).map_err(Into::into);
                chunk.into_iter().map(one).collect()
            })?);
        }
        Ok(results)
    }

    /// Rows of the people, by their place in the seed; those in the recycle bin have none.
    fn people(&self, seeded: &[SeedUser]) -> Result<Vec<Option<Seq>>> {
        let people: Vec<Option<(Profile, bool)>> = seeded
            .iter()
            .map(|user| (!user.deleted).then(|| (profile(user), user.account_enabled)))
            .collect();
        self.chunks(&people, |tx, administrator, person, now| {
            let Some((profile, enabled)) = person else {
                return Ok(None);
            };
            let new = NewUser::active(profile);
            let user = users::create(tx, administrator, &new, now)?.seq;
            if !enabled {
                lifecycle::deactivate(tx, administrator, user, now)?;
            }
            Ok(Some(user))
        })
    }

    /// The groups with the people who are in them.
    fn groups(&self, seed: &Seed, people: &[Option<Seq>]) -> Result<()> {
        let names: Vec<Option<GroupProfile>> = seed
            .groups
            .iter()
            .map(|group| {
                let there = !group.deleted && group.rule.is_none();
                there.then(|| GroupProfile {
                    name: name(group),
                    description: text(&group.attributes, "description").unwrap_or_default(),
                })
            })
            .collect();
        let rows = self.chunks(&names, |tx, administrator, group, now| {
            group
                .map(|group| Ok(groups::create(tx, administrator, &group, now)?.seq))
                .transpose()
        })?;
        let mut members = Vec::new();
        for (group, row) in seed.groups.iter().zip(&rows) {
            for member in &group.members {
                if let (Principal::User(user), Some(row)) = (member, row)
                    && let Some(user) = people[*user]
                {
                    members.push((*row, user));
                }
            }
        }
        self.chunks(&members, |tx, administrator, (group, user), now| {
            groups::add_member(tx, administrator, group, user, now)
        })?;
        Ok(())
    }

    fn apps(&self, seed: &Seed) -> Result<Vec<OktaApp>> {
        let wanted: Vec<_> = seed
            .applications
            .iter()
            .map(|application| (template(application.template), application.name.clone()))
            .collect();
        self.chunks(&wanted, |tx, administrator, (template, label), now| {
            apps::create(tx, administrator, template, &label, now)
        })
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
    use crate::store::okta::{AppKey, app_users, groups as group_rows, users as user_rows};

    const NOW: Timestamp = Timestamp::from_millis(1_750_000_000_000);

    #[test]
    fn the_sample_company_becomes_an_org() {
        let store = Store::in_memory().unwrap();
        let operator = Operator::of_this_process();
        let seeded = load(&store, &operator, &demo::demo(), NOW).unwrap();
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
