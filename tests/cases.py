"""The cases that are shipped, for every vendor and edition; what reads and builds them is the product's own."""

from collections.abc import Iterator

from mockserver.cases import Case, Located, Request, Step, cases_in, request_of, shipped_cases, shipped_media
from mockserver.cases.holding import includes
from mockserver.cases.requests import drop, edit, keep

__all__ = [
    "MEDIA",
    "Case",
    "Located",
    "Request",
    "Step",
    "drop",
    "edit",
    "every_case",
    "includes",
    "keep",
    "request_of",
]
MEDIA = shipped_media()


def every_case() -> Iterator[Located]:
    for folder in sorted(path for path in shipped_cases().iterdir() if path.is_dir()):
        yield from cases_in(folder)
