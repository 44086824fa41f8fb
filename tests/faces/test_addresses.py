"""Where a vendor answers: under its name, at the root where no other does, at its hosts; and nowhere else."""

from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.document import read_documents
from mockserver.faces.addresses import Addresses, Place
from mockserver.faces.application import Application
from tests.applications import UPLOAD, VOXJAR, ask, made_up, new_application, new_world, operation

CALLS = {"/calls": {"post": operation("addCall")}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return documents: Acme and its edition, Beta with a base path, Local that names this machine as its server."""
    place = tmp_path_factory.mktemp("documents")
    thing = {"get": operation("readThing")}
    made_up(
        place,
        "acme",
        {**CALLS, "/only-acme": {"get": operation("acme")}, "/v1/things/{id}": thing},
        servers=[{"url": "https://api.acme.example"}, {"url": "https://eu.acme.example:8443"}],
    )
    made_up(place, "beta", {**CALLS, "/v1/things/{thing}": thing}, servers=[{"url": "https://api.beta.example/base"}])
    made_up(
        place,
        "acme@2",
        {**CALLS, "/only-edition": {"get": operation("edition")}},
        servers=[{"url": "https://v2.acme.example"}],
    )
    made_up(place, "local", {"/here": {"get": operation("here")}}, servers=[{"url": "http://localhost:8080"}])
    return place


@pytest.fixture(scope="module")
def addresses(folder: Path) -> Addresses:
    return Addresses(read_documents(folder))


@pytest.fixture(scope="module")
def application(folder: Path) -> Application:
    return new_application(new_world("acme", "beta", "local", documents=folder))


@pytest.mark.parametrize(
    ("host", "path", "found"),
    [
        ("127.0.0.1", "/acme/calls", Place("acme", "/calls", "/acme")),
        ("127.0.0.1", "/acme", Place("acme", "/", "/acme")),
        ("127.0.0.1", "/acme/", Place("acme", "/", "/acme")),
        ("127.0.0.1", "/acme//calls", Place("acme", "//calls", "/acme")),
        ("127.0.0.1", "/acme@2/calls", Place("acme@2", "/calls", "/acme@2")),
        ("anything.example", "/acme/nothing", Place("acme", "/nothing", "/acme")),
        ("127.0.0.1", "/only-acme", Place("acme", "/only-acme", "")),
        ("127.0.0.1", "/base/calls", Place("beta", "/base/calls", "")),
        ("127.0.0.1", "/v1/things/7", Place("acme", "/v1/things/7", "")),
        ("127.0.0.1", "/only-edition", None),
        ("127.0.0.1", "/ACME/calls", None),
        ("127.0.0.1", "/acme2/calls", None),
        ("127.0.0.1", "/", None),
        ("127.0.0.1", "*", None),
        ("127.0.0.1", "", None),
        ("api.acme.example", "/calls", Place("acme", "/calls", "")),
        ("eu.acme.example", "/calls", Place("acme", "/calls", "")),
        ("acme.localhost", "/calls", Place("acme", "/calls", "")),
        ("acme.localhost", "/nothing", Place("acme", "/nothing", "")),
        ("acme.localhost", "/acme/calls", Place("acme", "/calls", "/acme")),
        ("acme.localhost", "/beta/base/calls", Place("beta", "/base/calls", "/beta")),
        ("api.beta.example", "/base/calls", Place("beta", "/base/calls", "")),
        ("api.beta.example", "/calls", Place("beta", "/calls", "")),
        ("v2.acme.example", "/only-edition", None),
        ("acme@2.localhost", "/only-edition", None),
        ("localhost", "/only-acme", Place("acme", "/only-acme", "")),
        ("localhost", "/nothing", None),
        ("local.localhost", "/nothing", Place("local", "/nothing", "")),
    ],
)
def test_a_request_goes_where_its_host_and_its_path_say(
    addresses: Addresses, host: str, path: str, found: Place | None
) -> None:
    assert addresses.find(host, path) == found


def test_a_path_of_two_vendors_answers_at_the_root_for_neither(tmp_path: Path) -> None:
    for vendor in ("acme", "beta"):
        made_up(tmp_path, vendor, CALLS)
    addresses = Addresses(read_documents(tmp_path))
    assert addresses.find("127.0.0.1", "/calls") is None
    assert addresses.find("beta.localhost", "/calls") == Place("beta", "/calls", "")
    assert addresses.shared() == {"/calls": ["acme", "beta"]}


def test_an_edition_does_not_count_when_paths_are_shared(tmp_path: Path) -> None:
    for vendor in ("acme", "acme@2"):
        made_up(tmp_path, vendor, CALLS)
    addresses = Addresses(read_documents(tmp_path))
    assert addresses.find("127.0.0.1", "/calls") == Place("acme", "/calls", "")
    assert addresses.shared() == {}


def test_hosts_are_those_of_vendors_and_never_this_machines(addresses: Addresses) -> None:
    local = {"acme.localhost", "beta.localhost", "local.localhost"}
    assert addresses.hosts == local | {"api.acme.example", "eu.acme.example", "api.beta.example"}


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [
        ("127.0.0.1:4747", "/acme/calls", {"by": "addCall"}),
        ("API.Acme.Example", "/calls", {"by": "addCall"}),
        ("api.acme.example:443", "/calls", {"by": "addCall"}),
        ("acme.localhost:4747", "/calls", {"by": "addCall"}),
        ("acme.localhost", "/acme@2/calls", {"by": "addCall"}),
    ],
)
def test_a_vendor_answers_at_each_of_its_addresses(application: Application, host: str, path: str, body: Any) -> None:
    answer = ask(application, "POST", path, {"Host": host})
    assert (answer.status, answer.json) == (200, body)
    assert "x-mock-call" in answer.headers


ODD = [
    "\n",
    "a\r\nb",
    "\x01\x1b[2J",
    "..",
    "./../x",
    "//",
    "é/ü",
    "\u2028",
    "@evil.example",
    "%0A",
    "%",
    "a" * 5000,
    "\N{GRINNING FACE}",
]


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_an_odd_path_under_a_vendor_is_answered_in_its_voice(application: Application, odd: str) -> None:
    answer = ask(application, "GET", f"/acme/{odd}")
    assert answer.status == 404
    assert answer.json["error"].startswith("there is no /")
    assert answer.headers["x-mock-refused-by"] == "route/no-such-path"


@pytest.mark.parametrize("odd", ODD, ids=ascii)
def test_an_odd_path_elsewhere_is_answered_in_ours(application: Application, odd: str) -> None:
    answer = ask(application, "GET", f"/{odd}" if odd != "//" else "//acme/calls")
    assert answer.status == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json["title"] == "Not Found"
    assert "x-mock-call" not in answer.headers


@pytest.mark.parametrize("path", ["/v1/things/a\nb", "/v1/things/ü", "/v1/things/..", "/v1/things/@", "/v1/things/%2F"])
def test_a_value_in_a_path_may_be_any_one_segment(application: Application, path: str) -> None:
    assert ask(application, "GET", f"/acme{path}").json == {"by": "readThing"}


@pytest.mark.parametrize("path", ["/v1/things/", "/v1/things/a/b", "/v1/things", "/only-acme\n", "/only-acme/"])
def test_a_path_that_is_nearly_right_is_not(application: Application, path: str) -> None:
    assert ask(application, "GET", f"/acme{path}").status == 404


def test_nobody_answers_for_an_unknown_vendor_and_the_answer_says_who_does(application: Application) -> None:
    answer = ask(application, "POST", "/acmee/calls")
    assert answer.status == 404
    assert "begin with one of /acme, /acme@2, /beta, /local" in answer.json["detail"]


@pytest.mark.parametrize("path", ["/_mockery", "/_mock.json", "/_Mock/health"])
def test_what_only_begins_like_the_admin_api_is_not_it(application: Application, path: str) -> None:
    assert "begin with one of" in ask(application, "GET", path).json["detail"]


def test_a_wrong_method_under_a_vendor_is_told_the_right_ones(application: Application) -> None:
    answer = ask(application, "DELETE", "/acme/calls")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


def test_a_real_vendor_speaks_for_its_unknown_paths() -> None:
    application = new_application(new_world("voxjar", "emberqa"))
    assert ask(application, "POST", "/voxjar/api/v2/upload", VOXJAR).json["success"] is False
    assert ask(application, "POST", "/emberqa/api", {}).json == {"message": "Not Found"}
    assert ask(application, "POST", "/api/v1/upload", VOXJAR, json_body=UPLOAD).json["success"] is True
    assert (
        ask(application, "POST", "/api/v1/upload", VOXJAR | {"Host": "app.voxjar.com"}, json_body=UPLOAD).status == 200
    )
    assert ask(application, "GET", "/", {"Host": "api.emberqa.com"}).json == {"message": "Not Found"}
