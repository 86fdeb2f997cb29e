//! *Invite People*: the addresses in what somebody typed or pasted, and in a file.
//!
//! What is typed is separated by commas, semicolons or lines; each entry may be several addresses or
//! `Ada Lovelace <ada@example.com>`. An entry without an @ is no address, and is reported as it stands. A file is
//! text or a table: addresses are whatever has an @, other columns and the heading are left alone, and a line
//! without any address is reported.

use crate::scim::key::prepare;

/// Addresses of one submission at most.
pub const AT_ONCE: usize = 5_000;

/// Longest piece that is shown again, in characters.
const SHOWN: usize = 254;

/// The addresses, each once, what was typed first; and what was found in their place where there was none. Of those
/// beyond [`AT_ONCE`] only one more, which says that there are some.
pub fn addresses(typed: &str, file: &str) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    let mut found: Vec<String> = Vec::new();
    let entries = typed
        .split(['\n', '\r', ',', ';'])
        .map(str::trim)
        .chain(lines_of(file));
    for entry in entries.filter(|entry| !entry.is_empty()) {
        let mut pieces: Vec<&str> = pieces(entry).collect();
        if pieces.is_empty() {
            pieces.push(entry);
        }
        for piece in pieces {
            if found.len() <= AT_ONCE && seen.insert(prepare(piece)) {
                found.push(piece.chars().take(SHOWN).collect());
            }
        }
    }
    found
}

/// The lines of a file without the heading of its table.
fn lines_of(file: &str) -> impl Iterator<Item = &str> {
    file.lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
        .enumerate()
        .filter(|(place, line)| *place > 0 || line.contains('@') || !is_heading(line))
        .map(|(_, line)| line)
}

/// What is meant to be an address.
fn pieces(entry: &str) -> impl Iterator<Item = &str> {
    entry
        .split(|c: char| c.is_whitespace() || ",;<>\"".contains(c))
        .map(|piece| piece.trim_matches(|c: char| "'()[]".contains(c)))
        .map(|piece| piece.strip_prefix("mailto:").unwrap_or(piece))
        .filter(|piece| piece.contains('@'))
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
                | "username"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_addresses_are_found_and_what_is_none_is_reported() {
        for (text, expected) in [
            ("", vec![]),
            (" \n\t, ;\n", vec![]),
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
            ("ada@x.example\nADA@X.example", vec!["ada@x.example"]),
            ("ada@x.example, bob", vec!["ada@x.example", "bob"]),
            (
                "bob@\n@x.example\na@b@c",
                vec!["bob@", "@x.example", "a@b@c"],
            ),
            ("email", vec!["email"]),
            (
                "<script>alert(1)</script>",
                vec!["<script>alert(1)</script>"],
            ),
        ] {
            assert_eq!(addresses(text, ""), expected, "{text:?}");
        }
    }

    #[test]
    fn a_file_may_be_a_table() {
        for (file, expected) in [
            (
                "a@x.example\r\nb@x.example\r\n",
                vec!["a@x.example", "b@x.example"],
            ),
            (
                "\u{feff}Name,E-mail\n\"Lovelace, Ada\",\"ada@x.example\"\nBob,bob@x.example",
                vec!["ada@x.example", "bob@x.example"],
            ),
            (
                "Name\tRole\nada@x.example\tDeveloper",
                vec!["Name\tRole", "ada@x.example"],
            ),
            ("ada@x.example\nnobody", vec!["ada@x.example", "nobody"]),
        ] {
            assert_eq!(addresses("", file), expected, "{file:?}");
        }
        assert_eq!(addresses("b@x", "a@x\nb@x"), ["b@x", "a@x"]);
    }

    #[test]
    fn a_list_is_cut_off_where_one_submission_ends() {
        let many: Vec<_> = (0..AT_ONCE + 10)
            .map(|n| format!("{n}@x.example"))
            .collect();
        let many = many.join("\n");
        assert_eq!(addresses(&many, &many).len(), AT_ONCE + 1);
        assert_eq!(addresses(&"x".repeat(1_000), "")[0].chars().count(), SHOWN);
    }
}
