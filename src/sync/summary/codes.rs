//! The error codes of the provisioning logs: what each means and what to do about it.
//!
//! Codes and meanings are those of Microsoft's "Understand how provisioning logs" and of the portal; advice is ours
//! where nothing is published. Codes that only inbound or cross-tenant jobs meet are in it too, so that an entry with
//! one is explained.

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code {
    /// `errorCode`.
    pub code: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What to do.
    pub advice: &'static str,
}

/// The row of a code.
pub fn find(code: &str) -> Option<&'static Code> {
    CODES.iter().find(|row| row.code == code)
}

const fn row(code: &'static str, meaning: &'static str, advice: &'static str) -> Code {
    Code {
        code,
        meaning,
        advice,
    }
}

const NEXT_CYCLE: &str = "Nothing has to be done: it is tried again with the next cycle, after 40 minutes. Look into the application if it goes on.";
const RIGHTS: &str = "Give the credentials of this job the right to do it in the application, then test the connection.";
const REQUIRED: &str =
    "Map the attribute that the application requires, or give the mapping a default value.";

/// Every code.
pub const CODES: &[Code] = &[
    row(
        "Conflict",
        "Conflicting attribute values: a value that must be unique is taken.",
        "Correct the attribute values in the source or in the application, or look at the matching attribute if the account that is there should have been matched.",
    ),
    row(
        "EntryConflict",
        "Conflicting attribute values: an object with the same unique value exists in the application.",
        "Correct the attribute values in the source or in the application, or look at the matching attribute if the account that is there should have been matched.",
    ),
    row(
        "TooManyRequests",
        "The application is overloaded or limits requests.",
        NEXT_CYCLE,
    ),
    row(
        "InternalServerError",
        "The application had an unexpected error.",
        NEXT_CYCLE,
    ),
    row(
        "InsufficientRights",
        "The credentials are valid but not allowed to do this.",
        RIGHTS,
    ),
    row(
        "MethodNotAllowed",
        "The application does not allow this method.",
        "Make the application support the method, or switch the target object action off.",
    ),
    row(
        "NotPermitted",
        "The credentials are valid but not permitted to do this.",
        RIGHTS,
    ),
    row(
        "Unauthorized",
        "The application does not accept the credentials for this request.",
        RIGHTS,
    ),
    row(
        "UnprocessableEntity",
        "The application answered in an unexpected way: it understood the request and refuses its content.",
        "Correct the value that the application refuses, or its mapping.",
    ),
    row(
        "WebExceptionProtocolError",
        "An HTTP protocol error: no usable answer came.",
        NEXT_CYCLE,
    ),
    row(
        "InvalidAnchor",
        "An object that was created or matched before is gone from the application.",
        "Restart provisioning and clear the links, so that objects are matched again.",
    ),
    row(
        "NotImplemented",
        "The application answered that it does not support this operation.",
        "Make the application support it.",
    ),
    row(
        "MandatoryFieldsMissing",
        "Required values are missing.",
        REQUIRED,
    ),
    row("MissingValues", "Required values are missing.", REQUIRED),
    row(
        "SchemaAttributeNotFound",
        "A mapped attribute does not exist in the application.",
        "Remove the mapping, or correct the name in the attribute list.",
    ),
    row(
        "InternalError",
        "An error inside the provisioning service.",
        NEXT_CYCLE,
    ),
    row(
        "InvalidDomain",
        "A value has a domain name that the application does not permit.",
        "Add the domain to the permitted ones in the application, or change the value in the source.",
    ),
    row(
        "Timeout",
        "The application took too long to answer.",
        NEXT_CYCLE,
    ),
    row(
        "LicenseLimitExceeded",
        "The application has no more licences.",
        "Get more licences for the application, or remove assignments.",
    ),
    row(
        "DuplicateTargetEntries",
        "More than one object of the application has the value of the matching attribute.",
        "Remove the duplicates in the application, or choose another matching attribute.",
    ),
    row(
        "DuplicateSourceEntries",
        "More than one object of the source has the value of the matching attribute.",
        "Remove the duplicates in the source, or choose another matching attribute.",
    ),
    row(
        "ImportSkipped",
        "The object has no value for the matching attribute, so it was not looked at any further.",
        "Give it a value, or choose another matching attribute.",
    ),
    row(
        "EntrySynchronizationSkipped",
        "The object was found, and is out of scope or has nothing to change.",
        "Look at the steps for the reason; nothing has to be done if it is meant so.",
    ),
    row(
        "RedundantExport",
        "Source and application agree: there is nothing to change.",
        "Nothing has to be done.",
    ),
    row(
        "NotEffectivelyEntitled",
        "The object is not assigned, is out of scope, is disabled in the source or has no role.",
        "Assign it or change the scoping filters, if it is meant to be provisioned.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementMultipleEntriesInResponse",
        "One object was asked for and several came back, or members although they were excluded.",
        "Make the application answer with one object, and honour excludedAttributes=members.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementServiceIncompatible",
        "The answer cannot be read as SCIM.",
        "Check that the tenant URL is the base of a SCIM 2.0 endpoint.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementBadRequest",
        "The application refused the request as malformed.",
        "Read what it answered, and correct the value or the attribute mapping.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering",
        "The filter of the application does not work as required.",
        "Make the application answer filters with the objects that match, and no others.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementCredentialValidationFailure",
        "The application does not accept the credentials.",
        "Correct the Tenant URL or the Secret Token, then use Test Connection.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable",
        "The credentials could not be validated, because the application did not answer as expected.",
        "Check that the application is running, then use Test Connection.",
    ),
    row(
        "SystemForCrossDomainIdentityManagementInvalidCredentials",
        "The tenant URL or the credentials cannot be used.",
        "Correct the Tenant URL or the Secret Token, then use Test Connection.",
    ),
    row(
        "SchemaPropertyCanOnlyAcceptValue",
        "Several values are mapped to an attribute that takes one.",
        "Map a single-valued source attribute, or choose one value with an expression.",
    ),
    row(
        "UnableToResolveReferenceAttributeValue",
        "A manager or member cannot be resolved: it is out of scope or not provisioned yet.",
        "Bring the referenced object into scope, then change the referring object, provision it on demand, or restart provisioning.",
    ),
    row(
        "AzureActiveDirectoryInvalidUserPrincipalName",
        "The user principal name has characters that are not allowed (inbound jobs).",
        "Correct the value or its mapping.",
    ),
    row(
        "AzureActiveDirectoryForbidden",
        "The directory does not allow the change (cross-tenant and inbound jobs).",
        "Look at the policies of the directory.",
    ),
    row(
        "AzureDirectoryB2BManagementPolicyCheckFailure",
        "A cross-tenant policy does not allow the invitation.",
        "Allow automatic redemption in the cross-tenant access settings of both tenants.",
    ),
    row(
        "AzureActiveDirectoryQuotaLimitExceeded",
        "The target tenant holds as many objects as it may (cross-tenant jobs).",
        "Remove objects there, or have the quota raised.",
    ),
    row(
        "AzureActiveDirectoryCannotUpdateObjectsOriginatedInExternalService",
        "The object comes from another service, which alone may change it (cross-tenant jobs).",
        "Change it where it comes from.",
    ),
    row(
        "InvitationCreationFailure",
        "The invitation could not be made (cross-tenant jobs).",
        "Look at the external collaboration settings of the target tenant.",
    ),
    row(
        "InvitationCreationFailureInvalidPropertyValue",
        "The invitation has an unacceptable address (cross-tenant jobs).",
        "Correct the mail address of the person.",
    ),
];
