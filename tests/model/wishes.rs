//! Random wishes, and how a client says them.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};

use crate::model::{ENTERPRISE, Email, GROUP, GroupEdit, Model, USER, UserEdit, Wish};

const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A wish about whoever is there when its turn comes.
#[derive(Debug, Clone)]
pub(crate) enum Draft {
    CreateUser(Map<String, Value>),
    ReplaceUser(Index, Map<String, Value>),
    PatchUser(Index, Vec<UserEdit>),
    DeleteUser(Index),
    CreateGroup(String, Vec<Index>),
    ReplaceGroup(Index, String, Option<Vec<Index>>),
    PatchGroup(Index, Vec<GroupDraft>),
    DeleteGroup(Index),
}

#[derive(Debug, Clone)]
pub(crate) enum GroupDraft {
    Rename(String),
    ExternalId(Option<String>),
    Add(Vec<Index>),
    Replace(Vec<Index>),
    Remove(Vec<Index>),
    RemoveAll,
}

/// Nobody's id, of the right form.
fn nobody() -> String {
    "0".repeat(48)
}

/// One of the ids, or now and then nobody's.
fn pick(index: Index, ids: &[&String]) -> String {
    let at = index.index(ids.len() * 8 + 1);
    if at == ids.len() * 8 {
        nobody()
    } else {
        ids[at / 8].clone()
    }
}

impl Draft {
    /// The wish, given who is there.
    pub(crate) fn about(&self, model: &Model) -> Wish {
        let users: Vec<&String> = model.users.iter().map(|user| &user.id).collect();
        let groups: Vec<&String> = model.groups.iter().map(|group| &group.id).collect();
        let all: Vec<&String> = users.iter().chain(&groups).copied().collect();
        let members = |list: &[Index]| list.iter().map(|i| pick(*i, &all)).collect::<Vec<_>>();
        match self {
            Self::CreateUser(attributes) => Wish::CreateUser(attributes.clone()),
            Self::ReplaceUser(who, attributes) => {
                Wish::ReplaceUser(pick(*who, &users), attributes.clone())
            }
            Self::PatchUser(who, edits) => Wish::PatchUser(pick(*who, &users), edits.clone()),
            Self::DeleteUser(who) => Wish::DeleteUser(pick(*who, &users)),
            Self::CreateGroup(name, list) => Wish::CreateGroup(name.clone(), members(list)),
            Self::ReplaceGroup(which, name, list) => Wish::ReplaceGroup(
                pick(*which, &groups),
                name.clone(),
                list.as_deref().map(members),
            ),
            Self::PatchGroup(which, edits) => {
                let edits = edits.iter().map(|edit| match edit {
                    GroupDraft::Rename(name) => GroupEdit::Rename(name.clone()),
                    GroupDraft::ExternalId(value) => GroupEdit::ExternalId(value.clone()),
                    GroupDraft::Add(list) => GroupEdit::AddMembers(members(list)),
                    GroupDraft::Replace(list) => GroupEdit::ReplaceMembers(members(list)),
                    GroupDraft::Remove(list) => GroupEdit::RemoveMembers(members(list)),
                    GroupDraft::RemoveAll => GroupEdit::RemoveAllMembers,
                });
                Wish::PatchGroup(pick(*which, &groups), edits.collect())
            }
            Self::DeleteGroup(which) => Wish::DeleteGroup(pick(*which, &groups)),
        }
    }
}

fn texts(values: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(values).prop_map(str::to_owned)
}

fn user_name() -> impl Strategy<Value = String> {
    texts(&[
        "ada@x", "ADA@x", "bob@x", "cyd@x", "Cyd@X", "dan@x", "eve@x",
    ])
}

fn group_name() -> impl Strategy<Value = String> {
    texts(&["Guides", "GUIDES", "Managers", "All", "None"])
}

fn word() -> impl Strategy<Value = String> {
    texts(&["a", "B", "b c", "\u{e9}t\u{e9}", "x\"y\\z", "True"])
}

fn email() -> impl Strategy<Value = Email> {
    let value = texts(&["a@x", "b@x", "c@x"]);
    (value, texts(&["work", "home", "other"])).prop_map(|(value, of_type)| Email {
        value,
        of_type,
        primary: false,
    })
}

/// Some elements, of which the first may be the primary one.
fn emails() -> impl Strategy<Value = Vec<Email>> {
    (vec(email(), 0..4), any::<bool>()).prop_map(|(mut emails, primary)| {
        if let Some(first) = emails.first_mut() {
            first.primary = primary;
        }
        emails
    })
}

