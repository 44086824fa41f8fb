"""EmberQA: takes call recordings, by URL or as files, to score them."""

from mockserver.model import Operation, Option, Vendor
from mockserver.vendors.emberqa import rules
from mockserver.vendors.emberqa.outcomes import accept_recording
from mockserver.vendors.emberqa.refusals import refuse

vendor = Vendor(
    name="emberqa",
    refuse=refuse,
    operations={
        "submitRecording": Operation(
            rules=(rules.file_is_mp3_or_wav, rules.media_url_leads_to_mp3_or_wav),
            accept=accept_recording,
        ),
    },
    options={"success_status": Option(200, (200, 202), "success-status")},
)
