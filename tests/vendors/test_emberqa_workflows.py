import re
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Behind, Facts, Kind, Problem
from mockserver.vendors.emberqa import vendor, workflows
from mockserver.vendors.emberqa.extraction import extracted, finding
from tests.facts import ID, facts

SCAN, INVOICE = "https://example.com/scan.png", "https://example.com/invoices/42.pdf?sig=1"
TEMPLATE = "00000000-0000-4000-8000-00000000e001"
FIELDS = ["invoice_number", "invoice_date", "total"]
# 400 tries are enough that each value is found missing now and then.
TRIES = [str(number) for number in range(400)]


def workflow(*urls: str, options: dict[str, Any] | None = None, **fields: Any) -> Facts:
    body = {"file_urls": list(urls or (SCAN, INVOICE)), "extraction_template_id": TEMPLATE, "run_id": "Invoice 42"}
    return facts("emberqa", body | fields, operation="submitWorkflow", options=options or {})


@pytest.mark.parametrize("ending", [".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".PDF", ""])
def test_images_and_pdf_are_taken_by_their_extensions(ending: str) -> None:
    assert workflows.file_urls_lead_to_images_or_pdf.check(workflow(f"https://example.com/a{ending}?b=c.exe")) is None


@pytest.mark.parametrize("ending", [".tiff", ".docx", ".mp3"])
def test_other_extensions_are_refused(ending: str) -> None:
    problem = workflows.file_urls_lead_to_images_or_pdf.check(workflow(SCAN, f"https://example.com/a{ending}"))
    says = "file_urls.1 must lead to a PNG, JPG, JPEG, GIF, WEBP or PDF file"
    assert problem == Problem(Kind.INVALID, says, ("file_urls", 1))


@pytest.mark.parametrize(("ident", "is_known"), [(TEMPLATE, True), (TEMPLATE.upper(), True), (ID, False)])
def test_a_template_must_be_the_accounts_own(ident: str, *, is_known: bool) -> None:
    problem = workflows.extraction_template_exists.check(workflow(extraction_template_id=ident))
    assert (problem is None) is is_known


def test_without_any_templates_none_is_known() -> None:
    account = replace(workflow().account, book={})
    assert workflows.extraction_template_exists.check(replace(workflow(), account=account))


def test_a_run_is_remembered_in_the_words_of_its_details() -> None:
    outcome = workflows.accept_workflow(workflow(metadata={"a": 1}, agent_name="John D"))
    (record,) = outcome.records
    assert outcome.reply.body == {"message": "File Accepted", "doc_id": record.id}
    files = record.body.pop("supportingDocs")
    assert [(each["filename"], each["filenameUrl"]) for each in files] == [("scan.png", SCAN), ("42.pdf", INVOICE)]
    assert len({each["id"] for each in files}) == 2
    assert record.body == {
        "filename": "Invoice 42",
        "status": "pending",
        "metadata": {"a": 1},
        "output_schema": {},
        "extraction_template_id": TEMPLATE,
        "agent_name": "John D",
    }


def test_what_is_left_out_is_empty() -> None:
    body = workflows.accept_workflow(workflow()).records[0].body
    assert (body["metadata"], body["agent_name"]) == ({}, None)


@pytest.mark.parametrize("status", vendor.options["success_status"].choices)
def test_the_status_of_success_is_an_option(status: int) -> None:
    assert workflows.accept_workflow(workflow(options={"success_status": status})).reply.status == status


def test_a_run_is_processing_after_2_s_and_completed_after_10() -> None:
    outcome = workflows.accept_workflow(workflow())
    processing, done = outcome.records[0].timeline
    assert (processing.after, processing.state) == (2, {"status": "processing"})
    assert (done.after, done.state["status"]) == (10, "completed")
    assert list(done.state["output_schema"]) == FIELDS
    assert outcome.advice == ()


def test_a_run_fails_for_the_first_file_that_is_of_no_use() -> None:
    sent = workflow(SCAN, INVOICE)
    behind = {SCAN: Behind("image/bmp"), INVOICE: Behind(failure="expired")}
    outcome = workflows.accept_workflow(replace(sent, behind=behind))
    reason = "scan.png is not a PNG, JPG, JPEG, GIF, WEBP or PDF file"
    assert outcome.records[0].timeline[1].state == {"status": "failed", "failure_reason": reason}
    assert [each.claim for each in outcome.advice] == ["workflow-file-kinds", "file-urls-public-or-presigned"]
    assert workflows.file_urls(sent.call) == [SCAN, INVOICE]


def test_a_tester_can_make_a_run_fail() -> None:
    (record,) = workflows.accept_workflow(workflow()).records
    assert record.failure == {"status": "failed", "failure_reason": "the files could not be processed"}


@pytest.mark.parametrize(
    ("field", "form"),
    [
        ("invoice_date", r"2026-\d\d-\d\d"),
        ("Total", r"\d+\.\d\d"),
        ("invoice number", r"[A-Z]+-\d{5}"),
        ("supplier", r"\D+"),
        ("Customer-Name", r"[A-Z]\w+ [A-Z]\w+"),
        ("§", r"[\w ]+"),
    ],
)
def test_a_value_looks_like_what_its_field_is_called(field: str, form: str) -> None:
    values = [finding(ident, field, "a.pdf")["value"] for ident in TRIES]
    assert all(isinstance(value, str) for value in values if value is not None)
    assert [value for value in values if value and not re.fullmatch(form, value)] == []


def test_a_value_is_now_and_then_not_found_and_always_has_its_reasoning() -> None:
    found = [finding(ident, "total", "a.pdf") for ident in TRIES]
    lost = [each["reasoning"] for each in found if each["value"] is None]
    assert 20 < len(lost) < 100
    assert set(lost) == {"Nothing in the files is labelled as total."}
    assert {each["reasoning"] for each in found if each["value"]} == {"It stands beside the words total in a.pdf."}


def test_the_same_run_always_reads_the_same() -> None:
    assert extracted(ID, FIELDS, ["a.pdf"]) == extracted(ID, FIELDS, ["a.pdf"])
    assert extracted(ID, [], ["a.pdf"]) == {}
