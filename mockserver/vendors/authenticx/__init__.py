"""Authenticx: takes recorded calls and chats, as files or by signed URL, to analyse the conversations."""

from mockserver.model import Grant, Operation, Option, Vendor
from mockserver.vendors.authenticx import reading, rules
from mockserver.vendors.authenticx.outcomes import accept_upload
from mockserver.vendors.authenticx.refusals import refuse

vendor = Vendor(
    name="authenticx",
    refuse=refuse,
    operations={
        "uploadMedia": Operation(
            early=(rules.file_has_an_allowed_extension, rules.media_without_file_name_fits_upload_type),
            rules=(
                rules.media_fits_upload_type,
                rules.file_name_has_an_allowed_extension,
                rules.extensions_match,
                rules.names_match,
                rules.file_name_is_new,
                rules.locale_is_supported,
                rules.hierarchy_exists,
            ),
            accept=accept_upload,
            refs=reading.namesakes,
        ),
    },
    guards=(rules.token_has_the_scope,),
    # Nobody holds an unscoped token by default: an account may be given one, to meet the refusal.
    grants={"access_token": Grant("oauth2", ("acxapi",)), "unscoped_token": Grant("oauth2")},
    options={
        "response_casing": Option("camel", ("camel", "pascal"), "response-casing"),
        "file_name_match": Option("extension", ("extension", "name"), "names-may-differ"),
    },
)
