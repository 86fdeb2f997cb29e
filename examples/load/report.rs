//! What was measured: samples, exact percentiles, and how they are printed.

use std::time::Duration;

use comfy_table::{CellAlignment, Table, presets};
use scimlab::clock::Stopwatch;
use serde_json::{Value, json};

use super::connection::Answer;
use super::{Arguments, Format};

/// One request: what it was, how long it took with its body read, what went wrong.
pub(super) struct Sample {
    pub(super) operation: &'static str,
    took: Duration,
    pub(super) failure: Option<String>,
}

impl Sample {
    /// Sends `request` and notes how it went; a status that is not `expected` is a failure.
    pub(super) fn of(
        operation: &'static str,
        expected: &[u16],
        request: impl FnOnce() -> Result<u16, String>,
    ) -> Self {
        Self::take(operation, expected, || {
            request().map(|status| (status, Value::Null))
        })
    }

    /// The same for an answer that was read.
    pub(super) fn take(
        operation: &'static str,
        expected: &[u16],
        request: impl FnOnce() -> Answer,
    ) -> Self {
        let watch = Stopwatch::start();
        let answer = request();
        let took = watch.elapsed();
        let failure = match answer {
            Ok((status, _)) if expected.contains(&status) => None,
            Ok((status, body)) => {
                Some(format!("{operation} answered {status}: {}", body["detail"]))
            }
            Err(sentence) => Some(format!("{operation}: {sentence}")),
        };
        Self {
            operation,
            took,
            failure,
        }
    }
}

/// One line of the result. Times are in milliseconds, over failed requests as well.
pub(super) struct Row {
    operation: &'static str,
    requests: usize,
    errors: usize,
    pub(super) per_second: f64,
    pub(super) p50: f64,
    p90: f64,
    p99: f64,
    max: f64,
}

impl Row {
    pub(super) fn of(operation: &'static str, samples: &[Sample], elapsed: Duration) -> Self {
        let mine = || {
            samples
                .iter()
                .filter(|sample| sample.operation == operation)
        };
        let mut took: Vec<Duration> = mine().map(|sample| sample.took).collect();
        took.sort_unstable();
        // Nearest rank: the smallest sample that at least `percent` of all do not exceed.
        let rank = |percent: usize| {
            let index = (took.len() * percent).div_ceil(100).saturating_sub(1);
            took.get(index)
                .map_or(0.0, |took| took.as_secs_f64() * 1_000.0)
        };
        let requests = took.len();
        let per_second =
            f64::from(u32::try_from(requests).unwrap_or(u32::MAX)) / elapsed.as_secs_f64();
        Self {
            operation,
            requests,
            errors: mine().filter(|sample| sample.failure.is_some()).count(),
            per_second,
            p50: rank(50),
            p90: rank(90),
            p99: rank(99),
            max: rank(100),
        }
    }
}

/// Prints the result in the form that was asked for.
pub(super) fn print(arguments: &Arguments, rows: &[Row], elapsed: Duration) {
    match arguments.format {
        Format::Json => println!("{:#}", as_json(arguments, rows, elapsed)),
        Format::Table => println!("{}", as_table(rows)),
    }
}

fn as_json(arguments: &Arguments, rows: &[Row], elapsed: Duration) -> Value {
    let round = |value: f64| (value * 1_000.0).round() / 1_000.0;
    let operations: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "operation": row.operation,
                "requests": row.requests,
                "errors": row.errors,
                "requestsPerSecond": round(row.per_second),
                "milliseconds": {
                    "p50": round(row.p50),
                    "p90": round(row.p90),
                    "p99": round(row.p99),
                    "max": round(row.max),
                },
            })
        })
        .collect();
    json!({
        "base": arguments.base,
        "connections": arguments.connections,
        "seconds": round(elapsed.as_secs_f64()),
        "users": arguments.users,
        "groupSize": arguments.group_size,
        "operations": operations,
    })
}

fn as_table(rows: &[Row]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header([
        "operation",
        "requests",
        "errors",
        "per second",
        "p50 ms",
        "p90 ms",
        "p99 ms",
        "max ms",
    ]);
    for row in rows {
        table.add_row([
            row.operation.to_owned(),
            row.requests.to_string(),
            row.errors.to_string(),
            format!("{:.1}", row.per_second),
            format!("{:.3}", row.p50),
            format!("{:.3}", row.p90),
            format!("{:.3}", row.p99),
            format!("{:.3}", row.max),
        ]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
