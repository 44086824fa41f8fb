"""Calls for other tools: as HTTP Archive 1.2, and as a command for a shell."""

import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from mockserver import __version__
from mockserver.control.asking import FORM, PAIRS, asked_again, query_of, text_of
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
    """Return the body as text, with its fields where it is a form; of a file only what it was called."""
    files = {part.name: part for part in entry.request.parts}
    body, kind = asked_again(entry).body, entry.request.media_type
    if kind not in (FORM, PAIRS) or not isinstance(body, dict):
        return {"text": written(entry, body)}
    params = [
        {"name": name, "fileName": files[name].filename, "contentType": files[name].type}
        if name in files
        else {"name": name, "value": text_of(value)}
        for name, value in body.items()
    ]
    return {"params": params, "text": "" if kind == FORM else written(entry, body)}


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
    return f"{address}/{entry.vendor}{asked_again(entry).path}"


def written(entry: Entry, body: Any) -> str:
    """Return a body that has no parts as it travels."""
    if body is None:
        return ""
    return query_of(body) if entry.request.media_type == PAIRS and isinstance(body, dict) else text_of(body)


def curl_of(entry: Entry, address: str) -> str:
    """Return a command that makes a call again, of one with its secrets put back.

    Files of a form are named, not held: they are looked for in the folder where the command runs.
    """
    asked, is_form = asked_again(entry), entry.request.media_type == FORM
    words = ["curl", "-i", "-X", entry.method, "--globoff", "--path-as-is", url_of(entry, address)]
    for name, value in asked.headers.items():
        if name != "content-type" or not is_form:
            words += ["-H", f"{name}: {value}" if value else f"{name};"]
    return " ".join(map(shlex.quote, (*words, *curl_body(entry, asked.body))))


def curl_body(entry: Entry, body: Any) -> Iterator[str]:
    if entry.request.media_type == FORM and isinstance(body, dict):
        yield from curl_form(entry, body)
    elif body is not None:
        yield from ("--data-raw", written(entry, body))


def curl_form(entry: Entry, body: Mapping[str, Any]) -> Iterator[str]:
    files = {part.name: part for part in entry.request.parts}
    for name, value in body.items():
        if name in files:
            kind = f";type={files[name].type}" if files[name].type else ""
            yield from ("-F", f"{name}=@{quoted(files[name].filename or 'file')}{kind}")
        else:
            yield from ("--form-string", f"{name}={text_of(value)}")


def quoted(name: str) -> str:
    """Return the name of a file where curl reads on behind a comma or a semicolon."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
