"""The end of connections that are kept and not used: where uvicorn sets a timer for each answer, one looks around."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Keeping(HttpToolsProtocol):
    """`_rested` is when the last answer had been made, None while something is under way or has begun to come."""

    _rested: float | None = None
    _alarm: asyncio.TimerHandle | None = None

    def on_response_complete(self) -> None:
        if self.pipeline or self.transport.is_closing():
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        self.flow.resume_reading()
        self._rested = self.loop.time()
        if self._alarm is None:
            self._alarm = self.loop.call_later(self.timeout_keep_alive, self._wake)

    def _unset_keepalive_if_required(self) -> None:
        """End the rest: uvicorn says so whenever bytes come, and would cancel its timer."""
        self._rested = None

    def connection_lost(self, exc: Exception | None) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        super().connection_lost(exc)

    def _wake(self) -> None:
        """Close what has been at rest for long enough; look again when a rest that is under way could have been."""
        self._alarm = None
        if self._rested is None:
            return
        left = self._rested + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._alarm = self.loop.call_later(left, self._wake)
        else:
            self.timeout_keep_alive_handler()
