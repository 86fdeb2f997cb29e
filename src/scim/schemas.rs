//! The built-in schemas as tables: User, Group, `EnterpriseUser` and the three of discovery.
//!
//! Values of RFC 7643 section 8.7 with its errata applied ( `displayName` of a group is
//! required, references are case exact, `addresses.primary`, `members.display`, `etag`,
//! `schemaExtensions` is multi-valued, ...). A group's `displayName` is published as unique, because this
//! provider keeps it so. Nothing here is logic.

use std::sync::{Arc, LazyLock};

use super::schema::{
    Attribute, Attributes, Extension, Format, Handling, Kind, Mutability, ResourceType, Returned,
    Schema, Uniqueness,
};
use super::urn;

static USER: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "User".into(),
    endpoint: "/Users".into(),
    description: "User Account".into(),
    schema: user_schema(),
    extensions: vec![Extension {
        schema: enterprise_user_schema(),
        required: false,
    }],
    common: common(),
});

static GROUP: LazyLock<ResourceType> = LazyLock::new(|| ResourceType {
    name: "Group".into(),
    endpoint: "/Groups".into(),
    description: "Group".into(),
    schema: group_schema(),
    extensions: vec![],
    common: common(),
});

static DISCOVERY: LazyLock<[Schema; 3]> = LazyLock::new(|| {
    [
        service_provider_config_schema(),
        resource_type_schema(),
        schema_schema(),
    ]
});

/// The resource type of users.
pub fn user() -> &'static ResourceType {
    &USER
}

/// The resource type of groups.
pub fn group() -> &'static ResourceType {
    &GROUP
}

/// The schemas of `ServiceProviderConfig`, `ResourceType` and `Schema`.
pub fn discovery() -> &'static [Schema] {
    &*DISCOVERY
}

fn attribute(name: &str, kind: Kind, description: &str) -> Attribute {
    Attribute {
        name: name.into(),
        kind,
        multi_valued: false,
        required: false,
        case_exact: matches!(kind, Kind::Reference | Kind::Binary),
        mutability: Mutability::ReadWrite,
        returned: Returned::Default,
        uniqueness: Uniqueness::None,
        canonical_values: vec![],
        reference_types: vec![],
        sub_attributes: Attributes::default(),
        description: description.into(),
        handling: Handling::default(),
    }
}

fn string(name: &str, description: &str) -> Attribute {
    attribute(name, Kind::String, description)
}

fn boolean(name: &str, description: &str) -> Attribute {
    attribute(name, Kind::Boolean, description)
}

fn integer(name: &str, description: &str) -> Attribute {
    attribute(name, Kind::Integer, description)
}

fn reference(name: &str, types: &[&str], description: &str) -> Attribute {
    let mut made = attribute(name, Kind::Reference, description);
    made.reference_types = types.iter().map(|t| (*t).to_owned()).collect();
    made
}

fn complex(name: &str, description: &str, subs: impl IntoIterator<Item = Attribute>) -> Attribute {
    let mut made = attribute(name, Kind::Complex, description);
    made.sub_attributes = subs.into_iter().collect();
    made
}

impl Attribute {
    fn many(mut self) -> Self {
        self.multi_valued = true;
        self
    }

    fn required(mut self) -> Self {
        self.required = true;
        self
    }

    fn exact(mut self) -> Self {
        self.case_exact = true;
        self
    }

    fn unique(mut self) -> Self {
        self.uniqueness = Uniqueness::Server;
        self
    }

    fn always(mut self) -> Self {
        self.returned = Returned::Always;
        self
    }

    fn canonical(mut self, values: &[&str]) -> Self {
        self.canonical_values = values.iter().map(|v| (*v).to_owned()).collect();
        self
    }

    fn read_only(self) -> Self {
        self.with_mutability(Mutability::ReadOnly)
    }

    /// Sets it for all sub-attributes too.
    fn with_mutability(mut self, mutability: Mutability) -> Self {
        self.mutability = mutability;
        self.sub_attributes = self
            .sub_attributes
            .iter()
            .map(|sub| Attribute::clone(sub).with_mutability(mutability))
            .collect();
        self
    }

    fn of(mut self, format: Format) -> Self {
        self.handling.format = format;
        self
    }

    fn kept(mut self) -> Self {
        self.handling.kept_when_omitted = true;
        self
    }
}

