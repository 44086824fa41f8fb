"""What a world is made from, read from the settings in force."""

from pathlib import Path
from typing import Any

import msgspec

from mockserver.creation import Plan, SetupError, Wish, check_names, find_documents
from mockserver.engine.document import Document
from mockserver.settings import SETTINGS, Settings, SettingsError


def plan_of(settings: Settings) -> Plan:
    """Return the plan. Raises SettingsError that names the accounts file."""
    return Plan(
        vendors=tuple(settings["vendors"]),
        documents=Path(settings["documents"]) if settings["documents"] else None,
        seed=settings["seed"],
        cap=settings["max_upload"],
        any_token=settings["any_token"],
        check_replies=settings["check_replies"],
        options=settings.options,
        wishes=wishes(settings["accounts"]) if settings["accounts"] else (),
    )


def wishes(name: str) -> tuple[Wish, ...]:
    try:
        return msgspec.json.decode(Path(name).read_bytes(), type=tuple[Wish, ...])
    except OSError as error:
        raise SettingsError(
            f"{name}: {(error.strerror or 'cannot be read').lower()}: --accounts names a JSON file"
        ) from None
    except msgspec.MsgspecError as error:
        raise SettingsError(f"{name}: {error}: it is a list of accounts, as POST /_mock/accounts takes them") from None


def given(flags: dict[str, Any]) -> dict[str, Any]:
    """Return the flags that were really on the command line."""
    lists = {setting.name for setting in SETTINGS if setting.kind is list}
    return {name: value for name, value in flags.items() if value is not None and not (name in lists and not value)}


def find_document(vendor: str, folder: str | None) -> Document:
    """Return one vendor's document. Raises SetupError that lists the vendors there are."""
    plan = Plan(vendors=(vendor,), documents=Path(folder) if folder else None)
    found = find_documents(plan)
    if vendor not in found:
        check_names(plan, found)
        raise SetupError(f"there is no document {vendor!r}: known are {', '.join(found)}")
    return found[vendor]
