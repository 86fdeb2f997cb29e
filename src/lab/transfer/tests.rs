//! Files by example, and what is written read again.

use proptest::prelude::*;

use super::*;
use crate::directory::import::Reference;

fn users(text: &str) -> Vec<UserRecord> {
    match read(ObjectKind::User, text).unwrap().records {
        Records::Users(records) => records,
        Records::Groups(_) => panic!("groups"),
    }
}

fn groups(text: &str) -> Vec<GroupRecord> {
    match read(ObjectKind::Group, text).unwrap().records {
        Records::Groups(records) => records,
        Records::Users(_) => panic!("users"),
    }
}

fn said(record: &UserRecord) -> Vec<(&str, Option<&str>)> {
    let changes = record.changes.iter();
    changes
        .map(|(_, change)| (change.name(), change.text()))
        .collect()
}

#[test]
fn the_portals_template_is_understood_as_it_is() {
    let text = "version:v1.0\r\n\
        Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required,\
        Block sign in (Yes/No) [accountEnabled] Required,First name [givenName],Office [physicalDeliveryOfficeName]\r\n\
        Ann Lee,ann@a.example,secret,No,,Oslo\r\n\
        Bo,bo@a.example,secret,yes,Bo,\r\n";
    let file = read(ObjectKind::User, text).unwrap();
    assert_eq!(
        file.ignored,
        ["Initial password [passwordProfile] Required"]
    );
    let found = users(text);
    assert_eq!(
        said(&found[0]),
        [
            ("displayName", Some("Ann Lee")),
            ("userPrincipalName", Some("ann@a.example")),
            ("physicalDeliveryOfficeName", Some("Oslo")),
        ]
    );
    assert_eq!(found[0].account_enabled, Some(true));
    assert_eq!(
        (found[1].account_enabled, found[1].at.line),
        (Some(false), 4)
    );
}

#[test]
fn both_names_of_an_attribute_are_columns_and_cells_keep_their_place() {
    let text = "id,officeLocation,MOBILE,businessPhones,proxyAddresses,userType,manager,extensionAttribute7\n\
        5e6c9bae-ab4d-4239-8ad0-174391d110eb,Oslo,'+47 1,\"12\n34\",SMTP:a@b;smtp:c@d,guest,boss@a.example,x\n\
        ,,,,,,,\n\
        ,Rome,,,,,,\n";
    let found = users(text);
    assert_eq!(found.len(), 2);
    let ann = &found[0];
    assert_eq!(ann.guest, Some(true));
    assert_eq!(
        ann.id.unwrap().to_string(),
        "5e6c9bae-ab4d-4239-8ad0-174391d110eb"
    );
    let boss = Reference::Name("boss@a.example".into());
    assert_eq!(
        ann.manager,
        Some((Place { line: 2, column: 7 }, Some(boss)))
    );
    assert_eq!(said(ann)[1], ("mobile", Some("+47 1")));
    assert_eq!(said(ann)[2], ("telephoneNumber", Some("12\n34")));
    assert_eq!(ann.changes[3].0, Place { line: 2, column: 5 });
    assert_eq!(found[1].at.line, 5);
}

#[test]
fn what_is_wrong_with_a_csv_file_is_told_with_line_and_column() {
    for (kind, text, at, message) in [
        (ObjectKind::User, "", (1, 1), "the file is empty"),
        (
            ObjectKind::User,
            "displayName,nickname\n",
            (1, 2),
            "\"nickname\" is not a column",
        ),
        (
            ObjectKind::User,
            "version:v1.0\nmembers\n",
            (2, 1),
            "is not a column of a file of users",
        ),
        (
            ObjectKind::Group,
            "jobTitle\n",
            (1, 1),
            "is not a column of a file of groups",
        ),
        (ObjectKind::User, "mail,mail\n", (1, 2), "a second time"),
        (
            ObjectKind::User,
            "mobile,mobilePhone\n",
            (1, 2),
            "a second time",
        ),
        (ObjectKind::User, "id\nx\n", (2, 1), "expected an object id"),
        (
            ObjectKind::User,
            "mail,accountEnabled\na,perhaps\n",
            (2, 2),
            "expected true or false",
        ),
        (
            ObjectKind::User,
            "userType\nboss\n",
            (2, 1),
            "expected Member or Guest",
        ),
        (
            ObjectKind::User,
            "usageLocation\nDEU\n",
            (2, 1),
            "at most 2",
        ),
        (
            ObjectKind::User,
            "userPrincipalName\nnobody\n",
            (2, 1),
            "must contain @",
        ),
        (
            ObjectKind::User,
            "mail\na,b\n",
            (2, 2),
            "more cells than there are headings",
        ),
        (
            ObjectKind::Group,
            "membershipType\nDynamic\n",
            (2, 1),
            "needs a membershipRule",
        ),
        (
            ObjectKind::Group,
            "membershipType,membershipRule\nAssigned,x\n",
            (2, 2),
            "has no membershipRule",
        ),
        (
            ObjectKind::Group,
            "membershipType\nOften\n",
            (2, 1),
            "expected Assigned or Dynamic",
        ),
    ] {
        let mistake = read(kind, text).unwrap_err();
        assert_eq!(
            (mistake.at.line, mistake.at.column),
            at,
            "{text:?}: {mistake}"
        );
        assert!(mistake.message.contains(message), "{text:?}: {mistake}");
    }
}

