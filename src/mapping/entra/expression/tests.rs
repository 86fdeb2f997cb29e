//! What is read, printed and refused.

use proptest::prelude::*;

use super::super::functions;
use super::parse::{MAX_CHARACTERS, MAX_DEPTH};
use super::*;

#[test]
fn prints_as_the_portal_does() {
    for (text, printed) in [
        (
            "switch( [IsSoftDeleted],,\"False\" ,\n\"True\")",
            "Switch([IsSoftDeleted], , \"False\", \"True\")",
        ),
        (
            "Replace([mail],\"@x\", , ,\"\", ,)",
            "Replace([mail], \"@x\", , , \"\", , )",
        ),
        ("[ mail ]", "[mail]"),
        (
            "Coalesce([emails[type eq \"work\"].value])",
            "Coalesce([emails[type eq \"work\"].value])",
        ),
        ("BitAnd(&hF7,-3)", "BitAnd(&hF7, -3)"),
        ("IIF([a]<=1.5,[b],)", "IIF([a] <= 1.5, [b], )"),
        ("guid( )", "Guid()"),
        (
            "InStr([a],\"\\\\\\\"\",1,VBTEXTCOMPARE)",
            "InStr([a], \"\\\\\\\"\", 1, vbTextCompare)",
        ),
    ] {
        let expression = Expression::parse(text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(expression.to_string(), printed);
        assert_eq!(Expression::parse(printed).unwrap(), expression);
    }
}

#[test]
fn errors_say_what_and_where() {
    for (text, column, part) in [
        ("", 1, "is missing at the end"),
        ("Append([a], \"x", 13, "never closed"),
        ("Foo([a])", 1, "there is no function Foo"),
        ("Mid([a])", 1, "usage: Mid(source, start, length)"),
        ("Not([a], [b])", 1, "takes exactly 1 arguments"),
        ("Switch([a],\"d\",\"k\")", 1, "the last key has no value"),
        ("Switch([a],\"d\")", 1, "at least 4"),
        ("Append(Right([a], 2), \"x\")", 8, "Microsoft Entra Connect"),
        ("Trim([a])", 1, "use Replace with the regular expression"),
        ("Now([a])", 1, "takes exactly 0 arguments"),
        ("FormatDateTime([a], \"yyyy\")", 1, "at least 3"),
        ("SelectUniqueValue([a])", 1, "at least 2"),
        (
            "Not(SelectUniqueValue([a], [b]))",
            5,
            "make it the whole expression",
        ),
        ("IIF([a]=\"x\" And [b]=\"y\", 1, 2)", 13, "nest another IIF"),
        ("IIF([a]=\"x\" || [b]=\"y\", 1, 2)", 13, "nest another IIF"),
        ("Tolowr([a])", 1, "did you mean ToLower?"),
        ("Append([a] [b])", 12, "expected ',' or ')'"),
        ("Append([a, \"x\")", 8, "add ']'"),
        ("mail", 1, "write [mail] for an attribute"),
        ("\u{201c}x\u{201d}", 1, "straight double quotes"),
        ("Not([])", 5, "needs a name"),
        ("[a] = \"x\"", 5, "only in the condition"),
        ("Not([a] = \"x\")", 9, "only in the condition"),
        ("Not([a]) + 1", 10, "has ended here"),
        (
            "Replace([a], , \"(\", , \"\", , )",
            16,
            "not a regular expression",
        ),
        ("Append([a], \"\\d\")", 14, "written twice"),
        ("BitAnd(&H, 1)", 8, "&H and digits"),
        ("Left([\u{fc}], -)", 11, "digits after the sign"),
    ] {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!(error.position.column, column, "{text}: {error}");
        assert!(error.message.contains(part), "{text}: {error}");
        let place = format!("at line 1, column {column}");
        assert!(error.to_string().starts_with(&place), "{error}");
    }
    let error = Expression::parse("Left([\u{fc}], -)").unwrap_err();
    assert_eq!((error.position.offset, error.found.as_str()), (11, "-)"));
}

#[test]
fn errors_in_long_expressions_name_the_line() {
    let text = "Join(\" \",\r\n  [givenName],\n  Foo([surname]),\n  [mail])";
    let error = Expression::parse(text).unwrap_err();
    let place = (error.position.line, error.position.column);
    assert_eq!((place, error.found.as_str()), ((3, 3), "Foo([surname]),"));
    assert_eq!(
        error.to_string(),
        "at line 3, column 3, near 'Foo([surname]),': there is no function Foo; check the spelling"
    );
}

#[test]
fn length_and_depth_are_limited() {
    let long = format!("\"{}\"", "\u{fc}".repeat(MAX_CHARACTERS - 1));
    assert!(
        Expression::parse(&long)
            .unwrap_err()
            .message
            .contains("10000")
    );
    assert!(Expression::parse(&format!("\"{}\"", "x".repeat(MAX_CHARACTERS - 2))).is_ok());
    let nested = |depth: usize| format!("{}[a]{}", "Not(".repeat(depth), ")".repeat(depth));
    assert!(Expression::parse(&nested(MAX_DEPTH)).is_ok());
    let error = Expression::parse(&nested(MAX_DEPTH + 1)).unwrap_err();
    assert!(error.message.contains("nested"), "{error}");
    let replaced = |times: usize| {
        let one = r#", Replace([a], , "x", , "", , )"#.repeat(times);
        Expression::parse(&format!("Join(\"\"{one})"))
    };
    assert!(replaced(100).is_ok());
    let error = replaced(101).unwrap_err();
    assert!(error.message.contains("100 regular expressions"), "{error}");
}

#[test]
fn names_what_it_reads_and_calls() {
    let expression = Expression::parse("Redact(Join(\" \", [a], [B], [a]))").unwrap();
    assert_eq!(expression.attributes(), ["a", "B", "a"]);
    assert!(expression.calls("Redact") && !expression.calls("Not"));
}

fn leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        "[a-zA-Z][a-zA-Z0-9_.]{0,8}(\\[[a-z \"]{0,5}\\])?".prop_map(Node::Attribute),
        "\\PC{0,12}".prop_map(Node::Text),
        "-?[0-9]{1,6}(\\.[0-9]{1,3})?|&H[0-9A-F]{1,16}".prop_map(Node::Number),
        Just(Node::Keyword("vbTextCompare")),
    ]
}

