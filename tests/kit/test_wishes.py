"""What is left open is not asked for."""

from mockserver.kit.wishes import narrowed, said


def test_what_is_none_is_left_out_and_nothing_else() -> None:
    assert said({"a": None, "b": 0, "c": "", "d": False}) == {"b": 0, "c": "", "d": False}


def test_a_path_is_narrowed_by_what_was_said() -> None:
    assert narrowed("/records", {"vendor": None, "kind": None}) == "/records"
    assert (
        narrowed("/records", {"vendor": "siro", "account": "a&b", "limit": 3})
        == "/records?vendor=siro&account=a%26b&limit=3"
    )
