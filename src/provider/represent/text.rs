//! From rows to wire forms as text: what [`super::user`] and [`super::group`] build as values, spliced
//! from the stored text. A property test holds the two together.

use std::sync::Arc;

use serde_json::Value;
use serde_json::value::RawValue;

use super::body::Body;
use super::{groups_attribute, with_manager};
use crate::access::ScimCaller;
use crate::error::{Error, Result};
use crate::id::{ScimId, Seq};
use crate::model::{ObjectKind, ObjectRef, team};
use crate::provider::{resource_type, users};
use crate::scim::projection::{Cutter, Member, Shown};
use crate::scim::{Endpoint, Entries, Projection, ResourceType, urn};
use crate::store::{self, Stored, View};

/// About how many bytes a resource has beyond what is stored of it: `schemas`, `id`, `meta`.
const COMMON: usize = 512;

/// Writes resources of one type for one request.
pub(in crate::provider) struct Scribe<'a> {
    view: &'a View<'a>,
    endpoint: &'a Arc<Endpoint>,
    base: &'a str,
    kind: ObjectKind,
    projection: &'a Projection,
    cutter: Cutter<'a>,
    /// `groups` of a user, `members` of a group are shown.
    shows_costly: bool,
    refs: Refs,
}

/// The beginning of `$ref` and `location`, as a JSON string without its last quote.
#[derive(Debug, Clone)]
struct Refs(String);

impl Refs {
    fn new(base: &str) -> Self {
        let mut text = String::with_capacity(base.len() + 2);
        push_text(&mut text, base);
        text.pop();
        Self(text)
    }

    fn push(&self, kind: ObjectKind, id: &str, to: &mut String) {
        to.push_str(&self.0);
        to.push_str(match kind {
            ObjectKind::User => "/Users/",
            ObjectKind::Group => "/Groups/",
        });
        to.push_str(id);
        to.push('"');
    }
}

/// Appends a JSON string.
fn push_text(to: &mut String, text: &str) {
    let plain = |b: u8| b >= 0x20 && b != b'"' && b != b'\\' && b != 0x7f;
    // Without a way out in the middle: many bytes are looked at in one step.
    if text.bytes().fold(true, |all, b| all & plain(b)) {
        to.reserve(text.len() + 2);
        to.push('"');
        to.push_str(text);
        to.push('"');
    } else {
        to.push_str(&Value::from(text).to_string());
    }
}

/// Appends `"name":`, with a comma unless it is the first member.
fn push_name(to: &mut String, name: &str) {
    if !to.ends_with('{') {
        to.push(',');
    }
    push_text(to, name);
    to.push(':');
}

fn push_value(to: &mut String, name: &str, value: &Value) {
    push_name(to, name);
    to.push_str(&value.to_string());
}

pub(super) fn damaged(error: &serde_json::Error) -> Error {
    store::Error::Corrupt(format!("stored attributes cannot be read: {error}")).into()
}

/// The stored attributes of a row.
pub(super) fn entries<'a>(row: &Stored<'a>) -> Result<Entries<'a>> {
    Entries::read(row.attributes.get()).map_err(|e| damaged(&e))
}

impl<'a> Scribe<'a> {
    pub(in crate::provider) fn new(
        view: &'a View<'a>,
        caller: &'a ScimCaller,
        base: &'a str,
        kind: ObjectKind,
        projection: &'a Projection,
    ) -> Self {
        let rt = resource_type(&caller.endpoint, kind);
        let cutter = Cutter::new(projection, rt);
        let shows_costly = cutter.attribute(costly(kind)).is_some_and(|s| !s.nothing());
        Self {
            view,
            endpoint: &caller.endpoint,
            base,
            kind,
            projection,
            cutter,
            shows_costly,
            refs: Refs::new(base),
        }
    }

