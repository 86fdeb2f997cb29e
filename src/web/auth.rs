//! Who is at the console: the signed-in person as an extractor, and notices that survive a redirect.
//!
//! [`SignedIn`] is a session with somebody behind it; [`Who`] is the part of it that may travel to the
//! blocking pool. Handlers take the first and hand the second to their load function.

use std::pin::Pin;
use std::sync::Arc;

use actix_session::{Session, SessionExt as _};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use serde::{Deserialize, Serialize};

use super::console::parts::{Link, Notice, Tone};
use super::console::{Page, Room, Viewer};
use super::failure::PageFailure;
use super::{App, origin, session};
use crate::access::{Member, Needs, NotAllowed, Operator};
use crate::directory::okta::events;
use crate::directory::tenants;
use crate::error::Error;
use crate::id::{Guid, OktaId, OktaKind, Seq};
use crate::model::okta::Org;
use crate::model::{Account, Team};
use crate::provider::{accounts, team};
use crate::secret::Digest;
use crate::store::okta::orgs;
use crate::store::{Reads, Snapshot, directory};

const NOTICE: &str = "notice";

/// How the addresses of fragments end that a page fetches by itself.
const LIVE: &str = "/live";

/// Teams, tenants and orgs that a menu of the frame offers besides the open one; the rest is on the page of all.
const OTHER_TEAMS: usize = 8;

/// Somebody who signed in, as far as pages need to know.
#[derive(Debug, Clone)]
pub(super) struct Who {
    account: Seq,
    session: Option<Digest>,
    /// On the open team, with the roles there.
    pub(super) member: Member,
    /// May administer the appliance, if this is its owner.
    operator: Option<Operator>,
    /// Shown in the frame of every page.
    pub(super) viewer: Viewer,
    /// Base URL of the SCIM endpoint as this visitor reaches it, without a slash at its end.
    pub(super) scim_base: String,
    /// Outcome of the action that led here.
    pub(super) notice: Option<Notice>,
    /// The tenant whose pages of the mock Entra are shown, if there is any.
    tenant: Option<Seq>,
    /// The org whose pages of the mock Okta are shown, if there is any.
    org: Option<Seq>,
}

impl Who {
    /// The proof that this is the owner of the appliance.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for everybody else.
    pub(super) fn operator(&self) -> Result<&Operator, Error> {
        self.operator.as_ref().ok_or_else(|| Error::Forbidden {
            detail: "This belongs to the operators of the appliance. Ask one of them.".into(),
        })
    }

    /// The same person, an operator only if still one: who this is was asked when the request began, and its form may
    /// have taken long to arrive.
    pub(super) fn still(self, tx: &impl Reads) -> Result<Self, Error> {
        let Some(before) = &self.operator else {
            return Ok(self);
        };
        let (_, _, now) = accounts::signed_in(tx, self.account, Some(self.member.team))?;
        let operator = now.map(|now| Operator {
            origin: before.origin.clone(),
            ..now
        });
        Ok(Self { operator, ..self })
    }

    /// Whether this is the owner of the appliance.
    pub(super) fn is_operator(&self) -> bool {
        self.operator.is_some()
    }

    /// The tenant that the pages of the mock Entra show: the chosen one, or else the oldest. Only operators have one.
    pub(super) fn tenant(&self) -> Option<Seq> {
        self.tenant
    }

    /// The org that the pages of the mock Okta show: the chosen one, or else the oldest. Only operators have one.
    pub(super) fn org(&self) -> Option<Seq> {
        self.org
    }

    /// A link to a room, for those who may open it; nothing for others.
    pub(super) fn way_to(&self, room: Room, text: &str) -> Link {
        if room.needs().met_by(&self.member, self.operator.as_ref()) {
            Link::new(text, room.href())
        } else {
            Link::plain("")
        }
    }

    /// Whose session this is.
    pub(super) fn account(&self) -> Seq {
        self.account
    }

