//! Rows of a CSV file (RFC 4180) that spreadsheets show and do not run.
//!
//! Names come from people and from identity providers. A cell that begins like a formula is text with an apostrophe
//! in front, as the OWASP page on CSV injection asks; every cell is quoted.

use std::fmt::Write as _;

pub(super) use crate::lab::transfer::is_formula;

/// Appends a row.
pub(super) fn row(to: &mut String, cells: &[&str]) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            to.push(',');
        }
        to.push('"');
        if is_formula(cell) {
            to.push('\'');
        }
        let _ = write!(to, "{}", cell.replace('"', "\"\""));
        to.push('"');
    }
    to.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn evil_31_no_cell_is_a_formula() {
        for (cell, written) in [
            ("Ada", "\"Ada\"\r\n"),
            ("", "\"\"\r\n"),
            ("a,\"b\"\n", "\"a,\"\"b\"\"\n\"\r\n"),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\"\r\n"),
            ("+1", "\"'+1\"\r\n"),
            ("-1", "\"'-1\"\r\n"),
            ("@SUM(A1)", "\"'@SUM(A1)\"\r\n"),
            ("\t=1", "\"'\t=1\"\r\n"),
            ("\r=1", "\"'\r=1\"\r\n"),
            ("\n=1", "\"'\n=1\"\r\n"),
            (" =1", "\"' =1\"\r\n"),
            ("\u{ff1d}1", "\"'\u{ff1d}1\"\r\n"),
            ("a=1", "\"a=1\"\r\n"),
        ] {
            let mut text = String::new();
            row(&mut text, &[cell]);
            assert_eq!(text, written, "EVIL-31 {cell:?}");
        }
        let mut text = String::new();
        row(&mut text, &["a", "b"]);
        assert_eq!(text, "\"a\",\"b\"\r\n");
    }
}
