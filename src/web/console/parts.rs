//! The shapes that `templates/parts.html` draws: links, pills, moments, notices, fields, facts.
//!
//! Everything here is ready to be shown. One part, one type, one macro, so that one hand seems to have drawn
//! every page.

use std::borrow::Cow;
use std::time::Duration;

use crate::clock::Timestamp;

/// A link with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is read.
    pub text: String,
    /// Where it leads; empty shows plain text.
    pub href: String,
}

impl Link {
    /// A link to `href`.
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: href.into(),
        }
    }

    /// Text that leads nowhere.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(text, "")
    }
}

/// The colour family of a state; always shown together with a word and an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Well.
    Good,
    /// Working, or worth knowing.
    Info,
    /// Wants attention.
    Warn,
    /// Broken.
    Bad,
    /// At rest.
    Quiet,
}

impl Tone {
    /// The class in the stylesheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Bad => "bad",
            Self::Quiet => "quiet-tone",
        }
    }
}

/// A state: icon, word and colour. The same word everywhere for the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pill {
    /// Colour family and icon.
    pub tone: Tone,
    /// The word.
    pub word: String,
}

impl Pill {
    /// A pill of `tone` reading `word`.
    pub fn new(tone: Tone, word: impl Into<String>) -> Self {
        Self {
            tone,
            word: word.into(),
        }
    }
}

/// Nobody counts days beyond this.
const YEAR: Duration = Duration::from_hours(366 * 24);

/// A moment: relative text, the exact moment on hover and in `datetime`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// `3 min ago`, `in 12 min`.
    pub text: String,
    /// RFC 3339 in UTC.
    pub exact: String,
}

impl Moment {
    /// `at` as seen from `now`; more than a year away, its day.
    pub fn new(at: Timestamp, now: Timestamp) -> Self {
        let exact = at.to_string();
        let past = at <= now;
        let away = if past { now.since(at) } else { at.since(now) };
        let text = match amount(away) {
            _ if away > YEAR => {
                let day = exact.split_once('T').map_or(exact.as_str(), |(day, _)| day);
                format!("on {day}")
            }
            None if past => "just now".to_owned(),
            None => "now".to_owned(),
            Some(amount) if past => format!("{amount} ago"),
            Some(amount) => format!("in {amount}"),
        };
        Self { text, exact }
    }
}

fn amount(span: Duration) -> Option<String> {
    let seconds = span.as_secs();
    Some(match seconds {
        0..5 => return None,
        5..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..86_400 => format!("{} h", seconds / 3_600),
        86_400..172_800 => "1 day".to_owned(),
        _ => format!("{} days", seconds / 86_400),
    })
}

/// A duration as people say it: `840 ms`, `2.4 s`, `3 min 5 s`, `2 h 10 min`.
pub fn span(duration: Duration) -> String {
    let millis = duration.as_millis();
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{seconds}.{} s", millis % 1_000 / 100),
        60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

/// A count with thousands separated: `12,480`.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with its noun: `1 member`, `412 members`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        thousands(count),
        if count == 1 { one } else { many }
    )
}

/// Cause and remedy, above the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Colour family and icon.
    pub tone: Tone,
    /// What happened, one sentence.
    pub what: String,
    /// What to do next; may be empty when all is well.
    pub mend: String,
}

impl Notice {
    /// A notice of `tone`.
    pub fn new(tone: Tone, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            tone,
            what: what.into(),
            mend: mend.into(),
        }
    }
}

/// A label and its value in a list of facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The label.
    pub name: String,
    /// The value, linked when `value.href` is set. An empty text shows a dash.
    pub value: Link,
    /// Whether the value is an identifier, an address or an expression and wants the monospace face.
    pub code: bool,
}

impl Fact {
    /// Plain text.
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Link::plain(value),
            code: false,
        }
    }

    /// An identifier or an expression.
    pub fn code(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Link::plain(value),
            code: true,
        }
    }

    /// A link.
    pub fn link(name: impl Into<String>, text: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: Link::new(text, href),
            code: false,
        }
    }
}

/// One value of a drop-down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value that is sent.
    pub value: String,
    /// What is read.
    pub label: String,
}

impl Choice {
    /// A value and its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Name in the form's body, also its id.
    pub name: Cow<'static, str>,
    /// Label above.
    pub label: String,
    /// `type` of the input: `text`, `email`, `password`, `url`, `date`; or `select`, `textarea`,
    /// `hidden`.
    pub kind: &'static str,
    /// Present value; a secret is never echoed, so password fields keep it empty.
    pub value: String,
    /// Help below; may be empty.
    pub help: String,
    /// What is wrong and how to mend it; empty when nothing is.
    pub error: String,
    /// Whether it may not be left empty.
    pub required: bool,
    /// Whether it may not be left empty while another field says so.
    pub expected: bool,
    /// `autocomplete` token; `off` where the browser should not guess.
    pub autocomplete: &'static str,
    /// Longest value the server takes, in characters.
    pub max_length: u16,
    /// What a `select` offers; what an input suggests, which takes other values too.
    pub choices: Vec<Choice>,
    /// Height of a `textarea` in lines.
    pub rows: u8,
}

