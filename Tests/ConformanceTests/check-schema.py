"""Holds every fixture named on the command line against the schema named first.

Prints a line for each fixture that does not fit, and for each planted mistake that does.
"""
import copy
import json
import sys

import jsonschema
import yaml

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)


def written_out(document):
    """The first step whose verb no row of `each` brings."""
    return next(s for s in document["steps"] if isinstance(s, dict) and "$" not in "".join(s))


# Mistakes of each kind of fixture in a step.
steps = {
    "Quorate service fixture": (
        {"a.gett": {"path": "/x"}},
        {"a.get": {"pat": "/x"}},
        {"a.get": {"path": "/x"}, "gives": {"stat": {"versio": 0}}},
        {"a.get": {"path": "/x"}, "error": "NoNod"},
    ),
    "Quorate database fixture": (
        {"a.prepair": "t"},
        {"a.begin": {"isolation": "none"}},
        {"a.prepare": {"siz": 199}},
        {"a.prepare": "t", "gives": {"tagg": "ROLLBACK"}},
        {"a.prepare": "t", "error": "undefined_objekt"},
        {"a.kill": {}},
        {"a.waits": {}, "gives": {"tag": "ROLLBACK"}},
        {"a.query": "select 1", "or": [{"gives": [[1]]}]},
    ),
}[schema["title"]]


def mistakes(document):
    for change in (
        lambda d: d.pop("level"),
        lambda d: d.update(levl="must"),
        lambda d: d.update(level="most"),
        lambda d: written_out(d).update(give={}),
        *(lambda d, step=step: d["steps"].append(step) for step in steps),
    ):
        changed = copy.deepcopy(document)
        change(changed)
        yield changed


for name in sys.argv[2:]:
    document = yaml.safe_load(open(name))
    for error in list(validator.iter_errors(document))[:3]:
        print(f"{name}: {error.json_path}: {error.message[:200]}")
    for number, wrong in enumerate(mistakes(document)):
        if validator.is_valid(wrong):
            print(f"{name}: mistake {number} is not found")
