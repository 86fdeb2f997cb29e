//! Tenants: create, rename, and the directory extensions that a tenant defines.
//!
//! Every tenant is a directory of its own with a default domain. An extension attribute is named after the application
//! in whose name it was defined; those that belong to none are the *Tenant Schema Extension App*'s, as when Entra
//! Connect makes them.

use super::attributes::AttributeChange;
use crate::access::Operator;
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Seq};
use crate::model::{DirectoryExtension, ExtensionType, ObjectKind, Tenant};
use crate::store::{Reads, Write, directory as rows};

/// Longest name of a tenant, in characters.
pub const NAME_LIMIT: usize = 256;
/// Most extensions of one tenant; each is a column of every export.
const EXTENSIONS: usize = 100;
/// Longest name of an extension, without what stands before it.
const EXTENSION_NAME: usize = 64;

/// A tenant to be created, or what an existing one is to be called.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenantName {
    /// Shown in the console. Need not be unique.
    pub name: String,
    /// Default domain; unique, since people are found by it.
    pub domain: String,
}

impl TenantName {
    fn checked(&self, tx: &impl Reads, itself: Option<Seq>) -> Result<Self> {
        let (name, domain) = (self.name.trim(), self.domain.trim().to_lowercase());
        if name.is_empty() {
            return Err(Error::field("name", "the tenant needs a name"));
        }
        if name.chars().count() > NAME_LIMIT {
            return Err(Error::field(
                "name",
                format!("the name of a tenant has at most {NAME_LIMIT} characters"),
            ));
        }
        check_domain(&domain)?;
        let taken = rows::tenants(tx)?
            .into_iter()
            .find(|other| other.domain.eq_ignore_ascii_case(&domain) && Some(other.seq) != itself);
        match taken {
            Some(other) => Err(Error::field(
                "domain",
                format!("{domain} is the domain of {} already", other.name),
            )),
            None => Ok(Self {
                name: name.to_owned(),
                domain,
            }),
        }
    }
}

/// Whether this can be the default domain of a tenant.
///
/// # Errors
/// `Field` when it is no domain name.
pub fn check_domain(domain: &str) -> Result<()> {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    if domain.len() <= 253 && domain.contains('.') && domain.split('.').all(label) {
        Ok(())
    } else {
        Err(Error::field(
            "domain",
            "enter a domain such as contoso.example",
        ))
    }
}

/// Makes an empty tenant.
///
/// # Errors
/// `Field` for a name or domain that is none or a domain that is taken, the store's.
pub fn create(
    tx: &Write<'_>,
    _operator: &Operator,
    wanted: &TenantName,
    id: Guid,
    now: Timestamp,
) -> Result<Tenant> {
    let TenantName { name, domain } = wanted.checked(tx, None)?;
    let tenant = Tenant {
        seq: rows::next_tenant_seq(tx)?,
        id,
        name,
        domain,
        created: now,
        extensions: Vec::new(),
        schema_extension_app: None,
    };
    rows::put_tenant(tx, &tenant)?;
    Ok(tenant)
}

/// Gives a tenant another name or default domain. People keep their names.
///
/// # Errors
/// As [`create`]; `NotFound`.
pub fn rename(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    wanted: &TenantName,
) -> Result<Tenant> {
    let mut tenant = get(tx, tenant)?;
    let TenantName { name, domain } = wanted.checked(tx, Some(tenant.seq))?;
    (tenant.name, tenant.domain) = (name, domain);
    rows::put_tenant(tx, &tenant)?;
    Ok(tenant)
}

/// The tenant in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, tenant: Seq) -> Result<Tenant> {
    rows::tenant(tx, tenant)?.ok_or_else(|| Error::not_found("Tenant", tenant))
}

/// Every tenant, oldest first.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, _operator: &Operator) -> Result<Vec<Tenant>> {
    Ok(rows::tenants(tx)?)
}

/// A directory extension to be defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExtension {
    /// Its own part of the name: letters, digits and underscores; case matters.
    pub name: String,
    /// What it holds.
    pub data_type: ExtensionType,
    /// Whose it can be.
    pub target: ObjectKind,
    /// Application in whose name it is defined; none is the *Tenant Schema Extension App*.
    pub application: Option<Guid>,
}

