"""Judge whether a URL that a client names leads to the public internet, from its text alone: nothing is resolved."""

import re
from enum import Enum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ada_url import URL, HostType, SchemeType, idna_to_unicode
from msgspec import Struct


class Mode(Enum):
    """How far to go beyond the vendor's page, which refuses localhost, link-local, RFC 1918 and `.internal` hosts."""

    HARDENED = "hardened"
    DOCUMENTED = "documented"


class Judgement(Enum):
    """BLOCK: well formed but not public. REJECT: no clean web URL. NAME: a DNS name, which only a resolver settles."""

    ALLOW = "allow"
    NAME = "name"
    BLOCK = "block"
    REJECT = "reject"


class Verdict(Struct, frozen=True):
    """`basis` is "assumed" where our hardening refuses what the vendor's page does not rule out, else "documented"."""

    judgement: Judgement
    reason: str
    basis: str = "documented"

    @property
    def accepted(self) -> bool:
        return self.judgement in {Judgement.ALLOW, Judgement.NAME}


LONGEST_URL = 2048

_WEB = {SchemeType.HTTP, SchemeType.HTTPS}
# The standard's parser also takes `http:/x`, `http:x` and `http:///x`.
_TWO_SLASHES = re.compile(r"https?://[^/]", re.ASCII | re.IGNORECASE)
_USERINFO = re.compile(r"https?://[^/?#]*@", re.ASCII | re.IGNORECASE)

# Host names are bounded by RFC 1035; underscores occur in real bucket names.
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME = re.compile(rf"(?=.{{1,253}}\Z){_LABEL}(?:\.{_LABEL})*\Z")
_INTERNAL_DOMAINS = {"localhost": "loopback", "internal": "internal-name"}
_PRIVATE_SUFFIXES = (".local", ".localdomain", ".lan", ".home.arpa", ".intranet", ".corp", ".home")

