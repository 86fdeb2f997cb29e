//! From a team's settings to the [`Endpoint`] its requests meet, kept in memory by the team's revision.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

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
    /// none of the team's turned switches.
    ///
    /// # Errors
    /// [`Error::Disabled`] when a stored switch no longer exists.
    pub fn of(&self, team: &Team, key: &ScimKey) -> Result<Arc<Endpoint>> {
        self.with(team, key.profile)
    }

    /// The endpoint as somebody without a valid key meets it: the first team's.
    ///
    /// # Errors
    /// Those of [`Endpoints::of`].
    pub fn of_strangers(&self, tx: &impl Reads) -> Result<Arc<Endpoint>> {
        match teams::first(tx)? {
            Some(team) => self.with(&team, None),
            None => Ok(Endpoint::of(Preset::Standard)),
        }
    }

    fn with(&self, team: &Team, own: Option<Preset>) -> Result<Arc<Endpoint>> {
        let setting = match own {
            Some(preset) => &Setting {
                preset,
                ..Setting::default()
            },
            None => &team.profile,
        };
        if setting.switches.is_empty() {
            return Ok(Endpoint::of(setting.preset));
        }
        let place = (team.seq, own);
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((revision, endpoint)) = made.get(&place)
            && *revision == team.revision
        {
            return Ok(Arc::clone(endpoint));
        }
        let endpoint = Arc::new(resolve(setting)?);
        made.insert(place, (team.revision, Arc::clone(&endpoint)));
        Ok(endpoint)
    }
}

fn resolve(setting: &Setting) -> Result<Endpoint> {
    let profile = Profile::resolve(setting).map_err(|error| Error::Disabled {
        what: format!("The profile of this team cannot be used: {error}. Choose it again."),
    })?;
    Ok(Endpoint::new(profile))
}
