//! What the record calls an event: slug, display name and sentence of each operation and outcome, in one table.
//!
//! Slugs and display names are Postman's where they are public (Learning Center, "Audit logs"; the audit API of
//! its official API file); the others are made by the same grammar, and those for what Postman does not have are
//! marked as ours. A slug is a key of the store's index: one that was ever written is not renamed without an
//! upgrade step.

use super::{Actor, AuditEvent, Operation, Outcome};

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AuditAction {
    /// `prefix.action_name`.
    pub slug: &'static str,
    /// What people read.
    pub name: &'static str,
    /// The sentence of one event; `{actor}`, `{subject}` and names of variables stand for themselves.
    sentence: &'static str,
}

const fn action(slug: &'static str, name: &'static str, sentence: &'static str) -> AuditAction {
    AuditAction {
        slug,
        name,
        sentence,
    }
}

impl AuditAction {
    /// What an operation with this outcome is called.
    pub const fn of(operation: Operation, outcome: Outcome) -> Self {
        match operation {
            Operation::UserCreate
            | Operation::UserReplace
            | Operation::UserPatch
            | Operation::UserDelete => of_user(operation, outcome),
            Operation::GroupCreate
            | Operation::GroupReplace
            | Operation::GroupPatch
            | Operation::GroupDelete => of_group(operation, outcome),
            Operation::SignIn | Operation::SignOut | Operation::SessionEnd => {
                of_session(operation, outcome)
            }
            Operation::RolesUpdate
            | Operation::MemberRemove
            | Operation::MemberDeactivate
            | Operation::MemberReactivate
            | Operation::GroupRoleAdd
            | Operation::GroupRoleRemove
            | Operation::GroupManagerAdd
            | Operation::GroupManagerRemove => by_hand(operation),
            _ => of_settings(operation),
        }
    }

    /// Every kind of event there can be, each once, by slug.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = Operation::ALL
            .iter()
            .flat_map(|operation| {
                Outcome::ALL
                    .iter()
                    .map(|outcome| Self::of(*operation, *outcome))
            })
            .collect();
        all.sort_unstable_by_key(|action| action.slug);
        all.dedup_by_key(|action| action.slug);
        all
    }

    /// The kind with this slug.
    pub fn find(slug: &str) -> Option<Self> {
        Self::all().into_iter().find(|action| action.slug == slug)
    }
}

const fn of_user(operation: Operation, outcome: Outcome) -> AuditAction {
    match (operation, outcome) {
        (Operation::UserDelete, _) => action(
            "team.scim_delete_member",
            "SCIM User Deleted",
            "{actor} deleted {subject} by SCIM.",
        ),
        (_, Outcome::Invited) => action(
            "team.send_invite",
            "Sent Invite",
            "{actor} invited {subject} to the team.",
        ),
        (_, Outcome::Deactivated) => action(
            "team.scim_remove_member",
            "SCIM User De-provisioned",
            "{actor} deactivated {subject} by SCIM.",
        ),
        (Operation::UserCreate, _) | (_, Outcome::Joined | Outcome::Reactivated) => action(
            "team.scim_add_member",
            "SCIM User Provisioned",
            "{actor} provisioned {subject} by SCIM.",
        ),
        _ => action(
            "team.scim_update_member",
            "SCIM User Updated",
            "{actor} updated {subject} by SCIM.",
        ),
    }
}

const fn of_group(operation: Operation, outcome: Outcome) -> AuditAction {
    match (operation, outcome) {
        (Operation::GroupCreate, _) => action(
            "team.create_group",
            "Created Group",
            "{actor} created the group {subject}.",
        ),
        (Operation::GroupDelete, _) => action(
            "team.delete_group",
            "Deleted Group",
            "{actor} deleted the group {subject}.",
        ),
        (_, Outcome::MembersAdded) => action(
            "team.add_group_member",
            "Added Group Member",
            "{actor} added {members} to the group {subject}.",
        ),
        (_, Outcome::MembersRemoved) => action(
            "team.remove_group_member",
            "Removed Group Member",
            "{actor} removed {members} from the group {subject}.",
        ),
        _ => action(
            "team.update_group",
            "Updated Group",
            "{actor} updated the group {subject}.",
        ),
    }
}

