//! Properties: nothing panics, whatever is written and whoever it is evaluated for.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::NOW;
use crate::mapping::okta::{Context, Expression, FUNCTIONS, Purpose, Template};

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{1,3}",
        "(user|source|app|org)\\.[abc]",
        "'[^']{0,6}'",
        "-?[0-9]{1,12}(\\.[0-9]{1,4})?",
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("'yyyy-MM-dd'".to_owned()),
        Just("'2015-07-30T23:58:32Z'".to_owned()),
        Just("{'group.type': 'OKTA_GROUP'}".to_owned()),
    ]
}

/// Expressions that are read, with every function and operator.
fn expression() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 32, 4, |inner| {
        let operators = "==|!=|<=|>=|<|>|matches|\\+|-|\\*|/|%|AND|OR|\\?:";
        let call = (
            0..FUNCTIONS.len(),
            prop::collection::vec(inner.clone(), 0..5),
        );
        prop_oneof![
            (inner.clone(), operators, inner.clone())
                .prop_map(|(left, operator, right)| format!("({left} {operator} {right})")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            call.prop_map(|(index, arguments)| {
                let function = &FUNCTIONS[index];
                // As many arguments as the function takes.
                let count = (0..=arguments.len())
                    .rev()
                    .find(|count| function.check_count(*count).is_ok());
                let given = &arguments[..count.unwrap_or(0)];
                format!("{}({})", function.name, given.join(", "))
            }),
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("{{{}}}", items.join(", "))),
            inner.clone().prop_map(|inner| format!("!({inner})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a})[{b}]")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("({a}).![{b}]")),
        ]
    })
}

fn profile() -> impl Strategy<Value = Json> {
    let value = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-1e9..1e9).prop_map(|number: f64| json!(number)),
        "\\PC{0,8}".prop_map(Json::from),
        prop::collection::vec("[a-c,]{0,3}", 0..4).prop_map(Json::from),
        Just(json!({"a": {"b": [1]}})),
    ];
    prop::collection::hash_map("[abc]", value, 0..3)
        .prop_map(|members| Json::Object(members.into_iter().collect()))
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC*") {
        let _ = Expression::parse(&text);
        let _ = Template::parse(&text);
    }

    #[test]
    fn nearly_right_texts_do_not_panic_either(
        text in "(user|String|len|Groups|fn:|\\$\\{|NOT|AND|matches|null|\\.!\\[|\\?:|[\\[\\]\"'\\\\(){},:=<>&|?.! +-9a]){0,40}",
    ) {
        for purpose in [Purpose::Mapping, Purpose::GroupRule, Purpose::Claim] {
            let _ = Expression::parse_for(&text, purpose);
        }
        let _ = Template::parse(&text);
    }

    #[test]
    fn what_is_read_is_evaluated_without_panic_and_the_same_each_time(
        text in expression(),
        user in profile(),
        org in profile(),
    ) {
        let Ok(expression) = Expression::parse_for(&text, Purpose::Claim) else {
            return Ok(());
        };
        let world = json!({
            "user": user,
            "org": org,
            "groups": [{"id": "00g1", "type": "OKTA_GROUP", "name": "a"}],
        });
        let context = Context::from_json(world.as_object().unwrap(), NOW).unwrap();
        let first = expression.evaluate(&context);
        prop_assert_eq!(&first, &expression.evaluate(&context));
        if let Ok(value) = first {
            let json = value.to_json();
            prop_assert_eq!(value.into_owned().into_json(), json);
        }
        let _ = expression.warnings();
        let _ = expression.references();
    }

    #[test]
    fn any_string_can_be_written_as_a_constant(text in "\\PC{0,30}") {
        for quote in ["'", "\""] {
            let written = format!("{quote}{}{quote}", text.replace(quote, &quote.repeat(2)));
            let expression = Expression::parse(&written).unwrap();
            let value = expression.evaluate(&Context::default()).unwrap();
            prop_assert_eq!(value.into_json(), json!(text));
        }
    }

    #[test]
    fn dates_survive_being_written_and_read(millis in 0_i64..250_000_000_000_000) {
        let text = "Time.fromStringToIso8601(Time.now('Asia/Kolkata', 'yyyy-MM-dd HH:mm:ss.SSS ZZ'), 'yyyy-MM-dd HH:mm:ss.SSS ZZ') == Time.now()";
        let context = Context { now_millis: millis, ..Context::default() };
        prop_assert_eq!(Expression::parse(text).unwrap().holds(&context), Ok(true));
        let windows = "Time.fromWindowsToIso8601(Time.fromIso8601ToWindows(Time.now())) == Time.now()";
        prop_assert_eq!(Expression::parse(windows).unwrap().holds(&context), Ok(true));
    }
}
