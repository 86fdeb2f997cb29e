//! Tables by example: the columns of a personnel system, and what can be wrong with a table.

use super::*;
use crate::directory::inbound::BulkRequest;

const SAMPLE: &str = "\u{feff}WorkerID,FirstName,LastName,FullName,UserID,JobTitle,WorkerStatus,City,Country Code,OfficePhone,Department,ManagerID,Hire Date,JobCode\r\n\
    89607,John,Smith,John Smith,jsmith,\"Lead, Tours\",Active,Hollywood,USA,555-5555,Tours,,2019-01-31,TL-1001\r\n\
    \r\n\
    701984,Barbara,Jensen,Babs Jensen,bjensen,,Inactive,,,,Tours,89607,,\r\n";

fn nonce() -> Nonce {
    Nonce([3; 16])
}

fn mistakes(table: &Table, columns: &[Column]) -> Vec<String> {
    match table.requests(columns, nonce()) {
        Err(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
        Ok(requests) => panic!("{requests:?}"),
    }
}

#[test]
fn the_columns_of_a_personnel_system_are_recognised_and_become_users() {
    let table = Table::read(SAMPLE).unwrap();
    assert_eq!(table.people(), 2);
    let columns = table.suggested();
    let names: Vec<&str> = columns.iter().map(|column| last(column.name())).collect();
    assert_eq!(
        names,
        [
            "externalId",
            "givenName",
            "familyName",
            "displayName",
            "userName",
            "title",
            "active",
            "locality",
            "country",
            "value",
            "department",
            "manager",
            "extension",
            "extension",
        ]
    );
    let requests = table.requests(&columns, nonce()).unwrap();
    assert_eq!(requests.len(), 1);
    let read = BulkRequest::parse(requests[0].to_string().as_bytes()).unwrap();
    assert!(!read.repeated_bulk_id);
    let data = |n: usize| Value::Object(read.operations[n].data.clone());
    assert_eq!(
        data(0),
        json!({
            "schemas": [USER, ENTERPRISE_USER, EXTENSION],
            "externalId": "89607",
            "name": {"givenName": "John", "familyName": "Smith"},
            "displayName": "John Smith",
            "userName": "jsmith",
            "title": "Lead, Tours",
            "active": true,
            "addresses": [{"type": "work", "locality": "Hollywood", "country": "USA"}],
            "phoneNumbers": [{"type": "work", "value": "555-5555"}],
            ENTERPRISE_USER: {"department": "Tours"},
            EXTENSION: {"HireDate": "2019-01-31", "JobCode": "TL-1001"},
        })
    );
    assert_eq!(
        data(1),
        json!({
            "schemas": [USER, ENTERPRISE_USER],
            "externalId": "701984",
            "name": {"givenName": "Barbara", "familyName": "Jensen"},
            "displayName": "Babs Jensen",
            "userName": "bjensen",
            "active": false,
            ENTERPRISE_USER: {"department": "Tours", "manager": {"value": "89607"}},
        })
    );
}

/// What the columns of a line of headings are proposed as, each by the last part of its name.
fn proposed(headings: &str) -> Vec<&'static str> {
    let others = ",x".repeat(headings.matches(',').count());
    let table = Table::read(&format!("{headings}\nx{others}\n")).unwrap();
    let columns = table.suggested().into_iter();
    columns.map(|column| last(column.name())).collect()
}

#[test]
fn the_headings_of_peoples_files_are_understood_in_whichever_order_they_come() {
    for (headings, columns) in [
        ("employeeId,userName", &["externalId", "userName"][..]),
        (
            "Worker ID,User Name,E-Mail",
            &["externalId", "userName", "value"],
        ),
        (
            "Employee No.,First Name,Last Name",
            &["externalId", "givenName", "familyName"],
        ),
        (
            "Staff ID,Forename,Surname,Is Active",
            &["externalId", "givenName", "familyName", "active"],
        ),
        // The column that says it best, and not the first.
        ("employeeId,externalId", &["extension", "externalId"]),
        ("id,Worker ID", &["extension", "externalId"]),
        (
            "name,displayName,name.givenName",
            &["extension", "displayName", "givenName"],
        ),
        (
            "UserID,userName,UPN",
            &["extension", "userName", "extension"],
        ),
        ("Status,Active", &["extension", "active"]),
        ("email,Work Email", &["extension", "value"]),
        ("Manager ID,manager", &["extension", "manager"]),
        // The number of the employee is who it is when nothing else says so.
        ("employeeNumber,userName", &["externalId", "userName"]),
        (
            "employeeNumber,Worker ID",
            &["employeeNumber", "externalId"],
        ),
        ("value,Job Code", &["extension", "extension"]),
    ] {
        assert_eq!(proposed(headings), columns, "{headings}");
    }
}

