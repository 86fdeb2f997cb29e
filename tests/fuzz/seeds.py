"""Makes the first inputs of the fuzzer out of what the tests send: seeds.py DIRECTORY.

Every text in quotation marks of a test is a filter and a path, whether it means to be one or not;
every JSON literal is a PATCH message or a bulk request, or becomes one. Every text in a test of the
mappings is an expression.
"""

import hashlib
import json
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
TEXT = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)


def sources():
    for pattern in ("tests/api/**/*.rs", "src/scim/**/*.rs"):
        for path in sorted(ROOT.glob(pattern)):
            yield path.read_text(encoding="utf-8")


def texts(source):
    """The string literals of a line each, without their escapes."""
    for line in source.splitlines():
        for literal in TEXT.findall(line):
            yield re.sub(r'\\(["\\])', r"\1", literal)


def literals(source):
    """The JSON in json!(..) and raw strings; a Rust expression inside becomes a text."""
    for raw in re.findall(r'r#"(.*?)"#', source, re.DOTALL):
        yield raw
    for match in re.finditer(r"json!\(", source):
        depth, end = 1, match.end()
        while depth and end < len(source):
            depth += {"(": 1, ")": -1}.get(source[end], 0)
            end += 1
        inner = source[match.end() : end - 1]
        parts = re.split(r'("(?:[^"\\]|\\.)*")', inner)
        for at in range(0, len(parts), 2):
            part = re.sub(r",(\s*[}\]])", r"\1", parts[at])
            parts[at] = re.sub(
                r"(?<![\w.])(?!true\b|false\b|null\b)&?[A-Za-z_][\w.]*", '"x"', part
            )
        yield "".join(parts)


def messages(text):
    """PATCH messages and bulk requests out of a JSON text."""
    try:
        value = json.loads(text)
    except ValueError:
        return
    if isinstance(value, dict) and "op" in value:
        value = [value]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        if "op" in value[0]:
            value = {"schemas": [PATCH], "Operations": value}
        elif "method" in value[0]:
            value = {"schemas": [BULK], "Operations": value}
    if not isinstance(value, dict):
        return
    if "Operations" in value:
        yield "bulk" if "method" in str(value["Operations"]) else "patch", value
        change = {"method": "PATCH", "path": "/Users/bulkId:1", "data": value}
    else:
        change = {"method": "POST", "path": "/Groups", "bulkId": "2", "data": value}
    user = {"userName": "a", "manager": "bulkId:2"}
    first = {"method": "POST", "path": "/Users", "bulkId": "1", "data": user}
    yield "bulk", {"schemas": [BULK], "Operations": [first, change]}


def main():
    seeds = {"filter": set(), "path": set(), "patch": set(), "bulk": set(), "expression": set(), "okta": set()}
    for source in sources():
        for text in texts(source):
            seeds["filter"].add(text)
            seeds["path"].add(text)
        for literal in literals(source):
            for target, message in messages(literal):
                seeds[target].add(json.dumps(message))
    for target, folder in (("expression", "entra"), ("okta", "okta")):
        for path in sorted(ROOT.glob(f"src/mapping/{folder}/**/*.rs")):
            source = path.read_text(encoding="utf-8")
            raw = re.findall(r'r#"(.*?)"#', source, re.DOTALL)
            seeds[target].update(raw, texts(source))
    for target, inputs in seeds.items():
        directory = pathlib.Path(sys.argv[1]) / target
        directory.mkdir(parents=True, exist_ok=True)
        for text in inputs:
            data = text.encode()
            (directory / hashlib.sha1(data).hexdigest()).write_bytes(data)
        print(f"{target}: {len(inputs)} inputs from the tests")


if __name__ == "__main__":
    main()
