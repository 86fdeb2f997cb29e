//! Answers that come compressed: a target may choose among what a client announces (part 1.1 of the Okta reference).

use std::io::{self, Read};

use flate2::read::{GzDecoder, ZlibDecoder};
use ureq::http::{HeaderMap, HeaderValue};

use super::NoAnswer;

/// A body as it was before it was compressed: by gzip, or by deflate as HTTP means it. Any other body as it is. At most
/// `limit` bytes.
pub(super) fn unpacked(
    headers: &HeaderMap,
    body: Vec<u8>,
    limit: u64,
) -> Result<Vec<u8>, NoAnswer> {
    let named = headers.get("content-encoding").map(HeaderValue::as_bytes);
    match named.map(<[u8]>::to_ascii_lowercase).as_deref() {
        Some(b"gzip" | b"x-gzip") => limited(GzDecoder::new(body.as_slice()), limit),
        Some(b"deflate") => limited(ZlibDecoder::new(body.as_slice()), limit),
        _ => Ok(body),
    }
}

fn limited(from: impl Read, limit: u64) -> Result<Vec<u8>, NoAnswer> {
    let mut unpacked = Vec::new();
    let read = from.take(limit + 1).read_to_end(&mut unpacked);
    read.map_err(|error: io::Error| NoAnswer::Broken(format!("it cannot be unpacked: {error}")))?;
    if unpacked.len() as u64 > limit {
        let large = format!("it is larger than {limit} bytes");
        return Err(NoAnswer::Broken(large));
    }
    Ok(unpacked)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::{GzEncoder, ZlibEncoder};

    use super::*;

    fn of(encoding: &str, body: Vec<u8>) -> Result<Vec<u8>, NoAnswer> {
        let headers = [(
            "content-encoding".parse().unwrap(),
            encoding.parse().unwrap(),
        )];
        unpacked(&headers.into_iter().collect(), body, 1_000)
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// 1.1: "responses may be gzip".
    #[test]
    fn a_compressed_answer_is_unpacked() {
        let text = br#"{"totalResults":0}"#;
        assert_eq!(
            unpacked(&HeaderMap::new(), text.to_vec(), 1_000).unwrap(),
            text
        );
        assert_eq!(of("identity", text.to_vec()).unwrap(), text);
        assert_eq!(of("gzip", gzip(text)).unwrap(), text);
        assert_eq!(of("GZIP", gzip(text)).unwrap(), text);
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        assert_eq!(of("deflate", encoder.finish().unwrap()).unwrap(), text);
    }

    #[test]
    fn what_cannot_be_unpacked_or_is_too_large_is_no_answer() {
        assert!(of("gzip", b"{}".to_vec()).is_err());
        let whole = gzip(b"0123456789");
        assert!(of("gzip", whole[..whole.len() - 4].to_vec()).is_err());
        assert_eq!(of("gzip", gzip(&[b' '; 1_000])).unwrap().len(), 1_000);
        assert!(of("gzip", gzip(&[b' '; 1_001])).is_err());
    }
}
