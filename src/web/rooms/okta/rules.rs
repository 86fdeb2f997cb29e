//! *Directory > Groups > Rules*: the list, one rule with its preview, and its buttons.

use actix_web::web;
use serde::Deserialize;

use super::groups::HERE as GROUPS;
use super::{Addresses, act_in_org, administrator, rule_forms, show_org};
use crate::access::OrgAdministrator;
use crate::clock::Timestamp;
use crate::directory::okta::rules::{self, Verdict};
use crate::error::{Error, Result};
use crate::id::{OktaKind, Seq};
use crate::model::okta::{GroupRule, Org, RuleStatus};
use crate::store::okta::{groups, users};
use crate::store::{Reads, Snapshot, Write};
use crate::web::App;
use crate::web::auth::{SignedIn, Who};
use crate::web::console::list::{Column, Empty, Filter, List, Pager};
use crate::web::console::okta::rules::{GroupsTab, Preview, RulePage, RuleRow, RulesPage, tabs};
use crate::web::console::parts::{Fact, Field, Link, Notice, Pill, Tone};
use crate::web::console::{Page, Room};
use crate::web::rooms::ask::PAGE;
use crate::web::rooms::{Answered, Ask, Done, exact};

/// The list.
pub(super) const HERE: &str = "/okta/groups/rules";
const STATES: [RuleStatus; 3] = [
    RuleStatus::Active,
    RuleStatus::Inactive,
    RuleStatus::Invalid,
];

const fn label(status: RuleStatus) -> &'static str {
    match status {
        RuleStatus::Active => "Active",
        RuleStatus::Inactive => "Inactive",
        RuleStatus::Invalid => "Invalid",
    }
}

fn pill(status: RuleStatus) -> Pill {
    let tone = match status {
        RuleStatus::Active => Tone::Good,
        RuleStatus::Inactive => Tone::Quiet,
        RuleStatus::Invalid => Tone::Bad,
    };
    Pill::new(tone, label(status))
}

/// The rule with an id.
pub(super) fn rule_of(tx: &impl Reads, org: &Org, id: &str) -> Result<GroupRule> {
    let row = Addresses::new(tx, org).row(OktaKind::GroupRule, "Group rule", id)?;
    Ok(rules::get(tx, org.seq, row)?)
}

/// The page of a rule.
pub(super) fn address(addresses: Addresses, rule: Seq) -> String {
    format!("{HERE}/{}", addresses.id(OktaKind::GroupRule, rule))
}

/// The frame of a page about a rule.
pub(super) fn frame(who: &Who, title: &str) -> Page {
    who.page(Room::OktaGroups, title)
        .under("Groups", GROUPS)
        .under("Rules", HERE)
}

/// The list.
pub(in crate::web::rooms) async fn list(
    app: web::Data<App>,
    signed: SignedIn,
    ask: web::Query<Ask>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, _| {
        load_list(tx, who, org, &ask)
    })
    .await
}

fn load_list(tx: &Snapshot, who: &Who, org: &Org, ask: &Ask) -> Result<RulesPage> {
    let (text, url) = (ask.text().to_lowercase(), ask.url(HERE));
    let mut found = rules::all(tx, org.seq)?;
    found.retain(|rule| {
        (ask.state.is_empty() || ask.state == rule.status.name())
            && (rule.name.to_lowercase().contains(&text)
                || rule.expression.to_lowercase().contains(&text))
    });
    let (part, total) = (ask.part_in_order(PAGE), found.len() as u64);
    let skip = usize::try_from(part.skip).unwrap_or(usize::MAX);
    let addresses = Addresses::new(tx, org);
    let mut rows = Vec::new();
    for rule in found.into_iter().skip(skip).take(part.limit) {
        let groups = named_groups(tx, org, &rule)?;
        let names: Vec<String> = groups.into_iter().map(|link| link.text).collect();
        rows.push(RuleRow {
            name: Link::new(rule.name, address(addresses, rule.seq)),
            expression: rule.expression,
            groups: names.join(", "),
            status: pill(rule.status),
        });
    }
    let states = STATES.map(|state| (state.name(), label(state)));
    Ok(RulesPage {
        page: who.page(Room::OktaGroups, "Groups"),
        tabs: tabs(GroupsTab::Rules),
        create: rule_forms::NEW.into(),
        rows,
        list: List {
            caption: "Rules".into(),
            filter: Some(
                Filter::new(&url, "Search by name or condition")
                    .select(&url, "state", "Status", &states),
            ),
            columns: vec![
                Column::new("Rule"),
                Column::wide("Groups"),
                Column::new("Status"),
            ],
            pager: Pager::new(total, ask.page(), PAGE, ("rule", "rules"), &url),
            empty: ask.empty(
                total,
                &url,
                Empty::new(
                    "No rules",
                    "A rule puts people into groups because of what their profiles say.",
                    Link::new("Add rule", rule_forms::NEW),
                ),
            ),
        },
    })
}

