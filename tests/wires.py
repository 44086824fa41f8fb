"""What each wire fault is to a client of httpx, whether over a socket or in process."""

import httpx

WIRE_ERRORS = [
    ("reset", httpx.ReadError),
    ("empty", httpx.RemoteProtocolError),
    ("truncate", httpx.RemoteProtocolError),
    ("garbage", httpx.RemoteProtocolError),
    ("hang", httpx.ReadTimeout),
]
