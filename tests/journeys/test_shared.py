"""The same journeys on a store that two processes share: whoever answers, it is one world."""

from collections.abc import Iterator

import pytest

from tests.journeys import test_siro, test_voxjar, test_webhooks
from tests.processes import Started
from tests.redis_server import fresh_address, needs_redis

pytestmark = needs_redis


@pytest.fixture(scope="module")
def travelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("shared")
    started = Started("--check-replies", "--store", fresh_address(), "--workers", "2", cwd=folder)
    yield started
    assert started.stop() == 0


# Tests and their fixtures are found by their names here as they are there.
for module in (test_siro, test_voxjar, test_webhooks):
    globals().update({name: value for name, value in vars(module).items() if name.startswith("test_")})
client, receiver = test_siro.client, test_webhooks.receiver
