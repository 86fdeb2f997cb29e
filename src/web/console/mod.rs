//! The console: server-rendered pages. This file owns the frame that every page carries.
//!
//! A page is a view struct plus the template of the same stem under `templates/`. View structs hold what is
//! shown, already formatted and pluralised, with every address built: no store or model type enters a template.
//! [`parts`] holds the shapes that `templates/parts.html` draws; a page is made of nothing else.

pub mod access;
pub mod chart;
pub mod clock;
pub mod common;
pub mod entra;
pub mod exchange;
pub mod invitation;
pub mod list;
pub mod mail;
pub mod okta;
pub mod overview;
pub mod own_profile;
pub mod parts;
pub mod profile;
#[cfg(test)]
mod samples;
pub mod settings;
pub mod team;
pub mod traffic;

use crate::access::{Needs, Permission};
use crate::web::assets::asset;
use parts::{Link, Notice};

/// A room of the sidebar. Only rooms that exist are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// The loop as one picture.
    Overview,
    /// The team's members.
    Members,
    /// The team's groups.
    TeamGroups,
    /// What each role allows and who has it.
    Roles,
    /// SCIM provisioning and its keys.
    Authentication,
    /// Who was invited.
    Invites,
    /// Schema extensions of the team.
    Schemas,
    /// The record of the team's events.
    Audit,
    /// Users of the mock directory.
    EntraUsers,
    /// Groups of the mock directory.
    EntraGroups,
    /// Enterprise applications and their provisioning.
    Applications,
    /// What was provisioned, of all applications.
    ProvisioningLogs,
    /// Clients of the Graph API of the mock Entra.
    AppRegistrations,
    /// Tenants of the mock Entra.
    Tenants,
    /// The org of the mock Okta at a glance, and which org is shown.
    OktaDashboard,
    /// *Directory > People* of the mock Okta.
    OktaPeople,
    /// *Directory > Groups* of the mock Okta.
    OktaGroups,
    /// *Directory > Profile Editor* of the mock Okta.
    OktaProfileEditor,
    /// *Applications > Applications* of the mock Okta.
    OktaApplications,
    /// *Dashboard > Tasks* of the mock Okta.
    OktaTasks,
    /// *Reports > System Log* of the mock Okta.
    SystemLog,
    /// *Scenarios*: what can be played in an org.
    OktaScenarios,
    /// The last SCIM requests and their answers.
    Traffic,
    /// The outbox.
    Mail,
    /// What the appliance takes for now.
    Clock,
    /// The teams of the appliance.
    Teams,
    /// Who owns the appliance.
    Operators,
    /// Who is signed in.
    Sessions,
    /// One's own account: in the menu of the account, not in the sidebar.
    OwnProfile,
}

impl Room {
    /// All of them, in the order of the sidebar.
    pub const ALL: [Self; 28] = [
        Self::Overview,
        Self::Members,
        Self::TeamGroups,
        Self::Roles,
        Self::Invites,
        Self::Authentication,
        Self::Schemas,
        Self::Audit,
        Self::EntraUsers,
        Self::EntraGroups,
        Self::Applications,
        Self::ProvisioningLogs,
        Self::AppRegistrations,
        Self::Tenants,
        Self::OktaDashboard,
        Self::OktaPeople,
        Self::OktaGroups,
        Self::OktaProfileEditor,
        Self::OktaApplications,
        Self::OktaTasks,
        Self::SystemLog,
        Self::OktaScenarios,
        Self::Traffic,
        Self::Mail,
        Self::Clock,
        Self::Teams,
        Self::Operators,
        Self::Sessions,
    ];

