//! *Invite People*: the addresses in what somebody typed, pasted, or took from a file.
//!
//! Addresses are separated by commas, semicolons, spaces or lines, and may stand in a table among other columns
//! or as `Ada Lovelace <ada@example.com>`. Whatever has an @ is meant to be an address. A line without any is
//! reported as it stands, unless it is the heading of a table.

use crate::scim::key::prepare;

/// Addresses of one submission at most.
pub const AT_ONCE: usize = 5_000;

/// Longest piece that is shown again, in characters.
const SHOWN: usize = 254;

/// The addresses, each once, in order; and what was found in their place where there was none. No more than
/// [`AT_ONCE`] of them.
pub fn addresses(text: &str) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut found = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let mut pieces: Vec<&str> = line
            .split(|c: char| c.is_whitespace() || ",;\t<>\"".contains(c))
            .map(|piece| piece.trim_matches(|c: char| "'()[]".contains(c)))
            .map(|piece| piece.strip_prefix("mailto:").unwrap_or(piece))
            .filter(|piece| piece.contains('@'))
            .collect();
        if pieces.is_empty() && !line.is_empty() && !(place == 0 && is_heading(line)) {
            pieces.push(line);
        }
        for piece in pieces {
            if found.len() < AT_ONCE && seen.insert(prepare(piece)) {
                found.push(piece.chars().take(SHOWN).collect());
            }
        }
    }
    found
}

/// Whether a first line names columns, one of them of addresses.
fn is_heading(line: &str) -> bool {
    line.split([',', ';', '\t']).any(|column| {
        let column = column.trim().trim_matches('"').to_lowercase();
        matches!(
            column.as_str(),
            "email"
                | "e-mail"
                | "mail"
                | "email address"
                | "e-mail address"
                | "address"
                | "user name"
                | "username"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_written() {
        for (text, expected) in [
            ("", vec![]),
            (" \n\t\n", vec![]),
            ("ada@x.example", vec!["ada@x.example"]),
            (
                "a@x.example, b@x.example;c@x.example d@x.example\r\ne@x.example",
                vec![
                    "a@x.example",
                    "b@x.example",
                    "c@x.example",
                    "d@x.example",
                    "e@x.example",
                ],
            ),
            ("Ada Lovelace <ada@x.example>", vec!["ada@x.example"]),
            ("mailto:ada@x.example", vec!["ada@x.example"]),
            (
                "\u{feff}Name,E-mail\n\"Lovelace, Ada\",\"ada@x.example\"\nBob,bob@x.example",
                vec!["ada@x.example", "bob@x.example"],
            ),
            ("ada@x.example\nADA@X.example", vec!["ada@x.example"]),
            ("ada", vec!["ada"]),
            (
                "bob@\n@x.example\na@b@c",
                vec!["bob@", "@x.example", "a@b@c"],
            ),
            ("ada@x.example\nemail", vec!["ada@x.example", "email"]),
            (
                "<script>alert(1)</script>",
                vec!["<script>alert(1)</script>"],
            ),
        ] {
            assert_eq!(addresses(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_list_is_cut_off_where_one_submission_ends() {
        let many: String = (0..AT_ONCE + 10)
            .map(|n| format!("{n}@x.example\n"))
            .collect();
        assert_eq!(addresses(&many).len(), AT_ONCE);
        assert_eq!(addresses(&"x".repeat(1_000))[0].chars().count(), SHOWN);
    }
}
