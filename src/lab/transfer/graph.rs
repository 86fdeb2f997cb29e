//! Users and groups as Microsoft Graph answers them.

use super::super::json::{self, Key, Node, Value};
use super::{File, Records, is_not_kept, place, user_type};
use crate::directory::graph::{self as names, GraphName, Shape};
use crate::directory::import::{GroupRecord, Mistake, Place, Reference, UserRecord};
use crate::directory::{AttributeChange, AttributeValue, is_extension};
use crate::id::Guid;
use crate::model::ObjectKind;

type Result<T> = std::result::Result<T, Mistake>;
type Members = [(Key, Node)];

/// Reads `{"value": [...]}`, a list, or one object.
pub(super) fn read(kind: ObjectKind, text: &str) -> Result<File> {
    let root = json::parse(text).map_err(|wrong| Mistake::new(place(wrong.at), wrong.message))?;
    let objects: &[Node] = match &root.value {
        Value::Array(objects) => objects,
        Value::Object(members) => match members.iter().find(|(key, _)| key.text == "value") {
            Some((_, node)) => match &node.value {
                Value::Array(objects) => objects,
                other => return expected(node, "an array", other),
            },
            None => std::slice::from_ref(&root),
        },
        other => return expected(&root, "an object", other),
    };
    let mut ignored = Vec::new();
    let mut users = Vec::new();
    let mut groups = Vec::new();
    for node in objects {
        let reading = Reading::of(kind, node, &mut ignored)?;
        match kind {
            ObjectKind::User => users.push(reading.user()),
            ObjectKind::Group => groups.push(reading.group()?),
        }
    }
    Ok(File {
        records: match kind {
            ObjectKind::User => Records::Users(users),
            ObjectKind::Group => Records::Groups(groups),
        },
        ignored,
    })
}

fn expected<T>(node: &Node, what: &str, found: &Value) -> Result<T> {
    let message = format!("expected {what}, found {}", found.name());
    Err(Mistake::new(place(node.at), message))
}

fn object(node: &Node) -> Result<&Members> {
    match &node.value {
        Value::Object(members) => Ok(members),
        other => expected(node, "an object", other),
    }
}

fn text(node: &Node) -> Result<Option<&str>> {
    match &node.value {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
        other => expected(node, "a text or null", other),
    }
}

fn texts(node: &Node) -> Result<Vec<String>> {
    match &node.value {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => {
            let mut all = Vec::new();
            for item in items {
                all.extend(text(item)?.map(str::to_owned));
            }
            Ok(all)
        }
        other => expected(node, "an array of texts", other),
    }
}

fn flag(node: &Node) -> Result<Option<bool>> {
    match &node.value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(*flag)),
        other => expected(node, "true, false or null", other),
    }
}

/// An object as far as it was read.
struct Reading<'a> {
    kind: ObjectKind,
    ignored: &'a mut Vec<String>,
    at: Place,
    id: Option<Guid>,
    changes: Vec<(Place, AttributeChange)>,
    account_enabled: Option<bool>,
    guest: Option<bool>,
    manager: Option<(Place, Option<Reference>)>,
    dynamic: Option<bool>,
    rule: Option<(Place, Option<String>)>,
    members: Vec<(Place, Reference)>,
}

impl<'a> Reading<'a> {
    fn of(kind: ObjectKind, node: &Node, ignored: &'a mut Vec<String>) -> Result<Self> {
        let mut reading = Self {
            kind,
            ignored,
            at: place(node.at),
            id: None,
            changes: Vec::new(),
            account_enabled: None,
            guest: None,
            manager: None,
            dynamic: None,
            rule: None,
            members: Vec::new(),
        };
        for (key, value) in object(node)? {
            reading.property(key, value)?;
        }
        Ok(reading)
    }

    fn property(&mut self, key: &Key, node: &Node) -> Result<()> {
        let at = place(node.at);
        let name = key.text.as_str();
        match (name, self.kind) {
            ("id", _) => {
                self.id = match text(node)? {
                    None => None,
                    Some(id) => Some(
                        id.parse()
                            .map_err(|_| Mistake::new(at, "expected an object id"))?,
                    ),
                };
            }
            ("accountEnabled", ObjectKind::User) => self.account_enabled = flag(node)?,
            ("userType", ObjectKind::User) => {
                self.guest = match text(node)? {
                    None => None,
                    Some(kind) => Some(
                        user_type(kind)
                            .ok_or_else(|| Mistake::new(at, "expected Member or Guest"))?,
                    ),
                };
            }
            ("manager" | "manager@odata.bind", ObjectKind::User) => {
                self.manager = Some((at, reference(node)?));
            }
            ("groupTypes", ObjectKind::Group) => {
                let types = texts(node)?;
                self.dynamic = Some(types.iter().any(|kind| kind == "DynamicMembership"));
            }
            ("membershipRule", ObjectKind::Group) => {
                self.rule = Some((at, text(node)?.map(str::to_owned)));
            }
            ("members" | "members@odata.bind", ObjectKind::Group) => self.members(node)?,
            (names::EXTENSION_ATTRIBUTES | names::ORGANIZATION, ObjectKind::User) => {
                if node.value != Value::Null {
                    for (key, value) in object(node)? {
                        self.attribute(Some(name), key, value)?;
                    }
                }
            }
            _ => self.attribute(None, key, node)?,
        }
        Ok(())
    }

