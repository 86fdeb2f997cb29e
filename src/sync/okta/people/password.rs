//! *Sync Password* (part 1.9 of the Okta reference).

use serde_json::json;

use super::super::answer::{self, Kind, Refusal};
use super::super::outcome::Change;
use super::super::{generated, text, wire};
use super::{Stop, Work};
use crate::directory::okta::events::EventType;
use crate::id::Nonce;
use crate::model::okta::PasswordSync;
use crate::secret::{Plain, Sealed};

impl Work<'_> {
    /// Sends the Okta password, or a random one when there is none.
    pub(super) fn push_password(&mut self, sealed: Option<&Sealed>) -> Result<Change, Stop> {
        let (app, assigned) = (&self.session.app, &self.person.assigned);
        let wanted = app.to_app.sync_password != PasswordSync::Off;
        let Some((assigned, id)) = assigned
            .as_ref()
            .filter(|_| wanted)
            .and_then(|a| Some((a, a.account()?)))
        else {
            return Ok(Change::None);
        };
        let (password, kind) = match sealed {
            None => (
                generated::password(Nonce::random(), generated::RANDOM),
                EventType::UserPushPassword,
            ),
            Some(sealed) => match self.session.context.sealer.open(sealed) {
                Some(password) => (password, EventType::UserPushOktaPassword),
                // Sealed with another installation's key: there is no password any more.
                None => return Ok(Change::None),
            },
        };
        let done = if app.flavour.puts() {
            self.put_password(id, &password)
        } else {
            let request = wire::set_password(id, password.expose());
            match self.session.ask(&mut self.talk, &request) {
                Err(refusal) if refusal.kind == Kind::NotImplemented && app.wire.put_after_501 => {
                    self.put_password(id, &password)
                }
                answer => answer.map(|_| ()),
            }
        };
        done.map_err(|refusal| {
            self.refused(None, &refusal, |reason| {
                text::pushing_password(&assigned.user_name, reason)
            })
        })?;
        self.succeeded(kind);
        self.change.password = true;
        Ok(Change::Person(Box::new(std::mem::take(&mut self.change))))
    }

    fn put_password(&mut self, id: &str, password: &Plain) -> Result<(), Refusal> {
        let brought = self.session.ask(&mut self.talk, &wire::read_user(id));
        let mut resource = answer::object(brought)?;
        resource.insert("password".to_owned(), json!(password.expose()));
        let request = wire::replace_user(id, resource);
        self.session.ask(&mut self.talk, &request).map(|_| ())
    }
}
