//! *Roles*: what each allows and who has it; and *Update Roles* of one member or one group.

use std::collections::BTreeSet;

use actix_web::http::StatusCode;
use actix_web::web;

use super::super::super::App;
use super::super::super::auth::{SignedIn, Who};
use super::super::super::console::Room;
use super::super::super::console::list::ListUrl;
use super::super::super::console::parts::{Link, Notice, Tone, thousands};
use super::super::super::console::team::roles::{
    PermissionRow, RoleChoice, RoleRow, RolesFormPage, RolesPage, Through,
};
use super::super::super::failure::{PageFailure, sentence};
use super::super::{Answered, Done, finish, page as answer, show};
use super::{groups, members};
use crate::access::Permission;
use crate::error::{Error, Result};
use crate::model::{Group, ObjectRef, Outcome, Role, User};
use crate::provider::browse;
use crate::provider::by_hand::roles::{Update, support_users, update_of_group, update_of_member};
use crate::provider::by_hand::{appoint, conveyed, has_super_admin};
use crate::provider::roster::{self, Origins};
use crate::store::Reads;

/// What a role is for (Learning Center, "Roles and permissions").
pub(super) const fn purpose(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => "Everything: settings, members, roles and all that the team has.",
        Role::Admin => "Members and team settings; no access to what the team works on.",
        Role::Billing => "Plan and payments; manages other Billing members.",
        Role::Developer => "All team resources and workspaces.",
        Role::CommunityManager => "Public visibility of workspaces and the team profile.",
        Role::ApiNetworkManager => "The private API network.",
        Role::ApiGovernanceManager => "Governance rules.",
        Role::PartnerManager => "Partner workspaces and invitations to them.",
    }
}

const fn given_by(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => "Given by Super Admins; the first one by any Admin.",
        Role::Billing => "Given by Super Admins, Admins and Billing members.",
        _ => "Given by Super Admins and Admins.",
    }
}

/// The table of roles.
pub(in super::super) async fn page(app: web::Data<App>, signed: SignedIn) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| table(tx, &who)).await
}

fn table(tx: &impl Reads, who: &Who) -> Result<RolesPage> {
    let team = who.member.team;
    let holders = roster::holders(tx, &who.member)?;
    let rows = Role::ALL.iter().map(|role| {
        let count = holders.get(role).copied().unwrap_or_default();
        let list = |path: &str| ListUrl::new(path).with("role", role.slug()).to_string();
        RoleRow {
            label: role.label(),
            purpose: purpose(*role),
            given: given_by(*role),
            default: *role == Role::Developer,
            members: Link::new(thousands(count.members), list("/team/members")),
            through: match count.through {
                0 => String::new(),
                some => format!("{} through groups", thousands(some)),
            },
            groups: Link::new(thousands(count.groups), list("/team/groups")),
        }
    });
    Ok(RolesPage {
        page: who.page(Room::Roles, "Roles"),
        support: format!(
            "{} of {} support users (Admin or Billing alone)",
            support_users(tx, team, None)?,
            appoint::SUPPORT_USERS
        ),
        super_admin: if has_super_admin(tx, team)? {
            "The team has a Super Admin: only Super Admins give and take that role."
        } else {
            "Nobody is a Super Admin yet: any Admin can appoint the first one."
        }
        .to_owned(),
        rows: rows.collect(),
        headings: Role::ALL.iter().map(|role| role.label()).collect(),
        permissions: Permission::ALL
            .iter()
            .map(|permission| PermissionRow {
                label: permission.label(),
                given: Role::ALL
                    .iter()
                    .map(|role| permission.is_of(*role))
                    .collect(),
            })
            .collect(),
    })
}

/// Groups named beside a role that comes through them.
const NAMED: usize = 3;

/// Roles that come through these groups, each with the first of them.
pub(super) fn through(origins: &[roster::Origin]) -> Vec<Through> {
    let mut all = Vec::new();
    for role in Role::ALL {
        let from = || origins.iter().filter(|origin| origin.roles.contains(&role));
        let groups: Vec<Link> = from()
            .take(NAMED)
            .map(|origin| Link::new(&origin.name, groups::address(&origin.id.to_string())))
            .collect();
        if !groups.is_empty() {
            let more = from().count().saturating_sub(NAMED) as u64;
            all.push(Through {
                role: role.label(),
                groups,
                more: if more == 0 {
                    String::new()
                } else {
                    format!("and {} more", thousands(more))
                },
            });
        }
    }
    all
}

