//! *Deactivate Users*: the account of somebody who is no longer assigned (part 1.7 of the Okta reference).

use serde_json::Value as Json;

use super::super::answer::{self, Kind, Refusal};
use super::super::outcome::Change;
use super::super::{text, wire};
use super::{Stop, Work};
use crate::directory::okta::events::EventType;

impl Work<'_> {
    pub(super) fn deactivate(&mut self, id: &str, user_name: &str) -> Result<Change, Stop> {
        let app = &self.session.app;
        let assigned = self.person.assigned.as_ref();
        if assigned.is_some_and(|assigned| assigned.external_id.as_deref() == Some(id)) {
            // Assigned again, and linked with the account since: it is in use.
            return Ok(Change::None);
        }
        let done = if app.flavour.puts() {
            self.put_inactive(id)
        } else {
            match self
                .session
                .ask(&mut self.talk, &wire::set_active(id, false))
            {
                Err(refusal) if refusal.kind == Kind::NotImplemented && app.wire.put_after_501 => {
                    self.put_inactive(id)
                }
                answer => answer.map(|_| ()),
            }
        };
        done.map_err(|refusal| {
            self.refused(Some(EventType::UserAppDeactivate), &refusal, |reason| {
                text::deactivating(user_name, reason)
            })
        })?;
        self.succeeded(EventType::UserAppDeactivate);
        self.succeeded(EventType::UserDeprovision);
        Ok(Change::Left(self.change.user))
    }

    /// What the target has, as it has it, inactive.
    fn put_inactive(&mut self, id: &str) -> Result<(), Refusal> {
        let brought = self.session.ask(&mut self.talk, &wire::read_user(id));
        let mut resource = answer::object(brought)?;
        resource.insert("active".to_owned(), Json::Bool(false));
        let request = wire::replace_user(id, resource);
        self.session.ask(&mut self.talk, &request).map(|_| ())
    }
}
