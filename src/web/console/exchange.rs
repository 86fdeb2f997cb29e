//! One HTTP exchange as a page shows it, and JSON highlighted on the server.

use std::fmt::Write as _;

use super::parts::{Pill, Tone};

/// A body prepared for display: escaped HTML with `key`, `string` and `literal` spans.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    html: String,
}

impl Code {
    /// Highlights JSON. Any text is accepted: what is not JSON is shown escaped, as it came.
    pub fn json(text: &str) -> Self {
        let pretty = serde_json::from_str::<serde_json::Value>(text)
            .and_then(|value| serde_json::to_string_pretty(&value))
            .ok();
        let mut html = String::new();
        match pretty {
            Some(json) => highlight(&json, &mut html),
            None => escape(text, &mut html),
        }
        Self { html }
    }

    /// Escaped HTML, safe to print as it is.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// Whether there is nothing to show.
    pub const fn is_empty(&self) -> bool {
        self.html.is_empty()
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
}

fn wrap(class: &str, text: &str, html: &mut String) {
    let _ = write!(html, "<span class=\"{class}\">");
    escape(text, html);
    html.push_str("</span>");
}

/// `json` is the serialiser's own output, so strings are closed and outside of them only literals and
/// punctuation occur.
fn highlight(json: &str, html: &mut String) {
    let mut rest = json;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string_length(rest),
            c if is_literal(c) => rest.find(|c| !is_literal(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        match first {
            '"' if after.starts_with(':') => wrap("key", token, html),
            '"' => wrap("string", token, html),
            c if is_literal(c) => wrap("literal", token, html),
            _ => html.push_str(token),
        }
        rest = after;
    }
}

fn is_literal(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.')
}

fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// HTTP method.
    pub method: String,
    /// Path and query as sent, below the base URL.
    pub path: String,
    /// Status code and reason (`201 Created`), or why there was no answer.
    pub status: Pill,
    /// `12 ms`.
    pub duration: String,
    /// One header a line; secrets already masked.
    pub request_headers: String,
    /// Request body; empty for GET and DELETE.
    pub request: Code,
    /// One header a line.
    pub response_headers: String,
    /// Response body.
    pub response: Code,
    /// Whether it is shown unfolded.
    pub open: bool,
}

impl Exchange {
    /// Pill of a status code: below 300 good, below 500 a refusal, above broken.
    pub fn status_pill(code: u16, reason: &str) -> Pill {
        let tone = match code {
            0..400 => Tone::Good,
            400..500 => Tone::Warn,
            _ => Tone::Bad,
        };
        Pill::new(tone, format!("{code} {reason}").trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_strings_and_literals_are_told_apart() {
        assert_eq!(
            Code::json(r#"{"a":"b:\"c","n":-1.5e3,"t":true}"#).html(),
            "{\n  <span class=\"key\">&quot;a&quot;</span>: <span class=\"string\">&quot;b:\\&quot;c&quot;</span>,\n  \
             <span class=\"key\">&quot;n&quot;</span>: <span class=\"literal\">-1500.0</span>,\n  \
             <span class=\"key\">&quot;t&quot;</span>: <span class=\"literal\">true</span>\n}"
        );
    }

    #[test]
    fn what_is_not_json_is_shown_escaped() {
        assert_eq!(Code::json("<b>502</b>").html(), "&lt;b&gt;502&lt;/b&gt;");
        assert!(Code::json("").is_empty());
    }

    proptest::proptest! {
        #[test]
        fn no_text_opens_a_tag_of_its_own(text in "\\PC*") {
            let body = serde_json::to_string(&text).unwrap();
            for code in [Code::json(&text), Code::json(&body)] {
                let bare = code.html().replace("<span class=\"key\">", "").replace("<span class=\"string\">", "")
                    .replace("<span class=\"literal\">", "").replace("</span>", "");
                proptest::prop_assert!(!bare.contains(['<', '>', '"']));
            }
        }
    }
}
