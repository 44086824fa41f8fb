"""What few servers are asked for, and is imported only then: TLS, and reading files again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn

from mockserver.faces.application import Application
from mockserver.settings import Settings

if TYPE_CHECKING:
    from mockserver.faces.certificates import Identity
    from mockserver.faces.reloading import Reloader
    from mockserver.faces.server import Listening


def reloader_of(settings: Settings, listening: "Listening", read: Callable[[], Settings]) -> "Reloader | None":
    if not settings["reload"]:
        return None
    from mockserver.faces.reloading import Reloader

    return Reloader(settings, read, listening)


def shown_by(settings: Settings, application: Application) -> "AbstractContextManager[Identity | None]":
    if settings["tls"] is None:
        return nullcontext()
    from mockserver.faces.certificates import identity

    return identity(settings["tls"], names_of(application, settings))


def names_of(application: Application, settings: Settings) -> Iterator[str]:
    """Yield the names by which clients may call this server: vendors' own too, for hosts that were led here."""
    yield from application.addresses.hosts
    yield from (host.strip("[]") for host in hosts_of(settings))
    if not is_everywhere(settings["host"]):
        yield settings["host"]
    if settings["public_url"] and (host := urlsplit(settings["public_url"]).hostname):
        yield host


def is_everywhere(host: str) -> bool:
    return host in ("0.0.0.0", "::")  # noqa: S104  # compared only


def hosts_of(settings: Settings) -> frozenset[str]:
    return frozenset(host.lower() for host in settings["allow_host"])


def secure(config: uvicorn.Config, shown: "Identity | None") -> None:
    """Let a server speak TLS: what uvicorn would make of files is made already."""
    if shown:
        config.load()
        config.ssl = shown.context
