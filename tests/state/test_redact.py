from collections.abc import Mapping
from time import process_time
from typing import Any

import pytest

from mockserver.model import Json
from mockserver.state.redact import HIDDEN, MOST_NAMES, Names, mask, redact, redact_headers, redact_text

CANARY = "canary-7f3a9c51e8d2-WXYZ"
LAST = "WXYZ"


def leaks(kept: Any) -> bool:
    """Return whether more of the canary than its last four characters is anywhere in what was kept."""
    return any(CANARY[start : start + 5] in str(kept) for start in range(len(CANARY) - 4))


@pytest.mark.parametrize(
    ("secret", "kept"),
    [(CANARY, HIDDEN + LAST), ("123456789012", HIDDEN + "9012"), ("12345678901", HIDDEN), ("", HIDDEN)],
)
def test_only_the_last_four_of_a_long_secret_are_kept(secret: str, kept: str) -> None:
    assert mask(secret) == kept


@pytest.mark.parametrize(
    "name",
    [
        *("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "apikey"),
        *("x-siro-auth-token", "x-amz-security-token", "x-hub-signature", "x-access-key", "x-acme"),
    ],
)
def test_a_secret_header_is_masked(name: str) -> None:
    assert redact_headers({name: CANARY}, Names({"x-acme"})) == {name: HIDDEN + LAST}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (f"Bearer {CANARY}", f"Bearer {HIDDEN}{LAST}"),
        (f"BASIC {CANARY}", f"BASIC {HIDDEN}{LAST}"),
        (f"{CANARY} Bearer", HIDDEN + "arer"),
        (f"secretword {CANARY}", HIDDEN + LAST),
        (f"session={CANARY}; token={CANARY}", HIDDEN + LAST),
        (f"Bearer  {CANARY}, Bearer {CANARY}", f"Bearer {HIDDEN}{LAST}"),
        ("Bearer", HIDDEN),
    ],
)
def test_only_the_scheme_of_a_credential_is_kept(value: str, kept: str) -> None:
    assert redact_headers({"authorization": value}) == {"authorization": kept}


def test_other_headers_are_kept_without_the_secrets_of_addresses() -> None:
    headers = {"host": "127.0.0.1:4747", "user-agent": "curl/8", "referer": f"https://a.example/?token={CANARY}"}
    assert redact_headers(headers) == {**headers, "referer": f"https://a.example/?{HIDDEN}"}


@pytest.mark.parametrize(
    "body",
    [
        {"api_key": CANARY},
        {"apiKey": CANARY},
        {"API-KEY": CANARY},
        {"client_secret": CANARY, "clientSecret": CANARY},
        {"access_token": CANARY, "refreshToken": CANARY, "id_token": CANARY},
        {"password": CANARY, "passwd": CANARY, "pwd": CANARY},
        {"a": [{"b": {"c": [{"secret": CANARY}]}}]},
        {"token": {"value": CANARY}},
        {"token": [CANARY]},
        {"credentials": {"user": CANARY}},
        {"acme_key": CANARY},
        {"Acme_Key": CANARY},
        {"X-Amz-Signature": CANARY, "sig": CANARY, "x_sig": CANARY},
        {"x" * 5000 + "_token": CANARY},
        {f"https://user:{CANARY}@a.example/": 1},
        [f"https://a.example/?X-Amz-Signature={CANARY}"],
        f"https://a.example/#access_token={CANARY}",
    ],
    ids=lambda body: str(body)[:40],
)
def test_no_secret_survives_in_a_body(body: Json) -> None:
    assert leaks(body)
    assert not leaks(redact(body, Names({"acme_key"})))


@pytest.mark.parametrize("value", [5, 1.5, True, None])
def test_a_secret_that_is_no_text_is_hidden_too(value: Json) -> None:
    assert redact({"token": value}) == {"token": HIDDEN}


@pytest.mark.parametrize(
    "body",
    [
        {"token_type": "Bearer", "expires_in": 3600, "tokens": 5, "key": "C major", "design": "x"},
        {"who": "Ada", "at": "2026-06-23T14:30:00Z", "mail": "ada@example.com", "note": "a:b @ c"},
        {"url": "https://a.example/call.mp3", "seconds": 1.5, "list": [True, None]},
    ],
)
def test_what_is_no_secret_is_kept(body: Mapping[str, Any]) -> None:
    assert redact(dict(body)) == body


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"https://user:{CANARY}@a.example/b", "https://a.example/b"),
        (f"https://{CANARY}@a.example", "https://a.example"),
        (f"https://user:p@{CANARY}@a.example/b@c", "https://a.example/b@c"),
        (f"https://a.example/b?sig={CANARY}", f"https://a.example/b?{HIDDEN}"),
        (f"https://a.example/b?#{CANARY}", f"https://a.example/b?{HIDDEN}#{HIDDEN}"),
        (f"https://a.example/b#{CANARY}", f"https://a.example/b#{HIDDEN}"),
        (f"https://a.example?x='{CANARY}'", f"https://a.example?{HIDDEN}"),
        (f"HTTPS://user:{CANARY}@A.example?{CANARY}", f"HTTPS://A.example?{HIDDEN}"),
        (f"s3://{CANARY}@bucket/key?{CANARY}", f"s3://bucket/key?{HIDDEN}"),
        (f"http:\\\\user:{CANARY}@a.example\\b", "http:\\\\a.example\\b"),
        (f"http:user:{CANARY}@a.example/b", "http:a.example/b"),
        (f"wss:/user:{CANARY}@a.example/b", "wss:/a.example/b"),
        (f"https://proxy.example/https://user:{CANARY}@a.example/b", "https://proxy.example/https://a.example/b"),
        (
            f'see "https://u:{CANARY}@a.example?{CANARY}" and <ftp://b.example/c?{CANARY}>, or mail me@c.example',
            f'see "https://a.example?{HIDDEN}" and <ftp://b.example/c?{HIDDEN}>, or mail me@c.example',
        ),
        (f'{{"url":"https://a.example/?{CANARY}","mail":"me@b.example"}}', None),
    ],
)
def test_an_address_tells_neither_user_nor_signature(text: str, kept: str | None) -> None:
    redacted = redact_text(text)
    assert not leaks(redacted)
    assert redacted == kept or kept is None


@pytest.mark.parametrize(
    "text",
    ["", "plain", "14:30", "https://a.example/b", "https://a.example:8080/@me", "note: //me@b", "a:b", "mailto:a@b"],
)
def test_what_tells_no_secret_is_kept_as_it_is(text: str) -> None:
    assert redact_text(text) == text


def test_names_are_known_by_their_endings() -> None:
    assert Names()["X-Siro-Auth-Token"][0]
    assert Names({"acme"})["acme"][0]
    assert not Names()["tokenizer"][0]
    assert not Names()["acme"][0]


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000, "://" * 20_000, ":" * 60_000, "http://" + "a@" * 30_000, "http:-" * 10_000, 'http://"' * 8_000],
    ids=lambda text: text[:10],
)
def test_no_text_takes_long(text: str) -> None:
    """Each of these takes minutes with an expression that looks back from every character."""
    start = process_time()
    redact_text(text)
    assert process_time() - start < 1


def test_of_the_names_that_clients_make_up_only_so_many_are_kept() -> None:
    names = Names({"acme"})
    for number in range(2 * MOST_NAMES + 5):
        assert names[f"field-{number}"] == (False, f"field-{number}")
        assert names["acme"] == (True, "acme")
        assert names["x" * 1000][0] is False
    assert 0 < len(names) <= MOST_NAMES
    assert "x" * 1000 not in names