    fn rt(&self) -> &'a ResourceType {
        self.cutter.resource_type()
    }

    /// Appends the wire form of a row.
    pub(in crate::provider) fn write(&self, row: &Stored<'_>, body: &mut Body) -> Result<()> {
        let entries = entries(row)?;
        let out = &mut body.text;
        out.reserve(row.attributes.get().len() + COMMON);
        out.push_str("{\"schemas\":[");
        push_text(out, &self.rt().schema.id);
        for extension in &self.rt().extensions {
            if entries.get(&extension.schema.id).is_some() {
                out.push(',');
                push_text(out, &extension.schema.id);
            }
        }
        out.push_str("],\"id\":");
        push_text(out, row.id);
        for (name, raw) in entries.iter() {
            match self.cutter.member(name) {
                Some(Member::Attribute(shown)) => {
                    self.attribute(&shown, name, raw.get(), out)?;
                }
                Some(Member::Extension(extension)) => {
                    let Ok(inner) = Entries::read(raw.get()) else {
                        continue;
                    };
                    let before = out.len();
                    push_name(out, name);
                    out.push('{');
                    let empty = out.len();
                    for (name, raw) in inner.iter() {
                        let Some(shown) = self.cutter.inner(extension, name) else {
                            continue;
                        };
                        if name == "manager" && *extension.schema.id == *urn::ENTERPRISE_USER {
                            self.manager(&shown, raw.get(), out)?;
                        } else {
                            self.attribute(&shown, name, raw.get(), out)?;
                        }
                    }
                    if out.len() == empty {
                        out.truncate(before);
                    } else {
                        out.push('}');
                    }
                }
                None => {}
            }
        }
        if self.shows_costly {
            match self.kind {
                ObjectKind::User => self.groups(row, &mut body.text)?,
                ObjectKind::Group => self.members(row, body)?,
            }
        }
        self.meta(row, &mut body.text);
        body.text.push('}');
        Ok(())
    }

    fn attribute(
        &self,
        shown: &Shown<'_, '_>,
        name: &str,
        raw: &str,
        out: &mut String,
    ) -> Result<()> {
        if shown.nothing() {
            return Ok(());
        }
        if shown.whole() {
            push_name(out, name);
            out.push_str(raw);
            return Ok(());
        }
        let value = serde_json::from_str(raw).map_err(|e| damaged(&e))?;
        if let Some(value) = self.cutter.cut(shown, value) {
            push_value(out, name, &value);
        }
        Ok(())
    }

    fn manager(&self, shown: &Shown<'_, '_>, raw: &str, out: &mut String) -> Result<()> {
        if shown.nothing() {
            return Ok(());
        }
        let mut value: Value = serde_json::from_str(raw).map_err(|e| damaged(&e))?;
        complete_manager(self.view, self.base, &mut value)?;
        if let Some(value) = self.cutter.cut(shown, value) {
            push_value(out, "manager", &value);
        }
        Ok(())
    }

    fn groups(&self, row: &Stored<'_>, out: &mut String) -> Result<()> {
        let Some(shown) = self.cutter.attribute("groups") else {
            return Ok(());
        };
        if !shown.whole() {
            let tx = self.view.snapshot();
            let values = groups_attribute(tx, self.view.team(), self.base, row.seq)?;
            if !values.is_empty()
                && let Some(value) = self.cutter.cut(&shown, values.into())
            {
                push_value(out, "groups", &value);
            }
            return Ok(());
        }
        let groups = users::reached(row.seq, |member| self.view.groups_of(member))?;
        let mut first = true;
        for (seq, direct) in groups {
            self.view
                .row(ObjectRef::group(seq), |group| {
                    if first {
                        push_name(out, "groups");
                        out.push('[');
                    } else {
                        out.push(',');
                    }
                    first = false;
                    out.push_str("{\"value\":");
                    push_text(out, group.id);
                    out.push_str(",\"$ref\":");
                    self.refs.push(ObjectKind::Group, group.id, out);
                    out.push_str(",\"display\":");
                    push_group_name(&group, out)?;
                    out.push_str(if direct {
                        ",\"type\":\"direct\"}"
                    } else {
                        ",\"type\":\"indirect\"}"
                    });
                    Ok::<_, Error>(())
                })
                .map_err(Error::from)?
                .transpose()?;
        }
        if !first {
            out.push(']');
        }
        Ok(())
    }

    fn members(&self, row: &Stored<'_>, body: &mut Body) -> Result<()> {
        let Some(shown) = self.cutter.attribute("members") else {
            return Ok(());
        };
        let whole = shown.whole();
        let members = Members {
            endpoint: Arc::clone(self.endpoint),
            team: self.view.team(),
            projection: self.projection.clone(),
            refs: self.refs.clone(),
            whole,
        };
        let out = &mut body.text;
        let before = out.len();
        push_name(out, "members");
        out.push('[');
        if body.defers(row.member_count) {
            body.defer(row.seq, members);
            body.text.push(']');
            return Ok(());
        }
        let out = &mut body.text;
        let empty = out.len();
        for member in self.view.members(row.seq)? {
            let behind = out.len();
            if behind > empty {
                out.push(',');
            }
            if !members.write(self.view, member, out)? {
                out.truncate(behind);
            }
        }
        if out.len() == empty && !shown.everything() {
            // A projection that leaves nothing of an attribute leaves the attribute out.
            out.truncate(before);
        } else {
            out.push(']');
        }
        Ok(())
    }

    fn meta(&self, row: &Stored<'_>, out: &mut String) {
        let Some(shown) = self.cutter.attribute("meta") else {
            return;
        };
        if shown.nothing() {
            return;
        }
        if !shown.whole() {
            if let Some(value) = self.cutter.cut(&shown, meta_of(self.rt(), self.base, row)) {
                push_value(out, "meta", &value);
            }
            return;
        }
        push_name(out, "meta");
        out.push_str("{\"resourceType\":");
        push_text(out, &self.rt().name);
        out.push_str(",\"created\":");
        push_text(out, row.meta.created);
        out.push_str(",\"lastModified\":");
        push_text(out, row.meta.last_modified);
        out.push_str(",\"location\":");
        self.refs.push(self.kind, row.id, out);
        out.push_str(",\"version\":");
        push_text(out, &version(row));
        out.push('}');
    }
}

