"""What was asked for, without what was left open."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def said(wish: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a value."""
    return {name: value for name, value in wish.items() if value is not None}


def whole(value: Any) -> Any:
    """Return a value in which 2.0 is 2, however deep in objects: to JSON Schema both are integers."""
    if isinstance(value, Mapping):
        return {name: whole(each) for name, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def narrowed(path: str, asked: Mapping[str, Any]) -> str:
    """Return a path with its query."""
    query = urlencode(said(asked))
    return f"{path}?{query}" if query else path
