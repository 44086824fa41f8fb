"""The secrets that a call of the journal has shown: guessed, for the journal keeps but the last letters of each."""

from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator
from functools import reduce
from itertools import islice, permutations, product
from typing import Any

from msgspec.structs import replace

from mockserver.control.asking import asked_again
from mockserver.control.edits import with_place
from mockserver.control.explaining import Explainer
from mockserver.control.keys import BODY, Shown, credentials
from mockserver.control.pages import rows
from mockserver.engine.document import credential_names
from mockserver.model import Account, Path
from mockserver.state.accounts import account_in, account_key, read_account
from mockserver.state.journal import Entry
from mockserver.state.redact import Names
from mockserver.state.redact_text import HIDDEN, mask
from mockserver.world import World

# A call shows one secret, or two; a hostile one as many as it likes.
MOST_PLACES, MOST_GUESSES = 8, 64
SAME = 2


async def as_made(world: World, entry: Entry) -> Entry:
    """Return a call with secrets of its account in the place of those that were hidden.

    They are such as end alike and lead to the same verdict; where none does, they come as near to it as any. Of a
    call to which something planted spoke, the verdict tells nothing of them.
    """
    explainer, found = Explainer(world, entry.vendor), dict[int, Entry]()
    likely = await guesses(world, entry)
    if entry.fault:
        return next(likely)
    for guess in islice(likely, MOST_GUESSES):
        decision = (await explainer.judge(asked_again(guess))).decision
        likeness = alike(decision.refused_by, entry.refused_by) if decision else SAME
        found.setdefault(likeness, guess)
        if likeness == SAME:
            break
    return found[max(found)]


def alike(verdict: str | None, other: str | None) -> int:
    are_let_in = [not (each or "").startswith("auth/") for each in (verdict, other)]
    return SAME if verdict == other else int(are_let_in[0] == are_let_in[1])


async def guesses(world: World, entry: Entry) -> Iterator[Entry]:
    """Return the calls that this one may have been, likeliest first; the last is what was kept of it."""
    kept = {name: getattr(entry.request, name) for name in ("headers", "query", "body")}
    names = Names(credential_names(world.documents[entry.vendor]))
    places = [*islice(hidden(kept, names), MOST_PLACES)]
    texts = await texts_of(world, entry, places)
    return (filled(entry, kept, dict(zip(texts, each, strict=True))) for each in product(*texts.values()))


def filled(entry: Entry, kept: dict[str, Any], texts: dict[Path, str]) -> Entry:
    whole: dict[str, Any] = reduce(lambda node, item: with_place(node, *item), texts.items(), kept)
    return replace(entry, request=replace(entry.request, **whole))


def hidden(node: Any, names: Names, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the places at which a secret was hidden, with what is left of it."""
    for step, child in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        if not isinstance(child, str):
            yield from hidden(child, names, (*path, step))
        elif HIDDEN in child and isinstance(step, str) and names[step][0]:
            yield (*path, step), child


async def texts_of(world: World, entry: Entry, places: Iterable[tuple[Path, str]]) -> dict[Path, list[str]]:
    """Return what each hidden text may have been: one that ends alike, one that opens as much, what is left of it."""
    account = await account_of(world, entry)
    if account is None:
        return {}
    keys = [(place_of(shown), shown.value) for shown in keys_of(world, entry, account)]
    return {
        place: [*await fitting(world, account, left), *(value for at, value in keys if at == place), left]
        for place, left in places
    }


async def account_of(world: World, entry: Entry) -> Account | None:
    (held,) = await world.store.read([account_key(entry.vendor, entry.account or "")])
    return read_account(held) if held else None


def keys_of(world: World, entry: Entry, account: Account) -> Iterator[Shown]:
    """Yield the account's credentials that open the call's operation."""
    for endpoint in world.documents[entry.vendor].endpoints:
        if endpoint.id == entry.operation:
            yield from credentials(endpoint, world.vendors[entry.vendor], account)


def place_of(shown: Shown) -> Path:
    return (BODY, shown.name) if shown.place == BODY else ("headers", shown.name.lower())


async def fitting(world: World, account: Account, left: str) -> list[str]:
    """Return the account's secrets that end alike: its own, else those that the vendor has handed out to it."""
    scheme, mark, end = left.partition(HIDDEN)
    own = account.credentials.values()
    known = pairs(own) if scheme.lower() == "basic " else own
    fits = [each for each in known if mask(each) == mark + end] or await issued(world, account, mark + end)
    return [scheme + each for each in fits]


def pairs(credentials: Collection[str]) -> Iterator[str]:
    """Yield what HTTP Basic (RFC 7617) makes of any two."""
    return (b64encode(f"{user}:{secret}".encode()).decode() for user, secret in permutations(credentials, 2))


async def issued(world: World, account: Account, masked: str) -> list[str]:
    found = rows(world.store, ("issued", account.vendor))
    return [key[-1] async for key, text, _ in found if mask(key[-1]) == masked and account_in(text) == account.name]
