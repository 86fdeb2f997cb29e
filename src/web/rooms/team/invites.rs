//! *Invites*: the list, one invite, sending again, taking back.

use actix_web::{HttpRequest, web};
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::super::console::parts::{Fact, Link, Moment, Pill, Tone, counted};
use super::super::super::console::team::invites::{InviteDetailPage, InviteRow, InvitesPage};
use super::super::ask::PAGE;
use super::super::{Answered, Ask, Done, act, exact, show};
use crate::access::May;
use crate::access::permission::AddUsers;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{Invite, InviteOrigin, InviteState, Role};
use crate::provider::{invites, team};
use crate::scim::profile::{ExistingAccount, Profile};
use crate::secret::LinkKey;
use crate::store::Reads;

pub(super) const HERE: &str = "/team/invites";
pub(super) const NEW: &str = "/team/invites/new";
const REVOKE: &str = "/team/invites/revoke";

/// Invites that are taken back at once at most.
const AT_ONCE: usize = 200;

/// The list.
pub(in super::super) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, now| page(tx, &who, &ask, now)).await
}

fn page(tx: &impl Reads, who: &Who, ask: &Ask, now: Timestamp) -> Result<InvitesPage> {
    let text = ask.text().to_lowercase();
    let mut found = invites::list(tx, &who.member.may()?)?;
    found.retain(|invite| {
        (ask.state.is_empty() || slug(invite.state) == ask.state)
            && (ask.status.is_empty() || origin_slug(invite.origin) == ask.status)
            && (invite.email.to_lowercase().contains(&text)
                || invite.by.to_lowercase().contains(&text))
    });
    let (total, part) = (found.len() as u64, ask.part(PAGE));
    if !part.newest_first {
        found.reverse();
    }
    let rows = found
        .into_iter()
        .skip(usize::try_from(part.skip).unwrap_or(usize::MAX))
        .take(part.limit)
        .map(|invite| row(&invite, now))
        .collect();
    let url = ask.url(HERE);
    let filter = Filter::new(&url, "Search by e-mail or sender")
        .select(
            &url,
            "state",
            "State",
            &[
                ("pending", "Pending"),
                ("accepted", "Accepted"),
                ("declined", "Declined"),
                ("revoked", "Revoked"),
            ],
        )
        .select(
            &url,
            "status",
            "Sent by",
            &[("people", "People"), ("scim", "SCIM")],
        );
    Ok(InvitesPage {
        page: who.page(Room::Invites, "Invites"),
        invite: NEW.into(),
        revoke_some: REVOKE.into(),
        rows,
        list: List {
            caption: "Invites sent".into(),
            filter: Some(filter),
            columns: vec![
                Column::new("E-mail"),
                Column::new("State"),
                Column::wide("Roles"),
                Column::wide("Sent by"),
                Column::created(&url),
                Column::new(""),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("invite", "invites"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "Nobody was invited yet",
                    "Invite people by e-mail, or let an identity provider create them by SCIM.",
                    Link::new("Invite People", NEW),
                ),
            ),
        },
    })
}

fn row(invite: &Invite, now: Timestamp) -> InviteRow {
    let here = address(invite.seq);
    InviteRow {
        seq: invite.seq.0,
        roles: roles(invite),
        state: state(invite.state),
        by: sender(invite),
        created: Moment::new(invite.created, now),
        pending: invite.state == InviteState::Pending,
        resend: format!("{here}/resend"),
        revoke: format!("{here}/revoke"),
        email: Link::new(invite.email.as_str(), here),
    }
}

/// Address of an invite's page.
pub(super) fn address(invite: Seq) -> String {
    format!("{HERE}/{invite}")
}

const fn slug(state: InviteState) -> &'static str {
    match state {
        InviteState::Pending => "pending",
        InviteState::Accepted => "accepted",
        InviteState::Dismissed => "declined",
        InviteState::Revoked => "revoked",
    }
}

const fn origin_slug(origin: InviteOrigin) -> &'static str {
    match origin {
        InviteOrigin::Console => "people",
        InviteOrigin::Scim => "scim",
    }
}

fn state(state: InviteState) -> Pill {
    match state {
        InviteState::Pending => Pill::new(Tone::Info, "Pending"),
        InviteState::Accepted => Pill::new(Tone::Good, "Accepted"),
        InviteState::Dismissed => Pill::new(Tone::Warn, "Declined"),
        InviteState::Revoked => Pill::new(Tone::Quiet, "Revoked"),
    }
}

