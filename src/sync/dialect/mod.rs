//! How one identity provider phrases its requests. A dialect is pure: it makes
//! [`Request`](super::client::Request)s and sends nothing.

pub mod entra;
