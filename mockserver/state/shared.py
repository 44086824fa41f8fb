"""A store in Redis or Valkey: several processes, and several servers, share what lies in it."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mockserver.state.store import QUOTAS, Dump, Fill, Held, Key, Quota, StoreError, Write

# All that is ours there begins so; nothing else is ever read or written.
OURS = "mockserver:"
SCRIPT = Path(__file__).with_name("shared.lua")
# Seconds until a server that does not answer counts as gone; all that it holds may take longer.
PATIENCE, LONG_PATIENCE = 5.0, 30.0
CONNECTIONS = 32
# What nobody's key can be: it lies there as long as the beginning that was laid does.
LAID = b"!laid"
log = logging.getLogger("mockserver")


class RedisStore:
    """Every method is one command or one script, so nothing of others ever comes in between.

    What can be made late is made at the commit: another process may look for it at once. Connections belong to the
    event loop that they were made in, and close with it.
    """

    name = "redis"
    is_shared = True

    def __init__(self, address: str, quotas: Mapping[str, Quota] = QUOTAS) -> None:
        self.quotas = quotas
        # Whether somebody had laid a beginning before us.
        self.is_joined = False
        self._address, self._script = address, SCRIPT.read_text("utf-8")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._client: Any = None
        self._call: Any = None
        self._turns = asyncio.Semaphore(CONNECTIONS)
        self._keeper: AsyncGenerator[None, None] | None = None
        self._beginning: Dump | None = None

    async def read(self, keys: Sequence[Key]) -> list[Held | None]:
        names = [encode(key) for key in keys]
        is_laid, *found = await self._ask("HMGET", f"{OURS}rows", LAID, *names)
        if is_laid is None and self._beginning is not None:
            # It has forgotten all, as one that keeps nothing on disk does when it starts anew.
            if await self.lay(self._beginning):
                log.warning("the store came back empty, and what it held at the start was laid again")
            found = await self._ask("HMGET", f"{OURS}rows", *names)
        return [row and held_of(row) for row in found]

    async def commit(self, writes: Sequence[Write], expected: Mapping[Key, int]) -> bool:
        made = [written for write in writes if (written := kept(write))]
        resting: list[Any] = [len(expected)]
        for key, version in expected.items():
            resting += (encode(key), version)
        shelves = {write.key[0] for write in writes}
        words = [word for written in made for word in written]
        return bool(await self._run("commit", *resting, *self._limits(shelves), len(made), *words))

    async def scan(self, prefix: Key, *, limit: int = 100, before: int | None = None) -> list[tuple[Key, Held]]:
        top = "+inf" if before is None else f"({before}"
        return await self._scan("ZREVRANGEBYSCORE", prefix, (top, "-inf"), limit, before=before)

    async def scan_up(self, prefix: Key, *, limit: int = 100, after: int = 0) -> list[tuple[Key, Held]]:
        return await self._scan("ZRANGEBYSCORE", prefix, (f"({after}", "+inf"), limit, after=after)

    async def _scan(
        self,
        command: str,
        prefix: Key,
        bounds: tuple[str, str],
        limit: int,
        *,
        after: int = 0,
        before: int | None = None,
    ) -> list[tuple[Key, Held]]:
        flat = await self._run("scan", command, encode(prefix), *bounds, limit)
        found = [(decode(key), held_of(row)) for key, row in pairs(flat)]
        if found and found[-1][0] == prefix:
            # The row of the prefix itself lies in no list of its own.
            fitting = [item for item in found if after < item[1].order < (before or item[1].order + 1)]
            return sorted(fitting, key=order_of, reverse=command == "ZREVRANGEBYSCORE")[:limit]
        return found

    async def count(self, prefix: Key) -> int:
        if len(prefix) == 1:
            return int(await self._ask("ZCARD", f"{OURS}order:".encode() + encode(prefix)))
        return int(await self._run("count", encode(prefix)))

    async def clear(self, prefix: Key) -> int:
        return int(await self._run("clear", encode(prefix)))

    async def evicted(self) -> Mapping[str, int]:
        found = await self._ask("HGETALL", f"{OURS}evicted")
        return {name: int(found.get(encode((name,)), 0)) for name in self.quotas}

    async def filled(self) -> Mapping[str, Fill]:
        found = {decode(row[0])[0]: Fill(*map(int, row[1:])) for row in await self._run("filled")}
        return {name: found.get(name, Fill(0, 0, 0)) for name in sorted({*found, *self.quotas})}

    async def dump(self) -> Dump:
        rows, evicted = await self._run("dump", patience=LONG_PATIENCE)
        kept = [(decode(key), held_of(row)) for key, row in pairs(rows) if key != LAID]
        shelves: dict[str, list[tuple[Key, bytes]]] = {name: [] for name in sorted({key[0] for key, _ in kept})}
        for key, held in sorted(kept, key=order_of):
            shelves[key[0]].append((key, held.value))
        return Dump(shelves, {decode(name)[0]: int(count) for name, count in pairs(evicted)})

    async def load(self, dump: Dump, names: Collection[str]) -> None:
        await self._run("load", *self._loaded(dump, names), patience=LONG_PATIENCE)

    async def lay(self, dump: Dump) -> bool:
        """Load a beginning, once; False where somebody has laid one. Where it is forgotten later, it is laid again."""
        is_first = bool(await self._run("lay", *self._loaded(dump, dump.shelves)))
        if self._beginning is None:
            self._beginning, self.is_joined = dump, not is_first
        return is_first

    def _loaded(self, dump: Dump, names: Collection[str]) -> list[Any]:
        rows = [row for name in names for row in dump.shelves.get(name, ())]
        evicted = [(name, dump.evicted[name]) for name in names if name in dump.evicted]
        words: list[Any] = [*self._limits(names), len(names), *(encode((name,)) for name in names), len(rows)]
        for key, value in rows:
            words += (encode(key), value)
        words.append(len(evicted))
        for name, count in evicted:
            words += (encode((name,)), count)
        return words

    def _limits(self, shelves: Iterable[str]) -> list[Any]:
        found = [(encode((name,)), self.quotas[name]) for name in shelves if name in self.quotas]
        return [len(found), *(word for name, quota in found for word in (name, quota.count, quota.bytes))]

    async def _ask(self, *command: Any) -> Any:
        with told():
            async with asyncio.timeout(PATIENCE):
                client = await self._reach()
                async with self._turns:
                    return await client.execute_command(*command)

    async def _run(self, verb: str, *words: Any, patience: float = PATIENCE) -> Any:
        with told():
            async with asyncio.timeout(patience):
                await self._reach()
                async with self._turns:
                    return await self._call(keys=[OURS], args=[verb, *words])

    async def _reach(self) -> Any:
        """Return a client of this event loop's."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            client = connect(self._address)
            self._client, self._call, self._loop = client, client.register_script(self._script), loop
            # First come, first served: of those who wait at the pool itself, whoever comes just then may be the first.
            self._turns, self._keeper = asyncio.Semaphore(CONNECTIONS), keep(client)
            await anext(self._keeper)
        return self._client


