"""What Authenticx refuses beyond the shape of an upload."""

from mockserver.kit.media import name_extension
from mockserver.model import Facts, Kind, Problem, Ref, rule
from mockserver.vendors.authenticx import organisation, reading
from mockserver.vendors.authenticx.intakes import intake, is_allowed

# 2.5 GB as the document's x-max-bytes has them: media behind a URL never pass through its counting.
MOST_BYTES = 2_684_354_560
NOT_FETCHED = ("missing", "forbidden", "expired", "slow")


@rule("allowed-extensions")
def file_has_an_allowed_extension(facts: Facts) -> Problem | None:
    file = reading.file(facts.call)
    if file is None or is_allowed(facts.call, name_extension(file.filename)):
        return None
    return invalid("the file's extension is none of those allowed", "file")


@rule("extensions-by-upload-type")
def media_fits_upload_type(facts: Facts) -> Problem | None:
    kind, ending = reading.text(facts.call, "UploadType") or "", reading.media_extension(facts.call)
    own = intake(facts.call).extensions.get(kind)
    if own is None or ending in own or not is_allowed(facts.call, ending):
        return None
    return invalid(f"{ending} is no extension for {kind}", "file")


@rule("extensions-by-upload-type")
def media_without_file_name_fits_upload_type(facts: Facts) -> Problem | None:
    """Judge before the schema what otherwise comes after it, for it comes before the name that the schema misses."""
    return None if "FileName" in facts.call.fields else media_fits_upload_type.check(facts)


@rule("file-name-with-extension")
def file_name_has_an_allowed_extension(facts: Facts) -> Problem | None:
    if is_allowed(facts.call, name_extension(reading.file_name(facts.call))):
        return None
    return named(facts, "ends in none of the allowed extensions")


@rule("extensions-must-match")
def extensions_match(facts: Facts) -> Problem | None:
    sent, given = reading.sent_extension(facts.call), name_extension(reading.file_name(facts.call))
    if sent in ("", given):
        return None
    return named(facts, f"ends in {given}, the media in {sent}")


@rule("names-may-differ")
def names_match(facts: Facts) -> Problem | None:
    if facts.option("file_name_match") == "extension" or reading.names_agree(facts.call):
        return None
    return named(facts, "and the uploaded file's name differ")


@rule("text-id-is-new")
def id_is_new(facts: Facts) -> Problem | None:
    if facts.at_hand(reading.CONVERSATION, reading.ident(facts.call)) is None:
        return None
    return invalid("an earlier upload has this Id", "metadata", "Id")


@rule("file-name-is-new")
def file_name_is_new(facts: Facts) -> Problem | None:
    if Ref(reading.FILE_NAME, reading.file_name(facts.call)) not in facts.known:
        return None
    return named(facts, "is that of an earlier upload")


@rule("supported-locales")
def locale_is_supported(facts: Facts) -> Problem | None:
    if reading.locale(facts.call):
        return None
    return invalid("LocaleId is neither 1033 nor 2058", "metadata", "LocaleId")


@rule("hierarchy-must-exist")
def hierarchy_exists(facts: Facts) -> Problem | None:
    fields = facts.call.fields
    if "HierarchyId" in fields and not organisation.hierarchy_by_id(facts):
        return invalid("the organisation has no hierarchy of this id", "metadata", "HierarchyId")
    if "HierarchyCode" in fields and not organisation.hierarchy_by_code(facts):
        return invalid("the organisation has no hierarchy of this code", "metadata", "HierarchyCode")
    return None


@rule("signed-url-fetch-fails")
def media_can_be_fetched(facts: Facts) -> Problem | None:
    failure = reading.behind(facts).failure
    return invalid(f"what lies behind the URL is {failure}", "signedUrl") if failure in NOT_FETCHED else None


@rule("file-2-5-gb")
def fetched_media_is_small_enough(facts: Facts) -> Problem | None:
    lying = reading.behind(facts)
    if lying.failure != "too-large" and (lying.size or 0) <= MOST_BYTES:
        return None
    return Problem(Kind.TOO_LARGE, "what lies behind the URL has more than 2.5 GB", ("signedUrl",), got=lying.size)


def named(facts: Facts, says: str) -> Problem:
    name = intake(facts.call).name
    return invalid(f"{name} {says}", "metadata", name)


def invalid(says: str, *path: str) -> Problem:
    return Problem(Kind.INVALID, says, path)
