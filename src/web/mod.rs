//! The rim: everything that speaks HTTP. actix-web and askama are named nowhere else.

pub mod assets;
pub mod console;
