//! *Uploads* of an API-driven application: sending bulk requests, CSV, what became of them, and the entries of the
//! provisioning log in the words of the quickstart.

use serde_json::Value;

use crate::browser::{Appliance, Browser, Page};

/// The application's address, with its provisioning started.
fn application(browser: &Browser) -> String {
    let fields = [("template", "api2aad-2024"), ("name", "HR")];
    let tab = browser.post("/entra/gallery", &fields).location;
    browser.submit(&format!("{tab}/start"), &[]);
    tab.trim_end_matches("/provisioning").to_owned()
}

/// The text of a form's field, as a browser would send it again.
fn typed(page: &Page, name: &str) -> String {
    let (_, after) = page
        .body
        .split_once(&format!("<textarea id=\"{name}\""))
        .unwrap();
    let (_, text) = after.split_once(">\n").unwrap();
    let (text, _) = text.split_once("</textarea>").unwrap();
    let signs = [
        ("&#34;", "\""),
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#38;", "&"),
    ];
    signs.iter().fold(text.to_owned(), |text, (coded, sign)| {
        text.replace(coded, sign)
    })
}

/// Opens a page until it says something. Uploads are worked off within moments; a minute is the end of patience.
fn until(browser: &Browser, address: &str, says: &str) -> Page {
    for _ in 0..1200 {
        let page = browser.open(address);
        if page.body.contains(says) {
            return page;
        }
        std::thread::park_timeout(std::time::Duration::from_millis(50));
    }
    panic!("{address} never says {says:?}");
}

fn send(browser: &Browser, app: &str, body: &str, what: &str) -> Page {
    let parts = [("body", "", body.as_bytes()), ("do", "", what.as_bytes())];
    browser.upload(&format!("{app}/uploads/send"), &parts)
}

#[test]
fn a_request_is_pasted_checked_sent_and_seen_with_what_became_of_it() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let list = format!("{app}/uploads");
    browser
        .open(&list)
        .says("Nothing was uploaded yet")
        .says("Kept for 30 days.");
    browser.open(&app).says(&format!("href=\"{list}\""));

    // The sample can be sent as it is.
    let form = browser.open(&format!("{list}/send"));
    let sample = typed(&form, "body");
    send(&browser, &app, &sample, "check").says("Nothing is wrong with it.");
    browser.open(&list).says("Nothing was uploaded yet");
    let sent = send(&browser, &app, &sample, "send");
    assert_eq!(sent.status, 303, "{}", sent.body);
    browser
        .open(&sent.location)
        .says("The request is accepted.");
    let page = until(&browser, &sent.location, ">Done<");
    page.says("2 created")
        .says("Maria Keller")
        .says("1001")
        .says("externalId");
    browser.open(&list).says("2 created").says(">Done<");

    // The entry of an operation, in the words of the quickstart.
    let entry = page.links(&format!("{app}/provisioning-logs/")).remove(1);
    let entry = browser.open(&entry);
    for word in [
        "Import from API",
        "Match user",
        "Determine if User is in scope",
        "Provision User",
        "Modified Properties",
        "A client uploaded it",
        "Nothing in the directory matches by employeeId.",
        "So it was created",
        "tom.okafor@contoso.example",
    ] {
        entry.says(word);
    }
    entry.says_not("Provision this person again");
    let user = entry.links("/entra/users/").remove(0);
    browser.open(&user).says("Tom Okafor").says("Maria Keller");
    // The log of the upload, its filters and files.
    let log = page
        .links(&format!("{app}/provisioning-logs?cycle="))
        .remove(0);
    browser
        .open(&log)
        .says("Tom Okafor")
        .says("Microsoft Entra ID")
        .says(">API<");
    let found = browser.open(&format!(
        "{app}/provisioning-logs?q=1002&action=create&status=success"
    ));
    found.says("Tom Okafor").says_not("Maria Keller");
    let id = app.rsplit('/').next().unwrap();
    let file = |name: &str| {
        browser
            .open(&format!(
                "/entra/provisioning-logs/download/{name}?application={id}"
            ))
            .body
    };
    let csv = file("ProvisioningLogs.csv");
    assert!(
        csv.contains(r#","API","Microsoft Entra ID","1002","Tom Okafor","User","#),
        "{csv}"
    );
    let json: Value = serde_json::from_str(&file("ProvisioningLogs.json")).unwrap();
    assert_eq!(json[0]["sourceSystem"]["displayName"], "API");

    // Again, edited: whoever it is about is updated.
    let again = page.links(&format!("{list}/send?from=")).remove(0);
    let earlier = typed(&browser.open(&again), "body");
    let edited = earlier
        .replace("Planner", "Lead Planner")
        .replace("\"1001\"", "\"999\"");
    let sent = send(&browser, &app, &edited, "send");
    let page = until(&browser, &sent.location, ">Done with failures<");
    page.says("Waits for the manager with the externalId 999.");
}

