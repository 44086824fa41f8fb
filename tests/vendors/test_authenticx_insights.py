"""Classifiers, and what they say of conversations."""

from typing import Any

import pytest
from msgspec.structs import replace

from mockserver.model import Facts, Found, Kind
from mockserver.vendors.authenticx import classifiers, insights
from tests.authenticx import (
    ACCOUNTING,
    BILLING,
    FIRST_IMPRESSION,
    IDENT,
    NOBODY,
    QUEUE,
    SAFETY,
    SUMMARY,
    asking,
    body_of,
    failed,
    fresh,
    media,
    posting,
    processed,
)
from tests.facts import facts

WEEK = {"StartDate": "2026-06-22", "EndDate": "2026-06-29"}
KNOWN = [FIRST_IMPRESSION, BILLING, SUMMARY, SAFETY, QUEUE]


def listed(**query: Any) -> list[str]:
    return [each["id"] for each in body_of(classifiers.list_classifiers(asking("listClassifiers", **query)))]


def with_book(asked: Facts, **book: Any) -> Facts:
    return replace(asked, account=replace(asked.account, book=asked.account.book | book))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, KNOWN),
        ({"PageSize": 2}, KNOWN[:2]),
        ({"PageSize": 2, "LastId": BILLING.upper()}, KNOWN[2:4]),
        ({"LastId": QUEUE}, []),
        ({"CategoryNames": "skills,Nothing"}, [FIRST_IMPRESSION]),
        ({"ClassifierTypes": "LLM Model,metadata"}, [SUMMARY, QUEUE]),
        ({"CategoryNames": "Process", "ClassifierTypes": "Metadata"}, [QUEUE]),
        ({"ClassifierIds": BILLING}, KNOWN),
    ],
)
def test_classifiers_are_listed_by_page_category_and_type(query: dict[str, Any], found: list[str]) -> None:
    assert listed(**query) == found


def test_a_classifier_is_told_with_all_that_the_book_says() -> None:
    (told,) = body_of(
        classifiers.list_classifiers(
            with_book(
                asking("listClassifiers"), classifiers=[{"id": "A", "name": "Tone"}], models=[{"id": "a", "name": "B"}]
            )
        )
    )
    assert (told["id"], told["name"], told["classifierType"], told["reportable"]) == (
        "A",
        "Tone",
        "Core AI Model",
        True,
    )
    assert (told["categoryName"], told["description"], told["groupable"]) == (None, None, True)


@pytest.mark.parametrize(
    ("query", "fine"),
    [({}, True), ({"LastId": BILLING}, True), ({"LastId": NOBODY}, False), ({"ClassifierTypes": "Robot"}, False)],
)
def test_an_unknown_classifier_or_type_is_refused(query: dict[str, Any], *, fine: bool) -> None:
    asked = asking("listClassifiers", **query)
    problems = [each.check(asked) for each in (classifiers.classifier_before_is_known, classifiers.types_are_known)]
    assert (problems == [None, None]) is fine


@pytest.mark.parametrize(
    ("query", "fine"),
    [
        (WEEK, True),
        ({**WEEK, "EndDate": "2026-06-29T00:00:01"}, False),
        ({**WEEK, "EndDate": "2026-07-23", "ClassifierTypes": "Metadata"}, True),
        ({**WEEK, "EndDate": "2026-07-23", "HierarchyIds": ACCOUNTING}, True),
        ({**WEEK, "EndDate": "2026-07-24", "HierarchyCodes": "Accounting"}, False),
        ({**WEEK, "EndDate": "2026-07-23", "ClassifierIds": " , "}, False),
        ({}, True),
        ({"StartDate": "2026-06-22"}, True),
    ],
)
def test_a_week_may_be_asked_for_or_a_month_with_filters(query: dict[str, Any], *, fine: bool) -> None:
    assert (insights.window_is_short.check(asking("listInsights", **query)) is None) is fine


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ({"ClassifierCategoryNames": "Skills,Talents"}, insights.categories_are_known),
        ({"ClassifierIds": f"{BILLING},Billing"}, insights.classifier_ids_are_uuids),
        ({"ClassifierTypes": "Model"}, classifiers.types_are_known),
    ],
)
def test_filters_hold_what_the_page_allows(query: dict[str, Any], rule: Any) -> None:
    assert rule.check(asking("listInsights")) is None
    assert rule.check(asking("listInsights", **query))


