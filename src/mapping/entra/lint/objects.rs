//! Checks of an object mapping as a whole.

use super::super::attributes::ObjectKind;
use super::super::context::Context;
use super::super::definition::{AttributeDefinition, Mutability};
use super::super::object::Purpose;
use super::super::source::Source;
use super::Severity::{Error, Notice, Warning};
use super::{CUSTOMIZE, Checked, HOW, KNOWN_ISSUES, POSTMAN};

pub(super) const CHECKS: &[fn(&mut Checked<'_>)] = &[
    matching_mail,
    active,
    required_targets,
    postmans_list,
    same_place,
];

/// `mail` as the only way to find people.
fn matching_mail(checked: &mut Checked<'_>) {
    if checked.mapping.source_type != ObjectKind::User {
        return;
    }
    let matching = checked.mapping.matching();
    let by_mail = |row: &&super::AttributeMapping| {
        let names = row.source.attributes();
        !names.is_empty() && names.iter().all(|name| name.eq_ignore_ascii_case("mail"))
    };
    if !matching.iter().all(by_mail) {
        return;
    }
    let index = checked
        .mapping
        .attributes
        .iter()
        .position(|row| row.matching_priority > 0);
    checked.note(
        ("matching-mail", Warning, POSTMAN),
        index,
        "Users are matched by mail only. It is empty for cloud-only users without a mailbox; they are skipped (ImportSkipped) and never provisioned.",
        "Fill in mail for everybody in scope, or match by userPrincipalName if that is also what single sign-on sends.",
    );
}

/// `active` follows the soft delete, and says true for people who are active.
fn active(checked: &mut Checked<'_>) {
    if checked.mapping.source_type != ObjectKind::User {
        return;
    }
    let position =
        |row: &super::AttributeMapping| row.target.as_str().eq_ignore_ascii_case("active");
    let Some(index) = checked.mapping.attributes.iter().position(position) else {
        if checked.mapping.soft_delete().is_none() {
            checked.note(
                ("active-unmapped", Warning, HOW),
                None,
                "No mapping tells the target that somebody is disabled: who leaves the scope or is disabled is deleted, or stays as before.",
                "Map Not([IsSoftDeleted]) to active.",
            );
        }
        return;
    };
    let row = &checked.mapping.attributes[index];
    let reads = |name: &str| {
        row.source
            .attributes()
            .iter()
            .any(|a| a.eq_ignore_ascii_case(name))
    };
    if !reads("IsSoftDeleted") {
        let (sentence, remedy) = if reads("accountEnabled") {
            (
                "active follows accountEnabled only: who loses the assignment or is deleted stays active.",
                "Use IsSoftDeleted, which includes accountEnabled: Not([IsSoftDeleted]).",
            )
        } else {
            (
                "active does not follow IsSoftDeleted: nobody is ever disabled in the target.",
                "Map Not([IsSoftDeleted]) to active.",
            )
        };
        checked.note(
            ("active-source", Warning, HOW),
            Some(index),
            sentence,
            remedy,
        );
        return;
    }
    let shown = |deleted: bool| {
        let source = Source::from_iter([("IsSoftDeleted", deleted), ("accountEnabled", !deleted)]);
        let context = Context::new(0, [0; 16], "");
        let mapped = checked.mapping.map(&source, &context, Purpose::Update);
        let found = mapped.attributes.iter().find(|a| a.mapping == index);
        found.and_then(|a| a.value.as_text().map(str::to_ascii_lowercase))
    };
    let is = |value: &Option<String>, wanted: &str| value.as_deref() == Some(wanted);
    let (present, gone) = (shown(false), shown(true));
    if is(&present, "false") || is(&gone, "true") {
        checked.note(
            ("active-polarity", Error, CUSTOMIZE),
            Some(index),
            "active is the wrong way round: IsSoftDeleted is true for people who are gone, active is true for people who are there.",
            r#"Use Not([IsSoftDeleted]) or Switch([IsSoftDeleted], , "False", "True", "True", "False")."#,
        );
    }
}

/// What the target requires and nobody maps; what it does not let be written.
fn required_targets(checked: &mut Checked<'_>) {
    let list = checked.mapping.target_definitions().to_vec();
    let writable = |d: &&AttributeDefinition| !d.anchor && d.mutability != Mutability::ReadOnly;
    for definition in list.iter().filter(|d| d.required).filter(writable) {
        if !checked.mapping.maps(&definition.name) {
            checked.note(
                ("required-unmapped", Warning, CUSTOMIZE),
                None,
                format!(
                    "The target requires '{}', and no mapping writes it.",
                    definition.name
                ),
                "Map it, or take Required off in the attribute list.",
            );
        }
    }
    for definition in list
        .iter()
        .filter(|d| d.mutability == Mutability::ReadOnly || d.anchor)
    {
        let named = |row: &super::AttributeMapping| definition.is_named(row.target.as_str());
        if let Some(index) = checked.mapping.attributes.iter().position(named) {
            checked.note(
                ("read-only-target", Warning, CUSTOMIZE),
                Some(index),
                format!(
                    "The target assigns '{}' itself; a value that is sent is ignored or refused.",
                    definition.name
                ),
                "Delete the mapping.",
            );
        }
    }
}

/// Default mappings that Postman does not take.
fn postmans_list(checked: &mut Checked<'_>) {
    if !checked.circumstances.postman {
        return;
    }
    let (takes, who): (&[&str], _) = match checked.mapping.source_type {
        ObjectKind::User => (
            &["userName", "active", "name.givenName", "name.familyName"],
            "users",
        ),
        ObjectKind::Group => (&["displayName", "members"], "groups"),
    };
    for index in 0..checked.mapping.attributes.len() {
        let target = checked.mapping.attributes[index].target.to_string();
        if !takes
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&target))
        {
            checked.note(
                ("not-on-postmans-list", Warning, POSTMAN),
                Some(index),
                format!("Postman takes {} of {who}; '{target}' is not on its list.", takes.join(", ")),
                "You must remove any existing attribute mappings that aren't on this list to avoid any conflicts or mismatches. Click Delete next to it.",
            );
        }
    }
}

