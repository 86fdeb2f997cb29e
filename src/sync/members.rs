//! The members phase: memberships of provisioned groups.
//!
//! The directory's edges are compared with the agent's own record of what it exported; the target's
//! members are never read. Only differences are sent, in chunks. A large group is worked off window by window, so
//! that no more than one window of it is in memory at a time.

use super::answer;
use super::context::Run;
use super::log::Story;
use super::managers::unresolvable;
use super::objects::Reader;
use super::outcome::{LinkChange, Outcome};
use super::pipeline::Page;
use crate::error::Result;
use crate::id::Seq;
use crate::mapping::entra::{Reference, ReferenceMapping};
use crate::model::{
    Action, DirectoryGroup, ErrorInformation, Identity, Job, LinkState, ObjectKind, ObjectRef,
    Status,
};
use crate::store::jobs::{self, JobKey};
use crate::store::{Reads, directory as rows};

/// Members in one page of work: bounds memory when groups are large.
const EDGES_PER_PAGE: usize = 20_000;
/// Names of unresolvable members that an entry shows.
const NAMES: usize = 10;
/// Requests whose members an entry lists.
const LISTED: usize = 20;

/// A group whose members have to be changed.
pub(super) struct MembersWork {
    object: ObjectRef,
    name: String,
    identity: Identity,
    target_id: String,
    add: Vec<(ObjectRef, String)>,
    remove: Vec<(ObjectRef, String)>,
    /// Recorded as exported, but neither in the directory nor in the target any more.
    forget: Vec<ObjectRef>,
    unresolvable: usize,
    unresolvable_names: Vec<String>,
    /// Last member of this window, when others follow.
    rest: Option<ObjectRef>,
}

/// The mapping of members of a job, unless groups are not provisioned.
pub(super) fn mapping(job: &Job) -> Option<ReferenceMapping<'_>> {
    let groups = &job.rules.groups;
    groups
        .references()
        .into_iter()
        .find(|r| r.reference == Reference::Members)
        .filter(|_| groups.enabled && groups.actions.update)
}

/// The next page of all groups after a row.
pub(super) fn page(
    reader: &Reader<'_, impl Reads>,
    after: Seq,
    (limit, window): (usize, usize),
) -> Result<Option<Page<MembersWork>>> {
    let groups = rows::groups_after(reader.tx, reader.key.tenant, after, limit)?;
    let (mut items, mut last, mut units, mut edges) = (Vec::new(), None, 0, 0);
    for group in groups {
        last = Some(group.seq);
        units += 1;
        if let Some(work) = work(reader, &group, None, window)? {
            edges += work.add.len() + work.remove.len();
            items.push((group.seq, work));
        }
        if edges > EDGES_PER_PAGE {
            break;
        }
    }
    Ok(last.map(|through| Page {
        items,
        through,
        units,
    }))
}

/// The work of one group, if there is any.
pub(super) fn one(
    reader: &Reader<'_, impl Reads>,
    group: Seq,
    window: usize,
) -> Result<Option<MembersWork>> {
    match rows::group(reader.tx, reader.key.tenant, group)? {
        Some(group) => work(reader, &group, None, window),
        None => Ok(None),
    }
}

/// The next window with work after a member: so many members of the directory and of the record. None of a group that
/// is not managed, or left alone.
fn work(
    reader: &Reader<'_, impl Reads>,
    group: &DirectoryGroup,
    mut after: Option<ObjectRef>,
    window: usize,
) -> Result<Option<MembersWork>> {
    let (tx, key) = (reader.tx, reader.key);
    let Some(link) = jobs::link(tx, key, ObjectRef::group(group.seq))? else {
        return Ok(None);
    };
    let unmanaged = link.state == LinkState::Disabled || link.out_of_scope;
    if unmanaged || group.deleted.is_some() || reader.leaves_group_alone(group) {
        return Ok(None);
    }
    loop {
        let mut edges = rows::members(tx, key.tenant, group.seq, after, window)?;
        let mut record = jobs::exported_members(tx, key, group.seq, after, window)?;
        let rest = cut(&mut edges, &mut record, window);
        let differences = difference(&edges, &record);
        if let Some(mut work) = work_of(tx, key, group, link.target_id.clone(), differences)? {
            work.rest = rest;
            return Ok(Some(work));
        }
        if rest.is_none() {
            return Ok(None);
        }
        after = rest;
    }
}

