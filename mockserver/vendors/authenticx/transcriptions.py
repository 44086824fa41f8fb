"""What was said in conversations: made up, once they are processed."""

from collections.abc import Iterator
from typing import Any

from mockserver.kit.invention import AGENT, conversation
from mockserver.model import Call, Facts, Kind, Outcome, Problem, Ref, Reply, Standing, keeps, rule
from mockserver.vendors.authenticx import search
from mockserver.vendors.authenticx.conversations import FAILED, in_path, is_processed, status
from mockserver.vendors.authenticx.reading import CONVERSATION
from mockserver.vendors.authenticx.refusals import worded

UNFINISHED = "This conversation has not finished processing."
HAS_FAILED = "This conversation failed to process."
UNKNOWN = "Conversation not found"
LANGUAGES = {1033: "en", 2058: "es"}


@rule("unknown-transcription-is-404")
def conversation_exists(facts: Facts) -> Problem | None:
    return search.unknown("conversation") if in_path(facts) is None else None


@rule("failed-transcription-is-400")
def processing_has_not_failed(facts: Facts) -> Problem | None:
    found = in_path(facts)
    return Problem(Kind.INVALID, HAS_FAILED) if found and status(found) == FAILED else None


@keeps("unfinished-transcription-is-200", "transcription-messages")
def get_transcription(facts: Facts) -> Outcome:
    found = in_path(facts)
    assert found is not None  # noqa: S101  # conversation_exists has seen to it
    if not is_processed(found):
        return Outcome(worded(200, UNFINISHED, facts.call), claim="unfinished-transcription-is-200")
    return Outcome(Reply(200, show(found)))


@keeps("transcription-language", "results-are-made-up")
def show(found: Standing) -> dict[str, Any]:
    language = LANGUAGES[found.body["locale_id"]]
    return {
        "conversationId": found.id,
        "transcriptions": [{"languageCode": language, "transcription": list(lines(found))}],
    }


@keeps("transcription-lines")
def lines(found: Standing) -> Iterator[str]:
    for turn in conversation(found.id, found.body["seconds"]):
        speaker = "Agent" if turn.speaker == AGENT else "Customer"
        yield f"{clock(turn.start)} {speaker}: {turn.text}"


def clock(seconds: float) -> str:
    """Return minutes and seconds, `01:05`, with hours in front from the first on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def batch(call: Call) -> list[Ref]:
    """Return the conversations of a batch, each once."""
    idents: list[str] = call.fields["conversationIds"]
    return [Ref(CONVERSATION, ident) for ident in dict.fromkeys(ident.lower() for ident in idents)]


@keeps("batch-errors")
def get_transcriptions(facts: Facts) -> Outcome:
    refs = batch(facts.call)
    found = {ref.id: facts.known.get(ref) for ref in refs}
    done = [show(each) for each in found.values() if each and is_processed(each)]
    errors = [error(ident, each) for ident, each in found.items() if each is None or not is_processed(each)]
    return Outcome(Reply(200, {"transcriptions": done, "errors": errors or None}))


def error(ident: str, found: Standing | None) -> dict[str, Any]:
    code, says = (
        (404, UNKNOWN) if found is None else (400, HAS_FAILED) if status(found) == FAILED else (200, UNFINISHED)
    )
    return {"conversationId": ident, "statusCode": code, "error": says}
