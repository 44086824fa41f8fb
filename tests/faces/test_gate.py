"""Who gets to the admin API of a server on loopback: each answer as expected, for every peer, Host, Origin and site."""

from collections.abc import Mapping
from itertools import product

import pytest

from mockserver.faces.application import Application
from mockserver.faces.gate import Gate
from tests.applications import HOST, ORIGIN, Answered, ask, new_application, new_world

FINE, BAD, FORBIDDEN = 200, 400, 403
ALLOWED = "https://app.example"
PEERS: Mapping[str | None, int] = {
    "127.0.0.1": FINE,
    "127.8.8.8": FINE,
    "::1": FINE,
    "::ffff:127.0.0.1": FINE,
    "10.0.0.5": FORBIDDEN,
    "198.51.100.7": FORBIDDEN,
    "2001:db8::7": FORBIDDEN,
    "::ffff:10.0.0.5": FORBIDDEN,
    "fe80::1%eth0": FORBIDDEN,
    "a-unix-socket": FORBIDDEN,
    None: FORBIDDEN,
}
HOSTS: Mapping[str, int] = {
    "127.0.0.1": FINE,
    "127.0.0.1:4747": FINE,
    "localhost": FINE,
    "localhost:4747": FINE,
    "LOCALHOST": FINE,
    "[::1]": FINE,
    "[::1]:4747": FINE,
    "a.localhost": FINE,
    "voxjar.localhost:4747": FINE,
    "app.voxjar.com": FINE,
    "App.Voxjar.com:443": FINE,
    "mock.test": FINE,
    "mock.test:80": FINE,
    "localhost.": FORBIDDEN,
    "0.0.0.0:80": FORBIDDEN,
    "0.0.0.0:4747": FORBIDDEN,
    "evil.example": FORBIDDEN,
    "evil.example:4747": FORBIDDEN,
    "localhost.evil.example": FORBIDDEN,
    "evillocalhost": FORBIDDEN,
    "127.0.0.1.evil.example": FORBIDDEN,
    "app.voxjar.com.evil.example": FORBIDDEN,
    "[::2]": FORBIDDEN,
    "": BAD,
    "::1": BAD,
    "[::1": BAD,
    "[::1]evil.example": BAD,
    "user@127.0.0.1": BAD,
    "localhost:4747@evil.example": BAD,
    "127.0.0.1/evil.example": BAD,
    "127.0.0.1?": BAD,
    "127.0.0.1 evil.example": BAD,
    "localhost:http": BAD,
    "127.0.0.1, 127.0.0.1": BAD,
    "löcalhost": BAD,
}
ORIGINS: Mapping[str | None, int] = {
    None: FINE,
    ORIGIN: FINE,
    ORIGIN.upper(): FINE,
    f"https://{HOST}": FINE,
    ALLOWED: FINE,
    "HTTPS://App.Example": FINE,
    "http://evil.example": FORBIDDEN,
    "http://127.0.0.1": FORBIDDEN,
    "http://127.0.0.1:3000": FORBIDDEN,
    "http://localhost:4747": FORBIDDEN,
    f"{ORIGIN}.evil.example": FORBIDDEN,
    f"http://evil.example@{HOST}": FORBIDDEN,
    f"file://{HOST}": FORBIDDEN,
    f"{ALLOWED}:8443": FORBIDDEN,
    "null": FORBIDDEN,
    "": FORBIDDEN,
    HOST: FORBIDDEN,
    "http://[": FORBIDDEN,
    f"{ORIGIN}, {ORIGIN}": FORBIDDEN,
}
SITES: Mapping[str | None, int] = {
    None: FINE,
    "none": FINE,
    "same-origin": FINE,
    "same-site": FORBIDDEN,
    "cross-site": FORBIDDEN,
    "same-origin, cross-site": FORBIDDEN,
    "anything else": FORBIDDEN,
}
WORLD = new_world("voxjar")
GATE = Gate(hosts=frozenset({"app.voxjar.com", "mock.test"}), origins=frozenset({ALLOWED}))
APPLICATION = new_application(WORLD, GATE)


def enter(
    peer: str | None = "127.0.0.1",
    host: str | None = HOST,
    origin: str | None = None,
    site: str | None = None,
    application: Application = APPLICATION,
) -> Answered:
    headers = {"Origin": origin, "Sec-Fetch-Site": site}
    given = {name: value for name, value in headers.items() if value is not None}
    address = None if peer is None else (peer, 50_000)
    answer = ask(application, "GET", "/_mock/journal", given, peer=address, host=host)
    # Nobody else is told that a page may read it.
    told = [name for name in answer.headers if name.startswith("access-control-")]
    assert bool(told) == (origin is not None and origin.lower() == ALLOWED)
    return answer


