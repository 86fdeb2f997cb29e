//! Reading a filter.

use super::{Comparison, Filter, Literal};

/// Longest filter, in bytes.
const LONGEST: usize = 8 << 10;
/// Most comparisons.
const MOST: usize = 50;
/// Deepest nesting.
const DEEPEST: u8 = 16;

type Result<T> = std::result::Result<T, String>;

/// Reads a filter.
///
/// # Errors
/// A sentence that says what cannot be understood.
pub(in crate::web::graph) fn read(text: &str) -> Result<Filter> {
    if text.len() > LONGEST {
        return Err(format!("The filter has more than {LONGEST} bytes."));
    }
    let mut reader = Reader {
        words: words(text)?,
        at: 0,
        count: 0,
        element: None,
    };
    let filter = reader.any(0)?;
    match reader.next() {
        None => Ok(filter),
        Some(word) => Err(format!(
            "Comparisons are joined with 'and' or 'or', not with {word}."
        )),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Bare(String),
    Quoted(String),
    Sign(char),
}

impl std::fmt::Display for Word {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Bare(text) | Self::Quoted(text) => write!(f, "'{text}'"),
            Self::Sign(sign) => write!(f, "'{sign}'"),
        }
    }
}

fn words(text: &str) -> Result<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let mut value = String::new();
            let mut inside = rest[1..].char_indices().peekable();
            let end = loop {
                match inside.next() {
                    None => return Err("A text is never closed: add ' behind it.".into()),
                    // A quote in a text is written twice.
                    Some((_, '\'')) if inside.next_if(|(_, c)| *c == '\'').is_some() => {
                        value.push('\'');
                    }
                    Some((at, '\'')) => break at,
                    Some((_, other)) => value.push(other),
                }
            };
            words.push(Word::Quoted(value));
            rest = &rest[end + 2..];
        } else if matches!(first, '(' | ')' | ',') {
            words.push(Word::Sign(first));
            rest = &rest[1..];
        } else {
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '\''))
                .unwrap_or(rest.len());
            words.push(Word::Bare(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
    }
    Ok(words)
}

struct Reader {
    words: Vec<Word>,
    at: usize,
    count: usize,
    /// Inside `any(x:…)`: the name of an element, and the list it is of.
    element: Option<(String, String)>,
}

impl Reader {
    fn next(&mut self) -> Option<Word> {
        let word = self.words.get(self.at).cloned();
        self.at += 1;
        word
    }

