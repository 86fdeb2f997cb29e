//! Row numbers that are missing, counted in buckets, so that a position in creation order is found
//! without a walk.
//!
//! Rows are numbered 1, 2, 3, ... and most numbers are taken. What is counted is the numbers that are
//! *not*: making a row writes nothing here, deleting one adds to three counters, and the number of
//! rows in a bucket is its size less its gaps. With a million rows a position costs at most 16 large
//! counters, 256 small ones and one bucket of 256 rows.
//!
//! The invariant that [`made`] keeps: rows plus gaps are the highest number ever put. A number that was
//! handed out and not used becomes a gap when the next row is put.

use redb::ReadableTable;

use super::tables::Definition;
use super::{Error, Reads, Write};
use crate::id::Seq;

/// `(team, level, bucket)` to the missing numbers in it.
pub(super) type Gaps = Definition<(u64, u8, u64), u64>;

/// Numbers per bucket, by level; level 2 is one bucket with everything.
const SIZES: [u64; 2] = [1 << 8, 1 << 16];
const ALL: u8 = 2;

/// The buckets a row number is in, one for each level.
fn buckets(row: Seq) -> [(u8, u64); 3] {
    let place = row.0.saturating_sub(1);
    [(0, place / SIZES[0]), (1, place / SIZES[1]), (ALL, 0)]
}

/// All missing numbers of a team.
pub(super) fn total(tx: &impl Reads, gaps: Gaps, team: Seq) -> Result<u64, Error> {
    Ok(tx
        .open(gaps)?
        .get((team.0, ALL, 0))?
        .map_or(0, |v| v.value()))
}

/// A row was put under a new number; `before` rows were there.
pub(super) fn made(
    tx: &Write<'_>,
    gaps: Gaps,
    team: Seq,
    row: Seq,
    before: u64,
) -> Result<(), Error> {
    let highest = before + total(tx, gaps, team)?;
    if row.0 <= highest {
        return count(tx, gaps, team, row, -1);
    }
    for unused in highest + 1..row.0 {
        count(tx, gaps, team, Seq(unused), 1)?;
    }
    Ok(())
}

/// A row was taken away.
pub(super) fn removed(tx: &Write<'_>, gaps: Gaps, team: Seq, row: Seq) -> Result<(), Error> {
    count(tx, gaps, team, row, 1)
}

fn count(tx: &Write<'_>, gaps: Gaps, team: Seq, row: Seq, by: i64) -> Result<(), Error> {
    let mut table = tx.table(gaps)?;
    for (level, bucket) in buckets(row) {
        let key = (team.0, level, bucket);
        let old = table.get(key)?.map_or(0, |v| v.value());
        match old.saturating_add_signed(by) {
            0 => table.remove(key)?,
            new => table.insert(key, new)?,
        };
    }
    Ok(())
}

/// The lowest number from which to walk, and how many rows to skip from there, to be at the row with
/// `position` rows before it.
pub(super) fn seek(
    table: &impl ReadableTable<(u64, u8, u64), u64>,
    team: Seq,
    position: u64,
) -> Result<(Seq, u64), Error> {
    let (mut first, mut left) = (0, position);
    for (level, size) in [(1, SIZES[1]), (0, SIZES[0])] {
        // Within the bucket of the level above, which begins at `first`.
        let mut bucket = first / size;
        let last = if level == 1 {
            u64::MAX
        } else {
            bucket + SIZES[1] / SIZES[0] - 1
        };
        let mut found = false;
        for entry in table.range((team.0, level, bucket)..=(team.0, level, last))? {
            let (key, gaps) = entry?;
            let (_, _, holey) = key.value();
            let full = (holey - bucket).saturating_mul(size);
            if left < full {
                break;
            }
            left -= full;
            bucket = holey;
            let rows = size.saturating_sub(gaps.value());
            if left < rows {
                found = true;
                break;
            }
            left -= rows;
            bucket += 1;
        }
        if !found {
            bucket = bucket.saturating_add(left / size);
            left %= size;
        }
        first = bucket.saturating_mul(size);
    }
    Ok((Seq(first.saturating_add(1)), left))
}