#[test]
fn fifty_people_go_into_a_request() {
    let lines: Vec<String> = (0..120).map(|n| format!("{n};Person {n}")).collect();
    let table = Table::read(&format!("externalId;displayName\n{}\n", lines.join("\n"))).unwrap();
    let requests = table.requests(&table.suggested(), nonce()).unwrap();
    let sizes: Vec<usize> = requests
        .iter()
        .map(|request| {
            BulkRequest::parse(request.to_string().as_bytes())
                .unwrap()
                .operations
                .len()
        })
        .collect();
    assert_eq!(sizes, [50, 50, 20]);
    let many: Vec<String> = (0..=ROWS).map(|n| n.to_string()).collect();
    let refused = Table::read(&format!("externalId\n{}", many.join("\n"))).unwrap_err();
    assert!(
        refused.to_string().contains("more than 2000 people"),
        "{refused}"
    );
}

#[test]
fn every_attribute_has_its_place() {
    for attribute in ATTRIBUTES {
        let cell = if attribute.place == Place::Active {
            "yes"
        } else {
            "x"
        };
        let table = Table::read(&format!("number\t{}\n1\t{cell}\n", last(attribute.name))).unwrap();
        let id = Column::named("externalId").unwrap();
        let column = Column::named(attribute.name).unwrap();
        let columns = match attribute.name {
            "externalId" => vec![Column::LeftOut, id],
            _ => vec![id, column],
        };
        let requests = table.requests(&columns, nonce()).unwrap();
        let data = requests[0]["Operations"][0]["data"].as_object().unwrap();
        // What a job reads of it has the name of the attribute.
        let source = crate::mapping::entra::source_of_scim_user(data);
        let value = source.get(attribute.name);
        let expected = if cell == "yes" { "True" } else { "x" };
        assert_eq!(value.as_text(), Some(expected), "{}", attribute.name);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line_or_its_column() {
    for (text, says) in [
        ("", "nothing in it"),
        (" \n ", "nothing in it"),
        ("externalId\n", "nobody below"),
        ("a,,b\n1,2,3", "Column 2 has no heading"),
        ("a,A\n1,2", "Two columns are called A"),
        ("a,b\n1,2\n3", "Line 3: it has 1 cells and not 2"),
        ("a,b\r\n1,2\r\n3\r\n", "Line 3: it has 1 cells and not 2"),
        ("a,b\r1,2\r3\r", "Line 3: it has 1 cells and not 2"),
        (
            "\n\na;b\n\n1;2\n  \n\n3",
            "Line 8: it has 1 cells and not 2",
        ),
        ("a,b\n\"1\n\n\",2\n3", "Line 5: it has 1 cells and not 2"),
    ] {
        let refused = Table::read(text).unwrap_err().to_string();
        assert!(refused.contains(says), "{text:?}: {refused}");
    }
    let table = Table::read("Number,Number 2,!\n1,2,3\n,5,6\n").unwrap();
    let id = Column::named("externalId").unwrap();
    assert!(mistakes(&table, &table.suggested())[0].contains("Column !"));
    let none = [Column::LeftOut; 3];
    assert!(mistakes(&table, &none)[0].contains("No column is externalId"));
    let twice = mistakes(&table, &[id, id, Column::LeftOut]);
    assert_eq!(twice, ["Column Number 2: Number is externalId already"]);
    let empty = mistakes(&table, &[id, Column::Extension, Column::LeftOut]);
    assert_eq!(empty, ["Line 3: it has no externalId"]);
    let active = Column::named("active").unwrap();
    let odd = mistakes(&table, &[Column::Extension, id, active]);
    assert_eq!(odd.len(), 2);
    assert!(
        odd[0].starts_with("Line 2: ! is neither true nor false"),
        "{odd:?}"
    );
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_the_reader(text in "[a-z,;\"\n\t é]{0,120}") {
        if let Ok(table) = Table::read(&text) {
            let _ = table.requests(&table.suggested(), nonce());
        }
    }
}
