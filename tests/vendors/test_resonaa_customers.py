from typing import Any

import pytest

from mockserver.model import Kind, Ref
from mockserver.vendors.resonaa import crm
from mockserver.vendors.resonaa.customers import rows_of
from mockserver.vendors.resonaa.table import read_table
from tests.vendors.customers import ID, JANE, answer, call_of, counted, kept, pointer, refusal, request, several


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ("Jane", "a customer must be an object"),
        ({}, "name is required"),
        ({"name": None}, "name is required"),
        ({"name": " "}, "name must hold more than blanks"),
        ({"name": 5}, "name must be text"),
        ({"name": "J", "email": "jane"}, "email must be an e-mail address"),
        ({"name": "J", "email": 5}, "email must be text"),
        ({"name": "J", "phone": 5550100}, "phone must be text"),
        ({"name": "J", "phone": "n/a"}, "phone must have 3 to 20 digits"),
        ({"name": "J", "phone": "12"}, "phone must have 3 to 20 digits"),
        ({"name": "J", "stage": []}, "stage must be text"),
        ({"name": "J", "tags": "vip"}, "tags must be a list of texts"),
        ({"name": "J", "tags": ["vip", " "]}, "tags must be a list of texts"),
        ({"name": "J", "tags": [5]}, "tags must be a list of texts"),
        ({"name": "J", "custom_fields": []}, "custom_fields must be an object"),
        ({"name": "", "email": "jane"}, "name is required"),
    ],
)
def test_a_customer_of_a_list_is_judged_by_itself(sent: Any, error: str) -> None:
    rows = rows_of(several(sent, {"name": "Ann"}).call)
    assert [row.error for row in rows] == [error, None]


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        ({"name": " Jane ", "email": " jane@example.com "}, {"name": "Jane", "email": "jane@example.com"}),
        ({"name": "Jane", "email": "", "phone": None, "stage": "", "tags": [], "custom_fields": {}}, {"name": "Jane"}),
        ({"name": "Jane", "tags": None, "fax": "5"}, {"name": "Jane"}),
        (
            {"name": "Jane", "tags": ["a"], "custom_fields": {"a": None}},
            {"name": "Jane", "tags": ["a"], "custom_fields": {"a": None}},
        ),
    ],
)
def test_what_is_empty_is_not_there(sent: dict[str, Any], fields: dict[str, Any]) -> None:
    (row,) = rows_of(call_of(sent))
    assert (row.error, row.fields) == (None, fields)


@pytest.mark.parametrize("form", ["csv", "file"])
def test_csv_comes_as_a_text_or_as_a_file(form: str) -> None:
    media_type = "multipart/form-data" if form == "file" else "application/json"
    call = call_of({form: "name,Tags,plan\nJane,a; b |,\nAnn,,free\n"}, media_type=media_type)
    assert [row.fields for row in rows_of(call)] == [
        {"name": "Jane", "tags": ["a", "b"]},
        {"name": "Ann", "custom_fields": {"plan": "free"}},
    ]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("name\nJane", ["name"], [["Jane"]]),
        ("\ufeffNAME,E-Mail, Plan \r\nJane,,x\r\n", ["name", "email", "Plan"], [["Jane", "", "x"]]),
        ("name,a\n\n,\nJane,1\n , \n", ["name", "a"], [["Jane", "1"]]),
        ('name\n"Jane, ""the"" Doe\nof it"\n', ["name"], [['Jane, "the" Doe\nof it']]),
        ("name\nJane\u2028Doe\n", ["name"], [["Jane\u2028Doe"]]),
        ("name\n" + "a\n" * 1000, ["name"], [["a"]] * 1000),
        ("name," + ",".join(map(str, range(99))) + "\n" + "a," * 99, None, None),
    ],
    ids=["least", "head", "blank", "quotes", "separator", "most-lines", "most-columns"],
)
def test_csv_is_read(text: str, columns: list[str] | None, lines: list[list[str]] | None) -> None:
    table = read_table(text)
    assert table.trouble is None
    assert lines is None or (list(table.columns), list(table.lines)) == (columns, lines)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "the CSV's first line must name the columns, one of them name"),
        ("\n \n,,\n", "the CSV's first line must name the columns, one of them name"),
        ("full name\nJane\n", "the CSV's first line must name the columns, one of them name"),
        ("name\n", "the CSV has no line below its first"),
        ("name\n\n\n", "the CSV has no line below its first"),
        ("name,,\nJane,,\n", "the CSV's column 2 has no name"),
        ("name,Name\nJane,Jane\n", "the CSV has more than one column name"),
        (f"name,{'x' * 200},{'x' * 200}\n1,2,3\n", f"the CSV has more than one column {'x' * 80}"),
        ("name," + ",".join(map(str, range(100))) + "\nJane\n", "the CSV has more than 100 columns"),
        ("name\n" + "a\n" * 1001, "the CSV has more than 1000 customers"),
        ('name\n"Jane\n', "the CSV cannot be read at line 2: unexpected end of data"),
        ("name\n" + "a" * 200_000, "the CSV cannot be read at line 2: field larger than field limit (131072)"),
    ],
)
def test_csv_that_is_no_table_is_refused_as_a_whole(text: str, trouble: str) -> None:
    assert read_table(text).trouble == trouble
    problem = refusal(request({"csv": text}))
    assert problem
    assert (problem.kind, problem.says) == (Kind.INVALID, trouble)


