//! Checks of what stands in an expression.

use super::super::attribute::{AttributeMapping, FlowType, MappingSource, Reference};
use super::super::definition::find;
use super::super::expression::parse::MAX_CHARACTERS;
use super::super::expression::{Expression, Node};
use super::Severity::{Error, Notice, Warning};
use super::{CUSTOMIZE, Checked, FUNCTIONS, RowCheck};

pub(super) const CHECKS: &[RowCheck] = &[
    empty_in_condition,
    test_in_switch,
    switch_null_bug,
    unique_value,
    app_roles,
    random_values,
    case_only,
    reference_in_call,
    length,
];

const TESTS: [&str; 4] = ["IsNull", "IsNullOrEmpty", "IsPresent", "IsNothing"];
const APP_ROLES: [&str; 4] = [
    "AppRoleAssignments",
    "AppRoleAssignmentsComplex",
    "AssertiveAppRoleAssignmentsComplex",
    "SingleAppRoleAssignment",
];

fn expression(row: &AttributeMapping) -> Option<&Expression> {
    match &row.source {
        MappingSource::Expression(expression) => Some(expression),
        _ => None,
    }
}

/// The first argument of every call of a function.
fn first_arguments<'a>(expression: &'a Expression, function: &str) -> Vec<&'a Node> {
    let mut found = Vec::new();
    expression.root().visit(&mut |node| {
        if let Node::Call(call) = node
            && call.function().name == function
            && let Some(Some(first)) = call.arguments().first()
        {
            found.push(first);
        }
    });
    found
}

fn is_call_of(node: &Node, names: &[&str]) -> bool {
    let mut found = false;
    node.visit(&mut |node| {
        found |= matches!(node, Node::Call(call) if names.contains(&call.function().name));
    });
    found
}

/// `IIF` with a condition that an empty attribute makes fail.
fn empty_in_condition(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let Some(expression) = expression(row) else {
        return;
    };
    for condition in first_arguments(expression, "IIF") {
        let empty = |node: &Node| matches!(node, Node::Text(text) if text.is_empty());
        let compares_empty =
            matches!(condition, Node::Compare(left, _, right) if empty(left) || empty(right));
        if compares_empty || is_call_of(condition, &TESTS) {
            checked.note(
                ("iif-empty", Error, FUNCTIONS),
                Some(index),
                format!("IIF cannot ask whether an attribute is empty: '{condition}' fails for exactly those objects."),
                "Use Switch with the key \"\", which matches null and empty values, or Coalesce.",
            );
            continue;
        }
        let mut names = Vec::new();
        condition.visit(&mut |node| {
            if let Node::Attribute(name) = node {
                names.push(name.clone());
            }
        });
        let list = checked.mapping.source_definitions();
        let nullable = |name: &&String| !find(list, name).is_some_and(|d| d.required);
        if let Some(name) = names.iter().find(nullable).cloned() {
            checked.note(
                ("iif-null", Notice, FUNCTIONS),
                Some(index),
                format!(
                    "IIF fails for objects whose '{name}' is empty; the attribute is then not sent."
                ),
                "Use Switch if empty values occur.",
            );
        }
    }
}

/// `Switch(IsPresent(...), ...)`.
fn test_in_switch(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let Some(expression) = expression(row) else {
        return;
    };
    let nested = first_arguments(expression, "Switch");
    if nested.into_iter().any(|source| is_call_of(source, &TESTS)) {
        checked.note(
            ("switch-test", Warning, FUNCTIONS),
            Some(index),
            "Don't nest IsPresent, IsNull or IsNullOrEmpty as the source of Switch.",
            "Give Switch the attribute itself and the key \"\" for null and empty values.",
        );
    }
}

/// The documented fault of `Switch`.
fn switch_null_bug(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if expression(row).is_some_and(|expression| expression.calls("Switch")) {
        checked.note(
            ("switch-null", Notice, FUNCTIONS),
            Some(index),
            "In an incremental cycle the service may evaluate Switch as null when its source attribute did not change but another one did.",
            "Not([IsSoftDeleted]) or a chain of IIF is safe. The fault can be switched on in the settings to see its effect.",
        );
    }
}

