"""What is left open is not asked for."""

from mockserver.kit.wishes import narrowed, said, whole


def test_what_is_none_is_left_out_and_nothing_else() -> None:
    assert said({"a": None, "b": 0, "c": "", "d": False}) == {"b": 0, "c": "", "d": False}


def test_whole_numbers_are_whole_however_they_were_written() -> None:
    wish = {"a": 2.0, "b": {"c": -3.0, "d": 0.5}, "e": "4.0", "f": float("inf"), "g": True, "h": None}
    found = whole(wish)
    assert found == {"a": 2, "b": {"c": -3, "d": 0.5}, "e": "4.0", "f": float("inf"), "g": True, "h": None}
    assert [type(each) for each in (found["a"], found["b"]["c"], found["g"])] == [int, int, bool]


def test_a_path_is_narrowed_by_what_was_said() -> None:
    assert narrowed("/records", {"vendor": None, "kind": None}) == "/records"
    assert (
        narrowed("/records", {"vendor": "siro", "account": "a&b", "limit": 3})
        == "/records?vendor=siro&account=a%26b&limit=3"
    )
