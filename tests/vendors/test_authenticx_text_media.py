from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Ref
from mockserver.vendors.authenticx import reading, rules
from mockserver.vendors.authenticx.outcomes import accept_upload
from tests.authenticx import body_of, kept, media, texts
from tests.facts import ID, as_kept

OWN = "4834C9E9-74F2-4BFE-A0C8-CE947A4F30E3"


def advice_of(asked: Facts) -> list[str | None]:
    return [advice.claim for advice in accept_upload(asked).advice]


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (texts(), True),
        (texts("A.JSON_CHAT"), True),
        (texts("a.mp3"), False),
        (texts("a.zip"), False),
        (texts("json"), False),
    ],
)
def test_a_text_has_a_list_of_extensions_of_its_own(asked: Facts, *, allowed: bool) -> None:
    assert (rules.file_has_an_allowed_extension.check(asked) is None) is allowed


@pytest.mark.parametrize(
    ("metadata", "ident", "name"),
    [
        ({}, ID, f"{ID}.json"),
        ({"Id": OWN}, OWN.lower(), f"{OWN.lower()}.json"),
        ({"Id": OWN, "FilePath": "a/b.json"}, OWN.lower(), "a/b.json"),
        ({"FilePath": ""}, ID, ""),
        ({"Id": 7, "FilePath": 8}, ID, f"{ID}.json"),
    ],
)
def test_a_text_is_known_by_its_own_id_and_path_or_by_those_made_for_it(
    metadata: dict[str, Any], ident: str, name: str
) -> None:
    asked = texts(**metadata)
    assert (reading.ident(asked.call), reading.file_name(asked.call)) == (ident, name)


def test_a_text_without_a_file_has_a_path_without_extension() -> None:
    asked = texts()
    assert reading.file_name(replace(asked.call, files={})) == ID


def test_an_id_is_taken_once_whatever_brought_it() -> None:
    asked = texts(Id=OWN)
    assert rules.id_is_new.check(asked) is None
    earlier = replace(kept(asked=media()), id=OWN.lower())
    problem = rules.id_is_new.check(replace(asked, known={earlier.ref: as_kept(earlier)}))
    assert problem
    assert problem.at == "$.metadata.Id"


def test_a_text_shares_its_names_with_media() -> None:
    asked = texts(FilePath="calls/call.json")
    assert reading.namesakes(asked.call)[0] == Ref("file-name", "calls/call.json")
    problem = rules.file_name_is_new.check(
        replace(asked, known={Ref("file-name", "calls/call.json"): as_kept(accept_upload(asked).records[1])})
    )
    assert problem
    assert (problem.at, problem.says) == ("$.metadata.FilePath", "FilePath is that of an earlier upload")


def test_a_text_is_remembered_as_a_chat_that_is_processed() -> None:
    outcome = accept_upload(texts(Id=OWN, TimeStamp="2022-03-19", Phone="1", FilePath="a/0042.json"))
    conversation, index = outcome.records
    assert body_of(outcome)["id"] == conversation.id == index.body["conversation_id"] == OWN.lower()
    body = conversation.body
    assert (body["media_type"], body["interaction_date"], body["phone"]) == (
        "ProcessedChat",
        "2022-03-19T00:00:00.000Z",
        "1",
    )
    assert (body["seconds"], body["client_call_id"], body["signed_url"]) == (None, None, None)


@pytest.mark.parametrize(
    ("asked", "claims"),
    [
        (texts(Id=OWN), []),
        (texts(), ["text-id-recommended"]),
        (texts(Id=OWN, FilePath="a/0043.json"), ["names-may-differ"]),
        (texts(Id=OWN, ExtendedMetadata=[{}]), []),
        (texts(Id=OWN, FileName="a.json"), ["unknown-fields-ignored"]),
    ],
)
def test_what_a_text_passes_over_is_told(asked: Facts, claims: list[str]) -> None:
    assert advice_of(asked) == claims


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (texts(Id=OWN, Filepath_="a.json"), "FilePath"),
        (texts(Id=OWN, fileName="a.json"), "FilePath"),
        (texts(Id=OWN, InteractionDate="2022-03-19"), "TimeStamp"),
        (media(TimeStamp="2022-03-19"), "InteractionDate"),
        (media(FilePath="a.mp3"), "FileName"),
    ],
)
def test_a_misspelt_field_or_one_of_the_other_upload_is_told_with_the_one_that_may_be_meant(
    asked: Facts, meant: str
) -> None:
    (advice,) = accept_upload(asked).advice
    assert advice.says.endswith(f"did you mean {meant}?")
    assert advice.at.startswith("$.metadata.")
