"""Holds every line of the histories named on the command line against the schema named first.

Prints a line for each line that does not fit, and for each planted mistake that does.
"""
import json
import sys

import jsonschema

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)

MISTAKES = {
    "typ": lambda d: d.update(typ="ok"),
    "no process": lambda d: d.pop("process"),
    "another type": lambda d: d.update(type="done"),
    "time in words": lambda d: d.update({"call" if "call" in d else "time": "soon"}),
    "saw no list": lambda d: d.update(saw="all"),
    "another version": lambda d: d.update(history=2),
}

for name in sys.argv[2:]:
    lines = [json.loads(line) for line in open(name) if line.strip()]
    for number, line in enumerate(lines, 1):
        if not validator.is_valid(line):
            print(f"{name}:{number}: does not fit")
    event = next(line for line in lines if "process" in line)
    for mistake, change in MISTAKES.items():
        changed = dict(event)
        change(changed)
        if validator.is_valid(changed):
            print(f"{name}: '{mistake}' is not found")
