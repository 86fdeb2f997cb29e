//! [`Endpoint`]: what one team's SCIM endpoint is like, resolved once and shared by its requests.

use std::sync::{Arc, LazyLock};

use super::profile::{Preset, Profile};

/// Everything about an endpoint that does not change from request to request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Endpoint {
    /// Its switches.
    pub profile: Profile,
}

impl Endpoint {
    /// The endpoint of a team that chose a preset and nothing else. Shared, not made.
    pub fn of(preset: Preset) -> Arc<Self> {
        static ALL: LazyLock<[Arc<Endpoint>; 4]> = LazyLock::new(|| {
            Preset::ALL.map(|preset| {
                Arc::new(Endpoint {
                    profile: Profile::of(preset),
                })
            })
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
