//! The lines of the mock Okta: orgs, people, groups, applications, tasks and the System Log.

use super::super::okta::{
    app_profile_forms, application_forms, applications, assign, assignment_forms, assignments,
    catalog, dashboard, group_forms, groups, import, import_choice, integration, integration_test,
    mappings, orgs, people, people_forms, profile_editor, profile_forms, push_bulk, push_forms,
    push_groups, push_rule_forms, rule_forms, rules, scenarios, sign_on, system_log, tasks, to_app,
    to_okta, to_okta_mapping, tokens, wire,
};
use super::{Entry, get, post};

/// Orgs, people, groups, and what happened.
pub(super) fn directory() -> Vec<Entry> {
    vec![
        get("/okta", dashboard::page),
        get("/okta/orgs", orgs::list),
        get("/okta/orgs/new", orgs::new),
        post("/okta/orgs/new", orgs::create),
        post("/okta/orgs/{org}/open", orgs::open),
        get("/okta/orgs/{org}/rename", orgs::ask_rename),
        post("/okta/orgs/{org}/rename", orgs::rename),
        get("/okta/tokens", tokens::list),
        get("/okta/tokens/new", tokens::new),
        post("/okta/tokens/new", tokens::create),
        post("/okta/tokens/{token}/revoke", tokens::revoke),
        get("/okta/people", people::list),
        get("/okta/people/new", people_forms::new),
        post("/okta/people/new", people_forms::create),
        get("/okta/people/{user}", people::detail),
        get("/okta/people/{user}/edit", people_forms::edit),
        post("/okta/people/{user}/edit", people_forms::save),
        get("/okta/people/{user}/password", people_forms::ask_password),
        post("/okta/people/{user}/password", people_forms::set_password),
        get("/okta/people/{user}/delete", people_forms::ask_delete),
        post("/okta/people/{user}/delete", people_forms::delete),
        post("/okta/people/{user}/lifecycle/{transition}", people::change),
        get("/okta/groups", groups::list),
        get("/okta/groups/new", group_forms::new),
        post("/okta/groups/new", group_forms::create),
        get("/okta/groups/rules", rules::list),
        get("/okta/groups/rules/new", rule_forms::new),
        post("/okta/groups/rules/new", rule_forms::create),
        get("/okta/groups/rules/{rule}", rules::detail),
        get("/okta/groups/rules/{rule}/edit", rule_forms::edit),
        post("/okta/groups/rules/{rule}/edit", rule_forms::save),
        get("/okta/groups/rules/{rule}/delete", rule_forms::ask_delete),
        post("/okta/groups/rules/{rule}/delete", rule_forms::delete),
        post("/okta/groups/rules/{rule}/{transition}", rules::change),
        get("/okta/groups/{group}", groups::detail),
        get("/okta/groups/{group}/edit", group_forms::edit),
        post("/okta/groups/{group}/edit", group_forms::save),
        get("/okta/groups/{group}/delete", group_forms::ask_delete),
        post("/okta/groups/{group}/delete", group_forms::delete),
        get("/okta/groups/{group}/people/add", group_forms::pick),
        post("/okta/groups/{group}/people", group_forms::add),
        post(
            "/okta/groups/{group}/people/{user}/remove",
            group_forms::remove,
        ),
        get("/okta/profile-editor", profile_editor::list),
        get("/okta/profile-editor/user", profile_editor::user),
        get("/okta/profile-editor/user/new", profile_forms::new_of_user),
        post(
            "/okta/profile-editor/user/new",
            profile_forms::create_of_user,
        ),
        get(
            "/okta/profile-editor/user/attributes/{attribute}/edit",
            profile_forms::edit_of_user,
        ),
        post(
            "/okta/profile-editor/user/attributes/{attribute}/edit",
            profile_forms::save_of_user,
        ),
        get(
            "/okta/profile-editor/user/attributes/{attribute}/delete",
            profile_forms::ask_delete_of_user,
        ),
        post(
            "/okta/profile-editor/user/attributes/{attribute}/delete",
            profile_forms::delete_of_user,
        ),
        get("/okta/tasks", tasks::list),
        post("/okta/tasks/retry", tasks::retry),
        post("/okta/tasks/dismiss", tasks::dismiss),
        get("/okta/system-log", system_log::list),
        get("/okta/system-log/{event}", system_log::event),
        get("/okta/scenarios", scenarios::list),
        get("/okta/scenarios/{scenario}", scenarios::page),
        post("/okta/scenarios/{scenario}", scenarios::play),
    ]
}

