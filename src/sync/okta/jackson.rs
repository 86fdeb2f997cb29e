//! What the Java parser behind Okta's client says of a body that is no JSON (parts 1.3 and 1.12 of the Okta reference).
//!
//! Where the text is wrong is found by our own parser; the sentence is made of the character that stands there.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

/// Most characters of a token that are quoted.
const QUOTED: usize = 64;

/// `Invalid JSON: …` with the place; `None` when the body is JSON.
pub(super) fn complaint(body: &[u8]) -> Option<String> {
    let error = serde_json::from_slice::<IgnoredAny>(body).err()?;
    let text = String::from_utf8_lossy(body);
    let (line, column) = (error.line().max(1), error.column().max(1));
    let said = error.to_string();
    let (what, column) = if error.is_eof() {
        (end_of_input(&said).to_owned(), column + 1)
    } else {
        let characters: Vec<char> = text
            .split('\n')
            .nth(line - 1)
            .unwrap_or_default()
            .chars()
            .collect();
        unexpected(&characters, column, &said)
    };
    let mut complaint = format!("Invalid JSON: {what} at [Source: java.io.StringReader@");
    let _ = write!(
        complaint,
        "{:x}; line: {line}, column: {column}]",
        identity(body)
    );
    Some(complaint)
}

fn end_of_input(said: &str) -> &'static str {
    if said.contains("object") {
        "Unexpected end-of-input: expected close marker for Object"
    } else if said.contains("list") {
        "Unexpected end-of-input: expected close marker for Array"
    } else if said.contains("string") {
        "Unexpected end-of-input in VALUE_STRING"
    } else {
        "No content to map due to end-of-input"
    }
}

/// What is said of a character, and the column behind it.
fn unexpected(line: &[char], column: usize, said: &str) -> (String, usize) {
    let at = (column - 1).min(line.len().saturating_sub(1));
    let found = line.get(at).copied().unwrap_or('\n');
    let in_word = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '$';
    if found.is_alphanumeric() && (said.starts_with("expected value") || said.contains("ident")) {
        let before = line[..at].iter().rev().take_while(|c| in_word(c)).count();
        let word = line[at - before..].iter().take_while(|c| in_word(c));
        let token: String = word.take(QUOTED).collect();
        let end = at - before + token.chars().count() + 1;
        let what =
            format!("Unrecognized token '{token}': was expecting ('true', 'false' or 'null')");
        return (what, end);
    }
    let expected = if said.starts_with("key must") || said.starts_with("trailing comma") {
        "was expecting double-quote to start field name"
    } else if said.contains("`:`") {
        "was expecting a colon to separate field name and value"
    } else if said.contains("`}`") {
        "was expecting comma to separate Object entries"
    } else if said.contains("`]`") {
        "was expecting comma to separate Array entries"
    } else {
        "expected a valid value (number, String, array, object, 'true', 'false' or 'null')"
    };
    let what = format!(
        "Unexpected character ('{found}' (code {})): {expected}",
        u32::from(found)
    );
    (what, at + 2)
}

/// Stands where Java has the identity of an object: the same for the same text.
fn identity(body: &[u8]) -> u32 {
    body.iter().fold(0x811c_9dc5, |hash: u32, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn without_identity(body: &str) -> String {
        let said = complaint(body.as_bytes()).unwrap();
        let (before, after) = said.split_once('@').unwrap();
        let (_, after) = after.split_once(';').unwrap();
        format!("{before}@;{after}")
    }

    /// 1.3 and 1.12: the two captured messages, and their kin.
    #[test]
    fn a_body_that_is_no_json_is_complained_about_as_by_java() {
        for (body, said) in [
            (
                "<html>",
                "Unexpected character ('<' (code 60)): expected a valid value (number, String, array, object, 'true', 'false' or 'null') at [Source: java.io.StringReader@; line: 1, column: 2]",
            ),
            (
                "error code: 502",
                "Unrecognized token 'error': was expecting ('true', 'false' or 'null') at [Source: java.io.StringReader@; line: 1, column: 6]",
            ),
            (
                "truth",
                "Unrecognized token 'truth': was expecting ('true', 'false' or 'null') at [Source: java.io.StringReader@; line: 1, column: 6]",
            ),
            (
                "{\n  id: 1}",
                "Unexpected character ('i' (code 105)): was expecting double-quote to start field name at [Source: java.io.StringReader@; line: 2, column: 4]",
            ),
            (
                r#"{"a":1 "b":2}"#,
                r#"Unexpected character ('"' (code 34)): was expecting comma to separate Object entries at [Source: java.io.StringReader@; line: 1, column: 9]"#,
            ),
            (
                "{\"a\":1",
                "Unexpected end-of-input: expected close marker for Object at [Source: java.io.StringReader@; line: 1, column: 7]",
            ),
        ] {
            assert_eq!(without_identity(body), format!("Invalid JSON: {said}"));
        }
        assert_eq!(complaint(b"{\"a\":[1,true,null]}"), None);
        assert_eq!(complaint(b"<a>"), complaint(b"<a>"));
    }

    proptest! {
        #[test]
        fn whatever_comes_there_is_a_sentence_or_it_is_json(body in prop::collection::vec(any::<u8>(), 0..60)) {
            let json = serde_json::from_slice::<IgnoredAny>(&body).is_ok();
            prop_assert_eq!(complaint(&body).is_none(), json);
        }

        #[test]
        fn so_it_is_with_text(body in "[\\PC\n\"{}:,a-z]{0,40}") {
            let json = serde_json::from_str::<IgnoredAny>(&body).is_ok();
            prop_assert_eq!(complaint(body.as_bytes()).is_none(), json);
        }
    }
}
