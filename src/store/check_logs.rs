//! The provisioning log, for `scimlab check`.

use redb::ReadableTable;

use super::check::Check;
use super::{Error, Reads, log_blocks, tables};
use crate::id::Seq;
use crate::model::LogHead;

impl Check<'_> {
    /// Every entry has its details, and a full block its description: what it says of the entries that are left.
    pub(super) fn logs(&mut self) -> Result<(), Error> {
        let (mut open, mut heads) = ((0, 0), Vec::<LogHead>::new());
        let count = self.each(
            tables::LOG_ENTRIES,
            |check, (tenant, seq), head: LogHead| {
                let details = check.snapshot.open(tables::LOG_DETAILS)?;
                if details.get((tenant, seq))?.is_none() {
                    check.say(format!("log entry {seq} of tenant {tenant} has no details"));
                }
                let block = (tenant, log_blocks::block(seq));
                if block != open {
                    check.log_block(open, &heads)?;
                    heads.clear();
                    open = block;
                }
                heads.push(head);
                Ok(())
            },
        )?;
        self.log_block(open, &heads)?;
        self.size(tables::LOG_DETAILS, count)
    }

    fn log_block(&mut self, key: (u64, u64), heads: &[LogHead]) -> Result<(), Error> {
        let blocks = self.snapshot.open(tables::LOG_BLOCKS)?;
        let stored = blocks.get(key)?;
        // Once its last position was given, whether or not that entry is still there.
        let (tenant, block) = key;
        let given = self.snapshot.counter(Seq(tenant), "log_entries")?;
        let full = !heads.is_empty() && given >= (block + 1) * log_blocks::SIZE - 1;
        let agrees = match stored {
            Some(bytes) => full && log_blocks::agrees(bytes.value(), heads),
            None => !full,
        };
        if !agrees {
            self.say(format!(
                "block {block} of the log of tenant {tenant} is described wrongly"
            ));
        }
        Ok(())
    }
}
