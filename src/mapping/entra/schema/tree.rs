//! The source of an attribute mapping as the schema's expression tree, both ways.
//!
//! `{"expression", "name", "type", "parameters": [{"key", "value": tree}]}`; a constant's `name` is its
//! text and its `expression` the quoted text. A file may leave out `expression` or `parameters`. When
//! both are there and differ, the tree wins, unless it says something no tree of ours would.
//!
//! How the service writes comparisons and numbers inside a tree is not known: a comparison is a
//! function named by its operator, with the keys `left` and `right`; a number is a constant whose
//! `expression` has no quotes.

use serde_json::{Value as Json, json};

use super::super::attribute::MappingSource;
use super::super::expression::{Comparison, Expression, Node};
use super::super::functions::{self, Function};
use super::keys::{fewest, key, place, repeated_from};
use super::reader::{At, Members, Problems};

const COMPARISONS: [Comparison; 6] = [
    Comparison::Equal,
    Comparison::NotEqual,
    Comparison::Less,
    Comparison::LessOrEqual,
    Comparison::Greater,
    Comparison::GreaterOrEqual,
];

/// The tree of a mapping's source; null for a mapping of type *None*.
pub(super) fn source_json(source: &MappingSource) -> Json {
    match source {
        MappingSource::Direct(name) => node_json(&Node::Attribute(name.clone())),
        MappingSource::Constant(text) => node_json(&Node::Text(text.clone())),
        MappingSource::Expression(expression) => expression_json(expression),
        MappingSource::None => Json::Null,
    }
}

/// The tree of an expression.
pub fn expression_json(expression: &Expression) -> Json {
    node_json(expression.root())
}

fn node_json(node: &Node) -> Json {
    let (name, kind, parameters) = match node {
        Node::Attribute(name) => (name.clone(), "Attribute", Vec::new()),
        Node::Text(text) | Node::Number(text) => (text.clone(), "Constant", Vec::new()),
        Node::Keyword(name) => ((*name).to_owned(), "Constant", Vec::new()),
        Node::Call(call) => {
            let parameters = call
                .arguments()
                .iter()
                .enumerate()
                .filter_map(|(index, argument)| {
                    let value = node_json(argument.as_ref()?);
                    Some(json!({ "key": key(call.function(), index), "value": value }))
                })
                .collect();
            (call.function().name.to_owned(), "Function", parameters)
        }
        Node::Compare(left, comparison, right) => {
            let parameters = vec![
                json!({ "key": "left", "value": node_json(left) }),
                json!({ "key": "right", "value": node_json(right) }),
            ];
            (comparison.symbol().to_owned(), "Function", parameters)
        }
    };
    json!({ "expression": node.to_string(), "name": name, "type": kind, "parameters": parameters })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Attribute,
    Constant,
    Function,
}

const KINDS: [(&str, Option<Kind>); 3] = [
    ("Attribute", Some(Kind::Attribute)),
    ("Constant", Some(Kind::Constant)),
    ("Function", Some(Kind::Function)),
];

/// Reads the source of a mapping.
pub(super) fn read_source(at: &At<'_>, problems: &mut Problems) -> Option<MappingSource> {
    let members = at.members(problems)?;
    let name = members.text("name", problems);
    let text = members.text("expression", problems);
    match (members.one_of("type", &KINDS, None, problems), name) {
        (Some(Kind::Attribute), Some(name)) => {
            if name.trim().is_empty() {
                problems.note(&members.path_of("name"), "names no source attribute");
                return None;
            }
            Some(MappingSource::Direct(name))
        }
        (Some(Kind::Constant), Some(text)) => Some(MappingSource::Constant(text)),
        (Some(Kind::Function), _) => read_function(&members, text.as_deref(), problems),
        (_, name) => match (text, name) {
            (Some(text), _) => Some(plain(parse(&members, &text, problems)?)),
            (None, Some(name)) if !name.trim().is_empty() => Some(MappingSource::Direct(name)),
            (None, _) => {
                problems.note(&at.path, "has neither a name nor an expression");
                None
            }
        },
    }
}

