"""Customers as they arrive: one, a list, or CSV; each judged by itself."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from mockserver.kit.formats import is_email
from mockserver.model import Call, Json, keeps
from mockserver.vendors.resonaa.table import COLUMNS, Table, read_table

FIELDS = (*COLUMNS, "custom_fields")
DIGITS = re.compile(r"\d", re.ASCII)
FEWEST_DIGITS, MOST_DIGITS = 3, 20
BETWEEN_TAGS = re.compile("[;|]")


class Row(Struct, frozen=True):
    """A customer as sent: `fields` are those with something in them; `error` says why it is refused."""

    number: int
    fields: Mapping[str, Any] = {}
    error: str | None = None

    @property
    def email(self) -> str | None:
        """What tells customers apart first: the address in one casing."""
        return folded(self.fields.get("email"))

    @property
    def phone(self) -> str | None:
        """What tells them apart where no address does: the digits alone."""
        return digits(self.fields.get("phone"))


@keeps("duplicate-by-email-or-phone")
def folded(email: str | None) -> str | None:
    return email.casefold() if email else None


def digits(phone: str | None) -> str | None:
    return "".join(DIGITS.findall(phone)) if phone else None


def csv_of(call: Call) -> str | None:
    """Return the CSV that a call brings, as a text of its JSON or as a file; None where it brings none."""
    return call.fields.get("file" if "form-data" in (call.media_type or "") else "csv")


@keeps("crm-body-forms")
def rows_of(call: Call) -> list[Row]:
    """Return the customers of a call that fits its schema; none where its CSV cannot be read."""
    text = csv_of(call)
    if text is not None:
        table = read_table(text)
        return [read_line(number, line, table) for number, line in enumerate(table.lines)]
    listed = call.fields.get("customers", [call.fields])
    return [read_row(number, each) for number, each in enumerate(listed)]


def read_row(number: int, customer: Json) -> Row:
    if not isinstance(customer, dict):
        return Row(number, error="a customer must be an object")
    error = next(filter(None, (complaint(name, customer.get(name)) for name in FIELDS)), None)
    return Row(number, error=error) if error else Row(number, given(customer))


def read_line(number: int, line: Sequence[str], table: Table) -> Row:
    """Return the customer of a line of CSV; columns of the caller's own are custom fields."""
    if len(line) != len(table.columns):
        return Row(number, error=f"the line has {len(line)} fields, the first one has {len(table.columns)}")
    cells = {name: cell.strip() for name, cell in zip(table.columns, line, strict=True)}
    tags = [tag.strip() for tag in BETWEEN_TAGS.split(cells.get("tags", "")) if tag.strip()]
    own = {name: cell for name, cell in cells.items() if name not in COLUMNS and cell}
    return read_row(number, {**{name: cells.get(name) for name in COLUMNS}, "tags": tags, "custom_fields": own})


def given(customer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields with something in them, texts without blanks around."""
    plain = {name: trimmed(customer.get(name)) for name in FIELDS}
    return {name: value for name, value in plain.items() if value}


def trimmed(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


@keeps("customers-judged-one-by-one")
def complaint(name: str, value: Json) -> str | None:
    """Return what is wrong with a field of a customer; null and an empty text are none at all."""
    if name == "name" and (value is None or value == ""):
        return "name is required"
    if value is None or value == "":
        return None
    says = CHECKS[name](value)
    return f"{name} {says}" if says else None


def check_text(value: Json) -> str | None:
    return None if isinstance(value, str) else "must be text"


def check_name(value: Json) -> str | None:
    return check_text(value) or (None if str(value).strip() else "must hold more than blanks")


def check_email(value: Json) -> str | None:
    return check_text(value) or (None if is_email(str(value).strip()) else "must be an e-mail address")


@keeps("phone-has-digits")
def check_phone(value: Json) -> str | None:
    fits = FEWEST_DIGITS <= len(digits(str(value)) or "") <= MOST_DIGITS
    return check_text(value) or (None if fits else f"must have {FEWEST_DIGITS} to {MOST_DIGITS} digits")


def check_tags(value: Json) -> str | None:
    is_fine = isinstance(value, list) and all(isinstance(tag, str) and tag.strip() for tag in value)
    return None if is_fine else "must be a list of texts"


def check_custom_fields(value: Json) -> str | None:
    return None if isinstance(value, dict) else "must be an object"


CHECKS: Mapping[str, Callable[[Json], str | None]] = {
    "name": check_name,
    "email": check_email,
    "phone": check_phone,
    "stage": check_text,
    "tags": check_tags,
    "custom_fields": check_custom_fields,
}
