//! Log entries: [`Story`] collects what happens to one object and becomes a
//! `LogEntry`. Step names and sentences are those of the provisioning logs.

use std::fmt::Display;

use serde_json::{Map, Value as Json, json};

use super::context::Run;
use super::objects::Scoping;
use super::reconcile::Difference;
use crate::clock::Stopwatch;
use crate::id::Seq;
use crate::mapping::Value;
use crate::model::{
    Action, ErrorInformation, Exchange, Identity, LogEntry, ModifiedProperty, ObjectRef, Status,
    Step, StepKind,
};

/// Name of the source in sentences.
const SOURCE: &str = "Microsoft Entra ID";
/// Name of the target in sentences.
const TARGET: &str = "customappsso";
/// What a redacted value is shown as.
pub(super) const REDACTED: &str = "[Redact]";
/// Exchanges that one entry keeps; a group with thousands of new members makes more.
const KEPT_EXCHANGES: usize = 20;

/// What happens to one object, from import to export.
pub(super) struct Story {
    watch: Stopwatch,
    object: ObjectRef,
    /// What steps call it: user principal name or name of the group.
    name: String,
    source: Identity,
    target_id: String,
    steps: Vec<Step>,
    exchanges: Vec<Exchange>,
    modified: Vec<ModifiedProperty>,
    unkept: usize,
}

impl Story {
    /// Begins with the import step.
    pub(super) fn begin(object: ObjectRef, name: &str, source: Identity) -> Self {
        Self {
            watch: Stopwatch::start(),
            object,
            name: name.to_owned(),
            source,
            target_id: String::new(),
            steps: Vec::with_capacity(5),
            exchanges: Vec::with_capacity(2),
            modified: Vec::new(),
            unkept: 0,
        }
    }

