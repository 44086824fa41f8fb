"""Figures for Prometheus: what was called and refused, how full the store is, what became of webhooks."""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from mockserver import __version__
from mockserver.control.pages import rows
from mockserver.state.tally import SHELF, summed
from mockserver.world import World

DELIVERIES = "delivery"
SHELVES = ("shelf",)
ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Stated(Struct, frozen=True):
    """Of a delivery only what became of it."""

    state: str


class Metric(Struct, frozen=True):
    """One figure by its labels; a `counter` only ever grows, until the server is led back to how it began."""

    name: str
    kind: str
    says: str
    labels: tuple[str, ...]
    values: Mapping[tuple[str, ...], float]

    def lines(self) -> Iterator[str]:
        yield f"# HELP mockserver_{self.name} {self.says}"
        yield f"# TYPE mockserver_{self.name} {self.kind}"
        for values, figure in self.values.items():
            named = zip(self.labels, values, strict=True)
            pairs = ",".join(f'{label}="{value.translate(ESCAPED)}"' for label, value in named)
            yield f"mockserver_{self.name}{f'{{{pairs}}}' if pairs else ''} {figure:.15g}"


async def exposition(world: World) -> str:
    """Return all figures as Prometheus reads them (text format 0.0.4)."""
    metrics = [*await of_process(world), *await of_calls(world), *await of_store(world), *await of_deliveries(world)]
    return "".join(f"{line}\n" for metric in metrics for line in metric.lines())


async def of_process(world: World) -> list[Metric]:
    age = (world.clock.now() - world.clock.began).total_seconds()
    at = (await world.now()).at.timestamp()
    return [
        Metric("info", "gauge", "What runs.", ("version", "store"), {(__version__, world.store.name): 1}),
        Metric("uptime_seconds", "gauge", "How long it has run, by the machine's own time.", (), {(): age}),
        Metric("clock_seconds", "gauge", "The time by the mock's clock, in seconds since 1970.", (), {(): at}),
    ]


async def of_calls(world: World) -> list[Metric]:
    counts = {key: int(text) async for key, text, _ in rows(world.store, (SHELF,))}
    calls = summed(counts, lambda key: key[1:4])
    refused = summed(counts, lambda key: (key[1], key[4]) if key[4] else None)
    says = "Calls to vendors, as they were answered; no operation where none was met."
    return [
        Metric("calls_total", "counter", says, ("vendor", "operation", "status"), calls),
        Metric("refusals_total", "counter", "Calls by what refused them.", ("vendor", "refused_by"), refused),
    ]


async def of_store(world: World) -> list[Metric]:
    filled = await world.store.filled()
    by_shelf = [((name,), fill) for name, fill in filled.items()]
    return [
        Metric("store_rows", "gauge", "Rows on each shelf.", SHELVES, {name: fill.count for name, fill in by_shelf}),
        Metric("store_bytes", "gauge", "Bytes on each shelf.", SHELVES, {name: fill.bytes for name, fill in by_shelf}),
        Metric(
            "store_evicted_total",
            "counter",
            "Rows that the limits of each shelf have pushed out.",
            SHELVES,
            {name: fill.evicted for name, fill in by_shelf},
        ),
    ]


async def of_deliveries(world: World) -> list[Metric]:
    found = rows(world.store, (DELIVERIES,))
    states = Counter([msgspec.json.decode(text, type=Stated).state async for _, text, _ in found])
    by_state: dict[tuple[str, ...], float] = {(state,): count for state, count in sorted(states.items())}
    return [Metric("deliveries", "gauge", "Webhooks, by what became of them.", ("state",), by_state)]
