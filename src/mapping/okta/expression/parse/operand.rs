//! What an operand can be: literals, names, calls, and the steps behind them.

use super::super::super::functions::{self, Family};
use super::super::Purpose;
use super::super::node::{Call, Kind, Node, Step, is_root};
use super::{Parsed, Parser};

/// What functions are written behind.
const NAMESPACES: [&str; 6] = [
    "String",
    "Arrays",
    "Convert",
    "Iso3166Convert",
    "Groups",
    "Time",
];

impl Parser<'_> {
    /// A primary and the steps behind it.
    pub(super) fn operand(&mut self, depth: usize) -> Parsed<Node> {
        let base = self.primary(depth)?;
        let mut steps = Vec::new();
        loop {
            self.skip_blanks();
            if self.take(".") {
                steps.push(self.behind_dot(depth)?);
            } else if self.take("[") {
                let index = self.expression(depth + 1)?;
                self.close("]", "the index")?;
                steps.push(Step::Index(index));
            } else {
                break;
            }
        }
        Ok(if steps.is_empty() {
            base
        } else {
            Node::new(base.at, Kind::Path(Box::new(base), steps))
        })
    }

    fn behind_dot(&mut self, depth: usize) -> Parsed<Step> {
        self.skip_blanks();
        if self.take("![") {
            let outside = std::mem::replace(&mut self.in_projection, true);
            let inner = self.expression(depth + 1)?;
            self.in_projection = outside;
            self.close("]", "the projection")?;
            return Ok(Step::Project(inner));
        }
        if self.rest().starts_with(['?', '^', '$']) && self.rest()[1..].starts_with('[') {
            return Err(self.error("elements cannot be selected; the only projection is .![name]"));
        }
        let start = self.at;
        let name = self.name_here();
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(self.error("the name of an attribute is missing behind the dot"));
        }
        self.at += name.len();
        self.skip_blanks();
        if self.rest().starts_with('(') {
            return Err(self.error_at(start, method(name)));
        }
        Ok(Step::Property(name.to_owned()))
    }

    fn close(&mut self, sign: &str, what: &str) -> Parsed<()> {
        if self.take(sign) {
            return Ok(());
        }
        Err(if self.rest().is_empty() {
            self.error(format!("{what} is never closed; add '{sign}'"))
        } else if self.rest().starts_with('=') {
            self.unexpected()
        } else {
            self.error(format!("expected '{sign}' behind {what}"))
        })
    }

    fn primary(&mut self, depth: usize) -> Parsed<Node> {
        self.skip_blanks();
        let at = self.at;
        let Some(first) = self.rest().chars().next() else {
            return Err(self.error("a value is missing at the end"));
        };
        let kind = match first {
            '(' => {
                self.at += 1;
                let inner = self.expression(depth + 1)?;
                self.close(")", "the parenthesis")?;
                return Ok(inner);
            }
            '"' | '\'' => self.text(first)?,
            '0'..='9' => self.number()?,
            '{' => {
                self.at += 1;
                self.braces(depth)?
            }
            '#' => return Err(self.error("there are no variables; name an attribute")),
            '@' => return Err(self.error("beans cannot be used; name an attribute")),
            '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
                return Err(self.error("write texts in straight quotes: \"text\" or 'text'"));
            }
            '=' => return Err(self.error("nothing can be assigned; compare with ==")),
            c if c.is_alphabetic() || c == '_' || c == '$' => return self.named(depth),
            ')' | ']' | '}' | ',' | ':' => {
                return Err(self.error("a value is missing here"));
            }
            _ => {
                return Err(
                    self.error("expected an attribute, a text in quotes, a number or a function")
                );
            }
        };
        Ok(Node::new(at, kind))
    }

    fn text(&mut self, quote: char) -> Parsed<Kind> {
        let start = self.at;
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((index, c)) = characters.next() {
            if c != quote {
                text.push(c);
            } else if characters.next_if(|(_, next)| *next == quote).is_some() {
                text.push(quote);
            } else {
                self.at += index + 1;
                return Ok(Kind::Text(text));
            }
        }
        Err(self.error_at(
            start,
            format!("the text is never closed; add {quote} at its end"),
        ))
    }

    fn number(&mut self) -> Parsed<Kind> {
        let rest = self.rest();
        let digits = |from: usize| rest[from..].bytes().take_while(u8::is_ascii_digit).count();
        let mut end = digits(0);
        let mut whole = true;
        if rest[end..].starts_with('.') && digits(end + 1) > 0 {
            end += 1 + digits(end + 1);
            whole = false;
        }
        if rest[end..].starts_with(['e', 'E']) {
            let sign = usize::from(rest[end + 1..].starts_with(['+', '-']));
            if digits(end + 1 + sign) > 0 {
                end += 1 + sign + digits(end + 1 + sign);
                whole = false;
            }
        }
        if rest[end..].starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Err(self.error("a number has digits only; put a text into quotes"));
        }
        let written = &rest[..end];
        let kind = if whole {
            written.parse().ok().map(Kind::Integer)
        } else {
            let number = written.parse::<f64>().ok();
            number.filter(|n| n.is_finite()).map(Kind::Number)
        };
        let kind = kind.ok_or_else(|| self.error("the number is too large"))?;
        self.at += end;
        Ok(kind)
    }

    /// A list, or a map when a key stands first.
    fn braces(&mut self, depth: usize) -> Parsed<Kind> {
        let mut items = Vec::new();
        let mut members = Vec::new();
        if self.take("}") {
            return Ok(Kind::List(items));
        }
        loop {
            let item = self.expression(depth + 1)?;
            if items.is_empty() && self.take(":") {
                let value = self.expression(depth + 1)?;
                match item.kind {
                    Kind::Text(key) | Kind::Name(key) => members.push((key, value)),
                    _ => return Err(self.error_at(item.at, "a key of a map is a text in quotes")),
                }
            } else if members.is_empty() {
                items.push(item);
            } else {
                return Err(self.error_at(item.at, "this key has no value; write 'key': value"));
            }
            if self.take("}") {
                return Ok(if members.is_empty() {
                    Kind::List(items)
                } else {
                    Kind::Map(members)
                });
            }
            if !self.take(",") {
                return Err(if self.rest().is_empty() {
                    self.error("the braces are never closed; add '}'")
                } else {
                    self.error("expected ',' or '}' in the braces")
                });
            }
        }
    }

    /// A word of the language, a name, or a call.
    fn named(&mut self, depth: usize) -> Parsed<Node> {
        let at = self.at;
        let name = self.name_here();
        self.at += name.len();
        if self.in_template && name == "fn" && self.rest().starts_with(':') {
            self.at += 1;
            let function = self.name_here();
            self.at += function.len();
            return self.call(at, functions::of_templates(function), depth);
        }
        let constant = ["null", "true", "false"]
            .into_iter()
            .find(|word| name.eq_ignore_ascii_case(word));
        if let Some(word) = constant {
            let kind = match word {
                "null" => Kind::Null,
                word => Kind::Boolean(word == "true"),
            };
            return Ok(Node::new(at, kind));
        }
        self.skip_blanks();
        let behind = self.rest().chars().next();
        if behind == Some('(') {
            if name == "T" {
                return Err(self.error_at(at, "types of Java cannot be used"));
            }
            return self.call(at, functions::find(name), depth);
        }
        if name == "new" && behind.is_some_and(char::is_alphabetic) {
            return Err(self.error_at(at, "objects cannot be made"));
        }
        let is_namespace = NAMESPACES.contains(&name);
        if behind == Some('.') && (is_namespace || name == "user") {
            let dot = self.at;
            self.at += 1;
            self.skip_blanks();
            let member = self.name_here();
            self.at += member.len();
            self.skip_blanks();
            if is_namespace || (self.rest().starts_with('(') && !member.is_empty()) {
                return self.call(at, functions::find(&format!("{name}.{member}")), depth);
            }
            self.at = dot;
        } else if is_namespace {
            return Err(self.error_at(
                at,
                format!("{name} is a family of functions; write {name}.function(...)"),
            ));
        }
        if self.purpose == Purpose::GroupRule && name != "user" && !self.in_projection {
            return Err(self.error_at(
                at,
                format!("a group rule knows attributes of the user only; write user.{name}"),
            ));
        }
        if behind == Some('=') && !self.rest().starts_with("==") && is_root(name) {
            return Err(self.error("nothing can be assigned; compare with =="));
        }
        Ok(Node::new(at, Kind::Name(name.to_owned())))
    }

    fn call(
        &mut self,
        at: usize,
        function: Result<&'static functions::Function, String>,
        depth: usize,
    ) -> Parsed<Node> {
        let function = function.map_err(|message| self.error_at(at, message))?;
        if let Some(message) = refused(function, self.purpose) {
            return Err(self.error_at(at, message));
        }
        if !self.take("(") {
            return Err(self.error_at(at, format!("write {}", function.signature())));
        }
        let mut arguments = Vec::new();
        if !self.take(")") {
            loop {
                arguments.push(self.expression(depth + 1)?);
                if self.take(")") {
                    break;
                }
                if !self.take(",") {
                    self.skip_blanks();
                    return Err(self.error(format!(
                        "expected ',' or ')' behind argument {} of {}",
                        arguments.len(),
                        function.name
                    )));
                }
            }
        }
        function
            .check_count(arguments.len())
            .map_err(|message| self.error_at(at, message))?;
        let pattern = match function.pattern.and_then(|index| arguments.get(index)) {
            Some(argument) => self.pattern(argument)?,
            None => None,
        };
        Ok(Node::new(
            at,
            Kind::Call(Call {
                function,
                arguments,
                pattern,
            }),
        ))
    }
}

