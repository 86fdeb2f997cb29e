//! `/`: the loop as one picture, and the latest cycles.

use crate::browser::{Appliance, KEY};
use crate::entra::{application, wait_for_the_cycle};

#[test]
fn the_overview_names_the_next_step_and_then_shows_the_latest_cycles() {
    let appliance = Appliance::start();
    let browser = appliance.administrator();
    let app = application(&browser);
    let tab = format!("{app}/provisioning");
    let logs = format!("<td class=\"nowrap\"><a href=\"{app}/provisioning-logs\">");
    browser
        .open("/")
        .says("No cycle has run yet")
        .says("Enter the Admin Credentials, then start provisioning.")
        .says_not(&logs);

    let url = format!("{}/scim/v2", appliance.url);
    let credentials = [("tenant_url", url.as_str()), ("secret_token", KEY)];
    browser.submit(&format!("{tab}/credentials"), &credentials);
    browser
        .open("/")
        .says("No cycle has run yet")
        .says("Start provisioning: the initial cycle");

    browser.submit(&format!("{tab}/start"), &[]);
    wait_for_the_cycle(&browser, &app);
    browser
        .open("/")
        .says_not("No cycle has run yet")
        .says(&format!("{logs}Initial</a>"))
        .says("Complete</span>")
        .says("requests in the last cycle")
        .says_not("Incremental");

    // A cycle with nothing to do takes its row, but the wire goes on showing the one that worked.
    browser.submit(&format!("{tab}/cycle"), &[]);
    wait_for_the_cycle(&browser, &app);
    browser
        .open("/")
        .says(&format!("{logs}Incremental</a>"))
        .says(&format!("{logs}Initial</a>"))
        .says("<td class=\"number wide\">2</td>")
        .says("requests in the cycle ")
        .says_not("requests in the last cycle");

    // Five rows, however many cycles there were.
    for _ in 0..4 {
        browser.submit(&format!("{tab}/cycle"), &[]);
        wait_for_the_cycle(&browser, &app);
    }
    let page = browser.open("/");
    page.says_not(&format!("{logs}Initial</a>"));
    assert_eq!(page.body.matches(&logs).count(), 5);
}
