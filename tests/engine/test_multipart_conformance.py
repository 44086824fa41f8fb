"""The public conformance corpus for multipart/form-data, run through our reader."""

import json
from base64 import b64decode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from multipart_form_data_conformance import get_tests_dir

from mockserver.engine.read_form import Refused, Section, parameters
from mockserver.model import Kind
from tests.engine.sending import read_parts

CASES: Mapping[str, Path] = {
    path.parent.name: path.parent for path in sorted(Path(get_tests_dir()).glob("*/*/test.json"))
}
# Forms that the corpus lets a lenient reader take, and what in them we do not take.
LENIENT = {
    "061-lf-only-lenient": "bare line feeds end its lines",
    "062-mixed-endings": "a bare line feed ends the head of its part",
    "085-header-folding": "a header goes on in the next line, which HTTP has given up",
    "107-preamble-content": "text stands before the first boundary, where no client for forms puts any",
}
# The corpus takes the last of two dispositions and notes that refusing is just as right: we never guess which counts.
AS_RIGHT = {"208-duplicate-headers": "a part has two Content-Disposition headers"}


def read(name: str, chunk: int = 65_536) -> list[Section]:
    headers = json.loads((CASES[name] / "headers.json").read_text("utf-8"))
    body = (CASES[name] / "input.raw").read_bytes()
    return read_parts(body, headers["content-type"], media={"schema": {"type": "object"}}, chunk=chunk)


def expected(name: str) -> dict[str, Any]:
    return json.loads((CASES[name] / "test.json").read_text("utf-8"))["expected"]  # type: ignore[no-any-return]


def check_part(section: Section, wanted: Mapping[str, Any]) -> None:
    assert section.part.name == wanted["name"]
    assert (section.filename or None) == (wanted.get("filename") or None)
    assert section.is_file == (wanted.get("filename") is not None)
    assert (section.content_type or None) == wanted.get("content_type")
    assert parameters(section.content_type).get("charset") == wanted.get("charset")
    assert section.size == wanted["body_size"]
    found = section.digest.hexdigest() if section.digest else sha256(section.text).hexdigest()
    assert found == hash_of(wanted)


def hash_of(wanted: Mapping[str, Any]) -> str:
    if "body_sha256" in wanted:
        return str(wanted["body_sha256"])
    whole = b64decode(wanted["body_base64"]) if "body_base64" in wanted else wanted["body_text"].encode()
    return sha256(whole).hexdigest()


def test_the_corpus_is_the_one_we_know() -> None:
    assert len(CASES) == 58
    assert {*LENIENT, *AS_RIGHT} <= CASES.keys()


@pytest.mark.parametrize("chunk", [1, 65_536])
@pytest.mark.parametrize("name", [name for name in CASES if name not in {*LENIENT, *AS_RIGHT}])
def test_our_reader_agrees_with_the_corpus(name: str, chunk: int) -> None:
    wanted = expected(name)
    if not wanted["valid"]:
        with pytest.raises(Refused):
            read(name, chunk)
        return
    for section, part in zip(read(name, chunk), wanted["parts"], strict=True):
        check_part(section, part)


@pytest.mark.parametrize("chunk", [1, 65_536])
@pytest.mark.parametrize("name", [*LENIENT, *AS_RIGHT])
def test_what_only_a_lenient_reader_takes_is_refused(name: str, chunk: int) -> None:
    assert expected(name)["valid"]
    with pytest.raises(Refused) as caught:
        read(name, chunk)
    assert caught.value.problem.kind is Kind.MALFORMED
