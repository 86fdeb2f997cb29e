//! Invites of a team, and the index from an address to the one that is pending.

use std::ops::ControlFlow;

use redb::ReadableTable;

use super::accounts::name_key;
use super::{Error, Reads, Write, rows, tables};
use crate::id::Seq;
use crate::model::{Invite, InviteState};

/// The invite in this row.
pub fn find(tx: &impl Reads, team: Seq, invite: Seq) -> Result<Option<Invite>, Error> {
    rows::find(tx, tables::INVITES, (team.0, invite.0))
}

/// The pending invite for this sign-in name.
pub fn find_pending(tx: &impl Reads, team: Seq, address: &str) -> Result<Option<Invite>, Error> {
    let key = name_key(address);
    let seq = tx
        .open(tables::ADDRESS_TO_INVITE)?
        .get((team.0, key.as_str()))?
        .map(|v| v.value());
    match seq {
        Some(seq) => find(tx, team, Seq(seq)),
        None => Ok(None),
    }
}

/// Every invite of a team, oldest first.
pub fn list(tx: &impl Reads, team: Seq) -> Result<Vec<Invite>, Error> {
    let mut invites = Vec::new();
    rows::walk::<Invite, Error>(tx, tables::INVITES, team, Seq(0), |invite| {
        invites.push(invite);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(invites)
}

/// A row number for a new invite.
pub fn next_seq(tx: &Write<'_>, team: Seq) -> Result<Seq, Error> {
    tx.next_seq(team, "invites")
}

/// Inserts or replaces an invite. The caller has made sure that no other one for this address is
/// pending.
pub fn put(tx: &Write<'_>, team: Seq, invite: &Invite) -> Result<(), Error> {
    let pending = |i: &Invite| i.state == InviteState::Pending;
    let mut index = tx.table(tables::ADDRESS_TO_INVITE)?;
    if let Some(old) = find(tx, team, invite.seq)?.filter(pending) {
        index.remove((team.0, name_key(&old.email).as_str()))?;
    }
    if pending(invite) {
        index.insert((team.0, name_key(&invite.email).as_str()), invite.seq.0)?;
    }
    drop(index);
    rows::put(tx, tables::INVITES, (team.0, invite.seq.0), invite)
}