fn schema(
    id: &str,
    name: &str,
    description: &str,
    attributes: impl IntoIterator<Item = Attribute>,
) -> Schema {
    Schema {
        id: Arc::from(id),
        name: name.into(),
        description: description.into(),
        attributes: attributes.into_iter().collect(),
    }
}

fn common() -> Attributes {
    [
        reference("schemas", &["uri"], "URNs of the schemas of this resource.")
            .many()
            .required()
            .always(),
        string("id", "Identifier issued by the service provider.")
            .exact()
            .required()
            .read_only()
            .always()
            .unique(),
        string(
            "externalId",
            "Identifier issued by the provisioning client.",
        )
        .exact()
        .kept(),
        complex(
            "meta",
            "What the service provider knows about the resource.",
            [
                string("resourceType", "Name of the resource type.").exact(),
                attribute("created", Kind::DateTime, "When the resource was added."),
                attribute(
                    "lastModified",
                    Kind::DateTime,
                    "When the resource last changed.",
                ),
                reference("location", &["uri"], "URI of the resource."),
                string("version", "The entity tag of the resource.").exact(),
            ],
        )
        .read_only(),
    ]
    .into_iter()
    .collect()
}

/// The standard sub-attributes of a multi-valued attribute, RFC 7643 section 2.4.
fn plural(name: &str, description: &str, value: Attribute, types: &[&str]) -> Attribute {
    complex(
        name,
        description,
        [
            value,
            string("display", "A name for people, primarily for display."),
            string("type", "A label of the value's function.").canonical(types),
            boolean(
                "primary",
                "Whether this is the preferred value; at most one is.",
            ),
        ],
    )
    .many()
}

#[expect(clippy::too_many_lines, reason = "a table of data")]
fn user_schema() -> Schema {
    let mut active = boolean("active", "Whether the user may sign in.").kept();
    active.handling.default = Some(true.into());
    let mut password = string("password", "Accepted and thrown away; never returned.");
    password.mutability = Mutability::WriteOnly;
    password.returned = Returned::Never;
    let mut user_name = string(
        "userName",
        "Name the user signs in with; unique in the team.",
    )
    .required()
    .unique();
    user_name.handling.format = Format::UserName;
    schema(
        urn::USER,
        "User",
        "User Account",
        [
            user_name,
            complex(
                "name",
                "The components of the user's name.",
                [
                    string("formatted", "The full name, formatted for display."),
                    string("familyName", "The family name (last name)."),
                    string("givenName", "The given name (first name)."),
                    string("middleName", "The middle names."),
                    string("honorificPrefix", "Title before the name, such as Ms."),
                    string("honorificSuffix", "Suffix after the name, such as III."),
                ],
            ),
            string("displayName", "The name of the user, suitable for display."),
            string("nickName", "The casual way to address the user."),
            reference(
                "profileUrl",
                &["external"],
                "URL of the user's online profile.",
            ),
            string("title", "The user's title, such as Vice President."),
            string(
                "userType",
                "The relation to the organization, such as Contractor.",
            ),
            string(
                "preferredLanguage",
                "Preferred languages, as in Accept-Language.",
            ),
            string(
                "locale",
                "Default location for localizing, a language tag such as en-US.",
            ),
            string(
                "timezone",
                "Time zone in IANA form, such as America/Los_Angeles.",
            ),
            active,
            password,
            plural(
                "emails",
                "Email addresses.",
                string("value", "An email address."),
                &["work", "home", "other"],
            ),
            plural(
                "phoneNumbers",
                "Phone numbers.",
                string("value", "A phone number."),
                &["work", "home", "mobile", "fax", "pager", "other"],
            ),
            plural(
                "ims",
                "Instant messaging addresses.",
                string("value", "An instant messaging address."),
                &[
                    "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other",
                ],
            ),
            plural(
                "photos",
                "URLs of photos.",
                reference("value", &["external"], "URL of a photo."),
                &["photo", "thumbnail"],
            ),
            complex(
                "addresses",
                "Physical mailing addresses.",
                [
                    string("formatted", "The full address, formatted for display."),
                    string("streetAddress", "Street, house number, P.O. box."),
                    string("locality", "The city or locality."),
                    string("region", "The state or region."),
                    string("postalCode", "The postal code."),
                    string("country", "The country, ISO 3166-1 alpha-2.").of(Format::Country),
                    string("type", "A label of the address's function.")
                        .canonical(&["work", "home", "other"]),
                    boolean("primary", "Whether this is the preferred address."),
                ],
            )
            .many(),
            complex(
                "groups",
                "Groups the user belongs to, directly or through other groups.",
                [
                    string("value", "Identifier of the group.").exact(),
                    reference("$ref", &["Group"], "URI of the group."),
                    string("display", "Name of the group."),
                    string("type", "How the user belongs to it.")
                        .canonical(&["direct", "indirect"]),
                ],
            )
            .many()
            .read_only(),
            plural(
                "entitlements",
                "Entitlements.",
                string("value", "An entitlement."),
                &[],
            ),
            plural("roles", "Roles.", string("value", "A role."), &[]),
            plural(
                "x509Certificates",
                "Certificates of the user.",
                attribute("value", Kind::Binary, "One DER certificate in base64.")
                    .of(Format::Certificate),
                &[],
            ),
        ],
    )
}

