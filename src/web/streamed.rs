//! A response body that is made while it is sent: each piece on the blocking pool, and only when the client has room
//! for it, so that a slow client holds neither a thread nor a snapshot.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::{self, Bytes};

use crate::error::{Error, Result};
use crate::store;

/// The next piece and the work that is left; no piece is the end.
type Made<T> = (T, Result<Option<String>>);

enum State<T> {
    Waiting(T),
    Working(Pin<Box<dyn Future<Output = Result<Made<T>>>>>),
    Done,
}

/// Sends what `step` makes of the work, piece by piece.
pub(super) struct Streamed<T> {
    step: fn(T) -> Made<T>,
    state: State<T>,
}

impl<T: Send + Unpin + 'static> Streamed<T> {
    /// Nothing is done before the client asks.
    pub(super) fn new(work: T, step: fn(T) -> Made<T>) -> Self {
        Self {
            step,
            state: State::Waiting(work),
        }
    }
}

impl<T: Send + Unpin + 'static> MessageBody for Streamed<T> {
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
            match std::mem::replace(&mut this.state, State::Done) {
                State::Done => return Poll::Ready(None),
                State::Waiting(work) => {
                    let step = this.step;
                    this.state = State::Working(Box::pin(async move {
                        web::block(move || step(work))
                            .await
                            .map_err(|_| Error::Store(store::Error::Panicked))
                    }));
                }
                State::Working(mut future) => {
                    let Poll::Ready(made) = future.as_mut().poll(context) else {
                        this.state = State::Working(future);
                        return Poll::Pending;
                    };
                    match made {
                        Ok((work, Ok(Some(piece)))) => {
                            this.state = State::Waiting(work);
                            return Poll::Ready(Some(Ok(Bytes::from(piece))));
                        }
                        Ok((_, Ok(None))) => {}
                        // The status is out already: the connection ends early instead.
                        Ok((_, Err(error))) | Err(error) => {
                            tracing::error!(%error, "an answer could not be sent to its end");
                            return Poll::Ready(Some(Err(Box::new(error))));
                        }
                    }
                }
            }
        }
    }
}
