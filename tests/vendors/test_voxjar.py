from typing import Any

import pytest

from mockserver.model import Behind, Facts, Kind, Problem, Record, Ref, Rule, Upload
from mockserver.vendors.voxjar import rules
from mockserver.vendors.voxjar.media import MOST_BYTES, urls_of
from mockserver.vendors.voxjar.outcomes import records_at_hand
from mockserver.vendors.voxjar.refusals import refuse
from tests.facts import NOW, facts, upload

URL = "https://storage.example.com/calls/1.mp3"
TEXT = {"text": "Hello"}


def asked(file: Upload | None = None, *, options: dict[str, Any] | None = None, **fields: Any) -> Facts:
    sent = {"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23", **fields}
    return facts("voxjar", sent, files={"file": file} if file else {}, options=options or {})


def test_a_type_that_nothing_tells_is_asked_for() -> None:
    problem = rules.type_must_be_known.check(asked())
    assert problem == Problem(
        Kind.INVALID, "interactionType cannot be determined from the content: set it explicitly", ("interactionType",)
    )


def test_a_type_that_is_given_or_told_is_known() -> None:
    assert rules.type_must_be_known.check(asked(interactionType="AUDIO")) is None
    assert rules.type_must_be_known.check(asked(upload())) is None


@pytest.mark.parametrize("kind", ["CHAT", "SMS"])
def test_chat_and_sms_need_text_of_their_own_or_derived(kind: str) -> None:
    rule = rules.chat_and_sms_need_text
    problem = rule.check(asked(upload(), interactionType=kind, transcript={"segments": [{"start": 0}]}))
    assert problem
    assert problem.says == f"{kind} needs the text of a transcript"
    assert rule.check(asked(interactionType=kind, transcript=TEXT)) is None
    assert rule.check(asked(interactionType=kind, transcript={"segments": [TEXT]})) is None


def test_other_types_need_no_text() -> None:
    assert rules.chat_and_sms_need_text.check(asked(interactionType="EMAIL")) is None


@pytest.mark.parametrize("kind", ["AUDIO", "VIDEO"])
def test_audio_and_video_need_media_or_a_transcript(kind: str) -> None:
    rule = rules.audio_and_video_need_content
    problem = rule.check(asked(interactionType=kind, email={}, transcript={}))
    assert problem
    assert problem.says == f"{kind} needs a file, a downloadUrl or a transcript"
    assert rule.check(asked(upload(kind=None), interactionType=kind)) is None
    assert rule.check(asked(interactionType=kind, downloadUrl=URL)) is None
    assert rule.check(asked(interactionType=kind, transcript=TEXT)) is None
    assert rule.check(asked(interactionType="CHAT")) is None


def test_email_needs_its_object_even_an_empty_one() -> None:
    rule = rules.email_needs_email_object
    assert rule.check(asked(interactionType="EMAIL", transcript=TEXT)) == Problem(
        Kind.INVALID, "EMAIL needs an email object", ("email",)
    )
    assert rule.check(asked(interactionType="EMAIL", email={})) is None
    assert rule.check(asked(interactionType="CHAT")) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://localhost/a.mp3", "loopback"),
        ("http://169.254.169.254/", "link-local"),
        ("http://172.16.0.1/", "private-network"),
        ("http://media.internal/", "internal-name"),
        ("http://[::1]/", "loopback"),
    ],
)
@pytest.mark.parametrize("url_rule", ["hardened", "documented"])
def test_a_download_url_of_a_private_host_is_refused_under_either_rule(url: str, reason: str, url_rule: str) -> None:
    problem = rules.download_url_must_be_public.check(asked(downloadUrl=url, options={"url_rule": url_rule}))
    says = f"downloadUrl must be a public http or https URL, and this one is not: {reason}"
    assert problem == Problem(Kind.INVALID, says, ("downloadUrl",))


def test_what_only_our_hardening_refuses_says_so_and_can_be_lifted() -> None:
    rule, url = rules.download_url_must_be_public, "http://recordings/1.mp3"
    problem = rule.check(asked(downloadUrl=url))
    assert problem
    assert problem.claim == "download-url-hardened"
    assert rule.check(asked(downloadUrl=url, options={"url_rule": "documented"})) is None


