import asyncio
from pathlib import Path
from typing import Any

import pytest

from mockserver.creation import Plan, SetupError, Wish, every_name, media_table
from mockserver.model import Account
from mockserver.shipped import HERE, shipped
from tests.acme import changed, write_folder
from tests.plans import account_of, acme, made, refused


def test_a_world_serves_every_vendor_that_ships() -> None:
    world = made(Plan())
    folders = {path.name for path in shipped("schemas").iterdir() if not path.name.startswith("_")}
    assert world.documents.keys() == world.vendors.keys() == folders
    for name in folders:
        assert account_of(world, name, "demo").credentials


def test_a_world_serves_only_the_vendors_it_is_told() -> None:
    assert made(Plan(vendors=("emberqa",))).documents.keys() == {"emberqa"}
    assert made(Plan(vendors=("siro",))).documents.keys() == {"siro", "siro@2026-08"}
    assert made(Plan(vendors=("siro@2026-08",))).documents.keys() == {"siro@2026-08"}


def test_settings_reach_the_world(tmp_path: Path) -> None:
    world = made(acme(tmp_path, cap=5, any_token=True, check_replies=True, seed="a", is_strict=True, pace="reads:3"))
    assert (world.cap, world.any_token, world.check_replies, world.is_strict) == (5, True, True, True)
    assert asyncio.run(world.now()).pace.reads == 3
    assert world.ids.fresh() == made(Plan(vendors=("acme",), documents=tmp_path, seed="a")).ids.fresh()


def test_demo_has_a_made_up_token_where_no_file_says_more(tmp_path: Path) -> None:
    world = made(acme(tmp_path))
    assert account_of(world, "acme", "demo") == Account(
        "acme", "demo", {"token": "acme-demo-token"}, options={"status": 200}
    )
    assert account_of(world, "acme", "broke").credentials == {"token": "acme-broke-token"}


def test_demo_has_what_a_file_beside_the_documents_says(tmp_path: Path) -> None:
    file = {"credentials": {"token": "t"}, "credits": 5, "book": {"tags": [1]}}
    demo = account_of(made(acme(tmp_path, account=file)), "acme", "demo")
    assert (demo.credentials, demo.credits, demo.book) == ({"token": "t"}, 5, {"tags": [1]})


def test_options_of_the_plan_are_those_of_the_demo_account(tmp_path: Path) -> None:
    world = made(acme(tmp_path, options={"acme": {"status": 201}, "voxjar": {"nobody": 1}}))
    assert account_of(world, "acme", "demo").options == {"status": 201}


EVERY = ", ".join(sorted(path.name for path in shipped("schemas").iterdir() if not path.name.startswith("_")))


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (Plan(vendors=("nobody", "emberqa")), f"there is no vendor 'nobody': known are {EVERY}"),
        (Plan(vendors=("emberqa",), options={"nobody": {}}), f"there is no vendor 'nobody': known are {EVERY}"),
        (
            Plan(vendors=("emberqa",), options={"emberqa": {"x": 1}}),
            "emberqa has no option 'x': known are success_status, completion_metadata",
        ),
        (
            Plan(vendors=("emberqa",), options={"emberqa": {"success_status": 204}}),
            "emberqa's option 'success_status' is one of 200, 202, not 204",
        ),
        (
            Plan(vendors=("emberqa",), wishes=(Wish("emberqa", options={"success_status": "200"}),)),
            "--accounts $[0]: emberqa's option 'success_status' is one of 200, 202, not '200'",
        ),
        (
            Plan(vendors=("emberqa",), pace="fast"),
            "pace is a number of at most six digits and six decimals, immediate, held or reads:N, not 'fast'",
        ),
        (
            Plan(vendors=("emberqa",), wishes=(Wish("emberqa"), Wish("voxjar"))),
            "--accounts $[1]: there is no vendor 'voxjar': known are emberqa",
        ),
        (
            Plan(vendors=("emberqa",), wishes=(Wish("emberqa", "demo"),)),
            "--accounts $[0]: emberqa has an account 'demo', or one with that credential, already",
        ),
        (
            Plan(vendors=("emberqa",), wishes=(Wish("emberqa", "mine", {"api_key": "emberqa-demo-key"}),)),
            "--accounts $[0]: emberqa has an account 'mine', or one with that credential, already",
        ),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(plan: Plan, says: str) -> None:
    assert refused(plan) == says


@pytest.mark.parametrize("value", [True, 200.0, "200", None, [200]])
def test_a_choice_has_the_type_of_the_choices(tmp_path: Path, value: Any) -> None:
    plan = Plan(vendors=("emberqa",), options={"emberqa": {"success_status": value}})
    assert refused(plan) == f"emberqa's option 'success_status' is one of 200, 202, not {value!r}"


