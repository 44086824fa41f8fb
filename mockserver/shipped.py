"""Where the files that travel with the package lie: inside it when installed, beside it in a checkout."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def shipped(name: str) -> Path:
    """Return the folder `schemas` or `fixtures/accounts`."""
    inside = HERE / "_data" / name
    return inside if inside.exists() else HERE.parent / name
