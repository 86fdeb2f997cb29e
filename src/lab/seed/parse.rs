//! From the text of a seed file to a [`Seed`], or to the place of the first mistake.

use std::collections::{HashMap, HashSet};

use super::super::json::{self, Key, Node, Position, Value};
use super::{Principal, Seed, SeedApplication, SeedError, SeedGroup, SeedRole, SeedUser};
use crate::directory::app_roles::RoleDetails;
use crate::directory::{AttributeChange, AttributeValue, applications, dynamic};
use crate::id::{Guid, Nonce};
use crate::model::{AppRole, ObjectKind, Scope};
use crate::sync::jobs::Template;

type Result<T> = std::result::Result<T, SeedError>;

/// Understands a seed file.
///
/// # Errors
/// The first mistake, in grammar or in meaning, with line and column.
pub fn parse(text: &str) -> Result<Seed> {
    let root = json::parse(text).map_err(|mistake| SeedError {
        at: mistake.at,
        message: mistake.message,
    })?;
    let root = Fields::of(&root, &["tenant", "users", "groups", "applications"])?;
    let tenant = Fields::of(root.required("tenant")?, &["name", "domain"])?;
    let domain = tenant.required("domain")?;
    let seed_domain = text_of(domain)?;
    if seed_domain.contains(|c: char| c == '@' || c.is_whitespace()) {
        return wrong(domain.at, "expected a domain such as acme.example");
    }
    let users = root.list("users")?;
    let groups = root.list("groups")?;
    let names = Names::of(users, groups)?;
    Ok(Seed {
        tenant_name: text_of(tenant.required("name")?)?.to_owned(),
        domain: seed_domain.to_owned(),
        users: each(users, |node| user(node, &names))?,
        groups: each(groups, |node| group(node, &names))?,
        applications: each(root.list("applications")?, |node| application(node, &names))?,
    })
}

fn wrong<T>(at: Position, message: impl Into<String>) -> Result<T> {
    Err(SeedError {
        at,
        message: message.into(),
    })
}

fn each<T>(nodes: &[Node], one: impl FnMut(&Node) -> Result<T>) -> Result<Vec<T>> {
    nodes.iter().map(one).collect()
}

/// Members of an object.
struct Fields<'a> {
    at: Position,
    members: &'a [(Key, Node)],
}

impl<'a> Fields<'a> {
    /// An object with any keys.
    fn any(node: &'a Node) -> Result<Self> {
        match &node.value {
            Value::Object(members) => Ok(Self {
                at: node.at,
                members,
            }),
            other => wrong(
                node.at,
                format!("expected an object, found {}", other.name()),
            ),
        }
    }

    /// An object with these keys only.
    fn of(node: &'a Node, known: &[&str]) -> Result<Self> {
        let fields = Self::any(node)?;
        match fields
            .members
            .iter()
            .find(|(k, _)| !known.contains(&k.text.as_str()))
        {
            Some((key, _)) => wrong(
                key.at,
                format!("expected one of {}, found {:?}", known.join(", "), key.text),
            ),
            None => Ok(fields),
        }
    }

    fn find(&self, name: &str) -> Option<&'a Node> {
        self.members
            .iter()
            .find(|(key, _)| key.text == name)
            .map(|(_, node)| node)
    }

    fn required(&self, name: &str) -> Result<&'a Node> {
        match self.find(name) {
            Some(node) => Ok(node),
            None => wrong(self.at, format!("expected {name:?} in this object")),
        }
    }

    fn list(&self, name: &str) -> Result<&'a [Node]> {
        match self.find(name).map(|node| (node.at, &node.value)) {
            None => Ok(&[]),
            Some((_, Value::Array(items))) => Ok(items),
            Some((at, other)) => wrong(at, format!("expected an array, found {}", other.name())),
        }
    }

    fn flag(&self, name: &str, default: bool) -> Result<bool> {
        match self.find(name).map(|node| (node.at, &node.value)) {
            None => Ok(default),
            Some((_, Value::Bool(flag))) => Ok(*flag),
            Some((at, other)) => wrong(
                at,
                format!("expected true or false, found {}", other.name()),
            ),
        }
    }
}

fn text_of(node: &Node) -> Result<&str> {
    match &node.value {
        Value::Text(text) if text.trim().is_empty() => {
            wrong(node.at, "expected a text that is not empty")
        }
        Value::Text(text) => Ok(text),
        other => wrong(node.at, format!("expected a text, found {}", other.name())),
    }
}

