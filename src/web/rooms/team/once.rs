//! A form that makes a secret carries it, sealed: sending the form twice makes one, and a form of another
//! team makes none.

use std::time::Duration;

use crate::access::Member;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::model::{KeyStatus, ScimKey};
use crate::secret::{Plain, Sealed, Sealer};

/// How long the page with the value is shown again to whoever sent the form twice.
const AGAIN: Duration = Duration::from_mins(1);

fn purpose(member: &Member) -> String {
    let account = member.account.map_or(0, |account| account.0);
    format!("SCIM API key of team {}, account {account}: ", member.team)
}

/// A fresh key for the hidden field of a form.
pub(super) fn seal(sealer: &Sealer, member: &Member) -> String {
    let plain = Plain::scim_key();
    let text = purpose(member) + plain.expose();
    sealer.seal(&Plain::new(text)).as_text().to_owned()
}

/// The key of a form's hidden field; a fresh one when the form has none of this person's.
pub(super) fn open(sealer: &Sealer, member: &Member, once: &str) -> Plain {
    sealer
        .open(&Sealed::from_text(once))
        .and_then(|text| Some(Plain::new(text.expose().strip_prefix(&purpose(member))?)))
        .unwrap_or_else(Plain::scim_key)
}

/// The key that this form has made already, for showing it once more; only right after that.
pub(super) fn made(key: ScimKey, now: Timestamp) -> Result<ScimKey, Error> {
    if key.status == KeyStatus::Active && now.since(key.created) < AGAIN {
        return Ok(key);
    }
    Err(Error::Conflict {
        attribute: "once",
        detail: format!(
            "This form has made the key {} already. Its value was shown once; if it is lost, \
             regenerate the key.",
            key.name
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Seq;

    #[test]
    fn a_form_opens_for_whom_it_was_drawn_and_always_to_the_same_key() {
        let sealer = Sealer::new(&[1; 32]);
        let ours = Member::of_this_process(Seq(1));
        let theirs = Member::of_this_process(Seq(2));
        let once = seal(&sealer, &ours);
        let key = open(&sealer, &ours, &once);
        assert!(key.expose().starts_with("scimlab_"));
        assert_eq!(open(&sealer, &ours, &once), key);
        assert_ne!(open(&sealer, &theirs, &once), key);
        assert_ne!(open(&sealer, &ours, ""), open(&sealer, &ours, ""));
        let other = sealer.seal(&Plain::new("token of an agent"));
        let made = open(&sealer, &ours, other.as_text());
        assert!(made.expose().starts_with("scimlab_"));
    }
}
