"""Tokens, secrets and signatures: made from the id of the call that hands them out, so none is kept."""

from hashlib import sha256
from uuid import NAMESPACE_URL, uuid5


def made_by(call: str, purpose: str) -> str:
    """Return 64 hexadecimal digits, the same for the same call and purpose."""
    return sha256(f"{call}/{purpose}".encode()).hexdigest()


def named(*names: str) -> str:
    """Return Siro's own id, a UUID, for what the account's book knows by other names."""
    return str(uuid5(NAMESPACE_URL, "/".join(("siro", *names))))
