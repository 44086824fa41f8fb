"""The command as a whole: every verb is there, exit statuses, one sentence and no trace for what is wrong."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from mockserver import __version__
from mockserver.faces.cli import VERBS
from mockserver.faces.cli import mockserver as command
from mockserver.settings import SETTINGS
from tests.applications import made_up, operation
from tests.processes import Run, run


def test_every_verb_is_listed_with_its_purpose(verb: Run) -> None:
    status, out, err = verb("--help")
    assert (status, err) == (0, "")
    listed = out.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in listed if line.startswith("  ") and line[2] != " "] == list(VERBS)


@pytest.mark.parametrize("name", ["", "accounts", "journal", "records", "fault", "clock", "media", "snapshot"])
def test_what_verbs_do_is_told_in_whole_sentences(name: str, verb: Run) -> None:
    _, out, _ = verb(*name.split(), "--help")
    told = out.partition("Commands:")[2]
    assert told
    assert "..." not in told


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_explains_itself_and_every_option(name: str, verb: Run) -> None:
    status, out, err = verb(name, "--help")
    assert (status, err) == (0, "")
    found = command.get_command(click.Context(command), name)
    assert found is not None
    assert found.help
    for parameter in found.params:
        if isinstance(parameter, click.Option):
            assert parameter.help
            assert parameter.opts[0] in out


def test_without_a_verb_the_help_is_printed_and_the_usage_is_wrong(verb: Run) -> None:
    status, out, _ = verb()
    assert status == 2
    assert "Commands:" in out


def test_serve_lists_every_setting_with_its_environment_variable(verb: Run) -> None:
    _, out, _ = verb("serve", "--help")
    words = out.split()
    for setting in SETTINGS:
        assert setting.flag in words
        assert f"[{setting.variable}]" in words


WRONG: list[tuple[list[str], str]] = [
    (["sevre"], "No such command 'sevre'."),
    (["serve", "--prot", "1"], "No such option"),
    (["serve", "--port", "http"], "Invalid value for '--port'"),
    (["serve", "--port", "65536"], "--port is a number from 0 to 65535, not 65536"),
    (["serve", "--port"], "Option '--port' requires an argument."),
    (["serve", "voxjar"], "Got unexpected extra argument (voxjar)"),
    (["serve", "--vendors", "acme"], "there is no vendor 'acme': known are authenticx, emberqa, resonaa, siro"),
    (["serve", "--documents", "none"], "none: no such folder: --documents names one with a folder per vendor"),
    (["serve", "--accounts", "none.json"], "none.json: no such file or directory: --accounts names a JSON file"),
    (["serve", "--log-format", "xml"], "--log-format is text or json, not 'xml'"),
    (["serve", "--admin-token", ""], "--admin-token is letters, digits and signs without blanks, not ''"),
    (["serve", "--allow-origin", "app.example"], "--allow-origin is an origin such as https://app.example"),
    (["serve", "--host", "a..b"], "cannot listen on a..b:0: "),
    (["serve", "--host", "198.51.100.1"], "cannot listen on 198.51.100.1:0: "),
    (["try"], "Missing argument 'VENDOR'."),
    (["try", "voxjar"], "Missing argument 'OPERATION'."),
    (["try", "acme", "upload"], "there is no vendor 'acme': known are "),
    (["try", "voxjar", "download"], "voxjar has no operation 'download': known are uploadInteraction"),
    (["try", "voxjar", "uploadInteraction", "--json", "@none.json"], "none.json: no such file or directory"),
    (["try", "voxjar", "uploadInteraction", "--file", "none.mp3"], "none.mp3: no such file or directory"),
    (["try", "voxjar", "uploadInteraction", "--file", "."], ".: is a directory"),
    (["try", "voxjar", "uploadInteraction", "--field", "name"], "--field is NAME=VALUE, not 'name'"),
    (["try", "voxjar", "uploadInteraction", "--header", "name"], "--header is NAME:VALUE, not 'name'"),
    (["try", "siro", "uploadRecording", "--field", "a=b"], "uploadRecording takes no form: use --json"),
    (["try", "resonaa", "addCall", "--json", "{}"], "this form has no JSON part: use --field NAME=TEXT"),
    (["try", "voxjar", "uploadInteraction", "--documents", "none"], "none: no such folder"),
    (["verify"], "Missing argument 'VENDOR|FOLDER'."),
    (["verify", "acme"], "'acme' is neither a folder of cases nor a vendor with cases: those are authenticx, emberqa"),
    (["verify", "voxjar", "--against", "ftp://mock"], "--against is an http address, not 'ftp://mock'"),
    (["claims"], "Missing argument 'VENDOR'."),
    (["claims", "acme"], "there is no vendor 'acme': known are "),
    (["claims", "voxjar", "--yaml"], "No such option"),
    (["openapi", "acme"], "there is no vendor 'acme': known are "),
    (["openapi", "voxjar", "--documents", "none"], "none: no such folder"),
    (["env", "acme"], "there is no vendor 'acme': known are "),
    (["health", "--url", "ftp://mock"], "--url is an http address, not 'ftp://mock'"),
    (["doctor", "--fix"], "No such option"),
    (["version", "extra"], "Got unexpected extra argument (extra)"),
]


@pytest.mark.parametrize(("words", "says"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_wrong_usage_is_one_sentence_and_status_2(words: list[str], says: str, verb: Run) -> None:
    more = ["--port", "0"] if words[0] == "serve" and "--port" not in words else []
    status, out, err = verb(*words, *more)
    assert (status, out) == (2, "")
    assert err.startswith(f"mockserver: {says}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["try", "voxjar", "uploadInteraction", "--json", "\udcff"],
        ["try", "siro", "getUser", "--path", "id=\udcff"],
        ["explain", "voxjar", "POST", "/api/v1/upload", "--body", "\udcff"],
        ["journal", "show", "\udcff"],
        ["serve", "--port", "0", "--seed", "\udcff"],
    ],
)
def test_bytes_that_are_no_text_are_wrong_usage(words: list[str], verb: Run) -> None:
    sentence = "mockserver: an argument or a setting holds bytes that are no text in UTF-8\n"
    assert verb(*words) == (2, "", sentence)


def test_letters_that_the_output_has_not_are_written_otherwise(tmp_path: Path) -> None:
    done = run("explain", "voxjar", "GET", "/日", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert (done.returncode, done.stderr) == (1, "")
    assert "there is no /\\u65e5 here" in done.stdout


def test_json_stays_json_where_the_output_has_not_its_letters(tmp_path: Path) -> None:
    done = run("explain", "voxjar", "GET", "/😀", "--json", cwd=tmp_path, PYTHONIOENCODING="cp1252")
    assert "there is no /😀 here" in str(json.loads(done.stdout))


def test_a_host_that_nobody_knows_is_one_sentence_and_status_2(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_words: Any, **_more: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    says = "mockserver: cannot listen on unknown.example:0: name or service not known: choose another --host\n"
    assert verb("serve", "--host", "unknown.example", "--port", "0") == (2, "", says)


BROKEN = [
    ("mockserver.toml", "port = ", "mockserver.toml: "),
    ("mockserver.toml", "prot = 1", "mockserver.toml: unknown setting 'prot': known are "),
    ("mockserver.toml", "port = 'x'", "mockserver.toml: port is a number from 0 to 65535, not 'x'"),
    ("mockserver.toml", "port = 0\n[acme]\nspeed = 1", "there is no vendor 'acme': known are "),
    ("mockserver.toml", "port = 0\n[voxjar]\nspeed = 1", "voxjar has no option 'speed': known are "),
    (
        "mockserver.toml",
        "port = 0\n[voxjar]\nsuccess_status = 1",
        "voxjar's option 'success_status' is one of 200, 201, not 1",
    ),
    ("accounts.json", "[", "accounts.json: "),
    ("accounts.json", '[{"vendor": "voxjar", "scores": 1}]', "accounts.json: $[0]: "),
    ("accounts.json", '[{"vendor": "acme"}]', "--accounts $[0]: there is no vendor 'acme': known are "),
    (
        "accounts.json",
        '[{"vendor": "voxjar", "name": "demo"}]',
        "--accounts $[0]: voxjar has an account 'demo', or one with that",
    ),
    (
        "accounts.json",
        '[{"vendor": "voxjar", "options": {"a": 1}}]',
        "--accounts $[0]: voxjar has no option 'a': known are ",
    ),
    ("accounts.json", '[{"vendor": "voxjar", "book": {"tag": []}}]', "--accounts $[0]: book has no field tag"),
    ("documents/acme/openapi.json", "{", "documents/acme/openapi.json: "),
    ("documents/acme/openapi.json", '{"openapi": "3.1.0", "unknown": 1}', "documents/acme/openapi.json: at "),
    ("documents/acme/notes.txt", "", "documents/acme/openapi.json: at /: no such file"),
    ("documents/acme/behaviour.py", "", "documents/acme/openapi.json: at /: no such file"),
    ("documents/acme/openapi.json/file", "", "[Errno 21] Is a directory"),
]


@pytest.mark.parametrize(("name", "content", "says"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_is_one_sentence_and_status_2(name: str, content: str, says: str, verb: Run) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    flag = {"accounts.json": ["--accounts", name], "documents": ["--documents", "documents"]}.get(path.parts[0], [])
    status, out, err = verb("serve", "--host", "127.0.0.1", *flag, *([] if name.endswith("toml") else ["--port", "0"]))
    assert (status, out) == (2, "")
    assert err.removeprefix("mockserver: ").removeprefix(f"{Path.cwd()}/").startswith(says)
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("vandor = 1", "has no `vendor`"),
        ("vendor = (", "SyntaxError: '(' was never closed"),
        ("import nobody_has_this", "ModuleNotFoundError: No module named 'nobody_has_this'"),
        ("raise SystemExit", "SystemExit: "),
    ],
)
@pytest.mark.parametrize("words", [("serve", "--port", "0"), ("try", "acme", "addCall")], ids=["serve", "try"])
def test_a_behaviour_that_cannot_be_run_is_one_sentence(
    words: tuple[str, ...], behaviour: str, says: str, verb: Run, tmp_path: Path
) -> None:
    made_up(tmp_path / "documents", "acme", {"/calls": {"post": operation("addCall")}})
    (tmp_path / "documents" / "acme" / "behaviour.py").write_text(f"{behaviour}\n")
    status, out, err = verb(*words, "--documents", "documents")
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"mockserver: documents/acme/behaviour.py: {says}")


def test_a_port_in_use_is_one_sentence_and_status_2(verb: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, out, err = verb("serve", "--port", port)
    assert (status, out) == (2, "")
    sentence = f"mockserver: cannot listen on 127.0.0.1:{port}: address already in use: choose another --port, or 0 for"
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_wrong_usage_in_a_process_of_its_own(tmp_path: Path) -> None:
    done = run("serve", "--prot", "1", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mockserver: No such option")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words", [[sys.executable, "-m", "mockserver"], [str(Path(sys.executable).parent / "mockserver")]]
)
def test_the_command_and_the_module_are_the_same(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run([*words, "version"], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == f"mockserver {__version__}\n"


def test_a_reader_that_has_enough_is_no_trouble(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "mockserver", "claims", "voxjar"],
            cwd=tmp_path,
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_no_trouble(verb: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockserver.faces.serving.listen", interrupt)
    status, out, err = verb("serve")
    assert (status, out, err.strip()) == (130, "", "")
