//! Sessions of the console: actix-session in front, rows of the store behind.
//!
//! The cookie carries a random token; the store keeps its SHA-256. Nothing is kept for visitors without state. A
//! session ends at its absolute end, after too long a rest ([`Session::is_over`](crate::model::Session::is_over)), and
//! when somebody ends it: what was ended while a request was under way stays ended. Signing in begins a new one, with
//! a new token. That it is used is noted once a minute, so that looking at pages is not a write each.

use std::collections::HashMap;

use actix_session::config::{CookieContentSecurity, PersistentSession, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionInsertError, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};
use serde_json::{Map, Value};

use super::App;
use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::{self, Origin};
use crate::provider::sessions::TOUCH;
use crate::secret::{Digest, Plain};
use crate::store::sessions as rows;

/// What the cookie says of its life: the longest there is. The store decides.
const COOKIE: Duration = Duration::days(90);
const ACCOUNT: &str = "account";
const TEAM: &str = "team";
const TENANT: &str = "tenant";
const ORG: &str = "org";
const STAY: &str = "stay";
const ORIGIN: &str = "origin";
/// Put into the state when it is loaded, and never stored: which row it is, and when it was last used.
const ROW: &str = "row";
const SEEN: &str = "seen";

/// The middleware of the console's scope.
pub(super) fn middleware(app: &App) -> SessionMiddleware<StoredSessions> {
    let secure = app
        .public_url
        .configured
        .as_deref()
        .is_some_and(|url| url.starts_with("https:"));
    SessionMiddleware::builder(
        StoredSessions(app.clone()),
        Key::from(&app.sealer.cookie_key()),
    )
    .cookie_name("scimlab_session".into())
    .cookie_same_site(SameSite::Lax)
    .cookie_secure(secure)
    .cookie_content_security(CookieContentSecurity::Signed)
    .session_lifecycle(
        PersistentSession::default()
            .session_ttl(COOKIE)
            .session_ttl_extension_policy(TtlExtensionPolicy::OnStateChanges),
    )
    .build()
}

/// The account that signed in with this session.
pub(super) fn account(session: &Session) -> Option<Seq> {
    session.get::<u64>(ACCOUNT).ok().flatten().map(Seq)
}

/// Signs in: a new token replaces the old one, so that a planted cookie is worth nothing.
pub(super) fn sign_in(
    session: &Session,
    account: Seq,
    stay: bool,
    origin: &Origin,
) -> Result<(), SessionInsertError> {
    session.renew();
    session.insert(ACCOUNT, account.0)?;
    session.insert(STAY, stay)?;
    session.insert(ORIGIN, origin)
}

/// The team that this session's pages show, if one was chosen.
pub(super) fn team(session: &Session) -> Option<Seq> {
    session.get::<u64>(TEAM).ok().flatten().map(Seq)
}

/// Chooses the team that this session's pages show.
pub(super) fn open_team(session: &Session, team: Seq) -> Result<(), SessionInsertError> {
    session.insert(TEAM, team.0)
}

/// The tenant that this session's pages of the mock Entra show, if one was chosen.
pub(super) fn tenant(session: &Session) -> Option<Seq> {
    session.get::<u64>(TENANT).ok().flatten().map(Seq)
}

/// Chooses the tenant that this session's pages of the mock Entra show.
pub(super) fn open_tenant(session: &Session, tenant: Seq) -> Result<(), SessionInsertError> {
    session.insert(TENANT, tenant.0)
}

/// The org that this session's pages of the mock Okta show, if one was chosen.
pub(super) fn org(session: &Session) -> Option<Seq> {
    session.get::<u64>(ORG).ok().flatten().map(Seq)
}

/// Chooses the org that this session's pages of the mock Okta show.
pub(super) fn open_org(session: &Session, org: Seq) -> Result<(), SessionInsertError> {
    session.insert(ORG, org.0)
}

/// What the store knows the session by; none for one that was begun by this very request.
pub(super) fn token(session: &Session) -> Option<Digest> {
    session.get(ROW).ok().flatten()
}

