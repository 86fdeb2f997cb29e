//! `/team/authentication` and its methods: the flow, the three values, metadata, switches, built-in methods.

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, EMAIL, PASSWORD, Page};

const HERE: &str = "/team/authentication";
const NEW: &str = "/team/authentication/methods/new";
const EVIL: &str = "<script>alert(1)</script>";
const EVIL_SHOWN: &str = "&#60;script&#62;alert(1)&#60;/script&#62;";
const URL: &str = "https://idp.contoso.example/sso?a=1&b=2";
const ISSUER: &str = "https://sts.contoso.example/4a1c/";

/// Made for these tests; nobody has its key any more.
const CERTIFICATE: &str = "MIIBrzCCAVWgAwIBAgIUfDxNkoUNH3AxmtWxLU3cQtm131kwCgYIKoZIzj0EAwIwLDEQMA4GA1UECgwH\
    Q29udG9zbzEYMBYGA1UEAwwPQ29udG9zbyBzaWduaW5nMCAXDTI2MTEyMjEwMDg1MVoYDzIxMjYxMDI5\
    MTAwODUxWjAsMRAwDgYDVQQKDAdDb250b3NvMRgwFgYDVQQDDA9Db250b3NvIHNpZ25pbmcwWTATBgcq\
    hkjOPQIBBggqhkjOPQMBBwNCAATQRhp/EZT/q2ha25p1GDJeaDyQ/inBnGFiqOFayVkfBeAgWckPpjLV\
    hLDoUcDlLRQ7yBNjA2eEZmlW7trd+IFSo1MwUTAdBgNVHQ4EFgQU1FAtoDlZS1FJCl0Cg/y+Xd0Q+jAw\
    HwYDVR0jBBgwFoAU1FAtoDlZS1FJCl0Cg/y+Xd0Q+jAwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQD\
    AgNIADBFAiAoBfQoCUxapgxPEJRy6A4CZMhABTpsgwIuKb/vfpsJ8AIhANZeCmZxkP7UZkqzB8lZBkcl\
    ylCvVojM5gwb9E8lwEMk";

fn pem() -> String {
    format!("-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n")
}

fn metadata() -> String {
    format!(
        "<?xml version=\"1.0\"?><EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{ISSUER}\"><IDPSSODescriptor>\
         <KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{CERTIFICATE}\
         </ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.contoso.example/sso?a=1&amp;b=2\"/></IDPSSODescriptor></EntityDescriptor>"
    )
}

