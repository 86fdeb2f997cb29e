//! Follows every link and sends every form of the console as each role would see them: nothing answers with
//! a 5xx, and nobody is shown a link or a button that is then refused.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use scimlab::model::Role;

use crate::browser::{Appliance, Browser, EMAIL, Page};

/// Pages with ids are visited this often: the rest of a list looks like its beginning.
const OF_A_KIND: usize = 3;

/// Whether nothing is sent there: it would take those away whose turn is still to come.
fn takes_away(action: &str) -> bool {
    let of_a_member = action.starts_with("/team/members/");
    action == "/logout"
        || action.starts_with("/team/authentication/built-in/")
        || of_a_member && (action.ends_with("/deactivate") || action.ends_with("/remove"))
}

/// A form as a page offers it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Form {
    action: String,
    fields: Vec<(String, String)>,
}

/// What stands between two marks, and what follows it.
fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<(&'t str, &'t str)> {
    let (_, rest) = text.split_once(from)?;
    rest.split_once(to)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = between(tag, &format!(" {name}=\""), "\"")?.0;
    Some(
        value
            .replace("&#38;", "&")
            .replace("&amp;", "&")
            .replace("&#34;", "\"")
            .replace("&#39;", "'"),
    )
}

/// The forms of a page that are posted, filled in as they are drawn; empty fields get a word.
fn forms(page: &Page) -> Vec<Form> {
    let mut found = Vec::new();
    let mut rest = page.body.as_str();
    while let Some((head, after)) = between(rest, "<form", ">") {
        let (inside, after) = after.split_once("</form>").unwrap();
        rest = after;
        if attribute(head, "method").as_deref() != Some("post") {
            continue;
        }
        let mut fields = Vec::new();
        for tag in inside.split('<').filter_map(|tag| tag.split_once('>')) {
            let tag = tag.0;
            let Some(name) = attribute(tag, "name") else {
                continue;
            };
            let kind = attribute(tag, "type").unwrap_or_default();
            if matches!(kind.as_str(), "checkbox" | "radio") && !tag.contains(" checked") {
                continue;
            }
            let value = attribute(tag, "value").unwrap_or_default();
            let value = if value.is_empty() && kind != "hidden" {
                "word".to_owned()
            } else {
                value
            };
            fields.push((name, value));
        }
        found.push(Form {
            action: attribute(head, "action").unwrap_or_default(),
            fields,
        });
    }
    found
}

/// An address without its ids and without what a list was asked: pages of one kind look alike.
fn kind(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    path.split('/')
        .map(|part| {
            let id = part.chars().any(|c| c.is_ascii_digit());
            if id { "*" } else { part }
        })
        .collect::<Vec<_>>()
        .join("/")
}

struct Crawl<'b> {
    browser: &'b Browser,
    who: &'static str,
    seen: BTreeSet<String>,
    kinds: BTreeMap<String, usize>,
    waiting: VecDeque<String>,
    forms: BTreeSet<Form>,
}

impl<'b> Crawl<'b> {
    fn new(browser: &'b Browser, who: &'static str) -> Self {
        Self {
            browser,
            who,
            seen: BTreeSet::new(),
            kinds: BTreeMap::new(),
            waiting: VecDeque::from(["/".to_owned()]),
            forms: BTreeSet::new(),
        }
    }

    fn offer(&mut self, address: &str) {
        let address = address.split('#').next().unwrap_or_default();
        let ours = address.starts_with('/') && !address.starts_with("/static/");
        if !ours || !self.seen.insert(address.to_owned()) {
            return;
        }
        let visits = self.kinds.entry(kind(address)).or_default();
        *visits += 1;
        if *visits <= OF_A_KIND {
            self.waiting.push_back(address.to_owned());
        }
    }

    /// Opens everything that a link leads to, and collects the forms.
    fn follow(&mut self) {
        while let Some(address) = self.waiting.pop_front() {
            let page = self.browser.get(&address);
            let who = self.who;
            assert!(
                page.status < 400,
                "{who} {address}: {} {}",
                page.status,
                page.body
            );
            if page.status >= 300 {
                self.offer(&page.location);
                continue;
            }
            for tag in page.body.split("<a ").skip(1) {
                let tag = tag.split('>').next().unwrap_or_default();
                if let Some(link) = attribute(&format!(" {tag}"), "href") {
                    self.offer(&link);
                }
            }
            self.forms.extend(forms(&page));
        }
    }

    /// Sends every form once, and follows where it leads.
    fn send(&mut self) {
        let mut sent = BTreeMap::<String, usize>::new();
        loop {
            let next = self.forms.iter().find(|form| {
                let times = sent.get(&kind(&form.action)).copied().unwrap_or_default();
                !takes_away(&form.action) && times < OF_A_KIND
            });
            let Some(form) = next.cloned() else {
                break;
            };
            self.forms.remove(&form);
            *sent.entry(kind(&form.action)).or_default() += 1;
            let fields: Vec<_> = form
                .fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            let page = self.browser.post(&form.action, &fields);
            let who = self.who;
            assert!(
                page.status < 500,
                "{who} {form:?}: {} {}",
                page.status,
                page.body
            );
            // Offered, so it must be allowed; what it does may be refused for other reasons.
            page.says_not("Your roles in this team do not allow this");
            page.says_not("This belongs to the operators of the appliance");
            if page.status == 303 {
                let shown = self.browser.get(&page.location);
                assert!(shown.status < 500, "{who} {form:?}: {}", shown.body);
            }
        }
    }
}

#[test]
fn every_link_and_form_works_for_whoever_is_shown_it() {
    let appliance = Appliance::with_people(&[
        ("super@example.com", &[Role::SuperAdmin]),
        ("admin@example.com", &[Role::Admin]),
        ("billing@example.com", &[Role::Billing]),
        ("developer@example.com", &[Role::Developer]),
        ("community@example.com", &[Role::CommunityManager]),
    ]);
    // Those who can do least come first: they leave the most for the others.
    for (who, least) in [
        ("community@example.com", 3),
        ("developer@example.com", 3),
        ("billing@example.com", 3),
        ("admin@example.com", 8),
        ("super@example.com", 8),
        (EMAIL, 25),
    ] {
        let browser = appliance.person(who);
        let mut crawl = Crawl::new(&browser, who);
        crawl.follow();
        let pages = crawl.kinds.len();
        assert!(
            pages >= least,
            "{who} found {pages} kinds of pages only: {:?}",
            crawl.kinds
        );
    }
    for who in [
        "community@example.com",
        "developer@example.com",
        "billing@example.com",
        "admin@example.com",
        "super@example.com",
        EMAIL,
    ] {
        let browser = appliance.person(who);
        let mut crawl = Crawl::new(&browser, who);
        crawl.follow();
        crawl.send();
    }
}
