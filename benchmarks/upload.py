"""One large multipart upload: speed against reading the raw body with a running SHA-256, memory and disk meanwhile."""

import argparse
import os
import shutil
import socket
import statistics
import tempfile
import time

from processes import Server, serving

BOUNDARY = "benchmark-boundary"
CHUNK = bytes(os.urandom(1 << 20))
RESONAA = "/resonaa/api/add-calls"


def form() -> tuple[bytes, bytes]:
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="api_key"\r\n\r\nresonaa-demo-key\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="call"; filename="call.mp3"\r\n'
        "Content-Type: audio/mpeg\r\n\r\n"
    )
    return head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()


def send(server: Server, path: str, megabytes: int) -> float:
    """Return megabytes a second for one upload, sent as fast as the server reads."""
    head, tail = form() if path == RESONAA else (b"", b"")
    kind = f"multipart/form-data; boundary={BOUNDARY}" if head else "application/octet-stream"
    length = len(head) + megabytes * len(CHUNK) + len(tail)
    lines = (f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {kind}", f"Content-Length: {length}", "", "")
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall("\r\n".join(lines).encode() + head)
        for _ in range(megabytes):
            connection.sendall(CHUNK)
        connection.sendall(tail)
        answer = connection.recv(65_536)
    if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
        raise SystemExit(f"{server.name}: {answer[:300]!r}")
    return megabytes / (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    ratios: list[float] = []
    with serving("bare") as bare, serving("mockserver") as ours:
        send(ours, RESONAA, 1)
        for _ in range(options.rounds):
            base = send(bare, "/digest", options.megabytes)
            free, before = shutil.disk_usage(tempfile.gettempdir()).free, ours.status("VmRSS:")
            ours.reset_peak()
            mine = send(ours, RESONAA, options.megabytes)
            grown = ours.status("VmHWM:") - before
            written = max(0, free - shutil.disk_usage(tempfile.gettempdir()).free) / 1e6
            ratios.append(mine / base)
            print(
                f"bare {base:6.0f} MB/s   mockserver {mine:6.0f} MB/s   memory +{grown:.1f} MiB   disk {written:.1f} MB"
            )
    print(f"ratio {statistics.median(ratios):.2f} (min {min(ratios):.2f}, max {max(ratios):.2f})")


if __name__ == "__main__":
    main()
