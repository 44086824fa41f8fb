"""Who may come in: a page of another origin may not use a vendor, a stranger may not use the admin API."""

import hmac
import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import TypeAlias

from msgspec import Struct
from starlette.types import Scope

from mockserver.engine.credentials import bearer
from mockserver.faces.asgi import told
from mockserver.model import Reply

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN = frozenset({"/_mock/health", "/_mock/live", "/_mock/ready"})
OWN_SITES = (None, "none", "same-origin")
FORBIDDEN = "Forbidden"
# Userinfo, blanks and whatever else the parsers of the world read differently are no part of a Host.
HOST = re.compile(r"([a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?", re.ASCII)
# Whatever carries this header is a webhook of a mock: none is answered, or one that leads here would feed itself.
WEBHOOK = "X-Mock-Webhook"
WEBHOOK_NAME = WEBHOOK.lower()
FED_BACK = told(403, "Forbidden", "this is a webhook, and it leads to a mock: point it at your own receiver")
BAD_HOST = told(400, "Bad Request", "a request names one host in its Host header")
# Headers by their names in lower case, those that are there twice with their values joined.
Headers: TypeAlias = Mapping[str, str]


class Gate(Struct, frozen=True):
    """The rules of entry. `token` None: loopback needs none. `is_exposed`: the server listens beyond loopback."""

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str | None = None
    is_closed: bool = False
    is_exposed: bool = False

    def let_in(self, scope: Scope) -> str | None:
        """Return the origin of a page that was let in by its name, as the browser writes it; None for all others."""
        named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        return named[0] if len(named) == 1 and named[0].lower() in self.origins else None

    def judge_vendor(self, headers: Headers, host: str | None) -> Reply | None:
        """Keep web pages out: a form post needs no preflight, and one vendor's key travels in the form."""
        if WEBHOOK_NAME in headers:
            return FED_BACK
        if host is None:
            return BAD_HOST
        # Programs send neither.
        is_browser = "origin" in headers or "sec-fetch-site" in headers
        return self.judge_browser(headers, host) if is_browser else None

    def judge_admin(self, scope: Scope, headers: Headers, host: str | None) -> Reply | None:
        """Return the refusal, or None: a loopback peer with a known Host, or the token, never a foreign page."""
        if scope["path"] in OPEN:
            return None
        if self.is_closed:
            return told(403, FORBIDDEN, "the admin API is closed (--admin-token off)")
        if WEBHOOK_NAME in headers:
            return FED_BACK
        if host is None:
            return BAD_HOST
        if refusal := self.judge_browser(headers, host):
            return refusal
        return self.judge_peer(scope, host) if self.token is None else self.judge_token(headers, self.token)

    def judge_peer(self, scope: Scope, host: str) -> Reply | None:
        if not is_loopback(scope):
            return told(403, FORBIDDEN, "the admin API answers loopback only")
        if not self.knows(host):
            return told(403, FORBIDDEN, "this Host is not known: name it with --allow-host")
        return None

    def judge_token(self, headers: Headers, token: str) -> Reply | None:
        shown = bearer(headers.get("authorization", ""))
        if shown and hmac.compare_digest(shown.encode(), token.encode()):
            return None
        refusal = told(401, "Unauthorized", "the admin API needs `Authorization: Bearer <admin token>`")
        return refusal.adding({"WWW-Authenticate": "Bearer"})

    def judge_browser(self, headers: Headers, host: str) -> Reply | None:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        if origin is not None and origin.lower() in self.origins:
            return None
        if origin is not None and not self.is_own(origin, headers, host):
            return told(403, FORBIDDEN, f"a page of {origin[:200]} may not come in: name it with --allow-origin")
        if site not in OWN_SITES:
            return told(403, FORBIDDEN, "a page of another site may not come in: name its origin with --allow-origin")
        return None

    def knows(self, host: str) -> bool:
        return host in LOCAL or host in self.hosts or host.endswith(".localhost")

    def is_own(self, origin: str, headers: Headers, host: str) -> bool:
        """Is this a page of ours? One whose name was rebound to loopback has our address and a Host of its own."""
        scheme, _, place = origin.lower().partition("://")
        same = scheme in ("http", "https") and place == host_and_port(headers)
        return same and (self.is_exposed or self.knows(host))


def is_loopback(scope: Scope) -> bool:
    """Ask the socket, never a header: anybody may write X-Forwarded-For."""
    client = scope.get("client")
    if client is None:
        return False
    try:
        address = ip_address(client[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def host_and_port(headers: Headers) -> str:
    return headers.get("host", "").lower()


def host_of(headers: Headers) -> str | None:
    """Return the Host without its port; None for what no sound client sends (RFC 9112, 3.2): none, two, no host."""
    return host_in(headers.get("host", "").lower())


@lru_cache(maxsize=64)
def host_in(text: str) -> str | None:
    match = HOST.fullmatch(text)
    return match[1] if match else None