fn enterprise_user_schema() -> Schema {
    schema(
        urn::ENTERPRISE_USER,
        "EnterpriseUser",
        "Enterprise User",
        [
            string(
                "employeeNumber",
                "Number of the person within the organization.",
            ),
            string("costCenter", "Name of a cost center."),
            string("organization", "Name of an organization."),
            string("division", "Name of a division."),
            string("department", "Name of a department."),
            complex(
                "manager",
                "The user's manager.",
                [
                    string("value", "Identifier of the manager's user.").exact(),
                    reference("$ref", &["User"], "URI of the manager's user."),
                    string("displayName", "Name of the manager.").read_only(),
                ],
            ),
        ],
    )
}

fn group_schema() -> Schema {
    let mut members = complex(
        "members",
        "Members of the group.",
        [
            string("value", "Identifier of the member.")
                .exact()
                .required(),
            reference("$ref", &["User", "Group"], "URI of the member."),
            string("type", "What the member is.").canonical(&["User", "Group"]),
        ]
        .map(|sub| sub.with_mutability(Mutability::Immutable))
        .into_iter()
        // Erratum 6011 lists it as immutable; this provider computes it from the member, so it says so.
        .chain([string("display", "Name of the member.").read_only()]),
    )
    .many();
    members.handling.stored_apart = true;
    schema(
        urn::GROUP,
        "Group",
        "Group",
        [
            string("displayName", "Name of the group; unique in the team.")
                .required()
                .unique(),
            members,
        ],
    )
}

fn supported(
    name: &str,
    description: &str,
    more: impl IntoIterator<Item = Attribute>,
) -> Attribute {
    let supported = boolean("supported", "Whether the feature is supported.").required();
    complex(name, description, std::iter::once(supported).chain(more)).required()
}

fn service_provider_config_schema() -> Schema {
    let external = &["external"];
    schema(
        urn::SERVICE_PROVIDER_CONFIG,
        "Service Provider Configuration",
        "What this service provider supports",
        [
            reference("documentationUri", external, "Documentation for people."),
            supported("patch", "PATCH options.", []),
            supported(
                "bulk",
                "Bulk options.",
                [
                    integer("maxOperations", "Most operations in a request.").required(),
                    integer("maxPayloadSize", "Most bytes in a request.").required(),
                ],
            ),
            supported(
                "filter",
                "Filter options.",
                [integer("maxResults", "Most resources in a response.").required()],
            ),
            supported("changePassword", "Password options.", []),
            supported("sort", "Sort options.", []),
            supported("etag", "Versioning options.", []),
            complex(
                "authenticationSchemes",
                "Supported ways to authenticate.",
                [
                    string("type", "The scheme.").required().canonical(&[
                        "oauth",
                        "oauth2",
                        "oauthbearertoken",
                        "httpbasic",
                        "httpdigest",
                    ]),
                    string("name", "Common name of the scheme.").required(),
                    string("description", "Description of the scheme.").required(),
                    reference("specUri", external, "Specification of the scheme."),
                    reference("documentationUri", external, "Usage of the scheme."),
                    boolean("primary", "Whether the scheme is the preferred one."),
                ],
            )
            .many()
            .required(),
            complex(
                "pagination",
                "Pagination options, RFC 9865.",
                [
                    boolean("cursor", "Whether cursors are supported.").required(),
                    boolean("index", "Whether startIndex is supported.").required(),
                    string(
                        "defaultPaginationMethod",
                        "Method when the client names none.",
                    )
                    .canonical(&["cursor", "index"]),
                    integer("defaultPageSize", "Page size when the client names none."),
                    integer("maxPageSize", "Largest page size."),
                    integer("cursorTimeout", "Seconds a cursor is good for at least."),
                ],
            ),
        ]
        .map(Attribute::read_only),
    )
}

