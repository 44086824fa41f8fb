"""One change of a request, and the request with it made."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct
from msgspec.structs import replace

from mockserver.control.asking import Asked
from mockserver.model import Path

SET, REMOVE, RENAME = "set", "remove", "rename"
METHOD, PATH, BODY, HEADER, QUERY = "method", "path", "body", "header ", "query "
PLAIN = re.compile(r"[^.\[\"]+")
STEP = re.compile(rf"""\.({PLAIN.pattern})|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]""")


class Edit(Struct, frozen=True, omit_defaults=True):
    """`op` is set, remove or rename (to the name that `value` is).

    `at` is a place in the body (`$.timestamp`, `$.list[0]["odd.name"]`), or method, path, body, `header NAME`,
    `query NAME`.
    """

    op: str
    at: str
    value: Any = None


def make(asked: Asked, edit: Edit) -> Asked:
    """Return the request with an edit made; the same where there is nothing to change."""
    if edit.at in (METHOD, PATH, BODY):
        return replace(asked, **{edit.at: edit.value})
    if edit.at.startswith(HEADER):
        return replace(asked, headers=with_header(asked, edit))
    if edit.at.startswith(QUERY):
        return replace(asked, path=with_query(asked, edit))
    path = path_of(edit.at)
    if edit.op == SET:
        return replace(asked, body=with_place(asked.body, path, edit.value))
    if edit.op == REMOVE:
        return replace(asked, body=without_place(asked.body, path))
    without = without_place(asked.body, path)
    return replace(asked, body=with_place(without, (*path[:-1], edit.value), found(asked.body, path)))


def with_header(asked: Asked, edit: Edit) -> dict[str, str]:
    name = edit.at.removeprefix(HEADER)
    others = {key: text for key, text in asked.headers.items() if key.lower() != name.lower()}
    return others if edit.op == REMOVE else {**others, name: str(edit.value)}


def with_query(asked: Asked, edit: Edit) -> str:
    name = edit.at.removeprefix(QUERY)
    path, _, query = asked.path.partition("?")
    pairs = [(key, text) for key, text in parse_qsl(query, keep_blank_values=True) if key != name]
    if edit.op != REMOVE:
        pairs.append((name, str(edit.value)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def place(path: Path) -> str:
    """Return a place as it is written: a name that would be read as something else stands in quotes."""
    return "$" + "".join(map(written, path))


def written(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if PLAIN.fullmatch(step) else f"[{json.dumps(step)}]"


def path_of(at: str) -> Path:
    """Return the steps of a place, as `place` has written it."""
    return tuple(int(index) if index else name or json.loads(quoted) for name, index, quoted in STEP.findall(at))


def found(node: Any, path: Path) -> Any:
    for step in path:
        try:
            node = node[step]
        except (KeyError, IndexError, TypeError):
            return None
    return node


def with_place(node: Any, path: Path, value: Any) -> Any:
    """Return a copy with a value at a place; objects on the way are made where there is nothing."""
    if not path:
        return value
    step, *rest = path
    if isinstance(step, int):
        if not isinstance(node, list) or step >= len(node):
            return node
        return [with_place(child, tuple(rest), value) if index == step else child for index, child in enumerate(node)]
    own = node if isinstance(node, dict) else {}
    return {**own, step: with_place(own.get(step), tuple(rest), value)}


def without_place(node: Any, path: Path) -> Any:
    if not path:
        return node
    step, *rest = path
    if isinstance(node, list) and isinstance(step, int) and step < len(node):
        if not rest:
            return [child for index, child in enumerate(node) if index != step]
        return [without_place(child, tuple(rest)) if index == step else child for index, child in enumerate(node)]
    if not isinstance(node, dict) or step not in node:
        return node
    if not rest:
        return {name: child for name, child in node.items() if name != step}
    return {**node, step: without_place(node[step], tuple(rest))}
