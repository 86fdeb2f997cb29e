//! Orgs: made with their group *Everyone*, and the API tokens that open their management APIs.

use super::events::{Cause as Doer, Event, EventType, record};
use super::refusal::{BLANK, Refusal, Result, TAKEN};
use crate::access::{Operator, OrgAdministrator};
use crate::clock::Timestamp;
use crate::id::{OktaId, OktaKind, Seq};
use crate::model::okta::{EventTarget, GroupType, OktaGroup, OktaToken, OktaUser, Org};
use crate::secret::Plain;
use crate::store::okta::{groups as group_rows, orgs as rows, users as user_rows};
use crate::store::{Reads, Write, accounts};

/// Longest name of an org or a token, in characters.
const NAME_LIMIT: usize = 100;
/// Most tokens of an org.
const TOKENS: usize = 50;

/// The org in a row.
///
/// # Errors
/// `NotFound`, the store's.
pub fn get(tx: &impl Reads, org: Seq) -> Result<Org> {
    rows::find(tx, org)?.ok_or_else(|| Refusal::not_found("Org", org))
}

/// Whether people of an org have an attribute of this name.
pub fn has_attribute(org: &Org, name: &str) -> bool {
    let base = &crate::mapping::okta::USER_ATTRIBUTES;
    base.iter().any(|attribute| attribute.name == name)
        || org
            .attributes
            .iter()
            .any(|attribute| attribute.name == name)
}

/// Makes an org with nobody in it.
///
/// # Errors
/// `Invalid` for a name or subdomain that is none, or a subdomain that is taken; the store's.
pub fn create(
    tx: &Write<'_>,
    operator: &Operator,
    name: &str,
    subdomain: &str,
    now: Timestamp,
) -> Result<Org> {
    let name = checked_name(name)?;
    let subdomain = checked_subdomain(tx, subdomain)?;
    let seq = rows::next_seq(tx)?;
    let everyone = OktaGroup {
        seq: group_rows::next_seq(tx, seq)?,
        kind: GroupType::BuiltIn,
        name: "Everyone".to_owned(),
        description: "All users in your organization".to_owned(),
        app: None,
        external_id: None,
        member_count: 0,
        created: now,
        last_updated: now,
        last_membership_updated: now,
    };
    group_rows::put(tx, seq, &everyone)?;
    let org = Org {
        seq,
        name,
        subdomain,
        created: now,
        everyone: everyone.seq,
        attributes: Vec::new(),
    };
    rows::put(tx, &org)?;
    let administrator = OrgAdministrator::of(operator, seq);
    tell(tx, &administrator, EventType::OrgCreate, &org, now)?;
    Ok(org)
}

/// The oldest org; one is made when there is none.
///
/// # Errors
/// The store's.
pub fn first_or_new(tx: &Write<'_>, operator: &Operator, now: Timestamp) -> Result<Org> {
    match rows::all(tx)?.into_iter().next() {
        Some(org) => Ok(org),
        None => create(tx, operator, "Acme", "acme", now),
    }
}

/// Gives an org another name; the subdomain stays.
///
/// # Errors
/// `Invalid` for a name that is none, `NotFound`, the store's.
pub fn rename(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    name: &str,
    now: Timestamp,
) -> Result<Org> {
    let mut org = get(tx, administrator.org)?;
    org.name = checked_name(name)?;
    rows::put(tx, &org)?;
    tell(tx, administrator, EventType::OrgUpdate, &org, now)?;
    Ok(org)
}

/// Makes an API token; the value is shown once and not kept.
///
/// # Errors
/// `Invalid` for a name that is none or more than 50 tokens, `NotFound`, the store's.
pub fn create_token(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    name: &str,
    value: &Plain,
    now: Timestamp,
) -> Result<OktaToken> {
    let org = get(tx, administrator.org)?.seq;
    let name = checked_name(name)?;
    if rows::tokens(tx, org)?.len() >= TOKENS {
        let full = format!("an org has at most {TOKENS} tokens; revoke one first");
        return Err(Refusal::field("token", "name", full));
    }
    let token = OktaToken {
        seq: rows::next_token_seq(tx, org)?,
        name,
        digest: value.digest(),
        last_four: value.last_four(),
        by: administrator.name.clone(),
        account: administrator.account,
        created: now,
    };
    rows::put_token(tx, org, &token)?;
    tell_token(tx, administrator, EventType::TokenCreate, &token, now)?;
    Ok(token)
}

