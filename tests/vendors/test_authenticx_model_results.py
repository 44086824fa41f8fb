"""Model results of conversations, and receipts of their exports."""

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Found, Kind, Standing
from mockserver.vendors.authenticx import model_results, receipts
from tests.authenticx import (
    ACCOUNTING,
    BILLING,
    FIRST_IMPRESSION,
    IDENT,
    NOBODY,
    QUEUE,
    SUMMARY,
    asking,
    body_of,
    failed,
    fresh,
    media,
    processed,
)

EARLY = datetime(2025, 9, 30, tzinfo=UTC)
CALL = media(ClientCallId="5CD1S", HierarchyCode="Accounting")


def listing(*conversations: Standing, **query: Any) -> Facts:
    return asking("listModelResults", conversations, **{"modelIds": FIRST_IMPRESSION, **query})


def of(*conversations: Standing, found: tuple[Standing, ...] = (), **query: Any) -> Facts:
    asked = asking("getModelResults", conversations, **{"modelIds": FIRST_IMPRESSION, **query})
    return replace(asked, found=Found(found))


def without(asked: Facts, **book: Any) -> Facts:
    return replace(asked, account=replace(asked.account, book={**asked.account.book, **book}))


@pytest.mark.parametrize(("features", "has"), [(["ModelResults"], True), (["Receipts"], False), ([], False)])
def test_an_organisation_has_model_results_or_not(features: list[str], *, has: bool) -> None:
    problem = model_results.organisation_has_the_feature.check(without(of(), features=features))
    assert (problem is None or problem.kind) == (has or Kind.NOT_IMPLEMENTED)


def test_a_book_without_features_has_none() -> None:
    asked = replace(of(), account=replace(of().account, book={"hierarchies": [], "agents": []}))
    assert model_results.organisation_has_the_feature.check(asked)
    assert not receipts.exports(asked.account)


@pytest.mark.parametrize(
    ("ids", "known"),
    [
        (FIRST_IMPRESSION, True),
        (f"{BILLING},{SUMMARY.upper()}", True),
        ("", False),
        (" , ", False),
        (f"{BILLING},{NOBODY}", False),
        (QUEUE, False),
    ],
)
def test_models_must_be_the_organisations_own(ids: str, *, known: bool) -> None:
    problem = model_results.model_ids_are_known.check(listing(modelIds=ids))
    assert (problem is None) is known
    assert problem is None or FIRST_IMPRESSION in problem.says


def test_an_organisation_without_models_is_told_so() -> None:
    problem = model_results.model_ids_are_known.check(without(listing(), models=[]))
    assert problem
    assert problem.says.endswith("which are: none")


def test_hierarchy_codes_must_be_known() -> None:
    assert model_results.hierarchy_codes_are_known.check(listing()) is None
    assert model_results.hierarchy_codes_are_known.check(listing(hierarchyCodes="Accounting")) is None
    assert model_results.hierarchy_codes_are_known.check(listing(hierarchyCodes="Accounting,Nobody"))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({}, ["1"]),
        ({"includeUnprocessedMedia": True}, ["1", "2", "3"]),
        ({"includeUnprocessedMedia": True, "hierarchyCodes": "Accounting"}, ["1"]),
        ({"startDate": "2000-01-01"}, ["1"]),
        ({"startDate": "2026-06-24"}, []),
        ({"endDate": "2026-06-23"}, []),
    ],
)
def test_a_list_has_what_is_processed_and_more_where_it_is_asked_for(query: dict[str, Any], numbers: list[str]) -> None:
    fits = model_results.listing(listing(**query)).fits
    conversations = (processed(1, CALL), fresh(2), failed(3), processed(4, at=EARLY))
    assert [each.id[-1] for each in conversations if fits(each)] == numbers


@pytest.mark.parametrize(
    ("query", "claims"),
    [
        ({}, []),
        ({"startDate": "2025-10-01"}, []),
        ({"startDate": "2025-09-30"}, ["model-results-clamped"]),
        ({"starDate": "2026-01-01"}, ["unknown-fields-ignored"]),
    ],
)
def test_what_is_left_out_is_told(query: dict[str, str], claims: list[str]) -> None:
    assert [advice.claim for advice in model_results.on_listing(listing(**query))] == claims


def test_models_say_yes_or_no_or_say_it_in_words() -> None:
    (told,) = body_of(model_results.list_model_results(listing(processed(1, CALL), modelIds=f"{BILLING},{SUMMARY}")))
    plain, worded = told["modelResults"]
    assert (plain["modelName"], plain["result"] in {True, False}, plain["textResult"]) == ("Billing", True, None)
    assert (worded["modelName"], worded["result"], worded["textResult"][-1]) == ("Summary", None, ".")
    assert (told["clientCallId"], told["eventType"], told["mediaStatus"]) == ("5CD1S", "ModelResults", None)