/// Why a function may not stand in an expression of this purpose.
fn refused(function: &functions::Function, purpose: Purpose) -> Option<String> {
    let name = function.name;
    match (purpose, function.family) {
        (Purpose::Mapping | Purpose::GroupRule, Family::Claims) => Some(format!(
            "{name} is for claims only, it cannot be used in property mappings; use getFilteredGroups or user.getGroups"
        )),
        (
            Purpose::GroupRule,
            Family::Convert | Family::Country | Family::Time | Family::Directory,
        ) => Some(format!(
            "{name} cannot be used in a group rule; use String and Arrays functions, user attributes and groups"
        )),
        _ => None,
    }
}

/// What to say about `value.method(...)`.
fn method(name: &str) -> String {
    let known = functions::find(&format!("String.{name}"))
        .or_else(|_| functions::find(&format!("Arrays.{name}")))
        .or_else(|_| functions::find(&format!("user.{name}")));
    match known {
        Ok(function) if function.name.starts_with("user.") => {
            format!(
                "{name} is a function of the user: write {}",
                function.signature()
            )
        }
        Ok(function) => format!(
            "values have no methods here, that is the dialect of Identity Engine policies; write {}",
            function.signature()
        ),
        Err(_) => format!("values have no methods here, and there is no {name}"),
    }
}
