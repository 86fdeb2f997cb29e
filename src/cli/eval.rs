//! `scimlab eval`: one mapping expression on one object, without an appliance and without data.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value as Json, json};

use super::Failure;
use crate::clock::{Clock, SystemClock, Timestamp};
use crate::id::Nonce;
use crate::mapping::entra::{self, Evaluated, Source};
use crate::mapping::{Value, okta};

/// Most bytes of input that are read.
const LARGEST_INPUT: u64 = 16 << 20;
/// Answer of `DefaultDomain()`: there is no tenant here.
const DEFAULT_DOMAIN: &str = "contoso.com";

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Language {
    /// Expressions for attribute mappings of Microsoft Entra ID.
    Entra,
    /// Okta Expression Language (classic), as in profile mappings. A text with ${...} is a template.
    Okta,
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
    /// One JSON object, - for standard input. Without it every attribute is null.
    ///
    /// For Entra the source attributes: {"mail": "kim@contoso.com"}. For Okta the profiles `user`, `source`, `appuser`,
    /// `app` and `org`, and `groups` with `id`, `type`, `name` and `source_id`; other members are apps by their name:
    /// {"user": {"firstName": "Kim"}, "groups": [{"id": "00g1", "name": "Sales"}]}.
    #[arg(long, env = "SCIMLAB_INPUT", value_name = "FILE")]
    input: Option<PathBuf>,
    /// The present moment, such as 2026-01-31T09:30:00Z. Without it the clock of this machine counts.
    #[arg(long, env = "SCIMLAB_NOW", value_name = "RFC3339", value_parser = Timestamp::parse)]
    now: Option<Timestamp>,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let printed = match arguments.language {
        Language::Entra => entra(arguments)?,
        Language::Okta => okta(arguments)?,
    };
    println!("{printed}");
    Ok(ExitCode::SUCCESS)
}

fn now(arguments: &Arguments) -> Timestamp {
    arguments.now.unwrap_or_else(|| SystemClock.now())
}

fn entra(arguments: &Arguments) -> Result<Json, Failure> {
    let expression = entra::Expression::parse(&arguments.expression)?;
    let source = match &arguments.input {
        Some(path) => read(path, |text| deserialize(text, Attributes))?,
        None => Source::new(),
    };
    let millis = now(arguments).millis();
    let context = entra::Context::new(millis, Nonce::random().0, DEFAULT_DOMAIN);
    Ok(match entra::evaluate(&expression, &source, &context)? {
        Evaluated::Value(value) => value.to_json(),
        Evaluated::Dropped => json!({ "dropped": true }),
    })
}

fn okta(arguments: &Arguments) -> Result<Json, Failure> {
    let template = okta::Template::parse(&arguments.expression)?;
    for warning in template.warnings() {
        eprintln!("scimlab: warning: {warning}");
    }
    let profiles = match &arguments.input {
        Some(path) => read(path, |text| deserialize(text, Profiles))?,
        None => Map::new(),
    };
    let context =
        okta::Context::from_json(&profiles, now(arguments).millis()).map_err(|message| {
            match &arguments.input {
                Some(path) => format!("{}: {message}", name_of(path)),
                None => message,
            }
        })?;
    Ok(template.evaluate(&context)?.into_json())
}

fn name_of(path: &Path) -> String {
    if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    }
}

fn read<T>(path: &Path, parse: impl Fn(&str) -> serde_json::Result<T>) -> Result<T, Failure> {
    let name = name_of(path);
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
    parse(text.trim_start_matches('\u{feff}')).map_err(|e| format!("{name}: {e}").into())
}

/// One JSON object and nothing behind it.
fn deserialize<'de, V: Visitor<'de>>(text: &'de str, visitor: V) -> serde_json::Result<V::Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let object = deserializer.deserialize_map(visitor)?;
    deserializer.end()?;
    Ok(object)
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

struct Profiles;

impl<'de> Visitor<'de> for Profiles {
    type Value = okta::Profile;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object of profiles, such as {\"user\": {\"firstName\": \"Kim\"}}")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut members: M) -> Result<okta::Profile, M::Error> {
        let mut profiles = Map::new();
        while let Some((name, value)) = members.next_entry::<String, Json>()? {
            if profiles.contains_key(&name) {
                return Err(serde::de::Error::custom(format_args!(
                    "'{name}' stands there twice"
                )));
            }
            profiles.insert(name, value);
        }
        Ok(profiles)
    }
}