fn hidden(page: &Page, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let (_, rest) = page.body.split_once(&start).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// *Add Authentication Method* up to *Continue*; returns the method's address.
fn add(browser: &Browser, kind: &str, name: &str) -> String {
    let instance = hidden(&browser.open(NEW), "instance");
    let made = browser.post(
        NEW,
        &[("type", kind), ("name", name), ("instance", &instance)],
    );
    assert_eq!(made.status, 303, "{}", made.body);
    made.location
}

fn start() -> (Appliance, Browser) {
    let appliance = Appliance::start_with(&[
        ("SCIMLAB_ADMIN_EMAIL", EMAIL),
        ("SCIMLAB_ADMIN_PASSWORD", PASSWORD),
    ]);
    let browser = appliance.administrator();
    (appliance, browser)
}

#[test]
fn a_method_is_added_configured_later_then_saved_and_switched() {
    let (appliance, browser) = start();
    browser
        .open(HERE)
        .says("No SSO method yet")
        .says("Sign-in through these methods is not offered yet");
    let form = browser.open(NEW);
    for kind in [
        "Microsoft AD FS",
        "Microsoft Entra ID",
        "Custom SAML 2.0",
        "Duo",
        "Google Workspace",
        "Okta",
        "OneLogin",
        "Ping Identity",
    ] {
        form.says(&format!(">{kind}</option>"));
    }
    let method = add(&browser, "okta", "Contoso Okta");
    browser
        .open(&method)
        .says("NOT CONFIGURED")
        .says("Configure Later")
        .says("Save Authentication")
        .says("Identity Provider Single Sign-On URL")
        .says(&format!("value=\"{}/sso\"", appliance.url))
        .says("/init\"")
        .says("/callback\"");
    browser.open(HERE).says("NOT CONFIGURED");
    let page = browser.submit(&format!("{method}/turn-on"), &[]);
    page.says("Contoso Okta is not configured yet.");
    let certificate = pem();
    let page = browser.submit(
        &method,
        &[
            ("revision", "0"),
            ("name", "Contoso Okta"),
            ("sso_url", URL),
            ("issuer", ISSUER),
            ("certificate", &certificate),
            ("add_new_users", "yes"),
        ],
    );
    page.says("Contoso Okta is saved and on.")
        .says("SCIM provisioning can be turned on now.")
        .says("Exactly one SSO method is in use");
    browser
        .open(&method)
        .says("CN=Contoso signing,O=Contoso")
        .says("https://idp.contoso.example/sso?a=1&#38;b=2")
        .says("name=\"add_new_users\" value=\"yes\" checked")
        .says("class=\"switch on\"");
    browser
        .submit(&format!("{method}/turn-off?from=list"), &[])
        .says("Contoso Okta is off.");
    browser
        .submit(&format!("{method}/turn-off?from=page"), &[])
        .says("<h1>Contoso Okta</h1>");
    browser.submit(&format!("{method}/turn-on"), &[]);
    browser
        .open(&format!("{method}/delete"))
        .says("Delete Contoso Okta?")
        .says("lead nowhere for good");
    browser
        .submit(&format!("{method}/delete"), &[])
        .says("Contoso Okta is deleted.")
        .says("No SSO method yet");
    assert_eq!(browser.get(&method).status, 404);
}

#[test]
fn what_is_wrong_is_said_at_the_field_and_what_was_typed_stays() {
    let (_appliance, browser) = start();
    let page = browser.post(NEW, &[("type", "saml"), ("name", "")]);
    assert_eq!(page.status, 422);
    page.says("id=\"name-error\"")
        .says("value=\"saml\" selected");
    let page = browser.post(NEW, &[("type", "kerberos"), ("name", EVIL)]);
    assert_eq!(page.status, 422);
    page.says("id=\"type-error\"")
        .says(&format!("value=\"{EVIL_SHOWN}\""));
    let method = add(&browser, "saml", "Contoso");
    let certificate = pem();
    for (field, value, said) in [
        ("name", "", "Give the method a name"),
        ("sso_url", EVIL, "Enter a whole URL"),
        ("sso_url", "javascript://a/%0aalert(1)", "has to begin with"),
        ("issuer", "two words", "one word without spaces"),
        (
            "certificate",
            "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----",
            "This is a private key.",
        ),
        ("certificate", EVIL, "neither PEM"),
    ] {
        let mut fields = vec![
            ("revision", "0"),
            ("name", "Typed <name>"),
            ("sso_url", "https://typed.example/sso"),
            ("issuer", "urn:typed"),
            ("certificate", certificate.as_str()),
        ];
        for pair in &mut fields {
            if pair.0 == field {
                pair.1 = value;
            }
        }
        let page = browser.post(&method, &fields);
        assert_eq!(page.status, 422, "{field}={value}: {}", page.body);
        page.says(said)
            .says(&format!("id=\"{field}-error\""))
            .says_not(EVIL);
        if field != "issuer" {
            page.says("value=\"urn:typed\"");
        }
        if field != "name" {
            page.says("value=\"Typed &#60;name&#62;\"");
        }
    }
    browser.open(&method).says("NOT CONFIGURED");
}

#[test]
fn a_stale_page_and_a_second_click_change_nothing() {
    let (_appliance, browser) = start();
    let instance = hidden(&browser.open(NEW), "instance");
    let fields = [("type", "duo"), ("name", "Duo"), ("instance", &instance)];
    let first = browser.post(NEW, &fields);
    let second = browser.post(NEW, &fields);
    assert_eq!(
        (second.status, second.location.as_str()),
        (303, first.location.as_str()),
        "one method, whichever click"
    );
    let method = first.location;
    let certificate = pem();
    let save = |revision: &str, issuer: &str| {
        let fields = [
            ("revision", revision),
            ("name", "Duo"),
            ("sso_url", URL),
            ("issuer", issuer),
            ("certificate", &certificate),
        ];
        browser.post(&method, &fields)
    };
    assert_eq!(save("0", "urn:first").status, 303);
    for revision in ["0", "", "-1", "x"] {
        let page = save(revision, "urn:second");
        assert_eq!(page.status, 409, "{}", page.body);
        page.says("Duo was changed meanwhile.")
            .says("value=\"urn:first\"")
            .says_not("urn:second");
    }
    let page = browser.submit(&format!("{method}/relay-state"), &[("revision", "1")]);
    page.says("The relay state is generated.");
    let relay = |page: &Page| {
        let (_, rest) = page.body.split_once("id=\"relay-state\"").unwrap();
        rest.split('"').nth(3).unwrap().to_owned()
    };
    let value = relay(&page);
    assert_eq!(value.len(), 64, "{value}");
    let page = browser.submit(&format!("{method}/relay-state"), &[("revision", "1")]);
    page.says("was changed meanwhile");
    assert_eq!(relay(&page), value, "the second click made no other one");
}

#[test]
fn metadata_fills_the_form_from_a_file_or_from_pasted_text_and_saves_nothing() {
    let (_appliance, browser) = start();
    let method = add(&browser, "entra-id", "Contoso");
    let address = format!("{method}/metadata");
    let file = metadata();
    for (file, pasted) in [(file.as_str(), ""), ("", file.as_str()), (&file, "<junk/>")] {
        let parts: [(&str, &str, &[u8]); 2] = [
            ("file", "metadata.xml", file.as_bytes()),
            ("metadata", "", pasted.as_bytes()),
        ];
        let page = browser.upload(&address, &parts);
        assert_eq!(page.status, 200, "{}", page.body);
        page.says("Nothing is saved yet.")
            .says(&format!("value=\"{ISSUER}\""))
            .says("sso?a=1&#38;b=2\"")
            .says(CERTIFICATE)
            .says("NOT CONFIGURED");
    }
    browser.open(&method).says_not(ISSUER);
}

#[test]
fn hostile_metadata_is_refused_with_a_sentence() {
    let (_appliance, browser) = start();
    let method = add(&browser, "entra-id", "Contoso");
    let address = format!("{method}/metadata");
    let large = vec![b'a'; 700_000];
    let deep = "<a>".repeat(1_000);
    for (content, status, said) in [
        (
            &b"<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><x>&f;</x>"[..],
            422,
            "has a DOCTYPE",
        ),
        (b"", 422, "Choose the metadata file"),
        (b"\xff\xfe<", 422, "not UTF-8"),
        (EVIL.as_bytes(), 422, "its first element is script"),
        (deep.as_bytes(), 422, "no well-formed XML"),
        (&large, 413, "larger than 512 KiB"),
    ] {
        let page = browser.upload(&address, &[("file", "m.xml", content)]);
        assert_eq!(page.status, status, "{}", page.body);
        page.says(said).says("id=\"metadata-error\"").says_not(EVIL);
    }
    // Pasted text stays in its field.
    let page = browser.upload(&address, &[("metadata", "", EVIL.as_bytes())]);
    page.says(&format!("{EVIL_SHOWN}</textarea>"));
    let parts: Vec<(&str, &str, &[u8])> = vec![("x", "", b"y"); 20];
    assert_eq!(browser.upload(&address, &parts).status, 400);
    let page = browser.post(&address, &[("metadata", "<a/>")]);
    assert_eq!(page.status, 400, "another kind of form: {}", page.body);
}

#[test]
fn scripts_in_names_are_shown_as_text() {
    let (_appliance, browser) = start();
    let method = add(&browser, "ping-identity", EVIL);
    for path in [
        HERE,
        &method,
        &format!("{method}/delete"),
        "/team/authentication/scim",
    ] {
        browser.open(path).says_not(EVIL);
    }
    browser.open(HERE).says(EVIL_SHOWN);
    let long = "W".repeat(100);
    browser.open(&add(&browser, "duo", &long)).says(&long);
    let page = browser.post(NEW, &[("type", "duo"), ("name", &"W".repeat(101))]);
    assert_eq!(page.status, 422);
}

#[test]
fn the_mock_entra_stands_for_entra_only() {
    let (_appliance, browser) = start();
    let entra = add(&browser, "entra-id", "Entra");
    let okta = add(&browser, "okta", "Okta");
    browser.open(&okta).says_not("Use the mock Entra");
    browser
        .submit(&format!("{okta}/mock-entra"), &[("revision", "0")])
        .says("Okta is a method of Okta");
    browser.open(&entra).says("Use the mock Entra");
    browser
        .submit(&format!("{entra}/mock-entra"), &[("revision", "0")])
        .says("Entra is saved and on.");
    browser
        .open(&entra)
        .says("there is nothing to exchange")
        .says_not("Use the mock Entra");
    // With one in use there is nothing to set up.
    browser.submit(&format!("{HERE}/methods/mock-entra"), &[]);
    browser.open(HERE).says_not("Mock Entra");
}

#[test]
fn without_passwords_members_are_out_and_operators_are_not() {
    let (appliance, browser) = start();
    let off = format!("{HERE}/built-in/password/turn-off");
    browser
        .open(&off)
        .says("Switch off Password?")
        .says("Nobody is locked out now")
        .says("scimlab admin upsert EMAIL");
    browser.submit(&off, &[]).says("Password is off.");
    // Operators go on, and can sign in anew.
    browser.open(HERE);
    let again = appliance.administrator();
    again
        .submit(&format!("{HERE}/built-in/password/turn-on"), &[])
        .says("Password is on.");
    let google = format!("{HERE}/built-in/google/turn-off");
    again.open(&google).says("Nobody notices");
    again.submit(&google, &[]).says("Google OAuth 2.0 is off.");
    let page = again.get(&format!("{HERE}/built-in/kerberos/turn-off"));
    assert_eq!(page.status, 404);
}

#[test]
fn members_who_are_no_operators_are_out_while_passwords_are_off() {
    let appliance = Appliance::with_people(&[
        ("dev@example.com", &[Role::Developer]),
        ("boss@example.com", &[Role::Admin]),
    ]);
    let sign_in = |email| {
        let browser = appliance.stranger();
        let page = browser.post("/login", &[("email", email), ("password", PASSWORD)]);
        (browser, page)
    };
    let (boss, _) = sign_in("boss@example.com");
    let off = format!("{HERE}/built-in/password/turn-off");
    boss.open(&off)
        .says("2 members can no longer sign in to this team, and are signed out")
        .says("You are one of them: you are not an operator.");
    let operator = appliance.administrator();
    operator.open(&off).says_not("You are one of them");
    assert_eq!(boss.post(&off, &[]).status, 303);
    assert_eq!(boss.get(HERE).status, 303, "signed out at the next click");
    for email in ["boss@example.com", "dev@example.com"] {
        let (_, page) = sign_in(email);
        assert_eq!(page.status, 403, "{}", page.body);
        page.says("Your team has switched off signing in with a password.");
    }
    operator.submit(&format!("{HERE}/built-in/password/turn-on"), &[]);
    let (boss, _) = sign_in("boss@example.com");
    boss.open(HERE);
    // Who may not set up single sign-on sees nothing of it.
    let (dev, _) = sign_in("dev@example.com");
    for path in [HERE, NEW, &off, "/team/authentication/scim"] {
        assert_eq!(dev.get(path).status, 403, "{path}");
    }
}
