//! An answer that may be larger than one wants to hold: text, and places where the members of a group go.
//!
//! A group may have 100,000 members, a list may have 200 such groups. Where there are more than a few,
//! only the place is noted; whoever sends the answer asks for it piece by piece, each from a snapshot
//! of its own, so that neither memory nor a snapshot is held while a client reads slowly.

use std::collections::VecDeque;

use super::text::Members;
use crate::error::Result;
use crate::id::Seq;
use crate::model::ObjectRef;
use crate::store::{Snapshot, View};

/// Members rendered per piece.
const CHUNK: usize = 500;
/// About how long a piece of plain text may become, in bytes.
const PIECE: usize = 64 << 10;
/// A group with more members is not rendered in one go.
const FEW_MEMBERS: u64 = 200;
/// Once an answer is this long, in bytes, members are rendered later whatever their number.
const LONG: usize = 1 << 20;

/// An answer in the making, then in the sending.
#[derive(Debug, Default)]
pub struct Body {
    parts: VecDeque<Part>,
    /// What comes behind the last part.
    pub(super) text: String,
}

#[derive(Debug)]
struct Part {
    text: String,
    members: Box<Members>,
    group: Seq,
    /// Read when their turn comes, if not before.
    edges: Option<std::vec::IntoIter<ObjectRef>>,
    first: bool,
}

impl Body {
    /// Of text that is there.
    pub fn of(text: String) -> Self {
        Self {
            parts: VecDeque::new(),
            text,
        }
    }

    /// Whether members of a group of this size are better left for later.
    pub(super) fn defers(&self, members: u64) -> bool {
        members > FEW_MEMBERS || (self.text.len() > LONG && members > 0)
    }

    /// The members of a group (array elements with commas) come here.
    pub(super) fn defer(&mut self, group: Seq, members: Members) {
        self.parts.push_back(Part {
            text: std::mem::take(&mut self.text),
            members: Box::new(members),
            group,
            edges: None,
            first: true,
        });
    }

    /// Puts text before everything else.
    pub(in crate::provider) fn prepend(&mut self, text: &str) {
        match self.parts.front_mut() {
            Some(part) => part.text.insert_str(0, text),
            None => self.text.insert_str(0, text),
        }
    }

    /// Appends text.
    pub(in crate::provider) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Notes who the members of the first group are *now*, so that they belong to the version that the
    /// text before them names.
    pub(super) fn note_members(&mut self, view: &View<'_>) -> Result<()> {
        if let Some(part) = self.parts.front_mut() {
            part.edges = Some(view.members(part.group)?.into_iter());
        }
        Ok(())
    }

    /// The whole answer when nothing was left for later, else the body again.
    ///
    /// # Errors
    /// The body, to be sent piece by piece.
    pub fn into_text(self) -> std::result::Result<String, Self> {
        if self.parts.is_empty() {
            Ok(self.text)
        } else {
            Err(self)
        }
    }

    /// The next piece, `None` behind the last one. Members that have gone in the meantime are left out.
    ///
    /// # Errors
    /// The store's.
    pub fn next_piece(&mut self, snapshot: &Snapshot) -> Result<Option<String>> {
        let mut piece = String::new();
        while let Some(part) = self.parts.front_mut() {
            piece.push_str(&std::mem::take(&mut part.text));
            let view = View::new(snapshot, part.members.team());
            let mut edges = match part.edges.take() {
                Some(edges) => edges,
                None => view.members(part.group)?.into_iter(),
            };
            for member in edges.by_ref().take(CHUNK) {
                let before = piece.len();
                if !part.first {
                    piece.push(',');
                }
                if part.members.write(&view, member, &mut piece)? {
                    part.first = false;
                } else {
                    piece.truncate(before);
                }
            }
            if edges.len() == 0 {
                self.parts.pop_front();
            } else {
                part.edges = Some(edges);
                // An empty piece would end the answer on the wire.
                if piece.is_empty() {
                    continue;
                }
                return Ok(Some(piece));
            }
            if piece.len() > PIECE {
                return Ok(Some(piece));
            }
        }
        piece.push_str(&std::mem::take(&mut self.text));
        Ok((!piece.is_empty()).then_some(piece))
    }

    /// Everything at once, for tests and small answers.
    ///
    /// # Errors
    /// The store's.
    pub fn read(mut self, snapshot: &Snapshot) -> Result<String> {
        let mut text = String::new();
        while let Some(piece) = self.next_piece(snapshot)? {
            text.push_str(&piece);
        }
        Ok(text)
    }
}
