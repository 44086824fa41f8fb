"""The one source of time and the one source of chance: everything else is handed what it needs of both."""

import random
from datetime import UTC, datetime
from uuid import UUID


class Clock:
    """What time it is here."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Ids:
    """Identities for calls and credentials; the same seed gives the same ones in the same order."""

    def __init__(self, seed: str | None = None) -> None:
        # Not for secrets: a tester's tokens open nothing but this mock.
        self._source = random.Random(seed)  # noqa: S311

    def fresh(self) -> UUID:
        """Return a version 4 UUID."""
        return UUID(int=self._source.getrandbits(128), version=4)

    def token(self, prefix: str) -> str:
        return f"{prefix}-{self._source.getrandbits(96):024x}"
