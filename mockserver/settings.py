"""One tuple of settings: flags, environment, mockserver.toml and the docs all follow from it."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

PREFIX = "MOCKSERVER_"
FILE = "mockserver.toml"


class SettingsError(ValueError):
    """A setting that cannot be used: where it stands, and what it should be."""


class Setting(Struct, frozen=True):
    """A setting; `kind` is str, int, bool or list (repeatable), `sample` stands for its value in help texts."""

    name: str
    default: Any
    help: str
    kind: type = str
    sample: str = "TEXT"

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
    Setting("port", 4747, "Port to listen on; 0 picks a free one, and the ready line tells it.", int, "NUMBER"),
    Setting("vendors", (), "Serve only these vendors; may be repeated.", list, "NAME"),
    Setting("seed", None, "Makes ids repeatable: the same seed and calls give the same bytes."),
    Setting("any_token", False, "Make an account for whatever credential arrives, instead of refusing it.", bool),
    Setting("no_marks", False, "Leave out the X-Mock-* response headers.", bool),
    Setting(
        "check_replies", False, "Hold every answer to the vendor's document; one that breaks it becomes a 500.", bool
    ),
    Setting("documents", None, "Folder with a folder per vendor, laid over ours.", sample="FOLDER"),
    Setting("accounts", None, "JSON file with a list of accounts, as POST /_mock/accounts takes them.", sample="FILE"),
    Setting("admin_token", None, "Token for the admin API; `off` closes it.", sample="TOKEN"),
    Setting("public_url", None, "Address that links in answers start with, instead of the one asked.", sample="URL"),
    Setting("allow_host", (), "A further Host that may use the admin API; may be repeated.", list, "HOST"),
    Setting(
        "allow_origin", (), "An origin whose pages may call vendors and the admin API; may be repeated.", list, "ORIGIN"
    ),
    Setting("log_format", "text", "How log lines are written: text or json.", sample="FORMAT"),
    Setting("max_upload", None, "Lowers every limit on a request's body or file to this many bytes.", int, "BYTES"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


class Settings(Struct, frozen=True):
    """The settings in force: flag before environment before file before default."""

    values: Mapping[str, Any]
    options: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_settings(flags: Mapping[str, Any], folder: Path | None = None) -> Settings:
    """Return the settings; `flags` holds those given on the command line. Raises SettingsError."""
    plain, options = read_file((folder or Path.cwd()) / FILE)
    given = plain | read_environment(os.environ) | dict(flags)
    return Settings({setting.name: given.get(setting.name, setting.default) for setting in SETTINGS}, options)


def read_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    return {
        setting.name: convert(setting, environment[setting.variable], setting.variable)
        for setting in SETTINGS
        if environment.get(setting.variable)
    }


def convert(setting: Setting, text: str, place: str) -> Any:
    """Return what a text stands for; lists are separated by commas."""
    if setting.kind is bool:
        if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
            raise SettingsError(f"{place} is yes or no, not {text!r}")
        return text.lower() in ("1", "true", "yes")
    if setting.kind is list:
        return tuple(item.strip() for item in text.split(",") if item.strip())
    if setting.kind is int:
        if not text.isdecimal():
            raise SettingsError(f"{place} is a number, not {text!r}")
        return int(text)
    return text


def read_file(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return settings, and vendors' options from the tables named after them."""
    if not path.exists():
        return {}, {}
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    options = {name: value for name, value in content.items() if isinstance(value, dict)}
    return {name: check(name, value, path) for name, value in content.items() if name not in options}, options


def check(name: str, value: Any, path: Path) -> Any:
    setting = BY_NAME.get(name.replace("-", "_"))
    if setting is None:
        raise SettingsError(f"{path}: unknown setting {name!r}: known are {', '.join(BY_NAME)}")
    if not isinstance(value, setting.kind) or (setting.kind is int and isinstance(value, bool)):
        raise SettingsError(f"{path}: {name} is a {setting.kind.__name__}, not {value!r}")
    return tuple(value) if isinstance(value, list) else value
