//! `/mail`: the outbox and where mails go.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;

use scimlab::model::Role;

use crate::browser::{Appliance, Browser};

fn invite(browser: &Browser, email: &str) {
    let page = browser.upload(
        "/team/invites/new",
        &[("emails", "", email.as_bytes()), ("role", "", b"user")],
    );
    assert_eq!(page.status, 200, "{}", page.body);
}

/// A mail server of one conversation: answers `reply` to the recipient and returns what was said.
fn server(reply: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = std::thread::spawn(move || converse(listener.accept().unwrap().0, reply));
    (port, heard)
}

fn converse(mut stream: TcpStream, reply: &str) -> String {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut heard = String::new();
    stream.write_all(b"220 test\r\n").unwrap();
    let mut content = false;
    while let Some(Ok(line)) = lines.next() {
        heard.push_str(&line);
        heard.push('\n');
        let answer = match line.split(' ').next().unwrap() {
            "." if content => {
                content = false;
                "250 taken"
            }
            _ if content => continue,
            "DATA" => {
                content = true;
                "354 go on"
            }
            "RCPT" => reply,
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n");
                break;
            }
            _ => "250 ok",
        };
        stream
            .write_all(format!("{answer}\r\n").as_bytes())
            .unwrap();
    }
    heard
}

fn relay(port: u16) -> [(&'static str, String); 5] {
    [
        ("revision", "0".into()),
        ("host", "127.0.0.1".into()),
        ("port", port.to_string()),
        ("protection", "none".into()),
        ("from", "scimlab@example.com".into()),
    ]
}

fn fields<'a>(of: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    of.iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[test]
fn without_a_relay_every_mail_stays_and_shows_its_link() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open("/mail")
        .says("No mails yet")
        .says("No relay is set up");
    invite(&browser, "eve@x.example");
    let list = browser.open("/mail?state=kept&action=invite&q=eve");
    list.says("1 mail<")
        .says("invited you to join Acme")
        .says("Kept");
    browser.open("/mail?q=nobody").says("Nothing matches");
    browser.open("/mail?state=sent").says("Nothing matches");
    let page = browser.open("/mail/1");
    page.says("as Developer.")
        .says(">Join Team</a>")
        .says("/invites/1-1-")
        .says("No relay is set up, so mails stay here.");
    browser
        .submit("/mail/1/resend", &[])
        .says("No relay is set up, so mails stay here.");
    browser.open("/mail").says("1 mail<");
    browser.submit("/team/invites/1/revoke", &[]);
    browser
        .open("/mail/1")
        .says("not pending any more")
        .says_not("/invites/1-1-");
    for path in ["/mail/99", "/mail/x"] {
        assert_eq!(browser.get(path).status, 404, "{path}");
    }
}

#[test]
fn domains_and_groups_write_mails_as_the_settings_say() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .submit("/mail/settings/groups", &[("on", "yes")])
        .says("People are told");
    browser
        .open("/mail/settings")
        .says("name=\"on\" value=\"yes\" checked");
    let group = serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Crew <b>",
        "members": [{"value": administrator(&appliance)}],
    });
    let key = crate::browser::KEY;
    assert_eq!(
        appliance.scim(key, "POST", "/Groups", &group.to_string()).0,
        201
    );
    browser
        .open("/mail")
        .says("1 mail<")
        .says("You were added to the group Crew &#60;b&#62;");
    browser
        .submit("/mail/settings/groups", &[])
        .says("People are not told");
}

fn administrator(appliance: &Appliance) -> String {
    let (_, users) = appliance.scim(crate::browser::KEY, "GET", "/Users", "");
    let users: serde_json::Value = serde_json::from_str(&users).unwrap();
    users["Resources"][0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_relay_is_checked_field_by_field_and_a_stale_form_overwrites_nothing() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    browser
        .open("/mail/settings")
        .says("No relay")
        .says_not("Send a test mail");
    let good = relay(2525);
    for (name, value, wrong) in [
        ("host", "", "Enter the name or address"),
        ("host", "a b", "Enter the name or address"),
        ("port", "0", "Enter a port from 1 to 65535"),
        ("port", "x", "Enter a port from 1 to 65535"),
        ("protection", "ssl", "Choose one"),
        ("from", "nobody", "Enter the address that mails come from"),
    ] {
        let typed: Vec<(&str, &str)> = fields(&good)
            .into_iter()
            .map(|(n, v)| if n == name { (n, value) } else { (n, v) })
            .collect();
        let page = browser.post("/mail/settings", &typed);
        assert_eq!(page.status, 422, "{name} {value:?}");
        page.says(wrong).says("aria-invalid=\"true\"");
    }
    for (name, value, wrong) in [
        ("user", "robot", "Enter the password of this user"),
        ("password", "only", "Enter the user whose password this is"),
        ("authorities", "no pem", "Paste certificates in PEM"),
    ] {
        let mut typed = fields(&good);
        typed.push((name, value));
        let page = browser.post("/mail/settings", &typed);
        assert_eq!(page.status, 422, "{name}");
        page.says(wrong);
    }
    let mut typed = fields(&good);
    typed.extend([("user", "robot"), ("password", "secret-of-the-relay")]);
    browser
        .submit("/mail/settings", &typed)
        .says("Mails go through 127.0.0.1 from now on.")
        .says("One is stored, sealed.")
        .says_not("secret-of-the-relay");
    let stale = browser.post("/mail/settings", &fields(&good));
    assert_eq!(stale.status, 409);
    stale.says("Somebody else changed the mail settings");
    browser
        .open("/mail/settings/remove")
        .says("Remove the relay?");
    browser
        .submit("/mail/settings/remove", &[])
        .says("The relay is removed.");
    let developer = Appliance::with_people(&[("dev@x.example", &[Role::Admin])]);
    let admin = developer.person("dev@x.example");
    for path in ["/mail", "/mail/1", "/mail/settings"] {
        assert_eq!(admin.get(path).status, 403, "{path} is the operator's");
    }
}

#[test]
fn a_test_mail_says_what_the_relay_answered() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let (port, heard) = server("250 ok");
    browser.submit("/mail/settings", &fields(&relay(port)));
    browser
        .submit("/mail/settings/test", &[("to", "ops@example.com")])
        .says("127.0.0.1 took the test mail for ops@example.com.");
    let heard = heard.join().unwrap();
    for line in [
        "EHLO example.com",
        "MAIL FROM:<scimlab@example.com>",
        "RCPT TO:<ops@example.com>",
        "Subject: Test mail of scimlab",
    ] {
        assert!(heard.contains(line), "{line} in {heard}");
    }
    let nobody = browser.post("/mail/settings/test", &[("to", "ops@example.com")]);
    assert_eq!(nobody.status, 502);
    nobody.says("There is no mail server to talk to at 127.0.0.1");
    let bad = browser.post("/mail/settings/test", &[("to", "nobody")]);
    assert_eq!(bad.status, 502);
    bad.says("nobody is not an e-mail address.");
}
