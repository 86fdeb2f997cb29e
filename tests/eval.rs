//! `scimlab eval`, as a pipeline uses it: what is printed where, and the exit code.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write as _;
use std::process::{Command, Stdio};

/// Exit code, standard output and standard error of `scimlab eval --language entra`.
fn eval(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    eval_in("entra", arguments, input)
}

/// The same of `scimlab eval --language LANGUAGE`.
fn eval_in(language: &str, arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let directory = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_scimlab"))
        .args(["eval", "--language", language])
        .args(arguments)
        .env_clear()
        .current_dir(directory.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    // No data was opened or made.
    assert_eq!(directory.path().read_dir().unwrap().count(), 0);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

/// The line that an expression prints for an object.
fn printed(expression: &str, input: &str) -> String {
    let (code, out, err) = eval(&["--input", "-", "--expression", expression], input);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{expression}: {out}");
    out
}

/// The sentence of a failure.
fn failure(arguments: &[&str], input: &str) -> String {
    let (code, out, err) = eval(arguments, input);
    assert_eq!((code, out.as_str()), (Some(1), ""), "{arguments:?}: {err}");
    err
}

#[test]
fn values_are_printed_as_json() {
    for (expression, input, wanted) in [
        (
            "[mail]",
            r#"{"mail":"kim@contoso.com"}"#,
            "\"kim@contoso.com\"",
        ),
        (
            "[MAIL]",
            r#"{"mail":"kim@contoso.com"}"#,
            "\"kim@contoso.com\"",
        ),
        ("[mail]", "{}", "null"),
        (
            "IgnoreFlowIfNullOrEmpty([mail])",
            "{}",
            r#"{"dropped":true}"#,
        ),
        ("Split([a], \",\")", r#"{"a":"x, y"}"#, r#"["x","y"]"#),
        ("Count([a])", r#"{"a":["x",["y","z"]]}"#, "\"2\""),
        (
            "[a]",
            r#"{"a":["x",["y"],{"b":1}]}"#,
            r#"["x",["y"],{"b":1}]"#,
        ),
        (
            "Not([IsSoftDeleted])",
            r#"{"IsSoftDeleted":false}"#,
            "\"True\"",
        ),
        (
            "IIF([level]>9,\"senior\",\"junior\")",
            r#"{"level":12}"#,
            "\"senior\"",
        ),
        ("[level]", r#"{"level":1.5}"#, "\"1.5\""),
        ("-3", "{}", "\"-3\""),
        (
            "Join(\" \",\n  [givenName],\n  [surname])",
            "\u{feff}{\"givenName\":\"Kim\",\r\n\"surname\":\"Akers\"}\n",
            "\"Kim Akers\"",
        ),
        (
            "AppRoleAssignmentsComplex([appRoleAssignments])",
            r#"{"appRoleAssignments":[{"id":"1","value":"adm","displayName":"Admin"},"User"]}"#,
            r#"[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"User","value":"User"}]"#,
        ),
        ("DefaultDomain()", "{}", "\"contoso.com\""),
    ] {
        assert_eq!(
            printed(expression, input),
            format!("{wanted}\n"),
            "{expression}"
        );
    }
}

#[test]
fn the_present_moment_and_the_input_may_be_left_out() {
    let (code, out, _) = eval(
        &[
            "--expression",
            "Now()",
            "--now",
            "2026-01-31T10:30:00+01:00",
        ],
        "",
    );
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "\"1/31/2026 9:30:00 AM\"\n")
    );
    let (code, out, _) = eval(&["--expression", "IsNull([mail])"], "");
    assert_eq!((code, out.as_str()), (Some(0), "\"True\"\n"));
}

#[test]
fn a_file_is_read_too() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"mail":"kim@contoso.com"}"#).unwrap();
    let path = file.path().to_str().unwrap();
    let (code, out, _) = eval(&["--expression", "Left([mail], 3)", "--input", path], "");
    assert_eq!((code, out.as_str()), (Some(0), "\"kim\"\n"));
    let said = failure(&["--expression", "[mail]", "--input", "none.json"], "");
    assert!(said.starts_with("scimlab: none.json: "), "{said}");
}

#[test]
fn errors_go_to_standard_error_with_their_place() {
    for (expression, input, wanted) in [
        (
            "Join(\" \",\n  Trim([mail]))",
            "{}",
            "at line 2, column 3, near 'Trim([mail]))': Trim is a function of Microsoft Entra Connect",
        ),
        (
            "Append([a], \"x",
            "{}",
            "at line 1, column 13, near '\"x': the constant is never closed",
        ),
        ("", "{}", "at line 1, column 1: an attribute"),
        (
            "Append(\"x\", Mid([a], 0, 1))",
            r#"{"a":"b"}"#,
            "Mid at line 1, column 13: start counts from 1",
        ),
        (
            "IIF([country]=\"USA\",1,2)",
            "{}",
            "IIF at line 1, column 1: the condition cannot be checked because [country]",
        ),
        (
            "CDate([d])",
            r#"{"d":"soon"}"#,
            "CDate at line 1, column 1: 'soon' is not a date",
        ),
        (
            "[a]",
            "[1]",
            "standard input: invalid type: sequence, expected one JSON object",
        ),
        ("[a]", "", "standard input: EOF while parsing"),
        (
            "[a]",
            r#"{"a":}"#,
            "standard input: expected value at line 1 column 6",
        ),
        ("[a]", r#"{"a":1} x"#, "standard input: trailing characters"),
        (
            "[mail]",
            r#"{"mail":"a","Mail":"b"}"#,
            "standard input: the attribute 'Mail' stands there twice, as 'mail' before",
        ),
    ] {
        let said = failure(&["--input", "-", "--expression", expression], input);
        assert!(
            said.starts_with(&format!("scimlab: {wanted}")),
            "{expression}: {said}"
        );
    }
}

#[test]
fn what_is_not_offered_is_said() {
    let output = Command::new(env!("CARGO_BIN_EXE_scimlab"))
        .args(["eval", "--language", "latin", "--expression", "user.login"])
        .env_clear()
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("[possible values: entra, okta]"), "{said}");
    let (code, _, said) = eval(&["--expression", "Now()", "--now", "yesterday"], "");
    assert_eq!(code, Some(2));
    assert!(said.contains("yesterday"), "{said}");
}

#[test]
fn okta_expressions_are_evaluated_on_profiles() {
    for (expression, input, wanted) in [
        (
            "toLowerCase(substring( user.firstName, 0, 1)) + \".\" + toLowerCase(user.lastName)",
            r#"{"user":{"firstName":"Winston","lastName":"Churchill"}}"#,
            "\"w.churchill\"",
        ),
        (
            r#"toUpperCase(substringBefore( substringAfter(user.email, "@"), ".")) + "\" + substringBefore( user.email, "@")"#,
            r#"{"user":{"email":"winston.churchill@gmail.com"}}"#,
            r#""GMAIL\\winston.churchill""#,
        ),
        ("Arrays.size({10, 20, 30})", "{}", "3"),
        (
            "user.skills",
            r#"{"user":{"skills":["a",1,true]}}"#,
            r#"["a",1,true]"#,
        ),
        ("user.none", r#"{"user":{}}"#, "null"),
        ("Convert.toNum('3.141')", "{}", "3.141"),
        (
            "${fn:substringBefore(source.login, \"@\")}",
            r#"{"source":{"login":"kim@contoso.com"}}"#,
            "\"kim\"",
        ),
        (
            "appuser.givenName + org.name",
            r#"{"appuser":{"givenName":"A"},"org":{"name":"B"}}"#,
            "\"AB\"",
        ),
        (
            r#"user.getGroups({"group.profile.name": "Every"}).![name]"#,
            r#"{"groups":[{"id":"00g1","type":"BUILT_IN","name":"Everyone","source_id":null}]}"#,
            r#"["Everyone"]"#,
        ),
        ("-1 * 3", "{}", "-3"),
    ] {
        let arguments = ["--input", "-", "--expression", expression];
        let (code, out, err) = eval_in("okta", &arguments, input);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{expression}: {out}");
        assert_eq!(out, format!("{wanted}\n"), "{expression}");
    }
    let now = [
        "--expression",
        "Time.now('EST')",
        "--now",
        "2026-01-31T10:30:00+01:00",
    ];
    let (code, out, _) = eval_in("okta", &now, "");
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "\"2026-01-31T04:30:00.000-05:00\"\n")
    );
}

