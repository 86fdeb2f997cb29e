//! *Invite People*: addresses typed, pasted or from a file, and what became of each.

use std::collections::BTreeSet;

use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::parts::{Field, Link, Notice, Pill, Tone, counted, thousands};
use super::super::super::console::team::invites::{InvitePage, Report, ReportLine};
use super::super::super::console::team::roles::RoleChoice;
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, multipart, page as answer, show};
use super::invites::{HERE, NEW, address};
use super::roles::purpose;
use crate::access::{NotAllowed, Permission};
use crate::error::{Error, Result};
use crate::id::Nonce;
use crate::model::{MemberState, Role};
use crate::provider::accounts;
use crate::provider::invites::{self, Sent};
use crate::store::Reads;

/// Longest file, and longest text that is typed or pasted, in bytes.
const MAXIMUM: usize = 256 << 10;
/// Most parts of the form: the text, the file, and a role each.
const PARTS: usize = 16;
/// Lines of the report at most.
const LINES: usize = 500;

/// What the form sends.
#[derive(Debug, Clone, Default)]
struct Typed {
    emails: String,
    file: String,
    file_too_large: bool,
    /// Whether what was typed was cut.
    emails_too_long: bool,
    roles: Vec<String>,
}

impl Typed {
    fn roles(&self) -> BTreeSet<Role> {
        self.roles
            .iter()
            .filter_map(|slug| Role::of_slug(slug))
            .collect()
    }
}

/// `wrong` is the field that was refused, with the sentence below it.
fn form(
    tx: &impl Reads,
    who: &Who,
    typed: &Typed,
    wrong: (&str, &str),
    report: Option<Report>,
) -> Result<InvitePage> {
    let error = |field| {
        if wrong.0 == field {
            sentence(wrong.1)
        } else {
            String::new()
        }
    };
    let chosen = typed.roles();
    let roles = invites::roles_to_give(tx, &who.member.may()?)?
        .into_iter()
        .map(|(role, blocked)| RoleChoice {
            id: format!("role-{}", role.slug()),
            value: role.slug().to_owned(),
            label: role.label(),
            purpose: purpose(role),
            checked: chosen.contains(&role) && blocked.is_none(),
            blocked: blocked.unwrap_or_default(),
        });
    Ok(InvitePage {
        page: who
            .page(Room::Invites, "Invite People")
            .under("Invites", HERE),
        error: (wrong.0 == "form").then(|| Notice::new(Tone::Bad, sentence(wrong.1), "")),
        report,
        emails: Field::new("emails", "E-mail addresses")
            .lines(8)
            .value(typed.emails.as_str())
            .error(error("emails"))
            .help("One a line, or separated by commas. Up to 5,000 at once."),
        file_error: error("file"),
        roles: roles.collect(),
        roles_error: error("roles"),
        action: NEW.into(),
        cancel: HERE.into(),
    })
}

/// The empty form.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    let typed = Typed {
        roles: vec![Role::Developer.slug().to_owned()],
        ..Typed::default()
    };
    show(&app, move |tx, _| form(tx, &who, &typed, ("", ""), None)).await
}

/// *Send Invite*: what became of each address, and the form again with those that want a look. Sent twice, the
/// second time finds everybody invited.
pub(in super::super) async fn send(
    app: web::Data<App>,
    signed: SignedIn,
    body: Multipart,
) -> Answered {
    let (who, now) = (signed.who(), app.now());
    let typed = receive(body).await?;
    let emails = invites::addresses(&typed.emails, &typed.file);
    let refused = if typed.file_too_large {
        Some(("file", "The file is larger than 256 KiB. Split it."))
    } else if typed.emails_too_long || emails.len() > invites::AT_ONCE {
        let many = "These are more than 5,000 addresses, or more than 256 KiB. Send them in parts.";
        Some(("emails", many))
    } else if emails.is_empty() {
        Some(("emails", "Enter at least one address, or add a file."))
    } else {
        None
    };
    if let Some(wrong) = refused {
        return redrawn(&app, who, typed, wrong.0, wrong.1.to_owned()).await;
    }
    let (account, team) = (who.account(), who.member.team);
    let (origin, roles, nonce) = (who.member.origin.clone(), typed.roles(), Nonce::random());
    let sent = app
        .write(move |tx| {
            // The upload may have taken long: who sends it is asked again.
            let (_, mut member, _) = accounts::signed_in(tx, account, Some(team))?;
            if member.team != team {
                return Err(NotAllowed(Permission::AddUsers).into());
            }
            member.origin = origin;
            invites::send_all(tx, &member.may()?, emails, &roles, nonce, now)
        })
        .await;
    match sent {
        Ok(sent) => {
            let typed = Typed {
                emails: to_mend(&sent),
                roles: typed.roles,
                ..Typed::default()
            };
            let report = report(sent);
            show(&app, move |tx, _| {
                form(tx, &who, &typed, ("", ""), Some(report))
            })
            .await
        }
        Err(Error::Field { field, detail }) => redrawn(&app, who, typed, field, detail).await,
        Err(error @ Error::Forbidden { .. }) => {
            redrawn(&app, who, typed, "form", error.to_string()).await
        }
        Err(error) => Err(PageFailure::Domain(error)),
    }
}

