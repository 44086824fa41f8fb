"""What Authenticx refuses beyond the shape of an upload."""

from mockserver.kit.media import extension
from mockserver.model import Facts, Grant, Kind, Problem, Ref, rule
from mockserver.vendors.authenticx import organisation, reading


@rule("scope-acxapi")
def token_has_the_scope(facts: Facts) -> Problem | None:
    # A grant without scheme is one that nobody has issued: whoever made it open to all means all.
    if facts.grant == Grant() or "acxapi" in facts.grant.scopes:
        return None
    return Problem(Kind.FORBIDDEN, "the token is not for the scope acxapi")


@rule("allowed-extensions")
def file_has_an_allowed_extension(facts: Facts) -> Problem | None:
    file = reading.file(facts.call)
    if file is None or reading.is_allowed(extension(file.filename)):
        return None
    return invalid("the file's extension is in neither list", "file")


@rule("extensions-by-upload-type")
def media_fits_upload_type(facts: Facts) -> Problem | None:
    kind, ending = reading.text(facts.call, "UploadType") or "", reading.media_extension(facts.call)
    own = reading.EXTENSIONS.get(kind)
    if own is None or ending in own or not reading.is_allowed(ending):
        return None
    return invalid(f"{ending} is no extension for {kind}", "file")


@rule("extensions-by-upload-type")
def media_without_file_name_fits_upload_type(facts: Facts) -> Problem | None:
    """Judge before the schema what otherwise comes after it, for it comes before the name that the schema misses."""
    return None if "FileName" in facts.call.fields else media_fits_upload_type.check(facts)


@rule("file-name-with-extension")
def file_name_has_an_allowed_extension(facts: Facts) -> Problem | None:
    if reading.is_allowed(extension(reading.file_name(facts.call))):
        return None
    return invalid("FileName ends in none of the allowed extensions", "metadata", "FileName")


@rule("extensions-must-match")
def extensions_match(facts: Facts) -> Problem | None:
    sent, named = reading.sent_extension(facts.call), extension(reading.file_name(facts.call))
    if sent in ("", named):
        return None
    return invalid(f"FileName ends in {named}, the media in {sent}", "metadata", "FileName")


@rule("names-may-differ")
def names_match(facts: Facts) -> Problem | None:
    if facts.option("file_name_match") == "extension" or reading.names_agree(facts.call):
        return None
    return invalid("FileName and the uploaded file's name differ", "metadata", "FileName")


@rule("file-name-is-new")
def file_name_is_new(facts: Facts) -> Problem | None:
    name = reading.file_name(facts.call)
    if Ref("file-name", name) not in facts.known:
        return None
    return invalid("an earlier upload has this FileName", "metadata", "FileName")


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


def invalid(says: str, *path: str) -> Problem:
    return Problem(Kind.INVALID, says, path)
