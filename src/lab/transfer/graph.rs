//! Users and groups as Microsoft Graph answers them.

use super::super::json::{self, Key, Node, Value};
use super::{File, Records, place};
use crate::directory::AttributeChange;
use crate::directory::graph::{self as properties, Property};
use crate::directory::import::{GroupRecord, Mistake, Place, Reference, UserRecord};
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

/// What a value is, or a mistake at its place.
fn read_as<T>(
    node: &Node,
    read: impl FnOnce(&serde_json::Value) -> std::result::Result<T, String>,
) -> Result<T> {
    read(&node.plain()).map_err(|wrong| Mistake::new(place(node.at), wrong))
}

fn text(node: &Node) -> Result<Option<String>> {
    read_as(
        node,
        |value| Ok(properties::text(value)?.map(str::to_owned)),
    )
}

fn reference(node: &Node) -> Result<Option<Reference>> {
    read_as(node, properties::reference)
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
            ("accountEnabled", ObjectKind::User) => {
                self.account_enabled = read_as(node, properties::flag)?;
            }
            ("userType", ObjectKind::User) => self.guest = read_as(node, properties::guest)?,
            ("manager" | "manager@odata.bind", ObjectKind::User) => {
                self.manager = Some((at, reference(node)?));
            }
            ("groupTypes", ObjectKind::Group) => {
                let types = read_as(node, properties::texts)?;
                self.dynamic = Some(types.iter().any(|kind| kind == "DynamicMembership"));
            }
            ("membershipRule", ObjectKind::Group) => {
                self.rule = Some((at, text(node)?));
            }
            ("members" | "members@odata.bind", ObjectKind::Group) => self.members(node)?,
            (properties::EXTENSION_ATTRIBUTES | properties::ORGANIZATION, ObjectKind::User) => {
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
        let read = read_as(node, |value| {
            properties::property(self.kind, within, name, value)
        });
        match read? {
            Property::Attribute(change) => self.changes.push((place(node.at), change)),
            Property::Annotation => {}
            Property::NotKept => {
                if !self.ignored.iter().any(|known| known == name) {
                    self.ignored.push(name.to_owned());
                }
            }
            Property::Unknown => {
                let what = self.kind.name().to_lowercase();
                let message = format!("{name:?} is not a property of a {what}");
                return Err(Mistake::new(place(key.at), message));
            }
        }
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
