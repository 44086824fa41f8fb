"""The report as JUnit's XML."""

from xml.etree.ElementTree import Element, fromstring

import pytest

from mockserver.faces.coverage.junit import junit
from mockserver.kit.coverage import report_of
from tests.faces.coverage.reports import item, report


def root(content: bytes) -> Element:
    return fromstring(content)  # noqa: S314  # written here


def counts(element: Element) -> tuple[str, ...]:
    return tuple(element.attrib[name] for name in ("tests", "failures", "skipped"))


def test_each_side_that_can_be_seen_is_a_case_and_what_was_never_seen_is_skipped() -> None:
    whole = root(junit(report()))
    assert (whole.tag, counts(whole)) == ("testsuites", ("12", "0", "5"))
    assert [(suite.attrib["name"], counts(suite)) for suite in whole] == [
        ("acme", ("11", "0", "5")),
        ("other@2", ("1", "0", "0")),
    ]
    cases = {(case.attrib["classname"], case.attrib["name"]): case for case in whole.iter("testcase")}
    assert len(cases) == 12
    (skipped,) = cases["acme.addCall", "at-is-a-moment broken"]
    assert skipped.attrib["message"] == "never broken: <b>at</b> is a moment & nothing else"
    assert not list(cases["acme.addCall", "who-required kept"])
    assert ("acme.any request", "no-such-path broken") in cases
    assert ("acme.addCall", "note-is-text broken") not in cases


@pytest.mark.parametrize(("least", "failures"), [(58.3, "0"), (58.4, "1")])
def test_that_too_little_was_seen_is_the_only_failure(least: float, failures: str) -> None:
    whole = root(junit(report(), least))
    assert counts(whole) == ("13", failures, "5")
    (case,) = whole[-1]
    assert case.attrib["name"] == f"at least {least} percent is seen"
    assert [failure.attrib["message"] for failure in case] == (["58.3 percent is seen"] if failures == "1" else [])


def test_what_xml_cannot_hold_is_left_out() -> None:
    (skipped, *_) = root(junit(report_of([item("a", says="a\0b\ud800c")]))).iter("skipped")
    assert skipped.attrib["message"] == "never kept: a\ufffdb\ufffdc"
