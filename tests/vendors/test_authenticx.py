from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Outcome, Ref, Upload
from mockserver.vendors.authenticx import reading, rules
from mockserver.vendors.authenticx.outcomes import accept_upload
from tests.facts import ID, as_kept, facts, upload

URL = "https://bucket.s3.amazonaws.com/calls/call.mp3?X-Amz-Signature=0"


def by_file(file: Upload | None = None, /, **fields: Any) -> Facts:
    return form({"file": file or upload()}, {}, fields)


def by_url(url: str = URL, /, file: Upload | None = None, **fields: Any) -> Facts:
    return form({"file": file} if file else {}, {"signedUrl": url}, fields)


def form(files: dict[str, Upload], parts: dict[str, Any], fields: dict[str, Any], **rest: Any) -> Facts:
    metadata = {"FileName": "calls/call.mp3", "UploadType": "Audio", **fields}
    instance = {name: f"{file.size} bytes" for name, file in files.items()} | parts | {"metadata": metadata}
    media_type = "multipart/form-data"
    return facts("authenticx", metadata, files=files, instance=instance, media_type=media_type, **rest)


def without_file_name(asked: Facts) -> Facts:
    fields = {name: value for name, value in asked.call.fields.items() if name != "FileName"}
    return replace(asked, call=replace(asked.call, body=fields))


def body_of(outcome: Outcome) -> dict[str, Any]:
    return outcome.records[0].body


def advice_of(outcome: Outcome) -> list[str | None]:
    return [advice.claim for advice in outcome.advice]


@pytest.mark.parametrize("filename", ["call.mp3", "B.WAV", "a .2#.ogg", "c.opus", "d.m4a", "e.mp4", "f.tar", "g.zip"])
def test_a_file_of_either_list_is_allowed(filename: str) -> None:
    assert rules.file_has_an_allowed_extension.check(by_file(upload(filename))) is None


@pytest.mark.parametrize("filename", ["call.aac", "call", "", ".mp3", "call.mp3.exe", "mp3", "call.mp3?x"])
def test_a_file_of_neither_list_is_refused(filename: str) -> None:
    problem = rules.file_has_an_allowed_extension.check(by_file(upload(filename)))
    assert problem
    assert problem.at == "$.file"


def test_a_file_beside_a_url_and_an_empty_one_are_not_judged() -> None:
    assert rules.file_has_an_allowed_extension.check(by_url(URL, upload("call.exe"))) is None
    assert rules.file_has_an_allowed_extension.check(by_file(upload("call.exe", size=0))) is None


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        (by_file(), True),
        (by_file(UploadType="Chat"), False),
        (by_file(upload("call.zip"), UploadType="Chat"), True),
        (by_file(upload("call.zip")), False),
        (by_url(UploadType="Chat"), False),
        (by_url("https://example.com/blob", FileName="chat.tar"), False),
        (by_url("https://example.com/blob", FileName="chat.tar", UploadType="Chat"), True),
        (by_url("https://example.com/call.exe"), True),
        (by_file(UploadType="Video"), True),
        (by_file(UploadType=["Chat"]), True),
    ],
)
def test_the_media_s_extension_is_of_the_upload_type_s_own_list(asked: Facts, *, fits: bool) -> None:
    assert (rules.media_fits_upload_type.check(asked) is None) is fits


def test_where_file_name_is_missing_the_upload_type_is_judged_early() -> None:
    early = rules.media_without_file_name_fits_upload_type
    assert early.check(without_file_name(by_file(UploadType="Chat")))
    assert early.check(without_file_name(by_file())) is None
    assert early.check(by_file(UploadType="Chat")) is None


@pytest.mark.parametrize(
    ("name", "valid"),
    [
        *(("a/b.c/call.MP3", True), ("call.zip", True), ("call", False), ("", False), ("a.mp3/call", False)),
        *(("/a/call #3.mp3", True), ("call v1.2#3.mp3", True), ("call.mp3?x", False), ("call.mp3#x", False)),
    ],
)
def test_file_name_ends_in_an_allowed_extension(name: str, *, valid: bool) -> None:
    assert (rules.file_name_has_an_allowed_extension.check(by_file(FileName=name)) is None) is valid


@pytest.mark.parametrize(
    ("asked", "match"),
    [
        (by_file(upload("other.MP3")), True),
        (by_file(upload("call.wav")), False),
        (by_url(), True),
        (by_url("https://example.com/call.wav?name=call.mp3"), False),
        (by_url("https://example.com/call.exe"), False),
        (by_url("https://example.com/blob"), True),
        (by_url("https://example.wav"), True),
        (by_file(upload("/a/call v1.2#3.mp3")), True),
    ],
)
def test_file_name_ends_as_the_media_does(asked: Facts, *, match: bool) -> None:
    assert (rules.extensions_match.check(asked) is None) is match


