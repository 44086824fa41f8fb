"""What the vendor itself has shown: claims with the day on which its answers spoke for them."""

import re
import tomllib
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct

from mockserver.faces.verifying.carrying import NOT_SENT, OK, Verdict
from mockserver.settings import SettingsError

TABLE = re.compile(r"\[claims\.([\w-]+)\]\s*(#.*)?")
KEY = re.compile(r"(\w+)\s*=")


class Observed(Struct, frozen=True):
    """The claims that the vendor has shown, and the day."""

    date: date
    claims: list[str]


def shown_claims(verdicts: Sequence[Verdict], known: Collection[str]) -> list[str]:
    """Return the claims that answers spoke for, and none against.

    Whoever refuses everything shows nothing: a refusal counts where the same operation has accepted something too.
    """
    sent = [each for each in verdicts if each.outcome != NOT_SENT]
    accepting = {each.operation for each in sent if each.outcome == OK and not each.is_refused}
    against = {each.claim for each in sent if not each.is_shown}
    speaking = {each.claim for each in sent if each.is_shown and is_telling(each, accepting)}
    return [name for name in known if name in speaking - against]


def is_telling(verdict: Verdict, accepting: Collection[str | None]) -> bool:
    return not verdict.is_refused or verdict.operation in accepting or (verdict.operation is None and bool(accepting))


def listed(claims: Collection[str], day: date) -> str:
    """Return claims as a claims file takes them: each line stands under its claim there."""
    return "\n".join(f"[claims.{name}]\nobserved = {day}\n" for name in claims)


def read_claims(path: Path) -> str | None:
    """Return a claims file's text, None where there is no file. Raises SettingsError for a file of another kind."""
    try:
        text = path.read_text("utf-8")
        if isinstance(tomllib.loads(text).get("claims"), dict):
            return text
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise SettingsError(f"--observed {path}: {getattr(error, 'strerror', None) or error}") from None
    raise SettingsError(f"--observed {path}: there are no claims in this file, and it is not written over")


def write_claims(path: Path, claims: Collection[str], day: date) -> None:
    """Write the day into the claims of a file; where there is none, write their list."""
    before = read_claims(path)
    if before is None:
        path.write_text(listed(claims, day), "utf-8")
        return
    after = dated(before, claims, day)
    if tomllib.loads(after) != expected(before, claims, day):
        raise SettingsError(f"--observed {path}: this file is laid out so that nothing can be written into it")
    path.write_text(after, "utf-8")


def dated(text: str, claims: Collection[str], day: date) -> str:
    """Return a claims file in which these claims were observed that day; nothing else of it is touched."""
    lines: list[str] = []
    inside = False
    for line in text.split("\n"):
        if line.startswith("["):
            table = TABLE.fullmatch(line.strip())
            inside = table is not None and table[1] in claims
        key = KEY.match(line) if inside else None
        if key is None or key[1] != "observed":
            lines.append(line)
        if key is not None and key[1] == "basis":
            lines.append(f"observed = {day}")
    return "\n".join(lines)


def expected(text: str, claims: Collection[str], day: date) -> dict[str, Any]:
    content = tomllib.loads(text)
    for name in claims:
        if name in content["claims"]:
            content["claims"][name]["observed"] = day
    return content
