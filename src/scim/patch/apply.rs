//! Applying typed edits to a stored object. RFC 7644 sections 3.5.2.1 to 3.5.2.3.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use serde_json::Value;

use super::super::Object;
use super::super::error::Error;
use super::super::filter::{ValueFilter, comparison_of};
use super::super::profile::Rules;
use super::super::resource::check_required;
use super::super::schema::{Attribute, Mutability, ResourceType};
use super::super::value::{check_count, check_immutable, identity, immutable_subs, is_primary};
use super::parse::{as_mutability, asserts_primary, check_winners};
use super::{Action, Edit};

pub(super) fn apply(
    edits: &[Edit],
    rt: &ResourceType,
    current: &Object,
    rules: &Rules,
) -> Result<Object, Error> {
    let mut work = current.clone();
    for edit in edits {
        match edit {
            Edit::DropContainer(urn) => {
                work.shift_remove(&**urn);
            }
            Edit::Attribute {
                schema,
                attribute,
                filter,
                sub,
                action,
            } => {
                let place = Place {
                    attribute,
                    filter: filter.as_ref(),
                    sub: sub.as_deref(),
                    rules,
                };
                within(&mut work, schema.as_ref(), |object| {
                    place.guarded(object, action)
                })?;
            }
        }
    }
    check_required(rt, &work).map_err(as_mutability)?;
    Ok(work)
}

/// Runs `change` on the object an attribute lives in; an extension that ends empty disappears.
fn within(
    work: &mut Object,
    schema: Option<&Arc<str>>,
    change: impl FnOnce(&mut Object) -> Result<(), Error>,
) -> Result<(), Error> {
    let Some(urn) = schema else {
        return change(work);
    };
    let container = work
        .entry(&**urn)
        .or_insert_with(|| Value::Object(Object::new()));
    if let Value::Object(object) = container {
        change(object)?;
        if object.is_empty() {
            work.shift_remove(&**urn);
        }
    }
    Ok(())
}

struct Place<'e> {
    attribute: &'e Attribute,
    filter: Option<&'e ValueFilter>,
    sub: Option<&'e Attribute>,
    rules: &'e Rules,
}

