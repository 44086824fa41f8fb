"""How a person calls a vendor with its demo account: which credential goes where, what a first request looks like."""

import json
import shlex
from collections.abc import Iterator

from msgspec import Struct

from mockserver.control.keys import BODY, Shown
from mockserver.engine.document import Document
from mockserver.engine.endpoint import Body, Endpoint, example_of
from mockserver.model import Json

JSON, FORM, PAIRS = "application/json", "multipart/form-data", "application/x-www-form-urlencoded"


def first_endpoint(document: Document) -> Endpoint | None:
    """Return the endpoint a newcomer tries: the first with a documented request, else the first."""
    endpoints = document.endpoints
    return next((endpoint for endpoint in endpoints if sample_of(endpoint)), next(iter(endpoints), None))


class Sample(Struct, frozen=True):
    """A documented request: it travels as JSON, or as `form` where there is one, of parts or of pairs."""

    value: Json
    form: Body | None = None


def sample_of(endpoint: Endpoint) -> Sample | None:
    """Return a request that the document shows, one that needs no file where it can."""
    content = endpoint.operation.get("requestBody", {}).get("content", {})
    if JSON in content and (value := example_of(content[JSON])) is not None:
        return Sample(value)
    form = endpoint.bodies.get(FORM) or endpoint.bodies.get(PAIRS)
    if form is None:
        return None
    media = next(content[name] for name in content if name.lower() == form.media_type)
    shown = [media.get("example"), *(example.get("value") for example in media.get("examples", {}).values())]
    values = [value for value in shown if isinstance(value, dict)]
    return Sample(min(values, key=lambda value: sum(is_file(form, name) for name in value)), form) if values else None


def is_file(form: Body, name: str) -> bool:
    return name in form.parts and form.parts[name].is_file


def fields_of(sample: Sample, shown: Shown | None) -> dict[str, str]:
    """Return the texts of a form's parts, with the credential where it is one of them."""
    own = {shown.name: shown.value} if shown and shown.place == BODY else {}
    value = {**own, **(sample.value if isinstance(sample.value, dict) else {}), **own}
    return {name: item if isinstance(item, str) else json.dumps(item) for name, item in value.items()}


def file_name(text: str) -> str:
    """Return the name of a file in an example: of "the bytes of call.mp3" the last word."""
    return text.rpartition(" ")[2]


def with_credential(value: Json, shown: Shown | None) -> Json:
    """Return a JSON body with the credential where it is one of its fields."""
    if shown is None or shown.place != BODY or not isinstance(value, dict):
        return value
    return {shown.name: shown.value, **value}


def curl(address: str, endpoint: Endpoint, shown: Shown | None, authority: str | None = None) -> str:
    """Return a command that can be pasted into a shell."""
    words = ["curl", "-i", *(("--cacert", authority) if authority else ()), f"{address}{endpoint.path}"]
    if shown is not None and shown.place != BODY:
        words += ["-H", shown.text]
    sample = sample_of(endpoint)
    if endpoint.method != ("POST" if sample else "GET"):
        words += ["-X", endpoint.method]
    return " ".join(map(shlex.quote, (*words, *(curl_body(sample, shown) if sample else ()))))


def curl_body(sample: Sample, shown: Shown | None) -> Iterator[str]:
    if sample.form is None:
        yield from ("-H", f"Content-Type: {JSON}", "-d", json.dumps(with_credential(sample.value, shown)))
        return
    for name, text in fields_of(sample, shown).items():
        if sample.form.way == "urlencoded":
            yield from ("--data-urlencode", f"{name}={text}")
            continue
        # Only --form-string takes a text as it is: -F would look into it for signs of its own.
        is_upload = is_file(sample.form, name)
        yield from ("-F", f"{name}=@{file_name(text)}") if is_upload else ("--form-string", f"{name}={text}")