fn roles(invite: &Invite) -> String {
    let labels: Vec<&str> = invite.roles.iter().copied().map(Role::label).collect();
    labels.join(", ")
}

fn sender(invite: &Invite) -> String {
    match invite.origin {
        InviteOrigin::Console => invite.by.clone(),
        InviteOrigin::Scim => format!("SCIM key {}", invite.by),
    }
}

pub(super) fn seq(text: &str) -> Result<Seq> {
    text.parse()
        .map(Seq)
        .map_err(|_| Error::not_found("Invite", ""))
}

/// One invite with its link.
pub(in super::super) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
    invite: web::Path<String>,
) -> Answered {
    let (who, key) = (signed.for_page(), app.sealer.link_key());
    let base = app.public_url.of(&request);
    show(&app, move |tx, _| one(tx, &who, &invite, &base, &key)).await
}

fn one(
    tx: &impl Reads,
    who: &Who,
    invite: &str,
    base: &str,
    key: &LinkKey,
) -> Result<InviteDetailPage> {
    let may: May<AddUsers> = who.member.may()?;
    let invite = invites::get(tx, &may, seq(invite)?)?;
    let here = address(invite.seq);
    let pending = invite.state == InviteState::Pending;
    let mut facts = vec![
        Fact::text("Roles", roles(&invite)),
        Fact::text("Sent by", sender(&invite)),
        Fact::text("Sent", exact(invite.created)),
    ];
    if let Some(settled) = invite.settled {
        facts.push(Fact::text("Answered or taken back", exact(settled)));
    }
    let handles = pending && invites::may_handle(tx, &may, &invite).is_ok();
    let of_pending = |text: String| if handles { text } else { String::new() };
    Ok(InviteDetailPage {
        page: who
            .page(Room::Invites, invite.email.as_str())
            .under("Invites", HERE),
        state: state(invite.state),
        facts,
        link: of_pending(format!("{base}{}", invite.path(may.team, key))),
        effects: if pending {
            effects(tx, &may, &invite)?
        } else {
            Vec::new()
        },
        traffic: if pending && who.is_operator() {
            let url = ListUrl::new("/traffic").with("q", &invite.email);
            Link::new("SCIM requests that name this address", url.to_string())
        } else {
            Link::plain("")
        },
        resend: of_pending(format!("{here}/resend")),
        revoke: of_pending(format!("{here}/revoke")),
    })
}

/// What a pending invite means, for SCIM above all.
fn effects(tx: &impl Reads, may: &May<AddUsers>, invite: &Invite) -> Result<Vec<String>> {
    let service = Profile::resolve(&team::get(tx, may)?.profile)
        .map_err(|error| Error::field("profile", error.to_string()))?
        .service;
    let email = &invite.email;
    let scim = match (invite.origin, service.existing_account) {
        (InviteOrigin::Scim, _) => format!(
            "{email} is listed by SCIM and active there, but is on the team only after accepting. Declining or \
             revoking removes that membership, and the identity provider may try again."
        ),
        (InviteOrigin::Console, ExistingAccount::Join) => format!(
            "With the team's profile, a POST /Users for {email} puts the person on the team at once and settles \
             this invite."
        ),
        (InviteOrigin::Console, _) => format!(
            "With the team's profile, a POST /Users for {email} is refused with 409 and names this invite. Revoke it \
             or have it accepted to let SCIM create the person."
        ),
    };
    Ok(vec![
        scim,
        "Nobody else can be invited under this address.".to_owned(),
        "It does not expire.".to_owned(),
    ])
}

/// *Resend Invite*.
pub(in super::super) async fn resend(
    app: web::Data<App>,
    signed: SignedIn,
    invite: web::Path<String>,
) -> Answered {
    let invite = seq(&invite)?;
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let sent = invites::resend(tx, &who.member.may()?, invite, now)?;
        Ok(Done::new(
            format!("The invite of {} was sent again.", sent.email),
            "The link is the same.",
        ))
    })
    .await
}

