"""How a call is told to a person: the steps of its judgement, the claim that refused it, the answer."""

import json
from collections.abc import Iterator
from typing import Any

import click

from mockserver.engine.answers import content_of
from mockserver.engine.claims import Ledger
from mockserver.engine.endpoint import Endpoint
from mockserver.model import BROKEN, Claim, Mark, Reply
from mockserver.world import Served

WIDTH = 96
# Of texts so many characters, of lists so many items, before they are cut short.
LONGEST, MOST = 200, 3


def report(served: Served, ledger: Ledger, endpoint: Endpoint) -> Iterator[str]:
    decision = served.decision
    yield click.style(f"{endpoint.method} {endpoint.path}", bold=True) + f"  {served.call.vendor} {endpoint.id}"
    for mark in decision.trail:
        yield from report_mark(mark, ledger)
    yield from report_advice(served)
    if decision.trouble:
        yield decision.trouble.rstrip()
    yield from report_reply(decision.outcome.reply, decision.basis.value)


def report_mark(mark: Mark, ledger: Ledger) -> Iterator[str]:
    if not mark.problems:
        yield f"  {mark.step.ljust(10)} {click.style('passed', fg='green')}"
    verdict = click.style("failed" if mark.step == BROKEN else "refused", fg="red")
    for problem in mark.problems:
        yield f"  {mark.step.ljust(10)} {verdict}  {problem.at}: {problem.says}"
        claim = ledger.claims.get(problem.claim or "")
        yield f"             {explain(problem.claim, claim)}"


def report_advice(served: Served) -> Iterator[str]:
    for advice in (*served.call.advice, *served.decision.outcome.advice):
        yield f"  {click.style('advice'.ljust(10), fg='yellow')} {advice.at} {advice.says}"


def explain(name: str | None, claim: Claim | None) -> str:
    if claim is None:
        return "no claim covers this: it is assumed"
    source = f"“{claim.where}”" if claim.where else f"why: {claim.why or 'it was seen'}"
    return f"{click.style(str(name), bold=True)} ({claim.basis.value}, {source}): {claim.says}"


def status_line(reply: Reply, basis: str) -> str:
    colour = "green" if reply.status < 400 else "red"
    return f"{click.style(str(reply.status), fg=colour, bold=True)}  {reply.media_type or 'no body'}  ({basis})"


def report_reply(reply: Reply, basis: str) -> Iterator[str]:
    yield status_line(reply, basis)
    for name, value in reply.headers.items():
        yield f"{name}: {value}"
    content = content_of(reply)
    if content:
        is_json = (reply.media_type or "").endswith("json")
        yield json.dumps(json.loads(content), indent=2, ensure_ascii=False) if is_json else content.decode()


def brief(body: Any) -> list[str]:
    """Return the lines of a body, long texts and lists cut short; what fits into a line stands on one."""
    if body is None:
        return []
    short = shortened(body)
    return (short if isinstance(short, str) else laid_out(short)).splitlines()


def shortened(node: Any) -> Any:
    """Return a JSON value with its long texts cut, its long lists ending in how many more there were."""
    if isinstance(node, dict):
        return {key: shortened(child) for key, child in node.items()}
    if isinstance(node, list):
        rest = [f"… {len(node) - MOST} more"] if len(node) > MOST else []
        return [shortened(child) for child in node[:MOST]] + rest
    if isinstance(node, str) and len(node) > LONGEST:
        return f"{node[:LONGEST]}…"
    return node


def laid_out(node: Any, indent: str = "", label: str = "") -> str:
    """Return JSON whose objects and lists are broken into lines only where one line would be too long."""
    whole = indent + label + json.dumps(node, ensure_ascii=False)
    if len(whole) <= WIDTH or not isinstance(node, dict | list) or not node:
        return whole
    if isinstance(node, dict):
        inner = [laid_out(child, f"{indent}  ", f"{json.dumps(key)}: ") for key, child in node.items()]
        return f"{indent}{label}{{\n" + ",\n".join(inner) + f"\n{indent}}}"
    inner = [laid_out(child, f"{indent}  ") for child in node]
    return f"{indent}{label}[\n" + ",\n".join(inner) + f"\n{indent}]"
