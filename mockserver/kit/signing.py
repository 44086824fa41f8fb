"""Webhooks signed as Svix signs them, which is what the Standard Webhooks specification describes."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import datetime

PREFIX = "whsec_"


def key_of(secret: str) -> bytes | None:
    """Return the key that a secret stands for; None for one that no receiver could read."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) or None
    except (binascii.Error, ValueError):
        return None


def svix_headers(secret: str, ident: str, at: datetime, body: bytes) -> Mapping[str, str]:
    """Return the headers that prove a body. Raises ValueError for a secret that stands for no key."""
    key, stamp = key_of(secret), str(int(at.timestamp()))
    if key is None:
        raise ValueError("the secret is no base64 text")
    signature = base64.b64encode(hmac.digest(key, f"{ident}.{stamp}.".encode() + body, "sha256")).decode()
    return {"svix-id": ident, "svix-timestamp": stamp, "svix-signature": f"v1,{signature}"}
