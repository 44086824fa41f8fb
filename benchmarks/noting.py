"""What noting costs an accepted Siro upload: the server beside one without coverage, and one without a journal either.

Needs wrk. The servers take turns in every round. On a machine that is shared the rounds that were disturbed least tell
most, so the ratio of the best rounds stands beside the median of the rounds' own.
"""

import argparse
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path

from processes import serving
from throughput import measure, script

WHOLE, *LESS = ("mockserver", "without coverage", "without coverage,journal")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    rates: dict[str, list[float]] = {name: [] for name in (WHOLE, *LESS)}
    costs: dict[str, list[float]] = {name: [] for name in (WHOLE, *LESS)}
    with ExitStack() as stack:
        lua = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "post.lua"
        lua.write_text(script())
        servers = [stack.enter_context(serving(name)) for name in rates]
        for _ in range(options.rounds):
            for server in servers:
                rate, used, _ = measure(server, options.seconds, options.connections, lua)
                rates[server.name].append(rate)
                costs[server.name].append(used)
            print("   ".join(f"{name} {rates[name][-1]:.0f}/s {costs[name][-1]:.0f} us" for name in rates))
    for name in LESS:
        middle = statistics.median(map(float.__truediv__, rates[WHOLE], rates[name]))
        print(f"rate, ratio to the one {name}: best {max(rates[WHOLE]) / max(rates[name]):.3f}, median {middle:.3f}")
        middle = statistics.median(map(float.__truediv__, costs[name], costs[WHOLE]))
        print(f"processor time, the same: best {min(costs[name]) / min(costs[WHOLE]):.3f}, median {middle:.3f}")


if __name__ == "__main__":
    main()
