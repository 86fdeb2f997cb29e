//! The brake on guessing passwords at sign-in, without a way to lock somebody else out.
//!
//! Failures are counted for three things, and what waits is always an *address*, never an account:
//!
//! * **account and address together**: five failures are free, each further one doubles the wait, up to a minute.
//!   Somebody who hammers an account from one address waits alone: its owner, at another address, does not.
//! * **an address**, whatever the accounts: twenty are free. That slows down whoever tries one password on many
//!   accounts. Accounts that have signed in from the address lately pass, so that people behind the same router do
//!   not suffer for each other.
//! * **an account**, whatever the addresses: after a hundred, an address that the account has not signed in from has
//!   one free try instead of five. The first try from anywhere is always let through, so there is no number of
//!   failures that keeps the right password out; what very many addresses can try together is bounded by the pool
//!   that hashes passwords ([`super::passwords`]).
//!
//! Names nobody has are counted like others, so waiting tells nothing. Everything is forgotten after a quarter of an
//! hour, and with the process. Of IPv6 addresses the first 64 bits count: the rest is the client's own choice.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::scim::key::prepare;

/// Failures of an account from one address before it has to wait.
const FREE: u32 = 5;
/// The same, when the account is under attack and never signed in from there.
const FREE_UNDER_ATTACK: u32 = 1;
/// Failures from one address, of any accounts, before it has to wait.
const FREE_OF_ADDRESS: u32 = 20;
/// Failures of an account, from any addresses, that are an attack.
const ATTACK: u32 = 100;
/// Longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// Failures older than this are forgotten.
const MEMORY: Duration = Duration::from_mins(15);
/// How long an address is known to be an account's own.
const KNOWN: Duration = Duration::from_hours(30 * 24);
/// Entries of each kind remembered at most: more would let a guesser fill the memory.
const MOST: usize = 10_000;
/// Failures of an account that are worth an event in the record, within [`MEMORY`].
const RECORDED: u32 = 20;

