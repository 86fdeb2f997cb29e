//! What every page promises, checked on its text.

const VOID: [&str; 6] = ["meta", "link", "input", "br", "img", "hr"];

/// The faults of a page; empty when it is well.
pub(super) fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let tags = tags(html);
    balance(&tags, &mut faults);
    for tag in tags.iter().filter(|tag| !tag.closing) {
        for (name, _) in &tag.attributes {
            if name == "style" || name.starts_with("on") {
                faults.push(format!("<{} {name}=...> is inline", tag.name));
            }
        }
        if tag.name == "script" && tag.get("src").is_none() || tag.name == "style" {
            faults.push(format!("inline <{}>", tag.name));
        }
        for address in ["href", "src", "action", "formaction"] {
            if let Some(value) = tag.get(address)
                && (value.is_empty() || value.contains("/missing/"))
            {
                faults.push(format!(
                    "<{} {address}=\"{value}\"> leads nowhere",
                    tag.name
                ));
            }
        }
        let needs_label = match tag.name.as_str() {
            "select" | "textarea" => true,
            "input" => tag.get("type") != Some("hidden"),
            _ => false,
        };
        if needs_label && tag.get("aria-label").is_none() {
            let id = tag.get("id").unwrap_or_default();
            if id.is_empty()
                || !tags
                    .iter()
                    .any(|other| other.name == "label" && other.get("for") == Some(id))
            {
                faults.push(format!(
                    "<{}> without a label: {:?}",
                    tag.name, tag.attributes
                ));
            }
        }
    }
    let mut ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
    ids.sort_unstable();
    faults.extend(
        ids.windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| format!("id {:?} twice", pair[0])),
    );
    if html.starts_with("<!doctype")
        && tags
            .iter()
            .filter(|tag| tag.name == "h1" && !tag.closing)
            .count()
            != 1
    {
        faults.push("not exactly one h1".to_owned());
    }
    faults
}

struct Tag {
    name: String,
    closing: bool,
    alone: bool,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    for piece in html.split('<').skip(1) {
        let Some((inside, _)) = piece.split_once('>') else {
            continue;
        };
        if inside.starts_with('!') {
            continue;
        }
        let closing = inside.starts_with('/');
        let alone = inside.ends_with('/');
        let inside = inside.trim_matches('/');
        let (name, rest) = inside
            .split_once(char::is_whitespace)
            .unwrap_or((inside, ""));
        tags.push(Tag {
            name: name.to_owned(),
            closing,
            alone,
            attributes: attributes(rest),
        });
    }
    tags
}

fn attributes(mut rest: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    loop {
        rest = rest.trim_start();
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        if name.is_empty() {
            return all;
        }
        if let Some(after) = after.strip_prefix("=\"") {
            let (value, after) = after.split_once('"').unwrap_or((after, ""));
            all.push((name.to_owned(), value.to_owned()));
            rest = after;
        } else {
            all.push((name.to_owned(), String::new()));
            rest = after;
        }
    }
}

fn balance(tags: &[Tag], faults: &mut Vec<String>) {
    let mut open: Vec<&str> = Vec::new();
    for tag in tags {
        if tag.alone || VOID.contains(&tag.name.as_str()) {
            continue;
        }
        if !tag.closing {
            open.push(&tag.name);
        } else if open.pop() != Some(&tag.name) {
            faults.push(format!("</{}> closes something else", tag.name));
            return;
        }
    }
    if !open.is_empty() {
        faults.push(format!("never closed: {open:?}"));
    }
}

#[test]
fn the_rules_find_what_they_are_for() {
    for (html, fault) in [
        ("<p><b></p></b>", "</p> closes something else"),
        ("<p>", "never closed: [\"p\"]"),
        ("<p style=\"x\"></p>", "<p style=...> is inline"),
        (
            "<a onclick=\"x\" href=\"/\"></a>",
            "<a onclick=...> is inline",
        ),
        ("<script>x</script>", "inline <script>"),
        ("<a href=\"\"></a>", "<a href=\"\"> leads nowhere"),
        ("<i id=\"a\"></i><i id=\"a\"></i>", "id \"a\" twice"),
        ("<!doctype html><p></p>", "not exactly one h1"),
        (
            "<label for=\"a\"></label><select id=\"b\"></select>",
            "<select> without a label: [(\"id\", \"b\")]",
        ),
    ] {
        assert_eq!(faults(html), [fault], "{html}");
    }
    assert!(faults("<label for=\"a\">A</label><input id=\"a\"><br>").is_empty());
}
