//! Records of groups: objects first, then members, who may be groups further down in the file.

use std::collections::HashMap;
use std::ops::ControlFlow;

use super::super::groups::{self as directory, NewGroup};
use super::super::{dynamic, get_group};
use super::users::user_of;
use super::{GroupRecord, ImportError, Mistake, RECORDS, Reference, Report, at, blamed, plain};
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::id::{Guids, Seq};
use crate::model::{ObjectKind, ObjectRef};
use crate::store::{Write, directory as rows};

type Result<T> = std::result::Result<T, ImportError>;

/// Imports groups, all or none. Those without an object id get one of `ids`.
///
/// # Errors
/// The first mistake with its place, or the store's.
pub fn groups(
    tx: &Write<'_>,
    operator: &Operator,
    tenant: Seq,
    records: &[GroupRecord],
    ids: &Guids,
    now: Timestamp,
) -> Result<Report> {
    if let Some(record) = records.get(RECORDS) {
        let message = format!("a file has at most {RECORDS} records; split it");
        return Err(Mistake::new(record.at, message).into());
    }
    let mut importing = Importing {
        tx,
        operator,
        tenant,
        ids,
        now,
        names: HashMap::new(),
    };
    rows::walk_groups::<crate::store::Error>(tx, tenant, |group| {
        if group.deleted.is_none() {
            importing.learn(&group.display_name, group.seq);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    let mut report = Report::default();
    let mut made = Vec::with_capacity(records.len());
    for record in records {
        made.push(importing.one(record, &mut report)?);
    }
    for (record, row) in records.iter().zip(made) {
        importing.members(record, row, &mut report)?;
    }
    Ok(report)
}

struct Importing<'a, 't> {
    tx: &'a Write<'t>,
    operator: &'a Operator,
    tenant: Seq,
    ids: &'a Guids,
    now: Timestamp,
    /// Names in lower case.
    names: HashMap<String, Vec<Seq>>,
}

impl Importing<'_, '_> {
    fn learn(&mut self, name: &str, row: Seq) {
        let rows = self.names.entry(name.to_lowercase()).or_default();
        if !rows.contains(&row) {
            rows.push(row);
        }
    }

    fn one(&mut self, record: &GroupRecord, report: &mut Report) -> Result<Seq> {
        let (tx, operator, tenant, now) = (self.tx, self.operator, self.tenant, self.now);
        let changes = plain(&record.changes);
        let (before, group) = match self.find(record)? {
            None => {
                let new = NewGroup {
                    id: record.id.unwrap_or_else(|| self.ids.next()),
                    attributes: changes,
                };
                let made = directory::create(tx, operator, tenant, &new, now);
                report.created += 1;
                (None, Self::blame(record, made)?)
            }
            Some(row) => {
                let before = at(record.at, get_group(tx, tenant, row))?;
                // Graph says `false` of a group of which nothing was said.
                let mut changes = changes;
                changes.retain(|change| {
                    change.name() != "mailEnabled"
                        || change.text() != Some("False")
                        || before.text("mailEnabled").is_some()
                });
                let changed = directory::update(tx, operator, tenant, row, &changes, now);
                (Some(before), Self::blame(record, changed)?)
            }
        };
        self.learn(&group.display_name, group.seq);
        let mut after = group;
        if let Some((place, rule)) = &record.rule {
            let set = dynamic::set_rule(tx, operator, tenant, after.seq, rule.as_deref(), now);
            after = at(*place, set)?;
        }
        match before {
            None => {}
            Some(before) if before == after => report.unchanged += 1,
            Some(_) => report.updated += 1,
        }
        Ok(after.seq)
    }

    fn blame<T>(record: &GroupRecord, result: crate::error::Result<T>) -> Result<T> {
        let place = match &result {
            Err(error) => blamed(error, record.at, &record.changes),
            Ok(_) => record.at,
        };
        at(place, result)
    }

    /// Which group a record is about.
    fn find(&self, record: &GroupRecord) -> Result<Option<Seq>> {
        if let Some(id) = &record.id {
            return match rows::object_by_id(self.tx, self.tenant, id)? {
                None => Ok(None),
                Some(object) if object.kind == ObjectKind::Group => Ok(Some(object.seq)),
                Some(_) => {
                    let message = format!("{id} is the object id of a user");
                    Err(Mistake::new(record.at, message).into())
                }
            };
        }
        let named = record
            .changes
            .iter()
            .find(|(_, change)| change.name() == "displayName");
        match named.and_then(|(place, change)| Some((*place, change.text()?))) {
            Some((place, name)) => self.named(place.line, place.column, name),
            None => Ok(None),
        }
    }

    fn named(&self, line: usize, column: usize, name: &str) -> Result<Option<Seq>> {
        match self.names.get(&name.to_lowercase()).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([only]) => Ok(Some(*only)),
            Some(_) => Err(Mistake::new(
                super::Place { line, column },
                format!("several groups are called {name}; give the object id"),
            )
            .into()),
        }
    }

    fn members(&self, record: &GroupRecord, row: Seq, report: &mut Report) -> Result<()> {
        if record.members.is_empty() {
            return Ok(());
        }
        if at(record.at, get_group(self.tx, self.tenant, row))?
            .dynamic
            .is_some()
        {
            return Ok(());
        }
        for (place, reference) in &record.members {
            let Some(member) = self.principal(*place, reference)? else {
                let message = "this member is neither in the directory nor in this file";
                return Err(Mistake::new(*place, message).into());
            };
            let (tx, operator) = (self.tx, self.operator);
            let added = directory::add_member(tx, operator, self.tenant, row, member, self.now);
            report.members_added += u64::from(at(*place, added)?);
        }
        Ok(())
    }

    fn principal(&self, place: super::Place, reference: &Reference) -> Result<Option<ObjectRef>> {
        if let Some(user) = user_of(self.tx, self.tenant, reference)? {
            return Ok(Some(ObjectRef::user(user)));
        }
        let group = match reference {
            Reference::Name(name) => self.named(place.line, place.column, name)?,
            Reference::Id(id) => rows::object_by_id(self.tx, self.tenant, id)?
                .filter(|object| object.kind == ObjectKind::Group)
                .map(|object| object.seq),
        };
        Ok(group.map(ObjectRef::group))
    }
}
