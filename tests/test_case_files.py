"""Case files as they are read, and how their steps become requests."""

import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.cases import CasesError, Located, cases_in, request_of
from mockserver.cases.requests import keep

GET: dict[str, Any] = {"method": "GET", "path": "/calls"}
CASE: dict[str, Any] = {"name": "a", "from": "ask", "answer": {"status": 200}}


def folder(path: Path, *cases: dict[str, Any], request: dict[str, Any] = GET, verdict: str = "accepted") -> Path:
    place = path / "acme" / verdict
    place.mkdir(parents=True)
    file = {"says": "so", "requests": {"ask": request}, "cases": [{**CASE, **case} for case in cases]}
    (place / "calls.json").write_text(json.dumps(file))
    return path / "acme"


def only(path: Path, request: dict[str, Any], **case: Any) -> Located:
    (located,) = cases_in(folder(path, case, request=request))
    return located


def test_a_folder_is_named_after_its_vendor_and_its_cases_by_their_place(tmp_path: Path) -> None:
    folder(tmp_path, {}, {"name": "b"}, verdict="refused")
    found = list(cases_in(folder(tmp_path, {})))
    assert [each.place for each in found] == ["accepted/calls/a", "refused/calls/a", "refused/calls/b"]
    assert {each.vendor for each in found} == {"acme"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "truncated"),
        ('{"says": "so", "requests": {}}', "missing required field `cases`"),
        ('{"says": "so", "requests": {}, "cases": [], "caes": 1}', "unknown field `caes`"),
        (
            json.dumps({"says": "so", "requests": {"tell": GET}, "cases": [CASE]}),
            "there is no request 'ask': known are tell",
        ),
        (
            json.dumps({"says": "so", "requests": {"ask": GET}, "cases": [{**CASE, "before": [{"from": "x"}]}]}),
            "there is no request 'x': known are ask",
        ),
    ],
)
def test_a_file_that_is_none_is_told_by_its_path(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "acme" / "refused" / "broken.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(CasesError, match=says) as caught:
        list(cases_in(tmp_path / "acme"))
    assert str(caught.value).startswith(f"{path}: ")


def test_a_file_that_cannot_be_read_is_told_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "acme" / "refused" / "folder.json"
    path.mkdir(parents=True)
    with pytest.raises(CasesError, match=r"folder\.json: is a directory"):
        list(cases_in(tmp_path / "acme"))


FORM = {"method": "POST", "path": "/calls", "form": [{"name": "file", "file": "call.mp3", "filename": "c.mp3"}]}


def test_media_beside_the_cases_come_before_those_that_are_shipped(tmp_path: Path) -> None:
    shipped = request_of(only(tmp_path / "one", FORM), only(tmp_path / "two", FORM).case, {})
    assert b"ID3" in shipped.body or len(shipped.body) > 10_000
    (tmp_path / "three" / "acme" / "media").mkdir(parents=True)
    (tmp_path / "three" / "acme" / "media" / "call.mp3").write_bytes(b"my own")
    located = only(tmp_path / "three", FORM)
    assert b"\r\n\r\nmy own\r\n" in request_of(located, located.case, {}).body


@pytest.mark.parametrize("name", ["../secret", "none.mp3", "", ".", "/etc/hostname"])
def test_only_media_are_sent_whatever_a_case_names(tmp_path: Path, name: str) -> None:
    (tmp_path / "acme" / "media").mkdir(parents=True)
    (tmp_path / "acme" / "secret").write_text("mine")
    located = only(tmp_path, {"method": "PUT", "path": "/calls", "file": name})
    with pytest.raises(CasesError, match="accepted/calls/a: no media file is called"):
        request_of(located, located.case, {})


@pytest.mark.parametrize(
    ("request_", "case"),
    [
        (GET, {"set": {"/json/a": 1}}),
        (GET, {"drop": ["/headers"]}),
        ({"method": "GET"}, {}),
        ({**GET, "headers": 7}, {}),
        ({**GET, "raw": 7}, {}),
    ],
)
def test_a_step_that_makes_no_request_is_told_by_its_case(
    tmp_path: Path, request_: dict[str, Any], case: dict[str, Any]
) -> None:
    located = only(tmp_path, request_, **case)
    with pytest.raises(CasesError, match=r"^accepted/calls/a makes no request: "):
        request_of(located, located.case, {})


def test_what_was_kept_and_what_is_swapped_stand_in_the_request(tmp_path: Path) -> None:
    request = {**GET, "path": "{{url}}?key=demo", "headers": {"X-Key": "demo"}, "json": [{"of": "demo"}, 7]}
    located = only(tmp_path, request)
    made = request_of(located, located.case, {"key": ("demo", "own")}, {"url": "https://mock.test/acme/calls/1"})
    assert (made.address, made.path) == ("https://mock.test/acme/calls/1?key=own", "/calls/1?key=own")
    assert made.headers == {"Content-Type": "application/json", "X-Key": "own"}
    assert json.loads(made.body) == [{"of": "own"}, 7]


def test_a_step_keeps_texts_by_their_place(tmp_path: Path) -> None:
    located = only(tmp_path, GET, keep={"id": "/items/0/a~1b"})
    assert keep(located.case, {"items": [{"a/b": 7}]}) == {"id": "7"}


def test_a_list_is_added_to_at_its_end(tmp_path: Path) -> None:
    located = only(tmp_path, {**GET, "json": [1]}, set={"/json/1": 2, "/json/0": 3})
    assert json.loads(request_of(located, located.case, {}).body) == [3, 2]
