"""From a request to an answer: over TLS, once, politely, within limits. No error here tells anything of a key."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from keytrace.errors import ScannerError
from keytrace.verifiers.request import Request

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_HOPS = 1  # within one host: each of them is sent the key
_TOO_MANY = 429
_GIVEN_UP = 3  # failures of a host in a row
_NO_NETWORK = 5  # hosts that could not be reached, and none that could


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, but for `size`, the bytes of an answer, and `hosts`, how many are asked at once."""

    connect: float = 5.0
    read: float = 5.0
    total: float = 10.0
    pause: float = 0.2  # between two requests to a host, of which there is one at a time
    size: int = 256_000
    hosts: int = 8


@dataclass(frozen=True, slots=True)
class Reply:
    """What a host answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class UnansweredError(Exception):
    """A host did not answer as it should; the text says how, in words of ours alone."""

    def __init__(self, reason: str, *, is_final: bool = False, is_network: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final  # the host is not asked again
        self.is_network = is_network


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    failures: int = 0
    closed: UnansweredError | None = None


class Exchange:
    """Sends requests: one at a time to a host, and no more to one that does not answer or asks to wait."""

    def __init__(self, client: Any, limits: Limits) -> None:
        self._client = client
        self._limits = limits
        self._hosts: dict[str, _Host] = defaultdict(_Host)
        self._all = asyncio.Semaphore(limits.hosts)
        self._unreached: set[str] | None = set()  # None: a host answered, so there is a network

    async def ask(self, request: Request) -> Reply:
        """Return the answer to a request; raise UnansweredError."""
        host = self._hosts[request.host]
        async with host.lock, self._all:
            if host.closed:
                raise UnansweredError(host.closed.reason, is_network=host.closed.is_network)
            if self._unreached is not None and len(self._unreached) >= _NO_NETWORK:
                raise UnansweredError("was not asked: the network could not be reached", is_network=True)
            try:
                async with asyncio.timeout(self._limits.total):
                    reply = await self._followed(request)
            except TimeoutError:
                raise self._noted(request, UnansweredError("did not answer in time", is_network=True)) from None
            except UnansweredError as error:
                raise self._noted(request, error) from None
            host.failures, self._unreached = 0, None
            if reply.status == _TOO_MANY:
                host.closed = UnansweredError(_wait(reply))
                raise host.closed
            await asyncio.sleep(self._limits.pause)
            return reply

    def _noted(self, request: Request, error: UnansweredError) -> UnansweredError:
        host = self._hosts[request.host]
        host.failures += 1
        if self._unreached is not None and error.is_network:
            self._unreached.add(request.host)
        if error.is_final or host.failures >= _GIVEN_UP:
            host.closed = error
        return error

    async def _followed(self, request: Request) -> Reply:
        """Send a request, also to where the same host says that it belongs; never to another one."""
        for _ in range(_MOST_HOPS + 1):
            reply = await self._sent(request)
            if reply.status not in _REDIRECTS:
                return reply
            there = _there(request.url, reply.headers.get("location", ""))
            if not there:
                raise UnansweredError("sends to another host, which was not asked")
            if request.method != "GET":
                break
            request = Request(request.method, there, request.headers, request.body)
        raise UnansweredError("sends from one address to another")

    async def _sent(self, request: Request) -> Reply:
        import httpx

        timeout = httpx.Timeout(self._limits.read, connect=self._limits.connect)
        try:
            sent = httpx.Request(
                request.method, request.url, headers=list(request.headers), content=request.body or None,
                extensions={"timeout": timeout.as_dict()},
            )  # fmt: skip
            response = await self._client.send(sent, stream=True, auth=None, follow_redirects=False)
            try:
                return await self._read(response)
            finally:
                await response.aclose()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            raise _told(error) from None

    async def _read(self, response: Any) -> Reply:
        body = b""
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            raise UnansweredError("answered in an encoding that was not asked for")
        async for part in response.aiter_raw():
            body += part
            if len(body) > self._limits.size:
                raise UnansweredError("answered at too great length")
        return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)


def _there(url: str, location: str) -> str:
    """Return where an address sends to, nothing if that is on another host."""
    try:
        there = urljoin(url, location)
        here, parts = urlsplit(url), urlsplit(there)
    except ValueError:
        return ""
    return there if (parts.scheme, parts.netloc) == (here.scheme, here.netloc) else ""


def _wait(reply: Reply) -> str:
    seconds = reply.headers.get("retry-after", "")
    later = f", before {seconds} s are over" if seconds.isascii() and seconds.isdecimal() and len(seconds) < 7 else ""
    return f"takes no more requests{later} (429)"


def _told(error: Exception) -> UnansweredError:
    """Return an error of the network in words of ours: its own may hold the address, and that the key."""
    import httpx

    if isinstance(error, httpx.ConnectTimeout):
        return UnansweredError("could not be reached in time", is_final=True, is_network=True)
    if isinstance(error, httpx.TimeoutException):
        return UnansweredError("did not answer in time", is_network=True)
    if isinstance(error, httpx.ProxyError):
        return UnansweredError("is not to be had through the proxy", is_final=True, is_network=True)
    if isinstance(error, httpx.ConnectError):
        if _is_tls(error):
            return UnansweredError("could not prove who it is (TLS)", is_final=True)
        return UnansweredError("could not be reached", is_final=True, is_network=True)
    if isinstance(error, httpx.TransportError | OSError):
        return UnansweredError("broke off", is_network=True)
    return UnansweredError("could not be asked")


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


# --- the client -------------------------------------------------------------------------------------------------------


def need_httpx() -> None:
    """Raise ScannerError where the library is not installed."""
    try:
        import httpx  # noqa: F401
    except ImportError:
        raise ScannerError(
            "verification needs httpx, which is not installed", "pip install 'keytrace[verify]'"
        ) from None


def open_client() -> Any:
    """Return a client that heeds the proxies of the environment; raise ScannerError for one that is none."""
    import httpx

    direct = {f"all://{host}": None for host in ("localhost", "127.0.0.1", "[::1]")}
    try:
        return httpx.AsyncClient(verify=ssl.create_default_context(), mounts=direct, trust_env=True)
    except (ImportError, ValueError, httpx.InvalidURL, OSError):
        hint = "look at HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE; a SOCKS proxy needs `pip install 'httpx[socks]'`"
        raise ScannerError("the proxy or certificates of the environment cannot be used", hint) from None


@contextmanager
def unlogged() -> Iterator[None]:
    """Keep httpx from logging addresses, which may hold keys."""
    logger = logging.getLogger("httpx")
    logger.addFilter(_nothing)
    try:
        yield
    finally:
        logger.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False
