"""Control on a world in this process."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from mockserver import __version__
from mockserver.control.again import explain_again
from mockserver.control.asking import Asked
from mockserver.control.clock import ClockControl
from mockserver.control.closing import close
from mockserver.control.coverage import CoverageControl
from mockserver.control.explaining import Explainer
from mockserver.control.explanation import Explanation
from mockserver.control.faults import FaultControl
from mockserver.control.guesses import as_made
from mockserver.control.journal import JournalControl
from mockserver.control.media import MediaControl
from mockserver.control.pages import Page, Unknown, page_of
from mockserver.control.records import RecordControl
from mockserver.control.resetting import remember_opening
from mockserver.control.scenarios import ScenarioControl
from mockserver.control.states import StateControl
from mockserver.control.webhooks import WebhooksControl
from mockserver.creation import ConflictError, SetupError, Wish, grant
from mockserver.delivery import Courier
from mockserver.engine.bundle import served
from mockserver.engine.claims import Ledger, claims_in
from mockserver.engine.document import Document
from mockserver.engine.endpoint import JSON_BODY, TEXT_PART, Endpoint
from mockserver.fitting import check_fit, check_room
from mockserver.model import Account, Vendor
from mockserver.state.accounts import account_key, close_account, open_account, read_account, switches
from mockserver.state.faults import MOST_FAULTS
from mockserver.state.journal import Entry
from mockserver.state.store import MOST_ACCOUNT_BYTES, MOST_ACCOUNTS, QUOTAS
from mockserver.world import World


class Control:
    """A tester's hand on a world. Every method that names something unknown raises Unknown."""

    def __init__(self, world: World, courier: Courier | None = None) -> None:
        self.world = world
        courier = courier or Courier(world)
        self.clock, self.media, self.journal = ClockControl(world, courier), MediaControl(world), JournalControl(world)
        self.faults, self.scenarios = FaultControl(world), ScenarioControl(world)
        self.records, self.state = RecordControl(world), StateControl(world)
        self.coverage = CoverageControl(world)
        self.webhooks = WebhooksControl(world, courier)

    async def health(self) -> dict[str, Any]:
        quotas = {name: {"count": quota.count, "bytes": quota.bytes} for name, quota in QUOTAS.items()}
        bodies = {"json_body": JSON_BODY, "text_part": TEXT_PART, "upload": self.world.cap}
        accounts = {"accounts": MOST_ACCOUNTS, "account_bytes": MOST_ACCOUNT_BYTES}
        trouble = self.world.trouble
        return {
            "status": "degraded" if trouble else "ok",
            **({"trouble": trouble} if trouble else {}),
            "version": __version__,
            "vendors": list(self.world.documents),
            "store": self.world.store.name,
            "limits": {**quotas, **accounts, "faults": MOST_FAULTS, **bodies},
            "faults": len(await self.faults.list()),
            "evicted": dict(await self.world.store.evicted()),
        }

    def vendors(self, address: str) -> list[dict[str, Any]]:
        """Return each vendor with its operations and how its claims are known; `address` is this server's."""
        return [self._vendor(name, document, address) for name, document in self.world.documents.items()]

    def _vendor(self, name: str, document: Document, address: str) -> dict[str, Any]:
        vendor, ledger = self.world.vendors[name], self.world.ledger(name)
        options = {
            key: {"default": item.default, "choices": item.choices, "claim": item.claim}
            for key, item in vendor.options.items()
        }
        return {
            "name": name,
            "title": document.content["info"]["title"],
            "url": f"{address}/{name}",
            "hosts": sorted(document.hosts),
            "operations": [operation(vendor, endpoint, ledger) for endpoint in document.endpoints],
            "claims": count_by_basis(ledger.claims.keys(), ledger),
            "options": options,
        }

    def claims(self, vendor: str) -> dict[str, Any]:
        self._document(vendor)
        ledger = self.world.ledger(vendor)
        items = [{"name": name, **msgspec.to_builtins(claim)} for name, claim in ledger.claims.items()]
        return {"vendor": vendor, "pages": dict(ledger.pages), "items": items}

    def document(self, vendor: str, address: str) -> dict[str, Any]:
        """Return the vendor's document, one file, answering at `address`."""
        return served(self._document(vendor).content, f"{address}/{vendor}")

    def _document(self, vendor: str) -> Document:
        if vendor not in self.world.documents:
            raise Unknown(f"there is no vendor {vendor!r}: known are {', '.join(self.world.documents)}")
        return self.world.documents[vendor]

    async def explain(self, asked: Asked) -> Explanation:
        """Return why a request would be refused and what would mend it; nothing of it is kept."""
        self._document(asked.vendor)
        return await Explainer(self.world, asked.vendor).explain(asked)

    async def explain_call(self, ident: str) -> Explanation:
        """Return why a call of the journal was refused, and what would mend it."""
        return await explain_again(self.world, await self.journal.entry(ident))

    async def as_made(self, entry: Entry) -> Entry:
        """Return a call with the secrets of its account that it may have shown, where they are known any more."""
        return await as_made(self.world, entry)

    async def open_account(self, wish: Wish) -> Account:
        """Return the new account. Raises SetupError when it cannot be as wished."""
        account = await grant(self.world, wish)
        await remember_opening(self.world, account)
        return account

    async def accounts(self, *, vendor: str | None, limit: int, cursor: str | None) -> Page:
        prefix = ("account", vendor) if vendor else ("account",)
        return await page_of(self.world.store, prefix, lambda *_: True, limit, cursor)

    async def account(self, vendor: str, name: str) -> Account:
        return (await self._account(vendor, name))[0]

    async def find_account(self, vendor: str, name: str) -> Account | None:
        (held,) = await self.world.store.read([account_key(vendor, name)])
        return read_account(held) if held else None

    async def _account(self, vendor: str, name: str) -> tuple[Account, int]:
        (held,) = await self.world.store.read([account_key(vendor, name)])
        if held is None:
            raise Unknown(f"{vendor} has no account {name!r}")
        return read_account(held), held.version

    async def change_account(self, vendor: str, name: str, patch: Mapping[str, Any]) -> Account:
        """Merge a JSON merge patch into an account. Raises SetupError when the account cannot be so."""
        while True:
            account, version = await self._account(vendor, name)
            behaviour = self.world.vendors[vendor]
            changed = patched(account, patch, behaviour)
            check_fit(behaviour, self.world.documents[vendor], changed, self.world.demo(vendor))
            grown = len(msgspec.json.encode(changed)) - len(msgspec.json.encode(account))
            if grown > 0:
                await check_room(self.world.store, grown)
            closing = {write.key: write for write in close_account(account, behaviour)}
            opening = {write.key: write for write in open_account(changed, behaviour)}
            expected = dict.fromkeys(opening.keys() - closing.keys(), 0) | {account_key(vendor, name): version}
            if await self.world.store.commit([*(closing | opening).values()], expected):
                return changed
            if (await self._account(vendor, name))[1] == version:
                raise ConflictError("another account has that credential already")

    async def close_account(self, vendor: str, name: str) -> None:
        """Take an account away with its credentials, records and webhooks, and what lies behind its addresses."""
        is_closed = False
        while not is_closed:
            is_closed = await close(self.world, *await self._account(vendor, name))


