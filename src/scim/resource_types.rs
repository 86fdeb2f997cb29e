//! [`ResourceTypes`]: the users and groups of one endpoint, with the extensions it has.

use std::sync::{Arc, LazyLock};

use super::schema::{Extension, ResourceType, Schema};
use super::schemas;

/// The resource types of an endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct ResourceTypes {
    /// `/Users`.
    pub user: ResourceType,
    /// `/Groups`.
    pub group: ResourceType,
}

impl ResourceTypes {
    /// Users with the enterprise extension, plain groups. Shared, not made.
    pub fn standard() -> Arc<Self> {
        static STANDARD: LazyLock<Arc<ResourceTypes>> =
            LazyLock::new(|| Arc::new(ResourceTypes::with_extensions(&[], &[])));
        Arc::clone(&STANDARD)
    }

    /// The standard ones with more extensions behind their own. Of two with one URN (any case) the first
    /// counts.
    pub fn with_extensions(user: &[Extension], group: &[Extension]) -> Self {
        Self {
            user: extended(schemas::user(), user),
            group: extended(schemas::group(), group),
        }
    }

    /// Both, users first.
    pub fn all(&self) -> [&ResourceType; 2] {
        [&self.user, &self.group]
    }

    /// The one of this name (`User`, `Group`; exact case).
    pub fn by_name(&self, name: &str) -> Option<&ResourceType> {
        self.all().into_iter().find(|rt| rt.name == name)
    }

    /// Every schema that is published: base schemas, extensions, those of discovery; each once.
    pub fn schemas(&self) -> Vec<&Schema> {
        let of_types = self.all().into_iter().flat_map(|rt| {
            std::iter::once(&rt.schema).chain(rt.extensions.iter().map(|e| &e.schema))
        });
        let mut all: Vec<&Schema> = vec![];
        for schema in of_types.chain(schemas::discovery()) {
            if !all.iter().any(|s| s.id.eq_ignore_ascii_case(&schema.id)) {
                all.push(schema);
            }
        }
        all
    }
}

