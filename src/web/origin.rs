//! Where a request came from: for the record, and for the brake on guessing.
//!
//! `X-Forwarded-For` is believed only from a proxy on this host, and only when a public URL says that there is one:
//! then its last element, which the proxy itself wrote. From anybody else it is a client's claim and not looked at.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::{self, HeaderMap, HeaderName};

use super::{App, log};
use crate::model::Origin;
use crate::secret::SCIM_KEY_PREFIX;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Longest name of a client that is kept, in characters.
const USER_AGENT: usize = 200;

/// The client's network address; none for a connection without one.
pub(super) fn address(request: &HttpRequest, app: &App) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip();
    Some(client(
        peer,
        request.headers(),
        app.public_url.configured.is_some(),
    ))
}

fn client(peer: IpAddr, headers: &HeaderMap, proxied: bool) -> IpAddr {
    if !proxied || !peer.is_loopback() {
        return peer;
    }
    let last = headers.get_all(X_FORWARDED_FOR).last();
    let told = last
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.rsplit(',').next())
        .and_then(|text| text.trim().parse().ok());
    told.unwrap_or(peer)
}

/// Address, client and id of a request, as they may be kept.
pub(super) fn of(request: &HttpRequest, app: &App) -> Origin {
    with_id(request, app, log::request_id(request))
}

/// The same for a request whose answer says another id.
pub(super) fn with_id(request: &HttpRequest, app: &App, request_id: String) -> Origin {
    Origin {
        address: address(request, app).map_or_else(String::new, |address| address.to_string()),
        user_agent: user_agent(request.headers()),
        request_id,
    }
}

/// What a client calls itself: short, printable, and not one of our keys.
fn user_agent(headers: &HeaderMap) -> String {
    let Some(value) = headers.get(header::USER_AGENT) else {
        return String::new();
    };
    let text = String::from_utf8_lossy(value.as_bytes());
    if text.contains(SCIM_KEY_PREFIX) {
        return String::new();
    }
    let printable = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().take(USER_AGENT).map(printable).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_is_believed_from_our_own_proxy_only() {
        let of = |peer: &str, sent: &[&str], proxied| {
            let mut headers = HeaderMap::new();
            for value in sent {
                headers.append(X_FORWARDED_FOR, value.parse().unwrap());
            }
            client(peer.parse().unwrap(), &headers, proxied).to_string()
        };
        let claim = &["192.0.2.9"][..];
        assert_eq!(of("127.0.0.1", claim, true), "192.0.2.9");
        assert_eq!(of("::1", &["198.51.100.1, 192.0.2.9"], true), "192.0.2.9");
        assert_eq!(
            of("127.0.0.1", &["1.1.1.1", "192.0.2.9"], true),
            "192.0.2.9"
        );
        assert_eq!(of("127.0.0.1", claim, false), "127.0.0.1");
        assert_eq!(of("192.0.2.1", claim, true), "192.0.2.1");
        assert_eq!(of("127.0.0.1", &["nonsense"], true), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &[], true), "127.0.0.1");
    }

    #[test]
    fn a_client_is_named_in_few_printable_words_and_never_by_a_key() {
        let of = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            let value = header::HeaderValue::from_bytes(value).unwrap();
            headers.insert(header::USER_AGENT, value);
            user_agent(&headers)
        };
        assert_eq!(of(b"Azure-AD/1.0"), "Azure-AD/1.0");
        assert_eq!(of(b"a\tb\xff"), "a\u{fffd}b\u{fffd}");
        assert_eq!(of(b"scimlab_0123"), "");
        assert_eq!(of(&[b'x'; 900]).len(), USER_AGENT);
    }
}
