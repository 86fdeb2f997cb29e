//! The simplest service provider: what RFC 7643 and RFC 7644 say, on vectors, without storage, indexes or
//! a parser. Where the standard leaves a choice, the choices a client can read in the documentation.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

pub(crate) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(crate) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A user: its id and every attribute a client may write.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) attributes: Map<String, Value>,
}

/// A group; members are ids of users and groups.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) external_id: Option<String>,
    pub(crate) members: BTreeSet<String>,
}

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Model {
    pub(crate) users: Vec<User>,
    pub(crate) groups: Vec<Group>,
}

/// One operation of a PATCH of a user.
#[derive(Debug, Clone)]
pub(crate) enum UserEdit {
    /// `add` or `replace` of an attribute with one value; a path with a dot names a sub-attribute.
    Assign { path: String, value: Value },
    /// `remove`.
    Remove { path: String },
    /// `add` or `replace` of `name`: the sub-attributes not named stay.
    MergeName(Map<String, Value>),
    /// `add` to `emails`.
    AddEmails(Vec<Email>),
    /// `replace` of `emails`.
    ReplaceEmails(Vec<Email>),
    /// `remove` of `emails[type eq ..]`.
    RemoveEmails { of_type: String },
    /// `replace` of `emails[type eq ..].value`.
    ReplaceEmailValue { of_type: String, value: String },
}

/// An element of `emails`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Email {
    pub(crate) value: String,
    pub(crate) of_type: String,
    pub(crate) primary: bool,
}

impl Email {
    pub(crate) fn json(&self) -> Value {
        let mut value = json!({ "value": self.value, "type": self.of_type });
        if self.primary {
            value["primary"] = true.into();
        }
        value
    }

    fn read(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        Self {
            value: text("value"),
            of_type: text("type"),
            primary: value["primary"] == true,
        }
    }
}

/// One operation of a PATCH of a group.
#[derive(Debug, Clone)]
pub(crate) enum GroupEdit {
    Rename(String),
    ExternalId(Option<String>),
    AddMembers(Vec<String>),
    ReplaceMembers(Vec<String>),
    /// `remove` of `members[value eq ..]`, or of `members` with a list of values.
    RemoveMembers(Vec<String>),
    RemoveAllMembers,
}

/// What a request asks for. Ids may be those of nothing.
#[derive(Debug, Clone)]
pub(crate) enum Wish {
    CreateUser(Map<String, Value>),
    ReplaceUser(String, Map<String, Value>),
    PatchUser(String, Vec<UserEdit>),
    DeleteUser(String),
    CreateGroup(String, Vec<String>),
    /// Without members they stay as they are.
    ReplaceGroup(String, String, Option<Vec<String>>),
    PatchGroup(String, Vec<GroupEdit>),
    DeleteGroup(String),
}

/// A status.
pub(crate) type Status = u16;

/// Why nothing is done: a request can be wrong in several ways, and names one of them.
type Refused = Vec<Status>;

fn text<'a>(attributes: &'a Map<String, Value>, name: &str) -> &'a str {
    attributes
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

impl Model {
    /// Does what is asked, or nothing at all; a created resource gets the id `new`. Returns what the
    /// answer may be.
    pub(crate) fn apply(&mut self, wish: &Wish, new: &str) -> Vec<Status> {
        let mut after = self.clone();
        match after.change(wish, new) {
            Ok(status) => {
                *self = after;
                vec![status]
            }
            Err(statuses) => statuses,
        }
    }

