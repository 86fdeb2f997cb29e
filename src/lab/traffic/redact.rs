//! Bodies without their secrets.
//!
//! A body is looked at in two steps. [`may_hold_a_secret`] is a byte scan that almost every body passes;
//! only what it stops is read as JSON, token by token, without building a tree, so that the text stays as
//! it was sent: order, duplicates, blanks. What is stopped and cannot be read is not kept at all.
//!
//! Masked are the values of members whose name speaks of a secret, wherever they stand and however their
//! name is escaped; the `value` of a PATCH operation whose `path` does (RFC 7644 section 3.5.2), before or
//! after it; and every string with a SCIM key of ours in it. `null`, `true` and `false` tell nothing and stay.

use std::ops::Range;

use crate::secret::SCIM_KEY_PREFIX;

/// What stands in place of a secret.
pub const MASK: &str = "[masked]";

/// Parts of names that speak of a secret, in lower case. A name that ends with `key` does too.
const SECRETS: [&str; 9] = [
    "passw",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "credential",
    "authorization",
    "certificate",
];
/// The capability in `ServiceProviderConfig` (RFC 7643 section 5): a name of a secret without one.
const CAPABILITY: &str = "changepassword";
/// Names of masked members that are remembered.
const NAMES: usize = 16;
/// Longest remembered name, in characters.
const NAME: usize = 64;

/// Three letters out of each of [`SECRETS`], of `key` and of the prefix of our keys, in lower case: those that
/// ordinary people, addresses and SCIM's own words hardly ever have.
const TRACES: [[u8; 3]; 9] = [
    *b"ass", *b"pwd", *b"ecr", *b"tok", *b"ede", *b"riz", *b"tif", *b"key", *b"mla",
];

/// Whether a body has to be read before it may be kept. Errs on the side of reading: any of [`TRACES`], any
/// escape but the one of a quotation mark, and the two letters whose other case is an ASCII one.
///
/// Every record of a request comes by here, so it is written without branches for the compiler to do
/// sixteen bytes and more at a time.
pub(super) fn may_hold_a_secret(body: &[u8]) -> bool {
    const BLOCK: usize = 128;
    let (Some(second), Some(third)) = (body.get(1..), body.get(2..)) else {
        return false;
    };
    let blocks = body.chunks(BLOCK).zip(second.chunks(BLOCK));
    blocks.zip(third.chunks(BLOCK)).any(|((x, y), z)| {
        let mut found = 0;
        for ((&x, &y), &z) in x.iter().zip(y).zip(z) {
            found |= u8::from(x == b'\\') & u8::from(y != b'"');
            found |= u8::from(x == 0xc5) & u8::from(y == 0xbf);
            found |= u8::from(x == 0xe2) & u8::from(y == 0x84) & u8::from(z == 0xaa);
            let (x, y, z) = (x | 0x20, y | 0x20, z | 0x20);
            for [first, second, third] in TRACES {
                found |= u8::from(x == first) & u8::from(y == second) & u8::from(z == third);
            }
        }
        found != 0
    })
}

/// Whether a member of this name, or a PATCH path, speaks of a secret.
fn speaks_of_a_secret(name: &str) -> bool {
    let name = folded(name);
    (name.ends_with("key") || SECRETS.iter().any(|part| name.contains(part))) && name != CAPABILITY
}

fn folded(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|c| if c == '\u{17f}' { 's' } else { c })
        .collect()
}

/// JSON text with its secrets masked.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Redacted {
    pub(super) text: String,
    /// Names of the members whose values were masked, each once.
    pub(super) masked: Vec<Box<str>>,
}

/// Masks the secrets of a JSON document, or, when `cut`, of the beginning of one. `None` when it is not JSON.
pub(super) fn redact(text: &str, cut: bool) -> Option<Redacted> {
    let mut reader = Reader {
        text,
        at: 0,
        open_string: None,
        stack: Vec::new(),
        hidden: Vec::new(),
        masked: Vec::new(),
    };
    match reader.read() {
        Ok(()) => {}
        Err(Stop::Ended) if cut => reader.hide_what_is_open(),
        Err(_) => return None,
    }
    Some(reader.finish())
}

