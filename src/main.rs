//! Entry point of the `scimlab` binary: everything is in [`scimlab::cli`].

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request is answered in many small pieces of memory, and what a write leaves is freed by another thread:
/// the system's allocator took a fifth of the time of both.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    scimlab::cli::run()
}
