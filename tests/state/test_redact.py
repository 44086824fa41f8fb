from collections.abc import Mapping
from time import process_time
from typing import Any

import pytest

from mockserver.model import Json
from mockserver.state.redact import MOST_NAMES, Names, redact, redact_headers
from mockserver.state.redact_text import HIDDEN, mask, redact_text

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
        {"secrets": [CANARY], "apiKeys": {"a": CANARY}, "passwords": CANARY},
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


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_hidden_where_nothing_was_shown(value: Json) -> None:
    assert redact({"token": value, "api_key": value}) == {"token": value, "api_key": value}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f'{{"token":{{"a":{{"b":1}},"v":"{CANARY}"}}}}', '{"token":"…"}'),
        (f'{{"token":[{{"a":1}},"{CANARY}"],"x":1}}', '{"token":"…","x":1}'),
        (f'[{{"text": "{{\\"api_key\\": \\"{CANARY}\\"}}"}}]', '[{"text":"{\\"api_key\\":\\"…WXYZ\\"}"}]'),
        ('{"signature": null, "mail": "me@b.example", "key": "C = major"}', None),
        ('{"text": "the token = mine, \\"he\\" said", "url": "https://a.example/b"}', None),
        ("[1, 2", None),
        ("[" * 60_000, None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_text_that_is_json_stays_so(text: str, kept: str | None) -> None:
    assert redact({"metadata": text}) == {"metadata": text if kept is None else kept}
    assert redact([text]) == [text if kept is None else kept]


@pytest.mark.parametrize("depth", [50, 300, 450, 900, 5_000])
def test_a_text_that_is_deep_json_is_kept_without_its_secrets(depth: int) -> None:
    text = '{"a": [' * depth + f'{{"token": "{CANARY}"}}' + "]}" * depth
    kept = redact({"metadata": text})
    assert '"token"' in str(kept)
    assert not leaks(kept)


@pytest.mark.parametrize("value", [5, 1.5, True])
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
    ("text", "kept"),
    [
        (f"https://h/my call.mp3?sig={CANARY}", f"https://h/my call.mp3?{HIDDEN}"),
        (f'https://h/my"call.mp3?sig={CANARY}', f'https://h/my"call.mp3?{HIDDEN}'),
        (f"https://h/my<call?sig={CANARY}", f"https://h/my<call?{HIDDEN}"),
        (f"  https://h/a?name=John Doe&sig={CANARY}", f"  https://h/a?{HIDDEN}"),
        (f'https://h/a?name="x"&sig={CANARY}', f"https://h/a?{HIDDEN}"),
        (f"https://h/a?a=<b>&sig={CANARY}", f"https://h/a?{HIDDEN}"),
        (f"https://h/a?a=1\n&sig={CANARY}#x", f"https://h/a?{HIDDEN}#{HIDDEN}"),
        (f"https://h/a b#{CANARY}?x", f"https://h/a b#{HIDDEN}"),
        (f"https://user:a b{CANARY}@h/", "https://…@h/"),
        (f'https://user:a"b{CANARY}@h/', "https://h/"),
        (f"https://user:a/{CANARY}@h/b?c", f"https://…@h/b?{HIDDEN}"),
        (f"https://user:{CANARY}#x@h/", "https://…@h/"),
        (f"https://user:{CANARY}?x@h/", "https://…@h/"),
        (f"//h/a?sig={CANARY}", f"//h/a?{HIDDEN}"),
        (f"//u:{CANARY}@h/a", "//h/a"),
        (f"/a.mp3?sig={CANARY}", f"/a.mp3?{HIDDEN}"),
        (f"h.example/a?b&sig={CANARY}", f"h.example/a?{HIDDEN}"),
        (f"user:{CANARY}@h/a", f"{HIDDEN}@h/a"),
        (f"not https://user:{CANARY}-and-so-on...", f"not https://user:{HIDDEN}"),
        (f'metadata={{"api_key":"{CANARY}"}}', f'metadata={{"api_key":"{HIDDEN}"}}'),
        (
            f'{{"grant": "x", "client_secret" : "a\\"{CANARY}", "b": 1}}',
            '{"grant": "x", "client_secret" : "…", "b": 1}',
        ),
        (f'{{"client_secret":"{CANARY}', f'{{"client_secret":"{HIDDEN}"'),
        (f'x {{"tokens": 5, "token": ["{CANARY}"]}}', f'x {{"tokens": 5, "token": {HIDDEN}'),
        (f"grant_type=x&client_secret={CANARY}&scope=a", f"grant_type=x&client_secret={HIDDEN}&scope=a"),
        (f"api_key[]={CANARY}; x-signature='{CANARY}'; sig={CANARY}", "api_key[]=…; x-signature='…'; sig=…"),
        (f"api_key={CANARY}", f"api_key={HIDDEN}"),
        (f"Authorization: Basic {CANARY}==", f"Authorization: Basic {HIDDEN}"),
        (f"Authorization: Basic {CANARY}", f"Authorization: Basic {HIDDEN}"),
        (f"Authorization: Token {CANARY}", f"Authorization: Token {HIDDEN}"),
        (f"Authorization: ApiKey {CANARY}", f"Authorization: ApiKey {HIDDEN}"),
        (f"Host: h\nauthorization: {CANARY}\nAccept: x", f"Host: h\nauthorization: {HIDDEN}\nAccept: x"),
        ("Authorization: Basic …cw==, token=…WXYZ", "Authorization: Basic …cw==, token=…WXYZ"),
        (f'"{{\\"api_key\\":\\"{CANARY}\\"}}"', '"{\\"api_key\\":…"}"'),
        (f"not //u:{CANARY}@h/a", "not //h/a"),
        ("https://host:PORT/x.mp3, or ask me@y.com", "https://host:…/x.mp3, or ask me@y.com"),
        ("Go to https://host:PORT/x and then ask me@x.com", "Go to https://host:…/x and then ask me@x.com"),
        ("https://x.com:8080b see me@y.com for more", "https://…@y.com for more"),
        (f"not https://user:a b{CANARY}@h/, nor x", "not https://…@h/, nor x"),
    ],
)
def test_what_is_written_wrongly_loses_its_secrets_too(text: str, kept: str) -> None:
    redacted = redact_text(text)
    assert not leaks(redacted)
    assert redacted == kept
    assert redact_text(redacted) == redacted


