"""Requests to one place: each within its time, no answer larger than it may be, nobody followed, no proxy asked."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ssl import SSLContext

import httpx
from msgspec import Struct

from mockserver import __version__
from mockserver.cases.holding import Answer

MOST = 4_194_304
AGENT = f"mockserver/{__version__} (verify)"


class SilentError(Exception):
    """No answer came, and why."""


class Wire(Struct, frozen=True):
    """`patience` is in seconds, for a request and its whole answer."""

    client: httpx.AsyncClient
    patience: float

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        """Return the answer. Raises SilentError."""
        try:
            own = {"User-Agent": AGENT, **headers}
            lines = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in own.items()]
            async with (
                asyncio.timeout(self.patience),
                self.client.stream(method, url, headers=lines, content=body) as response,
            ):
                return Answer(response.status_code, dict(response.headers), await read(response))
        except TimeoutError:
            raise SilentError(f"no answer within {self.patience:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise SilentError(f"no answer: {error or type(error).__name__}") from None


async def read(response: httpx.Response) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > MOST:
            raise SilentError(f"its answer is larger than {MOST} bytes")
    return bytes(content)


@asynccontextmanager
async def wired(patience: float, context: SSLContext | None = None) -> AsyncIterator[Wire]:
    """Yield a wire; `context` says whom to trust, those whom httpx does where it is None."""
    verify = context or True
    # Settings of the environment could lead elsewhere, or add a credential that nobody has named.
    async with httpx.AsyncClient(trust_env=False, timeout=patience, follow_redirects=False, verify=verify) as client:
        yield Wire(client, patience)