/// What people do to members and groups in the console. Postman neither deactivates by hand nor publishes slugs for
/// what is taken from a group.
const fn by_hand(operation: Operation) -> AuditAction {
    match operation {
        Operation::RolesUpdate => action(
            "team.update_user_roles",
            "Updated User Roles",
            "{actor} changed the roles of {subject}: {roles}.",
        ),
        Operation::MemberRemove => action(
            "team.remove_member",
            "Removed Member",
            "{actor} removed {subject} from the team.",
        ),
        Operation::MemberDeactivate => action(
            "team.deactivate_member",
            "Deactivated Member",
            "{actor} deactivated {subject}.",
        ),
        Operation::MemberReactivate => action(
            "team.reactivate_member",
            "Reactivated Member",
            "{actor} reactivated {subject}.",
        ),
        Operation::GroupRoleAdd => action(
            "team.add_group_role",
            "Added Group Role",
            "{actor} gave the group {subject} a role: {roles}.",
        ),
        Operation::GroupRoleRemove => action(
            "team.remove_group_role",
            "Removed Group Role",
            "{actor} took a role from the group {subject}: {roles}.",
        ),
        Operation::GroupManagerAdd => action(
            "team.add_group_manager",
            "Added group manager",
            "{actor} made {manager} a manager of the group {subject}.",
        ),
        _ => action(
            "team.remove_group_manager",
            "Removed group manager",
            "{actor} took the group {subject} from its manager {manager}.",
        ),
    }
}

const fn of_session(operation: Operation, outcome: Outcome) -> AuditAction {
    match (operation, outcome) {
        (Operation::SignOut, _) => action("user.logout", "User Logout", "{actor} logged out."),
        (Operation::SessionEnd, _) => action(
            "user.session_revoke",
            "User Session Revoked",
            "{actor} ended {sessions} of {subject}.",
        ),
        // Ours: Postman lists no failed sign-ins.
        (_, Outcome::Failed) => action(
            "user.login_password_failure",
            "Failed Login via Password",
            "Somebody tried to log in as {subject} with a wrong password.",
        ),
        _ => action(
            "user.login_password_success",
            "Successful Login via Password",
            "{actor} successfully logged in using the password.",
        ),
    }
}

const fn of_settings(operation: Operation) -> AuditAction {
    match operation {
        Operation::ScimTurnOn => action(
            "team.scim_enable",
            "SCIM provisioning enabled",
            "{actor} turned SCIM provisioning on.",
        ),
        Operation::ScimTurnOff => action(
            "team.scim_disable",
            "SCIM provisioning disabled",
            "{actor} turned SCIM provisioning off.",
        ),
        Operation::KeyGenerate => action(
            "team.scimkey_create",
            "Created SCIM Key",
            "{actor} generated the SCIM API key {subject}.",
        ),
        Operation::KeyRegenerate => action(
            "team.scimkey_regenerate",
            "Regenerated SCIM Key",
            "{actor} regenerated the SCIM API key {subject}.",
        ),
        Operation::KeyRevoke => action(
            "team.scimkey_revoke",
            "Revoked SCIM Key",
            "{actor} revoked the SCIM API key {subject}.",
        ),
        Operation::KeyDelete => action(
            "team.scimkey_delete",
            "Deleted SCIM Key",
            "{actor} deleted the SCIM API key {subject}.",
        ),
        Operation::SsoAdd => action(
            "team.customauth.create",
            "Custom Auth Scheme created",
            "{actor} added the authentication method {subject}.",
        ),
        Operation::SsoUpdate => action(
            "team.customauth.update",
            "Custom Auth Scheme updated",
            "{actor} changed the authentication method {subject}.",
        ),
        Operation::SsoTurnOn | Operation::BuiltInTurnOn => action(
            "team.customauth.enable",
            "Custom Auth Scheme enabled",
            "{actor} turned the authentication method {subject} on.",
        ),
        Operation::SsoTurnOff | Operation::BuiltInTurnOff => action(
            "team.customauth.disable",
            "Custom Auth Scheme disabled",
            "{actor} turned the authentication method {subject} off.",
        ),
        Operation::SsoRemove => action(
            "team.customauth.remove",
            "Custom Auth Scheme removed",
            "{actor} deleted the authentication method {subject}.",
        ),
        // Ours: with Postman keys die with their author.
        Operation::KeyHandOver => action(
            "team.scimkey_hand_over",
            "Handed Over SCIM Key",
            "{actor} handed the SCIM API key {subject} over to {heir}.",
        ),
        Operation::InviteSend
        | Operation::InviteAccept
        | Operation::InviteDismiss
        | Operation::InviteRevoke
        | Operation::InviteResend => of_invite(operation),
        Operation::DomainAdd => action(
            "team.add_domain",
            "Added Domain",
            "{actor} added the domain {subject}.",
        ),
        Operation::DomainVerify => action(
            "team.update_domain_verification",
            "Verified Domain",
            "{actor} marked the domain {subject} as verified.",
        ),
        Operation::DomainRemove => action(
            "team.delete_domain",
            "Deleted Domain",
            "{actor} deleted the domain {subject}.",
        ),
        _ => of_house(operation),
    }
}

