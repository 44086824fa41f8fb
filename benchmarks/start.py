"""Start to first answer, and memory then: mockserver with all vendors against a bare uvicorn + Starlette hello."""

import argparse
import statistics

from processes import serving


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    times: dict[str, list[float]] = {"bare": [], "mockserver": []}
    memory: dict[str, list[float]] = {"bare": [], "mockserver": []}
    for _ in range(rounds):
        for name, spent in times.items():
            with serving(name) as server:
                spent.append(server.seconds_to_first_answer * 1000)
                memory[name].append(server.status("VmRSS:"))
    for name, values in times.items():
        print(
            f"{name:12} {statistics.median(values):6.0f} ms (min {min(values):.0f}, max {max(values):.0f})"
            f"  {statistics.median(memory[name]):5.1f} MiB"
        )
    pairs = [ours / bare for ours, bare in zip(times["mockserver"], times["bare"], strict=True)]
    print(f"ratio        {statistics.median(pairs):6.2f} (min {min(pairs):.2f}, max {max(pairs):.2f})")


if __name__ == "__main__":
    main()
