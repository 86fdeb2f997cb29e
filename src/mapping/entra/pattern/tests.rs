//! What .NET does with a pattern, row by row.

use proptest::prelude::*;

use super::Pattern;

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

#[test]
fn patterns_match_as_in_dotnet() {
    for (text, subject, wanted) in [
        (".*\\@domain.com", "kim@domain.com", true),
        ("(1[0-9][0-9][0-9][0-9][0-9][0-9])", "1234567", true),
        ("(1[0-9][0-9][0-9][0-9][0-9][0-9])", "2234567", false),
        // Nothing is anchored unless written so.
        ("b", "abc", true),
        ("^b", "abc", false),
        ("c$", "abc\n", true),
        ("c\\z", "abc\n", false),
        ("c\\Z", "abc\n", true),
        ("c$", "abc\n\n", false),
        ("(?m)b$", "ab\nc", true),
        ("b$", "ab\nc", false),
        ("(?<=Sales )\\d+", "Sales 12", true),
        ("(?<!Sales )Manager", "Sales Manager", false),
        ("^(?!.*Temp)", "Temp worker", false),
        ("(?i)sales", "SALES", true),
        ("SALES", "Sales", false),
        ("(?i:s)ales", "Sales", true),
        ("^[\\w-]+$", "a-b", true),
        ("^[a-z-[aeiou]]+$", "xyz", true),
        ("^[a-z-[aeiou]]+$", "abc", false),
        ("^[^a-z-[1]]+$", "23", true),
        ("[[]", "[", true),
        ("[]]", "]", true),
        ("^[a&&b]+$", "a&b", true),
        ("^[!--]+$", "-,!", true),
        ("\\<b\\>", "<b>", true),
        ("^\\p{Lu}\\p{IsCyrillic}", "\u{41f}\u{440}", true),
        ("\\P{IsBasicLatin}", "abc", false),
        ("a{,2}", "a{,2}", true),
        ("{x}", "{x}", true),
        ("^\\x41\\u0042\\1034$", "ABC4", true),
        ("^\\x41\\u0042$", "AB", true),
        ("^\\0101$", "\u{8}1", true),
        ("(?x) a b # comment\n c", "abc", true),
        ("a(?#comment)b", "ab", true),
        ("(a)\\1", "aa", true),
        ("(?<x>a)(b)\\1", "abb", true),
        ("(?<x>a)(b)\\k<x>", "aba", true),
        ("(?'x'a)\\k'x'", "aa", true),
        ("^(a)?(?(1)b|c)$", "ab", true),
        ("^(a)?(?(1)b|c)$", "c", true),
        ("(?n)(a)(?<x>b)\\1", "abb", true),
        ("(?>a+)a", "aaa", false),
        ("a\\ b", "a b", true),
        ("", "x", true),
    ] {
        let got = pattern(text).is_match(subject);
        assert_eq!(got, Ok(wanted), "{text} on {subject:?}");
    }
}

#[test]
fn what_dotnet_refuses_and_what_the_engine_cannot_do_is_refused() {
    for (text, part) in [
        ("(", "never closed"),
        (")", "too many"),
        ("[a", "never closed"),
        ("[]", "never closed"),
        ("[b-a]", "in reverse"),
        ("[a-\\d]", "cannot end a range"),
        ("a**", "another quantifier"),
        ("a++", "another quantifier"),
        ("*a", "nothing that '*' repeats"),
        ("a|*", "nothing that '*' repeats"),
        ("\\y", "no escape \\y"),
        ("\\_", "no escape \\_"),
        ("a\\", "ends with a backslash"),
        ("\\x4", "needs 2 digits"),
        ("\\p{Latin}", "no category or block 'Latin'"),
        ("\\pL", "write \\p{name}"),
        ("\\1", "no group '1'"),
        ("\\99", "no group '99'"),
        ("[a--]", "in reverse"),
        ("\\k<x>", "no group 'x'"),
        ("(?<a-b>x)", "balancing groups"),
        ("(?<>x)", "not a name"),
        ("(?q)", "not a kind of group"),
        ("(?(?=a)b|c)", "only conditions that name a group"),
        ("(?<0>a)", "number 0"),
    ] {
        let error = Pattern::new(text).expect_err(text);
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn replacements_mean_what_they_mean_in_dotnet() {
    for (text, subject, replacement, wanted) in [
        ("(a)(b)", "ab", "$2$1", "ba"),
        ("(a)(b)", "ab", "$$1 $3 ${no} $", "$1 $3 ${no} $"),
        ("(a)", "ab", "$10${1}0", "$10a0b"),
        // Groups with a name are numbered after those without.
        ("(?<x>a)(b)", "ab", "$1$2", "ba"),
        ("(?<x>a)(b)", "ab", "${x}-${2}-$+", "a-a-a"),
        ("b", "abc", "[$`|$&|$'|$_]", "a[a|b|c|abc]c"),
        ("[a-z]*", "abc", "x", "xx"),
        ("x*", "abc", "-", "-a-b-c-"),
        ("(?<a>x)|(?<a>y)", "xy", "[${a}]", "[x][y]"),
        ("\\b", "a b", "|", "|a| |b|"),
        ("\u{fc}?", "\u{e4}\u{fc}", "-", "-\u{e4}--"),
    ] {
        let got = pattern(text).replace_all(subject, replacement);
        assert_eq!(got.as_deref(), Ok(wanted), "{text} on {subject}");
    }
}

#[test]
fn a_pattern_that_goes_wild_is_given_up() {
    let wild = pattern("^(a|a?)+(?=c)$");
    assert!(wild.is_match(&"a".repeat(60)).is_err());
    assert!(Pattern::new("((\\w{1000}){1000}){1000}").is_err());
}

proptest! {
    #[test]
    fn no_text_makes_the_translation_panic(text in "\\PC{0,24}", subject in "\\PC{0,12}") {
        if let Ok(pattern) = Pattern::new(&text) {
            let _ = pattern.replace_all(&subject, "$1");
        }
    }

    #[test]
    fn nearly_right_patterns_do_not_panic_either(
        text in "(\\(\\?|\\(|\\)|\\[|\\]|\\\\|<|>|-|[a-c19knxZ*+?{},|^$#:=!' ]){0,16}",
        subject in "[a-c1\\n -]{0,10}",
        replacement in "[$0-9{}a-c&+_]{0,8}",
    ) {
        if let Ok(pattern) = Pattern::new(&text) {
            let _ = pattern.replace_all(&subject, &replacement);
            let _ = pattern.replace_group(&subject, "1", &replacement);
        }
    }

    #[test]
    fn every_text_is_found_where_it_is_escaped(text in "\\PC{1,8}") {
        let escaped: String = text
            .chars()
            .map(|c| if c.is_alphanumeric() || c == '_' { c.to_string() } else { format!("\\{c}") })
            .collect();
        prop_assert_eq!(pattern(&escaped).replace_all(&text, ""), Ok(String::new()));
    }
}

#[test]
fn a_long_repetition_fits_and_an_absurd_one_is_refused() {
    assert!(Pattern::new(r"^\w{1,100}$").is_ok());
    assert!(Pattern::new(r"^\w{1,5000}$").is_err());
}
