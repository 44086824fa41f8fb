"""Figures that Prometheus can read: they count what was called, whatever the journal has forgotten since."""

import re
from datetime import timedelta

import httpx

from mockserver.control import Control
from mockserver.control.metrics import Metric, exposition
from mockserver.faces.python.server import MockServer
from mockserver.state.store import Dump, Write
from mockserver.world import World
from tests.applications import UPLOAD, new_application
from tests.applications import ask as ask_application
from tests.facts import NOW
from tests.holding import busy_world, run, upload
from tests.worlds import ask, new_world

LINE = re.compile(r'[a-z_]+(\{([a-z_]+="([^"\\\n]|\\[\\"n])*",?)*\})? -?[0-9.e+-]+')
UPLOADS = 'mockserver_calls_total{vendor="voxjar",operation="uploadInteraction",status='


def figures(world: World) -> dict[str, float]:
    text = run(exposition(world))
    assert text.endswith("\n")
    shown = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in shown if not LINE.fullmatch(line)] == []
    found = {name: float(figure) for name, _, figure in (line.rpartition(" ") for line in shown)}
    assert len(found) == len(shown)
    return found


def test_calls_and_refusals_are_counted() -> None:
    world = busy_world()
    ask(world, "voxjar", "GET", "/nowhere")
    found = figures(world)
    assert (found[f'{UPLOADS}"200"}}'], found[f'{UPLOADS}"401"}}']) == (2, 1)
    assert found['mockserver_calls_total{vendor="voxjar",operation="",status="404"}'] == 1
    (refused,) = [name for name in found if "refusals_total" in name and "auth/" in name]
    assert (refused.startswith('mockserver_refusals_total{vendor="voxjar",refused_by="auth/'), found[refused]) == (
        True,
        1,
    )


def test_they_outlive_the_journal_and_go_with_a_reset() -> None:
    world = busy_world()
    run(Control(world).journal.clear())
    assert figures(world)[f'{UPLOADS}"200"}}'] == 2
    run(Control(world).state.reset(account="voxjar/demo"))
    assert figures(world)[f'{UPLOADS}"200"}}'] == 2
    run(Control(world).state.reset(what=["journal"]))
    assert f'{UPLOADS}"200"}}' not in figures(world)
    upload(world)
    assert figures(world)[f'{UPLOADS}"200"}}'] == 1


def test_the_store_is_measured() -> None:
    world = busy_world()
    run(world.store.load(Dump({"media": [(("media",), b"[]")]}, {"media": 7}), ["media"]))
    found = figures(world)
    told = [found[f'mockserver_store_{name}{{shelf="media"}}'] for name in ("rows", "bytes", "evicted_total")]
    assert told == [1, 2, 7]
    assert found['mockserver_store_rows{shelf="journal"}'] == 3


def test_time_is_told_by_the_mock_and_age_by_the_machine() -> None:
    world = busy_world()
    found = figures(world)
    assert found["mockserver_clock_seconds"] == (NOW + timedelta(seconds=60)).timestamp()
    assert 0 <= found["mockserver_uptime_seconds"] < 3600
    assert [name for name in found if name.startswith('mockserver_info{version="')]


def test_webhooks_are_counted_by_what_became_of_them() -> None:
    world = new_world("voxjar")
    states = {"1": "pending", "2": "delivered", "3": "pending"}
    rows = [
        Write(("delivery", "voxjar", "demo", key), f'{{"state":"{state}"}}'.encode()) for key, state in states.items()
    ]
    run(world.store.commit(rows, {}))
    found = figures(world)
    assert (found['mockserver_deliveries{state="pending"}'], found['mockserver_deliveries{state="delivered"}']) == (
        2,
        1,
    )


def test_a_label_cannot_end_its_quotes_or_its_line() -> None:
    metric = Metric("made_up", "gauge", "Made up.", ("name",), {('a"b\\c\nd',): 1.5})
    *_, line = metric.lines()
    assert line == 'mockserver_made_up{name="a\\"b\\\\c\\nd"} 1.5'
    assert LINE.fullmatch(line)


def test_they_are_read_over_http() -> None:
    answer = ask_application(new_application(busy_world()), "GET", "/_mock/metrics")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"# TYPE mockserver_calls_total counter\n" in answer.content


def test_no_call_is_lost_under_load() -> None:
    with MockServer(vendors=["voxjar"]) as mock, httpx.Client(base_url=mock.url, trust_env=False) as client:
        account = mock.account("voxjar")
        headers = {"Authorization": f"Bearer {account.token}"}
        for _ in range(50):
            client.post("/voxjar/api/v1/upload", json=UPLOAD, headers=headers)
        text = client.get("/_mock/metrics").text
    assert f'{UPLOADS}"200"}} 50\n' in text