def test_a_public_download_url_or_none_is_fine() -> None:
    assert rules.download_url_must_be_public.check(asked(downloadUrl=URL)) is None
    assert rules.download_url_must_be_public.check(asked()) is None


ARCHIVE = "https://example.com/calls.zip"


@pytest.mark.parametrize(
    ("known", "is_refused"),
    [
        (asked(downloadUrl=ARCHIVE), True),
        (asked(downloadUrl=ARCHIVE, interactionType="VIDEO"), True),
        (asked(downloadUrl=URL), False),
        (asked(downloadUrl="https://example.com/calls"), False),
        (asked(upload(), downloadUrl=ARCHIVE), False),
        (asked(downloadUrl=ARCHIVE, interactionType="CHAT", transcript=TEXT), False),
        (asked(transcript=TEXT), False),
    ],
    ids=["archive", "archive-as-video", "audio", "no-extension", "file-at-hand", "chat", "no-url"],
)
def test_a_download_url_that_is_played_leads_to_media(known: Facts, is_refused: bool) -> None:  # noqa: FBT001  # a table's column
    assert (rules.download_url_must_lead_to_media.check(known) is not None) is is_refused


UNPLAYED = {"interactionType": "CHAT", "transcript": TEXT}
REACHABLE = rules.download_url_must_be_reachable
LIMIT, LEADS = rules.download_must_be_within_the_limit, rules.download_url_must_lead_to_media


@pytest.mark.parametrize(
    ("rule", "behind", "says"),
    [
        (REACHABLE, Behind(failure="missing"), "downloadUrl could not be fetched: there is nothing at it"),
        (REACHABLE, Behind(failure="forbidden"), "downloadUrl could not be fetched: it may not be fetched"),
        (REACHABLE, Behind(failure="expired"), "downloadUrl could not be fetched: it has expired"),
        (REACHABLE, Behind(failure="slow"), None),
        (REACHABLE, Behind("audio/mpeg"), None),
        (LIMIT, Behind(size=MOST_BYTES), None),
        (LIMIT, Behind(size=MOST_BYTES + 1), "downloadUrl leads to more than 500 MB"),
        (LIMIT, Behind(failure="too-large"), "downloadUrl leads to more than 500 MB"),
        (LIMIT, Behind(), None),
        (LEADS, Behind(failure="not-media"), "downloadUrl must lead to audio or video"),
        (LEADS, Behind("text/html"), "downloadUrl must lead to audio or video"),
        (LEADS, Behind("application/zip"), "downloadUrl must lead to audio or video"),
        (LEADS, Behind("application/octet-stream"), None),
        (LEADS, Behind("video/mp4"), None),
    ],
)
def test_what_lies_behind_a_download_url_is_judged_where_it_is_played(
    rule: Rule, behind: Behind, says: str | None
) -> None:
    sent = {"sourceIdentifier": "call-1", "downloadUrl": URL}
    problem = rule.check(facts("voxjar", sent, behind={URL: behind}))
    assert problem == (says and Problem(Kind.INVALID, says, ("downloadUrl",)))
    assert rule.check(facts("voxjar", sent, files={"file": upload()}, behind={URL: behind})) is None
    assert rule.check(facts("voxjar", sent | UNPLAYED, behind={URL: behind})) is None
    assert rule.check(facts("voxjar", {"transcript": TEXT})) is None


def test_the_table_counts_before_the_name_of_an_archive() -> None:
    known = facts("voxjar", {"downloadUrl": ARCHIVE}, behind={ARCHIVE: Behind("audio/mpeg")})
    assert LEADS.check(known) is None


def test_the_address_is_the_only_one_to_look_behind() -> None:
    assert list(urls_of(asked(downloadUrl=URL).call)) == [URL]
    assert list(urls_of(asked().call)) == []
    assert list(urls_of(asked(upload(), downloadUrl=URL).call)) == []


