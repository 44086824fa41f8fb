"""One record, one line: whatever a client puts into it, in either format."""

import json
import logging
import sys

import pytest

from mockserver.faces.logs import Lines, set_up_logging

HOSTILE = [
    "\n",
    "\r\n",
    "\x0b\x0c",
    "\x1b[2J\x1b]0;title\x07",
    "\x85",
    "\u2028\u2029",
    "\u202e",
    "\x00",
    "\x7f",
    "\x1c\x1d\x1e",
    "\ud800",
]


def line(kind: str, message: str, *arguments: object, error: BaseException | None = None) -> str:
    trace = (type(error), error, error.__traceback__) if error else None
    return Lines(kind).format(logging.LogRecord("mockserver", logging.INFO, "", 1, message, arguments, trace))


@pytest.mark.parametrize("kind", ["text", "json"])
@pytest.mark.parametrize("hostile", HOSTILE, ids=ascii)
def test_no_control_character_of_a_client_splits_a_line_or_steers_a_terminal(kind: str, hostile: str) -> None:
    written = line(kind, "POST /%s: the client went away", f"a{hostile}error: forged")
    assert written.isprintable()
    assert len(written.splitlines()) == 1
    assert "error: forged" in written


def test_text_begins_with_the_level_and_keeps_what_is_printable() -> None:
    assert line("text", "%s: größer", "POST /ü\n") == "info: POST /ü\\n: größer"


def test_json_holds_level_logger_and_the_message_as_it_was() -> None:
    written = json.loads(line("json", "%s\n", "\x1b"))
    assert written == {"level": "info", "logger": "mockserver", "message": "\x1b\n"}


def refuse(_: str) -> None:
    raise ValueError("bad\nerror: forged\x1b[2J")


@pytest.mark.parametrize("kind", ["text", "json"])
def test_a_trace_stays_with_its_record(kind: str) -> None:
    with pytest.raises(ValueError, match="bad") as caught:
        json.JSONDecoder(parse_constant=refuse).decode("NaN")
    written = line(kind, "it broke", error=caught.value)
    first, *others = written.splitlines()
    assert "it broke" in first
    assert "ValueError" in written
    assert all(other.startswith("    ") for other in others)
    assert "\x1b" not in written
    if kind == "json":
        assert not others
        assert "ValueError: bad\nerror: forged" in json.loads(written)["message"]


@pytest.mark.usefixtures("restored_logging")
def test_our_lines_go_to_standard_error_others_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("text")
    logging.getLogger("mockserver").info("told")
    logging.getLogger("elsewhere").info("not told")
    logging.getLogger("elsewhere").warning("told too")
    logging.getLogger("python_multipart").warning("never told")
    logging.getLogger("mockserver").debug("not told")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "info: told\nwarning: told too\n")
    assert logging.root.handlers[0].stream is sys.stderr  # type: ignore[attr-defined]  # it is a StreamHandler
