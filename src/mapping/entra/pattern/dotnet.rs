//! A .NET regular expression in the words of the engine that runs it here.
//!
//! The two flavours agree on most of what mappings use. Rewritten is what differs: how groups are
//! numbered (in .NET those with a name come last), `$` before a last line break, literal brackets and
//! `--`/`&&` in classes, subtraction of classes, `\<`, octal and control characters, comments, the
//! options `n` and `x`, blocks such as `\p{IsCyrillic}`. Refused is what .NET refuses and the engine
//! would read as something else, and what the engine cannot do, each with a sentence.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::blocks::{BLOCKS, CATEGORIES};

/// A translated pattern.
pub(super) struct Translated {
    /// What the engine compiles.
    pub(super) text: String,
    /// The engine's groups of each .NET number, from 1 on.
    pub(super) numbers: BTreeMap<usize, Vec<usize>>,
    /// The .NET number of each name.
    pub(super) names: BTreeMap<String, usize>,
}

/// Translates a pattern.
///
/// # Errors
/// A sentence about what is wrong with it.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut translator = Translator {
        rest: pattern,
        pieces: vec![Piece::Text(String::new())],
        groups: Vec::new(),
        options: vec![Options::default()],
        after: After::Nothing,
    };
    translator.all()?;
    translator.finish()
}

/// Part of the result; what points to a group waits until all groups are known.
enum Piece {
    Text(String),
    /// A group by number or name, in the form the reference takes.
    Reference(String, Form),
}

#[derive(Clone, Copy)]
enum Form {
    /// What the group matched.
    Back,
    /// Whether the group took part.
    Condition,
}

/// A capturing group, in the order of the pattern.
enum Group {
    Unnamed,
    Named(String),
}

#[derive(Clone, Copy, Default)]
struct Options {
    multiline: bool,
    explicit_capture: bool,
    ignore_white: bool,
}

/// What stands before the next character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing that could be repeated.
    Nothing,
    Atom,
    /// A quantifier, perhaps followed by `?`.
    Quantifier,
}

struct Translator<'a> {
    rest: &'a str,
    pieces: Vec<Piece>,
    groups: Vec<Group>,
    /// One for each open group, the innermost last; never empty.
    options: Vec<Options>,
    after: After,
}

