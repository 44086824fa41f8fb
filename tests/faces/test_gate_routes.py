"""Every route is a vendor's or the admin API's: none of the latter is open, none of the former to a foreign page."""

import asyncio
from typing import Any

import pytest

from mockserver.faces.gate import Gate
from mockserver.world import World
from tests.applications import HOST, ORIGIN, UPLOAD, VOXJAR, ask, keep, new_application, new_world
from tests.worlds import document

OPEN = {"/_mock/health", "/_mock/live", "/_mock/ready"}
VALUES = {"{vendor}": "voxjar", "{name}": "demo", "{id}": "1", "{file}": "voxjar.json"}
ALLOWED = "https://app.example"
TOKEN = "s3cret-token"
EXPOSED = Gate(token=TOKEN, is_exposed=True, origins=frozenset({ALLOWED}))
LIVE = 200, 201, 204, 404, 408, 409, 415, 422


def routes() -> list[tuple[str, str]]:
    found = [(endpoint.method, endpoint.path) for endpoint in document("_admin").endpoints]
    for name, value in VALUES.items():
        found = [(method, path.replace(name, value)) for method, path in found]
    return [(method, path) for method, path in found if path not in OPEN]


ROUTES = [*routes(), ("GET", "/_mock"), ("GET", "/_mock/"), ("GET", "/_mock/nothing"), ("TRACE", "/_mock/journal")]


def everything(world: World) -> dict[Any, bytes]:
    """Return all that a world holds."""
    return {key: text for rows in asyncio.run(world.store.dump()).shelves.values() for key, text in rows}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_every_admin_route_is_shut_to_strangers_and_stays_as_it_was(method: str, path: str) -> None:
    world = new_world("voxjar")
    application = new_application(world)
    before = everything(world)
    refused = [
        ask(application, method, path, json_body={"vendor": "voxjar"}, peer=("10.0.0.5", 1)),
        ask(application, method, path, json_body={"vendor": "voxjar"}, peer=None),
        ask(application, method, path, {"Host": "evil.example"}, json_body={"credits": 0}),
        ask(application, method, path, {"Origin": "http://evil.example"}, json_body={"credits": 0}),
        ask(application, method, path, {"Origin": "null", "Content-Type": "text/plain"}, body=b'{"vendor": "voxjar"}'),
        ask(application, method, path, {"Sec-Fetch-Site": "cross-site"}),
    ]
    assert [answer.status for answer in refused] == [403] * 6
    assert not [name for answer in refused for name in answer.headers if name.startswith("access-control-")]
    assert everything(world) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/_mock/clock", {"now": "2020-01-01", "frozen": True, "pace": "held"}),
        ("POST", "/_mock/clock/advance", {"seconds": 60}),
        ("PUT", "/_mock/media", {"items": [{"prefix": "https://", "failure": "missing"}]}),
        ("DELETE", "/_mock/media", None),
    ],
)
def test_a_strangers_hand_is_kept_from_the_clock_and_the_media(method: str, path: str, body: Any) -> None:
    world = new_world("voxjar")
    application = new_application(world)
    assert ask(application, "PUT", "/_mock/media", json_body={"items": [{"url": "https://a.example/"}]}).status == 200
    before = everything(world)
    for stranger in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert ask(application, method, path, stranger, json_body=body).status == 403
    assert everything(world) == before
    assert ask(application, method, path, json_body=body).status in (200, 204)
    assert everything(world) != before


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_server_beyond_loopback_asks_for_its_token_on_every_admin_route(method: str, path: str) -> None:
    application = new_application(new_world("voxjar"), EXPOSED)
    for peer in (("127.0.0.1", 1), ("10.0.0.5", 1), None):
        answer = ask(application, method, path, peer=peer)
        assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    right = ask(application, method, path, {"Authorization": f"Bearer {TOKEN}"}, peer=("10.0.0.5", 1))
    assert right.status in (*LIVE, 405)