/// Counts again from the numbers that are taken, in ascending order; `highest` is the last number to
/// count. Calls `each` with every counter that is not zero.
pub(super) fn recount<E>(
    rows: impl Iterator<Item = Result<u64, E>>,
    highest: u64,
    mut each: impl FnMut(u8, u64, u64) -> Result<(), E>,
) -> Result<(), E> {
    let mut open: [(u64, u64); 3] = [(0, 0); 3];
    let mut next = 1;
    let mut note = |missing: u64, each: &mut dyn FnMut(u8, u64, u64) -> Result<(), E>| {
        for (level, bucket) in buckets(Seq(missing)) {
            let (at, count) = &mut open[usize::from(level)];
            if *at != bucket {
                if *count > 0 {
                    each(level, *at, *count)?;
                }
                (*at, *count) = (bucket, 0);
            }
            *count += 1;
        }
        Ok(())
    };
    for row in rows {
        let row = row?;
        for missing in next..row {
            note(missing, &mut each)?;
        }
        next = row + 1;
    }
    for missing in next..=highest {
        note(missing, &mut each)?;
    }
    for (level, (bucket, count)) in open.into_iter().enumerate() {
        if count > 0 {
            each(u8::try_from(level).unwrap_or(ALL), bucket, count)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{Store, tables};
    use super::*;

    const TEAM: Seq = Seq(3);

    /// Takes `0..count` of these numbers away and asks for positions.
    fn agrees(highest: u64, missing: &std::collections::BTreeSet<u64>, positions: &[u64]) {
        let store = Store::in_memory().unwrap();
        let gone = missing.clone();
        store
            .write(move |tx| {
                // Another team's gaps must not count.
                removed(tx, tables::USER_GAPS, Seq(2), Seq(1))?;
                removed(tx, tables::USER_GAPS, Seq(4), Seq(1))?;
                gone.iter()
                    .try_for_each(|row| removed(tx, tables::USER_GAPS, TEAM, Seq(*row)))
            })
            .unwrap();
        let there: Vec<u64> = (1..=highest).filter(|n| !missing.contains(n)).collect();
        let snapshot = store.read().unwrap();
        let table = snapshot.open(tables::USER_GAPS).unwrap();
        for &position in positions {
            let (first, skip) = seek(&*table, TEAM, position).unwrap();
            let found = there
                .iter()
                .filter(|n| **n >= first.0)
                .nth(usize::try_from(skip).unwrap());
            let expected = there.get(usize::try_from(position).unwrap());
            assert_eq!(found, expected, "position {position}");
            assert!(skip < SIZES[0], "a walk of {skip} rows");
        }
        let mut counted = Vec::new();
        recount(
            there.iter().map(|n| Ok::<_, Error>(*n)),
            highest,
            |level, bucket, count| {
                counted.push(((TEAM.0, level, bucket), count));
                Ok(())
            },
        )
        .unwrap();
        counted.sort_unstable();
        let kept: Vec<_> = table
            .range((TEAM.0, 0, 0)..=(TEAM.0, ALL, u64::MAX))
            .unwrap()
            .map(|e| e.map(|(k, v)| (k.value(), v.value())).unwrap())
            .collect();
        assert_eq!(kept, counted);
    }

    #[test]
    fn whole_buckets_may_be_missing() {
        let positions = [
            0,
            1,
            254,
            255,
            256,
            300,
            65_535,
            65_536,
            69_000,
            140_000,
            u64::from(u32::MAX),
        ];
        agrees(70_000, &std::collections::BTreeSet::new(), &positions);
        agrees(140_000, &(1..=66_000).collect(), &positions);
        agrees(140_000, &(200..=66_000).collect(), &positions);
        agrees(2_000, &(257..=1_024).collect(), &positions);
        agrees(0, &std::collections::BTreeSet::new(), &positions);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn a_position_is_found_as_a_walk_would_find_it(
            missing in proptest::collection::btree_set(1_u64..1_500, 0..900),
            positions in proptest::collection::vec(0_u64..1_600, 1..20),
        ) {
            agrees(1_500, &missing, &positions);
        }
    }
}
