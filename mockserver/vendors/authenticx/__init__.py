"""Authenticx: takes recorded calls and chats, as files or by signed URL, to analyse the conversations."""

from mockserver.model import Option, Vendor
from mockserver.vendors.authenticx import tokens
from mockserver.vendors.authenticx.operations import OPERATIONS
from mockserver.vendors.authenticx.refusals import refuse

vendor = Vendor(
    name="authenticx",
    refuse=refuse,
    operations=OPERATIONS,
    guards=(tokens.token_has_the_scope, tokens.secret_is_the_clients),
    # Nobody holds an unscoped token by default: an account may be given one, to meet the refusal.
    grants={"access_token": tokens.ACCESS, "unscoped_token": tokens.UNSCOPED, "client_id": tokens.CLIENT},
    options={
        "response_casing": Option("camel", ("camel", "pascal"), "response-casing"),
        "file_name_match": Option("extension", ("extension", "name"), "names-may-differ"),
    },
    recommended=frozenset({"text-id-recommended", "meta-fields-deprecated", "extended-metadata-deprecated"}),
)
