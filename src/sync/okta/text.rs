//! What the administrator reads when something failed: Okta's sentences (part 1.12 of the Okta reference).
//!
//! The grammar is `<what failed>: <step>: <reason phrase>. Errors reported by remote server: <detail>`. Sentences that
//! the reference does not have are ours, in the same grammar: deprovisioning, passwords, the parts of a group push
//! other than its members.

/// Bad credentials, whatever was being done.
pub(super) const CREDENTIALS: &str =
    "The credentials used to connect to the API were invalid; please check your configuration";
/// Nobody is there, and nobody may be made.
pub(super) const NO_MATCH: &str = "Matching user not found.";
/// An account was made of which nothing came back.
pub(super) const EMPTY_USER: &str = "Create new user returned empty user.";

/// What a job about a person set out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undertaking {
    Provisioning,
    ProfilePush,
    Deprovisioning,
    PasswordPush,
}

/// The whole sentence of a task about a person. `name` is the person's, `app` the label of the app.
pub(super) fn failed(undertaking: Undertaking, name: &str, app: &str, what: &str) -> String {
    let (undertaking, preposition) = match undertaking {
        Undertaking::Provisioning => ("provisioning", "to"),
        Undertaking::ProfilePush => ("profile push", "to"),
        Undertaking::Deprovisioning => ("deprovisioning", "from"),
        Undertaking::PasswordPush => ("password push", "to"),
    };
    format!("Automatic {undertaking} of user {name} {preposition} app {app} failed: {what}")
}

/// The existence check failed.
pub(super) fn verifying(user_name: &str, reason: &str) -> String {
    format!("Error while verifying if user {user_name} exists: {reason}")
}

/// The account was not made.
pub(super) fn creating(display_name: &str, reason: &str) -> String {
    format!("Error while creating user {display_name}: {reason}")
}

/// The profile was not pushed.
pub(super) fn pushing_profile(user_name: &str, reason: &str) -> String {
    format!("Error while trying to push profile update for {user_name}: {reason}")
}

/// The account was not activated again.
pub(super) fn reactivating(user_name: &str, reason: &str) -> String {
    format!("Error while reactivating user {user_name}: {reason}")
}

/// The account was not deactivated.
pub(super) fn deactivating(user_name: &str, reason: &str) -> String {
    format!("Error while deactivating user {user_name}: {reason}")
}

/// The password was not pushed.
pub(super) fn pushing_password(user_name: &str, reason: &str) -> String {
    format!("Error while pushing password for {user_name}: {reason}")
}

/// An account that was activated is still inactive.
pub(super) fn not_yet_active(user_name: &str, app: &str, again: bool) -> String {
    let rest = if again {
        " Rescheduling provision job."
    } else {
        ""
    };
    format!(
        "User {user_name} provision to app {app} failed due to delay in reactivating remote User.{rest}"
    )
}

/// The whole sentence of an import that failed.
pub(super) fn import_failed(app: &str, what: &str) -> String {
    format!("Import from app {app} failed: {what}")
}

/// A page was not read.
pub(super) fn importing(what: &str, reason: &str) -> String {
    format!("Error while importing {what}: {reason}")
}

/// What a push of a group set out to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum GroupStep {
    Verifying,
    Creating,
    Updating,
    Membership,
    Deleting,
}

/// The whole sentence of a failed group push. There is no colon before the reason phrase: Okta has none.
pub(super) fn group_failed(step: GroupStep, group: &str, reason: &str) -> String {
    let (verb, what) = match step {
        GroupStep::Verifying => ("update", "verifying if group exists:"),
        GroupStep::Creating => ("create", "creating user group"),
        GroupStep::Updating => ("update", "updating user group"),
        GroupStep::Membership => ("update", "updating user group membership for group"),
        GroupStep::Deleting => ("delete", "deleting user group"),
    };
    format!(
        "Unable to {verb} Group Push mapping target App group {group}: Error while {what} {group} {reason}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1.12, row by row.
    #[test]
    fn sentences_are_those_of_the_reference() {
        use Undertaking::{ProfilePush, Provisioning};
        let reason = "Conflict. Errors reported by remote server: taken";
        for (said, expected) in [
            (
                failed(
                    Provisioning,
                    "Ann Doe",
                    "App",
                    &verifying("ann@x.test", reason),
                ),
                "Automatic provisioning of user Ann Doe to app App failed: Error while verifying if user ann@x.test exists: Conflict. Errors reported by remote server: taken",
            ),
            (
                failed(Provisioning, "Ann Doe", "App", &creating("Ann Doe", reason)),
                "Automatic provisioning of user Ann Doe to app App failed: Error while creating user Ann Doe: Conflict. Errors reported by remote server: taken",
            ),
            (
                failed(
                    Provisioning,
                    "Ann Doe",
                    "App",
                    &creating("Ann Doe", EMPTY_USER),
                ),
                "Automatic provisioning of user Ann Doe to app App failed: Error while creating user Ann Doe: Create new user returned empty user.",
            ),
            (
                failed(
                    ProfilePush,
                    "Ann Doe",
                    "App",
                    &pushing_profile("ann@x.test", reason),
                ),
                "Automatic profile push of user Ann Doe to app App failed: Error while trying to push profile update for ann@x.test: Conflict. Errors reported by remote server: taken",
            ),
            (
                failed(Provisioning, "Ann Doe", "App", NO_MATCH),
                "Automatic provisioning of user Ann Doe to app App failed: Matching user not found.",
            ),
            (
                failed(Provisioning, "Ann Doe", "App", CREDENTIALS),
                "Automatic provisioning of user Ann Doe to app App failed: The credentials used to connect to the API were invalid; please check your configuration",
            ),
            (
                failed(
                    Provisioning,
                    "Ann Doe",
                    "App",
                    &not_yet_active("ann@x.test", "App", true),
                ),
                "Automatic provisioning of user Ann Doe to app App failed: User ann@x.test provision to app App failed due to delay in reactivating remote User. Rescheduling provision job.",
            ),
            (
                group_failed(
                    GroupStep::Membership,
                    "G",
                    "Not Implemented. Errors reported by remote server: patch-REPLACE-operation not supported for group.members",
                ),
                "Unable to update Group Push mapping target App group G: Error while updating user group membership for group G Not Implemented. Errors reported by remote server: patch-REPLACE-operation not supported for group.members",
            ),
        ] {
            assert_eq!(said, expected);
        }
    }
}
