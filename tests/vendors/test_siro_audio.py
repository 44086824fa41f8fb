from typing import Any

import pytest

from mockserver.kit.media import Listener
from mockserver.model import Behind, Record
from mockserver.vendors.siro import audio, playback
from mockserver.vendors.siro.audio import Audio, find_audio
from tests.facts import ID, NOW, facts

# What lies behind a media URL


def heard(stored: Any = None, url: str = "https://storage.example.com/a.mp3", **rest: Any) -> Audio:
    body = {"downloadUrl": url} | ({"stored": stored} if stored else {})
    known = [Record("siro", "demo", "signed-url", ID, NOW, ID, body)] if stored is not None else []
    return find_audio(facts("siro", {"downloadUrl": url}, known=known, **rest))


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ({}, Audio("nothing was PUT to its uploadUrl", is_issued=True)),
        ({"size": 0}, Audio("what was PUT to its uploadUrl is empty", is_issued=True)),
        ({"size": 9, "seconds": 3.25, "format": "wav"}, Audio(None, 3.25, "wav", is_issued=True)),
        ({"size": 9, "seconds": None, "format": None}, Audio(None, None, "no audio", is_issued=True)),
    ],
    ids=["nothing", "empty", "audio", "other"],
)
def test_what_was_stored_is_what_is_found(stored: Any, found: Audio) -> None:
    assert heard(stored) == found


@pytest.mark.parametrize(
    ("behind", "trouble", "seconds", "is_slow"),
    [
        (Behind(), audio.NOT_ISSUED, None, False),
        (Behind("audio/mpeg", 9, 60.0), None, 60.0, False),
        (Behind(failure="slow"), None, None, True),
        (Behind(failure="missing"), "there is nothing behind it", None, False),
        (Behind("text/html", failure="not-media"), "what lies behind it is no audio", None, False),
    ],
    ids=["unknown", "audio", "slow", "missing", "no-audio"],
)
def test_what_was_described_is_what_is_found(
    behind: Behind, trouble: str | None, seconds: float | None, *, is_slow: bool
) -> None:
    url = "https://media.example/a.mp3"
    assert heard(url=url, behind={url: behind}) == Audio(trouble, seconds, is_slow=is_slow)


def test_only_addresses_elsewhere_are_looked_up() -> None:
    def asked(url: str) -> list[str]:
        return list(audio.addresses(facts("siro", {"downloadUrl": url}).call))

    assert asked("https://media.example/a.mp3") == ["https://media.example/a.mp3"]
    assert asked(f"http://127.0.0.1:4747/siro/siro-recordings/uploads/{ID}") == []


@pytest.mark.parametrize(("seconds", "milliseconds"), [(None, None), (2.5921, 2592)])
def test_lengths_are_told_in_milliseconds(seconds: float | None, milliseconds: int | None) -> None:
    assert Audio(seconds=seconds).milliseconds == milliseconds


# Listening to it


def recording(status: str) -> Record:
    return Record("siro", "demo", "recording", ID, NOW, ID, {"transcriptionStatus": status})


def test_redacted_audio_has_an_address_of_its_own() -> None:
    outcome = playback.create_audio_url(facts("siro", params={"id": ID}, known=[recording("COMPLETE")]))
    body, (issue,) = outcome.reply.body, outcome.issued
    assert isinstance(body, dict)
    assert body["data"]["url"].startswith(f"http://127.0.0.1:4747/siro/siro-recordings/redacted/{ID}?X-Goog-")
    assert issue.subject == ID


def test_there_is_no_audio_until_it_is_redacted() -> None:
    outcome = playback.create_audio_url(facts("siro", params={"id": ID}, known=[recording("REDACTING")]))
    assert outcome.reply.body == {"data": {"error": True, "errorMessage": "the recording has no redacted audio yet"}}
    assert outcome.issued == ()


@pytest.mark.parametrize(("subject", "is_fine"), [(ID, True), ("another", False), (None, False)])
def test_audio_is_read_with_its_own_signature(subject: str | None, *, is_fine: bool) -> None:
    problem = playback.signature_is_this_recordings.check(facts("siro", params={"id": ID}, subject=subject))
    assert (problem is None) is is_fine


def test_the_audio_is_a_second_of_a_wav_file() -> None:
    listener = Listener()
    listener.feed(str(playback.download_audio(facts("siro")).reply.body).encode())
    media = listener.media()
    assert (media.kind, media.format, media.seconds, media.sample_rate) == ("audio", "wav", 1.0, 8_000)