fn order(member: &ObjectRef) -> (u8, Seq) {
    (member.kind.code(), member.seq)
}

/// Cuts two lists, each of a window's length at most, where both are complete; `None` when nothing follows.
fn cut(these: &mut Vec<ObjectRef>, those: &mut Vec<ObjectRef>, window: usize) -> Option<ObjectRef> {
    let last = |list: &[ObjectRef]| list.last().copied().filter(|_| list.len() == window);
    let end = [last(these), last(those)]
        .into_iter()
        .flatten()
        .min_by_key(order)?;
    these.retain(|member| order(member) <= order(&end));
    those.retain(|member| order(member) <= order(&end));
    Some(end)
}

/// The work of a group as far as these members go, for *Provision on demand*. `target_id` is the group's.
pub(super) fn chosen(
    tx: &impl Reads,
    key: JobKey,
    group: &DirectoryGroup,
    target_id: String,
    members: &[ObjectRef],
) -> Result<Option<MembersWork>> {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for member in members {
        let is_member = rows::is_member(tx, key.tenant, group.seq, *member)?;
        let exported = jobs::is_exported_member(tx, key, group.seq, *member)?;
        match (is_member, exported) {
            (true, false) => added.push(*member),
            (false, true) => removed.push(*member),
            (true, true) | (false, false) => {}
        }
    }
    work_of(tx, key, group, target_id, (added, removed))
}

fn work_of(
    tx: &impl Reads,
    key: JobKey,
    group: &DirectoryGroup,
    target_id: String,
    (added, removed): (Vec<ObjectRef>, Vec<ObjectRef>),
) -> Result<Option<MembersWork>> {
    let object = ObjectRef::group(group.seq);
    let mut work = MembersWork {
        object,
        name: group.display_name.clone(),
        identity: Identity {
            id: group.id.to_string(),
            display_name: group.display_name.clone(),
        },
        target_id,
        add: Vec::new(),
        remove: Vec::new(),
        forget: Vec::new(),
        unresolvable: 0,
        unresolvable_names: Vec::new(),
        rest: None,
    };
    for member in added {
        if let Some(link) = jobs::link(tx, key, member)?.filter(|l| !l.out_of_scope) {
            work.add.push((member, link.target_id));
            continue;
        }
        work.unresolvable += 1;
        if work.unresolvable_names.len() < NAMES {
            work.unresolvable_names.push(name(tx, key, member)?);
        }
    }
    for member in removed {
        match jobs::link(tx, key, member)? {
            Some(link) => work.remove.push((member, link.target_id)),
            None => work.forget.push(member),
        }
    }
    let idle = work.add.is_empty()
        && work.remove.is_empty()
        && work.forget.is_empty()
        && work.unresolvable == 0;
    Ok((!idle).then_some(work))
}

fn name(tx: &impl Reads, key: JobKey, member: ObjectRef) -> Result<String> {
    let name = match member.kind {
        ObjectKind::User => rows::user(tx, key.tenant, member.seq)?.map(|u| u.user_principal_name),
        ObjectKind::Group => rows::group(tx, key.tenant, member.seq)?.map(|g| g.display_name),
    };
    Ok(name.unwrap_or_else(|| "an object that no longer exists".to_owned()))
}

