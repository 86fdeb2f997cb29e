//! [`Endpoint`]: what one team's SCIM endpoint is like, resolved once and shared by its requests.

use std::sync::{Arc, LazyLock};

use super::profile::{Preset, Profile};
use super::resource_types::ResourceTypes;

/// Everything about an endpoint that does not change from request to request.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// Its switches.
    pub profile: Profile,
    /// Its users and groups.
    pub types: ResourceTypes,
}

impl Endpoint {
    /// The endpoint with these switches of a team without extensions of its own.
    pub fn new(profile: Profile) -> Self {
        Self {
            types: profile.service.known(&ResourceTypes::standard()),
            profile,
        }
    }

    /// The endpoint of a team that chose a preset and nothing else. Shared, not made.
    pub fn of(preset: Preset) -> Arc<Self> {
        static ALL: LazyLock<[Arc<Endpoint>; 4]> = LazyLock::new(|| {
            Preset::ALL.map(|preset| Arc::new(Endpoint::new(Profile::of(preset))))
        });
        let [standard, strict, postman, postman_2022] = &*ALL;
        Arc::clone(match preset {
            Preset::Standard => standard,
            Preset::Strict => strict,
            Preset::Postman => postman,
            Preset::Postman2022 => postman_2022,
        })
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self::new(Profile::default())
    }
}
