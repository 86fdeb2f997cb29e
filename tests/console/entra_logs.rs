//! `/entra/provisioning-logs` and the log of one application: filters, pages, files, retention.

use crate::browser::{Appliance, Browser};
use crate::entra::wait_for_the_cycle;
use crate::entra_on_demand::connected;

const LOGS: &str = "/entra/provisioning-logs";

fn provisioned(appliance: &Appliance, browser: &Browser) -> String {
    let app = connected(appliance, browser);
    browser.submit(&format!("{app}/provisioning/start"), &[]);
    wait_for_the_cycle(browser, &app);
    app
}

fn fact<'a>(page: &'a str, name: &str) -> &'a str {
    let after = page.split(&format!("<dt>{name}</dt>")).nth(1).unwrap();
    let value = after.split("</dd>").next().unwrap();
    let text = value.rsplit_once("</").map_or(value, |(text, _)| text);
    text.rsplit('>').next().unwrap()
}

#[test]
fn every_filter_of_the_portal_narrows_the_list() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = provisioned(&appliance, &browser);
    let here = format!("{app}/provisioning-logs");
    let list = browser.open(LOGS);
    for heading in [
        "Identity",
        "Action",
        "Source System",
        "Target System",
        "Status",
        "Date",
    ] {
        list.says(heading);
    }
    list.says("Microsoft Entra ID").says("Kept for 30 days.");
    let address = list.links(&format!("{here}/")).remove(0);
    let entry = browser.open(&address).body;
    let found = |query: &str| {
        let page = browser.open(&format!("{LOGS}?{query}"));
        page.links(&format!("{here}/")).contains(&address)
    };
    let application = app.rsplit('/').next().unwrap();
    let (job, cycle, change) = (
        fact(&entry, "Job ID").to_owned(),
        fact(&entry, "Cycle ID").to_owned(),
        fact(&entry, "Change ID").to_owned(),
    );
    let (id, action) = (
        fact(&entry, "Source Id").to_owned(),
        fact(&entry, "Action").to_lowercase(),
    );
    for query in [
        format!("q={id}"),
        format!("action={action}&q={id}"),
        format!("application={application}"),
        format!("job={job}"),
        format!("cycle={cycle}&change={change}"),
        format!("change={}", change.to_uppercase()),
        "from=2000-01-01&until=2100-01-01".to_owned(),
        "action=nonsense&from=nonsense".to_owned(),
    ] {
        assert!(found(&query), "{query}");
    }
    let other = "00000000-0000-4000-8000-000000000000";
    for query in [
        format!("q={other}"),
        "q=nobody-has-this-name".to_owned(),
        "status=failure".to_owned(),
        "action=delete".to_owned(),
        format!("application={other}"),
        "job=scim.nothing".to_owned(),
        format!("cycle={other}"),
        "cycle=nonsense".to_owned(),
        format!("change={other}"),
        "until=2000-01-01".to_owned(),
    ] {
        let page = browser.open(&format!("{LOGS}?{query}"));
        assert!(page.links(&format!("{here}/")).is_empty(), "{query}");
        page.says("Nothing matches");
    }
    browser
        .open(&format!("{here}?change={change}"))
        .says("1 newest entry");
}

#[test]
fn pages_go_back_the_way_they_came() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = provisioned(&appliance, &browser);
    let here = format!("{app}/provisioning-logs");
    let entries = |address: &str| browser.open(address).links(&format!("{here}/"));
    let (first, all) = (entries(&here), browser.open(&here));
    let second = all.links(&format!("{here}?before=")).remove(0);
    assert!(entries(&second).iter().all(|entry| !first.contains(entry)));
    // The page before the second is the first.
    browser
        .open(&second)
        .says(&format!("rel=\"prev\" href=\"{here}\""));
    all.says_not("rel=\"prev\"");
}

