"""What noting costs an accepted upload: the server beside one without coverage, and one without a journal either.

First a Siro upload in one process and without a server, where a busy machine disturbs least; then over 64 connections,
which needs wrk: that upload, and two of Resonaa's, with a file of 10 KB and with the same that goes on to 240 KB, half
a minute of speech. All take turns in every round.
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
from processes import HERE, serving
from throughput import BODY, PATHS, lua, measure, script
from without import PARTS

WHOLE, *LESS = ("mockserver", "without coverage", "without coverage,journal")
SIRO = {"x-siro-auth-token": "siro-demo-token", "Content-Type": "application/json"}
CALLS = 500
MEDIA = HERE.parent / "fixtures" / "media" / "call.mp3"
CALL = {"api_key": "resonaa-demo-key", "customer_name": "Acme Corp", "order_id": "ORD-789"}


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


def form(folder: Path, times: int = 1) -> str:
    """Return wrk's script for a Resonaa upload with a file, so many times as long as ours."""
    part = b'--edge\r\nContent-Disposition: form-data; name="%b"'
    fields = b"".join(part % name.encode() + b"\r\n\r\n%b\r\n" % value.encode() for name, value in CALL.items())
    file = part % b"call" + b'; filename="call.mp3"\r\nContent-Type: audio/mpeg\r\n\r\n' + MEDIA.read_bytes() * times
    body = folder / f"body-{times}"
    body.write_bytes(fields + file + b"\r\n--edge--\r\n")
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    return lua(f'wrk.body = io.open("{body}", "rb"):read("*a")', headers)


def over_connections(rounds: int, seconds: int, connections: int) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [stack.enter_context(serving(name)) for name in (WHOLE, *LESS)]
        for what, text, path in (
            ("JSON", script(), PATHS["mockserver"]),
            ("form with a file", form(folder), "/resonaa/api/add-calls"),
            ("form with half a minute", form(folder, 23), "/resonaa/api/add-calls"),
        ):
            (file := folder / "post.lua").write_text(text)
            compare(
                what, [[measure(each, seconds, connections, file, path) for each in servers] for _ in range(rounds)]
            )


def compare(what: str, rounds: list[list[tuple[float, float, str]]]) -> None:
    """Print what each server did, by the best rounds and by the median of the ratios within a round."""
    best = [(max(each[0] for each in found), min(each[1] for each in found)) for found in zip(*rounds, strict=True)]
    print(
        "   ".join(
            f"{name} {rate:.0f}/s {cost:.0f} us" for name, (rate, cost) in zip((WHOLE, *LESS), best, strict=True)
        )
    )
    for place, name in enumerate(LESS, 1):
        rate = statistics.median(found[0][0] / found[place][0] for found in rounds)
        cost = statistics.median(found[place][1] / found[0][1] for found in rounds)
        print(
            f"{what}, to the one {name}: rate {rate:.3f} (best rounds {best[0][0] / best[place][0]:.3f}),"
            f" processor time {cost:.3f} (best rounds {best[place][1] / best[0][1]:.3f})"
        )


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
