//! The lines of the mock Entra: the directory, its enterprise applications, and their provisioning.

use super::super::entra::{
    app_roles, application_forms, applications as list, assignments, credentials, deleted, drift,
    gallery, group_deletion, group_forms, groups, import, inbound, job_settings, logs as entries,
    on_demand as demand, provisioning as job, provisioning_actions as buttons, transfer, users,
    users_forms,
};
use super::{Entry, get, post};

/// People and groups.
pub(super) fn directory() -> Vec<Entry> {
    vec![
        get("/entra/users", users::list),
        get("/entra/users/new", users_forms::new),
        post("/entra/users/new", users_forms::create),
        get("/entra/users/{user}", users::detail),
        get("/entra/users/{user}/edit", users_forms::edit),
        post("/entra/users/{user}/edit", users_forms::save),
        post("/entra/users/{user}/enable", users::enable),
        post("/entra/users/{user}/disable", users::disable),
        post("/entra/users/{user}/delete", users::delete),
        post("/entra/users/{user}/restore", users::restore),
        get("/entra/users/{user}/delete-permanently", users::ask_purge),
        post("/entra/users/{user}/delete-permanently", users::purge),
        get("/entra/groups", groups::list),
        get("/entra/new-group", group_forms::new),
        post("/entra/new-group", group_forms::create),
        get("/entra/groups/{group}", groups::detail),
        get("/entra/groups/{group}/edit", group_forms::edit),
        post("/entra/groups/{group}/edit", group_forms::save),
        post("/entra/groups/{group}/delete", group_deletion::delete),
        post("/entra/groups/{group}/restore", group_deletion::restore),
        get(
            "/entra/groups/{group}/delete-permanently",
            group_deletion::ask_purge,
        ),
        post(
            "/entra/groups/{group}/delete-permanently",
            group_deletion::purge,
        ),
        get("/entra/groups/{group}/members/add", groups::pick),
        post("/entra/groups/{group}/members", groups::add),
        post(
            "/entra/groups/{group}/members/{member}/remove",
            groups::remove,
        ),
        get("/entra/deleted", deleted::list),
        get("/entra/import", import::page),
        post("/entra/import", import::look),
        post("/entra/import/confirm", import::confirm),
        get("/entra/export/users.csv", transfer::users_csv),
        get("/entra/export/users.json", transfer::users_json),
        get("/entra/export/groups.csv", transfer::groups_csv),
        get("/entra/export/groups.json", transfer::groups_json),
    ]
}

/// Tenants, and which one is shown.
pub(super) fn tenants() -> Vec<Entry> {
    use super::super::entra::tenants;
    vec![
        get("/entra/tenants", tenants::list),
        get("/entra/tenants/new", tenants::new),
        post("/entra/tenants/new", tenants::create),
        get("/entra/tenants/{tenant}", tenants::detail),
        get("/entra/tenants/{tenant}/edit", tenants::edit),
        post("/entra/tenants/{tenant}/edit", tenants::save),
        post("/entra/tenants/{tenant}/open", tenants::open),
        get(
            "/entra/tenants/{tenant}/extensions/new",
            tenants::new_extension,
        ),
        post("/entra/tenants/{tenant}/extensions/new", tenants::define),
        post(
            "/entra/tenants/{tenant}/extensions/{extension}/remove",
            tenants::undefine,
        ),
    ]
}

