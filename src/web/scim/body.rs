//! The body of a SCIM request: bounded in bytes and in time.
//!
//! What it means is `scim::json`'s and everything behind it.

use std::time::Duration;

use actix_web::body::{BodyStream, MessageBody, SizedStream, to_bytes_limited};
use actix_web::rt::time::timeout;
use actix_web::web;

use super::request::ScimRequest;
use crate::scim;

/// Most bytes of a user's body.
pub(super) const USER_BODY: usize = 1 << 20;
/// Most bytes of a group's body: it may name 100,000 members.
pub(super) const GROUP_BODY: usize = 10 << 20;
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A body read up to its limit. Kept as a value, so that credentials are judged first.
pub(super) enum Body {
    Complete(web::Bytes),
    TooLarge(usize),
    Broken,
    Slow,
}

impl Body {
    /// How much there is to read, in bytes.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Complete(bytes) => bytes.len(),
            _ => 0,
        }
    }

    /// The bytes, if they are all there.
    ///
    /// # Errors
    /// 400, 408 (RFC 9110 section 15.5.9) or 413.
    pub(super) fn whole(&self) -> std::result::Result<&web::Bytes, scim::Error> {
        match self {
            Self::Complete(bytes) => Ok(bytes),
            Self::TooLarge(limit) => Err(scim::Error::new(
                413,
                format!("The body is larger than {limit} bytes."),
            )),
            Self::Slow => Err(scim::Error::new(
                408,
                format!(
                    "The body did not arrive within {} seconds.",
                    BODY_TIME.as_secs()
                ),
            )),
            Self::Broken => Err(scim::Error::invalid_syntax("The body ended early.")),
        }
    }

    /// A body that says itself that it is too large is not waited for.
    pub(super) async fn read(request: &ScimRequest, payload: web::Payload, limit: usize) -> Self {
        if request.length.is_some_and(|length| length > limit as u64) {
            return Self::TooLarge(limit);
        }
        // With room for what is announced: a stream of unknown length is given 32 KiB at once.
        let body = match request.length {
            Some(length) => Self::within(BODY_TIME, SizedStream::new(length, payload), limit).await,
            None => Self::within(BODY_TIME, BodyStream::new(payload), limit).await,
        };
        if let Self::Complete(bytes) = &body {
            request.seen.body(bytes);
        }
        body
    }

    /// What arrives within a time.
    async fn within(time: Duration, payload: impl MessageBody, limit: usize) -> Self {
        match timeout(time, to_bytes_limited(payload, limit)).await {
            Ok(Ok(Ok(bytes))) => Self::Complete(bytes),
            Ok(Ok(Err(_))) => Self::Broken,
            Ok(Err(_)) => Self::TooLarge(limit),
            Err(_) => Self::Slow,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::future::pending;

    use futures_util::stream;

    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        actix_web::rt::System::new().block_on(work)
    }

    #[test]
    fn a_body_that_does_not_arrive_is_given_up() {
        let begun = stream::iter([Ok(web::Bytes::from_static(b"{"))]);
        let never = stream::once(pending::<std::result::Result<web::Bytes, Infallible>>());
        let body = BodyStream::new(stream::StreamExt::chain(begun, never));
        let body = run(Body::within(Duration::ZERO, body, 10));
        assert_eq!(body.whole().unwrap_err().status, 408);
    }

    #[test]
    fn a_body_is_read_up_to_its_limit() {
        let read = |limit| {
            let body = stream::iter(["{", "}"].map(|part| Ok::<_, Infallible>(part.into())));
            let body = run(Body::within(BODY_TIME, BodyStream::new(body), limit));
            body.whole().cloned().map_err(|error| error.status)
        };
        assert_eq!(read(2), Ok("{}".into()));
        assert_eq!(read(1), Err(413));
        let broken = stream::iter([Err::<web::Bytes, _>(std::io::Error::other("reset"))]);
        let body = run(Body::within(BODY_TIME, BodyStream::new(broken), 10));
        assert_eq!(body.whole().unwrap_err().status, 400);
    }
}
