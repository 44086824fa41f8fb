"""Windows of rate limits, by a clock that may be moved."""

from datetime import timedelta

import msgspec
import pytest

from mockserver.model import Credential, Fault, Match, Rate
from mockserver.state.rates import (
    Window,
    counted_of,
    fault_prefix,
    rate_key,
    read_window,
    wait_of,
    wide_prefixes,
    write_window,
)
from mockserver.state.store import Held
from tests.acme import acme_facts
from tests.facts import NOW

MINUTE = Rate(3, 60.0)


@pytest.mark.parametrize(
    ("seconds", "window"),
    [
        (0, Window(NOW, 2)),
        (59.9, Window(NOW, 2)),
        (60, Window(NOW + timedelta(seconds=60), 0)),
        (-0.001, Window(NOW, 2)),
        (-59.9, Window(NOW, 2)),
        (-60, Window(NOW - timedelta(seconds=60), 0)),
    ],
)
def test_a_window_is_open_for_so_long(seconds: float, window: Window) -> None:
    held = Held(msgspec.json.encode(Window(NOW, 2)), 1, 1)
    assert read_window(held, MINUTE, NOW + timedelta(seconds=seconds)) == window


def test_where_nobody_has_called_a_window_begins_now() -> None:
    assert read_window(None, MINUTE, NOW) == Window(NOW, 0)


@pytest.mark.parametrize(("seconds", "wait"), [(-0.1, 60), (0, 60), (0.1, 60), (59, 1), (59.5, 1), (60, 1)])
def test_the_wait_is_in_whole_seconds_and_never_none(seconds: float, wait: int) -> None:
    assert wait_of(Window(NOW, 3), MINUTE, NOW + timedelta(seconds=seconds)) == wait


def test_each_call_counts_one_more() -> None:
    write = write_window(("rate", "a"), Window(NOW, 2))
    assert write.value == msgspec.json.encode(Window(NOW, 3))


def test_each_credential_has_its_own_count_in_each_limit() -> None:
    wide, own = Fault("limit"), Fault("limit", Match("acme", "demo"))
    call = acme_facts(credential=Credential("key", "secret")).call
    assert fault_prefix(wide) == ("rate", "*", "*", "limit")
    assert rate_key(own, call, is_known=True) == ("rate", "acme", "demo", "limit", "acme", "secret")
    assert rate_key(wide, call, is_known=False) == ("rate", "*", "*", "limit", "acme", "")
    assert rate_key(wide, acme_facts().call, is_known=True) == ("rate", "*", "*", "limit", "acme", "")


@pytest.mark.parametrize("match", [Match(), Match("acme")])
def test_a_limit_that_every_account_meets_counts_where_it_is_looked_for(match: Match) -> None:
    call = acme_facts(credential=Credential("key", "secret")).call
    key = rate_key(Fault("limit", match), call, is_known=True)
    assert key[:3] in wide_prefixes("acme")
    assert counted_of(key) == ("acme", "secret")
