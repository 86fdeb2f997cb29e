//! *Provisioning* of an app: *To App* with its attribute mappings, *Integration*, and *Wire*.

use std::ops::Range;

use askama::Template;

use super::super::Page;
use super::super::exchange::Exchange;
use super::super::list::{Empty, List};
use super::super::parts::{Fact, Field, Link, Notice, Pill, Tab};

/// What *To App* sends or does not send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// *Create Users* and so on.
    pub label: &'static str,
    /// Whether it is on.
    pub state: Pill,
    /// What it means.
    pub help: String,
}

/// A row of *Attribute Mappings*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// Display name.
    pub title: String,
    /// Variable name.
    pub name: String,
    /// The expression; empty when nothing is mapped.
    pub expression: String,
    /// *Create* or *Create and update*; empty when nothing is mapped.
    pub apply: &'static str,
    /// What it gives for the person of the preview; empty when it gives nothing.
    pub value: String,
    /// Why it gives nothing for that person; empty when nothing is wrong.
    pub wrong: String,
    /// Address of the form.
    pub edit: String,
}

/// For whom mappings are previewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// GET: the page itself.
    pub action: String,
    /// The person, as `person`.
    pub person: Field,
    /// Whether values are shown.
    pub shown: bool,
}

/// *Settings > To App*.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/to_app.html")]
pub struct ToAppPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// The pages of *Settings*.
    pub settings: Vec<Tab>,
    /// Shown instead of the features until API integration is enabled.
    pub not_enabled: Option<Empty>,
    /// What is sent.
    pub features: Vec<Feature>,
    /// *Edit*.
    pub edit: String,
    /// POST: *Force Sync*; empty while nothing is provisioned.
    pub force: String,
    /// For whom mappings are previewed.
    pub preview: Preview,
    /// Headings of the mappings.
    pub list: List,
    /// The mappings.
    pub rows: Vec<MappingRow>,
}

/// A box to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Name in the form.
    pub name: &'static str,
    /// The label.
    pub label: &'static str,
    /// Whether it is ticked.
    pub on: bool,
    /// What it means; may be empty.
    pub help: String,
}

/// *To App*, *Edit*.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/to_app_form.html")]
pub struct ToAppForm {
    /// The frame.
    pub page: Page,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// What the form knew of the app.
    pub revision: String,
    /// The boxes.
    pub ticks: Vec<Tick>,
    /// *Sync Password*; none where the template has none.
    pub password: Option<Field>,
    /// Said where there is none.
    pub no_password: String,
    /// POST.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

/// *Settings > Integration*: the form, and what the last test said.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/integration.html")]
pub struct IntegrationPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// The pages of *Settings*.
    pub settings: Vec<Tab>,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// *Enable API integration*.
    pub enable: Tick,
    /// Base URL, token and so on.
    pub fields: Vec<Field>,
    /// *Import Groups*; none where the template has none.
    pub import_groups: Option<Tick>,
    /// What the form knew of the app.
    pub revision: String,
    /// POST: *Save*.
    pub save: String,
    /// POST: *Test API Credentials*; empty where nothing can be tested.
    pub test: String,
    /// The label of that button.
    pub test_label: &'static str,
    /// What the last test said.
    pub tested: Option<Notice>,
    /// What an app of the wizard can do, with a tick or a cross.
    pub abilities: Vec<(&'static str, Pill)>,
    /// What went over the wire.
    pub exchanges: Vec<Exchange>,
}

/// A page of *Settings*.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// *To App*.
    ToApp,
    /// *To Okta*.
    ToOkta,
    /// *Integration*.
    Integration,
    /// *Wire*, which Okta does not have.
    Wire,
}

/// The pages of *Settings* of the app at `base`; *To Okta* is only there where the template imports.
pub fn settings(base: &str, current: Setting, imports: bool) -> Vec<Tab> {
    [
        (Setting::ToApp, "To App", ""),
        (Setting::ToOkta, "To Okta", "/to-okta"),
        (Setting::Integration, "Integration", "/integration"),
        (Setting::Wire, "Wire", "/wire"),
    ]
    .into_iter()
    .filter(|(setting, ..)| imports || *setting != Setting::ToOkta)
    .map(|(setting, label, path)| Tab {
        link: Link::new(label, format!("{base}/provisioning{path}")),
        current: setting == current,
    })
    .collect()
}

/// *Settings > Wire*: what Okta fixes for everybody or leaves unpublished.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/wire.html")]
pub struct WirePage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// The pages of *Settings*.
    pub settings: Vec<Tab>,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// Which verbs the app uses, in words.
    pub verbs: &'static str,
    /// What is on or off.
    pub switches: Vec<Tick>,
    /// What is counted.
    pub fields: Vec<Field>,
    /// What the form knew of the app.
    pub revision: String,
    /// POST.
    pub action: String,
}

/// *Settings > To Okta*.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/to_okta.html")]
pub struct ToOktaPage {
    /// The frame; its title is the app's label.
    pub page: Page,
    /// *Active* or *Inactive*.
    pub status: Pill,
    /// The tabs.
    pub tabs: Vec<Tab>,
    /// *To App*, *To Okta*, *Integration*.
    pub settings: Vec<Tab>,
    /// Why nothing can be imported.
    pub note: Option<Notice>,
    /// *General*, *User Creation & Matching*, *Profile & Lifecycle Sourcing*.
    pub sections: Vec<(&'static str, Vec<Fact>)>,
    /// *Edit*; empty where nothing can be imported.
    pub edit: String,
    /// Headings of the mappings.
    pub list: List,
    /// The mappings: title, name, expression, when they are applied, and the address of the form. `value` and `wrong` are
    /// empty.
    pub rows: Vec<MappingRow>,
}

/// A part of *To Okta*, *Edit*.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormSection {
    /// Its heading.
    pub title: &'static str,
    /// Which of the form's fields stand in it, above the boxes.
    pub fields: Range<usize>,
    /// The boxes.
    pub ticks: Vec<Tick>,
}

/// *To Okta*, *Edit*.
#[derive(Debug, Clone, Template)]
#[template(path = "okta/to_okta_form.html")]
pub struct ToOktaForm {
    /// The frame.
    pub page: Page,
    /// What is wrong with the whole.
    pub error: Option<Notice>,
    /// What the form knew of the app.
    pub revision: String,
    /// The fields of all parts.
    pub fields: Vec<Field>,
    /// The parts.
    pub sections: Vec<FormSection>,
    /// POST.
    pub action: String,
    /// Where *Cancel* leads.
    pub cancel: String,
}

impl ToOktaForm {
    /// The fields of a part.
    pub fn fields_of(&self, section: &FormSection) -> &[Field] {
        self.fields.get(section.fields.clone()).unwrap_or_default()
    }
}
