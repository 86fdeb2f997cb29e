//! Black-box tests of the console over real HTTP, as a browser would use it; the tree mirrors the URLs.

mod browser;
mod entra;
mod guards;
mod sign_in;
mod team;
