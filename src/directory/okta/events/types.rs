//! Which events there are: type, message and how bad a failure is, as data.
//!
//! Names and messages are those of Okta's event catalogue (part 2.11 of the Okta reference). Where a failure is tried
//! again by itself it is a warning, else an error: Okta publishes no more than "WARN or ERROR".

use crate::model::okta::EventSeverity::{self, Error, Warn};

macro_rules! event_types {
    ($($variant:ident: $name:literal, $message:literal, $failed:ident;)*) => {
        /// `eventType`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventType {
            $(#[doc = concat!("`", $name, "`: ", $message, ".")] $variant,)*
        }

        impl EventType {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// `eventType`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// `displayMessage`.
            pub const fn message(self) -> &'static str {
                match self { $(Self::$variant => $message,)* }
            }

            /// `severity` when it failed; everything else is `INFO`.
            pub const fn severity_of_failure(self) -> EventSeverity {
                match self { $(Self::$variant => $failed,)* }
            }
        }
    };
}

event_types! {
    // People.
    UserCreate: "user.lifecycle.create", "Create Okta user", Error;
    UserActivate: "user.lifecycle.activate", "Activate Okta user", Error;
    UserReactivate: "user.lifecycle.reactivate", "Reactivate Okta user", Error;
    UserDeactivate: "user.lifecycle.deactivate", "Deactivate Okta user", Error;
    UserSuspend: "user.lifecycle.suspend", "Suspend Okta user", Error;
    UserUnsuspend: "user.lifecycle.unsuspend", "Unsuspend Okta user", Error;
    UserDeleteInitiated: "user.lifecycle.delete.initiated", "Delete Okta user", Error;
    UserDeleteCompleted: "user.lifecycle.delete.completed", "Delete Okta user", Error;
    UserUpdateProfile: "user.account.update_profile", "Update user profile for Okta", Error;
    UserUpdatePassword: "user.account.update_password", "User update password for Okta", Error;
    UserResetPassword: "user.account.reset_password", "User reset password for Okta", Error;
    UserExpirePassword: "user.account.expire_password", "Expire password for Okta user", Error;
    UserLock: "user.account.lock", "Max sign in attempts exceeded", Error;
    UserUnlock: "user.account.unlock", "Unlock user account for Okta", Error;

    // Groups of the org.
    GroupCreate: "group.lifecycle.create", "Create Okta group", Error;
    GroupDelete: "group.lifecycle.delete", "Delete Okta group", Error;
    GroupUpdateProfile: "group.profile.update", "Okta group profile update", Error;
    GroupMemberAdd: "group.user_membership.add", "Add user to group membership", Error;
    GroupMemberRemove: "group.user_membership.remove", "Remove user from group membership", Error;
    RuleTrigger: "group.user_membership.rule.trigger", "Trigger evaluation of group rule", Error;
    RuleEvaluation: "group.user_membership.rule.evaluation", "Evaluate group rule", Error;
    RuleError: "group.user_membership.rule.error", "Group rule could not be evaluated", Error;
    RuleInvalidate: "group.user_membership.rule.invalidate", "Invalidate group rule", Error;
    RuleDeactivated: "group.user_membership.rule.deactivated", "Deactivate group rule", Error;
    RuleAddExclusion: "group.user_membership.rule.add_exclusion", "User added to exclusion list for group rule", Error;
    GroupAssign: "group.application_assignment.add", "Add assigned application to group", Error;
    GroupUnassign: "group.application_assignment.remove", "Remove assigned application from group", Error;
    GroupAssignmentUpdate: "group.application_assignment.update", "Update assigned application of group", Error;

    // Apps and who is assigned to them.
    AppCreate: "application.lifecycle.create", "Create application", Error;
    AppUpdate: "application.lifecycle.update", "Update application", Error;
    AppActivate: "application.lifecycle.activate", "Activate application", Error;
    AppDeactivate: "application.lifecycle.deactivate", "Deactivate application", Error;
    AppDelete: "application.lifecycle.delete", "Delete application", Error;
    MembershipAdd: "application.user_membership.add", "Add user to application membership", Error;
    MembershipRemove: "application.user_membership.remove", "Remove user's application membership", Error;
    MembershipUpdate: "application.user_membership.update", "Update user's application membership", Error;
    MembershipProvision: "application.user_membership.provision", "Provision user to application", Error;
    MembershipChangeUsername: "application.user_membership.change_username", "Change user's application username", Error;
    MappingRuleChange: "application.provision.field_mapping_rule.change", "Change field mapping rule for application", Error;
    InvalidExpression: "application.appuser.mapping.invalid.expression", "Evaluate the expressions of an app user's mapping", Warn;
    ConfigurationUpdate: "application.configuration.update", "Update application configuration", Error;

    // What is sent about people.
    UserPush: "application.provision.user.push", "Push new user to external application", Error;
    UserPushProfile: "application.provision.user.push_profile", "Push user's profile to external application", Error;
    UserSync: "application.provision.user.sync", "Sync user in external application", Error;
    UserVerifyExists: "application.provision.user.verify_exists", "Verify user exists in external application", Error;
    UserAppDeactivate: "application.provision.user.deactivate", "Push user deactivation to external application", Error;
    UserAppReactivate: "application.provision.user.reactivate", "Push user reactivation in external application", Warn;
    UserDeprovision: "application.provision.user.deprovision", "Deprovision user from external application", Error;
    UserPasswordIssue: "application.provision.user.password", "Issue pushing user password", Error;
    UserPushPassword: "application.provision.user.push_password", "Push user's password to external application", Error;
    UserPushOktaPassword: "application.provision.user.push_okta_password", "Push user's Okta password to external application", Error;
    UserImportProfile: "application.provision.user.import_profile", "Import user profile from external application", Error;

    // What is sent about groups.
    RemoteGroupAdd: "application.provision.group.add", "Add group to external application", Error;
    RemoteGroupUpdate: "application.provision.group.update", "Update group in external application", Error;
    RemoteGroupRemove: "application.provision.group.remove", "Remove group from external application", Error;
    RemoteGroupVerifyExists: "application.provision.group.verify_exists", "Verify group exists in external application", Error;
    RemoteMembershipUpdate: "application.provision.group_membership.update", "Update group membership in external application", Error;
    RemoteMembershipImport: "application.provision.group_membership.import", "Import group membership from external application", Error;
    PushMappingCreated: "application.provision.group_push.mapping.created", "A new mapping has been created", Error;
    PushMappingActivate: "application.provision.group_push.activate_mapping", "Activate Group Push mapping", Error;
    PushMappingDeactivate: "application.provision.group_push.deactivate_mapping", "Deactivate Group Push mapping", Error;
    GroupPushed: "application.provision.group_push.pushed", "Group pushed to application", Error;
    GroupPushRemoved: "application.provision.group_push.removed", "Group Push mapping removed", Error;
    GroupPushMemberships: "application.provision.group_push.push_memberships", "Group push pushed memberships", Error;
    GroupPushDeleteAppGroup: "application.provision.group_push.delete_appgroup", "App group deleted by Group Push", Error;
    PushMappingRenamed: "application.provision.group_push.mapping.app.group.renamed", "App group renamed by Group Push", Error;
    PushMappingRenameFailed: "application.provision.group_push.mapping.app.group.renamed.failed", "App group could not be renamed by Group Push", Error;
    PushMappingFailedRetry: "application.provision.group_push.mapping.update.or.delete.failed", "Group Push mapping update or delete failed and will be retried", Warn;
    PushMappingFailed: "application.provision.group_push.mapping.update.or.delete.failed.with.error", "Group Push mapping update or delete failed and cannot be retried", Error;
    PushRuleDeleted: "application.provision.group_push.mapping.and.groups.deleted.rule.deleted", "Group Push mappings and their groups deleted with their rule", Error;
    PushUsersIgnored: "app.user_management.grouppush.mapping.okta.users.ignored", "Members of a pushed group ignored", Warn;
    PushMappingFromRule: "app.user_management.grouppush.mapping.created.from.rule", "Group Push mapping created from a rule", Error;
    PushMappingFromRuleInvalid: "app.user_management.grouppush.mapping.created.from.rule.error.validation", "Group Push mapping of a rule is not valid", Error;
    PushMappingFromRuleDuplicate: "app.user_management.grouppush.mapping.created.from.rule.error.duplicate", "Group Push mapping of a rule exists already", Error;

    // Imports.
    ImportStart: "system.import.start", "Start user import", Error;
    ImportComplete: "system.import.complete", "Complete user import", Error;
    ImportRoadblock: "system.import.roadblock", "Import halted by its safeguard", Warn;
    ImportUserDelete: "system.import.user.delete", "User removed by an import", Error;
    ImportGroupCreate: "system.import.group.create", "Group created by an import", Error;
    ImportGroupUpdate: "system.import.group.update", "Group updated by an import", Error;
    ImportGroupDelete: "system.import.group.delete", "Group removed by an import", Error;
    ImportMatch: "system.import.user.match", "Imported user matched to an Okta user", Error;
    ImportUpdateFailed: "app.user_management.update_from_master_failed", "Update of a user from its source failed", Error;
    ImportClear: "system.import.clear.unconfirmed.users.summary", "Unconfirmed imported users cleared", Error;

    // The connection.
    CallApi: "application.provision.integration.call_api", "Application integration API called", Error;
    AuthenticationFailure: "application.integration.authentication_failure", "Application integration could not authenticate", Error;
    GeneralFailure: "application.integration.general_failure", "Application integration failed", Error;
    ApiQuery: "application.integration.api_query", "Application integration could not read an answer", Error;
    RateLimitExceeded: "application.integration.rate_limit_exceeded", "Application integration exceeded the rate limit", Warn;
    ForceSyncStarted: "app.app_instance.provision_sync_job.started", "Force Sync started", Error;
    ForceSyncCompleted: "app.app_instance.provision_sync_job.completed", "Force Sync completed", Error;

    // Tokens of the management API.
    TokenCreate: "system.api_token.create", "Create API token", Error;
    TokenRevoke: "system.api_token.revoke", "Revoke API token", Error;
    OrgCreate: "system.org.lifecycle.create", "Create Okta org", Error;
    OrgUpdate: "system.org.lifecycle.update", "Update Okta org", Error;
}