const fn of_invite(operation: Operation) -> AuditAction {
    match operation {
        Operation::InviteSend => action(
            "team.send_invite",
            "Sent Invite",
            "{actor} invited {subject} to the team.",
        ),
        Operation::InviteAccept => action(
            "team.accept_invite",
            "Accepted Team Invite",
            "{actor} accepted the invite to the team.",
        ),
        Operation::InviteDismiss => action(
            "team.reject_invite",
            "Rejected Team Invite",
            "{actor} declined the invite to the team.",
        ),
        Operation::InviteRevoke => action(
            "team.cancel_invite",
            "Cancelled Invite",
            "{actor} cancelled the invite of {subject}.",
        ),
        Operation::InviteResend => action(
            "team.resend_invite",
            "Resent Invite",
            "{actor} sent the invite of {subject} again.",
        ),
        _ => of_house(operation),
    }
}

/// What Postman has no slug for, because it has no such thing or does not say: all of it is ours.
const fn of_house(operation: Operation) -> AuditAction {
    match operation {
        Operation::TeamCreate => action("team.create", "Created Team", "{actor} created the team."),
        // The slug is Postman's, the name is not published.
        Operation::TeamRename => action(
            "team.name_updated",
            "Updated Team Name",
            "{actor} renamed the team.",
        ),
        Operation::ProfileChoose => action(
            "team.scim_profile_update",
            "Updated SCIM Profile",
            "{actor} changed what the SCIM endpoint is like.",
        ),
        // Ours: with Postman keys die with their author.
        Operation::KeyHandOver => action(
            "team.scimkey_hand_over",
            "Handed Over SCIM Key",
            "{actor} handed the SCIM API key {subject} over to {heir}.",
        ),
        Operation::SchemaAdd => action(
            "team.scim_schema_create",
            "Created SCIM Schema",
            "{actor} added the schema {subject}.",
        ),
        Operation::SchemaReplace => action(
            "team.scim_schema_update",
            "Updated SCIM Schema",
            "{actor} replaced the schema {subject}.",
        ),
        Operation::SchemaRemove => action(
            "team.scim_schema_delete",
            "Deleted SCIM Schema",
            "{actor} removed the schema {subject}.",
        ),
        Operation::AdministratorUpsert => action(
            "team.upsert_administrator",
            "Created or Repaired Administrator",
            "{actor} made {subject} an administrator and set the password.",
        ),
        Operation::OperatorAdd => action(
            "appliance.add_operator",
            "Added Operator",
            "{actor} made {subject} an operator of the appliance.",
        ),
        Operation::OperatorRemove => action(
            "appliance.remove_operator",
            "Removed Operator",
            "{actor} took the operator's rights from {subject}.",
        ),
        // The slug is Postman's, the name is not published.
        Operation::ApiKeyGenerate => action(
            "user.apikey_activate",
            "Created API Key",
            "{actor} made the API key {subject}.",
        ),
        Operation::ApiKeyRevoke => action(
            "user.apikey_revoke",
            "Revoked API Key",
            "{actor} revoked the API key {subject}.",
        ),
        Operation::RetentionChoose => action(
            "team.audit_retention_update",
            "Updated Audit Log Retention",
            "{actor} changed how long the audit log is kept: {retention}.",
        ),
        Operation::AccountRename => action(
            "user.name_updated",
            "Updated Own Name",
            "{actor} changed the own name.",
        ),
        Operation::PasswordChange => action(
            "user.password_updated",
            "Changed Own Password",
            "{actor} changed the own password.",
        ),
        Operation::TeamLeave => action("team.leave", "Left Team", "{actor} left the team."),
        Operation::MailSettingsChange => action(
            "appliance.mail_settings_update",
            "Updated Mail Settings",
            "{actor} changed where mails go.",
        ),
        Operation::OperatorTokenGenerate => action(
            "appliance.operator_token_activate",
            "Created Operator Token",
            "{actor} made a new operator token.",
        ),
        Operation::OperatorTokenRevoke => action(
            "appliance.operator_token_revoke",
            "Revoked Operator Token",
            "{actor} revoked the operator token.",
        ),
        Operation::ClockTurn => action(
            "appliance.clock_turn",
            "Turned Clock",
            "{actor} turned the clock of the appliance: {how}.",
        ),
        // Those that `of` and `of_settings` name; `every_operation_has_a_name_of_its_own` holds the rest out.
        _ => action(UNNAMED, "", ""),
    }
}

