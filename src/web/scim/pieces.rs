//! A response body that is made while it is sent, piece by piece on the blocking pool.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::{self, Bytes};

use crate::error::{Error, Result};
use crate::provider::Body;
use crate::store::{self, Store};

/// A piece, and the rest of the body.
type Made = (Body, Result<Option<String>>);

/// Where the body stands.
enum State {
    Waiting(Body),
    Working(Pin<Box<dyn Future<Output = Made> + Send>>),
    Done,
}

/// Sends a [`Body`]: the next piece is made only when the client has room for it, so that a slow client
/// holds neither a thread nor a snapshot.
pub(super) struct Pieces {
    store: Store,
    state: State,
}

impl Pieces {
    pub(super) fn new(store: Store, body: Body) -> Self {
        Self {
            store,
            state: State::Waiting(body),
        }
    }
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pieces(..)")
    }
}

/// A piece and the rest, made on the blocking pool.
async fn work(store: Store, body: Body) -> Made {
    let made = web::block(move || {
        let mut body = body;
        let piece = store
            .read()
            .map_err(Error::from)
            .and_then(|snapshot| body.next_piece(&snapshot));
        (body, piece)
    });
    match made.await {
        Ok(made) => made,
        Err(_) => (Body::default(), Err(Error::Store(store::Error::Panicked))),
    }
}

impl MessageBody for Pieces {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Bytes, Self::Error>>> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Done => return Poll::Ready(None),
                State::Waiting(body) => {
                    let body = std::mem::take(body);
                    this.state = State::Working(Box::pin(work(this.store.clone(), body)));
                }
                State::Working(future) => {
                    let Poll::Ready((body, piece)) = future.as_mut().poll(context) else {
                        return Poll::Pending;
                    };
                    match piece {
                        Ok(Some(piece)) => {
                            this.state = State::Waiting(body);
                            return Poll::Ready(Some(Ok(Bytes::from(piece))));
                        }
                        Ok(None) => this.state = State::Done,
                        // The status is out already: the connection ends early instead.
                        Err(error) => {
                            tracing::error!(%error, "an answer could not be sent to its end");
                            this.state = State::Done;
                            return Poll::Ready(Some(Err(Box::new(error))));
                        }
                    }
                }
            }
        }
    }
}