    /// Heading of the room's sidebar group; empty for *Overview*, which stands alone.
    pub const fn group(self) -> &'static str {
        match self {
            Self::Overview | Self::OwnProfile => "",
            Self::Members
            | Self::TeamGroups
            | Self::Roles
            | Self::Invites
            | Self::Authentication
            | Self::Schemas
            | Self::Audit => "TEAM",
            Self::EntraUsers
            | Self::EntraGroups
            | Self::Applications
            | Self::ProvisioningLogs
            | Self::AppRegistrations
            | Self::Tenants => "ENTRA",
            Self::OktaDashboard
            | Self::OktaPeople
            | Self::OktaGroups
            | Self::OktaProfileEditor
            | Self::OktaApplications
            | Self::OktaTasks
            | Self::SystemLog
            | Self::OktaScenarios => "OKTA",
            Self::Traffic
            | Self::Mail
            | Self::Clock
            | Self::Teams
            | Self::Operators
            | Self::Sessions => "LAB",
        }
    }

    /// The room's label in the sidebar.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Members => "Members",
            Self::TeamGroups | Self::EntraGroups | Self::OktaGroups => "Groups",
            Self::Roles => "Roles",
            Self::Authentication => "Authentication",
            Self::Schemas => "Schemas",
            Self::EntraUsers => "Users",
            Self::Applications => "Enterprise applications",
            Self::ProvisioningLogs => "Provisioning logs",
            Self::AppRegistrations => "App registrations",
            Self::Tenants => "Tenants",
            Self::OktaDashboard => "Dashboard",
            Self::OktaPeople => "People",
            Self::OktaApplications => "Applications",
            Self::OktaProfileEditor => "Profile Editor",
            Self::OktaTasks => "Tasks",
            Self::SystemLog => "System Log",
            Self::OktaScenarios => "Scenarios",
            Self::Traffic => "Traffic",
            Self::Teams => "Teams",
            Self::Audit => "Audit log",
            Self::Operators => "Operators",
            Self::Sessions => "Sessions",
            Self::Invites => "Invites",
            Self::Mail => "Mail",
            Self::Clock => "Clock",
            Self::OwnProfile => "Profile",
        }
    }

    /// The room's address.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Overview => "/",
            Self::Members => "/team/members",
            Self::TeamGroups => "/team/groups",
            Self::Roles => "/team/roles",
            Self::Authentication => "/team/authentication",
            Self::Schemas => "/team/schemas",
            Self::EntraUsers => "/entra/users",
            Self::EntraGroups => "/entra/groups",
            Self::Applications => "/entra/applications",
            Self::ProvisioningLogs => "/entra/provisioning-logs",
            Self::AppRegistrations => "/entra/app-registrations",
            Self::Tenants => "/entra/tenants",
            Self::OktaDashboard => "/okta",
            Self::OktaPeople => "/okta/people",
            Self::OktaGroups => "/okta/groups",
            Self::OktaProfileEditor => "/okta/profile-editor",
            Self::OktaApplications => "/okta/applications",
            Self::OktaTasks => "/okta/tasks",
            Self::SystemLog => "/okta/system-log",
            Self::OktaScenarios => "/okta/scenarios",
            Self::Traffic => "/traffic",
            Self::Teams => "/settings/teams",
            Self::Audit => "/team/audit",
            Self::Operators => "/settings/operators",
            Self::Sessions => "/settings/sessions",
            Self::Invites => "/team/invites",
            Self::Mail => "/mail",
            Self::Clock => "/clock",
            Self::OwnProfile => "/profile",
        }
    }

    /// What it asks of whoever opens it; shown only to those who may.
    pub const fn needs(self) -> Needs {
        match self {
            Self::Members | Self::TeamGroups | Self::Roles => {
                Needs::Permission(Permission::ViewTeam)
            }
            Self::Authentication | Self::Schemas => Needs::Permission(Permission::ManageScim),
            Self::Overview
            | Self::EntraUsers
            | Self::EntraGroups
            | Self::Applications
            | Self::ProvisioningLogs
            | Self::AppRegistrations
            | Self::Tenants
            | Self::OktaDashboard
            | Self::OktaPeople
            | Self::OktaGroups
            | Self::OktaProfileEditor
            | Self::OktaApplications
            | Self::OktaTasks
            | Self::SystemLog
            | Self::OktaScenarios
            | Self::Traffic
            | Self::Mail
            | Self::Clock
            | Self::Teams
            | Self::Operators
            | Self::Sessions => Needs::Operator,
            Self::Audit => Needs::Permission(Permission::ViewAuditLogs),
            Self::Invites => Needs::Permission(Permission::AddUsers),
            Self::OwnProfile => Needs::SignIn,
        }
    }

    /// The key that opens the room after `g`: a letter, or a digit in the mock Okta.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Overview => "o",
            Self::Members => "m",
            Self::TeamGroups => "g",
            Self::Roles => "r",
            Self::Authentication => "s",
            Self::Schemas => "x",
            Self::EntraUsers => "u",
            Self::EntraGroups => "d",
            Self::Applications => "a",
            Self::ProvisioningLogs => "v",
            Self::AppRegistrations => "k",
            Self::Tenants => "n",
            Self::OktaDashboard => "1",
            Self::OktaPeople => "2",
            Self::OktaGroups => "3",
            Self::OktaProfileEditor => "7",
            Self::OktaApplications => "4",
            Self::OktaTasks => "5",
            Self::SystemLog => "6",
            Self::OktaScenarios => "8",
            Self::Traffic => "t",
            Self::Teams => "w",
            Self::Audit => "l",
            Self::Operators => "p",
            Self::Sessions => "e",
            Self::Invites => "i",
            Self::Mail => "b",
            Self::Clock => "c",
            Self::OwnProfile => "y",
        }
    }

    /// Whether the room belongs to a mock identity provider, marked so that nobody takes it for the real cloud.
    pub fn is_mock(self) -> bool {
        matches!(self.group(), "ENTRA" | "OKTA")
    }
}

/// One group of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavGroup {
    /// Heading; empty for the first group.
    pub name: &'static str,
    /// Its rooms, in order.
    pub rooms: Vec<Room>,
}

