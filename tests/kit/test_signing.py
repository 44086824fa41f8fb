"""Signatures, held against another implementation of the same specification."""

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from mockserver.kit.signing import key_of, svix_headers

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = '{"recordingId":"1","é":"€"}'.encode()


def verify(headers: dict[str, str], body: bytes = BODY, secret: str = SECRET) -> None:
    """Verify as a receiver does; Svix's names of the headers are those of the specification with another prefix."""
    named = {name.replace("svix-", "webhook-"): value for name, value in headers.items()}
    Webhook(secret).verify(body, named)


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_")])
def test_a_receiver_finds_it_genuine(secret: str) -> None:
    headers = dict(svix_headers(secret, "msg_1", datetime.now(UTC), BODY))
    assert list(headers) == ["svix-id", "svix-timestamp", "svix-signature"]
    assert headers["svix-signature"].startswith("v1,")
    verify(headers)


def test_the_example_of_the_documentation_comes_out() -> None:
    at = datetime.fromtimestamp(1614265330, UTC)
    headers = svix_headers(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert headers == {
        "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "svix-timestamp": "1614265330",
        "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("change", ["id", "time", "body", "secret", "signature"])
def test_whatever_is_changed_is_found_out(change: str) -> None:
    now = datetime.now(UTC)
    headers = dict(svix_headers(SECRET, "msg_1", now, BODY))
    if change == "id":
        headers["svix-id"] = "msg_2"
    if change == "time":
        headers["svix-timestamp"] = str(int(now.timestamp()) + 1)
    if change == "signature":
        start, letter, rest = (headers["svix-signature"][part] for part in (slice(3), 3, slice(4, None)))
        headers["svix-signature"] = f"{start}{'B' if letter == 'A' else 'A'}{rest}"
    body = BODY + b" " if change == "body" else BODY
    with pytest.raises(WebhookVerificationError):
        verify(headers, body, "whsec_YW5vdGhlcg==" if change == "secret" else SECRET)


@pytest.mark.parametrize("minutes", [-10, 10])
def test_an_old_time_or_one_to_come_is_found_out(minutes: int) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    with pytest.raises(WebhookVerificationError, match="timestamp too"):
        verify(dict(svix_headers(SECRET, "msg_1", at, BODY)))


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_secret", "whsec_YQ", "geheimnü"])
def test_a_secret_without_a_key_is_refused(secret: str) -> None:
    assert key_of(secret) is None
    with pytest.raises(ValueError, match="the secret is no base64 text"):
        svix_headers(secret, "msg_1", datetime.now(UTC), BODY)