    /// The session itself, by what the store knows of its cookie.
    pub(super) fn session(&self) -> Option<Digest> {
        self.session
    }

    fn meets(&self, needs: Needs) -> Result<(), Error> {
        if needs.met_by(&self.member, self.operator.as_ref()) {
            return Ok(());
        }
        match needs {
            Needs::Permission(permission) => Err(NotAllowed(permission).into()),
            Needs::SignIn | Needs::Operator => self.operator().map(|_| ()),
        }
    }

    /// Public base URL of the appliance as this visitor reaches it, without a slash at its end.
    pub(super) fn base(&self) -> &str {
        self.scim_base
            .strip_suffix("/scim/v2")
            .unwrap_or(&self.scim_base)
    }

    /// A page of `room` with the frame, and with the outcome of the last action.
    pub(super) fn page(&self, room: Room, title: impl Into<String>) -> Page {
        Page::new(room, title, &self.viewer).with_notice(self.notice.clone())
    }
}

/// A session with somebody behind it who may come in. A request without one is led to the sign-in page and
/// back; somebody who may not is told so. What a route needs stands in the route table, which leaves it
/// with the request; where nothing was left, only operators come in.
pub(super) struct SignedIn {
    session: Session,
    who: Who,
}

impl SignedIn {
    /// For a whole page: takes the waiting notice along, which is then gone.
    pub(super) fn for_page(self) -> Who {
        // Asked first: taking something out counts as a change of the session, and that is a write.
        let notice = if self.session.contains_key(NOTICE) {
            self.session.remove_as::<Flash>(NOTICE)
        } else {
            None
        };
        Who {
            notice: notice.and_then(Result::ok).map(Notice::from),
            ..self.who
        }
    }

    /// For an action or a fragment: a waiting notice goes on waiting.
    pub(super) fn who(&self) -> Who {
        self.who.clone()
    }

    /// From now on this session's pages of the team show this one.
    pub(super) fn open_team(&self, team: Seq) -> Result<(), PageFailure> {
        Ok(session::open_team(&self.session, team)?)
    }

    /// From now on this session's pages of the mock Entra show this tenant.
    pub(super) fn open_tenant(&self, tenant: Seq) -> Result<(), PageFailure> {
        Ok(session::open_tenant(&self.session, tenant)?)
    }

    /// From now on this session's pages of the mock Okta show this org.
    pub(super) fn open_org(&self, org: Seq) -> Result<(), PageFailure> {
        Ok(session::open_org(&self.session, org)?)
    }

    /// Leaves a notice for the next page.
    pub(super) fn leave(&self, notice: &Notice) -> Result<(), PageFailure> {
        Ok(self.session.insert(NOTICE, Flash::from(notice))?)
    }
}

