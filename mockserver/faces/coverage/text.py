"""A report of rule coverage as lines of text."""

import textwrap
from collections.abc import Callable, Iterator, Sequence

from mockserver.kit.coverage import Count, Item, Report, Totals, by_place, totals_of

WIDTH, INDENT = 80, 27
# How a line may be dressed for a terminal: `good`, `bad`, `title`, `faint`.
Style = Callable[[str, str], str]
NOTHING = "no call has shown anything of a vendor yet"


def plainly(text: str, _look: str) -> str:
    return text


def tell(report: Report, style: Style = plainly) -> Iterator[str]:
    """Yield a table by vendor and operation, then every claim of which a side was never seen."""
    if not report.items:
        yield NOTHING
    for vendor, items in report.vendors.items():
        yield style(f"{vendor}: {summary(totals_of(items))}", "title")
        yield from tell_table(items, style)
        yield ""
    for vendor, items in report.vendors.items():
        yield from tell_missing(vendor, items, style)
    yield from evicted(report)


def evicted(report: Report) -> Iterator[str]:
    if report.evicted:
        yield f"what {report.evicted} accounts had shown was pushed out by newer ones"


def summary(totals: Totals) -> str:
    kept, broken = totals.kept, totals.broken
    return f"{totals.percent:g} % ({kept.seen} of {kept.of} seen kept, {broken.seen} of {broken.of} seen broken)"


def tell_table(items: Sequence[Item], style: Style) -> Iterator[str]:
    groups = by_place(items)
    wide = max(map(len, ("operation", *groups)))
    yield style(f"  {'operation'.ljust(wide)}  claims       kept     broken", "faint")
    for place, group in groups.items():
        totals = totals_of(group)
        sides = "  ".join(tell_count(each, style) for each in (totals.kept, totals.broken))
        yield f"  {place.ljust(wide)}  {totals.claims:6}  {sides}"


def tell_count(count: Count, style: Style) -> str:
    text = f"{count.seen}/{count.of}" if count.of else "-"
    return style(text.rjust(9), "good" if count.seen == count.of else "bad")


def tell_missing(vendor: str, items: Sequence[Item], style: Style) -> Iterator[str]:
    missing = [item for item in items if item.lacks]
    for place, group in by_place(missing).items():
        yield style(f"{vendor}, {place}", "title")
        for item in group:
            yield f"  {style(item.lacks.ljust(INDENT - 2), 'bad')}{item.claim}"
            yield style(
                textwrap.fill(item.says, WIDTH, initial_indent=" " * INDENT, subsequent_indent=" " * INDENT), "faint"
            )
        yield ""
