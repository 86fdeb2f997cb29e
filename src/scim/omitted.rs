//! What a PUT leaves out: RFC 7644 section 3.5.1 lets the provider choose (`putOmitted`). What the endpoint
//! does not know always stays: another profile of the team may.

use serde_json::Value;

use super::Object;
use super::profile::{PutOmitted, Rules};
use super::schema::{Attribute, ResourceType};

/// Whether an attribute that the client left out stays.
pub(super) fn stays_when_omitted(attribute: &Attribute, rules: &Rules) -> bool {
    match rules.put_omitted {
        PutOmitted::Keep => true,
        PutOmitted::KeepProtected => attribute.handling.kept_when_omitted,
        PutOmitted::Clear => false,
    }
}

/// Sub-attributes that a new value of a singular complex attribute leaves out: those the endpoint does not
/// know stay, and all of them when PUT merges.
pub(super) fn keep_parts(attribute: &Attribute, now: &Value, rules: &Rules, to: &mut Object) {
    let (Value::Object(now), Some(Value::Object(new))) = (now, to.get_mut(&attribute.name)) else {
        return;
    };
    for (name, value) in now {
        let stays = rules.put_omitted == PutOmitted::Keep || attribute.sub(name).is_none();
        if stays && !new.contains_key(name) {
            new.insert(name.clone(), value.clone());
        }
    }
}

/// Data of attributes and extensions that another profile of the team knows.
pub(super) fn keep_unknown(rt: &ResourceType, current: &Object, to: &mut Object) {
    for (name, now) in current {
        if rt.attribute(name).is_none() && rt.extension(name).is_none() {
            to.insert(name.clone(), now.clone());
        }
    }
}

/// Members that are not there yet.
pub(super) fn add_missing(now: &Object, to: &mut Object) {
    for (name, value) in now {
        to.entry(name).or_insert_with(|| value.clone());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::profile::{Preset, Profile};
    use super::super::resource::replace;
    use super::super::{Endpoint, ResourceTypes, urn};
    use super::*;

    fn put(types: &ResourceTypes, rules: &Rules, now: &Value, body: &Value) -> Value {
        let now = now.as_object().unwrap();
        let mut body = body.clone();
        body["schemas"] = json!([urn::USER]);
        Value::Object(replace(&types.user, now, body, rules).unwrap())
    }

    #[test]
    fn put_merges_where_the_profile_says_so_and_loses_nothing_that_it_does_not_know() {
        let endpoint = Endpoint::of(Preset::Postman);
        let rules = &Profile::of(Preset::Postman).rules;
        let now = json!({
            "userName": "a@example.com", "externalId": "1", "active": false, "title": "Guide",
            "name": { "givenName": "A", "middleName": "M", "familyName": "B" },
            (urn::ENTERPRISE_USER): { "department": "Tours" },
        });
        let with = |changes: &[(&str, Value)]| {
            let mut after = now.clone();
            for (pointer, value) in changes {
                *after.pointer_mut(pointer).unwrap() = value.clone();
            }
            after
        };
        for (body, after) in [
            (json!({}), now.clone()),
            (
                json!({ "name": { "givenName": "C", "familyName": "D" } }),
                with(&[
                    ("/name/givenName", json!("C")),
                    ("/name/familyName", json!("D")),
                ]),
            ),
            (
                json!({ "name": { "givenName": "C" } }),
                with(&[("/name/givenName", json!("C"))]),
            ),
            (
                json!({ "userName": "c@example.com", "active": true }),
                with(&[
                    ("/userName", json!("c@example.com")),
                    ("/active", json!(true)),
                ]),
            ),
            (json!({ "title": "ignored", "emails": [] }), now.clone()),
        ] {
            let merged = put(&endpoint.types, rules, &now, &body);
            assert_eq!(merged, after, "{body}");
        }
        let clearing = Rules {
            put_omitted: PutOmitted::Clear,
            ..*rules
        };
        let body = json!({ "userName": "a@example.com", "name": { "givenName": "C" } });
        assert_eq!(
            put(&endpoint.types, &clearing, &now, &body),
            json!({
                "userName": "a@example.com", "title": "Guide",
                "name": { "givenName": "C", "middleName": "M" },
                (urn::ENTERPRISE_USER): { "department": "Tours" },
            }),
            "what Postman knows is cleared, the rest stays"
        );
    }
}
