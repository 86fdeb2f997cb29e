//! How a mail reads: its text with the link, and the addresses in it.
//!
//! The link of an invite is a secret that is nowhere stored. It is made here, from the invite's row and the
//! appliance's key, for the operator who looks at the mail and for the relay that takes it, and only while
//! the invite is pending.

use crate::error::Result;
use crate::id::Seq;
use crate::model::{InviteState, Mail, MailLink};
use crate::secret::LinkKey;
use crate::store::{Reads, invites};

/// The link below a mail's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterLink {
    /// There is none.
    None,
    /// What it says, and its absolute address.
    To {
        /// What the link says.
        label: String,
        /// Absolute address.
        address: String,
    },
    /// It led to an invite that is not pending any more.
    Over,
}

/// A mail as its recipient reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Paragraphs of plain text.
    pub text: Vec<String>,
    /// The link below them.
    pub link: LetterLink,
}

impl Letter {
    /// Reads what the mail's link leads to. `base` is where the appliance is reached, without a slash at its end.
    ///
    /// # Errors
    /// The store's.
    pub fn of(tx: &impl Reads, mail: &Mail, base: &str, key: &LinkKey) -> Result<Self> {
        let link = match &mail.link {
            None => LetterLink::None,
            Some(MailLink::Page { label, path }) => LetterLink::To {
                label: label.clone(),
                address: format!("{base}{path}"),
            },
            Some(MailLink::Invite(invite)) => {
                let team = mail.team.unwrap_or(Seq(0));
                match invites::find(tx, team, *invite)? {
                    Some(invite) if invite.state == InviteState::Pending => LetterLink::To {
                        label: "Join Team".into(),
                        address: format!("{base}{}", invite.path(team, key)),
                    },
                    _ => LetterLink::Over,
                }
            }
        };
        Ok(Self {
            text: mail.text.clone(),
            link,
        })
    }

    /// The body of the message, lines ended by CR LF.
    pub fn body(&self) -> String {
        let mut body = self.text.join("\r\n\r\n");
        if let LetterLink::To { label, address } = &self.link {
            body.extend(["\r\n\r\n", label, ":\r\n", address]);
        }
        body.push_str("\r\n");
        body
    }
}
