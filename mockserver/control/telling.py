"""An explanation as lines of text: the same in the terminal, in a failing test's report and over HTTP."""

import json
from collections.abc import Callable, Iterator

from mockserver.control.edits import REMOVE, RENAME, Edit
from mockserver.control.explanation import Check, Explanation
from mockserver.control.trails import FAILED
from mockserver.kit.printing import printable

LONGEST = 200
Style = Callable[[str, str], str]


def plainly(text: str, _verdict: str) -> str:
    return text


def tell(explanation: Explanation, style: Style = plainly) -> Iterator[str]:
    """Yield lines; `style` may dress a verdict for a terminal."""
    yield f"{explanation.vendor} {explanation.operation or 'no operation'}: {told(explanation)}"
    for step in explanation.steps:
        yield f"  {step.step.ljust(10)} {style(step.verdict, step.verdict)}"
        for check in step.checks:
            yield from tell_check(check, style)
    for item in explanation.advice:
        yield f"  advice     {printable(item['at'])} {printable(item['says'])}"
    if explanation.nearest:
        yield f"  nearest    {explanation.nearest.operation}; what differs is {printable(explanation.nearest.differs)}"
    yield from tell_edits(explanation)


def told(explanation: Explanation) -> str:
    if planted := explanation.planted:
        answered = f"answered {planted.status}" if planted.status else "cut off"
        without = "" if planted.is_noted else f"; without it {verdict_of(explanation)}"
        return f"{answered} by the planted {planted.fault}{without}"
    return verdict_of(explanation)


def verdict_of(explanation: Explanation) -> str:
    if explanation.refused_by:
        return f"refused with {explanation.status} by {explanation.refused_by}"
    return f"accepted with {explanation.status}"


def tell_check(check: Check, style: Style) -> Iterator[str]:
    if check.verdict != FAILED:
        yield f"             {style(check.verdict.ljust(11), check.verdict)} {check.name}"
        return
    yield f"             {style('failed     ', FAILED)} {printable(f'{check.at}: {check.message}')}"
    if check.expected is not None:
        yield f"                         expected {shown(check.expected)}, got {shown(check.got)}"
    elif check.got is not None:
        yield f"                         got {shown(check.got)}"
    source = f"{check.claim} ({check.basis}): {check.says}" if check.says else "no claim covers this: it is assumed"
    yield f"                         {source}"


def shown(value: object) -> str:
    text = printable(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def tell_edits(explanation: Explanation) -> Iterator[str]:
    if explanation.edits:
        yield "  acceptable with"
        yield from (f"             {tell_edit(edit)}" for edit in explanation.edits)
    elif explanation.refused_by:
        yield "  no small edit was found that makes it acceptable"


def tell_edit(edit: Edit) -> str:
    if edit.op == REMOVE:
        return f"remove {edit.at}"
    if edit.op == RENAME:
        return f"rename {edit.at} to {edit.value}"
    return f"set {edit.at} to {shown(edit.value)}"
