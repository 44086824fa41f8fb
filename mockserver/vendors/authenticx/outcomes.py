"""What Authenticx answers to an upload."""

from typing import Any

from mockserver.model import Facts, Outcome, Reply, keeps
from mockserver.vendors.authenticx import organisation, reading
from mockserver.vendors.authenticx.advice import on_upload
from mockserver.vendors.authenticx.conversations import conversation, size_in_kb


def accept_upload(facts: Facts) -> Outcome:
    ident, name = reading.ident(facts.call), reading.file_name(facts.call)
    return Outcome(
        Reply(200, answer(facts)),
        (
            conversation(facts, stored_path(facts)),
            facts.record(reading.FILE_NAME, name, {"conversation_id": ident}),
        ),
        account=organisation.apply_hierarchy(facts),
        advice=tuple(on_upload(facts)),
    )


@keeps("text-answer")
def answer(facts: Facts) -> dict[str, Any]:
    ident = reading.ident(facts.call)
    return cased(facts, {"id": ident, "fileName": stored_path(facts), "fileSizeKb": size_in_kb(facts)})


@keeps("response-casing")
def cased(facts: Facts, fields: dict[str, Any]) -> dict[str, Any]:
    """Return an answer's fields in the casing that the account has chosen."""
    if facts.option("response_casing") == "camel":
        return fields
    return {name[0].upper() + name[1:]: value for name, value in fields.items()}


@keeps("acxmedia-appended", "stored-under-extmedia")
def stored_path(facts: Facts) -> str:
    return f"/extmedia/{reading.file_name(facts.call)}.acxMedia"