/// An expression that is nothing but an attribute or a constant is a mapping of that type.
fn plain(expression: Expression) -> MappingSource {
    match expression.root() {
        Node::Attribute(name) => MappingSource::Direct(name.clone()),
        Node::Text(text) => MappingSource::Constant(text.clone()),
        _ => MappingSource::Expression(expression),
    }
}

fn parse(members: &Members<'_>, text: &str, problems: &mut Problems) -> Option<Expression> {
    Expression::parse(text)
        .map_err(|error| problems.note(&members.path_of("expression"), error.to_string()))
        .ok()
}

fn read_function(
    members: &Members<'_>,
    text: Option<&str>,
    problems: &mut Problems,
) -> Option<MappingSource> {
    let has_tree = matches!(members.get("parameters"), Some(At { value: Json::Array(list), .. }) if !list.is_empty());
    let written = text.map(Expression::parse);
    if let Some(Ok(expression)) = &written
        && (!has_tree
            || same(
                &expression_json(expression),
                &Json::Object(members.map.clone()),
            ))
    {
        return Some(plain(expression.clone()));
    }
    if let (false, Some(text)) = (has_tree, text) {
        return parse(members, text, problems).map(plain);
    }
    let mut of_tree = Problems::default();
    let rebuilt = tree_text(members, &mut of_tree).and_then(|text| {
        Expression::parse(&text)
            .map_err(|error| of_tree.note(&members.path, format!("{text}: {error}")))
            .ok()
    });
    match (rebuilt, written) {
        (Some(expression), _) | (None, Some(Ok(expression))) => Some(plain(expression)),
        (None, Some(Err(error))) => {
            problems.note(&members.path_of("expression"), error.to_string());
            None
        }
        (None, None) => {
            if let Err(errors) = of_tree.or::<()>(None) {
                for problem in errors.problems() {
                    problems.note(&problem.path, &problem.reason);
                }
            }
            None
        }
    }
}

/// Whether a tree says what ours says. Keys only count where both are keys of the function.
fn same(ours: &Json, given: &Json) -> bool {
    let texts = |tree: &Json, name: &str| tree[name].as_str().map(str::to_lowercase);
    let function = ours["name"]
        .as_str()
        .and_then(|name| functions::find(name).ok());
    let is_key = |key: &Json| {
        let key = key.as_str().unwrap_or_default();
        function.is_some_and(|function| place(function, key).is_some())
    };
    let same_key = |a: &Json, b: &Json| {
        let place_of = |key: &Json| place(function?, key.as_str()?);
        !is_key(b) || place_of(a) == place_of(b)
    };
    let (left, right) = (parameters(ours), parameters(given));
    let same_name = match ours["type"].as_str() {
        Some("Function") => texts(ours, "name") == texts(given, "name"),
        _ => ours["name"] == given["name"],
    };
    same_name
        && texts(ours, "type") == texts(given, "type")
        && left.len() == right.len()
        && left
            .iter()
            .zip(right)
            .all(|(a, b)| same_key(&a["key"], &b["key"]) && same(&a["value"], &b["value"]))
}

fn parameters(tree: &Json) -> &[Json] {
    tree["parameters"].as_array().map_or(&[], Vec::as_slice)
}

/// The text of a tree.
fn tree_text(members: &Members<'_>, problems: &mut Problems) -> Option<String> {
    let name = members.text("name", problems);
    let text = members.text("expression", problems);
    let kind = members.one_of("type", &KINDS, None, problems);
    match (kind, name, text) {
        (Some(Kind::Attribute), Some(name), _) => Some(Node::Attribute(name).to_string()),
        (Some(Kind::Constant), Some(name), text) => Some(match text {
            // A number or a named constant is written without quotes.
            Some(text) if text == name && !text.starts_with('"') => text,
            _ => Node::Text(name).to_string(),
        }),
        (Some(Kind::Function), Some(name), _) => call_text(members, &name, problems),
        (None | Some(_), None, Some(text)) | (None, Some(_), Some(text)) => Some(text),
        (_, Some(_), None) => {
            problems.note(&members.path_of("type"), "is missing");
            None
        }
        (_, None, None) => {
            problems.note(&members.path_of("name"), "is missing");
            None
        }
    }
}