#[test]
fn users_are_read_as_graph_answers_them() {
    let text = r##"{
  "@odata.context": "https://graph.example/v1.0/$metadata#users",
  "value": [
    { "id": "5e6c9bae-ab4d-4239-8ad0-174391d110eb", "userPrincipalName": "ann@a.example", "displayName": "Ann",
      "businessPhones": ["1", "2"], "mobilePhone": null, "officeLocation": "Oslo", "faxNumber": "9",
      "accountEnabled": false, "userType": "Guest", "proxyAddresses": ["SMTP:ann@a.example"],
      "onPremisesExtensionAttributes": { "extensionAttribute1": "x", "extensionAttribute2": null },
      "employeeOrgData": { "costCenter": "7" }, "onPremisesSyncEnabled": true, "imAddresses": [],
      "extension_0123456789abcdef0123456789abcdef_badge": 7,
      "manager": { "@odata.type": "#microsoft.graph.user", "id": "0a1b2c3d-ab4d-4239-8ad0-174391d110eb" } }
  ]
}"##;
    let file = read(ObjectKind::User, text).unwrap();
    assert_eq!(file.ignored, ["imAddresses"]);
    let found = users(text);
    let ann = &found[0];
    assert_eq!((ann.account_enabled, ann.guest), (Some(false), Some(true)));
    assert_eq!(
        said(ann),
        [
            ("userPrincipalName", Some("ann@a.example")),
            ("displayName", Some("Ann")),
            ("telephoneNumber", Some("1")),
            ("mobile", None),
            ("physicalDeliveryOfficeName", Some("Oslo")),
            ("facsimileTelephoneNumber", Some("9")),
            ("proxyAddresses", None),
            ("extensionAttribute1", Some("x")),
            ("extensionAttribute2", None),
            ("employeeOrgData.costCenter", Some("7")),
            ("dirSyncEnabled", Some("True")),
            (
                "extension_0123456789abcdef0123456789abcdef_badge",
                Some("7")
            ),
        ]
    );
    let Some((_, Some(Reference::Id(manager)))) = &ann.manager else {
        panic!("{:?}", ann.manager);
    };
    assert_eq!(manager.to_string(), "0a1b2c3d-ab4d-4239-8ad0-174391d110eb");
    // A list, or one object, will do.
    assert_eq!(
        users(r#"[{"displayName": "A"}, {"displayName": "B"}]"#).len(),
        2
    );
    assert_eq!(users(r#"{"displayName": "A"}"#).len(), 1);
}

#[test]
fn groups_are_read_as_graph_answers_them() {
    let id = "0a1b2c3d-ab4d-4239-8ad0-174391d110eb";
    let text = format!(
        r#"[{{"displayName": "A", "groupTypes": [], "securityEnabled": true, "members": [
            {{"id": "{id}"}}, {{"userPrincipalName": "ann@a.example"}},
            {{"@odata.id": "https://graph.example/v1.0/directoryObjects/{id}"}}, "Inner"]}},
           {{"displayName": "B", "groupTypes": ["DynamicMembership"], "membershipRule": "user.city -eq null",
             "membershipRuleProcessingState": "On"}}]"#
    );
    let found = groups(&text);
    let named = |name: &str| Reference::Name(name.into());
    let by_id = Reference::Id(id.parse().unwrap());
    let members: Vec<_> = found[0]
        .members
        .iter()
        .map(|(_, member)| member.clone())
        .collect();
    assert_eq!(
        members,
        [by_id.clone(), named("ann@a.example"), by_id, named("Inner")]
    );
    assert_eq!(
        found[0].rule.as_ref().map(|(_, rule)| rule.clone()),
        Some(None)
    );
    let rule = found[1].rule.as_ref().and_then(|(_, rule)| rule.as_deref());
    assert_eq!(rule, Some("user.city -eq null"));
}

