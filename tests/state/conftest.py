"""Every store, for the tests of what every store promises; a further one only has to be listed here."""

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pytest

from mockserver.state.memory import MemoryStore
from mockserver.state.store import QUOTAS, Quota, Store
from tests.redis_server import REDIS

Make: TypeAlias = Callable[[Mapping[str, Quota]], Store]


@pytest.fixture(params=[MemoryStore, REDIS], ids=lambda make: make.__name__)
def make(request: pytest.FixtureRequest) -> Make:
    found: Make = request.param
    return found


@pytest.fixture
def store(make: Make) -> Store:
    return make(QUOTAS)