#[test]
fn what_is_wrong_with_a_request_is_told_with_its_place_and_what_was_typed_stays() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let list = format!("{app}/uploads");
    let sample = typed(&browser.open(&format!("{list}/send")), "body");
    for (body, says) in [
        ("{\n  \"schemas\": [,]}".to_owned(), "Line 2, column 15"),
        (
            sample.replacen("\"/Users\"", "\"/Groups\"", 1),
            "Operations[0]",
        ),
        (r#"{"name":"John <Doe>"}"#.to_owned(), "schemas"),
        (" ".repeat(2 << 20), "1 MiB"),
    ] {
        let refused = send(&browser, &app, &body, "send");
        assert_eq!(refused.status, 422, "{says}");
        refused.says(says).says("Nothing was sent.");
        if body.len() < 10_000 {
            assert_eq!(typed(&refused, "body"), body);
        }
    }
    let odd = sample.replace("\"externalId\": \"1001\"", "\"externalId\": \"\"");
    let warned = send(&browser, &app, &odd, "check");
    assert_eq!(warned.status, 200);
    warned
        .says("Operations[0].data.externalId")
        .says("It can be sent, with 1 warning.");
    browser.open(&list).says("Nothing was uploaded yet");
    // A stopped job takes nothing, from here neither.
    browser.submit(&format!("{app}/provisioning/stop"), &[]);
    let refused = send(&browser, &app, &sample, "send");
    assert_eq!(refused.status, 422);
    refused.says("not started").says("Maria Keller");
    for nowhere in ["0", "99", "x", "18446744073709551616"] {
        assert_eq!(
            browser.get(&format!("{list}/{nowhere}")).status,
            404,
            "{nowhere}"
        );
    }
    // An application that provisions out of the directory has no uploads.
    let others = browser
        .open("/entra/applications")
        .links("/entra/applications/");
    let outbound = others.iter().find(|link| **link != app).unwrap();
    assert_eq!(browser.get(&format!("{outbound}/uploads")).status, 404);
}