def test_a_vendor_without_options_says_so(tmp_path: Path) -> None:
    plan = acme(tmp_path, behaviour=None, options={"acme": {"status": 201}})
    assert refused(plan) == "acme has no option 'status': known are none"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    says = f"{missing}: no such folder: --documents names one with a folder per vendor"
    assert refused(Plan(documents=missing)) == says


def test_a_document_that_cannot_be_kept(tmp_path: Path) -> None:
    plan = acme(tmp_path)
    write_folder(tmp_path / "acme", changed("/surprise", 1))
    says = (
        f"{tmp_path.name}/acme/openapi.json: at /: unknown word 'surprise': remove it, or teach the engine to keep it"
    )
    assert refused(plan) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "Input data was truncated"),
        ('{"credits": 5}', "Object missing required field `credentials`"),
        ('{"credentials": {}, "credits": -5}', "Expected `float` >= 0.0 - at `$.credits`"),
        ('{"credentials": {"token": 5}}', "Expected `str`, got `int` - at `$.credentials[...]`"),
        ('{"credentials": {}, "scorecards": []}', "Object contains unknown field `scorecards`"),
    ],
)
def test_an_account_file_that_cannot_be_read(tmp_path: Path, text: str, says: str) -> None:
    assert refused(acme(tmp_path, account=text)) == f"{tmp_path}/_accounts/acme.json: {says}"


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("vendor = 5", "has no `vendor`, the value that says what acme does"),
        ("vendor = (", "SyntaxError: '(' was never closed (behaviour.py, line 1)"),
        ("import nobody_has_this", "ModuleNotFoundError: No module named 'nobody_has_this'"),
        ("vendor = {}['x']", "KeyError: 'x'"),
        ("from mockserver.model import nothing", "ImportError: cannot import name 'nothing' from 'mockserver.model'"),
        ("raise ValueError('one line\\nand another')", "ValueError: one line"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("def call(): call()\ncall()", "RecursionError: maximum recursion depth exceeded"),
        ("vendor = '\0'", "SyntaxError: source code string cannot contain null bytes"),
    ],
)
def test_a_behaviour_that_cannot_be_run(tmp_path: Path, behaviour: str, says: str) -> None:
    assert refused(acme(tmp_path, behaviour=behaviour)).startswith(f"{tmp_path}/acme/behaviour.py: {says}")


@pytest.mark.parametrize(
    ("vendor", "says"),
    [
        ("operations={'addCal': Operation()}", "there is no operation 'addCal': the document has addCall"),
        ("operations={'addCall': Operation(rules=(check,))}", "'check' is no rule: put @rule and its claim over it"),
        ("operations={'addCall': Operation(early=(5,))}", "5 is no rule: put @rule and its claim over it"),
        ("guards=(check,)", "'check' is no rule: put @rule and its claim over it"),
        ("guards=(check)", "check is no list of rules: one alone is written (check,)"),
        (
            "operations={'addCall': Operation(rules=(rule('a')(check)))}",
            "check is no list of rules: one alone is written (check,)",
        ),
    ],
)
def test_a_behaviour_that_would_judge_nothing(tmp_path: Path, vendor: str, says: str) -> None:
    behaviour = f"from mockserver.model import *\ndef check(facts): ...\nvendor = Vendor('acme', {vendor})"
    assert refused(acme(tmp_path, behaviour=behaviour)) == f"{tmp_path}/acme/behaviour.py: {says}"


def test_a_users_vendors_are_among_the_known(tmp_path: Path) -> None:
    acme(tmp_path)
    assert set(every_name(Plan(documents=tmp_path))) == {"acme", *EVERY.split(", ")}
    assert "acme" in refused(Plan(vendors=("nobody",), documents=tmp_path))


def test_the_table_of_media_is_there_from_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(acme(tmp_path)).media
    (tmp_path / "facts.toml").write_text("[[item]]\nsize = 1")
    monkeypatch.setattr("mockserver.creation.shipped", lambda _: tmp_path)
    with pytest.raises(SetupError, match=r"facts\.toml: item 1 has either url or prefix"):
        media_table()
    (tmp_path / "facts.toml").unlink()
    with pytest.raises(SetupError, match=r"facts\.toml"):
        media_table()


def test_what_travels_with_the_package_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shipped("schemas") == HERE.parent / "schemas"
    monkeypatch.setattr("mockserver.shipped.HERE", tmp_path)
    (tmp_path / "_data" / "schemas").mkdir(parents=True)
    assert shipped("schemas") == tmp_path / "_data" / "schemas"
