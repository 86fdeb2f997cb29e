//! Sessions of the console: actix-session in front, rows of the store behind.
//!
//! The cookie carries a random token; the store keeps its SHA-256. Nothing is kept for visitors
//! without state.

use std::collections::HashMap;
use std::time::Duration as StdDuration;

use actix_session::config::{CookieContentSecurity, PersistentSession, TtlExtensionPolicy};
use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_session::{Session, SessionMiddleware};
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Key, SameSite};

use super::App;
use crate::id::Seq;
use crate::model;
use crate::secret::{Digest, Plain};
use crate::store::accounts as rows;

/// Absolute life of a session.
const LIFE: Duration = Duration::hours(12);
const ACCOUNT: &str = "account";
const TEAM: &str = "team";

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
            .session_ttl(LIFE)
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
) -> Result<(), actix_session::SessionInsertError> {
    session.renew();
    session.insert(ACCOUNT, account.0)
}

/// The team that this session's pages show, if one was chosen.
pub(super) fn team(session: &Session) -> Option<Seq> {
    session.get::<u64>(TEAM).ok().flatten().map(Seq)
}

/// Chooses the team that this session's pages show.
pub(super) fn open_team(
    session: &Session,
    team: Seq,
) -> Result<(), actix_session::SessionInsertError> {
    session.insert(TEAM, team.0)
}

/// Session rows of the store.
pub struct StoredSessions(App);

impl StoredSessions {
    async fn put(
        &self,
        token: Digest,
        state: HashMap<String, String>,
        ttl: Duration,
    ) -> crate::error::Result<()> {
        let now = self.0.now();
        let session = model::Session {
            account: state.get(ACCOUNT).and_then(|seq| seq.parse().ok()).map(Seq),
            state: state.into_iter().map(|(k, v)| (k, v.into())).collect(),
            expires: now.plus(StdDuration::try_from(ttl).unwrap_or_default()),
        };
        self.0
            .write(move |tx| {
                rows::sweep_sessions(tx, now, None)?;
                Ok(rows::put_session(tx, &token, &session)?)
            })
            .await
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
        let (token, now) = (digest(session_key), self.0.now());
        let row = self
            .0
            .read(move |snapshot| Ok(rows::find_session(snapshot, &token)?))
            .await
            .map_err(|e| LoadError::Other(e.into()))?;
        Ok(row.filter(|session| now < session.expires).map(|session| {
            session
                .state
                .into_iter()
                .filter_map(|(k, v)| Some((k, v.as_str()?.to_owned())))
                .collect()
        }))
    }

    async fn save(
        &self,
        session_state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, SaveError> {
        let key = SessionKey::try_from(Plain::token().expose().to_owned())
            .map_err(|e| SaveError::Other(e.into()))?;
        self.put(digest(&key), session_state, *ttl)
            .await
            .map_err(|e| SaveError::Other(e.into()))?;
        Ok(key)
    }

    async fn update(
        &self,
        session_key: SessionKey,
        session_state: HashMap<String, String>,
        ttl: &Duration,
    ) -> Result<SessionKey, UpdateError> {
        self.put(digest(&session_key), session_state, *ttl)
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
            .write(move |tx| Ok(rows::remove_session(tx, &token)?))
            .await?;
        Ok(())
    }
}
