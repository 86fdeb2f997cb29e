//! What *Edit Attribute* sends: from a mapping, to a mapping, and to the fields of the page.

use serde::Deserialize;

use super::super::super::super::console::entra::mappings::Marked;
use super::super::super::super::console::parts::{Choice, Field};
use super::super::super::super::failure::sentence;
use super::Loaded;
use crate::mapping::entra::{
    AttributeMapping, Computation, Expression, FlowType, MappingSource, ParseError, TargetPath,
};
use crate::model::{Direction, ObjectKind};

/// What was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::web::rooms) struct Typed {
    pub(super) step: String,
    pub(super) revision: String,
    pub(super) person: String,
    #[serde(rename = "type")]
    kind: String,
    source: String,
    expression: String,
    constant: String,
    default: String,
    target: String,
    #[serde(rename = "match")]
    matches: String,
    precedence: String,
    apply: String,
}

/// What is wrong with what was typed.
#[derive(Debug, Default)]
pub(super) struct Faults {
    fields: Vec<(&'static str, String)>,
    pub(super) expression: Option<Marked>,
}

impl Faults {
    pub(super) fn one(field: &'static str, detail: &str) -> Self {
        let mut faults = Self::default();
        faults.add(field, detail);
        faults
    }

    fn add(&mut self, field: &'static str, detail: &str) {
        self.fields.push((field, sentence(detail)));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn of(&self, field: &str) -> String {
        let mut of = self.fields.iter().filter(|(name, _)| *name == field);
        of.next()
            .map_or_else(String::new, |(_, detail)| detail.clone())
    }
}

/// What a test computes with: the part of the form that decides the value. What else is wrong with the form does
/// not matter to it.
pub(super) struct Draft {
    pub(super) source: MappingSource,
    target: Option<TargetPath>,
    default_value: Option<String>,
    flow: FlowType,
}

impl Draft {
    pub(super) fn computation(&self) -> Computation<'_> {
        Computation {
            source: &self.source,
            target: self.target.as_ref(),
            default_value: self.default_value.as_deref(),
            flow: self.flow,
        }
    }
}

/// The portal's word for a kind of source.
pub(super) const fn type_of(source: &MappingSource) -> &'static str {
    match source {
        MappingSource::Direct(_) => "Direct",
        MappingSource::Constant(_) => "Constant",
        MappingSource::Expression(_) => "Expression",
        MappingSource::None => "None",
    }
}

impl Typed {
    /// A new mapping.
    pub(super) fn empty(person: &str) -> Self {
        Self {
            kind: "Direct".to_owned(),
            apply: FlowType::Always.name().to_owned(),
            person: person.to_owned(),
            ..Self::default()
        }
    }

    /// The mapping as it is.
    pub(super) fn of(mapping: &AttributeMapping, person: &str) -> Self {
        let mut typed = Self {
            kind: type_of(&mapping.source).to_owned(),
            default: mapping.default_value.clone().unwrap_or_default(),
            target: mapping.target.to_string(),
            apply: mapping.flow.name().to_owned(),
            ..Self::empty(person)
        };
        if mapping.matching_priority > 0 {
            "yes".clone_into(&mut typed.matches);
            typed.precedence = mapping.matching_priority.to_string();
        }
        match &mapping.source {
            MappingSource::Direct(name) => typed.source.clone_from(name),
            MappingSource::Constant(text) => typed.constant.clone_from(text),
            MappingSource::Expression(expression) => typed.expression = expression.to_string(),
            MappingSource::None => {}
        }
        typed
    }

    /// Browsers send CR LF.
    fn expression(&self) -> String {
        self.expression.replace("\r\n", "\n")
    }

    /// What can be tested; `None` while the source cannot be read.
    pub(super) fn draft(&self, faults: &mut Faults) -> Option<Draft> {
        Some(Draft {
            source: self.source(faults)?,
            target: TargetPath::parse(self.target.trim()).ok(),
            default_value: self.default_value(),
            flow: self.flow().unwrap_or_default(),
        })
    }

    fn default_value(&self) -> Option<String> {
        Some(self.default.clone()).filter(|text| !text.is_empty())
    }

    fn flow(&self) -> Option<FlowType> {
        let mut flows = FlowType::ALL.into_iter();
        flows.find(|flow| flow.name() == self.apply)
    }

    /// Where the value comes from, by the chosen type.
    fn source(&self, faults: &mut Faults) -> Option<MappingSource> {
        match self.kind.as_str() {
            "Direct" => {
                let name = self.source.trim();
                let name = name
                    .strip_prefix('[')
                    .and_then(|n| n.strip_suffix(']'))
                    .unwrap_or(name);
                if name.is_empty() {
                    faults.add("source", "choose the source attribute");
                    return None;
                }
                Some(MappingSource::Direct(name.to_owned()))
            }
            "Constant" if self.constant.is_empty() => {
                faults.add("constant", "enter the constant value");
                None
            }
            "Constant" => Some(MappingSource::Constant(self.constant.clone())),
            "Expression" => {
                let text = self.expression();
                if text.trim().is_empty() {
                    faults.add("expression", "enter an expression");
                    return None;
                }
                match Expression::parse(&text) {
                    Ok(expression) => Some(MappingSource::Expression(expression)),
                    Err(error) => {
                        let (place, marked) = fault(&text, &error);
                        faults.add("expression", &format!("{place}: {}", error.message));
                        faults.expression = Some(marked);
                        None
                    }
                }
            }
            "None" => Some(MappingSource::None),
            _ => {
                faults.add("type", "choose a mapping type");
                None
            }
        }
    }

