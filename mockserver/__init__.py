"""Stands in for five call-recording and QA vendors, so that an integration can be built and tested offline."""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from mockserver.faces.python.mock import connect
    from mockserver.faces.python.server import MockServer

__all__ = ["MockServer", "__version__", "connect"]
HOMES = {"MockServer": "mockserver.faces.python.server", "connect": "mockserver.faces.python.mock"}


def __getattr__(name: str) -> Any:
    # Imported when somebody asks: the command must not wait for them.
    if name in HOMES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
