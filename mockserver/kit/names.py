"""What somebody may have meant by a name that does not exist."""

from collections.abc import Iterable

LONGEST = 80


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that one is likely a slip of: in another casing, or close to it in letters."""
    from difflib import get_close_matches  # noqa: PLC0415  # start-up is measured, and most servers see no slip

    folded = {fold(each): each for each in known}
    met = get_close_matches(fold(name[:LONGEST]), folded, n=1, cutoff=0.75)
    return folded[met[0]] if met else None


def hint(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that tells the nearest known name, nothing where none is near."""
    meant = nearest(name, known)
    return f": did you mean {meant}?" if meant else ""


def fold(name: str) -> str:
    return name.replace("_", "").replace("-", "").casefold()