#[test]
fn csv_becomes_requests_that_are_downloaded_or_sent() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let csv = format!("{app}/uploads/csv");
    browser.open(&csv).says("CSV to bulk request");
    let rows: Vec<String> = (0..60)
        .map(|n| format!("{n},Person {n},p{n},Active,J-{n}"))
        .collect();
    let table = format!(
        "WorkerID,FullName,UserID,WorkerStatus,Job Code\n{}\n",
        rows.join("\n")
    );
    let looked = browser.upload(
        &csv,
        &[
            ("file", "people.csv", table.as_bytes()),
            ("do", "", b"look"),
        ],
    );
    assert_eq!(looked.status, 200, "{}", looked.body);
    looked
        .says("60 people in 2 requests.")
        .says("letters, digits, hyphens and underscores of the heading")
        .says("For example: Person 0")
        .says("<option value=\"externalId\" selected>")
        .says("<option value=\"extension\" selected>");
    let headings = looked.hidden("headings");
    let text = typed(&looked, "csv");
    assert_eq!(text.trim(), table.trim());
    let post = |columns: [&str; 5], what: &str| {
        let names = ["column-0", "column-1", "column-2", "column-3", "column-4"];
        let mut parts = vec![
            ("csv", "", text.as_bytes()),
            ("headings", "", headings.as_bytes()),
            ("do", "", what.as_bytes()),
        ];
        parts.extend(
            names
                .into_iter()
                .zip(columns)
                .map(|(name, value)| (name, "", value.as_bytes())),
        );
        browser.upload(&csv, &parts)
    };
    let good = [
        "externalId",
        "displayName",
        "userName",
        "active",
        "extension",
    ];
    let file = post(good, "download");
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"bulk-requests.json\""
    );
    let requests: Value = serde_json::from_str(&file.body).unwrap();
    assert_eq!(requests.as_array().unwrap().len(), 2);
    assert_eq!(requests[0]["Operations"].as_array().unwrap().len(), 50);
    let first = &requests[0]["Operations"][0]["data"];
    assert_eq!(first["active"], true);
    let extension = "urn:ietf:params:scim:schemas:extension:csv:1.0:User";
    assert_eq!(first[extension]["JobCode"], "J-0");

    for (columns, says) in [
        (
            ["", "displayName", "userName", "active", ""],
            "No column is externalId",
        ),
        (
            ["externalId", "displayName", "displayName", "", ""],
            "displayName already",
        ),
        (
            ["externalId", "active", "", "", ""],
            "Line 2: FullName is neither",
        ),
    ] {
        let refused = post(columns, "send");
        assert_eq!(refused.status, 422, "{says}");
        refused.says(says).says("Nothing was sent");
    }
    let broken = browser.upload(&csv, &[("csv", "", b"a,b\n1\n"), ("do", "", b"look")]);
    assert_eq!(broken.status, 422);
    broken
        .says("Line 2: it has 1 cells and not 2")
        .says("a,b\n1");

    let sent = post(good, "send");
    assert_eq!(sent.status, 303, "{}", sent.body);
    browser
        .open(&sent.location)
        .says("2 requests are accepted.");
    until(&browser, &sent.location, "50 created");
    until(&browser, &sent.location, "10 created").says("2 uploads");
    browser
        .open("/entra/users?q=Person+59")
        .says("p59@contoso.example");
}

#[test]
fn what_is_wrong_with_a_table_is_told_with_the_line_as_an_editor_counts_it() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let csv = format!("{}/uploads/csv", application(&browser));
    // A file from Windows, with a blank line; and one in another encoding.
    for (file, says) in [
        (
            &b"Worker ID,Status\r\n\r\n7,Active\r\n8,retired\r\n"[..],
            "Line 4: Status is neither true nor false",
        ),
        (
            b"Worker ID,Name\r\n7,Ann\r\n8,J\xfcrgen\r\n",
            "Line 3 is not text in UTF-8",
        ),
    ] {
        let parts = [("file", "people.csv", file), ("do", "", &b"send"[..])];
        let refused = browser.upload(&csv, &parts);
        assert_eq!(refused.status, 422, "{says}");
        refused.says(says);
    }
}

#[test]
fn the_history_is_paged_newest_first() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let list = format!("{app}/uploads");
    let sample = typed(&browser.open(&format!("{list}/send")), "body");
    for _ in 0..60 {
        assert_eq!(send(&browser, &app, &sample, "send").status, 303);
    }
    let numbers = |page: &Page| -> Vec<u64> {
        let links = page.links(&format!("{list}/")).into_iter();
        links
            .filter_map(|link| link.rsplit('/').next()?.parse().ok())
            .collect()
    };
    let link = |page: &Page, rel: &str| {
        let (_, after) = page
            .body
            .split_once(&format!("rel=\"{rel}\" href=\""))
            .unwrap();
        after.split('"').next().unwrap().to_owned()
    };
    let first = browser.open(&list);
    assert_eq!(numbers(&first), (36..=60).rev().collect::<Vec<_>>());
    let second = browser.open(&link(&first, "next"));
    assert_eq!(numbers(&second), (11..=35).rev().collect::<Vec<_>>());
    let third = browser.open(&link(&second, "next"));
    assert_eq!(numbers(&third), (1..=10).rev().collect::<Vec<_>>());
    assert!(!third.body.contains("rel=\"next\""));
    let back = browser.open(&link(&third, "prev"));
    assert_eq!(numbers(&back), numbers(&second));
    assert_eq!(
        numbers(&browser.open(&link(&back, "prev"))),
        numbers(&first)
    );
}
