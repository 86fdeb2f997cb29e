//! The comparison of a condition: `=` `<>` `<` `<=` `>` `>=` on two evaluated operands.
//!
//! Microsoft documents the operators and says nothing about types. Chosen here: two dates as the date
//! functions print them are compared in time; two numbers by size where one side is a number or is
//! computed, or where the operator asks for an order; everything else character by character, case
//! included. So `[employeeId]="007"` is not true for `7`.

use std::cmp::Ordering;

use super::expression::Comparison;
use super::functions::date::Moment;

/// Whether the comparison holds. `numbers` says that one side is a number or computed.
pub(super) fn holds(left: &str, how: Comparison, right: &str, numbers: bool) -> bool {
    let ordering = if numbers || !matches!(how, Comparison::Equal | Comparison::NotEqual) {
        by_date(left, right)
            .or_else(|| by_size(left, right))
            .unwrap_or_else(|| left.cmp(right))
    } else {
        left.cmp(right)
    };
    match how {
        Comparison::Equal => ordering.is_eq(),
        Comparison::NotEqual => ordering.is_ne(),
        Comparison::Less => ordering.is_lt(),
        Comparison::LessOrEqual => ordering.is_le(),
        Comparison::Greater => ordering.is_gt(),
        Comparison::GreaterOrEqual => ordering.is_ge(),
    }
}

fn by_date(left: &str, right: &str) -> Option<Ordering> {
    Some(Moment::from_printed(left)?.cmp(&Moment::from_printed(right)?))
}

fn by_size(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (left.trim(), right.trim());
    if let (Ok(left), Ok(right)) = (left.parse::<i128>(), right.parse::<i128>()) {
        return Some(left.cmp(&right));
    }
    fraction(left)?.partial_cmp(&fraction(right)?)
}

/// A decimal number. What Rust reads besides (`inf`, `NaN`, `1e5`) are words of a directory.
pub(super) fn fraction(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_compare_by_size_where_numbers_are_meant() {
        use Comparison as C;
        for (left, how, right, numbers, wanted) in [
            ("9", C::Less, "10", false, true),
            ("007", C::Equal, "7", false, false),
            ("007", C::Equal, "7", true, true),
            ("7.50", C::Equal, "7.5", true, true),
            ("x", C::NotEqual, "X", false, true),
            ("b", C::Greater, "a", true, true),
            ("inf", C::Equal, "Infinity", true, false),
            (
                "9007199254740993",
                C::Greater,
                "9007199254740992",
                true,
                true,
            ),
            (
                "9/1/2021 8:00:00 AM",
                C::Less,
                "10/1/2021 8:00:00 AM",
                true,
                true,
            ),
            ("-3", C::GreaterOrEqual, "-3", true, true),
            ("", C::LessOrEqual, "", true, true),
        ] {
            assert_eq!(
                holds(left, how, right, numbers),
                wanted,
                "{left} {} {right}",
                how.symbol()
            );
        }
    }
}
