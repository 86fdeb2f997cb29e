//! Lists: the filter above, the pager below, the address that carries both.
//!
//! Page, search and sort live in the URL ([`ListUrl`]), so that every list works without script, can be
//! bookmarked, and *back* does what people expect.

use super::parts::{Choice, Link, counted, thousands};

/// Address of a list with its present query; values are percent-encoded when printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListUrl {
    path: String,
    query: Vec<(&'static str, String)>,
}

impl ListUrl {
    /// The list at `path` without any query.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            query: Vec::new(),
        }
    }

    /// The same list with `name` set to `value`; an empty value removes it.
    #[must_use]
    pub fn with(&self, name: &'static str, value: &str) -> Self {
        let mut url = self.clone();
        url.query.retain(|(key, _)| *key != name);
        if !value.is_empty() {
            url.query.push((name, value.to_owned()));
        }
        url
    }

    /// The value set for `name`, or the empty text.
    pub fn get(&self, name: &str) -> &str {
        self.query
            .iter()
            .find(|(key, _)| *key == name)
            .map_or("", |(_, value)| value)
    }
}

impl std::fmt::Display for ListUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.path)?;
        for (place, (name, value)) in self.query.iter().enumerate() {
            write!(f, "{}{name}=", if place == 0 { '?' } else { '&' })?;
            f.write_str(&encoded(value))?;
        }
        Ok(())
    }
}

/// A text as a part of an address: percent-encoded but for what RFC 3986 calls unreserved.
pub fn encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut address = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            address.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(address, "%{byte:02X}");
        }
    }
    address
}

/// What stands below a table: how many, and the way to the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// `1-25 of 412 members`.
    pub summary: String,
    /// Address of the previous page; empty on the first.
    pub previous: String,
    /// Address of the next page; empty on the last.
    pub next: String,
}

impl Pager {
    /// Page `page` (from 1) of `total` things, `size` a page.
    pub fn new(total: u64, page: u64, size: u64, (one, many): (&str, &str), url: &ListUrl) -> Self {
        let first = (page.saturating_sub(1))
            .saturating_mul(size)
            .saturating_add(1);
        let last = page.saturating_mul(size).min(total);
        let summary = if total <= size && page <= 1 {
            counted(total, one, many)
        } else if first > total {
            format!("Nothing here: there are {}", counted(total, one, many))
        } else {
            format!(
                "{}\u{2013}{} of {}",
                thousands(first),
                thousands(last),
                counted(total, one, many)
            )
        };
        let to = |page: u64| {
            url.with(
                "page",
                &if page <= 1 {
                    String::new()
                } else {
                    page.to_string()
                },
            )
            .to_string()
        };
        let pages = total.div_ceil(size.max(1)).max(1);
        Self {
            summary,
            previous: if page > 1 {
                to((page - 1).min(pages))
            } else {
                String::new()
            },
            next: if last < total {
                to(page + 1)
            } else {
                String::new()
            },
        }
    }

    /// All of so few things that they are on one page.
    pub fn whole(total: u64, (one, many): (&str, &str)) -> Self {
        Self {
            summary: counted(total, one, many),
            previous: String::new(),
            next: String::new(),
        }
    }

    /// Whether there is more than one page.
    pub const fn has_more(&self) -> bool {
        !self.previous.is_empty() || !self.next.is_empty()
    }
}

/// A drop-down of the filter bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Select {
    /// Name in the URL.
    pub name: &'static str,
    /// Label above.
    pub label: &'static str,
    /// What can be chosen; the first, with an empty value, stands for *any*.
    pub choices: Vec<Choice>,
    /// The value in force.
    pub chosen: String,
}

/// A day in the filter bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// Name in the URL.
    pub name: &'static str,
    /// Label above.
    pub label: &'static str,
    /// `YYYY-MM-DD`, or empty.
    pub value: String,
}

/// An identifier in the filter bar, which somebody pastes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// Name in the URL.
    pub name: &'static str,
    /// Label above.
    pub label: &'static str,
    /// The value in force, or empty.
    pub value: String,
}

/// The filter bar: a search field, drop-downs, days, identifiers, chips for what is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Address of the list without any query.
    pub action: String,
    /// Label and placeholder of the search field (`Search by name or e-mail`).
    pub hint: String,
    /// The text searched for.
    pub query: String,
    /// Drop-downs.
    pub selects: Vec<Select>,
    /// Days.
    pub days: Vec<Day>,
    /// Identifiers, folded away unless one is set.
    pub pasted: Vec<Pasted>,
    /// Query parts to keep that are no field of this form, such as the sort order.
    pub keep: Vec<(&'static str, String)>,
    /// What is set; each link removes its part.
    pub chips: Vec<Link>,
}