/// The attribute that costs reads of other rows.
pub(in crate::provider) const fn costly(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::User => "groups",
        ObjectKind::Group => "members",
    }
}

/// `ETag` of a row, as [`crate::model::Meta::version`] has it.
pub(super) fn version(row: &Stored<'_>) -> String {
    format!("W/\"{}\"", row.meta.revision)
}

/// `Location` of a row.
pub(super) fn location(rt: &ResourceType, base: &str, id: &str) -> String {
    [base, &rt.endpoint, "/", id].concat()
}

pub(super) fn meta_of(rt: &ResourceType, base: &str, row: &Stored<'_>) -> Value {
    serde_json::json!({
        "resourceType": rt.name,
        "created": row.meta.created,
        "lastModified": row.meta.last_modified,
        "location": location(rt, base, row.id),
        "version": version(row),
    })
}

/// Appends the name of a group as JSON.
fn push_group_name(row: &Stored<'_>, out: &mut String) -> Result<()> {
    out.push_str(match entries(row)?.get("displayName") {
        Some(name) if name.get().starts_with('"') => name.get(),
        _ => "\"\"",
    });
    Ok(())
}

fn called(entries: &Entries<'_>) -> Result<Option<String>> {
    let attributes = entries
        .pick(&["displayName", "name"])
        .map_err(|e| damaged(&e))?;
    Ok(team::called(&attributes))
}

pub(super) fn complete_manager(view: &View<'_>, base: &str, manager: &mut Value) -> Result<()> {
    with_manager(base, manager, |id: &ScimId| {
        let found = view.by_id(ObjectKind::User, &id.to_string(), |row| {
            called(&entries(&row)?)
        })?;
        found.transpose()
    })
}

/// How the members of groups are written in one answer. Owns what it needs: it is used after the request's
/// own snapshot has gone.
#[derive(Debug, Clone)]
pub(super) struct Members {
    endpoint: Arc<Endpoint>,
    team: Seq,
    projection: Projection,
    refs: Refs,
    whole: bool,
}

impl Members {
    pub(super) fn team(&self) -> Seq {
        self.team
    }

    /// Appends one member; false when it has gone or nothing of it is shown.
    pub(super) fn write(
        &self,
        view: &View<'_>,
        member: ObjectRef,
        out: &mut String,
    ) -> Result<bool> {
        let before = out.len();
        let written = view
            .row(member, |row| {
                out.push_str("{\"value\":");
                push_text(out, row.id);
                out.push_str(",\"$ref\":");
                self.refs.push(member.kind, row.id, out);
                out.push_str(",\"type\":\"");
                out.push_str(member.kind.name());
                out.push('"');
                match member.kind {
                    ObjectKind::User => {
                        let entries = entries(&row)?;
                        match entries.get("displayName").map(RawValue::get) {
                            Some(name) if name.starts_with('"') && name != "\"\"" => {
                                out.push_str(",\"display\":");
                                out.push_str(name);
                            }
                            _ => {
                                if let Some(name) = called(&entries)? {
                                    out.push_str(",\"display\":");
                                    push_text(out, &name);
                                }
                            }
                        }
                    }
                    ObjectKind::Group => {
                        out.push_str(",\"display\":");
                        push_group_name(&row, out)?;
                    }
                }
                out.push('}');
                Ok::<_, Error>(())
            })?
            .transpose()?
            .is_some();
        if !written || self.whole {
            return Ok(written);
        }
        let rt = resource_type(&self.endpoint, ObjectKind::Group);
        let cutter = Cutter::new(&self.projection, rt);
        let value =
            serde_json::from_str(out.get(before..).unwrap_or_default()).map_err(|e| damaged(&e))?;
        out.truncate(before);
        let Some(value) = cutter
            .attribute("members")
            .and_then(|shown| cutter.cut(&shown, value))
        else {
            return Ok(false);
        };
        out.push_str(&value.to_string());
        Ok(true)
    }
}
