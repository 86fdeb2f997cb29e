//! Renders every sample of every page and holds what all pages promise: balanced tags, labelled inputs, no inline
//! style or script, no address of a file that is not embedded. With `SCIMLAB_RENDER=DIR` the pages are written
//! there too, light and dark, to look at.

use std::fmt::Write as _;
use std::path::Path;

use askama::Template;

use super::parts::Moment;
use super::{
    Room, Viewer, access, common, entra, invitation, mail, overview, own_profile, profile,
    settings, team, traffic,
};

mod entra_samples;
mod overview_samples;
mod rules;
mod traffic_samples;

/// People for lists, with the awkward letters.
pub(super) const PEOPLE: [(&str, &str); 6] = [
    ("Ada Lovelace", "ada@contoso.example"),
    ("Bj\u{f8}rn \u{c5}se", "bjorn.aase@contoso.example"),
    ("Nguy\u{1ec5}n Th\u{1ecb} Minh Khai", "khai@contoso.example"),
    ("O'Brien <Pat> & Co", "pat.obrien@contoso.example"),
    ("Zo\u{eb} M\u{fc}ller", "zoe@contoso.example"),
    (
        "\u{7530}\u{4e2d} \u{592a}\u{90ce}",
        "taro.tanaka@contoso.example",
    ),
];

/// A user as SCIM answers it.
pub(super) const USER_JSON: &str = r#"{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"4c1d9e2f77aa03b1","userName":"ada@contoso.example","name":{"givenName":"Ada","familyName":"Lovelace"},"active":true,"meta":{"resourceType":"User","version":"W/\"3\""}}"#;

/// 120 characters without a blank to break at.
pub(super) fn long_name() -> String {
    "Wolfeschlegelsteinhausenbergerdorff"
        .repeat(4)
        .chars()
        .take(120)
        .collect()
}

/// The signed-in person.
pub(super) fn viewer() -> Viewer {
    Viewer {
        email: "ada@contoso.example".to_owned(),
        team: "Acme".to_owned(),
        others: Vec::new(),
        rooms: Room::ALL.to_vec(),
    }
}

/// The application's name.
pub(super) fn application() -> &'static str {
    "Postman"
}

/// A moment that reads `text`.
pub(super) fn moment(text: &str) -> Moment {
    Moment {
        text: text.to_owned(),
        exact: "2026-05-04T03:00:54.000Z".to_owned(),
    }
}