/// Two mappings into one place that are spelled differently, or a whole and a part of it.
fn same_place(checked: &mut Checked<'_>) {
    let rows = &checked.mapping.attributes;
    let mut pairs = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for other in &rows[..index] {
            let (a, b) = (&other.target, &row.target);
            let same = |x: Option<&str>, y: Option<&str>| match (x, y) {
                (Some(x), Some(y)) => x.eq_ignore_ascii_case(y),
                (x, y) => x == y,
            };
            if !same(a.extension(), b.extension())
                || !same(Some(a.attribute()), Some(b.attribute()))
            {
                continue;
            }
            let element = |p: &super::super::TargetPath| {
                p.filter()
                    .map(|(by, value)| (by.to_ascii_lowercase(), value.to_ascii_lowercase()))
            };
            let whole =
                |p: &super::super::TargetPath| p.filter().is_none() && p.sub_attribute().is_none();
            if whole(a) != whole(b) {
                pairs.push((index, a.to_string(), b.to_string(), "One of them is the whole attribute, the other a part of it: the later one wins."));
            } else if element(a) == element(b) && same(a.sub_attribute(), b.sub_attribute()) {
                pairs.push((
                    index,
                    a.to_string(),
                    b.to_string(),
                    "Both name the same place: the later one wins.",
                ));
            } else if a
                .filter()
                .is_some_and(|(by, _)| by.eq_ignore_ascii_case("primary"))
                != b.filter()
                    .is_some_and(|(by, _)| by.eq_ignore_ascii_case("primary"))
                && same(a.sub_attribute(), b.sub_attribute())
                && a.filter().is_some()
                && b.filter().is_some()
            {
                pairs.push((index, a.to_string(), b.to_string(), "The one chosen by type may be the primary one as well: each cycle may change it back."));
            }
        }
    }
    for (index, first, second, why) in pairs {
        checked.note(
            ("same-place", Warning, KNOWN_ISSUES),
            Some(index),
            format!("'{first}' and '{second}' are both mapped. {why}"),
            "Keep one of them. The service handles one value for each type.",
        );
    }
    let nobody_notices = checked.mapping.actions;
    if !nobody_notices.create && !nobody_notices.update && !nobody_notices.delete {
        checked.note(
            ("no-actions", Notice, CUSTOMIZE),
            None,
            "All target object actions are off: nothing is ever sent.",
            "Switch on Create, Update and Delete, or switch the mapping off.",
        );
    }
}