/// Roles as hidden fields carry them.
pub(super) fn slugs(roles: &BTreeSet<Role>) -> String {
    let slugs: Vec<_> = roles.iter().map(|role| role.slug()).collect();
    slugs.join(",")
}

/// Roles as our own forms send them.
///
/// # Errors
/// [`Error::Field`] for a role that does not exist.
pub(super) fn of_slugs<'a>(slugs: impl Iterator<Item = &'a str>) -> Result<BTreeSet<Role>> {
    slugs
        .filter(|slug| !slug.is_empty())
        .map(|slug| {
            Role::of_slug(slug).ok_or_else(|| {
                Error::field("roles", "There is no such role. Choose from the list.")
            })
        })
        .collect()
}

/// What the boxes of one member or group depend on.
pub(super) struct Boxes<'a> {
    /// Roles of whoever decides.
    pub(super) own: &'a BTreeSet<Role>,
    /// Whether the team has a Super Admin.
    pub(super) exists: bool,
    /// What is stored.
    pub(super) held: &'a BTreeSet<Role>,
    /// What is ticked.
    pub(super) ticked: &'a BTreeSet<Role>,
}

impl Boxes<'_> {
    /// One box a role. `prefix` makes their ids unique; `of` stands before the value.
    pub(super) fn draw(&self, prefix: &str, of: &str, purposes: bool) -> Vec<RoleChoice> {
        let draw = |role: &Role| {
            let verdict =
                appoint::may_change(self.own, self.exists, *role, self.held.contains(role));
            RoleChoice {
                id: format!("{prefix}-{}", role.slug()),
                value: format!("{of}{}", role.slug()),
                label: role.label(),
                purpose: if purposes { purpose(*role) } else { "" },
                checked: self.ticked.contains(role),
                blocked: verdict
                    .err()
                    .map_or_else(String::new, |why| why.to_string()),
            }
        };
        Role::ALL.iter().map(draw).collect()
    }
}

/// What a form of roles sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Sent {
    before: BTreeSet<Role>,
    after: BTreeSet<Role>,
}

impl Sent {
    fn read(pairs: &[(String, String)]) -> Result<Self> {
        let values = |name: &'static str| {
            let named = pairs.iter().filter(move |(key, _)| key == name);
            named.flat_map(|(_, value)| value.split(','))
        };
        Ok(Self {
            before: of_slugs(values("was"))?,
            after: of_slugs(values("role"))?,
        })
    }
}

/// Whose roles a form is about.
enum Subject {
    Member(Box<User>),
    Group(Box<Group>),
}

impl Subject {
    fn roles(&self) -> &BTreeSet<Role> {
        match self {
            Self::Member(user) => &user.roles,
            Self::Group(group) => &group.roles,
        }
    }
}

/// `sent` is what was chosen and refused, with the reason.
fn form(
    tx: &impl Reads,
    who: &Who,
    subject: &Subject,
    sent: Option<(&Sent, &Error)>,
) -> Result<RolesFormPage> {
    let team = who.member.team;
    let (name, page, lead, address) = match subject {
        Subject::Member(user) => {
            let (name, address) = (user.label(), members::address(&user.id.to_string()));
            let page = who
                .page(Room::Members, "Update Roles")
                .under("Members", members::HERE)
                .under(&name, &address);
            let lead = format!("What {name} may do on the team, besides what groups give.");
            (name, page, lead, address)
        }
        Subject::Group(group) => {
            let (name, address) = (
                group.display_name().to_owned(),
                groups::address(&group.id.to_string()),
            );
            let page = who
                .page(Room::TeamGroups, "Update Roles")
                .under("Groups", groups::HERE)
                .under(&name, &address);
            let lead = format!(
                "Everybody in {name} has these roles in addition to their own, whoever puts them there: you or the \
                 identity provider."
            );
            (name, page, lead, address)
        }
    };
    let (ticked, refused) = match sent {
        // Somebody else was quicker: what is stored now is what there is to decide about.
        Some((_, error @ Error::Conflict { .. })) => (subject.roles(), Some(error)),
        Some((sent, error)) => (&sent.after, Some(error)),
        None => (subject.roles(), None),
    };
    let boxes = Boxes {
        own: &who.member.roles,
        exists: has_super_admin(tx, team)?,
        held: subject.roles(),
        ticked,
    };
    let wrong = match refused {
        Some(Error::Field { detail, .. }) => sentence(detail),
        _ => String::new(),
    };
    Ok(RolesFormPage {
        page,
        lead,
        error: refused.filter(|_| wrong.is_empty()).map(|error| {
            Notice::new(
                Tone::Bad,
                format!("The roles of {name} are as before."),
                sentence(&error.to_string()),
            )
        }),
        wrong,
        choices: boxes.draw("role", "", true),
        was: slugs(subject.roles()),
        through: match subject {
            Subject::Member(user) => {
                through(&Origins::default().of(tx, &who.member, ObjectRef::user(user.seq))?)
            }
            Subject::Group(group) => {
                through(&Origins::default().of(tx, &who.member, ObjectRef::group(group.seq))?)
            }
        },
        action: format!("{address}/roles"),
        cancel: address,
    })
}

