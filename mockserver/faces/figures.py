"""Numbers on the command line."""

from math import isfinite
from typing import Any

import click


class Figure(click.FloatRange):
    """A number within a range: nan compares with nothing, and would pass through every one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found: float = super().convert(value, param, ctx)
        if not isfinite(found):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return found
