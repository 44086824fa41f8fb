"""Cases: what a vendor accepts and refuses, as requests that can be sent to anybody."""

from mockserver.cases.files import (
    Case,
    CasesError,
    Expected,
    Located,
    Step,
    Wished,
    cases_in,
    shipped_cases,
    shipped_media,
)
from mockserver.cases.requests import Request, Swaps, request_of

__all__ = [
    "Case",
    "CasesError",
    "Expected",
    "Located",
    "Request",
    "Step",
    "Swaps",
    "Wished",
    "cases_in",
    "request_of",
    "shipped_cases",
    "shipped_media",
]
