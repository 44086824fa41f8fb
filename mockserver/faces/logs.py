"""Log lines on standard error: one a line, whatever a client put into it."""

import json
import logging
import sys

from mockserver.kit.printing import printable


class Lines(logging.Formatter):
    """Text for people, JSON for machines; control characters of clients are escaped in both."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        trace = self.formatException(record.exc_info) if record.exc_info else ""
        if self.kind == "json":
            whole = f"{message}\n{trace}" if trace else message
            return json.dumps({"level": record.levelname.lower(), "logger": record.name, "message": whole})
        # A trace has lines of its own: indented, so that none of them passes for another record.
        lines = [f"{record.levelname.lower()}: {printable(message)}", *map(printable, trace.splitlines())]
        return "\n    ".join(lines)


def set_up_logging(kind: str) -> None:
    """Write our log lines to standard error; `kind` is text or json."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(kind))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("mockserver").setLevel(logging.INFO)
    # It would write a line for every malformed form, and those are what we are for.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
