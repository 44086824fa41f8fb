"""What EmberQA passes over in silence when it takes a recording, told out of band."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl

from mockserver.model import Advice, Call, Facts, keeps
from mockserver.vendors.emberqa import reading
from mockserver.vendors.emberqa.fields import details
from mockserver.vendors.emberqa.sources import ANYTHING, TRANSCRIPT, told, troubles

RECOMMENDED_RATE = 8_000
MOST_PARAMETERS = 100
# What the words of a parameter's name are in the signed URLs of the large storages: X-Amz-Signature, se, Expires.
SIGNING = re.compile(r"(?:^|[-_])(?:sig|sign|signature|se|exp|expires?|expiry|expiration|token|hmac|policy)(?:$|[-_])")


def on_recording(facts: Facts) -> Iterator[Advice]:
    yield from on_language(facts.call)
    yield from on_transcript(facts)
    yield from on_documents(facts)
    yield from on_audio(facts.call)
    yield from on_address(facts.call)


def on_language(call: Call) -> Iterator[Advice]:
    if not reading.is_known_language(reading.language(call)):
        yield Advice("language is no ISO 639-1 code and not cmn", "$.language", "unknown-language-accepted")


@keeps("side-document-is-passed-over")
def on_transcript(facts: Facts) -> Iterator[Advice]:
    if {"transcript_text", "transcript_url"} <= facts.call.fields.keys():
        yield Advice("transcript_text is used, transcript_url is not", "$.transcript_url", "inline-transcript-wins")
    else:
        yield from told(troubles(facts, TRANSCRIPT, "transcript_url"), "it is passed over")


def on_documents(facts: Facts) -> Iterator[Advice]:
    yield from told(troubles(facts, ANYTHING, "supporting_docs"), "it is passed over")


@keeps("audio-8-khz-recommended")
def on_audio(call: Call) -> Iterator[Advice]:
    file = reading.file(call)
    if file and file.media.sample_rate and file.media.sample_rate < RECOMMENDED_RATE:
        says = f"a sample rate of 8000 Hz or more is recommended, not {file.media.sample_rate}"
        yield Advice(says, "$.file", "audio-8-khz-recommended")


@keeps("presigned-url-recommended")
def on_address(call: Call) -> Iterator[Advice]:
    url = details(call).get("media_url")
    if url and not is_presigned(url):
        says = "a presigned URL that expires is recommended: nothing in this one's query says that it does"
        yield Advice(says, "$.media_url", "presigned-url-recommended")


def is_presigned(url: str) -> bool:
    """Say whether a URL's query holds a signature or an end, by the names of its parameters."""
    names = parse_qsl(url.partition("#")[0].partition("?")[2], keep_blank_values=True)[:MOST_PARAMETERS]
    return any(SIGNING.search(name.lower()) for name, _ in names)
