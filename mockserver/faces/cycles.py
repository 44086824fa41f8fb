"""Answers that are whole leave at once: uvicorn looks at every header twice, and writes head and body apart.

What is odd about an answer or its connection is left to uvicorn's own way.
"""

from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

# What may stand in the lines of a head (RFC 9110, 5.5): all that is no control, and the tab.
PLAIN = bytes({9, *range(32, 127), *range(128, 256)})


class Cycle(RequestResponseCycle):
    """One request and its answer."""

    def answer_whole(self, status: int, headers: Sequence[tuple[bytes, bytes]], content: bytes) -> bool:
        """Send an answer that needs nothing special, and say whether it did; `headers` tell its length."""
        if self.response_started or self.disconnected or not self.keep_alive or self.flow.write_paused:
            return False
        if self.scope["method"] == "HEAD" or self.access_log or self.default_headers:
            return False
        lines = b"".join([b"%b: %b\r\n" % pair for pair in headers])
        if lines.translate(None, PLAIN) != b"\r\n" * len(headers):
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n" + content)
        self.message_event.set()
        self.on_response()
        return True
