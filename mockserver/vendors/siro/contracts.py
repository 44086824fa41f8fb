"""What differs between the two published forms of an upload."""

from functools import lru_cache

from msgspec import Struct

WHOSE = ("title", "userId", "userEmail", "userPhone", "organizationId", "conversationType")
CRM = ("integrationConnectionId", "crmObjects")
CRM_OBJECT = ("objectType", "objectId")


class Contract(Struct, frozen=True):
    """The names of one form: `fields` in the order of its document, `recording_id` as its answer has it.

    One that is open ignores what it does not know; what the other refuses needs no advice.
    """

    name: str
    media_url: str
    phone: str
    contact: str
    fields: tuple[str, ...]
    recording_id: str
    is_open: bool


FIRST = Contract(
    name="siro",
    media_url="downloadUrl",
    phone="customerPhone",
    contact="customerName",
    fields=("downloadUrl", "fileType", *WHOSE, *CRM, "customerPhone", "customerName", "dateCreated"),
    recording_id="id",
    is_open=True,
)
AUGUST_2026 = Contract(
    name="siro@2026-08",
    media_url="fileUrl",
    phone="contactPhone",
    contact="contactName",
    fields=(
        "fileUrl",
        "fileType",
        *WHOSE,
        "dateCreated",
        "discoverable",
        *CRM,
        "contactName",
        "contactPhone",
        "result",
    ),
    recording_id="recordingId",
    is_open=False,
)
CONTRACTS = (FIRST, AUGUST_2026)
KNOWN = {each.name: frozenset(each.fields) for each in CONTRACTS}


@lru_cache(maxsize=16)
def contract(vendor: str) -> Contract:
    """Return the form that a call to this vendor or edition has."""
    return AUGUST_2026 if "@" in vendor else FIRST
