//! The requests of a group push in their order (part 1.11.2 of the Okta reference).

use super::super::answer::{self, Found, Kind, Refusal};
use super::super::members::Delta;
use super::super::text::GroupStep;
use super::super::wire::{self, Member};
use super::{Pushed, Stop, Work};
use crate::directory::okta::events::{Event, EventType};
use crate::model::okta::JobKind;
use crate::sync::client::Request;

/// Parts of a list that one job tells before it is written down. The rest is told by the same job when it comes again, so
/// that neither a kill nor a large group makes much of it.
const PARTS: usize = 100;

/// How the group at the target came to be known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Known,
    Found,
    Made,
}

impl Work<'_> {
    /// Everything but a deletion. Whatever is pushed, the name is told first where it is another: the group may have been
    /// renamed while its mapping was inactive or failed, or be linked with a group of another name.
    pub(super) fn push(&mut self, kind: &JobKind, pushed: &Pushed) -> Result<(), Stop> {
        let (id, target) = self.target(kind, pushed)?;
        if target == Target::Made {
            self.fill_new(pushed, &id)?;
        } else {
            let is_renamed = self.is_renamed(kind, pushed);
            if is_renamed {
                self.rename(pushed, &id)?;
            }
            match kind {
                JobKind::RenameGroup { .. } => {}
                JobKind::PushAllMembers { .. } => self.tell_all(pushed, &id)?,
                _ => self.tell_changes(pushed, &id, target == Target::Found, is_renamed)?,
            }
        }
        if self.change.pushed && !pushed.members.left_out.is_empty() {
            let mut targets = self.group.targets.clone();
            targets.extend(pushed.members.left_out.iter().cloned());
            self.event(Event::skipped(EventType::PushUsersIgnored, targets));
        }
        Ok(())
    }

    /// The group at the target: known, found by name, or made. A new push by PATCH is not looked for; unless it was
    /// begun before, when it may be there already.
    fn target(&mut self, kind: &JobKind, pushed: &Pushed) -> Result<(String, Target), Stop> {
        if let Some(id) = pushed.target.as_ref().and_then(|t| t.external_id.clone()) {
            return Ok((id, Target::Known));
        }
        let app = &self.session.app;
        let name = pushed.target_name();
        let fresh = matches!(kind, JobKind::PushGroup { .. }) && !self.group.job.begun;
        if app.flavour.puts() || !fresh {
            let asked = wire::find_group(&app.wire, name);
            let answer = self.session.send(&mut self.talk, &asked);
            let found = answer::lookup(answer)
                .map_err(|refusal| self.refused(GroupStep::Verifying, &refusal))?;
            if let Found::One { id, .. } = found {
                self.change.external_id = Some(id.clone());
                self.change.name = Some(name.to_owned());
                return Ok((id, Target::Found));
            }
        }
        let first = if app.flavour.puts() {
            pushed.members.all()
        } else {
            Vec::new()
        };
        let request = wire::create_group(name, &first);
        let brought = self.session.ask(&mut self.talk, &request);
        let id = answer::made(brought, "Create new group returned empty group.")
            .map_err(|refusal| self.refused(GroupStep::Creating, &refusal))?;
        self.change.external_id = Some(id.clone());
        self.change.name = Some(name.to_owned());
        self.change.pushed = true;
        Ok((id, Target::Made))
    }

    /// What follows the POST.
    fn fill_new(&mut self, pushed: &Pushed, id: &str) -> Result<(), Stop> {
        if self.session.app.flavour.puts() {
            self.replace(pushed, id, GroupStep::Membership, true)?;
            self.succeeded(EventType::GroupPushed);
            self.told_all(pushed);
            return Ok(());
        }
        self.ask(&wire::rename_group(id, pushed.target_name()))
            .map_err(|refusal| self.refused(GroupStep::Updating, &refusal))?;
        self.succeeded(EventType::GroupPushed);
        let delta = pushed.members.delta();
        if !delta.is_empty() {
            self.tell(id, &delta)?;
            self.succeeded(EventType::GroupPushMemberships);
        }
        Ok(())
    }

    /// Whether the Okta group has another name than the target was told. A name that was chosen for the target stays until
    /// then.
    fn is_renamed(&self, kind: &JobKind, pushed: &Pushed) -> bool {
        let (mapping, name) = (&pushed.mapping, pushed.group.name.as_str());
        let is_new = !mapping.named_after.is_empty() && mapping.named_after != name;
        self.session.app.rename_app_groups
            && (is_new || matches!(kind, JobKind::RenameGroup { .. }))
            && pushed.target_name() != name
    }

    fn rename(&mut self, pushed: &Pushed, id: &str) -> Result<(), Stop> {
        let name = &pushed.group.name;
        if self.session.app.flavour.puts() {
            let app = &self.session.app;
            let all = pushed.members.all();
            self.ask(&wire::replace_group(&app.wire, id, name, &all))
                .map_err(|refusal| self.refused(GroupStep::Updating, &refusal))?;
            self.told_all(pushed);
        } else {
            self.ask(&wire::rename_group(id, name))
                .map_err(|refusal| self.refused(GroupStep::Updating, &refusal))?;
        }
        (self.change.name, self.change.pushed) = (Some(name.clone()), true);
        self.change.named_after = Some(name.clone());
        self.succeeded(EventType::PushMappingRenamed);
        Ok(())
    }

    /// *Push now*.
    fn tell_all(&mut self, pushed: &Pushed, id: &str) -> Result<(), Stop> {
        if self.session.app.flavour.puts() {
            self.replace(pushed, id, GroupStep::Membership, false)?;
            self.told_all(pushed);
        } else {
            self.tell_whole_list(pushed, id)?;
        }
        self.succeeded(EventType::GroupPushMemberships);
        Ok(())
    }

    /// The first part replaces the list, so that the others are members no longer until their part has come.
    fn tell_whole_list(&mut self, pushed: &Pushed, id: &str) -> Result<(), Stop> {
        let wire = &self.session.app.wire;
        let wanted = pushed.members.wanted.as_slice();
        let (first, rest) = wanted.split_at(wire.size_of_patch().min(wanted.len()));
        for (number, part) in std::iter::once(first)
            .chain(rest.chunks(wire.size_of_patch()))
            .enumerate()
        {
            self.may_tell_part(number)?;
            let members: Vec<Member> = part.iter().map(|(_, member)| member.clone()).collect();
            let request = if number == 0 {
                wire::all_members(wire, id, &members)
            } else {
                wire::change_members(id, &[], &members)
            };
            self.ask(&request)
                .map_err(|refusal| self.refused(GroupStep::Membership, &refusal))?;
            if number == 0 {
                let gone = pushed.members.told.iter().map(|(user, _)| (*user, None));
                self.change.told.extend(gone);
            }
            let came = part
                .iter()
                .map(|(user, member)| (*user, Some(member.id.clone())));
            self.change.told.extend(came);
            self.change.pushed = true;
        }
        Ok(())
    }

    /// Whether the part with this number is told now.
    fn may_tell_part(&mut self, number: usize) -> Result<(), Stop> {
        if self.session.context.is_shutting_down() {
            return Err(Stop::Interrupted);
        }
        if number < PARTS {
            return Ok(());
        }
        self.succeeded(EventType::GroupPushMemberships);
        Err(Stop::GoesOn)
    }

    /// Who came and went. Nothing is sent when nobody did, but to a group that was just found the list is told. A PUT with
    /// a new name had the list with it.
    fn tell_changes(
        &mut self,
        pushed: &Pushed,
        id: &str,
        found: bool,
        is_renamed: bool,
    ) -> Result<(), Stop> {
        let delta = pushed.members.delta();
        let puts = self.session.app.flavour.puts();
        if puts && is_renamed {
            return Ok(());
        }
        if delta.is_empty() && !(found && puts) {
            self.change.pushed |= found;
            if found {
                self.succeeded(EventType::GroupPushed);
            }
            return Ok(());
        }
        if puts {
            self.replace(pushed, id, GroupStep::Membership, true)?;
            self.told_all(pushed);
        } else {
            if self.session.app.wire.rename_with_members && !is_renamed {
                self.ask(&wire::rename_group(id, pushed.target_name()))
                    .map_err(|refusal| self.refused(GroupStep::Updating, &refusal))?;
            }
            self.tell(id, &delta)?;
        }
        self.succeeded(EventType::GroupPushMemberships);
        Ok(())
    }

    /// Changes of members, part by part; what was told stays told when a later part fails.
    fn tell(&mut self, id: &str, delta: &Delta<'_>) -> Result<(), Stop> {
        let parts = delta.chunks(self.session.app.wire.size_of_patch());
        for (number, part) in parts.into_iter().enumerate() {
            self.may_tell_part(number)?;
            let removed: Vec<&str> = part.removed.iter().map(|(_, id)| *id).collect();
            let added: Vec<Member> = part.added.iter().map(|(_, m)| (*m).clone()).collect();
            self.ask(&wire::change_members(id, &removed, &added))
                .map_err(|refusal| self.refused(GroupStep::Membership, &refusal))?;
            let gone = part.removed.iter().map(|(user, _)| (*user, None));
            let came = part
                .added
                .iter()
                .map(|(user, m)| (*user, Some(m.id.clone())));
            self.change.told.extend(gone);
            self.change.told.extend(came);
            self.change.pushed = true;
        }
        Ok(())
    }

    /// PUT of the complete list, after a look when Okta looks.
    fn replace(
        &mut self,
        pushed: &Pushed,
        id: &str,
        step: GroupStep,
        look: bool,
    ) -> Result<(), Stop> {
        if look {
            self.ask(&wire::read_group(id))
                .map_err(|refusal| self.refused(step, &refusal))?;
        }
        let all = pushed.members.all();
        let name = pushed.target_name();
        let request = wire::replace_group(&self.session.app.wire, id, name, &all);
        self.ask(&request)
            .map_err(|refusal| self.refused(step, &refusal))?;
        Ok(())
    }

    /// The target has the complete list.
    fn told_all(&mut self, pushed: &Pushed) {
        let delta = pushed.members.delta();
        let gone = delta.removed.iter().map(|(user, _)| (*user, None));
        let came = delta
            .added
            .iter()
            .map(|(user, m)| (*user, Some(m.id.clone())));
        self.change.told = gone.chain(came).collect();
        self.change.pushed = true;
    }

    /// *Unlink pushed group* with *Delete*. One that is gone already counts as deleted.
    pub(super) fn delete(&mut self, _: &str, id: &str) -> Result<(), Stop> {
        match self.ask(&wire::delete_group(id)) {
            Err(refusal) if refusal.kind != Kind::NotFound => {
                Err(self.refused(GroupStep::Deleting, &refusal))
            }
            _ => {
                self.succeeded(EventType::GroupPushDeleteAppGroup);
                Ok(())
            }
        }
    }

    fn ask(&mut self, request: &Request) -> Result<(), Refusal> {
        answer::done(self.session.send(&mut self.talk, request))
    }
}
