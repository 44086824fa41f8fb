"""What a case needs of whoever answers it, beyond taking requests."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mockserver.cases.files import Located
from mockserver.cases.requests import asked_of

# Keys whose texts name something of an account; other texts are words that anybody uses.
NAMING = re.compile(r"(id|code|email|phonenumber|identifier)$", re.IGNORECASE)
# Such a host is nobody's (RFC 2606), so nothing lies there but what a mock's table says.
NOWHERE = re.compile(r"https?://(?:[\w-]+\.)*example(?:\.(?:com|net|org))?(?![\w.-])[^\s\"]*", re.IGNORECASE)


def account_needs(located: Located) -> Iterator[str]:
    """Yield what the account must be like that sends a case, where any account of the vendor will not do."""
    wished = located.case.account
    if located.case.apart:
        yield "an account that holds nothing else"
    if wished.credits is not None:
        yield f"an account with {wished.credits:g} credits"
    if wished.book:
        yield f"an account with {', '.join(wished.book)} of its own"
    if wished.options:
        yield "an account with " + ", ".join(f"{name} = {value!r}" for name, value in wished.options.items())
    if wished.credentials:
        yield f"an account with the credential {', '.join(wished.credentials)}"


def clock_need(located: Located) -> Iterator[str]:
    seconds = sum(step.wait for step in located.steps)
    if seconds:
        yield f"the mock's clock, to let {seconds:g} s pass"


def cap_need(located: Located, cap: int | None = None) -> Iterator[str]:
    if located.case.cap not in (None, cap):
        yield f"a server that was started with --max-upload {located.case.cap}"


def content_needs(located: Located, held: frozenset[str], replaced: Collection[str]) -> Iterator[str]:
    """Yield what only the demo account holds, and what lies nowhere but in a mock's table of addresses.

    Only what an account holds is judged by: a request that is refused before its rules needs nothing of it.
    """
    refused_by = located.case.answer.refused_by
    if refused_by and not refused_by.startswith("rules/"):
        return
    texts = list(sent_texts(located))
    for name in sorted(held.difference(replaced)):
        if any(is_word(name, text) for text in texts):
            yield f"{name} of the demo account"
    for address in sorted({address for text in texts for address in NOWHERE.findall(text)}):
        if not any(old in address for old in replaced):
            yield f"something that lies at {address}"


def credential_needs(located: Located, demo: Mapping[str, str], given: Collection[str]) -> Iterator[str]:
    """Yield the credentials that a case shows and nobody has given."""
    texts = list(sent_texts(located))
    for name, value in demo.items():
        if name not in given and any(is_word(value, text) for text in texts):
            yield f"the credential {name}"


def deletion_need(located: Located, demo: Mapping[str, str]) -> Iterator[str]:
    """Yield what a case would take from whoever has lent a credential: the credential itself."""
    for step in located.steps:
        asked = asked_of(located, step)
        if asked.get("method") == "DELETE":
            yield from (
                f"a {name} that may be deleted" for name, value in demo.items() if value in asked.get("path", "")
            )


def is_word(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def sent_texts(located: Located) -> Iterator[str]:
    for step in located.steps:
        yield from texts_in(asked_of(located, step))


def texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from texts_in(child)
    elif isinstance(node, str):
        yield node


def holdings(book: Any) -> frozenset[str]:
    """Return the texts by which the things of a book are named."""
    return frozenset(named_in(book))


def named_in(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, child in node.items():
            yield from named_in(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from named_in(child, key)
    elif isinstance(node, str) and node and NAMING.search(key):
        yield node
