"""A request to every vendor's upload, in each way it takes one, that is honest and accepted."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tests.cases import MEDIA
from tests.engine.sending import BOUNDARY, form, part

WAVE = (MEDIA / "call.wav").read_bytes()


class Honest(Struct, frozen=True):
    """Where a body goes, and what is in it: the fields of its JSON, or the parts of its form."""

    vendor: str
    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any] = {}
    parts: Mapping[str, bytes] = {}
    json_part: str | None = None

    @property
    def id(self) -> str:
        return f"{self.vendor}-{'form' if self.parts else 'json'}"

    @property
    def content_type(self) -> str:
        return f"multipart/form-data; boundary={BOUNDARY}" if self.parts else "application/json"

    def form(self, *more: bytes) -> bytes:
        return form(*self.parts.values(), *more)

    def form_with(self, **changed: bytes) -> bytes:
        return form(*{**self.parts, **changed}.values())


def file(name: str) -> dict[str, bytes]:
    return {name: part(name, WAVE, filename="call.wav", kind="audio/wav")}


EMBERQA = {"Authorization": "Bearer emberqa-demo-key"}
AUTHENTICX = {"Authorization": "Bearer authenticx-demo-token"}
VOXJAR = {"Authorization": "Bearer voxjar-demo-token"}
SIRO = {"x-siro-auth-token": "siro-demo-token"}
RECORDING = {"fileType": "mp3", "userId": "user_demo"}
CHAT = {
    "sourceIdentifier": "chat-1",
    "direction": "INBOUND",
    "timestamp": "2026-06-23T14:30:00Z",
    "interactionType": "CHAT",
    "transcript": {"text": "Agent: Hello"},
}
CALL = '{"sourceIdentifier": "call-1", "direction": "INBOUND", "timestamp": "2026-06-23T14:30:00Z"}'
MEDIA_URL = "https://storage.example.com/call.mp3"

JSONS = (
    Honest("emberqa", "/api/scoring/submitRecording", EMBERQA, {"media_url": MEDIA_URL}),
    Honest("voxjar", "/api/v1/upload", VOXJAR, CHAT),
    Honest("siro", "/v1/core/recordings/upload", SIRO, {"downloadUrl": MEDIA_URL, **RECORDING}),
    Honest("siro@2026-08", "/v1/core/recordings/upload", SIRO, {"fileUrl": MEDIA_URL, **RECORDING}),
)
FORMS = (
    Honest(
        "emberqa",
        "/api/scoring/submitRecording",
        EMBERQA,
        parts={**file("file"), "metadata": part("metadata", '{"a": 1}')},
        json_part="metadata",
    ),
    Honest("resonaa", "/api/add-calls", {}, parts={"api_key": part("api_key", "resonaa-demo-key"), **file("call")}),
    Honest(
        "authenticx",
        "/Media/Upload",
        AUTHENTICX,
        parts={**file("file"), "metadata": part("metadata", '{"FileName": "call.wav", "UploadType": "Audio"}')},
        json_part="metadata",
    ),
    Honest(
        "voxjar",
        "/api/v1/upload",
        VOXJAR,
        parts={**file("file"), "payload": part("payload", CALL)},
        json_part="payload",
    ),
)