/// Who is looking: shown in the top bar of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// E-mail address of the signed-in person.
    pub email: String,
    /// Display name of the team.
    pub team: String,
    /// Other teams to change to, by name, with the address a form is posted to. Not more than a menu holds.
    pub others: Vec<Link>,
    /// The rooms this person may open, in the order of the sidebar.
    pub rooms: Vec<Room>,
    /// What the clock shows while it is turned; empty while it follows the real one.
    pub clock: String,
    /// The tenant that the pages of the mock Entra show; empty when there is none.
    pub tenant: String,
    /// Other tenants to change to, as `others`.
    pub other_tenants: Vec<Link>,
    /// The org that the pages of the mock Okta show; empty when there is none.
    pub org: String,
    /// Other orgs to change to, as `others`.
    pub other_orgs: Vec<Link>,
}

/// The mock identity provider that a page belongs to, as the top bar names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mock {
    /// `Mock Entra ID`.
    pub chip: &'static str,
    /// What a directory of it is called: `tenant`.
    pub noun: &'static str,
    /// The one that is shown; empty when there is none.
    pub here: String,
    /// Others to change to: name, and address a form is posted to.
    pub others: Vec<Link>,
    /// The page of all of them.
    pub all: &'static str,
}

impl Mock {
    fn of(room: Room, viewer: &Viewer) -> Option<Self> {
        match room.group() {
            "ENTRA" => Some(Self {
                chip: "Mock Entra ID",
                noun: "tenant",
                here: viewer.tenant.clone(),
                others: viewer.other_tenants.clone(),
                all: "/entra/tenants",
            }),
            "OKTA" => Some(Self {
                chip: "Mock Okta",
                noun: "org",
                here: viewer.org.clone(),
                others: viewer.other_orgs.clone(),
                all: "/okta/orgs",
            }),
            _ => None,
        }
    }
}

/// The frame of a page: title, breadcrumb, navigation, the signed-in person and the notice of the last action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The one heading, also the window's title.
    pub title: String,
    /// Pages above this one, outermost first.
    pub breadcrumb: Vec<Link>,
    /// The room that the sidebar marks as current.
    pub here: Room,
    /// E-mail address of the signed-in person; empty on pages without the frame.
    pub person: String,
    /// Display name of the team.
    pub team: String,
    /// Other teams to change to: name, and address a form is posted to.
    pub others: Vec<Link>,
    /// The rooms of the sidebar.
    pub rooms: Vec<Room>,
    /// What the clock shows while it is turned; empty while it follows the real one.
    pub clock: String,
    /// Outcome of the action that led here.
    pub notice: Option<Notice>,
    /// The mock identity provider it belongs to.
    pub mock: Option<Mock>,
}

impl Page {
    /// A page of `room` for a signed-in person.
    pub fn new(room: Room, title: impl Into<String>, viewer: &Viewer) -> Self {
        Self {
            title: title.into(),
            breadcrumb: Vec::new(),
            here: room,
            person: viewer.email.clone(),
            team: viewer.team.clone(),
            others: viewer.others.clone(),
            rooms: viewer.rooms.clone(),
            clock: viewer.clock.clone(),
            notice: None,
            mock: Mock::of(room, viewer),
        }
    }

    /// A page without the frame: sign-in, setup, errors.
    pub fn bare(title: impl Into<String>) -> Self {
        let nobody = Viewer {
            email: String::new(),
            team: String::new(),
            others: Vec::new(),
            rooms: Vec::new(),
            clock: String::new(),
            tenant: String::new(),
            other_tenants: Vec::new(),
            org: String::new(),
            other_orgs: Vec::new(),
        };
        Self::new(Room::Overview, title, &nobody)
    }

    /// The page lies below `text`; call once a level, outermost first.
    #[must_use]
    pub fn under(mut self, text: impl Into<String>, href: impl Into<String>) -> Self {
        self.breadcrumb.push(Link::new(text, href));
        self
    }

    /// The page shows `notice` above its content.
    #[must_use]
    pub fn with_notice(mut self, notice: Option<Notice>) -> Self {
        self.notice = notice;
        self
    }

    /// The sidebar, group by group.
    pub fn nav(&self) -> Vec<NavGroup> {
        let mut groups: Vec<NavGroup> = Vec::new();
        for room in self.rooms.iter().copied() {
            match groups.last_mut() {
                Some(group) if group.name == room.group() => group.rooms.push(room),
                _ => groups.push(NavGroup {
                    name: room.group(),
                    rooms: vec![room],
                }),
            }
        }
        groups
    }

    /// Whether the menu of teams leads on to the page of all teams.
    pub fn has_all_teams(&self) -> bool {
        self.rooms.contains(&Room::Teams)
    }

    /// Whether the clock in the top bar leads to its page.
    pub fn has_clock(&self) -> bool {
        self.rooms.contains(&Room::Clock)
    }

    /// Address of the embedded file `name`.
    pub fn asset(&self, name: &str) -> String {
        asset(name)
    }
}
