//! Checks of one attribute mapping that need no look into its expression.

use super::super::attribute::{AttributeMapping, FlowType, MappingSource};
use super::super::attributes::AttributeType;
use super::super::definition::find;
use super::Severity::{Error, Notice, Warning};
use super::{CUSTOMIZE, Checked, HOW, KNOWN_ISSUES, RowCheck};

pub(super) const CHECKS: &[RowCheck] = &[
    unknown_source,
    unknown_target,
    matching_several,
    several_values,
    entitlements,
    default_on_create,
];

fn unknown_source(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let list = checked.mapping.source_definitions();
    let mut unknown: Vec<String> = Vec::new();
    for name in row.source.attributes() {
        let said = unknown.iter().any(|known| known.eq_ignore_ascii_case(name));
        if find(list, name).is_none() && !said {
            unknown.push(name.to_owned());
        }
    }
    for name in unknown {
        let of_directory = ["userType", "samAccountName", "onPremisesSamAccountName"];
        if of_directory
            .iter()
            .any(|known| known.eq_ignore_ascii_case(&name))
        {
            checked.note(
                ("unavailable-source", Warning, CUSTOMIZE),
                Some(index),
                format!("The directory has '{name}', but SCIM applications cannot read it: it is always null."),
                "Put the value into an extension attribute.",
            );
            continue;
        }
        checked.note(
            ("unknown-source", Warning, CUSTOMIZE),
            Some(index),
            format!("'{name}' is not in the source attribute list: it is null for everybody who lacks it."),
            "Check the spelling. A directory extension (extension_<appId>_<name>) has to be added to the source attribute list.",
        );
    }
}

fn unknown_target(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if find(checked.mapping.target_definitions(), &row.target).is_none() {
        checked.note(
            ("unknown-target", Warning, CUSTOMIZE),
            Some(index),
            format!("'{}' is not in the target's attribute list.", row.target),
            "Check the spelling, or add it under Edit attribute list.",
        );
    }
}

/// Matching takes one value from each side.
fn matching_several(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if row.matching_priority == 0 {
        return;
    }
    let several = match &row.source {
        MappingSource::Direct(name) => {
            find(checked.mapping.source_definitions(), name).is_some_and(|d| d.multi_valued)
        }
        _ => false,
    };
    let target = find(checked.mapping.target_definitions(), &row.target);
    let reference = target.is_some_and(|d| d.kind == AttributeType::Reference);
    if several || target.is_some_and(|d| d.multi_valued) || reference {
        let why = if reference {
            "a reference"
        } else {
            "an attribute with several values"
        };
        checked.note(
            ("matching-kind", Error, CUSTOMIZE),
            Some(index),
            format!(
                "'{}' matches objects by {why}, which no filter of the target can find.",
                row.target
            ),
            "Match by a single text, such as userName or externalId.",
        );
    }
}

/// Several values for a place that takes one.
fn several_values(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let MappingSource::Direct(name) = &row.source else {
        return;
    };
    let many = find(checked.mapping.source_definitions(), name)
        .is_some_and(|d| d.multi_valued && d.kind != AttributeType::Reference);
    let target = find(checked.mapping.target_definitions(), &row.target);
    let one = row.target.filter().is_some()
        || row.target.sub_attribute().is_some()
        || target.is_some_and(|d| !d.multi_valued);
    if many && one {
        checked.note(
            ("several-values", Error, KNOWN_ISSUES),
            Some(index),
            format!("'{name}' can have several values, and '{}' takes one: who has two fails with SchemaPropertyCanOnlyAcceptValue.", row.target),
            format!("Take one with Item([{name}], 1), or join them with Join(\",\", [{name}])."),
        );
    }
}

fn entitlements(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if row.target.attribute().eq_ignore_ascii_case("entitlements")
        && row.target.extension().is_none()
    {
        checked.note(
            ("entitlements", Warning, KNOWN_ISSUES),
            Some(index),
            "The service does not support the SCIM attribute 'entitlements'.",
            "Use roles, or a custom attribute.",
        );
    }
}

/// A default value says nothing to objects that exist.
fn default_on_create(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let none = row.source == MappingSource::None;
    if none && row.flow == FlowType::Always {
        checked.note(
            ("none-on-create", Notice, HOW),
            Some(index),
            format!("The mapping of '{}' has only a default value, which is used while an object is created and never afterwards.", row.target),
            "Use a mapping of type Constant to send the value with updates as well.",
        );
    }
}
