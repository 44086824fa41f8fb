"""Accepted Siro uploads a second over 64 kept connections, against a bare route that parses and answers JSON.

Needs wrk. Each server takes its turn in every round; what counts is the ratio within a round.
"""

import argparse
import json
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

from processes import Server, serving

BODY = {
    "downloadUrl": "https://files.example.com/recordings/2023/11/07/9f1c2d.mp3?sig=abcdef0123456789",
    "fileType": "mp3",
    "title": "Kitchen remodel consultation",
    "userId": "user_demo",
    "userEmail": "rep@example.com",
    "userPhone": "+15550100",
    "organizationId": "org_demo",
    "conversationType": "in-home",
    "integrationConnectionId": "conn_demo",
    "crmObjects": [
        {"objectType": "Opportunity", "objectId": "opp_demo"},
        {"objectType": "Account", "objectId": "acc_demo"},
    ],
    "customerPhone": "+15555550199",
    "customerName": "Pat Example",
    "dateCreated": "2023-11-07T05:31:56Z",
}
PATHS = {"bare": "/v1/core/recordings/upload", "mockserver": "/siro/v1/core/recordings/upload"}


def script() -> str:
    headers = {"Content-Type": "application/json", "x-siro-auth-token": "siro-demo-token"}
    return lua(f"wrk.body = [==[{json.dumps(BODY)}]==]", headers)


def lua(body: str, headers: dict[str, str]) -> str:
    lines = ['wrk.method = "POST"', body]
    return "\n".join(lines + [f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()])


def measure(
    server: Server, seconds: int, connections: int, lua: Path, path: str | None = None
) -> tuple[float, float, str]:
    """Return requests a second, microseconds of processor time a request, and the 99th percentile."""
    url = f"http://127.0.0.1:{server.port}{path or PATHS.get(server.name, PATHS['mockserver'])}"
    before = server.cpu()
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(lua), url]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = server.cpu() - before
    if "Non-2xx" in output:
        raise SystemExit(f"{server.name} refused:\n{output}")
    count = int(re.search(r"(\d+) requests in", output)[1])  # type: ignore[index]  # wrk always prints it
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])  # type: ignore[index]
    return rate, used / count * 1e6, re.search(r"^\s+99%\s+(\S+)", output, re.MULTILINE)[1]  # type: ignore[index]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    ratios: list[float] = []
    costs: list[float] = []
    with tempfile.TemporaryDirectory() as folder, serving("bare") as bare, serving("mockserver") as ours:
        lua = Path(folder) / "post.lua"
        lua.write_text(script())
        for _ in range(options.rounds):
            base = measure(bare, options.seconds, options.connections, lua)
            mine = measure(ours, options.seconds, options.connections, lua)
            ratios.append(mine[0] / base[0])
            costs.append(base[1] / mine[1])
            print(
                f"bare {base[0]:7.0f}/s {base[1]:4.0f} us p99 {base[2]}"
                f"   mockserver {mine[0]:7.0f}/s {mine[1]:4.0f} us p99 {mine[2]}"
            )
    print(
        f"rate, ratio to bare            {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})"
    )
    print(f"processor time, ratio to bare  {statistics.median(costs):.2f} (min {min(costs):.2f}, max {max(costs):.2f})")


if __name__ == "__main__":
    main()
