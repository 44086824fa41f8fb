"""Siro: takes recordings of sales conversations that were stored before, in two published forms of one contract."""

from mockserver.model import Grant, Option, Vendor
from mockserver.vendors.siro.events import RETRY, sign
from mockserver.vendors.siro.limits import allowance, token_calls_not_too_often
from mockserver.vendors.siro.operations import OPERATIONS
from mockserver.vendors.siro.refusals import refuse
from mockserver.vendors.siro.rules import read_scope_only_reads

vendor = Vendor(
    name="siro",
    refuse=refuse,
    operations=OPERATIONS,
    guards=(token_calls_not_too_often, read_scope_only_reads),
    retry=RETRY,
    sign=sign,
    allowance=allowance,
    grants={
        "token": Grant("siroToken", ("read", "write")),
        "read_token": Grant("siroToken", ("read",)),
        "org_token": Grant("orgToken"),
    },
    options={
        "strict_media_url": Option(False, (False, True), "unissued-media-url-is-taken"),
        "read_scope_on_post": Option("refuse", ("refuse", "accept"), "read-scope-only-reads"),
        "requests_a_minute": Option(0, (0, 3, 100, 1000), "requests-are-counted-where-asked"),
        "signed_url_minutes": Option(15, (1, 5, 15, 60, 1440), "signed-url-expires"),
    },
)
