"""Validates files against a JSON Schema with the Python package jsonschema.

validate.py SCHEMA FILE… prints a JSON object: for each file what is wrong with it, a
sentence a fault. Files are read by readers of Python's: json, tomllib, PyYAML.
"""

import datetime
import json
import re
import sys
import tomllib

import yaml
from jsonschema import Draft202012Validator


class Reader(yaml.SafeLoader):
    """YAML 1.2's core schema, as editors read it: a date is text, and so is `yes`."""


Reader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Reader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def plain(value):
    """TOML's dates as text."""
    if isinstance(value, dict):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def front_matter(text):
    found = re.match(r"(---|\+\+\+)\r?\n(.*?)^\1\s*$", text, re.DOTALL | re.MULTILINE)
    if not found:
        return {}
    return yaml.load(found[2], Reader) if found[1] == "---" else tomllib.loads(found[2])


def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        text = file.read()
    kind = path.rsplit(".", 1)[-1]
    if kind == "json":
        return json.loads(text)
    if kind == "toml":
        return tomllib.loads(text.replace("\r\n", "\n"))
    if kind in ("yaml", "yml"):
        return yaml.load(text, Reader)
    return front_matter(text)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    found = {}
    for path in sys.argv[2:]:
        errors = validator.iter_errors(plain(read(path)))
        found[path] = [f"{error.json_path}: {error.message:.200}" for error in errors]
    print(json.dumps(found))


main()
