//! The parts of a form with files (RFC 7578), each up to a limit.
//!
//! A form may take as long to arrive as its sender likes: whoever changes something with it asks again who that is.

use actix_multipart::Multipart;
use futures_util::TryStreamExt as _;

use super::super::failure::PageFailure;

/// How much is read and dropped behind a limit, in bytes, unless twice the limit is more.
const DROPPED: usize = 4 << 20;

/// A part of a form.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    /// Whether there was more.
    pub(super) cut: bool,
}

impl Part {
    /// As text, with a sign in place of what is none.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// Hands over the parts of a form, at most `most`, each cut at `maximum` bytes. What follows a cut is read and dropped
/// for a while, up to eight times the limit, so that the browser gets to see the answer; a form that goes on ends there.
pub(super) async fn receive(
    mut form: Multipart,
    maximum: usize,
    most: usize,
    mut each: impl FnMut(Part),
) -> Result<(), PageFailure> {
    let broken = |error| PageFailure::Malformed(format!("the form could not be read: {error}"));
    let patience = (8 * maximum).min(DROPPED.max(2 * maximum));
    let mut parts = 0;
    while let Some(mut field) = form.try_next().await.map_err(broken)? {
        parts += 1;
        if parts > most {
            return Err(PageFailure::Malformed("the form has too many parts".into()));
        }
        let (mut bytes, mut dropped) = (Vec::new(), 0);
        while let Some(chunk) = field.try_next().await.map_err(broken)? {
            let (kept, rest) = chunk.split_at(chunk.len().min(maximum - bytes.len()));
            bytes.extend_from_slice(kept);
            dropped += rest.len();
            if dropped > patience {
                break;
            }
        }
        each(Part {
            name: field.name().unwrap_or_default().to_owned(),
            bytes,
            cut: dropped > 0,
        });
        if dropped > patience {
            // To ask for the next part would be to read this one to its end.
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_web::error::PayloadError;
    use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
    use actix_web::web::Bytes;
    use futures_util::{StreamExt as _, stream};

    use super::*;

    const LIMIT: usize = 1000;

    /// The parts of a form whose file has so many chunks of 100 bytes, and how many chunks were asked for.
    fn received(chunks: usize) -> (Vec<Part>, usize) {
        let part = |name: &str| {
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n").into_bytes()
        };
        let mut body = vec![part("file")];
        body.extend(vec![vec![b'x'; 100]; chunks]);
        body.extend([b"\r\n".to_vec(), part("word"), b"yes\r\n--b--\r\n".to_vec()]);
        let mut headers = HeaderMap::new();
        let kind = HeaderValue::from_static("multipart/form-data; boundary=b");
        headers.insert(CONTENT_TYPE, kind);
        let read = std::rc::Rc::new(std::cell::Cell::new(0));
        let count = std::rc::Rc::clone(&read);
        let body = stream::iter(body.into_iter().map(move |chunk| {
            count.set(count.get() + 1);
            Ok::<_, PayloadError>(Bytes::from(chunk))
        }));
        // One chunk at a time, as from a socket.
        let body = stream::unfold(body, |mut body| async {
            actix_web::rt::task::yield_now().await;
            Some((body.try_next().await.transpose()?, body))
        });
        let mut parts = Vec::new();
        actix_web::rt::System::new().block_on(async {
            let form = Multipart::new(&headers, Box::pin(body.fuse()));
            receive(form, LIMIT, 4, |part| parts.push(part))
                .await
                .unwrap();
        });
        (parts, read.get())
    }

    #[test]
    fn what_follows_a_limit_is_dropped_and_after_a_while_not_read() {
        for (chunks, kept, cut) in [
            (0, 0, false),
            (10, LIMIT, false),
            (11, LIMIT, true),
            (60, LIMIT, true),
        ] {
            let (parts, _) = received(chunks);
            let [file, word] = parts.as_slice() else {
                panic!("{} parts of {chunks}", parts.len());
            };
            assert_eq!((file.bytes.len(), file.cut), (kept, cut), "{chunks}");
            assert_eq!((word.text().as_str(), word.cut), ("yes", false));
        }
        let (parts, read) = received(1000);
        assert_eq!((parts.len(), parts[0].cut), (1, true));
        assert!(read < 100, "{read}");
    }
}
