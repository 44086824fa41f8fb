"""Who tries to leave loopback: an audit hook that notes and refuses it."""

from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any


def reached(arguments: tuple[Any, ...]) -> str:
    """Return the host of an address; "" for the path of a Unix socket, and for None, which is connected already."""
    address = arguments[1]
    return text(address[0]) if isinstance(address, tuple) else ""


def looked_up(arguments: tuple[Any, ...]) -> str:
    """Return the name that is looked up; "" for an address, which nobody is asked for."""
    name = text(arguments[0])
    return "" if address_of(name) else name


EVENTS: Mapping[str, Callable[[tuple[Any, ...]], str]] = {
    **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg"), reached),
    **dict.fromkeys(("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"), looked_up),
}


class EgressError(PermissionError):
    """Something was about to leave this machine."""


class Watch:
    """An audit hook, `sys.addaudithook(watch)`; `seen` tells what was refused. A hook cannot be taken off again."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in EVENTS and not is_local(host := EVENTS[event](arguments)):
            self.seen.append(f"{event} {host}")
            raise EgressError(self.seen[-1])


def is_local(host: str) -> bool:
    address = address_of(host)
    if address is None:
        return host in ("", "localhost") or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def address_of(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def text(host: str | bytes | None) -> str:
    return host.decode() if isinstance(host, bytes) else host or ""
