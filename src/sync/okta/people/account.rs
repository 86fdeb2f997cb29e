//! *Create Users*: the account of somebody who was assigned is found or made (parts 1.4, 1.5, 1.8 of the Okta
//! reference).

use serde_json::Value as Json;

use super::super::answer::{self, Found};
use super::super::outcome::Change;
use super::super::{generated, text, wire};
use super::{Stop, Work};
use crate::directory::okta::events::EventType;
use crate::id::Nonce;
use crate::model::okta::{AppUser, OktaUser, PasswordSync};
use crate::secret::Plain;

impl Work<'_> {
    pub(super) fn provision(&mut self) -> Result<Change, Stop> {
        let (Some(user), Some(assigned)) = (&self.person.user, &self.person.assigned) else {
            // Unassigned meanwhile.
            return Ok(Change::None);
        };
        if assigned.account().is_some() || !user.status.is_provisioned() {
            return Ok(Change::None);
        }
        let app = &self.session.app;
        let unique = unique_value(assigned, &app.provisioning.unique_field);
        let asked = wire::find_user(&app.wire, &unique);
        let answer = self.session.send(&mut self.talk, &asked);
        let found = answer::lookup(answer).map_err(|refusal| {
            self.refused(Some(EventType::UserVerifyExists), &refusal, |reason| {
                text::verifying(&unique, reason)
            })
        })?;
        self.succeeded(EventType::UserVerifyExists);
        match found {
            Found::One { id, inactive } => self.link(assigned, &id, inactive)?,
            Found::Nobody if app.to_app.create_users => self.create(user, assigned)?,
            Found::Nobody => return Err(self.failed(text::NO_MATCH)),
        }
        self.change.provisioned = true;
        self.succeeded(EventType::UserSync);
        Ok(Change::Person(Box::new(std::mem::take(&mut self.change))))
    }

    /// Nobody has the name: an account is made. A conflict ends the job, without a second look.
    fn create(&mut self, user: &OktaUser, assigned: &AppUser) -> Result<(), Stop> {
        let app = &self.session.app;
        let password = self.first_password(user);
        let request = wire::create_user(
            app,
            &wire::Account {
                okta_id: &self.person.okta_id,
                user_name: &assigned.user_name,
                profile: &assigned.profile,
                password: password.as_ref().map(Plain::expose),
            },
        );
        let brought = self.session.ask(&mut self.talk, &request);
        let id = answer::made(brought, text::EMPTY_USER).map_err(|refusal| {
            self.refused(Some(EventType::UserPush), &refusal, |reason| {
                text::creating(&user.display_name(), reason)
            })
        })?;
        self.succeeded(EventType::UserPush);
        self.change.external_id = Some(id);
        self.change.told = Some((assigned.profile.clone(), assigned.user_name.clone()));
        self.change.password = app.to_app.sync_password != PasswordSync::Off;
        Ok(())
    }

    /// The password of a new account: the Okta password if it is known and wanted, else one that is made up.
    fn first_password(&self, user: &OktaUser) -> Option<Plain> {
        let app = &self.session.app;
        let made_up = |length| generated::password(Nonce::random(), length);
        let placeholder = || {
            let wanted = app.wire.placeholder_password;
            wanted.then(|| made_up(generated::PLACEHOLDER))
        };
        match app.to_app.sync_password {
            PasswordSync::Off => placeholder(),
            PasswordSync::Random => Some(made_up(generated::RANDOM)),
            PasswordSync::Okta => {
                let sealed = user.password.as_ref();
                let known = sealed.and_then(|sealed| self.session.context.sealer.open(sealed));
                known.or_else(placeholder)
            }
        }
    }

    /// Somebody has the name: the account is linked, activated if it is inactive, and told the profile if updates are
    /// on.
    fn link(&mut self, assigned: &AppUser, id: &str, inactive: bool) -> Result<(), Stop> {
        let app = &self.session.app;
        let (puts, updates) = (app.flavour.puts(), app.to_app.update_attributes);
        self.change.external_id = Some(id.to_owned());
        if inactive && !puts {
            self.activate(assigned, id)?;
        }
        if updates || (inactive && puts) {
            let fresh = AppUser {
                pushed: None,
                pushed_user_name: None,
                ..assigned.clone()
            };
            let changes = if updates {
                wire::changes(app, &fresh)
            } else {
                wire::Changes {
                    user_name: None,
                    attributes: Vec::new(),
                }
            };
            let step = if updates {
                EventType::UserPushProfile
            } else {
                EventType::UserAppReactivate
            };
            self.push(id, &assigned.user_name, &changes, inactive, Some(step))?;
            if inactive && puts && updates {
                self.succeeded(EventType::UserAppReactivate);
            }
            self.succeeded(step);
        }
        // What changes later is counted from here, whether it was sent or not.
        self.change.told = Some((assigned.profile.clone(), assigned.user_name.clone()));
        Ok(())
    }

    /// Activates an account by PATCH, and looks whether it is.
    fn activate(&mut self, assigned: &AppUser, id: &str) -> Result<(), Stop> {
        let request = wire::set_active(id, true);
        let brought = self.session.ask(&mut self.talk, &request);
        let body = brought.map_err(|refusal| {
            self.refused(Some(EventType::UserAppReactivate), &refusal, |reason| {
                text::reactivating(&assigned.user_name, reason)
            })
        })?;
        if body.is_some_and(|body| body.get("active") == Some(&Json::Bool(false))) {
            return Err(Stop::NotYetActive);
        }
        self.succeeded(EventType::UserAppReactivate);
        Ok(())
    }
}

/// The value of the *Unique identifier field for users*; the user name where that is empty.
fn unique_value(assigned: &AppUser, field: &str) -> String {
    let value = assigned.profile.get(field).and_then(Json::as_str);
    let value = value.filter(|value| !value.is_empty() && field != "userName");
    value.unwrap_or(&assigned.user_name).to_owned()
}
