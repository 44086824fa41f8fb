"""Load, decide, commit: the only place where things happen."""

import asyncio
import traceback
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from mockserver.callers import NOBODY, Caller, Callers
from mockserver.engine.answers import check_answer, content_of
from mockserver.engine.arrival import Arrival, Gone
from mockserver.engine.claims import Ledger, read_ledger
from mockserver.engine.decide import break_down, decide, refuse_route
from mockserver.engine.decode import dated, decode, undecoded
from mockserver.engine.document import Document, Route, credential_names
from mockserver.engine.faults import Doors
from mockserver.engine.requested import Requested, grant, requested
from mockserver.loading import OPEN, load
from mockserver.meeting import UNHINDERED, Met, allow, contended, meet, settle
from mockserver.model import Account, Call, Decision, Facts, Instant, Mark, Problem, Vendor
from mockserver.state.accounts import ANY, DEMO, LONGEST_CREDENTIAL, has_room, open_account, switches
from mockserver.state.clock import CLOCK, Clock, Ids, SharedIds
from mockserver.state.journal import Journal, write_entry
from mockserver.state.media import EMPTY, Table
from mockserver.state.rates import own_key
from mockserver.state.redact import Names
from mockserver.state.scenarios import beginning
from mockserver.state.store import MOST_ACCOUNTS, Key, Store, StoreError
from mockserver.state.tally import count_call
from mockserver.watching import Watch
from mockserver.writes import writes_of

ATTEMPTS = 50
HEAVY = 256 * 1024


class Served(Struct, frozen=True, gc=False):
    """A call, what was decided about it, and the body of its answer."""

    call: Call
    decision: Decision
    content: bytes


