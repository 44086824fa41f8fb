"""What the 10,000th upload of an account costs, against the 10th: processor time, in batches around each."""

import argparse
import http.client
import json
import statistics

from processes import Server, serving
from throughput import BODY, PATHS

HEADERS = {"Content-Type": "application/json", "x-siro-auth-token": "siro-demo-token"}


def upload(connection: http.client.HTTPConnection, count: int) -> None:
    body = json.dumps(BODY)
    for _ in range(count):
        connection.request("POST", PATHS["mockserver"], body, HEADERS)
        answer = connection.getresponse()
        answer.read()
        if answer.status != 201:
            raise SystemExit(f"refused with {answer.status}")


def cost(server: Server, connection: http.client.HTTPConnection, count: int) -> float:
    before = server.cpu()
    upload(connection, count)
    return (server.cpu() - before) / count * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--uploads", type=int, default=10_000)
    options = parser.parse_args()
    with serving("mockserver") as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        upload(connection, 10)
        first = cost(server, connection, options.batch)
        upload(connection, options.uploads - options.batch - 10 - options.batch // 2)
        last = statistics.median(cost(server, connection, options.batch) for _ in range(3))
    print(f"around the 10th {first:.0f} us, around the {options.uploads:,}th {last:.0f} us, ratio {last / first:.2f}")


if __name__ == "__main__":
    main()
