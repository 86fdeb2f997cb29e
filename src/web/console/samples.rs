//! Renders every sample of every page and holds what all pages promise: balanced tags, labelled inputs, no inline
//! style or script, no address of a file that is not embedded. With `SCIMLAB_RENDER=DIR` the pages are written
//! there too, light and dark, to look at.

use std::fmt::Write as _;
use std::path::Path;

use askama::Template;

use super::parts::Moment;
use super::{
    Room, Viewer, access, clock, common, entra, invitation, mail, okta, overview, own_profile,
    profile, settings, team, traffic,
};

mod credentials_samples;
mod entra_samples;
mod job_settings_samples;
mod okta_app_samples;
mod okta_import_samples;
mod okta_profile_samples;
mod okta_rule_samples;
mod okta_samples;
mod okta_scenario_samples;
mod overview_samples;
mod provision_samples;
mod registration_samples;
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
        clock: "2026-05-04 03:00 UTC".to_owned(),
        tenant: "Contoso".to_owned(),
        other_tenants: Vec::new(),
        org: "Contoso".to_owned(),
        other_orgs: Vec::new(),
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

fn all() -> Vec<(String, String)> {
    let mut all = Vec::new();
    doors(&mut all);
    of_team(&mut all);
    of_entra(&mut all);
    of_okta(&mut all);
    of_lab(&mut all);
    all
}

/// Getting in, one's own things, and the parts of every page.
fn doors(all: &mut Vec<(String, String)>) {
    add(all, "setup", access::SetupPage::samples());
    add(all, "login", access::LoginPage::samples());
    add(all, "error", common::ErrorPage::samples());
    add(all, "form", common::FormPage::samples());
    add(all, "confirm", common::ConfirmPage::samples());
    add(all, "api-keys", profile::api_keys::ApiKeysPage::samples());
    add(all, "api-key", profile::api_keys::ApiKeyPage::samples());
    add(all, "invitation", invitation::InvitationPage::samples());
    add(
        all,
        "invitation-over",
        invitation::InvitationOverPage::samples(),
    );
    add(all, "own-profile", own_profile::OwnProfilePage::samples());
}

/// The team.
fn of_team(all: &mut Vec<(String, String)>) {
    add(all, "members", team::members::MembersPage::samples());
    add(all, "member", team::member::MemberPage::samples());
    add(all, "remove", team::member::RemovePage::samples());
    add(all, "roles", team::roles::RolesPage::samples());
    add(all, "roles-form", team::roles::RolesFormPage::samples());
    add(all, "team-groups", team::groups::GroupsPage::samples());
    add(
        all,
        "team-group-form",
        team::group_form::GroupFormPage::samples(),
    );
    add(all, "team-group", team::groups::GroupPage::samples());
    add(
        all,
        "authentication",
        team::authentication::AuthenticationPage::samples(),
    );
    add(all, "scim", team::scim::ScimPage::samples());
    add(all, "key", team::scim::KeyPage::samples());
    add(all, "regenerate", team::scim::RegeneratePage::samples());
    add(all, "sso-new", team::sso::NewMethodPage::samples());
    add(all, "sso-method", team::sso::MethodPage::samples());
    add(all, "domains", team::domains::DomainsPage::samples());
    add(all, "domain", team::domains::DomainPage::samples());
    add(all, "audit", team::audit::AuditPage::samples());
    add(all, "event", team::audit::EventPage::samples());
    add(all, "schemas", team::schemas::SchemasPage::samples());
    add(all, "schema", team::schemas::SchemaPage::samples());
    add(all, "schema-form", team::schemas::SchemaFormPage::samples());
    add(all, "profile", team::profile::ProfilePage::samples());
    add(all, "invites", team::invites::InvitesPage::samples());
    add(all, "invite", team::invites::InvitePage::samples());
    add(
        all,
        "invite-detail",
        team::invites::InviteDetailPage::samples(),
    );
}

/// The mock directory.
fn of_entra(all: &mut Vec<(String, String)>) {
    add(all, "users", entra::users::UsersPage::samples());
    add(all, "user", entra::users::UserPage::samples());
    add(
        all,
        "entra-groups",
        entra::groups::DirectoryGroupsPage::samples(),
    );
    add(
        all,
        "entra-group",
        entra::groups::DirectoryGroupPage::samples(),
    );
    add(all, "pick", entra::groups::PickPage::samples());
    add(all, "user-form", entra::user_form::UserFormPage::samples());
    add(all, "deleted", entra::deleted::DeletedPage::samples());
    add(all, "import", entra::import::ImportPage::samples());
    add(all, "uploads", entra::uploads::UploadsPage::samples());
    add(all, "upload", entra::uploads::UploadPage::samples());
    add(all, "upload-send", entra::uploads::SendPage::samples());
    add(all, "upload-csv", entra::uploads::CsvPage::samples());
    add(all, "tenants", entra::tenants::TenantsPage::samples());
    add(all, "tenant", entra::tenants::TenantPage::samples());
    add(all, "gallery", entra::gallery::GalleryPage::samples());
    add(all, "app-roles", entra::app_roles::AppRolesPage::samples());
    add(
        all,
        "assignment",
        entra::app_roles::AssignmentPage::samples(),
    );
    add(
        all,
        "applications",
        entra::applications::ApplicationsPage::samples(),
    );
    add(
        all,
        "application",
        entra::applications::ApplicationPage::samples(),
    );
    add(
        all,
        "assignments",
        entra::assignments::AssignmentsPage::samples(),
    );
    add(
        all,
        "provisioning",
        entra::provisioning::ProvisioningPage::samples(),
    );
    add(
        all,
        "settings",
        entra::provisioning::SettingsPage::samples(),
    );
    add(all, "inbound", entra::inbound::InboundPage::samples());
    of_registrations(all);
    of_mappings(all);
    add(all, "restart", entra::restart::RestartPage::samples());
    of_schema(all);
    add(all, "logs", entra::logs::LogsPage::samples());
    add(all, "log", entra::logs::LogPage::samples());
    add(all, "log-download", entra::logs::DownloadPage::samples());
    add(
        all,
        "demand-choose",
        entra::on_demand::ChoosePage::samples(),
    );
    add(
        all,
        "demand-confirm",
        entra::on_demand::ConfirmPage::samples(),
    );
    add(
        all,
        "demand-result",
        entra::on_demand::ResultPage::samples(),
    );
    add(all, "drift", entra::drift::DriftPage::samples());
}