/// Who a reference can mean. Names are compared in lower case, as the directory does.
struct Names {
    users: HashMap<String, usize>,
    /// `None`: several groups have the name.
    groups: HashMap<String, Option<usize>>,
}

impl Names {
    fn of(users: &[Node], groups: &[Node]) -> Result<Self> {
        let mut by_principal_name = HashMap::new();
        for (position, node) in users.iter().enumerate() {
            let name = Fields::any(node)?.required("userPrincipalName")?;
            if let Some(first) = by_principal_name.insert(text_of(name)?.to_lowercase(), position) {
                return wrong(
                    name.at,
                    format!(
                        "the user principal name is taken by the user at {}; choose another",
                        users[first].at
                    ),
                );
            }
        }
        let mut by_name = HashMap::new();
        for (position, node) in groups.iter().enumerate() {
            let name = text_of(Fields::any(node)?.required("displayName")?)?;
            by_name
                .entry(name.to_lowercase())
                .and_modify(|found| *found = None)
                .or_insert(Some(position));
        }
        Ok(Self {
            users: by_principal_name,
            groups: by_name,
        })
    }

    fn user(&self, node: &Node) -> Result<usize> {
        let name = text_of(node)?;
        match self.users.get(&name.to_lowercase()) {
            Some(position) => Ok(*position),
            None => wrong(
                node.at,
                format!("expected the user principal name of a user in this file, found {name:?}"),
            ),
        }
    }

    fn group(&self, node: &Node) -> Result<usize> {
        let name = text_of(node)?;
        match self.groups.get(&name.to_lowercase()) {
            Some(Some(position)) => Ok(*position),
            Some(None) => wrong(
                node.at,
                format!("several groups are called {name:?}; give them different names"),
            ),
            None => wrong(
                node.at,
                format!("expected the name of a group in this file, found {name:?}"),
            ),
        }
    }

    /// A text with `@` that is a user, else a group.
    fn principal(&self, node: &Node) -> Result<Principal> {
        let name = text_of(node)?.to_lowercase();
        if self.groups.contains_key(&name) && !self.users.contains_key(&name) {
            return self.group(node).map(Principal::Group);
        }
        if self.users.contains_key(&name) || name.contains('@') {
            return self.user(node).map(Principal::User);
        }
        wrong(
            node.at,
            format!(
                "expected the user principal name of a user or the name of a group in this file, \
                 found {name:?}"
            ),
        )
    }
}

fn user(node: &Node, names: &Names) -> Result<SeedUser> {
    let fields = Fields::any(node)?;
    fields.required("displayName")?;
    Ok(SeedUser {
        attributes: attributes(
            ObjectKind::User,
            &fields,
            &["manager", "accountEnabled", "guest", "deleted"],
        )?,
        account_enabled: fields.flag("accountEnabled", true)?,
        guest: fields.flag("guest", false)?,
        deleted: fields.flag("deleted", false)?,
        manager: fields.find("manager").map(|m| names.user(m)).transpose()?,
    })
}

fn group(node: &Node, names: &Names) -> Result<SeedGroup> {
    let fields = Fields::any(node)?;
    let itself = names
        .groups
        .get(&text_of(fields.required("displayName")?)?.to_lowercase());
    let mut members = Principals::default();
    for node in fields.list("members")? {
        let member = names.principal(node)?;
        if let (Principal::Group(nested), Some(Some(itself))) = (member, itself)
            && nested == *itself
        {
            return wrong(node.at, "a group cannot be a member of itself");
        }
        members.push(member, node)?;
    }
    let rule = match fields.find("membershipRule") {
        None => None,
        Some(node) => {
            let rule = text_of(node)?;
            if let Err(error) = dynamic::parse(rule) {
                return wrong(node.at, error.to_string());
            }
            if !members.list.is_empty() {
                return wrong(node.at, "a group has members or a rule, not both");
            }
            Some(rule.to_owned())
        }
    };
    Ok(SeedGroup {
        attributes: attributes(
            ObjectKind::Group,
            &fields,
            &["members", "deleted", "membershipRule"],
        )?,
        deleted: fields.flag("deleted", false)?,
        members: members.list,
        rule,
    })
}

/// Principals in order, each once.
#[derive(Default)]
struct Principals {
    list: Vec<Principal>,
    known: HashSet<Principal>,
}

impl Principals {
    fn push(&mut self, new: Principal, node: &Node) -> Result<()> {
        if !self.known.insert(new) {
            return wrong(node.at, "stands in this list a second time");
        }
        self.list.push(new);
        Ok(())
    }
}

