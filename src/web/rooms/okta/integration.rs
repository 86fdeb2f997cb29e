//! *Provisioning > Integration*: the form of *Configure API Integration*, and what it means (part 2.1 of the Okta
//! reference). `integration_test` sends it.

use actix_session::Session;
use actix_web::web;

use super::applications::{frame, has, status_pill};
use super::form::Form;
use super::{Addresses, Typed, app_of, show_org, text_of};
use crate::directory::okta::apps::{self, BASE_URL_LIMIT, Integration};
use crate::directory::okta::templates::{self, Signing};
use crate::error::{Error, Result};
use crate::model::okta::{AppAuthentication, OktaApp, Org};
use crate::secret::{Plain, Sealed, Sealer};
use crate::store::Reads;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::provisioning::{IntegrationPage, Setting, Tick, settings};
use crate::web::console::parts::{Choice, Field, Notice};
use crate::web::rooms::Answered;
use crate::web::rooms::entra::revision;

const HEADER: &str = "header";
const BASIC: &str = "basic";
/// Longest token or header, in characters.
const SECRET_LIMIT: u16 = 4096;

fn signing(app: &OktaApp) -> Signing {
    templates::find(&app.template).map_or(Signing::Bearer, |template| template.signing)
}

/// Whether *Basic Auth* is chosen.
fn is_basic(app: &OktaApp, typed: &Typed) -> bool {
    signing(app) == Signing::Wizard && text_of(typed, "mode") == BASIC
}

/// The name of the field with the secret.
pub(super) fn secret_field(app: &OktaApp, typed: &Typed) -> &'static str {
    if is_basic(app, typed) {
        "password"
    } else {
        "token"
    }
}

/// What is stored, as the form would send it; without secrets.
fn stored(app: &OktaApp) -> Typed {
    let provisioning = &app.provisioning;
    let yes = |on: bool| if on { "yes" } else { "" }.to_owned();
    let (mode, user) = match &provisioning.authentication {
        Some(AppAuthentication::Basic { user, .. }) => (BASIC, user.clone()),
        _ => (HEADER, String::new()),
    };
    Typed::from([
        ("enabled".to_owned(), yes(provisioning.enabled)),
        ("baseUrl".to_owned(), provisioning.base_url.clone()),
        ("uniqueField".to_owned(), provisioning.unique_field.clone()),
        ("mode".to_owned(), mode.to_owned()),
        ("user".to_owned(), user),
        ("importGroups".to_owned(), yes(provisioning.import_groups)),
        ("revision".to_owned(), revision(app)),
    ])
}

/// Whether the stored credentials are of the chosen kind.
fn has_stored(app: &OktaApp, typed: &Typed) -> bool {
    match &app.provisioning.authentication {
        None => false,
        Some(AppAuthentication::Basic { .. }) => is_basic(app, typed),
        Some(AppAuthentication::Bearer { .. } | AppAuthentication::Header { .. }) => {
            !is_basic(app, typed)
        }
    }
}

fn fields(app: &OktaApp, typed: &Typed, kept: bool) -> Vec<Field> {
    let signing = signing(app);
    let wizard = signing == Signing::Wizard;
    let secret = |name: &'static str, label: &str, help: &str| {
        let chosen = secret_field(app, typed) == name;
        let there = match (chosen && kept, chosen && has_stored(app, typed)) {
            (true, _) => "The one you just tested is kept. ",
            (false, true) => "One is stored. Leave this empty to keep it. ",
            (false, false) => "",
        };
        Field::new(name, label)
            .kind("password", "off")
            .max_length(SECRET_LIMIT)
            .expected()
            .help(format!("{there}{help}").trim())
    };
    let address = if wizard {
        "SCIM connector base URL"
    } else {
        "Base URL"
    };
    let schemes = if app.wire.plain_http {
        "https or http"
    } else {
        "https, or http on this machine; Wire allows it elsewhere too"
    };
    let mut fields = vec![
        Field::new("baseUrl", address)
            .kind("url", "off")
            .max_length(u16::try_from(BASE_URL_LIMIT).unwrap_or(u16::MAX))
            .expected()
            .value(text_of(typed, "baseUrl"))
            .help(format!(
                "Where the SCIM endpoint is, without a slash at its end: {schemes}."
            )),
    ];
    match signing {
        Signing::Bearer => fields.push(secret("token", "API Token", "")),
        Signing::Header => fields.push(secret(
            "token",
            "API Token",
            "Sent as the whole Authorization header: begin with Bearer where the target wants it.",
        )),
        Signing::Wizard => fields.extend([
            Field::new("uniqueField", "Unique identifier field for users")
                .max_length(255)
                .expected()
                .value(text_of(typed, "uniqueField"))
                .help("An attribute of this app, such as userName or email: its value is looked for in userName."),
            Field::new("mode", "Authentication Mode")
                .choices(vec![
                    Choice::new(HEADER, "HTTP Header"),
                    Choice::new(BASIC, "Basic Auth"),
                ])
                .value(text_of(typed, "mode")),
            secret("token", "Authorization", "For HTTP Header: the token, sent after Bearer."),
            Field::new("user", "Username")
                .max_length(255)
                .value(text_of(typed, "user"))
                .help("For Basic Auth."),
            secret("password", "Password", "For Basic Auth."),
        ]),
    }
    fields
}

