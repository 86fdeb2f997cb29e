//! The server on a thread of its own, for commands that do other things beside it.

use std::future::{Future as _, poll_fn};
use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::mpsc;
use std::task::Poll;
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;

use super::App;

/// A server that runs until a signal or [`Running::stop`] ends it.
pub struct Running {
    handle: ServerHandle,
    thread: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Asks it to end after the requests in progress; [`Running::wait`] tells when it has.
    pub fn stop(&self) {
        // The server acts on the call; the future only tells when.
        drop(self.handle.stop(true));
    }

    /// Waits until it has ended.
    ///
    /// # Errors
    /// The operating system's, or that its thread panicked.
    pub fn wait(self) -> io::Result<()> {
        self.thread
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the server failed unexpectedly")))
    }
}

/// Starts serving on a bound listener, with a worker per core.
///
/// # Errors
/// The listener or a thread cannot be had.
pub fn start(app: App, listener: TcpListener) -> io::Result<Running> {
    let workers = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    let (tell, told) = mpsc::sync_channel(1);
    let thread = std::thread::Builder::new()
        .name("server".into())
        .spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                // Ends with this thread's system.
                drop(actix_web::rt::spawn(super::housekeeping::keep(app.clone())));
                let server = super::server(app, listener, workers)?;
                let handle = server.handle();
                let mut server = pin!(server);
                // The first poll puts the signal handlers in place: whoever is told that the server
                // runs may end it with a signal at once.
                let ended = poll_fn(|context| Poll::Ready(server.as_mut().poll(context))).await;
                // The receiver waits below, so it is there.
                let _ = tell.send(handle);
                match ended {
                    Poll::Ready(result) => result,
                    Poll::Pending => server.await,
                }
            })
        })?;
    match told.recv() {
        Ok(handle) => Ok(Running { handle, thread }),
        Err(_) => Err(match thread.join() {
            Ok(Err(error)) => error,
            _ => io::Error::other("the server cannot start"),
        }),
    }
}
