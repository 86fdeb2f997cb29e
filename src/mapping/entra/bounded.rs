//! [`Bounded`]: a text that a function puts together, which may not grow without end.
//!
//! A few hundred letters of nested calls can ask for more memory than any machine has
//! (`ConvertToUTF8Hex` doubles its argument, `Replace` multiplies it). Microsoft publishes no bound;
//! this one is ours.

/// Bytes a computed text may have.
pub(super) const LONGEST: usize = 1 << 20;

/// A text that refuses to become longer than [`LONGEST`].
#[derive(Default)]
pub(super) struct Bounded(String);

impl Bounded {
    /// Adds a part at the end.
    ///
    /// # Errors
    /// The sentence for the user when the text would be too long.
    pub(super) fn push(&mut self, part: &str) -> Result<(), String> {
        fits(self.0.len() + part.len())?;
        self.0.push_str(part);
        Ok(())
    }

    /// The whole text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// Whether a computed text may have so many bytes.
///
/// # Errors
/// The sentence for the user.
pub(super) fn fits(bytes: usize) -> Result<(), String> {
    if bytes > LONGEST {
        return Err(format!(
            "the result would be longer than {LONGEST} bytes; compute from a shorter text"
        ));
    }
    Ok(())
}
