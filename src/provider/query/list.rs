//! From a query to a `ListResponse`, written as text.

use std::fmt::Write as _;
use std::ops::ControlFlow;

use super::select::{Window, sorted};
use super::source::Source;
use super::{Cursors, Paging, Query};
use crate::access::ScimCaller;
use crate::error::Result;
use crate::id::Seq;
use crate::provider::represent::{Body, Scribe};
use crate::scim::cursor::{Cursor, List};
use crate::scim::sort::Rank;
use crate::scim::{self, urn};
use crate::store::{Snapshot, View};

/// A page of resources.
#[derive(Debug)]
pub struct Listing {
    /// The `ListResponse`.
    pub body: Body,
    /// How many fulfil the filter.
    pub total: u64,
    /// How many are on this page.
    pub items: u64,
    /// Where the next page begins, when paging by cursor and there is one.
    pub next_cursor: Option<String>,
}

/// The page asked for, whichever way.
struct Wanted {
    after: Option<Rank>,
    skip: u64,
    count: u64,
    /// Counted already on the first page.
    total: Option<u64>,
    by_cursor: bool,
}

/// A page in the making.
struct PageText<'a> {
    scribes: Vec<Scribe<'a>>,
    body: Body,
    items: u64,
    last: Option<Rank>,
    more: bool,
}

/// Answers a query.
///
/// # Errors
/// 400 for a cursor that is forged, expired or of another query, or a page too far into a sorted list; the
/// store's.
pub fn list(
    snapshot: &Snapshot,
    caller: &ScimCaller,
    base: &str,
    query: &Query,
    cursors: &Cursors,
) -> Result<Listing> {
    let view = View::new(snapshot, caller.team);
    let selection = match query.paging {
        Paging::First(_) | Paging::Next { .. } => query.selection(),
        Paging::Index(_) => String::new(),
    };
    let list = List {
        team: caller.team.0,
        endpoint: query.kind.endpoint(),
        selection: &selection,
    };
    let wanted = wanted(query, cursors, list)?;
    let sources = query
        .parts
        .iter()
        .map(|part| Source::new(&view, caller, base, part))
        .collect::<Result<Vec<_>>>()?;
    let mut page = PageText {
        scribes: query
            .parts
            .iter()
            .map(|part| Scribe::new(&view, caller, base, part.kind, &query.projection))
            .collect(),
        body: Body::default(),
        items: 0,
        last: None,
        more: false,
    };
    let total = if query.parts.iter().any(|part| part.sort.is_some()) {
        sorted_page(&view, query, &sources, &wanted, &mut page)?
    } else {
        page_in_creation_order(&sources, &wanted, &mut page)?
    };
    let next_cursor = match (page.last.take(), page.more && wanted.by_cursor) {
        (Some(after), true) => {
            let cursor = Cursor {
                after,
                count: wanted.count,
                total: query
                    .parts
                    .iter()
                    .any(|part| part.filter.is_some())
                    .then_some(total),
            };
            Some(cursor.seal(&cursors.key, list, cursors.now.millis()))
        }
        _ => None,
    };
    let mut head = format!(
        "{{\"schemas\":[\"{}\"],\"totalResults\":{total}",
        urn::LIST_RESPONSE
    );
    if let Paging::Index(asked) = query.paging {
        let _ = write!(head, ",\"startIndex\":{}", asked.start_index);
    }
    let _ = write!(head, ",\"itemsPerPage\":{}", page.items);
    if let Some(cursor) = &next_cursor {
        // A cursor has no character that JSON escapes.
        let _ = write!(head, ",\"nextCursor\":\"{cursor}\"");
    }
    head.push_str(",\"Resources\":[");
    page.body.prepend(&head);
    page.body.push("]}");
    Ok(Listing {
        body: page.body,
        total,
        items: page.items,
        next_cursor,
    })
}

