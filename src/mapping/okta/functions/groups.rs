//! Groups of the user: membership, lists by criteria, and the lists for claims.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Value as Json, json};

use super::super::context::{Group, Profile};
use super::super::error::{ErrorKind, Failure};
use super::super::evaluate::Outcome;
use super::super::operators::texts;
use super::super::pattern::match_work;
use super::super::value::Value;
use super::Arguments;

/// The groups of the user; looking at each of them is charged.
fn groups<'s, 'a>(arguments: &Arguments<'s, 'a>) -> Result<&'s [Group<'a>], Failure> {
    let groups = &arguments.context().groups;
    arguments.scope.charge(arguments.at, groups.len())?;
    Ok(groups)
}

fn any<'a>(arguments: &Arguments<'_, 'a>, is: impl Fn(&Group<'a>) -> bool) -> Outcome<'a> {
    Ok(Value::Boolean(groups(arguments)?.iter().any(is)))
}

pub(super) fn is_member_of_group_name<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let name = arguments.text(0)?;
    any(arguments, |group| name.as_deref() == Some(group.name))
}

/// Also `isMemberOfAnyGroup`: the id of a group among the arguments.
pub(super) fn is_member_of_group<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut ids = HashSet::new();
    for index in 0..arguments.count() {
        ids.extend(arguments.text(index)?);
    }
    any(arguments, |group| ids.contains(group.id))
}

pub(super) fn is_member_of_group_name_starts_with<'a>(
    arguments: &mut Arguments<'_, 'a>,
) -> Outcome<'a> {
    let prefix = arguments.text(0)?;
    any(arguments, |group| {
        prefix.as_deref().is_some_and(|p| group.name.starts_with(p))
    })
}

pub(super) fn is_member_of_group_name_contains<'a>(
    arguments: &mut Arguments<'_, 'a>,
) -> Outcome<'a> {
    let part = arguments.text(0)?;
    any(arguments, |group| {
        part.as_deref().is_some_and(|p| group.name.contains(p))
    })
}

/// The pattern is the whole name; a slash before it, as the documentation prints one, is no part of it.
pub(super) fn is_member_of_group_name_regex<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let Some(pattern) = arguments.pattern(0)? else {
        return Ok(Value::Boolean(false));
    };
    for group in &arguments.context().groups {
        let name = if pattern.begins_with_slash() {
            Cow::Owned(format!("/{}", group.name))
        } else {
            Cow::Borrowed(group.name)
        };
        arguments.scope.charge(arguments.at, match_work(&name))?;
        let found = pattern.is_match(&name);
        if found.map_err(|reason| arguments.failed(ErrorKind::Pattern, reason))? {
            return Ok(Value::Boolean(true));
        }
    }
    Ok(Value::Boolean(false))
}

/// A limit is a whole number above 0.
fn limit(arguments: &mut Arguments<'_, '_>, index: usize) -> Result<usize, Failure> {
    let given = arguments.integer(index)?;
    let limit = usize::try_from(given).ok().filter(|limit| *limit > 0);
    limit.ok_or_else(|| {
        arguments.failed(
            ErrorKind::Range,
            format!("the limit is {given}; it has to be above 0"),
        )
    })
}

/// What the second argument asks of each group of the list, in the order of the user's groups.
pub(super) fn filtered<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let ids = arguments.list(0)?;
    let asked = arguments.text_or_empty(1)?;
    let tell: fn(&Group<'a>) -> &'a str = match &*asked {
        "group.id" => |group| group.id,
        "group.name" | "group.profile.name" => |group| group.name,
        "group.type" => |group| group.kind,
        other => {
            let message = format!("groups are not asked for '{other}'; use group.name or group.id");
            return Err(arguments.failed(ErrorKind::Reference, message));
        }
    };
    let limit = limit(arguments, 2)?;
    let ids: HashSet<&str> = ids
        .iter()
        .filter_map(|id| match id {
            Value::Text(id) => Some(&**id),
            _ => None,
        })
        .collect();
    let groups = groups(arguments)?.iter();
    let groups = groups.filter(|group| ids.contains(group.id));
    Ok(Value::List(
        groups
            .take(limit)
            .map(|group| Value::from(tell(group)))
            .collect(),
    ))
}

