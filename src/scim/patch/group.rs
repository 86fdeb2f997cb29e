//! The members of a group in a PATCH: from an operation to a [`MemberEdit`], nothing loaded.

use serde_json::Value;

use super::super::error::Error;
use super::super::path::AttributePath;
use super::super::profile::Rules;
use super::super::resource::members;
use super::MemberEdit;
use super::parse::Op;

/// What an operation on `members` does. `None`: nothing.
///
/// Understood are `members` with or without a value, and `remove` on `members[value eq "id"]` (several
/// joined by `or`). Anything else fails, because guessing could empty a group.
pub(super) fn member_edit(
    op: Op,
    path: &AttributePath,
    value: Option<Value>,
    rules: &Rules,
) -> Result<Option<MemberEdit>, Error> {
    if path.sub_attribute.is_some() {
        return Err(Error::mutability(
            "what a member is cannot be changed; remove it and add another one",
        ));
    }
    if let Some(filter) = &path.filter {
        if op != Op::Remove {
            return Err(Error::mutability(
                "a member cannot be replaced in place; remove it and add another one",
            ));
        }
        let listed = filter.listed_values().ok_or_else(|| {
            Error::invalid_filter("members are selected by `members[value eq \"id\"]` only")
        })?;
        let ids = listed.into_iter().map(str::to_owned).collect();
        return Ok(Some(MemberEdit::RemoveMembers(ids)));
    }
    let edit = match (op, value) {
        (Op::Add, Some(Value::Null)) if rules.null_add => return Ok(None),
        (Op::Add, Some(Value::Null) | None) => {
            return Err(Error::invalid_value("null cannot be added to \"members\""));
        }
        (Op::Add, Some(value)) => MemberEdit::AddMembers(members(value, rules)?),
        (Op::Replace, value) => {
            MemberEdit::ReplaceMembers(members(value.unwrap_or(Value::Null), rules)?)
        }
        (Op::Remove, None | Some(Value::Null)) => MemberEdit::RemoveAllMembers,
        (Op::Remove, Some(_)) if !rules.remove_with_value => {
            return Err(Error::invalid_syntax(
                "\"remove\" has no \"value\"; use the path `members[value eq \"id\"]`",
            ));
        }
        (Op::Remove, Some(value)) => {
            let listed = members(value, rules)?;
            MemberEdit::RemoveMembers(listed.into_iter().map(|m| m.value).collect())
        }
    };
    Ok(Some(edit))
}