    fn change(&mut self, wish: &Wish, new: &str) -> Result<Status, Refused> {
        match wish {
            Wish::CreateUser(attributes) => {
                let mut attributes = attributes.clone();
                attributes.entry("active").or_insert(Value::Bool(true));
                self.name_is_free(text(&attributes, "userName"), new)?;
                self.users.push(User {
                    id: new.to_owned(),
                    attributes: normal(attributes),
                });
                Ok(201)
            }
            Wish::ReplaceUser(id, attributes) => {
                let at = self.user(id)?;
                self.name_is_free(text(attributes, "userName"), id)?;
                let mut attributes = attributes.clone();
                // What clients leave out without meaning to clear it.
                for kept in ["active", "externalId"] {
                    if let Some(now) = self.users[at].attributes.get(kept) {
                        attributes.entry(kept).or_insert_with(|| now.clone());
                    }
                }
                self.users[at].attributes = normal(attributes);
                Ok(200)
            }
            Wish::PatchUser(id, edits) => {
                let at = self.user(id)?;
                let mut attributes = self.users[at].attributes.clone();
                for edit in edits {
                    edit.apply(&mut attributes);
                }
                self.name_is_free(text(&attributes, "userName"), id)?;
                self.users[at].attributes = normal(attributes);
                Ok(200)
            }
            Wish::DeleteUser(id) => {
                let at = self.user(id)?;
                self.users.remove(at);
                self.leave(id);
                Ok(204)
            }
            Wish::CreateGroup(name, members) => {
                let members = both(
                    self.group_name_is_free(name, new),
                    self.members(members, new),
                )?;
                self.groups.push(Group {
                    id: new.to_owned(),
                    display_name: name.clone(),
                    external_id: None,
                    members,
                });
                Ok(201)
            }
            Wish::ReplaceGroup(id, name, members) => {
                let at = self.group(id)?;
                let members = match members {
                    Some(members) => self.members(members, id),
                    None => Ok(self.groups[at].members.clone()),
                };
                let members = both(self.group_name_is_free(name, id), members)?;
                self.groups[at].members = members;
                self.groups[at].display_name.clone_from(name);
                Ok(200)
            }
            Wish::PatchGroup(id, edits) => {
                let at = self.group(id)?;
                let wrong = edits
                    .iter()
                    .filter_map(|edit| self.edit_group(at, edit).err());
                let mut wrong: Refused = wrong.flatten().collect();
                // All operations are one change: only the name that remains has to be free.
                let name = self.groups[at].display_name.clone();
                wrong.extend(
                    self.group_name_is_free(&name, id)
                        .err()
                        .into_iter()
                        .flatten(),
                );
                if wrong.is_empty() {
                    Ok(204)
                } else {
                    Err(wrong)
                }
            }
            Wish::DeleteGroup(id) => {
                let at = self.group(id)?;
                self.groups.remove(at);
                self.leave(id);
                Ok(204)
            }
        }
    }

    fn edit_group(&mut self, at: usize, edit: &GroupEdit) -> Result<(), Refused> {
        let id = self.groups[at].id.clone();
        match edit {
            GroupEdit::Rename(name) => {
                self.groups[at].display_name.clone_from(name);
            }
            GroupEdit::ExternalId(value) => self.groups[at].external_id.clone_from(value),
            GroupEdit::AddMembers(new) => {
                let new = self.members(new, &id)?;
                self.groups[at].members.extend(new);
            }
            GroupEdit::ReplaceMembers(new) => {
                self.groups[at].members = self.members(new, &id)?;
            }
            GroupEdit::RemoveMembers(gone) => {
                self.groups[at].members.retain(|m| !gone.contains(m));
            }
            GroupEdit::RemoveAllMembers => self.groups[at].members.clear(),
        }
        Ok(())
    }

    fn user(&self, id: &str) -> Result<usize, Refused> {
        self.users
            .iter()
            .position(|u| u.id == id)
            .ok_or_else(|| vec![404])
    }

    fn group(&self, id: &str) -> Result<usize, Refused> {
        self.groups
            .iter()
            .position(|g| g.id == id)
            .ok_or_else(|| vec![404])
    }

    /// `userName` is unique whatever its case.
    fn name_is_free(&self, name: &str, but: &str) -> Result<(), Refused> {
        let taken = self.users.iter().any(|user| {
            user.id != but && text(&user.attributes, "userName").eq_ignore_ascii_case(name)
        });
        if taken { Err(vec![409]) } else { Ok(()) }
    }

    fn group_name_is_free(&self, name: &str, but: &str) -> Result<(), Refused> {
        let taken = self
            .groups
            .iter()
            .any(|group| group.id != but && group.display_name.eq_ignore_ascii_case(name));
        if taken { Err(vec![409]) } else { Ok(()) }
    }

    /// Every member exists and is another resource; each counts once.
    fn members(&self, wanted: &[String], group: &str) -> Result<BTreeSet<String>, Refused> {
        let mut members = BTreeSet::new();
        for id in wanted {
            if id == group || (self.user(id).is_err() && self.group(id).is_err()) {
                return Err(vec![400]);
            }
            members.insert(id.clone());
        }
        Ok(members)
    }

    /// Who is deleted is a member of nothing.
    fn leave(&mut self, id: &str) {
        for group in &mut self.groups {
            group.members.remove(id);
        }
    }

    /// The groups a user is in: id, and `direct` or `indirect`.
    pub(crate) fn groups_of(&self, user: &str) -> Vec<(String, &'static str)> {
        let mut found: Vec<(String, &str)> = Vec::new();
        let mut members = vec![user.to_owned()];
        while let Some(member) = members.pop() {
            for group in self.groups.iter().filter(|g| g.members.contains(&member)) {
                if !found.iter().any(|(id, _)| *id == group.id) {
                    let direct = group.members.contains(user);
                    found.push((group.id.clone(), if direct { "direct" } else { "indirect" }));
                    members.push(group.id.clone());
                }
            }
        }
        found.sort();
        found
    }