def test_a_source_identifier_may_come_again_unless_the_account_says_otherwise() -> None:
    body = {"sourceIdentifier": "call-1", "transcript": TEXT}
    source = Record("voxjar", "demo", "source", "call-1", NOW, "", {})
    rejecting = {"repeated_source": "reject"}
    rule = rules.source_may_have_to_be_new
    assert rule.check(facts("voxjar", body, known=[source])) is None
    assert rule.check(facts("voxjar", body, options=rejecting)) is None
    problem = rule.check(facts("voxjar", body, known=[source], options=rejecting))
    assert problem == Problem(Kind.INVALID, "sourceIdentifier was used before", ("sourceIdentifier",))


@pytest.mark.parametrize("ident", ["sc_draft", "sc_none", "Call quality", "SC_ABC123"])
def test_a_scorecard_that_is_not_there_or_not_active_is_not_found(ident: str) -> None:
    problem = rules.scorecard_must_be_active.check(asked(evaluation={"scorecardId": ident}))
    says = f"no ACTIVE scorecard has the id {ident}"
    assert problem == Problem(Kind.NOT_FOUND, says, ("evaluation", "scorecardId"))


def test_an_active_scorecard_or_none_is_fine() -> None:
    assert rules.scorecard_must_be_active.check(asked(evaluation={"scorecardId": "sc_abc123"})) is None
    assert rules.scorecard_must_be_active.check(asked()) is None


@pytest.mark.parametrize(("credit", "is_refused"), [(0, True), (0.5, True), (1, False), (2, False)])
def test_credits_must_cover_the_price(credit: float, is_refused: bool) -> None:  # noqa: FBT001  # a table's column
    problem = rules.credits_must_suffice.check(facts("voxjar", {"downloadUrl": URL}, credits=credit))
    assert (problem is not None) is is_refused


def test_what_costs_nothing_needs_no_credits() -> None:
    assert rules.credits_must_suffice.check(facts("voxjar", {"transcript": TEXT}, credits=0)) is None


def test_price_and_credits_are_told() -> None:
    problem = rules.credits_must_suffice.check(facts("voxjar", {"downloadUrl": URL}, credits=0.5))
    assert problem == Problem(Kind.NO_CREDITS, "not enough credits: this upload costs 1, and the account has 0.5")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"sourceIdentifier": "a"}, [Ref("source", "a")]),
        (
            {"sourceIdentifier": "a", "agent": {"email": "J@X.de"}, "customer": {"email": "j@x.de"}},
            [Ref("participant", "j@x.de"), Ref("source", "a")],
        ),
        ({"agent": {"email": 7}, "customer": {"email": ""}}, []),
        ({"sourceIdentifier": 7, "agent": "Jane", "customer": None}, []),
        ([], []),
        (None, []),
    ],
)
def test_what_must_be_known_is_named_for_any_body(body: Any, expected: list[Ref]) -> None:
    assert records_at_hand(facts("voxjar", body).call) == expected


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.MEDIA_TYPE, 400),
        (Kind.INVALID, 400),
        (Kind.UNAUTHENTICATED, 401),
        (Kind.NO_CREDITS, 402),
        (Kind.BROKEN, 500),
    ],
)
def test_a_refusal_is_a_flag_and_a_sentence(kind: Kind, status: int) -> None:
    reply = refuse((Problem(kind, "no"), Problem(kind, "neither")), asked().call)
    assert (reply.status, reply.body) == (status, {"success": False, "error": "no"})


def test_the_platform_refuses_what_is_too_large_in_plain_text() -> None:
    reply = refuse((Problem(Kind.TOO_LARGE, "no"),), asked().call)
    assert (reply.status, reply.body, reply.media_type) == (413, "Request Entity Too Large", "text/plain")


def test_a_structural_field_is_said_to_be_an_object_whichever_keyword_it_broke() -> None:
    problem = Problem(Kind.INVALID, "x", ("payload", "transcript"), "maxLength", claim="structural-fields-are-objects")
    assert refuse((problem,), asked().call).body == {"success": False, "error": "payload.transcript must be an object"}
