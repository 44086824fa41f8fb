"""The only calls that leave this process: webhooks, to where a tester has pointed them."""

import asyncio
import re
import socket
from collections.abc import Collection, Mapping
from contextlib import aclosing, suppress
from email.utils import parsedate_to_datetime
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import TYPE_CHECKING, Any, TypeAlias

from ada_url import URL, HostType
from msgspec import Struct, field

from mockserver import __version__
from mockserver.delivery import Answer, Parcel
from mockserver.delivery.parcel import basic_of
from mockserver.faces.gate import WEBHOOK
from mockserver.kit.hosts import is_public

if TYPE_CHECKING:
    import httpx

# So much of an answer is read, so much of it is kept.
MOST, KEPT = 65_536, 4_096
LONGEST_ERROR = 200
PORTS = {"http:": 80, "https:": 443}
LOCAL = (IPv4Address("127.0.0.1"), IPv6Address("::1"))
Address: TypeAlias = IPv4Address | IPv6Address


class RefusedError(Exception):
    """Where no webhook goes, and why."""


class Heard(Struct):
    """As much of an answer as has come: it may end early, or come too slowly."""

    status: int | None = None
    wish: float | None = None
    text: bytearray = field(default_factory=bytearray)

    def told(self, error: str | None = None) -> Answer:
        return Answer(self.status, error, self.text[:KEPT].decode("utf-8", "replace"), self.wish)


class Sender(Struct, frozen=True):
    """Where webhooks may go.

    `own` is where this server listens: never there. `is_exposed` says that it listens beyond loopback: then only to
    public addresses, and to the `hosts` that its owner has named.
    """

    own: tuple[str, int] | None = None
    is_exposed: bool = False
    hosts: Collection[str] = ()

    async def __call__(self, parcel: Parcel) -> Answer:
        """Send it once. Never raises: what went wrong is told."""
        if not certificates.cache_info().currsize:
            # The first one imports a good deal, and callers are waiting.
            await asyncio.to_thread(prepare)
        import httpx

        heard = Heard()
        try:
            async with asyncio.timeout(parcel.timeout):
                await self._send(parcel, heard)
        except TimeoutError:
            return heard.told(f"no answer within {parcel.timeout:g} s")
        except RefusedError as error:
            return heard.told(f"not sent: {error}")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, OverflowError) as error:
            return heard.told(told(error))
        return heard.told()

    async def _send(self, parcel: Parcel, heard: Heard) -> None:
        import httpx

        url = URL(parcel.url)
        port = int(url.port) if url.port else PORTS[url.protocol]
        addresses = await look_up(url, port)
        self._judge(url, port, addresses)
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError):
                await post(parcel, url, address, port, heard)
                return
        await post(parcel, url, addresses[-1], port, heard)

    def _judge(self, url: URL, port: int, addresses: Collection[Address]) -> None:
        """Raise RefusedError unless a webhook may go to all of them: who answers a name with two may mean either."""
        for address in addresses:
            if self.own and port == self.own[1] and is_same(address, ip_address(self.own[0])):
                raise RefusedError("this is where the mock itself listens")
            if self.is_exposed and url.hostname not in self.hosts and not is_public(address):
                raise RefusedError(f"{address} is not public: name the host with --allow-host")


def told(error: Exception) -> str:
    """Return a kind of error in words, and what it says itself where it says something."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).lower()
    return f"{words}: {error}"[:LONGEST_ERROR] if f"{error}" else words


def is_same(address: Address, own: Address) -> bool:
    """Say whether a connection to an address arrives where `own` listens, as far as the addresses tell."""
    return address == own or (is_here(address) and is_here(own))


def is_here(address: Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


async def look_up(url: URL, port: int) -> list[Address]:
    """Return the addresses behind a URL's host; they are asked for once, and those it is that are connected to."""
    host = url.hostname.removesuffix(".")
    if url.host_type is not HostType.DEFAULT:
        return [ip_address(host.strip("[]"))]
    if host == "localhost" or host.endswith(".localhost"):
        return list(LOCAL)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise RefusedError(f"{host} cannot be looked up: {error.strerror or error}") from None
    return list(dict.fromkeys(ip_address(each[4][0]) for each in found))


async def post(parcel: Parcel, url: URL, address: Address, port: int, heard: Heard) -> None:
    """Post to one address, as if its name had been asked for: `Host` and the name on the certificate are the URL's."""
    import httpx

    place = f"[{address}]" if address.version == 6 else f"{address}"
    target = f"{url.protocol}//{place}:{port}{url.pathname}{url.search}"
    extensions = {"sni_hostname": url.hostname} if url.protocol == "https:" else {}
    # No client: it would cost more than the call, keep cookies, and think of redirects.
    request = httpx.Request("POST", target, content=parcel.body, headers=headers_of(parcel, url), extensions=extensions)
    async with httpx.AsyncHTTPTransport(verify=certificates(), trust_env=False) as transport:
        response = await transport.handle_async_request(request)
        heard.status = response.status_code
        # Who has accepted it asks for no pause.
        heard.wish = None if response.is_success else pause_asked_for(response.headers)
        async with aclosing(response):
            await listen(response, heard.text)


def prepare() -> None:
    """Import all that the first call would, and read the certificates."""
    import anyio
    import httpx

    httpx.AsyncHTTPTransport(verify=certificates(), trust_env=False)
    anyio.run(anyio.sleep, 0)


@cache
def certificates() -> Any:
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def headers_of(parcel: Parcel, url: URL) -> dict[str, str]:
    own = {"Host": url.host, "User-Agent": f"mockserver/{__version__}", WEBHOOK: parcel.id}
    if basic := basic_of(url):
        own["Authorization"] = f"Basic {basic}"
    return {**own, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close", **parcel.headers}


async def listen(response: "httpx.Response", text: bytearray) -> None:
    """Add the beginning of an answer to what was heard; nothing in it is unpacked."""
    async for chunk in response.aiter_raw():
        text += chunk
        if len(text) >= MOST:
            break


def pause_asked_for(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After; a moment there counts from the answer's own Date, for it is the same clock."""
    wish = headers.get("retry-after", "")
    if wish.isascii() and wish.isdecimal():
        return float(wish[:9])
    try:
        return (parsedate_to_datetime(wish) - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
