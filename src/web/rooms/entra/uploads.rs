//! Files that wait for a decision, in memory: who sent one sees what it would do, and imports it or not.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::clock::Timestamp;
use crate::id::Seq;
use crate::model::ObjectKind;
use crate::secret::Plain;

/// Files that wait at the same time; the oldest goes first.
const FILES: usize = 8;
/// How long one waits.
const PATIENCE: Duration = Duration::from_mins(30);

/// A file.
#[derive(Clone)]
pub(in crate::web::rooms) struct Upload {
    pub(super) kind: ObjectKind,
    pub(super) text: Arc<str>,
    /// Into which tenant.
    pub(super) tenant: Seq,
    /// Who sent it.
    pub(super) account: Seq,
}

/// The files of this process.
#[derive(Default)]
pub(in crate::web::rooms) struct Uploads(Mutex<VecDeque<(String, Timestamp, Upload)>>);

impl Uploads {
    /// Keeps a file; tells by what it is asked for.
    pub(super) fn keep(&self, upload: Upload, now: Timestamp) -> String {
        let token = Plain::token().expose().to_owned();
        // Whole entries are put in and taken out: consistent whatever happened to another holder.
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push_back((token.clone(), now, upload));
        while files.len() > FILES {
            files.pop_front();
        }
        token
    }

    /// Hands a file out, once.
    pub(super) fn take(&self, token: &str, account: Seq, now: Timestamp) -> Option<Upload> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|(_, at, _)| now.since(*at) < PATIENCE);
        let place = files
            .iter()
            .position(|(known, _, upload)| known == token && upload.account == account)?;
        files.remove(place).map(|(_, _, upload)| upload)
    }
}