impl Field {
    /// An optional text field of at most 256 characters.
    pub fn new(name: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: label.into(),
            kind: "text",
            value: String::new(),
            help: String::new(),
            error: String::new(),
            required: false,
            expected: false,
            autocomplete: "off",
            max_length: 256,
            choices: Vec::new(),
            rows: 18,
        }
    }

    /// The field is a text of several lines, so many of which are seen.
    #[must_use]
    pub const fn lines(mut self, rows: u8) -> Self {
        self.kind = "textarea";
        self.rows = rows;
        self
    }

    /// The field must be filled, but only while another one says so: the server checks, not the browser.
    #[must_use]
    pub const fn expected(mut self) -> Self {
        self.expected = true;
        self
    }

    /// The field must be filled.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The input's `type` and `autocomplete`.
    #[must_use]
    pub const fn kind(mut self, kind: &'static str, autocomplete: &'static str) -> Self {
        self.kind = kind;
        self.autocomplete = autocomplete;
        self
    }

    /// The field is a drop-down of these.
    #[must_use]
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.kind = "select";
        self.choices = choices;
        self
    }

    /// The field suggests these and takes other values too.
    #[must_use]
    pub fn suggestions(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// Shows `value`; ignored by password fields, whose content is never sent back.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        if self.kind != "password" {
            self.value = value.into();
        }
        self
    }

    /// Help below the field.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// What is wrong with the value.
    #[must_use]
    pub fn error(mut self, error: impl Into<String>) -> Self {
        self.error = error.into();
        self
    }

    /// Longest value in characters.
    #[must_use]
    pub const fn max_length(mut self, characters: u16) -> Self {
        self.max_length = characters;
        self
    }

    /// Ids of help and error for `aria-describedby`; empty when there is neither.
    pub fn described_by(&self) -> String {
        match (self.help.is_empty(), self.error.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!("{}-help", self.name),
            (true, false) => format!("{}-error", self.name),
            (false, false) => format!("{0}-error {0}-help", self.name),
        }
    }
}

/// One of the tabs below a title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Label and address.
    pub link: Link,
    /// Whether this is the open one.
    pub current: bool,
}

/// A switch that acts at once or leads to the page that asks first; works without script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toggle {
    /// What it turns on and off, for screen readers.
    pub what: String,
    /// Whether it is on.
    pub on: bool,
    /// Where it leads; empty when it cannot be turned, and the reason stands beside it.
    pub href: String,
    /// Whether it leads to a page that asks first; else a form is posted.
    pub asks: bool,
}

impl Toggle {
    /// Leads to a page that asks first.
    pub fn asking(what: impl Into<String>, on: bool, href: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            on,
            href: href.into(),
            asks: true,
        }
    }

    /// Acts at once.
    pub fn posting(what: impl Into<String>, on: bool, href: impl Into<String>) -> Self {
        Self {
            asks: false,
            ..Self::asking(what, on, href)
        }
    }

    /// Cannot be turned.
    pub fn blocked(what: impl Into<String>, on: bool) -> Self {
        Self::asking(what, on, "")
    }

    /// What pressing it does.
    pub fn says(&self) -> String {
        let verb = if self.on { "turn off" } else { "turn on" };
        format!("{verb} {}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_largest_unit_that_fits() {
        let now = Timestamp::from_millis(1_800_000_000_000);
        let ago = |seconds: u64| {
            Timestamp::from_millis(now.millis() - i64::try_from(seconds).unwrap() * 1_000)
        };
        for (seconds, text) in [
            (0, "just now"),
            (4, "just now"),
            (5, "5 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (3_599, "59 min ago"),
            (3_600, "1 h ago"),
            (86_399, "23 h ago"),
            (86_400, "1 day ago"),
            (172_800, "2 days ago"),
            (366 * 86_400, "366 days ago"),
            (366 * 86_400 + 1, "on 2026-01-14"),
        ] {
            assert_eq!(Moment::new(ago(seconds), now).text, text, "{seconds} s");
        }
        assert_eq!(
            Moment::new(now.plus(Duration::from_mins(12)), now).text,
            "in 12 min"
        );
        let days = |days: u64| Moment::new(now.plus(Duration::from_hours(24 * days)), now).text;
        assert_eq!(days(366), "in 366 days");
        assert_eq!(days(730), "on 2029-01-14");
        assert_eq!(days(36_500), "on 2126-12-22");
    }

    #[test]
    fn counts_carry_separators_and_the_right_noun() {
        assert_eq!(counted(0, "member", "members"), "0 members");
        assert_eq!(counted(1, "member", "members"), "1 member");
        assert_eq!(counted(999, "member", "members"), "999 members");
        assert_eq!(counted(1_000, "member", "members"), "1,000 members");
        assert_eq!(thousands(12_345_678), "12,345,678");
    }

    #[test]
    fn durations_read_like_speech() {
        for (millis, text) in [
            (0, "0 ms"),
            (840, "840 ms"),
            (2_480, "2.4 s"),
            (185_000, "3 min 5 s"),
            (7_800_000, "2 h 10 min"),
        ] {
            assert_eq!(span(Duration::from_millis(millis)), text);
        }
    }

    #[test]
    fn a_password_field_never_echoes_its_value() {
        let field = Field::new("token", "Secret Token")
            .kind("password", "off")
            .value("secret");
        assert_eq!(field.value, "");
    }
}
