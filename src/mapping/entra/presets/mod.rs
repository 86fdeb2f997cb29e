//! The attribute mappings applications start with, as dated rows of data: [`Preset`].
//!
//! To add one, add a constant in a file of its vendor and name it in [`Preset::ALL`]. A preset never
//! changes after its date; a vendor's new page is a new preset.

mod inbound;
mod non_gallery;
mod postman;

use super::attribute::{AttributeMapping, MappingSource};
use super::attributes::{ObjectKind, SourceAttribute, source_attributes};
use super::definition::AttributeDefinition;
use super::expression::Expression;
use super::object::{ObjectMapping, ObjectMappingFields, SynchronizationRules};
use super::schema::{Frame, Surroundings};
use super::target::TargetPath;

/// Expression (a bare attribute is a direct mapping), target, matching precedence.
type Row = (&'static str, &'static str, u32);

/// What an application starts with, as documented on a day.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// Identifier, kept with the job: `postman-2025`.
    pub id: &'static str,
    /// Day of the documentation it follows, or on which it was seen to hold: `2025-05-30`.
    pub date: &'static str,
    /// For people: `Postman (May 2025)`.
    pub title: &'static str,
    /// Name of the target directory: `customappsso`, or the gallery application's.
    pub directory: &'static str,
    /// What the documentation says to whoever uses it; whole sentences.
    pub notes: &'static [&'static str],
    users: (&'static str, &'static [Row]),
    groups: (&'static str, &'static [Row]),
}

impl Preset {
    /// Every preset: Postman's from the newest, then the non-gallery application.
    pub const ALL: [&'static Self; 4] = [
        &postman::POSTMAN_2025,
        &postman::POSTMAN_2024,
        &postman::POSTMAN_2022,
        &non_gallery::NON_GALLERY,
    ];
    /// The newest of Postman's.
    pub const POSTMAN: &'static Self = &postman::POSTMAN_2025;
    /// *Create your own application*.
    pub const NON_GALLERY: &'static Self = &non_gallery::NON_GALLERY;

    /// *API-driven provisioning to Microsoft Entra ID*: its rules lead into the directory, so it is none of the
    /// applications that are provisioned ([`Preset::ALL`]).
    pub const INBOUND: &'static Self = &inbound::API2AAD;

    /// The preset with this identifier among those of applications that are provisioned.
    pub fn find(id: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|preset| preset.id == id)
    }

    /// The preset that *Restore default mappings* uses: the one a job was made with. Jobs of which that
    /// is not known are told by the name of their target directory or of their user mapping.
    pub fn of_rules(id: Option<&str>, rules: &SynchronizationRules) -> &'static Self {
        let postman = |text: &str| text.to_ascii_lowercase().ends_with("postman");
        if rules.is_inbound() {
            return Self::INBOUND;
        }
        id.and_then(Self::find)
            .unwrap_or_else(|| match rules.frame.target_directory() {
                Some(name) if postman(name) => Self::POSTMAN,
                None if postman(&rules.users.name) => Self::POSTMAN,
                _ => Self::NON_GALLERY,
            })
    }

    /// Its rules.
    pub fn rules(&self) -> SynchronizationRules {
        if self.id == inbound::ID {
            return inbound();
        }
        SynchronizationRules {
            frame: Frame::new(self.directory, &Surroundings::default()),
            ..SynchronizationRules::new(
                object_mapping(ObjectKind::User, self.users),
                object_mapping(ObjectKind::Group, self.groups),
            )
        }
    }
}

/// The rules of Postman's own instructions: users by `mail`, groups by name.
pub fn postman() -> SynchronizationRules {
    Preset::POSTMAN.rules()
}

/// The rules of an application created as "non-gallery": 22 user attributes, three of groups.
pub fn non_gallery() -> SynchronizationRules {
    Preset::NON_GALLERY.rules()
}

