"""Case files: executable examples of what a vendor accepts and refuses, as they are written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from mockserver.shipped import shipped

VERDICTS = ("accepted", "refused")


class CasesError(ValueError):
    """A case file that cannot be read or sent: which one, and why."""


class Remembered(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    body: dict[str, Any] = {}


class Expected(Struct, frozen=True, forbid_unknown_fields=True):
    status: int
    refused_by: str | None = None
    body: Any = None
    includes: Any = {}
    text: str | None = None
    headers: dict[str, str] = {}
    remembers: list[Remembered] = []
    credits: float | None = None
    advice: list[str] = []


class Step(Struct, frozen=True, forbid_unknown_fields=True, rename={"base": "from"}):
    """A request: what the file's request of a name is, changed; sent after so many seconds of the mock's clock.

    `keep` names texts of the answer by JSON pointers; `{{name}}` in what follows stands for them.
    """

    base: str
    set: dict[str, Any] = {}
    drop: list[str] = []
    wait: float = 0.0
    keep: dict[str, str] = {}


class Wished(Struct, frozen=True, forbid_unknown_fields=True):
    credentials: dict[str, str] = {}
    credits: float | None = None
    book: dict[str, Any] = {}
    options: dict[str, Any] = {}


class Case(Struct, frozen=True, forbid_unknown_fields=True, rename={"base": "from"}):
    """The last request and its answer; `apart` says that the account may hold nothing but what the case brings.

    `cap` is the `--max-upload` of the server that it is written for.
    """

    name: str
    base: str
    answer: Expected
    set: dict[str, Any] = {}
    drop: list[str] = []
    wait: float = 0.0
    keep: dict[str, str] = {}
    before: list[Step] = []
    account: Wished = Wished()
    cap: int | None = None
    apart: bool = False


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """`fresh` are texts that a vendor takes only once: who has one account for all cases gives each its own form."""

    says: str
    requests: dict[str, Any]
    cases: list[Case]
    fresh: list[str] = []


class Located(Struct, frozen=True):
    """A case with the file it stands in; `media` are the folders that its files are looked for in."""

    vendor: str
    verdict: str
    file: CaseFile
    case: Case
    stem: str
    media: tuple[Path, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.verdict}/{self.stem}/{self.case.name}"

    @property
    def id(self) -> str:
        return f"{self.vendor}-{self.verdict}-{self.stem}-{self.case.name}"

    @property
    def steps(self) -> list[Step | Case]:
        """Return what is sent, in turn; the last is the case itself."""
        return [*self.case.before, self.case]


def shipped_cases() -> Path:
    """Return the folder with a folder of cases for each vendor and edition."""
    return shipped("fixtures/cases")


def shipped_media() -> Path:
    return shipped("fixtures/media")


def cases_in(folder: Path) -> Iterator[Located]:
    """Yield the cases of a folder that is named after its vendor, with `accepted` and `refused` in it.

    Raises CasesError that names the file.
    """
    media = tuple(each for each in (folder / "media", shipped_media()) if each.is_dir())
    for verdict in VERDICTS:
        for path in sorted(folder.joinpath(verdict).glob("*.json")):
            file = read_case_file(path)
            for case in file.cases:
                yield Located(folder.name, verdict, file, case, path.stem, media)


def read_case_file(path: Path) -> CaseFile:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=CaseFile)
    except OSError as error:
        raise CasesError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError as error:
        raise CasesError(f"{path}: {error}") from None
    named = {base for case in file.cases for base in (*(step.base for step in case.before), case.base)}
    if unknown := named - file.requests.keys():
        raise CasesError(f"{path}: there is no request {min(unknown)!r}: known are {', '.join(file.requests)}")
    return file