impl<'a> Translator<'a> {
    fn push(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            last.push_str(text);
        } else {
            self.pieces.push(Piece::Text(text.to_owned()));
        }
    }

    /// A character that means nothing but itself.
    fn push_literal(&mut self, letter: char) {
        let mut text = String::new();
        literal(&mut text, letter);
        self.push(&text);
    }

    fn take(&mut self) -> Option<char> {
        let first = self.rest.chars().next()?;
        self.rest = &self.rest[first.len_utf8()..];
        Some(first)
    }

    fn take_text(&mut self, text: &str) -> bool {
        let after = self.rest.strip_prefix(text);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// What stands before `end`, which is taken too.
    fn take_until(&mut self, end: char, what: &str) -> Result<&'a str, String> {
        let (before, after) = self
            .rest
            .split_once(end)
            .ok_or_else(|| format!("{what} is never closed; add '{end}'"))?;
        self.rest = after;
        Ok(before)
    }

    fn options(&self) -> Options {
        self.options.last().copied().unwrap_or_default()
    }

    fn all(&mut self) -> Result<(), String> {
        while let Some(letter) = self.take() {
            let before = std::mem::replace(&mut self.after, After::Atom);
            match letter {
                '\\' => self.escape()?,
                '[' => {
                    let class = self.class(0)?;
                    self.push(&class);
                }
                '(' => self.open()?,
                ')' => {
                    self.options.pop();
                    if self.options.is_empty() {
                        return Err("there is one ')' too many".to_owned());
                    }
                    self.push(")");
                }
                '|' => {
                    self.after = After::Nothing;
                    self.push("|");
                }
                '^' => self.push("^"),
                '$' if self.options().multiline => self.push("$"),
                '$' => self.push(r"(?=\n?\z)"),
                '.' => self.push("."),
                '*' | '+' | '?' => self.quantifier(&letter.to_string(), before)?,
                '{' => match braces(self.rest) {
                    Some(length) => {
                        let quantifier = format!("{{{}", &self.rest[..length]);
                        self.rest = &self.rest[length..];
                        self.quantifier(&quantifier, before)?;
                    }
                    None => self.push_literal('{'),
                },
                '#' if self.options().ignore_white => {
                    let line = self.rest.find('\n').unwrap_or(self.rest.len());
                    self.rest = &self.rest[line..];
                    self.after = before;
                }
                white if white.is_whitespace() && self.options().ignore_white => {
                    self.after = before;
                }
                other => self.push_literal(other),
            }
        }
        if self.options.len() > 1 {
            return Err("a '(' is never closed; add ')'".to_owned());
        }
        Ok(())
    }

    fn quantifier(&mut self, quantifier: &str, before: After) -> Result<(), String> {
        match before {
            After::Nothing => return Err(format!("there is nothing that '{quantifier}' repeats")),
            After::Quantifier => {
                return Err(format!(
                    "'{quantifier}' stands directly after another quantifier"
                ));
            }
            After::Atom => {}
        }
        self.push(quantifier);
        if self.take_text("?") {
            self.push("?");
        }
        self.after = After::Quantifier;
        Ok(())
    }

    /// Behind `(`.
    fn open(&mut self) -> Result<(), String> {
        let options = self.options();
        if !self.take_text("?") {
            self.options.push(options);
            self.after = After::Nothing;
            if options.explicit_capture {
                self.push("(?:");
            } else {
                self.groups.push(Group::Unnamed);
                self.push("(");
            }
            return Ok(());
        }
        if self.take_text("#") {
            self.take_until(')', "a comment")?;
            // A comment is not there at all; what stood before it can still be repeated.
            return Ok(());
        }
        self.after = After::Nothing;
        for plain in [":", "=", "!", "<=", "<!", ">"] {
            if self.take_text(plain) {
                self.options.push(options);
                self.push("(?");
                self.push(plain);
                return Ok(());
            }
        }
        if self.take_text("(") {
            self.options.push(options);
            return self.condition();
        }
        let close = if self.take_text("<") {
            '>'
        } else if self.take_text("'") {
            '\''
        } else {
            return self.inline_options(options);
        };
        let name = self.take_until(close, "the name of a group")?;
        if name.contains('-') {
            return Err(format!(
                "balancing groups such as (?<{name}>...) are not supported"
            ));
        }
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(format!("'{name}' is not a name for a group"));
        }
        self.options.push(options);
        self.groups.push(Group::Named(name.to_owned()));
        self.push("(");
        Ok(())
    }

    /// Behind `(?(`: the group whose participation is asked for.
    fn condition(&mut self) -> Result<(), String> {
        let name = self.take_until(')', "a condition")?;
        if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Err(
                "only conditions that name a group, (?(name)...), are supported".to_owned(),
            );
        }
        self.pieces
            .push(Piece::Reference(name.to_owned(), Form::Condition));
        Ok(())
    }

    /// Behind `(?`: letters that switch options on, or off after `-`.
    fn inline_options(&mut self, mut options: Options) -> Result<(), String> {
        let (mut on, mut kept) = (true, [String::new(), String::new()]);
        loop {
            match self.take() {
                Some('-') => on = false,
                Some('m') => {
                    options.multiline = on;
                    kept[usize::from(on)].push('m');
                }
                Some('n') => options.explicit_capture = on,
                Some('x') => options.ignore_white = on,
                Some(letter @ ('i' | 's')) => kept[usize::from(on)].push(letter),
                Some(end @ (')' | ':')) => {
                    let [off, on] = kept;
                    let off = if off.is_empty() {
                        off
                    } else {
                        format!("-{off}")
                    };
                    let letters = on + &off;
                    if end == ':' {
                        self.options.push(options);
                        self.push(&format!("(?{letters}:"));
                    } else {
                        if let Some(last) = self.options.last_mut() {
                            *last = options;
                        }
                        if !letters.is_empty() {
                            self.push(&format!("(?{letters})"));
                        }
                    }
                    return Ok(());
                }
                Some(other) => return Err(format!("(?{other} is not a kind of group")),
                None => return Err("a '(' is never closed; add ')'".to_owned()),
            }
        }
    }

    /// Behind `\`, outside of a class.
    fn escape(&mut self) -> Result<(), String> {
        let letter = self.rest.chars().next();
        match letter {
            Some('Z') => self.push(r"(?=\n?\z)"),
            Some(anchor @ ('A' | 'z' | 'G' | 'b' | 'B')) => self.push(&format!("\\{anchor}")),
            Some('1'..='9') => {
                let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
                let (number, after) = self.rest.split_at(digits);
                self.pieces
                    .push(Piece::Reference(number.to_owned(), Form::Back));
                self.rest = after;
                return Ok(());
            }
            Some('k') => {
                self.take();
                let close = match self.take() {
                    Some('<') => '>',
                    Some('\'') => '\'',
                    _ => return Err("write \\k<name> for what a group matched".to_owned()),
                };
                let name = self.take_until(close, "\\k<")?;
                self.pieces
                    .push(Piece::Reference(name.to_owned(), Form::Back));
                return Ok(());
            }
            _ => {
                let (text, _) = self.character()?;
                self.push(&text);
                return Ok(());
            }
        }
        self.take();
        Ok(())
    }

    /// Behind `\`: an escape that may stand in a class too. With the character, when it is just one.
    fn character(&mut self) -> Result<(String, Option<char>), String> {
        let letter = self
            .take()
            .ok_or("the regular expression ends with a backslash")?;
        let character = match letter {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => return Ok((format!("\\{letter}"), None)),
            'p' | 'P' => return self.property(letter).map(|text| (text, None)),
            'a' => '\u{7}',
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => self.number(2, 16)?,
            'u' => self.number(4, 16)?,
            '0' => {
                let digits = self.rest.bytes().take(2);
                let digits = digits.take_while(|b| matches!(b, b'0'..=b'7')).count();
                if digits == 0 {
                    '\0'
                } else {
                    self.number(digits, 8)?
                }
            }
            'c' => match self.take().map(|c| c.to_ascii_uppercase()) {
                Some(control @ '@'..='_') => char::from(u8::try_from(control).unwrap_or(0) & 31),
                _ => return Err("\\c needs a letter behind it".to_owned()),
            },
            other if other.is_alphanumeric() || other == '_' => {
                return Err(format!("there is no escape \\{other}; write {other} alone"));
            }
            other => other,
        };
        let mut text = String::new();
        literal(&mut text, character);
        Ok((text, Some(character)))
    }

    fn number(&mut self, digits: usize, radix: u32) -> Result<char, String> {
        let number = self
            .rest
            .get(..digits)
            .and_then(|text| u32::from_str_radix(text, radix).ok())
            .and_then(char::from_u32)
            .ok_or_else(|| {
                format!("a character by its number needs {digits} digits and must exist")
            })?;
        self.rest = &self.rest[digits..];
        Ok(number)
    }

    /// Behind `\p` or `\P`.
    fn property(&mut self, letter: char) -> Result<String, String> {
        if !self.take_text("{") {
            return Err(format!(
                "write \\{letter}{{name}} for a category or a block"
            ));
        }
        let name = self.take_until('}', "the name of a category")?;
        if CATEGORIES.contains(&name) {
            return Ok(format!("\\{letter}{{{name}}}"));
        }
        let (_, first, last) = BLOCKS
            .iter()
            .find(|(known, ..)| *known == name)
            .ok_or_else(|| format!("there is no category or block '{name}'"))?;
        let not = if letter == 'P' { "^" } else { "" };
        Ok(format!("[{not}\\x{{{first:X}}}-\\x{{{last:X}}}]"))
    }

    /// Behind `[`, to the closing bracket.
    fn class(&mut self, depth: usize) -> Result<String, String> {
        const OPEN: &str = "a '[' is never closed; add ']'";
        if depth > 8 {
            return Err("classes are subtracted from each other too deep".to_owned());
        }
        let mut out = String::from(if self.take_text("^") { "[^" } else { "[" });
        let mut subtracted = None;
        let mut first = true;
        loop {
            if !first && self.take_text("]") {
                break;
            }
            if !first && self.take_text("-[") {
                subtracted = Some(self.class(depth + 1)?);
                if !self.take_text("]") {
                    return Err("a subtracted class must be the last part of its class".to_owned());
                }
                break;
            }
            first = false;
            let (text, begin) = self.class_item().ok_or(OPEN)??;
            out.push_str(&text);
            let ranges = self.rest.starts_with('-')
                && !self.rest.starts_with("-]")
                && !self.rest.starts_with("-[");
            let Some(begin) = begin.filter(|_| ranges) else {
                continue;
            };
            self.take();
            match self.class_item().ok_or(OPEN)?? {
                (text, Some(end)) if end >= begin => {
                    out.push('-');
                    out.push_str(&text);
                }
                (text, Some(_)) => {
                    return Err(format!(
                        "the range in a class that ends with '{text}' is in reverse"
                    ));
                }
                (text, None) => {
                    return Err(format!("'{text}' cannot end a range in a class"));
                }
            }
        }
        out.push(']');
        Ok(match subtracted {
            Some(less) => format!("[{out}--{less}]"),
            None => out,
        })
    }

    fn class_item(&mut self) -> Option<Result<(String, Option<char>), String>> {
        let letter = self.take()?;
        let character = match letter {
            '\\' if self.take_text("b") => '\u{8}',
            '\\' => return Some(self.character()),
            other => other,
        };
        let mut text = String::new();
        literal(&mut text, character);
        Some(Ok((text, Some(character))))
    }

    /// Numbers the groups as .NET does and puts the references in.
    fn finish(self) -> Result<Translated, String> {
        let mut numbers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        let mut unnamed = 0;
        for (index, group) in (1..).zip(&self.groups) {
            let number = match group {
                Group::Unnamed => {
                    unnamed += 1;
                    unnamed
                }
                Group::Named(name) => match name.parse::<usize>() {
                    Ok(0) => return Err("a group cannot have the number 0".to_owned()),
                    Ok(number) => number,
                    Err(_) => continue,
                },
            };
            numbers.entry(number).or_default().push(index);
        }
        let mut next = unnamed + 1;
        for (index, group) in (1..).zip(&self.groups) {
            let Group::Named(name) = group else { continue };
            if name.parse::<usize>().is_ok() {
                continue;
            }
            let number = *names.entry(name.clone()).or_insert_with(|| {
                while numbers.contains_key(&next) {
                    next += 1;
                }
                next
            });
            numbers.entry(number).or_default().push(index);
        }
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Reference(group, form) => {
                    let number = match group.parse::<usize>() {
                        Ok(number) => Some(number),
                        Err(_) => names.get(group).copied(),
                    };
                    let index = number.and_then(|number| numbers.get(&number)?.last());
                    let Some(index) = index else {
                        text.push_str(&octal(group, *form)?);
                        continue;
                    };
                    // Writing to a String cannot fail.
                    let _ = match form {
                        Form::Back => write!(text, "(?:\\{index})"),
                        Form::Condition => write!(text, "(?({index})"),
                    };
                }
            }
        }
        Ok(Translated {
            text,
            numbers,
            names,
        })
    }
}

