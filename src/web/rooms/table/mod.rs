//! The console's route table: every page and action, and what it asks of whoever is signed in.

mod entra;
mod okta;

use actix_web::http::Method;
use actix_web::{FromRequest, Handler, Responder, Route, guard, web};

use super::{
    access, clock, invitation, mail, overview, own_profile, profile, settings, team, traffic,
};
use crate::access::{Needs, Permission};

/// One line of the route table.
pub(super) struct Entry {
    method: Method,
    pub(super) path: &'static str,
    /// What is asked of whoever is signed in; none where nobody need be.
    needs: Option<Needs>,
    route: Route,
}

fn on<F, Args>(method: Method, path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    Entry {
        route: web::method(method.clone()).to(handler),
        method,
        path,
        needs: Some(Needs::Operator),
    }
}

fn get<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    on(Method::GET, path, handler)
}

fn post<F, Args>(path: &'static str, handler: F) -> Entry
where
    F: Handler<Args>,
    Args: FromRequest + 'static,
    F::Output: Responder + 'static,
{
    on(Method::POST, path, handler)
}

impl Entry {
    /// Works without being signed in.
    fn open(self) -> Self {
        Self {
            needs: None,
            ..self
        }
    }

    /// Leaves what is needed with the request, where `SignedIn` asks for it.
    pub(super) fn guarded(self) -> Route {
        match self.needs {
            Some(needs) => self.route.guard(guard::fn_guard(move |context| {
                context.req_data_mut().insert(needs);
                true
            })),
            None => self.route,
        }
    }
}

/// Lines that ask for the same.
fn needing(needs: Needs, entries: Vec<Entry>) -> Vec<Entry> {
    let needs = Some(needs);
    let with = |entry| Entry { needs, ..entry };
    entries.into_iter().map(with).collect()
}

/// Every page and action of the console, with what it asks of whoever is signed in: the domain functions ask
/// again, by type. A line of which nothing is said is the operator's.
pub(super) fn table() -> Vec<Entry> {
    let permitted = |permission, entries| needing(Needs::Permission(permission), entries);
    let mut table = doors();
    table.extend(needing(
        Needs::SignIn,
        vec![
            get("/", overview::page),
            post("/settings/teams/{team}/open", settings::teams::open),
        ],
    ));
    table.extend(needing(Needs::SignIn, own_rooms()));
    table.extend(permitted(Permission::ViewTeam, team_rooms()));
    table.extend(permitted(Permission::RemoveUsers, member_rooms()));
    table.extend(permitted(Permission::ManageBillingMembers, role_rooms()));
    table.extend(permitted(Permission::CreateGroups, group_rooms()));
    table.extend(permitted(Permission::AddUsers, invite_rooms()));
    table.extend(mail_rooms());
    table.extend(permitted(Permission::ManageScim, scim_rooms()));
    table.extend(permitted(Permission::ManageSso, sso_rooms()));
    table.extend(permitted(Permission::ManageDomains, domain_rooms()));
    table.extend(permitted(Permission::ManageScim, schema_rooms()));
    table.extend(permitted(Permission::ViewAuditLogs, audit_rooms()));
    table.extend(traffic_rooms());
    table.extend(clock_rooms());
    table.extend(okta::directory());
    table.extend(okta::applications());
    table.extend(okta::imported());
    table.extend(okta::assigned());
    table.extend(okta::pushed());
    table.extend(entra::directory());
    table.extend(entra::tenants());
    table.extend(entra::applications());
    table.extend(entra::registrations());
    table.extend(entra::provisioning());
    table.extend(entra::bulk_requests());
    table.extend(entra::schema());
    table.extend(entra::mappings());
    table.extend(entra::logs());
    table.extend(entra::on_demand());
    table.extend(settings_rooms());
    // What belongs to one path stands together: it becomes one resource.
    table.sort_by_key(|entry| entry.path);
    table
}

fn doors() -> Vec<Entry> {
    vec![
        get("/login", access::login_page).open(),
        post("/login", access::login).open(),
        post("/logout", access::logout).open(),
        get("/setup/{token}", access::setup_page).open(),
        post("/setup/{token}", access::set_up).open(),
        get("/invites/{token}", invitation::show).open(),
        post("/invites/{token}", invitation::join).open(),
        post("/invites/{token}/dismiss", invitation::dismiss).open(),
    ]
}

fn own_rooms() -> Vec<Entry> {
    use profile::api_keys;
    vec![
        get(api_keys::HERE, api_keys::list),
        get(api_keys::NEW, api_keys::new),
        post(api_keys::NEW, api_keys::create),
        get("/profile/api-keys/{key}/revoke", api_keys::ask_revoke),
        post("/profile/api-keys/{key}/revoke", api_keys::revoke),
        get("/profile", own_profile::page),
        post("/profile/name", own_profile::rename),
        post("/profile/password", own_profile::change_password),
        get("/profile/teams/{team}/leave", own_profile::ask_leave),
        post("/profile/teams/{team}/leave", own_profile::leave),
        post("/profile/invites/{invite}/join", own_profile::join),
        post("/profile/invites/{invite}/dismiss", own_profile::dismiss),
    ]
}

fn invite_rooms() -> Vec<Entry> {
    use team::{invite_form, invites};
    vec![
        get("/team/invites", invites::list),
        get("/team/invites/new", invite_form::page),
        post("/team/invites/new", invite_form::send),
        get("/team/invites/revoke", invites::ask_revoke_some),
        post("/team/invites/revoke", invites::revoke_some),
        get("/team/invites/{invite}", invites::detail),
        post("/team/invites/{invite}/resend", invites::resend),
        get("/team/invites/{invite}/revoke", invites::ask_revoke),
        post("/team/invites/{invite}/revoke", invites::revoke),
    ]
}

fn mail_rooms() -> Vec<Entry> {
    use mail::settings;
    vec![
        get("/mail", mail::list),
        get("/mail/settings", settings::page),
        post("/mail/settings", settings::save),
        get("/mail/settings/remove", settings::ask_remove),
        post("/mail/settings/remove", settings::remove),
        post("/mail/settings/groups", settings::group_mails),
        post("/mail/settings/test", settings::test),
        get("/mail/{mail}", mail::detail),
        post("/mail/{mail}/resend", mail::resend),
    ]
}

fn team_rooms() -> Vec<Entry> {
    use team::{groups, member, members, roles};
    vec![
        get("/team/members", members::list),
        get("/team/members/{member}", member::detail),
        get("/team/roles", roles::page),
        get("/team/groups", groups::list),
        get("/team/groups/{group}", groups::detail),
    ]
}

fn audit_rooms() -> Vec<Entry> {
    use team::audit;
    vec![
        get(audit::HERE, audit::list),
        get(audit::export::HERE, audit::export::export),
        get("/team/audit/{event}", audit::event::detail),
    ]
}

fn member_rooms() -> Vec<Entry> {
    use team::{member_actions as member, members};
    vec![
        get("/team/members/export", members::export),
        get("/team/members/{member}/deactivate", member::ask_deactivate),
        post("/team/members/{member}/deactivate", member::deactivate),
        post("/team/members/{member}/reactivate", member::reactivate),
        get("/team/members/{member}/remove", member::ask_remove),
        post("/team/members/{member}/remove", member::remove),
    ]
}

fn role_rooms() -> Vec<Entry> {
    use team::{members, roles};
    vec![
        post("/team/members/roles", members::update),
        get("/team/members/{member}/roles", roles::of_member),
        post("/team/members/{member}/roles", roles::save_member),
        get("/team/groups/{group}/roles", roles::of_group),
        post("/team/groups/{group}/roles", roles::save_group),
    ]
}

fn group_rooms() -> Vec<Entry> {
    use team::{group_forms, group_people};
    vec![
        get("/team/groups/new", group_forms::new),
        post("/team/groups/new", group_forms::create),
        get("/team/groups/{group}/edit", group_forms::edit),
        post("/team/groups/{group}/edit", group_forms::save),
        get("/team/groups/{group}/delete", group_forms::ask_delete),
        post("/team/groups/{group}/delete", group_forms::delete),
        get(
            "/team/groups/{group}/members/add",
            group_people::pick_member,
        ),
        post("/team/groups/{group}/members", group_people::add),
        post(
            "/team/groups/{group}/members/{member}/remove",
            group_people::remove,
        ),
        get(
            "/team/groups/{group}/managers/add",
            group_people::pick_manager,
        ),
        post("/team/groups/{group}/managers", group_people::add_manager),
        post(
            "/team/groups/{group}/managers/{member}/remove",
            group_people::remove_manager,
        ),
    ]
}

fn traffic_rooms() -> Vec<Entry> {
    vec![
        get("/traffic", traffic::list),
        get(traffic::LIVE, traffic::live),
        get("/traffic/{exchange}", traffic::detail),
    ]
}

fn scim_rooms() -> Vec<Entry> {
    use team::{environment, keys, new_key, profile, scim};
    vec![
        get("/team/authentication/scim", scim::page),
        get(environment::HERE, environment::without_key),
        post(environment::HERE, environment::with_key),
        get("/team/authentication/scim/turn-on", scim::ask_on),
        post("/team/authentication/scim/turn-on", scim::turn_on),
        get("/team/authentication/scim/turn-off", scim::ask_off),
        post("/team/authentication/scim/turn-off", scim::turn_off),
        get("/team/authentication/scim/keys/new", new_key::page),
        post("/team/authentication/scim/keys/new", new_key::generate),
        get(
            "/team/authentication/scim/keys/{key}/regenerate",
            keys::ask_regenerate,
        ),
        post(
            "/team/authentication/scim/keys/{key}/regenerate",
            keys::regenerate,
        ),
        get(
            "/team/authentication/scim/keys/{key}/revoke",
            keys::ask_revoke,
        ),
        post("/team/authentication/scim/keys/{key}/revoke", keys::revoke),
        get(
            "/team/authentication/scim/keys/{key}/delete",
            keys::ask_delete,
        ),
        post("/team/authentication/scim/keys/{key}/delete", keys::delete),
        get("/team/authentication/profile", profile::page),
        post("/team/authentication/profile", profile::save),
        get("/team/authentication/profile/preset", profile::ask),
        post("/team/authentication/profile/preset", profile::choose),
    ]
}

fn sso_rooms() -> Vec<Entry> {
    use team::{authentication, metadata, sso};
    vec![
        get("/team/authentication", authentication::page),
        get(
            "/team/authentication/built-in/{method}/turn-off",
            authentication::ask_built_in_off,
        ),
        post(
            "/team/authentication/built-in/{method}/turn-off",
            authentication::built_in_off,
        ),
        post(
            "/team/authentication/built-in/{method}/turn-on",
            authentication::built_in_on,
        ),
        post(
            "/team/authentication/methods/mock-entra",
            authentication::use_mock_entra,
        ),
        get("/team/authentication/methods/new", sso::new),
        post("/team/authentication/methods/new", sso::add),
        get("/team/authentication/methods/{method}", sso::page),
        post("/team/authentication/methods/{method}", sso::save),
        get(
            "/team/authentication/methods/{method}/delete",
            sso::ask_delete,
        ),
        post("/team/authentication/methods/{method}/delete", sso::delete),
        post(
            "/team/authentication/methods/{method}/metadata",
            metadata::read,
        ),
        post(
            "/team/authentication/methods/{method}/mock-entra",
            sso::use_mock_entra,
        ),
        post(
            "/team/authentication/methods/{method}/relay-state",
            sso::generate_relay_state,
        ),
        post(
            "/team/authentication/methods/{method}/turn-off",
            sso::turn_off,
        ),
        post(
            "/team/authentication/methods/{method}/turn-on",
            sso::turn_on,
        ),
    ]
}

fn domain_rooms() -> Vec<Entry> {
    use team::domains;
    vec![
        get("/team/authentication/domains", domains::page),
        get("/team/authentication/domains/new", domains::new),
        post("/team/authentication/domains/new", domains::add),
        get("/team/authentication/domains/{domain}", domains::detail),
        get(
            "/team/authentication/domains/{domain}/delete",
            domains::ask_delete,
        ),
        post(
            "/team/authentication/domains/{domain}/delete",
            domains::delete,
        ),
        post(
            "/team/authentication/domains/{domain}/verify",
            domains::verify,
        ),
    ]
}

fn schema_rooms() -> Vec<Entry> {
    use team::{schema_forms, schemas};
    vec![
        get("/team/schemas", schemas::list),
        get("/team/schemas/new", schema_forms::new),
        post("/team/schemas/new", schema_forms::add),
        get("/team/schemas/{schema}", schemas::detail),
        get("/team/schemas/{schema}/replace", schema_forms::edit),
        post("/team/schemas/{schema}/replace", schema_forms::replace),
        get("/team/schemas/{schema}/remove", schemas::ask_remove),
        post("/team/schemas/{schema}/remove", schemas::remove),
    ]
}

fn clock_rooms() -> Vec<Entry> {
    vec![
        get("/clock", clock::page),
        get("/clock/live", clock::fragment),
        post("/clock", clock::set),
        post("/clock/advance", clock::advance),
        post("/clock/freeze", clock::freeze),
        post("/clock/real", clock::real),
        post("/clock/halt", clock::halt),
        post("/clock/token", clock::generate),
        post("/clock/token/revoke", clock::revoke),
    ]
}

fn settings_rooms() -> Vec<Entry> {
    use settings::{operators, sessions, teams};
    use team::audit::retention;
    vec![
        get(operators::HERE, operators::list),
        post(operators::HERE, operators::add),
        get(
            "/settings/operators/{account}/remove",
            operators::ask_remove,
        ),
        post("/settings/operators/{account}/remove", operators::remove),
        get(sessions::HERE, sessions::list),
        post("/settings/sessions/{session}/end", sessions::end),
        post("/settings/sessions/of/{account}/end", sessions::end_all),
        get(retention::HERE, retention::ask),
        post(retention::HERE, retention::save),
        get("/settings/teams", teams::list),
        get("/settings/teams/new", teams::new),
        post("/settings/teams/new", teams::create),
        get("/settings/teams/{team}/rename", teams::ask_rename),
        post("/settings/teams/{team}/rename", teams::rename),
    ]
}

/// A line of the console's route table, for those who check that every one is guarded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `GET` or `POST`.
    pub method: String,
    /// Path with `{placeholders}`.
    pub path: &'static str,
    /// What it asks of whoever is signed in; none where nobody need be.
    pub needs: Option<Needs>,
}

/// The console's route table.
pub fn listed() -> Vec<Listed> {
    table()
        .into_iter()
        .map(|entry| Listed {
            method: entry.method.to_string(),
            path: entry.path,
            needs: entry.needs,
        })
        .collect()
}
