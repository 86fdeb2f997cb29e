//! The console in a real Chromium: what a person clicks, what scripts add, what axe finds.
//!
//! `tests/run` provides the browser, its driver and axe in the environment and runs these together with all
//! other tests; without them every test here fails with a sentence that says so.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accessibility;
mod administrator;
mod authentication;
mod chromium;
#[path = "../console/browser.rs"]
#[expect(dead_code, reason = "the tests without a browser use more of it")]
mod console;
mod invites;
mod mappings;
mod okta;
mod okta_import;
mod scripts;
mod tutorial;
mod walk;
#[path = "../console/within.rs"]
#[expect(dead_code, reason = "the tests without a browser use more of it")]
mod within;

// As `within` knows it.
use console as browser;