fn extended(base: &ResourceType, more: &[Extension]) -> ResourceType {
    let mut rt = base.clone();
    for extension in more {
        if rt.extension(&extension.schema.id).is_none() {
            rt.extensions.push(extension.clone());
        }
    }
    rt
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::error::{Error, ScimType};
    use super::super::representation::{Meta, represent};
    use super::super::{Filter, Object, PatchRequest, Projection, Rules, discovery, resource, urn};
    use super::*;

    const BADGE: &str = "urn:example:params:scim:schemas:badge:1.0:User";

    /// Users with a badge: one attribute of each kind of care.
    fn badges(required: bool) -> ResourceTypes {
        let schema = Schema::parse(json!({"id": BADGE, "name": "Badge", "attributes": [
            {"name": "number", "type": "integer", "required": true},
            {"name": "issued", "type": "dateTime", "mutability": "immutable"},
            {"name": "level", "mutability": "readOnly"},
            {"name": "pin", "mutability": "writeOnly"},
            {"name": "note", "returned": "request"},
            {"name": "colour", "returned": "always", "caseExact": true},
            {"name": "doors", "type": "complex", "multiValued": true, "subAttributes": [
                {"name": "value", "required": true}, {"name": "type"},
                {"name": "primary", "type": "boolean"}]},
            {"name": "maker", "type": "complex", "subAttributes": [
                {"name": "code", "mutability": "immutable"}, {"name": "label"},
                {"name": "secret", "returned": "never"}]}
        ]}))
        .unwrap();
        ResourceTypes::with_extensions(&[Extension { schema, required }], &[])
    }

    fn body(badge: &Value) -> Value {
        let mut body = json!({"schemas": [urn::USER, BADGE], "userName": "a"});
        if !badge.is_null() {
            body[BADGE] = badge.clone();
        }
        body
    }

    fn create(types: &ResourceTypes, badge: &Value) -> Result<Object, Error> {
        resource::create(&types.user, body(badge), &Rules::interop())
    }

    fn patch(
        types: &ResourceTypes,
        now: &Object,
        operation: impl Into<Value>,
    ) -> Result<Object, Error> {
        let message = json!({"schemas": [urn::PATCH_OP], "Operations": [operation.into()]});
        let rules = Rules::interop();
        PatchRequest::parse(&types.user, message, &rules)?.apply(&types.user, now, &rules)
    }

    #[test]
    fn an_extension_is_enforced_on_create() {
        let types = badges(false);
        let made = create(
            &types,
            &json!({"Number": 7, "level": "x", "pin": "1234", "note": "n",
                "maker": {"code": "c", "secret": "s"}}),
        )
        .unwrap();
        assert_eq!(
            made[BADGE],
            json!({"number": 7, "note": "n", "maker": {"code": "c"}})
        );
        assert!(create(&types, &Value::Null).is_ok(), "it is not required");
        for bad in [
            json!({"number": "7"}),
            json!({"number": 1.5}),
            json!({"note": "without number"}),
            json!({"number": 1, "issued": "yesterday"}),
            json!({"number": 1, "doors": [{"type": "front"}]}),
        ] {
            let error = create(&types, &bad).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::InvalidValue), "{bad}");
        }
        assert!(
            create(&badges(true), &Value::Null).is_err(),
            "it is required"
        );
    }

    #[test]
    fn what_is_immutable_is_set_once_by_put_and_patch() {
        let types = badges(false);
        let issued = "2026-01-31T09:30:00Z";
        let now = create(
            &types,
            &json!({"number": 1, "issued": issued, "maker": {"code": "c", "label": "l"}}),
        )
        .unwrap();
        let put = |badge: Value| {
            resource::replace(&types.user, &now, body(&badge), &Rules::interop())
                .map(|after| after[BADGE].clone())
        };
        assert_eq!(
            put(json!({"number": 2, "maker": {"label": "m"}})).unwrap(),
            json!({"number": 2, "issued": issued, "maker": {"label": "m", "code": "c"}})
        );
        assert!(put(json!({"number": 2, "issued": issued, "maker": {"code": "c"}})).is_ok());
        for changed in [
            json!({"number": 1, "issued": "2027-01-31T09:30:00Z"}),
            json!({"number": 1, "maker": {"code": "d"}}),
        ] {
            let error = put(changed.clone()).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::Mutability), "{changed}");
        }
        let at = |rest: &str| format!("{BADGE}:{rest}");
        let refused = [
            json!({"op": "replace", "path": at("issued"), "value": "2027-01-31T09:30:00Z"}),
            json!({"op": "remove", "path": at("issued")}),
            json!({"op": "replace", "path": at("maker.code"), "value": "d"}),
            json!({"op": "replace", "path": at("maker"), "value": {"code": "d"}}),
            json!({"op": "remove", "path": at("maker")}),
            json!({"op": "add", "path": at("level"), "value": "x"}),
            json!({"op": "remove", "path": at("number")}),
        ];
        for operation in refused {
            let error = patch(&types, &now, operation.clone()).unwrap_err();
            assert_eq!(error.scim_type, Some(ScimType::Mutability), "{operation}");
        }
        let same = json!({"op": "replace", "path": at("issued"), "value": issued});
        assert_eq!(patch(&types, &now, same).unwrap(), now);
        let plain = create(&types, &json!({"number": 1})).unwrap();
        let first = json!({"op": "add", "path": at("issued"), "value": issued});
        assert_eq!(
            patch(&types, &plain, first).unwrap()[BADGE]["issued"],
            issued
        );
    }

    #[test]
    fn patch_keeps_what_is_required_inside() {
        let now = create(&badges(false), &json!({"number": 1})).unwrap();
        let bare = json!({"op": "add", "path": format!("{BADGE}:doors[type eq \"front\"].primary"),
            "value": true});
        assert!(
            patch(&badges(false), &now, bare).is_err(),
            "a door without value"
        );
        let drop = json!({"op": "remove", "path": BADGE});
        assert!(patch(&badges(false), &now, drop.clone()).is_ok());
        let error = patch(&badges(true), &now, drop).unwrap_err();
        assert_eq!(error.scim_type, Some(ScimType::Mutability));
    }

    #[test]
    fn filters_and_projections_know_extensions() {
        let types = badges(false);
        let stored = create(
            &types,
            &json!({"number": 7, "note": "n", "colour": "Red", "doors": [{"value": "a"}]}),
        )
        .unwrap();
        let meta = Meta {
            created: "2026-01-01T00:00:00Z",
            last_modified: "2026-01-01T00:00:00Z",
            version: "W/\"1\"",
            location: "http://h/Users/1",
        };
        let full = represent(&types.user, "1", &stored, meta, []);
        assert_eq!(full["schemas"], json!([urn::USER, BADGE]));
        for (filter, expected) in [
            ("number gt 6", true),
            ("colour eq \"Red\"", true),
            ("colour eq \"red\"", false),
            ("doors[value eq \"A\"]", true),
            ("issued pr", false),
        ] {
            let filter = format!("{BADGE}:{filter}");
            let parsed = Filter::parse(&filter, &types.user, &Rules::interop()).unwrap();
            assert_eq!(parsed.matches(&full), expected, "{filter}");
        }
        for filter in ["pin eq \"1\"", "nosuch pr", "number co 7"] {
            let filter = format!("{BADGE}:{filter}");
            assert!(Filter::parse(&filter, &types.user, &Rules::interop()).is_err());
        }
        let shown = |attributes: Option<&str>, excluded: Option<&str>| {
            let projection = Projection::parse(attributes, excluded, &Rules::interop()).unwrap();
            let mut out = projection.apply(&types.user, full.clone());
            out.shift_remove(BADGE).unwrap_or(Value::Null)
        };
        assert_eq!(
            shown(None, None),
            json!({"number": 7, "colour": "Red", "doors": [{"value": "a"}]})
        );
        let asked = format!("{BADGE}:note");
        assert_eq!(
            shown(Some(&asked), None),
            json!({"note": "n", "colour": "Red"})
        );
        assert_eq!(shown(Some("userName"), None), json!({"colour": "Red"}));
        assert_eq!(shown(None, Some(BADGE)), json!({"colour": "Red"}));
    }

    #[test]
    fn discovery_publishes_each_schema_once() {
        let schema = badges(false).user.extensions.pop().unwrap().schema;
        let extension = Extension {
            schema,
            required: true,
        };
        let both = [extension.clone(), extension];
        let types = ResourceTypes::with_extensions(&both, &both);
        let documents = discovery::schema_documents(&types, "http://h");
        assert_eq!(documents.len(), 7);
        assert!(discovery::schema_by_urn(&types, &BADGE.to_uppercase(), "http://h").is_some());
        let group = discovery::resource_type(&types, "Group", "http://h").unwrap();
        assert_eq!(
            group["schemaExtensions"],
            json!([{"schema": BADGE, "required": true}])
        );
        let user = discovery::resource_type(&types, "User", "http://h").unwrap();
        assert_eq!(user["schemaExtensions"].as_array().unwrap().len(), 2);
        assert_eq!(ResourceTypes::standard().schemas().len(), 6);
    }
}