impl Place<'_> {
    /// [`Self::change`], and the promise that an immutable value is only ever set once.
    fn guarded(&self, object: &mut Object, action: &Action) -> Result<(), Error> {
        let immutable = self.attribute.mutability == Mutability::Immutable
            || immutable_subs(self.attribute).next().is_some();
        if !immutable {
            return self.change(object, action);
        }
        let before = object.get(&self.attribute.name).cloned();
        self.change(object, action)?;
        let after = object.get(&self.attribute.name);
        check_immutable(self.attribute, before.as_ref(), after)
    }

    fn change(&self, object: &mut Object, action: &Action) -> Result<(), Error> {
        let name = self.attribute.name.as_str();
        if !self.attribute.multi_valued {
            self.change_singular(object, action);
            return Ok(());
        }
        let mut elements = match object.get_mut(name) {
            Some(Value::Array(elements)) => std::mem::take(elements),
            _ => vec![],
        };
        let touched = self.change_elements(&mut elements, action)?;
        if let Some(winner) = check_winners(self.attribute, &elements, &touched)? {
            for (i, element) in elements.iter_mut().enumerate() {
                if i != winner && is_primary(element) {
                    element["primary"] = Value::Bool(false);
                }
            }
        }
        if !matches!(action, Action::Append(_) | Action::ReplaceAll(_)) {
            unify(self.attribute, &mut elements);
        }
        if elements.is_empty() {
            object.shift_remove(name);
        } else if let Some(slot) = object.get_mut(name) {
            *slot = Value::Array(elements);
        } else {
            object.insert(name.to_owned(), Value::Array(elements));
        }
        Ok(())
    }

    fn change_singular(&self, object: &mut Object, action: &Action) {
        let name = self.attribute.name.as_str();
        let Some(sub) = self.sub else {
            match action {
                Action::Set(value) => {
                    object.insert(name.to_owned(), value.clone());
                }
                Action::Merge(given) => {
                    let slot = object
                        .entry(name)
                        .or_insert_with(|| Value::Object(Object::new()));
                    merge(slot, given);
                    if slot.as_object().is_some_and(Object::is_empty) {
                        object.shift_remove(name);
                    }
                }
                _ => {
                    object.shift_remove(name);
                }
            }
            return;
        };
        if let Action::Set(value) = action {
            let slot = object
                .entry(name)
                .or_insert_with(|| Value::Object(Object::new()));
            if let Value::Object(parent) = slot {
                parent.insert(sub.name.clone(), value.clone());
            }
        } else if let Some(Value::Object(parent)) = object.get_mut(name) {
            parent.shift_remove(&sub.name);
            if parent.is_empty() {
                object.shift_remove(name);
            }
        }
    }

    /// Returns the indexes of elements that this operation may have made primary.
    fn change_elements(
        &self,
        elements: &mut Vec<Value>,
        action: &Action,
    ) -> Result<Vec<usize>, Error> {
        match action {
            Action::Append(new) => self.append(elements, new),
            Action::ReplaceAll(new) => {
                elements.clone_from(new);
                Ok(vec![])
            }
            Action::RemoveListed(listed) => {
                elements.retain(|element| !listed.iter().any(|l| self.agrees(element, l)));
                Ok(vec![])
            }
            Action::Remove => {
                self.remove(elements);
                Ok(vec![])
            }
            Action::Set(_) | Action::Merge(_) | Action::ReplaceMatching(_) => {
                self.assign(elements, action)
            }
        }
    }

    fn append(&self, elements: &mut Vec<Value>, new: &[Value]) -> Result<Vec<usize>, Error> {
        let mut known: HashMap<String, usize> = elements
            .iter()
            .enumerate()
            .map(|(i, element)| (identity(self.attribute, element), i))
            .collect();
        let mut touched = vec![];
        for element in new {
            let place = *known
                .entry(identity(self.attribute, element))
                .or_insert(elements.len());
            match (elements.get_mut(place), element) {
                (Some(existing), Value::Object(given)) => merge(existing, given),
                (Some(existing), simple) => existing.clone_from(simple),
                (None, _) => elements.push(element.clone()),
            }
            if is_primary(element) {
                touched.push(place);
            }
        }
        check_count(self.attribute, elements.len())?;
        Ok(touched)
    }

    /// Whether a stored element has all that a listed one says; a false `primary` says nothing.
    fn agrees(&self, element: &Value, listed: &Value) -> bool {
        let (Value::Object(element), Value::Object(listed)) = (element, listed) else {
            return identity(self.attribute, element) == identity(self.attribute, listed);
        };
        listed.iter().all(|(name, wanted)| {
            match (self.attribute.sub(name), element.get(name), wanted) {
                (Some(sub), Some(Value::String(has)), Value::String(wanted)) => {
                    comparison_of(sub).same(has, wanted)
                }
                (_, None, Value::Bool(false)) => true,
                (_, has, wanted) => has == Some(wanted),
            }
        })
    }

    fn is_selected(&self, element: &Value) -> bool {
        self.filter.is_none_or(|filter| filter.matches(element))
    }

    fn remove(&self, elements: &mut Vec<Value>) {
        let Some(sub) = self.sub else {
            elements.retain(|element| !self.is_selected(element));
            return;
        };
        elements.retain_mut(|element| {
            if self.is_selected(element)
                && let Value::Object(object) = element
            {
                object.shift_remove(&sub.name);
                return !object.is_empty();
            }
            true
        });
    }

    /// Sets, merges or replaces in each selected element; makes one when there is none and the rules
    /// and the filter say how (Entra ID sends `replace phoneNumbers[type eq "work"].value` for people
    /// without a telephone).
    fn assign(&self, elements: &mut Vec<Value>, action: &Action) -> Result<Vec<usize>, Error> {
        let mut selected: Vec<usize> = (0..elements.len())
            .filter(|i| elements.get(*i).is_some_and(|e| self.is_selected(e)))
            .collect();
        let created = selected.is_empty();
        if created {
            selected.push(elements.len());
            elements.push(self.selected_element()?);
            check_count(self.attribute, elements.len())?;
        }
        let asserts = match (action, self.sub) {
            (Action::Set(value), Some(sub)) => sub.name == "primary" && *value == Value::Bool(true),
            (Action::Merge(given) | Action::ReplaceMatching(Value::Object(given)), _) => {
                asserts_primary(given)
            }
            _ => false,
        };
        for i in &selected {
            let Some(element) = elements.get_mut(*i) else {
                continue;
            };
            match (action, self.sub) {
                (Action::Set(value), Some(sub)) => {
                    if let Value::Object(object) = element {
                        object.insert(sub.name.clone(), value.clone());
                    }
                }
                (Action::Merge(given), _) => merge(element, given),
                (Action::ReplaceMatching(value), _) => {
                    let mut value = value.clone();
                    if self.rules.carry_selector || created {
                        self.carry_selectors(&mut value);
                    }
                    *element = value;
                }
                _ => {}
            }
        }
        elements.retain(|element| element.as_object().is_none_or(|o| !o.is_empty()));
        Ok(if asserts || created { selected } else { vec![] })
    }

    /// The element a conjunction of `eq` describes.
    fn selected_element(&self) -> Result<Value, Error> {
        let nothing = || {
            Error::no_target(format!(
                "no value of \"{}\" is selected by the path",
                self.attribute.name
            ))
        };
        if !self.rules.create_on_no_target || self.attribute.sub_attributes.is_empty() {
            return Err(nothing());
        }
        let mut element = Value::Object(Object::new());
        if self.filter.is_some_and(|f| f.selectors().is_none()) {
            return Err(nothing());
        }
        self.carry_selectors(&mut element);
        Ok(element)
    }

    fn carry_selectors(&self, element: &mut Value) {
        let selectors = self.filter.and_then(ValueFilter::selectors);
        if let (Value::Object(object), Some(selectors)) = (element, selectors) {
            for (sub, value) in selectors {
                if !sub.is_read_only() && !object.contains_key(&sub.name) {
                    object.insert(sub.name.clone(), value);
                }
            }
        }
    }
}

/// Elements that have become the same are one, the first; RFC 7643 section 2.4 wants no pair of `type` and
/// `value` twice. It is primary if any of them was.
fn unify(attribute: &Attribute, elements: &mut Vec<Value>) {
    if elements.len() < 2 {
        return;
    }
    let mut known: HashMap<String, usize> = HashMap::with_capacity(elements.len());
    let mut kept: Vec<Value> = Vec::with_capacity(elements.len());
    for element in elements.drain(..) {
        match known.entry(identity(attribute, &element)) {
            Entry::Vacant(entry) => {
                entry.insert(kept.len());
                kept.push(element);
            }
            Entry::Occupied(first) => {
                if is_primary(&element)
                    && let Some(first) = kept.get_mut(*first.get())
                {
                    first["primary"] = Value::Bool(true);
                }
            }
        }
    }
    *elements = kept;
}

fn merge(into: &mut Value, given: &Object) {
    let Value::Object(object) = into else {
        return;
    };
    for (name, value) in given {
        if value.is_null() {
            object.shift_remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
}