    /// Puts the id a server gave in the place of a name of ours.
    pub(crate) fn rename(&mut self, ours: &str, theirs: &str) {
        let swap = |id: &mut String| {
            if id == ours {
                theirs.clone_into(id);
            }
        };
        self.users.iter_mut().for_each(|user| swap(&mut user.id));
        for group in &mut self.groups {
            swap(&mut group.id);
            if group.members.remove(ours) {
                group.members.insert(theirs.to_owned());
            }
        }
    }
}

/// The second, if neither is refused.
fn both<T>(one: Result<(), Refused>, other: Result<T, Refused>) -> Result<T, Refused> {
    match (one, other) {
        (Ok(()), other) => other,
        (Err(one), Ok(_)) => Err(one),
        (Err(one), Err(other)) => Err([one, other].concat()),
    }
}

/// Without what is empty, which is the same as unassigned (RFC 7643 section 2.5), and without repeated
/// elements (section 2.4).
fn normal(mut attributes: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Array(emails)) = attributes.get_mut("emails") {
        *emails = distinct(&elements(emails));
    }
    attributes.retain(|_, value| match value {
        Value::Array(values) => !values.is_empty(),
        Value::Object(values) => !values.is_empty(),
        Value::Null => false,
        _ => true,
    });
    attributes
}

fn elements(emails: &[Value]) -> Vec<Email> {
    emails.iter().map(Email::read).collect()
}

/// Each pair of value and type once; a repetition can only make it the primary one.
fn distinct(emails: &[Email]) -> Vec<Value> {
    let mut kept: Vec<Email> = Vec::new();
    for email in emails {
        match kept
            .iter_mut()
            .find(|k| (&k.value, &k.of_type) == (&email.value, &email.of_type))
        {
            Some(first) => first.primary |= email.primary,
            None => kept.push(email.clone()),
        }
    }
    kept.iter().map(Email::json).collect()
}

impl UserEdit {
    fn apply(&self, attributes: &mut Map<String, Value>) {
        let emails = match attributes.get("emails") {
            Some(Value::Array(values)) => elements(values),
            _ => Vec::new(),
        };
        let set = |attributes: &mut Map<String, Value>, emails: &[Email]| {
            attributes.insert("emails".into(), distinct(emails).into());
        };
        match self {
            Self::Assign { path, value } => {
                let (object, name) = place(attributes, path);
                object.insert(name, value.clone());
            }
            Self::Remove { path } => {
                let (object, name) = place(attributes, path);
                object.remove(&name);
                *attributes = normal(std::mem::take(attributes));
            }
            Self::MergeName(given) => {
                for (name, value) in given {
                    let (object, name) = place(attributes, &format!("name.{name}"));
                    object.insert(name, value.clone());
                }
            }
            Self::AddEmails(new) => {
                let mut all = emails;
                // A new primary takes the place of the old one.
                if new.iter().any(|email| email.primary) {
                    for email in &mut all {
                        email.primary = false;
                    }
                }
                all.extend(new.iter().cloned());
                set(attributes, &all);
            }
            Self::ReplaceEmails(new) => set(attributes, new),
            Self::RemoveEmails { of_type } => {
                let mut all = emails;
                all.retain(|email| email.of_type != *of_type);
                set(attributes, &all);
            }
            Self::ReplaceEmailValue { of_type, value } => {
                let mut all = emails;
                let mut found = false;
                for email in all.iter_mut().filter(|email| email.of_type == *of_type) {
                    email.value.clone_from(value);
                    found = true;
                }
                // What clients expect of an element that is not there yet: it is made.
                if !found {
                    all.push(Email {
                        value: value.clone(),
                        of_type: of_type.clone(),
                        primary: false,
                    });
                }
                set(attributes, &all);
            }
        }
    }
}

/// The object an attribute lives in, made if it is missing, and its name there.
fn place<'a>(
    attributes: &'a mut Map<String, Value>,
    path: &str,
) -> (&'a mut Map<String, Value>, String) {
    let (outer, name) = match path.strip_prefix(ENTERPRISE) {
        Some(name) => (ENTERPRISE, &name[1..]),
        None => match path.split_once('.') {
            Some(parts) => parts,
            None => return (attributes, path.to_owned()),
        },
    };
    let object = attributes
        .entry(outer)
        .or_insert_with(|| Value::Object(Map::new()))
        .as_object_mut();
    (object.unwrap(), name.to_owned())
}
