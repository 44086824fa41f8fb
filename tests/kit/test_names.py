import pytest

from mockserver.kit.names import hint, nearest

KNOWN = ("sourceIdentifier", "direction", "timestamp", "custom_fields", "id")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sourceidentifier", "sourceIdentifier"),
        ("source_identifier", "sourceIdentifier"),
        ("SOURCE-IDENTIFIER", "sourceIdentifier"),
        ("sourceIdentifer", "sourceIdentifier"),
        ("customFields", "custom_fields"),
        ("timestmap", "timestamp"),
        ("direction", "direction"),
        ("ID", "id"),
        ("agent", None),
        ("", None),
        ("x" * 1_000_000, None),
    ],
)
def test_the_nearest_name_is_what_was_meant(name: str, meant: str | None) -> None:
    assert nearest(name, KNOWN) == meant
    assert hint(name, KNOWN) == (f": did you mean {meant}?" if meant else "")


def test_where_nothing_is_known_nothing_is_meant() -> None:
    assert nearest("id", ()) is None
    assert nearest("", ()) is None
