//! Holds the layers of the house: reads every source file and compares what it names with the
//! table below, which is the table of `src/lib.rs`.
//!
//! A finding says file, line, rule and remedy. Tests inside `src` obey the same rules. Comments and
//! string literals do not count as mentions. The rules are a plain function over text
//! ([`findings`]), so that the other tests can prove that each rule catches what it should.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What a module of the crate root may name of our own, besides itself.
enum Uses {
    /// Every module of a lower layer.
    Below,
    /// Every module of a lower layer, and these of its own.
    BelowAnd(&'static [&'static str]),
    /// Nothing but these modules (`store`) or parts of modules (`scim::path`).
    Only(&'static [&'static str]),
}
use Uses::{Below, BelowAnd, Only};

/// Module of the crate root, its layer, what it may use.
const LAYERS: &[(&str, u8, Uses)] = &[
    ("clock", 0, Only(&[])),
    ("id", 0, Only(&[])),
    ("secret", 0, Only(&[])),
    ("config", 0, Only(&[])),
    ("scim", 1, Only(&[])),
    ("mapping", 1, Only(&["scim::path"])),
    ("model", 2, Below),
    ("access", 2, BelowAnd(&["model"])),
    ("store", 3, Below),
    (
        "error",
        3,
        Only(&[
            "access::NotAllowed",
            "scim",
            "store::error",
            "store::Error",
            "store::StoreError",
        ]),
    ),
    ("mail", 4, Below),
    // What causes a mail writes it in its own transaction.
    ("provider", 4, BelowAnd(&["mail"])),
    ("directory", 4, Below),
    // Never `provider`: the agent has no private door, so a passing cycle proves the wire.
    ("sync", 4, BelowAnd(&["directory", "mail"])),
    ("lab", 5, Below),
    ("web", 6, Below),
    ("cli", 7, Below),
];

/// Everything the table lets `module` use, written as paths. `None` when it has no layer.
fn may_use(module: &str) -> Option<Vec<&'static str>> {
    let (_, height, uses) = LAYERS.iter().find(|(name, ..)| *name == module)?;
    let below = LAYERS
        .iter()
        .filter(|(_, other, _)| other < height)
        .map(|(name, ..)| *name);
    Some(match uses {
        Below => below.collect(),
        BelowAnd(also) => below.chain(also.iter().copied()).collect(),
        Only(these) => these.to_vec(),
    })
}

/// Words that may stand only in the named modules of the crate root.
struct Confined {
    word: &'static str,
    modules: &'static [&'static str],
    remedy: &'static str,
}

const CONFINED: &[Confined] = &[
    Confined {
        word: "redb",
        modules: &["store"],
        remedy: "ask src/store for a function that does it",
    },
    Confined {
        word: "actix_web",
        modules: &["web"],
        remedy: "return a value and let src/web turn it into a response",
    },
    Confined {
        word: "actix_session",
        modules: &["web"],
        remedy: "sessions are the business of src/web",
    },
    Confined {
        word: "askama",
        modules: &["web"],
        remedy: "pages are the business of src/web",
    },
    Confined {
        word: "ureq",
        modules: &["sync", "cli"],
        remedy: "only the agent and the commands speak HTTP to others",
    },
    Confined {
        word: "rustls",
        modules: &["sync"],
        remedy: "only the agent speaks TLS to others",
    },
    Confined {
        word: "lettre",
        modules: &["mail"],
        remedy: "queue a mail with mail::outbox, which delivers it",
    },
    Confined {
        word: "println",
        modules: &["cli", "main"],
        remedy: "return the text to src/cli, or log it with tracing",
    },
    Confined {
        word: "print",
        modules: &["cli", "main"],
        remedy: "return the text to src/cli, or log it with tracing",
    },
];

/// Longest source file.
const LINES: usize = 600;

/// Parsers and tables of data that may be longer than [`LINES`], each with its reason.
const LONGER: &[(&str, &str)] = &[("src/scim/schemas.rs", "tables of data")];

/// Marks of unfinished work, as whole words anywhere in a file. Written in two halves so that a
/// search of the repository for them stays empty.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X"),
    concat!("to", "do!"),
    concat!("unimplemen", "ted!"),
];

