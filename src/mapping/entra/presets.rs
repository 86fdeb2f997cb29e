//! The attribute mappings applications start with, as rows of data.

use super::attribute::{AttributeMapping, MappingSource};
use super::attributes::ObjectKind;
use super::expression::Expression;
use super::object::{ObjectMapping, ObjectMappingFields, SynchronizationRules};
use super::target::TargetPath;

/// Expression (a bare attribute is a direct mapping), target, matching precedence.
type Row = (&'static str, &'static str, u32);

/// The mappings Postman's documentation asks for in "Configure SCIM with Microsoft Entra ID".
const POSTMAN_USER: &[Row] = &[
    ("[mail]", "userName", 1),
    ("[surname]", "name.familyName", 0),
    ("[givenName]", "name.givenName", 0),
    ("Not([IsSoftDeleted])", "active", 0),
];

const POSTMAN_GROUP: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[members]", "members", 0),
];

/// The default of a non-gallery SCIM application.
const NON_GALLERY_USER: &[Row] = &[
    ("[userPrincipalName]", "userName", 1),
    (
        r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
        "active",
        0,
    ),
    ("[displayName]", "displayName", 0),
    ("[jobTitle]", "title", 0),
    ("[mail]", r#"emails[type eq "work"].value"#, 0),
    ("[preferredLanguage]", "preferredLanguage", 0),
    ("[givenName]", "name.givenName", 0),
    ("[surname]", "name.familyName", 0),
    (r#"Join(" ", [givenName], [surname])"#, "name.formatted", 0),
    (
        "[physicalDeliveryOfficeName]",
        r#"addresses[type eq "work"].formatted"#,
        0,
    ),
    (
        "[streetAddress]",
        r#"addresses[type eq "work"].streetAddress"#,
        0,
    ),
    ("[city]", r#"addresses[type eq "work"].locality"#, 0),
    ("[state]", r#"addresses[type eq "work"].region"#, 0),
    ("[postalCode]", r#"addresses[type eq "work"].postalCode"#, 0),
    ("[country]", r#"addresses[type eq "work"].country"#, 0),
    (
        "[telephoneNumber]",
        r#"phoneNumbers[type eq "work"].value"#,
        0,
    ),
    ("[mobile]", r#"phoneNumbers[type eq "mobile"].value"#, 0),
    (
        "[facsimileTelephoneNumber]",
        r#"phoneNumbers[type eq "fax"].value"#,
        0,
    ),
    ("[mailNickname]", "externalId", 0),
    (
        "[employeeId]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber",
        0,
    ),
    (
        "[department]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        0,
    ),
    (
        "[manager]",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager",
        0,
    ),
];

const NON_GALLERY_GROUP: &[Row] = &[
    ("[displayName]", "displayName", 1),
    ("[objectId]", "externalId", 0),
    ("[members]", "members", 0),
];

/// The rules of Postman's own instructions: users by `mail`, groups by name.
pub fn postman() -> SynchronizationRules {
    rules(
        ("Synchronize Microsoft Entra users to Postman", POSTMAN_USER),
        (
            "Synchronize Microsoft Entra groups to Postman",
            POSTMAN_GROUP,
        ),
    )
}

/// The rules of an application created as "non-gallery": 22 user attributes, three of groups.
pub fn non_gallery() -> SynchronizationRules {
    rules(
        ("Provision Microsoft Entra ID Users", NON_GALLERY_USER),
        ("Provision Microsoft Entra ID Groups", NON_GALLERY_GROUP),
    )
}

fn rules(users: (&str, &[Row]), groups: (&str, &[Row])) -> SynchronizationRules {
    SynchronizationRules::new(
        object_mapping(ObjectKind::User, users),
        object_mapping(ObjectKind::Group, groups),
    )
}

fn object_mapping(source_type: ObjectKind, (name, rows): (&str, &[Row])) -> ObjectMapping {
    ObjectMapping::new(ObjectMappingFields::new(
        name,
        source_type,
        rows.iter().map(attribute_mapping).collect(),
    ))
    .expect("the rows above fit together, as a test shows")
}

fn attribute_mapping((source, target, matching_priority): &Row) -> AttributeMapping {
    let direct = source.strip_prefix('[').and_then(|s| s.strip_suffix(']'));
    let source = match direct {
        Some(name) => MappingSource::Direct(name.to_owned()),
        None => MappingSource::Expression(
            Expression::parse(source).expect("the rows above are expressions, as a test shows"),
        ),
    };
    let target = TargetPath::parse(target).expect("the rows above are paths, as a test shows");
    AttributeMapping {
        matching_priority: *matching_priority,
        ..AttributeMapping::new(source, target)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Context, Purpose, Reference, Source, render_create};
    use super::*;

    fn user() -> Source {
        serde_json::from_value(json!({
            "objectId": "o1", "userPrincipalName": "kim@contoso.com", "mail": "kim@mail.example",
            "IsSoftDeleted": false, "givenName": "Kim", "surname": "Akers", "displayName": "Kim Akers",
            "mailNickname": "kim", "employeeId": "42", "manager": "o2",
        }))
        .unwrap()
    }

    fn created(rules: &SynchronizationRules) -> serde_json::Value {
        let mapped = rules
            .users
            .map(&user(), &Context::new(0, [0; 16], ""), Purpose::Create);
        render_create(ObjectKind::User, &mapped.attributes).into()
    }

    #[test]
    fn postman_gets_the_four_attributes_of_its_page() {
        assert_eq!(
            created(&postman()),
            json!({
                "schemas": [
                    "urn:ietf:params:scim:schemas:core:2.0:User",
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
                ],
                "userName": "kim@mail.example", "active": true,
                "meta": {"resourceType": "User"},
                "name": {"familyName": "Akers", "givenName": "Kim"},
            })
        );
    }

    #[test]
    fn a_non_gallery_application_starts_with_22_user_attributes() {
        let rules = non_gallery();
        assert_eq!(rules.users.attributes.len(), 22);
        let body = created(&rules);
        assert_eq!(body["userName"], "kim@contoso.com");
        assert_eq!(body["name"]["formatted"], "Kim Akers");
        assert_eq!(body["active"], true);
        assert_eq!(body["externalId"], "kim");
        assert_eq!(body.get("title"), None);
    }

    #[test]
    fn references_are_known_and_matching_is_set() {
        for (rules, matching) in [(postman(), "userName"), (non_gallery(), "userName")] {
            assert_eq!(rules.users.matching()[0].target.as_str(), matching);
            assert_eq!(rules.groups.matching()[0].target.as_str(), "displayName");
            let members = rules.groups.references();
            assert_eq!(
                (members.len(), members[0].reference),
                (1, Reference::Members)
            );
            assert_eq!(rules.users.soft_delete().unwrap().target.as_str(), "active");
            assert_eq!(rules.groups.soft_delete(), None);
            assert!(rules.users.unknown_source_attributes().is_empty());
            assert!(rules.groups.unknown_source_attributes().is_empty());
        }
        assert_eq!(
            non_gallery().users.references()[0].reference,
            Reference::Manager
        );
        assert!(postman().users.references().is_empty());
    }

    #[test]
    fn rules_survive_json() {
        for rules in [postman(), non_gallery()] {
            let json = serde_json::to_string(&rules).unwrap();
            assert_eq!(
                serde_json::from_str::<SynchronizationRules>(&json).unwrap(),
                rules
            );
        }
        let json = serde_json::to_value(postman()).unwrap();
        assert_eq!(
            json["users"]["attributes"][3]["source"],
            json!({"type": "Expression", "value": "Not([IsSoftDeleted])"})
        );
    }
}
