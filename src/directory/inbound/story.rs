//! [`Story`]: what happens to one uploaded user becomes an entry of the provisioning log. The four kinds of steps are
//! those of the quickstart (*Import from API*, *Match user*, *Determine if User is in scope*, *Provision User*); names and
//! sentences follow entra.md 7.4. A manager who has not come is no failure (entra.md 8.4 no. 5): the user's own entry says
//! who is waited for, with the code of the reference and the status of what is done but for a part.

use serde_json::{Map, Value as Json, json};

use super::references::Reference;
use super::{Ended, Run};
use crate::directory::get_user;
use crate::error::Result;
use crate::id::Seq;
use crate::mapping::entra::{FilterVerdict, ScopingFilter, Source, Standing};
use crate::model::{
    Action, DirectoryUser, ErrorInformation, Identity, LogEntry, ModifiedProperty, ObjectKind,
    Status, Step, StepKind,
};
use crate::store::logs;

/// Name of the source in sentences.
const SOURCE: &str = "API";
/// Name of the target in sentences.
const TARGET: &str = "Microsoft Entra ID";

pub(super) struct Story {
    /// What the steps call it: `userName`, else the anchor.
    name: String,
    source: Identity,
    target: Identity,
    object: Seq,
    steps: Vec<Step>,
    pub(super) modified: Vec<ModifiedProperty>,
}

impl Story {
    /// Of an uploaded user.
    pub(super) fn new(anchor: &str, source: &Source) -> Self {
        let text = |name: &str| source.get(name).as_text().map(str::to_owned);
        let name = text("userName").unwrap_or_else(|| anchor.to_owned());
        Self {
            source: Identity {
                id: anchor.to_owned(),
                display_name: text("displayName").unwrap_or_else(|| name.clone()),
            },
            target: Identity {
                id: String::new(),
                display_name: name.clone(),
            },
            name,
            object: Seq(0),
            steps: Vec::new(),
            modified: Vec::new(),
        }
    }

    /// Of a user of the directory whom another upload changes: a report whose manager has come.
    pub(super) fn of_user(user: &DirectoryUser) -> Self {
        let name = user.user_principal_name.clone();
        let mut story = Self {
            source: Identity {
                id: user.text("employeeId").unwrap_or_default().to_owned(),
                display_name: user.display_name().to_owned(),
            },
            target: Identity::default(),
            name,
            object: Seq(0),
            steps: Vec::new(),
            modified: Vec::new(),
        };
        story.is(user);
        story
    }

    /// Says who it is in the directory.
    pub(super) fn is(&mut self, user: &DirectoryUser) {
        self.object = user.seq;
        self.target = Identity {
            id: user.id.to_string(),
            display_name: user.user_principal_name.clone(),
        };
    }

    fn step(
        &mut self,
        name: &str,
        kind: StepKind,
        status: Status,
        description: String,
        details: Map<String, Json>,
    ) {
        self.steps.push(Step {
            name: name.to_owned(),
            kind,
            status,
            description,
            details,
        });
    }

