"""CSV as it is read here: a head that names the columns, then a customer a line."""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import islice

from msgspec import Struct

from mockserver.kit.names import fold
from mockserver.model import keeps

MOST_ROWS = 1_000
MOST_COLUMNS = 100
LONGEST_NAME = 80
COLUMNS = ("name", "email", "phone", "stage", "tags")


class Table(Struct, frozen=True):
    """A CSV text: the columns, the known ones in their documented names, and the lines below that are not blank.

    `trouble` says why the text as a whole cannot be read; then nothing else counts.
    """

    columns: Sequence[str] = ()
    lines: Sequence[Sequence[str]] = ()
    trouble: str | None = None


@keeps("csv-columns")
def read_table(text: str) -> Table:
    """Read CSV with commas, as RFC 4180 has it, with a head; a byte order mark before it is passed over."""
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        lines = list(islice((line for line in reader if any(map(str.strip, line))), MOST_ROWS + 2))
    except csv.Error as error:
        return Table(trouble=f"the CSV cannot be read at line {reader.line_num}: {error}")
    columns = [column_of(name) for name in lines[0]] if lines else []
    trouble = trouble_with(columns, len(lines) - 1)
    return Table(trouble=trouble) if trouble else Table(columns, lines[1:])


def column_of(head: str) -> str:
    """Return a column's documented name, which is taken in any casing; the name it came by where it has none."""
    return next((known for known in COLUMNS if fold(head.strip()) == known), head.strip())


def trouble_with(columns: Sequence[str], count: int) -> str | None:
    """Return what is wrong with a head or with the number of lines below it."""
    twice = next((name for name in columns if columns.count(name) > 1), None)
    if "name" not in columns:
        return "the CSV's first line must name the columns, one of them name"
    if len(columns) > MOST_COLUMNS:
        return f"the CSV has more than {MOST_COLUMNS} columns"
    if "" in columns:
        return f"the CSV's column {columns.index('') + 1} has no name"
    if twice:
        return f"the CSV has more than one column {twice[:LONGEST_NAME]}"
    if count < 1:
        return "the CSV has no line below its first"
    return f"the CSV has more than {MOST_ROWS} customers" if count > MOST_ROWS else None
