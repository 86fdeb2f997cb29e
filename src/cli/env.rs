//! `scimlab env`: everything a client needs to reach a running appliance.

use std::process::ExitCode;

use serde_json::Value;

use super::runtime::Runtime;
use super::{Data, Failure};

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// `SCIMLAB_NAME=value` lines.
    Dotenv,
    /// One JSON object.
    Json,
}

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    data: Data,
    /// How to print.
    #[arg(long, env = "SCIMLAB_FORMAT", value_enum, default_value_t = Format::Dotenv)]
    format: Format,
}

pub(super) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let directory = &arguments.data.directory;
    let runtime = Runtime::read(directory).map_err(|_| {
        format!(
            "no appliance runs on {}. Start one with: scimlab serve",
            directory.display()
        )
    })?;
    let values = serde_json::to_value(&runtime)?;
    match arguments.format {
        Format::Json => println!("{values:#}"),
        Format::Dotenv => {
            for (name, value) in values.as_object().into_iter().flatten() {
                if let Value::String(text) = value {
                    println!("SCIMLAB_{}={}", name.to_uppercase(), quoted(text));
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Quoted when a shell would take it apart.
fn quoted(text: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_.:/@".contains(c);
    if text.chars().all(safe) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn values_survive_a_shell() {
        assert_eq!(
            super::quoted("http://127.0.0.1:1/x"),
            "http://127.0.0.1:1/x"
        );
        assert_eq!(super::quoted("a'b $c"), "'a'\\''b $c'");
    }
}
