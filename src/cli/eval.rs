//! `scimlab eval`: one mapping expression on one object, without an appliance and without data.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Value as Json, json};

use super::Failure;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::id::Nonce;
use crate::mapping::Value;
use crate::mapping::entra::{Context, Evaluated, Expression, Source, evaluate};

/// Most bytes of input that are read.
const LARGEST_INPUT: u64 = 16 << 20;
/// Answer of `DefaultDomain()`: there is no tenant here.
const DEFAULT_DOMAIN: &str = "contoso.com";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// Expressions for attribute mappings of Microsoft Entra ID.
    Entra,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Language of the expression.
    #[arg(long, env = "SCIMLAB_LANGUAGE", value_enum)]
    language: Language,
    /// The expression. May have several lines.
    #[arg(
        long,
        env = "SCIMLAB_EXPRESSION",
        value_name = "TEXT",
        allow_hyphen_values = true
    )]
    expression: String,
    /// One flat JSON object of source attributes, - for standard input. Without it every attribute is null.
    #[arg(long, env = "SCIMLAB_INPUT", value_name = "FILE")]
    input: Option<PathBuf>,
    /// The present moment, such as 2026-01-31T09:30:00Z. Without it the clock of this machine counts.
    #[arg(long, env = "SCIMLAB_NOW", value_name = "RFC3339", value_parser = Timestamp::parse)]
    now: Option<Timestamp>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let Language::Entra = arguments.language;
    let expression = Expression::parse(&arguments.expression)?;
    let source = match &arguments.input {
        Some(path) => read_source(path)?,
        None => Source::new(),
    };
    let now = arguments.now.unwrap_or_else(|| SystemClock.now());
    let context = Context::new(now.millis(), Nonce::random().0, DEFAULT_DOMAIN);
    let printed = match evaluate(&expression, &source, &context)? {
        Evaluated::Value(value) => value.to_json(),
        Evaluated::Dropped => json!({ "dropped": true }),
    };
    println!("{printed}");
    Ok(ExitCode::SUCCESS)
}

fn read_source(path: &Path) -> Result<Source, Failure> {
    let name = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    let unreadable = |error: io::Error| format!("{name}: {error}");
    let reader: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(unreadable)?)
    };
    let mut text = String::new();
    let read = reader
        .take(LARGEST_INPUT + 1)
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > LARGEST_INPUT {
        return Err(format!("{name}: the input is larger than 16 MiB").into());
    }
    // PowerShell begins files with a byte order mark.
    parse_source(text.trim_start_matches('\u{feff}')).map_err(|e| format!("{name}: {e}").into())
}

/// Attributes of one JSON object.
fn parse_source(text: &str) -> serde_json::Result<Source> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let attributes = deserializer.deserialize_map(Attributes)?;
    deserializer.end()?;
    Ok(attributes)
}

struct Attributes;

impl<'de> Visitor<'de> for Attributes {
    type Value = Source;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object of source attributes, such as {\"mail\": \"kim@contoso.com\"}")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<Source, M::Error> {
        let mut attributes: Vec<(String, Value)> = Vec::new();
        let mut seen = std::collections::HashMap::new();
        while let Some((name, value)) = members.next_entry::<String, Json>()? {
            if let Some(other) = seen.insert(name.to_ascii_lowercase(), name.clone()) {
                return Err(serde::de::Error::custom(format_args!(
                    "the attribute '{name}' stands there twice, as '{other}' before; names are compared without regard to case"
                )));
            }
            attributes.push((name, Value::from_json(value)));
        }
        Ok(attributes.into_iter().collect())
    }
}
