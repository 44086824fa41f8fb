"""A recording is linked to an object of the CRM, or a link is taken away, after its upload."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from mockserver.kit.times import to_iso
from mockserver.model import Facts, Outcome, Reply, keeps
from mockserver.vendors.siro.events import telling
from mockserver.vendors.siro.links import Link, data_type, ident_of, targets
from mockserver.vendors.siro.presence import recording_of


@keeps("link-replaces-links")
def put_link(facts: Facts) -> Outcome:
    link = targets(facts)[0]
    data = {
        "id": ident_of(link),
        "externalId": link["objectId"],
        "dataType": data_type(link),
        "name": link.get("name"),
        "lastActivityAt": None,
    }
    return relinked(facts, {"data": data}, [link], is_new=True)


@keeps("what-is-not-linked-is-not-removed")
def remove_link(facts: Facts) -> Outcome:
    meant = [ident_of(each) for each in targets(facts)]
    links = recording_of(facts).record.body["crmLinks"]
    left = [link for link in links if ident_of(link) not in meant]
    if len(left) == len(links):
        return Outcome(Reply(200, {"data": False}))
    return relinked(facts, {"data": True}, left, is_new=False)


def relinked(facts: Facts, answer: dict[str, Any], links: Iterable[Link], *, is_new: bool) -> Outcome:
    kept = recording_of(facts)
    body = {**kept.record.body, "crmLinks": list(links), "isMatched": False, "updatedAt": to_iso(facts.call.at)}
    record = telling(facts, replace(kept.record, body=body), stage=kept.stage, is_newly_linked=is_new)
    return Outcome(Reply(200, answer), (record,))
