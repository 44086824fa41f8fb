"""What a vendor hands out, and what it takes back."""

import asyncio
import json
from pathlib import Path

import pytest

from mockserver.control import Control
from mockserver.creation import Wish
from mockserver.model import Account, Facts, Grant, Issue, Kind, Operation, Outcome, Problem, Reply, Rule
from mockserver.state.accounts import write_issue
from tests.acme import CALLS, changed, post, rows
from tests.acme_reading import PATHS, get, made, state
from tests.worlds import pass_time


def hand_out(facts: Facts) -> Outcome:
    issue = Issue("handed-out", Grant(("key",), ("read",)), facts.call.at.replace(year=facts.call.at.year + 1), "Ada")
    return Outcome(Reply(201, {"id": "t"}), issued=(issue,))


def take_back(facts: Facts) -> Outcome:
    return Outcome(Reply(200, {"id": f"{facts.subject} {facts.grant.scopes}"}), revoked=("handed-out", "nobody"))


HANDING = {"addCall": Operation(accept=hand_out), "readCall": Operation(accept=take_back)}
SHOWN = {"Authorization": "Bearer handed-out"}


def test_what_is_handed_out_opens_until_it_is_taken_back(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING)
    assert get(world, **SHOWN).decision.refused_by == "auth/key-needed"
    post(world)
    assert state(get(world, CALLS, **SHOWN)) == ""
    assert state(get(world, **SHOWN)) == "Ada ('read',)"
    assert get(world, **SHOWN).decision.refused_by == "auth/key-needed"
    assert rows(world.store, "issued") == []


def test_what_is_handed_out_lapses_and_is_told_so(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING)
    post(world)
    pass_time(world, 367 * 86_400)
    decision = get(world, **SHOWN).decision
    assert decision.outcome.reply.body == {"error": "this credential has expired"}
    assert [problem.kind for problem in decision.trail[-1].problems] == [Kind.EXPIRED]


@pytest.mark.parametrize(
    ("claims", "refused_by"), [({}, "key-needed"), ({"expired": "key-lives-a-year"}, "key-lives-a-year")]
)
def test_that_a_credential_has_lapsed_may_keep_a_claim_of_its_own(
    tmp_path: Path, claims: dict[str, str], refused_by: str
) -> None:
    document = changed("/paths", PATHS, changed("/x-claim", claims))
    world = made(tmp_path, operations=HANDING, document=document)
    post(world)
    pass_time(world, 367 * 86_400)
    assert get(world, **SHOWN).decision.refused_by == f"auth/{refused_by}"


def test_any_token_adopts_nothing_that_has_lapsed(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING, any_token=True)
    post(world)
    pass_time(world, 367 * 86_400)
    assert get(world, **SHOWN).decision.refused_by == "auth/key-needed"
    assert len(rows(world.store, "account")) == 1


def test_a_refused_call_hands_nothing_out(tmp_path: Path) -> None:
    never = Rule("no", "never", lambda _: Problem(Kind.FORBIDDEN, "no"))
    world = made(tmp_path, operations={"addCall": Operation((never,), accept=hand_out)})
    assert post(world).decision.refused_by == "rules/never"
    assert rows(world.store, "issued") == []


def test_a_closed_account_takes_along_what_was_handed_out_and_no_others(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING)
    asyncio.run(Control(world).open_account(Wish("acme", "other", {"token": "others"})))
    theirs = write_issue(Account("acme", "other"), Issue("theirs"))
    asyncio.run(world.store.commit([theirs], {}))
    post(world)
    asyncio.run(Control(world).close_account("acme", "demo"))
    assert [key for key, _ in rows(world.store, "issued")] == [theirs.key]
    assert state(get(world, CALLS, Authorization="Bearer theirs")) == ""


def test_what_was_handed_out_does_not_open_the_next_account_of_that_name(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING)
    post(world)
    asyncio.run(Control(world).close_account("acme", "demo"))
    asyncio.run(Control(world).open_account(Wish("acme", "demo", {"token": "new"})))
    assert get(world, CALLS, **SHOWN).decision.refused_by == "auth/key-needed"


def test_what_is_handed_out_is_not_kept_in_the_journal(tmp_path: Path) -> None:
    world = made(tmp_path, operations=HANDING)
    post(world)
    get(world, **SHOWN)
    entries = [json.loads(text) for _, text in rows(world.store, "journal")]
    assert [entry["account"] for entry in entries] == ["demo", "demo"]
    assert "handed-out" not in json.dumps(entries)
