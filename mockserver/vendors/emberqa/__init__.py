"""EmberQA: scores call recordings and documents, and reads data out of images and PDF files."""

from mockserver.model import Operation, Option, Vendor
from mockserver.vendors.emberqa import rules, runs, workflows
from mockserver.vendors.emberqa.alerts import METADATA, RETRY
from mockserver.vendors.emberqa.fields import advise
from mockserver.vendors.emberqa.outcomes import accept_document, accept_recording, addresses
from mockserver.vendors.emberqa.refusals import refuse

vendor = Vendor(
    name="emberqa",
    refuse=refuse,
    operations={
        "submitRecording": Operation(
            rules=(rules.file_is_mp3_or_wav, rules.media_url_leads_to_mp3_or_wav),
            accept=accept_recording,
            urls=addresses,
            advise=advise,
        ),
        "submitDocument": Operation(
            rules=(rules.media_url_leads_to_pdf,), accept=accept_document, urls=addresses, advise=advise
        ),
        "submitWorkflow": Operation(
            rules=(workflows.file_urls_lead_to_images_or_pdf, workflows.extraction_template_exists),
            accept=workflows.accept_workflow,
            urls=workflows.file_urls,
            advise=advise,
        ),
        "getWorkflowRunDetails": Operation(
            rules=(runs.run_exists,), accept=runs.tell_run, refs=runs.runs_at_hand, advise=advise
        ),
        "queryWorkflowRuns": Operation(accept=runs.tell_runs, listing=runs.list_runs, advise=advise),
    },
    options={"success_status": Option(200, (200, 202), "success-status"), "completion_metadata": METADATA},
    retry=RETRY,
    recommended=frozenset({"presigned-url-recommended", "audio-8-khz-recommended"}),
)