/// Why reading ended early.
enum Stop {
    /// The text ended within the document.
    Ended,
    /// This is not JSON.
    Odd,
}

/// An object or array that is open.
struct Frame {
    object: bool,
    /// Where it began.
    start: usize,
    /// Name of the member that is being read, as it is meant.
    name: String,
    /// Where that member's value began, once it has.
    value: Option<usize>,
    /// Values of members called `value`.
    values: Vec<Range<usize>>,
    /// Its `path`, if there was one: whether it speaks of a secret.
    path: Option<bool>,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Opening quote of the string that is being read.
    open_string: Option<usize>,
    stack: Vec<Frame>,
    hidden: Vec<Range<usize>>,
    masked: Vec<Box<str>>,
}

impl Reader<'_> {
    /// Reads the whole document. Depth costs memory only, a few bytes for each byte of the bounded text.
    fn read(&mut self) -> Result<(), Stop> {
        let mut value_wanted = true;
        loop {
            if value_wanted {
                value_wanted = self.value()?;
                continue;
            }
            // A value has just ended.
            let Some(object) = self.stack.last().map(|frame| frame.object) else {
                self.blanks();
                let ended = self.at == self.text.len();
                return if ended { Ok(()) } else { Err(Stop::Odd) };
            };
            match (self.next()?, object) {
                (b',', true) => {
                    self.name()?;
                    value_wanted = true;
                }
                (b',', false) => value_wanted = true,
                (b'}', true) | (b']', false) => self.close(),
                _ => return Err(Stop::Odd),
            }
        }
    }

    /// Reads a value, or opens one: then the answer is whether another value follows.
    fn value(&mut self) -> Result<bool, Stop> {
        let first = self.next()?;
        let start = self.at - 1;
        if let Some(frame) = self.stack.last_mut() {
            frame.value = Some(start);
        }
        match first {
            b'{' | b'[' => {
                self.stack.push(Frame {
                    object: first == b'{',
                    start,
                    name: String::new(),
                    value: None,
                    values: Vec::new(),
                    path: None,
                });
                let end = if first == b'{' { b'}' } else { b']' };
                self.blanks();
                if self.peek()? == end {
                    self.at += 1;
                    self.close();
                    return Ok(false);
                }
                if first == b'{' {
                    self.name()?;
                }
                Ok(true)
            }
            b'"' => {
                let meant = self.string()?;
                if meant.contains(SCIM_KEY_PREFIX) {
                    self.hide(start..self.at, "a SCIM key");
                }
                self.ended(start, Some(&meant), true);
                Ok(false)
            }
            b'-' | b'0'..=b'9' | b't' | b'f' | b'n' => {
                let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
                let length = rest.iter().position(
                    |b| !matches!(b, b'0'..=b'9' | b'a'..=b'z' | b'E' | b'+' | b'-' | b'.'),
                );
                self.at += length.unwrap_or(rest.len());
                let word = self.text.get(start..self.at).unwrap_or_default();
                let telling = match word {
                    "true" | "false" | "null" => false,
                    _ if matches!(first, b'-' | b'0'..=b'9') => true,
                    _ if self.at == self.text.len() => return Err(Stop::Ended),
                    _ => return Err(Stop::Odd),
                };
                self.ended(start, None, telling);
                Ok(false)
            }
            _ => Err(Stop::Odd),
        }
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Result<(), Stop> {
        if self.next()? != b'"' {
            return Err(Stop::Odd);
        }
        let start = self.at - 1;
        let name = self.string()?;
        if name.contains(SCIM_KEY_PREFIX) {
            self.hide(start..self.at, "a SCIM key");
        }
        if let Some(frame) = self.stack.last_mut() {
            frame.name = name;
            frame.value = None;
        }
        if self.next()? == b':' {
            Ok(())
        } else {
            Err(Stop::Odd)
        }
    }

    fn close(&mut self) {
        let Some(frame) = self.stack.pop() else {
            return;
        };
        if frame.path == Some(true) {
            for value in frame.values {
                self.hide(value, "value");
            }
        }
        self.ended(frame.start, None, true);
    }

    /// The value that began at `start` has ended here; `telling` when it could be a secret.
    fn ended(&mut self, start: usize, string: Option<&str>, telling: bool) {
        let range = start..self.at;
        let Some(frame) = self.stack.last_mut().filter(|frame| frame.object) else {
            return;
        };
        if telling && speaks_of_a_secret(&frame.name) {
            let name = std::mem::take(&mut frame.name);
            self.hide(range, &name);
        } else if frame.name.eq_ignore_ascii_case("path") {
            // Of several, one is enough.
            let secret = string.is_some_and(speaks_of_a_secret);
            frame.path = Some(secret || frame.path == Some(true));
        } else if telling && frame.name.eq_ignore_ascii_case("value") {
            frame.values.push(range);
        }
    }

    /// The text ended: whatever is unfinished and could still turn out to be a secret is one.
    fn hide_what_is_open(&mut self) {
        let end = self.text.len();
        for frame in std::mem::take(&mut self.stack) {
            if !frame.object {
                continue;
            }
            if speaks_of_a_secret(&frame.name)
                && let Some(start) = frame.value
            {
                self.hide(start..end, &frame.name);
            }
            if frame.path == Some(false) {
                continue;
            }
            for value in frame.values {
                self.hide(value, "value");
            }
            if frame.name.eq_ignore_ascii_case("value")
                && let Some(start) = frame.value
            {
                self.hide(start..end, "value");
            }
        }
        // A string that was cut may hold the beginning of a key.
        if let Some(start) = self.open_string
            && self
                .text
                .get(start..)
                .is_some_and(|rest| rest.contains('\\') || rest.contains(SCIM_KEY_PREFIX))
        {
            self.hide(start..end, "a value that was cut");
        }
    }

    fn hide(&mut self, range: Range<usize>, name: &str) {
        self.hidden.push(range);
        let name: String = name.chars().take(NAME).collect();
        if self.masked.len() < NAMES && !self.masked.iter().any(|known| **known == *name) {
            self.masked.push(name.into());
        }
    }

    fn finish(mut self) -> Redacted {
        self.hidden
            .sort_unstable_by_key(|range| (range.start, std::cmp::Reverse(range.end)));
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for range in self.hidden {
            // Within one that is hidden already.
            if range.start < from {
                continue;
            }
            text.push_str(self.text.get(from..range.start).unwrap_or_default());
            text.push('"');
            text.push_str(MASK);
            text.push('"');
            from = range.end;
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        Redacted {
            text,
            masked: self.masked,
        }
    }

    fn blanks(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let blanks = rest
            .iter()
            .position(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t'));
        self.at += blanks.unwrap_or(rest.len());
    }

    fn peek(&self) -> Result<u8, Stop> {
        self.text
            .as_bytes()
            .get(self.at)
            .copied()
            .ok_or(Stop::Ended)
    }

    /// The next byte that is no blank; it is passed.
    fn next(&mut self) -> Result<u8, Stop> {
        self.blanks();
        let byte = self.peek()?;
        self.at += 1;
        Ok(byte)
    }

    /// The string whose opening quote was passed, as it is meant; a lone surrogate counts as U+FFFD.
    fn string(&mut self) -> Result<String, Stop> {
        let start = self.at;
        self.open_string = Some(start - 1);
        let mut escaped = false;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 1;
                    self.peek()?;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        let raw = self.text.get(start..self.at).ok_or(Stop::Odd)?;
        self.at += 1;
        self.open_string = None;
        if escaped {
            unescaped(raw).ok_or(Stop::Odd)
        } else {
            Ok(raw.to_owned())
        }
    }
}

fn unescaped(raw: &str) -> Option<String> {
    let mut units: Vec<u16> = Vec::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            continue;
        }
        units.push(match chars.next()? {
            c @ ('"' | '\\' | '/') => u16::try_from(u32::from(c)).ok()?,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'u' => {
                let mut unit = 0;
                for _ in 0..4 {
                    unit = unit * 16 + u16::try_from(chars.next()?.to_digit(16)?).ok()?;
                }
                unit
            }
            _ => return None,
        });
    }
    Some(String::from_utf16_lossy(&units))
}

#[cfg(test)]
mod tests;
