//! What time takes away: events kept long enough, recycle bins that are over. In small writes, so that requests in
//! between do not wait.

use crate::clock::Timestamp;
use crate::error::Result;
use crate::provider::audit;
use crate::store::Store;

/// Removes what is over at `now`. Sessions follow the real clock and are swept by who serves them.
///
/// # Errors
/// The store's.
pub fn sweep(store: &Store, now: Timestamp) -> Result<()> {
    while store.write(move |tx| Ok::<_, crate::error::Error>(audit::sweep(tx, now)?.more))? {}
    Ok(())
}
