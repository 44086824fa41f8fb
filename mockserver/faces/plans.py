"""What a world is made from, read from the settings in force."""

from pathlib import Path
from typing import Any

import msgspec

from mockserver.creation import Plan, SetupError, Wish, check_names, find_documents
from mockserver.engine.document import Document
from mockserver.engine.read_json import Unreadable, read_json
from mockserver.engine.shape import Shape
from mockserver.settings import SETTINGS, Settings, SettingsError
from mockserver.shipped import shipped


def plan_of(settings: Settings) -> Plan:
    """Return the plan. Raises SettingsError that names the accounts file."""
    return Plan(
        vendors=tuple(settings["vendors"]),
        documents=Path(settings["documents"]) if settings["documents"] else None,
        seed=settings["seed"],
        cap=settings["max_upload"],
        any_token=settings["any_token"],
        check_replies=settings["check_replies"],
        is_strict=settings["strict"],
        pace=settings["pace"],
        options=settings.options,
        scenario=settings["scenario"],
        wishes=wishes(settings["accounts"]) if settings["accounts"] else (),
    )


def wishes(name: str) -> tuple[Wish, ...]:
    """Return the accounts of a file, each held to the document as one that is posted."""
    try:
        found = read_json(Path(name).read_bytes()).value
    except OSError as error:
        raise SettingsError(
            f"{name}: {(error.strerror or 'cannot be read').lower()}: --accounts names a JSON file"
        ) from None
    except Unreadable as error:
        raise SettingsError(f"{name}: {error}") from None
    problems = wished_shape().problems(found)
    if problems:
        raise SettingsError(f"{name}: {problems[0].at}: {problems[0].says}")
    return msgspec.convert(found, tuple[Wish, ...])


def wished_shape() -> Shape:
    """Return the shape of a list of what POST /_mock/accounts takes."""
    document = Document(shipped("schemas") / "_admin")
    (endpoint,) = [endpoint for endpoint in document.endpoints if endpoint.id == "openAccount"]
    return Shape({"type": "array", "items": endpoint.bodies["application/json"].schema}, document.content)


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
