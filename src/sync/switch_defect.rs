//! The documented defect of `Switch`, for jobs whose settings ask for it: in an incremental cycle, when the source
//! attribute of a `Switch` did not change but another mapped attribute did, it gives null, and the target's value is
//! overwritten with null.
//!
//! To know what changed, a link of such a job remembers the values that were read from the source; other jobs
//! remember nothing.

use serde_json::{Map, Value as Json};

use crate::mapping::entra::{ObjectMapping, Source};

/// The values that the mappings read from an object, by attribute in lower case; those without value are left out.
pub(super) fn read_from(mapping: &ObjectMapping, source: &Source) -> Map<String, Json> {
    let mut values = Map::new();
    for name in mapping
        .attributes
        .iter()
        .flat_map(|m| m.source.attributes())
    {
        let value = source.get(name);
        if !value.is_null() {
            values.insert(name.to_ascii_lowercase(), value.to_json());
        }
    }
    values
}

/// Attributes that changed since the values were remembered; none before the first time.
pub(super) fn changed(
    mapping: &ObjectMapping,
    source: &Source,
    remembered: &Map<String, Json>,
) -> Vec<String> {
    if remembered.is_empty() {
        return Vec::new();
    }
    let now = read_from(mapping, source);
    let all = now.keys().chain(remembered.keys());
    let mut names: Vec<String> = all
        .filter(|name| now.get(*name) != remembered.get(*name))
        .cloned()
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
