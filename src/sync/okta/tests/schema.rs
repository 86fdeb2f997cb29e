//! Part 2.6: custom attributes, from the Okta user to the place at the target that the app's profile declares.

use super::*;
use crate::directory::okta::user_schema;
use crate::model::okta::{
    AppAttribute, AttributeMapping, AttributeScope, AttributeType, Permission, PushStatus,
    UserAttribute,
};

const URN: &str = "urn:example:params:scim:schemas:extension:feet:1.0:User";

/// "`anyName`, custom URN: `\"<URN>\":{\"anyName\":v}` and URN in `schemas`".
#[test]
fn a_custom_attribute_is_sent_where_the_apps_profile_says() {
    let lab = Lab::oin();
    let ann = lab.person("ann");
    let key = lab.key;
    lab.write(move |tx| {
        let attribute = UserAttribute {
            name: "shoeSize".into(),
            title: "Shoe size".into(),
            description: String::new(),
            data_type: AttributeType::Integer,
            required: false,
            values: Vec::new(),
            min_length: None,
            max_length: None,
            permission: Permission::ReadOnly,
        };
        user_schema::put_attribute(tx, &administrator(), &attribute)?;
        let attribute = AppAttribute {
            name: "size".into(),
            title: "Size".into(),
            external_name: "size".into(),
            external_namespace: URN.into(),
            data_type: AttributeType::Integer,
            required: false,
            scope: AttributeScope::None,
            custom: true,
            values: Vec::new(),
            union: false,
            min_length: None,
            max_length: None,
            mapping: Some(AttributeMapping {
                expression: "user.shoeSize".into(),
                push: PushStatus::Push,
            }),
        };
        apps::put_attribute(tx, &administrator(), key, &attribute, now())?;
        let changes: Profile = [("shoeSize".to_owned(), json!(44))].into();
        Ok(users::update(tx, &administrator(), ann, &changes, now())?)
    });
    lab.assign(ann);
    lab.drain();
    let made = &lab.target.all("Users")[0];
    assert_eq!(made[URN]["size"], json!(44));
    assert!(made["schemas"].as_array().unwrap().contains(&json!(URN)));
    lab.write(move |tx| {
        let changes: Profile = [("shoeSize".to_owned(), json!(45))].into();
        Ok(users::update(tx, &administrator(), ann, &changes, now())?)
    });
    lab.drain();
    assert_eq!(lab.target.all("Users")[0][URN]["size"], json!(45));
}