const UNNAMED: &str = "team.unnamed";

impl AuditEvent {
    /// What kind of event this is.
    pub const fn action(&self) -> AuditAction {
        AuditAction::of(self.operation, self.outcome)
    }

    /// How a sentence calls whoever did it.
    pub fn actor_label(&self) -> &str {
        match (self.actor.label(), self.by) {
            ("", Actor::Key(_)) => "A SCIM API key",
            ("", Actor::Account(_)) => "Somebody",
            ("", Actor::CommandLine) => "The command line",
            (label, _) => label,
        }
    }

    /// How a sentence calls what it was done to.
    pub fn subject_label(&self) -> &str {
        match (self.subject.label(), self.target.as_str()) {
            ("", "") => "somebody",
            ("", target) => target,
            (label, _) => label,
        }
    }

    /// The event in one sentence.
    pub fn message(&self) -> String {
        let mut text = String::new();
        let mut rest = self.action().sentence;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            text.push_str(match name {
                "actor" => self.actor_label(),
                "subject" => self.subject_label(),
                name => self.variables.get(name).map_or("some", String::as_str),
            });
            rest = after;
        }
        text.push_str(rest);
        if self.outcome == Outcome::Unchanged {
            text.push_str(" Nothing changed.");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap};

    use super::super::Party;
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut names: HashMap<&str, &str> = HashMap::new();
        for operation in Operation::ALL {
            for outcome in Outcome::ALL {
                let action = AuditAction::of(*operation, *outcome);
                assert_ne!(action.slug, UNNAMED, "{operation:?} has no slug");
                let (prefix, rest) = action.slug.split_once('.').unwrap();
                assert!(
                    [prefix, rest].iter().all(|part| !part.is_empty()
                        && part
                            .bytes()
                            .all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'.'))),
                    "{}",
                    action.slug
                );
                assert!(!action.name.is_empty() && action.sentence.ends_with('.'));
                let known = names.insert(action.slug, action.name);
                assert!(
                    known.is_none_or(|known| known == action.name),
                    "{}",
                    action.slug
                );
            }
        }
        assert_eq!(AuditAction::all().len(), names.len());
        assert_eq!(
            AuditAction::find("user.logout").map(|action| action.name),
            Some("User Logout")
        );
        assert_eq!(AuditAction::find(UNNAMED), None);
    }

    #[test]
    fn an_event_is_told_in_one_sentence_even_when_little_is_known() {
        let event = |operation, outcome| AuditEvent {
            at: Timestamp::from_millis(0),
            by: Actor::CommandLine,
            actor: Party::default(),
            author: None,
            origin: super::super::Origin::default(),
            operation,
            target: String::new(),
            subject: Party::default(),
            about: Vec::new(),
            attributes: Vec::new(),
            variables: BTreeMap::new(),
            outcome,
        };
        let mut patch = event(Operation::GroupPatch, Outcome::MembersAdded);
        patch.actor = Party::named("Entra");
        patch.subject = Party::named("Crew");
        patch.variables.insert("members".into(), "3 members".into());
        assert_eq!(patch.message(), "Entra added 3 members to the group Crew.");
        let mut sign_in = event(Operation::SignIn, Outcome::Done);
        sign_in.actor = Party::person("Taylor Lee", "taylor.lee@example.com");
        assert_eq!(
            sign_in.message(),
            "Taylor Lee successfully logged in using the password."
        );
        let turned = event(Operation::ScimTurnOn, Outcome::Unchanged);
        assert_eq!(
            turned.message(),
            "The command line turned SCIM provisioning on. Nothing changed."
        );
        let mut old = event(Operation::UserPatch, Outcome::Done);
        old.by = Actor::Key(crate::id::Seq(1));
        old.target = "4c1d".into();
        assert_eq!(old.message(), "A SCIM API key updated 4c1d by SCIM.");
    }

    #[test]
    fn an_event_of_an_older_version_is_read() {
        let old = r#"{"at":"2026-01-31T09:30:00.000Z","by":{"Key":1},"operation":"UserPatch","target":"4c1d",
            "attributes":["title"],"outcome":"Done"}"#;
        let event: AuditEvent = serde_json::from_str(old).unwrap();
        assert!(event.actor.is_unknown() && event.origin.is_unknown());
        let again = serde_json::to_string(&event).unwrap();
        assert!(
            !again.contains("actor") && !again.contains("variables"),
            "{again}"
        );
    }
}
