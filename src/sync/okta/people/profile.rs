//! *Update User Attributes*: what changed is merged into what the target has (part 1.6 of the Okta reference).

use serde_json::Value as Json;

use super::super::answer::{self, Kind};
use super::super::outcome::Change;
use super::super::{text, wire};
use super::{Stop, Work};
use crate::directory::okta::events::EventType;

impl Work<'_> {
    pub(super) fn push_profile(&mut self) -> Result<Change, Stop> {
        let (app, assigned) = (&self.session.app, &self.person.assigned);
        let Some((assigned, id)) = assigned
            .as_ref()
            .filter(|_| app.to_app.update_attributes)
            .and_then(|a| Some((a, a.account()?)))
        else {
            return Ok(Change::None);
        };
        let changes = wire::changes(app, assigned);
        if !changes.is_empty() {
            self.push(id, &assigned.user_name, &changes, false, None)?;
            self.succeeded(EventType::UserPushProfile);
        }
        self.change.told = Some((assigned.profile.clone(), assigned.user_name.clone()));
        Ok(Change::Person(Box::new(std::mem::take(&mut self.change))))
    }

    /// GET, merge, PUT. `reactivated`: the account was inactive, so that it must be active afterwards; where
    /// everything is PUT, this PUT says so. `step` is the event of a failure, besides that of the job.
    pub(super) fn push(
        &mut self,
        id: &str,
        user_name: &str,
        changes: &wire::Changes<'_>,
        reactivated: bool,
        step: Option<EventType>,
    ) -> Result<(), Stop> {
        let brought = self.session.ask(&mut self.talk, &wire::read_user(id));
        let mut resource = answer::object(brought).map_err(|refusal| {
            let missing = refusal.kind == Kind::NotFound;
            self.refused(step, &refusal, |reason| {
                if missing {
                    text::NO_MATCH.to_owned()
                } else {
                    text::pushing_profile(user_name, reason)
                }
            })
        })?;
        let puts = self.session.app.flavour.puts();
        let inactive = resource.get("active") == Some(&Json::Bool(false));
        if reactivated && inactive && !puts {
            return Err(Stop::NotYetActive);
        }
        wire::merge(&mut resource, changes);
        if reactivated && puts {
            resource.insert("active".to_owned(), Json::Bool(true));
        }
        let request = wire::replace_user(id, resource);
        let body = self
            .session
            .ask(&mut self.talk, &request)
            .map_err(|refusal| {
                self.refused(step, &refusal, |reason| {
                    text::pushing_profile(user_name, reason)
                })
            })?;
        let still = body.is_some_and(|body| body.get("active") == Some(&Json::Bool(false)));
        if reactivated && still {
            return Err(Stop::NotYetActive);
        }
        Ok(())
    }
}
