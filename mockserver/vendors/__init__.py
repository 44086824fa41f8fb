"""The behaviour of vendors, found by folder name; a vendor without any is served from its document alone."""

import sys
from collections.abc import Iterable
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from mockserver.model import Rule, Vendor

BESIDE = "behaviour.py"


def find_vendor(name: str, folder: Path | None = None) -> Vendor:
    """Return the vendor of a name without edition: a `behaviour.py` beside its documents, else our own, else plain.

    Raises ValueError, which names the file, when a module cannot be run, has no `vendor`, or rules that are none.
    """
    if folder is not None and (folder / BESIDE).exists():
        module = load(folder / BESIDE)
    elif name.isidentifier() and find_spec(f"{__name__}.{name}"):
        module = import_module(f"{__name__}.{name}")
    else:
        return Vendor(name)
    vendor = getattr(module, "vendor", None)
    if not isinstance(vendor, Vendor):
        raise ValueError(f"{module.__file__}: has no `vendor`, the value that says what {name} does")  # noqa: TRY004
    for rules in (vendor.guards, *(listed for one in vendor.operations.values() for listed in (one.early, one.rules))):
        if wrong := wrong_with(rules):
            raise ValueError(f"{module.__file__}: {wrong}")
    return vendor


def wrong_with(rules: Any) -> str | None:
    """Return why rules cannot judge a call: it would be told at the first one, as our fault."""
    if not isinstance(rules, Iterable):
        return f"{name_of(rules)} is no list of rules: one alone is written ({name_of(rules)},)"
    strange = [each for each in rules if not isinstance(each, Rule)]
    return f"{name_of(strange[0])!r} is no rule: put @rule and its claim over it" if strange else None


def name_of(value: Any) -> Any:
    return value.name if isinstance(value, Rule) else getattr(value, "__name__", value)


class Fresh(SourceFileLoader):
    """Reads a file as it is: compiled code that lies beside it may be older, by less than a second or one edit."""

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  # the library's
        return self.source_to_code(self.get_data(self.path), self.path)


def load(path: Path) -> ModuleType:
    """Return the module of a file that belongs to no package."""
    name = f"{__name__}.beside_{path.parent.name}"
    module = ModuleType(name)
    module.__file__ = str(path)
    # What a module defines looks itself up here.
    sys.modules[name] = module
    try:
        Fresh(name, str(path)).exec_module(module)
    except (Exception, SystemExit) as error:
        says = str(error).partition("\n")[0]
        raise ValueError(f"{path}: {type(error).__name__}: {says}") from error
    return module