fn resource_type_schema() -> Schema {
    let uri = &["uri"];
    schema(
        urn::RESOURCE_TYPE,
        "ResourceType",
        "The schema that describes a SCIM resource type",
        [
            string("id", "Identifier; the same as the name."),
            string("name", "Name of the resource type.").required(),
            string("description", "Description of the resource type."),
            reference("endpoint", uri, "Path below the base URL, such as /Users.").required(),
            reference("schema", uri, "URN of the base schema.").required(),
            complex(
                "schemaExtensions",
                "Schemas that extend the base schema.",
                [
                    reference("schema", uri, "URN of the extension.").required(),
                    boolean("required", "Whether every resource has it.").required(),
                ],
            )
            .many(),
        ]
        .map(Attribute::read_only),
    )
}

/// The attributes that describe an attribute; sub-attributes have the same but `subAttributes`.
fn description_of_attributes(types: &[&str]) -> Vec<Attribute> {
    vec![
        string("name", "Name of the attribute.").required().exact(),
        string("type", "Data type.").required().canonical(types),
        boolean("multiValued", "Whether it has several values.").required(),
        string("description", "For people.").exact(),
        boolean("required", "Whether it must be assigned."),
        string("canonicalValues", "Suggested values.")
            .many()
            .exact(),
        boolean("caseExact", "Whether case matters in comparisons."),
        string("mutability", "Who may change it.")
            .exact()
            .canonical(&["readOnly", "readWrite", "immutable", "writeOnly"]),
        string("returned", "When it is returned.")
            .exact()
            .canonical(&["always", "never", "default", "request"]),
        string("uniqueness", "How far it is unique.")
            .exact()
            .canonical(&["none", "server", "global"]),
        string("referenceTypes", "What a reference may point to.")
            .many()
            .exact(),
    ]
}

fn schema_schema() -> Schema {
    let simple = [
        "string",
        "boolean",
        "decimal",
        "integer",
        "dateTime",
        "reference",
        "binary",
    ];
    let mut all = simple.to_vec();
    all.push("complex");
    let subs = complex(
        "subAttributes",
        "Sub-attributes of a complex attribute.",
        description_of_attributes(&simple),
    )
    .many();
    let mut described = description_of_attributes(&all);
    described.push(subs);
    schema(
        urn::SCHEMA,
        "Schema",
        "The schema that describes a SCIM schema",
        [
            string("id", "URN of the schema.").required(),
            string("name", "Name of the schema.").required(),
            string("description", "Description of the schema."),
            complex("attributes", "Attributes of the schema.", described)
                .many()
                .required(),
        ]
        .map(Attribute::read_only),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corrections_of_the_published_schema_are_applied() {
        let user = user();
        let emails = user.attribute("emails").unwrap();
        assert!(emails.multi_valued);
        assert!(
            user.attribute("addresses")
                .unwrap()
                .sub("primary")
                .is_some()
        );
        assert!(
            user.attribute("groups")
                .unwrap()
                .sub("value")
                .unwrap()
                .is_read_only()
        );
        let groups_ref = user.attribute("groups").unwrap().sub("$ref").unwrap();
        assert_eq!(groups_ref.reference_types, ["Group"]);
        assert!(groups_ref.case_exact);
        assert!(group().attribute("displayName").unwrap().required);
        assert!(
            group()
                .attribute("members")
                .unwrap()
                .sub("display")
                .is_some()
        );
        let enterprise = &user.extension(urn::ENTERPRISE_USER).unwrap().schema;
        let manager = enterprise.attributes.get("manager").unwrap();
        assert!(manager.sub("value").unwrap().case_exact);
        assert!(manager.sub("displayName").unwrap().is_read_only());
        let config = &discovery()[0];
        assert!(
            config
                .attributes
                .get("etag")
                .unwrap()
                .sub("supported")
                .is_some()
        );
    }

    #[test]
    fn only_schema_itself_nests_complex_attributes() {
        let core = [
            &user().schema,
            &group().schema,
            &user().extensions[0].schema,
        ];
        for attribute in core.iter().flat_map(|s| s.attributes.iter()) {
            assert!(
                attribute
                    .sub_attributes
                    .iter()
                    .all(|s| s.kind != Kind::Complex)
            );
            assert_eq!(
                attribute.kind == Kind::Complex,
                !attribute.sub_attributes.is_empty()
            );
        }
    }
}
