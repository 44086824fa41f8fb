"""Every case file over a real socket: the same requests, the same verdicts, read back through the admin API."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import asdict

from tests.cases import Located, every_case, includes, keep, request_of
from tests.processes import Started

EVERY = list(every_case())


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, server: Started
) -> Iterator[Callable[[int | None], httpx.Client]]:
    """Give a client of a server whose limits are lowered as a case asks; each is started once."""
    started: dict[int, Started] = {}
    clients: dict[int | None, httpx.Client] = {None: httpx.Client(base_url=server.url, trust_env=False)}

    def client(cap: int | None) -> httpx.Client:
        if cap is not None and cap not in started:
            flags = ("--check-replies", "--max-upload", str(cap))
            started[cap] = Started(*flags, cwd=tmp_path_factory.mktemp(f"cap-{cap}"))
            clients[cap] = httpx.Client(base_url=started[cap].url, trust_env=False)
        return clients[cap]

    yield client
    for each in clients.values():
        each.close()
    assert {each.stop() for each in started.values()} <= {0}


@pytest.mark.parametrize("located", EVERY, ids=lambda located: located.id)
def test_case(located: Located, servers: Callable[[int | None], httpx.Client], server: Started) -> None:
    client, wanted = servers(located.case.cap), located.case.answer
    name, exchanged = open_account(servers(None), client, located)
    kept: dict[str, str] = {}
    for step in located.steps:
        if step.wait:
            assert client.post("/_mock/clock/advance", json={"seconds": step.wait}).status_code == 200
        request = request_of(located, step, exchanged, kept)
        headers = [(key.encode(), value.encode("latin-1")) for key, value in request.headers.items()]
        url = f"/{located.vendor}{request.path}"
        answer = client.request(request.method, url, headers=headers, content=request.body)
        kept |= keep(step, body_of(answer)) if step.keep else {}
    assert (answer.status_code, answer.headers.get("x-mock-refused-by")) == (wanted.status, wanted.refused_by)
    check_answer(answer, wanted)
    check_memory(client, located, name)


def open_account(plain: httpx.Client, client: httpx.Client, located: Located) -> tuple[str, dict[str, tuple[str, str]]]:
    """Open an account for the case where its server reads bodies; a server with a cap has the demo account only."""
    demo = plain.get(f"/_mock/accounts/{located.vendor}/demo").json()["credentials"]
    if located.case.cap is not None:
        return "demo", {}
    wish = {key: value for key, value in asdict(located.case.account).items() if value not in (None, {})}
    opened = client.post("/_mock/accounts", json={"vendor": located.vendor, **wish})
    assert opened.status_code == 201, opened.text
    account = opened.json()
    return account["name"], {key: (value, account["credentials"][key]) for key, value in demo.items()}


def body_of(answer: httpx.Response) -> Any:
    return answer.json() if "json" in answer.headers.get("content-type", "") else answer.text


def check_answer(answer: httpx.Response, wanted: Any) -> None:
    body = body_of(answer)
    if wanted.body is not None:
        assert body == wanted.body
    if wanted.text is not None:
        assert body == wanted.text
    assert includes(body, wanted.includes) or not wanted.includes
    for name, value in wanted.headers.items():
        assert answer.headers.get(name) == value


def check_memory(client: httpx.Client, located: Located, account: str) -> None:
    """Read back what was remembered, and the journal's entry under the case's own account."""
    if account == "demo":
        return
    kept = client.get("/_mock/records", params={"vendor": located.vendor, "account": account}).json()["items"]
    for each in located.case.answer.remembers:
        assert any(record["kind"] == each.kind and includes(record["body"], each.body) for record in kept)
    if located.case.answer.credits is not None:
        known = client.get(f"/_mock/accounts/{located.vendor}/{account}").json()
        assert known["credits"] == located.case.answer.credits
