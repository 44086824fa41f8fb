"""What was asked for, without what was left open."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode


def said(wish: Mapping[str, Any]) -> dict[str, Any]:
    """Return what has a value."""
    return {name: value for name, value in wish.items() if value is not None}


def narrowed(path: str, asked: Mapping[str, Any]) -> str:
    """Return a path with its query."""
    query = urlencode(said(asked))
    return f"{path}?{query}" if query else path