fn name() -> impl Strategy<Value = Map<String, Value>> {
    (option::of(word()), option::of(word())).prop_map(|(given, family)| {
        let parts = [("givenName", given), ("familyName", family)];
        let parts = parts
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?)));
        parts
            .map(|(key, value)| (key.to_owned(), json!(value)))
            .collect()
    })
}

fn user() -> impl Strategy<Value = Map<String, Value>> {
    (
        user_name(),
        option::of(word()),
        option::of(word()),
        option::of(any::<bool>()),
        name(),
        emails(),
        option::of(word()),
    )
        .prop_map(
            |(user_name, title, external_id, active, name, emails, department)| {
                let emails: Vec<Value> = emails.iter().map(Email::json).collect();
                let body = json!({
                    "userName": user_name, "title": title, "externalId": external_id,
                    "active": active, "name": name, "emails": emails,
                    ENTERPRISE: department.map(|department| json!({ "department": department })),
                });
                let Value::Object(mut body) = body else {
                    unreachable!("it is written above")
                };
                body.retain(|_, value| {
                    !(value.is_null() || *value == json!({}) || *value == json!([]))
                });
                body
            },
        )
}

fn user_edit() -> impl Strategy<Value = UserEdit> {
    let department = format!("{ENTERPRISE}:department");
    let plain = texts(&[
        "title",
        "displayName",
        "externalId",
        "name.givenName",
        "name.familyName",
    ]);
    let path = prop_oneof![3 => plain, 1 => Just(department)].boxed();
    prop_oneof![
        4 => (path.clone(), word()).prop_map(|(path, value)| UserEdit::Assign {
            path,
            value: value.into(),
        }),
        1 => user_name().prop_map(|name| UserEdit::Assign {
            path: "userName".into(),
            value: name.into(),
        }),
        1 => any::<bool>().prop_map(|active| UserEdit::Assign {
            path: "active".into(),
            value: active.into(),
        }),
        2 => prop_oneof![path, Just("name".to_owned()), Just("emails".to_owned())]
            .prop_map(|path| UserEdit::Remove { path }),
        1 => name()
            .prop_filter("says something", |name| !name.is_empty())
            .prop_map(UserEdit::MergeName),
        2 => emails().prop_map(UserEdit::AddEmails),
        1 => emails().prop_map(UserEdit::ReplaceEmails),
        1 => email().prop_map(|email| UserEdit::RemoveEmails { of_type: email.of_type }),
        2 => email().prop_map(|email| UserEdit::ReplaceEmailValue {
            of_type: email.of_type,
            value: email.value,
        }),
    ]
}

fn some() -> impl Strategy<Value = Vec<Index>> {
    vec(any::<Index>(), 0..4)
}

fn group_edit() -> impl Strategy<Value = GroupDraft> {
    prop_oneof![
        1 => group_name().prop_map(GroupDraft::Rename),
        1 => option::of(word()).prop_map(GroupDraft::ExternalId),
        4 => some().prop_map(GroupDraft::Add),
        1 => some().prop_map(GroupDraft::Replace),
        2 => some().prop_map(GroupDraft::Remove),
        1 => Just(GroupDraft::RemoveAll),
    ]
}

pub(crate) fn draft() -> impl Strategy<Value = Draft> {
    let one = any::<Index>;
    prop_oneof![
        4 => user().prop_map(Draft::CreateUser),
        2 => (one(), user()).prop_map(|(who, body)| Draft::ReplaceUser(who, body)),
        5 => (one(), vec(user_edit(), 1..5)).prop_map(|(who, edits)| Draft::PatchUser(who, edits)),
        1 => one().prop_map(Draft::DeleteUser),
        3 => (group_name(), some()).prop_map(|(name, list)| Draft::CreateGroup(name, list)),
        1 => (one(), group_name(), option::of(some()))
            .prop_map(|(which, name, list)| Draft::ReplaceGroup(which, name, list)),
        5 => (one(), vec(group_edit(), 1..4))
            .prop_map(|(which, edits)| Draft::PatchGroup(which, edits)),
        1 => one().prop_map(Draft::DeleteGroup),
    ]
}

