//! Part 2.6: custom attributes of the Okta user profile.

use serde_json::json;

use super::*;
use crate::directory::okta::apps::{MappingChange, save_mappings};
use crate::directory::okta::rules::{self, NewRule};
use crate::directory::okta::user_schema::{forget_page, put_attribute, remove_attribute};
use crate::model::okta::{AttributeMapping, AttributeType, PushStatus, UserAttribute};

fn attribute(name: &str, data_type: AttributeType) -> UserAttribute {
    UserAttribute {
        name: name.into(),
        title: format!("The {name}"),
        description: String::new(),
        data_type,
        required: false,
        values: Vec::new(),
        min_length: None,
        max_length: None,
        permission: crate::model::okta::Permission::default(),
    }
}

impl Lab {
    fn try_attribute(&self, attribute: UserAttribute) -> Result<()> {
        self.attempt(move |tx, admin| put_attribute(tx, admin, &attribute).map(drop))
    }

    fn custom(&self, attribute: UserAttribute) {
        self.try_attribute(attribute)
            .unwrap_or_else(|refusal| panic!("{refusal}"));
    }

    fn give(&self, user: Seq, name: &str, value: Value) -> Result<OktaUser> {
        let changes = Profile::from([(name.to_owned(), value)]);
        self.attempt(move |tx, admin| users::update(tx, admin, user, &changes, now()))
    }

    fn map(&self, expression: &str) -> Result<OktaApp> {
        let change = MappingChange {
            attribute: "title".into(),
            mapping: Some(AttributeMapping {
                expression: expression.into(),
                push: PushStatus::Push,
            }),
        };
        self.attempt(move |tx, admin| save_mappings(tx, admin, KEY, &[change], false, now()))
    }

    fn remove_custom(&self, name: &'static str) -> Result<()> {
        self.attempt(move |tx, admin| remove_attribute(tx, admin, name, now()).map(drop))
    }
}

/// "Data type (string, number, integer, boolean, string array, …), enum, min/max length, required".
#[test]
fn values_of_custom_attributes_have_their_type_length_and_list() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    let refused = lab.give(ann, "shoeSize", json!(44)).unwrap_err();
    assert!(refused.to_string().contains("is not defined in profile"));
    lab.custom(attribute("shoeSize", AttributeType::Integer));
    lab.custom(attribute("badges", AttributeType::StringArray));
    lab.custom(attribute("vip", AttributeType::Boolean));
    lab.custom(UserAttribute {
        values: vec![json!("S"), json!("M")],
        ..attribute("shirt", AttributeType::String)
    });
    lab.custom(UserAttribute {
        min_length: Some(2),
        max_length: Some(4),
        ..attribute("desk", AttributeType::String)
    });
    for (name, value, fits) in [
        ("shoeSize", json!(44), true),
        ("shoeSize", json!("44"), false),
        ("shoeSize", json!(4.5), false),
        ("badges", json!(["a", "b"]), true),
        ("badges", json!("a"), false),
        ("vip", json!(true), true),
        ("vip", json!("true"), false),
        ("shirt", json!("M"), true),
        ("shirt", json!("XL"), false),
        ("desk", json!("A1"), true),
        ("desk", json!("A"), false),
        ("desk", json!("A1234"), false),
    ] {
        let given = lab.give(ann, name, value.clone());
        assert_eq!(given.is_ok(), fits, "{name} {value}");
        if let Ok(user) = given {
            assert_eq!(user.profile[name], value);
        }
    }
    // Cleared as base attributes are.
    let cleared = lab.give(ann, "shoeSize", json!(null)).unwrap();
    assert_eq!(cleared.profile["shoeSize"], json!(""));
    lab.is_sound();
}

#[test]
fn a_required_attribute_is_asked_of_everybody() {
    let lab = Lab::new("postman");
    let ann = lab.add("Ann").seq;
    lab.custom(UserAttribute {
        required: true,
        ..attribute("badge", AttributeType::String)
    });
    let new = person("Bob");
    let refused = lab.attempt(move |tx, admin| users::create(tx, admin, &new, now()));
    assert!(refused.unwrap_err().to_string().starts_with("badge: "));
    assert!(lab.give(ann, "title", json!("x")).is_err());
    assert!(lab.give(ann, "badge", json!("7")).is_ok());
    assert!(lab.give(ann, "badge", json!("")).is_err());
}

