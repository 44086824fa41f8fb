"""The settings in force, from flags, the environment and mockserver.toml."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from mockserver.flags import BY_NAME, SELF_SIGNED, SETTINGS, Setting

__all__ = ["BY_NAME", "FILE", "SELF_SIGNED", "SETTINGS", "Setting", "Settings", "SettingsError", "read_settings"]

CA = "MOCKSERVER_CA"
FILE = "mockserver.toml"
TYPES: Mapping[type, tuple[type, ...]] = {int: (int,), float: (str, int, float)}
TRUTHS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


class SettingsError(ValueError):
    """A setting that cannot be used: where it stands, and what it should be."""


class Settings(Struct, frozen=True):
    """The settings in force: flag before environment before file before default."""

    values: Mapping[str, Any]
    options: Mapping[str, Mapping[str, Any]]

    def __getitem__(self, name: str) -> Any:
        return self.values[name]


def read_settings(flags: Mapping[str, Any], folder: Path | None = None) -> Settings:
    """Return the settings; `flags` holds those given on the command line. Raises SettingsError."""
    plain, options = read_file((folder or Path.cwd()) / FILE)
    return settings_of(plain | read_environment(os.environ) | read_flags(flags), options)


def trusted() -> str | None:
    """Return the file of certificates that the environment says to trust, None for those of the system."""
    return os.environ.get(CA) or os.environ.get("SSL_CERT_FILE") or None


def settings_of(given: Mapping[str, Any], options: Mapping[str, Mapping[str, Any]] | None = None) -> Settings:
    """Return settings of which only some are given, the others at their default."""
    return Settings({setting.name: given.get(setting.name, setting.default) for setting in SETTINGS}, options or {})


def read_flags(flags: Mapping[str, Any]) -> dict[str, Any]:
    return {name: check(BY_NAME[name], split(value), BY_NAME[name].flag) for name, value in flags.items()}


def split(value: Any) -> Any:
    """Return a list with the items that were written together, by commas, apart; all else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    return [item.strip() for text in value for item in str(text).split(",") if item.strip()]


def read_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of variables that are set and not empty."""
    given = [(setting, environment.get(setting.variable)) for setting in SETTINGS]
    return {setting.name: check(setting, read(setting, text), setting.variable) for setting, text in given if text}


def read(setting: Setting, text: str) -> Any:
    """Return what a text stands for, or the text itself where it stands for nothing; lists are separated by commas."""
    if setting.kind is bool:
        return TRUTHS.get(text.lower(), text)
    if setting.kind is list:
        return split([text])
    return int(text) if setting.kind is int and re.fullmatch(setting.form, text) else text


def parsed(parse: Callable[[Any], Any], text: str | bytes) -> Any:
    """Return what a parser makes of a text. Raises ValueError, also for what is nested too deeply for it."""
    try:
        return parse(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def read_file(path: Path) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Return settings, and vendors' options from the tables named after them."""
    try:
        content = parsed(tomllib.loads, path.read_text("utf-8"))
    except FileNotFoundError:
        return {}, {}
    except OSError as error:
        raise SettingsError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None
    options = {name: value for name, value in content.items() if isinstance(value, dict)}
    plain = {name.replace("-", "_"): value for name, value in content.items() if name not in options}
    if unknown := plain.keys() - BY_NAME.keys():
        raise SettingsError(f"{path}: unknown setting {min(unknown)!r}: known are {', '.join(BY_NAME)}")
    return {name: check(BY_NAME[name], value, f"{path}: {name}") for name, value in plain.items()}, options


def check(setting: Setting, value: Any, place: str) -> Any:
    """Return a value that its setting can take, lists as tuples. Raises SettingsError."""
    if setting.kind is bool:
        if isinstance(value, bool):
            return value
        raise SettingsError(f"{place} is true or false, not {value!r}")
    items = value if setting.kind is list and isinstance(value, list) else [value]
    kinds = TYPES.get(setting.kind, (str,))
    for item in items:
        # Python takes True for a number; its text is none.
        if not isinstance(item, kinds) or not re.fullmatch(setting.form, str(item)):
            given = "" if setting.is_secret else f", not {item!r}"
            raise SettingsError(f"{place} is {setting.wants}{given}")
    if setting.kind is list:
        return tuple(items)
    return str(value) if setting.kind is float else value