/// Method, path and body of a wish.
pub(crate) fn request(wish: &Wish) -> (&'static str, String, Value) {
    let user = |attributes: &Map<String, Value>| {
        let mut body = Value::Object(attributes.clone());
        body["schemas"] = if attributes.contains_key(ENTERPRISE) {
            json!([USER, ENTERPRISE])
        } else {
            json!([USER])
        };
        body
    };
    match wish {
        Wish::CreateUser(attributes) => ("POST", "/Users".into(), user(attributes)),
        Wish::ReplaceUser(id, attributes) => ("PUT", format!("/Users/{id}"), user(attributes)),
        Wish::PatchUser(id, edits) => {
            let operations = edits.iter().enumerate().map(|(n, edit)| said(n, edit));
            ("PATCH", format!("/Users/{id}"), patch(operations))
        }
        Wish::DeleteUser(id) => ("DELETE", format!("/Users/{id}"), Value::Null),
        Wish::CreateGroup(name, list) => {
            let body = json!({ "schemas": [GROUP], "displayName": name, "members": values(list) });
            ("POST", "/Groups".into(), body)
        }
        Wish::ReplaceGroup(id, name, list) => {
            let mut body = json!({ "schemas": [GROUP], "displayName": name });
            if let Some(list) = list {
                body["members"] = values(list);
            }
            ("PUT", format!("/Groups/{id}"), body)
        }
        Wish::PatchGroup(id, edits) => {
            let operations = edits.iter().flat_map(group_said);
            ("PATCH", format!("/Groups/{id}"), patch(operations))
        }
        Wish::DeleteGroup(id) => ("DELETE", format!("/Groups/{id}"), Value::Null),
    }
}

fn patch(operations: impl Iterator<Item = Value>) -> Value {
    json!({ "schemas": [PATCH_OP], "Operations": operations.collect::<Vec<_>>() })
}

fn values(ids: &[String]) -> Value {
    ids.iter().map(|id| json!({ "value": id })).collect()
}

/// An operation in one of the ways clients say it, by its place.
fn said(n: usize, edit: &UserEdit) -> Value {
    let list = |emails: &[Email]| emails.iter().map(Email::json).collect::<Value>();
    let op = if n.is_multiple_of(2) {
        "replace"
    } else {
        "Add"
    };
    match edit {
        // A path in the value says the same as one beside it.
        UserEdit::Assign { path, value } if n.is_multiple_of(3) => {
            json!({ "op": op, "value": { path: value } })
        }
        UserEdit::Assign { path, value } => json!({ "op": op, "path": path, "value": value }),
        UserEdit::Remove { path } => json!({ "op": "remove", "path": path }),
        UserEdit::MergeName(parts) => json!({ "op": op, "path": "name", "value": parts }),
        UserEdit::AddEmails(emails) => {
            json!({ "op": "add", "path": "emails", "value": list(emails) })
        }
        UserEdit::ReplaceEmails(emails) => {
            json!({ "op": "replace", "path": "emails", "value": list(emails) })
        }
        UserEdit::RemoveEmails { of_type } => {
            json!({ "op": "remove", "path": format!("emails[type eq \"{of_type}\"]") })
        }
        UserEdit::ReplaceEmailValue { of_type, value } => json!({
            "op": "replace", "path": format!("emails[type eq \"{of_type}\"].value"), "value": value
        }),
    }
}

fn group_said(edit: &GroupEdit) -> Vec<Value> {
    let members = |op: &str, list: &[String]| {
        vec![json!({ "op": op, "path": "members", "value": values(list) })]
    };
    match edit {
        GroupEdit::Rename(name) => {
            vec![json!({ "op": "replace", "value": { "displayName": name } })]
        }
        GroupEdit::ExternalId(Some(value)) => {
            vec![json!({ "op": "add", "path": "externalId", "value": value })]
        }
        GroupEdit::ExternalId(None) => vec![json!({ "op": "remove", "path": "externalId" })],
        GroupEdit::AddMembers(list) => members("add", list),
        GroupEdit::ReplaceMembers(list) => members("replace", list),
        // One operation of Entra's, or one of the standard's for each.
        GroupEdit::RemoveMembers(list) if list.len() != 2 => members("Remove", list),
        GroupEdit::RemoveMembers(list) => list
            .iter()
            .map(|id| json!({ "op": "remove", "path": format!("members[value eq \"{id}\"]") }))
            .collect(),
        GroupEdit::RemoveAllMembers => vec![json!({ "op": "remove", "path": "members" })],
    }
}
