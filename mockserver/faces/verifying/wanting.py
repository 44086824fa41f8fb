"""What the command line asks of a verification: which cases, by which credentials, and whether it may be sent there."""

from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from mockserver.cases import Located, cases_in, shipped_cases
from mockserver.creation import account_file
from mockserver.faces.plans import find_document
from mockserver.faces.verifying.targets import Terms
from mockserver.settings import SettingsError
from mockserver.state.clock import Clock

# What `--observed` stands for without a file.
PRINTED = "-"


class Wanted(Struct, frozen=True, kw_only=True):
    """The command line."""

    cases: str
    token: str | None = None
    credentials: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    chosen: str | None = None
    timeout: float = 10.0
    for_real: bool = False
    observed: str | None = None
    documents: str | None = None

    @property
    def file(self) -> Path | None:
        """The file that observed claims are written to."""
        return Path(self.observed) if self.observed not in (None, PRINTED) else None


def find_cases(wanted: Wanted) -> tuple[str, list[Located]]:
    """Return the vendor and the cases. Raises SettingsError."""
    ours = shipped_cases() / wanted.cases
    folder = ours if Path(wanted.cases).name == wanted.cases and ours.is_dir() else Path(wanted.cases)
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in shipped_cases().iterdir() if path.is_dir()))
        raise SettingsError(f"{wanted.cases!r} is neither a folder of cases nor a vendor with cases: those are {known}")
    folder = folder.resolve()
    cases = [each for each in cases_in(folder) if wanted.chosen is None or wanted.chosen in each.place]
    if not cases:
        among = f" with {wanted.chosen!r} in its name" if wanted.chosen is not None else " in accepted or refused"
        raise SettingsError(f"{wanted.cases}: there is no case{among}")
    return folder.name, cases


def terms_of(wanted: Wanted, vendor: str) -> Terms:
    """Return what cases are sent with. Raises SettingsError, and never with a credential in it."""
    document = find_document(vendor, wanted.documents)
    demo = account_file(document)
    given = dict(split(each, "--credential") for each in wanted.credentials)
    if unknown := given.keys() - demo.credentials.keys():
        raise SettingsError(f"{vendor} has no credential {min(unknown)!r}: known are {', '.join(demo.credentials)}")
    if wanted.token is not None:
        given[token_name(demo.credentials)] = wanted.token
    for name, value in given.items():
        if not value or not value.isascii() or not value.isprintable():
            raise SettingsError(f"the credential {name} is empty, or holds what no header can carry")
    replaced = dict(split(each, "--replace") for each in wanted.replaced)
    return Terms(document, Clock().now(), demo.credentials, demo.book, given, replaced)


def split(text: str, flag: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise SettingsError(f"{flag} is a name, an equals sign and a value")
    return name, value


def token_name(names: Iterable[str]) -> str:
    """Return which credential `--token` is: the token by name, else the one that ends so, else the first."""
    return next(iter(sorted(names, key=lambda name: (name != "token", not name.endswith("_token")))))


def check_consent(address: str, wanted: Wanted) -> None:
    """Raise SettingsError unless anything may be sent there; nobody is asked what a name means."""
    if not is_loopback(address) and not wanted.for_real:
        raise SettingsError(
            f"{address} is beyond this machine: the cases upload made-up recordings there, make and delete things,"
            " and may cost credits: say --for-real if you mean it"
        )


def is_loopback(address: str) -> bool:
    """Say whether an address is this machine by its text alone. Raises SettingsError for one that is none."""
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise SettingsError("--against is no address") from None
    if not host or parts.query or parts.fragment or "@" in parts.netloc:
        raise SettingsError("--against names a scheme, a host and perhaps a path, and no credentials")
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