fn call(name: &str, arguments: Vec<Option<Node>>) -> Node {
    Node::Call(Call {
        function: functions::find(name).unwrap(),
        arguments,
        position: Position::default(),
        pattern: None,
    })
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(4, 40, 4, |inner| {
        let argument = proptest::option::of(inner.clone());
        let many = |range| proptest::collection::vec(argument.clone(), range);
        prop_oneof![
            many(2..6).prop_map(|arguments| call("Join", arguments)),
            many(3..4).prop_map(|arguments| call("Mid", arguments)),
            (many(2..3), 1_usize..3, argument.clone()).prop_map(|(mut arguments, pairs, a)| {
                arguments.extend(std::iter::repeat_n(a, pairs * 2));
                call("Switch", arguments)
            }),
            (inner.clone(), inner.clone(), many(2..3)).prop_map(|(left, right, mut rest)| {
                let condition =
                    Node::Compare(Box::new(left), Comparison::LessOrEqual, Box::new(right));
                rest.insert(0, Some(condition));
                call("IIF", rest)
            }),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_printed_reads_back_the_same(root in node()) {
        let expression = Expression { root };
        let printed = expression.to_string();
        let again = Expression::parse(&printed)
            .map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(again, expression);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*") {
        let _ = Expression::parse(&text);
    }

    #[test]
    fn nearly_right_texts_do_not_panic_either(
        text in "(Switch|IIF|Replace|Mid|Join|&H|[\\[\\]\"\\\\(),=<>& .a1-]){0,30}",
    ) {
        let _ = Expression::parse(&text);
    }
}

#[test]
fn what_is_accepted_can_be_stored_and_read_again() {
    let arguments = ",[a]".repeat(2_400);
    let error = Expression::parse(&format!("Join(\"\"{arguments})")).unwrap_err();
    assert!(
        error.to_string().contains("with a blank behind each comma"),
        "{error}"
    );
    let arguments = ",[a]".repeat(1_900);
    let expression = Expression::parse(&format!("Join(\"\"{arguments})")).unwrap();
    assert_eq!(Expression::parse(&expression.to_string()), Ok(expression));
}
