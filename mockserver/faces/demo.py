"""How a person calls a vendor with its demo account: which credential goes where, what a first request looks like."""

import json
import shlex
from collections.abc import Iterator

from msgspec import Struct

from mockserver.engine.document import Document
from mockserver.engine.endpoint import Body, Endpoint, example_of
from mockserver.model import Account, Grant, Json, Vendor

BODY = "body"
JSON, FORM = "application/json", "multipart/form-data"


class Shown(Struct, frozen=True):
    """A credential where it travels: `place` is a header's name, or "body" with the field's name."""

    place: str
    name: str
    value: str

    @property
    def text(self) -> str:
        return f"field {self.name}={self.value}" if self.place == BODY else f"{self.name}: {self.value}"


def credentials(endpoint: Endpoint, vendor: Vendor, account: Account) -> Iterator[Shown]:
    """Yield every credential of the account that opens the endpoint, in the order of the account."""
    opening = {name: grant for name, grant in vendor.grants.items() if name in account.credentials}
    for name, grant in (opening or dict.fromkeys(account.credentials, Grant())).items():
        value = account.credentials[name]
        for scheme in endpoint.schemes:
            # HTTP Basic wants two of them at once, and a query is signed by the vendor.
            if scheme.way in ("bearer", "header") and grant.fits(scheme.name):
                shown = f"Bearer {value}" if scheme.way == "bearer" else value
                yield Shown("header", header_name(scheme.carrier), shown)
        if endpoint.in_body:
            yield Shown(BODY, next(body.credential for body in endpoint.bodies.values() if body.credential), value)


def header_name(header: str) -> str:
    return header if header.startswith("x-") else header.title()


def first_endpoint(document: Document) -> Endpoint | None:
    """Return the endpoint a newcomer tries: the first with a documented request, else the first."""
    endpoints = document.endpoints
    return next((endpoint for endpoint in endpoints if sample_of(endpoint)), next(iter(endpoints), None))


class Sample(Struct, frozen=True):
    """A documented request: it travels as JSON, or as `form` where there is one."""

    value: Json
    form: Body | None = None


def sample_of(endpoint: Endpoint) -> Sample | None:
    """Return a request that the document shows, one that needs no file where it can."""
    content = endpoint.operation.get("requestBody", {}).get("content", {})
    if JSON in content and (value := example_of(content[JSON])) is not None:
        return Sample(value)
    form = endpoint.bodies.get(FORM)
    if form is None:
        return None
    media = content[FORM]
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


def curl(address: str, endpoint: Endpoint, shown: Shown | None) -> str:
    """Return a command that can be pasted into a shell."""
    words = ["curl", "-i", f"{address}{endpoint.path}"]
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
        # Only --form-string takes a text as it is: -F would look into it for signs of its own.
        is_upload = is_file(sample.form, name)
        yield from ("-F", f"{name}=@{file_name(text)}") if is_upload else ("--form-string", f"{name}={text}")
