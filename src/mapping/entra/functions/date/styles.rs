//! [`Styles`]: .NET's `DateTimeStyles`, as `FormatDateTime` takes them.

/// How a text is read as a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Styles(u16);

/// Names and bits, as .NET numbers them.
const NAMES: &[(&str, u16)] = &[
    ("None", 0),
    ("AllowLeadingWhite", 1),
    ("AllowTrailingWhite", 2),
    ("AllowInnerWhite", 4),
    ("AllowWhiteSpaces", 7),
    ("NoCurrentDateDefault", 8),
    ("AdjustToUniversal", 16),
    ("AssumeLocal", 32),
    ("AssumeUniversal", 64),
    ("RoundtripKind", 128),
];

impl Styles {
    pub(super) const LEADING_WHITE: u16 = 1;
    pub(super) const TRAILING_WHITE: u16 = 2;
    pub(super) const INNER_WHITE: u16 = 4;
    pub(super) const NO_CURRENT_DATE: u16 = 8;
    pub(super) const TO_UNIVERSAL: u16 = 16;
    const ASSUME_LOCAL: u16 = 32;
    const ASSUME_UNIVERSAL: u16 = 64;
    pub(super) const ASSUME: u16 = Self::ASSUME_LOCAL | Self::ASSUME_UNIVERSAL;
    pub(super) const ROUNDTRIP: u16 = 128;
    /// What counts when no styles are given, as documented.
    pub(super) const DEFAULT: Self =
        Self(Self::ROUNDTRIP | Self::LEADING_WHITE | Self::TRAILING_WHITE);

    /// Reads names joined by commas, in any case, or a number.
    ///
    /// # Errors
    /// A sentence: an unknown name, or styles that exclude each other.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut bits = 0;
        for name in text.split(',').map(str::trim) {
            bits |= match name.parse::<u16>() {
                Ok(number) if number < 256 => number,
                _ => NAMES
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(name))
                    .map(|(_, bit)| *bit)
                    .ok_or_else(|| {
                        let known: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
                        format!(
                            "'{name}' is no date-time style; there are {}",
                            known.join(", ")
                        )
                    })?,
            };
        }
        let styles = Self(bits);
        if styles.has(Self::ASSUME_LOCAL) && styles.has(Self::ASSUME_UNIVERSAL) {
            return Err("AssumeLocal and AssumeUniversal exclude each other".to_owned());
        }
        let zones = Self::ASSUME | Self::TO_UNIVERSAL;
        if styles.has(Self::ROUNDTRIP) && bits & zones != 0 {
            return Err(
                "RoundtripKind excludes AssumeLocal, AssumeUniversal and AdjustToUniversal"
                    .to_owned(),
            );
        }
        Ok(styles)
    }

    /// Whether one of these bits is set.
    pub(super) const fn has(self, bits: u16) -> bool {
        self.0 & bits != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_names_or_numbers_that_go_together() {
        assert_eq!(Styles::parse("131"), Ok(Styles::DEFAULT));
        assert_eq!(
            Styles::parse("roundtripkind, AllowLeadingWhite,AllowTrailingWhite"),
            Ok(Styles::DEFAULT)
        );
        assert_eq!(Styles::parse("None"), Ok(Styles(0)));
        for (text, part) in [
            ("Sloppy", "there are None, "),
            ("256", "no date-time style"),
            ("AssumeLocal,AssumeUniversal", "exclude each other"),
            ("RoundtripKind,AdjustToUniversal", "RoundtripKind excludes"),
        ] {
            let error = Styles::parse(text).expect_err(text);
            assert!(error.contains(part), "{error}");
        }
    }
}
