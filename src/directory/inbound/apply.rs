//! One operation of an upload: whom it means, whether the user is in scope, and what of it changes the directory. The
//! manager is not looked at here: others of the same upload may still come.

use super::super::graph::user_type;
use super::super::users::{self, NewUser};
use super::super::{AttributeChange, AttributeValue};
use super::story::{Applied, Story, error};
use super::{Operation, Run, anchor};
use crate::access::Operator;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce};
use crate::mapping::Value;
use crate::mapping::entra::{
    Context, Mapped, ObjectMapping, Purpose, Source, Standing, TargetPath, UnsentReason, due,
    source_of_scim_user,
};
use crate::model::{
    Action, DirectoryUser, ErrorInformation, ModifiedProperty, ObjectKind, StepKind,
};
use crate::store::{directory as rows, inbound};

/// What the enterprise extension calls the manager, as a target attribute.
pub(super) const MANAGER: &str = "manager";

/// Whom an operation means.
enum Match {
    One(Box<DirectoryUser>),
    Nobody,
    Several(String),
    NoValue(String),
    NoIndex(String),
}

/// What an operation wants of the directory.
#[derive(Default)]
struct Wanted {
    changes: Vec<AttributeChange>,
    account_enabled: Option<bool>,
    guest: Option<bool>,
    modified: Vec<ModifiedProperty>,
}

impl Run<'_, '_> {
    /// Does one operation, but for the manager.
    pub(super) fn apply(&self, operation: &Operation, nonce: Nonce) -> Result<Applied> {
        let source = source_of_scim_user(&operation.data);
        let Some(anchor) = anchor(operation) else {
            let mut story = Story::new(&operation.bulk_id, &source);
            story.imported(&source);
            let error = error(
                "ImportSkipped",
                "The user has no externalId, which is the anchor of the source.",
                "Send externalId with every user: a value that never changes, such as the number of the employee.",
            );
            return Ok(story.failed(Action::Other, StepKind::Import, error));
        };
        let mut story = Story::new(&anchor, &source);
        story.imported(&source);
        let mapping = &self.job.rules.users;
        let context = Context::new(self.now.millis(), nonce.0, self.tenant.domain.as_str());
        let by = by_what(mapping);
        let found = match self.find(&anchor, mapping, &source, &context)? {
            Match::One(user) => Some(*user),
            Match::Nobody => None,
            Match::Several(attribute) => {
                let error = error(
                    "DuplicateTargetEntries",
                    format!("More than one user of the directory has this value of {attribute}."),
                    format!("Give one of them another {attribute}, or match by another attribute."),
                );
                return Ok(story.failed(Action::Other, StepKind::Matching, error));
            }
            Match::NoValue(attribute) => {
                let error = error(
                    "ImportSkipped",
                    format!("The user has no value for the matching attribute {attribute}."),
                    format!(
                        "Send the value that is mapped to {attribute}, or match by another attribute."
                    ),
                );
                return Ok(story.failed(Action::Other, StepKind::Matching, error));
            }
            Match::NoIndex(attribute) => {
                let error = error(
                    "SchemaAttributeNotFound",
                    format!("Users of the directory cannot be looked up by {attribute}."),
                    "Match by employeeId, mail, userPrincipalName or objectId.",
                );
                return Ok(story.failed(Action::Other, StepKind::Matching, error));
            }
        };
        story.matched(&by, found.as_ref());
        let verdict = mapping.standing(&source);
        story.scoped(&mapping.scope, &verdict);
        if verdict.standing != Standing::InScope {
            let reason = "The User is not in scope: it passes none of the scoping filters.";
            return Ok(story.skipped("NotEffectivelyEntitled", reason));
        }
        let manager = manager_of(mapping, &source, &context);
        match found {
            Some(user) => self.update(story, &user, &anchor, &source, &context, manager),
            None => self.create(story, &anchor, &source, &context, manager, nonce),
        }
    }

    /// Whom an operation means: whoever its anchor meant before, else the first by a matching attribute.
    fn find(
        &self,
        anchor: &str,
        mapping: &ObjectMapping,
        source: &Source,
        context: &Context,
    ) -> Result<Match> {
        let tenant = self.key.tenant;
        if let Some(row) = inbound::link(self.tx, self.key, anchor)?
            && let Some(user) = rows::user(self.tx, tenant, row)?
            && user.deleted.is_none()
        {
            return Ok(Match::One(Box::new(user)));
        }
        // On create, so that defaults and values for new objects count.
        let mapped = mapping.map(source, context, Purpose::Create);
        let mut without = None;
        for matching in mapping.matching() {
            let target = &matching.target;
            let value = mapped.get(target).and_then(|found| found.value.as_text());
            let Some(value) = value.filter(|value| !value.is_empty()) else {
                without.get_or_insert_with(|| target.to_string());
                continue;
            };
            let Some(mut found) = self.by_value(target.as_str(), value)? else {
                return Ok(Match::NoIndex(target.to_string()));
            };
            match found.len() {
                0 => {}
                1 => return Ok(Match::One(Box::new(found.remove(0)))),
                _ => return Ok(Match::Several(target.to_string())),
            }
        }
        Ok(match without {
            Some(attribute) if mapping.matching().len() == 1 => Match::NoValue(attribute),
            _ => Match::Nobody,
        })
    }

