//! *Domains*: adding, marking as verified, deleting.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::{ConfirmPage, FormPage};
use super::super::super::console::list::encoded;
use super::super::super::console::parts::{Fact, Field, Link, Moment, Pill, Tone};
use super::super::super::console::team::authentication::Section;
use super::super::super::console::team::domains::{DomainPage, DomainRow, DomainsPage};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, exact, page as answer, see_other, show};
use super::authentication::below;
use crate::access::May;
use crate::access::permission::ManageDomains;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Nonce;
use crate::model::{Domain, VerificationMethod};
use crate::provider::{domains, team};
use crate::scim::profile::{ExistingAccount, OtherTeam, Profile, UserNameChange};
use crate::store::Reads;

const HERE: &str = Section::Domains.href();
const NEW: &str = "/team/authentication/domains/new";

/// How long adding a domain once more is taken for a double click.
const AGAIN: Duration = Duration::from_mins(1);

fn address(domain: &Domain) -> String {
    format!("{HERE}/{}", encoded(&domain.name))
}

fn status(domain: &Domain) -> Pill {
    if domain.verified.is_some() {
        Pill::new(Tone::Good, "VERIFIED")
    } else {
        Pill::new(Tone::Warn, "UNVERIFIED")
    }
}

/// The list.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| {
        let may: May<ManageDomains> = who.member.may()?;
        let all = domains::list(tx, &may)?;
        Ok(DomainsPage {
            page: who.page(Room::Authentication, "Authentication"),
            tabs: Section::Domains.tabs(),
            add: NEW.into(),
            effects: effects(tx, &may)?,
            domains: all.iter().map(|domain| row(domain, now)).collect(),
        })
    })
    .await
}

fn row(domain: &Domain, now: Timestamp) -> DomainRow {
    DomainRow {
        name: Link::new(&domain.name, address(domain)),
        status: status(domain),
        how: match &domain.verified {
            Some(proof) => match proof.how {
                VerificationMethod::Manual => format!("marked by {}", proof.by),
            },
            None => String::new(),
        },
        added: Moment::new(domain.added, now),
        delete: format!("{}/delete", address(domain)),
    }
}

/// What a verified domain changes with the team's present profile.
fn effects(tx: &impl Reads, may: &May<ManageDomains>) -> Result<Vec<String>> {
    let team = team::get(tx, may)?;
    let preset = team.profile.preset.as_str();
    let profile = Profile::resolve(&team.profile)
        .map_err(|error| Error::field("profile", error.to_string()))?;
    let service = profile.service;
    let mut effects = vec![
        "Invites: somebody who has an account with an address in the domain joins at once when \
         invited, without accepting."
            .to_owned(),
        match service.existing_account {
            ExistingAccount::InviteUnlessVerified => {
                "SCIM: an existing account with an address in the domain joins at once. Others are \
                 sent an invite first."
                    .to_owned()
            }
            ExistingAccount::Join => format!(
                "SCIM: nothing for existing accounts, because the profile {preset} lets every one \
                 of them join at once."
            ),
            ExistingAccount::Invite => format!(
                "SCIM: nothing for existing accounts, because the profile {preset} sends every one \
                 of them an invite."
            ),
        },
        match service.user_name_change {
            UserNameChange::VerifiedDomain => {
                "E-mail change: SCIM may change a member's userName to an address in the domain, \
                 and to no other."
                    .to_owned()
            }
            UserNameChange::Free => format!(
                "E-mail change: nothing, because the profile {preset} lets SCIM change every \
                 userName."
            ),
            UserNameChange::Ignored => format!(
                "E-mail change: nothing, because the profile {preset} ignores a new userName."
            ),
        },
    ];
    if service.other_team == OtherTeam::RefuseUnlessVerified {
        effects.push(
            "Other teams: SCIM can take in people of another team only with an address in the \
             domain."
                .to_owned(),
        );
    }
    Ok(effects)
}

/// What the form that adds a domain sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in super::super) struct Added {
    #[serde(default)]
    name: String,
}

fn form(who: &Who, added: &Added, error: &str) -> FormPage {
    FormPage {
        page: below(who, "Add Domain", Section::Domains),
        lead: "A domain or a subdomain. The next page shows the TXT record for its DNS.".into(),
        error: None,
        fields: vec![
            Field::new("name", "Domain")
                .required()
                .max_length(253)
                .value(added.name.as_str())
                .error(error)
                .help("What stands behind the @ of your people's addresses, such as example.com."),
        ],
        action: NEW.into(),
        submit: "Add Domain".into(),
        cancel: HERE.into(),
    }
}

