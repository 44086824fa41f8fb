"""What lies behind a signed URL, what media turn out to be, and what becomes of a conversation."""

from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Behind, Facts, Upload
from mockserver.vendors.authenticx import conversations, reading, rules
from mockserver.vendors.authenticx.outcomes import accept_upload
from tests.authenticx import body_of, kept, media, texts
from tests.facts import upload

URL = "https://bucket.s3.amazonaws.com/calls/call.mp3?X-Amz-Signature=0"


def behind(**what: Any) -> Facts:
    asked = media(url=URL)
    return replace(asked, behind={URL: Behind(**what)})


def file(kind: str | None) -> Upload:
    return upload(kind=kind)


def test_an_upload_asks_what_lies_behind_its_url() -> None:
    assert reading.signed_urls(media(url=URL).call) == [URL]
    assert reading.signed_urls(media().call) == []
    assert reading.signed_urls(texts().call) == []


@pytest.mark.parametrize("failure", ["missing", "forbidden", "expired", "slow"])
def test_what_cannot_be_fetched_is_refused(failure: str) -> None:
    problem = rules.media_can_be_fetched.check(behind(failure=failure))
    assert problem
    assert problem.at == "$.signedUrl"


@pytest.mark.parametrize("asked", [media(), media(url=URL), behind(failure="not-media"), behind(size=5)])
def test_all_else_is_fetched(asked: Facts) -> None:
    assert rules.media_can_be_fetched.check(asked) is None
    assert rules.fetched_media_is_small_enough.check(asked) is None


@pytest.mark.parametrize("what", [{"failure": "too-large"}, {"size": 2_684_354_561}])
def test_what_is_too_large_is_refused(what: dict[str, Any]) -> None:
    assert rules.fetched_media_is_small_enough.check(behind(**what))


def test_the_largest_file_is_small_enough() -> None:
    assert rules.fetched_media_is_small_enough.check(behind(size=2_684_354_560)) is None


def test_size_and_length_are_those_that_the_table_tells() -> None:
    outcome = accept_upload(behind(size=2_048, duration=61.5))
    assert body_of(outcome)["fileSizeKb"] == 2
    assert outcome.records[0].body["seconds"] == 61.5


def test_a_length_that_nobody_tells_is_that_of_what_is_said() -> None:
    first, second = (accept_upload(media(url=URL)).records[0].body["seconds"] for _ in range(2))
    assert first == second
    assert first > 10
    assert accept_upload(media(upload(seconds=None))).records[0].body["seconds"] == first
    assert accept_upload(media(upload(seconds=3.5))).records[0].body["seconds"] == 3.5


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        (media(), False),
        (media(file(None)), False),
        (media(file("video")), False),
        (media(file("archive")), True),
        (media(file("archive"), UploadType="Chat"), False),
        (media(file("audio"), UploadType="Chat"), True),
        (media(file(None), UploadType="Chat"), False),
        (texts(), False),
        (behind(), False),
        (behind(type="audio/mpeg"), False),
        (behind(type="application/octet-stream"), False),
        (behind(type="text/html"), True),
        (behind(type="image/png"), True),
        (behind(type="application/zip"), True),
        (behind(failure="not-media"), True),
    ],
)
def test_media_that_are_something_else_are_taken_and_fail_in_processing(asked: Facts, *, wrong: bool) -> None:
    outcome = accept_upload(asked)
    (moment,) = outcome.records[0].timeline
    assert moment.after == 15
    assert (moment.state["status"] == "FailedToProcess") is wrong
    assert ("wrong-media-fails" in [advice.claim for advice in outcome.advice]) is wrong


def test_a_conversation_is_processing_until_time_or_a_tester_says_otherwise() -> None:
    record = kept()
    assert record.body["status"] == "Processing"
    assert record.timeline[0].state == {"status": "ReadyToSample"}
    assert record.failure["status"] == "FailedToProcess"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"AgentCode": "007", "AgentFirstName": "Eve"}, "James Bond"),
        ({"AgentCode": "008", "AgentFirstName": "Eve", "AgentLastName": "M"}, "Eve M"),
        ({"AgentLastName": "M"}, "M"),
        ({}, None),
    ],
)
def test_an_agent_is_called_as_the_organisation_does_or_as_the_client_says(
    fields: dict[str, Any], name: str | None
) -> None:
    assert conversations.agent_name(media(**fields)) == name
