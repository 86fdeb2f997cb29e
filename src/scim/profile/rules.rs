//! [`Rules`]: the named switches with which the pure core can be strict or lenient.
//!
//! A plain value handed to every parser; no code asks "which vendor is this". The switches are those
//! the standard leaves open or real clients need; each names the question it answers.

use serde::{Deserialize, Serialize};

/// What to do with something the schema does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unknown {
    /// Leave it out silently.
    Ignore,
    /// Fail the request.
    Refuse,
}

/// What PUT does with attributes the client left out (RFC 7644 section 3.5.1 leaves it open).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PutOmitted {
    /// Clear them, except those whose schema says `kept_when_omitted` (`active`, `externalId`) and a
    /// group's members.
    KeepProtected,
    /// Clear all of them.
    Clear,
    /// Leave all of them, sub-attributes too: PUT merges.
    Keep,
}

/// What to do with several elements of one attribute that all claim to be primary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MultiplePrimary {
    /// 400 `invalidValue`: RFC 7643 section 2.4 allows one.
    Refuse,
    /// The first stays primary.
    KeepFirst,
}

/// The switches. [`Rules::interop`] is what Entra ID and Okta need; [`Rules::strict`] is the letter of
/// the standard, for testing client code.
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent switches, each of which a person can turn"
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rules {
    /// `opCaseSensitive`: refuse `"op": "Add"`. Off in every preset.
    pub op_case_sensitive: bool,
    /// `coerceBooleanStrings`: take `"True"` and `"false"` for booleans, in bodies and filters.
    pub coerce_boolean_strings: bool,
    /// `dottedKeys`: read each key of a path-less PATCH value as a path (`name.givenName`,
    /// `urn:...:User:department`), and URN-colon keys in resource bodies.
    pub dotted_keys: bool,
    /// `removeWithValue`: a `remove` with a `value` removes the listed elements only.
    pub remove_with_value: bool,
    /// `createOnNoTarget`: `add` or `replace` on `attr[type eq "x"]` without a match makes the element.
    pub create_on_no_target: bool,
    /// `ignoreReadOnlyInValue`: skip `id`, `meta`, `groups` inside a path-less PATCH value, and an `id` in a
    /// PUT body that is not the id of the resource. Else the resource's own id is skipped and all others are
    /// refused.
    pub ignore_read_only_in_value: bool,
    /// `coerceShapes`: take a string for a complex attribute with a `value`, one element for an array,
    /// an array of one for a singular attribute.
    pub coerce_shapes: bool,
    /// `carrySelector`: `replace` of `attr[type eq "x"]` by an object keeps `type` when the object has none.
    pub carry_selector: bool,
    /// `filteredNames`: a value filter behind a name in `attributes` (`emails[type eq "work"]`, which tests of
    /// Microsoft's have sent) is ignored instead of refused.
    pub filtered_names: bool,
    /// `nullAdd`: `add` with a null value changes nothing instead of failing.
    pub null_add: bool,
    /// `replaceWithoutValue`: a `replace` of a group's members without a value empties the group.
    pub replace_without_value: bool,
    /// `unknownSchemas`: URNs in `schemas` that the resource type does not have, or has twice.
    pub unknown_schemas: Unknown,
    /// `unknownAttributes`: attributes in POST and PUT that no schema has.
    pub unknown_attributes: Unknown,
    /// `unknownPaths`: a PATCH of an attribute that no schema has.
    pub unknown_paths: Unknown,
    /// `putOmitted`.
    pub put_omitted: PutOmitted,
    /// `multiplePrimary`, in POST and PUT.
    pub multiple_primary: MultiplePrimary,
    /// `precisStrict`: user names must be those of RFC 8265.
    pub precis_strict: bool,
    /// `checkFormats`: countries are codes of ISO 3166-1, references are URIs, certificates are DER.
    pub check_formats: bool,
    /// `patchSchema`: a PATCH message must name the `PatchOp` schema.
    pub patch_schema: bool,
}

impl Rules {
    /// What Entra ID and Okta need; the default.
    pub const fn interop() -> Self {
        Self {
            op_case_sensitive: false,
            coerce_boolean_strings: true,
            dotted_keys: true,
            remove_with_value: true,
            create_on_no_target: true,
            ignore_read_only_in_value: true,
            coerce_shapes: true,
            carry_selector: true,
            filtered_names: true,
            null_add: true,
            replace_without_value: false,
            unknown_schemas: Unknown::Ignore,
            unknown_attributes: Unknown::Ignore,
            unknown_paths: Unknown::Refuse,
            put_omitted: PutOmitted::KeepProtected,
            multiple_primary: MultiplePrimary::Refuse,
            precis_strict: false,
            check_formats: false,
            patch_schema: true,
        }
    }

    /// The stricter reading wherever the standard has one.
    pub const fn strict() -> Self {
        Self {
            op_case_sensitive: false,
            coerce_boolean_strings: false,
            dotted_keys: false,
            remove_with_value: false,
            create_on_no_target: false,
            ignore_read_only_in_value: false,
            coerce_shapes: false,
            carry_selector: false,
            filtered_names: false,
            null_add: false,
            replace_without_value: false,
            unknown_schemas: Unknown::Refuse,
            unknown_attributes: Unknown::Refuse,
            unknown_paths: Unknown::Refuse,
            put_omitted: PutOmitted::Clear,
            multiple_primary: MultiplePrimary::Refuse,
            precis_strict: true,
            check_formats: true,
            patch_schema: true,
        }
    }

    /// What Postman's documented clients send: the lenient reading, PUT with some attributes only, attributes
    /// that Postman does not have, and PATCH messages that name another schema or none (a public collection
    /// of 2023 says `PutOp`).
    pub const fn postman() -> Self {
        Self {
            patch_schema: false,
            replace_without_value: true,
            unknown_paths: Unknown::Ignore,
            put_omitted: PutOmitted::Keep,
            ..Self::interop()
        }
    }
}
