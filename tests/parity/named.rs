//! Finds a test of the tree by `path/of/file.rs::function`, for tables that name tests.

use std::fs;
use std::path::Path;

/// The text of the named test function, if it is one that runs.
pub(crate) fn find_test(test: &str, root: &Path) -> Result<String, String> {
    let (file, name) = test
        .split_once("::")
        .ok_or_else(|| format!("{test:?} is not file::function"))?;
    let text = fs::read_to_string(root.join(file)).map_err(|e| format!("{file}: {e}"))?;
    let (mut is_test, mut is_ignored) = (false, false);
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with(&format!("fn {name}(")) {
            if !is_test {
                return Err(format!("{name} in {file} is not a test"));
            }
            if is_ignored {
                return Err(format!("{name} in {file} is ignored: it proves nothing"));
            }
            // The formatter puts the closing brace below the `fn`.
            let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
            let body: Vec<&str> = lines.take_while(|line| *line != end).collect();
            return Ok(body.join("\n"));
        }
        // Attributes stand in any order, some on several lines.
        let goes_on = !trimmed.is_empty() && trimmed != "}";
        let ignores = !trimmed.starts_with("//")
            && trimmed
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .any(|word| word == "ignore");
        is_test = trimmed == "#[test]" || (is_test && goes_on);
        is_ignored = ignores || (is_ignored && goes_on);
    }
    Err(format!("{file} has no {name}"))
}
