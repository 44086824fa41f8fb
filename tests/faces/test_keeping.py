"""A kept connection that nobody uses is closed after uvicorn's five seconds, by one timer for all of its rests."""

import asyncio
from typing import Any

import pytest

from mockserver.faces.protocol import Guarded
from tests.faces.test_protocol_patience import Hours, settle, with_hours
from tests.lines import GET, POST, Echo, Line, Served

ASK = GET + b"\r\n"


def held(served: Served) -> Guarded:
    (found,) = served.state.connections
    assert isinstance(found, Guarded)
    return found


async def ask(line: Line) -> None:
    await line.send(ASK)
    assert await line.answer() == b"0"
    await settle()


def test_who_asks_nothing_more_is_closed_five_seconds_after_its_last_answer() -> None:
    async def work(served: Served, line: Line, hours: Hours) -> None:
        await ask(line)
        await hours.pass_on(4)
        await ask(line)
        await hours.pass_on(4.5)
        assert served.state.connections
        await hours.pass_on(0.6)
        assert not served.state.connections
        assert await line.rest() == b""

    with_hours(Echo(), work)


def test_one_timer_serves_for_many_answers() -> None:
    async def work(served: Served, line: Line, _hours: Hours) -> None:
        await ask(line)
        alarm = held(served)._alarm
        assert alarm is not None
        for _ in range(3):
            await ask(line)
        assert held(served)._alarm is alarm
        assert held(served).timeout_keep_alive_task is None
        assert served.state.total_requests == 4

    with_hours(Echo(), work)


@pytest.mark.parametrize("begun", [b"GET / HT", POST + b"123"], ids=["head", "body"])
def test_what_has_begun_to_come_is_no_rest(begun: bytes) -> None:
    async def work(served: Served, line: Line, hours: Hours) -> None:
        await ask(line)
        await line.send(begun)
        await hours.pass_on(6)
        assert served.state.connections
        assert held(served)._alarm is None

    with_hours(Echo(), work)


def test_after_a_long_answer_the_rest_begins_anew() -> None:
    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(ASK)
        await hours.pass_on(6)
        await hours.pass_on(6)
        assert await line.answer() == b"0"
        await line.send(ASK)
        await hours.pass_on(12)
        assert await line.answer() == b"0"
        await hours.pass_on(4)
        assert served.state.connections
        await hours.pass_on(1.1)
        assert not served.state.connections

    with_hours(Echo(wait=11), work)


def test_requests_that_wait_in_line_are_no_rest() -> None:
    async def work(served: Served, line: Line, hours: Hours) -> None:
        await line.send(ASK * 3)
        assert [await line.answer() for _ in range(3)] == [b"0"] * 3
        await settle()
        assert served.state.total_requests == 3
        await hours.pass_on(4)
        await ask(line)

    with_hours(Echo(), work)


def test_a_connection_that_is_gone_is_waited_for_no_longer() -> None:
    found: list[Any] = []

    async def work(served: Served, line: Line, _hours: Hours) -> None:
        await ask(line)
        found.append(held(served)._alarm)
        line.writer.close()
        await line.writer.wait_closed()
        await served.end()

    with_hours(Echo(), work)
    assert found[0].cancelled()


def test_an_answer_to_who_has_left_begins_no_rest() -> None:
    async def work(served: Served, line: Line, _hours: Hours) -> None:
        connection = held(served)
        await line.send(ASK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        assert await line.answer() == b"0"
        await served.end()
        assert connection._alarm is None
        assert served.state.total_requests == 1

    with_hours(Echo(), work)


def test_the_five_seconds_are_uvicorns_own() -> None:
    async def work(served: Served, _line: Line, _hours: Hours) -> None:
        assert held(served).timeout_keep_alive == 5
        await asyncio.sleep(0)

    with_hours(Echo(), work)
