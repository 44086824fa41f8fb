"""Resonaa: takes call recordings, as files or by URL, to transcribe and analyse them."""

from mockserver.model import Operation, Option, Vendor
from mockserver.vendors.resonaa import rules
from mockserver.vendors.resonaa.outcomes import accept_call
from mockserver.vendors.resonaa.refusals import refuse

vendor = Vendor(
    name="resonaa",
    refuse=refuse,
    operations={
        "addCall": Operation(
            early=(rules.body_passes_the_platform,),
            rules=(rules.call_has_a_supported_format,),
            accept=accept_call,
        ),
        "readStoredCall": Operation(rules=(rules.stored_audio_is_gone,)),
    },
    options={"body_limit": Option("documented", ("documented", "platform"), "platform-limit")},
)
