//! *Download*: which files there are.

use actix_web::web;

use super::{AskLogs, Places, tenant_of};
use crate::web::App;
use crate::web::auth::SignedIn;
use crate::web::console::Room;
use crate::web::console::entra::logs::{Download, DownloadPage};
use crate::web::console::parts::Link;
use crate::web::rooms::{Answered, show};

/// The page.
pub(super) const HERE: &str = "/entra/provisioning-logs/download";

/// The page. The address carries the filter of the list.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<AskLogs>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let places = Places::load(tx, tenant_of(tx, &who)?)?;
        let file = |name: &str, what| Download {
            file: Link::new(name, ask.url(&format!("{HERE}/{name}"), true).to_string()),
            what,
        };
        Ok(DownloadPage {
            page: who
                .page(Room::ProvisioningLogs, "Download provisioning logs")
                .under("Provisioning logs", super::HERE),
            narrowed: ask.facts(&places),
            files: vec![
                file("ProvisioningLogs.csv", "One row an entry."),
                file(
                    "ProvisioningLogs_ProvisioningSteps.csv",
                    "One row a step of an entry.",
                ),
                file(
                    "ProvisioningLogs_ModifiedProperties.csv",
                    "One row an attribute that changed.",
                ),
                file(
                    "ProvisioningLogs.json",
                    "Everything, as Graph's provisioningObjectSummary.",
                ),
            ],
            back: ask.url(super::HERE, true).to_string(),
        })
    })
    .await
}