impl Filter {
    /// A filter for the list at `url`, whose `q` is the search text. The sort order is kept.
    pub fn new(url: &ListUrl, hint: impl Into<String>) -> Self {
        let query = url.get("q").to_owned();
        let first = url.with("page", "");
        let chips = if query.is_empty() {
            Vec::new()
        } else {
            vec![Link::new(
                format!("\u{201c}{query}\u{201d}"),
                first.with("q", "").to_string(),
            )]
        };
        let keep = url
            .query
            .iter()
            .filter(|(name, _)| *name == "sort")
            .cloned()
            .collect();
        Self {
            action: url.path.clone(),
            hint: hint.into(),
            query,
            selects: Vec::new(),
            days: Vec::new(),
            pasted: Vec::new(),
            keep,
            chips,
        }
    }

    /// Adds a day for the query part `name`.
    #[must_use]
    pub fn day(mut self, url: &ListUrl, name: &'static str, label: &'static str) -> Self {
        let value = url.get(name).to_owned();
        if !value.is_empty() {
            let without = url.with("page", "").with("before", "").with(name, "");
            let chip = Link::new(format!("{label}: {value}"), without.to_string());
            self.chips.push(chip);
        }
        self.days.push(Day { name, label, value });
        self
    }

    /// Adds an identifier for the query part `name`.
    #[must_use]
    pub fn pasted(mut self, url: &ListUrl, name: &'static str, label: &'static str) -> Self {
        let value = url.get(name).to_owned();
        if !value.is_empty() {
            let without = url.with("page", "").with("before", "").with(name, "");
            let chip = Link::new(format!("{label}: {value}"), without.to_string());
            self.chips.push(chip);
        }
        self.pasted.push(Pasted { name, label, value });
        self
    }

    /// Whether an identifier is set.
    pub fn has_pasted(&self) -> bool {
        self.pasted.iter().any(|pasted| !pasted.value.is_empty())
    }

    /// Keeps the query part `name`, which no field of this form sets; `text` says what it narrows to.
    #[must_use]
    pub fn kept(mut self, url: &ListUrl, name: &'static str, text: impl Into<String>) -> Self {
        let value = url.get(name).to_owned();
        if !value.is_empty() {
            let without = url.with("page", "").with("before", "").with(name, "");
            self.chips.push(Link::new(text, without.to_string()));
            self.keep.push((name, value));
        }
        self
    }

    /// Adds a drop-down for the query part `name`; `choices` are value and label, *any* is added in front.
    #[must_use]
    pub fn select(
        mut self,
        url: &ListUrl,
        name: &'static str,
        label: &'static str,
        choices: &[(&str, &str)],
    ) -> Self {
        let chosen = url.get(name).to_owned();
        let mut all = vec![Choice {
            value: String::new(),
            label: "Any".to_owned(),
        }];
        all.extend(choices.iter().map(|(value, label)| Choice {
            value: (*value).to_owned(),
            label: (*label).to_owned(),
        }));
        if let Some(choice) = all
            .iter()
            .find(|choice| !chosen.is_empty() && choice.value == chosen)
        {
            let without = url.with("page", "").with(name, "");
            self.chips.push(Link::new(
                format!("{label}: {}", choice.label),
                without.to_string(),
            ));
        }
        self.selects.push(Select {
            name,
            label,
            choices: all,
            chosen,
        });
        self
    }
}

/// A column's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What is read; an empty label is a column of actions.
    pub label: &'static str,
    /// Address that sorts by it the other way; empty when the list cannot.
    pub href: String,
    /// `ascending`, `descending`, or empty when not sorted by it.
    pub sorted: &'static str,
    /// `number`, `wide` (hidden on narrow screens), or empty.
    pub class: &'static str,
}

impl Column {
    /// A plain heading.
    pub const fn new(label: &'static str) -> Self {
        Self {
            label,
            href: String::new(),
            sorted: "",
            class: "",
        }
    }

    /// A heading that is hidden on narrow screens.
    pub const fn wide(label: &'static str) -> Self {
        Self {
            label,
            href: String::new(),
            sorted: "",
            class: "wide",
        }
    }

    /// A right-aligned heading above numbers.
    pub const fn number(label: &'static str) -> Self {
        Self {
            label,
            href: String::new(),
            sorted: "",
            class: "number",
        }
    }

    /// A heading that sorts by `key`, and backwards when it does already.
    pub fn sorted(url: &ListUrl, label: &'static str, key: &str, class: &'static str) -> Self {
        let (now, first) = (url.get("sort"), url.with("page", ""));
        let backwards = format!("-{key}");
        let next = if now == key { backwards.as_str() } else { key };
        Self {
            label,
            href: first.with("sort", next).to_string(),
            sorted: if now == key {
                "ascending"
            } else if now == backwards {
                "descending"
            } else {
                ""
            },
            class,
        }
    }