fn wanted(query: &Query, cursors: &Cursors, list: List<'_>) -> Result<Wanted> {
    Ok(match &query.paging {
        Paging::Index(page) => Wanted {
            after: None,
            skip: page.skipped(),
            count: page.count,
            total: None,
            by_cursor: false,
        },
        Paging::First(count) => Wanted {
            after: None,
            skip: 0,
            count: *count,
            total: None,
            by_cursor: true,
        },
        Paging::Next { cursor, count } => {
            let cursor = Cursor::open(cursor, &cursors.key, list, cursors.now.millis())?;
            if count.is_some_and(|count| count != cursor.count) {
                return Err(scim::Error::invalid_count(format!(
                    "\"count\" must stay {} on every page of this list",
                    cursor.count
                ))
                .into());
            }
            Wanted {
                after: Some(cursor.after),
                skip: 0,
                count: cursor.count,
                total: cursor.total,
                by_cursor: true,
            }
        }
    })
}

impl PageText<'_> {
    fn write(&mut self, rank: Rank, row: &crate::store::Stored<'_>) -> Result<()> {
        if self.items > 0 {
            self.body.push(",");
        }
        if let Some(scribe) = self.scribes.get(usize::from(rank.kind)) {
            scribe.write(row, &mut self.body)?;
        }
        self.items += 1;
        self.last = Some(rank);
        Ok(())
    }
}

/// Writes the page; returns how many matches there are.
fn page_in_creation_order(
    sources: &[Source<'_>],
    wanted: &Wanted,
    page: &mut PageText<'_>,
) -> Result<u64> {
    let mut skip = wanted.skip;
    let mut total = 0;
    let start = wanted.after.as_ref().map_or((0, 0), |r| (r.kind, r.row));
    for (place, source) in sources.iter().enumerate() {
        let place = u8::try_from(place).unwrap_or(u8::MAX);
        let rank = |row: u64| Rank {
            key: None,
            kind: place,
            row,
        };
        if let Some(count) = source.count()? {
            // Nothing is asked: the counter says how many, the gaps where the page begins.
            total += count;
            let here = skip.min(count);
            skip -= here;
            if here == count || (page.items >= wanted.count && (!wanted.by_cursor || page.more)) {
                continue;
            }
            if place < start.0 || (wanted.count == 0) {
                continue;
            }
            let each = |found: &super::source::Found<'_>| {
                if page.items == wanted.count {
                    page.more = true;
                    return Ok(ControlFlow::Break(()));
                }
                page.write(rank(found.row.seq.0), found.row)?;
                Ok(if page.items == wanted.count && !wanted.by_cursor {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            };
            if wanted.after.is_some() && place == start.0 {
                source.each(Seq(start.1), each)?;
            } else {
                source.each_at(here, each)?;
            }
            continue;
        }
        // With a total from the first page, a later one needs neither what is before nor what is behind.
        let counted = wanted.total.is_some();
        if counted && (place < start.0 || page.more) {
            continue;
        }
        let from = if counted && place == start.0 {
            start.1
        } else {
            0
        };
        source.each(Seq(from), |found| {
            total += 1;
            let is_before = wanted.after.is_some() && (place, found.row.seq.0) <= start;
            if is_before {
                return Ok(ControlFlow::Continue(()));
            }
            if skip > 0 {
                skip -= 1;
            } else if page.items < wanted.count {
                page.write(rank(found.row.seq.0), found.row)?;
            } else {
                page.more = wanted.count > 0;
                if counted {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        })?;
    }
    Ok(wanted.total.unwrap_or(total))
}

fn sorted_page(
    view: &View<'_>,
    query: &Query,
    sources: &[Source<'_>],
    wanted: &Wanted,
    page: &mut PageText<'_>,
) -> Result<u64> {
    // One more than is shown tells whether there is a next page.
    let limit = if wanted.by_cursor && wanted.count > 0 {
        wanted.count + 1
    } else {
        wanted.count
    };
    let window = Window {
        after: wanted.after.as_ref(),
        skip: wanted.skip,
        limit,
    };
    let mut selected = sorted(view, query, sources, window)?;
    let count = usize::try_from(wanted.count).unwrap_or(usize::MAX);
    page.more = selected.rows.len() > count;
    selected.rows.truncate(count);
    for (rank, object) in selected.rows {
        view.row(object, |row| page.write(rank, &row))?
            .transpose()?;
    }
    Ok(selected.total)
}