/// Enterprise applications and who is assigned to them.
pub(super) fn applications() -> Vec<Entry> {
    vec![
        get("/entra/applications", list::list),
        get("/entra/gallery", gallery::page),
        post("/entra/gallery", gallery::create),
        get("/entra/applications/{application}", list::overview),
        get(
            "/entra/applications/{application}/environment",
            inbound::environment,
        ),
        get(
            "/entra/applications/{application}/rename",
            application_forms::ask_rename,
        ),
        post(
            "/entra/applications/{application}/rename",
            application_forms::rename,
        ),
        get(
            "/entra/applications/{application}/delete",
            application_forms::ask_delete,
        ),
        post(
            "/entra/applications/{application}/delete",
            application_forms::delete,
        ),
        get(
            "/entra/applications/{application}/app-roles",
            app_roles::list,
        ),
        get(
            "/entra/applications/{application}/app-roles/new",
            app_roles::new,
        ),
        post(
            "/entra/applications/{application}/app-roles/new",
            app_roles::create,
        ),
        get(
            "/entra/applications/{application}/app-roles/{role}/edit",
            app_roles::edit,
        ),
        post(
            "/entra/applications/{application}/app-roles/{role}/edit",
            app_roles::save,
        ),
        post(
            "/entra/applications/{application}/app-roles/{role}/remove",
            app_roles::remove,
        ),
        get(
            "/entra/applications/{application}/users-and-groups/{object}/roles",
            app_roles::of_assignment,
        ),
        post(
            "/entra/applications/{application}/users-and-groups/{object}/roles",
            app_roles::save_assignment,
        ),
        get(
            "/entra/applications/{application}/users-and-groups",
            assignments::list,
        ),
        get(
            "/entra/applications/{application}/users-and-groups/add",
            assignments::pick,
        ),
        post(
            "/entra/applications/{application}/users-and-groups/assign",
            assignments::assign,
        ),
        post(
            "/entra/applications/{application}/users-and-groups/{object}/remove",
            assignments::unassign,
        ),
    ]
}

/// App registrations.
pub(super) fn registrations() -> Vec<Entry> {
    use super::super::entra::registrations::{self, forms, owned, permissions, secrets};
    vec![
        get("/entra/app-registrations", registrations::list),
        get("/entra/app-registrations/new", forms::new),
        post("/entra/app-registrations/new", forms::create),
        get(
            "/entra/app-registrations/{registration}",
            registrations::overview,
        ),
        get(
            "/entra/app-registrations/{registration}/rename",
            forms::ask_rename,
        ),
        post(
            "/entra/app-registrations/{registration}/rename",
            forms::rename,
        ),
        get(
            "/entra/app-registrations/{registration}/delete",
            forms::ask_delete,
        ),
        post(
            "/entra/app-registrations/{registration}/delete",
            forms::delete,
        ),
        get(
            "/entra/app-registrations/{registration}/secrets",
            secrets::list,
        ),
        get(
            "/entra/app-registrations/{registration}/secrets/new",
            secrets::new,
        ),
        post(
            "/entra/app-registrations/{registration}/secrets/new",
            secrets::create,
        ),
        post(
            "/entra/app-registrations/{registration}/secrets/{secret}/delete",
            secrets::delete,
        ),
        post(
            "/entra/app-registrations/{registration}/environment",
            secrets::environment,
        ),
        get(
            "/entra/app-registrations/{registration}/permissions",
            permissions::page,
        ),
        post(
            "/entra/app-registrations/{registration}/permissions",
            permissions::save,
        ),
        get("/entra/app-registrations/{registration}/owned", owned::list),
        post(
            "/entra/app-registrations/{registration}/owned/{application}",
            owned::save,
        ),
    ]
}

/// What clients uploaded to an API-driven application, and sending more.
pub(super) fn bulk_requests() -> Vec<Entry> {
    use super::super::entra::bulk_requests::{self as uploads, csv, send};
    const LIST: &str = "/entra/applications/{application}/uploads";
    const SEND: &str = "/entra/applications/{application}/uploads/send";
    const CSV: &str = "/entra/applications/{application}/uploads/csv";
    vec![
        get(LIST, uploads::list),
        get(SEND, send::page),
        post(SEND, send::post),
        get(CSV, csv::page),
        post(CSV, csv::post),
        get(
            "/entra/applications/{application}/uploads/{upload}",
            uploads::detail,
        ),
    ]
}

/// The provisioning of an application.
pub(super) fn provisioning() -> Vec<Entry> {
    vec![
        get("/entra/applications/{application}/provisioning", job::page),
        get(
            "/entra/applications/{application}/provisioning/live",
            job::fragment,
        ),
        post(
            "/entra/applications/{application}/provisioning/credentials",
            credentials::save,
        ),
        post(
            "/entra/applications/{application}/provisioning/notification",
            inbound::notify,
        ),
        post(
            "/entra/applications/{application}/provisioning/test-connection",
            credentials::test,
        ),
        post(
            "/entra/applications/{application}/provisioning/settings",
            job_settings::save,
        ),
        post(
            "/entra/applications/{application}/provisioning/start",
            buttons::start,
        ),
        post(
            "/entra/applications/{application}/provisioning/cycle",
            buttons::cycle,
        ),
        post(
            "/entra/applications/{application}/provisioning/stop",
            buttons::stop,
        ),
        get(
            "/entra/applications/{application}/provisioning/restart",
            buttons::ask_restart,
        ),
        post(
            "/entra/applications/{application}/provisioning/restart",
            buttons::restart,
        ),
        get(
            "/entra/applications/{application}/provisioning/allow-deletes",
            buttons::ask_deletes,
        ),
        post(
            "/entra/applications/{application}/provisioning/allow-deletes",
            buttons::allow_deletes,
        ),
    ]
}

