"""TLS: with a certificate that somebody has, or with one that is made at the start and gone with the end."""

import os
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from msgspec import Struct

from mockserver.settings import SELF_SIGNED, SettingsError

# As they lie in a folder: ours and mkcert's habit, Kubernetes', certbot's.
PAIRS = (("cert.pem", "key.pem"), ("tls.crt", "tls.key"), ("fullchain.pem", "privkey.pem"))
OURS = ("localhost", "127.0.0.1", "::1", "*.localhost")
WHOSE = "mockserver"


class Identity(Struct, frozen=True):
    """What a server shows its clients; `authority` is a file that they must be told to trust, where it is ours."""

    context: ssl.SSLContext
    authority: str | None = None


@contextmanager
def identity(asked: str, hosts: Iterable[str]) -> Iterator[Identity]:
    """Yield what `--tls` asks for; `hosts` are names for a certificate of our own.

    Raises SettingsError for files that cannot be used.
    """
    if asked == SELF_SIGNED:
        with kept_folder() as folder:
            yield self_signed(folder / "ca.pem", sorted({*OURS, *hosts}))
    else:
        yield Identity(loaded(*files(asked)))


@contextmanager
def kept_folder() -> Iterator[Path]:
    """Yield a folder that goes with the process that made it, and not with a worker of it."""
    folder, maker = Path(mkdtemp(prefix="mockserver-")), os.getpid()
    try:
        yield folder
    finally:
        if os.getpid() == maker:
            rmtree(folder, ignore_errors=True)


def files(asked: str) -> tuple[Path, Path]:
    """Return the certificate and its key: two files with a comma between, or a folder that holds them."""
    first, comma, second = asked.partition(",")
    if comma:
        return Path(first.strip()), Path(second.strip())
    folder = Path(asked)
    if not folder.is_dir():
        raise SettingsError(f"--tls names CERT.pem,KEY.pem, a folder that holds both, or {SELF_SIGNED}, not {asked!r}")
    for pair in PAIRS:
        if (folder / pair[0]).exists():
            return folder / pair[0], folder / pair[1]
    wanted = ", nor ".join(" and ".join(pair) for pair in PAIRS)
    raise SettingsError(f"--tls: {asked} holds neither {wanted}")


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    return context


def loaded(certificate: Path, key: Path) -> ssl.SSLContext:
    check_pem(certificate, "CERTIFICATE-----", "certificate")
    check_pem(key, "PRIVATE KEY-----", "private key")
    context = server_context()
    try:
        context.load_cert_chain(certificate, key, password=lambda: refuse_locked(key))
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise SettingsError(f"--tls: {key} is not the key of {certificate}") from None
        raise SettingsError(f"--tls: {certificate} and {key}: OpenSSL can make nothing of them") from None
    return context


def refuse_locked(key: Path) -> str:
    raise SettingsError(f"--tls: {key} is locked by a passphrase: give a key without one")


def check_pem(path: Path, mark: str, what: str) -> None:
    """Look into a file before OpenSSL does, which would not say which of two it means."""
    try:
        content = path.read_text("ascii", errors="replace")
    except OSError as error:
        raise SettingsError(f"--tls: {path}: {(error.strerror or 'cannot be read').lower()}") from None
    if mark not in content:
        raise SettingsError(f"--tls: {path} holds no {what} in PEM")


def self_signed(authority: Path, hosts: Iterable[str]) -> Identity:
    """Return a certificate for these names, by an authority that is written to a file; its key never is."""
    try:
        import trustme
    except ImportError:
        raise SettingsError(
            "--tls alone makes a certificate with trustme, which is not installed: pip install trustme"
        ) from None
    ours = trustme.CA(organization_name=WHOSE)
    try:
        certificate = ours.issue_cert(*hosts, organization_name=WHOSE)
    except ValueError as error:
        raise SettingsError(f"--tls alone cannot make a certificate for these names: {error}") from None
    context = server_context()
    certificate.configure_cert(context)
    ours.cert_pem.write_to_path(str(authority))
    return Identity(context, str(authority))
