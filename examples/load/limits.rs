//! What the machine itself can do: a bare HTTP handler that returns the same bytes, and a bare loop of
//! durable commits.

#![expect(
    clippy::disallowed_types,
    reason = "the engine itself is what is measured"
)]

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, web};
use redb::{Database, TableDefinition};
use scimlab::clock::Stopwatch;

use super::Order;
use super::report::Sample;
use super::wire::Wire;

/// Answers per second of an actix-web handler that knows its answer, with these connections.
pub(super) fn bare_handler(
    body: Vec<u8>,
    connections: u64,
    limit: Duration,
) -> Result<f64, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let body = web::Bytes::from(body);
    let cores = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let (tell, told) = mpsc::channel();
    let server = thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = HttpServer::new(move || {
                let body = body.clone();
                App::new().default_service(web::to(move || {
                    let body = body.clone();
                    async move {
                        HttpResponse::Ok()
                            .content_type("application/scim+json")
                            .body(body)
                    }
                }))
            })
            .workers(cores)
            .disable_signals()
            .listen(listener)?
            .run();
            let _ = tell.send(server.handle());
            server.await
        })
    });
    let handle = told.recv().map_err(|e| e.to_string())?;
    let base = format!("http://{address}/scim/v2");
    let watch = Stopwatch::start();
    let answered: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| -> Result<usize, String> {
                    let mut wire = Wire::open(&base, "key")?;
                    let request = wire.request("GET", "/Users/x", "");
                    let mut samples = Vec::new();
                    while watch.elapsed() < limit {
                        samples.push(Sample::of("bare", &[200], || {
                            wire.send(&request).map(|(status, _)| status)
                        }));
                    }
                    Ok(samples.len())
                })
            })
            .collect();
        threads
            .into_iter()
            .filter_map(|thread| thread.join().ok()?.ok())
            .sum()
    });
    let elapsed = watch.elapsed();
    // Ends with the process otherwise; nobody waits for it.
    drop(handle.stop(false));
    drop(server);
    Ok(per_second(answered, elapsed))
}

const ROWS: TableDefinition<'static, (u64, u64), &'static [u8]> = TableDefinition::new("ROWS");
const NAMES: TableDefinition<'static, (u64, &'static str), u64> = TableDefinition::new("NAMES");
const LABELS: TableDefinition<'static, (u64, &'static str, u64), ()> =
    TableDefinition::new("LABELS");
const EXTERNAL: TableDefinition<'static, (u64, &'static str, u64), ()> =
    TableDefinition::new("EXTERNAL");

/// Users per second when 64 at a time (a row and three index rows each) are committed durably. Rows lie in the order in
/// which they are made, names in this one.
pub(super) fn bare_commits(order: Order, row: &[u8], limit: Duration) -> Result<f64, String> {
    let directory = tempfile::tempdir_in(".").map_err(|e| e.to_string())?;
    let database = Database::builder()
        .set_cache_size(64 << 20)
        .create(directory.path().join("bare.redb"))
        .map_err(|e| e.to_string())?;
    let watch = Stopwatch::start();
    let mut next = 0_u64;
    while watch.elapsed() < limit {
        commit(&database, order, next, row).map_err(|e| e.to_string())?;
        next += 64;
    }
    let elapsed = watch.elapsed();
    Ok(per_second(usize::try_from(next).unwrap_or(0), elapsed))
}

fn commit(database: &Database, order: Order, first: u64, row: &[u8]) -> Result<(), redb::Error> {
    let transaction = database.begin_write()?;
    {
        let mut rows = transaction.open_table(ROWS)?;
        let mut names = transaction.open_table(NAMES)?;
        let mut labels = transaction.open_table(LABELS)?;
        let mut external = transaction.open_table(EXTERNAL)?;
        for n in first..first + 64 {
            let name = order.name("bare", n);
            rows.insert((1, n), row)?;
            names.insert((1, name.as_str()), n)?;
            labels.insert((1, name.as_str(), n), ())?;
            external.insert((1, name.as_str(), n), ())?;
        }
    }
    transaction.commit()?;
    Ok(())
}

fn per_second(count: usize, elapsed: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / elapsed.as_secs_f64()
}
