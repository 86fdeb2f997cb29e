//! Turns of work on passwords.
//!
//! argon2id takes tens of milliseconds and 19 MiB each time. As many run at once as there are cores, a few wait, and
//! of one network only some of those: a flood of sign-ins takes neither all threads nor all memory, nor everybody
//! else's turn. Who finds the queue full is told to come back.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::web;
use tokio::sync::Semaphore;

use super::throttle::Network;
use crate::error::{Error, Result};
use crate::store;

/// Most that run or wait.
const QUEUE: usize = 32;
/// Most of one network.
const QUEUE_OF_NETWORK: usize = 8;
/// Seconds after which there is likely to be a turn.
pub(super) const RETRY_AFTER_SECONDS: u32 = 5;

#[derive(Debug, Default)]
struct Queue {
    all: usize,
    by_network: HashMap<Network, usize>,
}

/// The pool. Cheap to clone: all clones are one.
#[derive(Debug, Clone)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    queue: Arc<Mutex<Queue>>,
}

impl Default for Passwords {
    /// As many turns at once as there are cores.
    fn default() -> Self {
        Self::with_turns(std::thread::available_parallelism().map_or(1, std::num::NonZero::get))
    }
}

impl Passwords {
    fn with_turns(turns: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(turns)),
            queue: Arc::default(),
        }
    }

    /// Hashes or checks a password on the blocking pool, in its turn.
    ///
    /// # Errors
    /// [`store::Error::Busy`] when the queue is full, or this network has enough in it; the work's.
    pub(super) async fn run<T, F>(&self, network: Network, work: F) -> Result<T>
    where
        F: FnOnce() -> Result<T> + Send + 'static,
        T: Send + 'static,
    {
        let place = self.place(network).ok_or(store::Error::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await;
        let done = web::block(move || {
            // Kept while the work runs, though the client may have gone.
            let _kept = (turn, place);
            work()
        });
        done.await
            .unwrap_or(Err(Error::Store(store::Error::Panicked)))
    }

    fn place(&self, network: Network) -> Option<Place> {
        let mut queue = self.lock();
        let of_network = queue.by_network.get(&network).copied().unwrap_or(0);
        if queue.all >= QUEUE || of_network >= QUEUE_OF_NETWORK {
            return None;
        }
        queue.all += 1;
        queue.by_network.insert(network, of_network + 1);
        Some(Place {
            passwords: self.clone(),
            network,
        })
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place in the queue, given back when dropped.
struct Place {
    passwords: Passwords,
    network: Network,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut queue = self.passwords.lock();
        queue.all -= 1;
        let left = queue.by_network.remove(&self.network).unwrap_or(1) - 1;
        if left > 0 {
            queue.by_network.insert(self.network, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(n: u8) -> Network {
        Network::of(Some([192, 0, 2, n].into()))
    }

    #[test]
    fn a_flood_of_one_network_leaves_room_for_others_and_ends_somewhere() {
        let passwords = Passwords::with_turns(1);
        let mut places = Vec::new();
        for n in 0..4 {
            for _ in 0..QUEUE_OF_NETWORK {
                places.push(passwords.place(network(n)).expect("there is room"));
            }
            assert!(passwords.place(network(n)).is_none());
        }
        assert!(passwords.place(network(9)).is_none(), "the queue is full");
        drop(places.pop());
        assert!(passwords.place(network(9)).is_some());
        drop(places);
        assert_eq!(passwords.lock().all, 0);
        assert!(passwords.lock().by_network.is_empty());
    }

    #[test]
    fn as_many_run_at_once_as_there_are_turns() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        let passwords = Passwords::with_turns(2);
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        actix_web::rt::System::new().block_on(async {
            let work: Vec<_> = (0..QUEUE)
                .map(|n| {
                    let (passwords, running, most) =
                        (passwords.clone(), Arc::clone(&running), Arc::clone(&most));
                    let from = network(u8::try_from(n / QUEUE_OF_NETWORK).unwrap());
                    actix_web::rt::spawn(async move {
                        let work = move || {
                            let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                            most.fetch_max(now, Ordering::SeqCst);
                            // Long enough that others would come in, were there no turns.
                            std::thread::park_timeout(std::time::Duration::from_millis(5));
                            running.fetch_sub(1, Ordering::SeqCst);
                            Ok(())
                        };
                        passwords.run(from, work).await
                    })
                })
                .collect();
            for one in work {
                one.await.unwrap().unwrap();
            }
        });
        assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
    }

    #[test]
    fn work_that_panics_gives_its_place_back() {
        let passwords = Passwords::with_turns(1);
        actix_web::rt::System::new().block_on(async {
            let broken: Result<()> = passwords
                .run(network(1), || panic!("a test of what happens then"))
                .await;
            assert!(broken.is_err());
            assert!(passwords.run(network(1), || Ok(())).await.is_ok());
        });
        assert_eq!(passwords.lock().all, 0);
    }
}