/// A broken rule.
struct Finding {
    file: String,
    line: usize,
    rule: String,
    remedy: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            rule,
            remedy,
        } = self;
        write!(f, "{file}:{line}: {rule}; {remedy}")
    }
}

/// Everything wrong with one source file. `file` is its path from the package root with slashes,
/// for instance `src/store/users.rs`.
fn findings(file: &str, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |line: usize, rule: String, remedy: &str| {
        found.push(Finding {
            file: file.to_owned(),
            line,
            rule,
            remedy: remedy.to_owned(),
        });
    };

    if !text.starts_with("//!") {
        add(
            1,
            "a source file starts with `//!`".to_owned(),
            "say what the module owns and what it must not know",
        );
    }
    let lines = text.lines().count();
    let excepted = LONGER.iter().any(|(longer, _)| *longer == file);
    if lines > LINES && !excepted {
        add(
            LINES + 1,
            format!("a source file has at most {LINES} lines, this one has {lines}"),
            "split it by operation; a parser or a table of data may be listed in LONGER",
        );
    } else if lines <= LINES && excepted {
        add(1, "no longer a long file".to_owned(), "take it off LONGER");
    }
    for (index, line) in text.lines().enumerate() {
        for mark in UNFINISHED.iter().filter(|mark| has_word(line, mark)) {
            add(
                index + 1,
                format!("`{mark}` marks unfinished work"),
                "finish it or leave it out",
            );
        }
    }

    let path = module_path(file);
    let own = path.first().map_or("", String::as_str);
    let tokens = tokens(&blank(text));
    // The crate root is the map of the house: it declares every module and uses none.
    let allowed = may_use(own);
    if allowed.is_none() && own != "main" && own != "lib" {
        add(
            1,
            format!("`{own}` has no layer"),
            "give it a line in LAYERS and in src/lib.rs",
        );
    }
    for Mention { line, path } in through_imports(&tokens, mentions(&tokens, path.len())) {
        let covers = |allowed: &&str| {
            let mut parts = allowed.split("::");
            path.iter()
                .zip(parts.by_ref())
                .all(|(have, want)| have == want)
                && parts.next().is_none()
        };
        if let Some(allowed) = allowed.as_ref().filter(|_| path[0] != own)
            && !allowed.iter().any(covers)
        {
            add(
                line,
                format!("`{own}` must not use `crate::{}`", path.join("::")),
                &format!(
                    "it may use [{}]: take a value as an argument, or move the code up",
                    allowed.join(", ")
                ),
            );
        }
    }
    for (index, token) in tokens.iter().enumerate() {
        for confined in CONFINED
            .iter()
            .filter(|confined| confined.word == token.text)
        {
            let follows = |text: &str| tokens.get(index + 1).is_some_and(|next| next.text == text);
            let is_macro = confined.word.starts_with("print");
            if !confined.modules.contains(&own) && (!is_macro || follows("!")) {
                add(
                    token.line,
                    format!(
                        "only {} may name `{}`",
                        confined.modules.join(" and "),
                        confined.word
                    ),
                    confined.remedy,
                );
            }
        }
    }
    found
}

/// `src/store/users.rs` is `[store, users]`, `src/store/mod.rs` is `[store]`.
fn module_path(file: &str) -> Vec<String> {
    let inner = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut path: Vec<String> = inner.split('/').map(str::to_owned).collect();
    if path.len() > 1 && path.last().is_some_and(|last| last == "mod") {
        path.pop();
    }
    path
}

fn has_word(line: &str, word: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        !line[..at].ends_with(part_of_word) && !line[at + word.len()..].starts_with(part_of_word)
    })
}

/// A path into the crate, without the leading `crate`.
struct Mention {
    line: usize,
    path: Vec<String>,
}

