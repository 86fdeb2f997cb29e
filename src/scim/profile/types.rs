//! Users and groups as an endpoint with certain switches knows them.
//!
//! What an endpoint does not know it neither takes nor shows, by the same code that treats any unknown
//! attribute; stored values of it stay (see `resource::replace`).

use std::sync::Arc;

use super::super::resource_types::ResourceTypes;
use super::super::schema::{Attribute, Attributes, ResourceType, Uniqueness};
use super::service::{Attributes as Known, Service};

/// What Postman stores and returns: attributes with the sub-attributes it has of them (all when none is
/// named). Names compare exactly there.
const POSTMAN_USER: &[(&str, &[&str])] = &[
    ("userName", &[]),
    ("name", &["givenName", "familyName"]),
    ("active", &[]),
];
const POSTMAN_GROUP: &[(&str, &[&str])] =
    &[("displayName", &[]), ("members", &["value", "display"])];
const POSTMAN_COMMON: &[(&str, &[&str])] = &[
    ("schemas", &[]),
    ("id", &[]),
    ("externalId", &[]),
    ("meta", &["resourceType", "created", "lastModified"]),
];

impl Service {
    /// What of these types the endpoint knows and publishes.
    pub fn known(&self, of: &ResourceTypes) -> ResourceTypes {
        let mut types = match self.attributes {
            Known::All => of.clone(),
            Known::Postman => ResourceTypes {
                user: selected(&of.user, POSTMAN_USER),
                group: selected(&of.group, POSTMAN_GROUP),
            },
        };
        if !self.etag {
            for rt in [&mut types.user, &mut types.group] {
                rt.common = changed(&rt.common, "meta", |meta| without(meta, "version"));
            }
        }
        if !self.group_name_unique {
            let attributes = &mut types.group.schema.attributes;
            *attributes = changed(attributes, "displayName", |name| {
                name.uniqueness = Uniqueness::None;
            });
        }
        types
    }
}

/// A type with these attributes of `of` and no extensions.
fn selected(of: &ResourceType, names: &[(&str, &[&str])]) -> ResourceType {
    let mut rt = of.clone();
    rt.schema.attributes = select(&of.schema.attributes, names);
    rt.common = select(&of.common, POSTMAN_COMMON);
    rt.extensions.clear();
    rt
}

fn select(of: &Attributes, names: &[(&str, &[&str])]) -> Attributes {
    names
        .iter()
        .filter_map(|(name, subs)| {
            let mut attribute = Attribute::clone(of.get(name)?);
            attribute.case_exact = true;
            if !subs.is_empty() {
                attribute.handling.partial = true;
                attribute.sub_attributes =
                    kept(&attribute.sub_attributes, |sub| subs.contains(&sub));
            }
            Some(attribute)
        })
        .collect()
}

fn kept(of: &Attributes, stays: impl Fn(&str) -> bool) -> Attributes {
    of.iter()
        .filter(|attribute| stays(&attribute.name))
        .map(|attribute| Attribute::clone(attribute))
        .collect()
}

fn without(attribute: &mut Attribute, sub: &str) {
    attribute.handling.partial = true;
    attribute.sub_attributes = kept(&attribute.sub_attributes, |name| name != sub);
}

fn changed(of: &Attributes, name: &str, change: impl Fn(&mut Attribute)) -> Attributes {
    of.iter()
        .map(|attribute: &Arc<Attribute>| {
            let mut attribute = Attribute::clone(attribute);
            if attribute.name == name {
                change(&mut attribute);
            }
            attribute
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(attributes: &Attributes) -> Vec<&str> {
        attributes.iter().map(|a| a.name.as_str()).collect()
    }

    #[test]
    fn the_default_types_are_those_of_the_standard() {
        let all = ResourceTypes::standard();
        assert_eq!(Service::standard().known(&all), *all);
    }

    #[test]
    fn postman_knows_few_attributes_and_compares_them_exactly() {
        let types = Service::postman().known(&ResourceTypes::standard());
        assert_eq!(
            names(&types.user.schema.attributes),
            ["userName", "name", "active"]
        );
        assert_eq!(
            names(&types.group.schema.attributes),
            ["displayName", "members"]
        );
        let name = types.user.attribute("name").unwrap();
        assert_eq!(names(&name.sub_attributes), ["familyName", "givenName"]);
        let meta = types.group.attribute("meta").unwrap();
        assert_eq!(
            names(&meta.sub_attributes),
            ["resourceType", "created", "lastModified"]
        );
        assert!(types.user.extensions.is_empty());
        assert!(types.user.attribute("userName").unwrap().case_exact);
        assert!(types.user.attribute("emails").is_none());
    }

    #[test]
    fn switches_change_what_is_published() {
        let service = Service {
            etag: false,
            group_name_unique: false,
            ..Service::standard()
        };
        let types = service.known(&ResourceTypes::standard());
        assert!(
            types
                .user
                .attribute("meta")
                .unwrap()
                .sub("version")
                .is_none()
        );
        assert!(
            types
                .user
                .attribute("meta")
                .unwrap()
                .sub("location")
                .is_some()
        );
        let name = types.group.attribute("displayName").unwrap();
        assert_eq!(name.uniqueness, Uniqueness::None);
        assert!(name.required);
    }
}
