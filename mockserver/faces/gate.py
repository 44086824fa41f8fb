"""Who may come in: a page of another origin may not use a vendor, a stranger may not use the admin API."""

import hmac
import re
from ipaddress import ip_address

from msgspec import Struct
from starlette.types import Scope

from mockserver.engine.credentials import bearer
from mockserver.faces.asgi import header, told
from mockserver.model import Reply

LOCAL = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN = frozenset({"/_mock/health", "/_mock/live", "/_mock/ready"})
OWN_SITES = (None, "none", "same-origin")
FORBIDDEN = "Forbidden"
# Userinfo, blanks and whatever else the parsers of the world read differently are no part of a Host.
HOST = re.compile(r"(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?", re.ASCII)


class Gate(Struct, frozen=True):
    """The rules of entry. `token` None: loopback needs none. `is_exposed`: the server listens beyond loopback."""

    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    token: str | None = None
    is_closed: bool = False
    is_exposed: bool = False

    def judge_vendor(self, scope: Scope) -> Reply | None:
        """Keep web pages out: a form post needs no preflight, and one vendor's key travels in the form."""
        return judge_host(scope) or self.judge_browser(scope)

    def judge_admin(self, scope: Scope) -> Reply | None:
        """Return the refusal, or None: a loopback peer with a known Host, or the token, never a foreign page."""
        if scope["path"] in OPEN:
            return None
        if self.is_closed:
            return told(403, FORBIDDEN, "the admin API is closed (--admin-token off)")
        if refusal := judge_host(scope) or self.judge_browser(scope):
            return refusal
        return self.judge_peer(scope) if self.token is None else self.judge_token(scope, self.token)

    def judge_peer(self, scope: Scope) -> Reply | None:
        if not is_loopback(scope):
            return told(403, FORBIDDEN, "the admin API answers loopback only")
        if not self.knows(host_of(scope)):
            return told(403, FORBIDDEN, "this Host is not known: name it with --allow-host")
        return None

    def judge_token(self, scope: Scope, token: str) -> Reply | None:
        shown = bearer(header(scope, b"authorization") or "")
        if shown and hmac.compare_digest(shown.encode(), token.encode()):
            return None
        refusal = told(401, "Unauthorized", "the admin API needs `Authorization: Bearer <admin token>`")
        return refusal.adding({"WWW-Authenticate": "Bearer"})

    def judge_browser(self, scope: Scope) -> Reply | None:
        origin, site = header(scope, b"origin"), header(scope, b"sec-fetch-site")
        if origin is not None and origin.lower() in self.origins:
            return None
        if origin is not None and not self.is_own(origin, scope):
            return told(403, FORBIDDEN, f"a page of {origin[:200]} may not come in: name it with --allow-origin")
        if site not in OWN_SITES:
            return told(403, FORBIDDEN, "a page of another site may not come in: name its origin with --allow-origin")
        return None

    def knows(self, host: str) -> bool:
        return host in LOCAL or host in self.hosts or host.endswith(".localhost")

    def is_own(self, origin: str, scope: Scope) -> bool:
        """Is this a page of ours? One whose name was rebound to loopback has our address and a Host of its own."""
        scheme, _, place = origin.lower().partition("://")
        same = scheme in ("http", "https") and place == host_and_port(scope)
        return same and (self.is_exposed or self.knows(host_of(scope)))


def judge_host(scope: Scope) -> Reply | None:
    """Refuse what no sound client sends (RFC 9112, 3.2): no Host, two of them, or one that is not a host."""
    if HOST.fullmatch(host_and_port(scope)):
        return None
    return told(400, "Bad Request", "a request names one host in its Host header")


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


def host_and_port(scope: Scope) -> str:
    return (header(scope, b"host") or "").lower()


def host_of(scope: Scope) -> str:
    """Return the Host without its port."""
    host = host_and_port(scope)
    return host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
