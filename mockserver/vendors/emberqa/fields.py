"""The fields that each page names, and what is told of all others."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from mockserver.kit.names import hint
from mockserver.model import Advice, Call, Facts, keeps

MOST = 20
LONGEST_NAME = 80
FORM = "multipart/form-data"

_DETAILS = ("agent_name", "language", "is_inbound", "transcript_url", "transcript_text", "metadata")
RECORDING_BY_FORM = ("file", *_DETAILS)
FIELDS: Mapping[str, Sequence[str]] = {
    "submitRecording": ("media_url", *_DETAILS, "supporting_docs"),
    "submitDocument": ("media_url", "agent_name", "metadata"),
    "submitWorkflow": ("file_urls", "extraction_template_id", "run_id", "agent_name", "metadata"),
    "getWorkflowRunDetails": ("id",),
    "queryWorkflowRuns": ("page", "limit", "filters", "metadata_filters"),
}
FILTERS = ("startTime", "endTime", "status", "extraction_template_id")
COMPARISON = ("metadata_name", "operator", "value")


@keeps("form-has-no-supporting-docs")
def known(call: Call) -> Sequence[str]:
    """Return the names of the fields that this way of calling has."""
    return RECORDING_BY_FORM if call.media_type == FORM else FIELDS[call.operation]


def details(call: Call) -> dict[str, Any]:
    """Return the documented fields that were sent."""
    return {name: call.fields[name] for name in known(call) if name in call.fields}


def advise(facts: Facts) -> Iterator[Advice]:
    """Tell which fields have no effect, of a body of any shape; the first 20."""
    yield from islice(ignored_fields(facts.call), MOST)


@keeps("unknown-fields-ignored")
def ignored_fields(call: Call) -> Iterator[Advice]:
    yield from ignored(call.body, known(call), "$")
    if call.operation == "queryWorkflowRuns":
        yield from ignored(call.fields.get("filters"), FILTERS, "$.filters")
        listed = call.fields.get("metadata_filters")
        for index, each in enumerate(listed if isinstance(listed, list) else ()):
            yield from ignored(each, COMPARISON, f"$.metadata_filters[{index}]")


def ignored(value: Any, names: Sequence[str], place: str) -> Iterator[Advice]:
    """Yield a piece of advice for each field of an object that is not among the names; of other values none."""
    for name in value if isinstance(value, dict) else ():
        if name not in names:
            short = name[:LONGEST_NAME]
            says = f"{short} is no field of this call and is ignored{hint(name, names)}"
            yield Advice(says, f"{place}.{short}", "unknown-fields-ignored")
