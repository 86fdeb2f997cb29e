//! The rows of the reference's table of expressions, by their numbers.

use serde_json::{Value as Json, json};

use super::value;

/// Checks rows of number, expression, input and value.
fn check(rows: &[(&str, &str, Json, Json)]) {
    for (row, text, input, wanted) in rows {
        assert_eq!(value(text, input), *wanted, "{row}: {text} with {input}");
    }
}

#[test]
fn strings() {
    let plain = [
        (
            "3.6 row 1",
            r#"String.append("This is", " a test")"#,
            json!("This is a test"),
        ),
        (
            "3.6 row 2",
            r#"String.join(",", "This", "is", "a", "test")"#,
            json!("This,is,a,test"),
        ),
        ("3.6 row 4", r#"String.len("This")"#, json!(4)),
        (
            "3.6 row 5",
            r#"String.removeSpaces("This is a test")"#,
            json!("Thisisatest"),
        ),
        (
            "3.6 row 6",
            r#"String.replace("This is a test", "is", "at")"#,
            json!("That at a test"),
        ),
        (
            "3.6 row 8",
            r#"String.startsWith("Kiss", "K")"#,
            json!(true),
        ),
        (
            "3.6 row 9",
            r#"String.stringContains("This is a test", "test")"#,
            json!(true),
        ),
        (
            "3.6 row 10",
            r#"String.stringContains("This is a test", "doesn'tExist")"#,
            json!(false),
        ),
        (
            "3.6 row 12",
            r#"String.stringSwitch("This is a test", "default", "test", "value1")"#,
            json!("value1"),
        ),
        (
            "3.6 row 13",
            r#"String.stringSwitch("First match wins", "default", "absent", "value1", "wins", "value2", "match", "value3")"#,
            json!("value2"),
        ),
        (
            "3.6 row 14",
            r#"String.stringSwitch("Substrings count", "default", "ring", "value1")"#,
            json!("value1"),
        ),
        (
            "3.6 row 16",
            r#"String.substringAfter("abc@okta.com", "@")"#,
            json!("okta.com"),
        ),
        (
            "3.6 row 17",
            r#"String.substringBefore("abc@okta.com", "@")"#,
            json!("abc"),
        ),
        ("3.6 row 18", r#"String.toUpperCase("This")"#, json!("THIS")),
        ("3.6 row 18", r#"String.toLowerCase("ThiS")"#, json!("this")),
    ];
    check(&plain.map(|(row, text, wanted)| (row, text, json!({}), wanted)));
    let user = json!({"user": {"email": "alex@okta.com"}});
    check(&[
        (
            "3.6 row 20",
            "substring(source.firstName, 1, 4)",
            json!({"source": {"firstName": "Alexander"}}),
            json!("lex"),
        ),
        (
            "3.6 row 21",
            "substringBefore(user.email, '@')",
            user.clone(),
            json!("alex"),
        ),
        (
            "3.6 row 21",
            "substringAfter(user.email, '@')",
            user,
            json!("okta.com"),
        ),
    ]);
}

#[test]
fn arrays_and_conversions() {
    let a = json!({"user": {"a": [10, 20, 30]}});
    check(&[
        (
            "3.6 row 22",
            "Arrays.add(user.a, 40)",
            a.clone(),
            json!([10, 20, 30, 40]),
        ),
        ("3.6 row 24", "Arrays.clear(user.a)", a, json!([])),
    ]);
    let plain = [
        ("3.6 row 25", "Arrays.get({0, 1, 2}, 0)", json!(0)),
        (
            "3.6 row 26",
            "Arrays.flatten(10, {20, 30}, 40)",
            json!([10, 20, 30, 40]),
        ),
        (
            "3.6 row 28",
            "Arrays.contains({10, 20, 30}, 10)",
            json!(true),
        ),
        (
            "3.6 row 28",
            "Arrays.contains({10, 20, 30}, 50)",
            json!(false),
        ),
        ("3.6 row 29", "Arrays.size({10, 20, 30})", json!(3)),
        ("3.6 row 29", "Arrays.size(NULL)", json!(0)),
        ("3.6 row 30", "Arrays.isEmpty({10, 20})", json!(false)),
        ("3.6 row 30", "Arrays.isEmpty(NULL)", json!(true)),
        (
            "3.6 row 36",
            r#"Iso3166Convert.toAlpha3("840")"#,
            json!("USA"),
        ),
        (
            "3.6 row 37",
            r#"Iso3166Convert.toNumeric("USA")"#,
            json!("840"),
        ),
        (
            "3.6 row 38",
            r#"Iso3166Convert.toName("IN")"#,
            json!("India"),
        ),
    ];
    check(&plain.map(|(row, text, wanted)| (row, text, json!({}), wanted)));
    let val = |given: Json| json!({"source": {"val": given}});
    check(&[
        (
            "3.6 row 32",
            "Convert.toInt(val)",
            val(json!("1234")),
            json!(1234),
        ),
        (
            "3.6 row 33",
            "Convert.toInt(val)",
            val(json!(123.4)),
            json!(123),
        ),
        (
            "3.6 row 33",
            "Convert.toInt(val)",
            val(json!(123.6)),
            json!(124),
        ),
        (
            "3.6 row 34",
            "Convert.toNum(val)",
            val(json!("3.141")),
            "3.141".parse().unwrap(),
        ),
    ]);
}

#[test]
fn popular_expressions() {
    let winston = || {
        json!({"user": {
            "firstName": "Winston",
            "lastName": "Churchill",
            "email": "winston.churchill@gmail.com",
        }})
    };
    let code = |code: i64| json!({"user": {"groupCode": code}});
    let group = "user.groupCode == 123 ? 'Sales' : 'Other'";
    let workday = "hasWorkdayUser() ? findWorkdayUser().employeeID : null";
    check(&[
        ("3.6 row 40", group, code(123), json!("Sales")),
        ("3.6 row 40", group, code(7), json!("Other")),
        (
            "3.6 row 41",
            "user.firstName + user.lastName",
            winston(),
            json!("WinstonChurchill"),
        ),
        (
            "3.6 row 42",
            r#"user.firstName + "." + user.lastName"#,
            winston(),
            json!("Winston.Churchill"),
        ),
        (
            "3.6 row 44",
            "substring(user.firstName, 0, 1) + substring(user.lastName, 0, 6)",
            winston(),
            json!("WChurch"),
        ),
        (
            "3.6 row 45",
            r#"toLowerCase(substring( user.firstName, 0, 1)) + "." + toLowerCase(user.lastName)"#,
            winston(),
            json!("w.churchill"),
        ),
        (
            "3.6 row 46",
            r#"toUpperCase(substringBefore( substringAfter(user.email, "@"), ".")) + "\" + substringBefore( user.email, "@")"#,
            winston(),
            json!(r"GMAIL\winston.churchill"),
        ),
        (
            "3.6 row 50",
            workday,
            json!({"workday": {"employeeID": "123456"}}),
            json!("123456"),
        ),
        ("3.6 row 50", workday, json!({"user": {}}), json!(null)),
        (
            "3.6 row 56",
            r#"String.replace(Arrays.toCsvString(access.scope), ",", " ")"#,
            json!({"access": {"scope": ["openid", "email"]}}),
            json!("openid email"),
        ),
        (
            "3.6 row 70",
            r#"user.getInternalProperty("status") == "ACTIVE""#,
            json!({"internal": {"status": "ACTIVE"}}),
            json!(true),
        ),
    ]);
}

#[test]
fn conditions() {
    let full = r#"firstName + " " + (String.len(middleInitial) == 0 ? "" : (String.substring(middleInitial, 0, 1) + ". ")) + lastName"#;
    let name = |middle: &str| json!({"source": {"firstName": "Ann", "middleInitial": middle, "lastName": "Doe"}});
    let number = r#"user.employeeNumber != "" AND user.employeeNumber != null ? user.employeeNumber : user.nonEmployeeNumber"#;
    let numbers =
        |number: Json| json!({"user": {"employeeNumber": number, "nonEmployeeNumber": "9"}});
    let department = r#"user.department matches "California-[a-zA-Z]+-Sales""#;
    let title = "user.title matches '(?i)engineer'";
    let email = "(user.email != null && user.email != '') ? 'work' : ''";
    let manager = r#"user.managerId ?: "none""#;
    let url = "'https://f.example.com/scim2/myapp' + (String.len(app.companyId) == 0 ? '/' : '?connection=' + app.companyId)";
    let user = |name: &str, value: Json| json!({"user": {name: value}});
    check(&[
        ("3.6 row 48", full, name(""), json!("Ann Doe")),
        ("3.6 row 48", full, name("Kay"), json!("Ann K. Doe")),
        ("3.6 row 49", number, numbers(json!(null)), json!("9")),
        ("3.6 row 49", number, numbers(json!("")), json!("9")),
        ("3.6 row 49", number, numbers(json!("7")), json!("7")),
        (
            "3.6 row 52",
            department,
            user("department", json!("California-LA-Sales")),
            json!(true),
        ),
        (
            "3.6 row 52",
            department,
            user("department", json!("X California-LA-Sales")),
            json!(false),
        ),
        (
            "3.6 row 53",
            title,
            user("title", json!("Engineer")),
            json!(true),
        ),
        (
            "3.6 row 53",
            title,
            user("title", json!("Senior Engineer")),
            json!(false),
        ),
        (
            "3.6 row 54",
            "user.salary > 1000000 AND !user.isContractor",
            json!({"user": {"salary": 2_000_000, "isContractor": false}}),
            json!(true),
        ),
        (
            "3.6 row 57",
            email,
            user("email", json!("a@b.c")),
            json!("work"),
        ),
        ("3.6 row 57", email, user("email", json!(null)), json!("")),
        ("3.6 row 57", email, user("email", json!("")), json!("")),
        (
            "3.6 row 58",
            manager,
            user("managerId", json!(null)),
            json!("none"),
        ),
        (
            "3.6 row 58",
            manager,
            user("managerId", json!("")),
            json!("none"),
        ),
        (
            "3.6 row 58",
            manager,
            user("managerId", json!("7")),
            json!("7"),
        ),
        (
            "3.6 row 69",
            url,
            json!({"app": {"companyId": ""}}),
            json!("https://f.example.com/scim2/myapp/"),
        ),
        (
            "3.6 row 69",
            url,
            json!({"app": {"companyId": "c1"}}),
            json!("https://f.example.com/scim2/myapp?connection=c1"),
        ),
    ]);
}

#[test]
fn times() {
    let plain = [
        (
            "3.6 row 60",
            r#"Time.fromIso8601ToWindows("2015-07-30T23:58:32.000Z")"#,
            json!("130827743120000000"),
        ),
        (
            "3.6 row 61",
            r#"Time.fromStringToIso8601("17 June 2015 00:23:19", "dd MMMM yyyy HH:mm:ss")"#,
            json!("2015-06-17T00:23:19.000Z"),
        ),
        (
            "3.6 row 62",
            r#"Time.fromIso8601ToString("2015-07-30T23:58:32Z", "MM/dd/yyyy")"#,
            json!("07/30/2015"),
        ),
    ];
    check(&plain.map(|(row, text, wanted)| (row, text, json!({}), wanted)));
}

#[test]
fn groups() {
    let given = super::groups::note();
    check(&[
        (
            "3.6 row 64",
            "user.getGroups({'group.type': {'OKTA_GROUP'}}, {'group.profile.name': {'Everyone', 'West Coast Admins'}})",
            given.clone(),
            json!(["00garwpuyxHaWOkdV0g4"]),
        ),
        (
            "3.6 row 65",
            "user.getGroups({'group.profile.name': 'East Coast.*'})",
            given.clone(),
            json!([]),
        ),
        (
            "3.6 row 66",
            "user.getGroups({'group.type': {'OKTA_GROUP', 'APP_GROUP'}})",
            given.clone(),
            json!([
                "00g1emaKYZTWRYYRRTSK",
                "00garwpuyxHaWOkdV0g4",
                "00gjitX9HqABSoqTB0g3",
                "00gnftmgQxC2L19j6I9c"
            ]),
        ),
        (
            "3.6 row 68",
            r#"user.getGroups({"group.profile.name": "Everyone", "operator": "STARTS_WITH"}).![name]"#,
            given,
            json!(["Everyone"]),
        ),
    ]);
}
