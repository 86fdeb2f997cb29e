//! scimlab: the user-provisioning loop in one binary.
//!
//! This page is the map of the house. Layers point one way; `tests/layering.rs` holds them.
//!
//! | layer | module | what it owns | must not use |
//! |---|---|---|---|
//! | 0 | [`clock`] [`id`] [`secret`] [`config`] | time, ids, secrets, settings of the process | anything of ours |
//! | 1 | [`scim`] | RFC 7643/7644 as values and functions | clock, store, web |
//! | 1 | [`mapping`] | attribute mapping as values and functions | everything but `scim::path` |
//! | 2 | [`model`] [`access`] | plain rows; proofs of who is calling and what they may do | redb, actix |
//! | 3 | [`store`], [`error`] | the only place that names redb | provider, directory, sync, web |
//! | 4 | [`mail`] | the outbox, and the relay that takes mails | provider, directory, sync, web |
//! | 4 | [`provider`] [`directory`] | the team, which may write mails; the identity provider's directory | each other, sync, web |
//! | 4 | [`sync`] | the provisioning agent, which may write mails | **provider**, web |
//! | 5 | [`lab`] | seeds, sample people, files of objects, recorded traffic, turning the clock, scenarios | web |
//! | 6 | [`web`] | actix-web and askama, nowhere else | redb |
//! | 7 | [`cli`] | commands | - |
//!
//! How a request travels: `web::mod` (route table) → `web::scim::request` or `web::auth` (who is asking)
//! → `scim` (reads the body, pure) → one function of `provider` or `directory` in one write closure →
//! `store` (indexes, group commit) → `web::failure` or the answer. Around it, `web::scim::recorder` keeps what was
//! said, without secrets, in `lab::traffic`.
//!
//! A batch of writes is one transaction of the engine with an undo journal for each closure, and not a
//! transaction for each: those copied the same pages again for every request, which was two thirds of the
//! work of creating a user.
//!
//! What is kept in memory of the data is kept for one state of it. `store::snapshot` shares one view among all who
//! read the same state, with its tables open; `provider::callers` remembers who presented a key in that state. The
//! next commit, of whatever, ends both before it is acknowledged: nobody has to know which changes matter, and a
//! revoked key fails on the next request.
//!
//! How a cycle travels: `sync::agent` (due?) → `sync::cycle` (phases, resumable) → `directory::source` →
//! `mapping` → `sync::matching`, `sync::reconcile` (pure) → `sync::dialect` → `sync::client` (HTTP) →
//! `sync::save` (links, log, cursor in one write).
//!
//! How an upload travels: `web::login` (a token) → `web::graph::upload`, or a form of `web::rooms::entra::bulk_requests` →
//! `directory::inbound::accept` (durable, then 202) → `sync::agent` → `sync::uploads` → `directory::inbound::work` (one
//! write an upload: people, the change feed that outbound cycles read, the log) → `web::graph::logs`.
//!
//! What an administrator does in the mock Entra is a function of `directory`: `users`, `groups`, `tenants`,
//! `applications` and their `app_roles`, `recycle_bin`; `rule` says whom a dynamic group means, `dynamic` who is in it;
//! `import` takes in the records that `lab::transfer` read from a file.
//!
//! How time passes: everybody asks `clock`, which `lab::clock` turns, for the console's page and for scripts
//! (`web::lab`, with the operator token). An advance goes from one moment that `sync::due` names to the
//! next, and runs the cycles and the `lab::sweep` of each, as `sync::agent` and `web::housekeeping` do while the clock
//! runs by itself.
//!
//! How an Okta job travels: `directory::okta` (an event and a job in an app's queue) → `sync::agent` (woken) →
//! `sync::okta::drain` → `next` (pure) → `people`, `groups` or `import` → `wire` (pure) → `sync::client` → `save` (rows, events
//! with their exchanges, tasks and the queue in one write). What reaches many people of an org at once, such as a group
//! rule, goes page by page through a queue of the org's own and sends nothing itself.
//!
//! Where the mock Okta lives: its rows in `model::okta` and `store::okta`, its ids in `id`, its expression language in
//! `mapping::okta`, what an administrator does in `directory::okta`, its management API in `web::okta`, its pages in
//! `web::console::okta` and `web::rooms::okta`. `lab::org` makes an org of a seed, `lab::org_agreement` compares it with
//! the team, and `lab::scenarios` plays what happens in companies every day; `lab::faults` is how the bundled provider
//! misbehaves for that.
//!
//! Where to add what: a table in `store::tables`; a SCIM habit of a vendor in `scim::quirks`; a mapping
//! function is a row in `mapping::entra::functions`; a page is a view in `web::console`, a template of the
//! same stem and a handler in `web::rooms`, whose route table says what a visitor needs; something a role allows is
//! a permission in `access`, which the domain function asks for by type; a switch of a profile is a field in `scim::profile` and its words a
//! row in `scim::profile::switches`; a sentence of Postman's is a row in `provider::postman`; a claim "like Entra"
//! is a row in `tests/parity`, an example of the standard one in `tests/conformance/rows.tsv`.
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
pub mod mail;
pub mod mapping;
pub mod model;
pub mod provider;
pub mod scim;
pub mod secret;
pub mod store;
pub mod sync;
pub mod web;
