"""Made-up results are plausible, short, and always the same for the same id."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.kit.invention import AGENT, CUSTOMER, TOPICS, conversation, draw, pick, score, topic

IDS = [f"call-{number}" for number in range(400)]


def test_the_same_id_always_tells_the_same() -> None:
    for ident in IDS[:20]:
        assert (topic(ident), conversation(ident), score(ident)) == (topic(ident), conversation(ident), score(ident))
    # Written down: what was told yesterday is told tomorrow.
    assert [draw("call-1", "score", 1000), draw("call-1", "topic", 1000), draw("call-2", "score", 1000)] == [
        708,
        544,
        205,
    ]


def test_ids_and_purposes_tell_different_things() -> None:
    assert {topic(ident).name for ident in IDS} == {each.name for each in TOPICS}
    assert len({score(ident) for ident in IDS}) == 40
    assert len({draw("call-1", f"purpose-{number}", 10**9) for number in range(100)}) == 100


def test_a_score_is_a_grade_as_most_calls_get() -> None:
    assert {score(ident, "courtesy") for ident in IDS} == set(range(60, 100))
    assert [score(ident) for ident in IDS] != [score(ident, "courtesy") for ident in IDS]


@pytest.mark.parametrize("choices", [("a",), ("a", "b", "c"), list(range(10))])
def test_each_choice_is_picked_about_as_often(choices: Sequence[object]) -> None:
    picked = Counter(pick(ident, "any", choices) for ident in IDS)
    assert picked.keys() == set(choices)
    assert max(picked.values()) < 2 * len(IDS) / len(choices)


@settings(derandomize=True, database=None)
@given(st.text(), st.text(), st.integers(1, 10**9))
def test_a_draw_is_a_number_below(ident: str, purpose: str, below: int) -> None:
    assert 0 <= draw(ident, purpose, below) < below


@pytest.mark.parametrize("ident", IDS[:40])
def test_a_conversation_is_about_its_topic_and_is_spoken_in_turn(ident: str) -> None:
    turns = conversation(ident)
    assert [(turn.speaker, turn.text) for turn in turns[1:-2]] == list(topic(ident).lines)
    assert turns[0].speaker == AGENT
    assert turns[-1].speaker == CUSTOMER
    assert 5 <= len(turns) <= 10
    assert turns[0].start == 0
    assert all(turn.start < turn.end for turn in turns)
    assert all(one.end < other.start for one, other in pairwise(turns))


@pytest.mark.parametrize("seconds", [0, 0.5, 3, 10, 20.5, 3600])
@pytest.mark.parametrize("ident", IDS[:10])
def test_nothing_is_said_after_the_recording_has_ended(ident: str, seconds: float) -> None:
    turns, whole = conversation(ident, seconds), conversation(ident)
    assert len(turns) >= 1
    assert [turn.text for turn in turns] == [turn.text for turn in whole[: len(turns)]]
    assert all(turn.end <= seconds for turn in turns)
    if seconds == 3600:
        assert turns == whole


def test_a_summary_is_a_sentence_of_its_own() -> None:
    assert len({each.summary for each in TOPICS}) == len({each.name for each in TOPICS}) == len(TOPICS)
    assert all(each.summary.endswith(".") for each in TOPICS)
