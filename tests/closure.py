"""The closed loop between a vendor's claims, its document, its behaviour and its cases: what keeps what."""

import asyncio
import pkgutil
from collections.abc import Collection, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from msgspec import Struct
from msgspec.structs import asdict

import mockserver.vendors as behaviours
from mockserver.creation import Wish, furnish
from mockserver.engine.claims import claims_in
from mockserver.engine.document import Document
from mockserver.model import Rule, Vendor
from mockserver.shipped import shipped
from mockserver.state.accounts import account_key, read_account
from mockserver.vendors import find_vendor
from mockserver.world import Served, World
from tests.cases import Case, Located, Step, every_case, keep, request_of
from tests.worlds import ask, document, new_world, pass_time

FOLDERS = sorted(path.name for path in shipped("schemas").iterdir() if path.is_dir() and not path.name.startswith("_"))

HOME = Path(behaviours.__path__[0])


class Ran(Struct, frozen=True):
    """A case and what became of its last request."""

    located: Located
    served: Served

    @property
    def is_accepted(self) -> bool:
        return self.served.decision.trail[-1].step == "accept"


@cache
def ran(vendor: str) -> tuple[Ran, ...]:
    """Return every case of a document's folder, carried out in memory."""
    listed = [located for located in every_case() if located.vendor == vendor]
    world = new_world(vendor)
    return tuple(Ran(located, carry_out(located, world)) for located in listed)


def carry_out(located: Located, world: World) -> Served:
    world.cap = located.case.cap
    account = furnish(world, Wish(located.vendor, **asdict(located.case.account)))
    assert asyncio.run(world.open(account))
    (held,) = asyncio.run(world.store.read([account_key(located.vendor, "demo")]))
    assert held
    own = {name: (value, account.credentials[name]) for name, value in read_account(held).credentials.items()}
    steps: list[Step | Case] = [*located.case.before, located.case]
    kept: dict[str, str] = {}
    for step in steps:
        pass_time(world, step.wait)
        asked = request_of(located, step, own, kept)
        served = ask(world, located.vendor, asked.method, asked.path, headers=asked.headers, body=asked.body)
        kept |= keep(step, served.decision.outcome.reply.body)
    return served


def editions(vendor: str) -> list[str]:
    """Return all folders that share a vendor's behaviour."""
    return [name for name in FOLDERS if name.partition("@")[0] == vendor.partition("@")[0]]


def modules_of(vendor: Vendor) -> Iterator[ModuleType]:
    """Yield the modules of a vendor of ours; one without behaviour has none."""
    home = HOME / vendor.name
    if home.is_dir():
        for found in pkgutil.walk_packages([str(home)], f"{behaviours.__name__}.{vendor.name}."):
            yield import_module(found.name)


def noted_claims(vendor: Vendor) -> set[str]:
    """Return the claims that functions say they keep."""
    functions = (item for module in modules_of(vendor) for item in vars(module).values() if callable(item))
    return {claim for function in functions for claim in getattr(function, "claims", ())}


def written_rules(vendor: Vendor) -> dict[str, Rule]:
    return {
        item.name: item for module in modules_of(vendor) for item in vars(module).values() if isinstance(item, Rule)
    }


def judged_rules(vendor: Vendor, operations: Collection[str] | None = None) -> dict[str, Rule]:
    """Return the rules of operations, by default of all that the vendor has."""
    behaving = [each for name, each in vendor.operations.items() if operations is None or name in operations]
    return {rule.name: rule for each in behaving for rule in (*each.early, *each.rules)}


def behaviour_of(name: str) -> Vendor:
    return find_vendor(name.partition("@")[0], shipped("schemas") / name)


def operations_of(whole: Document) -> set[str]:
    return {endpoint.id for endpoint in whole.endpoints}


def kept_claims(name: str) -> set[str]:
    """Return every claim that something keeps: the document, its rules, its options, the functions that say so."""
    whole, vendor = document(name), behaviour_of(name)
    rules = (*judged_rules(vendor, operations_of(whole)).values(), *vendor.guards)
    options = {option.claim for option in vendor.options.values()}
    return {*claims_in(whole.content, whole.content), *(rule.claim for rule in rules), *options, *noted_claims(vendor)}
