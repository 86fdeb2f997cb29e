//! Everything that is to be said of a bulk request before it is sent, each with its place: what the service would refuse,
//! and what it accepts and would fail with, or leave out. [`BulkRequest`](super::BulkRequest) is what decides.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::request::{OPERATIONS, operation_of, same};
use super::{Operation, anchor};
use crate::scim::urn::{BULK_REQUEST, ENTERPRISE_USER, USER};

/// Something to be said of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line and column, or a path such as `Operations[0].data.externalId`.
    pub place: String,
    /// What is wrong there, and what to do.
    pub what: String,
    /// Whether the request is refused for it.
    pub refused: bool,
}

fn refusal(place: impl Into<String>, what: impl Into<String>) -> Remark {
    Remark {
        place: place.into(),
        what: what.into(),
        refused: true,
    }
}

fn warning(place: impl Into<String>, what: impl Into<String>) -> Remark {
    Remark {
        refused: false,
        ..refusal(place, what)
    }
}

/// Looks at the body of a request.
pub fn check(body: &str) -> Vec<Remark> {
    let json = match serde_json::from_str::<Value>(body) {
        Ok(json) => json,
        Err(error) if body.trim().is_empty() => {
            drop(error);
            return vec![refusal("Line 1", "There is nothing in it.")];
        }
        Err(error) => {
            let place = format!("Line {}, column {}", error.line(), error.column());
            let text = error.to_string();
            let what = text.split(" at line ").next().unwrap_or_default();
            return vec![refusal(place, format!("It is not JSON: {what}."))];
        }
    };
    let Value::Object(mut request) = json else {
        return vec![refusal("$", "It is not a JSON object.")];
    };
    let mut remarks = Vec::new();
    if !names(request.get("schemas"), BULK_REQUEST) {
        remarks.push(refusal(
            "schemas",
            format!("It does not name {BULK_REQUEST}."),
        ));
    }
    let Some(Value::Array(operations)) = request.remove("Operations") else {
        remarks.push(refusal("Operations", "It is not an array."));
        return remarks;
    };
    match operations.len() {
        0 => remarks.push(refusal("Operations", "There is none.")),
        1..=OPERATIONS => {}
        many => remarks.push(refusal(
            "Operations",
            format!(
                "There are {many} of them, and {OPERATIONS} are the most; send several requests."
            ),
        )),
    }
    let (mut ids, mut anchors) = (BTreeMap::new(), BTreeMap::new());
    for (number, operation) in operations.into_iter().enumerate() {
        let at = format!("Operations[{number}]");
        match operation_of(operation) {
            Ok(operation) => {
                if let Some(first) = ids.insert(operation.bulk_id.clone(), number) {
                    let what =
                        format!("Operations[{first}] has the same; it is taken nevertheless.");
                    remarks.push(warning(format!("{at}.bulkId"), what));
                }
                if let Some(first) = anchor(&operation).and_then(|a| anchors.insert(a, number)) {
                    let what =
                        format!("Operations[{first}] is about the same user; the last one counts.");
                    remarks.push(warning(format!("{at}.data.externalId"), what));
                }
                user(&format!("{at}.data"), &operation, &mut remarks);
            }
            Err(what) => remarks.push(refusal(at, format!("It {what}."))),
        }
    }
    remarks
}

fn names(schemas: Option<&Value>, urn: &str) -> bool {
    let all = schemas.and_then(Value::as_array);
    all.is_some_and(|all| all.iter().any(|one| same(one, urn)))
}

fn find<'a>(data: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut members = data.iter();
    members
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

