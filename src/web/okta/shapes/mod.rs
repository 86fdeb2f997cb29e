//! What the management API shows of an org (part 7.3 of the Okta reference).

mod apps;
mod logs;
mod people;
mod schemas;

pub(super) use people::etag;

use serde_json::{Value, json};

use crate::id::{IdMix, OktaId, OktaKind, Seq};
use crate::store::Reads;

/// Whose things are shown, and where.
#[derive(Debug, Clone)]
pub(in crate::web) struct Shapes {
    mix: IdMix,
    org: Seq,
    base: String,
}

impl Shapes {
    pub(in crate::web) fn new(tx: &impl Reads, org: Seq, base: &str) -> Self {
        Self {
            mix: tx.mix(),
            org,
            base: base.to_owned(),
        }
    }

    /// The id of a row.
    pub(super) fn id(&self, kind: OktaKind, row: Seq) -> String {
        OktaId::of_row(self.mix, kind, self.org, row).to_string()
    }

    /// The id of the org itself.
    fn org_id(&self) -> String {
        OktaId::of_row(self.mix, OktaKind::Org, Seq(0), self.org).to_string()
    }

    /// What everybody may know of an org.
    pub(super) fn organization(&self) -> Value {
        // The address of an org is what its API is below.
        let address = self.base.trim_end_matches("/api/v1");
        json!({
            "id": self.org_id(),
            "_links": { "organization": { "href": address } },
            "pipeline": "v1",
            "settings": {
                "analyticsCollectionEnabled": false, "bugReportingEnabled": false, "omEnabled": false,
            },
        })
    }

    /// The row of an id of this org.
    pub(super) fn row(&self, kind: OktaKind, id: &str) -> Option<Seq> {
        id.parse::<OktaId>().ok()?.row(self.mix, kind, self.org)
    }

    /// An address below that of the API.
    pub(super) fn address(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    fn href(&self, path: &str) -> Value {
        json!({ "href": self.address(path) })
    }

    fn action(&self, path: &str) -> Value {
        json!({ "href": self.address(path), "method": "POST" })
    }
}
