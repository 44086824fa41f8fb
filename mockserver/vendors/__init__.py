"""The behaviour of vendors, found by folder name; a vendor without any is served from its document alone."""

from importlib import import_module
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from mockserver.model import Vendor

BESIDE = "behaviour.py"


def find_vendor(name: str, folder: Path | None = None) -> Vendor:
    """Return the vendor of a name without edition: a `behaviour.py` beside its documents, else our own, else plain.

    Raises ValueError when a module has no `vendor`.
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
    return vendor


def load(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"{__name__}.beside_{path.parent.name.replace('@', '_')}", path)
    if spec is None or spec.loader is None:
        raise ValueError(f"{path}: cannot be loaded")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