/// *Add Domain*.
pub(in super::super) async fn new(signed: SignedIn) -> Answered {
    let page = form(&signed.for_page(), &Added::default(), "");
    answer(StatusCode::OK, &page)
}

/// Adds the domain and leads to its TXT record.
pub(in super::super) async fn add(
    app: web::Data<App>,
    signed: SignedIn,
    added: web::Form<Added>,
) -> Answered {
    let (who, now, added) = (signed.who(), app.now(), added.into_inner());
    let (member, name, nonce) = (who.member.clone(), added.name.clone(), Nonce::random());
    let made = app
        .write(move |tx| {
            let may = member.may()?;
            match domains::get(tx, &may, &name) {
                // The form was sent twice.
                Ok(domain) if now.since(domain.added) < AGAIN => Ok(domain),
                _ => domains::add(tx, &may, &name, nonce, now),
            }
        })
        .await;
    match made {
        Ok(domain) => Ok(see_other(&address(&domain))),
        Err(Error::Field { detail, .. }) => answer(
            StatusCode::UNPROCESSABLE_ENTITY,
            &form(&who, &added, &sentence(&detail)),
        ),
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// *View Verification Details*.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    domain: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let may: May<ManageDomains> = who.member.may()?;
        let domain = domains::get(tx, &may, &domain)?;
        let here = address(&domain);
        let mut facts = vec![Fact::text("Added", exact(domain.added))];
        if let Some(proof) = &domain.verified {
            facts.extend([
                Fact::text("Verified", exact(proof.at)),
                Fact::text("By", &proof.by),
                Fact::text(
                    "How",
                    match proof.how {
                        VerificationMethod::Manual => "marked by hand; DNS was not asked",
                    },
                ),
            ]);
        }
        Ok(DomainPage {
            page: below(&who, &domain.name, Section::Domains),
            status: status(&domain),
            host: domain.name.clone(),
            record: domains::txt_record(&domain).unwrap_or_default(),
            verify: if domain.verified.is_some() {
                String::new()
            } else {
                format!("{here}/verify")
            },
            delete: format!("{here}/delete"),
            facts,
            effects: effects(tx, &may)?,
            list: HERE,
        })
    })
    .await
}

/// *Mark as verified*.
pub(in super::super) async fn verify(
    app: web::Data<App>,
    signed: SignedIn,
    domain: web::Path<String>,
) -> Answered {
    let back = format!("{HERE}/{}", encoded(&domain));
    let nonce = Nonce::random();
    act(&app, signed, back, move |tx, who, now| {
        let domain = domains::mark_verified(tx, &who.member.may()?, &domain, nonce, now)?;
        let what = format!("{} is verified, by hand.", domain.name);
        Ok(Done::new(what, "The audit log says so too."))
    })
    .await
}

/// Asks before deleting.
pub(in super::super) async fn ask_delete(
    app: web::Data<App>,
    signed: SignedIn,
    domain: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let domain = domains::get(tx, &who.member.may()?, &domain)?;
        let mut consequences = vec![
            "Members with addresses in it stay members.".to_owned(),
            "Another team of this appliance can verify it.".to_owned(),
        ];
        if domain.verified.is_some() {
            consequences.insert(
                0,
                "It counts as unverified at once: for invites, for SCIM and for changes of e-mail \
                 addresses."
                    .to_owned(),
            );
        }
        consequences.push("Added again, it gets another TXT record.".to_owned());
        Ok(ConfirmPage {
            page: below(&who, &format!("Delete {}?", domain.name), Section::Domains),
            lead: "The team gives the domain up.".into(),
            consequences,
            danger: true,
            ask: None,
            action: format!("{}/delete", address(&domain)),
            submit: "Delete Domain".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Delete Domain*.
pub(in super::super) async fn delete(
    app: web::Data<App>,
    signed: SignedIn,
    domain: web::Path<String>,
) -> Answered {
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let may = who.member.may()?;
        let domain = domains::get(tx, &may, &domain)?;
        domains::remove(tx, &may, &domain.name, now)?;
        Ok(Done::new(format!("{} is deleted.", domain.name), ""))
    })
    .await
}
