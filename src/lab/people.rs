//! Made-up people, as many as wanted and always the same for a seed number.
//!
//! One person in five has a name from another language, most with diacritics; addresses are made
//! from the name without them. One in a hundred is disabled, one in a hundred has no mail, one in
//! two hundred lies in the recycle bin, one in fifty is assigned directly and in no group; everybody
//! else is in one to three of the N/10 groups, all of which are assigned. Managers form a tree in
//! which everybody has at most eight reports. Names come from the `fake` package and the generator
//! is xoshiro256++, so the same version of this program makes the same people on every machine.

use std::collections::HashMap;

use fake::Fake;
use fake::faker::name::raw::{FirstName, LastName};
use fake::locales::{CY_GB, DE_DE, EN, FR_FR, IT_IT, NL_NL, PT_BR, TR_TR};
use fake::rand::rngs::Xoshiro256PlusPlus;
use fake::rand::{RngExt, SeedableRng};
use unicode_normalization::UnicodeNormalization;

use super::seed::{Principal, Seed, SeedApplication, SeedGroup, SeedUser};
use crate::directory::{AttributeChange, AttributeValue};
use crate::model::{ObjectKind, Scope};
use crate::sync::jobs::Template;

/// Name of the application to which everybody is assigned.
pub const APPLICATION: &str = "Postman";

/// Everybody has at most this many reports.
const REPORTS: usize = 8;
/// Which person of a hundred has no mail, and which is disabled.
const NO_MAIL: usize = 41;
const DISABLED: usize = 73;
/// Which person of fifty is assigned directly.
const DIRECT: usize = 25;
/// Which person of two hundred lies in the recycle bin; nobody is this one's report.
const DELETED: usize = 17;

/// Departments and the titles in them.
const DEPARTMENTS: &[(&str, &[&str])] = &[
    (
        "Engineering",
        &[
            "Software Engineer",
            "Site Reliability Engineer",
            "Architect",
        ],
    ),
    ("Product", &["Product Manager", "Designer", "Researcher"]),
    ("Sales", &["Account Executive", "Sales Engineer"]),
    ("Marketing", &["Campaign Manager", "Copywriter"]),
    ("Support", &["Support Engineer", "Support Lead"]),
    ("Finance", &["Accountant", "Controller", "Buyer"]),
    ("Human Resources", &["Recruiter", "Payroll Specialist"]),
    ("Legal", &["Counsel", "Paralegal"]),
    ("Operations", &["Dispatcher", "Facilities Coordinator"]),
    ("Security", &["Security Analyst", "Auditor"]),
    ("Data", &["Data Analyst", "Data Engineer"]),
    ("Training", &["Trainer", "Course Author"]),
];

/// Offices: city, state or region, country, language.
const OFFICES: &[(&str, &str, &str, &str)] = &[
    ("Seattle", "WA", "US", "en-US"),
    ("Austin", "TX", "US", "en-US"),
    ("Toronto", "ON", "CA", "en-CA"),
    ("Dublin", "Leinster", "IE", "en-IE"),
    ("Cardiff", "Wales", "GB", "en-GB"),
    ("Berlin", "Berlin", "DE", "de-DE"),
    ("Paris", "Ile-de-France", "FR", "fr-FR"),
    ("Lisbon", "Lisboa", "PT", "pt-PT"),
    ("Utrecht", "Utrecht", "NL", "nl-NL"),
    ("Milan", "Lombardia", "IT", "it-IT"),
];

/// `count` people and `count / 10` groups (at least one when there are people), all assigned to one
/// application with Postman's mappings. `domain` is the part after the `@`.
///
/// # Panics
/// Never for a well-formed domain of up to 40 characters: names fit the directory's rules, as a test
/// shows.
pub fn generate(count: usize, number: u64, domain: &str) -> Seed {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number);
    let group_count = if count == 0 { 0 } else { (count / 10).max(1) };
    let mut groups: Vec<SeedGroup> = (0..group_count).map(group).collect();
    let mut users = Vec::with_capacity(count);
    let mut assignments = Vec::new();
    let mut taken = HashMap::new();
    for position in 0..count {
        let manager = match position {
            0 => None,
            _ => Some(present((position - 1) / REPORTS)),
        };
        users.push(person(position, manager, domain, &mut taken, &mut random));
        if position % 50 == DIRECT {
            assignments.push(Principal::User(position));
            continue;
        }
        let mut chosen = vec![position % group_count];
        for _ in 0..random.random_range(0..3u32) {
            let another = random.random_range(0..group_count);
            if !chosen.contains(&another) {
                chosen.push(another);
            }
        }
        for group in chosen {
            groups[group].members.push(Principal::User(position));
        }
    }
    assignments.extend((0..group_count).map(Principal::Group));
    Seed {
        tenant_name: "Contoso".into(),
        domain: domain.to_owned(),
        users,
        groups,
        applications: vec![SeedApplication {
            name: APPLICATION.into(),
            template: Template::Postman,
            scope: Scope::AssignedOnly,
            assignments,
            roles: Vec::new(),
        }],
    }
}

