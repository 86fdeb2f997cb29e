//! Lists: filter, sort, page, project (RFC 7644 section 3.4.2, RFC 9865).
//!
//! `id`, `userName`, `externalId`, `displayName` and memberships with `eq` are answered from indexes, alone
//! or as part of an `and`; anything else walks the rows, looking only at the attributes it needs.
//! Lists are in creation order unless sorted, a list over both types has users before groups. A page
//! begins at a position (found without a walk) or behind a cursor's resource.

mod list;
mod select;
mod source;
#[cfg(test)]
mod tests;

use crate::access::ScimCaller;
use crate::clock::Timestamp;
use crate::error::Result;
use crate::model::ObjectKind;
use crate::provider::resource_type;
use crate::scim::cursor::CursorKey;
use crate::scim::message::Page;
use crate::scim::{self, Filter, Projection, Sort};

pub use list::{Listing, list};

/// What a list is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `/Users`.
    Users,
    /// `/Groups`.
    Groups,
    /// The root.
    Both,
}

impl Kind {
    /// The types, in the order of the list.
    pub const fn types(self) -> &'static [ObjectKind] {
        match self {
            Self::Users => &[ObjectKind::User],
            Self::Groups => &[ObjectKind::Group],
            Self::Both => &[ObjectKind::User, ObjectKind::Group],
        }
    }

    const fn endpoint(self) -> &'static str {
        match self {
            Self::Users => "/Users",
            Self::Groups => "/Groups",
            Self::Both => "/",
        }
    }
}

/// The parameters of a query as they came, in a URL or in a `SearchRequest`.
#[derive(Debug, Clone, Default)]
pub struct Asked<'a> {
    /// `filter`.
    pub filter: Option<&'a str>,
    /// `sortBy`.
    pub sort_by: Option<&'a str>,
    /// `sortOrder`.
    pub sort_order: Option<&'a str>,
    /// `startIndex`, negative numbers as 0.
    pub start_index: Option<u64>,
    /// `count`, negative numbers as 0.
    pub count: Option<u64>,
    /// `cursor`; empty asks for the first page.
    pub cursor: Option<&'a str>,
    /// `attributes` and `excludedAttributes`.
    pub projection: Projection,
}

/// What a client asks of a list.
#[derive(Debug)]
pub struct Query {
    kind: Kind,
    /// One for each type of the kind.
    parts: Vec<Part>,
    paging: Paging,
    projection: Projection,
}

/// What is asked of one type.
#[derive(Debug)]
struct Part {
    kind: ObjectKind,
    filter: Option<Filter>,
    /// In all parts or in none.
    sort: Option<Sort>,
}

#[derive(Debug)]
enum Paging {
    Index(Page),
    /// By cursor from the start; as long as this.
    First(u64),
    /// By cursor; `count` must be that of the first page.
    Next {
        cursor: String,
        count: Option<u64>,
    },
}

/// What cursors are made and read with.
#[derive(Debug, Clone, Copy)]
pub struct Cursors {
    /// The key.
    pub key: CursorKey,
    /// The moment of the request.
    pub now: Timestamp,
}

/// How much work a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// A few rows through an index, or one page of users in the order of creation: done on the spot, because
    /// handing it over costs more than it does.
    Point,
    /// Bounded by the page or by one value of an index.
    Page,
    /// Walks every row.
    Scan,
}

impl Query {
    /// Reads what was asked.
    ///
    /// # Errors
    /// 400: a filter, an order or a combination that cannot be.
    pub fn read(kind: Kind, asked: &Asked<'_>, caller: &ScimCaller) -> Result<Self> {
        let rules = caller.rules();
        let types: Vec<_> = kind
            .types()
            .iter()
            .map(|kind| resource_type(&caller.endpoint, *kind))
            .collect();
        let service = caller.service();
        let most = u64::from(service.max_results);
        if let Some(text) = asked.filter {
            for rt in &types {
                service.filters.check(text, rt)?;
            }
        }
        let mut filters = match asked.filter {
            Some(text) => Filter::parse_each(text, &types, rules)?
                .into_iter()
                .map(Some)
                .collect(),
            None => vec![None; types.len()],
        };
        // What an endpoint does not offer it ignores.
        let service = caller.service();
        let (sort_by, sort_order) = if service.sort {
            (asked.sort_by, asked.sort_order)
        } else {
            (None, None)
        };
        let mut sorts = match Sort::parse(sort_by, sort_order, &types, rules)? {
            Some(sorts) => sorts.into_iter().map(Some).collect(),
            None => vec![None; types.len()],
        };
        let parts = kind
            .types()
            .iter()
            .zip(filters.drain(..).zip(sorts.drain(..)))
            .map(|(kind, (filter, sort))| Part {
                kind: *kind,
                filter,
                sort,
            })
            .collect();
        let cursor = asked.cursor.filter(|_| service.cursor);
        let paging = match (cursor, asked.start_index) {
            (Some(_), Some(_)) => {
                return Err(scim::Error::invalid_value(
                    "\"cursor\" and \"startIndex\" exclude each other; send one of them",
                )
                .into());
            }
            (Some(""), None) => Paging::First(Page::of(None, asked.count, most).count),
            (Some(cursor), None) => Paging::Next {
                cursor: cursor.to_owned(),
                count: asked.count.map(|count| count.min(most)),
            },
            (None, start_index) => Paging::Index(Page::of(start_index, asked.count, most)),
        };
        Ok(Self {
            kind,
            parts,
            paging,
            projection: asked.projection.clone(),
        })
    }

    /// How much work it is.
    pub fn weight(&self, caller: &ScimCaller) -> Weight {
        let weigh = |part: &Part| {
            let rt = resource_type(&caller.endpoint, part.kind);
            let light = part.kind == ObjectKind::User || !self.projection.wants(rt, "members");
            match part.filter.as_ref().map(source::path_of_index) {
                Some(Some(source::Index::One)) if light => Weight::Point,
                Some(Some(_)) => Weight::Page,
                Some(None) => Weight::Scan,
                None => match &part.sort {
                    None if light && self.parts.len() == 1 => Weight::Point,
                    None => Weight::Page,
                    Some(sort) if select::order_of(part.kind, sort).is_some() => Weight::Page,
                    Some(_) => Weight::Scan,
                },
            }
        };
        let weights: Vec<Weight> = self.parts.iter().map(weigh).collect();
        if weights.contains(&Weight::Scan) {
            Weight::Scan
        } else if weights.contains(&Weight::Page) {
            Weight::Page
        } else {
            Weight::Point
        }
    }

    /// Filter and order in canonical notation: what a cursor is bound to.
    fn selection(&self) -> String {
        use std::fmt::Write as _;
        let mut text = String::new();
        for part in &self.parts {
            if let Some(filter) = &part.filter {
                let _ = write!(text, "{filter}");
            }
            text.push('\n');
            if let Some(sort) = &part.sort {
                let order = if sort.descending() { '-' } else { '+' };
                let _ = write!(text, "{order}{}", sort.path().unwrap_or_default());
            }
            text.push('\n');
        }
        text
    }
}