/// Makes the token whose value was preset, or finds it: what is preset at every start is made once.
///
/// # Errors
/// As [`create_token`]; `Invalid` when another org has it.
pub fn preset_token(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    value: &Plain,
    now: Timestamp,
) -> Result<OktaToken> {
    match rows::token_by_digest(tx, &value.digest())? {
        Some((org, token)) if org == administrator.org => Ok(token),
        Some(_) => Err(Refusal::field("token", "token", TAKEN)),
        None => create_token(tx, administrator, "preset", value, now),
    }
}

/// Revokes a token; it opens nothing any more.
///
/// # Errors
/// `NotFound`, the store's.
pub fn revoke_token(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    token: Seq,
    now: Timestamp,
) -> Result<OktaToken> {
    let org = administrator.org;
    let found =
        rows::token(tx, org, token)?.ok_or_else(|| Refusal::not_found("ApiToken", token))?;
    rows::remove_token(tx, org, &found)?;
    tell_token(tx, administrator, EventType::TokenRevoke, &found, now)?;
    Ok(found)
}

/// Who presents a token, if it is one.
///
/// # Errors
/// The store's.
pub fn authenticate(tx: &impl Reads, value: &Plain) -> Result<Option<OrgAdministrator>> {
    Ok(rows::token_by_digest(tx, &value.digest())?
        .map(|(org, token)| OrgAdministrator::by_token(org, &token)))
}

/// Whoever made a token.
#[derive(Debug, Clone)]
pub struct Creator {
    /// The token.
    pub token: OktaToken,
    /// The address that the account signs in with; none for the command line.
    pub address: Option<String>,
    /// The person of the org whose login is that address.
    pub person: Option<OktaUser>,
}

/// Who made the token that a call was let in with.
///
/// # Errors
/// `NotFound` for a caller without a token, and for one that was revoked meanwhile; the store's.
pub fn creator(tx: &impl Reads, administrator: &OrgAdministrator) -> Result<Creator> {
    let org = administrator.org;
    let row = administrator.token.unwrap_or(Seq(0));
    let token = rows::token(tx, org, row)?.ok_or_else(|| Refusal::not_found("ApiToken", row))?;
    let account = match token.account {
        Some(account) => accounts::find(tx, account)?,
        None => None,
    };
    let address = account.map(|account| account.sign_in_name);
    let person = match &address {
        Some(address) => user_rows::by_login(tx, org, address)?,
        None => None,
    };
    Ok(Creator {
        token,
        address,
        person,
    })
}

fn tell(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    kind: EventType,
    org: &Org,
    now: Timestamp,
) -> Result<()> {
    let id = OktaId::of_row(tx.mix(), OktaKind::Org, Seq(0), org.seq);
    let event = Event::success(kind, vec![target(id, "Org", &org.name)]);
    let doer = Doer::Administrator(administrator);
    record(tx, org.seq, doer, event, Vec::new(), now)?;
    Ok(())
}

fn tell_token(
    tx: &Write<'_>,
    administrator: &OrgAdministrator,
    kind: EventType,
    token: &OktaToken,
    now: Timestamp,
) -> Result<()> {
    let org = administrator.org;
    let id = OktaId::of_row(tx.mix(), OktaKind::ApiToken, org, token.seq);
    let event = Event::success(kind, vec![target(id, "Token", &token.name)]);
    record(
        tx,
        org,
        Doer::Administrator(administrator),
        event,
        Vec::new(),
        now,
    )?;
    Ok(())
}

fn target(id: OktaId, kind: &str, name: &str) -> EventTarget {
    EventTarget {
        id: id.to_string(),
        kind: kind.to_owned(),
        alternate_id: name.to_owned(),
        display_name: name.to_owned(),
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Refusal::field("name", "name", BLANK));
    }
    if name.chars().count() > NAME_LIMIT {
        let long = format!("The field is too long. It may have at most {NAME_LIMIT} characters");
        return Err(Refusal::field("name", "name", long));
    }
    Ok(name.to_owned())
}

/// A subdomain is the first label of the org's address.
fn checked_subdomain(tx: &impl Reads, subdomain: &str) -> Result<String> {
    let subdomain = subdomain.trim().to_lowercase();
    let label = !subdomain.is_empty()
        && subdomain.len() <= 63
        && !subdomain.starts_with('-')
        && !subdomain.ends_with('-')
        && subdomain
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !label {
        let sentence = "Enter up to 63 letters, digits and hyphens, such as contoso";
        return Err(Refusal::field("subdomain", "subdomain", sentence));
    }
    if rows::all(tx)?.iter().any(|org| org.subdomain == subdomain) {
        return Err(Refusal::field("subdomain", "subdomain", TAKEN));
    }
    Ok(subdomain)
}