fn user(at: &str, operation: &Operation, remarks: &mut Vec<Remark>) {
    let data = &operation.data;
    let mut warn = |name: &str, what: String| remarks.push(warning(format!("{at}.{name}"), what));
    if anchor(operation).is_none() {
        let what = "It is missing: the user will fail, for it is what users are known by.";
        warn("externalId", what.into());
    }
    for urn in [USER, ENTERPRISE_USER] {
        if !names(find(data, "schemas"), urn) {
            warn(
                "schemas",
                format!("It does not name {urn}, which the service wants of every user."),
            );
        }
    }
    for name in ["userName", "displayName"] {
        if find(data, name).is_none_or(|value| value.as_str().is_none_or(str::is_empty)) {
            warn(name, "It is missing: a new user needs one.".into());
        }
    }
    match find(data, "active") {
        None | Some(Value::Bool(_)) => {}
        Some(other) => warn("active", format!("It is true or false, and not {other}.")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::BulkRequest;
    use super::*;

    type Edit = fn(&mut Value);

    fn good() -> Value {
        let user = |n: u32| {
            json!({"method": "POST", "bulkId": n.to_string(), "path": "/Users", "data": {
                "schemas": [USER, ENTERPRISE_USER], "externalId": n.to_string(),
                "userName": "a@contoso.example", "displayName": "A", "active": true,
            }})
        };
        json!({"schemas": [BULK_REQUEST], "Operations": [user(1), user(2)], "failOnErrors": null})
    }

    fn told(body: &str) -> Vec<(String, bool)> {
        let remarks = check(body).into_iter();
        remarks
            .map(|remark| (format!("{}: {}", remark.place, remark.what), remark.refused))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_with_its_place() {
        assert_eq!(told(&good().to_string()), []);
        let mut many = good();
        many["Operations"] = json!(vec![good()["Operations"][0].clone(); 51]);
        let edits: [(Edit, &str, bool); 12] = [
            (
                |b| b["schemas"] = json!([]),
                "schemas: It does not name",
                true,
            ),
            (
                |b| b["Operations"] = json!({}),
                "Operations: It is not an array.",
                true,
            ),
            (
                |b| b["Operations"] = json!([]),
                "Operations: There is none.",
                true,
            ),
            (
                |b| b["Operations"][1] = json!(7),
                "Operations[1]: It is not an object.",
                true,
            ),
            (
                |b| b["Operations"][1]["path"] = json!("/Groups"),
                "Operations[1]: It has another path",
                true,
            ),
            (
                |b| b["Operations"][1]["method"] = json!("PUT"),
                "Operations[1]: It has another method",
                true,
            ),
            (
                |b| b["Operations"][1]["bulkId"] = json!("1"),
                "Operations[1].bulkId: Operations[0] has the same",
                false,
            ),
            (
                |b| b["Operations"][1]["data"]["externalId"] = json!("1"),
                "Operations[1].data.externalId: Operations[0] is about the same user",
                false,
            ),
            (
                |b| b["Operations"][1]["data"]["externalId"] = json!(""),
                "Operations[1].data.externalId: It is missing",
                false,
            ),
            (
                |b| b["Operations"][0]["data"]["schemas"] = json!([USER]),
                "Operations[0].data.schemas: It does not name",
                false,
            ),
            (
                |b| b["Operations"][0]["data"]["displayName"] = json!(null),
                "Operations[0].data.displayName: It is missing",
                false,
            ),
            (
                |b| b["Operations"][0]["data"]["active"] = json!("yes"),
                "Operations[0].data.active: It is true or false, and not \"yes\".",
                false,
            ),
        ];
        for (edit, says, refused) in edits {
            let mut body = good();
            edit(&mut body);
            let told = told(&body.to_string());
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].0.starts_with(says), "{says}: {told:?}");
            assert_eq!(told[0].1, refused, "{told:?}");
            // What is refused here is refused there, and nothing else.
            assert_eq!(
                BulkRequest::parse(body.to_string().as_bytes()).is_err(),
                refused,
                "{says}"
            );
        }
        assert!(told(&many.to_string())[0].0.contains("51"));
        for (body, says) in [
            ("", "Line 1: There is nothing"),
            ("[1]", "$: It is not"),
            (
                "{\n  \"schemas\": [,]}",
                "Line 2, column 15: It is not JSON: expected value.",
            ),
        ] {
            let told = told(body);
            assert!(told[0].1 && told[0].0.starts_with(says), "{told:?}");
        }
    }
}