/// Defines a directory extension. `app` becomes the application id of the *Tenant Schema Extension App* if the tenant
/// has none yet.
///
/// # Errors
/// `Field` for a name that is none or is taken, or too many extensions; `NotFound`; the store's.
pub fn define(
    tx: &Write<'_>,
    _operator: &Operator,
    tenant: Seq,
    new: &NewExtension,
    app: Guid,
) -> Result<DirectoryExtension> {
    let mut tenant = get(tx, tenant)?;
    let own = new.name.trim();
    let fits = own.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if own.is_empty() || own.len() > EXTENSION_NAME || !fits {
        return Err(Error::field(
            "name",
            format!(
                "the name of an extension is made of letters, digits and underscores, at most {EXTENSION_NAME}"
            ),
        ));
    }
    if tenant.extensions.len() >= EXTENSIONS {
        return Err(Error::field(
            "name",
            format!("a tenant has at most {EXTENSIONS} extensions"),
        ));
    }
    let owner = match new.application {
        Some(application) => application,
        None => *tenant.schema_extension_app.get_or_insert(app),
    };
    let extension = DirectoryExtension {
        name: format!("extension_{}_{own}", owner.to_string().replace('-', "")),
        data_type: new.data_type,
        target: new.target,
    };
    if tenant.extensions.iter().any(|e| e.name == extension.name) {
        return Err(Error::field(
            "name",
            format!("{} is defined already", extension.name),
        ));
    }
    tenant.extensions.push(extension.clone());
    rows::put_tenant(tx, &tenant)?;
    Ok(extension)
}

/// Takes a definition away. Values that objects have stay with them, as in Entra, and can no longer be set.
///
/// # Errors
/// `NotFound` for either, the store's.
pub fn undefine(tx: &Write<'_>, _operator: &Operator, tenant: Seq, name: &str) -> Result<()> {
    let mut tenant = get(tx, tenant)?;
    let before = tenant.extensions.len();
    tenant.extensions.retain(|extension| extension.name != name);
    if tenant.extensions.len() == before {
        return Err(Error::not_found("Extension", name));
    }
    Ok(rows::put_tenant(tx, &tenant)?)
}

/// The extensions that users or groups of a tenant can have, in the order in which they were defined: they come on top
/// of the standard source attributes.
///
/// # Errors
/// The store's.
pub fn extensions(
    tx: &impl Reads,
    tenant: Seq,
    target: ObjectKind,
) -> Result<Vec<DirectoryExtension>> {
    let mut all = rows::tenant(tx, tenant)?.map_or_else(Vec::new, |tenant| tenant.extensions);
    all.retain(|extension| extension.target == target);
    Ok(all)
}

/// The changes with every extension in the form of its type. A tenant without a row is one that a seed is still
/// loading: it takes every extension as it is, and has those defined at the end.
///
/// # Errors
/// `Field` for an extension that is not defined, or a value that does not fit it; the store's.
pub(super) fn typed(
    tx: &impl Reads,
    tenant: Seq,
    target: ObjectKind,
    changes: &[AttributeChange],
) -> Result<Vec<AttributeChange>> {
    if !changes.iter().any(AttributeChange::is_extension) {
        return Ok(changes.to_vec());
    }
    let Some(tenant) = rows::tenant(tx, tenant)? else {
        return Ok(changes.to_vec());
    };
    let one = |change: &AttributeChange| {
        if !change.is_extension() {
            return Ok(change.clone());
        }
        let known = tenant
            .extensions
            .iter()
            .find(|e| e.name == change.name() && e.target == target);
        match known {
            Some(extension) => change.clone().typed(extension.data_type),
            None if change.value().is_none() => Ok(change.clone()),
            None => Err(Error::field(
                "attributes",
                format!(
                    "{} is not defined for {}s of this tenant; define it first",
                    change.name(),
                    target.name().to_lowercase()
                ),
            )),
        }
    };
    changes.iter().map(one).collect()
}