    /// *Import from API*: the user as it was uploaded.
    pub(super) fn imported(&mut self, source: &Source) {
        let text = format!("Received User '{}' from {SOURCE}", self.name);
        let details = source
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_json()))
            .collect();
        let (kind, status) = (StepKind::Import, Status::Success);
        self.step("EntryImport", kind, status, text, details);
    }

    /// *Match user*: by which attribute, and whom.
    pub(super) fn matched(&mut self, by: &str, found: Option<&DirectoryUser>) {
        let text = match found {
            Some(user) => {
                self.is(user);
                format!("Retrieved  '{}' from {TARGET}", user.user_principal_name)
            }
            None => format!("No matching User was found in {TARGET}"),
        };
        let mut details = Map::new();
        details.insert("MatchingAttributes".into(), json!(by));
        let (kind, status) = (StepKind::Matching, Status::Success);
        self.step("EntryImport", kind, status, text, details);
    }

    /// *Determine if User is in scope*: each clause of each filter, and the verdict.
    pub(super) fn scoped(&mut self, filters: &[ScopingFilter], verdict: &FilterVerdict) {
        let passes = verdict.standing == Standing::InScope;
        let word = |flag: bool| json!(if flag { "True" } else { "False" });
        let clauses: Map<String, Json> = filters
            .iter()
            .flat_map(ScopingFilter::labels)
            .zip(&verdict.clauses)
            .map(|(label, clause)| (label, word(clause.satisfied)))
            .collect();
        let details = [
            ("IsInProvisioningScopeDisplayName", word(passes)),
            (
                "ScopeEvaluationResult",
                json!(Json::Object(clauses).to_string()),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value));
        let status = if passes {
            Status::Success
        } else {
            Status::Skipped
        };
        self.step(
            "EntrySynchronizationScoping",
            StepKind::Scoping,
            status,
            "Determine if User in scope by evaluating against each scoping filter".into(),
            details.into_iter().collect(),
        );
    }

    /// The user is as the operation says, but for a manager with this anchor.
    pub(super) fn written(self, action: Action, user: Seq, manager: Option<String>) -> Applied {
        self.ends(End::Written {
            action,
            user,
            manager,
        })
    }

    /// There is nothing to do, for this reason.
    pub(super) fn skipped(self, code: &'static str, reason: &str) -> Applied {
        self.ends(End::Skipped(code, reason.to_owned()))
    }

    /// It failed in a phase.
    pub(super) fn failed(self, action: Action, kind: StepKind, error: ErrorInformation) -> Applied {
        self.ends(End::Failed(action, kind, error))
    }

    fn ends(self, end: End) -> Applied {
        Applied { story: self, end }
    }

    /// *Provision User* ended well; `left` is what of it could not be done yet.
    pub(super) fn provisioned(
        mut self,
        run: &Run<'_, '_>,
        action: Action,
        left: Option<ErrorInformation>,
    ) -> Result<()> {
        let (name, verb) = match action {
            Action::Create => ("EntryExportAdd", "created"),
            Action::Disable => ("EntryExportUpdateSoftDelete", "disabled"),
            _ => ("EntryExportUpdate", "updated"),
        };
        let text = format!("User '{}' was {verb} in {TARGET}", self.name);
        let mut details = Map::new();
        details.insert("ReportableIdentifier".into(), json!(self.name));
        let kind = StepKind::Export;
        self.step(name, kind, Status::Success, text, details);
        match left {
            None => self.end(run, action, Status::Success, None),
            Some(error) => {
                self.awaits(&error);
                self.end(run, action, Status::Warning, Some(error))
            }
        }
    }

    /// *Resolve manager*: it is waited for.
    fn awaits(&mut self, error: &ErrorInformation) {
        let (kind, text) = (StepKind::ReferenceResolution, error.reason.clone());
        let name = "EntryReferenceResolution";
        self.step(name, kind, Status::Skipped, text, Map::new());
    }

    fn end_skipped(mut self, run: &Run<'_, '_>, code: &str, reason: String) -> Result<()> {
        let mut details = Map::new();
        details.insert("SkipReason".into(), json!(code));
        self.step(
            "EntrySynchronizationSkip",
            StepKind::Processing,
            Status::Skipped,
            reason.clone(),
            details,
        );
        let error = ErrorInformation {
            error_code: code.to_owned(),
            reason,
            recommended_action: None,
        };
        self.end(run, Action::Other, Status::Skipped, Some(error))
    }

    fn end_failed(
        mut self,
        run: &Run<'_, '_>,
        action: Action,
        kind: StepKind,
        error: ErrorInformation,
    ) -> Result<()> {
        let (name, verb) = match (kind, action) {
            (StepKind::Import, _) => ("EntryImport", "import"),
            (StepKind::Matching, _) => ("EntryImport", "match"),
            (_, Action::Create) => ("EntryExportAdd", "create"),
            _ => ("EntryExportUpdate", "update"),
        };
        let text = format!("Failed to {verb} User '{}' in {TARGET}", self.name);
        self.step(name, kind, Status::Failure, text, Map::new());
        self.end(run, action, Status::Failure, Some(error))
    }

    /// The sentence for a user without difference.
    fn redundant(&self) -> String {
        format!(
            "The state of the user in both the source and target systems already match. No change to the User '{}' currently needs to be made.",
            self.name
        )
    }

    fn end(
        self,
        run: &Run<'_, '_>,
        action: Action,
        status: Status,
        error: Option<ErrorInformation>,
    ) -> Result<()> {
        let entry = LogEntry {
            seq: Seq(0),
            job: run.key.job,
            cycle_id: run.cycle_id,
            activity_date_time: run.now,
            kind: ObjectKind::User,
            object: self.object,
            action,
            status,
            error,
            // Nothing was sent anywhere: what it takes is less than the unit.
            duration_in_milliseconds: 0,
            source: self.source,
            target: self.target,
            initiated_by: None,
            steps: self.steps,
            modified_properties: self.modified,
            exchanges: Vec::new(),
        };
        let position = logs::append(run.tx, run.key.tenant, entry)?;
        if run.first_entry.get().is_none() {
            run.first_entry.set(Some(position));
        }
        Ok(())
    }
}

/// What became of an operation, but for the manager: everybody of the upload has to be there first.
pub(super) struct Applied {
    story: Story,
    end: End,
}

enum End {
    /// The user is as the operation says, but for the manager with this anchor.
    Written {
        action: Action,
        user: Seq,
        manager: Option<String>,
    },
    /// There was nothing to do, for a reason with its code.
    Skipped(&'static str, String),
    /// It failed in a phase.
    Failed(Action, StepKind, ErrorInformation),
}

impl Applied {
    /// Gives the user the manager, or lets it wait for one, and writes all of it to the provisioning log.
    pub(super) fn tell(self, run: &Run<'_, '_>) -> Result<Ended> {
        let Self { mut story, end } = self;
        let (action, user, manager) = match end {
            End::Written {
                action,
                user,
                manager,
            } => (action, user, manager),
            End::Skipped(code, reason) => {
                story.end_skipped(run, code, reason)?;
                return Ok(Ended::Skipped);
            }
            End::Failed(action, kind, error) => {
                story.end_failed(run, action, kind, error)?;
                return Ok(Ended::Failed);
            }
        };
        let mut left = None;
        if let Some(manager) = manager {
            match run.set_manager(&get_user(run.tx, run.key.tenant, user)?, &manager)? {
                Reference::Kept => {}
                Reference::Changed(modified) => story.modified.push(modified),
                Reference::Awaited(error) => left = Some(error),
            }
        }
        match (story.modified.is_empty(), left) {
            (false, left) => {
                story.provisioned(run, action, left)?;
                return Ok(match action {
                    Action::Create => Ended::Created,
                    _ => Ended::Updated,
                });
            }
            (true, None) => {
                let reason = story.redundant();
                story.end_skipped(run, "RedundantExport", reason)?;
            }
            (true, Some(error)) => {
                story.awaits(&error);
                story.end(run, Action::Other, Status::Skipped, Some(error))?;
            }
        }
        Ok(Ended::Skipped)
    }
}

/// An error of the log.
pub(super) fn error(
    code: &str,
    reason: impl Into<String>,
    action: impl Into<String>,
) -> ErrorInformation {
    ErrorInformation {
        error_code: code.to_owned(),
        reason: reason.into(),
        recommended_action: Some(action.into()),
    }
}
