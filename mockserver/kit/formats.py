"""Every JSON Schema `format` that is asserted: a pure question each, about a text of any length and content."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ada_url import check_url

from mockserver.kit.hosts import is_web_url
from mockserver.kit.signing import key_of
from mockserver.kit.times import is_rfc3339, parse_iso8601

# RFC 3986: a scheme, then its characters and whole percent escapes, and at most one fragment.
_URI_TEXT = r"(?:[\w.~:/?@!$&'()*+,;=\[\]-]++|%[0-9A-Fa-f]{2})*+"
_URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*+:{_URI_TEXT}(?:#{_URI_TEXT})?", re.ASCII)

_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")

# RFC 5321 without quoted names and address literals, which no vendor shows: atoms, then labels.
_EMAIL_LENGTH = 254
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]++"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)


def is_iso_8601(text: str) -> bool:
    return parse_iso8601(text) is not None


def is_uri(text: str) -> bool:
    """Whether both standards read it: RFC 3986 every character, WHATWG every part. A scheme is a must."""
    return _URI.fullmatch(text) is not None and check_url(text)


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def is_email(text: str) -> bool:
    return len(text) <= _EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def is_webhook_secret(text: str) -> bool:
    """Whether a receiver can read it: base64, with or without `whsec_` before it."""
    return key_of(text) is not None


FORMATS: Final[Mapping[str, Callable[[str], bool]]] = MappingProxyType(
    {
        "date-time": is_rfc3339,
        "iso-8601": is_iso_8601,
        "uri": is_uri,
        "web-url": is_web_url,
        "uuid": is_uuid,
        "email": is_email,
        "webhook-secret": is_webhook_secret,
    }
)
