"""A report of rule coverage as values: claims, their sums, and how several reports become one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

SEVERAL, ANY = "more than one operation", "any request"
NOTHING_LACKS, NEVER_KEPT, NEVER_BROKEN, NEITHER = "", "never kept", "never broken", "neither kept nor broken"
Name = TypeVar("Name")


class Item(Struct, frozen=True):
    """A claim and what calls have shown of it: kept, broken; None where no request can.

    `operations` are those whose requests keep or break it; none where any request to the vendor does.
    """

    vendor: str
    claim: str
    says: str
    basis: str
    operations: tuple[str, ...]
    kept: bool | None
    broken: bool | None

    @property
    def place(self) -> str:
        """Where it stands in a report."""
        return SEVERAL if len(self.operations) > 1 else next(iter(self.operations), ANY)

    @property
    def lacks(self) -> str:
        if self.kept is False and self.broken is False:
            return NEITHER
        return NEVER_KEPT if self.kept is False else NEVER_BROKEN if self.broken is False else NOTHING_LACKS


class Count(Struct, frozen=True):
    seen: int
    of: int


class Totals(Struct, frozen=True):
    """`percent` is how much was seen of all that can be, on both sides, to one decimal and never rounded up."""

    claims: int
    kept: Count
    broken: Count
    percent: float


class Report(Struct, frozen=True):
    """What calls have shown of claims; the share of so many accounts was `evicted` by that of newer ones."""

    items: tuple[Item, ...]
    totals: Totals
    evicted: int = 0

    @property
    def vendors(self) -> Mapping[str, tuple[Item, ...]]:
        return grouped(self.items, lambda item: item.vendor)

    def called(self) -> "Report":
        """Return the report of those vendors alone of which calls have shown anything."""
        shown = {item.vendor for item in self.items if item.kept or item.broken}
        return report_of([item for item in self.items if item.vendor in shown], self.evicted)


def report_of(items: Iterable[Item], evicted: int = 0) -> Report:
    whole = tuple(items)
    return Report(whole, totals_of(whole), evicted)


def totals_of(items: Sequence[Item]) -> Totals:
    kept, broken = count(item.kept for item in items), count(item.broken for item in items)
    of = kept.of + broken.of
    percent = 1000 * (kept.seen + broken.seen) // of / 10 if of else 0.0
    return Totals(len(items), kept, broken, percent)


def count(sides: Iterable[bool | None]) -> Count:
    known = [side for side in sides if side is not None]
    return Count(sum(known), len(known))


def grouped(items: Iterable[Item], name: Callable[[Item], Name]) -> dict[Name, tuple[Item, ...]]:
    """Return the items by a name, the names in the order in which they come first."""
    groups: dict[Name, list[Item]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    return {key: tuple(group) for key, group in groups.items()}


def by_place(items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    """Return the items by where they stand in a report, single operations first."""
    groups = grouped(items, lambda item: item.place)
    last = {SEVERAL: 1, ANY: 2}
    return {place: groups[place] for place in sorted(groups, key=lambda place: last.get(place, 0))}


def merged(reports: Iterable[Report]) -> Report:
    """Return one report: what any of several servers has seen was seen."""
    whole: dict[tuple[str, str], Item] = {}
    evicted = 0
    for report in reports:
        evicted += report.evicted
        for item in report.items:
            name = (item.vendor, item.claim)
            whole[name] = joined(whole[name], item) if name in whole else item
    return report_of(whole.values(), evicted)


def joined(one: Item, other: Item) -> Item:
    return replace(one, kept=either(one.kept, other.kept), broken=either(one.broken, other.broken))


def either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001  # two sides that are alike
    return one if other is None else other if one is None else one or other
