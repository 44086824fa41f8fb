"""One tuple of settings: flags, environment, mockserver.toml and the docs all follow from it."""

from typing import Any

from msgspec import Struct

from mockserver.model import PACES
from mockserver.places import MEMORY, PORT, STORE

PREFIX = "MOCKSERVER_"
SELF_SIGNED = "self-signed"


class Setting(Struct, frozen=True):
    """A setting; `sample` stands for its value in help texts.

    `kind` is str, int, bool, list (repeatable), or float for a number or words, kept as a text.

    `bare` is what its flag stands for where no value follows it.

    `form` is what the whole text of a value, or of each item of a list, must match; `wants` says so in words. What is
    given for one that `is_secret` may hold a password, and is never shown.
    """

    name: str
    default: Any
    help: str
    kind: type = str
    sample: str = "TEXT"
    form: str = ".+"
    wants: str = "a text"
    is_secret: bool = False
    bare: str | None = None

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return PREFIX + self.name.upper()


SETTINGS = (
    Setting(
        "host", "127.0.0.1", "Address to listen on; beyond loopback the admin API wants a token.", sample="ADDRESS"
    ),
    Setting(
        "port",
        4747,
        "Port to listen on; 0 picks a free one, and the ready line tells it.",
        int,
        "NUMBER",
        form=PORT,
        wants="a number from 0 to 65535",
    ),
    Setting(
        "vendors",
        (),
        "Serve only these vendors; may be repeated.",
        list,
        "NAME",
        form=r"[^\s,/]+",
        wants="a list of vendors' names",
    ),
    Setting(
        "store",
        MEMORY,
        "Where state lies: memory, or a Redis or Valkey that several servers share.",
        sample="ADDRESS",
        form=STORE,
        wants="memory, redis://HOST:PORT/DB or unix:///PATH/TO/SOCKET?db=DB, a password in it percent-encoded",
        is_secret=True,
    ),
    Setting(
        "workers",
        1,
        "How many processes answer at the port; more than one want a store that they share.",
        int,
        "NUMBER",
        form="[1-9]|[1-5][0-9]|6[0-4]",
        wants="a number from 1 to 64",
    ),
    Setting("seed", None, "Makes ids repeatable: the same seed and calls give the same bytes."),
    Setting(
        "pace",
        "1",
        "How fast work goes on: multiplies every wait; or immediate, held, reads:N.",
        float,
        "PACE",
        form=r"[0-9]{1,6}(\.[0-9]{1,6})?|immediate|held|reads:[1-9][0-9]{0,5}",
        wants=PACES,
    ),
    Setting("any_token", False, "Make an account for whatever credential arrives, instead of refusing it.", bool),
    Setting("no_marks", False, "Leave out the X-Mock-* response headers.", bool),
    Setting("strict", False, "Refuse what the vendor would silently ignore, and operations of assumed shape.", bool),
    Setting(
        "check_replies", False, "Hold every answer to the vendor's document; one that breaks it becomes a 500.", bool
    ),
    Setting("documents", None, "Folder with a folder per vendor, laid over ours.", sample="FOLDER"),
    Setting("accounts", None, "JSON file with a list of accounts, as POST /_mock/accounts takes them.", sample="FILE"),
    Setting(
        "scenario", None, "Scenario that the server begins with; `mockserver scenario list` names them.", sample="NAME"
    ),
    Setting(
        "admin_token",
        None,
        "Token for the admin API; `off` closes it.",
        sample="TOKEN",
        form="[!-~]+",
        wants="letters, digits and signs without blanks",
    ),
    Setting(
        "public_url",
        None,
        "Address that links in answers start with, instead of the one asked.",
        sample="URL",
        form=r"https?://[^\s?#]+",
        wants="an address such as https://mock.example",
    ),
    Setting(
        "allow_host",
        (),
        "A further Host that may use the admin API, and that webhooks may go to; may be repeated.",
        list,
        "HOST",
        form=r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]",
        wants="a host without its port",
    ),
    Setting(
        "allow_origin",
        (),
        "An origin whose pages may call vendors and the admin API; may be repeated.",
        list,
        "ORIGIN",
        form=r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]+|null",
        wants="an origin such as https://app.example",
    ),
    Setting(
        "tls",
        None,
        "Serve HTTPS: CERT.pem,KEY.pem, a folder with both, or alone (self-signed) with a certificate of its own.",
        sample="FILES",
        wants=f"CERT.pem,KEY.pem, a folder that holds both, or {SELF_SIGNED}",
        bare=SELF_SIGNED,
    ),
    Setting("reload", False, "Read documents, accounts and settings again when their files change.", bool),
    Setting(
        "log_format",
        "text",
        "How log lines are written: text or json.",
        sample="FORMAT",
        form="text|json",
        wants="text or json",
    ),
    Setting(
        "max_upload",
        None,
        "Lowers every limit on a request's body or file to this many bytes.",
        int,
        "BYTES",
        form="[0-9]{1,15}",
        wants="a number of bytes",
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