    fn take(&mut self, sign: char) -> bool {
        let is = self.words.get(self.at) == Some(&Word::Sign(sign));
        self.at += usize::from(is);
        is
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let is = matches!(self.words.get(self.at),
            Some(Word::Bare(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(is);
        is
    }

    fn any(&mut self, depth: u8) -> Result<Filter> {
        if depth > DEEPEST {
            return Err(format!("A filter has at most {DEEPEST} levels."));
        }
        let mut any = vec![self.all(depth)?];
        while self.take_word("or") {
            any.push(self.all(depth)?);
        }
        Ok(match any.len() {
            1 => any.remove(0),
            _ => Filter::Any(any),
        })
    }

    fn all(&mut self, depth: u8) -> Result<Filter> {
        let mut all = vec![self.one(depth)?];
        while self.take_word("and") {
            all.push(self.one(depth)?);
        }
        Ok(match all.len() {
            1 => all.remove(0),
            _ => Filter::All(all),
        })
    }

    fn one(&mut self, depth: u8) -> Result<Filter> {
        if depth > DEEPEST {
            return Err(format!("A filter has at most {DEEPEST} levels."));
        }
        if self.take_word("not") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.take('(') {
            let inner = self.any(depth + 1)?;
            return self.closed(inner);
        }
        self.count += 1;
        if self.count > MOST {
            return Err(format!("The filter has more than {MOST} comparisons."));
        }
        self.comparison(depth)
    }

    fn closed<T>(&mut self, inner: T) -> Result<T> {
        if self.take(')') {
            Ok(inner)
        } else {
            Err("A parenthesis is never closed: add ) behind it.".into())
        }
    }

    fn comparison(&mut self, depth: u8) -> Result<Filter> {
        let Some(Word::Bare(first)) = self.next() else {
            return Err("A comparison begins with the name of a property.".into());
        };
        if self.take('(') {
            if let Some(function) = function(&first) {
                return self.call(&first, function);
            }
            return match cut(&first, "/any") {
                Some(list) => self.element(list, depth),
                None => Err(format!("There is no function {first}.")),
            };
        }
        let property = self.named(first);
        let operator = match self.next() {
            Some(Word::Bare(word)) => word,
            _ => String::new(),
        };
        if operator.eq_ignore_ascii_case("in") {
            return self.one_of(&property);
        }
        let Some(comparison) = operator_of(&operator) else {
            return Err(format!(
                "Behind {property} comes eq, ne, in, contains, gt, ge, lt or le."
            ));
        };
        if self.words.get(self.at).is_none() {
            return Err(format!("{property} is compared with nothing."));
        }
        let value = self.literal()?;
        Ok(Filter::Compare {
            property,
            comparison,
            value,
        })
    }

    /// `startswith(property,'text')`, with or without `eq true` behind it.
    fn call(&mut self, name: &str, comparison: Comparison) -> Result<Filter> {
        let wrong = || format!("{name} is written {name}(property,'text').");
        let Some(Word::Bare(property)) = self.next() else {
            return Err(wrong());
        };
        let property = self.named(property);
        if !self.take(',') {
            return Err(wrong());
        }
        let value = self.literal()?;
        if !self.take(')') {
            return Err(wrong());
        }
        let filter = Filter::Compare {
            property,
            comparison,
            value,
        };
        if !self.take_word("eq") {
            return Ok(filter);
        }
        if self.take_word("true") {
            Ok(filter)
        } else if self.take_word("false") {
            Ok(Filter::Not(Box::new(filter)))
        } else {
            Err(format!("{name} is true or false."))
        }
    }

    /// `any(x:x eq 'text')`, behind the parenthesis.
    fn element(&mut self, list: &str, depth: u8) -> Result<Filter> {
        let wrong = || format!("{list}/any is written {list}/any(x:x eq 'text').");
        let Some(Word::Bare(word)) = self.words.get(self.at).cloned() else {
            return Err(wrong());
        };
        let (Some((name, rest)), None) = (word.split_once(':'), &self.element) else {
            return Err(wrong());
        };
        match rest {
            "" => self.at += 1,
            rest => self.words[self.at] = Word::Bare(rest.to_owned()),
        }
        self.element = Some((name.to_owned(), list.to_owned()));
        // One comparison: of two, each could be of another element.
        let inner = self.comparison(depth)?;
        self.element = None;
        self.closed(inner)
    }

    /// The property, where the name of an element stands for its list.
    fn named(&self, property: String) -> String {
        match &self.element {
            Some((name, list)) if *name == property => list.clone(),
            Some((name, list)) => match property.strip_prefix(&format!("{name}/")) {
                Some(inner) => format!("{list}/{inner}"),
                None => property,
            },
            None => property,
        }
    }

    fn one_of(&mut self, property: &str) -> Result<Filter> {
        if !self.take('(') {
            return Err(format!(
                "{property} in is followed by a list such as ('a','b')."
            ));
        }
        let mut any = Vec::new();
        loop {
            any.push(Filter::Compare {
                property: property.to_owned(),
                comparison: Comparison::Equal,
                value: self.literal()?,
            });
            if any.len() > MOST {
                return Err(format!("A list has at most {MOST} values."));
            }
            if !self.take(',') {
                break;
            }
        }
        self.closed(Filter::Any(any))
    }

    fn literal(&mut self) -> Result<Literal> {
        match self.next() {
            Some(Word::Bare(text)) => Ok(Literal::Bare(text)),
            Some(Word::Quoted(text)) => Ok(Literal::Text(text)),
            Some(Word::Sign(sign)) => Err(format!("A value is expected, not '{sign}'.")),
            None => Err("A value is expected at the end of the filter.".into()),
        }
    }
}

fn cut<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len())?;
    let (list, end) = (name.get(..at)?, name.get(at..)?);
    (end.eq_ignore_ascii_case(suffix) && !list.is_empty()).then_some(list)
}

fn function(name: &str) -> Option<Comparison> {
    Some(match name.to_ascii_lowercase().as_str() {
        "startswith" => Comparison::Starts,
        "endswith" => Comparison::Ends,
        "contains" => Comparison::Contains,
        _ => return None,
    })
}

fn operator_of(word: &str) -> Option<Comparison> {
    Some(match word.to_ascii_lowercase().as_str() {
        "eq" => Comparison::Equal,
        "ne" => Comparison::NotEqual,
        "contains" => Comparison::Contains,
        "gt" => Comparison::Greater,
        "ge" => Comparison::GreaterOrEqual,
        "lt" => Comparison::Less,
        "le" => Comparison::LessOrEqual,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn one(property: &str, comparison: Comparison, value: &str) -> Filter {
        Filter::Compare {
            property: property.into(),
            comparison,
            value: Literal::Text(value.into()),
        }
    }

    #[test]
    fn every_form_is_read() {
        use Comparison::{Contains, Ends, Equal, Starts};
        let a = || one("a", Equal, "x");
        let b = || one("b", Equal, "y");
        for (text, expected) in [
            ("a eq 'x'", a()),
            ("a EQ 'x'", a()),
            ("(a eq 'x')", a()),
            ("a eq 'o''hara'", one("a", Equal, "o'hara")),
            ("startsWith(a,'x')", one("a", Starts, "x")),
            ("startswith(a, 'x') eq true", one("a", Starts, "x")),
            (
                "endswith(a,'x') eq false",
                Filter::Not(Box::new(one("a", Ends, "x"))),
            ),
            ("contains(a,'x')", one("a", Contains, "x")),
            ("a contains 'x'", one("a", Contains, "x")),
            ("not a eq 'x'", Filter::Not(Box::new(a()))),
            ("NOT(a eq 'x')", Filter::Not(Box::new(a()))),
            ("a eq 'x' and b eq 'y'", Filter::All(vec![a(), b()])),
            ("a eq 'x' or b eq 'y'", Filter::Any(vec![a(), b()])),
            (
                "a eq 'x' or b eq 'y' and a eq 'x'",
                Filter::Any(vec![a(), Filter::All(vec![b(), a()])]),
            ),
            (
                "(a eq 'x' or b eq 'y') and a eq 'x'",
                Filter::All(vec![Filter::Any(vec![a(), b()]), a()]),
            ),
            (
                "a in ('x', 'y')",
                Filter::Any(vec![a(), one("a", Equal, "y")]),
            ),
            ("a/any(c:c eq 'x')", a()),
            ("a/any(c: c eq 'x')", a()),
            ("a/any(c:c/d eq 'x')", one("a/d", Equal, "x")),
            ("a/any(c:startswith(c,'x'))", one("a", Starts, "x")),
            ("not(a/any(c:c eq 'x'))", Filter::Not(Box::new(a()))),
        ] {
            assert_eq!(read(text).as_ref(), Ok(&expected), "{text}");
        }
        let bare = Filter::Compare {
            property: "a".into(),
            comparison: Equal,
            value: Literal::Bare("null".into()),
        };
        assert_eq!(read("a eq null"), Ok(bare));
    }

    #[test]
    fn what_is_no_filter_is_told() {
        let nested = format!("{}a eq 1{}", "(".repeat(30), ")".repeat(30));
        let deep = format!("{}a eq 1", "not ".repeat(100));
        let long = format!("a eq '{}'", "x".repeat(LONGEST));
        let many = vec!["a eq 1"; MOST + 1].join(" or ");
        for (text, why) in [
            ("", "begins with the name"),
            ("a", "Behind a comes"),
            ("a eq", "compared with nothing"),
            ("a eq 'x", "never closed"),
            ("a is 'x'", "Behind a comes"),
            ("(a eq 'x'", "never closed"),
            ("a eq 'x')", "joined with"),
            ("a eq 'x' xor b eq 'y'", "joined with"),
            ("a eq (", "not '('"),
            ("length(a) eq 1", "no function length"),
            ("startswith(a)", "startswith(property,'text')"),
            ("startswith(a,'x') eq 1", "true or false"),
            ("a in 'x'", "a list such as"),
            ("a in ('x'", "never closed"),
            ("a/any(c eq 'x')", "a/any(x:x eq 'text')"),
            ("a/any(c:c/any(d:d eq 1))", "is written"),
            (nested.as_str(), "16 levels"),
            (deep.as_str(), "16 levels"),
            (long.as_str(), "8192 bytes"),
            (many.as_str(), "50 comparisons"),
        ] {
            let found = read(text).unwrap_err();
            assert!(found.contains(why), "{text}: {found}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_filter_or_told(text in r"[a-c/:(),' éx]{0,60}( eq | and | or |not )?[a-c/:(),' ]{0,30}") {
            let _ = read(&text);
        }
    }
}