/// App registrations.
fn of_registrations(all: &mut Vec<(String, String)>) {
    use entra::registrations::{
        OwnedPage, PermissionsPage, RegistrationPage, RegistrationsPage, SecretPage, SecretsPage,
    };
    add(all, "registrations", RegistrationsPage::samples());
    add(all, "registration", RegistrationPage::samples());
    add(all, "secrets", SecretsPage::samples());
    add(all, "secret", SecretPage::samples());
    add(all, "permissions", PermissionsPage::samples());
    add(all, "owned", OwnedPage::samples());
}

/// The schema and the attribute list.
fn of_schema(all: &mut Vec<(String, String)>) {
    use entra::schema::attribute_list::{AttributeFormPage, AttributeListPage};
    add(all, "schema", entra::schema::SchemaPage::samples());
    add(all, "attribute-list", AttributeListPage::samples());
    add(all, "attribute", AttributeFormPage::samples());
}

/// The mapping editor.
fn of_mappings(all: &mut Vec<(String, String)>) {
    use entra::mappings::{MappingsPage, attribute, object, scope, scope_form};
    add(all, "mappings", MappingsPage::samples());
    add(all, "mapping", object::ObjectMappingPage::samples());
    add(all, "attribute", attribute::EditAttributePage::samples());
    add(all, "scope", scope::ScopePage::samples());
    add(all, "scope-confirm", scope::ScopeConfirmPage::samples());
    add(all, "scope-form", scope_form::ScopeFormPage::samples());
}

/// The mock org.
fn of_okta(all: &mut Vec<(String, String)>) {
    use okta::{
        applications, dashboard, groups, orgs, people, profile_editor, rules, scenarios,
        system_log, tasks,
    };
    add(all, "okta-dashboard", dashboard::DashboardPage::samples());
    add(all, "okta-orgs", orgs::OrgsPage::samples());
    add(all, "okta-people", people::PeoplePage::samples());
    add(all, "okta-person", people::PersonPage::samples());
    add(all, "okta-groups", groups::GroupsPage::samples());
    add(all, "okta-group", groups::GroupPage::samples());
    add(
        all,
        "okta-profiles",
        profile_editor::ProfilesPage::samples(),
    );
    add(all, "okta-profile", profile_editor::ProfilePage::samples());
    add(all, "okta-rules", rules::RulesPage::samples());
    add(all, "okta-rule", rules::RulePage::samples());
    add(all, "okta-apps", applications::ApplicationsPage::samples());
    add(all, "okta-app", applications::ApplicationPage::samples());
    add(all, "okta-tasks", tasks::TasksPage::samples());
    add(all, "okta-log", system_log::SystemLogPage::samples());
    add(all, "okta-event", system_log::EventPage::samples());
    add(all, "okta-scenarios", scenarios::ScenariosPage::samples());
    add(all, "okta-scenario", scenarios::ScenarioPage::samples());
    of_okta_app(all);
}

/// The tabs of an app.
fn of_okta_app(all: &mut Vec<(String, String)>) {
    use okta::{applications, assignments, catalog, import, provisioning, push_groups, tokens};
    add(all, "okta-to-app", provisioning::ToAppPage::samples());
    add(all, "okta-to-app-form", provisioning::ToAppForm::samples());
    add(all, "okta-wire", provisioning::WirePage::samples());
    add(
        all,
        "okta-integration",
        provisioning::IntegrationPage::samples(),
    );
    add(all, "okta-to-okta", provisioning::ToOktaPage::samples());
    add(
        all,
        "okta-to-okta-form",
        provisioning::ToOktaForm::samples(),
    );
    add(all, "okta-import", import::ImportPage::samples());
    add(all, "okta-sign-on", applications::SignOnPage::samples());
    add(
        all,
        "okta-assignments",
        assignments::AssignmentsPage::samples(),
    );
    add(
        all,
        "okta-push-groups",
        push_groups::PushGroupsPage::samples(),
    );
    add(
        all,
        "okta-find-groups",
        push_groups::FindGroupsPage::samples(),
    );
    add(all, "okta-catalog", catalog::CatalogPage::samples());
    add(all, "okta-tokens", tokens::TokensPage::samples());
    add(all, "okta-token", tokens::TokenPage::samples());
}

/// The operator's rooms.
fn of_lab(all: &mut Vec<(String, String)>) {
    add(all, "overview", overview::OverviewPage::samples());
    add(all, "clock", clock::ClockPage::samples());
    add(all, "clock-token", clock::TokenPage::samples());
    add(all, "traffic", traffic::TrafficPage::samples());
    add(all, "exchange", traffic::ExchangePage::samples());
    add(
        all,
        "operators",
        settings::operators::OperatorsPage::samples(),
    );
    add(all, "sessions", settings::sessions::SessionsPage::samples());
    add(all, "teams", settings::teams::TeamsPage::samples());
    add(all, "outbox", mail::OutboxPage::samples());
    add(all, "mail", mail::MailPage::samples());
    add(all, "mail-settings", mail::MailSettingsPage::samples());
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
