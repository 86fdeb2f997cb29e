//! Pages of lists: how many, and behind which row. A page costs what is on it and what was looked at for it, never
//! what stands before it.

use serde_json::Value;

use super::failure::OktaFailure;
use crate::id::Seq;
use crate::store::Error;

/// Rows that are looked at for one page of a search before it ends early.
const SCANNED: usize = 20_000;
/// Rows that are read at once when a page is not full yet.
const PIECE: usize = 500;

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// Most items.
    pub(super) limit: usize,
    /// The row before the first one.
    pub(super) behind: Seq,
}

/// A part of a list.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Part {
    /// What is shown.
    pub(super) items: Vec<Value>,
    /// The row to go on behind, when there may be more.
    pub(super) next: Option<Seq>,
}

impl Page {
    /// Reads rows in their order until the page is full. `read` gives the first so many behind a row, `row` says
    /// which row it is, and `show` leaves out what does not fit.
    pub(super) fn fill<R>(
        self,
        read: impl Fn(Seq, usize) -> Result<Vec<R>, Error>,
        row: impl Fn(&R) -> Seq,
        show: impl Fn(&R) -> Result<Option<Value>, OktaFailure>,
    ) -> Result<Part, OktaFailure> {
        let mut part = Part::default();
        let (mut behind, mut seen) = (self.behind, 0);
        // One more tells whether there is a next page.
        let mut piece = self.limit.saturating_add(1);
        loop {
            let rows = read(behind, piece)?;
            let last = rows.len() < piece;
            for found in rows {
                if part.items.len() == self.limit || seen == SCANNED {
                    part.next = Some(behind);
                    return Ok(part);
                }
                (seen, behind) = (seen + 1, row(&found));
                part.items.extend(show(&found)?);
            }
            if last {
                return Ok(part);
            }
            piece = PIECE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages(rows: u64, limit: usize, fits: impl Fn(u64) -> bool) -> Vec<Vec<u64>> {
        let mut pages = Vec::new();
        let mut behind = Seq(0);
        loop {
            let read = |Seq(behind), count| Ok((behind + 1..=rows).take(count).collect());
            let part = Page { limit, behind }
                .fill(
                    read,
                    |row| Seq(*row),
                    |row| Ok(fits(*row).then(|| (*row).into())),
                )
                .unwrap();
            pages.push(part.items.iter().filter_map(Value::as_u64).collect());
            match part.next {
                Some(next) => behind = next,
                None => return pages,
            }
        }
    }

    #[test]
    fn every_row_is_on_one_page_and_the_last_has_no_next() {
        assert_eq!(pages(0, 2, |_| true), [vec![]; 1] as [Vec<u64>; 1]);
        assert_eq!(pages(2, 2, |_| true), [vec![1, 2]]);
        assert_eq!(pages(5, 2, |_| true), [vec![1, 2], vec![3, 4], vec![5]]);
        let every_400th = |row| row % 400 == 0;
        let found = pages(2_100, 2, every_400th);
        assert_eq!(found, [vec![400, 800], vec![1200, 1600], vec![2000]]);
    }

    #[test]
    fn a_search_that_finds_nothing_ends_early_and_goes_on() {
        let found = pages(45_000, 10, |row| row == 44_999);
        assert_eq!(found, [vec![], vec![], vec![44_999]]);
    }
}
