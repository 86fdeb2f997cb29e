//! scimlab: the user-provisioning loop in one binary.
//!
//! This page is the map of the house. Layers point one way; `tests/layering.rs` holds them.
//!
//! | layer | module | what it owns | must not use |
//! |---|---|---|---|
//! | 0 | [`clock`] [`id`] [`secret`] [`config`] | time, ids, secrets, settings of the process | anything of ours |
//! | 1 | [`scim`] | RFC 7643/7644 as values and functions | clock, store, web |
//! | 1 | [`mapping`] | attribute mapping as values and functions | everything but `scim::path` |
//! | 2 | [`model`] [`access`] | plain rows; proofs of who is calling | redb, actix |
//! | 3 | [`store`], [`error`] | the only place that names redb | provider, directory, sync, web |
//! | 4 | [`provider`] [`directory`] | the team; the identity provider's directory | each other, sync, web |
//! | 4 | [`sync`] | the provisioning agent | **provider**, web |
//! | 5 | [`lab`] | seeds and sample people | web |
//! | 6 | [`web`] | actix-web and askama, nowhere else | redb |
//! | 7 | [`cli`] | commands | - |
//!
//! `sync` never imports `provider`: the agent has no private door, so a passing cycle proves the wire.

pub mod access;
pub mod cli;
pub mod clock;
pub mod config;
pub mod directory;
pub mod error;
pub mod id;
pub mod lab;
pub mod mapping;
pub mod model;
pub mod provider;
pub mod scim;
pub mod secret;
pub mod store;
pub mod sync;
pub mod web;