    fn kind(&self) -> &'static str {
        self.object.kind.name()
    }

    fn subject(&self) -> String {
        format!("{} '{}'", self.kind(), self.name)
    }

    fn step(
        &mut self,
        name: &str,
        kind: StepKind,
        status: Status,
        description: String,
    ) -> &mut Step {
        self.steps.push(Step {
            name: name.to_owned(),
            kind,
            status,
            description,
            details: Map::new(),
        });
        self.steps.last_mut().expect("a step was pushed above")
    }

    pub(super) fn sent(&mut self, exchange: Exchange) {
        if self.exchanges.len() < KEPT_EXCHANGES {
            self.exchanges.push(exchange);
        } else {
            self.unkept += 1;
            // The newest says how it ended.
            self.exchanges[KEPT_EXCHANGES - 1] = exchange;
        }
    }

    pub(super) fn target(&mut self, id: &str) {
        id.clone_into(&mut self.target_id);
    }

    /// A cycle received a change: `Add`, `Update` or `Delete`.
    pub(super) fn imported(&mut self, change: &str) {
        let text = format!(
            "Received {} change of type ({change}) from {SOURCE}",
            self.subject()
        );
        let name = format!("EntryImport{change}");
        self.step(&name, StepKind::Import, Status::Success, text);
    }

    /// Somebody asked for the object: its attributes are shown, those that a cycle leaves out of its entries.
    pub(super) fn retrieved(&mut self, attributes: Map<String, Json>) {
        let text = format!("Retrieved {} from {SOURCE}", self.subject());
        self.step("EntryImport", StepKind::Import, Status::Success, text)
            .details = attributes;
    }

    /// Adds to the matching step what the target shows of the object.
    pub(super) fn shown_by_target(&mut self, attributes: Map<String, Json>) {
        if let Some(step) = self.steps.last_mut()
            && step.kind == StepKind::Matching
        {
            step.details.extend(attributes);
        }
    }

    pub(super) fn scoped(&mut self, scoping: &Scoping) {
        let text = format!(
            "Determine if {} in scope by evaluating against each scoping filter",
            self.kind()
        );
        let entitled = scoping.active && scoping.assigned && scoping.passes;
        let status = if entitled {
            Status::Success
        } else {
            Status::Skipped
        };
        let filters: Map<String, Json> = scoping
            .clauses
            .iter()
            .map(|(clause, satisfied)| (clause.clone(), word(*satisfied)))
            .collect();
        let details = [
            ("IsActive", word(scoping.active)),
            ("Assigned", word(scoping.assigned)),
            ("IsEffectivelyEntitledForProvisioning", word(entitled)),
            ("IsInProvisioningScopeDisplayName", word(scoping.passes)),
            ("ScopeSyncAll", word(scoping.everyone)),
            // The service has a JSON text here.
            (
                "ScopeEvaluationResult",
                json!(Json::Object(filters).to_string()),
            ),
        ];
        self.step(
            "EntrySynchronizationScoping",
            StepKind::Scoping,
            status,
            text,
        )
        .details = details
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect();
    }

    pub(super) fn matched(&mut self, by: &str, found: bool) {
        let text = if found {
            format!("Retrieved  '{}' from {TARGET}", self.name)
        } else {
            format!("No matching {} was found in {TARGET}", self.kind())
        };
        let step = self.step("EntryImport", StepKind::Matching, Status::Success, text);
        step.details.insert("MatchingAttributes".into(), json!(by));
    }

    pub(super) fn will(&mut self, name: &str, verb: &str, because: &str) {
        let text = format!("{} will be {verb} in {TARGET} ({because})", self.subject());
        let kind = if name == "EntrySynchronizationAdd" {
            StepKind::Matching
        } else {
            StepKind::Processing
        };
        self.step(name, kind, Status::Success, text);
    }

    /// Attributes that an expression kept from being sent, with the reason.
    pub(super) fn unsent(&mut self, attributes: Map<String, Json>) {
        if let Some(step) = self.steps.last_mut()
            && !attributes.is_empty()
        {
            step.status = Status::Warning;
            step.details
                .insert("NotSent".into(), Json::Object(attributes));
        }
    }

    pub(super) fn resolved(&mut self, status: Status, text: impl Display) {
        self.step(
            "EntryReferenceResolution",
            StepKind::ReferenceResolution,
            status,
            text.to_string(),
        );
    }

    pub(super) fn modified(&mut self, name: &str, old: Option<String>, new: Option<String>) {
        self.modified.push(ModifiedProperty {
            display_name: name.to_owned(),
            old_value: old,
            new_value: new,
        });
    }

    pub(super) fn differences(&mut self, differences: &[Difference]) {
        for difference in differences {
            let shown = |value: &Value| shown(value, difference.redacted);
            self.modified(
                difference.target.as_str(),
                difference.old.as_ref().map(shown),
                Some(&difference.new)
                    .filter(|new| !new.is_null())
                    .map(shown),
            );
        }
    }

    /// Ends well: `verb` is what was done, such as `was created in`.
    pub(super) fn exported(
        mut self,
        run: &Run,
        name: &str,
        verb: &str,
        action: Action,
    ) -> LogEntry {
        let text = format!("{} {verb} {TARGET}", self.subject());
        let reportable = json!(self.name);
        self.step(name, StepKind::Export, Status::Success, text)
            .details
            .insert("ReportableIdentifier".into(), reportable);
        self.finish(run, action, Status::Success, None)
    }

    /// Ends with an error in the step `name`.
    pub(super) fn failed(
        mut self,
        run: &Run,
        name: &str,
        verb: &str,
        action: Action,
        error: ErrorInformation,
    ) -> LogEntry {
        let kind = if name.starts_with("EntryExport") {
            StepKind::Export
        } else {
            StepKind::Matching
        };
        let text = format!("Failed to {verb} {} in {TARGET}", self.subject());
        self.step(name, kind, Status::Failure, text);
        self.finish(run, action, Status::Failure, Some(error))
    }

    /// Ends without anything done.
    pub(super) fn skipped(mut self, run: &Run, code: &str, reason: String) -> LogEntry {
        let details = json!(code);
        self.step(
            "EntrySynchronizationSkip",
            StepKind::Processing,
            Status::Skipped,
            reason.clone(),
        )
        .details
        .insert("SkipReason".into(), details);
        let error = ErrorInformation {
            error_code: code.to_owned(),
            reason,
            recommended_action: None,
        };
        self.finish(run, Action::Other, Status::Skipped, Some(error))
    }

    /// Ends with a status and an optional error.
    pub(super) fn finish(
        mut self,
        run: &Run,
        action: Action,
        status: Status,
        error: Option<ErrorInformation>,
    ) -> LogEntry {
        if self.unkept > 0
            && let Some(step) = self.steps.last_mut()
        {
            let text = format!("{} requests were left out of this entry", self.unkept);
            step.details.insert("Requests".into(), json!(text));
        }
        LogEntry {
            seq: Seq(0),
            job: run.key.job,
            cycle_id: run.cycle_id,
            activity_date_time: run.now(),
            kind: self.object.kind,
            object: self.object.seq,
            action,
            status,
            error,
            duration_in_milliseconds: u64::try_from(self.watch.elapsed().as_millis())
                .unwrap_or(u64::MAX),
            // What the steps call it, so that it can be looked for, also where there is nothing yet.
            target: Identity {
                display_name: self.name,
                id: self.target_id,
            },
            source: self.source,
            initiated_by: run.on_demand.as_ref().map(|asked| asked.by.clone()),
            steps: self.steps,
            modified_properties: self.modified,
            exchanges: self.exchanges,
        }
    }

    /// The sentence for an object without difference.
    pub(super) fn redundant(&self) -> String {
        format!(
            "The state of the {} in both the source and target systems already match. No change to the {} currently needs to be made.",
            self.kind().to_lowercase(),
            self.subject()
        )
    }

    /// The sentence for an object that is not entitled.
    pub(super) fn not_entitled(&self, because: &str) -> String {
        format!(
            "The {} will be skipped. The {} in {SOURCE} is not effectively entitled: {because}.",
            self.subject(),
            self.kind()
        )
    }
}

/// The service's spelling of a Boolean.
fn word(flag: bool) -> Json {
    json!(if flag { "True" } else { "False" })
}

/// A value as the log shows it.
pub(super) fn shown(value: &Value, redacted: bool) -> String {
    if redacted {
        return REDACTED.to_owned();
    }
    match value.as_text() {
        Some(text) => text.to_owned(),
        None => value.to_json().to_string(),
    }
}
