"""The console's files: served as they are, with a policy that lets nothing else in, and made of nothing else."""

import re

import pytest

from mockserver.faces.admin.console import FOLDER, POLICY, TYPES, files
from mockserver.faces.application import Application
from mockserver.faces.gate import Gate
from tests.applications import Answered, ask, new_application, new_world, problem

FILES = sorted(files())
SCRIPTS = [name for name in FILES if name.endswith(".js")]
# What would make a text into elements or a program, or fetch from elsewhere.
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc|createContextual"
)
IMPORT = re.compile(r'from "\./([a-z]+\.js)"')


@pytest.fixture
def application() -> Application:
    return new_application(new_world("voxjar"))


def is_page(answer: Answered, media_type: str) -> bool:
    headers = answer.headers
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")
    assert headers["content-security-policy"] == POLICY
    return (answer.status, headers["content-type"]) == (200, f"{media_type}; charset=utf-8")


@pytest.mark.parametrize("path", ["/_mock/", "/_mock"])
def test_the_page_is_served_with_and_without_the_slash(application: Application, path: str) -> None:
    answer = ask(application, "GET", path)
    assert is_page(answer, "text/html")
    assert b'<script type="module" src="/_mock/console/console.js">' in answer.content
    assert ask(application, "POST", path).status == 405


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_served_as_what_it_is(application: Application, name: str) -> None:
    answer = ask(application, "GET", f"/_mock/console/{name}")
    assert is_page(answer, TYPES[f".{name.partition('.')[2]}"])
    assert answer.content == (FOLDER / name).read_bytes()


@pytest.mark.parametrize("name", ["nothing.js", "..", "__init__.py", "../gate.py", "console.js/", "%2e%2e"])
def test_no_other_file_is_looked_for(application: Application, name: str) -> None:
    assert problem(ask(application, "GET", f"/_mock/console/{name}"))[0] == 404


def test_a_closed_server_has_no_page() -> None:
    application = new_application(new_world("voxjar"), Gate(token="off", is_closed=True))
    assert ask(application, "GET", "/_mock/").status == 403


def test_the_policy_lets_in_nothing_but_our_own() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert {rules[name] for name in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
    assert {rules[name] for name in ("base-uri", "form-action", "frame-ancestors", "trusted-types")} == {"'none'"}
    assert "unsafe" not in POLICY


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_makes_no_elements_of_texts_and_asks_nobody_else(name: str) -> None:
    text = files()[name]
    assert SINKS.findall(text) == []
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w", text.replace("https://example.com/call-audio.mp3", "")) == []
    assert set(IMPORT.findall(text)) <= set(SCRIPTS)


def test_every_script_is_part_of_the_page() -> None:
    reached, left = set(), {"console.js"}
    while left:
        name = left.pop()
        reached.add(name)
        left |= set(IMPORT.findall(files()[name])) - reached
    assert reached == set(SCRIPTS)


def test_the_page_holds_no_script_or_style_of_its_own() -> None:
    page = files()["index.html"]
    assert re.findall(r"<script(?![^>]*src=)|<style|\son\w+=|style=", page) == []
