"""Accepted Siro uploads a second from memory, and on a shared store with one worker and with more.

Needs wrk and redis-server. Each server takes its turn in every round; what counts is the ratio within a round.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from processes import Server, free_port
from throughput import measure, script


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Start a Redis that keeps nothing on disk, and return where it is."""
    path = folder / "redis.sock"
    command = ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while not path.exists():
        time.sleep(0.01)
    try:
        yield f"unix://{path}"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def serving(name: str, *flags: str) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "mockserver", "serve", "--port", str(port), "--vendors", "siro", *flags]
    server = Server(name, command, port, "/_mock/health")
    try:
        yield server
    finally:
        server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        post = folder / "post.lua"
        post.write_text(script())
        # One for each, or what one has kept would be the other's to carry.
        stores = [stack.enter_context(redis(Path(tempfile.mkdtemp(dir=folder)))) for _ in range(2)]
        several = ("--workers", str(options.workers))
        servers = [
            stack.enter_context(serving("memory")),
            stack.enter_context(serving("shared, one worker", "--store", stores[0])),
            stack.enter_context(serving(f"shared, {options.workers} workers", "--store", stores[1], *several)),
        ]
        for _ in range(options.rounds):
            for server in servers:
                rate, _, slowest = measure(server, options.seconds, options.connections, post)
                rates.setdefault(server.name, []).append(rate)
                print(f"{server.name:20} {rate:7.0f}/s p99 {slowest}")
    for name, found in rates.items():
        ratios = [mine / base for mine, base in zip(found, rates["memory"], strict=True)]
        print(f"{name:20} {statistics.median(found):7.0f}/s, {statistics.median(ratios):.2f} of memory")


if __name__ == "__main__":
    main()