/// `SelectUniqueValue` belongs to inbound provisioning.
fn unique_value(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if expression(row).is_some_and(|expression| expression.calls("SelectUniqueValue")) {
        checked.note(
            ("select-unique-value", Error, FUNCTIONS),
            Some(index),
            "SelectUniqueValue works only from Workday, SuccessFactors and API-driven provisioning to on-premises Active Directory.",
            "Compute the value from attributes that are unique already, such as userPrincipalName.",
        );
    }
}

/// App roles exist for assigned people only.
fn app_roles(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let reads = row
        .source
        .attributes()
        .iter()
        .any(|name| name.eq_ignore_ascii_case("appRoleAssignments"));
    let calls = |names: &[&str]| expression(row).is_some_and(|e| is_call_of(e.root(), names));
    if (reads || calls(&APP_ROLES)) && checked.circumstances.everybody {
        checked.note(
            ("app-roles-everybody", Error, CUSTOMIZE),
            Some(index),
            "App roles are not compatible with the scope 'Sync all users and groups': who is not assigned has none.",
            "Set Scope to Sync only assigned users and groups.",
        );
    }
    if calls(&["SingleAppRoleAssignment"]) {
        checked.note(
            ("single-app-role", Notice, CUSTOMIZE),
            Some(index),
            "SingleAppRoleAssignment needs exactly one role for each person; of several, any one is sent.",
            "Assign one role to each person, also through groups, or use AppRoleAssignmentsComplex.",
        );
    }
    if calls(&["AppRoleAssignmentsComplex"]) {
        checked.note(
            ("app-roles-stay", Notice, CUSTOMIZE),
            Some(index),
            "AppRoleAssignmentsComplex only adds: roles that are removed in Microsoft Entra ID stay in the target.",
            "Use AssertiveAppRoleAssignmentsComplex to replace the whole list.",
        );
    }
}

/// Random values that are drawn again with every update.
fn random_values(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let random =
        expression(row).is_some_and(|e| is_call_of(e.root(), &["Guid", "RandomString", "Now"]));
    if random && row.flow != FlowType::ObjectAddOnly {
        checked.note(
            ("random-always", Warning, FUNCTIONS),
            Some(index),
            "The expression gives another value each time: every cycle updates every object.",
            "Set Apply this mapping to Only during object creation.",
        );
    }
}

/// A change of case that the comparison does not see.
fn case_only(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let Some(Node::Call(call)) = expression(row).map(Expression::root) else {
        return;
    };
    let exact =
        find(checked.mapping.target_definitions(), &row.target).is_some_and(|d| d.case_exact);
    if matches!(call.function().name, "ToLower" | "ToUpper" | "PCase") && !exact {
        checked.note(
            ("case-not-exact", Notice, CUSTOMIZE),
            Some(index),
            format!("'{}' is compared without regard to case: objects that differ in case only are not updated.", row.target),
            "Set Exact case for it under Edit attribute list, if the target keeps the case.",
        );
    }
}

/// References go through no function.
fn reference_in_call(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    if row.reference().is_some() {
        return;
    }
    let names = row.source.attributes();
    if let Some(name) = names.into_iter().find(|name| Reference::of(name).is_some()) {
        let sentence = format!(
            "'{name}' is a reference; functions see the object's id in Microsoft Entra ID or nothing, never the id in the target."
        );
        checked.note(
            ("reference-in-expression", Warning, FUNCTIONS),
            Some(index),
            sentence,
            "Map the reference directly.",
        );
    }
}

/// Close to the service's limit.
fn length(checked: &mut Checked<'_>, index: usize, row: &AttributeMapping) {
    let Some(expression) = expression(row) else {
        return;
    };
    let characters = expression.to_string().chars().count();
    if characters > MAX_CHARACTERS / 10 * 9 {
        checked.note(
            ("long-expression", Notice, FUNCTIONS),
            Some(index),
            format!("The expression has {characters} of at most {MAX_CHARACTERS} characters."),
            "Shorten it before it reaches the limit.",
        );
    }
}