def test_the_state_of_media_is_told_where_unprocessed_are_asked_for() -> None:
    asked = listing(processed(1), fresh(2), failed(3), includeUnprocessedMedia=True)
    told = body_of(model_results.list_model_results(asked))
    assert [each["mediaStatus"]["status"] for each in told] == ["Processed", "NotProcessed", "FailedToProcess"]
    assert [each["mediaStatus"]["reason"] is None for each in told] == [True, False, False]
    assert [each["modelResults"] is None for each in told] == [False, True, True]


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        ({"conversationIds": NOBODY}, True),
        ({"clientCallIds": "5CD1S"}, True),
        ({}, False),
        ({"conversationIds": "5CD1S"}, False),
        ({"conversationIds": ",".join([NOBODY] * 101)}, False),
        ({"clientCallIds": ",".join("x" * 101), "conversationIds": NOBODY}, False),
    ],
)
def test_conversations_are_named_by_up_to_a_hundred_ids(query: dict[str, Any], *, fine: bool) -> None:
    rules = (
        model_results.conversations_are_named,
        model_results.conversation_ids_are_uuids,
        model_results.conversations_are_few,
    )
    assert all(each.check(of(**query)) is None for each in rules) is fine


def test_conversations_are_found_by_either_id() -> None:
    first, second, third = processed(1), fresh(2), processed(3, CALL)
    idents = f"{first.id.upper()},{second.id},{third.id},{NOBODY}"
    asked = of(first, second, third, found=(third,), conversationIds=idents, clientCallIds="5CD1S")
    assert [ref.id for ref in model_results.named_conversations(asked.call)][:3] == [first.id, second.id, third.id]
    told = body_of(model_results.get_model_results(asked))
    assert [each["conversationId"] for each in told] == [first.id, second.id, third.id]
    processed_only = of(first, second, conversationIds=idents, includeUnprocessedMedia=False)
    told = body_of(model_results.get_model_results(processed_only))
    assert [(each["conversationId"], each["mediaStatus"]) for each in told] == [(first.id, None)]


def test_client_call_ids_ask_for_a_search_and_ids_for_none() -> None:
    assert model_results.by_client_call_ids(of(conversationIds=NOBODY)) is None
    listing = model_results.by_client_call_ids(of(clientCallIds="5CD1S,x"))
    assert listing
    assert [listing.fits(each) for each in (processed(1, CALL), processed(2))] == [True, False]


def test_a_receipt_is_told_beside_the_results_where_there_are_exports() -> None:
    asked = listing(processed(1), fresh(2), includeUnprocessedMedia=True)
    first, second = body_of(model_results.list_model_results(asked))
    (receipt,) = body_of(receipts.list_receipts(asking("listReceipts", [processed(1)])))
    assert first["emissionReceipt"]["customerReceiptId"] == receipt["receiptId"]
    assert second["emissionReceipt"] is None
    told = body_of(model_results.list_model_results(without(asked, features=[])))
    assert [each["emissionReceipt"] for each in told] == [None, None]


ALWAYS = {"StartDate": "2000-01-01", "EndDate": "9000-01-01"}


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"Status": "ReadyToSample"}, ["1", "4"]),
        ({"Status": "Sampled"}, []),
        ({"Status": "Processing"}, []),
        ({"Status": "FailedToProcess"}, []),
        ({"Status": "ReadyToSample", "StartDate": "2026-01-01"}, ["1"]),
        ({"Status": "ReadyToSample", "StartDate": "2026-01-01", "DateReference": "EvaluationCompleteDate"}, ["1"]),
        ({"Status": "ReadyToSample", "HierarchyCodes": ["Nobody", "Accounting"]}, ["1"]),
    ],
)
def test_receipts_are_of_what_is_processed(query: dict[str, Any], numbers: list[str]) -> None:
    listing = receipts.listing(asking("listReceipts", **{**ALWAYS, **query}))
    assert listing
    assert listing.most == 10
    conversations = (processed(1, CALL), fresh(2), failed(3), processed(4, at=EARLY))
    assert [each.id[-1] for each in conversations if listing.fits(each)] == numbers


def test_the_completion_of_an_evaluation_is_that_of_processing() -> None:
    conversation = replace(processed(1, at=EARLY), since=datetime(2025, 10, 2, tzinfo=UTC))
    assert receipts.counted(conversation, "EvaluationCompleteDate") == conversation.since
    assert receipts.counted(conversation, None) == EARLY


def test_without_exports_there_are_no_receipts() -> None:
    asked = without(asking("listReceipts", **ALWAYS, Status="ReadyToSample"), features=[])
    assert receipts.listing(asked) is None
    problem = receipts.some_receipts_fit.check(asked)
    assert problem
    assert problem.kind is Kind.NOT_FOUND
    assert receipts.some_receipts_fit.check(asking("listReceipts", [processed()])) is None


@pytest.mark.parametrize(("casing", "name"), [("camel", "conversationId"), ("pascal", "ConversationId")])
def test_receipts_have_the_casing_that_the_account_has_chosen(casing: str, name: str) -> None:
    asked = asking("listReceipts", [processed(1)])
    chosen = replace(asked.account, options=asked.account.options | {"response_casing": casing})
    (told,) = body_of(receipts.list_receipts(replace(asked, account=chosen)))
    assert told[name] == IDENT.format(1)
    assert "uid" in told
    assert ACCOUNTING not in told.values()
