"""The behaviour of every operation, by its id in the documents."""

from collections.abc import Iterator, Mapping

from mockserver.model import Advice, Facts, Operation
from mockserver.vendors.siro import (
    apps,
    directory,
    linking,
    links,
    listing,
    organization,
    playback,
    presence,
    recordings,
    rules,
    speech,
    storage,
    tokens,
)
from mockserver.vendors.siro.advice import on_names, on_properties
from mockserver.vendors.siro.audio import addresses
from mockserver.vendors.siro.outcomes import accept_upload
from mockserver.vendors.siro.reading import signed_urls


def on_list(facts: Facts) -> Iterator[Advice]:
    yield from on_names(facts)
    yield from listing.on_order(facts)


def on_organization_list(facts: Facts) -> Iterator[Advice]:
    yield from on_names(facts)
    yield from organization.on_page_size(facts)


THERE = (presence.recording_exists,)
KEPT = (*THERE, presence.recording_is_kept)
UPLOAD: Mapping[str, Operation] = {
    "uploadRecording": Operation(
        rules=(
            rules.organization_is_the_tokens_own,
            rules.user_exists,
            rules.connection_exists,
            rules.media_url_was_issued_where_asked,
        ),
        accept=accept_upload,
        refs=signed_urls,
        urls=addresses,
        advise=on_properties,
    ),
    "createSignedUrl": Operation(accept=storage.issue_signed_url, advise=on_names),
    "storeAudio": Operation(
        rules=(storage.signature_is_this_urls, storage.headers_are_as_signed, storage.size_is_in_range),
        accept=storage.store,
        refs=storage.signed_url,
    ),
}
RECORDINGS: Mapping[str, Operation] = {
    "listRecordings": Operation(
        rules=(directory.organization_asked_for_is_own, presence.cursor_is_known),
        accept=listing.list_recordings,
        refs=presence.of_cursor,
        listing=listing.wanted,
        advise=on_list,
    ),
    "getRecording": Operation(THERE, accept=recordings.get_recording, refs=presence.of_path, advise=on_names),
    "deleteRecording": Operation(
        (*KEPT, presence.caller_may_delete),
        accept=presence.delete_recording,
        refs=presence.of_path,
        advise=on_names,
    ),
    "listUtterances": Operation(KEPT, accept=speech.list_utterances, refs=presence.of_path, advise=on_names),
    "getSummary": Operation(KEPT, accept=speech.get_summary, refs=presence.of_path, advise=on_names),
    "createAudioUrl": Operation(KEPT, accept=playback.create_audio_url, refs=presence.of_path, advise=on_names),
    "downloadAudio": Operation((playback.signature_is_this_recordings,), accept=playback.download_audio),
    "linkRecording": Operation(
        (*KEPT, rules.connection_exists, links.target_is_synced),
        accept=linking.put_link,
        refs=presence.of_path,
        advise=on_names,
    ),
    "unlinkRecording": Operation(
        (*KEPT, rules.connection_exists, links.target_is_synced),
        accept=linking.remove_link,
        refs=presence.of_path,
        advise=on_names,
    ),
    "listConversationConfigurations": Operation(
        (directory.organization_asked_for_is_own,), accept=directory.list_configurations, advise=on_names
    ),
}
OAUTH: Mapping[str, Operation] = {
    "createOAuthApp": Operation(
        (apps.app_is_for_own_organization, apps.owner_exists), accept=apps.create_app, advise=on_names
    ),
    "listOAuthApps": Operation(
        (directory.organization_asked_for_is_own, apps.app_cursor_is_known),
        accept=apps.list_apps,
        refs=apps.of_account,
        listing=apps.wanted,
        advise=on_names,
    ),
    "getOAuthApp": Operation((apps.app_exists,), accept=apps.get_app, refs=apps.of_path, advise=on_names),
    "deleteOAuthApp": Operation(
        (apps.app_exists, apps.app_is_kept),
        accept=apps.delete_app,
        refs=apps.of_path,
        listing=apps.tokens_of_app,
        advise=on_names,
    ),
    "createAccessToken": Operation(
        (apps.app_exists, apps.app_is_kept, tokens.secret_is_the_apps, tokens.token_user_exists),
        accept=tokens.create_token,
        refs=apps.of_path,
        advise=on_names,
    ),
    "listAccessTokens": Operation(
        (apps.app_exists, tokens.token_cursor_is_known),
        accept=tokens.list_tokens,
        refs=apps.of_path,
        listing=tokens.wanted,
        advise=on_names,
    ),
    "getAccessToken": Operation(
        (apps.app_exists, tokens.token_exists), accept=tokens.get_token, refs=tokens.of_path, advise=on_names
    ),
    "revokeAccessToken": Operation(
        (apps.app_exists, tokens.secret_is_the_apps, tokens.token_exists),
        accept=tokens.revoke_token,
        refs=tokens.of_path,
        advise=on_names,
    ),
}
ORGANIZATION: Mapping[str, Operation] = {
    "listOrganizationRecordings": Operation(
        (presence.cursor_is_known,),
        accept=organization.list_recordings,
        refs=presence.of_cursor,
        listing=organization.wanted,
        advise=on_organization_list,
    ),
    "getOrganizationRecording": Operation(
        THERE, accept=organization.get_recording, refs=presence.of_path, advise=on_names
    ),
    "listSummaries": Operation(THERE, accept=organization.list_summaries, refs=presence.of_path, advise=on_names),
    "listUsers": Operation((directory.user_cursor_is_known,), accept=directory.list_users, advise=on_names),
    "getUser": Operation((directory.user_is_there,), accept=directory.get_user, advise=on_names),
    "listOrganizations": Operation(accept=directory.list_organizations, advise=on_names),
    "getOrganization": Operation(
        (directory.organization_is_there,), accept=directory.get_organization, advise=on_names
    ),
    "listConnections": Operation(
        (directory.connection_cursor_is_known,), accept=directory.list_connections, advise=on_names
    ),
    "getConnection": Operation((directory.connection_is_there,), accept=directory.get_connection, advise=on_names),
    "getCallerIdentity": Operation(accept=directory.get_caller_identity, advise=on_names),
}
OPERATIONS: Mapping[str, Operation] = {**UPLOAD, **RECORDINGS, **OAUTH, **ORGANIZATION}
