//! The URNs of RFC 7643 and RFC 7644 that scimlab speaks.

/// Schema of a user, RFC 7643 section 4.1.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
/// Schema of a group, RFC 7643 section 4.2.
pub const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
/// Enterprise extension of a user, RFC 7643 section 4.3.
pub const ENTERPRISE_USER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
/// Schema of the service provider configuration, RFC 7643 section 5.
pub const SERVICE_PROVIDER_CONFIG: &str =
    "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig";
/// Schema of a resource type, RFC 7643 section 6.
pub const RESOURCE_TYPE: &str = "urn:ietf:params:scim:schemas:core:2.0:ResourceType";
/// Schema of a schema, RFC 7643 section 7.
pub const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Schema";

/// Message: a page of resources, RFC 7644 section 3.4.2.
pub const LIST_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
/// Message: a query by POST, RFC 7644 section 3.4.3.
pub const SEARCH_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
/// Message: a modification, RFC 7644 section 3.5.2.
pub const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
/// Message: several operations at once, RFC 7644 section 3.7.
pub const BULK_REQUEST: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// Message: the answer to a bulk request, RFC 7644 section 3.7.
pub const BULK_RESPONSE: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";
/// Message: an error, RFC 7644 section 3.12.
pub const ERROR: &str = "urn:ietf:params:scim:api:messages:2.0:Error";