#[test]
fn what_is_wrong_with_a_json_file_is_told_with_line_and_column() {
    for (kind, text, at, message) in [
        (
            ObjectKind::User,
            "{\"value\": 1}",
            (1, 11),
            "expected an array, found a number",
        ),
        (ObjectKind::User, "[1]", (1, 2), "expected an object"),
        (
            ObjectKind::User,
            "[{\n\"nickname\": \"x\"}]",
            (2, 1),
            "\"nickname\" is not a property of a user",
        ),
        (
            ObjectKind::User,
            "{\"mail\": 7}",
            (1, 10),
            "expected a text or null",
        ),
        (
            ObjectKind::User,
            "{\"accountEnabled\": \"yes\"}",
            (1, 20),
            "true, false or null",
        ),
        (
            ObjectKind::User,
            "{\"businessPhones\": \"1\"}",
            (1, 20),
            "expected an array of texts",
        ),
        (
            ObjectKind::User,
            "{\"displayName\": null}",
            (1, 17),
            "must have a value",
        ),
        (
            ObjectKind::User,
            "{\"usageLocation\": \"DEU\"}",
            (1, 19),
            "at most 2",
        ),
        (
            ObjectKind::User,
            "{\"manager\": {}}",
            (1, 13),
            "expected id",
        ),
        (
            ObjectKind::User,
            "{\"id\": \"x\"}",
            (1, 8),
            "expected an object id",
        ),
        (ObjectKind::User, "{", (1, 2), "expected"),
        (
            ObjectKind::Group,
            "{\"groupTypes\": [\"DynamicMembership\"]}",
            (1, 1),
            "needs a membershipRule",
        ),
        (
            ObjectKind::User,
            "{\"extensionAttribute1\": 7}",
            (1, 25),
            "expected a text or null",
        ),
    ] {
        let mistake = read(kind, text).unwrap_err();
        assert_eq!(
            (mistake.at.line, mistake.at.column),
            at,
            "{text}: {mistake}"
        );
        assert!(mistake.message.contains(message), "{text}: {mistake}");
    }
}

#[test]
fn evil_31_no_cell_is_a_formula() {
    for (cell, written) in [
        ("Ada", "\"Ada\"\r\n"),
        ("", "\"\"\r\n"),
        ("a,\"b\"\n", "\"a,\"\"b\"\"\n\"\r\n"),
        ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"\r\n"),
        ("+1", "\"'+1\"\r\n"),
        ("-1", "\"'-1\"\r\n"),
        ("@SUM(A1)", "\"'@SUM(A1)\"\r\n"),
        ("\t=1", "\"'\t=1\"\r\n"),
        ("\r=1", "\"'\r=1\"\r\n"),
        ("\n=1", "\"'\n=1\"\r\n"),
        (" =1", "\"' =1\"\r\n"),
        ("\u{ff1d}1", "\"'\u{ff1d}1\"\r\n"),
        ("'=1", "\"''=1\"\r\n"),
        ("a=1", "\"a=1\"\r\n"),
        ("O'Hara", "\"O'Hara\"\r\n"),
    ] {
        let mut text = String::new();
        row(&mut text, &[cell]);
        assert_eq!(text, written, "EVIL-31 {cell:?}");
    }
    let mut text = String::new();
    row(&mut text, &["a", "b"]);
    assert_eq!(text, "\"a\",\"b\"\r\n");
}

proptest! {
    #[test]
    fn a_row_that_is_written_is_read_again(cells in proptest::collection::vec("[ -~é\n=+@']{0,12}", 1..5)) {
        let mut text = String::new();
        row(&mut text, &cells);
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let found = reader.records().next().unwrap().unwrap();
        for (cell, written) in cells.iter().zip(found.iter()) {
            prop_assert!(!is_formula(written));
            prop_assert_eq!(super::csv::unguarded(written), cell);
        }
    }

    #[test]
    fn any_text_is_a_file_or_a_mistake(text in r#"[\[\]{}":,a-zA-Z@\n ]{0,80}"#) {
        for kind in [ObjectKind::User, ObjectKind::Group] {
            let _ = read(kind, &text);
        }
    }
}

#[test]
fn a_file_has_a_bounded_number_of_columns() {
    let heading = |count: usize| vec!["source"; count].join(",");
    assert!(read(ObjectKind::User, &heading(500)).is_ok());
    let mistake = read(ObjectKind::User, &heading(501)).unwrap_err();
    assert_eq!((mistake.at.line, mistake.at.column), (1, 501));
    assert!(mistake.to_string().contains("at most 500"), "{mistake}");
}
