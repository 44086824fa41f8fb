"""A call of the journal is made whole again: its secrets are guessed from those of its account, by their ends."""

import json
from base64 import b64encode
from typing import Any

import msgspec
import pytest

from mockserver.control import Control
from mockserver.control.again import explain_again
from mockserver.control.guesses import MOST_PLACES, as_made
from mockserver.state.journal import Entry
from mockserver.state.redact_text import HIDDEN
from mockserver.world import Served, World
from tests.holding import UPLOAD, run
from tests.worlds import ask, new_world

JSON, PAIRS = "application/json", "application/x-www-form-urlencoded"
OAUTH = "/api-externalApi/v1/core/oauth/apps/siro-demo-client/access-token"
SIGNED = "/v1/core/recordings/signed-urls"
APP = {"clientSecret": "siro-demo-secret", "userId": "user_demo", "scope": "write"}
CLIENT = "client_id=authenticx-demo-client&client_secret=authenticx-demo-secret&"
GRANT = "grant_type=client_credentials&scope=acxapi"


@pytest.fixture(scope="module")
def world() -> World:
    return new_world("authenticx", "siro", "voxjar")


def send(world: World, vendor: str, path: str, body: Any, **headers: str) -> Served:
    content = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = PAIRS if isinstance(body, str) else JSON
    return ask(world, vendor, "POST", path, headers={"Content-Type": kind, **named}, body=content.encode())


def siro(world: World, path: str, body: Any, token: str) -> Served:
    name = "Authorization" if path == OAUTH else "X-Siro-Auth-Token"
    return send(world, "siro", path, body, **{name: f"Bearer {token}" if path == OAUTH else token})


def entry_of(world: World, served: Served) -> Entry:
    return run(Control(world).journal.entry(served.call.id))


def made(world: World, served: Served) -> Entry:
    return run(as_made(world, entry_of(world, served)))


def basic(user: str, secret: str) -> str:
    return "Basic " + b64encode(f"{user}:{secret}".encode()).decode()


def token_calls(world: World) -> dict[str, Served]:
    shown = basic("authenticx-demo-client", "authenticx-demo-secret")
    return {
        "siro": siro(world, OAUTH, APP, "siro-demo-org-token"),
        "form": send(world, "authenticx", "/connect/token", CLIENT + GRANT),
        "basic": send(world, "authenticx", "/connect/token", GRANT, Authorization=shown),
    }


@pytest.mark.parametrize("name", ["siro", "form", "basic"])
def test_a_call_that_showed_its_secret_in_the_body_is_explained_as_accepted(world: World, name: str) -> None:
    served = token_calls(world)[name]
    explanation = run(explain_again(world, entry_of(world, served)))
    assert explanation.status == served.decision.outcome.reply.status < 300
    assert (explanation.refused_by, explanation.edits) == (None, None)
    assert [step.verdict for step in explanation.steps] == ["passed"] * 5


@pytest.mark.parametrize("name", ["siro", "form", "basic"])
def test_every_secret_is_put_back_and_nothing_else_is_changed(world: World, name: str) -> None:
    served = token_calls(world)[name]
    request = made(world, served).request
    assert (request.headers, request.body) == (served.call.headers, served.call.instance)
    assert HIDDEN in msgspec.json.encode(entry_of(world, served)).decode()


def test_what_refuses_is_mended_where_it_refuses(world: World) -> None:
    for served, at in (
        (siro(world, OAUTH, {**APP, "scope": "nope"}, "siro-demo-org-token"), "$.scope"),
        (send(world, "authenticx", "/connect/token", f"{CLIENT}grant_type=password"), "$.grant_type"),
    ):
        explanation = run(explain_again(world, entry_of(world, served)))
        assert [edit.at for edit in explanation.edits or ()] == [at]


def test_a_wrong_secret_stays_wrong(world: World) -> None:
    for secret in ("siro-demo-wrong", "another-secret"):
        served = siro(world, OAUTH, {**APP, "clientSecret": secret}, "siro-demo-org-token")
        assert served.decision.refused_by == "rules/wrong-client-secret-is-401"
        explanation = run(explain_again(world, entry_of(world, served)))
        assert explanation.refused_by == served.decision.refused_by
        assert made(world, served).request.body["clientSecret"] == f"{HIDDEN}{secret[-4:]}"


@pytest.mark.parametrize("token", ["siro-demo-token", "siro-demo-read-token"])
def test_of_credentials_that_end_alike_the_one_with_that_verdict_is_taken(world: World, token: str) -> None:
    served = siro(world, SIGNED, {"contentType": "audio/mpeg"}, token)
    assert made(world, served).request.headers["x-siro-auth-token"] == token


def test_where_nothing_has_that_verdict_what_is_let_in_is_taken(world: World) -> None:
    served = siro(world, OAUTH, {**APP, "userId": "u" * 70_000}, "siro-demo-org-token")
    request = made(world, served).request
    assert (request.body_left_out, request.headers["authorization"]) == (True, "Bearer siro-demo-org-token")


def test_a_credential_that_was_handed_out_is_found_and_one_that_is_gone_has_a_stand_in(world: World) -> None:
    handed_out = siro(world, OAUTH, APP, "siro-demo-org-token").decision.outcome.reply.body
    assert isinstance(handed_out, dict)
    served = siro(world, SIGNED, {}, handed_out["accessToken"])
    assert made(world, served).request.headers["x-siro-auth-token"] == handed_out["accessToken"]
    run(world.store.clear(("issued", "siro")))
    assert made(world, served).request.headers["x-siro-auth-token"] == "siro-demo-token"


def test_a_call_of_nobody_stays_as_it_was_kept(world: World) -> None:
    served = send(world, "voxjar", "/api/v1/upload", UPLOAD, Authorization="Bearer nobody-has-this-token")
    assert made(world, served) == entry_of(world, served)


def test_a_call_that_met_no_operation_has_its_secret_back(world: World) -> None:
    served = send(world, "voxjar", "/nowhere", {}, Authorization="bearer voxjar-demo-token")
    assert made(world, served).request.headers["authorization"] == "bearer voxjar-demo-token"


def test_of_many_secrets_only_so_many_are_guessed(world: World) -> None:
    body = {**UPLOAD, "direction": "x", **{f"{number}_token": "voxjar-demo-token" for number in range(400)}}
    served = send(world, "voxjar", "/api/v1/upload", body, Authorization="Bearer voxjar-demo-token")
    request = made(world, served).request
    found = [name for name, value in {**request.headers, **request.body}.items() if "voxjar-demo-token" in value]
    assert len(found) == MOST_PLACES


def test_a_secret_within_a_list_is_put_back_and_a_text_that_looks_like_one_stays(world: World) -> None:
    people = [{"name": HIDDEN + "oken", "token": "voxjar-demo-token"}]
    body = {**UPLOAD, "people": people, "notes": HIDDEN, "tags": ["a", HIDDEN]}
    served = send(world, "voxjar", "/api/v1/upload", body, Authorization="Bearer voxjar-demo-token")
    assert made(world, served).request.body == body
