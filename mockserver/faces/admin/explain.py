"""Why a request would be refused, and what would mend it."""

from collections.abc import Mapping

import msgspec

from mockserver.control.asking import Asked
from mockserver.control.explanation import Explanation
from mockserver.control.telling import tell
from mockserver.faces.admin.desk import Answer, Desk
from mockserver.model import Call, Reply


async def explain(desk: Desk, call: Call) -> Reply:
    return show_explanation(await desk.control.explain(msgspec.convert(call.body, Asked)))


def show_explanation(explanation: Explanation) -> Reply:
    return Reply(200, {**msgspec.to_builtins(explanation), "text": "\n".join(tell(explanation))})


ANSWERS: Mapping[str, Answer] = {"explain": explain}
