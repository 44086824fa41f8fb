"""What was read of a body."""

from collections.abc import Mapping

from msgspec import Struct

from mockserver.model import Advice, Json, Problem, Upload


class Content(Struct, frozen=True, gc=False):
    """What was read of a body: the instance, what lies around it, and what stood in the way."""

    instance: Json = None
    files: Mapping[str, Upload] = {}
    size: int = 0
    unreadable: tuple[Problem, ...] = ()
    misread: tuple[Problem, ...] = ()
    advice: tuple[Advice, ...] = ()
