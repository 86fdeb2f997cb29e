//! What names mean.

use serde_json::{Value as Json, json};

use super::{check, failure};
use crate::mapping::okta::{Context, ErrorKind};

fn world() -> Json {
    json!({
        "user": {"firstName": "Ann", "both": "user", "skills": ["a", "b"], "cleared": "", "unset": null},
        "source": {"login": "ann@example.com", "both": "source"},
        "appuser": {"givenName": "Anna", "only": "appuser"},
        "app": {"domain": "example.com"},
        "org": {"name": "Acme", "subDomain": "acme"},
        "idpuser": {"email": "i@example.com"},
        "session": {"amr": ["pwd", "mfa"]},
        "access": {"scope": ["openid"]},
        "internal": {"id": "00u1", "status": "ACTIVE"},
        "zendesk": {"firstName": "Z"},
        "zendesk_9ao1g13": {"firstName": "Z2"},
        "office365_app": {"domain": "office.example.com"},
        "gone": [],
        "linkedObjects": {"manager": {"lastName": "Gates"}},
        "managerUser": {"firstName": "Bob"},
        "managerAppUser": {"google": {"email": "bob@google.example.com"}},
        "assistantUser": {"firstName": "Cy"},
        "assistantAppUser": {"google": {"email": "cy@google.example.com"}},
    })
}

#[test]
fn every_kind_of_reference_is_resolved() {
    let rows = [
        ("user.firstName", json!("Ann")),
        ("user.skills[1]", json!("b")),
        ("user.cleared", json!("")),
        ("user.unset", json!(null)),
        ("user.never", json!(null)),
        ("user.FIRSTNAME", json!(null)),
        ("source.login", json!("ann@example.com")),
        ("appuser.givenName", json!("Anna")),
        ("app.domain", json!("example.com")),
        ("org.subDomain", json!("acme")),
        ("idpuser.email", json!("i@example.com")),
        ("session.amr", json!(["pwd", "mfa"])),
        ("access.scope[0]", json!("openid")),
        ("zendesk.firstName", json!("Z")),
        ("zendesk_9ao1g13.firstName", json!("Z2")),
        ("office365_app.domain", json!("office.example.com")),
        ("gone.firstName", json!(null)),
        ("zendesk_app.domain", json!(null)),
        ("login", json!("ann@example.com")),
        ("firstName", json!("Ann")),
        ("both", json!("source")),
        ("only", json!("appuser")),
        ("nothing", json!(null)),
        ("user.getInternalProperty(\"id\")", json!("00u1")),
        ("user.getInternalProperty('status')", json!("ACTIVE")),
        ("user.getLinkedObject(\"manager\").lastName", json!("Gates")),
        ("user.getLinkedObject(\"mentor\").lastName", json!(null)),
        (
            "getManagerUser(\"active_directory\").firstName",
            json!("Bob"),
        ),
        (
            "getManagerAppUser(\"active_directory\", \"google\").email",
            json!("bob@google.example.com"),
        ),
        (
            "getManagerAppUser(\"active_directory\", \"slack\").email",
            json!(null),
        ),
        (
            "getAssistantUser(\"active_directory\").firstName",
            json!("Cy"),
        ),
        (
            "getAssistantAppUser(\"active_directory\", \"google\").email",
            json!("cy@google.example.com"),
        ),
    ];
    check(&rows.map(|(text, wanted)| (text, world(), wanted)));
}

#[test]
fn nothing_has_no_attributes_and_an_unknown_app_is_an_error() {
    for text in [
        "user.a.b.c",
        "appuser.x",
        "org.name",
        "getManagerUser('active_directory').firstName",
        "user.getLinkedObject('manager').lastName",
        "findWorkdayUser().employeeID",
        "findDirectoryUser().managerUpn",
        "user.getInternalProperty('id')",
    ] {
        assert_eq!(super::value(text, &json!({})), json!(null), "{text}");
    }
    for text in ["slack.firstName", "slack_app.domain", "User.firstName"] {
        let error = failure(text, &world());
        assert_eq!(error.kind, ErrorKind::Reference, "{text}");
        assert!(error.message.starts_with("Invalid property "), "{error}");
    }
    for text in [
        "getManagerUser('workday').firstName",
        "user.getInternalProperty('password')",
        "user.firstName.length",
    ] {
        assert_eq!(failure(text, &world()).kind, ErrorKind::Reference, "{text}");
    }
}

#[test]
fn directories_and_workday_are_asked_for_their_assignments() {
    let ad = |users: Json| json!({"active_directory": users});
    let workday = |users: Json| json!({"workday": users});
    let bob = json!({"managerUpn": "bob@okta.com"});
    let upn = "hasDirectoryUser() ? findDirectoryUser().managerUpn : null";
    check(&[
        (upn, ad(bob.clone()), json!("bob@okta.com")),
        (upn, ad(json!([])), json!(null)),
        ("hasDirectoryUser()", json!({}), json!(false)),
        ("hasDirectoryUser()", ad(json!([bob, bob])), json!(false)),
        ("findDirectoryUser()", ad(json!([bob, bob])), json!(null)),
        ("hasWorkdayUser()", workday(json!([{}, {}])), json!(true)),
        ("findWorkdayUser()", workday(json!([{}, {}])), json!(null)),
        (
            "hasWorkdayUser()",
            json!({"workday_2x": {"employeeID": "1"}}),
            json!(true),
        ),
        ("hasWorkdayUser()", json!({"workdayish": {}}), json!(false)),
    ]);
}

#[test]
fn the_source_is_the_user_unless_there_is_one() {
    check(&[
        ("source.a", json!({"user": {"a": 1}}), json!(1)),
        (
            "source.a",
            json!({"user": {"a": 1}, "source": {}}),
            json!(null),
        ),
        (
            "user.getInternalProperty('status')",
            json!({"user": {"status": "STAGED"}}),
            json!("STAGED"),
        ),
        (
            "user.getInternalProperty('status')",
            json!({"internal": {"status": "DEPROVISIONED"}}),
            json!(null),
        ),
    ]);
}

#[test]
fn an_input_that_is_no_context_is_refused_with_its_name() {
    for (input, part) in [
        (json!({"user": 1}), "'user' has to be an object"),
        (json!({"groups": {}}), "'groups' has to be an array"),
        (json!({"groups": [1]}), "'groups[0]'"),
        (json!({"groups": [{"id": 1}]}), "'id' of groups[0]"),
        (json!({"zendesk": "x"}), "'zendesk'"),
        (json!({"zendesk": ["x"]}), "'zendesk'"),
        (json!({"office365_app": []}), "'office365_app'"),
        (json!({"linkedObjects": {"manager": 1}}), "'manager'"),
    ] {
        let error = Context::from_json(input.as_object().unwrap(), 0).unwrap_err();
        assert!(error.contains(part), "{input}: {error}");
    }
    let nulls = json!({"user": null, "groups": null, "app": null});
    assert!(Context::from_json(nulls.as_object().unwrap(), 0).is_ok());
}