def test_a_line_of_another_length_is_refused_alone() -> None:
    told = request({"csv": "name,email\nJane\nAnn,a@example.com,x\nBob,\n"})
    assert refusal(told) is None
    assert answer(crm.accept_customers(told))["errors"] == [
        {"row": 0, "error": "the line has 1 fields, the first one has 2"},
        {"row": 1, "error": "the line has 3 fields, the first one has 2"},
    ]


def test_where_none_can_be_taken_each_is_told() -> None:
    problem = refusal(several({}, {"name": 5}))
    assert problem
    assert problem.says == "no customer can be taken: name is required"
    assert problem.got == [{"row": 0, "error": "name is required"}, {"row": 1, "error": "name must be text"}]


def test_columns_that_look_like_slips_are_advised_on() -> None:
    outcome = crm.accept_customers(request({"csv": "name,emial,plan\nJane,jane@example.com,free\n"}))
    assert [advice.says for advice in outcome.advice] == [
        "the column emial is kept as a custom field: did you mean email?"
    ]


def test_the_index_is_asked_by_address_and_by_number() -> None:
    told = several(JANE, {"name": "J", "email": "JANE@Example.com"}, {"name": "A", "phone": "(555) 0100"}, {}, "x")
    assert crm.refs(told.call) == [Ref(crm.BY_EMAIL, "jane@example.com"), Ref(crm.BY_PHONE, "5550100")]


def test_the_index_leads_to_its_customer() -> None:
    told = several(JANE, known=(pointer(crm.BY_EMAIL, "jane@example.com"), pointer(crm.BY_PHONE, "5550100", "c-2")))
    assert crm.further(told) == [Ref("customer", ID), Ref("customer", "c-2")]


def test_a_new_customer_is_kept_with_its_index() -> None:
    outcome = crm.accept_customers(request(JANE))
    ((kind, ident), *index) = kept(outcome)
    assert kind == "customer"
    assert index == [(crm.BY_EMAIL, "jane@example.com"), (crm.BY_PHONE, "5550100")]
    assert {record.body["customer_id"] for record in outcome.records[1:]} == {ident}
    assert answer(outcome)["customers"] == [{"id": ident, **JANE, "stage": None, "tags": [], "custom_fields": {}}]


def test_a_refused_customer_leaves_nothing() -> None:
    outcome = crm.accept_customers(several({"email": "jane@example.com"}, {"name": "Ann"}))
    assert [kind for kind, _ in kept(outcome)] == ["customer"]
    assert counted(outcome) == (1, 0, 0)
