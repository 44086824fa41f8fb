"""Which store a server keeps its state in, and what goes together with it."""

import os

from mockserver.creation import Plan, create_world
from mockserver.places import MEMORY, shown
from mockserver.settings import Settings, SettingsError
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
    """Return a world in that store. Raises SettingsError where it cannot be reached, without its password."""
    try:
        return await create_world(plan, store)
    except StoreError as error:
        raise SettingsError(
            f"the store {shown(settings['store'])} cannot be asked: {error}: start it, or name another by --store"
        ) from None
