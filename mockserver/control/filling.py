"""A value as JSON that leaves nothing out: some who read it later read a part, and know no default."""

from typing import Any

import msgspec
from msgspec import Raw


def written(text: Raw, value: Any) -> Any:
    """Return what a text holds, and what it leaves out as `value` has it, which was read from it as its kind.

    Without its kind a number that was written 1 stays 1; with it, it would be 1.0 from now on.
    """
    plain, whole = msgspec.json.decode(text), msgspec.json.decode(msgspec.json.encode(value))
    return plain if plain == whole else filled(plain, whole)


def filled(plain: Any, whole: Any) -> Any:
    if isinstance(whole, dict):
        return plain | {name: filled(plain[name], each) if name in plain else each for name, each in whole.items()}
    if isinstance(whole, list):
        return [filled(*both) for both in zip(plain, whole, strict=True)]
    return plain