/// App integrations, and what each tab of one does.
pub(super) fn applications() -> Vec<Entry> {
    vec![
        get("/okta/applications", applications::list),
        get("/okta/catalog", catalog::page),
        post("/okta/catalog", catalog::create),
        get("/okta/applications/{app}", applications::general),
        get(
            "/okta/applications/{app}/rename",
            application_forms::ask_rename,
        ),
        post("/okta/applications/{app}/rename", application_forms::rename),
        post(
            "/okta/applications/{app}/status/{transition}",
            application_forms::set_status,
        ),
        get(
            "/okta/applications/{app}/delete",
            application_forms::ask_delete,
        ),
        post("/okta/applications/{app}/delete", application_forms::delete),
        get("/okta/applications/{app}/profile", profile_editor::app_user),
        get(
            "/okta/applications/{app}/profile/new",
            app_profile_forms::new_of_app,
        ),
        post(
            "/okta/applications/{app}/profile/new",
            app_profile_forms::create_of_app,
        ),
        get(
            "/okta/applications/{app}/profile/attributes/{attribute}/edit",
            app_profile_forms::edit_of_app,
        ),
        post(
            "/okta/applications/{app}/profile/attributes/{attribute}/edit",
            app_profile_forms::save_of_app,
        ),
        get(
            "/okta/applications/{app}/profile/attributes/{attribute}/delete",
            app_profile_forms::ask_delete_of_app,
        ),
        post(
            "/okta/applications/{app}/profile/attributes/{attribute}/delete",
            app_profile_forms::delete_of_app,
        ),
        get("/okta/applications/{app}/sign-on", sign_on::page),
        post("/okta/applications/{app}/sign-on", sign_on::save),
        get("/okta/applications/{app}/provisioning", to_app::page),
        get("/okta/applications/{app}/provisioning/to-app", to_app::edit),
        post("/okta/applications/{app}/provisioning/to-app", to_app::save),
        post(
            "/okta/applications/{app}/provisioning/force-sync",
            to_app::force_sync,
        ),
        get(
            "/okta/applications/{app}/provisioning/integration",
            integration::page,
        ),
        post(
            "/okta/applications/{app}/provisioning/integration",
            integration_test::save,
        ),
        post(
            "/okta/applications/{app}/provisioning/integration/test",
            integration_test::test,
        ),
        get("/okta/applications/{app}/provisioning/wire", wire::page),
        post("/okta/applications/{app}/provisioning/wire", wire::save),
        get(
            "/okta/applications/{app}/provisioning/mappings/{attribute}",
            mappings::edit,
        ),
        post(
            "/okta/applications/{app}/provisioning/mappings/{attribute}",
            mappings::save,
        ),
    ]
}

/// What comes from an app: *To Okta* and *Import*.
pub(super) fn imported() -> Vec<Entry> {
    vec![
        get(
            "/okta/applications/{app}/provisioning/to-okta",
            to_okta::page,
        ),
        get(
            "/okta/applications/{app}/provisioning/to-okta/edit",
            to_okta::edit,
        ),
        post(
            "/okta/applications/{app}/provisioning/to-okta/edit",
            to_okta::save,
        ),
        get(
            "/okta/applications/{app}/provisioning/to-okta/mappings/{attribute}",
            to_okta_mapping::edit,
        ),
        post(
            "/okta/applications/{app}/provisioning/to-okta/mappings/{attribute}",
            to_okta_mapping::save,
        ),
        get("/okta/applications/{app}/import", import::page),
        post("/okta/applications/{app}/import", import::import_now),
        post("/okta/applications/{app}/import/confirm", import::confirm),
        post("/okta/applications/{app}/import/clear", import::clear),
        get("/okta/applications/{app}/import/{row}", import_choice::edit),
        post("/okta/applications/{app}/import/{row}", import_choice::save),
    ]
}

