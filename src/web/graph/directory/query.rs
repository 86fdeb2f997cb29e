//! What a query asks of a list or of one object: `$filter`, `$search`, `$select`, `$expand`, `$orderby`, `$top`, `$skiptoken`,
//! `$count`.

use std::borrow::Cow;

use super::super::call::Call;
use super::super::failure::GraphFailure;
use super::super::odata::{self, Filter};
use super::refused::{refused, unsupported};

/// Objects of a page unless `$top` says otherwise, and at most.
const PAGE: usize = 100;
const LARGEST_PAGE: usize = 999;

/// What there is to ask of a kind of objects.
pub(super) struct Noun {
    /// As types of Graph are called: `user`.
    pub(super) type_name: &'static str,
    /// The spelling of a property, or that there is none.
    pub(super) property: fn(&str) -> Option<Cow<'static, str>>,
    /// What can be expanded.
    pub(super) expands: &'static [&'static str],
    /// What can be ordered by.
    pub(super) orders: &'static [&'static str],
    /// What can be searched.
    pub(super) searched: &'static [&'static str],
}

/// The spelling of one of these names.
pub(super) fn spelled(names: &'static [&'static str], name: &str) -> Option<Cow<'static, str>> {
    let mut names = names.iter();
    let found = names.find(|known| known.eq_ignore_ascii_case(name));
    found.map(|found| Cow::Borrowed(*found))
}

/// `$select`: all that is shown by default, or these.
pub(super) type Select = Option<Vec<String>>;

/// An order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order {
    /// The property.
    pub(super) by: &'static str,
    /// From the last to the first.
    pub(super) descending: bool,
}

/// What was asked.
#[derive(Debug)]
pub(super) struct Query {
    /// Which objects.
    pub(super) filter: Option<Filter>,
    /// What of each.
    pub(super) select: Select,
    /// A relation that is shown with each, and what of it.
    pub(super) expand: Option<(&'static str, Select)>,
    /// In which order; that of their making otherwise.
    pub(super) order: Option<Order>,
    /// How many at once.
    pub(super) top: usize,
    /// Where the page before ended.
    pub(super) after: Option<String>,
    /// Whether they are counted.
    pub(super) count: bool,
}

impl Query {
    /// Reads the query of a call.
    ///
    /// # Errors
    /// What cannot be understood or is not supported.
    pub(super) fn of(call: &Call, noun: &Noun) -> Result<Self, GraphFailure> {
        if call.option("skip").is_some() {
            return Err(unsupported(
                "The $skip option is not supported here: go on with @odata.nextLink.",
            ));
        }
        let after = call.option("skiptoken").map(str::to_owned);
        Ok(Self {
            filter: filter(call, noun)?,
            select: select(call.option("select"), noun)?,
            expand: call
                .option("expand")
                .map(|text| expand(text, noun))
                .transpose()?,
            order: call
                .option("orderby")
                .map(|text| order(text, noun))
                .transpose()?,
            top: top(call)?,
            // The first page says it.
            count: call.counts() && after.is_none(),
            after,
        })
    }
}

fn filter(call: &Call, noun: &Noun) -> Result<Option<Filter>, GraphFailure> {
    let known = |name: &str| {
        let found = (noun.property)(name).map(Cow::into_owned);
        found.ok_or_else(|| Filter::refused(&no_property(name, noun)))
    };
    let filter = call
        .option("filter")
        .map(|text| Filter::read(text)?.with_names(&known))
        .transpose()?;
    let searched = |name: &str| spelled(noun.searched, name).map(Cow::into_owned);
    let search = call
        .option("search")
        .map(|text| odata::read_search(text, searched).map_err(refused))
        .transpose()?;
    Ok(match (filter, search) {
        (Some(filter), Some(search)) => Some(Filter::All(vec![filter, search])),
        (filter, search) => filter.or(search),
    })
}

fn no_property(name: &str, noun: &Noun) -> String {
    format!(
        "Could not find a property named '{}' on type 'microsoft.graph.{}'.",
        name.chars().take(200).collect::<String>(),
        noun.type_name
    )
}

fn select(text: Option<&str>, noun: &Noun) -> Result<Select, GraphFailure> {
    let Some(text) = text else {
        return Ok(None);
    };
    let names = text.split(',').map(str::trim);
    let names = names.map(|name| match (noun.property)(name) {
        Some(found) if !found.contains('/') => Ok(found.into_owned()),
        _ if name == "*" => Ok("*".to_owned()),
        _ => Err(GraphFailure::Bad(
            "BadRequest",
            format!(
                "Parsing OData Select and Expand failed: {}",
                no_property(name, noun)
            ),
        )),
    });
    names.collect::<Result<Vec<_>, _>>().map(Some)
}

/// A relation, with or without options in parentheses, of which `$select` is understood.
fn expand(text: &str, noun: &Noun) -> Result<(&'static str, Select), GraphFailure> {
    let (name, options) = match text.split_once('(') {
        Some((name, options)) => (name.trim(), options.strip_suffix(')').unwrap_or(options)),
        None => (text, ""),
    };
    let found = noun
        .expands
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    let Some(found) = found else {
        return Err(GraphFailure::Bad(
            "BadRequest",
            format!(
                "Parsing OData Select and Expand failed: {}",
                no_property(name, noun)
            ),
        ));
    };
    let mut selected = None;
    for option in options
        .split(';')
        .map(str::trim)
        .filter(|option| !option.is_empty())
    {
        match option.split_once('=') {
            Some((name, names)) if name.trim().eq_ignore_ascii_case("$select") => {
                selected = select(Some(names), &super::described::DIRECTORY_OBJECT)?;
            }
            _ => {
                return Err(unsupported(format!(
                    "{option} is not supported inside $expand."
                )));
            }
        }
    }
    Ok((found, selected))
}

fn order(text: &str, noun: &Noun) -> Result<Order, GraphFailure> {
    let refusal = || unsupported("Sorting not supported for current query.");
    let (name, direction) = text.split_once(' ').unwrap_or((text, "asc"));
    let by = noun
        .orders
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name));
    let descending = match direction.trim().to_ascii_lowercase().as_str() {
        "asc" => false,
        "desc" => true,
        _ => return Err(refusal()),
    };
    let by = by.ok_or_else(refusal)?;
    Ok(Order { by, descending })
}

fn top(call: &Call) -> Result<usize, GraphFailure> {
    let Some(text) = call.option("top") else {
        return Ok(PAGE);
    };
    match text.parse() {
        Ok(top) if (1..=LARGEST_PAGE).contains(&top) => Ok(top),
        _ => Err(refused(format!(
            "Invalid page size specified: '{}'. Must be between 1 and {LARGEST_PAGE} inclusive.",
            text.chars().take(20).collect::<String>()
        ))),
    }
}
