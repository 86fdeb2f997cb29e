//! [`Switches`]: what Okta's documentation leaves open, each with the answer taken unless told otherwise.

use serde::{Deserialize, Serialize};

/// What the documentation leaves open. The default of each is the working assumption.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Switches {
    /// What `String.substring` does with positions outside of the text.
    pub substring_out_of_range: SubstringOutOfRange,
    /// What a string and null make together with `+`.
    pub null_concat: NullConcat,
    /// In what Unix times are counted.
    pub unix_time: UnixTime,
    /// How many of equal elements `Arrays.remove` takes away.
    pub arrays_remove: ArraysRemove,
}

/// What `String.substring` does with positions outside of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SubstringOutOfRange {
    /// As Apache's `StringUtils`: behind the end means the end, negative counts from the end.
    #[default]
    Clamp,
    /// An error, as in Java itself.
    Error,
}

/// What a string and null make together with `+`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NullConcat {
    /// The text with the word `null`, as Spring's language does.
    #[default]
    Word,
    /// The text alone.
    Empty,
    /// Null.
    Null,
}

/// In what Unix times are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnixTime {
    /// Read: from 100,000,000,000 on milliseconds, below seconds. Written: milliseconds.
    #[default]
    Guess,
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// How many of equal elements `Arrays.remove` takes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ArraysRemove {
    /// Every one.
    #[default]
    All,
    /// The first.
    First,
}
