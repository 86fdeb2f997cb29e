//! [`Position`]: a place in the text of an expression, and the words around it.

use std::fmt;

/// Most characters of the text that an error quotes.
const QUOTED: usize = 20;

/// A place in the text of an expression. Displays `line 1, column 8`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// Bytes before this place.
    pub offset: usize,
    /// Line, counted from 1; lines end with `\n`.
    pub line: usize,
    /// Characters before this place in its line, plus one.
    pub column: usize,
}

impl Position {
    /// The place behind the first `offset` bytes of `text`, which end between two characters.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = &text[..offset];
        let line_start = before.rfind('\n').map_or(0, |end| end + 1);
        Self {
            offset,
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// The beginning of what stands there, shortened; empty at the end of the text.
pub(super) fn found_at(text: &str, offset: usize) -> String {
    let line = text[offset..].lines().next().unwrap_or_default();
    line.chars().take(QUOTED).collect()
}

/// Displays `, near 'text'`, or nothing for an empty text.
pub(super) struct Near<'a>(pub(super) &'a str);

impl fmt::Display for Near<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            found => write!(f, ", near '{found}'"),
        }
    }
}
