"""Resonaa: takes call recordings, conversations, sheets and customers, to transcribe, analyse and keep them."""

from mockserver.model import Operation, Option, Vendor
from mockserver.vendors.resonaa import crm, reading, rules, sheets, tickets
from mockserver.vendors.resonaa.advice import advise_fields
from mockserver.vendors.resonaa.outcomes import accept_call
from mockserver.vendors.resonaa.refusals import refuse

EARLY = (rules.body_passes_the_platform,)

vendor = Vendor(
    name="resonaa",
    refuse=refuse,
    operations={
        "addCall": Operation(
            early=EARLY, rules=rules.CALL_RULES, urls=reading.urls, accept=accept_call, advise=advise_fields
        ),
        "addCallByUrl": Operation(
            early=EARLY,
            rules=rules.CALL_RULES,
            urls=reading.urls,
            accept=accept_call,
            advise=advise_fields,
            assumed="add-call-url-assumed",
        ),
        "uploadSheet": Operation(
            early=EARLY,
            rules=sheets.RULES,
            refs=sheets.refs,
            accept=sheets.accept_sheet,
            advise=advise_fields,
            assumed="sheets-assumed",
        ),
        "uploadTicket": Operation(
            early=EARLY,
            rules=tickets.RULES,
            refs=tickets.refs,
            accept=tickets.accept_ticket,
            advise=advise_fields,
            assumed="tickets-assumed",
        ),
        "addCustomers": Operation(
            early=EARLY,
            rules=crm.RULES,
            refs=crm.refs,
            further=crm.further,
            accept=crm.accept_customers,
            advise=advise_fields,
            assumed="crm-assumed",
        ),
        "readStoredCall": Operation(rules=(rules.stored_audio_is_gone,)),
    },
    options={"body_limit": Option("documented", ("documented", "platform"), "platform-limit")},
)
