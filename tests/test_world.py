import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mockserver.model import Facts, Kind, Outcome, Problem, Ref, Reply, Rule, Vendor
from mockserver.state.accounts import account_key, read_account
from mockserver.world import World
from tests.acme import CALLS, WHO, accept, acme_world, behaving, changed, post, rows, write_folder


def last_entry(world: World) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(rows(world.store, "journal")[0][1])
    return entry


def broken(*_: Any) -> Any:
    raise LookupError("a vendor's mistake")


def test_an_accepted_call_leaves_its_record_its_account_and_its_entry(tmp_path: Path) -> None:
    def charge(facts: Facts) -> Outcome:
        outcome = accept(facts)
        poorer = msgspec.structs.replace(facts.account, credits=(facts.account.credits or 0) - 1)
        return msgspec.structs.replace(outcome, account=poorer)

    world = acme_world(tmp_path, behaving(accept=charge), credits=3)
    served = post(world)
    ident = str(served.call.id)
    assert served.decision.outcome.reply == Reply(201, {"id": ident})
    ((key, value),) = rows(world.store, "record")
    assert key == ("record", "acme", "demo", "call", ident)
    assert json.loads(value)["body"] == {"who": "Ada"}
    (held,) = asyncio.run(world.store.read([account_key("acme", "demo")]))
    assert held
    assert read_account(held).credits == 2
    assert [key for key, _ in rows(world.store, "journal")] == [("journal", ident)]


@pytest.mark.parametrize(
    ("body", "headers", "refused_by"),
    [
        (b"{}", {}, "schema/who-required"),
        (b"{", {}, "transport/json-only"),
        (WHO, {"Authorization": "Bearer nobody"}, "auth/key-needed"),
        (WHO, {"Authorization": ""}, "auth/key-needed"),
        (WHO, {}, "rules/never"),
    ],
)
def test_a_refused_call_leaves_nothing_but_its_entry(
    tmp_path: Path, body: bytes, headers: dict[str, str], refused_by: str
) -> None:
    never = Rule("never_accepted", "never", lambda _: Problem(Kind.INVALID, "never"))
    world = acme_world(tmp_path, behaving(never), credits=3)
    before = [rows(world.store, shelf) for shelf in ("account", "token", "record")]
    served = post(world, body, **headers)
    assert served.decision.refused_by == refused_by
    assert [rows(world.store, shelf) for shelf in ("account", "token", "record")] == before
    assert last_entry(world)["refused_by"] == refused_by


@pytest.mark.parametrize(
    ("method", "path", "answer", "refused_by"),
    [
        ("POST", "/nothing", (404, {}), "route/no-such-path"),
        ("GET", CALLS, (405, {"Allow": "POST"}), "route/post-only"),
    ],
)
def test_what_goes_nowhere_is_answered_and_noted(
    tmp_path: Path, method: str, path: str, answer: Any, refused_by: str
) -> None:
    world = acme_world(tmp_path)
    reply = post(world, path=path, method=method).decision.outcome.reply
    assert (reply.status, reply.headers) == answer
    entry = last_entry(world)
    assert (entry["refused_by"], entry["path"], entry["operation"]) == (refused_by, path, None)


@pytest.mark.parametrize(
    "vendor",
    [
        behaving(Rule("broken", "never", broken)),
        behaving(accept=broken),
        behaving(refs=broken),
        behaving(early=(Rule("broken", "never", broken),)),
        behaving(accept=lambda _: Outcome(Reply(201, {"id": object()}))),
        Vendor("acme", guards=(Rule("broken", "never", broken),)),
    ],
    ids=["rule", "accept", "refs", "early", "an answer that is no JSON", "guard"],
)
def test_a_vendors_mistake_is_the_vendors_500_and_told_in_the_journal_only(tmp_path: Path, vendor: Vendor) -> None:
    world = acme_world(tmp_path, vendor)
    decision = post(world).decision
    assert decision.outcome.reply == Reply(500, {"error": "the server could not answer"})
    assert (decision.refused_by, decision.trail[-1].step) == (None, "broken")
    entry = last_entry(world)
    assert (entry["refused_by"], entry["trail"][-1]["problems"][0]["claim"]) == (None, "call-broken")
    assert "Traceback" in entry["trouble"]
    assert not rows(world.store, "record")


@pytest.mark.parametrize(("path", "body", "claim"), [("/nothing", WHO, "own-failure"), (CALLS, b"{}", "call-broken")])
def test_a_vendor_without_a_voice_is_answered_for(tmp_path: Path, path: str, body: bytes, claim: str) -> None:
    world = acme_world(tmp_path, Vendor("acme", broken))
    decision = post(world, body, path).decision
    assert decision.outcome.reply == Reply(500, {"error": "the server could not answer"})
    assert (decision.refused_by, decision.trail[-1].problems[0].claim) == (None, claim)
    assert "a vendor's mistake" in (decision.trouble or "")


def test_claims_that_cannot_be_read_are_told_in_the_journal(tmp_path: Path) -> None:
    world = acme_world(tmp_path)
    write_folder(tmp_path / "acme", claims="[claims.a]")
    assert post(world).decision.outcome.reply.status == 500
    assert "claims.toml" in last_entry(world)["trouble"]


def test_claims_are_read_once(tmp_path: Path) -> None:
    world = acme_world(tmp_path)
    assert world.ledger("acme") is world.ledger("acme")


def test_only_a_call_that_fits_is_asked_for_records(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving(refs=lambda call: [Ref("call", call.fields["who"])]))
    assert post(world, b"{}").decision.refused_by == "schema/who-required"
    assert post(world, b"{").decision.refused_by == "transport/json-only"
    assert post(world).decision.trail[-1].step == "accept"


def test_an_operation_without_a_body_may_ask_for_records(tmp_path: Path) -> None:
    document = changed("/paths/~1v1~1calls/post/requestBody", None)
    vendor = behaving(
        Rule("known", "c", lambda facts: None if facts.known else Problem(Kind.NOT_FOUND, "no")),
        refs=lambda _: [Ref("a", "b")],
    )
    world = acme_world(tmp_path, vendor, document=document)
    assert post(world, b"").decision.refused_by == "rules/c"


def test_answers_are_checked_where_asked(tmp_path: Path) -> None:
    wrong = behaving(accept=lambda _: Outcome(Reply(201, {"ident": 5})))
    assert post(acme_world(tmp_path, wrong)).decision.outcome.reply.status == 201
    world = acme_world(tmp_path, wrong, check_replies=True)
    decision = post(world).decision
    assert (decision.outcome.reply.status, decision.refused_by) == (500, None)
    assert decision.trouble == "the answer breaks its document: id is required"
    assert post(acme_world(tmp_path, behaving(), check_replies=True)).decision.outcome.reply.status == 201