#[test]
fn the_files_are_those_of_the_portal_and_belong_together_by_the_change_id() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = provisioned(&appliance, &browser);
    let fields = [
        ("displayName", "=cmd|' /C calc'!A0"),
        ("userPrincipalName", "evil@contoso.example"),
        ("mail", "evil@contoso.example"),
    ];
    let evil = browser.post("/entra/users/new", &fields).location;
    let id = evil.rsplit('/').next().unwrap();
    browser.submit(&format!("{app}/users-and-groups/assign"), &[("id", id)]);
    browser.post(&format!("{app}/provisioning/on-demand"), &[("object", id)]);
    let page = browser.open(&format!("{LOGS}/download?q=evil@contoso.example"));
    page.says("evil@contoso.example");
    let files = page.links(&format!("{LOGS}/download/"));
    assert_eq!(files.len(), 4, "{files:?}");
    let file = |name: &str| {
        let of_name = files.iter().find(|file| file.contains(name)).unwrap();
        let page = browser.get(of_name);
        assert_eq!(page.status, 200);
        page.body
    };
    let entries = file("ProvisioningLogs.csv");
    let lines: Vec<&str> = entries.lines().collect();
    assert_eq!(lines.len(), 2, "{entries}");
    assert!(lines[0].starts_with(
        "\"id\",\"activityDateTime\",\"tenantId\",\"jobId\",\"cycleId\",\"changeId\""
    ));
    assert!(lines[1].contains("\"'=cmd|' /C calc'!A0\""), "{entries}");
    let change = lines[1].split(',').nth(5).unwrap();
    for name in ["ProvisioningSteps", "ModifiedProperties"] {
        let rows = file(&format!("ProvisioningLogs_{name}.csv"));
        let mut rows = rows.lines();
        assert!(rows.next().unwrap().starts_with("\"changeId\""));
        let mut count = 0;
        for row in rows {
            assert!(row.starts_with(change), "{row}");
            count += 1;
        }
        assert!(count > 1, "{name}");
    }
    let all: serde_json::Value = serde_json::from_str(&file("ProvisioningLogs.json")).unwrap();
    let all = all.as_array().unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0]["changeId"], change.trim_matches('"'));
    assert_eq!(all[0]["provisioningAction"], "create");
    let none = browser.get(&format!(
        "{LOGS}/download/ProvisioningLogs.json?q=nobody-at-all"
    ));
    assert_eq!(none.body.split_whitespace().collect::<String>(), "[]");
    assert_eq!(
        browser.get(&format!("{LOGS}/download/other.csv")).status,
        404
    );
}

#[test]
fn an_entry_has_its_four_tabs_and_explains_itself() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = provisioned(&appliance, &browser);
    let here = format!("{app}/provisioning-logs");
    let one = |query: &str| {
        let list = browser.open(&format!("{here}?{query}"));
        browser.open(&list.links(&format!("{here}/"))[0])
    };
    one("action=create&status=success")
        .says("Steps")
        .says("Modified Properties")
        .says("Summary")
        .says("Explain")
        .says("EntryImportAdd")
        .says("Active in the source system")
        .says("Azure AD Provisioning Service")
        .says("It is in scope, because it is assigned.")
        .says("Nothing in the application matches by")
        .says("The application answered POST with 201.")
        .says("So it was created, and the link is kept.");
    one("status=skipped")
        .says("Troubleshooting &amp; Recommendations")
        .says("NotEffectivelyEntitled")
        .says("It is not assigned to the application");
}

#[test]
fn the_log_is_kept_as_long_as_somebody_says() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let here = format!("{LOGS}/retention");
    browser.open(&here).says("value=\"30\"");
    for wrong in ["0", "4000", "a week"] {
        let page = browser.post(&here, &[("days", wrong)]);
        assert_eq!(page.status, 422);
        page.says("Enter 1 to 3650 days.")
            .says(&format!("value=\"{wrong}\""));
    }
    browser
        .submit(&here, &[("days", "7")])
        .says("Provisioning logs are kept for 7 days.");
    browser
        .submit(&here, &[("days", "")])
        .says("Provisioning logs are kept for ever.")
        .says("Kept for ever.");
}
