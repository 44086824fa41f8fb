"""Reports for tests of how they are told."""

from typing import TypeAlias

from mockserver.kit.coverage import Item, Report, report_of

Sides: TypeAlias = tuple[bool | None, bool | None]
UNSEEN: Sides = (False, False)


def item(claim: str, sides: Sides = UNSEEN, *operations: str, vendor: str = "acme", says: str = "so it is") -> Item:
    return Item(vendor, claim, says, "documented", operations, *sides)


def report() -> Report:
    items = [
        item("key-needed", (True, True), "addCall", "readCall"),
        item("who-required", (True, False), "addCall", says="a call says who called"),
        item("at-is-a-moment", UNSEEN, "addCall", says="<b>at</b> is a moment & nothing else"),
        item("note-is-text", (False, None), "addCall"),
        item("id-is-a-uuid", (True, True), "readCall"),
        item("no-such-path", (True, False)),
        item("key-needed", (None, True), "other", vendor="other@2"),
    ]
    return report_of(items, 3)
