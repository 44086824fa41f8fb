"""Rows of faults: which keys a call reads, and what is left when some have spoken."""

import msgspec
import pytest

from mockserver.model import Fault, Match
from mockserver.state.faults import Row, decode_faults, fault_key, read_rows, spend, wide_keys
from mockserver.state.store import Held, Write

KEY = fault_key("acme", "demo")
ONE, TWO, EVER = Fault("one", times=1), Fault("two", Match("acme"), times=2), Fault("ever", delay=1)


def test_a_scope_is_a_key() -> None:
    assert fault_key("acme", "demo") == ("fault", "acme", "demo")
    assert wide_keys("acme") == (("fault", "acme", "*"), ("fault", "*", "*"))


def test_only_rows_that_are_there_are_read() -> None:
    text = msgspec.json.encode([ONE, EVER])
    (row,) = read_rows([KEY, fault_key(None, None)], [Held(text, 7, 3), None])
    assert row == Row(KEY, 7, (ONE, EVER))


@pytest.mark.parametrize(
    ("spoke", "left"),
    [
        ([], None),
        ([EVER], None),
        ([Fault("two", times=2)], None),
        ([ONE], (TWO, EVER)),
        ([TWO], (ONE, Fault("two", Match("acme"), times=1), EVER)),
        ([ONE, TWO, EVER], (Fault("two", Match("acme"), times=1), EVER)),
    ],
)
def test_those_that_spoke_have_one_time_less(spoke: list[Fault], left: tuple[Fault, ...] | None) -> None:
    write = spend(Row(KEY, 7, (ONE, TWO, EVER)), {fault.ident for fault in spoke})
    assert (write and write.value and decode_faults(write.value)) == left


def test_a_row_that_is_used_up_goes() -> None:
    assert spend(Row(KEY, 7, (ONE,)), {ONE.ident}) == Write(KEY, None)
