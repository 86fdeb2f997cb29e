//! Pages of uploads that tests render.

use super::super::super::list::{Column, Empty, Pager};
use super::super::super::parts::{Choice, Tone};
use super::super::super::samples::{application, long_name, viewer};
use super::*;
use crate::clock::Timestamp;
use crate::web::console::Room;

const BASE: &str = "/entra/applications/1";

fn frame(title: &str) -> Page {
    Page::new(Room::Applications, title, &viewer())
        .under("Enterprise applications", "/entra/applications")
        .under(application(), BASE)
}

fn moment() -> Moment {
    let at = Timestamp::from_millis(1_780_000_000_000);
    Moment::new(at, at)
}

fn list(caption: &str, columns: &[&'static str], rows: u64) -> List {
    List {
        caption: caption.to_owned(),
        filter: None,
        columns: columns.iter().map(|label| Column::new(label)).collect(),
        pager: Pager::whole(rows, ("upload", "uploads")),
        empty: Empty::new(
            "Nothing was uploaded yet",
            "Send a request.",
            Link::new("Send a bulk request", format!("{BASE}/uploads/send")),
        ),
    }
}

impl UploadsPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = ["Received", "Client", "Operations", "Outcome", "State"];
        let row = |client: String, tone, word: &str| UploadRow {
            received: moment(),
            href: format!("{BASE}/uploads/7"),
            client,
            operations: "50".to_owned(),
            outcome: "48 created, 1 skipped, 1 failed".to_owned(),
            state: Pill::new(tone, word),
        };
        let empty = Self {
            page: frame(application()),
            tabs: Vec::new(),
            send: format!("{BASE}/uploads/send"),
            csv: format!("{BASE}/uploads/csv"),
            kept: "Kept for 30 days.".to_owned(),
            list: list("Uploads", &columns, 0),
            rows: Vec::new(),
        };
        let full = Self {
            list: list("Uploads", &columns, 2),
            rows: vec![
                row(long_name(), Tone::Info, "Waiting"),
                row("<HR>".to_owned(), Tone::Warn, "Done with failures"),
            ],
            ..empty.clone()
        };
        vec![("empty", empty), ("full", full)]
    }
}

impl UploadPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let columns = ["User", "Action", "Result", "Reason"];
        let row = |who: Link, said: String| OperationRow {
            number: 1,
            who,
            anchor: "701984".to_owned(),
            action: "Create".to_owned(),
            result: Pill::new(Tone::Bad, "Failure"),
            said,
        };
        vec![(
            "failures",
            Self {
                page: frame("Upload 7"),
                state: Pill::new(Tone::Warn, "Done with failures"),
                facts: vec![Fact::text("Client", long_name())],
                warnings: vec![Notice::new(
                    Tone::Warn,
                    "A bulkId is repeated.",
                    "Use each once.",
                )],
                again: format!("{BASE}/uploads/send?from=7"),
                log: format!("{BASE}/provisioning-logs?cycle=x"),
                list: list("Operations", &columns, 2),
                rows: vec![
                    row(
                        Link::new(long_name(), format!("{BASE}/provisioning-logs/1")),
                        long_name(),
                    ),
                    row(Link::plain("<b>"), String::new()),
                ],
                body: Code::json("{\"schemas\": [\"<script>\"]}"),
            },
        )]
    }
}

impl SendPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            page: frame("Send a bulk request"),
            verdict: None,
            remarks: Vec::new(),
            body: Field::new("body", "Request")
                .lines(12)
                .expected()
                .value("{}"),
            action: format!("{BASE}/uploads/send"),
            cancel: format!("{BASE}/uploads"),
        };
        let refused = Self {
            verdict: Some(Notice::new(
                Tone::Bad,
                "It was not sent.",
                "Mend what is below.",
            )),
            remarks: vec![RemarkLine {
                severity: Pill::new(Tone::Bad, "Error"),
                place: "Operations[0].data.<x>".to_owned(),
                what: long_name(),
            }],
            body: empty.body.clone().error("It has 1 mistake."),
            ..empty.clone()
        };
        vec![("empty", empty), ("refused", refused)]
    }
}

impl CsvPage {
    pub(crate) fn samples() -> Vec<(&'static str, Self)> {
        let empty = Self {
            page: frame("CSV to bulk request"),
            problems: Vec::new(),
            csv: Field::new("csv", "Table")
                .lines(8)
                .value("")
                .error("There is nothing in it."),
            headings: String::new(),
            columns: Vec::new(),
            counted: String::new(),
            mappings: format!("{BASE}/provisioning/mappings/users"),
            action: format!("{BASE}/uploads/csv"),
            cancel: format!("{BASE}/uploads"),
        };
        let mapped = Self {
            problems: vec![format!("Column {}: it is externalId already", long_name())],
            csv: empty
                .csv
                .clone()
                .error("")
                .value("WorkerID,<Name>\n1,Ann\n"),
            headings: "WorkerID".to_owned(),
            columns: vec![
                Field::new("column-0", long_name())
                    .choices(vec![
                        Choice::new("", "Left out"),
                        Choice::new("externalId", "externalId"),
                    ])
                    .help("For example: <1>")
                    .value("externalId"),
            ],
            counted: "1 person in 1 request".to_owned(),
            ..empty.clone()
        };
        vec![("empty", empty), ("mapped", mapped)]
    }
}
