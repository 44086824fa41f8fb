"""Workflow runs: how one begins, what becomes of it."""

from collections.abc import Sequence
from typing import Any

from mockserver.model import Call, Facts, Kind, Message, Moment, Outcome, Problem, Reply, keeps, rule
from mockserver.vendors.emberqa.alerts import WORKFLOW, alerts
from mockserver.vendors.emberqa.extraction import extracted
from mockserver.vendors.emberqa.fields import details
from mockserver.vendors.emberqa.sources import IMAGE_OR_PDF, failed, last_segment, misnamed, name_of, told, troubles

RUN = "run"
CONSEQUENCE = "the workflow is accepted, and its run fails"
BY_HAND = "the files could not be processed"
PROCESSING_AFTER, DONE_AFTER = 2.0, 10.0


def file_urls(call: Call) -> Sequence[str]:
    urls: list[str] = call.fields["file_urls"]
    return urls


@rule("file-url-by-extension")
def file_urls_lead_to_images_or_pdf(facts: Facts) -> Problem | None:
    return misnamed(facts, IMAGE_OR_PDF, "file_urls")


@rule("extraction-template-must-exist")
def extraction_template_exists(facts: Facts) -> Problem | None:
    if wanted(facts) in templates(facts):
        return None
    says = "extraction_template_id is no template of this account"
    return Problem(Kind.INVALID, says, ("extraction_template_id",))


def wanted(facts: Facts) -> str:
    return str(facts.call.fields["extraction_template_id"]).lower()


def templates(facts: Facts) -> dict[str, dict[str, Any]]:
    """Return the account's templates by their ids in lower case."""
    return {each["id"].lower(): each for each in facts.account.book.get("extraction_templates", ())}


@keeps("submit-workflow", "run-id-need-not-be-unique")
def accept_workflow(facts: Facts) -> Outcome:
    call, found = facts.call, troubles(facts, IMAGE_OR_PDF, "file_urls")
    fields, names = templates(facts)[wanted(facts)]["fields"], [name_of(url) for url in file_urls(call)]
    end = failed(found[0].reason) if found else completed(call.id, fields, names)
    sent = () if found else alerts(facts, item(call, end))
    record = facts.record(RUN, call.id, begun(call), course(end, sent), failed(BY_HAND))
    reply = Reply(facts.option("success_status"), {"message": "File Accepted", "doc_id": record.id})
    return Outcome(reply, (record,), advice=tuple(told(found, CONSEQUENCE)))


def completed(ident: str, fields: Sequence[str], names: Sequence[str]) -> dict[str, Any]:
    return {"status": "completed", "output_schema": extracted(ident, fields, names)}


@keeps("workflow-is-polled", "workflow-times")
def course(end: dict[str, Any], sent: tuple[Message, ...]) -> tuple[Moment, ...]:
    return Moment(PROCESSING_AFTER, {"status": "processing"}), Moment(DONE_AFTER, end, sent)


def item(call: Call, end: dict[str, Any]) -> dict[str, Any]:
    """Return a run that is done in the words of alerts."""
    run = begun(call)
    named = {"content_id": call.id, "content_type": WORKFLOW, "file_name": run["filename"]}
    return {**named, "agent_name": run["agent_name"], "metadata": run["metadata"], **end}


def begun(call: Call) -> dict[str, Any]:
    """Return a run that is queued, in the words of its details."""
    sent = details(call)
    return {
        "filename": sent["run_id"],
        "status": "pending",
        "metadata": sent.get("metadata", {}),
        "output_schema": {},
        "supportingDocs": files(call),
        "extraction_template_id": sent["extraction_template_id"],
        "agent_name": sent.get("agent_name"),
    }


@keeps("supporting-docs-of-a-run")
def files(call: Call) -> list[dict[str, str]]:
    return [
        {"id": call.derive(f"file/{index}"), "filename": last_segment(url), "filenameUrl": url}
        for index, url in enumerate(file_urls(call))
    ]
