"""Who is let in, what is read of them, and that the same seed gives the same bytes."""

import asyncio
import json
import threading
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.arrival import Arrival, Gone
from mockserver.model import (
    Account,
    Credential,
    Facts,
    Grant,
    Kind,
    Operation,
    Option,
    Outcome,
    Problem,
    Reply,
    Rule,
    Vendor,
)
from mockserver.state.clock import Clock
from mockserver.world import HEAVY
from tests.acme import CALLS, HEADERS, TOKEN, WHO, acme_world, behaving, changed, post, rows
from tests.worlds import ask

POST = "/paths/~1v1~1calls/post"
WRITES = Rule(
    "may_write", "writers", lambda facts: None if "write" in facts.grant.scopes else Problem(Kind.FORBIDDEN, "no")
)
SWITCH = Option(201, (201, 202), "call-queued")


def answer_as_switched(facts: Facts) -> Outcome:
    return Outcome(Reply(facts.option("status"), {"id": "1"}))


def granting(**grants: Grant) -> Vendor:
    operations = {"addCall": Operation(accept=answer_as_switched)}
    return Vendor("acme", operations=operations, guards=(WRITES,), grants=grants, options={"status": SWITCH})


@pytest.mark.parametrize(
    ("grant", "refused_by"),
    [
        (Grant("key", ("write",)), None),
        (Grant(None, ("write",)), None),
        (Grant("key", ("read",)), "auth/writers"),
        (Grant("other", ("write",)), "auth/key-needed"),
    ],
)
def test_a_credential_opens_what_it_is_good_for(tmp_path: Path, grant: Grant, refused_by: str | None) -> None:
    decision = post(acme_world(tmp_path, granting(token=grant))).decision
    assert (decision.refused_by, decision.trouble) == (refused_by, None)


def test_a_credential_that_is_good_for_nothing_opens_nothing(tmp_path: Path) -> None:
    world = acme_world(tmp_path, granting(other=Grant(None, ("write",))))
    assert post(world).decision.refused_by == "auth/key-needed"


def test_a_credential_of_an_account_that_is_gone_opens_nothing(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving())
    asyncio.run(world.store.clear(("account",)))
    assert post(world).decision.refused_by == "auth/key-needed"


@pytest.mark.parametrize("is_demo_there", [True, False])
def test_any_token_makes_an_account_that_may_do_what_demo_may(tmp_path: Path, is_demo_there: Any) -> None:
    vendor = granting(token=Grant("key", ("read", "write")), read_token=Grant("key", ("read",)))
    world = acme_world(tmp_path, vendor, any_token=True)
    if not is_demo_there:
        asyncio.run(world.store.clear(("account",)))
    replies = [post(world, Authorization=f"Bearer {token}").decision for token in ("one", "two", "one")]
    assert [decision.trail[-1].step for decision in replies] == ["accept", "accept", "accept"]
    names = [key[-1] for key, _ in rows(world.store, "account") if key[-1] != "demo"]
    assert len(names) == 2
    assert all(name.startswith("any-") for name in names)
    asked = [json.loads(entry)["account"] for _, entry in rows(world.store, "journal")]
    assert asked == [names[1], names[0], names[1]]


def test_any_token_opens_what_demo_began_with(tmp_path: Path) -> None:
    begun = Account("acme", "demo", {"token": "t"}, 5, {"tags": [1]}, {"status": 202})
    vendor = granting(token=Grant("key", ("write",)))
    world = acme_world(tmp_path, vendor, any_token=True, credits=3, demos={"acme": begun})
    assert post(world, Authorization="Bearer one").decision.outcome.reply.status == 202
    (account,) = [json.loads(value) for key, value in rows(world.store, "account") if key[-1] != "demo"]
    assert (account["credits"], account["book"], account["credentials"]) == (5, {"tags": [1]}, {"any": "one"})


def test_any_token_makes_no_more_accounts_than_there_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = acme_world(tmp_path, behaving(), any_token=True)
    monkeypatch.setattr("mockserver.world.MOST_ACCOUNTS", 2)
    found = [post(world, Authorization=f"Bearer {token}").decision for token in ("one", "two", "one")]
    assert [decision.refused_by for decision in found] == [None, "auth/key-needed", None]
    assert [decision.outcome.reply.status for decision in found] == [201, 401, 201]
    assert len(rows(world.store, "account")) == 2


def test_any_token_takes_none_that_no_account_could_be_given(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), any_token=True)
    found = [post(world, Authorization=f"Bearer {'k' * size}").decision.refused_by for size in (1000, 1001)]
    assert found == [None, "auth/key-needed"]
    assert [len(key[-1]) for key, _ in rows(world.store, "token") if key[-1] != TOKEN] == [1000]


def test_any_token_makes_no_more_accounts_than_there_is_room_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = acme_world(tmp_path, behaving(), any_token=True)
    (account,) = rows(world.store, "account")
    monkeypatch.setattr("mockserver.state.accounts.MOST_ACCOUNT_BYTES", len(account[1]) + 1)
    found = [post(world, Authorization=f"Bearer {token}").decision.refused_by for token in ("one", "two", "one")]
    assert found == [None, "auth/key-needed", None]
    assert len(rows(world.store, "account")) == 2