fn call_text(members: &Members<'_>, name: &str, problems: &mut Problems) -> Option<String> {
    let mut arguments: Vec<(String, String)> = Vec::new();
    for entry in members.list("parameters", problems) {
        let pair = entry.members(problems)?;
        let key = pair.text("key", problems).unwrap_or_default();
        let value = match pair.get("value") {
            Some(value) => tree_text(&value.members(problems)?, problems)?,
            None => String::new(),
        };
        arguments.push((key, value));
    }
    if let Some(comparison) = COMPARISONS.iter().find(|c| c.symbol() == name) {
        let [(_, left), (_, right)] = arguments.as_slice() else {
            problems.note(
                &members.path_of("parameters"),
                "a comparison has two operands",
            );
            return None;
        };
        return Some(format!("{left} {} {right}", comparison.symbol()));
    }
    let function = functions::find(name)
        .map_err(|reason| problems.note(&members.path_of("name"), reason))
        .ok()?;
    let arguments = in_order(function, arguments);
    Some(format!("{}({})", function.name, arguments.join(", ")))
}

/// Arguments at their places, with empty texts where none is given.
fn in_order(function: &Function, given: Vec<(String, String)>) -> Vec<String> {
    let repeated = repeated_from(function);
    let fixed = repeated.unwrap_or(function.parameters.len());
    let mut places: Vec<Option<String>> = vec![None; fixed];
    let mut tail: Vec<String> = Vec::new();
    for (key, text) in given {
        let wanted =
            place(function, &key).filter(|&index| index >= fixed || places[index].is_none());
        let free = || places.iter().position(Option::is_none);
        match wanted.or_else(free) {
            Some(index) if index < fixed => places[index] = Some(text),
            _ => tail.push(text),
        }
    }
    let mut all: Vec<Option<String>> = places;
    if tail.is_empty() {
        while all.last().is_some_and(Option::is_none) && all.len() > fewest(function) {
            all.pop();
        }
    }
    all.extend(tail.into_iter().map(Some));
    while all.len() < fewest(function) {
        all.push(None);
    }
    all.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tree: &Json) -> Result<MappingSource, String> {
        let mut problems = Problems::default();
        let source = read_source(&At::root(tree), &mut problems);
        problems.or(source).map_err(|e| e.to_string())
    }

    fn expression(text: &str) -> MappingSource {
        MappingSource::Expression(Expression::parse(text).unwrap())
    }

    const TEXTS: &[&str] = &[
        r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
        r#"Replace([preferredLanguage], "-", , , "_", , )"#,
        r#"Replace([a], , "(?<n>\\d+)", "n", , [b], )"#,
        r#"Join(" ", [givenName], [surname])"#,
        r#"IIF([country] = "NO", Append([a], "x"), [b])"#,
        "Mid([a], 1, 3)",
        r#"InStr([a], "b", , vbTextCompare)"#,
        "Not([IsSoftDeleted])",
        "Guid()",
        r#"Coalesce([a], [b], "c")"#,
        "BitAnd(&HF, [a])",
        "ToLower([a], )",
    ];

    #[test]
    fn trees_are_read_back_with_or_without_their_text() {
        for text in TEXTS {
            let source = expression(text);
            let mut tree = source_json(&source);
            assert_eq!(read(&tree).as_ref(), Ok(&source), "{text}");
            tree["parameters"] = json!([]);
            assert_eq!(
                read(&tree).as_ref(),
                Ok(&source),
                "{text} without parameters"
            );
        }
    }

    fn without_text(tree: &mut Json) {
        if tree["type"] == "Function" {
            tree.as_object_mut().unwrap().remove("expression");
        }
        for parameter in tree["parameters"].as_array_mut().unwrap() {
            without_text(&mut parameter["value"]);
        }
    }

    #[test]
    fn a_tree_without_text_is_put_together_by_its_keys() {
        for text in TEXTS {
            if text.starts_with("ToLower") {
                continue;
            }
            let source = expression(text);
            let mut tree = source_json(&source);
            without_text(&mut tree);
            assert_eq!(read(&tree).as_ref(), Ok(&source), "{text}");
        }
    }

    #[test]
    fn the_tree_wins_over_a_text_that_says_something_else() {
        let mut tree = source_json(&expression(r#"Append([a], "x")"#));
        tree["expression"] = json!(r#"Append([a], "y")"#);
        assert_eq!(read(&tree), Ok(expression(r#"Append([a], "x")"#)));
        // A tree that cannot be understood leaves the text.
        tree["parameters"][1]["value"] = json!({"name": "Nowhere", "type": "Function", "parameters": [{"key": "a", "value": null}]});
        assert_eq!(read(&tree), Ok(expression(r#"Append([a], "y")"#)));
    }

    #[test]
    fn constants_are_raw_in_the_name_and_quoted_in_the_expression() {
        let source = MappingSource::Constant("a \"b\" \\".to_owned());
        let tree = source_json(&source);
        assert_eq!(
            tree,
            json!({"expression": r#""a \"b\" \\""#, "name": "a \"b\" \\", "type": "Constant", "parameters": []})
        );
        assert_eq!(read(&tree), Ok(source));
        assert_eq!(source_json(&MappingSource::None), Json::Null);
    }

    #[test]
    fn minimal_sources_are_enough() {
        for (tree, wanted) in [
            (
                json!({"name": "extensionAttribute10", "type": "Attribute"}),
                MappingSource::Direct("extensionAttribute10".into()),
            ),
            (
                json!({"name": "mail"}),
                MappingSource::Direct("mail".into()),
            ),
            (
                json!({"expression": "[mail]"}),
                MappingSource::Direct("mail".into()),
            ),
            (
                json!({"expression": "\"x\"", "type": "Constant"}),
                MappingSource::Constant("x".into()),
            ),
            (
                json!({"expression": "guid()", "type": "Function"}),
                expression("Guid()"),
            ),
            (
                json!({"name": "Guid", "type": "Function", "parameters": []}),
                expression("Guid()"),
            ),
        ] {
            assert_eq!(read(&tree).as_ref(), Ok(&wanted), "{tree}");
        }
    }

    #[test]
    fn a_wrong_source_is_refused_with_its_place() {
        for (tree, part) in [
            (json!(7), "$: expected an object"),
            (json!({}), "neither a name nor an expression"),
            (
                json!({"name": " ", "type": "Attribute"}),
                "name: names no source attribute",
            ),
            (
                json!({"type": "Funktion", "name": "x"}),
                "type: 'Funktion' is none of Attribute, Constant, Function",
            ),
            (
                json!({"type": "Function", "expression": "Append([a]"}),
                "expression: at line 1, column 11",
            ),
            (
                json!({"type": "Function", "name": "Right", "parameters": [{"key": "source", "value": {"name": "a", "type": "Attribute"}}]}),
                "name: Right is a function of Microsoft Entra Connect",
            ),
            (
                json!({"type": "Function", "name": "Not", "parameters": [{"key": "source", "value": {"type": "Attribute"}}]}),
                "parameters[0].value.name: is missing",
            ),
            (
                json!({"type": "Function", "name": "Left", "parameters": [{"key": "String", "value": {"name": "a", "type": "Attribute"}}, 1]}),
                "parameters[1]: expected an object",
            ),
        ] {
            let error = read(&tree).expect_err(part);
            assert!(error.contains(part), "{error} lacks {part}");
        }
    }
}