fn named_groups(tx: &impl Reads, org: &Org, rule: &GroupRule) -> Result<Vec<Link>> {
    let addresses = Addresses::new(tx, org);
    let mut named = Vec::new();
    for group in &rule.groups {
        if let Some(group) = groups::find(tx, org.seq, *group)? {
            named.push(Link::new(group.name, addresses.group(group.seq)));
        }
    }
    Ok(named)
}

/// For whom a rule is previewed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct AskPreview {
    person: String,
}

/// One rule.
pub(in crate::web::rooms) async fn detail(
    app: web::Data<App>,
    signed: SignedIn,
    id: web::Path<String>,
    ask: web::Query<AskPreview>,
) -> Answered {
    show_org(&app, signed, move |tx, who, org, now| {
        load(tx, who, org, (&id, ask.person.trim()), now)
    })
    .await
}

fn load(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    (id, login): (&str, &str),
    now: Timestamp,
) -> Result<RulePage> {
    let rule = rule_of(tx, org, id)?;
    let addresses = Addresses::new(tx, org);
    let here = address(addresses, rule.seq);
    let only = |applies: bool, what: &str| {
        if applies {
            format!("{here}/{what}")
        } else {
            String::new()
        }
    };
    let mut excluded = Vec::new();
    for user in &rule.excluded {
        if let Some(user) = users::find(tx, org.seq, *user)? {
            excluded.push(Link::new(user.display_name(), addresses.user(user.seq)));
        }
    }
    let groups = named_groups(tx, org, &rule)?;
    Ok(RulePage {
        page: frame(who, &rule.name),
        status: pill(rule.status),
        activate: only(rule.status == RuleStatus::Inactive, "activate"),
        deactivate: only(rule.status == RuleStatus::Active, "deactivate"),
        edit: only(rule.status == RuleStatus::Inactive, "edit"),
        delete: only(rule.status != RuleStatus::Active, "delete"),
        note: (rule.status == RuleStatus::Invalid).then(|| {
            Notice::new(
                Tone::Bad,
                "A group of this rule was deleted.",
                "Delete the rule and add another one.",
            )
        }),
        preview: previewed(tx, who, org, &rule, login, now)?,
        facts: vec![
            Fact::code(
                "Rule ID",
                addresses.id(OktaKind::GroupRule, rule.seq).to_string(),
            ),
            Fact::text("Created", exact(rule.created)),
            Fact::text("Last updated", exact(rule.last_updated)),
        ],
        expression: rule.expression,
        groups,
        excluded,
    })
}

fn previewed(
    tx: &Snapshot,
    who: &Who,
    org: &Org,
    rule: &GroupRule,
    login: &str,
    now: Timestamp,
) -> Result<Preview> {
    let mut person = Field::new("person", "Preview an Okta user").value(login);
    let mut verdict = None;
    if !login.is_empty() {
        match users::by_login(tx, org.seq, login)? {
            None => person = person.error("Nobody in this org has this username."),
            Some(user) => {
                let administrator = administrator(who, org)?;
                let found = rules::preview(tx, &administrator, rule, user.seq, now)?;
                verdict = Some(said(found, &user.display_name()));
            }
        }
    }
    Ok(Preview {
        action: address(Addresses::new(tx, org), rule.seq),
        person,
        verdict,
    })
}

fn said(verdict: Verdict, name: &str) -> Notice {
    match verdict {
        Verdict::Matches => Notice::new(
            Tone::Good,
            format!("The rule puts {name} into its groups."),
            "While it is active.",
        ),
        Verdict::DoesNot => Notice::new(
            Tone::Info,
            format!("The rule does not match {name}."),
            "Its condition is false.",
        ),
        Verdict::Excluded => Notice::new(
            Tone::Info,
            format!("The rule leaves {name} alone."),
            "The person is excluded from it.",
        ),
        Verdict::NotActive => Notice::new(
            Tone::Info,
            format!("{name} is not activated."),
            "Rules leave people alone who are staged or deactivated.",
        ),
        Verdict::Fails(why) => Notice::new(
            Tone::Warn,
            format!("The condition cannot be evaluated for {name}."),
            why,
        ),
    }
}

/// *Activate*, *Deactivate*.
pub(in crate::web::rooms) async fn change(
    app: web::Data<App>,
    signed: SignedIn,
    path: web::Path<(String, String)>,
) -> Answered {
    type Operation = fn(
        &Write<'_>,
        &OrgAdministrator,
        Seq,
        Timestamp,
    ) -> crate::directory::okta::Result<GroupRule>;
    let (id, name) = path.into_inner();
    let (operation, said, next): (Operation, &str, &str) = match name.as_str() {
        "activate" => (
            rules::activate,
            "is active",
            "Everybody is evaluated; in a large org that takes a while.",
        ),
        "deactivate" => (
            rules::deactivate,
            "is inactive",
            "Whom it put into groups stays there.",
        ),
        _ => return Err(Error::not_found("Action", "").into()),
    };
    let back = format!("{HERE}/{id}");
    act_in_org(&app, signed, back, move |tx, org, administrator, now| {
        let rule = rule_of(tx, org, &id)?;
        let rule = operation(tx, administrator, rule.seq, now)?;
        Ok(Done::new(format!("{} {said}.", rule.name), next))
    })
    .await
}
