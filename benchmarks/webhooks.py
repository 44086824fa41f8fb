"""Webhooks: how fast they go out, that all arrive though three attempts of ten fail, and what uploads notice."""

import argparse
import http.client
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from processes import Server, serving

EVENTS = ["integrations.recordingProcessed", "integrations.recordingLinked"]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105  # it signs what this script reads itself
PATIENCE = 120


class Receiver(ThreadingHTTPServer):
    """Takes webhooks; `rate` of a hundred attempts fail, and all hang where it `hangs`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, rate: int, *, hangs: bool) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rate, self.hangs = rate, hangs
        self.seen: Counter[str] = Counter()
        self.lock, self.is_over = Lock(), Event()


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        ident = self.headers["x-mock-webhook"]
        with self.server.lock:
            self.server.seen[ident] += 1
            times = self.server.seen[ident]
        if self.server.hangs:
            self.server.is_over.wait(PATIENCE)
        drawn = int(sha256(f"{ident}/{times}".encode()).hexdigest(), 16) % 100
        self.send_response(500 if drawn < self.server.rate else 204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def receiving(rate: int = 0, *, hangs: bool = False) -> Iterator[Receiver]:
    receiver = Receiver(rate, hangs=hangs)
    Thread(target=receiver.serve_forever, daemon=True).start()
    try:
        yield receiver
    finally:
        receiver.is_over.set()
        receiver.shutdown()
        receiver.server_close()


class Client:
    """One connection that is kept."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        content = None if body is None else json.dumps(body)
        self.connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:300]!r}")
        return json.loads(text)

    def account(self, url: str | None) -> dict[str, str]:
        """Open an account whose recordings are told to a receiver; return its credential's header."""
        hooks = [{"url": url, "events": EVENTS, "secret": SECRET}] if url else []
        found = self.ask("POST", "/_mock/accounts", {"vendor": "siro", "book": {"webhooks": hooks}})
        return {"x-siro-auth-token": found["credentials"]["token"]}

    def upload(self, times: int, token: dict[str, str]) -> list[float]:
        """Return the milliseconds that each upload took."""
        crm = [{"objectType": "Opportunity", "objectId": "opp_demo"}]
        link = {"integrationConnectionId": "conn_demo", "crmObjects": crm}
        body = {"downloadUrl": "https://media.example/audio.mp3", "fileType": "mp3", "userId": "user_demo", **link}
        taken = []
        for _ in range(times):
            began = time.perf_counter()
            self.ask("POST", "/siro/v1/core/recordings/upload", body, **token)
            taken.append(1000 * (time.perf_counter() - began))
        return taken

    def settle(self) -> None:
        """Wait until nothing is to be sent any more."""
        while self.counts()["pending"]:
            self.ask("POST", "/_mock/webhooks/flush")

    def counts(self) -> Counter[str]:
        states = ("pending", "delivered", "given-up")
        found = {state: self.ask("GET", f"/_mock/webhooks?limit=1&state={state}")["total"] for state in states}
        return Counter(found)


def arrival(server: Server, uploads: int, rate: int) -> str:
    """Let so many uploads be told on Siro's schedule, and send again what was given up."""
    client = Client(server)
    with receiving(rate) as receiver:
        client.upload(uploads, client.account(f"http://127.0.0.1:{receiver.server_port}/"))
        began = time.perf_counter()
        client.ask("POST", "/_mock/clock/advance", {"until": "idle"})
        took = time.perf_counter() - began
        given_up = client.ask("GET", "/_mock/webhooks?limit=1000&state=given-up")["items"]
        for each in given_up:
            client.ask("POST", f"/_mock/webhooks/{each['id']}/redeliver")
        client.ask("POST", "/_mock/clock/advance", {"until": "idle"})
        attempts = receiver.seen.total()
    return (
        f"{2 * uploads} webhooks, {rate} % of attempts fail: {dict(client.counts())}, {len(given_up)} after a "
        f"redelivery; {attempts} attempts, {attempts / took:.0f} a second"
    )


def noticed(server: Server, times: int, rounds: int) -> Iterator[str]:
    """Compare uploads that tell nobody with those that tell a good receiver, and while 200 webhooks hang.

    The latter in turns: what else the machine does changes from second to second.
    """
    client = Client(server)
    client.ask("PUT", "/_mock/clock", {"pace": "immediate"})
    silent = client.account(None)
    client.upload(times, silent)
    with receiving() as good:
        yield line("nobody is told", client.upload(times, silent))
        yield line("two webhooks each", client.upload(times, client.account(f"http://127.0.0.1:{good.server_port}/")))
        client.settle()
    before, during = [], []
    for _ in range(rounds):
        before.append(client.upload(times, silent))
        with receiving(hangs=True) as bad:
            client.upload(100, client.account(f"http://127.0.0.1:{bad.server_port}/"))
            during.append(client.upload(times, silent))
            bad.is_over.set()
            client.settle()
    yield line("nobody is told", *before)
    yield line("nobody is told, 200 hang", *during)


def line(name: str, *rounds: list[float]) -> str:
    """Tell the medians of what the rounds have shown."""
    median = statistics.median(statistics.median(taken) for taken in rounds)
    last = statistics.median(statistics.quantiles(taken, n=100)[98] for taken in rounds)
    return f"{name:26} median {median:5.2f} ms   p99 {last:5.2f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--uploads", type=int, default=500)
    parser.add_argument("--rate", type=int, default=30)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    with serving("mockserver") as server:
        print(arrival(server, options.uploads, options.rate))
    with serving("mockserver") as server:
        for each in noticed(server, options.times, options.rounds):
            print(each)


if __name__ == "__main__":
    main()