#[test]
fn errors_in_okta_expressions_go_to_standard_error_with_their_place() {
    for (expression, input, wanted) in [
        (
            "user.firstName +\n  String.foo(\"x\")",
            "{}",
            "at line 2, column 3, near 'String.foo(\"x\")': there is no function String.foo",
        ),
        (
            "user.firstName = \"x\"",
            "{}",
            "at line 1, column 16, near '= \"x\"': nothing can be assigned",
        ),
        (
            "Groups.contains(\"OKTA\",\"x\",10)",
            "{}",
            "at line 1, column 1, near 'Groups.contains(\"OKT': Groups.contains is for claims only",
        ),
        (
            "'a' + Convert.toInt(user.a)",
            r#"{"user":{"a":"x"}}"#,
            "at line 1, column 7, near 'Convert.toInt(user.a': Convert.toInt: 'x' is not a number",
        ),
        (
            "slack.firstName",
            "{}",
            "at line 1, column 1, near 'slack.firstName': Invalid property slack",
        ),
        (
            "user.a",
            "[1]",
            "standard input: invalid type: sequence, expected one JSON object of profiles",
        ),
        (
            "user.a",
            r#"{"user":1}"#,
            "standard input: 'user' has to be an object of attributes",
        ),
        (
            "user.a",
            r#"{"user":{},"user":{}}"#,
            "standard input: 'user' stands there twice",
        ),
        ("user.a", "{} x", "standard input: trailing characters"),
    ] {
        let arguments = ["--input", "-", "--expression", expression];
        let (code, out, said) = eval_in("okta", &arguments, input);
        assert_eq!((code, out.as_str()), (Some(1), ""), "{expression}: {said}");
        assert!(
            said.starts_with(&format!("scimlab: {wanted}")),
            "{expression}: {said}"
        );
    }
    let arguments = ["--expression", "Arrays.contains(user.a, 1) ? 'a' : 'b'"];
    let (code, out, said) = eval_in("okta", &arguments, "");
    assert_eq!((code, out.as_str()), (Some(0), "\"b\"\n"));
    assert!(
        said.starts_with("scimlab: warning: at line 1, column 1: "),
        "{said}"
    );
}