def test_any_token_still_wants_one(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(), any_token=True)
    assert post(world, Authorization="").decision.refused_by == "auth/key-needed"


def test_an_account_opens_once(tmp_path: Path) -> None:
    world = acme_world(tmp_path)
    wanted = [("new", "t-1"), ("new", "t-2"), ("newer", "t-1")]
    opened = [asyncio.run(world.open(Account("acme", name, {"token": token}))) for name, token in wanted]
    assert opened == [True, False, False]
    assert len(rows(world.store, "token")) == 2


def test_a_client_that_goes_away_leaves_nothing(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving())
    headers = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

    async def stream() -> AsyncIterator[bytes]:
        yield b'{"who":'
        raise Gone

    gone = Arrival(method="POST", path=CALLS, query=b"", headers=headers, stream=stream)
    with pytest.raises(Gone):
        asyncio.run(world.serve("acme", gone))
    assert not rows(world.store, "journal") + rows(world.store, "record")


def wrong_password(shown: Credential | None) -> Problem | None:
    is_right = shown is not None and shown.secret == "canary-right-one"
    return None if is_right else Problem(Kind.UNAUTHENTICATED, "no such user and password")


KEYED = {"type": "object", "properties": {"acme_key": {"type": "string", "x-credential": True}}}


def test_a_credential_in_the_body_is_not_kept(tmp_path: Path) -> None:
    document = changed(f"{POST}/requestBody/content/application~1json/schema", KEYED)
    world = acme_world(tmp_path, behaving(), document=document)
    post(world, b'{"acme_key": "canary-7f3a9c51e8d2"}', Authorization="")
    assert json.loads(rows(world.store, "journal")[0][1])["request"]["body"] == {"acme_key": "…e8d2"}


def test_a_credential_in_the_query_is_not_kept(tmp_path: Path) -> None:
    scheme = {"type": "apiKey", "in": "query", "name": "Acme-Pass-Phrased"}
    world = acme_world(tmp_path, behaving(), document=changed("/components/securitySchemes/key", scheme))
    served = post(world, path=f"{CALLS}?Acme-Pass-Phrased={TOKEN}&plain=1", Authorization="")
    assert served.decision.refused_by is None
    (entry,) = [text for _, text in rows(world.store, "journal")]
    assert json.loads(entry)["request"]["query"] == {"Acme-Pass-Phrased": "…oken", "plain": "1"}
    assert TOKEN.encode() not in entry


def test_a_user_and_a_password_are_not_kept(tmp_path: Path) -> None:
    scheme = {"type": "http", "scheme": "basic"}
    knows = Rule("knows", "password", lambda facts: wrong_password(facts.call.credential))
    vendor = Vendor("acme", operations=behaving().operations, guards=(knows,))
    world = acme_world(tmp_path, vendor, document=changed("/components/securitySchemes/key", scheme))
    pairs = {text: b64encode(f"{TOKEN}:{text}".encode()).decode() for text in ("canary-right-one", "canary-wrong-one")}
    found = [post(world, Authorization=f"Basic {pair}").decision.refused_by for pair in pairs.values()]
    assert found == [None, "auth/password"]
    kept = b"".join(text for _, text in rows(world.store, "journal"))
    assert not [secret for secret in (*pairs, *pairs.values(), TOKEN) if secret.encode() in kept]


@pytest.mark.parametrize(("size", "is_elsewhere"), [(HEAVY - 100, False), (HEAVY + 100, True)])
def test_only_a_heavy_body_is_judged_in_a_thread(tmp_path: Path, size: int, is_elsewhere: Any) -> None:
    seen: list[threading.Thread] = []
    world = acme_world(tmp_path, behaving(Rule("where", "c", lambda _: seen.append(threading.current_thread()))))
    body = json.dumps({"who": "x" * size}).encode()
    assert post(world, body).decision.refused_by is None
    assert [thread is not threading.main_thread() for thread in seen] == [is_elsewhere]


class Frozen(Clock):
    def now(self) -> datetime:
        return datetime(2026, 6, 23, tzinfo=UTC)


def journal_of(folder: Path) -> list[Any]:
    world = acme_world(folder, behaving(), clock=Frozen(), any_token=True)
    for body, token in ((WHO, "acme-demo-token"), (b"{}", "acme-demo-token"), (b"{", "x"), (WHO, "stranger-one")):
        post(world, body, Authorization=f"Bearer {token}")
    ask(world, "acme", "GET", "/nothing")
    return [rows(world.store, shelf) for shelf in ("journal", "record", "account", "token")]


def test_the_same_seed_and_calls_give_the_same_bytes(tmp_path: Path) -> None:
    first = journal_of(tmp_path)
    assert first == journal_of(tmp_path)
    assert len(first[0]) == 5
