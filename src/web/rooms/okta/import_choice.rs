//! What an imported user is: another person, a new one, or ignored (part 2.3 of the Okta reference).

use actix_web::web;

use super::applications::{HERE, frame};
use super::{
    Addresses, Typed, app_of, is_mendable, key, org_of, refused, show_org, text_of, write_in_org,
};
use crate::directory::okta::imports::{self, Choice as Chosen};
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::model::okta::{ImportResult, ImportedUser, Org};
use crate::store::Reads;
use crate::store::okta::{AppKey, imports as rows, users};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::common::FormPage;
use crate::web::console::parts::{Choice, Field};
use crate::web::rooms::{Answered, Done, finish};

const MATCH: &str = "match";
const NEW: &str = "new";
const IGNORE: &str = "ignore";

fn imported(tx: &impl Reads, key: AppKey, row: &str) -> Result<ImportedUser> {
    let row = row.parse().map(Seq);
    let row = row.map_err(|_| Error::not_found("Imported user", ""))?;
    rows::user(tx, key, row)?.ok_or_else(|| Error::not_found("Imported user", ""))
}

fn form(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    (id, row): (&str, &str),
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
    path: web::Path<(String, String)>,
) -> Answered {
    let who = signed.for_page();
    let viewer = who.clone();
    let (id, row) = path.into_inner();
    show_org(&app, &who, move |tx, org, _| {
        form(tx, &viewer, org, (&id, &row), None)
    })
    .await
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
    path: web::Path<(String, String)>,
    typed: web::Form<Typed>,
) -> Answered {
    let (id, row) = path.into_inner();
    let typed = typed.into_inner();
    let (asked, sent) = ((id.clone(), row.clone()), typed.clone());
    let saved = write_in_org(&app, &signed, move |tx, org, administrator, _| {
        let key = key(org, app_of(tx, org, &asked.0)?.seq);
        let imported = imported(tx, key, &asked.1)?;
        let choice = wanted(tx, org, &sent)?;
        Ok(imports::choose(
            tx,
            administrator,
            key,
            imported.seq,
            choice,
        )?)
    })
    .await;
    match saved {
        Ok(saved) => {
            let done = Done::new(format!("{} is changed.", saved.user_name), "");
            finish(&signed, &format!("{HERE}/{id}/import"), Ok(done))
        }
        Err(error) if is_mendable(&error) => {
            let who = signed.who();
            let page = app
                .read(move |tx| form(tx, &who, &org_of(tx, &who)?, (&id, &row), Some(&typed)))
                .await?;
            refused(page, error)
        }
        Err(error) => Err(error.into()),
    }
}