impl FromRequest for SignedIn {
    type Error = PageFailure;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageFailure>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let session = request.get_session();
        let app = request.app_data::<web::Data<App>>().cloned();
        let origin = app.as_ref().map(|app| origin::of(request, app));
        let origin = Arc::new(origin.unwrap_or_default());
        let needs = request.extensions().get::<Needs>().copied();
        let needs = needs.unwrap_or(Needs::Operator);
        let scim_base = app
            .as_ref()
            .map(|app| format!("{}/scim/v2", app.public_url.of(request)))
            .unwrap_or_default();
        // A page that asks for its own news does not keep a session alive.
        let busy = !request.path().ends_with(LIVE);
        let path = request.path().to_owned();
        let next = if request.method().is_safe() {
            request.uri().to_string()
        } else {
            String::new()
        };
        Box::pin(async move {
            let stranger = || PageFailure::SignIn { next };
            let (Some(app), Some(account)) = (app, session::account(&session)) else {
                return Err(stranger());
            };
            let (team, tenant) = (session::team(&session), session::tenant(&session));
            let org = session::org(&session);
            let clock = clock_chip(&app);
            let found = app
                .read(move |tx| {
                    let (account, member, operator) = accounts::signed_in(tx, account, team)?;
                    let mut viewer = viewer(tx, &account, &member, operator.as_ref(), clock)?;
                    let (tenant, org) = match &operator {
                        Some(operator) => {
                            let tenant = named_tenant(tx, &path)?.or(tenant);
                            let org = named_org(tx, &path)?.or(org);
                            (
                                show_tenant(tx, operator, tenant, &mut viewer)?,
                                show_org(tx, org, &mut viewer)?,
                            )
                        }
                        None => (None, None),
                    };
                    Ok((member, operator, viewer, (tenant, org)))
                })
                .await;
            match found {
                Ok((member, operator, viewer, (tenant, org))) => {
                    if busy {
                        session::touch(&app, &session).await;
                    }
                    let who = Who {
                        account,
                        session: session::token(&session),
                        member: member.coming_from(&origin),
                        operator: operator.map(|operator| operator.coming_from(&origin)),
                        viewer,
                        scim_base,
                        notice: None,
                        tenant,
                        org,
                    };
                    who.meets(needs)?;
                    Ok(Self { session, who })
                }
                // The account was deleted, or lost its rights, while it was signed in.
                Err(Error::NotFound { .. } | Error::Forbidden { .. }) => {
                    session.purge();
                    Err(stranger())
                }
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// What the clock in the top bar says; nothing while it follows the real one.
fn clock_chip(app: &App) -> String {
    match app.clock.turned() {
        Some(_) => {
            let now = app.now().to_string();
            // Minutes are enough, and no page is drawn again because of the seconds.
            let minutes = now.get(..16).unwrap_or(&now);
            format!("{} UTC", minutes.replace('T', " "))
        }
        None => String::new(),
    }
}

fn viewer(
    tx: &Snapshot,
    account: &Account,
    member: &Member,
    operator: Option<&Operator>,
    clock: String,
) -> crate::error::Result<Viewer> {
    let teams = match operator {
        Some(operator) => team::list(tx, operator)?,
        None => team::of_account(tx, account.seq)?,
    };
    let (own, others): (Vec<Team>, Vec<Team>) =
        teams.into_iter().partition(|team| team.seq == member.team);
    Ok(Viewer {
        email: account.sign_in_name.clone(),
        team: own.into_iter().map(|team| team.name).collect(),
        others: others
            .into_iter()
            .take(OTHER_TEAMS)
            .map(|team| Link::new(team.name, format!("/settings/teams/{}/open", team.seq)))
            .collect(),
        tenant: String::new(),
        other_tenants: Vec::new(),
        org: String::new(),
        other_orgs: Vec::new(),
        rooms: Room::ALL
            .into_iter()
            .filter(|room| room.needs().met_by(member, operator))
            .collect(),
        clock,
    })
}

/// The tenant of whatever an address of the mock Entra names by its id: a link leads there whichever tenant is shown.
fn named_tenant(tx: &Snapshot, path: &str) -> crate::error::Result<Option<Seq>> {
    let Some(rest) = path.strip_prefix("/entra/") else {
        return Ok(None);
    };
    let mut parts = rest.split('/');
    let (room, id) = (parts.next().unwrap_or_default(), parts.next());
    let Some(id) = id.and_then(|id| id.parse::<Guid>().ok()) else {
        return Ok(None);
    };
    for tenant in directory::tenants(tx)? {
        let here = if room == "applications" {
            let mut known = directory::applications(tx, tenant.seq)?.into_iter();
            known.any(|application| application.id == id)
        } else {
            directory::object_by_id(tx, tenant.seq, &id)?.is_some()
        };
        if here {
            return Ok(Some(tenant.seq));
        }
    }
    Ok(None)
}

/// Puts the tenants into the frame, and says which one is shown.
fn show_tenant(
    tx: &Snapshot,
    operator: &Operator,
    chosen: Option<Seq>,
    viewer: &mut Viewer,
) -> crate::error::Result<Option<Seq>> {
    let mut tenants = tenants::list(tx, operator)?;
    if tenants.is_empty() {
        return Ok(None);
    }
    let place = tenants.iter().position(|tenant| Some(tenant.seq) == chosen);
    let shown = tenants.remove(place.unwrap_or(0));
    viewer.tenant = shown.name;
    viewer.other_tenants = tenants
        .into_iter()
        .take(OTHER_TEAMS)
        .map(|tenant| Link::new(tenant.name, format!("/entra/tenants/{}/open", tenant.id)))
        .collect();
    Ok(Some(shown.seq))
}

/// The org that an address of the mock Okta names, or of whatever it names by its id; an event of the System Log has a
/// `uuid`.
fn named_org(tx: &Snapshot, path: &str) -> crate::error::Result<Option<Seq>> {
    let id = path
        .strip_prefix("/okta/")
        .and_then(|rest| rest.split('/').nth(1));
    let Some(id) = id else { return Ok(None) };
    let (of_object, of_event) = (id.parse::<OktaId>().ok(), id.parse::<Guid>().ok());
    if of_object.is_none() && of_event.is_none() {
        return Ok(None);
    }
    let named = |org: &Org| {
        let kinds = [
            OktaKind::User,
            OktaKind::Group,
            OktaKind::App,
            OktaKind::ApiToken,
        ];
        let is = |kind| of_object.and_then(|id| id.row(tx.mix(), kind, org.seq));
        let event = |uuid: Guid| events::position(tx.mix(), org.seq, &uuid);
        let own = of_object.and_then(|id| id.row(tx.mix(), OktaKind::Org, Seq(0)));
        own == Some(org.seq)
            || kinds.into_iter().any(|kind| is(kind).is_some())
            || of_event.and_then(event).is_some()
    };
    let mut orgs = orgs::all(tx)?.into_iter();
    Ok(orgs.find(named).map(|org| org.seq))
}

/// Puts the orgs into the frame, and says which one is shown.
fn show_org(
    tx: &Snapshot,
    chosen: Option<Seq>,
    viewer: &mut Viewer,
) -> crate::error::Result<Option<Seq>> {
    let mut orgs = orgs::all(tx)?;
    if orgs.is_empty() {
        return Ok(None);
    }
    let place = orgs.iter().position(|org| Some(org.seq) == chosen);
    let shown = orgs.remove(place.unwrap_or(0));
    viewer.org = shown.name;
    viewer.other_orgs = orgs
        .into_iter()
        .take(OTHER_TEAMS)
        .map(|org| {
            let id = OktaId::of_row(tx.mix(), OktaKind::Org, Seq(0), org.seq);
            Link::new(org.name, format!("/okta/orgs/{id}/open"))
        })
        .collect();
    Ok(Some(shown.seq))
}

/// A notice as the session keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Flash {
    good: bool,
    what: String,
    mend: String,
}

impl From<&Notice> for Flash {
    fn from(notice: &Notice) -> Self {
        Self {
            good: notice.tone == Tone::Good,
            what: notice.what.clone(),
            mend: notice.mend.clone(),
        }
    }
}

impl From<Flash> for Notice {
    fn from(flash: Flash) -> Self {
        let tone = if flash.good { Tone::Good } else { Tone::Bad };
        Self::new(tone, flash.what, flash.mend)
    }
}

/// `next` if it is a path of this console, else the overview: sign-in never sends anybody elsewhere.
pub(super) fn local_path(next: &str) -> &str {
    let elsewhere = next.starts_with("//")
        || next.contains('\\')
        || next.chars().any(char::is_control)
        || !next.starts_with('/');
    if elsewhere { "/" } else { next }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_console_are_followed_after_sign_in() {
        for (next, followed) in [
            ("/team/members?q=a&page=2", "/team/members?q=a&page=2"),
            ("/", "/"),
            ("", "/"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("/\\evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("/a\r\nSet-Cookie: x=y", "/"),
            ("team", "/"),
        ] {
            assert_eq!(local_path(next), followed, "{next:?}");
        }
    }
}
