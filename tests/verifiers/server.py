"""A provider on this machine, that answers as a test wants, and remembers what it was asked."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Reply = Callable[["Handler"], None]


@dataclass
class Seen:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Provider:
    """Answers with `reply`, or with that of `by_path` for a path."""

    reply: Reply
    by_path: dict[str, Reply] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)  # those that hang wait for this


class Handler(BaseHTTPRequestHandler):
    provider: Provider
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        self.provider.seen.append(Seen(self.command, self.path, dict(self.headers.items()), self.rfile.read(size)))
        with suppress(OSError):  # the other side had enough
            self.provider.by_path.get(self.path, self.provider.reply)(self)

    do_POST = do_GET  # noqa: N815 - the name of the standard library

    def log_message(self, *_arguments: object) -> None:
        pass


def says(status: int, content: object = None, **headers: str) -> Reply:
    """Answer with JSON, or with text as it is."""

    def reply(handler: Handler) -> None:
        body = content.encode() if isinstance(content, str) else json.dumps(content).encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def hangs(handler: Handler) -> None:
    handler.provider.released.wait(30)


def drips(handler: Handler) -> None:
    """Send a header that never ends, a byte at a time."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.provider.released.wait(0.01):
        handler.wfile.write(b"a")
        handler.wfile.flush()


def drips_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not handler.provider.released.wait(0.01):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def closes(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def floods(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


@contextmanager
def serving(reply: Reply, context: ssl.SSLContext | None = None) -> Iterator[Provider]:
    """Serve on a port of this machine until the block ends."""
    provider = Provider(reply)
    handler = type("_Handler", (Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    provider.url = f"{'https' if context else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
