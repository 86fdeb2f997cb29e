//! Which rows of a sorted list are on a page.
//!
//! An index in the order asked for is read from where the page begins. Without one every match is looked
//! at and only as many are kept as the page needs.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::ControlFlow;

use super::Query;
use super::source::Source;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::{ObjectKind, ObjectRef};
use crate::scim::sort::{Key, Rank};
use crate::scim::{self, Sort};
use crate::store::View;
use crate::store::view::Order;

/// Furthest position of a sorted list that is served where no index has the order.
const FURTHEST: u64 = 100_000;

/// The rows of a page, in order.
pub(super) struct Selection {
    pub(super) rows: Vec<(Rank, ObjectRef)>,
    /// Every match.
    pub(super) total: u64,
}

/// The index in the order of an attribute that every resource has or that ends with those who have not.
pub(super) fn order_of(kind: ObjectKind, sort: &Sort) -> Option<Order> {
    match (kind, sort.path()?) {
        (ObjectKind::User, "userName") => Some(Order::UserName),
        (ObjectKind::Group, "displayName") => Some(Order::DisplayName),
        // Those without a value are in no index: first when descending, so only ascending is served.
        (_, "displayName") if !sort.descending() => Some(Order::DisplayName),
        (_, "externalId") if !sort.descending() => Some(Order::ExternalId),
        _ => None,
    }
}

/// What of a sorted list is wanted.
#[derive(Clone, Copy)]
pub(super) struct Window<'w> {
    pub(super) after: Option<&'w Rank>,
    pub(super) skip: u64,
    pub(super) limit: u64,
}

/// Selects the rows of a page of a sorted list.
///
/// # Errors
/// 400 `tooMany` for a page too far into a list that no index has in this order.
pub(super) fn sorted(
    view: &View<'_>,
    query: &Query,
    sources: &[Source<'_>],
    window: Window<'_>,
) -> Result<Selection> {
    if let ([part], [source]) = (query.parts.as_slice(), sources)
        && let Some(sort) = &part.sort
        && let Some(order) = order_of(part.kind, sort)
        && let Some(total) = source.count()?
        && let Some(rows) = by_index(view, part.kind, sort, order, window)?
    {
        return Ok(Selection { rows, total });
    }
    by_heap(query, sources, window)
}

/// `None` when the page goes beyond those that have a value.
fn by_index(
    view: &View<'_>,
    kind: ObjectKind,
    sort: &Sort,
    order: Order,
    window: Window<'_>,
) -> Result<Option<Vec<(Rank, ObjectRef)>>> {
    let after = match window.after {
        None => None,
        Some(Rank {
            key: Some(Key::Text(text)),
            row,
            ..
        }) => Some((text.as_str(), Seq(*row))),
        Some(_) => return Ok(None),
    };
    let (mut left, mut rows) = (window.skip, Vec::new());
    let limit = usize::try_from(window.limit).unwrap_or(usize::MAX);
    if limit > 0 {
        view.walk_order::<Error>(kind, order, after, sort.descending(), |key, seq| {
            if left > 0 {
                left -= 1;
                return Ok(ControlFlow::Continue(()));
            }
            let rank = Rank {
                key: Some(Key::Text(key.to_owned())),
                kind: 0,
                row: seq.0,
            };
            rows.push((rank, ObjectRef { kind, seq }));
            Ok(if rows.len() == limit {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            })
        })?;
    }
    let everybody = matches!(
        (kind, order),
        (ObjectKind::User, Order::UserName) | (ObjectKind::Group, Order::DisplayName)
    );
    Ok((everybody || rows.len() == limit).then_some(rows))
}

/// A row in the order asked for.
struct Placed<'s> {
    sort: &'s Sort,
    rank: Rank,
    object: ObjectRef,
}

impl PartialEq for Placed<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Placed<'_> {}

impl PartialOrd for Placed<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Placed<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sort.compare(&self.rank, &other.rank)
    }
}

fn by_heap(query: &Query, sources: &[Source<'_>], window: Window<'_>) -> Result<Selection> {
    let wanted = window.skip.saturating_add(window.limit);
    let keep = if window.limit == 0 { 0 } else { wanted };
    if keep > FURTHEST {
        return Err(scim::Error::too_many(format!(
            "A list sorted by this attribute is served up to position {FURTHEST} only. Page with a \
             cursor, or use a filter."
        ))
        .into());
    }
    let keep = usize::try_from(keep).unwrap_or(0);
    let mut heap: BinaryHeap<Placed<'_>> = BinaryHeap::new();
    let mut total = 0;
    for (place, (part, source)) in query.parts.iter().zip(sources).enumerate() {
        let Some(sort) = &part.sort else { continue };
        source.each(Seq(0), |found| {
            total += 1;
            let rank = Rank {
                key: found.key.clone(),
                kind: u8::try_from(place).unwrap_or(u8::MAX),
                row: found.row.seq.0,
            };
            let is_behind = window
                .after
                .is_none_or(|after| sort.compare(&rank, after).is_gt());
            let belongs = heap.len() < keep
                || heap
                    .peek()
                    .is_some_and(|last| sort.compare(&rank, &last.rank).is_lt());
            if keep > 0 && is_behind && belongs {
                if heap.len() == keep {
                    heap.pop();
                }
                heap.push(Placed {
                    sort,
                    rank,
                    object: ObjectRef {
                        kind: part.kind,
                        seq: found.row.seq,
                    },
                });
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    let skip = usize::try_from(window.skip).unwrap_or(usize::MAX);
    let rows = heap
        .into_sorted_vec()
        .into_iter()
        .skip(skip)
        .map(|placed| (placed.rank, placed.object))
        .collect();
    Ok(Selection { rows, total })
}