/// What is only in the first and what is only in the second of two lists in edge order.
fn difference(these: &[ObjectRef], those: &[ObjectRef]) -> (Vec<ObjectRef>, Vec<ObjectRef>) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (mut a, mut b) = (these.iter().peekable(), those.iter().peekable());
    loop {
        match (a.peek(), b.peek()) {
            (Some(x), Some(y)) if order(x) == order(y) => {
                a.next();
                b.next();
            }
            (Some(x), y) if y.is_none_or(|y| order(x) < order(y)) => {
                left.push(**x);
                a.next();
            }
            (_, Some(y)) => {
                right.push(**y);
                b.next();
            }
            _ => return (left, right),
        }
    }
}

/// Sends the differences of one group, chunk by chunk; each chunk is handed to `part` so that a crash
/// loses little. The first failure ends it.
pub(super) fn export(
    run: &Run,
    mapping: &ReferenceMapping<'_>,
    work: &MembersWork,
    part: &mut dyn FnMut(Outcome),
) -> Outcome {
    const STEP: &str = "EntryExportUpdate";
    let _alone = run.context.hold(run.key, work.object);
    let mut story = Story::begin(work.object, &work.name, work.identity.clone());
    story.target(&work.target_id);
    if run.on_demand.is_none() {
        story.imported("Update");
    }
    let mut tally = Tally::default();
    let mut sent = send(run, &mut story, mapping, work, &mut tally, part);
    let mut rest = work.rest;
    while let (Ok(()), Some(after)) = (&sent, rest) {
        match next_window(run, work, after) {
            Ok(Some(next)) => {
                sent = send(run, &mut story, mapping, &next, &mut tally, part);
                rest = next.rest;
            }
            Ok(None) => rest = None,
            Err(error) => sent = Err(internal(&error)),
        }
    }
    if tally.requests > LISTED {
        let more = format!("{} more requests", tally.requests - LISTED);
        story.modified(mapping.target, None, Some(more));
    }
    let unresolved = (tally.unresolvable > 0).then(|| unresolved(&work.name, &tally));
    let status = if unresolved.is_some() {
        Status::Warning
    } else {
        Status::Success
    };
    let text = format!(
        "{} members to add, {} to remove, {} not resolvable.",
        tally.add, tally.remove, tally.unresolvable
    );
    story.resolved(status, text);
    let done = |entry| Outcome::new(work.object, entry, LinkChange::Keep);
    match (sent, unresolved) {
        (Err(error), _) => done(story.failed(run, STEP, "update", Action::Update, error)),
        (Ok(()), None) if tally.is_idle() => {
            let reason = story.redundant();
            done(story.skipped(run, "RedundantExport", reason))
        }
        (Ok(()), None) => done(story.exported(run, STEP, "was updated in", Action::Update)),
        (Ok(()), Some(error)) if tally.is_idle() => {
            done(story.finish(run, Action::Other, Status::Skipped, Some(error)))
        }
        (Ok(()), Some(error)) => {
            done(story.finish(run, Action::Update, Status::Warning, Some(error)))
        }
    }
}

/// What was found in all windows of a group.
#[derive(Default)]
struct Tally {
    add: usize,
    remove: usize,
    unresolvable: usize,
    names: Vec<String>,
    requests: usize,
}

impl Tally {
    fn note(&mut self, work: &MembersWork) {
        self.add += work.add.len();
        self.remove += work.remove.len();
        self.unresolvable += work.unresolvable;
        let room = NAMES.saturating_sub(self.names.len());
        self.names
            .extend(work.unresolvable_names.iter().take(room).cloned());
    }

    fn is_idle(&self) -> bool {
        self.add == 0 && self.remove == 0
    }
}

/// The next window of a group that is being worked off.
fn next_window(run: &Run, work: &MembersWork, after: ObjectRef) -> Result<Option<MembersWork>> {
    let tx = run.context.store.read()?;
    let window = run.context.settings.members_window;
    let reader = Reader {
        tx: &tx,
        key: run.key,
        job: &run.job,
    };
    match rows::group(&tx, run.key.tenant, work.object.seq)? {
        Some(group) => self::work(&reader, &group, Some(after), window),
        None => Ok(None),
    }
}