/// The form with what was typed and what is wrong. A file cannot be kept by a form: what was in it is put with what
/// was typed.
async fn redrawn(
    app: &App,
    who: Who,
    mut typed: Typed,
    field: &'static str,
    wrong: String,
) -> Answered {
    if !typed.file.is_empty() {
        let file = std::mem::take(&mut typed.file);
        let both = format!("{}\n{file}", typed.emails);
        both.trim().clone_into(&mut typed.emails);
    }
    let page = app
        .read(move |tx| form(tx, &who, &typed, (field, &wrong), None))
        .await?;
    answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

/// Addresses that were not understood, one a line.
fn to_mend(sent: &[(String, Sent)]) -> String {
    let bad = sent.iter().filter(|(_, sent)| *sent == Sent::BadAddress);
    let lines: Vec<&str> = bad.map(|(email, _)| email.as_str()).collect();
    lines.join("\n")
}

fn report(sent: Vec<(String, Sent)>) -> Report {
    let count = |of: fn(&Sent) -> bool| sent.iter().filter(|(_, sent)| of(sent)).count() as u64;
    let invited = count(|sent| matches!(sent, Sent::Invited(_)));
    let joined = count(|sent| matches!(sent, Sent::Joined));
    let known = count(|sent| matches!(sent, Sent::AlreadyInvited(_) | Sent::AlreadyMember(_)));
    let bad = count(|sent| matches!(sent, Sent::BadAddress));
    let mut said = vec![format!("{} sent", counted(invited, "invite", "invites"))];
    for (number, what) in [
        (joined, "joined at once"),
        (known, "known already"),
        (bad, "not understood"),
    ] {
        if number > 0 {
            said.push(format!("{} {what}", thousands(number)));
        }
    }
    let (tone, mend) = if bad > 0 {
        (Tone::Warn, "Mend the addresses below and send them again.")
    } else {
        (Tone::Good, "")
    };
    let total = sent.len();
    let mut lines = sent;
    // Stable: what needs attention first, else as it was typed.
    lines.sort_by_key(|(_, sent)| match sent {
        Sent::BadAddress => 0,
        Sent::AlreadyMember(_) => 1,
        Sent::AlreadyInvited(_) => 2,
        Sent::Joined => 3,
        Sent::Invited(_) => 4,
    });
    Report {
        summary: Notice::new(tone, format!("{}.", said.join(", ")), mend),
        lines: lines
            .into_iter()
            .take(LINES)
            .map(|(email, sent)| line(email, sent))
            .collect(),
        more: match total.saturating_sub(LINES) as u64 {
            0 => String::new(),
            more => format!("and {} more", thousands(more)),
        },
    }
}

fn line(email: String, sent: Sent) -> ReportLine {
    let (outcome, next, at) = match sent {
        Sent::Invited(invite) => (
            Pill::new(Tone::Good, "Invited"),
            String::new(),
            address(invite.seq),
        ),
        Sent::Joined => (
            Pill::new(Tone::Good, "Joined"),
            "The domain is verified, so there was nothing to accept.".to_owned(),
            String::new(),
        ),
        Sent::AlreadyInvited(invite) => (
            Pill::new(Tone::Info, "Already invited"),
            format!("By {}. Resend that invite or revoke it.", invite.by),
            address(invite.seq),
        ),
        Sent::AlreadyMember(MemberState::Deactivated) => (
            Pill::new(Tone::Warn, "Deactivated member"),
            "Reactivate the person instead.".to_owned(),
            String::new(),
        ),
        Sent::AlreadyMember(_) => (
            Pill::new(Tone::Info, "Already a member"),
            String::new(),
            String::new(),
        ),
        Sent::BadAddress => (
            Pill::new(Tone::Bad, "Bad address"),
            "Enter an address such as ada@example.com.".to_owned(),
            String::new(),
        ),
    };
    ReportLine {
        email: Link::new(email, at),
        outcome,
        next,
    }
}

async fn receive(form: Multipart) -> std::result::Result<Typed, PageFailure> {
    let mut typed = Typed::default();
    multipart::receive(form, MAXIMUM, PARTS, |part| match part.name.as_str() {
        "file" => {
            typed.file_too_large = part.cut;
            typed.file = if part.cut { String::new() } else { part.text() };
        }
        "emails" => {
            typed.emails_too_long = part.cut;
            typed.emails = part.text();
        }
        "role" => typed.roles.push(part.text()),
        _ => {}
    })
    .await?;
    Ok(typed)
}