# The IANA special-purpose and multicast registries, less what they call globally reachable and anyone may serve from.
# The first match gives the reason, so that narrow networks stand before wide ones.
_NOT_PUBLIC = tuple(
    (ip_network(network), reason)
    for network, reason in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private-network"),
        ("100.64.0.0/10", "shared-address-space"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private-network"),
        ("192.0.0.0/24", "protocol-assignments"),
        ("192.0.2.0/24", "documentation-network"),
        ("192.88.99.0/24", "relay-anycast"),
        ("192.168.0.0/16", "private-network"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation-network"),
        ("203.0.113.0/24", "documentation-network"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("64:ff9b::/96", "address-translation"),
        ("64:ff9b:1::/48", "address-translation"),
        ("2001::/23", "protocol-assignments"),
        ("2001:db8::/32", "documentation-network"),
        ("2002::/16", "address-translation"),
        ("3fff::/20", "documentation-network"),
        ("fc00::/7", "private-network"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        # All that lies outside 2000::/3, the only part of IPv6 that is handed out for public use.
        ("::/3", "not-global-unicast"),
        ("4000::/2", "not-global-unicast"),
        ("8000::/1", "not-global-unicast"),
    )
)
_AZURE_PLATFORM = IPv4Address("168.63.129.16")
# RFC 5214: these 32 bits before the last 32 announce an embedded IPv4 address; the bit masked out may be set or not.
_ISATAP_MASK, _ISATAP = 0xFDFF_FFFF, 0x0000_5EFE


def judge_url(text: str, mode: Mode = Mode.HARDENED) -> Verdict:
    url = _read(text)
    if isinstance(url, Verdict):
        return url
    if url.port == "0":
        return Verdict(Judgement.REJECT, "port")
    if mode is Mode.HARDENED and (laxity := _laxity(text)):
        return Verdict(Judgement.REJECT, laxity, "assumed")
    return _judge_host(url, mode)


def is_private(text: str) -> bool:
    """Whether a web URL leads to a host that is not public, whatever else is odd about the URL."""
    url = _read(text)
    return isinstance(url, URL) and _judge_host(url, Mode.HARDENED).judgement is Judgement.BLOCK


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a connection to this address leaves for the public internet, and for nowhere else."""
    return not _not_public(_unmapped(address)) and not _suspicion(address)


def is_web_url(text: str) -> bool:
    """Whether this is an absolute http(s) URL with a host, whoever may be behind it."""
    return isinstance(_read(text), URL) and _TWO_SLASHES.match(text) is not None


def _read(text: str) -> URL | Verdict:
    """Read the URL as browsers do, or reject it for a reason that holds in every mode."""
    # The parser trims or drops blanks and controls and takes a backslash for a slash; others do not, and see another
    # host. What is not printable includes the invisible characters that vanish from a host name.
    if " " in text or not text.isprintable():
        return Verdict(Judgement.REJECT, "control-or-blank")
    if "\\" in text:
        return Verdict(Judgement.REJECT, "backslash")
    try:
        url = URL(text)
    except ValueError:
        return Verdict(Judgement.REJECT, "malformed")
    return url if url.scheme_type in _WEB else Verdict(Judgement.REJECT, "scheme")


def _laxity(text: str) -> str | None:
    """Name what the standard's parser forgives in a web URL and we do not."""
    if len(text) > LONGEST_URL:
        return "length"
    if not _TWO_SLASHES.match(text):
        return "slashes"
    return "userinfo" if _USERINFO.match(text) else None


def _judge_host(url: URL, mode: Mode) -> Verdict:
    if url.host_type is HostType.DEFAULT:
        return _judge_name(url.hostname.removesuffix("."), mode)
    return _judge_address(ip_address(url.hostname.strip("[]")), mode)


def _judge_name(name: str, mode: Mode) -> Verdict:
    if reason := _INTERNAL_DOMAINS.get(name.rpartition(".")[2]):
        return Verdict(Judgement.BLOCK, reason)
    if mode is Mode.HARDENED and (refusal := _distrust_name(name)):
        return refusal
    return Verdict(Judgement.NAME, "not-resolved")


def _distrust_name(name: str) -> Verdict | None:
    if not _HOST_NAME.match(name):
        return Verdict(Judgement.REJECT, "host-name", "assumed")
    if not _decodes(name):
        return Verdict(Judgement.REJECT, "punycode", "assumed")
    if "." not in name:
        return Verdict(Judgement.BLOCK, "single-label", "assumed")
    if f".{name}".endswith(_PRIVATE_SUFFIXES):
        return Verdict(Judgement.BLOCK, "private-suffix", "assumed")
    return None


def _decodes(name: str) -> bool:
    """Whether every punycode label stands for letters: the decoder leaves those that do not as they are."""
    return not any(label.startswith("xn--") for label in idna_to_unicode(name).split("."))


def _judge_address(address: IPv4Address | IPv6Address, mode: Mode) -> Verdict:
    if reason := _not_public(_unmapped(address)):
        return Verdict(Judgement.BLOCK, reason)
    if mode is Mode.HARDENED and (reason := _suspicion(address)):
        return Verdict(Judgement.BLOCK, reason, "assumed")
    return Verdict(Judgement.ALLOW, "public-address")


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that `::ffff:a.b.c.d` stands for, any other address as it is."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _not_public(address: IPv4Address | IPv6Address) -> str | None:
    for network, reason in _NOT_PUBLIC:
        if address in network:
            return reason
    # Newer Pythons know newer registries; older ones call multicast and many embedded forms global.
    return None if address.is_global else "not-global"


def _suspicion(address: IPv4Address | IPv6Address) -> str | None:
    """Why a public address still is none that an honest client names."""
    if address == _AZURE_PLATFORM:
        return "platform-address"
    if address != _unmapped(address):
        return "ipv4-mapped"
    return "isatap" if (int(address) >> 32) & _ISATAP_MASK == _ISATAP else None