    /// *Created*: newest first unless `sort` in the URL says `created`. Clicking turns the order round.
    pub fn created(url: &ListUrl) -> Self {
        let oldest_first = url.get("sort") == "created";
        let first = url.with("page", "");
        Self {
            label: "Created",
            href: first
                .with("sort", if oldest_first { "" } else { "created" })
                .to_string(),
            sorted: if oldest_first {
                "ascending"
            } else {
                "descending"
            },
            class: "wide",
        }
    }
}

/// What a list says when it has no rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Empty {
    /// One line.
    pub title: String,
    /// The next step, one sentence.
    pub next: String,
    /// Where it is done; an empty address shows no button.
    pub link: Link,
}

impl Empty {
    /// Nothing there yet: says the next step.
    pub fn new(title: impl Into<String>, next: impl Into<String>, link: Link) -> Self {
        Self {
            title: title.into(),
            next: next.into(),
            link,
        }
    }

    /// Nothing matches the filter.
    pub fn no_match(url: &ListUrl) -> Self {
        Self::new(
            "Nothing matches",
            "Try fewer words, or another state.",
            Link::new("Clear the filter", url.path.clone()),
        )
    }
}

/// Everything around the rows of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List {
    /// Caption for screen readers.
    pub caption: String,
    /// The filter bar; none where a list is short by nature.
    pub filter: Option<Filter>,
    /// Headings.
    pub columns: Vec<Column>,
    /// How many, and other pages.
    pub pager: Pager,
    /// Shown instead of the table when it has no rows.
    pub empty: Empty,
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOUN: (&str, &str) = ("member", "members");

    #[test]
    fn a_pager_links_only_to_pages_that_exist() {
        let url = ListUrl::new("/team/members").with("q", "ann & b");
        for (total, page, summary, previous, next) in [
            (0, 1, "0 members", "", ""),
            (1, 1, "1 member", "", ""),
            (25, 1, "25 members", "", ""),
            (
                26,
                1,
                "1\u{2013}25 of 26 members",
                "",
                "/team/members?q=ann%20%26%20b&page=2",
            ),
            (
                26,
                2,
                "26\u{2013}26 of 26 members",
                "/team/members?q=ann%20%26%20b",
                "",
            ),
            (
                26,
                9,
                "Nothing here: there are 26 members",
                "/team/members?q=ann%20%26%20b&page=2",
                "",
            ),
            (
                0,
                u64::MAX,
                "Nothing here: there are 0 members",
                "/team/members?q=ann%20%26%20b",
                "",
            ),
        ] {
            let pager = Pager::new(total, page, 25, NOUN, &url);
            assert_eq!(
                (
                    pager.summary.as_str(),
                    pager.previous.as_str(),
                    pager.next.as_str()
                ),
                (summary, previous, next)
            );
        }
    }

    #[test]
    fn each_chip_removes_only_its_own_part() {
        let url = ListUrl::new("/l")
            .with("q", "x")
            .with("status", "failure")
            .with("page", "3")
            .with("sort", "created");
        let filter =
            Filter::new(&url, "Search").select(&url, "status", "Status", &[("failure", "Failure")]);
        assert_eq!(filter.chips[0].href, "/l?status=failure&sort=created");
        assert_eq!(
            filter.chips[1],
            Link::new("Status: Failure", "/l?q=x&sort=created")
        );
        assert_eq!(filter.keep, [("sort", "created".to_owned())]);
    }

    #[test]
    fn an_unknown_value_in_the_url_makes_no_chip() {
        let url = ListUrl::new("/l").with("status", "nonsense");
        assert_eq!(
            Filter::new(&url, "Search")
                .select(&url, "status", "Status", &[("failure", "Failure")])
                .chips,
            []
        );
    }

    #[test]
    fn a_column_sorts_by_its_key_and_then_backwards() {
        let url = ListUrl::new("/l").with("page", "2");
        for (sort, sorted, href) in [
            ("", "", "/l?sort=name"),
            ("created", "", "/l?sort=name"),
            ("name", "ascending", "/l?sort=-name"),
            ("-name", "descending", "/l?sort=name"),
        ] {
            let column = Column::sorted(&url.with("sort", sort), "Name", "name", "");
            assert_eq!(
                (column.sorted, column.href.as_str()),
                (sorted, href),
                "{sort}"
            );
        }
    }

    #[test]
    fn the_created_column_turns_the_order_round() {
        let url = ListUrl::new("/l").with("page", "2");
        let column = Column::created(&url);
        assert_eq!(
            (column.sorted, column.href.as_str()),
            ("descending", "/l?sort=created")
        );
        let column = Column::created(&url.with("sort", "created"));
        assert_eq!((column.sorted, column.href.as_str()), ("ascending", "/l"));
    }
}
