//! Pages of one's own: whoever is signed in has them.

pub mod api_keys;