/// Groups that meet every criterion. Each is an object with `id`, `type`, `name`, `profile` and `source`.
pub(super) fn get<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    let mut criteria = Vec::new();
    for index in 0..arguments.count() {
        match arguments.take(index) {
            Value::Map(members) => criteria.push(members.into_owned()),
            other => {
                let kind = other.kind();
                return Err(arguments.mistyped(
                    index,
                    "a map such as {'group.type': 'OKTA_GROUP'}",
                    kind,
                ));
            }
        }
    }
    let mut read = Vec::new();
    for members in &criteria {
        let keys = Criterion::read(members);
        read.extend(keys.map_err(|message| arguments.failed(ErrorKind::Type, message))?);
    }
    let met = groups(arguments)?
        .iter()
        .filter(|group| read.iter().all(|criterion| criterion.holds(group)));
    Ok(Value::List(met.map(group_object).collect()))
}

fn group_object<'a>(group: &Group<'a>) -> Value<'a> {
    let object = json!({
        "id": group.id,
        "type": group.kind,
        "name": group.name,
        "profile": {"name": group.name},
        "source": {"id": group.source_id},
    });
    match object {
        Json::Object(members) => Value::Map(Cow::Owned(members)),
        other => Value::from_json(other),
    }
}

/// One key of a criterion: any of the values.
struct Criterion<'c> {
    key: Key,
    values: Vec<&'c str>,
}

#[derive(Clone, Copy)]
enum Key {
    Id,
    Source,
    Kind,
    Name { exactly: bool },
}

impl<'c> Criterion<'c> {
    fn read(members: &'c Profile) -> Result<Vec<Self>, String> {
        let exactly = match members.get("operator") {
            None => false,
            Some(Json::String(name)) if name == "EXACT" => true,
            Some(Json::String(name)) if name == "STARTS_WITH" => false,
            Some(other) => {
                return Err(format!(
                    "there is no operator {other}; use EXACT or STARTS_WITH"
                ));
            }
        };
        let mut read = Vec::new();
        for (name, value) in members {
            let key = match name.as_str() {
                "operator" => continue,
                "group.id" => Key::Id,
                "group.source.id" => Key::Source,
                "group.type" => Key::Kind,
                "group.profile.name" => Key::Name { exactly },
                other => {
                    return Err(format!(
                        "there is no criterion '{other}'; use group.id, group.source.id, group.type or group.profile.name"
                    ));
                }
            };
            let values = texts(value)
                .ok_or_else(|| format!("'{name}' has to be a string or an array of strings"))?;
            read.push(Self { key, values });
        }
        if read.is_empty() {
            return Err("a criterion names a key such as 'group.type'".to_owned());
        }
        Ok(read)
    }

    fn holds(&self, group: &Group<'_>) -> bool {
        self.values.iter().any(|value| match self.key {
            Key::Id => group.id == *value,
            Key::Source => group.source_id == Some(value),
            Key::Kind => group.kind == *value,
            Key::Name { exactly: true } => group.name == *value,
            Key::Name { exactly: false } => group.name.starts_with(value),
        })
    }
}

pub(super) fn claim_contains<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    claim(arguments, |name, part| name.contains(part))
}

pub(super) fn claim_starts_with<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    claim(arguments, |name, part| name.starts_with(part))
}

pub(super) fn claim_ends_with<'a>(arguments: &mut Arguments<'_, 'a>) -> Outcome<'a> {
    claim(arguments, |name, part| name.ends_with(part))
}

/// Names of groups of one origin: `OKTA`, or the id of an app.
fn claim<'a>(arguments: &mut Arguments<'_, 'a>, fits: fn(&str, &str) -> bool) -> Outcome<'a> {
    let origin = arguments.text_or_empty(0)?;
    let part = arguments.text_or_empty(1)?;
    let limit = limit(arguments, 2)?;
    let meant = |group: &&Group<'a>| {
        let from = if origin == "OKTA" {
            group.kind != "APP_GROUP"
        } else {
            group.source_id == Some(&origin)
        };
        from && fits(group.name, &part)
    };
    let groups = groups(arguments)?.iter().filter(meant);
    let names = groups.take(limit).map(|group| Value::from(group.name));
    Ok(Value::List(names.collect()))
}
