"""Log lines on standard error: one a line, whatever a client put into it."""

import json
import logging
import sys

from mockserver.settings import SettingsError

FORMATS = ("text", "json")


class Lines(logging.Formatter):
    """Text for people, JSON for machines; control characters of clients are escaped in both."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if record.exc_info:
            message += "\n" + self.formatException(record.exc_info)
        if self.kind == "json":
            return json.dumps({"level": record.levelname.lower(), "logger": record.name, "message": message})
        escaped = "".join(
            letter if letter.isprintable() or letter == "\n" else repr(letter)[1:-1] for letter in message
        )
        return f"{record.levelname.lower()}: {escaped}"


def set_up_logging(kind: str) -> None:
    """Write our log lines to standard error. Raises SettingsError for an unknown format."""
    if kind not in FORMATS:
        raise SettingsError(f"--log-format is one of {', '.join(FORMATS)}, not {kind!r}")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines(kind))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("mockserver").setLevel(logging.INFO)
    # It would write a line for every malformed form, and those are what we are for.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