/// Every path that starts at the crate root: `crate::a::b`, each branch of `crate::{a, b::c}`, and
/// `super` chains that climb out of a module `depth` deep to a module of the table.
fn mentions(tokens: &[Token], depth: usize) -> Vec<Mention> {
    let mut found = Vec::new();
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut at = 0;
    // Open braces, and the count of them at which each inline module began.
    let (mut braces, mut inline) = (0_usize, Vec::new());
    while at < tokens.len() {
        if text(at) == "mod" && text(at + 2) == "{" {
            inline.push(braces);
            at += 2;
        }
        if text(at) == "{" {
            braces += 1;
        } else if text(at) == "}" {
            braces = braces.saturating_sub(1);
            inline.pop_if(|began| *began == braces);
        }
        if text(at) == "crate" && text(at + 1) == "::" {
            at = branches(tokens, at + 2, &mut Vec::new(), &mut found);
        } else if text(at) == "super" && text(at + 1) == "::" {
            let mut climbed = 0;
            while text(at) == "super" && text(at + 1) == "::" {
                climbed += 1;
                at += 2;
            }
            let mut reached = Vec::new();
            at = branches(tokens, at, &mut Vec::new(), &mut reached);
            reached.retain(|mention| {
                climbed >= depth + inline.len()
                    && LAYERS.iter().any(|(name, ..)| *name == mention.path[0])
            });
            found.append(&mut reached);
        } else {
            at += 1;
        }
    }
    found
}

/// Replaces `use crate::store;` by what the file then takes from it: `store::Error` and so on.
fn through_imports(tokens: &[Token], mentions: Vec<Mention>) -> Vec<Mention> {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let mut found = Vec::new();
    for mention in mentions {
        let before = found.len();
        if let [module] = &mention.path[..] {
            for (at, token) in tokens.iter().enumerate() {
                let starts = at == 0 || text(at - 1) != "::";
                if starts && token.text == *module && text(at + 1) == "::" {
                    branches(tokens, at, &mut Vec::new(), &mut found);
                }
            }
        }
        if found.len() == before {
            found.push(mention);
        }
    }
    found
}

/// Reads one branch of a use tree at `at` and returns where it ends.
fn branches(
    tokens: &[Token],
    mut at: usize,
    prefix: &mut Vec<String>,
    found: &mut Vec<Mention>,
) -> usize {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text.as_str());
    let line = |at: usize| tokens.get(at).map_or(0, |token| token.line);
    let outer = prefix.len();
    loop {
        if text(at) == "{" {
            at += 1;
            while at < tokens.len() && text(at) != "}" {
                at = branches(tokens, at, prefix, found);
                // Over `as name` to the comma; a branch never ends on a comma itself.
                while at < tokens.len() && text(at) != "," && text(at) != "}" {
                    at += 1;
                }
                at += usize::from(text(at) == ",");
            }
            prefix.truncate(outer);
            return at + 1;
        }
        let is_name = text(at).starts_with(|c: char| c.is_alphabetic() || c == '_');
        if is_name && (prefix.is_empty() || text(at) != "self") {
            prefix.push(text(at).to_owned());
        }
        if is_name && text(at + 1) == "::" {
            at += 2;
            continue;
        }
        if !prefix.is_empty() {
            found.push(Mention {
                line: line(at),
                path: prefix.clone(),
            });
        }
        prefix.truncate(outer);
        return if is_name || text(at) == "*" {
            at + 1
        } else {
            at
        };
    }
}

struct Token {
    line: usize,
    text: String,
}

/// Names, `::`, and every other sign by itself.
fn tokens(code: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if first.is_alphanumeric() || first == '_' {
                rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            found.push(Token {
                line: index + 1,
                text: rest[..length].to_owned(),
            });
            rest = rest[length..].trim_start();
        }
    }
    found
}

/// The text with comments and literals turned into spaces, line for line.
fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_name = false;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = raw_string(rest).filter(|_| !after_name) {
            length
        } else if first == '"' {
            quoted(rest, '"')
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if length == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            out.extend(
                rest[..length]
                    .chars()
                    .map(|c| if c == '\n' { '\n' } else { ' ' }),
            );
            rest = &rest[length..];
        }
        after_name = length == 0 && (first.is_alphanumeric() || first == '_');
    }
    out
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// Length of `r".."`, `r#".."#`, `br".."` at the start of `text`.
fn raw_string(text: &str) -> Option<usize> {
    let inner = text.strip_prefix('b').unwrap_or(text).strip_prefix('r')?;
    let hashes = inner.len() - inner.trim_start_matches('#').len();
    let body = inner[hashes..].strip_prefix('"')?;
    let close = format!("\"{}", "#".repeat(hashes));
    let start = text.len() - body.len();
    Some(
        body.find(&close)
            .map_or(text.len(), |end| start + end + close.len()),
    )
}