@pytest.mark.parametrize(("method", "path"), routes())
def test_the_document_tells_what_the_gate_answers(method: str, path: str) -> None:
    application = new_application(new_world("voxjar"), EXPOSED)
    asked: list[dict[str, str]] = [{"Host": "a b"}, {}, {"Origin": "http://evil.example"}]
    assert [keep(application, method, path, headers=headers).status for headers in asked] == [400, 401, 403]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_closed_admin_api_is_shut_to_everybody(method: str, path: str) -> None:
    application = new_application(new_world("voxjar"), Gate(token="off", is_closed=True))
    for headers in ({}, {"Authorization": "Bearer off"}):
        assert ask(application, method, path, headers).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([], 401),
        ([("Authorization", "")], 401),
        ([("Authorization", "Bearer")], 401),
        ([("Authorization", "Bearer ")], 401),
        ([("Authorization", TOKEN)], 401),
        ([("Authorization", f"Bearer {TOKEN}x")], 401),
        ([("Authorization", f"Bearer {TOKEN[:-1]}")], 401),
        ([("Authorization", f"Bearer {TOKEN.upper()}")], 401),
        ([("Authorization", "Bearer naïve")], 401),
        ([("Authorization", f"Basic {TOKEN}")], 401),
        ([("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer wrong")], 401),
        ([("X-Admin-Token", TOKEN)], 401),
        ([("Authorization", f"Bearer {TOKEN}")], 200),
        ([("Authorization", f"bearer {TOKEN}")], 200),
        ([("Authorization", f"BEARER {TOKEN}")], 200),
        ([("Authorization", f"Bearer   {TOKEN} ")], 200),
        ([("Authorization", f"Bearer {TOKEN}"), ("Host", "mock.lan:4747")], 200),
        ([("Authorization", f"Bearer {TOKEN}"), ("Host", "mock.lan"), ("Origin", "http://mock.lan")], 200),
        ([("Authorization", f"Bearer {TOKEN}"), ("Origin", ALLOWED), ("Sec-Fetch-Site", "cross-site")], 200),
        ([("Authorization", f"Bearer {TOKEN}"), ("Origin", "http://evil.example")], 403),
        ([("Authorization", f"Bearer {TOKEN}"), ("Sec-Fetch-Site", "cross-site")], 403),
        ([("Authorization", f"Bearer {TOKEN}"), ("Host", "a b")], 400),
    ],
)
def test_the_token_is_asked_for_and_a_foreign_page_is_refused_even_with_it(
    headers: list[tuple[str, str]], status: int
) -> None:
    application = new_application(new_world("voxjar"), EXPOSED)
    assert ask(application, "GET", "/_mock/journal", headers, peer=("10.0.0.5", 1)).status == status


def test_a_gate_with_an_empty_token_lets_nobody_in() -> None:
    application = new_application(new_world("voxjar"), Gate(token=""))
    for value in ("", "Bearer", "Bearer "):
        assert ask(application, "GET", "/_mock/journal", {"Authorization": value}).status == 401


UPLOADS = [
    ("/voxjar/api/v1/upload", HOST),
    ("/api/v1/upload", HOST),
    ("/api/v1/upload", "app.voxjar.com"),
    ("/api/v1/upload", "voxjar.localhost:4747"),
]


@pytest.mark.parametrize(("path", "host"), UPLOADS)
@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        (None, None, 200),
        (None, "none", 200),
        (None, "same-origin", 200),
        ("own", "same-origin", 200),
        (ALLOWED, "cross-site", 200),
        (ALLOWED.upper(), None, 200),
        ("http://evil.example", None, 403),
        ("http://evil.example", "cross-site", 403),
        ("null", "cross-site", 403),
        (None, "cross-site", 403),
        (None, "same-site", 403),
        ("http://localhost:3000", "same-site", 403),
        ("http://[", None, 403),
    ],
)
def test_a_vendor_is_shut_to_foreign_pages_only(
    path: str, host: str, origin: str | None, site: str | None, status: int
) -> None:
    world = new_world("voxjar")
    application = new_application(world, Gate(hosts=frozenset({"app.voxjar.com"}), origins=frozenset({ALLOWED})))
    headers = {
        "Host": host,
        "Origin": f"http://{host}" if origin == "own" else origin,
        "Sec-Fetch-Site": site,
        **VOXJAR,
    }
    given = {name: value for name, value in headers.items() if value is not None}
    before = everything(world)
    answer = ask(application, "POST", path, given, json_body=UPLOAD, peer=("10.0.0.5", 1))
    assert answer.status == status
    assert (everything(world) == before) == (status == 403)
    told = [name for name in answer.headers if name.startswith("access-control-")]
    assert bool(told) == (origin is not None and origin.lower() == ALLOWED)


@pytest.mark.parametrize("is_exposed", [False, True])
def test_a_page_whose_name_was_rebound_to_us_reaches_a_vendor_only_where_names_are_not_ours_to_know(
    *, is_exposed: bool
) -> None:
    application = new_application(new_world("voxjar"), Gate(token="secret", is_exposed=is_exposed))
    headers = {**VOXJAR, "Host": "mock.lan:4747", "Origin": "http://mock.lan:4747", "Sec-Fetch-Site": "same-origin"}
    answer = ask(application, "POST", "/voxjar/api/v1/upload", headers, json_body=UPLOAD)
    assert answer.status == (200 if is_exposed else 403)


@pytest.mark.parametrize("path", ["/voxjar/api/v1/upload", "/_mock/accounts"])
@pytest.mark.parametrize(("origin", "status"), [("http://evil.example", 403), (f"{ALLOWED}:8443", 403), (ORIGIN, 405)])
def test_a_preflight_of_a_page_that_was_not_let_in_promises_nothing(path: str, origin: str, status: int) -> None:
    application = new_application(new_world("voxjar"), Gate(origins=frozenset({ALLOWED})))
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = ask(application, "OPTIONS", path, headers)
    assert answer.status == status
    assert not [name for name in answer.headers if name.startswith("access-control-")]


@pytest.mark.parametrize("host", ["", "a b", "user@127.0.0.1", "127.0.0.1, 127.0.0.1"])
def test_a_vendor_is_not_asked_by_a_host_that_is_none(host: str) -> None:
    answer = ask(new_application(new_world("voxjar")), "POST", "/voxjar/api/v1/upload", VOXJAR | {"Host": host})
    assert (answer.status, answer.json["detail"]) == (400, "a request names one host in its Host header")
