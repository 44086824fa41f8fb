"""Which certificates a client of ours trusts."""

import ssl

from mockserver.faces.certificates import files
from mockserver.settings import SELF_SIGNED, SettingsError, trusted


def trust(ca: str | None = None) -> ssl.SSLContext:
    """Return a context that trusts a file's certificates, else those of MOCKSERVER_CA, SSL_CERT_FILE or the system.

    Raises SettingsError that names the file.
    """
    file = ca or trusted()
    try:
        context = ssl.create_default_context(cafile=file)
    except OSError as error:  # of which ssl's own are
        raise SettingsError(f"{file}: holds no certificates in PEM: {error.strerror or error}") from None
    # A server's own certificate may stand for whoever has signed it.
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def trust_own(tls: str) -> ssl.SSLContext:
    """Return a context for the server that the settings of this machine start, whatever names it is certified for.

    Its certificate is the one that the settings name; one that is made at its start nobody else can know, and over
    loopback no more is risked than without TLS.
    """
    context = ssl.create_default_context() if tls == SELF_SIGNED else trust(str(files(tls)[0]))
    context.check_hostname = False
    if tls == SELF_SIGNED:
        context.verify_mode = ssl.CERT_NONE
    return context
