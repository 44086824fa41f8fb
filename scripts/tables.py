"""Writes the README's tables anew, from the documents and the settings; `--check` only compares."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

from mockserver.control import Control
from mockserver.creation import Plan, create_world
from mockserver.settings import SETTINGS, Setting

README = Path(__file__).resolve().parent.parent / "README.md"


def vendor_table() -> Iterator[str]:
    yield "| vendor | operation | documented | inferred | assumed | not emulated |"
    yield "|---|---|---:|---:|---:|---:|"
    served = {vendor["name"]: vendor for vendor in Control(asyncio.run(create_world(Plan()))).vendors("")}
    for name, vendor in served.items():
        older = served[name.partition("@")[0]]["operations"] if "@" in name else ()
        for operation in vendor["operations"]:
            if operation in older:
                continue
            counts = operation["claims"]
            known = " | ".join(str(counts.get(basis, 0)) for basis in ("documented", "inferred", "assumed"))
            yield f"| {vendor['name']} | `{operation['method']} {operation['path']}` | {known} | |"
        counts = vendor["claims"]
        known = " | ".join(str(counts.get(basis, 0)) for basis in ("documented", "inferred", "assumed", "unmet"))
        yield f"| {vendor['name']} | all claims | {known} |"


def settings_table() -> Iterator[str]:
    yield "| flag | environment | default | what |"
    yield "|---|---|---|---|"
    for setting in SETTINGS:
        yield f"| `{setting.flag}` | `{setting.variable}` | {default(setting)} | {setting.help} |"


def default(setting: Setting) -> str:
    if setting.kind is bool:
        return "off"
    return f"`{setting.default}`" if setting.default not in (None, ()) else ""


def options_table() -> Iterator[str]:
    yield "| vendor | option | default | other | claim |"
    yield "|---|---|---|---|---|"
    for vendor in Control(asyncio.run(create_world(Plan()))).vendors(""):
        if "@" in vendor["name"]:
            continue
        for name, option in vendor["options"].items():
            others = ", ".join(f"`{choice}`" for choice in option["choices"] if choice != option["default"])
            yield f"| {vendor['name']} | `{name}` | `{option['default']}` | {others} | {option['claim']} |"


TABLES = {"vendors": vendor_table, "settings": settings_table, "options": options_table}


def rewritten(text: str) -> str:
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = before + begin + "\n".join(table()) + "\n" + end + after
    return text


if __name__ == "__main__":
    current = README.read_text()
    if "--check" in sys.argv:
        sys.exit("README.md: the tables are stale: run scripts/tables.py" if rewritten(current) != current else 0)
    README.write_text(rewritten(current))
