//! What a request was for, as far as it may be remembered: the path, and a query without people in it.
//!
//! Filters hold names and e-mail addresses (RFC 7644 section 7.5.2). Attributes, operators and numbers are kept,
//! every quoted value is masked. Parameters that SCIM does not know are kept by name only, because somebody
//! may have put a token there.

use super::shown;

/// Longest path, in bytes.
const PATH: usize = 512;
/// Longest query, in bytes. Longer ones are kept up to here.
const QUERY: usize = 2_048;
/// What stands in place of a value.
const MASK: &str = "***";
/// Parameters whose values name attributes or count.
const PLAIN: [&str; 6] = [
    "attributes",
    "excludedattributes",
    "sortby",
    "sortorder",
    "startindex",
    "count",
];

/// Path and redacted query of a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Target {
    text: String,
    path: usize,
}

impl Target {
    /// Of a request for `path?query`, both as they came over the wire. `path` is below the base URL
    /// (`/Users`).
    pub fn new(path: &str, query: &str) -> Self {
        let mut text = shown(path, PATH);
        let path = text.len();
        if !query.is_empty() {
            text.push('?');
            redacted(query, &mut text);
        }
        Self { text, path }
    }

    /// The path: `/Users/4c1d…`.
    pub fn path(&self) -> &str {
        self.text.get(..self.path).unwrap_or_default()
    }

    /// Path and redacted query, decoded for people: `/Users?filter=userName eq "***"`.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn redacted(query: &str, text: &mut String) {
    let from = text.len();
    for (place, pair) in query.split('&').enumerate() {
        if text.len() - from >= QUERY {
            text.push('\u{2026}');
            return;
        }
        if place > 0 {
            text.push('&');
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !pair.contains('=') || !is_name(name) {
            text.push_str(MASK);
            continue;
        }
        text.push_str(name);
        text.push('=');
        let name = name.to_ascii_lowercase();
        match decoded(value) {
            Some(value) if name == "filter" => filter(&value, text),
            Some(value) if PLAIN.contains(&name.as_str()) => text.push_str(&shown(&value, QUERY)),
            _ => text.push_str(MASK),
        }
    }
}

/// A name that is surely no secret itself.
fn is_name(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_')
}

/// A filter with its quoted values masked. What follows a quote that is never closed is masked too.
fn filter(filter: &str, text: &mut String) {
    let mut kept = String::new();
    let mut chars = filter.chars();
    while let Some(c) = chars.next() {
        kept.push(c);
        if c != '"' {
            continue;
        }
        kept.push_str(MASK);
        kept.push('"');
        while let Some(c) = chars.next() {
            match c {
                '"' => break,
                '\\' => {
                    chars.next();
                }
                _ => {}
            }
        }
    }
    // A filter of this language has only words, brackets and quoted values; anything else is a value
    // that somebody forgot to quote.
    let odd = |word: &str| !word.contains('"') && word.contains(['@', '\'']);
    let words = kept.split(' ').map(|w| if odd(w) { MASK } else { w });
    let kept = words.collect::<Vec<_>>().join(" ");
    text.push_str(&shown(&kept, QUERY));
}

fn decoded(value: &str) -> Option<String> {
    if !value.contains(['%', '+']) {
        return Some(value.to_owned());
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_keeps_what_was_asked_and_not_about_whom() {
        for (query, kept) in [
            ("", ""),
            ("startIndex=1&count=100", "?startIndex=1&count=100"),
            (
                "filter=userName+eq+%22ada%40example.com%22",
                "?filter=userName eq \"***\"",
            ),
            (
                "filter=userName%20eq%20%22a%5C%22da%22%20and%20active%20eq%20true",
                "?filter=userName eq \"***\" and active eq true",
            ),
            (
                "filter=emails[type eq \"work\" and value co \"@x.org\"]&attributes=id,userName",
                "?filter=emails[type eq \"***\" and value co \"***\"]&attributes=id,userName",
            ),
            ("filter=userName eq \"ada", "?filter=userName eq \"***\""),
            (
                "filter=userName eq 'ada' or userName eq ada@example.com",
                "?filter=userName eq *** or userName eq ***",
            ),
            ("filter=%ZZada", "?filter=***"),
            ("access_token=scimlab_0123", "?access_token=***"),
            ("cursor=abc", "?cursor=***"),
            ("scimlab_0123", "?***"),
            ("%61da=1", "?***=1".strip_suffix("=1").unwrap()),
            ("attributes=scimlab_0123456789", "?attributes=***"),
            ("attributes=%3Cscript%3E%00", "?attributes=<script>\u{fffd}"),
        ] {
            let target = Target::new("/Users", query);
            assert_eq!(target.as_str(), format!("/Users{kept}"), "{query}");
            assert_eq!(target.path(), "/Users");
        }
    }

    #[test]
    fn paths_and_queries_are_bounded() {
        let target = Target::new(&"/x".repeat(9_000), &"a=b&".repeat(9_000));
        assert!(target.as_str().len() < PATH + QUERY + 100);
        let target = Target::new("/Users", &format!("attributes={}", "é".repeat(9_000)));
        assert!(target.as_str().len() < QUERY + 100);
    }
}
