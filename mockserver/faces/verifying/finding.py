"""Who answers at an address: a mock, or somebody else."""

from mockserver.faces.asking import Server
from mockserver.faces.verifying.elsewhere import Elsewhere
from mockserver.faces.verifying.mocked import Mock
from mockserver.faces.verifying.targets import Target, Terms
from mockserver.faces.verifying.wire import SilentError, Wire
from mockserver.settings import SettingsError


async def find_target(wire: Wire, server: Server, terms: Terms) -> Target:
    """Return who answers at an address: a mock says so when it is asked for its health. Raises SettingsError."""
    try:
        answer = await wire.send("GET", f"{server.address}/_mock/health", {})
    except SilentError as error:
        raise SettingsError(f"{server.address} does not answer: {error}") from None
    if answer.is_marked:
        raise SettingsError(f"{server.address} is a part of a mock: name the server itself, without a path")
    is_mock = answer.status == 200 and isinstance(answer.body, dict) and isinstance(answer.body.get("vendors"), list)
    return Mock(wire, server, terms, answer.body) if is_mock else Elsewhere(wire, server, terms)
