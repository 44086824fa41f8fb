"""What a world is made from: the tables and files that settings name are held to what there is."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from mockserver.creation import SetupError, Wish, create_world
from mockserver.faces.plans import find_document, given, plan_of, wishes
from mockserver.settings import SETTINGS, Settings, SettingsError
from tests.applications import made_up, operation


def settings(options: dict[str, dict[str, Any]] | None = None, **values: Any) -> Settings:
    return Settings({setting.name: values.get(setting.name, setting.default) for setting in SETTINGS}, options or {})


def test_a_plan_holds_what_the_settings_say(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    path.write_text('[{"vendor": "voxjar", "name": "mine", "credits": 5}]')
    plan = plan_of(
        settings(
            {"voxjar": {"success_status": 201}},
            vendors=("voxjar",),
            seed="seed",
            max_upload=10,
            any_token=True,
            check_replies=True,
            documents=str(tmp_path),
            accounts=str(path),
        )
    )
    assert (plan.vendors, plan.seed, plan.cap, plan.any_token, plan.check_replies) == (
        ("voxjar",),
        "seed",
        10,
        True,
        True,
    )
    assert plan.documents == tmp_path
    assert plan.options == {"voxjar": {"success_status": 201}}
    assert plan.wishes == (Wish("voxjar", "mine", credits=5),)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"speed": 1}, "voxjar has no option 'speed': known are "),
        ({"success_status": 202}, "voxjar's option 'success_status' is one of 200, 201, not 202"),
        ({"success_status": True}, "voxjar's option 'success_status' is one of 200, 201, not True"),
    ],
)
def test_an_option_that_a_vendor_has_not_is_refused(options: dict[str, Any], says: str) -> None:
    plan = plan_of(settings({"voxjar": options, "emberqa": {}}, vendors=("voxjar",)))
    with pytest.raises(SetupError) as caught:
        asyncio.run(create_world(plan))
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ""),
        (b"[", ""),
        (b"\xff[]", ""),
        (b"[" * 1000, ""),
        (b'{"vendor": "voxjar"}', "$: "),
        (b"[1]", "$[0]: "),
        (b'[{"name": "mine"}]', "$[0].vendor: "),
        (b'[{"vendor": "voxjar", "name": "a/b"}]', "$[0].name: "),
        (b'[{"vendor": "voxjar"}, {"vendor": "voxjar", "credits": -1}]', "$[1].credits: "),
        (b'[{"vendor": "voxjar", "scores": 1}]', "$[0]: "),
    ],
)
def test_a_broken_file_of_accounts_is_named_with_the_place(content: bytes, place: str, tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        wishes(str(path))
    said = str(caught.value)
    assert said.startswith(f"{path}: {place}")
    assert "\n" not in said


def test_a_missing_file_of_accounts_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.json: no such file or directory: --accounts names a JSON file"):
        wishes(str(tmp_path / "none.json"))


def test_accounts_are_read_as_they_are_posted(tmp_path: Path) -> None:
    path = tmp_path / "accounts.json"
    wished = [{"vendor": "voxjar", "credentials": {"token": "mine"}, "book": {"tags": []}, "options": {}}]
    path.write_text(json.dumps(wished))
    assert wishes(str(path)) == (Wish("voxjar", credentials={"token": "mine"}, book={"tags": []}),)


def test_only_flags_that_were_given_count() -> None:
    flags = {"host": None, "port": 0, "vendors": (), "allow_host": ("a",), "any_token": None, "no_marks": True}
    assert given(flags) == {"port": 0, "allow_host": ("a",), "no_marks": True}


def test_a_document_is_found_among_ours_and_those_laid_over_them(tmp_path: Path) -> None:
    made_up(tmp_path, "acme", {"/calls": {"post": operation("addCall")}})
    assert find_document("voxjar", None).name == "voxjar"
    assert find_document("acme", str(tmp_path)).name == "acme"


@pytest.mark.parametrize(
    ("vendor", "says"),
    [("acme", "there is no vendor 'acme': known are authenticx, "), ("", "there is no vendor '': known are ")],
)
def test_an_unknown_vendor_is_told_the_known_ones(vendor: str, says: str) -> None:
    with pytest.raises(SetupError) as caught:
        find_document(vendor, None)
    assert str(caught.value).startswith(says)


def test_a_vendor_that_has_editions_only_is_told_them(tmp_path: Path) -> None:
    made_up(tmp_path, "acme@2", {"/calls": {"post": operation("addCall")}})
    with pytest.raises(SetupError, match=r"there is no document 'acme': known are acme@2"):
        find_document("acme", str(tmp_path))
