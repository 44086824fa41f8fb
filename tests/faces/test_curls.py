"""The vendors' own curl commands, run word for word by real curl against the started server."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.processes import needs

pytestmark = needs("curl")
HERE = Path(__file__).resolve().parent
CURLS = HERE.parent / "curls"
MEDIA = HERE.parent.parent / "fixtures" / "media"

# What interface and page leave open: address, credential, local file, placeholders.
SIRO = {
    '"downloadUrl": "<string>"': '"downloadUrl": "https://storage.example.com/recording.mp3"',
    '"title": "<string>"': '"title": "A visit"',
    '"userId": "<string>"': '"userId": "user_demo"',
    '"userEmail": "<string>"': '"userEmail": "rep@example.com"',
    '"userPhone": "<string>"': '"userPhone": "+15550100"',
    '"organizationId": "<string>"': '"organizationId": "org_demo"',
    '"conversationType": "<string>"': '"conversationType": "default"',
    '"integrationConnectionId": "<string>"': '"integrationConnectionId": "conn_demo"',
    '"objectId": "<string>"': '"objectId": "opp_demo"',
    '"customerPhone": "<string>"': '"customerPhone": "+15550199"',
    '"customerName": "<string>"': '"customerName": "Pat Example"',
    "<api-key>": "siro-demo-token",
}
AUTHENTICX = {"https://api.beauthenticx.com": "{url}/authenticx", "<token>": "authenticx-demo-token"}
VOXJAR = {"https://app.voxjar.com": "{url}/voxjar", "$TOKEN": "voxjar-demo-token", "\nurl ": "\ncurl "}
RESONAA = {"https://your-domain.com": "{url}/resonaa", "YOUR_COMPANY_API_KEY": "resonaa-demo-key"}
REPLACED: dict[str, dict[str, str]] = {
    "emberqa": {"https://api.emberqa.com": "{url}/emberqa", "<token>": "emberqa-demo-key"},
    "resonaa": RESONAA,
    "authenticx": AUTHENTICX,
    "voxjar": VOXJAR | {"[email\u00a0protected]": "file=@{media}/call.mp3"},
    "siro": {"https://api.siro.ai": "{url}/siro", **SIRO},
}
ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "emberqa-submit-by-url": (200, {"message": "File Accepted"}),
    "resonaa-file": (201, {"success": True, "message": "Call uploaded successfully and queued for processing"}),
    "resonaa-url": (201, {"success": True}),
    "authenticx-file": (200, {"fileName": "/extmedia/topfolder/subfolder/subsubfolder/filename.mp3.acxMedia"}),
    "voxjar-file-and-evaluation": (200, {"success": True, "interactionType": "AUDIO"}),
    "voxjar-large-by-url": (200, {"success": True, "interactionType": "VIDEO", "scoreSubmissionId": None}),
    "siro-upload": (201, {}),
}


def command(name: str, url: str) -> str:
    text = "\n" + (CURLS / f"{name}.sh").read_text()
    for old, new in REPLACED[name.partition("-")[0]].items():
        text = text.replace(old, new.replace("{url}", url).replace("{media}", str(MEDIA)))
    return text.replace("/path/to/call.mp3", f"{MEDIA}/call.mp3").strip()


@pytest.mark.parametrize("name", sorted(path.stem for path in CURLS.glob("*.sh")))
def test_a_vendors_own_command_is_answered_as_its_page_says(name: str, server: Any) -> None:
    line = command(name, server.url).replace("curl ", "curl --silent --show-error --write-out '\\n%{http_code}' ", 1)
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=True)
    content, _, status = done.stdout.rpartition("\n")
    wanted, includes = ANSWERS[name]
    assert (int(status), content) == (wanted, content), content
    body = json.loads(content)
    assert body.items() >= includes.items()


def test_the_recording_of_the_page_is_as_long_as_its_file(server: Any) -> None:
    line = command("resonaa-file", server.url).replace("curl ", "curl --silent ", 1)
    body = json.loads(subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=30, check=True).stdout)
    assert body["duration_seconds"] in (2, 3)
    assert body["audio_url"].startswith(f"{server.url}/resonaa/")