fn add<T: Template>(all: &mut Vec<(String, String)>, page: &str, samples: Vec<(&'static str, T)>) {
    for (state, sample) in samples {
        all.push((format!("{page}-{state}"), sample.render().unwrap()));
    }
}

fn invites_and_mails(all: &mut Vec<(String, String)>) {
    add(all, "invites", team::invites::InvitesPage::samples());
    add(all, "invite", team::invites::InvitePage::samples());
    add(
        all,
        "invite-detail",
        team::invites::InviteDetailPage::samples(),
    );
    add(all, "invitation", invitation::InvitationPage::samples());
    add(
        all,
        "invitation-over",
        invitation::InvitationOverPage::samples(),
    );
    add(all, "outbox", mail::OutboxPage::samples());
    add(all, "mail", mail::MailPage::samples());
    add(all, "mail-settings", mail::MailSettingsPage::samples());
    add(all, "own-profile", own_profile::OwnProfilePage::samples());
}

fn all() -> Vec<(String, String)> {
    let mut all = Vec::new();
    add(&mut all, "setup", access::SetupPage::samples());
    add(&mut all, "login", access::LoginPage::samples());
    add(&mut all, "error", common::ErrorPage::samples());
    add(&mut all, "form", common::FormPage::samples());
    add(&mut all, "confirm", common::ConfirmPage::samples());
    add(&mut all, "overview", overview::OverviewPage::samples());
    add(&mut all, "members", team::members::MembersPage::samples());
    add(&mut all, "member", team::member::MemberPage::samples());
    add(&mut all, "remove", team::member::RemovePage::samples());
    add(&mut all, "roles", team::roles::RolesPage::samples());
    add(
        &mut all,
        "roles-form",
        team::roles::RolesFormPage::samples(),
    );
    add(&mut all, "team-groups", team::groups::GroupsPage::samples());
    add(
        &mut all,
        "team-group-form",
        team::group_form::GroupFormPage::samples(),
    );
    add(&mut all, "team-group", team::groups::GroupPage::samples());
    add(
        &mut all,
        "authentication",
        team::authentication::AuthenticationPage::samples(),
    );
    add(&mut all, "scim", team::scim::ScimPage::samples());
    add(&mut all, "key", team::scim::KeyPage::samples());
    add(
        &mut all,
        "regenerate",
        team::scim::RegeneratePage::samples(),
    );
    add(&mut all, "sso-new", team::sso::NewMethodPage::samples());
    add(&mut all, "sso-method", team::sso::MethodPage::samples());
    add(&mut all, "domains", team::domains::DomainsPage::samples());
    add(&mut all, "domain", team::domains::DomainPage::samples());
    add(&mut all, "users", entra::users::UsersPage::samples());
    add(&mut all, "user", entra::users::UserPage::samples());
    add(
        &mut all,
        "entra-groups",
        entra::groups::DirectoryGroupsPage::samples(),
    );
    add(
        &mut all,
        "entra-group",
        entra::groups::DirectoryGroupPage::samples(),
    );
    add(&mut all, "pick", entra::groups::PickPage::samples());
    add(
        &mut all,
        "applications",
        entra::applications::ApplicationsPage::samples(),
    );
    add(
        &mut all,
        "application",
        entra::applications::ApplicationPage::samples(),
    );
    add(
        &mut all,
        "assignments",
        entra::assignments::AssignmentsPage::samples(),
    );
    add(
        &mut all,
        "provisioning",
        entra::provisioning::ProvisioningPage::samples(),
    );
    add(
        &mut all,
        "settings",
        entra::provisioning::SettingsPage::samples(),
    );
    add(&mut all, "logs", entra::logs::LogsPage::samples());
    add(&mut all, "log", entra::logs::LogPage::samples());
    add(&mut all, "traffic", traffic::TrafficPage::samples());
    add(&mut all, "exchange", traffic::ExchangePage::samples());
    add(&mut all, "audit", team::audit::AuditPage::samples());
    add(&mut all, "event", team::audit::EventPage::samples());
    add(
        &mut all,
        "api-keys",
        profile::api_keys::ApiKeysPage::samples(),
    );
    add(
        &mut all,
        "api-key",
        profile::api_keys::ApiKeyPage::samples(),
    );
    add(
        &mut all,
        "operators",
        settings::operators::OperatorsPage::samples(),
    );
    add(
        &mut all,
        "sessions",
        settings::sessions::SessionsPage::samples(),
    );
    add(&mut all, "teams", settings::teams::TeamsPage::samples());
    add(&mut all, "schemas", team::schemas::SchemasPage::samples());
    add(&mut all, "schema", team::schemas::SchemaPage::samples());
    add(
        &mut all,
        "schema-form",
        team::schemas::SchemaFormPage::samples(),
    );
    add(&mut all, "profile", team::profile::ProfilePage::samples());
    invites_and_mails(&mut all);
    all
}

#[test]
fn every_page_keeps_the_rules_of_the_house() {
    let mut broken = String::new();
    for (name, html) in all() {
        for fault in rules::faults(&html) {
            let _ = writeln!(broken, "{name}: {fault}");
        }
        if let Ok(folder) = std::env::var("SCIMLAB_RENDER") {
            write(Path::new(&folder), &name, &html);
        }
    }
    assert!(broken.is_empty(), "{broken}");
}

fn write(folder: &Path, name: &str, html: &str) {
    std::fs::create_dir_all(folder.join("static")).unwrap();
    let mut html = html.to_owned();
    for file in ["app.css", "app.js", "favicon.svg"] {
        html = html.replace(&super::asset(file), &format!("static/{file}"));
        std::fs::copy(
            Path::new("static").join(file),
            folder.join("static").join(file),
        )
        .unwrap();
    }
    std::fs::write(folder.join(format!("{name}.html")), &html).unwrap();
    let dark = html.replacen(
        "<html lang=\"en\"",
        "<html lang=\"en\" data-theme=\"dark\"",
        1,
    );
    std::fs::write(folder.join(format!("{name}.dark.html")), dark).unwrap();
}
