#!/usr/bin/env python3
"""Validates lines of "SCHEMA<tab>JSON" on stdin against docs/schema/SCHEMA.json. A line that begins with ! must
be refused. What we send must also be documented: a member that the schema does not name is a failure."""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("SKIPPED: python3-jsonschema is not installed")
    sys.exit(77)


def undocumented(value, schema, path=""):
    if isinstance(value, dict) and "properties" in schema:
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from undocumented(inner, schema["properties"][name], f"{path}/{name}")
            else:
                yield f"{path}/{name}"
    if isinstance(value, list) and "items" in schema:
        for inner in value:
            yield from undocumented(inner, schema["items"], path + "/*")


def faults(schema, value):
    validator = jsonschema.Draft202012Validator(schema)
    yield from (f"{error.json_path}: {error.message}" for error in validator.iter_errors(value))
    yield from (f"{path} is not documented" for path in undocumented(value, schema))


def main():
    folder = pathlib.Path(sys.argv[1])
    schemas = {file.stem: json.loads(file.read_text()) for file in folder.glob("*.json")}
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    bad, used = 0, set()
    for line in sys.stdin:
        name, text = line.rstrip("\n").split("\t", 1)
        refuse, name = name.startswith("!"), name.lstrip("!")
        used.add(name)
        found = list(faults(schemas[name], json.loads(text)))
        if bool(found) != refuse:
            bad += 1
            print(name, "accepted" if refuse else found, text)
    for unused in schemas.keys() - used:
        bad += 1
        print(unused, "has no sample")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
