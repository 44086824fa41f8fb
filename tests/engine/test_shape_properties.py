"""The two engines agree on every schema of every document: the quick one says yes exactly where the judge does."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockserver.engine.document import Document
from mockserver.engine.shape import Shape
from mockserver.shipped import shipped
from tests.engine.instances import nearly

FOLDERS = sorted(path for path in shipped("schemas").iterdir() if path.is_dir())


def shapes_of(document: Document) -> Iterator[tuple[str, Shape]]:
    for endpoint in document.endpoints:
        yield from ((f"{endpoint.id}-{name}", body.shape) for name, body in endpoint.bodies.items())
        yield from ((f"{endpoint.id}-{'-'.join(key)}", shape) for key, shape in endpoint.answers.items())
        places = {"query": endpoint.query, "path": endpoint.steps, "headers": endpoint.headers}
        yield from ((f"{endpoint.id}-{place}", own[1]) for place, own in places.items() if own)


def distinct(folder: Path) -> Iterator[Any]:
    """Yield each schema of a document once, however often it is used."""
    seen = set()
    for name, shape in shapes_of(Document(folder)):
        if (schema := json.dumps(shape.schema)) not in seen:
            seen.add(schema)
            yield pytest.param(shape, id=f"{folder.name}-{name}")


@pytest.mark.parametrize("shape", [param for folder in FOLDERS for param in distinct(folder)])
@settings(max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_both_engines_give_the_same_verdict(shape: Shape, data: st.DataObject) -> None:
    instance = data.draw(nearly(shape.schema, shape.document))
    assert shape._quick.is_valid(instance) is shape.judge.is_valid(instance)
