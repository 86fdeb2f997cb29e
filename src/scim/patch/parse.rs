//! From a `PatchOp` body to typed edits: envelope, quirks, paths, mutability, values.

use std::sync::Arc;

use serde_json::Value;

use super::super::Object;
use super::super::error::{Error, ScimType, echo, kind_of};
use super::super::message::check_patch_envelope;
use super::super::path::{AttributePath, PathSyntax, Target};
use super::super::profile::{Rules, Unknown};
use super::super::quirks;
use super::super::schema::{Attribute, Kind, Mutability, ResourceType, Returned};
use super::super::value::{Nulls, is_primary, many, single, two_primaries};
use super::{Action, Edit, MAX_OPERATIONS, PatchRequest, group};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Remove,
    Replace,
}

/// Where a path came from decides what a read-only attribute means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Path,
    /// A key of a path-less value object.
    Key,
}

pub(super) fn parse(rt: &ResourceType, body: Value, rules: &Rules) -> Result<PatchRequest, Error> {
    let operations = check_patch_envelope(body, rules)?;
    if operations.is_empty() || operations.len() > MAX_OPERATIONS {
        return Err(Error::invalid_syntax(format!(
            "\"Operations\" must have 1 to {MAX_OPERATIONS} elements, not {}",
            operations.len()
        )));
    }
    let mut request = PatchRequest {
        edits: Vec::with_capacity(operations.len()),
        members: vec![],
        ids: vec![],
    };
    for (i, operation) in operations.into_iter().enumerate() {
        let mut reader = Reader {
            rt,
            rules,
            request: &mut request,
        };
        reader.operation(operation).map_err(|mut e| {
            e.detail = format!("operation {}: {}", i + 1, e.detail);
            e
        })?;
    }
    Ok(request)
}

struct Reader<'a> {
    rt: &'a ResourceType,
    rules: &'a Rules,
    request: &'a mut PatchRequest,
}

