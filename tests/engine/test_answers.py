from pathlib import Path
from typing import Any

import pytest

from mockserver.engine.answers import check_answer
from mockserver.engine.endpoint import Endpoint
from mockserver.model import Reply
from tests.acme import ADD_CALL, acme_document, changed

POST = "/paths/~1v1~1calls/post"


@pytest.fixture
def endpoint(tmp_path: Path) -> Endpoint:
    responses: dict[str, Any] = {
        "204": {"description": "Nothing more."},
        "404": {"description": "A page.", "content": {"text/html": {}}},
        "413": {"description": "Text.", "content": {"text/plain": {"schema": {"type": "string"}}}},
    }
    document = changed(f"{POST}/responses", {**responses, "201": ADD_CALL["responses"]["201"]})
    return acme_document(tmp_path, document).endpoints[0]


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        (Reply(201, {"id": "1"}), None),
        (Reply(201, {"id": "1"}, "application/json;charset=utf-8"), None),
        (Reply(413, "too large", "text/plain"), None),
        (Reply(204, None, None), None),
        (Reply(404, "<p>", "text/html"), None),
        (Reply(500, {}), "addCall documents no answer 500"),
        (Reply(201, {"id": 1}), "the answer breaks its document: id must be text, not a whole number"),
        (Reply(201, "x", "text/plain"), "addCall documents application/json for 201, not text/plain"),
        (Reply(201, None, None), "addCall documents application/json for 201, not an empty body"),
        (Reply(204, {"id": "1"}), "addCall documents no body for 204"),
    ],
)
def test_an_answer_is_held_to_the_document(endpoint: Endpoint, reply: Reply, wrong: str | None) -> None:
    assert check_answer(endpoint, reply) == wrong
