"""Siro: takes recordings of sales conversations that were stored before, in two published forms of one contract."""

from mockserver.model import Grant, Operation, Option, Vendor
from mockserver.vendors.siro import rules
from mockserver.vendors.siro.advice import on_properties
from mockserver.vendors.siro.outcomes import accept_upload
from mockserver.vendors.siro.reading import signed_urls
from mockserver.vendors.siro.refusals import refuse

vendor = Vendor(
    name="siro",
    refuse=refuse,
    operations={
        "uploadRecording": Operation(
            rules=(
                rules.organization_is_the_tokens_own,
                rules.user_exists,
                rules.connection_exists,
                rules.media_url_was_issued_where_asked,
            ),
            accept=accept_upload,
            refs=signed_urls,
            advise=on_properties,
        ),
    },
    guards=(rules.read_scope_only_reads,),
    grants={
        "token": Grant("siroToken", ("read", "write")),
        "read_token": Grant("siroToken", ("read",)),
        "org_token": Grant("orgToken"),
    },
    options={
        "strict_media_url": Option(False, (False, True), "unissued-media-url-is-taken"),
        "read_scope_on_post": Option("refuse", ("refuse", "accept"), "read-scope-only-reads"),
    },
)
