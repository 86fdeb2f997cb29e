//! [`Endpoint`]: what one team's SCIM endpoint is like, resolved once and shared by its requests.

use std::sync::{Arc, LazyLock};

use super::profile::{Preset, Profile};
use super::resource_types::ResourceTypes;
use super::schema::Extension;

/// Everything about an endpoint that does not change from request to request.
#[derive(Debug, Clone, PartialEq)]
pub struct Endpoint {
    /// Its switches.
    pub profile: Profile,
    /// Its users and groups.
    pub types: ResourceTypes,
}

impl Endpoint {
    /// The endpoint with these switches.
    pub fn new(profile: Profile) -> Self {
        Self::with_extensions(profile, &[], &[])
    }

    /// The endpoint with these switches, whose users and groups have more than the standard's attributes.
    /// A profile that knows only some attributes knows no extensions.
    pub fn with_extensions(profile: Profile, user: &[Extension], group: &[Extension]) -> Self {
        let all = ResourceTypes::with_extensions(user, group);
        Self {
            types: profile.service.known(&all),
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
