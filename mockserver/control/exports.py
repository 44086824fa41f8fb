"""Calls for other tools: as HTTP Archive 1.2, and as a command for a shell."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mockserver import __version__
from mockserver.control.asking import FORM, LEFT_OUT, query_of, text_of
from mockserver.control.keys import BODY, Shown
from mockserver.kit.times import to_iso
from mockserver.state.journal import Entry


def har_of(texts: Iterator[bytes], address: str) -> dict[str, Any]:
    """Return calls as an HTTP Archive, oldest first: without secrets, and without times that nobody took."""
    entries = [har_entry(msgspec.json.decode(text, type=Entry), address) for text in texts]
    creator = {"name": "mockserver", "version": __version__}
    return {"log": {"version": "1.2", "creator": creator, "entries": entries}}


def har_entry(entry: Entry, address: str) -> dict[str, Any]:
    return {
        "startedDateTime": to_iso(entry.at),
        "time": 0,
        "request": har_request(entry, address),
        "response": har_response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "comment": entry.refused_by or "accepted",
    }


def har_request(entry: Entry, address: str) -> dict[str, Any]:
    asked = entry.request
    query = [{"name": name, "value": value} for name, value in parse_qsl(query_of(asked.query), keep_blank_values=True)]
    post = {} if asked.media_type is None else {"postData": {"mimeType": asked.media_type, **har_body(entry)}}
    return {
        "method": entry.method,
        "url": url_of(entry, address),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(asked.headers),
        "queryString": query,
        "headersSize": -1,
        "bodySize": asked.size,
        **post,
    }


def har_body(entry: Entry) -> dict[str, Any]:
    """Return the body as text, or the parts of a form; of a file only what it was called."""
    files = {part.name: part for part in entry.request.parts}
    body = entry.request.body
    if entry.request.media_type != FORM or not isinstance(body, dict):
        return {"text": "" if body is None else text_of(body)}
    params = [
        {"name": name, "fileName": files[name].filename, "contentType": files[name].type}
        if name in files
        else {"name": name, "value": text_of(value)}
        for name, value in body.items()
    ]
    return {"params": params, "text": ""}


def har_response(entry: Entry) -> dict[str, Any]:
    answer = entry.answer
    content = "" if answer.body is None else text_of(answer.body)
    return {
        "status": answer.status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": pairs(answer.headers),
        "content": {"size": len(content), "mimeType": answer.headers.get("content-type", ""), "text": content},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": -1,
    }


def pairs(headers: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in headers.items()]


def url_of(entry: Entry, address: str) -> str:
    query = query_of(entry.request.query)
    return f"{address}/{entry.vendor}{entry.path}{'?' + query if query else ''}"


def curl_of(entry: Entry, address: str, shown: Shown | None) -> str:
    """Return a command that makes a call again, with a credential in the place of the one that was hidden.

    Files of a form are named, not held: they are looked for in the folder where the command runs.
    """
    words = ["curl", "-i", "-X", entry.method, url_of(entry, address)]
    for name, value in entry.request.headers.items():
        if name not in (*LEFT_OUT, "content-type") and not (shown and shown.name.lower() == name):
            words += ["-H", f"{name}: {value}"]
    if shown and shown.place != BODY:
        words += ["-H", shown.text]
    return " ".join(map(shlex.quote, (*words, *curl_body(entry, shown))))


def curl_body(entry: Entry, shown: Shown | None) -> Iterator[str]:
    asked, body = entry.request, entry.request.body
    if isinstance(body, dict) and shown and shown.place == BODY and shown.name in body:
        body = {**body, shown.name: shown.value}
    if asked.media_type == FORM and isinstance(body, dict):
        yield from curl_form(entry, body)
    elif asked.media_type is not None:
        yield from ("-H", f"Content-Type: {asked.media_type}")
        if body is not None:
            yield from ("--data-raw", text_of(body))


def curl_form(entry: Entry, body: Mapping[str, Any]) -> Iterator[str]:
    files = {part.name: part for part in entry.request.parts}
    for name, value in body.items():
        if name in files:
            yield from ("-F", f"{name}=@{files[name].filename or 'file'};type={files[name].type or FORM}")
        else:
            yield from ("--form-string", f"{name}={text_of(value)}")
