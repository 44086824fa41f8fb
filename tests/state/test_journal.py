import asyncio
import json
from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from mockserver.model import (
    Advice,
    Basis,
    Call,
    Credential,
    Decision,
    Kind,
    Mark,
    Media,
    Outcome,
    Problem,
    Reply,
    Upload,
)
from mockserver.state.journal import LONGEST_BODY, LONGEST_TEXT, PAGE, Entry, Journal, entry_text, write_entry
from mockserver.state.memory import MemoryStore
from mockserver.state.redact import Names
from mockserver.state.store import Write
from tests.facts import ID, NOW

CANARY = "canary-7f3a9c51e8d2-WXYZ"
SIGNED = f"https://user:{CANARY}@a.example/?sig={CANARY}"
CALL = Call(ID, NOW, "acme", "addCall", "POST", "/v1/calls")
ACCEPTED = Decision(Outcome(Reply(201, {"id": "1"})), (Mark("route"), Mark("accept")), Basis.DOCUMENTED)


def note(
    decision: Decision = ACCEPTED, account: str = "demo", hidden: Any = frozenset(), **call: Any
) -> dict[str, Any]:
    text = entry_text(msgspec.structs.replace(CALL, **call), decision, account, Names(hidden))
    assert msgspec.json.decode(text, type=Entry)
    entry: dict[str, Any] = json.loads(text)
    return entry


def refused(*problems: Problem, **rest: Any) -> Decision:
    return Decision(Outcome(Reply(400, {"error": "x"})), (Mark("route"), Mark("rules", problems, "a_rule")), **rest)


def upload(filename: str = "call.mp3", size: int = 5, content_type: str = "audio/mpeg") -> Upload:
    return Upload(filename, content_type, size, "0" * 64, Media("audio"))


def test_an_accepted_call_is_noted() -> None:
    body = {"who": "Ada", "seconds": 10**30}
    entry = note(
        headers={"host": "127.0.0.1"}, query={"limit": 5}, media_type="application/json", instance=body, size=17
    )
    assert entry == {
        "id": str(ID),
        "at": "2026-06-23T14:30:00Z",
        "vendor": "acme",
        "account": "demo",
        "operation": "addCall",
        "method": "POST",
        "path": "/v1/calls",
        "status": 201,
        "refused_by": None,
        "basis": "documented",
        "advice": [],
        "trail": [{"step": "route", "passed": True}, {"step": "accept", "passed": True}],
        "request": {
            "headers": {"host": "127.0.0.1"},
            "query": {"limit": 5},
            "media_type": "application/json",
            "size": 17,
            "body": body,
        },
        "answer": {"status": 201, "body": {"id": "1"}},
        "trouble": None,
        "fault": None,
    }


def test_a_refused_call_tells_its_problems_and_not_what_caused_them() -> None:
    problem = Problem(Kind.INVALID, "who is wrong", ("who", 0), "type", wants="string", got=CANARY, claim="who-is-text")
    entry = note(refused(problem))
    assert entry["refused_by"] == "rules/who-is-text"
    seen = {"at": "$.who[0]", "says": "who is wrong", "claim": "who-is-text", "keyword": "type"}
    assert entry["trail"][1] == {"step": "rules", "passed": False, "rule": "a_rule", "problems": [seen]}


def test_advice_of_the_reading_and_of_the_outcome_is_told() -> None:
    outcome = Outcome(Reply(201), advice=(Advice("dropped", "$.tag", "unknown-tag"),))
    entry = note(Decision(outcome, ACCEPTED.trail), advice=(Advice("twice"),))
    assert entry["advice"] == [
        {"at": "$", "says": "twice", "claim": None},
        {"at": "$.tag", "says": "dropped", "claim": "unknown-tag"},
    ]


def test_a_call_of_nobody_to_nothing_is_noted_so() -> None:
    entry = note(account="", operation="")
    assert (entry["account"], entry["operation"]) == (None, None)


def test_a_file_is_kept_by_its_digest() -> None:
    entry = note(files={"file": upload()}, instance={"file": "5 bytes"})
    part = {"name": "file", "filename": "call.mp3", "type": "audio/mpeg", "size": 5, "sha256": "0" * 64}
    assert entry["request"]["parts"] == [part]


@pytest.mark.parametrize(
    ("size", "files", "is_kept"),
    [
        (LONGEST_BODY, {}, True),
        (LONGEST_BODY + 1, {}, False),
        (10**9 + 100, {"file": upload(size=10**9)}, True),
        (10**9 + LONGEST_BODY + 1, {"file": upload(size=10**9)}, False),
    ],
)
def test_a_large_body_is_left_out_and_files_do_not_count(size: int, files: Mapping[str, Upload], is_kept: Any) -> None:
    request = note(size=size, files=files, instance={"who": "Ada"})["request"]
    assert (request.get("body"), request.get("body_left_out", False)) == (
        {"who": "Ada"} if is_kept else None,
        not is_kept,
    )