@contextmanager
def told() -> Iterator[None]:
    """Tell by StoreError what keeps a store from being asked."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreError(reason_of(error)) from error


def connect(address: str) -> Any:
    # Nothing is tried twice: a commit may have been done, though nobody has heard of it. How long it takes is looked
    # after here: the client does it by `asyncio.wait_for`, which before Python 3.12 may lose that a task is cancelled.
    pool = ConnectionPool.from_url(
        address,
        max_connections=CONNECTIONS,
        socket_timeout=None,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
        protocol=2,
    )
    return Redis.from_pool(pool)


async def keep(client: Any) -> AsyncGenerator[None, None]:
    """Close a client when its loop ends: a loop ends generators that stand still in it."""
    try:
        yield
    finally:
        await client.aclose()


def kept(write: Write) -> tuple[bytes, bytes, Any] | None:
    """Return what a script is told of a write; None, and a line in the log, where its value cannot be made."""
    key = encode(write.key)
    if write.late is None:
        if write.add:
            return b"+", key, write.add
        return (b"-", key, b"") if write.value is None else (b"=", key, write.value)
    try:
        return b"=", key, write.late()
    except Exception:
        log.exception("%s could not be kept", "/".join(write.key))
        return None


def encode(key: Key) -> bytes:
    """Return a key as one text: words may hold whatever a client has sent, a slash too."""
    words = [word.replace("%", "%25").replace("/", "%2F") for word in key]
    return "/".join(words).encode("utf-8", "surrogatepass")


def decode(name: bytes) -> Key:
    words = name.decode("utf-8", "surrogatepass").split("/")
    return tuple(word.replace("%2F", "/").replace("%25", "%") for word in words)


def held_of(row: bytes) -> Held:
    version, order, value = row.split(b" ", 2)
    return Held(value, int(version), int(order))


def order_of(item: tuple[Key, Held]) -> int:
    return item[1].order


def pairs(flat: Sequence[bytes]) -> Iterable[tuple[bytes, bytes]]:
    words = iter(flat)
    return zip(words, words, strict=True)


def reason_of(error: Exception) -> str:
    """Return why, in a few words, without the address: there may be a password in it."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return (getattr(cause, "strerror", None) or str(cause) or type(cause).__name__).lower()[:200].rstrip(".")
