"""A report of rule coverage as a page: one file that asks nobody for anything."""

from collections.abc import Iterator, Sequence
from html import escape

from mockserver.faces.coverage.style import STYLE
from mockserver.faces.coverage.text import NOTHING, evicted
from mockserver.kit.coverage import Count, Item, Report, by_place, totals_of

MARKS = {True: ("seen", "✓", "seen"), False: ("unseen", "✗", "never seen"), None: ("none", "&ndash;", "no request can")}


def page(report: Report) -> str:
    body = "\n".join(lines(report))
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Rule coverage</title>{STYLE}'
    )
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{body}\n</body>\n</html>\n'


def lines(report: Report) -> Iterator[str]:
    totals = report.totals
    yield "<header><h1>Rule coverage</h1>"
    yield f'<p class="percent">{totals.percent:g}&#8239;%</p>'
    yield f"<p>of what requests can keep or break was seen in calls: {totals.claims} claims of {listed(report)}.</p>"
    yield f"<dl>{figure('kept', totals.kept)}{figure('broken', totals.broken)}</dl>"
    yield '<label><input type="checkbox" id="missing"> only what was never seen</label></header>'
    if not report.items:
        yield f"<p>{escape(NOTHING)}.</p>"
    yield from (f"<p>{escape(line)}</p>" for line in evicted(report))
    for vendor, items in report.vendors.items():
        yield from section(vendor, items)


def listed(report: Report) -> str:
    return escape(", ".join(report.vendors)) or "no vendor"


def figure(side: str, count: Count) -> str:
    share = 100 * count.seen / count.of if count.of else 0
    bar = f'<span class="bar"><span style="width:{share:.1f}%"></span></span>'
    return f"<div><dt>seen {side}</dt><dd>{bar}<span>{count.seen} of {count.of}</span></dd></div>"


def section(vendor: str, items: Sequence[Item]) -> Iterator[str]:
    totals = totals_of(items)
    yield f'<section{marked(items)}><h2>{escape(vendor)} <span class="share">{totals.percent:g}&#8239;%</span></h2>'
    yield f"<dl>{figure('kept', totals.kept)}{figure('broken', totals.broken)}</dl>"
    for place, group in by_place(items).items():
        yield from table(place, group)
    yield "</section>"


def table(place: str, items: Sequence[Item]) -> Iterator[str]:
    totals = totals_of(items)
    counts = f"kept {totals.kept.seen}/{totals.kept.of}, broken {totals.broken.seen}/{totals.broken.of}"
    yield f'<details open{marked(items)}><summary>{escape(place)} <span class="share">{counts}</span></summary><table>'
    yield "<thead><tr><th>claim</th><th>known as</th><th>kept</th><th>broken</th></tr></thead><tbody>"
    yield from map(row, items)
    yield "</tbody></table></details>"


def row(item: Item) -> str:
    told = f"<code>{escape(item.claim)}</code><p>{escape(item.says)}</p>{shared(item)}"
    cells = f'<td>{told}</td><td class="basis">{escape(item.basis)}</td>{cell(item.kept)}{cell(item.broken)}'
    return f"<tr{marked([item])}>{cells}</tr>"


def marked(items: Sequence[Item]) -> str:
    """Mark what is left out where only what was never seen is shown."""
    return "" if any(item.lacks for item in items) else ' class="complete"'


def shared(item: Item) -> str:
    return f'<p class="faint">{escape(", ".join(item.operations))}</p>' if len(item.operations) > 1 else ""


def cell(side: bool | None) -> str:  # noqa: FBT001  # one of the three sides that there are
    look, mark, says = MARKS[side]
    return f'<td class="{look}"><span title="{says}">{mark}</span></td>'
