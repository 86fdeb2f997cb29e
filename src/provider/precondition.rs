//! `If-Match`: RFC 7644 section 3.14, compared by opaque part (the weak mark is ignored, because SCIM's
//! own examples send weak tags in `If-Match`).

use crate::error::{Error, Result};
use crate::model::Meta;

/// The `If-Match` header of a request, if it had one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IfMatch(pub Option<String>);

/// Whether one of the tags of a header value (`W/"1", "2"`, or `*`) is this version.
pub fn names(header: &str, version: &str) -> bool {
    fn opaque(tag: &str) -> &str {
        tag.trim().trim_start_matches("W/")
    }
    header.trim() == "*" || header.split(',').any(|tag| opaque(tag) == opaque(version))
}

impl IfMatch {
    /// Fails when the header names versions and none is the present one.
    ///
    /// # Errors
    /// [`Error::Precondition`].
    pub fn check(&self, meta: Meta) -> Result<()> {
        match &self.0 {
            Some(header) if !names(header, &meta.version()) => Err(Error::Precondition {
                actual: meta.version(),
            }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    #[test]
    fn tags_compare_by_their_opaque_part() {
        let meta = Meta::new(Timestamp::from_millis(0)).changed(Timestamp::from_millis(1));
        for (header, fits) in [
            ("W/\"2\"", true),
            ("\"2\"", true),
            ("*", true),
            ("\"1\", W/\"2\"", true),
            ("\"1\"", false),
            ("2", false),
            ("", false),
        ] {
            let if_match = IfMatch(Some(header.to_owned()));
            assert_eq!(if_match.check(meta).is_ok(), fits, "{header}");
        }
        assert!(IfMatch(None).check(meta).is_ok());
    }
}
