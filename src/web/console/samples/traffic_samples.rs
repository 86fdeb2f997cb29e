//! Samples of *Traffic*.

use super::super::exchange::{Code, Exchange};
use super::super::list::{Column, Empty, Filter, List, ListUrl, Pager};
use super::super::parts::{Fact, Link, Notice, Tone};
use super::super::traffic::{ExchangePage, TrafficPage, TrafficRow, TrafficRows};
use super::super::{Page, Room};
use super::{USER_JSON, long_name, moment, viewer};

const HERE: &str = "/traffic";

impl TrafficPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let url = ListUrl::new(HERE);
        let filter = |url: &ListUrl| {
            Filter::new(url, "Search by path, person, client or request id")
                .select(url, "method", "Method", &[("GET", "GET"), ("POST", "POST")])
                .select(url, "status", "Status", &[("refused", "Refused (4xx)")])
                .select(url, "key", "Key", &[("<Entra> & Co", "<Entra> & Co")])
                .select(url, "path", "Path", &[("/Users", "/Users")])
        };
        let list = |url: &ListUrl, total| List {
            caption: "Traffic".to_owned(),
            filter: None,
            columns: vec![
                Column::new("Request"),
                Column::new("Status"),
                Column::wide("Key"),
                Column {
                    class: "wide number",
                    ..Column::number("Duration")
                },
                Column::wide("Time"),
            ],
            pager: Pager::new(total, 1, 25, ("request", "requests"), url),
            empty: Empty::new(
                "No requests yet",
                "Generate a SCIM API key and let a client use it; every request shows up here.",
                Link::new("SCIM provisioning", "/team/authentication/scim"),
            ),
        };
        let rows = [
            (
                "GET",
                "/Users?filter=userName eq \"***\"".to_owned(),
                200,
                "Entra agent",
            ),
            ("POST", "/Users".to_owned(), 409, "<Entra> & Co"),
            (
                "PATCH",
                format!("/Users/{}", "4c1d9e2f".repeat(6)),
                500,
                &long_name(),
            ),
            ("GET", "/<script>alert(1)</script>".to_owned(), 401, ""),
        ]
        .map(|(method, target, status, key)| TrafficRow {
            target: Link::new(target, format!("{HERE}/1")),
            method: method.to_owned(),
            status: Exchange::status_pill(status, "Reason"),
            key: key.to_owned(),
            team: if key.is_empty() { "" } else { "Acme" }.to_owned(),
            duration: "12 ms".to_owned(),
            at: moment("3 min ago"),
        });
        let page = |rows: Vec<TrafficRow>, url: &ListUrl, total| Self {
            page: Page::new(Room::Traffic, "Traffic", &viewer()),
            lead: "The last 1,000 SCIM requests and their answers.".to_owned(),
            tail: Link::new("Live tail", "/traffic?live=on"),
            filter: filter(url),
            rows: TrafficRows {
                poll: "/traffic/live?live=on".to_owned(),
                list: list(url, total),
                rows,
            },
        };
        let chosen = url
            .with("q", "<b>")
            .with("status", "refused")
            .with("key", "<Entra> & Co");
        vec![
            ("empty", page(Vec::new(), &url, 0)),
            ("one", page(rows[..1].to_vec(), &url, 1)),
            ("many", page(rows.to_vec(), &url, 412)),
            ("filtered", page(rows.to_vec(), &chosen, 4)),
        ]
    }
}

impl ExchangePage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let page = |status: u16, kept, request: &str, response: &str| {
            Self {
            page: Page::new(Room::Traffic, "POST /Users", &viewer()).under("Traffic", HERE),
            status: Exchange::status_pill(status, "Reason"),
            verdict: "Sent with the key Entra agent 3 min ago, answered in 12 ms.".to_owned(),
            request_id: "3f2a5e0c-9a41-4d0e-8f11-5b6c7d8e9f00".to_owned(),
            kept,
            summary: vec![
                Fact::text("Team", "Acme"),
                Fact::text("Key", long_name()),
                Fact::text("Client", "<script>alert(1)</script>"),
            ],
            exchange: Exchange {
                method: "POST".to_owned(),
                path: "/Users".to_owned(),
                status: Exchange::status_pill(status, "Reason"),
                duration: "12 ms".to_owned(),
                request_headers: "content-type: application/scim+json\nuser-agent: <b>".to_owned(),
                request: Code::json(request),
                response_headers: "etag: W/\"1\"".to_owned(),
                response: Code::json(response),
                open: true,
            },
            curl: "curl -X POST 'http://127.0.0.1:7644/scim/v2/Users' \\\n  -H \"Authorization: Bearer $SCIM_KEY\"".to_owned(),
            curl_note: "Set SCIM_KEY to a key of the team first.".to_owned(),
        }
        };
        let masked = Notice::new(
            Tone::Info,
            "Shown as [masked]: password.",
            "The values were replaced before anything was stored; nobody can bring them back.",
        );
        vec![
            ("good", page(201, None, USER_JSON, USER_JSON)),
            (
                "masked",
                page(201, Some(masked), r#"{"password":"[masked]"}"#, USER_JSON),
            ),
            ("refused", page(401, None, "Not kept: it is not JSON.", "")),
        ]
    }
}