/// A number of several digits that is no group's: the character with this octal number, and digits.
fn octal(group: &str, form: Form) -> Result<String, String> {
    let digits = group.bytes().take(3);
    let digits = digits.take_while(|b| matches!(b, b'0'..=b'7')).count();
    let (number, rest) = group.split_at(digits);
    let character = u32::from_str_radix(number, 8).ok().and_then(char::from_u32);
    match (form, character) {
        (Form::Back, Some(character)) if group.len() > 1 => {
            let mut text = String::new();
            literal(&mut text, character);
            Ok(text + rest)
        }
        _ => Err(format!("there is no group '{group}'")),
    }
}

/// The length of `n}`, `n,}` or `n,m}`, when that is what stands here.
fn braces(rest: &str) -> Option<usize> {
    let (inner, _) = rest.split_once('}')?;
    let (least, most) = inner.split_once(',').unwrap_or((inner, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    (!least.is_empty() && digits(least) && digits(most)).then_some(inner.len() + 1)
}

/// A character that means itself, inside of classes and outside.
fn literal(out: &mut String, letter: char) {
    match letter {
        c if c.is_alphanumeric() => out.push(c),
        // Writing to a String cannot fail.
        c => {
            let _ = write!(out, "\\x{{{:X}}}", u32::from(c));
        }
    }
}