@pytest.mark.parametrize(("peer", "status"), PEERS.items())
def test_only_loopback_comes_in(peer: str | None, status: int) -> None:
    assert enter(peer=peer).status == status


@pytest.mark.parametrize(("host", "status"), HOSTS.items())
def test_only_known_hosts_come_in(host: str, status: int) -> None:
    assert enter(host=host).status == status


@pytest.mark.parametrize(("origin", "status"), ORIGINS.items())
def test_only_our_own_and_allowed_origins_come_in(origin: str | None, status: int) -> None:
    assert enter(origin=origin).status == status


@pytest.mark.parametrize(("site", "status"), SITES.items())
def test_only_requests_from_our_own_pages_or_none_come_in(site: str | None, status: int) -> None:
    assert enter(site=site).status == status


def sooner(*verdicts: int) -> int:
    """The Host is looked at first, and whoever is refused is not asked for more."""
    return max(verdicts) if BAD not in verdicts else BAD


@pytest.mark.parametrize(
    ("peer", "host", "site"),
    list(product(["127.0.0.1", "::1", "10.0.0.5", None], ["localhost", "[::1]:4747", "evil.example", "a b"], SITES)),
)
def test_one_fault_is_enough(peer: str | None, host: str, site: str | None) -> None:
    verdicts = PEERS[peer], {**HOSTS, "a b": BAD}[host], SITES[site]
    assert enter(peer=peer, host=host, site=site).status == sooner(*verdicts)


@pytest.mark.parametrize(("peer", "origin"), list(product(["::1", "198.51.100.7", None], ORIGINS)))
def test_no_origin_helps_a_peer_from_elsewhere(peer: str | None, origin: str | None) -> None:
    assert enter(peer=peer, origin=origin).status == sooner(PEERS[peer], ORIGINS[origin])


@pytest.mark.parametrize("site", SITES)
def test_an_allowed_origin_is_another_site_by_nature(site: str | None) -> None:
    assert enter(origin=ALLOWED, site=site).status == FINE


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4747", "localhost.", "0.0.0.0:4747"])
@pytest.mark.parametrize("site", ["same-origin", None])
def test_a_page_whose_name_was_rebound_to_loopback_is_no_page_of_ours(host: str, site: str | None) -> None:
    assert enter(host=host, origin=f"http://{host}", site=site).status == FORBIDDEN
    assert enter(host=host, site=site).status == FORBIDDEN


@pytest.mark.parametrize("host", ["localhost:4747", "a.localhost", "app.voxjar.com", "mock.test"])
def test_a_page_of_ours_may_ask_its_own_server(host: str) -> None:
    assert enter(host=host, origin=f"http://{host}", site="same-origin").status == FINE


def test_a_request_without_a_host_or_with_two_is_refused() -> None:
    assert enter(host=None).status == BAD
    twice = ask(APPLICATION, "GET", "/_mock/journal", [("Host", HOST), ("Host", HOST)])
    assert twice.status == BAD
    assert ask(APPLICATION, "GET", "/voxjar/api/v1/upload", host=None).status == BAD


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP"])
@pytest.mark.parametrize(("said", "real", "status"), [("127.0.0.1", "10.0.0.5", 403), ("10.0.0.5", "127.0.0.1", 200)])
def test_the_socket_says_who_asks_and_no_header(name: str, said: str, real: str, status: int) -> None:
    value = f"for={said}" if name == "Forwarded" else said
    assert ask(APPLICATION, "GET", "/_mock/journal", {name: value}, peer=(real, 1)).status == status


@pytest.mark.parametrize("path", ["/_mock/health", "/_mock/live", "/_mock/ready"])
@pytest.mark.parametrize(
    "gate",
    [GATE, Gate(token="secret", is_exposed=True), Gate(token="off", is_closed=True)],
    ids=["local", "token", "off"],
)
def test_health_is_for_everybody(path: str, gate: Gate) -> None:
    headers = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site", "Host": "evil.example"}
    application = new_application(WORLD, gate)
    assert ask(application, "GET", path, headers, peer=("10.0.0.5", 1)).status == FINE
    assert ask(application, "GET", path, headers, peer=None).json["status"] == "ok"


@pytest.mark.parametrize("path", ["/_mock/health/", "/_mock/health\n", "/_mock//health", "/_mock/livery"])
def test_what_only_looks_like_health_is_not_for_everybody(path: str) -> None:
    assert ask(APPLICATION, "GET", path, peer=("10.0.0.5", 1)).status == FORBIDDEN


def test_a_refusal_is_a_problem_document_that_no_browser_takes_for_a_page() -> None:
    answer = enter(origin="http://<script>alert(1)</script>")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'"
    assert answer.json == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "a page of http://<script>alert(1)</script> may not come in: name it with --allow-origin",
    }
