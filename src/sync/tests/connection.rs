//! *Test Connection* and discovery: what is asked, and what every answer is called.

use crate::id::Guid;
use crate::mapping::entra::ObjectMapping;
use crate::model::Scope;
use crate::secret::Plain;
use crate::sync::testing::{Given, Lab, Scripted};
use crate::sync::{
    Connection, ConnectionFailure, Discovered, INVALID, SUCCESS, discover_schemas, test_connection,
};

const PREFIX: &str = "SystemForCrossDomainIdentityManagement";
const LIST: &str = r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"#;

fn connection(url: &str) -> Connection {
    Connection::new(url, Plain::new("secret-token").into()).unwrap()
}

fn test(lab: &Lab, url: &str) -> Result<usize, ConnectionFailure> {
    let rules = lab.job().rules;
    test_connection(&lab.context, connection(url), &rules, Guid::random()).map(|all| all.len())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table is long")]
fn every_answer_to_the_probe_has_its_code_and_sentence() {
    let lab = Lab::new(Scope::All);
    let somebody = format!("{LIST}\"totalResults\":1,\"Resources\":[{{\"id\":\"1\"}}]}}");
    for (status, body, code, says) in [
        (
            401,
            "no key",
            "CredentialValidationFailure",
            "While attempting to validate our authorization to access your application, we received this unexpected response: Received response from Web resource. Resource: ",
        ),
        (
            401,
            "no key",
            "CredentialValidationFailure",
            "Operation: GET Response Status Code: Unauthorized Response Headers: content-type: application/scim+json content-length: 6 Response Content: no key. Please check the service and try again.",
        ),
        (
            403,
            "{}",
            "CredentialValidationFailure",
            "Response Status Code: Forbidden",
        ),
        (
            404,
            "{}",
            "ServiceIncompatible",
            "An HTTP/404 Not Found response was returned rather than the expected HTTP/200 OK response. To address this issue, ensure that the tenant URL is correct. ",
        ),
        (302, "", "ServiceIncompatible", "Redirects are not followed"),
        (
            400,
            "{}",
            "ServiceIncompatible",
            "Response Status Code: BadRequest",
        ),
        (408, "", "CredentialValidationUnavailable", "RequestTimeout"),
        (
            429,
            "",
            "CredentialValidationUnavailable",
            "TooManyRequests",
        ),
        (
            500,
            "",
            "CredentialValidationUnavailable",
            "InternalServerError",
        ),
        (
            503,
            "",
            "CredentialValidationUnavailable",
            "ServiceUnavailable",
        ),
        (
            200,
            "<html>",
            "ServiceIncompatible",
            "could not be parsed as SCIM: it is not JSON",
        ),
        (200, "{}", "ServiceIncompatible", "it is not a ListResponse"),
        (
            200,
            &somebody,
            "ServiceIncompatibleFiltering",
            "The filter for a name that does not exist found 1 resources",
        ),
    ] {
        let body = body.to_owned();
        let target = Scripted::start(move |_| Given::json(status, body.clone()));
        let failure = test(&lab, &target.url).unwrap_err();
        assert_eq!(
            failure.code,
            format!("{PREFIX}{code}"),
            "{status} {failure}"
        );
        assert!(failure.message.contains(says), "{says}: {failure}");
        assert_eq!(
            failure.exchanges.len(),
            1,
            "nothing is asked after a failure"
        );
        let advice = failure.information().recommended_action;
        assert_eq!(
            advice.as_deref(),
            Some("Correct the Admin Credentials, then use Test Connection.")
        );
    }
    let gone = test(&lab, "http://127.0.0.1:1/scim").unwrap_err();
    assert_eq!(
        gone.code,
        format!("{PREFIX}CredentialValidationUnavailable")
    );
    assert!(
        gone.message.contains("The target cannot be reached"),
        "{gone}"
    );
    let unknown = test(&lab, "http://no-such-host.invalid/scim").unwrap_err();
    assert_eq!(
        unknown.code,
        format!("{PREFIX}CredentialValidationUnavailable")
    );
    assert_eq!(
        SUCCESS,
        "The supplied credentials are authorized to enable provisioning"
    );
    assert!(INVALID.starts_with("You appear to have entered invalid credentials."));
}

#[test]
fn groups_are_asked_for_only_where_they_are_provisioned() {
    let lab = Lab::new(Scope::All);
    let target = Scripted::start(|asked| {
        if asked.path.starts_with("/Groups") {
            Given::json(404, "{}")
        } else {
            Given::nobody()
        }
    });
    assert!(test(&lab, &target.url).is_err());
    lab.configure(|job| {
        let mut groups = job.rules.groups.clone().into_fields();
        groups.enabled = false;
        job.rules.groups = ObjectMapping::new(groups).unwrap();
    });
    target.asked();
    assert_eq!(test(&lab, &target.url).unwrap(), 1);
    let asked = target.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].header("authorization"), "Bearer secret-token");
    assert_eq!(asked[0].header("accept"), "application/scim+json");
    assert_eq!(asked[0].header("content-type"), "");
    assert!(asked[0].header("user-agent").starts_with("scimlab/"));
}

#[test]
fn query_parameters_that_are_no_flag_go_with_every_request() {
    let lab = Lab::new(Scope::All);
    let target = Scripted::start(|_| Given::nobody());
    let url = format!("{}/scim/?code=a%2Fb&aadOptscim062020", target.url);
    assert_eq!(test(&lab, &url).unwrap(), 2);
    for asked in target.asked() {
        assert!(asked.path.starts_with("/scim/"), "{}", asked.path);
        assert!(asked.path.ends_with("%22&code=a%2Fb"), "{}", asked.path);
        assert!(!asked.path.contains("Optscim"), "{}", asked.path);
    }
}

#[test]
fn discovery_asks_for_the_schemas() {
    let lab = Lab::new(Scope::All);
    let schema = r#"{"id":"urn:x","attributes":[]}"#;
    let discover = |status, body: String| -> (Result<Discovered, ConnectionFailure>, Vec<String>) {
        let target = Scripted::start(move |_| Given::json(status, body.clone()));
        let url = format!("{}/scim?aadOptscim062020", target.url);
        let result = discover_schemas(&lab.context, connection(&url));
        let asked = target.asked().into_iter();
        (
            result,
            asked.map(|a| format!("{} {}", a.method, a.path)).collect(),
        )
    };
    for body in [
        format!("{LIST}\"totalResults\":1,\"Resources\":[{schema}]}}"),
        format!("[{schema}]"),
    ] {
        let (result, asked) = discover(200, body.clone());
        let found = result.unwrap();
        assert_eq!(
            found.schemas,
            serde_json::from_str::<serde_json::Value>(&body).unwrap()
        );
        assert_eq!(found.exchanges.len(), 1);
        assert_eq!(asked, ["GET /scim/Schemas"]);
    }
    for (status, body, code) in [
        (404, "{}", "ServiceIncompatible"),
        (401, "{}", "CredentialValidationFailure"),
        (500, "{}", "CredentialValidationUnavailable"),
        (200, "<html>", "ServiceIncompatible"),
        (200, "{}", "ServiceIncompatible"),
        (200, "[1]", "ServiceIncompatible"),
    ] {
        let (result, _) = discover(status, body.to_owned());
        assert_eq!(
            result.unwrap_err().code,
            format!("{PREFIX}{code}"),
            "{status} {body}"
        );
    }
}
