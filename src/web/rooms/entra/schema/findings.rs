//! What `mapping::entra::lint` says of a job, as lines of a page.

use super::super::super::super::console::entra::schema::FindingLine;
use super::super::super::super::console::parts::{Link, Pill, Tone};
use crate::mapping::entra::ObjectKind as Mapped;
use crate::mapping::entra::lint::{Circumstances, Finding, Severity, lint};
use crate::model::{Direction, Job, ObjectKind, Scope};

/// The findings of a job's mappings, of one kind of objects or of both. `base` is the address of the
/// application's provisioning. What is found of an object mapping as a whole is said of jobs that send: those who are
/// uploaded need no soft delete, and the directory gives them what else it wants.
pub(in crate::web::rooms::entra) fn findings(
    job: &Job,
    base: &str,
    kind: Option<ObjectKind>,
) -> Vec<FindingLine> {
    let kind = kind.map(|kind| match kind {
        ObjectKind::User => Mapped::User,
        ObjectKind::Group => Mapped::Group,
    });
    let everybody = job.scope == Scope::All;
    let circumstances = Circumstances::new(everybody, &job.rules, job.tenant_url.as_deref());
    lint(&job.rules, circumstances)
        .into_iter()
        .filter(|finding| kind.is_none_or(|kind| kind == finding.kind))
        .filter(|finding| job.direction == Direction::Outbound || finding.mapping.is_some())
        .map(|finding| line(job, base, finding))
        .collect()
}

fn line(job: &Job, base: &str, finding: Finding) -> FindingLine {
    let word = match finding.kind {
        Mapped::User => "users",
        Mapped::Group => "groups",
    };
    let mapping = job.rules.of(finding.kind);
    let address = format!("{base}/mappings/{word}");
    let row = finding
        .mapping
        .and_then(|index| Some((index, mapping.attributes.get(index)?)));
    FindingLine {
        severity: match finding.severity {
            Severity::Error => Pill::new(Tone::Bad, "Error"),
            Severity::Warning => Pill::new(Tone::Warn, "Warning"),
            Severity::Notice => Pill::new(Tone::Info, "Notice"),
        },
        mapping: match row {
            Some((index, row)) => {
                Link::new(row.target.as_str(), format!("{address}/attributes/{index}"))
            }
            None => Link::new(&mapping.name, address),
        },
        what: finding.sentence,
        mend: finding.remedy,
        source: finding.source,
    }
}
