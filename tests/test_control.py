import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from mockserver import __version__
from mockserver.control import Control, Unknown
from mockserver.control.near import merge
from mockserver.creation import ConflictError, SetupError, Wish
from mockserver.engine.endpoint import JSON_BODY, TEXT_PART
from mockserver.model import Account, Operation, Option, Rule, Vendor
from mockserver.state.store import MOST_ACCOUNT_BYTES, MOST_ACCOUNTS, QUOTAS
from tests.acme import CALLS, CLAIMS, TOKEN, accept, acme_world, post, write_folder
from tests.stores import Interrupted

Value = TypeVar("Value")
ADDRESS = "http://127.0.0.1:4747"
NEVER = Rule("never_refuses", "call-queued", lambda _: None)
ACME = Vendor(
    "acme",
    operations={"addCall": Operation(rules=(NEVER,), accept=accept)},
    options={"status": Option(201, (201, 202), "call-taken")},
)


@pytest.fixture
def control(tmp_path: Path) -> Control:
    return Control(acme_world(tmp_path, ACME, credits=3))


def run(work: Coroutine[Any, Any, Value]) -> Value:
    return asyncio.run(work)


def test_health_tells_what_is_served_and_its_limits(control: Control) -> None:
    health = run(control.health())
    assert (health["status"], health["version"], health["vendors"], health["store"]) == (
        "ok",
        __version__,
        ["acme"],
        "memory",
    )
    journal = {"count": QUOTAS["journal"].count, "bytes": QUOTAS["journal"].bytes}
    assert health["limits"]["journal"] == journal
    limits = {name: health["limits"][name] for name in ("json_body", "text_part", "upload")}
    assert (health["limits"]["accounts"], health["limits"]["account_bytes"]) == (MOST_ACCOUNTS, MOST_ACCOUNT_BYTES)
    assert limits == {"json_body": JSON_BODY, "text_part": TEXT_PART, "upload": None}
    assert health["evicted"] == dict.fromkeys(QUOTAS, 0)


def test_vendors_are_told_with_their_operations_and_claims(control: Control) -> None:
    assert control.vendors(ADDRESS) == [
        {
            "name": "acme",
            "title": "Acme",
            "url": f"{ADDRESS}/acme",
            "hosts": ["api.acme.example"],
            "operations": [
                {
                    "id": "addCall",
                    "method": "POST",
                    "path": CALLS,
                    "summary": "Add a call",
                    "claims": {"documented": 1, "inferred": 1, "observed": 1, "unmet": 0},
                }
            ],
            "claims": {"documented": 1, "inferred": 1, "observed": 1, "unmet": 0},
            "options": {"status": {"default": 201, "choices": (201, 202), "claim": "call-taken"}},
        }
    ]


def test_an_operation_without_behaviour_rests_on_its_document(tmp_path: Path) -> None:
    (vendor,) = Control(acme_world(tmp_path)).vendors(ADDRESS)
    assert vendor["operations"][0]["claims"] == {"documented": 1, "inferred": 1, "observed": 1, "unmet": 0}


def test_an_unmet_claim_is_counted_as_nothing_else(tmp_path: Path) -> None:
    control = Control(acme_world(tmp_path))
    (tmp_path / "acme" / "claims.toml").write_text(CLAIMS + 'unmet = "not emulated yet"\n')
    (vendor,) = control.vendors(ADDRESS)
    assert vendor["claims"] == {"documented": 1, "inferred": 1, "unmet": 1}


def test_claims_are_told_in_their_order(control: Control) -> None:
    told = control.claims("acme")
    assert (told["vendor"], told["pages"]) == ("acme", {})
    assert [item["name"] for item in told["items"]] == ["who-required", "call-taken", "call-queued"]
    assert told["items"][0]["basis"] == "documented"


def test_a_document_answers_at_our_address(control: Control) -> None:
    document = control.document("acme", ADDRESS)
    assert document["servers"] == [{"url": f"{ADDRESS}/acme"}]
    assert "call" in document["components"]["schemas"]