class World:
    """Vendors, their documents, and everything that changes."""

    def __init__(
        self,
        documents: Mapping[str, Document],
        vendors: Mapping[str, Vendor],
        *,
        store: Store,
        clock: Clock,
        ids: Ids,
        demos: Mapping[str, Account] | None = None,
        media: Table = EMPTY,
        scenarios: Mapping[str, Path] | None = None,
        cap: int | None = None,
        any_token: bool = False,
        is_strict: bool = False,
        check_replies: bool = False,
    ) -> None:
        self.documents, self.vendors, self.clock, self.ids = documents, vendors, clock, ids
        self.demos, self.media, self.scenarios = demos or {}, media, scenarios or {}
        self.cap, self.any_token, self.is_strict, self.check_replies = cap, any_token, is_strict, check_replies
        self.keep_in(store)
        # Why the files, as they are by now, cannot be used.
        self.trouble: str | None = None
        self._ledgers: dict[str, Ledger] = {}
        self._names = {name: Names(credential_names(document)) for name, document in documents.items()}
        self._turns: weakref.WeakValueDictionary[Key, asyncio.Lock] = weakref.WeakValueDictionary()

    def keep_in(self, store: Store) -> None:
        """Go on in another store: nothing that was read of the one before is believed any more."""
        self.store, self.callers = store, Callers(store, self.clock)
        self.journal, self.watch = Journal(store), Watch(store, self.documents, self.vendors)

    def share(self, store: Store) -> None:
        """Go on in a store that others use too."""
        self.keep_in(store)
        self.ids = SharedIds()

    def demo(self, name: str) -> Account:
        """Return a vendor's account demo as it was at the start: what became of it since is nobody else's concern."""
        return self.demos.get(name) or Account(name, DEMO, options=switches(self.vendors[name], {}))

    def ledger(self, name: str) -> Ledger:
        """Return a vendor's claims, read when somebody first asks: they are prose, and start-up is not theirs."""
        if name not in self._ledgers:
            self._ledgers[name] = read_ledger(self.documents[name].folder)
        return self._ledgers[name]

    async def now(self) -> Instant:
        """Return what time it is here, on the clock that a tester may have frozen or moved."""
        (held,) = await self.store.read([CLOCK])
        return self.clock.read(held)

    async def serve(self, name: str, arrival: Arrival) -> Served:
        """Answer one request to a vendor; nothing is kept unless all of it is. Raises Gone and StoreError only."""
        ident, machine, call = self.ids.fresh(), self.clock.now(), None
        vendor, document = self.vendors[name], self.documents[name]
        route = document.find(arrival.method, arrival.path)
        reasons = document.claims if isinstance(route, Problem) else route.endpoint.claims
        try:
            if isinstance(route, Problem):
                call = undecoded(arrival, ident=ident, at=machine, vendor=name, schemes=document.schemes)
                return await self._turn_away(route, call, machine)
            call = await decode(arrival, route, ident=ident, at=machine, vendor=name, cap=self.cap)
            return await self._judge(route, call, machine)
        except (Gone, StoreError):
            raise
        except Exception:  # noqa: BLE001  # a vendor's function that fails is answered as its 500, never as ours
            trouble = traceback.format_exc(limit=-8)
        call = dated(call or undecoded(arrival, ident=ident, at=machine, vendor=name), (await self.now()).at)
        return await self._note(call, break_down(vendor, call, (Mark("route"),), trouble, reasons))

    def serve_without_store(self, name: str, arrival: Arrival) -> Served:
        """Answer as the vendor does when it is broken, of which nothing can be kept."""
        call = undecoded(arrival, ident=self.ids.fresh(), at=self.clock.now(), vendor=name)
        claims = self.documents[name].claims
        decision = break_down(self.vendors[name], call, (Mark("route"),), "the store cannot be asked", claims)
        return Served(call, decision, content_of(decision.outcome.reply))

    async def _turn_away(self, problem: Problem, call: Call, machine: datetime) -> Served:
        """Answer a call that meets no operation: nothing comes of it but its entry, and the count of what it met."""
        asked, served = requested(call), None
        while not served:
            caller, now = await self.callers.find(call, machine)
            call = dated(call, now.at)
            met = await meet(self.store, call, caller, now, asked) if caller.planted or asked.fault else UNHINDERED
            claims = self.ledger(call.vendor).claims
            decision = refuse_route(self.vendors[call.vendor], call, problem, claims, met.doors)
            served = await self._enter(call, grant(asked, decision), caller, met)
        return served

    async def _judge(self, route: Route, call: Call, machine: datetime) -> Served:
        asked = requested(call)
        caller, now = await self.callers.find(call, machine)
        if self.any_token and caller.is_unknown:
            await self._adopt(call)
            caller, now = await self.callers.find(call, machine)
        call = dated(call, now.at)
        if served := await self._attempt(route, call, caller, now, asked):
            return served
        # Others change what this call has read. Those of this process now take turns: each would lose to the others.
        async with self._turn(call, caller):
            for _ in range(1, ATTEMPTS):
                caller, _ = await self.callers.find(call, machine)
                if served := await self._attempt(route, call, caller, now, asked):
                    return served
        trouble = f"too much contention: others changed what this call had read, {ATTEMPTS} times"
        broken = break_down(self.vendors[call.vendor], call, (Mark("route"),), trouble, route.endpoint.claims)
        return await self._note(call, broken)

    @asynccontextmanager
    async def _turn(self, call: Call, caller: Caller) -> AsyncIterator[None]:
        """Wait for those before it, of its credential and of each row in which it counts: always in that order."""
        own = (call.vendor, call.credential.value) if call.credential else (call.vendor,)
        async with AsyncExitStack() as turns:
            for key in (own, *contended(call, caller)):
                await turns.enter_async_context(self._turns.setdefault(key, asyncio.Lock()))
            yield

    async def _attempt(self, route: Route, call: Call, caller: Caller, now: Instant, asked: Requested) -> Served | None:
        """Load, decide, commit; None where others have changed meanwhile what this rests on."""
        vendor = self.vendors[call.vendor]
        met = await meet(self.store, call, caller, now, asked) if caller.planted or asked.fault else UNHINDERED
        if (own := caller.account) and (rate := vendor.allowance(call, own)):
            met = await allow(self.store, own_key(call, own.name), rate, now, met)
        operation = vendor.operations.get(route.endpoint.id, OPEN)
        loaded = await load(self.store, operation, route, call, caller=caller, now=now, table=self.media)
        facts = replace(loaded.facts, before=met.before) if met.before else loaded.facts
        if call.text_size > HEAVY:
            decision = await asyncio.to_thread(self._decide, vendor, route, facts, met.doors)
        else:
            decision = self._decide(vendor, route, facts, met.doors)
        decision = grant(asked, decision)
        # An answer that cannot be sent is our fault: it must show before anything is kept.
        content = content_of(decision.outcome.reply)
        writes, expected = writes_of(decision, loaded, now, met, self._names[call.vendor])
        shown = caller.shown if caller.account else await self.watch.row(call.vendor, "")
        if (news := self.watch.news(call, decision, loaded.facts.account.name, shown)).writes:
            writes, expected = [*writes, *news.writes], {**expected, **loaded.versions, **news.expected}
        if not await self.store.commit(writes, expected):
            return None
        self.journal.stir()
        return Served(call, decision, content)

    async def _adopt(self, call: Call) -> None:
        """Make an account like `demo` for a credential nobody has issued; it opens whatever demo's would."""
        if call.credential is None or len(call.credential.value) > LONGEST_CREDENTIAL or await self.is_full():
            return
        made_up = f"any-{self.ids.fresh()[-12:]}"
        account = replace(self.demo(call.vendor), name=made_up, credentials={ANY: call.credential.value})
        await self.open(await beginning(self.store, account))

    def _decide(self, vendor: Vendor, route: Route, facts: Facts, doors: Doors) -> Decision:
        claims = self.ledger(facts.call.vendor).claims
        decision = decide(vendor, route.endpoint, facts, claims, is_strict=self.is_strict, doors=doors)
        # What the route refuses is no answer of the operation's, and what a tester has planted need not be one.
        is_its_own = not decision.trail[0].problems and not decision.fault
        if self.check_replies and is_its_own and (wrong := check_answer(route.endpoint, decision.outcome.reply)):
            return break_down(vendor, facts.call, decision.trail, wrong, route.endpoint.claims)
        return decision

    async def _note(self, call: Call, decision: Decision, caller: Caller = NOBODY) -> Served:
        served = None
        while not served:
            served = await self._enter(call, decision, caller)
        return served

    async def _enter(self, call: Call, decision: Decision, caller: Caller, met: Met = UNHINDERED) -> Served | None:
        """Keep of a call its entry alone; None where others have changed meanwhile what it counts."""
        name = caller.account.name if caller.account else ""
        entry = write_entry(call, decision, name, self._names[call.vendor])
        news = self.watch.news(call, decision, name, await self.watch.row(call.vendor, name))
        counting, versions = settle(met, decision)
        writes = [*counting, entry, count_call(call, decision), *news.writes]
        if not await self.store.commit(writes, {**versions, **news.expected}):
            return None
        self.journal.stir()
        return Served(call, decision, content_of(decision.outcome.reply))

    async def is_full(self) -> bool:
        return await self.store.count(("account",)) >= MOST_ACCOUNTS or not await has_room(self.store)

    async def open(self, account: Account) -> bool:
        """Bring an account into being; False when its name or a credential is taken."""
        writes = open_account(account, self.vendors[account.vendor])
        return await self.store.commit(writes, {write.key: 0 for write in writes})
