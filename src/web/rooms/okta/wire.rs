//! *Provisioning > Wire*: what Okta fixes for everybody or leaves unpublished (part 10.3 of the Okta reference). An app
//! shows what has an effect on its own requests.

use actix_web::web;

use super::applications::{HERE, flavour, frame, has, status_pill};
use super::form::{Form, Id, save_form, show_form, unchanged};
use super::{Addresses, Typed, app_of, key, text_of};
use crate::directory::okta::apps::{self, CONCURRENCY_LIMIT, MEMBERS_LIMIT};
use crate::error::{Error, Result};
use crate::model::okta::{OktaApp, Org, Wire};
use crate::store::Snapshot;
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::okta::applications::{AppTab, tabs};
use crate::web::console::okta::provisioning::{Setting, Tick, WirePage, settings};
use crate::web::console::parts::{Field, Notice};
use crate::web::rooms::entra::revision;
use crate::web::rooms::{Answered, Done};

/// Something that is on or off.
struct Switch {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    /// Whether it changes what an app sends.
    counts: fn(&OktaApp) -> bool,
    of: fn(&mut Wire) -> &mut bool,
}

/// Something that is counted.
struct Number {
    name: &'static str,
    label: &'static str,
    help: &'static str,
    /// Least and most.
    range: (usize, usize),
    counts: fn(&OktaApp) -> bool,
    of: fn(&mut Wire) -> &mut usize,
}

fn always(_: &OktaApp) -> bool {
    true
}

fn patches(app: &OktaApp) -> bool {
    !app.flavour.puts()
}

fn patches_groups(app: &OktaApp) -> bool {
    app.group_push && patches(app)
}

fn puts_groups(app: &OktaApp) -> bool {
    app.group_push && !patches(app)
}

const SWITCHES: [Switch; 8] = [
    Switch {
        name: "plainHttp",
        label: "Allow plain HTTP",
        help: "The base URL may begin with http:// on other machines too, such as containers beside this one. The token can be read on the way; Okta takes https only.",
        counts: always,
        of: |wire| &mut wire.plain_http,
    },
    Switch {
        name: "placeholderPassword",
        label: "Placeholder password",
        help: "A new account is made with a random password of 8 characters though Sync Password is not enabled.",
        counts: always,
        of: |wire| &mut wire.placeholder_password,
    },
    Switch {
        name: "pushNullValues",
        label: "Push Null Values",
        help: "An attribute that was cleared is sent as an empty text, instead of being left out.",
        counts: always,
        of: |wire| &mut wire.push_null_values,
    },
    Switch {
        name: "plusForBlanks",
        label: "Blanks in filters as +",
        help: "As in captures of 2018; later ones have %20.",
        counts: always,
        of: |wire| &mut wire.plus_for_blanks,
    },
    Switch {
        name: "putAfter501",
        label: "PUT after 501",
        help: "A deactivation or a password that the target answers with 501 Not Implemented is sent again as GET and PUT.",
        counts: patches,
        of: |wire| &mut wire.put_after_501,
    },
    Switch {
        name: "renameWithMembers",
        label: "Name before members",
        help: "Each change of a group's members is preceded by a PATCH with its name.",
        counts: patches_groups,
        of: |wire| &mut wire.rename_with_members,
    },
    Switch {
        name: "fullPushWithoutPath",
        label: "Push now without a path",
        help: "The whole list of members is sent as the value of an operation that has no path.",
        counts: patches_groups,
        of: |wire| &mut wire.full_push_without_path,
    },
    Switch {
        name: "putIncludesId",
        label: "Id in the PUT of a group",
        help: "The body repeats the id of the group, as in captures of 2018.",
        counts: puts_groups,
        of: |wire| &mut wire.put_includes_id,
    },
];

const NUMBERS: [Number; 2] = [
    Number {
        name: "membersPerPatch",
        label: "Members in one PATCH",
        help: "1 to 1,000; more are told in further requests.",
        range: (1, MEMBERS_LIMIT),
        counts: patches_groups,
        of: |wire| &mut wire.members_per_patch,
    },
    Number {
        name: "concurrency",
        label: "People at once",
        help: "Up to 64. With 0, people are sent one after the other while 20 or fewer wait, and eight at once when more do.",
        range: (0, CONCURRENCY_LIMIT),
        counts: always,
        of: |wire| &mut wire.concurrency,
    },
];

