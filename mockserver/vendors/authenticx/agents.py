"""The organisation's agents, as clients add, read and change them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mockserver.kit.times import to_iso
from mockserver.model import Account, Advice, Facts, Kind, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.authenticx import organisation, search
from mockserver.vendors.authenticx.advice import on_names

REMOVE = "remove"
SHOWN = (
    *("id", "userId", "firstName", "firstInitial", "lastName", "agentEmail", "agentCode", "createdOn", "modifiedOn"),
    *("isActive", "managerId", "startDate"),
)
CHANGEABLE = (
    *("firstName", "lastName", "agentEmail", "agentCode", "isActive", "osms", "userId", "managerId", "startDate"),
)


def given(facts: Facts) -> dict[str, Any]:
    """Return the fields of a body that say something: null counts as absent."""
    return {name: value for name, value in facts.call.fields.items() if value is not None}


def agents(account: Account) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = account.book["agents"]
    return found


def in_path(facts: Facts) -> Mapping[str, Any] | None:
    return organisation.by_id(agents(facts.account), facts.call.params["AgentId"])


@rule("unknown-agent-is-404")
def agent_exists(facts: Facts) -> Problem | None:
    return search.unknown("agent") if in_path(facts) is None else None


@rule("user-must-be-active")
def user_is_active(facts: Facts) -> Problem | None:
    user = given(facts).get("userId", REMOVE)
    can_remove = facts.call.method == "PUT" or "userId" not in given(facts)
    if user in organisation.users(facts.account) or (user == REMOVE and can_remove):
        return None
    return search.invalid("userId is not the id of an active user of your organization", "userId")


@rule("agent-hierarchies-must-exist")
def agent_hierarchies_exist(facts: Facts) -> Problem | None:
    known = {node["id"].lower() for node in organisation.hierarchies(facts.account.book["hierarchies"])}
    wrong = next((ident for ident in given(facts).get("osms", ()) if ident.lower() not in known), None)
    return None if wrong is None else search.invalid(f"osms holds {wrong}, which is no hierarchy", "osms")


@keeps("agent-fields-stay-as-sent")
def create_agent(facts: Facts) -> Outcome:
    now = to_iso(facts.call.at)
    agent = {
        "id": facts.call.derive("agent"),
        **changes(facts),
        "isActive": True,
        "createdOn": now,
        "modifiedOn": now,
    }
    account = organisation.with_book(facts.account, agents=[*agents(facts.account), agent])
    return Outcome(Reply(200, show(agent)), account=account)


@keeps("null-leaves-as-it-is", "remove-unlinks")
def update_agent(facts: Facts) -> Outcome:
    agent = in_path(facts)
    assert agent is not None  # noqa: S101  # agent_exists has seen to it
    # The first letter follows the name.
    changed = {**agent, "firstInitial": None, **changes(facts), "modifiedOn": to_iso(facts.call.at)}
    account = organisation.with_book(
        facts.account, agents=organisation.exchanged(agents(facts.account), agent, changed)
    )
    return Outcome(Reply(200, show(changed)), account=account)


def changes(facts: Facts) -> dict[str, Any]:
    """Return what a body makes of an agent: `remove` unlinks, hierarchies bring those above them along."""
    fields = {name: value for name, value in given(facts).items() if name in CHANGEABLE}
    for name in ("userId", "managerId"):
        if fields.get(name) == REMOVE:
            fields[name] = None
    if "osms" in fields:
        fields["osms"] = with_parents(facts.account, fields["osms"])
    return fields


@keeps("parents-come-along")
def with_parents(account: Account, idents: Iterable[str]) -> list[str]:
    """Return the ids of hierarchies and of all above them, as the book writes them."""
    above: dict[str, list[str]] = {}
    for chain in chains(account.book["hierarchies"]):
        above[chain[-1].lower()] = chain
    return list(dict.fromkeys(each for ident in idents for each in reversed(above[ident.lower()])))


def chains(nodes: Iterable[Mapping[str, Any]], above: tuple[str, ...] = ()) -> Iterator[list[str]]:
    """Yield the way to each hierarchy, from the top."""
    for node in nodes:
        yield [*above, node["id"]]
        yield from chains(node.get("children") or (), (*above, node["id"]))


def show(agent: Mapping[str, Any]) -> dict[str, Any]:
    initial = agent.get("firstInitial") or (agent.get("firstName") or "")[:1] or None
    return {name: agent.get(name) for name in SHOWN} | {"firstInitial": initial, "isActive": is_active(agent)}


def is_active(item: Mapping[str, Any]) -> bool:
    return bool(item.get("isActive", True))


def get_agent(facts: Facts) -> Outcome:
    agent = in_path(facts)
    assert agent is not None  # noqa: S101  # agent_exists has seen to it
    return Outcome(Reply(200, show(agent)))


@keeps("is-active-filters")
def fits(facts: Facts) -> Callable[[Mapping[str, Any]], bool]:
    """Return which items are asked for: all of them where IsActive says nothing."""
    wanted = search.criteria(facts.call).get("isactive")
    return lambda item: wanted is None or is_active(item) is wanted


@rule("agents-404-when-empty")
def some_agents_fit(facts: Facts) -> Problem | None:
    return None if any(map(fits(facts), agents(facts.account))) else Problem(Kind.NOT_FOUND, "no agent fits")


def list_agents(facts: Facts) -> Outcome:
    return Outcome(Reply(200, [show(agent) for agent in agents(facts.account) if fits(facts)(agent)]))


@keeps("manager-id-not-checked")
def on_agent(facts: Facts) -> Iterable[Advice]:
    yield from on_names(facts)
    manager = given(facts).get("managerId", REMOVE)
    if isinstance(manager, str) and manager not in {REMOVE, *organisation.users(facts.account)}:
        yield Advice("no user has this id", "$.managerId", "manager-id-not-checked")