/// The boxes of a member.
pub(in super::super) async fn of_member(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let user = browse::get_member(tx, &who.member, &id)?;
        form(tx, &who, &Subject::Member(user.into()), None)
    })
    .await
}

/// *Update Roles* of a member.
pub(in super::super) async fn save_member(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Answered {
    let (who, now, id) = (signed.who(), app.now(), id.into_inner());
    let sent = Sent::read(&pairs)?;
    let (by, key, update) = (
        who.member.may().map_err(Error::from)?,
        id.clone(),
        update(&sent),
    );
    let done = app
        .write(move |tx| update_of_member(tx, &by, &key, &update, now))
        .await;
    let back = members::address(&id);
    match done {
        Ok((user, outcome)) => {
            let next = "They apply from the next page that is opened.";
            finish(&signed, &back, Ok(told(outcome, &user.label(), next)))
        }
        Err(error @ (Error::Store(_) | Error::NotFound { .. })) => Err(PageFailure::Domain(error)),
        Err(error) => {
            let page = app
                .read(move |tx| {
                    let user = browse::get_member(tx, &who.member, &id)?;
                    form(
                        tx,
                        &who,
                        &Subject::Member(user.into()),
                        Some((&sent, &error)),
                    )
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

/// The boxes of a group.
pub(in super::super) async fn of_group(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
) -> Answered {
    let who = signed.for_page();
    show(&app, move |tx, _| {
        let group = browse::get_group(tx, &who.member, &id)?;
        form(tx, &who, &Subject::Group(group.into()), None)
    })
    .await
}

/// *Update Roles* of a group.
pub(in super::super) async fn save_group(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    pairs: web::Form<Vec<(String, String)>>,
) -> Answered {
    let (who, now, id) = (signed.who(), app.now(), id.into_inner());
    let sent = Sent::read(&pairs)?;
    let (by, key, update) = (
        who.member.may().map_err(Error::from)?,
        id.clone(),
        update(&sent),
    );
    let done = app
        .write(move |tx| {
            let (group, outcome) = update_of_group(tx, &by, &key, &update, now)?;
            let alone = appoint::is_developer_only(&conveyed(tx, by.team, &group)?);
            Ok((group, outcome, alone))
        })
        .await;
    let back = groups::address(&id);
    match done {
        Ok((group, outcome, alone)) => {
            let next = if alone {
                "They apply to all its members."
            } else {
                "They apply to all its members. Groups with more than Developer have no managers."
            };
            let told = told(outcome, group.display_name(), next);
            finish(&signed, &back, Ok(told))
        }
        Err(error @ (Error::Store(_) | Error::NotFound { .. })) => Err(PageFailure::Domain(error)),
        Err(error) => {
            let page = app
                .read(move |tx| {
                    let group = browse::get_group(tx, &who.member, &id)?;
                    form(
                        tx,
                        &who,
                        &Subject::Group(group.into()),
                        Some((&sent, &error)),
                    )
                })
                .await?;
            answer(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}

fn update(sent: &Sent) -> Update {
    Update {
        before: sent.before.clone(),
        after: sent.after.clone(),
    }
}

fn told(outcome: Outcome, name: &str, next: &'static str) -> Done {
    if outcome == Outcome::Unchanged {
        Done::new(format!("The roles of {name} were like this already."), "")
    } else {
        Done::new(format!("The roles of {name} are updated."), next)
    }
}
