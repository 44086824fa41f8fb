"""Which store a server keeps its state in, and what goes together with it."""

import os

from mockserver.control.resetting import started
from mockserver.creation import Plan, create_world
from mockserver.places import MEMORY, shown
from mockserver.settings import Settings, SettingsError
from mockserver.state.shelves import Start
from mockserver.state.store import Shared, StoreError
from mockserver.world import World


def check_sharing(settings: Settings) -> None:
    """Raise SettingsError for what cannot be with the store that is named."""
    workers, is_shared = settings["workers"], settings["store"] != MEMORY
    if workers > 1 and not is_shared:
        raise SettingsError(
            f"--workers {workers} needs a store that they share, for what one process holds in memory no other sees:"
            " name one, such as --store redis://localhost:6379/0, or leave out --workers"
        )
    if workers > 1 and not hasattr(os, "fork"):
        raise SettingsError("--workers needs a system where processes can fork: start several servers on one --store")
    if is_shared and settings["reload"]:
        raise SettingsError(
            "--reload may begin anew, and what lies in a shared store is others' too: leave out --reload, or --store"
        )
    if is_shared and settings["seed"] is not None:
        raise SettingsError(
            "--seed makes the ids of one process repeatable, and a shared store has rows and ids of others too:"
            " leave out --seed, or --store"
        )


def open_store(settings: Settings) -> Shared | None:
    """Return the store that is shared, None for memory. Raises SettingsError."""
    if settings["store"] == MEMORY:
        return None
    try:
        from mockserver.state.shared import RedisStore
    except ImportError:
        raise SettingsError(
            "--store needs the package redis, which is not installed: pip install 'redis[hiredis]'"
        ) from None
    return RedisStore(settings["store"])


async def create_in(store: Shared | None, plan: Plan, settings: Settings) -> World:
    """Return a world in that store.

    Raises SettingsError where it cannot be reached, without its password, and where others have begun with more.
    """
    try:
        world = await create_world(plan, store)
        if store and store.is_joined:
            check_vendors(world, await started(store), shown(settings["store"]))
    except StoreError as error:
        raise SettingsError(
            f"the store {shown(settings['store'])} cannot be asked: {error}: start it, or name another by --store"
        ) from None
    return world


def check_vendors(world: World, start: Start, store: str) -> None:
    """Raise SettingsError where rows in a store are of a vendor that this world could not read them for."""
    begun = {row.key[0] for row in start.shelves.get("account", ())}
    if missing := sorted(begun - world.documents.keys()):
        raise SettingsError(
            f"the store {store} was begun with {', '.join(missing)} too, which this server does not serve:"
            " start all with the same --vendors and --documents, or name another store"
        )