/// Notes that the session is used, if that was not noted within the last minute.
pub(super) async fn touch(app: &App, session: &Session) {
    let (Some(token), Ok(Some(seen))) = (token(session), session.get::<Timestamp>(SEEN)) else {
        return;
    };
    let now = app.real_now();
    if now.since(seen) < TOUCH {
        return;
    }
    let noted = app.write(move |tx| {
        if let Some(mut session) = rows::find(tx, &token)? {
            session.seen = now;
            rows::put(tx, &token, &session)?;
        }
        Ok(())
    });
    // A busy store notes it with one of the next requests.
    let _ = noted.await;
}

/// Session rows of the store.
pub struct StoredSessions(App);

/// The state as it is stored.
fn stored(state: HashMap<String, String>) -> Map<String, Value> {
    state
        .into_iter()
        .filter(|(name, _)| name != ROW && name != SEEN)
        .map(|(name, value)| (name, value.into()))
        .collect()
}

/// The account of a state, which is JSON in text.
fn owner(state: &HashMap<String, String>) -> Option<Seq> {
    state.get(ACCOUNT).and_then(|seq| seq.parse().ok()).map(Seq)
}

fn begun(state: HashMap<String, String>, now: Timestamp) -> model::Session {
    let stay = state.get(STAY).is_some_and(|stay| stay == "true");
    let life = if stay {
        model::Session::LIFE_WHEN_STAYING
    } else {
        model::Session::LIFE
    };
    let origin = state.get(ORIGIN);
    model::Session {
        account: owner(&state),
        expires: now.plus(life),
        started: now,
        seen: now,
        stay,
        origin: origin
            .and_then(|origin| serde_json::from_str(origin).ok())
            .unwrap_or_default(),
        state: stored(state),
    }
}

fn digest(key: &SessionKey) -> Digest {
    Plain::new(key.as_ref()).digest()
}

impl SessionStore for StoredSessions {
    async fn load(
        &self,
        session_key: &SessionKey,
    ) -> Result<Option<HashMap<String, String>>, LoadError> {
        let (token, now) = (digest(session_key), self.0.real_now());
        let row = self
            .0
            .read(move |snapshot| Ok(rows::find(snapshot, &token)?))
            .await
            .map_err(|e| LoadError::Other(e.into()))?;
        let Some(session) = row.filter(|session| !session.is_over(now)) else {
            return Ok(None);
        };
        let about = [
            (ROW.to_owned(), Value::from(token.to_string()).to_string()),
            (
                SEEN.to_owned(),
                Value::from(session.seen.to_string()).to_string(),
            ),
        ];
        let state = session.state.into_iter();
        Ok(Some(
            state
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
                .chain(about)
                .collect(),
        ))
    }

    async fn save(
        &self,
        session_state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, SaveError> {
        let key = SessionKey::try_from(Plain::token().expose().to_owned())
            .map_err(|e| SaveError::Other(e.into()))?;
        let (token, session) = (digest(&key), begun(session_state, self.0.real_now()));
        self.0
            .write(move |tx| Ok(rows::put(tx, &token, &session)?))
            .await
            .map_err(|e| SaveError::Other(e.into()))?;
        Ok(key)
    }

    /// What changes a session never prolongs it, and never brings back one that was ended.
    async fn update(
        &self,
        session_key: SessionKey,
        session_state: HashMap<String, String>,
        _ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        let token = digest(&session_key);
        self.0
            .write(move |tx| {
                if let Some(mut session) = rows::find(tx, &token)? {
                    session.account = owner(&session_state);
                    session.state = stored(session_state);
                    rows::put(tx, &token, &session)?;
                }
                Ok(())
            })
            .await
            .map_err(|e| UpdateError::Other(e.into()))?;
        Ok(session_key)
    }

    async fn update_ttl(
        &self,
        _session_key: &SessionKey,
        _ttl: &Duration,
    ) -> Result<(), anyhow::Error> {
        // The life of a session is absolute: looking at pages does not prolong it.
        Ok(())
    }

    async fn delete(&self, session_key: &SessionKey) -> Result<(), anyhow::Error> {
        let token = digest(session_key);
        self.0
            .write(move |tx| Ok(rows::remove(tx, &token).map(drop)?))
            .await?;
        Ok(())
    }
}
