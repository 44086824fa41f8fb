"""`Prefer: code=402`: a documented answer for the asking, in the vendor's own shape, of which nothing comes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.decide import decide
from mockserver.engine.preference import preferred_code
from mockserver.faces.marks import marks
from mockserver.model import Advice, Basis, Call, Decision, Fault, Kind, Outcome, Problem, Reply, Rule, Vendor
from tests.acme import (
    DOCUMENT,
    acme_document,
    acme_facts,
    acme_world,
    answer,
    behaving,
    changed,
    ledger_of,
    post,
    rows,
)

POST = "/paths/~1v1~1calls/post"
WHO = {"who": "Ada"}


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("code=402", "402"),
        ('code="402"', "402"),
        ("Code=402", "402"),
        ("code = 402", "402"),
        ("respond-async, code=402", "402"),
        ("wait=5;code=402;x", "402"),
        ("return=minimal code=402", "402"),
        ("code=402, code=404", "402"),
        ("code=4020", None),
        ("code=40", None),
        ('code="402', None),
        ('code=402"', None),
        ("encode=402", None),
        ("status-code=402", None),
        ("code:402", None),
        ("code=\u0664\u0660\u0662", None),
        ("", None),
        (None, None),
    ],
)
def test_a_code_is_preferred_in_the_words_of_the_standard(header: str | None, code: str | None) -> None:
    headers = {} if header is None else {"prefer": header}
    assert preferred_code(acme_facts(headers=headers).call) == code


def preferring(folder: Path, header: str, vendor: Vendor | None = None, body: Any = WHO, **rest: Any) -> Decision:
    """Decide on a call to Acme that prefers an answer; `document` among the rest is Acme's."""
    document = acme_document(folder, rest.pop("document", DOCUMENT))
    facts = acme_facts(body, rest.pop("account", "demo"), headers={"prefer": header})
    return decide(vendor or behaving(), document.endpoints[0], facts, ledger_of(document), **rest)


@pytest.mark.parametrize("body", [WHO, {}, None])
@pytest.mark.parametrize("account", ["demo", ""])
def test_a_documented_refusal_is_the_vendors_own_whatever_else_was_sent(
    tmp_path: Path, body: Any, account: str
) -> None:
    decision = preferring(tmp_path, "code=402", body=body, account=account)
    assert decision.outcome == Outcome(Reply(402, {"error": "asked for by Prefer: code=402"}))
    assert (decision.fault, decision.refused_by, decision.is_accepted) == ("code=402", "rules/no-credits", False)
    assert [mark.step for mark in decision.trail] == ["route", "rules"]
    assert decision.is_made_up


@pytest.mark.parametrize(("code", "kind"), [("404", Kind.NOT_FOUND), ("400", Kind.INVALID), ("500", Kind.BROKEN)])
def test_an_operations_refusal_comes_before_a_routers(tmp_path: Path, code: str, kind: Kind) -> None:
    decision = preferring(tmp_path, f"code={code}")
    assert [problem.kind for problem in decision.trail[-1].problems] == [kind]
    assert (decision.outcome.reply.status, decision.trouble) == (int(code), None)


@pytest.mark.parametrize(
    ("code", "basis", "claim"), [("201", Basis.INFERRED, "call-taken"), ("202", Basis.OBSERVED, "call-queued")]
)
def test_a_documented_success_is_the_example_and_nothing_is_kept(
    tmp_path: Path, code: str, basis: Basis, claim: str
) -> None:
    decision = preferring(tmp_path, f"code={code}", body={})
    assert decision.outcome == Outcome(Reply(int(code), {"id": "call-1"}), claim=claim)
    assert (decision.basis, decision.fault, decision.is_accepted) == (basis, f"code={code}", False)
    assert decision.refused_by is None