fn yes(on: bool) -> &'static str {
    if on { "yes" } else { "" }
}

/// What is stored, as the form would send it.
fn stored(app: &OktaApp) -> Typed {
    let mut wire = app.wire.clone();
    let mut typed = Typed::from([("revision".to_owned(), revision(app))]);
    for switch in &SWITCHES {
        let on = *(switch.of)(&mut wire);
        typed.insert(switch.name.to_owned(), yes(on).to_owned());
    }
    for number in &NUMBERS {
        let count = *(number.of)(&mut wire);
        typed.insert(number.name.to_owned(), count.to_string());
    }
    typed
}

/// What the form asks for; what it does not show stays.
fn wanted(app: &OktaApp, typed: &Typed) -> Result<Wire> {
    let mut wire = app.wire.clone();
    for switch in SWITCHES.iter().filter(|switch| (switch.counts)(app)) {
        *(switch.of)(&mut wire) = text_of(typed, switch.name) == "yes";
    }
    for number in NUMBERS.iter().filter(|number| (number.counts)(app)) {
        let (least, most) = number.range;
        let count = text_of(typed, number.name).parse().ok();
        let count = count.filter(|count| (least..=most).contains(count));
        *(number.of)(&mut wire) = count.ok_or_else(|| {
            let sentence = format!("Enter a whole number from {least} to {most}.");
            Error::field(number.name, sentence)
        })?;
    }
    Ok(wire)
}

impl Form for WirePage {
    fn parts(&mut self) -> (&mut [Field], &mut Option<Notice>) {
        (&mut self.fields, &mut self.error)
    }
}

fn draw(tx: &Snapshot, who: &Who, org: &Org, id: &Id, typed: Option<&Typed>) -> Result<WirePage> {
    let app = app_of(tx, org, id)?;
    let base = Addresses::new(tx, org).app(app.seq);
    let stored = stored(&app);
    let typed = typed.unwrap_or(&stored);
    let mut defaults = Wire::default();
    let mut switches = Vec::new();
    for switch in SWITCHES.iter().filter(|switch| (switch.counts)(&app)) {
        let default = if *(switch.of)(&mut defaults) {
            "on"
        } else {
            "off"
        };
        switches.push(Tick {
            name: switch.name,
            label: switch.label,
            on: text_of(typed, switch.name) == "yes",
            help: format!("{} Default: {default}.", switch.help),
        });
    }
    let mut fields = Vec::new();
    for number in NUMBERS.iter().filter(|number| (number.counts)(&app)) {
        let default = *(number.of)(&mut defaults);
        fields.push(
            Field::new(number.name, number.label)
                .required()
                .max_length(4)
                .value(text_of(typed, number.name))
                .help(format!("{} Default: {default}.", number.help)),
        );
    }
    Ok(WirePage {
        page: frame(who, &app),
        status: status_pill(&app),
        tabs: tabs(&base, AppTab::Provisioning, has(&app)),
        settings: settings(&base, Setting::Wire, has(&app).0),
        error: None,
        verbs: flavour(&app),
        switches,
        fields,
        revision: text_of(typed, "revision").to_owned(),
        action: format!("{base}/provisioning/wire"),
    })
}

/// The form.
pub(in crate::web::rooms) async fn page(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    show_form(&app, signed, Id(id.into_inner()), draw).await
}

/// *Save*.
pub(in crate::web::rooms) async fn save(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    typed: web::Form<Typed>,
) -> Answered {
    let back = format!("{HERE}/{id}/provisioning/wire");
    let sent = (Id(id.into_inner()), typed.into_inner());
    save_form(
        &app,
        &signed,
        sent,
        draw,
        &back,
        |tx, org, administrator, sent, now| {
            let (id, typed) = sent;
            let app = app_of(tx, org, id)?;
            unchanged(typed, &app, &app.label)?;
            let wire = wanted(&app, typed)?;
            apps::save_wire(tx, administrator, key(org, app.seq), &wire, now)?;
            Ok(Done::new(
                "Wire is saved.",
                "It holds for whatever is sent from now on.",
            ))
        },
    )
    .await
}
