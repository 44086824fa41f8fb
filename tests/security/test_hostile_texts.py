"""Hostile names and mutilated bodies at every vendor's real operation: taken or refused, but never a fault of ours."""

import asyncio
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.world import Served, World
from tests.engine.hostile_names import NAMES
from tests.engine.sending import part
from tests.security.honest_bodies import FORMS, JSONS, WAVE, Honest
from tests.security.hostile_json import plain
from tests.worlds import ask, new_world


@cache
def world_of(vendor: str) -> World:
    return new_world(vendor)


def send(honest: Honest, body: bytes) -> Served:
    headers = {**honest.headers, "content-type": honest.content_type}
    return ask(world_of(honest.vendor), honest.vendor, "POST", honest.path, headers=headers, body=body)


def check(honest: Honest, served: Served) -> None:
    """Hold what must be true of any answer: it is the vendor's own, and no text of a client can break its lines."""
    assert served.decision.trouble is None
    assert served.decision.outcome.reply.status < 500
    every = served.decision.outcome.reply.headers
    assert all(text.isprintable() and text.isascii() for item in every.items() for text in item)
    entry = asyncio.run(world_of(honest.vendor).journal.get(str(served.call.id)))
    assert entry is not None
    assert entry.status == served.decision.outcome.reply.status


def quote(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')


@pytest.mark.parametrize("honest", FORMS, ids=lambda honest: honest.id)
def test_a_form_may_name_its_file_anything(honest: Honest) -> None:
    file = next(name for name in ("file", "call") if name in honest.parts)
    for name in NAMES:
        changed = {file: part(file, WAVE, filename=quote(name), kind="audio/wav")}
        body = honest.form_with(**changed, note=part("note", name), **{name: part(quote(name), "x")})
        served = send(honest, body)
        check(honest, served)
        assert served.call.files[file].filename == name


def replaced(value: Any, text: str) -> Any:
    """Return a value with every text in it replaced."""
    if isinstance(value, Mapping):
        return {key: replaced(child, text) for key, child in value.items()}
    return text if isinstance(value, str) else value


@pytest.mark.parametrize("honest", JSONS, ids=lambda honest: honest.id)
def test_any_field_may_hold_any_text(honest: Honest) -> None:
    for name in NAMES:
        for field in honest.fields:
            check(honest, send(honest, plain({**honest.fields, field: replaced(honest.fields[field], name)}).encode()))
        check(honest, send(honest, plain({**honest.fields, name: name}).encode()))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_in_metadata_may_be_any_text(name: str) -> None:
    honest = next(each for each in FORMS if each.vendor == "authenticx")
    metadata = part("metadata", json.dumps({"FileName": f"{name}.wav", "UploadType": "Audio"}))
    check(honest, send(honest, honest.form_with(metadata=metadata)))


MUTATIONS = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 8),
        st.one_of(st.binary(max_size=6), st.sampled_from([b"\r\n", b'"', b"--cut-here"])),
    ),
    min_size=1,
    max_size=4,
)
# Most of a recording is noise: mutations are to hit what is read.
SHORT = tuple(
    Honest(
        each.vendor,
        each.path,
        each.headers,
        parts={
            name: whole if WAVE not in whole else whole.replace(WAVE, WAVE[:100]) for name, whole in each.parts.items()
        },
    )
    for each in FORMS
)


@pytest.mark.parametrize("honest", [*JSONS, *SHORT], ids=lambda honest: honest.id)
@settings(derandomize=True, max_examples=60, deadline=None)
@given(mutations=MUTATIONS)
def test_a_mutilated_body_is_never_a_fault_of_ours(honest: Honest, mutations: list[tuple[float, int, bytes]]) -> None:
    body = honest.form() if honest.parts else plain(honest.fields).encode()
    for place, length, text in mutations:
        at = int(place * len(body))
        body = body[:at] + text + body[at + length :]
    check(honest, send(honest, body))
