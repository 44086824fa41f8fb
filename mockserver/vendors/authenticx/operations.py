"""What each operation of Authenticx looks at, refuses, answers and tells."""

from collections.abc import Mapping

from mockserver.model import Operation
from mockserver.vendors.authenticx import (
    agents,
    classifiers,
    conversations,
    hierarchies,
    insights,
    metadata,
    model_results,
    reading,
    receipts,
    rules,
    search,
    tokens,
    transcriptions,
)
from mockserver.vendors.authenticx.advice import on_names
from mockserver.vendors.authenticx.outcomes import accept_upload

PAGED = (search.dates_are_in_order, search.page_before_is_known)
LATE_UPLOAD_RULES = (
    rules.file_name_has_an_allowed_extension,
    rules.extensions_match,
    rules.names_match,
    rules.id_is_new,
    rules.file_name_is_new,
    rules.locale_is_supported,
    rules.hierarchy_exists,
)
INSIGHTS = Operation(
    rules=(
        *PAGED,
        insights.window_is_short,
        insights.classifier_ids_are_uuids,
        insights.categories_are_known,
        classifiers.types_are_known,
        search.hierarchy_ids_are_uuids,
        insights.some_conversations_fit,
    ),
    accept=insights.list_insights,
    refs=search.page_before,
    listing=insights.listing,
    advise=on_names,
)
METADATA = Operation(
    rules=(
        *PAGED,
        metadata.client_call_ids_are_few,
        search.hierarchy_ids_are_uuids,
        metadata.media_have_hierarchies,
    ),
    accept=metadata.list_metadata,
    refs=search.page_before,
    listing=metadata.listing,
    advise=on_names,
)
OPERATIONS: Mapping[str, Operation] = {
    "uploadMedia": Operation(
        early=(rules.file_has_an_allowed_extension, rules.media_without_file_name_fits_upload_type),
        rules=(
            rules.media_fits_upload_type,
            *LATE_UPLOAD_RULES,
            rules.media_can_be_fetched,
            rules.fetched_media_is_small_enough,
        ),
        accept=accept_upload,
        refs=reading.namesakes,
        urls=reading.signed_urls,
    ),
    "uploadTextMedia": Operation(
        early=(rules.file_has_an_allowed_extension,),
        rules=LATE_UPLOAD_RULES,
        accept=accept_upload,
        refs=reading.namesakes,
    ),
    "createToken": Operation(rules=(tokens.scope_is_known,), accept=tokens.create_token, advise=on_names),
    "listMetadata": METADATA,
    "findMetadata": METADATA,
    "patchMetadata": Operation(
        rules=(metadata.metadata_exist,),
        accept=metadata.patch_metadata,
        refs=conversations.named_in_path,
        advise=on_names,
    ),
    "getTranscription": Operation(
        rules=(transcriptions.conversation_exists, transcriptions.processing_has_not_failed),
        accept=transcriptions.get_transcription,
        refs=conversations.named_in_path,
        advise=on_names,
    ),
    "getTranscriptions": Operation(
        accept=transcriptions.get_transcriptions, refs=transcriptions.batch, advise=on_names
    ),
    "listInsights": INSIGHTS,
    "findInsights": INSIGHTS,
    "listClassifiers": Operation(
        rules=(classifiers.types_are_known, classifiers.classifier_before_is_known),
        accept=classifiers.list_classifiers,
        advise=on_names,
    ),
    "listModelResults": Operation(
        rules=(*PAGED, model_results.model_ids_are_known, model_results.hierarchy_codes_are_known),
        accept=model_results.list_model_results,
        refs=search.page_before,
        listing=model_results.listing,
        advise=model_results.on_listing,
    ),
    "getModelResults": Operation(
        early=(model_results.organisation_has_the_feature,),
        rules=(
            model_results.model_ids_are_known,
            model_results.conversations_are_named,
            model_results.conversation_ids_are_uuids,
            model_results.conversations_are_few,
        ),
        accept=model_results.get_model_results,
        refs=model_results.named_conversations,
        listing=model_results.by_client_call_ids,
        advise=on_names,
    ),
    "listReceipts": Operation(
        rules=(*PAGED, receipts.some_receipts_fit),
        accept=receipts.list_receipts,
        refs=search.page_before,
        listing=receipts.listing,
        advise=on_names,
    ),
    "createAgent": Operation(
        rules=(agents.user_is_active, agents.agent_hierarchies_exist),
        accept=agents.create_agent,
        advise=agents.on_agent,
    ),
    "getAgent": Operation(rules=(agents.agent_exists,), accept=agents.get_agent, advise=on_names),
    "updateAgent": Operation(
        rules=(agents.agent_exists, agents.user_is_active, agents.agent_hierarchies_exist),
        accept=agents.update_agent,
        advise=agents.on_agent,
    ),
    "listAgents": Operation(rules=(agents.some_agents_fit,), accept=agents.list_agents, advise=on_names),
    "createHierarchy": Operation(
        rules=(hierarchies.parent_exists, hierarchies.levels_suffice, hierarchies.contacts_are_users),
        accept=hierarchies.create_hierarchy,
        advise=on_names,
    ),
    "updateHierarchy": Operation(
        rules=(
            hierarchies.hierarchy_is_known,
            hierarchies.parent_exists,
            hierarchies.parent_is_not_below,
            hierarchies.levels_suffice,
            hierarchies.contacts_are_users,
        ),
        accept=hierarchies.update_hierarchy,
        advise=on_names,
    ),
    "listHierarchies": Operation(
        rules=(hierarchies.some_hierarchies_fit,), accept=hierarchies.list_hierarchies, advise=on_names
    ),
}
