"""The two editions differ in the upload and in nothing else, and what Python repeats of them is what they say."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.claims import read_ledger
from mockserver.engine.endpoint import Endpoint
from mockserver.shipped import shipped
from mockserver.vendors.siro import vendor
from mockserver.vendors.siro.names import CLOSED, NAMES
from tests.worlds import document

BOTH = ("siro", "siro@2026-08")
FIRST, SECOND = (shipped("schemas") / name for name in BOTH)
# What belongs to the upload, and the vendor's book.
OWN = {"openapi.json", "upload-request.json", "upload-accepted.json", "book.json"}
UPLOAD = "/v1/core/recordings/upload"
# Those whose query is a signature: nobody names it.
STORAGE = {"storeAudio", "downloadAudio"}


def shared(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.json") if path.name not in OWN}


def test_the_editions_share_every_schema_but_the_uploads() -> None:
    assert len(shared(FIRST)) > 20
    assert shared(FIRST) == shared(SECOND)


def test_the_editions_share_every_path_but_the_uploads() -> None:
    first, second = (document(name).content["paths"] for name in BOTH)
    assert list(first) == list(second)
    assert [path for path in first if first[path] != second[path]] == [UPLOAD]


def test_the_editions_share_every_claim_about_what_they_share() -> None:
    first, second = (read_ledger(folder).claims for folder in (FIRST, SECOND))
    begin = "signed-url-needs-file-type"
    assert list(first)[list(first).index(begin) :] == list(second)[list(second).index(begin) :]
    assert [name for name in list(first)[list(first).index(begin) :] if first[name] != second[name]] == []


def names_in(endpoint: Endpoint) -> tuple[str, ...]:
    """Return the fields of an operation's body, or else the parameters of its query."""
    fields = [name for body in endpoint.bodies.values() for name in body.whole.get("properties", {})]
    return tuple(fields or (item["name"] for item in endpoint.parameters if item["in"] == "query"))


@pytest.mark.parametrize("name", BOTH)
def test_the_names_of_every_operation_are_those_of_its_document(name: str) -> None:
    others = {each.id: each for each in document(name).endpoints if each.id not in {*STORAGE, "uploadRecording"}}
    assert {ident: names_in(endpoint) for ident, endpoint in others.items()} == dict(NAMES)


@pytest.mark.parametrize("name", BOTH)
def test_what_refuses_unknown_fields_is_what_its_document_closes(name: str) -> None:
    bodies: dict[str, Any] = {each.id: each.bodies.get("application/json") for each in document(name).endpoints}
    closed = {ident for ident, body in bodies.items() if body and body.whole.get("additionalProperties") is False}
    assert closed - {"uploadRecording"} == CLOSED


@pytest.mark.parametrize("name", BOTH)
def test_every_operation_of_the_document_has_behaviour(name: str) -> None:
    assert {each.id for each in document(name).endpoints} == vendor.operations.keys()