/// *Review your schema here* and *Edit attribute list*.
pub(super) fn schema() -> Vec<Entry> {
    use super::super::entra::schema::{self, attribute_list};
    const SCHEMA: &str = "/entra/applications/{application}/provisioning/schema";
    const DOWNLOAD: &str = "/entra/applications/{application}/provisioning/schema/download";
    const RESTORE: &str = "/entra/applications/{application}/provisioning/schema/restore";
    const LIST: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attribute-list";
    const NEW: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attribute-list/new";
    const EDIT: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attribute-list/edit";
    const REMOVE: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attribute-list/remove";
    vec![
        get(SCHEMA, schema::page),
        post(SCHEMA, schema::upload),
        get(DOWNLOAD, schema::download),
        get(RESTORE, schema::ask_restore),
        post(RESTORE, schema::restore),
        get(LIST, attribute_list::list),
        get(NEW, attribute_list::new),
        post(NEW, attribute_list::save),
        get(EDIT, attribute_list::edit),
        post(EDIT, attribute_list::save),
        post(REMOVE, attribute_list::remove),
    ]
}

/// The mapping editor.
pub(super) fn mappings() -> Vec<Entry> {
    use super::super::entra::mappings::{self, attribute, object, scope};
    const LIST: &str = "/entra/applications/{application}/provisioning/mappings";
    const OBJECT: &str = "/entra/applications/{application}/provisioning/mappings/{kind}";
    const NEW: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attributes/new";
    const ROW: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attributes/{row}";
    const DELETE: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/attributes/{row}/delete";
    const SCOPE: &str = "/entra/applications/{application}/provisioning/mappings/{kind}/scope";
    const NEW_FILTER: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/scope/new";
    const FILTER: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/scope/{filter}";
    const DELETE_FILTER: &str =
        "/entra/applications/{application}/provisioning/mappings/{kind}/scope/{filter}/delete";
    vec![
        get(LIST, mappings::list),
        get(OBJECT, object::page),
        post(OBJECT, object::save),
        get(NEW, attribute::new),
        post(NEW, attribute::add),
        get(ROW, attribute::edit),
        post(ROW, attribute::replace),
        post(DELETE, object::delete),
        get(SCOPE, scope::list),
        get(NEW_FILTER, scope::new),
        post(NEW_FILTER, scope::add),
        get(FILTER, scope::edit),
        post(FILTER, scope::replace),
        get(DELETE_FILTER, scope::ask_delete),
        post(DELETE_FILTER, scope::delete),
    ]
}

/// What was provisioned.
pub(super) fn logs() -> Vec<Entry> {
    vec![
        get("/entra/provisioning-logs", entries::all),
        get("/entra/provisioning-logs/download", entries::download),
        get("/entra/provisioning-logs/download/{file}", entries::file),
        get(entries::retention::HERE, entries::retention::ask),
        post(entries::retention::HERE, entries::retention::save),
        get(
            "/entra/applications/{application}/provisioning-logs",
            entries::list,
        ),
        get(
            "/entra/applications/{application}/provisioning-logs/{entry}",
            entries::entry,
        ),
    ]
}

/// What an operator does beside the cycles of an application.
pub(super) fn on_demand() -> Vec<Entry> {
    vec![
        get(
            "/entra/applications/{application}/provisioning/on-demand",
            demand::page,
        ),
        post(
            "/entra/applications/{application}/provisioning/on-demand",
            demand::provision,
        ),
        get(
            "/entra/applications/{application}/provisioning/drift",
            drift::page,
        ),
        post(
            "/entra/applications/{application}/provisioning/drift",
            drift::start,
        ),
        get(
            "/entra/applications/{application}/provisioning/drift/live",
            drift::fragment,
        ),
    ]
}
