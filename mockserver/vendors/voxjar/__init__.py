"""Voxjar: takes calls, chats, e-mails and text messages, and charges for the work that they make."""

from mockserver.model import Operation, Option, Vendor
from mockserver.vendors.voxjar import rules
from mockserver.vendors.voxjar.actions import RETRY
from mockserver.vendors.voxjar.advice import on_parts
from mockserver.vendors.voxjar.interactions import interaction_at_hand, interaction_must_be_known, read_interaction
from mockserver.vendors.voxjar.media import urls_of
from mockserver.vendors.voxjar.outcomes import accept_upload, records_at_hand
from mockserver.vendors.voxjar.refusals import refuse

vendor = Vendor(
    name="voxjar",
    refuse=refuse,
    operations={
        "uploadInteraction": Operation(
            rules=(
                rules.type_must_be_known,
                rules.chat_and_sms_need_text,
                rules.audio_and_video_need_content,
                rules.email_needs_email_object,
                rules.download_url_must_be_public,
                rules.download_url_must_be_reachable,
                rules.download_must_be_within_the_limit,
                rules.download_url_must_lead_to_media,
                rules.source_may_have_to_be_new,
                rules.scorecard_must_be_active,
                rules.credits_must_suffice,
            ),
            accept=accept_upload,
            refs=records_at_hand,
            urls=urls_of,
            advise=on_parts,
        ),
        "getInteraction": Operation(
            rules=(interaction_must_be_known,),
            accept=read_interaction,
            refs=interaction_at_hand,
        ),
    },
    retry=RETRY,
    options={
        "success_status": Option(200, (200, 201), "success-status"),
        "url_rule": Option("hardened", ("hardened", "documented"), "download-url-hardened"),
        "repeated_source": Option("accept", ("accept", "reject"), "repeated-source"),
    },
)
