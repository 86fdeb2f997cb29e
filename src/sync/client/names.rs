//! Names of targets: resolved once in a while, never to a link-local address.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use crate::clock::Stopwatch;

/// How long a resolved name is trusted.
const NAME_LIFETIME: Duration = Duration::from_mins(1);

/// Resolves names, refuses link-local addresses, and remembers the last answer for a while: the
/// library asks its resolver before every request, pooled connection or not.
#[derive(Debug, Default)]
pub(super) struct CheckedNames {
    last: Mutex<Option<(String, Stopwatch, ResolvedSocketAddrs)>>,
}

impl CheckedNames {
    fn checked(&self, addresses: &[SocketAddr]) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut allowed = self.empty();
        for address in addresses.iter().filter(|a| !is_link_local(a.ip())) {
            allowed.push(*address);
        }
        if allowed.is_empty() && !addresses.is_empty() {
            return Err(ureq::Error::Io(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "link-local addresses are refused",
            )));
        }
        Ok(allowed)
    }
}

/// 169.254.0.0/16 and `fe80::/10`, also as an IPv4 address written in IPv6.
pub(crate) fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        IpAddr::V6(v6) => {
            v6.is_unicast_link_local() || v6.to_ipv4_mapped().is_some_and(|v4| v4.is_link_local())
        }
    }
}

impl Resolver for CheckedNames {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let name = uri.authority().map(ToString::to_string).unwrap_or_default();
        if let Some((known, since, addresses)) =
            &*self.last.lock().unwrap_or_else(PoisonError::into_inner)
            && *known == name
            && since.elapsed() < NAME_LIFETIME
        {
            return self.checked(addresses);
        }
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let addresses = self.checked(&found)?;
        let copy = self.checked(&addresses)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((name, Stopwatch::start(), copy));
        Ok(addresses)
    }
}