@pytest.mark.parametrize("ask", [Control.claims, lambda control, name: control.document(name, ADDRESS)])
def test_a_vendor_that_is_not_served_is_unknown(control: Control, ask: Any) -> None:
    with pytest.raises(Unknown, match="there is no vendor 'nobody': known are acme"):
        ask(control, "nobody")


def test_an_account_is_opened_read_changed_and_closed(control: Control) -> None:
    opened = run(control.open_account(Wish("acme", "mine", {"token": "t"})))
    assert run(control.account("acme", "mine")) == opened
    changed = run(control.change_account("acme", "mine", {"credits": 9, "credentials": {"token": "u", "more": "v"}}))
    assert run(control.account("acme", "mine")) == changed
    assert (changed.credits, changed.credentials) == (9, {"token": "u", "more": "v"})
    tokens = {token: post(control.world, Authorization=f"Bearer {token}").decision.refused_by for token in "tuv"}
    assert tokens == {"t": "auth/key-needed", "u": None, "v": None}
    assert run(control.world.store.count(("record", "acme", "mine"))) == 2
    run(control.close_account("acme", "mine"))
    assert run(control.world.store.count(("record", "acme", "mine"))) == 0
    assert post(control.world, Authorization="Bearer u").decision.refused_by == "auth/key-needed"
    with pytest.raises(Unknown, match="acme has no account 'mine'"):
        run(control.account("acme", "mine"))


@pytest.mark.parametrize(("vendor", "name"), [("acme", "nobody"), ("nobody", "demo")])
def test_an_account_that_is_not_there_is_unknown(control: Control, vendor: str, name: str) -> None:
    for work in (
        control.account(vendor, name),
        control.change_account(vendor, name, {}),
        control.close_account(vendor, name),
    ):
        with pytest.raises(Unknown, match=f"{vendor} has no account '{name}'"):
            run(work)


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({}, {}),
        ({"credits": None}, {"credits": None}),
        ({"book": {"tags": [1]}}, {"book": {"tags": [1]}}),
        ({"options": {"status": 202}}, {"options": {"status": 202}}),
        ({"options": {"status": None}}, {}),
        ({"options": None}, {}),
        ({"credentials": None}, {"credentials": {}}),
        ({"vendor": "voxjar", "name": "other"}, {}),
    ],
)
def test_a_patch_is_merged(control: Control, patch: Any, expected: dict[str, Any]) -> None:
    before = {"credentials": {"token": TOKEN}, "credits": 3, "book": {}, "options": {"status": 201}}
    assert run(control.change_account("acme", "demo", patch)) == Account("acme", "demo", **{**before, **expected})


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"options": {"status": 5}}, "acme's option 'status' is one of 201, 202, not 5"),
        ({"options": {"nobody": 5}}, "acme has no option 'nobody': known are status"),
        ({"credits": "many"}, "this would be no account: Expected `float | null`, got `str` - at `$.credits`"),
        ({"book": []}, "this would be no account: Expected `object`, got `array` - at `$.book`"),
        ({"credentials": {"token": "taken"}}, "another account has that credential already"),
        ({"credentials": {"more": TOKEN}}, "acme's credentials 'token' and 'more' are the same: give each its own"),
    ],
)
def test_a_patch_that_cannot_be_changes_nothing(control: Control, patch: Any, says: str) -> None:
    run(control.open_account(Wish("acme", "other", {"token": "taken"})))
    before = run(control.account("acme", "demo"))
    with pytest.raises(SetupError) as caught:
        run(control.change_account("acme", "demo", patch))
    assert str(caught.value) == says
    assert run(control.account("acme", "demo")) == before


