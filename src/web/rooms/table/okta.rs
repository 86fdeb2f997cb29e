//! The lines of the mock Okta: orgs, people, groups, applications, tasks and the System Log.

use super::super::okta::{applications, dashboard, groups, orgs, people, system_log, tasks};
use super::{Entry, get, post};

/// Everything that is read of an org, and which org is shown.
pub(super) fn directory() -> Vec<Entry> {
    vec![
        get("/okta", dashboard::page),
        get("/okta/orgs", orgs::list),
        post("/okta/orgs/{org}/open", orgs::open),
        get("/okta/people", people::list),
        get("/okta/people/{user}", people::detail),
        get("/okta/groups", groups::list),
        get("/okta/groups/{group}", groups::detail),
        get("/okta/applications", applications::list),
        get("/okta/applications/{app}", applications::general),
        get("/okta/tasks", tasks::list),
        get("/okta/system-log", system_log::list),
        get("/okta/system-log/{event}", system_log::event),
    ]
}
