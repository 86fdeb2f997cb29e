//! Entry point of the `scimlab` binary: everything is in [`scimlab::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    scimlab::cli::run()
}
