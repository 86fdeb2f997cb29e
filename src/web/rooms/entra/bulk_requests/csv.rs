//! *CSV to bulk request*: a table is looked at, its columns become attributes of SCIM, and the requests are downloaded or
//! sent at once.

use std::collections::HashMap;

use actix_multipart::Multipart;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use serde_json::Value;

use super::Loaded;
use super::send::send;
use crate::directory::inbound::OPERATIONS;
use crate::directory::inbound::from_csv::{ATTRIBUTES, COLUMNS, Column, ROWS, Table, line_of};
use crate::error::Error;
use crate::id::Nonce;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::entra::uploads::CsvPage;
use crate::web::console::parts::{Choice, Field, counted, thousands};
use crate::web::failure::sentence;
use crate::web::rooms::{Answered, Done, finish, multipart, page as answer, show};

/// Longest table, in bytes.
const MAXIMUM: usize = 1 << 20;
/// Most parts of the form: a field for each column, and what else there is.
const PARTS: usize = COLUMNS + 8;
/// Between the headings in the hidden field.
const BETWEEN: &str = "\u{1f}";

/// What was sent.
#[derive(Default)]
struct Sent {
    file: Vec<u8>,
    csv: String,
    headings: String,
    columns: HashMap<String, String>,
    asked: String,
    too_large: bool,
}

impl Sent {
    async fn receive(form: Multipart) -> Result<Self, crate::web::failure::PageFailure> {
        let mut sent = Self::default();
        multipart::receive(form, MAXIMUM, PARTS, |part| {
            sent.too_large |= part.cut;
            match part.name.as_str() {
                "file" => sent.file = part.bytes,
                "csv" => sent.csv = part.text(),
                "headings" => sent.headings = part.text(),
                "do" => sent.asked = part.text(),
                name if name.starts_with("column-") => {
                    sent.columns.insert(name.to_owned(), part.text());
                }
                _ => {}
            }
        })
        .await?;
        Ok(sent)
    }

    /// The file, or else what was pasted.
    fn text(&self) -> Result<String, String> {
        if self.too_large {
            return Err("It is larger than 1 MiB; split it.".into());
        }
        if self.file.is_empty() {
            return Ok(self.csv.clone());
        }
        String::from_utf8(self.file.clone()).map_err(|error| {
            let line = line_of(&self.file, error.utf8_error().valid_up_to());
            format!("Line {line} is not text in UTF-8; save the file as such.")
        })
    }

    /// What the columns of a table are: what was chosen, or what their headings say when it is another table.
    fn columns(&self, table: &Table) -> Vec<Column> {
        let suggested = table.suggested();
        if self.headings != table.headings.join(BETWEEN) {
            return suggested;
        }
        let chosen = suggested
            .into_iter()
            .enumerate()
            .map(|(number, suggested)| {
                let chosen = self.columns.get(&field_name(number));
                chosen
                    .and_then(|name| Column::named(name))
                    .unwrap_or(suggested)
            });
        chosen.collect()
    }
}

fn field_name(column: usize) -> String {
    format!("column-{column}")
}

/// The empty form.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        Ok(form(&who, &Loaded::read(tx, &id)?, ""))
    })
    .await
}

fn form(who: &Who, loaded: &Loaded, csv: &str) -> CsvPage {
    CsvPage {
        page: loaded.below(who, "CSV to bulk request"),
        problems: Vec::new(),
        csv: Field::new("csv", "Or its content").lines(10).value(csv).help(format!(
            "A line of headings, then a line for each person: at most {} people and {COLUMNS} columns, 1 MiB.",
            thousands(ROWS as u64)
        )),
        headings: String::new(),
        columns: Vec::new(),
        counted: String::new(),
        mappings: format!("{}/provisioning/mappings/users", loaded.base()),
        action: format!("{}/csv", loaded.list()),
        cancel: loaded.list(),
    }
}

