//! The embedded files of `static/`: their addresses and their bytes.
//!
//! An address carries the start of the file's SHA-256 (`/static/{hash}/app.css`), so an answer may be cached
//! for ever: a changed file has another address. Knows nothing of HTTP requests; the app serves what [`find`]
//! returns with [`CACHE_CONTROL`].

use std::borrow::Cow;

use rust_embed::{EmbeddedFile, RustEmbed};

/// `Cache-Control` of every asset.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// One asset ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// `Content-Type` of the bytes.
    pub content_type: &'static str,
    /// The file.
    pub bytes: Cow<'static, [u8]>,
}

/// The address of `name` (`app.css`): `/static/{hash}/app.css`. A name that is not embedded gives an address
/// that answers 404; a test holds that the console uses none.
pub fn asset(name: &str) -> String {
    match Static::get(name) {
        Some(file) => format!("/static/{}/{name}", hash(&file)),
        None => format!("/static/missing/{name}"),
    }
}

/// The asset at `/static/{hash}/{name}`. `None` when there is no such file or the hash is of another version:
/// an old page must not cache new bytes under an old address.
pub fn find(wanted: &str, name: &str) -> Option<Asset> {
    let file = Static::get(name)?;
    (hash(&file) == wanted).then(|| Asset {
        content_type: content_type(name),
        bytes: file.data,
    })
}

fn hash(file: &EmbeddedFile) -> String {
    use std::fmt::Write as _;
    let digest = file.metadata.sha256_hash();
    digest
        .iter()
        .take(6)
        .fold(String::with_capacity(12), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(address: &str) -> (String, String) {
        let mut pieces = address.splitn(4, '/').skip(2);
        (
            pieces.next().unwrap().to_owned(),
            pieces.next().unwrap().to_owned(),
        )
    }

    #[test]
    fn an_address_leads_back_to_its_file() {
        for (name, content_type) in [
            ("app.css", "text/css; charset=utf-8"),
            ("app.js", "text/javascript; charset=utf-8"),
            ("favicon.svg", "image/svg+xml"),
        ] {
            let (hash, file) = parts(&asset(name));
            assert_eq!((hash.len(), file.as_str()), (12, name));
            let found = find(&hash, &file).unwrap();
            assert_eq!(found.content_type, content_type);
            assert!(!found.bytes.is_empty());
        }
    }

    #[test]
    fn another_hash_or_another_name_is_not_found() {
        let (hash, _) = parts(&asset("app.css"));
        assert_eq!(find("000000000000", "app.css"), None);
        assert_eq!(find(&hash, "app.js"), None);
        assert_eq!(find(&hash, "../Cargo.toml"), None);
    }
}
