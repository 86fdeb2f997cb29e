//! *Mail settings*: the relay, a test mail, mails about groups.

use actix_web::http::StatusCode;
use actix_web::web;
use serde::Deserialize;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::common::ConfirmPage;
use super::super::super::console::mail::MailSettingsPage;
use super::super::super::console::parts::{Choice, Field, Notice, Pill, Tone};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, act, finish, page as answer, show};
use super::tabs;
use crate::error::{Error, Result};
use crate::id::Seq;
use crate::mail::delivery;
use crate::mail::letter::{Letter, LetterLink};
use crate::mail::relay::{self, Wanted};
use crate::model::{Delivery, Mail, MailKind, MailSettings, Protection};
use crate::provider::mail_settings;
use crate::secret::Plain;
use crate::store::Reads;

pub(super) const HERE: &str = "/mail/settings";

/// What the form of the relay sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct Typed {
    revision: u64,
    host: String,
    port: String,
    protection: String,
    user: String,
    password: String,
    from: String,
    authorities: String,
}

impl Typed {
    fn of(settings: &MailSettings) -> Self {
        let Some(relay) = &settings.relay else {
            return Self {
                revision: settings.revision,
                port: "587".into(),
                protection: Protection::StartTls.slug().into(),
                ..Self::default()
            };
        };
        Self {
            revision: settings.revision,
            host: relay.host.clone(),
            port: relay.port.to_string(),
            protection: relay.protection.slug().into(),
            user: relay.user.clone(),
            password: String::new(),
            from: relay.from.clone(),
            authorities: relay.authorities.clone(),
        }
    }
}

fn label(protection: Protection) -> &'static str {
    match protection {
        Protection::StartTls => "STARTTLS",
        Protection::Tls => "TLS from the first byte",
        Protection::None => "None: the connection is not encrypted",
    }
}

fn fields(typed: &Typed, has_password: bool, wrong: (&str, &str)) -> Vec<Field> {
    let field = |name, label: &str| {
        let field = Field::new(name, label);
        if wrong.0 == name {
            field.error(sentence(wrong.1))
        } else {
            field
        }
    };
    let ways = Protection::ALL
        .into_iter()
        .map(|way| Choice::new(way.slug(), label(way)))
        .collect();
    vec![
        field("host", "Server")
            .required()
            .max_length(253)
            .value(typed.host.as_str())
            .help("Such as mail.example.com."),
        field("port", "Port")
            .required()
            .max_length(5)
            .value(typed.port.as_str())
            .help("587 for STARTTLS, 465 for TLS, 25 for neither."),
        field("protection", "Protection")
            .choices(ways)
            .value(typed.protection.as_str()),
        field("user", "User")
            .max_length(254)
            .value(typed.user.as_str())
            .help("Leave it empty when the relay asks nobody to sign in."),
        field("password", "Password")
            .kind("password", "new-password")
            .help(if has_password {
                "One is stored, sealed. Leave this empty to keep it."
            } else {
                "Stored sealed with the key of this appliance."
            }),
        field("from", "From")
            .required()
            .kind("email", "off")
            .max_length(254)
            .value(typed.from.as_str())
            .help("Sender of every mail."),
        field("authorities", "Certificate authorities")
            .lines(6)
            .value(typed.authorities.as_str())
            .help("PEM, for a relay whose certificate no public authority signed."),
    ]
}

fn drawn(
    tx: &impl Reads,
    who: &Who,
    typed: Option<&Typed>,
    wrong: (&str, &str),
    error: Option<Notice>,
) -> Result<MailSettingsPage> {
    let settings = relay::settings(tx, who.operator()?)?;
    let stored = Typed::of(&settings);
    let has_password = settings
        .relay
        .as_ref()
        .is_some_and(|relay| relay.password.is_some());
    let with_relay = |text: String| match &settings.relay {
        Some(_) => text,
        None => String::new(),
    };
    Ok(MailSettingsPage {
        page: who.page(Room::Mail, "Mail"),
        tabs: tabs(true),
        status: match &settings.relay {
            Some(relay) => Pill::new(Tone::Good, format!("{}:{}", relay.host, relay.port)),
            None => Pill::new(Tone::Quiet, "No relay"),
        },
        error,
        fields: fields(typed.unwrap_or(&stored), has_password, wrong),
        revision: typed.map_or(settings.revision, |typed| typed.revision),
        save: HERE.into(),
        remove: with_relay(format!("{HERE}/remove")),
        test_to: Field::new("to", "Send to")
            .required()
            .kind("email", "email")
            .max_length(254)
            .value(who.viewer.email.as_str()),
        test: with_relay(format!("{HERE}/test")),
        group_mails: settings.group_mails,
        save_group_mails: format!("{HERE}/groups"),
    })
}

/// The page.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| drawn(tx, &who, None, ("", ""), None)).await
}

