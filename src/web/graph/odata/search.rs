//! `$search` of the directory: `"displayName:ada"`, clauses in double quotes that are joined with `AND` or `OR`.

use super::{Comparison, Filter, Literal};

/// Most clauses.
const MOST: usize = 20;

/// Reads a search as a filter: a word of the property begins with the text. Properties that `may` refuses cannot be
/// searched.
///
/// # Errors
/// A sentence that says what cannot be understood.
pub(in crate::web::graph) fn read(
    text: &str,
    may: impl Fn(&str) -> Option<String>,
) -> Result<Filter, String> {
    let mut any: Vec<Vec<Filter>> = vec![Vec::new()];
    let mut rest = text.trim();
    loop {
        let Some((clause, behind)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'))
        else {
            return Err("$search is written \"property:text\", in double quotes.".into());
        };
        let Some((property, wanted)) = clause.split_once(':') else {
            return Err(format!("In \"{clause}\" a property stands before a colon."));
        };
        let Some(property) = may(property.trim()) else {
            return Err(format!("{property} cannot be searched."));
        };
        let wanted = wanted.trim();
        if wanted.is_empty() {
            return Err(format!("{property} is searched for nothing."));
        }
        if let Some(all) = any.last_mut() {
            all.push(Filter::Compare {
                property,
                comparison: Comparison::Word,
                value: Literal::Text(wanted.to_owned()),
            });
        }
        if any.iter().map(Vec::len).sum::<usize>() > MOST {
            return Err(format!("A search has at most {MOST} clauses."));
        }
        rest = behind.trim_start();
        if rest.is_empty() {
            return Ok(Filter::Any(any.into_iter().map(Filter::All).collect()));
        }
        rest = if let Some(rest) = rest.strip_prefix("AND ") {
            rest.trim_start()
        } else if let Some(rest) = rest.strip_prefix("OR ") {
            any.push(Vec::new());
            rest.trim_start()
        } else {
            return Err("Clauses of a search are joined with AND or OR.".into());
        };
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn known(name: &str) -> Option<String> {
        ["displayName", "mail"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .map(str::to_owned)
    }

    #[test]
    fn words_are_found_where_they_begin() {
        let object = json!({ "displayName": "Ada King-Lovelace", "mail": "ada@a.example" });
        for (text, fits) in [
            ("\"displayName:lov\"", true),
            ("\"displayname:King-L\"", true),
            ("\"displayName:ovel\"", false),
            ("\"displayName:x\" OR \"mail:ada\"", true),
            ("\"displayName:ada\" AND \"mail:x\"", false),
        ] {
            let filter = read(text, known).unwrap();
            assert_eq!(filter.fits(&object), fits, "{text}");
        }
        for text in [
            "displayName:ada",
            "\"ada\"",
            "\"displayName:\"",
            "\"city:x\"",
            "\"mail:x\" \"mail:y\"",
            "\"mail:x",
        ] {
            assert!(read(text, known).is_err(), "{text}");
        }
    }
}