@pytest.mark.parametrize(
    "name", ["api_key[]", "api_key[0]", "client_secret ", " api_key", "client_secret\n", "Token2", "a?sig"]
)
def test_a_name_may_have_something_behind_it(name: str) -> None:
    assert not leaks(redact({name: CANARY}, Names({"api_key"})))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "see http://a.example:8080, or http://b.example: it is there",
            "https://[::1]:80/a b",
            "https://a.example:/b",
        ),
        *("sip:1234@pbx.example", "a=b", "x == y", '"quoted": yes', "the key = C major", "is it? a=b c", "5 = 5?"),
        *('{"mail":"me@b.example"}', "design=5", "10:00=20:00", "https://h/a b", "key: 5, tokens 5 = x"),
        *("// Agent: Hello there. My name is Bob = Robert. How are you?", 'The cookie: chocolate = "best"'),
        *('Customer: the password: I forgot it, and "thanks"', "I sent you a token = of my appreciation, see it"),
        *('say {"token": 5, "secret": null, "pwd": true}', "5 keys: a = b", 'signature: here, and the "secret": '),
    ],
)
def test_what_only_looks_like_a_secret_is_kept_as_it_is(text: str) -> None:
    assert redact_text(text) == text


# Each of these takes minutes with an expression that looks back from every character, or ahead.
LONG = (
    *("a" * 60_000, "://" * 20_000, ":" * 60_000, "http://" + "a@" * 30_000, "http:-" * 10_000, 'http://"' * 8_000),
    *("a" * 60_000 + "=", "a:" * 30_000 + "/", "token" * 12_000 + '"', "key" + " " * 60_000 + '"', "http:" * 12_000),
    *(
        "sig=[" * 12_000,
        "?=" * 30_000,
        "https://" + "a:" * 30_000 + "@",
        "u:" * 30_000 + "@h",
        "https://u:x/" + "@" * 900,
    ),
    *("?" + "=" * 60_000 + " ", "a?" + "a=" * 30_000 + " ", "http://a:b " + "@ " * 30_000, '"token":[' * 8_000),
    *('"' * 60_000 + "key", "token='" * 9_000, "\\" * 60_000 + ':token"', 'token:"' + "\\a" * 30_000),
)


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_no_text_takes_long(text: str) -> None:
    start = process_time()
    redact_text(text)
    assert process_time() - start < 1


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


def test_of_the_names_that_clients_make_up_only_so_many_are_kept() -> None:
    names = Names({"acme"})
    for number in range(2 * MOST_NAMES + 5):
        assert names[f"field-{number}"] == (False, f"field-{number}")
        assert names["acme"] == (True, "acme")
        assert names["x" * 1000][0] is False
    assert 0 < len(names) <= MOST_NAMES
    assert "x" * 1000 not in names
