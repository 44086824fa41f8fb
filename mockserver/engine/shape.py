"""One schema to judge by: the quick validator may only say yes, `jsonschema` decides and explains."""

from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from jsonschema_rs import Draft202012Validator as Quick

from mockserver.engine.bundle import reachable, resolve
from mockserver.engine.wording import word
from mockserver.kit.formats import FORMATS
from mockserver.model import Json, Kind, Path, Problem

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

MOST = 50


class Shape:
    """A schema of a document. Both engines assert our one table of formats."""

    def __init__(self, schema: Mapping[str, Any], document: Mapping[str, Any]) -> None:
        self.schema = schema
        self.document = document
        own = schema if isinstance(schema, dict) else {"allOf": [schema]}
        # Each validator holds a copy of its own: of a large document only what it refers to.
        self.whole = {**own, "components": {"schemas": dict(reachable(schema, document))}}
        self._quick = Quick(self.whole, formats=dict(FORMATS), validate_formats=True, ignore_unknown_formats=False)

    @cached_property
    def judge(self) -> "Draft202012Validator":
        # Imported with the first problem: most servers never word one before they have answered.
        from jsonschema import Draft202012Validator, FormatChecker  # noqa: PLC0415
        from jsonschema.validators import extend  # noqa: PLC0415

        checker = FormatChecker(formats=())
        for name, check in FORMATS.items():
            checker.checks(name)(text_only(check))
        strict: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
            Draft202012Validator, {"pattern": judge_pattern}
        )
        return strict(self.whole, format_checker=checker)

    def accepts(self, instance: Json) -> bool:
        try:
            return self._quick.is_valid(instance)
        except ValueError:  # what it cannot hold (half of a surrogate pair), the other engine can
            return self.judge.is_valid(instance)

    def problems(self, instance: Json) -> tuple[Problem, ...]:
        """Return what is wrong, at most 50 problems, in the order of the document; nothing when it fits."""
        if self.accepts(instance):
            return ()
        found: dict[tuple[Path, str | None, str | None], Problem] = {}
        for error in islice(self.judge.iter_errors(instance), MOST):
            for each in self.read(error):
                found.setdefault((each.path, each.keyword, each.claim), each)
        return tuple(found.values())[:MOST]

    def read(self, error: "ValidationError") -> Iterator[Problem]:
        keyword, path = str(error.validator or "false"), tuple(error.absolute_path)
        # The library leaves these unset only on errors that no validator made.
        wants: Any = error.validator_value
        got: Any = error.instance
        node = error.schema if isinstance(error.schema, dict) else {}
        if keyword == "required":
            for name in wants:
                if name not in got:
                    yield self.missing(node, (*path, name))
        elif keyword == "dependentRequired":
            for name, wanted in dependents(wants, got):
                yield problem("dependentRequired", (*path, wanted), name, None, claim_of(node, keyword))
        elif keyword == "additionalProperties" and wants is False:
            extra = [name for name in got if not is_known(node, name)]
            yield problem(keyword, path, None, extra, claim_of(node, keyword))
        else:
            yield problem(keyword, path, wants, got, claim_of(node, keyword))

    def missing(self, node: Mapping[str, Any], path: Path) -> Problem:
        beside = node.get("properties", {}).get(path[-1], {})
        own = resolve(self.document, beside)
        claims = (claim_of(each, "required") for each in (beside, own, node))
        return problem("required", path, own, None, next(filter(None, claims), None))


def problem(keyword: str, path: Path, wants: Any, got: Json, claim: str | None) -> Problem:
    return Problem(Kind.INVALID, word(keyword, path, wants, got), path, keyword, wants, got, claim)


def claim_of(node: Any, keyword: str) -> str | None:
    """Return the claim that a schema node keeps by a keyword: `x-claim` is one name, or a name per keyword."""
    claims = node.get("x-claim") if isinstance(node, dict) else None
    return claims.get(keyword) if isinstance(claims, dict) else claims


def is_known(node: Mapping[str, Any], name: str) -> bool:
    return name in node.get("properties", {}) or any(is_match(each, name) for each in node.get("patternProperties", {}))


@cache
def compiled(pattern: str) -> Quick:
    return Quick({"pattern": pattern})


def is_match(pattern: str, text: str) -> bool:
    return compiled(pattern).is_valid(text)


def judge_pattern(_validator: Any, pattern: str, instance: Json, _schema: Any) -> Iterator["ValidationError"]:
    """Judge by the quick engine's expressions: Python's own let a line break pass before `$`."""
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415  # as in `judge`

    if isinstance(instance, str) and not is_match(pattern, instance):
        yield ValidationError(f"does not match {pattern}")


def dependents(wants: Mapping[str, list[str]], instance: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, needed in wants.items():
        for wanted in needed:
            if name in instance and wanted not in instance:
                yield name, wanted


def text_only(check: Any) -> Any:
    """JSON Schema's formats judge text; other types are another keyword's concern."""
    return lambda value: not isinstance(value, str) or check(value)
