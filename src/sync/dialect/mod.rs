//! How Entra's provisioning service phrases its requests: one table of dialects, and the functions that
//! make requests of them. Pure: nothing here sends anything.
//!
//! The Tenant URL chooses: a *feature flag* among its query parameters. Follows Microsoft's "Known issues
//! and resolutions with SCIM 2.0 protocol compliance". To add a dialect, add a row; what no row can say
//! is a new column.

pub mod entra;
mod patch;

/// One way to phrase requests: a row of the table.
#[derive(Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a column of the table, on or off"
)]
pub struct Dialect {
    /// What pages and logs call it: the flag, or `default`.
    pub name: &'static str,
    /// Query parameters of a Tenant URL that choose it, compared without regard to case.
    pub flags: &'static [&'static str],
    /// What it says to a target that follows RFC 7644 to the letter; for pages.
    pub character: &'static str,
    /// Spelling of `op`.
    operations: Operations,
    /// Whether PATCH sends booleans as `"True"` and `"False"`, else as JSON booleans.
    boolean_texts: bool,
    /// Whether single values that the target has are replaced together, by one operation without path.
    combines: bool,
    /// Whether a member is removed by `members[value eq "…"]`, one operation each, else by a list of values.
    removes_by_filter: bool,
    /// Whether a manager is a plain text, as in Microsoft's samples, else an object with `value`.
    manager_as_text: bool,
    /// Whether a created group names Microsoft's own schema, which is no URN.
    microsoft_schema: bool,
    /// Whether added app roles are JSON text inside `value`, else objects as in a create request.
    roles_as_text: bool,
    /// Whether *Provision on demand* works; documented as not working with the flag.
    pub on_demand: bool,
}

#[derive(Debug, PartialEq, Eq)]
struct Operations {
    add: &'static str,
    replace: &'static str,
    remove: &'static str,
}

/// No flag: the format of 2017. `AzureAdScimPatch2017`, published for apps that run the newer one
/// without being asked, leads back to it.
pub static DEFAULT: Dialect = Dialect {
    name: "default",
    flags: &["AzureAdScimPatch2017"],
    character: "one operation per attribute, capitalised, with booleans as text",
    operations: Operations {
        add: "Add",
        replace: "Replace",
        remove: "Remove",
    },
    boolean_texts: true,
    combines: false,
    removes_by_filter: false,
    manager_as_text: true,
    microsoft_schema: true,
    roles_as_text: true,
    on_demand: true,
};

/// The flag for targets that follow RFC 7644, also under its older name.
pub static COMPLIANT: Dialect = Dialect {
    name: "aadOptscim062020",
    flags: &["aadOptscim062020", "AzureAdScimPatch062020"],
    character: "lower-case operations, real booleans, values replaced together",
    operations: Operations {
        add: "add",
        replace: "replace",
        remove: "remove",
    },
    boolean_texts: false,
    combines: true,
    removes_by_filter: true,
    manager_as_text: true,
    microsoft_schema: true,
    roles_as_text: false,
    on_demand: false,
};

/// Ours, not Microsoft's: what RFC 7643 and 7644 say to the letter, for targets that take nothing else. The service
/// has no such flag; with it one sees what a target does that Entra alone keeps from working.
pub static STANDARD: Dialect = Dialect {
    name: "rfc7644",
    flags: &["rfc7644"],
    character: "RFC 7644 to the letter, which the service does not offer",
    operations: Operations {
        add: "add",
        replace: "replace",
        remove: "remove",
    },
    boolean_texts: false,
    combines: false,
    removes_by_filter: true,
    manager_as_text: false,
    microsoft_schema: false,
    roles_as_text: false,
    on_demand: true,
};

/// Every dialect.
pub static DIALECTS: [&Dialect; 3] = [&DEFAULT, &COMPLIANT, &STANDARD];

/// The dialect that a query parameter of a Tenant URL chooses, if it is a flag. `flag`, `flag=` and
/// `flag=anything` are the same.
pub fn chosen_by(parameter: &str) -> Option<&'static Dialect> {
    let name = parameter
        .split_once('=')
        .map_or(parameter, |(name, _)| name);
    DIALECTS.into_iter().find(|dialect| {
        dialect
            .flags
            .iter()
            .any(|flag| flag.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_chooses_a_dialect() {
        for (parameter, name) in [
            ("aadOptscim062020", Some("aadOptscim062020")),
            ("AADOPTSCIM062020=", Some("aadOptscim062020")),
            ("AzureAdScimPatch062020=1", Some("aadOptscim062020")),
            ("AzureAdScimPatch2017", Some("default")),
            ("rfc7644", Some("rfc7644")),
            ("aadOptscim", None),
            ("code=aadOptscim062020", None),
            ("", None),
        ] {
            assert_eq!(chosen_by(parameter).map(|d| d.name), name, "{parameter}");
        }
    }
}