    /// Users with a value of an attribute, two are as good as many; none when the directory cannot look it up.
    fn by_value(&self, attribute: &str, value: &str) -> Result<Option<Vec<DirectoryUser>>> {
        let tenant = self.key.tenant;
        let lower = attribute.to_ascii_lowercase();
        if let Some(known) = rows::LOOKED_UP
            .iter()
            .find(|known| known.eq_ignore_ascii_case(&lower))
        {
            return Ok(Some(rows::users_by_value(
                self.tx, tenant, known, value, 2,
            )?));
        }
        let found = match lower.as_str() {
            "objectid" => match value.parse::<Guid>() {
                Ok(id) => match rows::object_by_id(self.tx, tenant, &id)? {
                    Some(object) if object.kind == ObjectKind::User => {
                        rows::user(self.tx, tenant, object.seq)?
                    }
                    _ => None,
                },
                Err(_) => None,
            },
            "userprincipalname" => rows::user_by_principal_name(self.tx, tenant, value)?,
            _ => return Ok(None),
        };
        let found = found.filter(|user| user.deleted.is_none());
        Ok(Some(found.into_iter().collect()))
    }

    fn create(
        &self,
        mut story: Story,
        anchor: &str,
        source: &Source,
        context: &Context,
        manager: Option<String>,
        nonce: Nonce,
    ) -> Result<Applied> {
        let mapping = &self.job.rules.users;
        if !mapping.actions.create {
            let reason =
                "No matching User was found, and creating users is switched off in the mapping.";
            return Ok(story.skipped("CreateIsOff", reason));
        }
        let mapped = mapping.map(source, context, Purpose::Create);
        let wanted = match wanted(&mapped, None, &self.tenant.domain) {
            Ok(wanted) => wanted,
            Err(error) => {
                return Ok(story.failed(Action::Create, StepKind::Export, error));
            }
        };
        let new = NewUser {
            id: Guid::from_nonce(nonce.nth(1)),
            account_enabled: wanted.account_enabled.unwrap_or(true),
            guest: wanted.guest.unwrap_or(false),
            manager: None,
            attributes: wanted.changes,
        };
        story.modified = wanted.modified;
        match users::create(
            self.tx,
            &Operator::provisioning_service(),
            self.key.tenant,
            &new,
            self.now,
        ) {
            Ok(user) => {
                story.is(&user);
                inbound::put_link(self.tx, self.key, anchor, user.seq)?;
                Ok(story.written(Action::Create, user.seq, manager))
            }
            Err(error) => {
                let error = fault(error)?;
                Ok(story.failed(Action::Create, StepKind::Export, error))
            }
        }
    }

    fn update(
        &self,
        mut story: Story,
        user: &DirectoryUser,
        anchor: &str,
        source: &Source,
        context: &Context,
        manager: Option<String>,
    ) -> Result<Applied> {
        let mapping = &self.job.rules.users;
        if !mapping.actions.update {
            let reason =
                "A matching User was found, and updating users is switched off in the mapping.";
            return Ok(story.skipped("UpdateIsOff", reason));
        }
        let mapped = mapping.map(source, context, Purpose::Update);
        let wanted = match wanted(&mapped, Some(user), &self.tenant.domain) {
            Ok(wanted) => wanted,
            Err(error) => {
                return Ok(story.failed(Action::Update, StepKind::Export, error));
            }
        };
        let (tx, tenant, row, now) = (self.tx, self.key.tenant, user.seq, self.now);
        let action = if wanted.account_enabled == Some(false) {
            Action::Disable
        } else {
            Action::Update
        };
        story.modified = wanted.modified;
        // The attributes first: what follows cannot be refused any more, so that all or nothing happens.
        if !wanted.changes.is_empty()
            && let Err(error) = users::update(
                tx,
                &Operator::provisioning_service(),
                tenant,
                row,
                &wanted.changes,
                now,
            )
        {
            let error = fault(error)?;
            return Ok(story.failed(Action::Update, StepKind::Export, error));
        }
        if let Some(guest) = wanted.guest {
            users::set_guest(
                tx,
                &Operator::provisioning_service(),
                tenant,
                row,
                guest,
                now,
            )?;
        }
        if let Some(enabled) = wanted.account_enabled {
            users::set_account_enabled(
                tx,
                &Operator::provisioning_service(),
                tenant,
                row,
                enabled,
                now,
            )?;
        }
        inbound::put_link(tx, self.key, anchor, row)?;
        Ok(story.written(action, row, manager))
    }
}

/// The anchor of the manager, when one is mapped and named.
fn manager_of(mapping: &ObjectMapping, source: &Source, context: &Context) -> Option<String> {
    let target = TargetPath::parse(MANAGER).ok()?;
    let mapped = mapping.map(source, context, Purpose::Update);
    let value = mapped.get(&target)?.value.as_text()?;
    (!value.is_empty()).then(|| value.to_owned())
}