    /// The mapping that was typed, which keeps what the form does not show of an old one.
    pub(super) fn mapping(
        &self,
        old: Option<&AttributeMapping>,
    ) -> Result<AttributeMapping, Box<Faults>> {
        let mut faults = Faults::default();
        let source = self.source(&mut faults);
        let target = match TargetPath::parse(self.target.trim()) {
            Ok(target) => Some(target),
            Err(_) if self.target.trim().is_empty() => {
                faults.add("target", "choose the target attribute");
                None
            }
            Err(error) => {
                faults.add("target", error.reason);
                None
            }
        };
        let precedence = self.precedence(&mut faults);
        let flow = self.flow();
        if flow.is_none() {
            faults.add("apply", "choose when the mapping applies");
        }
        let default_value = self.default_value();
        if matches!(source, Some(MappingSource::None)) && default_value.is_none() {
            faults.add("default", "a mapping without source needs a default value");
        }
        let (Some(source), Some(target), true) = (source, target, faults.is_empty()) else {
            return Err(Box::new(faults));
        };
        let mapping = match old {
            Some(old) => AttributeMapping {
                source,
                target,
                ..old.clone()
            },
            None => AttributeMapping::new(source, target),
        };
        Ok(AttributeMapping {
            default_value,
            matching_priority: precedence,
            flow: flow.unwrap_or_default(),
            ..mapping
        })
    }

    fn precedence(&self, faults: &mut Faults) -> u32 {
        if self.matches != "yes" {
            return 0;
        }
        match self.precedence.trim().parse() {
            Ok(0) | Err(_) => {
                let detail = "enter a whole number from 1; the lowest is tried first";
                faults.add("precedence", detail);
                0
            }
            Ok(precedence) => precedence,
        }
    }
}

/// The place in a text of several lines, and what is wrong there.
fn fault(text: &str, error: &ParseError) -> (String, Marked) {
    let offset = text.floor_char_boundary(error.position.offset);
    let before = &text[..offset];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    // What was found is shortened for sentences; what is marked must stand in the text.
    let length = if text[offset..].starts_with(&error.found) {
        error.found.len()
    } else {
        text[offset..].chars().next().map_or(0, char::len_utf8)
    };
    (
        format!("Line {line}, column {column}"),
        Marked::at(text, offset, length),
    )
}

/// The fields of the page.
pub(super) struct Fields {
    pub(super) kind: Field,
    pub(super) source: Field,
    pub(super) expression: Field,
    pub(super) constant: Field,
    pub(super) others: Vec<Field>,
    pub(super) person: Field,
}

/// The form as it was typed, with what is wrong at its field.
pub(super) fn fields(loaded: &Loaded, kind: ObjectKind, typed: &Typed, faults: &Faults) -> Fields {
    let wrong = |field: Field| {
        let error = faults.of(&field.name);
        field.error(error)
    };
    let choices = |all: &[(&str, &str)]| {
        all.iter()
            .map(|(value, label)| Choice::new(*value, *label))
            .collect::<Vec<_>>()
    };
    Fields {
        kind: wrong(
            Field::new("type", "Mapping type")
                .choices(choices(&[
                    ("Direct", "Direct"),
                    ("Constant", "Constant"),
                    ("Expression", "Expression"),
                    ("None", "None"),
                ]))
                .value(&typed.kind),
        ),
        source: wrong(
            Field::new("source", "Source attribute")
                .suggestions(sources(loaded, kind))
                .value(&typed.source),
        ),
        expression: wrong(
            Field::new("expression", "Expression")
                .lines(5)
                .value(typed.expression())
                .help("For example Join(\" \", [givenName], [surname])."),
        ),
        constant: wrong(
            Field::new("constant", "Constant value")
                .max_length(1_024)
                .value(&typed.constant),
        ),
        others: vec![
            wrong(
                Field::new("default", "Default value if null")
                    .max_length(1_024)
                    .value(&typed.default)
                    .help("Used while an object is created, never on an update."),
            ),
            wrong(
                Field::new("target", "Target attribute")
                    .required()
                    .max_length(512)
                    .suggestions(targets(loaded, kind))
                    .value(&typed.target),
            ),
            wrong(
                Field::new("match", "Match objects using this attribute")
                    .choices(choices(&[("no", "No"), ("yes", "Yes")]))
                    .value(if typed.matches == "yes" { "yes" } else { "no" }),
            ),
            wrong(
                Field::new("precedence", "Matching precedence")
                    .max_length(9)
                    .value(&typed.precedence)
                    .help("A whole number from 1, each only once. The lowest is tried first."),
            ),
            wrong(
                Field::new("apply", "Apply this mapping")
                    .choices(applies(&typed.apply))
                    .value(&typed.apply),
            ),
        ],
        person: wrong(
            Field::new("person", "Test with")
                .max_length(200)
                .value(&typed.person)
                .help(match kind {
                    _ if loaded.job.direction == Direction::Inbound => {
                        "The externalId or a part of the name of somebody of the latest uploads."
                    }
                    ObjectKind::User => "A user principal name, a part of a name, or an object id.",
                    ObjectKind::Group => "A part of the name of a group, or an object id.",
                }),
        ),
    }
}

