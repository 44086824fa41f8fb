"""What calls have kept and broken, noted in their own commit, and only where it is new."""

from collections.abc import Mapping
from functools import lru_cache

from msgspec import Struct

from mockserver.engine.coverage import Coverage
from mockserver.engine.document import Document
from mockserver.model import Call, Decision, Vendor
from mockserver.state.coverage import Seen, coverage_key, read_seen_text, write_seen
from mockserver.state.store import Held, Key, Store, Write


class News(Struct, frozen=True, gc=False):
    """What is to be written, and the versions that it rests on."""

    writes: tuple[Write, ...] = ()
    expected: Mapping[Key, int] = {}


NO_NEWS = News()


class Watch:
    """Looks at every decision on its way into the store."""

    def __init__(self, store: Store, documents: Mapping[str, Document], vendors: Mapping[str, Vendor]) -> None:
        self._store = store
        self._coverages = {name: Coverage(document, vendors[name]) for name, document in documents.items()}
        # Rows that stay as they are are read once: their text is the key, so nothing goes stale.
        self._masks = lru_cache(maxsize=1024)(self._read)

    def of(self, vendor: str) -> Coverage:
        return self._coverages[vendor]

    async def row(self, vendor: str, account: str) -> Held | None:
        """Return what an account has shown so far."""
        (held,) = await self._store.read([coverage_key(vendor, account)])
        return held

    def news(self, call: Call, decision: Decision, account: str, held: Held | None) -> News:
        """Return what a call shows beyond its account's row, ready to be committed with it."""
        coverage = self._coverages[call.vendor]
        known = self._masks(call.vendor, held.value) if held else (0, 0)
        kept, broken = coverage.kept(call, decision, known[0]), coverage.broken(decision)
        if not (kept & ~known[0] or broken & ~known[1]):
            return NO_NEWS
        names = coverage.bits.names
        seen = Seen(names(kept | known[0]), names(broken | known[1]))
        version = held.version if held else 0
        return News((write_seen(call.vendor, account, seen),), {coverage_key(call.vendor, account): version})

    def _read(self, vendor: str, text: bytes) -> tuple[int, int]:
        seen, bits = read_seen_text(text), self._coverages[vendor].bits
        return bits.of(seen.kept), bits.of(seen.broken)