/// Names of the matching attributes, in their order.
fn by_what(mapping: &ObjectMapping) -> String {
    let names: Vec<&str> = mapping
        .matching()
        .iter()
        .map(|m| m.target.as_str())
        .collect();
    names.join(", ")
}

/// What of the mapped values is to be written: everything for a new user, else what differs.
fn wanted(
    mapped: &Mapped<'_>,
    user: Option<&DirectoryUser>,
    domain: &str,
) -> std::result::Result<Wanted, ErrorInformation> {
    for unsent in &mapped.unsent {
        if let UnsentReason::Failed(_) | UnsentReason::SeveralValues(_) = unsent.reason {
            return Err(error(
                "SchemaPropertyCanOnlyAcceptValue",
                format!("{}: {}", unsent.target, unsent.reason),
                "Change the mapping of this attribute, or the value that is sent.",
            ));
        }
    }
    let mut wanted = Wanted::default();
    for attribute in &mapped.attributes {
        let name = attribute.target.as_str();
        if name.eq_ignore_ascii_case(MANAGER) {
            continue;
        }
        let current = user.map_or(Value::Null, |user| current(user, name));
        let Some(value) = due(attribute, Some(&current)) else {
            continue;
        };
        let shown = |value: &Value| {
            let text = || {
                value
                    .as_text()
                    .map_or_else(|| value.to_json().to_string(), str::to_owned)
            };
            if attribute.redacted {
                "[Redact]".to_owned()
            } else {
                text()
            }
        };
        let refused = |reason: String| {
            let code = match name.to_ascii_lowercase().as_str() {
                "userprincipalname" => "AzureActiveDirectoryInvalidUserPrincipalName",
                _ => "SchemaPropertyCanOnlyAcceptValue",
            };
            let how = format!("Send another value for {name}, or change its mapping.");
            error(code, reason, how)
        };
        match (name.to_ascii_lowercase().as_str(), value.as_text()) {
            ("accountenabled", text) => {
                wanted.account_enabled = Some(truth(text).ok_or_else(|| {
                    refused(format!(
                        "accountEnabled is True or False, not {}",
                        shown(&value)
                    ))
                })?);
            }
            ("usertype", text) => {
                wanted.guest = Some(text.and_then(user_type).ok_or_else(|| {
                    refused(format!(
                        "userType is Member or Guest, not {}",
                        shown(&value)
                    ))
                })?);
            }
            ("userprincipalname", Some(text)) if is_foreign(text, domain) => {
                return Err(refused(format!(
                    "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization: {domain}, not that of {}.",
                    shown(&value)
                )));
            }
            _ => {
                let kept = match &value {
                    Value::List(items) => AttributeValue::List(
                        items
                            .iter()
                            .filter_map(Value::as_text)
                            .map(str::to_owned)
                            .collect(),
                    ),
                    other => AttributeValue::Text(other.to_string()),
                };
                let change = AttributeChange::set(ObjectKind::User, name, kept);
                wanted
                    .changes
                    .push(change.map_err(|error| refused(error.to_string()))?);
            }
        }
        wanted.modified.push(ModifiedProperty {
            display_name: name.to_owned(),
            old_value: Some(&current).filter(|old| !old.is_null()).map(shown),
            new_value: Some(shown(&value)),
        });
    }
    Ok(wanted)
}

/// Whether a principal name has another domain than the tenant's.
fn is_foreign(name: &str, domain: &str) -> bool {
    name.rsplit_once('@')
        .is_some_and(|(_, other)| !other.eq_ignore_ascii_case(domain))
}

fn truth(text: Option<&str>) -> Option<bool> {
    match text {
        Some(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Some(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// What a user has of a target attribute.
fn current(user: &DirectoryUser, name: &str) -> Value {
    match name.to_ascii_lowercase().as_str() {
        "userprincipalname" => Value::from(user.user_principal_name.as_str()),
        "accountenabled" => Value::from(user.account_enabled),
        "usertype" => Value::from(if user.guest { "Guest" } else { "Member" }),
        _ => user
            .attributes
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or(Value::Null, |(_, value)| Value::from_json(value.clone())),
    }
}

/// What the log says of a refusal of the directory; an error of the store ends the work.
fn fault(refused: Error) -> Result<ErrorInformation> {
    Ok(match refused {
        Error::Store(error) => return Err(error.into()),
        Error::Conflict { detail, .. } => error(
            "EntryConflict",
            detail,
            "Send another value, or match by the attribute that both have, so that the user is updated.",
        ),
        Error::Field { field, detail } => {
            let code = match field {
                "userPrincipalName" => "AzureActiveDirectoryInvalidUserPrincipalName",
                "displayName" => "MandatoryFieldsMissing",
                _ => "SchemaPropertyCanOnlyAcceptValue",
            };
            error(
                code,
                detail,
                format!("Map a value to {field}, and send it."),
            )
        }
        other => error(
            "InternalError",
            other.to_string(),
            "Send the user again. If it fails again, look at the log of the server.",
        ),
    })
}
