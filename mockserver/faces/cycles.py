"""Bodies and answers that are whole pass at once.

uvicorn makes a body into messages that are waited for; of an answer it looks at every header twice, and writes head and
body apart.
What is odd about an answer or its connection is left to uvicorn's own way.
"""

from collections.abc import Sequence

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

# What may stand in the lines of a head (RFC 9110, 5.5): all that is no control, and the tab.
PLAIN = bytes({9, *range(32, 127), *range(128, 256)})


class Cycle(RequestResponseCycle):
    """One request and its answer."""

    def take_whole(self) -> bytes | None:
        """Return the body once all of it has come, None before; as the last of a body does, it leaves nothing."""
        if self.more_body or self.disconnected or self.response_complete:
            return None
        body, self.body = bytes(self.body), bytearray()
        self.flow.resume_reading()
        self.message_event.clear()
        return body

    def answer_whole(self, status: int, headers: Sequence[tuple[bytes, bytes]], content: bytes) -> bool:
        """Send an answer that needs nothing special, and say whether it did; `headers` tell its length."""
        if self.response_started or self.disconnected or not self.keep_alive or self.flow.write_paused:
            return False
        if self.scope["method"] == "HEAD" or self.access_log or self.default_headers or not headers:
            return False
        lines = b"\r\n".join(map(b": ".join, headers))
        if lines.translate(None, PLAIN) != b"\r\n" * (len(headers) - 1):
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.write(STATUS_LINE[status] + lines + b"\r\n\r\n" + content)
        self.message_event.set()
        self.on_response()
        return True
