"""How often each credential has called within a window, a fault's or its vendor's own, counted by the mock's clock."""

from datetime import datetime
from math import ceil

import msgspec
from msgspec import Struct

from mockserver.model import Call, Fault, Rate
from mockserver.state.faults import EVERY
from mockserver.state.store import Held, Key, Write

SHELF = "rate"
# What a vendor itself allows stands where the names of faults do, and no fault is called so.
OWN = ""


class Window(Struct, frozen=True):
    since: datetime
    calls: int


def fault_prefix(fault: Fault) -> Key:
    return (SHELF, fault.match.vendor or EVERY, fault.match.account or EVERY, fault.name)


def wide_prefixes(vendor: str) -> tuple[Key, Key]:
    """Return where calls are counted in limits that every account of a vendor meets."""
    return (SHELF, vendor, EVERY), (SHELF, EVERY, EVERY)


def counted_of(key: Key) -> tuple[str, str]:
    """Return the vendor and the credential whose calls are counted at a key; "" for all that open nothing."""
    return key[-2], key[-1]


def rate_key(fault: Fault, call: Call, *, is_known: bool) -> Key:
    """Return where a credential's calls are counted; those that open nothing share one count."""
    credential = call.credential.value if call.credential and is_known else ""
    return (*fault_prefix(fault), call.vendor, credential)


def own_key(call: Call, account: str) -> Key:
    """Return where the calls of a credential are counted that its vendor allows it."""
    return (SHELF, call.vendor, account, OWN, call.vendor, call.credential.value if call.credential else "")


def read_window(held: Held | None, rate: Rate, now: datetime) -> Window:
    """Return the window that now lies in: a new one where the last is over, or where the clock was set far back.

    Of calls at once, one that came first may be judged after another that has begun the window: it is of that window.
    """
    window = msgspec.json.decode(held.value, type=Window) if held else None
    is_open = window is not None and abs((now - window.since).total_seconds()) < rate.seconds
    return window if window and is_open else Window(now, 0)


def wait_of(window: Window, rate: Rate, now: datetime) -> int:
    """Return in how many whole seconds the window is over."""
    return max(1, ceil(rate.seconds - max(0.0, (now - window.since).total_seconds())))


def write_window(key: Key, window: Window) -> Write:
    """Return the write that counts one call more."""
    return Write(key, msgspec.json.encode(Window(window.since, window.calls + 1)))