fn attributes(
    kind: ObjectKind,
    fields: &Fields<'_>,
    others: &[&str],
) -> Result<Vec<AttributeChange>> {
    let mut changes: Vec<AttributeChange> = Vec::new();
    for (key, node) in fields.members {
        if others.contains(&key.text.as_str()) {
            continue;
        }
        if let Err(error) = AttributeChange::check_name(kind, &key.text) {
            return wrong(key.at, error.to_string());
        }
        let value = match &node.value {
            Value::Text(text) => AttributeValue::Text(text.clone()),
            Value::Bool(true) => AttributeValue::Text("True".into()),
            Value::Bool(false) => AttributeValue::Text("False".into()),
            Value::Array(items) => {
                AttributeValue::List(each(items, |item| text_of(item).map(str::to_owned))?)
            }
            other => {
                return wrong(
                    node.at,
                    format!(
                        "expected a text, a boolean or a list of texts, found {}; leave the attribute out \
                         when it has no value, and put numbers in quotation marks",
                        other.name()
                    ),
                );
            }
        };
        match AttributeChange::set(kind, &key.text, value) {
            Ok(change) if changes.iter().any(|c| c.name() == change.name()) => {
                return wrong(
                    key.at,
                    format!("the attribute {} stands here a second time", change.name()),
                );
            }
            Ok(change) => changes.push(change),
            Err(error) => return wrong(node.at, error.to_string()),
        }
    }
    Ok(changes)
}

fn application(node: &Node, names: &Names) -> Result<SeedApplication> {
    let known = ["name", "template", "scope", "assignments", "appRoles"];
    let fields = Fields::of(node, &known)?;
    let name = fields.required("name")?;
    if let Err(error) = applications::check_name(text_of(name)?) {
        return wrong(name.at, error.to_string());
    }
    let template = fields.required("template")?;
    let scope = fields.find("scope");
    let mut assignments = Principals::default();
    if let Some(node) = fields.find("assignments") {
        let lists = Fields::of(node, &["users", "groups"])?;
        for node in lists.list("users")? {
            assignments.push(Principal::User(names.user(node)?), node)?;
        }
        for node in lists.list("groups")? {
            assignments.push(Principal::Group(names.group(node)?), node)?;
        }
    }
    Ok(SeedApplication {
        name: text_of(name)?.to_owned(),
        template: match text_of(template)? {
            "postman" => Template::Postman,
            "nonGallery" => Template::NonGallery,
            other => {
                return wrong(
                    template.at,
                    format!("expected \"postman\" or \"nonGallery\", found {other:?}"),
                );
            }
        },
        scope: match scope
            .map(|node| Ok((node.at, text_of(node)?)))
            .transpose()?
        {
            None | Some((_, "assigned")) => Scope::AssignedOnly,
            Some((_, "all")) => Scope::All,
            Some((at, other)) => {
                return wrong(
                    at,
                    format!("expected \"assigned\" or \"all\", found {other:?}"),
                );
            }
        },
        assignments: assignments.list,
        roles: app_roles(fields.list("appRoles")?, names)?,
    })
}

fn app_roles(nodes: &[Node], names: &Names) -> Result<Vec<SeedRole>> {
    let mut known: Vec<AppRole> = Vec::new();
    let mut roles = Vec::new();
    for node in nodes {
        let fields = Fields::of(node, &["displayName", "value", "users", "groups"])?;
        let details = RoleDetails {
            display_name: text_of(fields.required("displayName")?)?.to_owned(),
            value: match fields.find("value") {
                Some(node) => text_of(node)?.to_owned(),
                None => String::new(),
            },
            description: String::new(),
            enabled: true,
        };
        // Ids of the file's own, to tell the roles apart.
        let number = u64::try_from(known.len()).unwrap_or(u64::MAX);
        let id = Guid::from_nonce(Nonce([0; 16]).nth(number));
        match details.checked(id, &known) {
            Ok(role) => known.push(role),
            Err(error) => return wrong(node.at, error.to_string()),
        }
        let mut assigned = Principals::default();
        for node in fields.list("users")? {
            assigned.push(Principal::User(names.user(node)?), node)?;
        }
        for node in fields.list("groups")? {
            assigned.push(Principal::Group(names.group(node)?), node)?;
        }
        roles.push(SeedRole {
            details,
            assigned: assigned.list,
        });
    }
    Ok(roles)
}