def found(asked: Facts) -> list[str]:
    old = media(InteractionDate="2022-03-18T21:52:26", HierarchyCode="Accounting")
    conversations = [processed(1), processed(2, old), fresh(3), failed(4)]
    return [each.id[-1] for each in conversations if insights.listing(asked).fits(each)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        (WEEK, ["1", "2"]),
        ({**WEEK, "DateReference": "InteractionDate"}, []),
        ({"DateReference": "InteractionDate", "StartDate": "2022-03-18", "EndDate": "2022-03-19"}, ["2"]),
        ({**WEEK, "HierarchyIds": ACCOUNTING}, ["2"]),
        ({**WEEK, "ClassifierIds": BILLING}, ["1", "2"]),
        ({**WEEK, "ClassifierIds": NOBODY}, []),
        ({**WEEK, "ClassifierIds": BILLING, "ClassifierTypes": "Metadata"}, []),
    ],
)
def test_conversations_are_found_once_they_are_processed(query: dict[str, Any], numbers: list[str]) -> None:
    assert found(asking("listInsights", **query)) == numbers
    body = {name[0].lower() + name[1:]: value for name, value in query.items()}
    assert found(posting("findInsights", **body)) == numbers


def test_all_are_counted_on_the_first_page_only() -> None:
    assert insights.listing(asking("listInsights", **WEEK)).counts
    assert not insights.listing(asking("listInsights", **WEEK, LastId=IDENT.format(1))).counts


def test_nothing_found_is_no_page() -> None:
    problem = insights.some_conversations_fit.check(asking("listInsights", **WEEK))
    assert problem
    assert problem.kind is Kind.NOT_FOUND
    assert insights.some_conversations_fit.check(asking("listInsights", [processed()], **WEEK)) is None


def test_headers_lead_to_the_next_page() -> None:
    page = [processed(1), processed(2)]
    asked = replace(asking("listInsights", page), found=Found(page, more=True, total=3))
    headers = {"X-Has-More": "true", "X-Next-LastId": IDENT.format(2), "X-Total-Records": "3"}
    assert insights.list_insights(asked).reply.headers == headers
    assert insights.list_insights(asking("listInsights", page)).reply.headers == {"X-Has-More": "false"}


def test_what_classifiers_say_is_the_same_whenever_it_is_asked_for() -> None:
    told, again = (body_of(insights.list_insights(asking("listInsights", [processed(1)], **WEEK))) for _ in range(2))
    assert told == again
    (conversation,) = told
    results = {each["classifierId"]: each for each in conversation["classifierResults"]}
    assert list(results) == KNOWN
    assert (results[SUMMARY]["result"].endswith("."), bool(results[SUMMARY]["reasoning"])) == (True, True)
    assert (results[BILLING]["result"] in {"True", "False"}, results[BILLING]["reasoning"]) == (True, None)
    assert (conversation["status"], conversation["interactionDate"]) == ("ReadyToSample", None)


def test_classifiers_do_not_all_say_the_same_of_all_conversations() -> None:
    each = classifiers.classifier({"id": BILLING, "name": "Billing"})
    assert {classifiers.verdict(IDENT.format(number), each) for number in range(20)} == {True, False}


def test_only_the_classifiers_that_are_asked_for_are_told() -> None:
    asked = asking("listInsights", [processed(1)], **WEEK, ClassifierCategoryNames="se suite")
    (conversation,) = body_of(insights.list_insights(asked))
    assert [each["classifierName"] for each in conversation["classifierResults"]] == ["Safety Event"]


def test_an_organisation_without_classifiers_has_empty_results() -> None:
    asked = with_book(asking("listInsights", [processed(1)], **WEEK), classifiers=[], models=[])
    assert body_of(insights.list_insights(asked))[0]["classifierResults"] == []
    assert found(asked) == ["1", "2"]


def test_a_book_may_say_nothing_of_classifiers() -> None:
    account = facts("authenticx").account
    assert classifiers.classifiers(replace(account, book={"hierarchies": [], "agents": []})) == {}