/// Length of a literal that starts and ends with `quote` and may hold escapes.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        if c == quote && !escaped {
            return at + 1;
        }
        escaped = c == '\\' && !escaped;
    }
    text.len()
}

/// Length of a character literal, 0 for a lifetime.
fn character(text: &str) -> usize {
    let mut after = text.chars().skip(1);
    match (after.next(), after.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => quoted(text, '\''),
        _ => 0,
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder of sources is readable") {
        let path = entry.expect("the folder of sources is readable").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn the_layers_point_one_way() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    assert!(files.len() > 3, "the source files were found");
    files.sort();
    let mut all = Vec::new();
    for file in &files {
        let name = file
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .replace('\\', "/");
        all.extend(findings(&name, &fs::read_to_string(file).unwrap()));
    }
    for (module, ..) in LAYERS {
        let places = [format!("src/{module}.rs"), format!("src/{module}/mod.rs")];
        assert!(
            places.iter().any(|place| root.join(place).exists()),
            "`{module}` stands in LAYERS and does not exist"
        );
    }
    for (longer, _) in LONGER {
        assert!(
            root.join(longer).exists(),
            "{longer} stands in LONGER and does not exist"
        );
    }
    let report: Vec<String> = all.iter().map(Finding::to_string).collect();
    assert!(
        report.is_empty(),
        "{} broken rules:\n{}",
        report.len(),
        report.join("\n")
    );
}

#[test]
fn every_wrong_use_is_caught() {
    let samples: &[(&str, &str, usize, &str)] = &[
        (
            "src/sync/cycle.rs",
            "//! x\nuse crate::provider::users;\n",
            2,
            "must not use `crate::provider::users`",
        ),
        (
            "src/sync/cycle.rs",
            "//! x\nfn f() {\n    crate::web::start();\n}\n",
            3,
            "crate::web::start",
        ),
        (
            "src/store/users.rs",
            "//! x\nuse crate::{\n    id::Seq,\n    directory::{users as u},\n};\n",
            4,
            "crate::directory::users",
        ),
        (
            "src/provider/users.rs",
            "//! x\nuse super::super::directory::users;\n",
            2,
            "crate::directory::users",
        ),
        (
            "src/scim/json.rs",
            "//! x\nmod tests {\n    fn f() {}\n}\nuse super::super::error::Error;\n",
            5,
            "crate::error::Error",
        ),
        (
            "src/mapping/value.rs",
            "//! x\nuse crate::scim::filter::Filter;\n",
            2,
            "crate::scim::filter::Filter",
        ),
        (
            "src/mapping/value.rs",
            "//! x\nuse crate::scim::{path::Path, filter};\n",
            2,
            "crate::scim::filter",
        ),
        (
            "src/scim/path.rs",
            "//! x\nuse crate::clock::Timestamp;\n",
            2,
            "crate::clock::Timestamp",
        ),
        (
            "src/error.rs",
            "//! x\nuse crate::store::Writer;\n",
            2,
            "crate::store::Writer",
        ),
        (
            "src/error.rs",
            "//! x\nuse crate::store;\nstruct S(store::Error, store::Writer);\n",
            3,
            "crate::store::Writer",
        ),
        (
            "src/id.rs",
            "//! x\n#[cfg(test)]\nmod tests {\n    use crate::store::Store;\n}\n",
            4,
            "crate::store::Store",
        ),
    ];
    for (file, text, line, rule) in samples {
        breaks_exactly(file, text, *line, rule);
    }
}

#[test]
fn every_other_rule_catches_its_sample() {
    let unfinished = format!("//! x\n// {} later\n", UNFINISHED[0]);
    let marked = format!("//! x\nfn f() {{ {}() }}\n", UNFINISHED[3]);
    let long = format!("//! x\n{}", "\n".repeat(LINES));
    let samples: &[(&str, &str, usize, &str)] = &[
        (
            "src/cli/mod.rs",
            "//! x\nuse redb::Database;\n",
            2,
            "only store may name `redb`",
        ),
        (
            "src/model/user.rs",
            "//! x\nuse actix_web::web::Json;\n",
            2,
            "only web may name `actix_web`",
        ),
        (
            "src/cli/demo.rs",
            "//! x\n#[derive(askama::Template)]\nstruct P;\n",
            2,
            "only web may name `askama`",
        ),
        (
            "src/web/app.rs",
            "//! x\nfn f() { ureq::get(\"x\"); }\n",
            2,
            "only sync and cli may name `ureq`",
        ),
        (
            "src/store/mod.rs",
            "//! x\nfn f() { println!(\"x\"); }\n",
            2,
            "only cli and main may name `println`",
        ),
        ("src/store/mod.rs", "fn f() {}\n", 1, "starts with `//!`"),
        ("src/attic/mod.rs", "//! x\n", 1, "`attic` has no layer"),
        ("src/store/mod.rs", &long, LINES + 1, "at most 600 lines"),
        ("src/store/mod.rs", &unfinished, 2, "marks unfinished work"),
        ("src/store/mod.rs", &marked, 2, "marks unfinished work"),
    ];
    for (file, text, line, rule) in samples {
        breaks_exactly(file, text, *line, rule);
    }
}

fn breaks_exactly(file: &str, text: &str, line: usize, rule: &str) {
    let found = findings(file, text);
    let [finding] = &found[..] else {
        let report: Vec<String> = found.iter().map(Finding::to_string).collect();
        panic!("{file} should break exactly one rule ({rule}): {report:?}\n{text}");
    };
    assert_eq!(finding.line, line, "{finding}");
    assert!(finding.rule.contains(rule), "{finding} should say {rule}");
}

#[test]
fn what_is_allowed_is_not_reported() {
    let samples: &[(&str, &str)] = &[
        (
            "src/sync/cycle.rs",
            "//! x\nuse crate::directory::users::{self, find};\nuse super::matching;\n",
        ),
        (
            "src/mapping/value.rs",
            "//! x\nuse crate::scim::path::{Path, Segment};\nuse crate::scim::path;\n",
        ),
        (
            "src/mapping/entra/functions.rs",
            "//! x\nuse super::super::value::Value;\nuse crate::mapping::value;\n",
        ),
        (
            "src/store/users.rs",
            "//! x\nuse redb::{Database, TableDefinition};\nuse crate::{id::Seq, model};\n",
        ),
        (
            "src/store/users.rs",
            "//! x\n//! See [`crate::provider`].\n/* crate::web */\nfn f() -> &'static str { \"crate::web::x\" }\n",
        ),
        (
            "src/store/users.rs",
            "//! x\nfn f<'a>(c: char) -> bool { c == '\"' || c == '\\'' || r#\"crate::web \"x\" \"#.is_empty() }\n",
        ),
        (
            "src/error.rs",
            "//! x\nuse crate::scim;\nuse crate::store::StoreError;\n",
        ),
        (
            "src/cli/demo.rs",
            "//! x\nuse crate::{web, sync::cycle as c};\nfn f() { println!(\"x\"); }\n",
        ),
        (
            "src/model/user.rs",
            "//! x\npub(crate) fn print(fingerprint: u8) {}\n",
        ),
        (
            "src/web/mod.rs",
            "//! x\nmod tests {\n    use super::*;\n    use super::scim;\n}\n",
        ),
        (
            "src/scim/json.rs",
            "//! x\nfn f() {}\nmod tests {\n    use super::super::error::ScimType;\n}\n",
        ),
    ];
    for (file, text) in samples {
        let report: Vec<String> = findings(file, text)
            .iter()
            .map(Finding::to_string)
            .collect();
        assert!(report.is_empty(), "{report:?}\n{text}");
    }
}