impl Reader<'_> {
    fn operation(&mut self, operation: Value) -> Result<(), Error> {
        let Value::Object(members) = operation else {
            return Err(Error::invalid_syntax(format!(
                "an operation must be an object, not {}",
                kind_of(&operation)
            )));
        };
        let (mut op, mut path, mut value) = (None, None, None);
        for (name, found) in members {
            if name.eq_ignore_ascii_case("op") {
                op = Some(found);
            } else if name.eq_ignore_ascii_case("path") {
                path = Some(found);
            } else if name.eq_ignore_ascii_case("value") {
                value = Some(found);
            }
        }
        let op = self.op(op.as_ref())?;
        match path {
            None | Some(Value::Null) => self.without_path(op, value),
            Some(Value::String(path)) => self.at_path(op, &path, value, Source::Path),
            Some(other) => Err(Error::invalid_path(format!(
                "\"path\" must be a string, not {}",
                kind_of(&other)
            ))),
        }
    }

    fn op(&self, op: Option<&Value>) -> Result<Op, Error> {
        let word = match op {
            Some(Value::String(word)) => quirks::operation_word(word, self.rules),
            Some(other) => {
                return Err(Error::invalid_syntax(format!(
                    "\"op\" must be a string, not {}",
                    kind_of(other)
                )));
            }
            None => return Err(Error::invalid_syntax("\"op\" is missing")),
        };
        match word.as_str() {
            "add" => Ok(Op::Add),
            "remove" => Ok(Op::Remove),
            "replace" => Ok(Op::Replace),
            other => Err(Error::invalid_syntax(format!(
                "\"op\" must be add, remove or replace, not \"{}\"",
                echo(other)
            ))),
        }
    }

    /// The value is an object; each member is an operation of its own (RFC 7644 3.5.2.1, 3.5.2.3).
    fn without_path(&mut self, op: Op, value: Option<Value>) -> Result<(), Error> {
        if op == Op::Remove {
            return Err(Error::no_target("\"remove\" needs a \"path\""));
        }
        let Some(Value::Object(given)) = value else {
            return Err(Error::invalid_value(format!(
                "without \"path\" the \"value\" must be an object of attributes, not {}",
                value.as_ref().map_or("missing", kind_of)
            )));
        };
        for (key, value) in given {
            if key.eq_ignore_ascii_case("schemas") {
                continue;
            }
            if quirks::is_path_key(&key, self.rt) && !self.rules.dotted_keys {
                return Err(Error::invalid_path(format!(
                    "\"{}\" is a path, not an attribute name; use \"path\"",
                    echo(&key)
                )));
            }
            self.at_path(op, &key, Some(value), Source::Key)?;
        }
        Ok(())
    }

    fn at_path(
        &mut self,
        op: Op,
        path: &str,
        value: Option<Value>,
        source: Source,
    ) -> Result<(), Error> {
        let target = match Target::parse(path, self.rt, self.rules) {
            Err(error) if self.is_ignored(path, &error) => return Ok(()),
            target => target?,
        };
        match target {
            Target::Attribute(path) => self.at_attribute(op, path, value, source),
            Target::Resource if source == Source::Path => self.without_path(op, value),
            Target::Resource => Err(Error::invalid_path(format!(
                "\"{}\" cannot be a key of \"value\"",
                echo(path)
            ))),
            Target::Container(urn) => self.at_container(op, &urn, value),
        }
    }

    /// Whether a path that leads nowhere may: it is one, but of an attribute the type does not have.
    fn is_ignored(&self, path: &str, error: &Error) -> bool {
        self.rules.unknown_paths == Unknown::Ignore
            && error.scim_type == Some(ScimType::InvalidPath)
            && PathSyntax::parse(path).is_ok()
    }

    fn at_container(&mut self, op: Op, urn: &Arc<str>, value: Option<Value>) -> Result<(), Error> {
        match (op, value) {
            (Op::Add, Some(Value::Null)) if self.rules.null_add => Ok(()),
            (Op::Remove, None | Some(Value::Null)) | (Op::Replace, Some(Value::Null)) => {
                let required = self.rt.extension(urn).is_some_and(|e| e.required);
                if required {
                    return Err(Error::mutability(format!("\"{urn}\" is required")));
                }
                self.request
                    .edits
                    .push(Edit::DropContainer(Arc::clone(urn)));
                Ok(())
            }
            (Op::Add | Op::Replace, Some(Value::Object(given))) => {
                for (key, value) in given {
                    // Clients that treat an extension as a resource name its URN again in it.
                    if key.eq_ignore_ascii_case("schemas") {
                        continue;
                    }
                    let path = format!("{urn}:{key}");
                    self.at_path(op, &path, Some(value), Source::Key)?;
                }
                Ok(())
            }
            (_, other) => Err(Error::invalid_value(format!(
                "\"{urn}\" takes an object, not {}",
                other.as_ref().map_or("nothing", kind_of)
            ))),
        }
    }

    fn at_attribute(
        &mut self,
        op: Op,
        path: AttributePath,
        value: Option<Value>,
        source: Source,
    ) -> Result<(), Error> {
        if path.schema.is_none() && path.attribute.name == "schemas" {
            return self.schemas(op, &path, value);
        }
        let innermost = path.sub_attribute.as_ref().unwrap_or(&path.attribute);
        if path.attribute.is_read_only() || innermost.is_read_only() {
            if source == Source::Key {
                if self.rules.ignore_read_only_in_value {
                    return Ok(());
                }
                // What the resource is called it may repeat; whether it does is known when it is found.
                if let (None, "id", Some(id)) = (&path.schema, &*path.attribute.name, &value) {
                    self.request.ids.push(id.clone());
                    return Ok(());
                }
            }
            return Err(Error::mutability(format!("\"{path}\" is read-only")));
        }
        if op == Op::Remove && innermost.mutability == Mutability::Immutable {
            return Err(Error::mutability(format!("\"{path}\" is immutable")));
        }
        let emptied = op == Op::Replace
            && path.attribute.handling.stored_apart
            && self.rules.replace_without_value;
        if value.is_none() && op != Op::Remove && !emptied {
            return Err(Error::invalid_value(format!(
                "\"value\" is missing; \"{path}\" needs one"
            )));
        }
        if op == Op::Remove
            && path.attribute.required
            && path.filter.is_none()
            && path.sub_attribute.is_none()
        {
            return Err(Error::mutability(format!("\"{path}\" is required")));
        }
        if path.attribute.handling.stored_apart {
            self.request
                .members
                .extend(group::member_edit(op, &path, value, self.rules)?);
            return Ok(());
        }
        let Some(action) = self.action(op, &path, value)? else {
            return Ok(());
        };
        let thrown_away = |a: &Attribute| a.returned == Returned::Never;
        if thrown_away(&path.attribute) || path.sub_attribute.as_deref().is_some_and(thrown_away) {
            return Ok(());
        }
        self.request.edits.push(Edit::Attribute {
            schema: path.schema,
            attribute: path.attribute,
            filter: path.filter,
            sub: path.sub_attribute,
            action,
        });
        Ok(())
    }

    /// What the operation does, with its value typed. `None`: nothing.
    fn action(
        &self,
        op: Op,
        path: &AttributePath,
        value: Option<Value>,
    ) -> Result<Option<Action>, Error> {
        let attribute = &*path.attribute;
        if op == Op::Remove {
            return self.removal(path, value).map(Some);
        }
        let value = value.unwrap_or(Value::Null);
        let value = if path.sub_attribute.is_none() && op == Op::Replace {
            quirks::emptied(attribute, value, self.rules)
        } else {
            value
        };
        if op == Op::Add && value.is_null() {
            if self.rules.null_add {
                return Ok(None);
            }
            return Err(Error::invalid_value(format!(
                "\"{path}\": null cannot be added"
            )));
        }
        if let Some(sub) = &path.sub_attribute {
            return Ok(Some(self.sub_action(attribute, sub, value)?));
        }
        if !attribute.multi_valued {
            return self.singular_action(attribute, value).map(Some);
        }
        if path.filter.is_none() {
            let elements = many(attribute, value, self.rules)?;
            return Ok(Some(match op {
                Op::Add => Action::Append(elements),
                _ => Action::ReplaceAll(elements),
            }));
        }
        if value.is_null() {
            return Ok(Some(Action::Remove));
        }
        // A one-element array stands for its element, as for a singular attribute.
        let value = match value {
            Value::Array(mut list) if self.rules.coerce_shapes && list.len() == 1 => {
                list.pop().unwrap_or(Value::Null)
            }
            other => other,
        };
        let nulls = if op == Op::Add {
            Nulls::Keep
        } else {
            Nulls::Drop
        };
        match (op, single(attribute, None, value, nulls, self.rules)?) {
            (_, None) => Ok(Some(Action::Remove)),
            (Op::Add, Some(Value::Object(given))) => Ok(Some(Action::Merge(given))),
            (_, Some(value)) => Ok(Some(Action::ReplaceMatching(value))),
        }
    }

    fn singular_action(&self, attribute: &Attribute, value: Value) -> Result<Action, Error> {
        match single(attribute, None, value, Nulls::Keep, self.rules)? {
            None if attribute.required => Err(Error::invalid_value(format!(
                "\"{}\" is required",
                attribute.name
            ))),
            None => Ok(Action::Remove),
            Some(Value::Object(given)) if attribute.kind == Kind::Complex => {
                Ok(Action::Merge(given))
            }
            Some(value) => Ok(Action::Set(value)),
        }
    }

    fn sub_action(
        &self,
        attribute: &Attribute,
        sub: &Attribute,
        value: Value,
    ) -> Result<Action, Error> {
        let typed = if sub.multi_valued {
            super::super::value::whole(sub, value, self.rules)?
        } else {
            single(sub, Some(attribute), value, Nulls::Drop, self.rules)?
        };
        match typed {
            Some(value) => Ok(Action::Set(value)),
            None if sub.required => Err(Error::invalid_value(format!(
                "\"{}.{}\" is required",
                attribute.name, sub.name
            ))),
            None => Ok(Action::Remove),
        }
    }

    /// `remove`, perhaps with a `value` that lists elements (Entra ID). A value that is present and not
    /// understood never means "remove all".
    fn removal(&self, path: &AttributePath, value: Option<Value>) -> Result<Action, Error> {
        let value = match value {
            None | Some(Value::Null) => return Ok(Action::Remove),
            Some(value) if self.rules.remove_with_value => value,
            Some(_) => {
                return Err(Error::invalid_syntax(
                    "\"remove\" has no \"value\"; select with a filter in \"path\"",
                ));
            }
        };
        let attribute = &*path.attribute;
        let whole_set = path.filter.is_none() && path.sub_attribute.is_none();
        if !attribute.multi_valued || !whole_set {
            return Ok(Action::Remove);
        }
        let was_empty = value.as_array().is_some_and(Vec::is_empty);
        let listed = many(attribute, value, self.rules)?;
        if listed.is_empty() && !was_empty {
            return Err(Error::invalid_value(format!(
                "\"value\" does not say which values of \"{path}\" to remove"
            )));
        }
        Ok(Action::RemoveListed(listed))
    }

    /// `schemas` changes only by adding or removing registered extensions (RFC 7644 3.5.2).
    fn schemas(&mut self, op: Op, path: &AttributePath, value: Option<Value>) -> Result<(), Error> {
        let listed = match (&path.filter, value) {
            (None, Some(value)) => many(&path.attribute, value, self.rules)?,
            (Some(filter), None | Some(Value::Null)) if op == Op::Remove => filter
                .listed_texts()
                .ok_or_else(|| Error::invalid_path("select schemas by `value eq`"))?
                .into_iter()
                .map(Value::from)
                .collect(),
            _ => return Err(Error::mutability("\"schemas\" is required")),
        };
        let base = &*self.rt.schema.id;
        let mut urns = Vec::with_capacity(listed.len());
        for urn in listed.iter().filter_map(Value::as_str) {
            if urn.eq_ignore_ascii_case(base) {
                urns.push(base);
            } else if let Some(extension) = self.rt.extension(urn) {
                urns.push(&*extension.schema.id);
            } else {
                return Err(Error::invalid_value(format!(
                    "\"schemas\": \"{}\" is not known here",
                    echo(urn)
                )));
            }
        }
        let has_base = urns.contains(&base);
        if (op == Op::Remove && has_base) || (op == Op::Replace && !has_base) {
            return Err(Error::mutability(format!(
                "\"{base}\" must stay in \"schemas\""
            )));
        }
        let drops = self.rt.extensions.iter().filter(|e| match op {
            Op::Add => false,
            Op::Remove => urns.contains(&&*e.schema.id),
            Op::Replace => !urns.contains(&&*e.schema.id),
        });
        for extension in drops {
            if extension.required {
                return Err(Error::mutability(format!(
                    "\"{}\" is required",
                    extension.schema.id
                )));
            }
            let urn = Arc::clone(&extension.schema.id);
            self.request.edits.push(Edit::DropContainer(urn));
        }
        Ok(())
    }
}

/// One operation cannot make two elements primary.
pub(super) fn check_winners(
    attribute: &Attribute,
    elements: &[Value],
    touched: &[usize],
) -> Result<Option<usize>, Error> {
    let mut winners = touched
        .iter()
        .copied()
        .filter(|i| elements.get(*i).is_some_and(is_primary));
    let winner = winners.next();
    match winners.next() {
        Some(_) => Err(two_primaries(attribute)),
        None => Ok(winner),
    }
}

/// Whether a value object says `"primary": true`.
pub(super) fn asserts_primary(object: &Object) -> bool {
    object.get("primary") == Some(&Value::Bool(true))
}

/// An error about what an operation would remove is about mutability (RFC 7644 3.5.2.2).
pub(super) fn as_mutability(mut error: Error) -> Error {
    error.scim_type = Some(ScimType::Mutability);
    error
}