/// Who is assigned to an app.
pub(super) fn assigned() -> Vec<Entry> {
    vec![
        get("/okta/applications/{app}/assignments", assignments::page),
        get(
            "/okta/applications/{app}/assignments/people",
            assign::pick_people,
        ),
        post(
            "/okta/applications/{app}/assignments/people",
            assign::assign_person,
        ),
        post(
            "/okta/applications/{app}/assignments/provision",
            assign::provision_all,
        ),
        get(
            "/okta/applications/{app}/assignments/people/{user}",
            assignment_forms::person,
        ),
        post(
            "/okta/applications/{app}/assignments/people/{user}",
            assignment_forms::save_person,
        ),
        post(
            "/okta/applications/{app}/assignments/people/{user}/provision",
            assign::provision,
        ),
        post(
            "/okta/applications/{app}/assignments/people/{user}/remove",
            assign::unassign_person,
        ),
        get(
            "/okta/applications/{app}/assignments/groups",
            assign::pick_groups,
        ),
        post(
            "/okta/applications/{app}/assignments/groups",
            assign::assign_group,
        ),
        get(
            "/okta/applications/{app}/assignments/groups/{group}",
            assignment_forms::group,
        ),
        post(
            "/okta/applications/{app}/assignments/groups/{group}",
            assignment_forms::save_group,
        ),
        post(
            "/okta/applications/{app}/assignments/groups/{group}/remove",
            assign::unassign_group,
        ),
    ]
}

/// Which groups are pushed to an app.
pub(super) fn pushed() -> Vec<Entry> {
    vec![
        get("/okta/applications/{app}/push-groups", push_groups::page),
        get(
            "/okta/applications/{app}/push-groups/find",
            push_forms::find,
        ),
        get("/okta/applications/{app}/push-groups/new", push_forms::new),
        post(
            "/okta/applications/{app}/push-groups/new",
            push_forms::create,
        ),
        post(
            "/okta/applications/{app}/push-groups/rename",
            push_groups::rename,
        ),
        get("/okta/applications/{app}/push-groups/bulk", push_bulk::ask),
        post("/okta/applications/{app}/push-groups/bulk", push_bulk::edit),
        get(
            "/okta/applications/{app}/push-groups/rules/new",
            push_rule_forms::new,
        ),
        post(
            "/okta/applications/{app}/push-groups/rules/new",
            push_rule_forms::create,
        ),
        get(
            "/okta/applications/{app}/push-groups/rules/{rule}/edit",
            push_rule_forms::edit,
        ),
        post(
            "/okta/applications/{app}/push-groups/rules/{rule}/edit",
            push_rule_forms::save,
        ),
        get(
            "/okta/applications/{app}/push-groups/rules/{rule}/delete",
            push_rule_forms::ask_delete,
        ),
        post(
            "/okta/applications/{app}/push-groups/rules/{rule}/delete",
            push_rule_forms::delete,
        ),
        post(
            "/okta/applications/{app}/push-groups/rules/{rule}/{transition}",
            push_rule_forms::change,
        ),
        get(
            "/okta/applications/{app}/push-groups/{mapping}/unlink",
            push_forms::ask_unlink,
        ),
        post(
            "/okta/applications/{app}/push-groups/{mapping}/unlink",
            push_forms::unlink,
        ),
        post(
            "/okta/applications/{app}/push-groups/{mapping}/{action}",
            push_groups::change,
        ),
    ]
}