fn internal(error: &crate::error::Error) -> ErrorInformation {
    ErrorInformation {
        error_code: "InternalError".to_owned(),
        reason: format!("The members could not be read: {error}"),
        recommended_action: Some("Look into the log of this program.".to_owned()),
    }
}

fn unresolved(group: &str, tally: &Tally) -> ErrorInformation {
    let mut names = tally.names.join(", ");
    let more = tally.unresolvable - tally.names.len();
    if more > 0 {
        names = format!("{names} and {more} more");
    }
    // The service's own wording has the plural "members".
    unresolvable(&names, "members", group)
}

fn send(
    run: &Run,
    story: &mut Story,
    mapping: &ReferenceMapping<'_>,
    work: &MembersWork,
    tally: &mut Tally,
    part: &mut dyn FnMut(Outcome),
) -> std::result::Result<(), ErrorInformation> {
    tally.note(work);
    if !work.forget.is_empty() {
        part(Outcome::part(work.object, Vec::new(), work.forget.clone()));
    }
    let size = run.job.settings.members_per_patch.max(1);
    let path = mapping.target;
    for (adds, all) in [(true, &work.add), (false, &work.remove)] {
        for chunk in all.chunks(size) {
            let ids: Vec<&str> = chunk.iter().map(|(_, id)| id.as_str()).collect();
            let request = if adds {
                run.dialect().add_members(&work.target_id, path, &ids)
            } else {
                run.dialect().remove_members(&work.target_id, path, &ids)
            };
            let answer = run.send(story, &request)?;
            answer::accepted(&answer)?;
            let listed = Some(ids.join(", "));
            let (old, new) = if adds { (None, listed) } else { (listed, None) };
            tally.requests += 1;
            if tally.requests <= LISTED {
                story.modified(path, old, new);
            }
            let members: Vec<ObjectRef> = chunk.iter().map(|(member, _)| *member).collect();
            let (added, removed) = if adds {
                (members, Vec::new())
            } else {
                (Vec::new(), members)
            };
            part(Outcome::part(work.object, added, removed));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_end_where_both_lists_are_complete() {
        let users = |numbers: &[u64]| -> Vec<ObjectRef> {
            numbers.iter().map(|n| ObjectRef::user(Seq(*n))).collect()
        };
        for (these, those, end, left) in [
            // Both go on; the second one's window ends earlier.
            (vec![1, 5, 9], vec![1, 2, 3], Some(3), (1, 3)),
            (vec![1, 2, 3], vec![7], Some(3), (3, 0)),
            (vec![], vec![4, 5, 6], Some(6), (0, 3)),
            (vec![1, 2], vec![8], None, (2, 1)),
            (vec![], vec![], None, (0, 0)),
        ] {
            let (mut a, mut b) = (users(&these), users(&those));
            let got = cut(&mut a, &mut b, 3);
            assert_eq!(got.map(|m| m.seq.0), end, "{these:?} {those:?}");
            assert_eq!((a.len(), b.len()), left, "{these:?} {those:?}");
        }
    }

    #[test]
    fn two_lists_in_edge_order_are_compared_in_one_walk() {
        let refs = |users: &[u64], groups: &[u64]| -> Vec<ObjectRef> {
            users
                .iter()
                .map(|u| ObjectRef::user(Seq(*u)))
                .chain(groups.iter().map(|g| ObjectRef::group(Seq(*g))))
                .collect()
        };
        let got = difference(&refs(&[1, 2, 5], &[1]), &refs(&[2, 3], &[1, 2]));
        assert_eq!(got, (refs(&[1, 5], &[]), refs(&[3], &[2])));
        assert_eq!(
            difference(&[], &refs(&[9], &[])),
            (refs(&[], &[]), refs(&[9], &[]))
        );
        assert_eq!(
            difference(&refs(&[9], &[]), &[]),
            (refs(&[9], &[]), refs(&[], &[]))
        );
    }
}
