//! Mails: the outbox that keeps every mail the appliance would send, and the relay that may take them.
//!
//! Whatever causes a mail writes it into the outbox in the write closure of the cause ([`outbox::queue`]), so
//! that there is never one without the other. Without a relay it stays there to be read in the console. With one,
//! the thread of [`sender`] hands it over: at least once, always under the same `Message-ID`, and never in the
//! way of a write.
//!
//! Mails are plain text: there is nothing in them that a browser or a mail program could run, and everything in
//! them is what a test wants to read. Knows rows, addresses and SMTP; nothing of teams' rules and pages.

pub mod delivery;
pub mod letter;
pub mod outbox;
pub mod relay;
pub mod sender;

pub use outbox::Draft;
pub use sender::Sender;