/// *Look at it*, *Download JSON*, *Send*.
pub(in crate::web::rooms) async fn post(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    sent: Multipart,
) -> Answered {
    let id = id.into_inner();
    let sent = Sent::receive(sent).await?;
    // A table of a megabyte takes a while to read.
    let named = id.clone();
    let (loaded, sent, text, table) = app
        .run::<_, Error, _>(move |app| {
            let loaded = Loaded::read(&app.store.read()?, &named)?;
            let text = sent.text();
            let table = text
                .clone()
                .and_then(|text| Table::read(&text).map_err(|m| m.to_string()));
            Ok((loaded, sent, text, table))
        })
        .await?;
    let text = text.unwrap_or_else(|_| sent.csv.clone());
    let table = match table {
        Ok(table) => table,
        Err(why) => {
            let empty = form(&signed.for_page(), &loaded, &text);
            let page = CsvPage {
                csv: empty.csv.clone().error(why),
                ..empty
            };
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let columns = sent.columns(&table);
    if sent.asked != "send" && sent.asked != "download" {
        let page = mapped(
            &signed.for_page(),
            &loaded,
            &text,
            &table,
            &columns,
            Vec::new(),
        );
        return answer(StatusCode::OK, &page);
    }
    let requests = match table.requests(&columns, Nonce::random()) {
        Ok(requests) => requests,
        Err(mistakes) => {
            let told = mistakes
                .iter()
                .map(|mistake| sentence(&mistake.to_string()))
                .collect();
            let page = mapped(&signed.for_page(), &loaded, &text, &table, &columns, told);
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    if sent.asked == "download" {
        return Ok(download(requests));
    }
    let bodies = requests.iter().map(Value::to_string).collect();
    match send(&app, &signed, id, bodies).await {
        Ok(uploads) => {
            let count = counted(uploads.len() as u64, "request is", "requests are");
            let done = Done::new(format!("{count} accepted."), "They are worked off now.");
            finish(&signed, &loaded.list(), Ok(done))
        }
        Err(error @ (Error::Store(_) | Error::NotFound { .. } | Error::Forbidden { .. })) => {
            Err(error.into())
        }
        Err(error) => {
            let told = vec![sentence(&error.to_string())];
            let page = mapped(&signed.for_page(), &loaded, &text, &table, &columns, told);
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The form with a choice for each column.
fn mapped(
    who: &Who,
    loaded: &Loaded,
    text: &str,
    table: &Table,
    columns: &[Column],
    problems: Vec<String>,
) -> CsvPage {
    let mut choices = vec![
        Choice::new(Column::LEFT_OUT, "Left out"),
        Choice::new(Column::EXTENDS, "Extension csv"),
    ];
    choices.extend(ATTRIBUTES.iter().map(|a| Choice::new(a.name, a.name)));
    let people = table.people();
    let fields = table.headings.iter().zip(columns).enumerate();
    CsvPage {
        problems,
        headings: table.headings.join(BETWEEN),
        columns: fields
            .map(|(number, (heading, column))| {
                let field = Field::new(field_name(number), heading)
                    .choices(choices.clone())
                    .value(column.name());
                match table.example(number) {
                    "" => field.help("Empty for everybody."),
                    example => field.help(format!("For example: {example}")),
                }
            })
            .collect(),
        counted: format!(
            "{} in {}.",
            counted(people as u64, "person", "people"),
            counted(people.div_ceil(OPERATIONS) as u64, "request", "requests")
        ),
        ..form(who, loaded, text)
    }
}

/// One request as it is posted, or several as a list.
fn download(mut requests: Vec<Value>) -> HttpResponse {
    let (name, body) = match requests.len() {
        1 => ("bulk-request.json", requests.remove(0)),
        _ => ("bulk-requests.json", Value::Array(requests)),
    };
    HttpResponse::Ok()
        .content_type("application/json")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(format!("{body:#}\n"))
}
