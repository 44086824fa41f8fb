"""What Voxjar refuses beyond the shape of an upload."""

from mockserver.kit.hosts import Mode, judge_url
from mockserver.model import Facts, Kind, Problem, Ref, rule
from mockserver.vendors.voxjar import reading
from mockserver.vendors.voxjar.book import active_scorecard
from mockserver.vendors.voxjar.media import behind, file_of, has_media, is_too_large, kind_behind, url_of
from mockserver.vendors.voxjar.price import price_of

# What a fetch comes back with instead of media.
UNREACHABLE = {
    "missing": "there is nothing at it",
    "forbidden": "it may not be fetched",
    "expired": "it has expired",
}


@rule("type-must-be-known")
def type_must_be_known(facts: Facts) -> Problem | None:
    if reading.type_of(facts):
        return None
    says = "interactionType cannot be determined from the content: set it explicitly"
    return Problem(Kind.INVALID, says, ("interactionType",))


@rule("text-types-need-text")
def chat_and_sms_need_text(facts: Facts) -> Problem | None:
    kind = reading.type_of(facts)
    if kind not in ("CHAT", "SMS") or reading.text_of(facts.call):
        return None
    return Problem(Kind.INVALID, f"{kind} needs the text of a transcript", ("transcript", "text"))


@rule("media-types-need-content")
def audio_and_video_need_content(facts: Facts) -> Problem | None:
    kind = reading.type_of(facts)
    if kind not in ("AUDIO", "VIDEO") or has_media(facts.call) or reading.has_transcript(facts.call):
        return None
    return Problem(Kind.INVALID, f"{kind} needs a file, a downloadUrl or a transcript")


@rule("email-needs-email-object")
def email_needs_email_object(facts: Facts) -> Problem | None:
    if reading.type_of(facts) != "EMAIL" or "email" in facts.call.fields:
        return None
    return Problem(Kind.INVALID, "EMAIL needs an email object", ("email",))


@rule("download-url-must-be-public", "download-url-hardened")
def download_url_must_be_public(facts: Facts) -> Problem | None:
    url = url_of(facts.call)
    if url is None:
        return None
    verdict = judge_url(url, Mode(facts.option("url_rule")))
    if verdict.accepted:
        return None
    claim = "download-url-hardened" if verdict.basis == "assumed" else None
    says = f"downloadUrl must be a public http or https URL, and this one is not: {verdict.reason}"
    return Problem(Kind.INVALID, says, ("downloadUrl",), claim=claim)


@rule("download-url-must-be-reachable")
def download_url_must_be_reachable(facts: Facts) -> Problem | None:
    if not is_fetched(facts) or (fault := UNREACHABLE.get(behind(facts).failure or "")) is None:
        return None
    return Problem(Kind.INVALID, f"downloadUrl could not be fetched: {fault}", ("downloadUrl",))


@rule("media-limit-by-url")
def download_must_be_within_the_limit(facts: Facts) -> Problem | None:
    if not is_fetched(facts) or not is_too_large(behind(facts)):
        return None
    return Problem(Kind.INVALID, "downloadUrl leads to more than 500 MB", ("downloadUrl",))


@rule("download-url-leads-to-media")
def download_url_must_lead_to_media(facts: Facts) -> Problem | None:
    if not is_fetched(facts):
        return None
    if behind(facts).failure != "not-media" and kind_behind(facts) != "other":
        return None
    return Problem(Kind.INVALID, "downloadUrl must lead to audio or video", ("downloadUrl",))


def is_fetched(facts: Facts) -> bool:
    """Whether the vendor would look behind the URL: no file is at hand, and the type has a use for media."""
    return url_of(facts.call) is not None and file_of(facts.call) is None and reading.plays_media(facts)


@rule("repeated-source")
def source_may_have_to_be_new(facts: Facts) -> Problem | None:
    source = Ref("source", facts.call.fields["sourceIdentifier"])
    if facts.option("repeated_source") == "accept" or source not in facts.known:
        return None
    return Problem(Kind.INVALID, "sourceIdentifier was used before", ("sourceIdentifier",))


@rule("scorecard-must-be-active")
def scorecard_must_be_active(facts: Facts) -> Problem | None:
    if not reading.wants_evaluation(facts.call) or active_scorecard(facts):
        return None
    ident = facts.call.fields["evaluation"]["scorecardId"]
    return Problem(Kind.NOT_FOUND, f"no ACTIVE scorecard has the id {ident[:80]}", ("evaluation", "scorecardId"))


@rule("credits-must-suffice")
def credits_must_suffice(facts: Facts) -> Problem | None:
    price, credit = price_of(facts), facts.account.credits or 0
    if price <= 0 or price <= credit:
        return None
    says = f"not enough credits: this upload costs {price:.12g}, and the account has {credit:.12g}"
    return Problem(Kind.NO_CREDITS, says)
