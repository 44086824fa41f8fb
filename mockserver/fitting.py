"""Whether an account fits its vendor, and beside the others: each check raises SetupError that says what to mend."""

from collections.abc import Collection, Mapping
from typing import Any

from mockserver.engine.document import Document
from mockserver.engine.wording import LONGEST, complaint
from mockserver.errors import ConflictError, SetupError
from mockserver.model import Account, Vendor
from mockserver.state.accounts import ANY, has_room, same_credentials
from mockserver.state.store import MOST_ACCOUNT_BYTES, Store


def check_vendor(name: str, known: Collection[str]) -> None:
    if name not in known:
        raise SetupError(f"there is no vendor {name!r}: known are {', '.join(known)}")


def check_options(vendor: Vendor, options: Mapping[str, Any]) -> None:
    for name, value in options.items():
        option = vendor.options.get(name)
        if option is None:
            known = ", ".join(vendor.options) or "none"
            raise SetupError(f"{vendor.name} has no option {name!r}: known are {known}")
        if value not in option.choices or type(value) not in {type(choice) for choice in option.choices}:
            choices = ", ".join(map(repr, option.choices))
            raise SetupError(f"{vendor.name}'s option {name!r} is one of {choices}, not {value!r}")


def check_credentials(vendor: Vendor, account: Account) -> None:
    if same := same_credentials(account, vendor):
        first, second = (repr(name[:100]) for name in same)
        raise SetupError(f"{vendor.name}'s credentials {first} and {second} are the same: give each its own")


def check_book(document: Document, book: Mapping[str, Any]) -> None:
    """Raise SetupError that names the place in a book that its vendor could not read."""
    problems = document.book.problems(dict(book)) if document.book else ()
    for first in problems[:1]:
        place, says = first.at.removeprefix("$"), complaint(first.keyword or "", first.wants, first.got)
        raise SetupError(f"book{place} {says}"[:LONGEST])


def check_names(vendor: Vendor, account: Account, demo: Account) -> None:
    """Raise SetupError for a credential that opens nothing; where a vendor tells none apart, each opens all."""
    known = dict.fromkeys((*demo.credentials, *vendor.grants))
    for name in account.credentials if vendor.grants else ():
        if name not in known and name != ANY:
            raise SetupError(f"{vendor.name} has no credential {name[:100]!r}: known are {', '.join(known)}")


def check_fit(vendor: Vendor, document: Document, account: Account, demo: Account) -> None:
    """Raise SetupError for options, credentials or a book that an account of its vendor cannot have."""
    check_options(vendor, account.options)
    check_names(vendor, account, demo)
    check_credentials(vendor, account)
    check_book(document, account.book)


async def check_room(store: Store, size: int) -> None:
    """Raise ConflictError where accounts would take up too much with so many bytes more."""
    if not await has_room(store, size):
        raise ConflictError(f"accounts would take up more than {MOST_ACCOUNT_BYTES} bytes: close some first")
