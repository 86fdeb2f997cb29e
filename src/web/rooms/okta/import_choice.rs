//! What an imported user is: another person, a new one, or ignored (part 2.3 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::form::{save_form, show_form};
use super::{Addresses, Typed, app_of, key, text_of};
use crate::directory::okta::imports::{self, Choice as Chosen};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{ImportResult, ImportedUser, Org};
use crate::store::okta::{AppKey, imports as rows, users};
use crate::store::{Reads, Snapshot};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::{Answered, Done};

const MATCH: &str = "match";
const NEW: &str = "new";
const IGNORE: &str = "ignore";

fn imported(tx: &impl Reads, key: AppKey, row: &str) -> Result<ImportedUser> {
    let row = row.parse().map(Seq);
    let row = row.map_err(|_| Error::not_found("Imported user", ""))?;
    rows::user(tx, key, row)?.ok_or_else(|| Error::not_found("Imported user", ""))
}

/// An app and a row of its imported users.
type About = (String, String);

fn form(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, row): &About,
    typed: Option<&Typed>,
) -> Result<FormPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let imported = imported(tx, key(org, app.seq), row)?;
    let matched = match imported.user {
        Some(user) => users::find(tx, org.seq, user)?,
        None => None,
    };
    let (choice, user) = match typed {
        Some(typed) => (text_of(typed, "choice"), text_of(typed, "user").to_owned()),
        None => (
            match imported.result {
                ImportResult::Exact | ImportResult::Partial => MATCH,
                ImportResult::New => NEW,
                ImportResult::Ignored => IGNORE,
            },
            matched.map_or_else(String::new, |user| user.login().to_owned()),
        ),
    };
    let mut page = frame(who, &app)
        .under(&app.label, &base)
        .under("Import", format!("{base}/import"));
    page.title = format!("Assignment of {}", imported.user_name);
    Ok(FormPage {
        page,
        lead: "What is chosen here stays until it is confirmed.".into(),
        error: None,
        fields: vec![
            Field::new("choice", "Okta user assignment")
                .choices(vec![
                    Choice::new(MATCH, "Exact match to this Okta user"),
                    Choice::new(NEW, "New Okta user"),
                    Choice::new(IGNORE, "Ignore"),
                ])
                .value(choice),
            Field::new("user", "Okta username")
                .max_length(100)
                .expected()
                .value(user)
                .help("For an exact match: the username of the person."),
        ],
        action: format!("{base}/import/{row}"),
        submit: "Save".into(),
        cancel: format!("{base}/import"),
    })
}

/// The form.
pub(in crate::web::rooms) async fn edit(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
) -> Answered {
    show_form(&app, signed, path.into_inner(), form).await
}

fn wanted(tx: &impl Reads, org: &Org, typed: &Typed) -> Result<Chosen> {
    match text_of(typed, "choice") {
        NEW => Ok(Chosen::New),
        IGNORE => Ok(Chosen::Ignore),
        _ => match users::by_login(tx, org.seq, text_of(typed, "user"))? {
            Some(user) => Ok(Chosen::Match(user.seq)),
            None => Err(Error::field(
                "user",
                "Nobody in this org has this username.",
            )),
        },
    }
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<About>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{}/import", path.0);
    let sent = (path.into_inner(), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        form,
        &back,
        |tx, org, administrator, ((id, row), typed), _| {
            let key = key(org, app_of(tx, org, id)?.seq);
            let row = imported(tx, key, row)?.seq;
            let choice = wanted(tx, org, typed)?;
            let saved = imports::choose(tx, administrator, key, row, choice)?;
            Ok(Done::new(format!("{} is changed.", saved.user_name), ""))
        },
    )
    .await
}