SECRETS: dict[str, dict[str, Any]] = {
    "header": {"headers": {"authorization": f"Bearer {CANARY}", "cookie": f"a={CANARY}"}},
    "header of the document": {"headers": {"x-acme": CANARY}, "hidden": {"x-acme"}},
    "address in a header": {"headers": {"referer": SIGNED}},
    "query": {"query": {"access_token": CANARY, "url": SIGNED}},
    "credential in the query": {"query": {"acme_key": CANARY}, "hidden": {"acme_key"}},
    "body": {"instance": {"api_key": CANARY, "deep": [{"client_secret": CANARY}], "url": SIGNED}},
    "credential of the document in the body": {"instance": {"acme_key": CANARY}, "hidden": {"acme_key"}},
    "unreadable part": {
        "instance": {"payload": f'{{"api_key": "{CANARY}"'},
        "misread": (Problem(Kind.MALFORMED, "no JSON", ("payload",)),),
    },
    "path": {"path": f"/fetch/{SIGNED}"},
    "names of files": {"files": {SIGNED: upload(SIGNED, content_type=SIGNED)}},
    "advice": {"advice": (Advice(SIGNED, SIGNED),)},
    "problem": {"decision": refused(Problem(Kind.INVALID, SIGNED, (SIGNED,)))},
    "answer": {"decision": Decision(Outcome(Reply(201, {"access_token": CANARY, "url": SIGNED})), ACCEPTED.trail)},
    "headers of the answer": {
        "decision": Decision(Outcome(Reply(201, headers={"Set-Cookie": CANARY, "Location": SIGNED})), ACCEPTED.trail)
    },
    "trouble": {"decision": refused(trouble=f"KeyError: {SIGNED}")},
    "credential in the trouble": {
        "decision": refused(trouble=f"KeyError: '{CANARY}' in {SIGNED}"),
        "credential": Credential("key", CANARY),
    },
    "password in the trouble": {
        "decision": refused(trouble=f"KeyError: '{CANARY}' of ada in {SIGNED}"),
        "credential": Credential("key", "ada", CANARY),
    },
}


@pytest.mark.parametrize("told", SECRETS.values(), ids=SECRETS.keys())
def test_no_secret_survives(told: dict[str, Any]) -> None:
    decision = told.get("decision") or refused(Problem(Kind.INVALID, "x"))
    kept = json.dumps(note(**{**told, "decision": decision}))
    assert CANARY in repr(told)
    assert "canary" not in kept
    assert "user" not in kept


def test_an_unreadable_part_takes_nothing_else_with_it() -> None:
    misread = (Problem(Kind.MALFORMED, "no JSON", ("payload",)),)
    entry = note(instance={"payload": "{", "who": "Ada"}, misread=misread)
    assert entry["request"]["body"] == {"payload": "…", "who": "Ada"}


def test_what_a_client_had_a_hand_in_is_cut() -> None:
    long = "x" * 100_000
    entry = note(
        refused(Problem(Kind.INVALID, long, (long,))),
        path="/" + long,
        advice=(Advice(long, long),),
        files={long: upload(long, content_type=long)},
    )
    assert len(json.dumps(entry)) < 10 * LONGEST_TEXT


def test_entries_are_read_newest_first_and_page_by_page() -> None:
    store, idents = MemoryStore(), [str(index) for index in range(PAGE + 2)]
    blank = entry_text(CALL, ACCEPTED, "demo", Names())
    rows = [Write(("journal", ident), blank.replace(str(ID).encode(), ident.encode())) for ident in idents]
    assert asyncio.run(store.commit(rows, {}))

    async def read(before: int | None) -> list[tuple[int, Entry]]:
        return [item async for item in Journal(store).entries(before)]

    found = asyncio.run(read(None))
    assert [entry.id for _, entry in found] == idents[::-1]
    assert [entry.id for _, entry in asyncio.run(read(found[-3][0]))] == ["1", "0"]


def test_an_entry_is_found_by_its_call_and_gone_when_cleared() -> None:
    store = MemoryStore()
    journal = Journal(store)
    assert asyncio.run(store.commit([write_entry(CALL, ACCEPTED, "demo", Names())], {}))
    entry = asyncio.run(journal.get(str(ID)))
    assert entry
    assert (entry.operation, entry.basis) == ("addCall", Basis.DOCUMENTED)
    assert asyncio.run(journal.clear()) == 1
    assert asyncio.run(journal.get(str(ID))) is None


def test_who_has_stopped_waiting_is_woken_for_nothing() -> None:
    async def wait() -> list[bool]:
        journal = Journal(MemoryStore())
        gone, waiting = journal.stirring(), journal.stirring()
        gone.cancel()
        journal.stir()
        return [gone.cancelled(), waiting.done()]

    assert asyncio.run(wait()) == [True, True]
