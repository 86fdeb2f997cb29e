//! From a team's settings to the [`Endpoint`] its requests meet, kept in memory by the team's revision.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::schemas;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ScimKey, Team};
use crate::scim::profile::Setting;
use crate::scim::{Endpoint, Preset, Profile};
use crate::store::{Reads, teams};

/// Endpoints that had to be made, by team and the key's own preset, with the team's revision then.
type Made = HashMap<(Seq, Option<Preset>), (u64, Arc<Endpoint>)>;

/// Remembers resolved endpoints. Cheap to clone; clones share the memory.
#[derive(Debug, Clone, Default)]
pub struct Endpoints(Arc<Mutex<Made>>);

impl Endpoints {
    /// The endpoint of a request with this key. A key's own preset takes the place of the team's, with
    /// none of the team's turned switches; the team's schema extensions are there either way.
    ///
    /// # Errors
    /// [`Error::Disabled`] when a stored switch or schema is not acceptable any more.
    pub fn of(&self, tx: &impl Reads, team: &Team, key: &ScimKey) -> Result<Arc<Endpoint>> {
        self.with(tx, team, key.profile)
    }

    /// The endpoint as somebody without a valid key meets it: the first team's.
    ///
    /// # Errors
    /// Those of [`Endpoints::of`].
    pub fn of_strangers(&self, tx: &impl Reads) -> Result<Arc<Endpoint>> {
        match teams::first(tx)? {
            Some(team) => self.with(tx, &team, None),
            None => Ok(Endpoint::of(Preset::Standard)),
        }
    }

    fn with(&self, tx: &impl Reads, team: &Team, own: Option<Preset>) -> Result<Arc<Endpoint>> {
        let setting = match own {
            Some(preset) => &Setting {
                preset,
                ..Setting::default()
            },
            None => &team.profile,
        };
        // A team of which nothing was ever changed has no extensions.
        if setting.switches.is_empty() && team.revision == 0 {
            return Ok(Endpoint::of(setting.preset));
        }
        let place = (team.seq, own);
        if let Some((revision, endpoint)) = self.made().get(&place)
            && *revision == team.revision
        {
            return Ok(Arc::clone(endpoint));
        }
        let (user, group) = schemas::extensions(tx, team.seq)?;
        let profile = resolve(setting)?;
        let endpoint = Arc::new(Endpoint::with_extensions(profile, &user, &group));
        self.made()
            .insert(place, (team.revision, Arc::clone(&endpoint)));
        Ok(endpoint)
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn resolve(setting: &Setting) -> Result<Profile> {
    Profile::resolve(setting).map_err(|error| Error::Disabled {
        what: format!("The profile of this team cannot be used: {error}. Choose it again."),
    })
}

/// A team's resources as its administrators see them: every attribute, its own extensions' too, whatever the
/// profile shows to clients.
///
/// # Errors
/// [`Error::Disabled`] when a schema of the team cannot be used any more.
pub fn everything(tx: &impl Reads, team: Seq) -> Result<Endpoint> {
    let (user, group) = schemas::extensions(tx, team)?;
    Ok(Endpoint::with_extensions(
        Profile::of(Preset::Standard),
        &user,
        &group,
    ))
}
