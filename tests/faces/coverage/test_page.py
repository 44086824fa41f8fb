"""The report as a page."""

import re
from html.parser import HTMLParser

from mockserver.faces.coverage.page import page
from mockserver.faces.coverage.text import NOTHING
from mockserver.kit.coverage import merged, report_of
from tests.faces.coverage.reports import item, report

EMPTY = {"meta", "input"}


class Read(HTMLParser):
    """Reads a page: its text, its tags with their attributes, and whether each that opens is closed."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data.strip())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_it_is_well_formed_and_asks_nobody_for_anything() -> None:
    content = page(report())
    read = Read(content)
    assert read.open == []
    assert content.startswith("<!doctype html>\n")
    assert not {tag for tag, _ in read.tags} & {"script", "link", "img", "iframe", "a", "base", "object"}
    assert not re.search(r"url\(|@import|https?://|\bsrc=|\bhref=", content)


def test_every_claim_is_told_by_operation_with_what_was_seen() -> None:
    read = Read(page(report()))
    assert [text for text in read.texts if text in ("addCall", "readCall", "any request", "other")] == [
        "addCall",
        "readCall",
        "any request",
        "other",
    ]
    for each in report().items:
        assert each.claim in read.texts
        assert each.says in read.texts
    assert "addCall, readCall" in read.texts
    looks = [attributes.get("class") for attributes in read.of("td")]
    assert (looks.count("seen"), looks.count("unseen"), looks.count("none")) == (7, 5, 2)
    assert {"4 of 6", "kept 1/3, broken 0/2", "what 3 accounts had shown was pushed out by newer ones"} <= {*read.texts}


def test_what_lacks_nothing_can_be_hidden() -> None:
    read = Read(page(report()))
    assert sum(attributes.get("class") == "complete" for attributes in read.of("tr")) == 3
    assert [attributes.get("class") for attributes in read.of("section")] == [None, "complete"]
    assert [attributes.get("class") for attributes in read.of("details")] == [
        None,
        "complete",
        "complete",
        None,
        "complete",
    ]
    assert [attributes["id"] for attributes in read.of("input")] == ["missing"]


def test_texts_stay_texts() -> None:
    content = page(report_of([item('a"><script>', says="<script>&", vendor="<v>")]))
    assert "<script" not in content
    assert {'a"><script>', "<script>&", "<v>"} <= {*Read(content).texts}


def test_a_page_of_nothing_says_so() -> None:
    assert f"{NOTHING}." in Read(page(merged([]))).texts
