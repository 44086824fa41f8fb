"""What a page of 100 out of 10,000 records costs in processor time, in one process and without a server."""

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from mockserver.creation import Plan, create_world
from mockserver.engine.arrival import Arrival
from mockserver.model import Moment, Record
from mockserver.state.records import write_record
from mockserver.world import World

SIRO = {"x-siro-auth-token": "siro-demo-token"}
ORGANIZATION = {"Authorization": "Bearer siro-demo-org-token"}
EMBERQA = {"Authorization": "Bearer emberqa-demo-key", "Content-Type": "application/json"}
AUTHENTICX = {"Authorization": "Bearer authenticx-demo-token"}
WINDOW = "StartDate=2026-11-01&EndDate=2036-11-01"
TODAY = datetime.now(UTC)
WEEK = f"StartDate={TODAY - timedelta(days=3):%Y-%m-%d}&EndDate={TODAY + timedelta(days=3):%Y-%m-%d}"
# name, vendor, kind of the records, method, path, headers, body
LISTS: tuple[tuple[str, str, str, str, str, dict[str, str], Any], ...] = (
    ("siro recordings", "siro", "recording", "GET", "/v1/core/recordings?limit=100", SIRO, None),
    (
        "siro recordings, external",
        "siro",
        "recording",
        "GET",
        "/api-externalApi/v1/core/recordings?pageSize=100",
        ORGANIZATION,
        None,
    ),
    (
        "emberqa runs, with the total",
        "emberqa",
        "run",
        "POST",
        "/api/workflows/runs/getData",
        EMBERQA,
        {"page": 1, "limit": 100},
    ),
    (
        "authenticx metadata",
        "authenticx",
        "conversation",
        "GET",
        f"/Metadata?{WINDOW}&PageSize=100",
        AUTHENTICX,
        None,
    ),
    (
        "authenticx insights, with the total",
        "authenticx",
        "conversation",
        "GET",
        f"/Conversations/Insights?{WEEK}&PageSize=100",
        AUTHENTICX,
        None,
    ),
)


def arrival(method: str, path: str, headers: dict[str, str], body: Any) -> Arrival:
    content = b"" if body is None else json.dumps(body).encode()

    async def stream() -> AsyncIterator[bytes]:
        yield content

    place, _, query = path.partition("?")
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    raw.append((b"content-length", str(len(content)).encode()))
    return Arrival(method=method, path=place, query=query.encode(), headers=raw, stream=stream, origin="http://mock")


async def multiply(world: World, vendor: str, kind: str, count: int) -> None:
    """Keep so many copies of the one record of a kind that was really made."""
    (found,) = [
        msgspec.json.decode(held.value, type=Record)
        for _, held in await world.store.scan(("record", vendor, "demo", kind), limit=1)
    ]
    for number in range(count - 1):
        ident = f"{number:08d}-0000-4000-8000-000000000000"
        copy = msgspec.structs.replace(found, id=ident, timeline=tuple(Moment(*each) for each in pairs(found)))
        await world.store.commit([write_record(copy)], {})


def pairs(record: Record) -> list[tuple[float, dict[str, Any]]]:
    return [(moment.after, moment.state) for moment in record.timeline]


MAKERS: dict[str, tuple[str, str, dict[str, str], Any]] = {
    "siro": (
        "POST",
        "/v1/core/recordings/upload",
        {**SIRO, "Content-Type": "application/json"},
        {"downloadUrl": "https://files.example/a.mp3", "fileType": "mp3", "userId": "user_demo"},
    ),
    "emberqa": (
        "POST",
        "/api/workflows/submit",
        EMBERQA,
        {
            "file_urls": ["https://files.example/a.pdf"],
            "extraction_template_id": "00000000-0000-4000-8000-00000000e001",
            "run_id": "run",
        },
    ),
    "authenticx": (
        "POST",
        "/Media/Upload",
        {**AUTHENTICX, "Content-Type": "multipart/form-data; boundary=b"},
        None,
    ),
}
FORM = (
    b'--b\r\nContent-Disposition: form-data; name="signedUrl"\r\n\r\nhttps://files.example/a.mp3\r\n'
    b'--b\r\nContent-Disposition: form-data; name="metadata"\r\n\r\n'
    b'{"FileName": "a.mp3", "UploadType": "Audio"}\r\n--b--\r\n'
)


def made(vendor: str) -> Arrival:
    method, path, headers, body = MAKERS[vendor]
    if body is not None:
        return arrival(method, path, headers, body)

    async def stream() -> AsyncIterator[bytes]:
        yield FORM

    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return Arrival(method=method, path=path, query=b"", headers=raw, stream=stream, origin="http://mock")


async def measure(count: int, rounds: int) -> None:
    world = await create_world(Plan(seed="lists", pace="immediate"))
    for vendor in MAKERS:
        status = (await world.serve(vendor, made(vendor))).decision.outcome.reply.status
        if status >= 400:
            raise SystemExit(f"{vendor} refused to make a record: {status}")
    for vendor, kind in {(each[1], each[2]) for each in LISTS}:
        await multiply(world, vendor, kind, count)
    for name, vendor, _, method, path, headers, body in LISTS:
        costs, status = [], 0
        for _ in range(rounds):
            began = time.process_time()
            served = await world.serve(vendor, arrival(method, path, headers, body))
            costs.append((time.process_time() - began) * 1e3)
            status = served.decision.outcome.reply.status
        length = len(json.dumps(served.decision.outcome.reply.body))
        print(
            f"{name:36} {status}  median {statistics.median(costs):5.2f} ms  (least {min(costs):.2f})  {length} bytes"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    asyncio.run(measure(options.records, options.rounds))


if __name__ == "__main__":
    main()
