"""What Authenticx passes over in silence, told to the tester."""

from collections.abc import Iterator, Mapping, Sequence

from mockserver.kit.names import hint
from mockserver.model import Advice, Facts, keeps
from mockserver.vendors.authenticx import organisation, reading
from mockserver.vendors.authenticx.conversations import is_wrong
from mockserver.vendors.authenticx.intakes import TEXT, intake
from mockserver.vendors.authenticx.names import FREE, KNOWN

MOST = 20


@keeps("unknown-fields-ignored", "meta-fields-deprecated")
def on_names(facts: Facts) -> Iterator[Advice]:
    """Yield the names of parameters and fields that the operation does not know, with those that may be meant."""
    known = KNOWN.get(facts.call.operation, ())
    yield from strangers((*facts.call.query, *facts.call.fields), known)
    for name in FREE:
        if facts.call.fields.get(name) is not None:
            yield Advice(f"{name} is deprecated: use extendedMetadata", f"$.{name}", "meta-fields-deprecated")


def strangers(
    names: Sequence[str], known: Sequence[str], at: str = "$", meant: Mapping[str, str] = {}
) -> Iterator[Advice]:
    for name in [name for name in names if name not in known][:MOST]:
        other = meant.get(name.lower())
        hinted = f": did you mean {other}?" if other else hint(name, known)
        says = f"{name[:80]} is no field of this call and is ignored{hinted}"
        yield Advice(says, f"{at}.{name[:80]}", "unknown-fields-ignored")


def on_upload(facts: Facts) -> Iterator[Advice]:
    call, known = facts.call, intake(facts.call)
    yield from strangers(tuple(reading.form(call)), known.parts)
    yield from strangers(tuple(call.fields), known.fields, "$.metadata", known.meant)
    yield from on_media(facts)
    yield from on_metadata(facts)


def on_media(facts: Facts) -> Iterator[Advice]:
    call = facts.call
    if reading.signed_url(call) and reading.uploaded(call):
        yield Advice("the signed URL is used, the file is not", "$.file", "signed-url-wins")
    if not reading.names_agree(call):
        name = intake(call).name
        yield Advice(f"the vendor's guides want {name} and the file's name to agree", "$.file", "names-may-differ")
    if is_wrong(facts):
        says = "the media are not what the metadata say: processing will fail"
        yield Advice(says, "$.signedUrl" if reading.signed_url(call) else "$.file", "wrong-media-fails")


@keeps("extended-metadata-deprecated", "text-id-recommended")
def on_metadata(facts: Facts) -> Iterator[Advice]:
    fields, is_text = facts.call.fields, intake(facts.call) is TEXT
    if "ExtendedMetadata" in fields and not is_text:
        yield Advice("use ExtendedMetadataValues", "$.metadata.ExtendedMetadata", "extended-metadata-deprecated")
    if is_text and "Id" not in fields:
        yield Advice("the vendor recommends an Id of your own", "$.metadata.Id", "text-id-recommended")
    if "AgentCode" in fields and organisation.agent(facts) is None:
        yield Advice("no agent has this code", "$.metadata.AgentCode", "unknown-agent-accepted")
    if fields.get("ApplyHierarchyToAgent") and organisation.hierarchy(facts) is None:
        says = "there is no hierarchy to apply to the agent"
        yield Advice(says, "$.metadata.ApplyHierarchyToAgent", "apply-hierarchy-needs-one")