impl Form for IntegrationPage {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (&mut self.fields, &mut self.error)
    }
}

/// The page as it is stored, or as it was typed.
pub(super) fn load(
    tx: &impl Reads,
    who: &Who,
    org: &Org,
    id: &str,
    typed: Option<(&Typed, bool)>,
) -> Result<IntegrationPage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let known = stored(&app);
    let (typed, kept) = typed.unwrap_or((&known, false));
    let here = format!("{base}/provisioning/integration");
    Ok(IntegrationPage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Provisioning, has(&app)),
        settings: settings(&base, Setting::Integration, has(&app).0),
        error: None,
        enable: Tick {
            name: "enabled",
            label: "Enable API integration",
            on: text_of(typed, "enabled") == "yes",
            help: format!(
                "Enter your {} credentials to enable user provisioning features.",
                app.label
            ),
        },
        fields: fields(&app, typed, kept),
        import_groups: app.group_push.then(|| Tick {
            name: "importGroups",
            label: "Import Groups",
            on: text_of(typed, "importGroups") == "yes",
            help: "The test of the credentials reads groups as well.".into(),
        }),
        revision: text_of(typed, "revision").to_owned(),
        save: here.clone(),
        test: format!("{here}/test"),
        test_label: if signing(&app) == Signing::Wizard {
            "Test Connector Configuration"
        } else {
            "Test API Credentials"
        },
        tested: None,
        abilities: Vec::new(),
        exchanges: Vec::new(),
    })
}

/// The form.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load(tx, who, org, &id, None)
    })
    .await
}

/// Name in the session of a secret that was tested and not yet saved.
pub(super) fn kept_name(id: &str, field: &str) -> String {
    format!("tested okta {id} {field}")
}

/// The secret just typed, else the one typed for the last test.
pub(super) fn secret(
    app: &App,
    session: &Session,
    id: &str,
    field: &str,
    typed: &Typed,
) -> Option<Plain> {
    let text = text_of(typed, field);
    if !text.is_empty() {
        return Some(Plain::new(text));
    }
    let kept = session.get::<Sealed>(&kept_name(id, field));
    app.sealer.open(&kept.ok().flatten()?)
}

/// The credentials of the form; none when those that are stored are to stay.
fn authentication(
    app: &OktaApp,
    typed: &Typed,
    secret: Option<Plain>,
    sealer: &Sealer,
) -> Result<Option<AppAuthentication>> {
    let field = secret_field(app, typed);
    let stored = app.provisioning.authentication.as_ref();
    if is_basic(app, typed) {
        let user = text_of(typed, "user").to_owned();
        if user.is_empty() {
            return Err(Error::field("user", "Enter the username."));
        }
        let password = match (secret, stored) {
            (Some(secret), _) => sealer.seal(&secret),
            (None, Some(AppAuthentication::Basic { password, .. })) => password.clone(),
            (None, _) => return Err(Error::field(field, "Enter the password.")),
        };
        return Ok(Some(AppAuthentication::Basic { user, password }));
    }
    let Some(secret) = secret else {
        // Whoever enables nothing yet need not have a token.
        let needed = text_of(typed, "enabled") == "yes" || stored.is_some();
        return if needed && !has_stored(app, typed) {
            Err(Error::field(field, "Enter the token."))
        } else {
            Ok(None)
        };
    };
    let sealed = sealer.seal(&secret);
    Ok(Some(match signing(app) {
        Signing::Header => AppAuthentication::Header { value: sealed },
        Signing::Bearer | Signing::Wizard => AppAuthentication::Bearer { token: sealed },
    }))
}

pub(super) fn wanted(
    app: &OktaApp,
    typed: &Typed,
    secret: Option<Plain>,
    sealer: &Sealer,
) -> Result<Integration> {
    let field = typed.get("uniqueField").map(|text| text.trim().to_owned());
    Ok(Integration {
        enabled: text_of(typed, "enabled") == "yes",
        base_url: text_of(typed, "baseUrl").to_owned(),
        authentication: authentication(app, typed, secret, sealer)?,
        unique_field: field.unwrap_or_else(|| app.provisioning.unique_field.clone()),
        import_groups: app.group_push && text_of(typed, "importGroups") == "yes",
    })
}

/// What was typed, laid over a copy of the app, as far as a test needs it.
pub(super) fn copy(app: &OktaApp, wanted: &Integration) -> Result<OktaApp> {
    let mut copy = app.clone();
    if wanted.base_url.is_empty() {
        return Err(Error::field("baseUrl", "Enter the base URL."));
    }
    // What could not be saved is not sent anything either.
    let base_url = apps::checked_base_url(&wanted.base_url, true, &app.wire)?;
    let provisioning = &mut copy.provisioning;
    provisioning.base_url = base_url;
    provisioning.enabled = true;
    provisioning.import_groups = wanted.import_groups;
    if wanted.authentication.is_some() {
        provisioning
            .authentication
            .clone_from(&wanted.authentication);
    }
    if provisioning.authentication.is_none() {
        return Err(Error::field("token", "Enter the token."));
    }
    Ok(copy)
}