/// "Attribute variable names are case-sensitive; names that differ only by case collide" (3.1).
#[test]
fn what_is_no_attribute_is_refused() {
    use AttributeType::{Boolean, Integer, String};
    let lab = Lab::new("postman");
    lab.custom(attribute("badge", String));
    let one = |name: &str| attribute(name, String);
    for wrong in [
        one(""),
        one("a b"),
        one("1a"),
        one("Badge"),
        one("firstName"),
        one("FIRSTNAME"),
        attribute("badge", Integer),
        UserAttribute {
            title: " ".into(),
            ..one("x")
        },
        UserAttribute {
            min_length: Some(5),
            max_length: Some(4),
            ..one("x")
        },
        UserAttribute {
            max_length: Some(4),
            ..attribute("x", Integer)
        },
        UserAttribute {
            values: vec![json!("many")],
            ..attribute("x", Integer)
        },
        UserAttribute {
            values: vec![json!(true)],
            ..attribute("x", Boolean)
        },
    ] {
        let refused = lab.try_attribute(wrong.clone()).unwrap_err();
        assert_eq!(code(&refused), "E0000001", "{wrong:?}");
    }
}

/// Custom attributes stand in mappings and rules, and what uses one keeps it.
#[test]
fn an_attribute_that_something_uses_cannot_be_deleted() {
    let lab = Lab::new("scim2headerauth");
    let (ann, group) = (lab.add("Ann").seq, lab.group("Big feet").seq);
    assert!(lab.map("user.shoeSize").is_err());
    lab.custom(attribute("shoeSize", AttributeType::Integer));
    lab.map("'Size ' + user.shoeSize").unwrap();
    let new = NewRule {
        name: "Big feet".into(),
        expression: "user.shoeSize > 43".into(),
        groups: vec![group],
        excluded: Vec::new(),
    };
    let rule = lab
        .run(move |tx, admin| rules::create(tx, admin, &new, now()))
        .seq;
    lab.run(move |tx, admin| rules::activate(tx, admin, rule, now()));
    lab.run(move |tx, admin| {
        super::super::assignments::assign_group(tx, admin, KEY, group, None, &Profile::new(), now())
    });
    lab.give(ann, "shoeSize", json!(44)).unwrap();
    assert_eq!(
        lab.assigned(ann).unwrap().profile["title"],
        json!("Size 44")
    );

    let refused = lab.remove_custom("shoeSize").unwrap_err();
    assert!(
        refused.to_string().contains("the mapping of title"),
        "{refused}"
    );
    lab.map("user.title").unwrap();
    let refused = lab.remove_custom("shoeSize").unwrap_err();
    assert!(refused.to_string().contains("the group rule Big feet"));
    lab.run(move |tx, admin| rules::deactivate(tx, admin, rule, now()));
    let keep = crate::model::okta::RuleRemoval::KeepPeople;
    lab.run(move |tx, admin| rules::delete(tx, admin, rule, keep, now()));
    lab.remove_custom("shoeSize").unwrap();
    assert_eq!(lab.user(ann).profile.get("shoeSize"), None);
    assert!(lab.remove_custom("shoeSize").is_err());
    // The same name with another type begins without values.
    lab.custom(attribute("shoeSize", AttributeType::String));
    lab.is_sound();
}

/// Values of many people go page by page, and until then nobody makes another attribute of the name.
#[test]
fn values_of_a_deleted_attribute_go_page_by_page() {
    let lab = Lab::new("postman");
    lab.custom(attribute("badge", AttributeType::String));
    lab.run(|tx, admin| {
        for n in 0..201 {
            let mut new = person(&format!("P{n}"));
            new.profile.insert("badge".into(), json!("7"));
            users::create(tx, admin, &new, now())?;
        }
        Ok(())
    });
    lab.remove_custom("badge").unwrap();
    let key = AppKey::of_org(ORG);
    let waiting = jobs::after(&lab.store.read().unwrap(), key, Seq(0), 9).unwrap();
    let JobKind::ForgetAttribute { after, .. } = waiting[0].kind else {
        panic!("{waiting:?}");
    };
    assert_eq!(lab.user(Seq(201)).profile["badge"], json!("7"));
    let again = lab.try_attribute(attribute("badge", AttributeType::Integer));
    assert!(again.unwrap_err().to_string().contains("being deleted"));
    assert_eq!(
        lab.run(move |tx, _| forget_page(tx, ORG, "badge", after, 200, now())),
        None
    );
    assert_eq!(lab.user(Seq(201)).profile.get("badge"), None);
    lab.is_sound();
}