fn question(who: &Who, title: String, lead: String, action: String, scim: bool) -> ConfirmPage {
    let mut consequences = vec![
        "The link stops working.".to_owned(),
        "The address can be invited again, and SCIM can create a user with it.".to_owned(),
    ];
    if scim {
        consequences.push(
            "The membership that waits for an invite sent by SCIM is removed. The identity provider \
             may try again."
                .to_owned(),
        );
    }
    ConfirmPage {
        page: who.page(Room::Invites, title).under("Invites", HERE),
        lead,
        consequences,
        danger: true,
        ask: None,
        action,
        submit: "Revoke".into(),
        cancel: HERE.into(),
    }
}

/// The question before an invite is taken back.
pub(in super::super) async fn ask_revoke(
    app: web::Data<App>,
    signed: SignedIn,
    invite: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let invite = invites::get(tx, &who.member.may()?, seq(&invite)?)?;
        Ok(question(
            &who,
            format!("Revoke the invite of {}?", invite.email),
            format!("Sent by {}.", sender(&invite)),
            format!("{}/revoke", address(invite.seq)),
            invite.origin == InviteOrigin::Scim,
        ))
    })
    .await
}

/// *Revoke*.
pub(in super::super) async fn revoke(
    app: web::Data<App>,
    signed: SignedIn,
    invite: web::Path<String>,
) -> Answered {
    let invite = seq(&invite)?;
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let gone = invites::revoke(tx, &who.member.may()?, invite, now)?;
        Ok(Done::new(
            format!("The invite of {} is revoked.", gone.email),
            "",
        ))
    })
    .await
}

/// Which invites a query names; unknown parts of it are ignored.
fn some(query: &str) -> Vec<Seq> {
    #[derive(Deserialize)]
    struct Pair(String, String);
    let pairs: Vec<Pair> = web::Query::from_query(query)
        .map(web::Query::into_inner)
        .unwrap_or_default();
    let mut found: Vec<Seq> = pairs
        .into_iter()
        .filter(|Pair(name, _)| name == "invite")
        .filter_map(|Pair(_, value)| value.parse().ok().map(Seq))
        .take(AT_ONCE)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Those of the named invites that can still be taken back.
fn pending(tx: &impl Reads, may: &May<AddUsers>, some: &[Seq]) -> Result<Vec<Invite>> {
    let mut found = Vec::new();
    for invite in some {
        match invites::get(tx, may, *invite) {
            Ok(invite) if invite.state == InviteState::Pending => found.push(invite),
            Ok(_) | Err(Error::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// The question before several invites are taken back.
pub(in super::super) async fn ask_revoke_some(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
) -> Answered {
    let (who, some) = (signed.for_page(), some(request.query_string()));
    show(&app, move |tx, _| {
        let found = pending(tx, &who.member.may()?, &some)?;
        if found.is_empty() {
            return Err(Error::Conflict {
                attribute: "invite",
                detail: "None of the selected invites is pending. Go back and tick some that are."
                    .into(),
            });
        }
        let count = counted(found.len() as u64, "invite", "invites");
        let names: Vec<&str> = found.iter().take(20).map(|i| i.email.as_str()).collect();
        let more = found.len().saturating_sub(names.len());
        let mut lead = names.join(", ");
        if more > 0 {
            lead = format!("{lead} and {more} more");
        }
        let query: Vec<String> = found.iter().map(|i| format!("invite={}", i.seq)).collect();
        Ok(question(
            &who,
            format!("Revoke {count}?"),
            lead,
            format!("{REVOKE}?{}", query.join("&")),
            found.iter().any(|i| i.origin == InviteOrigin::Scim),
        ))
    })
    .await
}

/// *Revoke* several. What somebody else settled meanwhile is left alone.
pub(in super::super) async fn revoke_some(
    app: web::Data<App>,
    signed: SignedIn,
    request: HttpRequest,
) -> Answered {
    let some = some(request.query_string());
    act(&app, signed, HERE.into(), move |tx, who, now| {
        let may = who.member.may()?;
        let found = pending(tx, &may, &some)?;
        for invite in &found {
            invites::revoke(tx, &may, invite.seq, now)?;
        }
        Ok(match found.len() as u64 {
            0 => Done::new("None of these invites was pending any more.", ""),
            gone => Done::new(
                format!("{} revoked.", counted(gone, "invite", "invites")),
                "",
            ),
        })
    })
    .await
}
