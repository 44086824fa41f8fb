from datetime import UTC, timedelta

from mockserver.state.clock import Clock, Ids


def test_the_clock_tells_moments_in_utc_that_do_not_go_back() -> None:
    first, second = Clock().now(), Clock().now()
    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)


def drawn(seed: str | None) -> list[str]:
    ids = Ids(seed)
    return [str(ids.fresh()), ids.token("acme"), str(ids.fresh()), ids.token("acme")]


def test_the_same_seed_gives_the_same_identities_in_the_same_order() -> None:
    assert drawn("monday") == drawn("monday")
    assert drawn("monday") != drawn("tuesday")
    assert drawn(None) != drawn(None)


def test_identities_do_not_repeat() -> None:
    ids = Ids("monday")
    assert len({ids.fresh() for _ in range(1000)}) == 1000
    assert ids.fresh().version == 4


def test_a_token_begins_with_what_it_is_for() -> None:
    token = Ids("monday").token("acme-api-key")
    assert token.startswith("acme-api-key-")
    assert len(token) == len("acme-api-key-") + 24
