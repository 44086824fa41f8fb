from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Behind, Facts, Kind, Problem
from mockserver.vendors.emberqa import rules
from mockserver.vendors.emberqa.outcomes import accept_document, addresses
from mockserver.vendors.emberqa.sources import AUDIO, IMAGE_OR_PDF, MOST, PDF, essence, name_of, troubles, wrong
from tests.facts import ID, facts

QUOTE, TERMS = "https://example.com/quote.pdf", "https://example.com/terms.pdf"


def documents(*urls: str, **fields: Any) -> Facts:
    listed = list(urls) if len(urls) > 1 else urls[0]
    return facts("emberqa", {"media_url": listed, **fields}, operation="submitDocument")


def lying(*urls: str, **behind: Any) -> Facts:
    """Return documents of which the last is known to be so."""
    return replace(documents(*urls), behind={urls[-1]: Behind(**behind)})


@pytest.mark.parametrize("url", [QUOTE, "https://example.com/A.PDF?a=.docx#b.txt", "https://example.com/d/42"])
def test_a_document_is_taken_when_its_path_ends_in_pdf_or_in_no_extension(url: str) -> None:
    assert rules.media_url_leads_to_pdf.check(documents(url)) is None


@pytest.mark.parametrize(
    ("urls", "place"),
    [(["https://example.com/a.docx"], ("media_url",)), ([QUOTE, "https://example.com/a.mp3"], ("media_url", 1))],
    ids=["one", "second"],
)
def test_a_document_is_refused_by_another_extension(urls: list[str], place: tuple[str | int, ...]) -> None:
    says = f"{'.'.join(map(str, place))} must lead to a PDF file"
    assert rules.media_url_leads_to_pdf.check(documents(*urls)) == Problem(Kind.INVALID, says, place)


@pytest.mark.parametrize(
    ("kind", "is_taken"),
    [("application/pdf", True), ("Application/PDF; version=2", True), ("text/html", False), (None, False)],
)
def test_an_extension_does_not_matter_where_the_type_is_known_and_right(kind: str | None, *, is_taken: bool) -> None:
    problem = rules.media_url_leads_to_pdf.check(lying("https://example.com/download.php", type=kind))
    assert (problem is None) is is_taken


def test_several_documents_are_one_item_that_goes_by_the_first() -> None:
    (record,) = accept_document(documents(QUOTE, TERMS, agent_name="John D", metadata={"a": 1})).records
    assert (record.kind, record.id) == ("document", str(ID))
    assert record.body == {
        "content_id": str(ID),
        "content_type": "Document",
        "file_name": "quote.pdf",
        "agent_name": "John D",
        "status": "received",
        "media_url": [QUOTE, TERMS],
        "metadata": {"a": 1},
    }
    assert addresses(documents(QUOTE, TERMS).call) == [QUOTE, TERMS]


def test_a_document_is_scored_after_20_s() -> None:
    outcome = accept_document(documents(QUOTE))
    (moment,) = outcome.records[0].timeline
    assert (moment.after, moment.state["status"], outcome.advice) == (20, "scored", ())
    assert moment.state["summary"] == "quote.pdf: read from beginning to end."


def test_one_document_that_is_too_large_fails_them_all() -> None:
    outcome = accept_document(lying(QUOTE, TERMS, type="application/pdf", size=52_428_801))
    assert [(each.at, each.claim) for each in outcome.advice] == [("$.media_url[1]", "document-50-mb-each")]
    assert outcome.records[0].timeline[0].state == {"status": "failed", "failure_reason": "terms.pdf is too large"}


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8000/a.pdf",
        "http://192.168.0.7/a.pdf",
        "http://[::1]/a.pdf",
        "https://files.internal/a.pdf",
        "http://minio:9000/a.pdf",
        "http://user:word@minio:9000/a.pdf",
        f"http://localhost:4566/a.pdf?X-Amz-Security-Token={'a' * 2048}",
    ],
)
def test_a_host_that_is_not_public_is_reached_only_where_somebody_says_what_is_there(url: str) -> None:
    outcome = accept_document(documents(QUOTE, url))
    assert [(each.at, each.claim) for each in outcome.advice] == [("$.media_url[1]", "unfetched-fails-later")]
    reason = "a.pdf is at a host that is not public"
    assert outcome.records[0].timeline[0].state == {"status": "failed", "failure_reason": reason}
    assert accept_document(lying(QUOTE, url, type="application/pdf")).advice == ()


@pytest.mark.parametrize(
    ("behind", "says"),
    [
        (Behind(), None),
        (Behind("application/pdf", 52_428_800), None),
        (Behind("application/octet-stream"), None),
        (Behind(" "), None),
        (Behind(failure="missing"), "is not there"),
        (Behind(failure="forbidden"), "may not be fetched"),
        (Behind(failure="expired"), "is behind a URL that has expired"),
        (Behind(failure="slow"), "takes too long to be fetched"),
        (Behind(failure="too-large"), "is too large"),
        (Behind(size=52_428_801), "is too large"),
        (Behind(failure="not-media"), "is not a PDF file"),
        (Behind("audio/mpeg"), "is not a PDF file"),
    ],
)
def test_what_lies_there_is_wrong_when_it_cannot_be_had_or_is_not_asked_for(behind: Behind, says: str | None) -> None:
    assert (wrong(PDF, behind) or (None,))[0] == says


def test_a_source_without_a_limit_takes_any_size() -> None:
    assert wrong(IMAGE_OR_PDF, Behind("image/webp", 10**12)) is None


@pytest.mark.parametrize(("given", "kept"), [(None, None), ("Audio/WAV ; rate=8000", "audio/wav"), ("", None)])
def test_a_type_is_compared_without_its_parameters(given: str | None, kept: str | None) -> None:
    assert essence(given) == kept


def test_a_file_is_called_by_its_last_segment_cut_or_by_its_url() -> None:
    assert (name_of(QUOTE), name_of("https://example.com")) == ("quote.pdf", "https://example.com")
    assert len(name_of(f"https://example.com/{'x' * 500}")) == 80


def test_as_many_troubles_are_told_as_anybody_reads() -> None:
    urls = [f"https://example.com/{number}.pdf" for number in range(100)]
    sent = replace(documents(*urls), behind=dict.fromkeys(urls, Behind(failure="missing")))
    assert len(troubles(sent, PDF, "media_url")) == MOST
    assert troubles(sent, AUDIO, "transcript_url") == []