/// What the portal offers, and what an import brought.
fn applies(present: &str) -> Vec<Choice> {
    let portal = [FlowType::Always, FlowType::ObjectAddOnly];
    FlowType::ALL
        .into_iter()
        .filter(|flow| portal.contains(flow) || flow.name() == present)
        .map(|flow| Choice::new(flow.name(), flow.label()))
        .collect()
}

/// Source attributes to choose from: those of the list, the tenant's directory extensions, and what the mappings read
/// besides.
pub(super) fn source_names(loaded: &Loaded, kind: ObjectKind) -> Vec<String> {
    let mapping = loaded.mapping(kind);
    let listed = mapping.source_definitions().iter().map(|a| a.name.as_str());
    let mut names: Vec<String> = listed.map(str::to_owned).collect();
    // Directory extensions are the tenant's, which an inbound job does not read.
    let inbound = loaded.job.direction == Direction::Inbound;
    let extensions = loaded.tenant.extensions.iter().filter(|_| !inbound);
    let defined = extensions.filter(|extension| extension.target == kind);
    let besides = defined.map(|extension| extension.name.as_str());
    for name in besides.chain(mapping.unknown_source_attributes()) {
        if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

fn sources(loaded: &Loaded, kind: ObjectKind) -> Vec<Choice> {
    let names = source_names(loaded, kind);
    names
        .into_iter()
        .map(|name| Choice::new(&name, &name))
        .collect()
}

/// Target attributes to choose from: those of the list, and those that are mapped besides.
fn targets(loaded: &Loaded, kind: ObjectKind) -> Vec<Choice> {
    let mapping = loaded.mapping(kind);
    let listed = mapping.target_definitions();
    let own = mapping.attributes.iter().map(|m| m.target.as_str());
    let own = own.filter(|name| !listed.iter().any(|attribute| attribute.is_named(name)));
    let inbound = loaded.job.direction == Direction::Inbound;
    let extensions = loaded.tenant.extensions.iter().filter(|_| inbound);
    let defined = extensions.filter(|extension| extension.target == kind);
    listed
        .iter()
        .map(|attribute| attribute.name.as_str())
        .chain(own)
        .chain(defined.map(|extension| extension.name.as_str()))
        .map(|name| Choice::new(name, name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::entra::non_gallery;

    fn typed(kind: &str, text: &str) -> Typed {
        Typed {
            kind: kind.to_owned(),
            source: text.to_owned(),
            expression: text.to_owned(),
            constant: text.to_owned(),
            target: "title".to_owned(),
            ..Typed::empty("")
        }
    }

    #[test]
    fn a_mapping_survives_the_form() {
        let rules = non_gallery();
        for mapping in rules
            .users
            .attributes
            .iter()
            .chain(&rules.groups.attributes)
        {
            let again = Typed::of(mapping, "").mapping(Some(mapping)).unwrap();
            assert_eq!(again, *mapping);
        }
    }

    #[test]
    fn the_place_of_a_fault_counts_lines_and_columns() {
        let text = "Join(\" \",\r\n  [givenName] [surname])";
        let faults = typed("Expression", text).mapping(None).unwrap_err();
        let said = faults.of("expression");
        assert!(said.starts_with("Line 2, column 15: "), "{said}");
        let fault = faults.expression.unwrap();
        assert!(fault.before.ends_with("[givenName] "), "{fault:?}");
        assert!(fault.fault.starts_with('['), "{fault:?}");
    }

    #[test]
    fn every_fault_is_said_at_its_field() {
        for (typed, field) in [
            (typed("Direct", " "), "source"),
            (typed("Constant", ""), "constant"),
            (typed("Expression", "Foo()"), "expression"),
            (typed("None", ""), "default"),
            (typed("Other", ""), "type"),
            (
                Typed {
                    target: "a b".to_owned(),
                    ..typed("Direct", "mail")
                },
                "target",
            ),
            (
                Typed {
                    matches: "yes".to_owned(),
                    precedence: "first".to_owned(),
                    ..typed("Direct", "mail")
                },
                "precedence",
            ),
            (
                Typed {
                    apply: "never".to_owned(),
                    ..typed("Direct", "mail")
                },
                "apply",
            ),
        ] {
            let faults = typed.mapping(None).unwrap_err();
            assert!(!faults.of(field).is_empty(), "{field}: {faults:?}");
        }
        let mapping = typed("Direct", "[mail]").mapping(None).unwrap();
        assert_eq!(mapping.source, MappingSource::Direct("mail".to_owned()));
    }
}
