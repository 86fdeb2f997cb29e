//! The test vectors of the language: the input and output pairs that Microsoft prints in its functions
//! reference, and a few computed from its rules. A row begins with the number of the vector; what one
//! row cannot say (a random value, a log, a parse error) has a test of its own.

use serde_json::{Value as Json, json};

use super::super::super::attribute::MappingSource;
use super::super::super::context::Taken;
use super::super::super::evaluate::Evaluated;
use super::super::super::expression::Expression;
use super::expected::Out::{self, Dropped, Value};
use super::expected::{check, check_in, context, run, text};

type Row = (&'static str, &'static str, Json, Out);

fn all(rows: Vec<Row>) {
    for (number, expression, input, wanted) in rows {
        assert!(number.starts_with("B "), "{number}");
        check(&[(expression, input, wanted)]);
    }
}

#[test]
fn texts() {
    let (mid, prefix) = (
        "Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))",
        "Mid([userPrincipalName], 1, 8)",
    );
    let person =
        json!({"givenName": "John", "surname": "Doe", "userPrincipalName": "JohnDoe@contoso.com"});
    let diacritics = r#"NormalizeDiacritics("Åse Müller-Strauß Øster Łukasz")"#;
    let names = json!({"lastName": "PINTO-DE'SILVA", "firstName": "GREGORY"});
    let james = json!({"lastName": "JAMES", "firstName": "GREGORY"});
    let separators = r#"Word("This,string!has&many separators",3,",!&#")"#;
    let quotes = r#"Append([a], "Company name: \"Contoso\"")"#;
    let quoted = text("Company name: \"Contoso\"");
    let ignore_case = r#"InStr("repEated","e",3,vbTextCompare)"#;
    let upn = json!({"userPrincipalName": "John.Doe@contoso.com"});
    let none = || json!({});
    all(vec![
        (
            "B 1",
            r#"Append([userPrincipalName], ".test")"#,
            upn,
            text("John.Doe@contoso.com.test"),
        ),
        (
            "B 34",
            r#"InStr("The quick brown fox","quick")"#,
            none(),
            text("5"),
        ),
        ("B 36", ignore_case, none(), text("4")),
        ("B 44", r#"Left("John Doe", 3)"#, none(), text("Joh")),
        ("B 45", "Left([a], 0)", json!({"a": "x"}), text("")),
        ("B 45", r#"Left("abc",-1)"#, none(), text("abc")),
        ("B 45", "Left([a],3)", none(), text("")),
        ("B 46", mid, person.clone(), text("JohDoe")),
        (
            "B 48",
            diacritics,
            none(),
            text("Ase Muller-Strauss OEster Lukasz"),
        ),
        (
            "B 52",
            r#"PCase([lastName]," '-")"#,
            names,
            text("Pinto-De'Silva"),
        ),
        (
            "B 53",
            r#"PCase(Join(" ",[firstName],[lastName]))"#,
            james,
            text("Gregory James"),
        ),
        ("B 70", r#"StripSpaces("a b c")"#, none(), text("abc")),
        ("B 76", r#"ToUpper("abc")"#, none(), text("ABC")),
        (
            "B 77",
            r#"Word("The quick brown fox",3," ")"#,
            none(),
            text("brown"),
        ),
        ("B 78", separators, none(), text("has")),
        ("B 81", prefix, person, text("JohnDoe@")),
        ("B 84", quotes, json!({"a": ""}), quoted),
    ]);
}

#[test]
fn dates() {
    let hired = json!({"d": "2012-03-16-07:00"});
    let days = |a: &str, b: &str| json!({"a": a, "b": b});
    let (late, early) = ("8/25/2021 5:41:18 PM", "2012-03-16-07:00");
    let difference = |unit: &str| match unit {
        "d" => r#"DateDiff("d", CDate([a]), CDate([b]))"#,
        "ww" => r#"DateDiff("ww", CDate([a]), CDate([b]))"#,
        "yyyy" => r#"DateDiff("yyyy", CDate([a]), CDate([b]))"#,
        "h" => r#"DateDiff("h", CDate([a]), CDate([b]))"#,
        _ => r#"DateDiff("s", CDate([a]), CDate([b]))"#,
    };
    let soon = r#"Switch([Active], , "1", IIF(DateDiff("d", Now(), CDate([StatusHireDate])) > 5, "False", "True"), "0", "False")"#;
    // The tests' present is 2021-08-25.
    let active = |date: &str| json!({"Active": "1", "StatusHireDate": date});
    let end = r#"NumFromDate(Join("", FormatDateTime([ContractEndDate], ,"yyyy-MM-ddzzz", "yyyy-MM-dd"), " 23:59:59-08:00"))"#;
    let (hire, offset) = (
        json!({"StatusHireDate": "2020-03-16-07:00"}),
        r#"CDate("2009-06-15T01:45:30-07:00")"#,
    );
    let contract = json!({"ContractEndDate": "2020-12-31-08:00"});
    let (midnight, next) = ("2021-08-24", "2021-08-25");
    all(vec![
        (
            "B 4",
            "CDate([StatusHireDate])",
            hire,
            text("3/16/2020 7:00:00 AM"),
        ),
        (
            "B 5",
            r#"CDate("2021-06-30+08:00")"#,
            json!({}),
            text("6/29/2021 4:00:00 PM"),
        ),
        ("B 6", offset, json!({}), text("6/15/2009 8:45:30 AM")),
        (
            "B 12",
            r#"DateAdd("d", -10, CDate([d]))"#,
            hired.clone(),
            text("3/6/2012 7:00:00 AM"),
        ),
        (
            "B 13",
            r#"DateAdd("ww", 2, CDate([d]))"#,
            hired.clone(),
            text("3/30/2012 7:00:00 AM"),
        ),
        (
            "B 14",
            r#"DateAdd("m", 10, CDate([d]))"#,
            hired,
            text("1/16/2013 7:00:00 AM"),
        ),
        (
            "B 16",
            difference("d"),
            days("2021-08-18+08:00", "2021-08-31+08:00"),
            text("13"),
        ),
        ("B 17", difference("d"), days(late, early), text("-3449")),
        ("B 18", difference("ww"), days(late, early), text("-493")),
        ("B 20", difference("yyyy"), days(late, early), text("-9")),
        (
            "B 21",
            difference("d"),
            days("2021-08-31+08:00", "2021-08-31+08:00"),
            text("0"),
        ),
        ("B 22", difference("h"), days(midnight, next), text("24")),
        ("B 24", difference("s"), days(midnight, next), text("86400")),
        ("B 25", soon, active("2021-08-28"), text("True")),
        ("B 25", soon, active("2021-09-28"), text("False")),
        (
            "B 26",
            "DateFromNum(129699324000000000)",
            json!({}),
            text("1/1/2012 11:00:00 PM"),
        ),
        ("B 50", end, contract, text("132539615990000000")),
    ]);
}

#[test]
fn choices() {
    let prefix = r#"IgnoreFlowIfNullOrEmpty(Switch([prefix], "", "3443", "Dr.", "3444", "Prof.", "3445", "Prof. Dr."))"#;
    let by_country = r#"IIF([country]="USA",[country],[department])"#;
    let nested = r#"IIF([country]="USA","True",IIF([state]="CA","True","False"))"#;
    let or_other = r#"Switch([country],[country],"","Other")"#;
    let lower = r#"Switch(ToLower([statusFlag]), "0", "true", "1", "false", "0")"#;
    let empty = r#"Switch([statusFlag], "Default Value", "true", "1", "", "0")"#;
    let deleted = r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#;
    let soft = |flag: bool| json!({"IsSoftDeleted": flag});
    let (usa, canada) = (
        json!({"country": "USA", "department": "IT"}),
        json!({"country": "Canada", "department": "IT"}),
    );
    let california = json!({"country": "Canada", "state": "CA"});
    let named = |name: &str| json!({"displayName": name});
    all(vec![
        ("B 8", r#"Coalesce([a],"")"#, json!({}), text("")),
        (
            "B 28",
            "IgnoreFlowIfNullOrEmpty([department])",
            json!({}),
            Dropped,
        ),
        ("B 29", prefix, json!({"prefix": "3443"}), text("Dr.")),
        ("B 29", prefix, json!({"prefix": "9"}), Dropped),
        ("B 30", by_country, usa, text("USA")),
        ("B 30", by_country, canada, text("IT")),
        ("B 32", nested, california, text("True")),
        ("B 33", or_other, json!({}), text("Other")),
        ("B 33", or_other, json!({"country": "USA"}), text("USA")),
        ("B 37", "IsNull([displayName])", json!({}), text("True")),
        ("B 37", "IsNull([displayName])", named("x"), text("False")),
        (
            "B 38",
            "IsNullOrEmpty([displayName])",
            named(""),
            text("True"),
        ),
        ("B 49", "Not([IsSoftDeleted])", soft(false), text("True")),
        ("B 49", "Not([IsSoftDeleted])", soft(true), text("False")),
        ("B 72", lower, json!({"statusFlag": "TRUE"}), text("1")),
        ("B 73", empty, json!({"statusFlag": ""}), text("0")),
        ("B 74", deleted, soft(false), text("True")),
        ("B 74", deleted, soft(true), text("False")),
        ("B 74", deleted, json!({}), Value(Json::Null)),
    ]);
}

#[test]
fn replacements() {
    let title = r#"Replace([BusinessTitle],"Product Developer", , , "Software Engineer", , )"#;
    let isd = r#"Replace([telephoneNumber], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )"#;
    let mobile = r#"Replace([mobile], , "[()\\s-]+", , "", , )"#;
    let street =
        r#"Replace([AddressLineData], ,"(?<streetNumber>^\\d*)","streetNumber", "888", , )"#;
    let other = r#"Replace([telephoneNumber], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", "phoneNumber" , , [mobile], )"#;
    let letters = r#"Replace([mailNickname], , "[a-zA-Z_]*", , "", , )"#;
    let domain = r#"Replace([mail], "@contoso.com", , ,"", ,)"#;
    let number =
        r#"Join("", 1000, Replace(ConvertToUTF8Hex([objectId]), , "[a-zA-Z_]*", , "", , ))"#;
    let digits = "100030306161303061612626231312636332322646433332343465653434656534346565";
    let call = |number: &str| json!({"mobile": number});
    let phones = json!({"telephoneNumber": "", "mobile": "+91 8887779999"});
    let phone = json!({"telephoneNumber": "+91 9998887777"});
    let address = json!({"AddressLineData": "545 Tremont Street"});
    let object = json!({"objectId": "00aa00aa-bb11-cc22-dd33-44ee44ee44ee"});
    let developer = json!({"BusinessTitle": "Product Developer"});
    all(vec![
        ("B 58", title, developer, text("Software Engineer")),
        ("B 60", isd, phone, text("9998887777")),
        // The page prints 19998887777; the pattern it shows does not match the plus sign.
        (
            "B 61",
            mobile,
            call("+1 (999) 888-7777"),
            text("+19998887777"),
        ),
        ("B 62", street, address, text("888 Tremont Street")),
        ("B 64", other, phones, text("8887779999")),
        (
            "B 65",
            letters,
            json!({"mailNickname": "john_doe72"}),
            text("72"),
        ),
        (
            "B 66",
            domain,
            json!({"mail": "john.doe@contoso.com"}),
            text("john.doe"),
        ),
        ("B 80", number, object, text(digits)),
    ]);
}

#[test]
fn lists_and_encodings() {
    let addresses = |values: &[&str]| json!({"proxyAddresses": values});
    let john = || json!({"givenName": "John", "surname": "Doe"});
    let sets = json!({"extensionAttribute5": "PermissionSetOne, PermissionSetTwo"});
    let split = || Value(json!(["PermissionSetOne", "PermissionSetTwo"]));
    let distinct = "RemoveDuplicates([proxyAddresses])";
    let sixteen = text("SABlAGwAbABvACAAdwBvAHIAbABkACEA");
    let hexadecimal = text("48656C6C6F20776F726C6421");
    let turned = r#"Join(", ", "", [surname], [givenName])"#;
    all(vec![
        ("B 2", "BitAnd(&HF, &HF7)", json!({}), text("7")),
        (
            "B 9",
            r#"ConvertToBase64("Hello world!")"#,
            json!({}),
            sixteen,
        ),
        (
            "B 10",
            r#"ConvertToUTF8Hex("Hello world!")"#,
            json!({}),
            hexadecimal,
        ),
        (
            "B 40",
            "Item([proxyAddresses], 1)",
            addresses(&["a", "b"]),
            text("a"),
        ),
        (
            "B 41",
            r#"Join(" ", [givenName], [surname])"#,
            john(),
            text("John Doe"),
        ),
        ("B 42", turned, john(), text("Doe, John")),
        (
            "B 57",
            distinct,
            addresses(&["a", "b", "a"]),
            Value(json!(["a", "b"])),
        ),
        (
            "B 69",
            r#"Split([extensionAttribute5], ",")"#,
            sets,
            split(),
        ),
    ]);
}

#[test]
fn random_texts_have_what_is_asked_for() {
    let vector = ("B 54", "RandomString(6,3,0,0,3)");
    let Ok(Evaluated::Value(value)) = run(vector.1, &json!({})) else {
        panic!("no value")
    };
    let text = value.to_string();
    let count = |fits: fn(&char) -> bool| text.chars().filter(fits).count();
    let kinds = (count(char::is_ascii_digit), count(char::is_ascii_lowercase));
    assert_eq!((text.len(), kinds), (6, (3, 3)), "{}: {text}", vector.0);
}

#[test]
fn redacted_values_flow_and_are_known_to_be_secret() {
    let vector = ("B 56", "Redact([userPrincipalName])");
    check(&[(vector.1, json!({"userPrincipalName": "x"}), text("x"))]);
    let is_redacted =
        |text: &str| MappingSource::Expression(Expression::parse(text).unwrap()).is_redacted();
    assert!(is_redacted(vector.1), "{}", vector.0);
    assert!(!is_redacted("ToLower([userPrincipalName])"));
}

#[test]
fn the_first_free_value_is_selected() {
    let vector = (
        "B 68",
        r#"SelectUniqueValue(
            Join("@", NormalizeDiacritics(StripSpaces(Join(".", [givenName], [surname]))), "contoso.com"),
            Join("@", NormalizeDiacritics(StripSpaces(Join(".", Mid([givenName], 1, 1), [surname]))), "contoso.com"),
            Join("@", NormalizeDiacritics(StripSpaces(Join(".", Mid([givenName], 1, 2), [surname]))), "contoso.com"))"#,
    );
    let taken = Taken::new(|_, value| Ok(value == "John.Smith@contoso.com"));
    let smith = || json!({"givenName": "John", "surname": "Smith"});
    let second = text("J.Smith@contoso.com");
    check_in(&context().with_taken(taken), &[(vector.1, smith(), second)]);
    check(&[(vector.1, smith(), text("John.Smith@contoso.com"))]);
}

#[test]
fn texts_that_are_no_expressions_are_refused() {
    for text in [
        r#"Append([a], "x"#,
        "Foo([a])",
        "Mid([a])",
        r#"Switch([a],"d","k")"#,
    ] {
        let refused = Expression::parse(text).is_err();
        assert!(refused, "B 82: {text}");
    }
}