@pytest.mark.parametrize(
    ("patch", "says"),
    [
        ({"book": {"tags": [{}]}}, "book.tags[0].name is required"),
        ({"book": {"tags": None}}, "book.tags is required"),
        ({"book": {"tag": []}}, "book has no field tag"),
    ],
)
def test_a_book_that_breaks_its_schema_is_no_change(tmp_path: Path, patch: Any, says: str) -> None:
    tags = {"type": "array", "items": {"required": ["name"]}}
    schema = {"required": ["tags"], "properties": {"tags": tags}, "additionalProperties": False}
    write_folder(tmp_path / "acme")
    (tmp_path / "acme" / "book.json").write_text(json.dumps(schema))
    control = Control(acme_world(tmp_path, ACME))
    begun = run(control.change_account("acme", "demo", {"book": {"tags": [{"name": "VIP"}]}}))
    with pytest.raises(SetupError) as caught:
        run(control.change_account("acme", "demo", {"credits": 5, **patch}))
    assert str(caught.value) == says
    assert run(control.account("acme", "demo")) == begun


def test_an_account_that_cannot_be_opened_is_told(control: Control) -> None:
    with pytest.raises(SetupError, match="acme has an account 'demo', or one with that credential, already"):
        run(control.open_account(Wish("acme", "demo")))


@pytest.mark.parametrize(
    ("target", "patch", "merged"),
    [
        ({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": None, "e": 4}}, {"a": 1, "b": {"d": 3, "e": 4}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": 1}, {"a": {"b": None, "c": 1}}, {"a": {"c": 1}}),
        ({"a": 1}, {"b": None}, {"a": 1}),
        ({"a": 1}, "text", "text"),
    ],
)
def test_merging_is_that_of_the_standard(target: Any, patch: Any, merged: Any) -> None:
    assert merge(target, patch) == merged


def test_a_change_that_another_one_overtakes_is_made_on_top_of_it(tmp_path: Path) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, ACME, store=store, credits=3))
    store.meanwhile = lambda: control.change_account("acme", "demo", {"book": {"tags": [1]}})
    store.left = 1
    changed = run(control.change_account("acme", "demo", {"credits": 9}))
    assert (changed.credits, changed.book) == (9, {"tags": [1]})


def taken_up(control: Control) -> int:
    filled = run(control.world.store.filled())
    return filled["account"].bytes + filled["opening"].bytes


def test_accounts_are_bounded_by_their_bytes(control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = Wish("acme", "one", {"token": "t-one"}, book={"tags": ["x" * 1000]})
    run(control.open_account(wish))
    most = taken_up(control) + 2500
    for module in ("state.accounts", "fitting"):
        monkeypatch.setattr(f"mockserver.{module}.MOST_ACCOUNT_BYTES", most)
    run(control.open_account(Wish("acme", "two", {"token": "t-two"}, book={"tags": ["x" * 1000]})))
    before = taken_up(control)
    says = f"accounts would take up more than {most} bytes: close some first"
    with pytest.raises(ConflictError, match=says):
        run(control.open_account(Wish("acme", "three", {"token": "t-three"}, book={"tags": ["x" * 1000]})))
    with pytest.raises(ConflictError, match=says):
        run(control.change_account("acme", "two", {"book": {"tags": ["x" * 2000]}}))
    assert taken_up(control) == before
    run(control.change_account("acme", "two", {"book": {"tags": ["y" * 1000]}}))
    run(control.close_account("acme", "one"))
    run(control.change_account("acme", "two", {"book": {"tags": ["x" * 2000]}}))
    assert taken_up(control) < most


def test_a_change_that_makes_an_account_no_larger_is_made_where_there_is_no_room(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mockserver.state.accounts.MOST_ACCOUNT_BYTES", 1)
    assert run(control.change_account("acme", "demo", {"credits": 5})).credits == 5
    assert run(control.change_account("acme", "demo", {"credentials": None})).credentials == {}


def test_closing_an_account_takes_a_credential_along_that_has_just_come(tmp_path: Path) -> None:
    store = Interrupted()
    control = Control(acme_world(tmp_path, ACME, store=store))
    store.meanwhile = lambda: control.change_account("acme", "demo", {"credentials": {"more": "new"}})
    store.left = 1
    run(control.close_account("acme", "demo"))
    assert run(store.count(("token",))) == 0
