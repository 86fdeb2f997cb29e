//! The whole store as sorted text: `scimlab dump` and snapshot tests.
//!
//! One line a row, `TABLE key value`, in the order of the tables and of their keys; rows are shown as
//! the JSON they are kept as. Contains digests and sealed secrets, never a clear one.

use std::fmt::Write as _;
use std::io;

use redb::ReadableTable;

use super::tables::{self, Definition, Visitor};
use super::{Error, Reads, Snapshot};

/// A value as a dump shows it.
pub(crate) trait Printed {
    /// Appends the text.
    fn print(&self, to: &mut String);
}

impl Printed for &[u8] {
    fn print(&self, to: &mut String) {
        match self.split_first() {
            // JSON has no control characters: this is no JSON.
            Some((version, bytes)) if bytes.iter().any(|byte| *byte < b' ') => {
                let _ = write!(to, "v{version} ");
                for byte in bytes {
                    let _ = write!(to, "{byte:02x}");
                }
            }
            Some((version, json)) => {
                let _ = write!(to, "v{version} {}", String::from_utf8_lossy(json));
            }
            None => to.push_str("(empty)"),
        }
    }
}

macro_rules! printed_by_debug {
    ($($type:ty),*) => {
        $(impl Printed for $type {
            fn print(&self, to: &mut String) {
                let _ = write!(to, "{self:?}");
            }
        })*
    };
}
printed_by_debug!(u64, &str, (), (u64, u64), (u8, u64));

struct Dump<'a, W> {
    snapshot: &'a Snapshot,
    to: W,
}

impl<W: io::Write> Visitor for Dump<'_, W> {
    type Error = Error;

    fn table<K: redb::Key + 'static, V: redb::Value + 'static>(
        &mut self,
        definition: Definition<K, V>,
    ) -> Result<(), Error>
    where
        for<'a> V::SelfType<'a>: Printed,
    {
        use redb::TableHandle as _;
        let table = self.snapshot.open(definition)?;
        let mut line = String::new();
        for row in table.iter()? {
            let (key, value) = row?;
            line.clear();
            let _ = write!(line, "{} {:?} ", definition.engine.name(), key.value());
            value.value().print(&mut line);
            line.push('\n');
            self.to
                .write_all(line.as_bytes())
                .map_err(|e| Error::Output(e.to_string()))?;
        }
        Ok(())
    }
}

/// Writes the whole store as text.
///
/// # Errors
/// The engine's, or the writer's.
pub fn dump(snapshot: &Snapshot, to: impl io::Write) -> Result<(), Error> {
    tables::visit(&mut Dump { snapshot, to })
}
