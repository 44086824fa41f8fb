"""What an account costs that is made and used, and how soon a wait answers once the call it waits for has come."""

import argparse
import statistics
import threading
import time
from typing import Any

import httpx

from processes import Server, serving

CALL = {"sourceIdentifier": "a", "direction": "INBOUND", "timestamp": "2026-06-23", "transcript": {"text": "Hello"}}


def client(server: Server) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{server.port}", trust_env=False, timeout=30)


def use(http: httpx.Client) -> dict[str, Any]:
    """Open an account and make one call of it."""
    account: dict[str, Any] = http.post("/_mock/accounts", json={"vendor": "voxjar"}).json()
    call(http, account)
    return account


def call(http: httpx.Client, account: dict[str, Any]) -> None:
    headers = {"Authorization": f"Bearer {account['credentials']['token']}"}
    http.post("/voxjar/api/v1/upload", json=CALL, headers=headers).raise_for_status()


def accounts(server: Server, times: int) -> None:
    took: list[float] = []
    with client(server) as http:
        use(http)
        before = server.cpu()
        for _ in range(times):
            began = time.perf_counter()
            use(http)
            took.append((time.perf_counter() - began) * 1e3)
        cost = (server.cpu() - before) / times * 1e3
    median, least = statistics.median(took), min(took)
    print(f"account made and used  median {median:.2f} ms (least {least:.2f}), {cost:.2f} ms of the server's processor")


def waits(server: Server, times: int) -> None:
    late: list[float] = []
    with client(server) as http, client(server) as waiting:
        account = use(http)
        for number in range(times):
            answered: list[float] = []
            query = {"account": account["name"], "count": number + 2, "timeout": 20}
            thread = threading.Thread(target=lambda query=query, answered=answered: wait(waiting, query, answered))
            thread.start()
            time.sleep(0.02)
            call(http, account)
            came = time.perf_counter()
            thread.join()
            late.append((answered[0] - came) * 1e3)
    median, most = statistics.median(late), max(late)
    print(f"a wait answers after   median {median:.2f} ms (most {most:.2f}) behind the call's answer")


def wait(http: httpx.Client, query: dict[str, Any], answered: list[float]) -> None:
    http.get("/_mock/journal/wait", params=query).raise_for_status()
    answered.append(time.perf_counter())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=300)
    options = parser.parse_args()
    with serving("mockserver") as server:
        accounts(server, options.times)
        waits(server, min(options.times, 100))


if __name__ == "__main__":
    main()