    /// A plain attribute, `within` another property or not.
    fn attribute(&mut self, within: Option<&str>, key: &Key, node: &Node) -> Result<()> {
        let name = key.text.as_str();
        let known = names::names(self.kind).iter().find(|known| {
            let fits = match known.shape {
                Shape::Within(outer) => within == Some(outer),
                _ => within.is_none(),
            };
            // Names of the provisioning service are understood too.
            (fits && known.graph == name) || (within.is_none() && known.attribute == name)
        });
        let (attribute, value) = match known {
            Some(known) => (known.attribute, value_of(known, name, node)?),
            None if is_extension(name) => (name, extension(node)?),
            None if name.starts_with('@') || name.contains("@odata.") => return Ok(()),
            None if is_not_kept(name) => {
                if !self.ignored.iter().any(|known| known == name) {
                    self.ignored.push(name.to_owned());
                }
                return Ok(());
            }
            None => {
                let what = self.kind.name().to_lowercase();
                let message = format!("{name:?} is not a property of a {what}");
                return Err(Mistake::new(place(key.at), message));
            }
        };
        let at = place(node.at);
        let change = match value {
            Some(value) => AttributeChange::set(self.kind, attribute, value),
            None => AttributeChange::clear(self.kind, attribute),
        };
        let change = change.map_err(|error| Mistake::new(at, error.to_string()))?;
        self.changes.push((at, change));
        Ok(())
    }

    fn members(&mut self, node: &Node) -> Result<()> {
        let Value::Array(items) = &node.value else {
            return expected(node, "an array", &node.value);
        };
        for item in items {
            let at = place(item.at);
            match reference(item)? {
                Some(reference) => self.members.push((at, reference)),
                None => return Err(Mistake::new(at, "expected a member with an id")),
            }
        }
        Ok(())
    }

    fn user(self) -> UserRecord {
        UserRecord {
            at: self.at,
            id: self.id,
            changes: self.changes,
            account_enabled: self.account_enabled,
            guest: self.guest,
            manager: self.manager,
        }
    }

    fn group(self) -> Result<GroupRecord> {
        let rule = match (self.dynamic, self.rule) {
            (Some(true), None | Some((_, None))) => {
                return Err(Mistake::new(
                    self.at,
                    "a dynamic group needs a membershipRule",
                ));
            }
            (Some(false), Some((at, Some(_)))) => {
                return Err(Mistake::new(
                    at,
                    "groupTypes does not contain DynamicMembership, so there is no membershipRule",
                ));
            }
            (Some(false), None) => Some((self.at, None)),
            (_, rule) => rule,
        };
        Ok(GroupRecord {
            at: self.at,
            id: self.id,
            changes: self.changes,
            rule,
            members: self.members,
        })
    }
}

fn value_of(known: &GraphName, name: &str, node: &Node) -> Result<Option<AttributeValue>> {
    Ok(match known.shape {
        Shape::Flag => flag(node)?
            .map(|flag| AttributeValue::Text(if flag { "True" } else { "False" }.to_owned())),
        Shape::List => Some(texts(node)?)
            .filter(|values| !values.is_empty())
            .map(AttributeValue::List),
        // Under the provisioning service's name it is one text.
        Shape::First if name == known.graph => {
            texts(node)?.into_iter().next().map(AttributeValue::Text)
        }
        Shape::Text | Shape::First | Shape::Within(_) => {
            text(node)?.map(|text| AttributeValue::Text(text.to_owned()))
        }
    })
}

/// An extension's value of whatever type, as text: the tenant's definition says what it takes.
fn extension(node: &Node) -> Result<Option<AttributeValue>> {
    Ok(match &node.value {
        Value::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => text(node)?.map(str::to_owned),
    }
    .map(AttributeValue::Text))
}

/// An object that is referred to: its id, its name, its address, or an object with one of these.
fn reference(node: &Node) -> Result<Option<Reference>> {
    let of_text = |text: &str| {
        // An address such as https://graph.example/v1.0/directoryObjects/{id}
        let last = text.rsplit('/').next().unwrap_or(text);
        Reference::of(last)
    };
    match &node.value {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(of_text(text))),
        Value::Object(members) => {
            for name in ["id", "@odata.id", "userPrincipalName", "displayName"] {
                if let Some((_, node)) = members.iter().find(|(key, _)| key.text == name)
                    && let Some(found) = text(node)?
                {
                    return Ok(Some(match name {
                        "displayName" => Reference::Name(found.to_owned()),
                        _ => of_text(found),
                    }));
                }
            }
            Err(Mistake::new(
                place(node.at),
                "expected id, userPrincipalName or @odata.id in this object",
            ))
        }
        other => expected(node, "an object, an object id or null", other),
    }
}