def operation(vendor: Vendor, endpoint: Endpoint, ledger: Ledger) -> dict[str, Any]:
    """Return an operation and how the claims it rests on are known: its document's and its rules'."""
    behaviour = vendor.operations.get(endpoint.id)
    rules = (*behaviour.early, *behaviour.rules) if behaviour else ()
    names = {*claims_in(endpoint.operation, endpoint.document), *(rule.claim for rule in rules)}
    summary = endpoint.operation.get("summary", "")
    counts = count_by_basis(sorted(names & ledger.claims.keys()), ledger)
    return {"id": endpoint.id, "method": endpoint.method, "path": endpoint.path, "summary": summary, "claims": counts}


def count_by_basis(names: Any, ledger: Ledger) -> dict[str, int]:
    claims = [ledger.claims[name] for name in names]
    counts = Counter(claim.basis.value for claim in claims if claim.unmet is None)
    return {**counts, "unmet": sum(1 for claim in claims if claim.unmet is not None)}


def patched(account: Account, patch: Mapping[str, Any], vendor: Vendor) -> Account:
    """Return an account with a JSON merge patch applied; a switch that is taken away is back at its default."""
    before = {name: getattr(account, name) for name in ("credits", "credentials", "book", "options")}
    whole = {name: value for name, value in merge(before, patch).items() if name in before}
    try:
        changed = msgspec.convert({"vendor": account.vendor, "name": account.name, **whole}, Account)
    except msgspec.ValidationError as error:
        raise SetupError(f"this would be no account: {error}") from None
    return replace(changed, options=switches(vendor, changed.options))


def merge(target: Any, patch: Any) -> Any:
    """Return a JSON merge patch (RFC 7396) applied: null removes, objects merge, all else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged
