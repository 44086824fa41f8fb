"""Calls are counted for good, by what they were and how they were answered."""

from mockserver.model import Call, Decision, Kind, Mark, Outcome, Problem, Reply
from mockserver.state.store import Key, Write
from mockserver.state.tally import count_call, summed
from tests.facts import ID, NOW

CALL = Call(ID, NOW, "acme", "addCall", "POST", "/v1/calls")
UNMET = Call(ID, NOW, "acme", "", "POST", "/nowhere")
REFUSED = (Mark("route"), Mark("rules", (Problem(Kind.INVALID, "no", claim="who-required"),), "a_rule"))
COUNTS: dict[Key, int] = {
    ("tally", "acme", "b", "400", "rules/x"): 2,
    ("tally", "acme", "a", "200", ""): 3,
    ("tally", "acme", "b", "400", "rules/y"): 5,
    ("tally", "acme", "c", "400", "rules/x"): 7,
}


def test_a_call_is_counted_by_vendor_operation_status_and_what_refused_it() -> None:
    accepted, refused = Decision(Outcome(Reply(201)), (Mark("accept"),)), Decision(Outcome(Reply(400)), REFUSED)
    assert count_call(CALL, accepted) == Write(("tally", "acme", "addCall", "201", ""), None, 1)
    assert count_call(UNMET, refused) == Write(("tally", "acme", "", "400", "rules/who-required"), None, 1)


def test_counts_are_summed_by_some_of_their_words() -> None:
    by_status = summed(COUNTS, lambda key: (key[3],))
    assert by_status == {("200",): 3, ("400",): 14}
    by_claim = summed(COUNTS, lambda key: (key[4],) if key[4] else None)
    assert [*by_claim.items()] == [(("rules/x",), 9), (("rules/y",), 5)]
