"""Values that nearly fit a schema: most of each is as it should be, and now and then something else stands there."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from mockserver.engine.bundle import resolve

DEEPEST = 6
TEXTS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-06-23T14:30:00Z", "2023-02-29T00:00:00Z", "2026-06-23"),
    "iso-8601": ("2026-06-23", "2026-06-23T14:30:00", "23.06.2026"),
    "uri": ("https://example.com/a.mp3", "urn:isbn:0451450523", "/a.mp3"),
    "web-url": ("http://example.com/a.mp3", "ftp://example.com/a.mp3", "http://"),
    "uuid": ("f47ac10b-58cc-4372-a567-0e02b2c3d479", "f47ac10b"),
    "email": ("ada@example.com", "ada@", "@"),
}
# What validators have been seen to read differently.
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -0.0,
    1,
    1.0,
    1e300,
    10**30,
    -(10**30),
    "",
    " ",
    "1",
    "\u0661",
    "a\n",
    "\u2028",
    "é",
    [],
    [1],
    {},
)
ANYTHING = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=5),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dictionaries(st.text(max_size=3), st.sampled_from(ODD), max_size=2),
    st.lists(st.sampled_from(ODD), max_size=2),
)


def nearly(schema: Any, root: Mapping[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    own = resolve(root, schema)
    if not isinstance(own, dict) or depth > DEEPEST:
        return ANYTHING
    fits = st.one_of(*fitting(own, root, depth))
    return st.integers(0, 9).flatmap(lambda chance: fits if chance else ANYTHING)


def fitting(own: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> list[st.SearchStrategy[Any]]:
    if "const" in own:
        return [st.just(own["const"])]
    if "enum" in own:
        return [st.sampled_from(own["enum"])]
    types = own.get("type", "object" if "properties" in own else [])
    kinds = types if isinstance(types, list) else [types]
    return [of_kind(kind, own, root, depth) for kind in kinds] or [ANYTHING]


def of_kind(kind: str, own: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> st.SearchStrategy[Any]:
    if kind == "object":
        return objects(own, root, depth)
    if kind == "array":
        return st.lists(nearly(own.get("items", True), root, depth + 1), max_size=own.get("minItems", 0) + 2)
    if kind == "string":
        return texts(own)
    low, high = own.get("minimum", -5), own.get("maximum", 10**6)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(int(low) - 1, int(high) + 1),
        "number": st.one_of(st.integers(int(low) - 1, int(high) + 1), st.floats(float(low), float(high))),
    }
    return plain[kind]


def texts(own: Mapping[str, Any]) -> st.SearchStrategy[str]:
    if "format" in own:
        return st.sampled_from(TEXTS[own["format"]])
    if "pattern" in own:
        return st.one_of(st.from_regex(own["pattern"]), st.text(max_size=5))
    return st.text(max_size=min(own.get("minLength", 0) + 5, own.get("maxLength", 100) + 1))


def objects(own: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    properties = {name: nearly(schema, root, depth + 1) for name, schema in own.get("properties", {}).items()}
    required = {name: properties.get(name, ANYTHING) for name in own.get("required", ())}
    optional = {name: strategy for name, strategy in properties.items() if name not in required}
    further = st.dictionaries(
        st.text(max_size=3), nearly(own.get("additionalProperties", True), root, depth + 1), max_size=1
    )
    whole = st.fixed_dictionaries(required, optional=optional)
    extended = st.builds(lambda first, second: first | second, whole, further)
    less = st.builds(without, whole, st.sampled_from(sorted(required))) if required else whole
    return st.one_of(whole, whole, extended, less)


def without(value: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: child for key, child in value.items() if key != name}
