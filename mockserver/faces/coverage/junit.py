"""A report of rule coverage as JUnit writes tests: a case for each side of a claim, skipped where it was never seen."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mockserver.kit.coverage import Item, Report

# What XML cannot hold, in any way of writing it.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, least: float | None = None) -> bytes:
    """Return the document. That less than `least` percent was seen is its only failure."""
    root = Element("testsuites", name="mockserver coverage")
    for vendor, items in report.vendors.items():
        suite = SubElement(root, "testsuite", name=vendor)
        for item in items:
            add_item(suite, item)
        close(suite)
    if least is not None:
        add_threshold(root, report, least)
    close(root)
    indent(root)
    text: bytes = tostring(root, "utf-8", xml_declaration=True)
    return text + b"\n"


def add_item(suite: Element, item: Item) -> None:
    for side, seen in sides(item):
        case = SubElement(
            suite, "testcase", classname=written(f"{item.vendor}.{item.place}"), name=f"{item.claim} {side}"
        )
        if not seen:
            SubElement(case, "skipped", message=written(f"never {side}: {item.says}"))


def sides(item: Item) -> Iterator[tuple[str, bool]]:
    for side, seen in (("kept", item.kept), ("broken", item.broken)):
        if seen is not None:
            yield side, seen


def add_threshold(root: Element, report: Report, least: float) -> None:
    suite = SubElement(root, "testsuite", name="threshold")
    case = SubElement(suite, "testcase", classname="mockserver.coverage", name=f"at least {least:g} percent is seen")
    if report.totals.percent < least:
        SubElement(case, "failure", message=f"{report.totals.percent:g} percent is seen")
    close(suite)


def close(element: Element) -> None:
    """Write how many cases there are below, and of which kinds."""
    element.set("tests", str(len(list(element.iter("testcase")))))
    element.set("failures", str(len(list(element.iter("failure")))))
    element.set("skipped", str(len(list(element.iter("skipped")))))


def written(text: str) -> str:
    return UNWRITABLE.sub("\ufffd", text)
