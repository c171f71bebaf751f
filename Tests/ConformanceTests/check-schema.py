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


def mistakes(document):
    for change in (
        lambda d: d.pop("level"),
        lambda d: d.update(levl="must"),
        lambda d: d.update(level="most"),
        lambda d: written_out(d).update(give={}),
        lambda d: d["steps"].append({"a.gett": {"path": "/x"}}),
        lambda d: d["steps"].append({"a.get": {"pat": "/x"}}),
        lambda d: d["steps"].append({"a.get": {"path": "/x"}, "gives": {"stat": {"versio": 0}}}),
        lambda d: d["steps"].append({"a.get": {"path": "/x"}, "error": "NoNod"}),
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
