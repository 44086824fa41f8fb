import re

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Kind
from mockserver.vendors.authenticx import transcriptions
from tests.authenticx import IDENT, NOBODY, at_path, body_of, failed, fresh, media, posting, processed, texts
from tests.facts import upload

LINE = re.compile(r"\d\d:\d\d (Agent|Customer): .+")


def batch(*idents: str) -> Facts:
    known = [processed(1), fresh(2), failed(3)]
    asked = posting("getTranscriptions", conversationIds=list(idents))
    return replace(asked, known={each.ref: each for each in known})


def test_a_processed_conversation_is_told_in_lines() -> None:
    told = body_of(transcriptions.get_transcription(at_path("getTranscription", IDENT.format(1), processed(1))))
    (transcription,) = told["transcriptions"]
    assert (told["conversationId"], transcription["languageCode"]) == (IDENT.format(1), "en")
    assert all(LINE.fullmatch(line) for line in transcription["transcription"])


def test_what_is_said_fits_into_the_length_of_the_call() -> None:
    short, long = processed(1, media(upload(seconds=8.0))), processed(1, texts())
    assert len(list(transcriptions.lines(short))) < len(list(transcriptions.lines(long)))
    assert next(transcriptions.lines(long)).startswith("00:00 Agent: ")


def test_a_spanish_conversation_says_so() -> None:
    told = transcriptions.show(processed(1, media(LocaleId="2058")))
    assert told["transcriptions"][0]["languageCode"] == "es"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0, "00:00"), (65.9, "01:05"), (3600.0, "01:00:00"), (7325, "02:02:05")]
)
def test_times_have_hours_from_the_first_on(seconds: float, text: str) -> None:
    assert transcriptions.clock(seconds) == text


def test_until_it_is_processed_the_answer_is_a_message_and_no_error() -> None:
    outcome = transcriptions.get_transcription(at_path("getTranscription", IDENT.format(1), fresh(1)))
    assert outcome.reply.status == 200
    assert (outcome.reply.body, outcome.reply.media_type) == (transcriptions.UNFINISHED, "text/plain; charset=utf-8")


def test_an_unknown_conversation_and_a_failed_one_are_refused() -> None:
    unknown = transcriptions.conversation_exists.check(at_path("getTranscription", NOBODY, fresh(1)))
    assert unknown
    assert unknown.kind is Kind.NOT_FOUND
    asked = at_path("getTranscription", IDENT.format(3).upper(), failed(3))
    assert transcriptions.conversation_exists.check(asked) is None
    problem = transcriptions.processing_has_not_failed.check(asked)
    assert problem
    assert (problem.kind, problem.says) == (Kind.INVALID, transcriptions.HAS_FAILED)
    waiting = at_path("getTranscription", IDENT.format(2), fresh(2))
    assert transcriptions.processing_has_not_failed.check(waiting) is None


def test_a_batch_asks_for_each_once() -> None:
    refs = transcriptions.batch(batch(IDENT.format(1), NOBODY.upper(), NOBODY).call)
    assert [ref.id for ref in refs] == [IDENT.format(1), NOBODY]


def test_a_batch_tells_what_there_is_and_why_the_rest_is_not() -> None:
    told = body_of(transcriptions.get_transcriptions(batch(*map(IDENT.format, (1, 2, 3)), NOBODY)))
    assert [each["conversationId"] for each in told["transcriptions"]] == [IDENT.format(1)]
    assert [(each["statusCode"], each["error"]) for each in told["errors"]] == [
        (200, transcriptions.UNFINISHED),
        (400, transcriptions.HAS_FAILED),
        (404, "Conversation not found"),
    ]


def test_a_batch_without_errors_has_none() -> None:
    assert body_of(transcriptions.get_transcriptions(batch(IDENT.format(1))))["errors"] is None
