//! What time takes away: events kept long enough, recycle bins that are over; and what was begun and is not done yet. In
//! small writes, so that requests in between do not wait.

use crate::clock::Timestamp;
use crate::directory::okta::{apps, events};
use crate::directory::{dynamic, inbound, recycle_bin};
use crate::error::Result;
use crate::provider::audit;
use crate::store::Store;
use crate::sync::{applications, log_retention};

/// Removes what is over at `now`. Sessions follow the real clock and are swept by who serves them.
///
/// # Errors
/// The store's.
pub fn sweep(store: &Store, now: Timestamp) -> Result<()> {
    while store.write(move |tx| Ok::<_, crate::error::Error>(audit::sweep(tx, now)?.more))? {}
    while store.write(move |tx| recycle_bin::sweep(tx, now))? {}
    while store.write(move |tx| log_retention::sweep(tx, now))? {}
    while store.write(move |tx| inbound::sweep(tx, now))? {}
    while store.write(move |tx| events::sweep(tx, now))? {}
    work_off(store, now)
}

/// Weighs people against the rules of dynamic groups that were saved, and takes deleted applications apart, until
/// nothing is left to do.
///
/// # Errors
/// The store's.
pub fn work_off(store: &Store, now: Timestamp) -> Result<()> {
    while store.write(move |tx| dynamic::step(tx, now))? {}
    while store.write(applications::sweep)? {}
    while store.write(apps::sweep)? {}
    Ok(())
}
