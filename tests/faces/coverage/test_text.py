"""The report as lines of text."""

from mockserver.faces.coverage.text import NOTHING, tell
from mockserver.kit.coverage import Report, merged, report_of
from tests.faces.coverage.reports import item, report

TOLD = """\
acme: 54.5 % (4 of 6 seen kept, 2 of 5 seen broken)
  operation                claims       kept     broken
  addCall                       3        1/3        0/2
  readCall                      1        1/1        1/1
  more than one operation       1        1/1        1/1
  any request                   1        1/1        0/1

other@2: 100 % (0 of 0 seen kept, 1 of 1 seen broken)
  operation  claims       kept     broken
  other           1          -        1/1

acme, addCall
  never broken             who-required
                           a call says who called
  neither kept nor broken  at-is-a-moment
                           <b>at</b> is a moment & nothing else
  never kept               note-is-text
                           so it is

acme, any request
  never broken             no-such-path
                           so it is

what 3 accounts had shown was pushed out by newer ones
"""


def text(found: Report) -> str:
    return "\n".join(tell(found)) + "\n"


def test_every_claim_that_lacks_something_is_named_with_its_sentence_by_operation() -> None:
    assert text(report()) == TOLD


def test_where_nothing_is_lacking_the_table_is_all() -> None:
    assert text(report_of([item("a", (True, None), "x")])).splitlines()[-2:] == [
        "  x               1        1/1          -",
        "",
    ]


def test_where_nothing_was_called_that_is_said() -> None:
    assert text(merged([])) == f"{NOTHING}\n"


def test_lines_can_be_dressed() -> None:
    looks = set()

    def style(line: str, look: str) -> str:
        looks.add(look)
        return line

    assert "\n".join(tell(report(), style)) + "\n" == TOLD
    assert looks == {"good", "bad", "title", "faint"}
