//! The wire behind a log entry or a test, as pages show it.

use actix_web::http::StatusCode;

use super::super::super::console::exchange::{Code, Exchange};
use super::super::super::console::parts::{Pill, Tone};
use crate::model;
use crate::sync::on_demand::NOT_SENT;
use crate::sync::tenant_url::TenantUrl;

/// Exchanges with addresses below the tenant URL; others stay whole.
pub(in crate::web::rooms) fn shown(
    exchanges: &[model::Exchange],
    tenant_url: &str,
) -> Vec<Exchange> {
    let base = tenant_url.parse::<TenantUrl>().ok();
    let base = base.as_ref().map_or("", TenantUrl::base);
    let last = exchanges.len().saturating_sub(1);
    let each = exchanges.iter().enumerate();
    each.map(|(place, exchange)| Exchange {
        method: exchange.method.clone(),
        path: exchange
            .url
            .strip_prefix(base)
            .filter(|path| !base.is_empty() && !path.is_empty())
            .unwrap_or(&exchange.url)
            .to_owned(),
        status: match exchange.status {
            Some(code) => Exchange::status_pill(code, reason(code)),
            None if exchange.response == NOT_SENT => Pill::new(Tone::Info, "Not sent"),
            None => Pill::new(Tone::Bad, "No answer"),
        },
        duration: format!("{} ms", exchange.milliseconds),
        request_headers: String::new(),
        request: Code::json(exchange.request.as_deref().unwrap_or_default()),
        response_headers: String::new(),
        response: Code::json(&exchange.response),
        // What failed explains itself; else the last one is what changed something.
        open: place == last || exchange.status.is_none_or(|code| code >= 400),
    })
    .collect()
}

fn reason(code: u16) -> &'static str {
    StatusCode::from_u16(code)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}
