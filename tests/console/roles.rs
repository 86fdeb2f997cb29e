//! Role × action: for every line of the console's route table and every role, the server's verdict.
//!
//! `roles.txt` says what each page and action needs, one line a route: `anybody`, `signed-in` (one's own things),
//! `operator`, or a permission. A route that is not in it fails the test, which prints the line to add.

use std::collections::BTreeMap;

use scimlab::access::{Needs, Permission};
use scimlab::model::Role;
use scimlab::web::rooms::listed;

use crate::browser::{Appliance, Browser, EMAIL};

const TABLE: &str = include_str!("roles.txt");

/// Sentences with which somebody is turned away for want of a role.
const TURNED_AWAY: [&str; 2] = [
    "Your roles in this team do not allow this",
    "This belongs to the operators of the appliance",
];

/// What the table says of each route, by method and path.
fn table() -> BTreeMap<(&'static str, &'static str), &'static str> {
    let mut table = BTreeMap::new();
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<_> = line.split_whitespace().collect();
        let [method, path, needs] = parts[..] else {
            panic!("three columns: {line:?}");
        };
        let before = table.insert((method, path), needs);
        assert_eq!(before, None, "twice: {line}");
    }
    table
}

fn word(needs: Option<Needs>) -> String {
    match needs {
        None => "anybody".to_owned(),
        Some(Needs::SignIn) => "signed-in".to_owned(),
        Some(Needs::Operator) => "operator".to_owned(),
        Some(Needs::Permission(permission)) => format!("{permission:?}"),
    }
}

/// Whether somebody with this role (none: the operator, who is an Admin too) comes in where this is needed.
fn comes_in(needs: &str, role: Option<Role>) -> bool {
    match needs {
        "anybody" | "signed-in" => true,
        "operator" => role.is_none(),
        permission => Permission::ALL
            .into_iter()
            .find(|known| format!("{known:?}") == permission)
            .unwrap_or_else(|| panic!("no permission {permission}"))
            .is_of(role.unwrap_or(Role::Admin)),
    }
}

#[test]
fn every_route_says_what_it_needs_and_the_table_agrees() {
    let table = table();
    let mut wrong = Vec::new();
    for route in listed() {
        let says = word(route.needs);
        let known = table.get(&(route.method.as_str(), route.path));
        if known != Some(&says.as_str()) {
            let line = format!("{} {} {says}", route.method, route.path);
            wrong.push(format!("{line} (the table: {known:?})"));
        }
    }
    for (method, path) in table.keys() {
        let found = listed()
            .iter()
            .any(|route| route.method == *method && route.path == *path);
        if !found {
            wrong.push(format!("{method} {path} is no route any more"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn address(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "1" } else { part }.to_owned();
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn turned_away(browser: &Browser, method: &str, path: &str) -> bool {
    let headers = [("Sec-Fetch-Site", "same-origin")];
    let page = browser.send(method, &address(path), &headers, &[]);
    assert!(page.status < 500, "{method} {path}: {}", page.body);
    assert!(
        !page.location.starts_with("/login"),
        "{method} {path}: nobody is signed in any more"
    );
    let said = TURNED_AWAY.iter().any(|words| page.body.contains(words));
    assert!(
        !said || page.status == 403,
        "{method} {path}: {}",
        page.status
    );
    said
}

#[test]
fn the_server_lets_every_role_in_where_the_table_says_so_and_nowhere_else() {
    let emails = Role::ALL.map(|role| format!("{}@example.com", role.slug()));
    let roles = Role::ALL.map(|role| [role]);
    let people: Vec<(&str, &[Role])> = emails
        .iter()
        .zip(&roles)
        .map(|(email, role)| (email.as_str(), role.as_slice()))
        .collect();
    let appliance = Appliance::with_people(&people);
    // Those who can do least come first: they leave the most for the others. The operator comes last.
    let mut browsers: Vec<(Option<Role>, Browser)> = Role::ALL
        .iter()
        .zip(&emails)
        .rev()
        .map(|(role, email)| (Some(*role), appliance.person(email)))
        .collect();
    browsers.push((None, appliance.person(EMAIL)));
    let table = table();
    let mut wrong = Vec::new();
    for (role, browser) in &browsers {
        for ((method, path), needs) in &table {
            // Doors stand open, and one's own things are one's own: nothing to be turned away from. Sending those
            // forms would end what the other lines need.
            if *needs == "anybody" || (*needs == "signed-in" && *method == "POST") {
                continue;
            }
            let turned = turned_away(browser, method, path);
            if turned == comes_in(needs, *role) {
                wrong.push(format!(
                    "{role:?} {method} {path} ({needs}): turned away: {turned}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
