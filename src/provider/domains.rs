//! Domains that a team claims. A verified one lets SCIM take existing accounts in without an invite and
//! change their `userName` (Learning Center, "Configure SCIM"; `scim::profile`).
//!
//! Nothing is looked up: an appliance without a network cannot ask DNS, so an administrator marks a
//! domain as verified, and the row says that it was done by hand. One domain is verified by one team.

use super::notices::{self, DomainEvent};
use super::{audit, invites};
use crate::access::permission::ManageDomains;
use crate::access::{May, Member};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Guid, Nonce, Seq};
use crate::model::{Domain, Operation, Outcome, Verification, VerificationMethod};
use crate::scim::key::prepare;
use crate::store::{Reads, Write, domains as rows};

const KIND: &str = "Domain";

/// Claims a domain for the team, not verified yet. The random bytes are its TXT record's.
///
/// # Errors
/// It is no domain name, or was added before.
pub fn add(
    tx: &Write<'_>,
    member: &May<ManageDomains>,
    name: &str,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Domain> {
    let name = domain_name(name).ok_or_else(|| {
        Error::field(
            "name",
            "Enter a domain such as example.com, without the part before the @.",
        )
    })?;
    if rows::find(tx, member.team, &name)?.is_some() {
        return Err(Error::field("name", "The team has this domain already."));
    }
    let domain = Domain {
        name,
        added: now,
        record: Guid::from_nonce(nonce).to_string(),
        verified: None,
    };
    rows::put(tx, member.team, &domain)?;
    record(
        tx,
        member,
        now,
        Operation::DomainAdd,
        &domain,
        Outcome::Done,
    )?;
    let (team, by) = (member.team, member.name.as_str());
    notices::domain(tx, team, DomainEvent::Added, &domain.name, by, now)?;
    Ok(domain)
}

/// The value of the TXT record that shows that a domain is the team's; none for a domain that was added
/// before there was one.
pub fn txt_record(domain: &Domain) -> Option<String> {
    (!domain.record.is_empty()).then(|| format!("scimlab-domain-verification={}", domain.record))
}

/// *Mark as verified*. Doing it twice changes nothing. Whoever was invited from the domain and has an account
/// joins (Learning Center, "Verify your organization's domain"); `nonce` makes their ids.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when another team verified it.
pub fn mark_verified(
    tx: &Write<'_>,
    member: &May<ManageDomains>,
    name: &str,
    nonce: Nonce,
    now: Timestamp,
) -> Result<Domain> {
    let mut domain = get(tx, member, name)?;
    let outcome = if domain.verified.is_some() {
        Outcome::Unchanged
    } else {
        if rows::verified_by(tx, &domain.name)?.is_some() {
            return Err(Error::Conflict {
                attribute: "name",
                detail: format!(
                    "Another team of this appliance has verified {}. It must remove the domain first.",
                    domain.name
                ),
            });
        }
        domain.verified = Some(Verification {
            at: now,
            how: VerificationMethod::Manual,
            by: member.name.clone(),
        });
        rows::put(tx, member.team, &domain)?;
        Outcome::Done
    };
    record(tx, member, now, Operation::DomainVerify, &domain, outcome)?;
    if outcome == Outcome::Done {
        let (team, by) = (member.team, member.name.as_str());
        notices::domain(tx, team, DomainEvent::Verified, &domain.name, by, now)?;
        invites::join_covered(tx, team, &domain.name, nonce, now)?;
    }
    Ok(domain)
}

/// Gives a domain up; members stay.
///
/// # Errors
/// [`Error::NotFound`].
pub fn remove(
    tx: &Write<'_>,
    member: &May<ManageDomains>,
    name: &str,
    now: Timestamp,
) -> Result<()> {
    let domain = get(tx, member, name)?;
    rows::remove(tx, member.team, &domain)?;
    record(
        tx,
        member,
        now,
        Operation::DomainRemove,
        &domain,
        Outcome::Done,
    )
}

/// One domain of the team.
///
/// # Errors
/// [`Error::NotFound`].
pub fn get(tx: &impl Reads, member: &May<ManageDomains>, name: &str) -> Result<Domain> {
    let unknown = || Error::not_found(KIND, super::shown(name));
    let key = domain_name(name).ok_or_else(unknown)?;
    rows::find(tx, member.team, &key)?.ok_or_else(unknown)
}

/// Every domain of the team, by name.
///
/// # Errors
/// The store's.
pub fn list(tx: &impl Reads, member: &May<ManageDomains>) -> Result<Vec<Domain>> {
    Ok(rows::list(tx, member.team)?)
}

/// Whether the team verified the domain of this address. Text without an @ has none.
pub(super) fn covers(tx: &impl Reads, team: Seq, address: &str) -> Result<bool> {
    match prepare(address).rsplit_once('@') {
        Some((_, domain)) => Ok(rows::verified_by(tx, domain)? == Some(team)),
        None => Ok(false),
    }
}

/// Whether an address is of a domain, which is in the form in which it is kept.
pub(super) fn is_of(address: &str, domain: &str) -> bool {
    prepare(address)
        .rsplit_once('@')
        .is_some_and(|(_, of)| of == domain)
}

fn record(
    tx: &Write<'_>,
    member: &Member,
    now: Timestamp,
    operation: Operation,
    domain: &Domain,
    outcome: Outcome,
) -> Result<()> {
    let (team, by) = (member.team, member);
    audit::of_action(tx, team, by, now, operation, &domain.name, outcome)
}

/// The name in the form in which it is kept and compared; `None` when it is no domain name.
fn domain_name(text: &str) -> Option<String> {
    let name = prepare(text.trim().trim_end_matches('.'));
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let fits = name.len() <= 253 && name.contains('.') && name.split('.').all(is_label);
    fits.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{self, Store};

    const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

    #[test]
    fn a_domain_name_has_one_form_and_needs_two_labels() {
        for (text, name) in [
            ("example.com", Some("example.com")),
            (" Example.COM. ", Some("example.com")),
            ("a-b.example.co.uk", Some("a-b.example.co.uk")),
            ("localhost", None),
            ("@example.com", None),
            ("ada@example.com", None),
            ("-a.example", None),
            ("a..example", None),
            ("exa mple.com", None),
            ("", None),
        ] {
            assert_eq!(domain_name(text).as_deref(), name, "{text:?}");
        }
        assert_eq!(domain_name(&format!("{}.com", "a".repeat(64))), None);
        assert_eq!(domain_name(&"a.".repeat(130)), None);
    }

    #[test]
    fn one_team_verifies_a_domain_until_it_gives_it_up() {
        let store = Store::in_memory().unwrap();
        let [ours, theirs] = [1, 2].map(|team| Member::of_this_process(Seq(team)));
        let (a, b) = (ours.clone(), theirs.clone());
        store
            .write(move |tx| {
                add(tx, &a.may()?, "Example.com", Nonce::random(), NOW)?;
                add(tx, &b.may()?, "example.com", Nonce::random(), NOW)?;
                assert!(!covers(tx, a.team, "ada@example.com")?, "claimed only");
                mark_verified(tx, &a.may()?, "EXAMPLE.com", Nonce([1; 16]), NOW)?;
                mark_verified(tx, &a.may()?, "example.com", Nonce([1; 16]), NOW)?;
                assert!(covers(tx, a.team, "ada@EXAMPLE.com")?);
                assert!(!covers(tx, a.team, "ada@mail.example.com")?);
                assert!(!covers(tx, a.team, "example.com")?);
                assert!(!covers(tx, b.team, "ada@example.com")?);
                Ok::<_, Error>(())
            })
            .unwrap();
        let b = theirs.clone();
        let refused =
            store.write(move |tx| mark_verified(tx, &b.may()?, "example.com", Nonce([1; 16]), NOW));
        assert!(matches!(refused, Err(Error::Conflict { .. })));
        let b = ours.clone();
        let again = store.write(move |tx| add(tx, &b.may()?, "example.com.", Nonce::random(), NOW));
        assert!(matches!(again, Err(Error::Field { .. })));
        assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
        store
            .write(move |tx| {
                remove(tx, &ours.may()?, "example.com", NOW)?;
                assert!(list(tx, &ours.may()?)?.is_empty());
                mark_verified(tx, &theirs.may()?, "example.com", Nonce([1; 16]), NOW)?;
                covers(tx, theirs.team, "ada@example.com")
            })
            .unwrap();
        assert_eq!(store::check(&store.read().unwrap()).unwrap(), []);
    }
}
