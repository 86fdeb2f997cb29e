//! The console's guard against cross-site request forgery, and the headers of its pages.
//!
//! Beside `SameSite=Lax` cookies, every unsafe method must come from the console's own pages. Browsers say
//! so in `Sec-Fetch-Site`; those that do not (plain HTTP on a host that is not loopback) say it in `Origin`.
//! A request with neither comes from no browser, so nobody's cookies were borrowed. No token in forms.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::middleware::{DefaultHeaders, Next};
use actix_web::{Error, ResponseError as _, web};

use super::App;
use super::failure::PageFailure;

/// Nothing is loaded from elsewhere, nothing inline runs, nobody frames a page, forms stay here.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; \
     img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Headers of every page of the console.
pub(super) fn headers() -> DefaultHeaders {
    DefaultHeaders::new()
        .add((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .add((header::CACHE_CONTROL, "no-store"))
        // Not `no-referrer`: with it browsers send `Origin: null` with our own forms.
        .add((header::REFERRER_POLICY, "same-origin"))
}

/// Refuses unsafe requests that other sites caused.
pub(super) async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let configured = request
        .app_data::<web::Data<App>>()
        .and_then(|app| app.public_url.configured.clone());
    if request.method().is_safe() || is_own(request.headers(), configured.as_deref()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let response = PageFailure::CrossSite.error_response();
    Ok(request.into_response(response))
}

/// Whether our own page, or no page at all, caused a request. `configured` is the public base URL.
fn is_own(headers: &HeaderMap, configured: Option<&str>) -> bool {
    let text = |name: HeaderName| {
        headers
            .get(name)
            .map(|value| value.to_str().unwrap_or("null"))
    };
    match (text(SEC_FETCH_SITE), text(header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, None) => true,
        (None, Some(origin)) => {
            let Some((_, authority)) = origin.split_once("://") else {
                return false;
            };
            text(header::HOST).is_some_and(|host| host.eq_ignore_ascii_case(authority))
                || configured.is_some_and(|url| origin_of(url).eq_ignore_ascii_case(origin))
        }
    }
}

/// Scheme and authority of a URL.
fn origin_of(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url[after..].find('/').map_or(url.len(), |at| after + at);
    &url[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_and_programs_may_change_anything() {
        let public = Some("https://lab.example/base");
        for (site, origin, own) in [
            ("same-origin", "", true),
            ("none", "", true),
            ("cross-site", "", false),
            ("same-site", "http://127.0.0.1:7644", false),
            ("nonsense", "", false),
            ("", "http://127.0.0.1:7644", true),
            ("", "https://lab.example", true),
            ("", "https://lab.example.evil.example", false),
            ("", "http://127.0.0.1:7645", false),
            ("", "null", false),
            ("", "", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "127.0.0.1:7644".parse().unwrap());
            for (name, value) in [(SEC_FETCH_SITE, site), (header::ORIGIN, origin)] {
                if !value.is_empty() {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(is_own(&headers, public), own, "{site:?} {origin:?}");
        }
    }
}