/// The rules of *API-driven provisioning to Microsoft Entra ID*: SCIM users by `externalId`, which is the directory's
/// `employeeId`; no groups.
///
/// # Panics
/// Never: the rows are part of the program, and a test makes rules of them.
pub fn inbound() -> SynchronizationRules {
    let plain = |name: &&str| AttributeDefinition {
        name: (*name).to_owned(),
        anchor: *name == "externalId",
        required: *name == "externalId",
        ..AttributeDefinition::default()
    };
    let target = |source: &SourceAttribute| AttributeDefinition::from(source);
    let users = object_mapping(ObjectKind::User, inbound::API2AAD.users);
    let users = ObjectMappingFields {
        source_list: Some(inbound::SOURCE.iter().map(plain).collect()),
        target_list: Some(
            source_attributes(ObjectKind::User)
                .iter()
                .map(target)
                .collect(),
        ),
        target_object: Some("User".into()),
        ..users.into_fields()
    };
    let groups = object_mapping(ObjectKind::Group, inbound::API2AAD.groups);
    let groups = ObjectMappingFields {
        enabled: false,
        ..groups.into_fields()
    };
    SynchronizationRules {
        frame: Frame::new(inbound::API2AAD.directory, &Surroundings::default()),
        ..SynchronizationRules::new(checked(users), checked(groups))
    }
}

/// Identifier of the preset of inbound jobs.
pub const INBOUND: &str = inbound::ID;

fn object_mapping(source_type: ObjectKind, (name, rows): (&str, &[Row])) -> ObjectMapping {
    let rows = rows.iter().map(attribute_mapping).collect();
    checked(ObjectMappingFields::new(name, source_type, rows))
}

fn checked(fields: ObjectMappingFields) -> ObjectMapping {
    ObjectMapping::new(fields).expect("the rows above fit together, as a test shows")
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
        render_create(ObjectKind::User, &mapped.attributes, true).into()
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
    fn every_preset_stands_and_is_found_by_its_id() {
        for preset in Preset::ALL {
            let rules = preset.rules();
            assert_eq!(Preset::find(preset.id), Some(preset));
            assert_eq!(Preset::of_rules(Some(preset.id), &rules), preset);
            assert!(preset.date.len() == 10 && !preset.notes.is_empty());
            assert!(rules.users.unknown_source_attributes().is_empty());
        }
        let rules = Preset::INBOUND.rules();
        assert_eq!(Preset::of_rules(Some(INBOUND), &rules), Preset::INBOUND);
        assert_eq!(rules, inbound());
        assert_eq!(Preset::of_rules(None, &postman()), Preset::POSTMAN);
        assert_eq!(Preset::of_rules(None, &non_gallery()), Preset::NON_GALLERY);
        assert_eq!(
            Preset::of_rules(Some("gone"), &non_gallery()).id,
            "non-gallery"
        );
    }

    /// What Postman asked for, by date: source of `userName` and of `active`.
    #[test]
    fn postmans_mappings_changed_over_the_years() {
        let row = |preset: &Preset, target: &str| {
            let rules = preset.rules();
            let found = rules
                .users
                .attributes
                .iter()
                .find(|m| m.target.as_str() == target);
            serde_json::to_value(&found.unwrap().source).unwrap()["value"].clone()
        };
        for (id, user_name, active) in [
            (
                "postman-2022",
                "userPrincipalName",
                r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
            ),
            ("postman-2024", "userPrincipalName", "Not([IsSoftDeleted])"),
            ("postman-2025", "mail", "Not([IsSoftDeleted])"),
        ] {
            let preset = Preset::find(id).unwrap();
            assert_eq!(row(preset, "userName"), user_name, "{id}");
            assert_eq!(row(preset, "active"), active, "{id}");
            let rules = preset.rules();
            assert_eq!(
                (rules.users.attributes.len(), rules.groups.attributes.len()),
                (4, 2)
            );
        }
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
