"""What noting costs an accepted Siro upload: the server beside one without coverage, and one without a journal either.

First in one process and without a server, where a busy machine disturbs least; then over 64 connections, which needs
wrk. All take turns in every round.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from lists import arrival
from mockserver.creation import Plan, create_world
from mockserver.world import World
from processes import serving
from throughput import BODY, PATHS, measure, script
from without import PARTS

WHOLE, *LESS = ("mockserver", "without coverage", "without coverage,journal")
SIRO = {"x-siro-auth-token": "siro-demo-token", "Content-Type": "application/json"}
CALLS = 500


def parts_of(name: str) -> list[str]:
    return name.removeprefix("without ").split(",") if name != WHOLE else []


async def serve(world: World, name: str) -> float:
    """Return the microseconds of processor time that a call takes."""
    with ExitStack() as stack:
        for part in parts_of(name):
            stack.enter_context(patch(*PARTS[part]))
        began = time.process_time()
        for _ in range(CALLS):
            served = await world.serve("siro", arrival("POST", PATHS["bare"], SIRO, BODY))
        taken = time.process_time() - began
    if not served.decision.is_accepted:
        raise SystemExit(f"refused by {served.decision.refused_by}")
    return taken / CALLS * 1e6


async def in_process(rounds: int) -> None:
    worlds = {name: await create_world(Plan(vendors=("siro",), seed="noting")) for name in (WHOLE, *LESS)}
    costs: dict[str, list[float]] = {name: [] for name in worlds}
    for _ in range(rounds):
        for name, world in worlds.items():
            costs[name].append(await serve(world, name))
    print("   ".join(f"{name} {min(found):.1f} us" for name, found in costs.items()), " in one process, best rounds")


def over_connections(rounds: int, seconds: int, connections: int) -> None:
    rates: dict[str, list[float]] = {name: [] for name in (WHOLE, *LESS)}
    costs: dict[str, list[float]] = {name: [] for name in (WHOLE, *LESS)}
    with ExitStack() as stack:
        lua = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "post.lua"
        lua.write_text(script())
        servers = [stack.enter_context(serving(name)) for name in rates]
        for _ in range(rounds):
            for server in servers:
                rate, used, _ = measure(server, seconds, connections, lua)
                rates[server.name].append(rate)
                costs[server.name].append(used)
            print("   ".join(f"{name} {rates[name][-1]:.0f}/s {costs[name][-1]:.0f} us" for name in rates))
    for name in LESS:
        middle = statistics.median(map(float.__truediv__, rates[WHOLE], rates[name]))
        print(f"rate, ratio to the one {name}: best {max(rates[WHOLE]) / max(rates[name]):.3f}, median {middle:.3f}")
        middle = statistics.median(map(float.__truediv__, costs[name], costs[WHOLE]))
        print(f"processor time, the same: best {min(costs[name]) / min(costs[WHOLE]):.3f}, median {middle:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    asyncio.run(in_process(4 * options.rounds))
    over_connections(options.rounds, options.seconds, options.connections)


if __name__ == "__main__":
    main()