fn is_deleted(position: usize) -> bool {
    position % 200 == DELETED
}

/// Somebody who is not in the recycle bin: this one, or the one before.
fn present(position: usize) -> usize {
    if is_deleted(position) {
        position - 1
    } else {
        position
    }
}

/// Names are unique: the target matches groups by name.
fn group(position: usize) -> SeedGroup {
    let (department, _) = DEPARTMENTS[position % DEPARTMENTS.len()];
    let rest = position / DEPARTMENTS.len();
    let (city, ..) = OFFICES[rest % OFFICES.len()];
    let name = match rest / OFFICES.len() {
        0 => format!("{department} {city}"),
        round => format!("{department} {city} {}", round + 1),
    };
    SeedGroup {
        attributes: vec![set(ObjectKind::Group, "displayName", name)],
        deleted: false,
        members: Vec::new(),
        rule: None,
    }
}

fn person(
    position: usize,
    manager: Option<usize>,
    domain: &str,
    taken: &mut HashMap<String, u32>,
    random: &mut Xoshiro256PlusPlus,
) -> SeedUser {
    let (given, family) = name(random);
    let (department, titles) = DEPARTMENTS[random.random_range(0..DEPARTMENTS.len())];
    let title = titles[random.random_range(0..titles.len())];
    let (city, state, country, language) = OFFICES[random.random_range(0..OFFICES.len())];
    let alias = alias(given, family, taken);
    let address = format!("{alias}@{domain}");
    let mut attributes = Vec::with_capacity(16);
    let mut put = |name: &str, value: String| attributes.push(set(ObjectKind::User, name, value));
    put("userPrincipalName", address.clone());
    put("displayName", format!("{given} {family}"));
    put("givenName", given.into());
    put("surname", family.into());
    if position % 100 != NO_MAIL {
        put("mail", address);
    }
    put("mailNickname", alias);
    put("department", department.into());
    put("jobTitle", title.into());
    put("companyName", "Contoso".into());
    put("employeeId", format!("{:06}", 100_000 + position));
    put("city", city.into());
    put("state", state.into());
    put("country", country.into());
    put("usageLocation", country.into());
    put("preferredLanguage", language.into());
    // 555-0100 to 555-0199 are kept free for fiction.
    put(
        "telephoneNumber",
        format!(
            "+1 {}-555-01{:02}",
            random.random_range(201..990u32),
            random.random_range(0..100u32)
        ),
    );
    SeedUser {
        attributes,
        account_enabled: position % 100 != DISABLED,
        guest: false,
        deleted: is_deleted(position),
        manager,
    }
}

fn set(kind: ObjectKind, name: &str, value: String) -> AttributeChange {
    AttributeChange::set(kind, name, AttributeValue::Text(value))
        .expect("made-up values fit the directory's rules, as a test shows")
}

fn name(random: &mut Xoshiro256PlusPlus) -> (&'static str, &'static str) {
    macro_rules! of {
        ($locale:expr) => {
            (
                FirstName($locale).fake_with_rng(random),
                LastName($locale).fake_with_rng(random),
            )
        };
    }
    match random.random_range(0..35u32) {
        0 => of!(DE_DE),
        1 => of!(FR_FR),
        2 => of!(PT_BR),
        3 => of!(TR_TR),
        4 => of!(IT_IT),
        5 => of!(NL_NL),
        6 => of!(CY_GB),
        _ => of!(EN),
    }
}

/// `given.family` in plain letters, with a number when somebody has it already.
fn alias(given: &str, family: &str, taken: &mut HashMap<String, u32>) -> String {
    let alias = format!("{}.{}", plain(given), plain(family));
    let count = taken.entry(alias.clone()).or_default();
    *count += 1;
    match *count {
        1 => alias,
        n => format!("{alias}{n}"),
    }
}

/// Lower-case letters without diacritics, up to 24 of them, at least one.
fn plain(name: &str) -> String {
    let mut out = String::new();
    for c in name.nfkd() {
        match c.to_ascii_lowercase() {
            c @ 'a'..='z' => out.push(c),
            'ß' => out.push_str("ss"),
            'ı' => out.push('i'),
            'ø' | 'Ø' => out.push('o'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            'ł' | 'Ł' => out.push('l'),
            _ => {}
        }
    }
    out.truncate(24);
    if out.is_empty() {
        out.push('x');
    }
    out
}
