"""`mockserver verify` against somebody who is no mock: only what a client would ask, and honest about the rest."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest

from mockserver.cases import cases_in, shipped_cases
from mockserver.faces.asking import Server
from mockserver.faces.verifying.elsewhere import Elsewhere
from mockserver.faces.verifying.targets import Terms
from mockserver.faces.verifying.wire import Wire
from mockserver.state.clock import EPOCH
from tests.foreigners import Asked, Said, answering
from tests.processes import Run
from tests.worlds import document

HEADERS = {"Authorization": "Bearer voxjar-demo-token"}
CALL = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hi"}}
UPLOAD: dict[str, Any] = {"method": "POST", "path": "/api/v1/upload", "headers": HEADERS, "json": CALL}
READ: dict[str, Any] = {"method": "GET", "path": "{{url}}", "headers": HEADERS}
REFUSED = {"success": False, "error": "no"}
ACCEPTED: dict[str, Any] = {
    "success": True,
    "interactionId": "5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10",
    "interactionType": "CHAT",
    "statusUrl": "/api/v1/interactions/5f0c2c3e-7d1b-4c57-9a43-0f6f6a1d2b10",
    "processing": {"transcription": False, "evaluation": False},
    "scoreSubmissionId": None,
}
FINE: dict[str, Any] = {"name": "fine", "answer": {"status": 200}}
NO_TIME = {"status": 400, "refused_by": "schema/timestamp-required"}
TIMELESS: dict[str, Any] = {"name": "timeless", "drop": ["/json/timestamp"], "answer": NO_TIME}


@pytest.fixture
def verify(verb: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("MOCKSERVER_VERIFY_TOKEN", raising=False)
    return lambda *words: verb("verify", *words)


@pytest.fixture
def mine(tmp_path: Path) -> Callable[..., str]:
    """Write cases of Voxjar's into a folder of one's own."""

    def write(*cases: Mapping[str, Any], **more: Any) -> str:
        place = tmp_path / "voxjar" / "accepted"
        place.mkdir(parents=True)
        whole = [{"from": "upload", **case} for case in cases]
        file = {"says": "mine", "requests": {"upload": UPLOAD, "read": READ}, "cases": whole, **more}
        (place / "own.json").write_text(json.dumps(file))
        return "./voxjar"

    return write


def vendor(call: Asked) -> Said:
    """Answer as the vendor would, as far as a timestamp goes."""
    return Said(200, ACCEPTED) if b"timestamp" in call.body else Said(400, REFUSED)


def test_who_answers_otherwise_is_told_so_and_never_asked_for_what_a_mock_has(verify: Run) -> None:
    with answering(lambda _: Said(500, {"error": "down"})) as foreign:
        status, out, err = verify("voxjar", "--against", foreign.url, "-k", "refused/interactions")
    assert (status, err) == (1, "")
    *lines, last = out.splitlines()
    assert last.startswith(f"voxjar at {foreign.url}: 0 ok, ")
    assert "differs   refused/interactions/no-token" in lines
    assert [(each.method, each.path) for each in foreign.probed] == [("GET", "/_mock/health")]
    assert "Authorization" not in foreign.probed[0].headers
    assert foreign.asked
    assert not [
        name for each in foreign.asked for name in each.headers if name.lower().startswith(("x-mock", "prefer"))
    ]


def test_what_needs_a_mock_is_told_and_not_sent(verify: Run, mine: Callable[..., str]) -> None:
    folder = mine(
        {**FINE, "name": "poor", "account": {"credits": 0}},
        {**FINE, "name": "later", "wait": 3},
        {**FINE, "name": "cut", "cap": 10},
        {**FINE, "name": "scored", "set": {"/json/evaluation": {"scorecardId": "sc_abc123"}}},
        {**FINE, "name": "fetched", "set": {"/json/downloadUrl": "https://media.example/hour.mp3"}},
    )
    with answering(vendor) as foreign:
        status, out, _ = verify(folder, "--against", foreign.url, "--token", "mine")
        assert (status, foreign.asked) == (0, [])
        assert out.splitlines() == [
            "not sent  accepted/own/poor: needs an account with 0 credits",
            "not sent  accepted/own/later: needs the mock's clock, to let 3 s pass",
            "not sent  accepted/own/cut: needs a server that was started with --max-upload 10",
            "not sent  accepted/own/scored: needs sc_abc123 of the demo account",
            "not sent  accepted/own/fetched: needs something that lies at https://media.example/hour.mp3",
            f"voxjar at {foreign.url}: 0 ok, 0 differ, 5 not sent",
        ]
        words = ("--replace", "sc_abc123=sc_mine", "--replace", "https://media.example=https://media.test")
        assert verify(folder, "--against", foreign.url, "--token", "mine", *words)[1].count("ok   ") == 2
    scored, fetched = (json.loads(each.body) for each in foreign.asked)
    assert scored["evaluation"]["scorecardId"] == "sc_mine"
    assert fetched["downloadUrl"] == "https://media.test/hour.mp3"
    assert {each.headers["Authorization"] for each in foreign.asked} == {"Bearer mine"}


def test_refusals_are_held_to_their_shape_and_what_is_accepted_to_its_status(
    verify: Run, mine: Callable[..., str]
) -> None:
    def mind(call: Asked) -> Said:
        return Said(vendor(call).status, {"mine": "alone"})

    with answering(mind) as foreign:
        status, out, _ = verify(
            mine({**FINE, "answer": {"status": 200, "credits": 1}}, TIMELESS), "--against", foreign.url
        )
    assert status == 1
    assert out.splitlines()[:2] == ["ok        accepted/own/fine", "differs   accepted/own/timeless"]
    assert out.splitlines()[2].startswith("          body: expected as the document has it, got the answer breaks its")


def test_what_a_vendor_takes_only_once_is_another_in_every_case(verify: Run, mine: Callable[..., str]) -> None:
    ident = "4834c9e9-74f2-4bfe-a0c8-ce947a4f30e3"
    again = {**FINE, "name": "again", "before": [{"from": "upload"}]}
    folder = mine(FINE, again, fresh=["INBOUND", ident])
    with answering(vendor) as foreign:
        assert verify(folder, "--against", foreign.url)[0] == 0
    first, second, third = (json.loads(each.body)["direction"] for each in foreign.asked)
    assert first != second == third
    assert {each.endswith("-INBOUND") for each in (first, second)} == {True}


SECRET = 's3cret/"of mine"'  # with what JSON and addresses write otherwise


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_credential_is_sent_and_never_printed(
    flags: tuple[str, ...], verify: Run, mine: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def echo(call: Asked) -> Said:
        return Said(401, {"error": f"{call.headers['Authorization']} opens nothing"})

    monkeypatch.setenv("MOCKSERVER_VERIFY_TOKEN", SECRET)
    with answering(echo) as foreign:
        status, out, err = verify(mine(FINE), "--against", foreign.url, *flags)
    assert (status, err) == (1, "")
    assert [each.headers["Authorization"] for each in foreign.asked] == [f"Bearer {SECRET}"]
    assert "s3cret" not in out
    assert "<token> opens nothing" in out


def test_nobody_is_followed_to_another_place(verify: Run, mine: Callable[..., str]) -> None:
    read = {"name": "read", "from": "read", "before": [{"from": "upload", "keep": {"url": "/statusUrl"}}]}
    folder = mine({**FINE, "name": "moved"}, {**read, "answer": {"status": 200}})
    places = iter(["http://elsewhere.example/mine", "http://[", "{}/api/v1/interactions/7"])

    def mind(call: Asked) -> Said:
        if call.method == "GET":
            return Said(200, {})
        return Said(302, {"statusUrl": told[-1]}, {"Location": "http://127.0.0.1:9/"})

    for place in places:
        with answering(mind) as foreign:
            told = [place.format(foreign.url)]
            _, out, _ = verify(folder, "--against", foreign.url)
        assert out.splitlines()[:2] == ["differs   accepted/own/moved", "          status: expected 200, got 302"]
        last = out.splitlines()[2]
        if "elsewhere" in place:
            assert last.startswith("not sent  accepted/own/read: its address is at elsewhere.example, and only http://")
        elif place == "http://[":
            assert last == "not sent  accepted/own/read: its address is none"
        else:
            assert last == "ok        accepted/own/read"
            assert foreign.asked[-1].path == "/api/v1/interactions/7"


def test_a_step_before_that_leads_nowhere_is_told(verify: Run, mine: Callable[..., str]) -> None:
    read = {"name": "read", "from": "read", "before": [{"from": "upload", "keep": {"url": "/statusUrl"}}]}
    with answering(lambda _: Said(402, REFUSED)) as foreign:
        status, out, _ = verify(mine({**read, "answer": {"status": 200}}), "--against", foreign.url)
    says = '\'upload\' before it was answered 402: {"success": false, "error": "no"}, without /statusUrl'
    assert (status, out.splitlines()[1]) == (1, f"          answer: expected 200, got {says}")


def test_no_request_waits_for_ever(verify: Run, mine: Callable[..., str]) -> None:
    is_over = Event()

    def mind(_: Asked) -> Said:
        is_over.wait(20)
        return Said(200, ACCEPTED)

    with answering(mind) as foreign:
        status, out, _ = verify(mine(FINE), "--against", foreign.url, "--timeout", "0.2")
        is_over.set()
    assert (status, out.splitlines()[1]) == (1, "          answer: expected 200, got no answer within 0.2 s")


def test_no_answer_is_read_without_end(verify: Run, mine: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.faces.verifying.wire.MOST", 100)
    with answering(lambda _: Said(200, "x" * 101)) as foreign:
        status, out, _ = verify(mine(FINE), "--against", foreign.url)
    assert (status, out.splitlines()[1]) == (
        1,
        "          answer: expected 200, got its answer is larger than 100 bytes",
    )


def test_a_path_of_the_address_stands_before_every_other(verify: Run, mine: Callable[..., str]) -> None:
    with answering(vendor) as foreign:
        assert verify(mine(FINE, TIMELESS), "--against", f"{foreign.url}/eu/")[0] == 0
    assert {each.path for each in foreign.asked} == {"/eu/api/v1/upload"}
    assert [each.path for each in foreign.probed] == ["/eu/_mock/health"]


PLACE = "--against names a scheme, a host and perhaps a path, and no credentials"
BROKEN: list[tuple[tuple[str, ...], str]] = [
    (("--credential", "key=x"), "voxjar has no credential 'key': known are token"),
    (("--credential", "token"), "--credential is a name, an equals sign and a value"),
    (("--replace", "=x"), "--replace is a name, an equals sign and a value"),
    (("--token", ""), "the credential token is empty, or holds what no header can carry"),
    (("--credential", "token=a\r\nb"), "the credential token is empty, or holds what no header can carry"),
    (("--token", "ß"), "the credential token is empty, or holds what no header can carry"),
    (("-k", "nobody"), "./voxjar: there is no case with 'nobody' in its name"),
    (
        ("--against", "http://me:secret@127.0.0.1"),
        PLACE,
    ),
    (("--against", "http://127.0.0.1/?a=b"), PLACE),
    (("--against", "http://:80"), PLACE),
    (("--against", "http://127.0.0.1:99999"), "--against is no address"),
    (("--against", "gopher://127.0.0.1"), "--against is an http address, not 'gopher://127.0.0.1'"),
]


@pytest.mark.parametrize(("words", "says"), BROKEN, ids=lambda value: value if isinstance(value, str) else None)
def test_wrong_usage_is_one_sentence(words: tuple[str, ...], says: str, verify: Run, mine: Callable[..., str]) -> None:
    assert verify(mine(FINE), *words) == (2, "", f"mockserver: {says}\n")


def test_cases_are_a_vendors_or_a_folders(verify: Run, tmp_path: Path) -> None:
    status, out, err = verify("acme")
    assert (status, out) == (2, "")
    assert err.startswith(
        "mockserver: 'acme' is neither a folder of cases nor a vendor with cases: those are authenticx"
    )
    (tmp_path / "voxjar").mkdir()
    says = "mockserver: ./voxjar: there is no case in accepted or refused\n"
    assert verify("./voxjar") == (2, "", says)
    (tmp_path / "voxjar" / "refused").mkdir()
    (tmp_path / "voxjar" / "refused" / "a.json").write_text("{")
    status, out, err = verify("./voxjar")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "voxjar/refused/a.json: " in err


def test_a_case_that_makes_no_request_ends_it(verify: Run, mine: Callable[..., str]) -> None:
    with answering(vendor) as foreign:
        status, _, err = verify(mine({**FINE, "drop": ["/nothing"]}), "--against", foreign.url)
    assert (status, err) == (2, "mockserver: accepted/own/fine makes no request: KeyError: 'nothing'\n")


BEYOND = (
    "is beyond this machine: the cases upload made-up recordings there, make and delete things, and may cost credits:"
    " say --for-real if you mean it"
)


@pytest.mark.parametrize(
    "address",
    [
        "https://api.voxjar.com",
        "http://10.0.0.1:4747",
        "http://0.0.0.0:4747",
        "http://mock:4747",
        "http://localhost.voxjar.com",
        "http://127.0.0.1.voxjar.com",
    ],
)
def test_nobody_beyond_this_machine_is_asked_without_consent(address: str, verify: Run) -> None:
    assert verify("voxjar", "--against", address, "--token", "mine") == (2, "", f"mockserver: {address} {BEYOND}\n")


@pytest.mark.parametrize("address", ["http://127.8.0.1:9", "http://[::1]:9", "http://localhost:9"])
def test_this_machine_needs_no_consent(address: str, verify: Run) -> None:
    assert f"{address} does not answer" in verify("voxjar", "--against", address)[2]


def test_with_consent_a_credential_is_needed_too(verify: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("verb", "wanting"):
        monkeypatch.setattr(f"mockserver.faces.verifying.{module}.is_loopback", lambda _: False)
    with answering(vendor) as foreign:
        words = ("voxjar", "--against", foreign.url, "-k", "accepted/fields/date-alone", "--for-real")
        says = f"mockserver: {foreign.url} knows no demo account: name a credential by --token or --credential\n"
        assert verify(*words) == (2, "", says)
        assert foreign.asked == []
        assert verify(*words, "--token", "mine")[0] == 0
        assert [each.headers["Authorization"] for each in foreign.asked] == ["Bearer mine"]


@pytest.mark.parametrize(
    ("vendor_", "text", "sent"),
    [
        ("siro", "refused/fields", "X-Siro-Auth-Token"),
        ("authenticx", "accepted/organisation", "Authorization"),
        ("emberqa", "accepted/runs", "Authorization"),
    ],
)
def test_the_token_is_the_credential_that_goes_by_its_name(vendor_: str, text: str, sent: str, verify: Run) -> None:
    with answering(lambda _: Said(200, {})) as foreign:
        verify(vendor_, "--against", foreign.url, "-k", text, "--token", "mine")
    named = {name.title(): value for each in foreign.asked for name, value in each.headers.items()}
    assert named[sent].removeprefix("Bearer ") == "mine"


@pytest.mark.parametrize(
    ("address", "needs"),
    [
        ("https://api.siro.ai", {"accepted/organization/users": ["the vendor's host functions.siro.ai"]}),
        ("https://functions.siro.ai", {"accepted/links/opportunity": ["the vendor's host api.siro.ai"]}),
        ("https://staging.siro.ai", {}),
    ],
)
def test_a_case_is_sent_to_the_host_that_its_operations_live_at(address: str, needs: dict[str, list[str]]) -> None:
    terms = Terms(document("siro"), EPOCH, {})
    target = Elsewhere(Wire(httpx.AsyncClient(), 1), Server(address), terms)
    cases = {each.place: each for each in cases_in(shipped_cases() / "siro")}
    told = {
        place: target.lacks(cases[place]) for place in ("accepted/organization/users", "accepted/links/opportunity")
    }
    assert {place: lacks for place, lacks in told.items() if lacks} == needs


def test_nothing_of_the_environment_leads_elsewhere(
    verify: Run, mine: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with answering(vendor) as foreign:
        assert verify(mine(FINE), "--against", foreign.url)[0] == 0