def test_a_status_that_the_vendor_never_speaks_is_the_documents_example(tmp_path: Path) -> None:
    document = changed(f"{POST}/responses/418", answer("refusal.json", example={"error": "I am a teapot"}))
    assert preferring(tmp_path, "code=418", document=document).outcome.reply == Reply(418, {"error": "I am a teapot"})


def test_an_answer_without_a_body_has_none(tmp_path: Path) -> None:
    document = changed(f"{POST}/responses/204", {"description": "Gone.", "x-claim": "call-taken"})
    decision = preferring(tmp_path, "code=204", document=document)
    assert decision.outcome == Outcome(Reply(204, None, None), claim="call-taken")


def test_the_vendor_words_what_was_preferred(tmp_path: Path) -> None:
    def refuse(problems: Sequence[Problem], call: Call) -> Reply:
        return Reply(402 if problems[0].kind is Kind.GONE else 418, f"{call.operation}: {len(problems)}", "text/plain")

    decision = preferring(tmp_path, "code=402", Vendor("acme", refuse))
    assert decision.outcome.reply == Reply(402, "addCall: 1", "text/plain")


IGNORED = Advice("Prefer asks for 418, which this operation does not document: it is ignored")


def test_what_is_not_documented_is_ignored_and_told(tmp_path: Path) -> None:
    decision = preferring(tmp_path, "code=418")
    assert (decision.refused_by, decision.fault, decision.outcome.advice) == (None, None, (IGNORED,))
    assert len(decision.outcome.records) == 1


@pytest.mark.parametrize(
    ("refused_by", "rest"),
    [
        ("auth/key-needed", {"account": ""}),
        ("schema/who-required", {"body": {}}),
        ("rules/gone", {"vendor": behaving(Rule("gone", "gone", lambda _: Problem(Kind.GONE, "gone")))}),
        ("rules/call-broken", {"doors": {"rules": Fault("planted", problem="broken")}}),
    ],
)
def test_what_is_not_documented_is_told_of_a_call_that_is_refused(
    refused_by: str, rest: dict[str, Any], tmp_path: Path
) -> None:
    decision = preferring(tmp_path, "code=418", **rest)
    assert (decision.refused_by, decision.outcome.advice) == (refused_by, (IGNORED,))


def test_what_an_operation_advises_is_told_beside_it(tmp_path: Path) -> None:
    vendor = behaving(advise=lambda _: [Advice("be careful")])
    assert preferring(tmp_path, "code=418", vendor, {}).outcome.advice == (Advice("be careful"), IGNORED)


def test_where_there_is_no_operation_a_preference_is_ignored_and_told(tmp_path: Path) -> None:
    decision = post(acme_world(tmp_path, behaving()), path="/nowhere", Prefer="code=402").decision
    assert (decision.refused_by, decision.fault) == ("route/no-such-path", None)
    (advice,) = decision.outcome.advice
    assert advice.says == "Prefer asks for 402, but there is no operation that documents it: it is ignored"


def test_what_is_not_documented_is_refused_strictly(tmp_path: Path) -> None:
    decision = preferring(tmp_path, "code=418", is_strict=True)
    assert (decision.refused_by, decision.outcome.reply.status) == ("schema/advised", 400)


def test_a_preference_of_another_kind_changes_nothing(tmp_path: Path) -> None:
    plain = preferring(tmp_path, "respond-async")
    assert (plain.refused_by, plain.fault, plain.outcome.advice) == (None, None, ())


def test_what_was_preferred_is_told_in_the_marks_and_in_the_journal(tmp_path: Path) -> None:
    world = acme_world(tmp_path, behaving())
    served = post(world, Prefer="code=402")
    assert (b"x-mock-fault", b"code=402") in list(marks(served))
    entry = json.loads(rows(world.store, "journal")[0][1])
    assert (entry["fault"], entry["status"], entry["refused_by"]) == ("code=402", 402, "rules/no-credits")
    assert rows(world.store, "record") == []
    assert b"x-mock-fault" not in dict(marks(post(world)))
