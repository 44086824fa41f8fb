"""What the figures are measured against: Starlette routes that do nothing but read and answer."""

from hashlib import sha256

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def hello(_request: Request) -> JSONResponse:
    return JSONResponse({"status": "ok"})


async def parse(request: Request) -> JSONResponse:
    await request.json()
    return JSONResponse({"data": {"id": "00000000-0000-4000-8000-000000000000"}}, 201)


async def digest(request: Request) -> JSONResponse:
    """Read the raw body with a running SHA-256."""
    running, size = sha256(), 0
    async for chunk in request.stream():
        running.update(chunk)
        size += len(chunk)
    return JSONResponse({"size": size, "sha256": running.hexdigest()})


app = Starlette(
    routes=[
        Route("/", hello),
        Route("/v1/core/recordings/upload", parse, methods=["POST"]),
        Route("/digest", digest, methods=["POST"]),
    ]
)