/// *Save*.
pub(in super::super) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<Typed>,
) -> Answered {
    let (who, now, typed) = (signed.who(), app.now(), form.into_inner());
    let wanted = Wanted {
        host: typed.host.clone(),
        port: typed.port.clone(),
        protection: typed.protection.clone(),
        user: typed.user.clone(),
        password: (!typed.password.is_empty())
            .then(|| app.sealer.seal(&Plain::new(typed.password.as_str()))),
        from: typed.from.clone(),
        authorities: typed.authorities.clone(),
    };
    let (operator, revision) = (who.operator()?.clone(), typed.revision);
    let set = app
        .write(move |tx| mail_settings::set_relay(tx, &operator, wanted, revision, now))
        .await;
    match set {
        Ok(relay) => {
            let what = format!("Mails go through {} from now on.", relay.host);
            let done = Done::new(what, "Send a test mail to see whether it takes them.");
            finish(&signed, HERE, Ok(done))
        }
        Err(Error::Field { field, detail }) => {
            let page = app
                .read(move |tx| drawn(tx, &who, Some(&typed), (field, &detail), None))
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(Error::Conflict { detail, .. }) => {
            let notice = Notice::new(Tone::Warn, sentence(&detail), "");
            let page = app
                .read(move |tx| drawn(tx, &who, None, ("", ""), Some(notice)))
                .await?;
            answer(StatusCode::CONFLICT, &page)
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// The question before mails stay here again.
pub(in super::super) async fn ask_remove(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        who.operator()?;
        let waiting = crate::store::mail::waiting(tx)?.len();
        Ok(ConfirmPage {
            page: who
                .page(Room::Mail, "Remove the relay?")
                .under("Mail", super::HERE)
                .under("Settings", HERE),
            lead: "No mail leaves the appliance afterwards.".into(),
            consequences: vec![
                format!("Mails that wait for it ({waiting}) are kept in the outbox."),
                "Its address, user and password are forgotten.".into(),
            ],
            danger: true,
            ask: None,
            action: format!("{HERE}/remove"),
            submit: "Remove relay".into(),
            cancel: HERE.into(),
        })
    })
    .await
}

/// *Remove relay*.
pub(in super::super) async fn remove(app: web::Data<App>, signed: SignedIn) -> Answered {
    act(&app, signed, HERE.into(), move |tx, who, now| {
        mail_settings::remove_relay(tx, who.operator()?, now)?;
        Ok(Done::new("The relay is removed.", "Mails are kept here."))
    })
    .await
}

/// What the form about groups sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct GroupMails {
    on: String,
}

/// Whether people are told about groups.
pub(in super::super) async fn group_mails(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<GroupMails>,
) -> Answered {
    let on = !form.on.is_empty();
    act(&app, signed, HERE.into(), move |tx, who, now| {
        mail_settings::set_group_mails(tx, who.operator()?, on, now)?;
        Ok(Done::new(
            if on {
                "People are told about their groups."
            } else {
                "People are not told about their groups."
            },
            "",
        ))
    })
    .await
}

/// What the test form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in super::super) struct TestTo {
    to: String,
}

/// *Send a test mail*: handed to the relay at once and kept nowhere; the page says what the relay answered.
pub(in super::super) async fn test(
    app: web::Data<App>,
    signed: SignedIn,
    form: web::Form<TestTo>,
) -> Answered {
    let (who, to, now) = (signed.who(), form.into_inner().to, app.now());
    let operator = who.operator()?.clone();
    let sent = app
        .run::<_, Error, _>(move |app| {
            let settings = relay::settings(&app.store.read()?, &operator)?;
            let relay = settings.relay.ok_or_else(|| Error::Disabled {
                what: "No relay is set up. Save one first.".into(),
            })?;
            let mail = Mail {
                seq: Seq(0),
                team: None,
                kind: MailKind::Test,
                to: to.trim().to_owned(),
                subject: "Test mail of scimlab".into(),
                text: vec!["This mail shows that the relay takes mails of this appliance.".into()],
                link: None,
                written: now,
                delivery: Delivery::Kept,
                attempts: 0,
                failure: String::new(),
            };
            let letter = Letter {
                text: mail.text.clone(),
                link: LetterLink::None,
            };
            Ok(delivery::send(&relay, &app.sealer, &mail, &letter)
                .map(|()| format!("{} took the test mail for {}.", relay.host, mail.to)))
        })
        .await?;
    match sent {
        Ok(what) => finish(
            &signed,
            HERE,
            Ok(Done::new(what, "Look into that mailbox.")),
        ),
        Err(failure) => {
            let notice = Notice::new(
                Tone::Bad,
                failure.to_string(),
                "Change the settings below, save them, and try again.",
            );
            let page = app
                .read(move |tx| drawn(tx, &who, None, ("", ""), Some(notice)))
                .await?;
            answer(StatusCode::BAD_GATEWAY, &page)
        }
    }
}
