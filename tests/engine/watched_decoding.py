"""Decode hostile names and print, as JSON, what the interpreter did with files, sockets and processes meanwhile.

A program of its own, since a watch on the interpreter cannot be called off.
"""

import json
import sys
from pathlib import Path

from tests.engine.hostile_names import NAMES
from tests.engine.sending import FORM, FORM_ENDPOINT, JSON, JSON_ENDPOINT, PAIRS, endpoint, form, part, send

EFFECTS = ("open", "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "urllib.", "glob.", "pathlib.", "ctypes.")
FILES = (
    b"ID3\x04\x00\x00\x00\x00\x00\x00",
    b"RIFF\x24\x00\x00\x00WAVEfmt ",
    b"OggS\x00\x02",
    b"\x00\x00\x00\x18ftypmp42",
    b"PK\x03\x04",
)
PAIRS_ENDPOINT = endpoint({PAIRS: {"schema": {"type": "object"}}})

seen: list[str] = []
is_watching = False


def watch(event: str, arguments: tuple[object, ...]) -> None:
    if is_watching and event.startswith(EFFECTS):
        seen.append(f"{event} {arguments!r}")


def decode_all(names: tuple[str, ...]) -> int:
    calls = 0
    for number, name in enumerate(names):
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        file = FILES[number % len(FILES)]
        for known in ("recording", "unknown"):
            send(FORM_ENDPOINT, form(part(known, file, filename=quoted), part(quoted, name), part("title", name)), FORM)
        text = json.dumps({"title": name, "recording": name, name: name}).encode()
        send(JSON_ENDPOINT, text, JSON)
        send(PAIRS_ENDPOINT, b"file=" + name.encode(), PAIRS, query="file=" + name)
        calls += 4
    return calls


if __name__ == "__main__":
    # What is imported late is imported before the watch begins.
    decode_all(("call.mp3",) * len(FILES))
    sys.addaudithook(watch)
    is_watching = True
    calls = decode_all(NAMES)
    by_names = list(seen)
    Path(__file__).read_bytes()
    is_watching = False
    sys.stdout.write(json.dumps({"calls": calls, "seen": by_names, "of_our_own": seen[len(by_names) :]}))
