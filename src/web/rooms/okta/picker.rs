//! People to choose from: for a group, and for an app.

use serde::Deserialize;

use super::people::part;
use super::{Addresses, administrator};
use crate::directory::okta::search;
use crate::error::Result;
use crate::id::OktaKind;
use crate::model::okta::{OktaUser, Org};
use crate::store::Snapshot;
use crate::web::auth::Who;
use crate::web::console::Page;
use crate::web::console::entra::groups::{Candidate, PickPage};
use crate::web::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use crate::web::console::parts::Link;
use crate::web::rooms::Ask;
use crate::web::rooms::ask::PAGE;

/// Whom a row means.
#[derive(Deserialize)]
pub(in crate::web::rooms) struct Picked {
    #[serde(default)]
    pub(super) id: String,
}

/// The people who fit, with the reason why somebody cannot be chosen. The page is at `url`, its buttons post to
/// `action`, and *Done* leads to `done`.
pub(super) fn people(
    tx: &Snapshot,
    (who, org): (&Who, &Org),
    page: Page,
    ask: &Ask,
    url: &ListUrl,
    (action, done): (String, String),
    blocked: impl Fn(&OktaUser) -> Result<&'static str>,
) -> Result<PickPage> {
    let proof = administrator(who, org)?;
    let found = search::people(tx, &proof, &ask.text(), None, part(ask, PAGE))?;
    let addresses = Addresses::new(tx, org);
    let mut rows = Vec::new();
    for user in &found.items {
        rows.push(Candidate {
            id: addresses.id(OktaKind::User, user.seq).to_string(),
            name: user.display_name(),
            detail: user.login().to_owned(),
            kind: "Person",
            blocked: blocked(user)?.to_owned(),
        });
    }
    Ok(PickPage {
        page,
        action,
        verb: "Assign".into(),
        done,
        rows,
        list: List {
            caption: "People to assign".into(),
            filter: Some(Filter::new(url, "Search by name, username or email")),
            columns: vec![Column::new("Name"), Column::wide("Type"), Column::new("")],
            pager: Pager::new(found.total, ask.page(), PAGE, ("person", "people"), url),
            empty: ask.empty(
                found.total,
                url,
                Empty::new(
                    "Nobody here yet",
                    "Add people to the org first.",
                    Link::new("Add person", super::people_forms::NEW),
                ),
            ),
        },
    })
}
