"""Reads a report the way other people's tools do, and prints what it found, a line a fact.

junitparser reads it as a client library would. The rest reads it as strictly as Jenkins' xunit
plugin: element and attribute names that its schema for JUnit knows, in its order, numbers as it
defines them, counters that agree with the children, at most one verdict in a case.
"""
import re
import sys
import xml.etree.ElementTree as tree

import junitparser

KNOWN = {
    "testsuites": {"name", "time", "tests", "failures", "errors", "skipped", "disabled"},
    "testsuite": {
        "name", "tests", "failures", "errors", "time", "group", "skipped", "disabled",
        "timestamp", "hostname", "id", "package", "file", "log", "url", "version",
    },
    "testcase": {
        "name", "classname", "time", "group", "assertions", "status", "class", "file", "line",
        "log", "url",
    },
    "skipped": {"type", "message"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
    "properties": set(),
    "property": {"name", "value"},
    "system-out": set(),
    "system-err": set(),
}
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out", "system-err"],
    "testcase": ["skipped", "error", "failure", "system-out", "system-err"],
    "properties": ["property"],
}
TIME = re.compile(r"(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]{0,3})?$")


def strict(element):
    for name in element.attrib:
        if name not in KNOWN[element.tag]:
            print(f"{element.tag} has an attribute {name}")
    if "time" in element.attrib and not TIME.match(element.attrib["time"]):
        print(f"{element.tag} has the time {element.attrib['time']}")
    for child in element:
        if child.tag not in CHILDREN.get(element.tag, []):
            print(f"{element.tag} has a child {child.tag}")
        strict(child)
    if element.tag == "testcase":
        if sum(child.tag in ("skipped", "failure", "error") for child in element) > 1:
            print("a testcase has two verdicts")
    if element.tag in ("testsuite", "testsuites"):
        cases = list(element.iter("testcase"))
        for counter, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            found = sum(case.find(tag) is not None for case in cases)
            if int(element.attrib[counter]) != found:
                print(f"{element.tag} counts {element.attrib[counter]} {counter}, has {found}")
        if int(element.attrib["tests"]) != len(cases):
            print(f"{element.tag} counts {element.attrib['tests']} tests, has {len(cases)}")


strict(tree.parse(sys.argv[1]).getroot())
report = junitparser.JUnitXml.fromfile(sys.argv[1])
print(
    f"junitparser: {report.tests} tests, {report.failures} failures, "
    f"{report.errors} errors, {report.skipped} skipped, {report.time:.3f} s")
for suite in report:
    for case in suite:
        for result in case.result:
            print(f"{ascii(case.name)}: {type(result).__name__}: {ascii(result.message)}")
