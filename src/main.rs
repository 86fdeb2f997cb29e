//! Entry point of the `scimlab` binary.
fn main() {}
