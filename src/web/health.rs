//! `/livez` and `/readyz`: no login, no data.

use actix_web::{HttpResponse, web};

use super::App;

/// The process answers.
pub(super) async fn livez() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

/// The store can be read and written.
pub(super) async fn readyz(app: web::Data<App>) -> HttpResponse {
    let readable = app
        .read(|snapshot| Ok(crate::store::teams::first(snapshot)?))
        .await
        .is_ok();
    if readable && app.store.is_writable() {
        HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .body("ready\n")
    } else {
        HttpResponse::ServiceUnavailable()
            .content_type("text/plain; charset=utf-8")
            .body("the store refuses reads or writes; see the log and restart\n")
    }
}
