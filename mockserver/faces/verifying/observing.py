"""What the vendor itself has shown: claims with the day on which its answers spoke for them."""

import re
import tomllib
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from msgspec import Struct, convert

from mockserver.engine.claims import Ledger
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


def read_claims(path: Path, known: Collection[str]) -> str | None:
    """Return the text of a file with all these claims, None where there is no file.

    Raises SettingsError for any other file: it is not written over.
    """
    try:
        text = path.read_text("utf-8")
        ledger = convert(tomllib.loads(text), Ledger)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        says = getattr(error, "strerror", None) or f"this is no claims.toml: {error}"
        raise SettingsError(f"--observed {path}: {says}") from None
    if missing := [name for name in known if name not in ledger.claims]:
        raise SettingsError(f"--observed {path}: these are claims of somebody else, without {missing[0]}")
    return text


def write_claims(path: Path, claims: Collection[str], day: date) -> None:
    """Write the day into the claims of a file; where there is none, write their list."""
    before = read_claims(path, claims)
    if before is None:
        path.write_text(listed(claims, day), "utf-8")
        return
    after, wanted = dated(before, claims, day), tomllib.loads(before)
    for name in claims:
        wanted["claims"][name]["observed"] = day
    if tomllib.loads(after) != wanted:
        raise SettingsError(f"--observed {path}: this file is laid out so that nothing can be written into it")
    path.write_text(after, "utf-8")


def dated(text: str, claims: Collection[str], day: date) -> str:
    """Return a claims file in which these claims were observed that day; nothing else of it is touched."""
    lines: list[str] = []
    is_meant = False
    for line in text.split("\n"):
        if line.startswith("["):
            table = TABLE.fullmatch(line.strip())
            is_meant = table is not None and table[1] in claims
        key = KEY.match(line) if is_meant else None
        if key is None or key[1] != "observed":
            lines.append(line)
        if key is not None and key[1] == "basis":
            lines.append(f"observed = {day}")
    return "\n".join(lines)