@pytest.mark.parametrize(
    ("option", "filename", "refused"),
    [("extension", "other.mp3", False), ("name", "other.mp3", True), ("name", "CALL.mp3", False)],
)
def test_names_must_agree_only_where_it_is_asked_for(option: str, filename: str, *, refused: bool) -> None:
    asked = form({"file": upload(filename)}, {}, {}, options={"file_name_match": option})
    assert (rules.names_match.check(asked) is not None) is refused


def test_a_name_is_taken_once_it_is_known() -> None:
    asked = by_file()
    ref, own = reading.namesakes(asked.call)
    assert own == Ref("conversation", ID)
    assert ref == Ref("file-name", "calls/call.mp3")
    assert rules.file_name_is_new.check(asked) is None
    index = accept_upload(asked).records[1]
    assert rules.file_name_is_new.check(replace(asked, known={index.ref: as_kept(index)}))


@pytest.mark.parametrize("body", [{}, {"FileName": ""}, {"FileName": ["call.mp3"]}, None, "not JSON"])
def test_an_upload_without_a_name_has_no_namesakes(body: Any) -> None:
    assert reading.namesakes(facts("authenticx", body).call) == [Ref("conversation", ID)]


@pytest.mark.parametrize("locale", [1033, 2058, "1033", "2058"])
def test_two_locales_are_supported_as_numbers_and_in_digits(locale: int | str) -> None:
    asked = by_file(LocaleId=locale)
    assert rules.locale_is_supported.check(asked) is None
    assert body_of(accept_upload(asked))["locale_id"] == int(locale)


@pytest.mark.parametrize("locale", [0, 1031, -1033, "", "01033", "1033.0", "en-US"])
def test_any_other_locale_is_refused(locale: int | str) -> None:
    problem = rules.locale_is_supported.check(by_file(LocaleId=locale))
    assert problem
    assert problem.at == "$.metadata.LocaleId"


def test_the_answer_names_the_conversation_the_stored_path_and_the_size() -> None:
    answer = {"id": str(ID), "fileName": "/extmedia/calls/call.mp3.acxMedia", "fileSizeKb": 19}
    assert accept_upload(by_file(upload(size=20_479))).reply.body == answer


def test_the_answer_may_be_in_pascal_case() -> None:
    asked = form({"file": upload(size=1024)}, {}, {}, options={"response_casing": "pascal"})
    assert accept_upload(asked).reply.body == {
        "Id": str(ID),
        "FileName": "/extmedia/calls/call.mp3.acxMedia",
        "FileSizeKb": 1,
    }


def test_by_url_the_size_is_plausible_and_always_the_same() -> None:
    first, second = (body_of(accept_upload(by_url()))["file_size_kb"] for _ in range(2))
    assert first == second
    assert 97 <= first < 9_766


def test_a_conversation_is_remembered_with_what_its_metadata_comes_to() -> None:
    outcome = accept_upload(by_url(AgentCode="007", InteractionDate="2022-03-19", Team="Night"))
    assert [record.ref for record in outcome.records] == [
        Ref("conversation", str(ID)),
        Ref("file-name", "calls/call.mp3"),
    ]
    assert outcome.records[1].body == {"conversation_id": str(ID)}
    metadata = {
        "FileName": "calls/call.mp3",
        "UploadType": "Audio",
        "AgentCode": "007",
        "InteractionDate": "2022-03-19",
    }
    kept = body_of(outcome)
    assert kept["metadata"] == metadata
    assert (kept["interaction_date"], kept["locale_id"]) == ("2022-03-19T00:00:00.000Z", 1033)
    assert (kept["agent_id"], kept["hierarchy_id"]) == ("00000000-0000-0000-0000-000000000007", None)
    assert (kept["file"], kept["signed_url"], kept["status"]) == (None, URL, "Processing")


@pytest.mark.parametrize(
    ("asked", "claims"),
    [
        (by_file(), []),
        (by_file(upload("other.mp3")), ["names-may-differ"]),
        (by_url(URL, upload("other.mp3")), ["signed-url-wins"]),
        (by_url(URL, upload("", size=0)), []),
        (by_file(ExtendedMetadata=[]), ["extended-metadata-deprecated"]),
        (by_file(AgentCode="008"), ["unknown-agent-accepted"]),
        (by_file(ApplyHierarchyToAgent=True), ["apply-hierarchy-needs-one"]),
        (by_file(Team="Night"), ["unknown-fields-ignored"]),
        (by_file(**{f"{'x' * 200}{number}": 1 for number in range(60)}), ["unknown-fields-ignored"] * 20),
    ],
)
def test_what_is_taken_in_silence_is_told(asked: Facts, claims: list[str]) -> None:
    outcome = accept_upload(asked)
    assert advice_of(outcome) == claims
    assert all(len(advice.says) < 150 for advice in outcome.advice)
