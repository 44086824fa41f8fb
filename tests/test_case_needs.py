"""What a case needs beyond somebody who takes requests."""

from typing import Any

import pytest
from msgspec import convert

from mockserver.cases import Located
from mockserver.cases.files import CaseFile
from mockserver.cases.needs import (
    account_needs,
    cap_need,
    clock_need,
    content_needs,
    credential_needs,
    deletion_need,
    holdings,
)

ACCEPTED = {"status": 200}
RULED, SHAPED = {"status": 404, "refused_by": "rules/known"}, {"status": 400, "refused_by": "schema/known"}


def located(request: dict[str, Any], **case: Any) -> Located:
    whole = {"name": "a", "from": "ask", "answer": ACCEPTED, **case}
    file = convert({"says": "so", "requests": {"ask": request, "tell": request}, "cases": [whole]}, CaseFile)
    return Located("acme", "accepted", file, file.cases[0], "calls")


GET: dict[str, Any] = {"method": "GET", "path": "/calls/user_demo?of=org-1", "headers": {"X-Key": "demo-key"}}


@pytest.mark.parametrize(
    ("case", "needs"),
    [
        ({}, []),
        ({"apart": True}, ["an account that holds nothing else"]),
        ({"account": {"credits": 0}}, ["an account with 0 credits"]),
        ({"account": {"book": {"tags": [], "users": []}}}, ["an account with tags, users of its own"]),
        ({"account": {"options": {"casing": "pascal"}}}, ["an account with casing = 'pascal'"]),
        ({"account": {"credentials": {"other": "x"}}}, ["an account with the credential other"]),
    ],
)
def test_an_account_that_is_not_any(case: dict[str, Any], needs: list[str]) -> None:
    assert list(account_needs(located(GET, **case))) == needs


def test_time_that_passes_is_the_mocks() -> None:
    case = located(GET, before=[{"from": "tell", "wait": 2}], wait=3)
    assert list(clock_need(case)) == ["the mock's clock, to let 5 s pass"]
    assert list(clock_need(located(GET))) == []


def test_a_limit_is_that_of_a_server_that_was_started_so() -> None:
    needs = ["a server that was started with --max-upload 20"]
    assert list(cap_need(located(GET, cap=20))) == list(cap_need(located(GET, cap=20), 30)) == needs
    assert list(cap_need(located(GET, cap=20), 20)) == list(cap_need(located(GET))) == []


BOOK = {"users": [{"id": "user_demo", "name": "calls"}], "org": {"orgId": "org-1", "tags": ["of"]}, "codes": ["x"]}


def test_things_of_a_book_are_known_by_what_names_them() -> None:
    assert holdings(BOOK) == {"user_demo", "org-1"}


@pytest.mark.parametrize("answer", [ACCEPTED, RULED])
def test_what_the_demo_account_holds_is_needed_where_it_is_judged(answer: dict[str, Any]) -> None:
    case, held = located(GET, answer=answer), holdings(BOOK)
    assert list(content_needs(case, held, ())) == ["org-1 of the demo account", "user_demo of the demo account"]
    assert list(content_needs(case, held, ["org-1", "user_demo"])) == []


def test_what_is_refused_before_the_rules_needs_nothing_of_an_account() -> None:
    assert list(content_needs(located(GET, answer=SHAPED), holdings(BOOK), ())) == []


def test_a_name_within_another_word_is_none() -> None:
    assert (
        list(content_needs(located({**GET, "path": "/calls/my-user_demo/user_demos?of=org-11"}), holdings(BOOK), ()))
        == []
    )


@pytest.mark.parametrize(
    ("url", "is_nowhere"),
    [
        ("https://media.example/a.mp3", True),
        ("http://example.com/a.mp3?b", True),
        ("https://a.b.example.org", True),
        ("https://media.example.net:8443/a", True),
        ("https://example.company/a.mp3", False),
        ("https://myexample.com/a.mp3", False),
        ("https://bucket.s3.amazonaws.com/example/a.mp3", False),
        ("somebody@example.com", False),
    ],
)
def test_where_nobody_can_have_put_anything(url: str, *, is_nowhere: bool) -> None:
    case = located({**GET, "path": "/", "json": {"url": [url]}})
    assert list(content_needs(case, frozenset(), ())) == ([f"something that lies at {url}"] if is_nowhere else [])
    assert list(content_needs(case, frozenset(), [url[:12]])) == []


def test_a_credential_that_nobody_gave_is_needed_where_it_is_shown() -> None:
    demo = {"key": "demo-key", "secret": "demo-secret", "short": "demo"}
    assert list(credential_needs(located(GET), demo, ())) == ["the credential key"]
    assert list(credential_needs(located(GET), demo, ["key"])) == []


def test_nothing_deletes_the_credential_that_somebody_lent() -> None:
    demo = {"client": "demo-client"}
    gone = {"method": "DELETE", "path": "/apps/demo-client"}
    assert list(deletion_need(located(gone), demo)) == ["a client that may be deleted"]
    assert list(deletion_need(located({**gone, "method": "GET"}), demo)) == []
    assert list(deletion_need(located({**gone, "path": "/apps/{{mine}}"}), demo)) == []