/// A network that one client can be taken to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl Network {
    /// The network of an address; all without one are one.
    pub(super) fn of(address: Option<IpAddr>) -> Self {
        Self(match address {
            Some(IpAddr::V6(address)) => match address.to_ipv4_mapped() {
                Some(address) => address.into(),
                None => {
                    let [a, b, c, d, ..] = address.segments();
                    Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
                }
            },
            Some(address) => address,
            None => Ipv6Addr::UNSPECIFIED.into(),
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failures by something, bounded in number.
#[derive(Debug)]
struct Counted<K>(HashMap<K, Failures>);

impl<K> Default for Counted<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Hash + Eq> Counted<K> {
    fn get(&self, key: &K, now: Timestamp) -> Option<Failures> {
        let found = self.0.get(key).copied();
        found.filter(|failures| now.since(failures.last) < MEMORY)
    }

    fn count(&self, key: &K, now: Timestamp) -> u32 {
        self.get(key, now).map_or(0, |failures| failures.count)
    }

    /// Time left of the wait after so many free failures.
    fn wait(&self, key: &K, free: u32, now: Timestamp) -> Duration {
        let Some(failures) = self.get(key, now) else {
            return Duration::ZERO;
        };
        let Some(more) = failures.count.checked_sub(free) else {
            return Duration::ZERO;
        };
        let whole = Duration::from_secs(1 << more.min(6)).min(LONGEST_WAIT);
        whole.saturating_sub(now.since(failures.last))
    }

    fn add(&mut self, key: K, now: Timestamp) {
        make_room(&mut self.0, |failures| now.since(failures.last) < MEMORY);
        let entry = self.0.entry(key).or_insert(Failures {
            count: 0,
            last: now,
        });
        if now.since(entry.last) >= MEMORY {
            entry.count = 0;
        }
        entry.count = entry.count.saturating_add(1);
        entry.last = now;
    }
}

/// Keeps a map below its bound: what is out of date goes first, then everything.
fn make_room<K: Hash + Eq, V>(map: &mut HashMap<K, V>, live: impl Fn(&V) -> bool) {
    if map.len() >= MOST {
        map.retain(|_, value| live(value));
    }
    if map.len() >= MOST {
        map.clear();
    }
}

#[derive(Debug, Default)]
struct Memory {
    pairs: Counted<(String, Network)>,
    networks: Counted<Network>,
    accounts: Counted<String>,
    /// When an account last signed in from a network.
    known: HashMap<(String, Network), Timestamp>,
}

/// What is remembered of sign-ins. One for all workers.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<Memory>);

impl Throttle {
    /// Whole seconds until this account may be tried from this network again; 0 when it may now.
    pub(super) fn wait(&self, name: &str, network: Network, now: Timestamp) -> u64 {
        let memory = self.lock();
        let name = key(name);
        let attacked = memory.accounts.count(&name, now) >= ATTACK;
        let pair = (name, network);
        let known = memory
            .known
            .get(&pair)
            .is_some_and(|at| now.since(*at) < KNOWN);
        let free = if attacked && !known {
            FREE_UNDER_ATTACK
        } else {
            FREE
        };
        let mut wait = memory.pairs.wait(&pair, free, now);
        if !known {
            wait = wait.max(memory.networks.wait(&network, FREE_OF_ADDRESS, now));
        }
        let seconds = wait.as_millis().div_ceil(1_000);
        u64::try_from(seconds).unwrap_or(u64::MAX)
    }

    /// Remembers a failure; tells whether it is worth an event, so that guessing does not fill the record.
    pub(super) fn failed(&self, name: &str, network: Network, now: Timestamp) -> bool {
        let mut memory = self.lock();
        let name = key(name);
        memory.pairs.add((name.clone(), network), now);
        memory.networks.add(network, now);
        memory.accounts.add(name.clone(), now);
        let count = memory.accounts.count(&name, now);
        count <= RECORDED || count.is_power_of_two()
    }

    /// Forgives an account that signed in from here, and knows the network as its own from now on.
    pub(super) fn succeeded(&self, name: &str, network: Network, now: Timestamp) {
        let mut memory = self.lock();
        let pair = (key(name), network);
        memory.pairs.0.remove(&pair);
        make_room(&mut memory.known, |at| now.since(*at) < KNOWN);
        memory.known.insert(pair, now);
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names that the form would take for the same: accounts are looked up by this key.
fn key(name: &str) -> String {
    let name: String = name.trim().chars().take(254).collect();
    prepare(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        Network::of(Some(text.parse().unwrap()))
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_millis(0).plus(Duration::from_secs(seconds))
    }

    #[test]
    fn guessing_gets_slower_and_success_forgives() {
        let throttle = Throttle::default();
        let here = network("192.0.2.1");
        let (mut now, mut waits) = (at(0), Vec::new());
        for _ in 0..13 {
            throttle.failed("Ada@Example.com", here, now);
            let wait = throttle.wait(" ada@example.COM ", here, now);
            waits.push(wait);
            now = now.plus(Duration::from_secs(wait));
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(throttle.wait("ada@example.com", here, now), 0);
        throttle.failed("ada@example.com", here, now);
        throttle.succeeded("ada@example.com", here, now);
        assert_eq!(throttle.wait("ada@example.com", here, now), 0);
    }

    #[test]
    fn whoever_hammers_an_account_waits_alone() {
        let throttle = Throttle::default();
        let (attacker, home) = (network("192.0.2.1"), network("198.51.100.7"));
        for second in 0..600 {
            throttle.failed("ada@example.com", attacker, at(second));
        }
        assert_eq!(throttle.wait("ada@example.com", attacker, at(600)), 59);
        assert_eq!(
            throttle.wait("ada@example.com", home, at(600)),
            0,
            "the owner at another address is not kept out"
        );
        // Even a typing mistake or two of hers, where she signs in every day.
        throttle.succeeded("ada@example.com", home, at(600));
        for _ in 0..4 {
            throttle.failed("ada@example.com", home, at(601));
        }
        assert_eq!(throttle.wait("ada@example.com", home, at(601)), 0);
    }

    #[test]
    fn an_account_under_attack_from_everywhere_lets_a_first_try_through() {
        let throttle = Throttle::default();
        for n in 0..200_u32 {
            let one = network(&format!("10.0.{}.{}", n / 256, n % 256));
            assert_eq!(throttle.wait("ada@example.com", one, at(1)), 0);
            throttle.failed("ada@example.com", one, at(1));
        }
        let fresh = network("203.0.113.5");
        assert_eq!(throttle.wait("ada@example.com", fresh, at(2)), 0);
        throttle.failed("ada@example.com", fresh, at(2));
        assert_eq!(throttle.wait("ada@example.com", fresh, at(2)), 1);
        assert_eq!(throttle.wait("bob@example.com", fresh, at(2)), 0);
    }

    #[test]
    fn trying_one_password_on_many_accounts_is_slow_and_colleagues_pass() {
        let throttle = Throttle::default();
        let office = network("192.0.2.1");
        throttle.succeeded("ada@example.com", office, at(0));
        for n in 0..40 {
            throttle.failed(&format!("{n}@example.com"), office, at(1));
        }
        assert_eq!(throttle.wait("another@example.com", office, at(1)), 60);
        assert_eq!(throttle.wait("ada@example.com", office, at(1)), 0);
        let elsewhere = network("192.0.2.2");
        assert_eq!(throttle.wait("another@example.com", elsewhere, at(1)), 0);
    }

    #[test]
    fn half_of_an_ipv6_address_is_the_clients_own_choice() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    }

    #[test]
    fn failures_are_forgotten_and_the_memory_is_bounded() {
        let throttle = Throttle::default();
        let here = network("192.0.2.1");
        for _ in 0..10 {
            throttle.failed("ada@example.com", here, at(0));
        }
        let later = at(MEMORY.as_secs());
        throttle.failed("ada@example.com", here, later);
        assert_eq!(throttle.wait("ada@example.com", here, later), 0);
        for n in 0..=MOST {
            throttle.failed(&format!("{n}@example.com"), here, later);
            throttle.succeeded(&format!("{n}@example.com"), here, later);
        }
        let memory = throttle.lock();
        assert!(memory.accounts.0.len() <= MOST && memory.known.len() <= MOST);
    }

    #[test]
    fn only_so_many_failures_are_recorded() {
        let throttle = Throttle::default();
        let here = network("192.0.2.1");
        let recorded = (0..1_000).filter(|_| throttle.failed("ada@example.com", here, at(0)));
        assert_eq!(recorded.count(), 25, "20, then 32, 64, 128, 256, 512");
    }
}
