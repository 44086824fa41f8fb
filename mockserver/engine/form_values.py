"""Form texts become the values they stand for, so that a form and JSON look the same to those who judge."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockserver.engine.content import Content
from mockserver.engine.endpoint import Body, Part
from mockserver.engine.read_form import Section, find_part, malformed
from mockserver.engine.read_json import Unreadable, read_json
from mockserver.model import Advice, Json, Kind, Path, Problem, Upload

TRUTHS = {"true": True, "false": False}
# As many digits as any decimal may have that is finite: a document that sets no bound means none.
WHOLE = re.compile(r"-?\d{1,300}", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,300}(\.\d{1,300})?", re.ASCII)


def coerce(text: str, types: Sequence[str]) -> Json:
    """Return what a text stands for under the document's types; what fits none stays text, to be judged."""
    if "null" in types and text == "null":
        return None
    if "boolean" in types and text.lower() in TRUTHS:
        return TRUTHS[text.lower()]
    if {"integer", "number"} & set(types) and WHOLE.fullmatch(text):
        return int(text)
    if "number" in types and DECIMAL.fullmatch(text):
        return float(text)
    return text


def collect_sections(sections: Sequence[Section], body: Body, size: int) -> Content:
    """Return the form as one object, and its files. A file stands in it as a short text, empty when the file is."""
    instance: dict[str, Any] = {}
    files: dict[str, Upload] = {}
    misread: list[Problem] = []
    advice: list[Advice] = []
    for section in sections:
        part = section.part
        if section.is_file:
            upload = section.upload()
            files[part.name] = upload
            value: Json = f"{upload.size} bytes" if upload.size else ""
        elif part.is_json:
            value, notes = read_part(section, misread)
            advice += notes
        else:
            value = coerce(section.decoded(), part.types)
        put(instance, part, value)
    folded, renamed = fold_keys(instance, body.loose)
    return Content(folded, files, size, misread=tuple(misread), advice=(*advice, *renamed))


def read_part(section: Section, misread: list[Problem]) -> tuple[Json, list[Advice]]:
    """Return the value of a JSON part; one that cannot be read stays text and is noted for the schema step."""
    name = section.part.name
    try:
        reading = read_json(section.text)
    except Unreadable as error:
        says = f"{name} is not readable JSON: {error}"
        misread.append(Problem(Kind.MALFORMED, says, (name,), "readable", claim=section.part.readable))
        return section.text.decode("utf-8", "replace"), []
    again = "the key {} is there more than once: the last one counts"
    return reading.value, [Advice(again.format(key[:80]), f"$.{name}") for key in reading.duplicates]


def put(instance: dict[str, Any], part: Part, value: Json) -> None:
    """Add a part; one name twice is refused unless the document says that it is a list."""
    if part.is_many:
        instance.setdefault(part.name, []).append(value)
    elif part.name in instance:
        raise malformed(f"the part {part.name[:80]} is there more than once", (part.name,))
    else:
        instance[part.name] = value


def collect_pairs(pairs: Iterable[tuple[str, str]], body: Body, size: int) -> Content:
    instance: dict[str, Any] = {}
    for name, text in pairs:
        part = find_part(body, name) or Part(name)
        put(instance, part, coerce(text, part.types))
    return Content(instance, size=size)


def fold_keys(value: Json, loose: Sequence[tuple[Path, Mapping[str, str]]]) -> tuple[Json, tuple[Advice, ...]]:
    """Bring keys to their documented casing where the document says `x-loose-case`."""
    notes: list[Advice] = []
    for path, names in loose:
        value = fold_at(value, path, names, notes)
    return value, tuple(notes)


def fold_at(value: Json, path: Path, names: Mapping[str, str], notes: list[Advice]) -> Json:
    if not isinstance(value, dict):
        return value
    if path:
        step = str(path[0])
        return {**value, step: fold_at(value[step], path[1:], names, notes)} if step in value else value
    folded: dict[str, Any] = {}
    for key, child in value.items():
        name = names.get(key.casefold(), key)
        if name in folded:
            notes.append(Advice(f"{name} is there in two casings: the last one counts"))
        folded[name] = child
    return folded
