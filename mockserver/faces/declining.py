"""A wish for another protocol is passed over, as any server may do (RFC 9110, 7.8).

The parser takes a request with such a wish to end with its head, and its body for something else. Java's own client
wishes for HTTP/2 with whatever it sends.
"""

import sys

from httptools import HttpRequestParser

from mockserver.faces.keeping import Keeping


class Declining(Keeping):
    """`_data` is what the parser reads just now, `_again` what it has to read instead."""

    _data = _again = b""

    def data_received(self, data: bytes) -> None:
        self._again = data
        while self._again:
            self._data, self._again = self._again, b""
            super().data_received(self._data)
        self._data = b""

    def is_wish(self) -> bool:
        """Tell whether the head that has come will be read again; a tunnel's has no body that could be lost."""
        return self.parser.should_upgrade() and self.parser.get_method() != b"CONNECT"

    def _unsupported_upgrade_warning(self) -> None:
        """Lay the same head without the wish before what follows it; uvicorn says so where it grants none."""
        if self.is_wish():
            first = b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
            lines = [b"%s: %s" % pair for pair in self.headers if pair[0] != b"upgrade"]
            # uvicorn is just handling what the parser raised: it tells where the head has ended.
            end: int = sys.exception().args[0]  # type: ignore[union-attr]
            self._again = b"\r\n".join([first, *lines, b"\r\n"]) + self._data[end:]
            # The one before reads nothing more where the connection is to end with this request.
            self.parser = HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
