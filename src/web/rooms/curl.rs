//! *Copy as curl*: a recorded SCIM request as a command for a shell.

use std::fmt::Write as _;

use crate::lab::traffic::{Body, Exchange};

/// Text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A target that was decoded for people, as a URL again.
fn encoded(target: &str) -> String {
    let mut url = String::new();
    for byte in target.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~/?&=,:()*@".contains(&byte) {
            url.push(char::from(byte));
        } else {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

/// The request as a command for a shell. The key was never kept: it is a variable.
pub(super) fn command(exchange: &Exchange, base: &str) -> String {
    let target = exchange.target.as_str();
    let mut text = format!(
        "curl -X {} {} \\\n  -H \"Authorization: Bearer $SCIM_KEY\"",
        exchange.method,
        quoted(&format!("{base}{}", encoded(target)))
    );
    for name in ["accept", "content-type", "if-match", "if-none-match"] {
        let value = exchange.request_headers.get(name);
        if !value.is_empty() {
            let _ = write!(text, " \\\n  -H {}", quoted(&format!("{name}: {value}")));
        }
    }
    if !exchange.request.text().is_empty() {
        let body = quoted(exchange.request.text());
        let _ = write!(text, " \\\n  --data-binary {body}");
    }
    text
}

/// What the command does not say as it was sent.
pub(super) fn note(exchange: &Exchange) -> &'static str {
    let incomplete = matches!(
        exchange.request,
        Body::Kept { cut: true, .. } | Body::NotKept(_)
    );
    let masked = !exchange.request.masked().is_empty() || exchange.target.as_str().contains("***");
    match (incomplete, masked) {
        (true, _) => "The body was not kept to its end: fill in the rest before you send it.",
        (false, true) => "What is masked was never kept: fill it in before you send it.",
        (false, false) => "Set SCIM_KEY to a key of the team first.",
    }
}

#[cfg(test)]
mod tests {
    use super::{encoded, quoted};

    #[test]
    fn nothing_of_a_client_becomes_a_command_of_the_shell() {
        assert_eq!(quoted("a'; ls; '"), r"'a'\''; ls; '\'''");
        assert_eq!(quoted("$(x) `y` \"z\""), "'$(x) `y` \"z\"'");
        assert_eq!(
            encoded("/Users?filter=userName eq \"***\"&count=1'$x"),
            "/Users?filter=userName%20eq%20%22***%22&count=1%27%24x"
        );
    }
}
