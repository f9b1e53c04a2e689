"""Requests and answers over the network, with servers that behave and those that do not."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from dataclasses import replace

import pytest
import trustme

from keytrace.errors import ScannerError
from keytrace.verifiers.exchange import Exchange, Limits, Reply, UnansweredError, open_client, unlogged
from keytrace.verifiers.request import Request
from tests.verifiers.samples import KEY
from tests.verifiers.server import Handler, closes, drips, drips_body, floods, hangs, says, serving

QUICK = Limits(connect=5.0, read=0.3, total=0.5, pause=0.0, size=1000)
PATIENT = replace(QUICK, read=30.0, total=30.0)


def request(url: str, method: str = "GET", body: bytes = b"") -> Request:
    return Request(method, url, (("User-Agent", "keytrace/0"), ("Authorization", f"Bearer {KEY}")), body)


def send(*requests: Request, limits: Limits = PATIENT) -> list[Reply | UnansweredError]:
    async def all_of() -> list[Reply | UnansweredError]:
        async with open_client() as client:
            exchange = Exchange(client, limits)
            return [await _one(exchange, one) for one in requests]

    return asyncio.run(all_of())


async def _one(exchange: Exchange, one: Request) -> Reply | UnansweredError:
    try:
        return await exchange.ask(one)
    except UnansweredError as error:
        return error


def reason(answer: Reply | UnansweredError) -> str:
    assert isinstance(answer, UnansweredError)
    assert KEY not in repr(answer)
    assert answer.__cause__ is None
    return answer.reason


def test_an_answer() -> None:
    with serving(says(200, {"login": "ann"}, X_Scopes="read")) as provider:
        (answer,) = send(request(f"{provider.url}/me"))
    assert isinstance(answer, Reply)
    assert answer.status == 200
    assert answer.body == b'{"login": "ann"}'
    assert answer.headers["x-scopes"] == "read"


def test_the_request_carries_nothing_but_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(200, {}, Set_Cookie="a=b")) as provider:
        send(request(f"{provider.url}/one"), request(f"{provider.url}/two"))
    for seen in provider.seen:
        assert seen.headers.keys() == {"User-Agent", "Authorization", "Host"}
        assert seen.body == b""


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (hangs, "did not answer in time"),
        (drips, "did not answer in time"),
        (drips_body, "did not answer in time"),
    ],
)
def test_what_takes_too_long_is_cut(reply: Callable[[Handler], None], said: str) -> None:
    with serving(reply) as provider:
        (answer,) = send(request(provider.url), limits=replace(QUICK, read=0.3))
    assert reason(answer) == said


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (closes, "broke off"),
        (floods, "answered at too great length"),
        (says(200, "x", Content_Encoding="gzip"), "answered in an encoding that was not asked for"),
        (says(429, {}, Retry_After="30"), "takes no more requests, before 30 s are over (429)"),
        (says(429, {}, Retry_After="soon " + KEY), "takes no more requests (429)"),
    ],
)
def test_bad_answers(reply: Callable[[Handler], None], said: str) -> None:
    with serving(reply) as provider:
        (answer,) = send(request(provider.url))
    assert reason(answer) == said


def test_garbage_is_no_answer() -> None:
    def garbage(handler: Handler) -> None:
        handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")
        handler.close_connection = True

    with serving(garbage) as provider:
        (answer,) = send(request(provider.url))
    assert reason(answer) == "broke off"


def test_a_redirect_within_the_host_is_followed() -> None:
    with serving(says(302, "", Location="/v2/me")) as provider:
        provider.by_path["/v2/me"] = says(200, {"login": "ann"})
        (answer,) = send(request(f"{provider.url}/me"))
    assert isinstance(answer, Reply)
    assert [one.path for one in provider.seen] == ["/me", "/v2/me"]
    assert {one.headers["Authorization"] for one in provider.seen} == {f"Bearer {KEY}"}


def test_a_redirect_to_another_host_is_not() -> None:
    with serving(says(200, {"login": "thief"})) as other, serving(says(302, "", Location=f"{other.url}/me")) as first:
        (answer,) = send(request(f"{first.url}/me"))
    assert reason(answer) == "sends to another host, which was not asked"
    assert other.seen == []


@pytest.mark.parametrize("there", ["//u@127.0.0.1/", "ftp://x", "http://[", "https://" + KEY + ".example/"])
def test_odd_redirects_are_not_followed(there: str) -> None:
    with serving(says(302, "", Location=there)) as provider:
        (answer,) = send(request(provider.url))
    assert "another host" in reason(answer)
    assert len(provider.seen) == 1


def test_a_circle_ends_and_a_post_is_sent_once() -> None:
    with serving(says(307, "", Location="/")) as provider:
        (answer,) = send(request(provider.url))
        assert reason(answer) == "sends from one address to another"
        assert len(provider.seen) == 2
        provider.seen.clear()
        (answer,) = send(request(provider.url, "POST", b"key=1"))
        assert reason(answer) == "sends from one address to another"
        assert len(provider.seen) == 1


def test_a_host_that_asks_to_wait_is_asked_no_more() -> None:
    with serving(says(429, {})) as provider:
        answers = send(request(f"{provider.url}/1"), request(f"{provider.url}/2"))
    assert len(provider.seen) == 1
    assert [reason(one) for one in answers] == ["takes no more requests (429)"] * 2


def test_a_host_that_fails_three_times_is_given_up() -> None:
    with serving(closes) as provider:
        send(*[request(f"{provider.url}/{number}") for number in range(6)])
    assert len(provider.seen) == 3


def test_one_request_at_a_time_to_a_host() -> None:
    running: list[int] = []
    most: list[int] = []

    def count(handler: Handler) -> None:
        running.append(1)
        most.append(len(running))
        handler.provider.released.wait(0.02)
        running.pop()
        says(200, {})(handler)

    async def all_of(urls: list[str]) -> None:
        async with open_client() as client:
            exchange = Exchange(client, PATIENT)
            await asyncio.gather(*(_one(exchange, request(url)) for url in urls))

    with serving(count) as provider:
        asyncio.run(all_of([f"{provider.url}/{number}" for number in range(5)]))
    assert max(most) == 1
    assert len(provider.seen) == 5


def test_nobody_there() -> None:
    with serving(says(200)) as provider:
        pass
    first, second = send(request(provider.url), request(provider.url))
    assert reason(first) == reason(second) == "could not be reached"
    assert isinstance(first, UnansweredError)
    assert first.is_network


def test_without_a_network_few_hosts_are_tried() -> None:
    gone = []
    for _ in range(7):
        with serving(says(200)) as provider:
            gone.append(request(provider.url))
    answers = [reason(one) for one in send(*gone)]
    assert answers[:5] == ["could not be reached"] * 5
    assert answers[5:] == ["was not asked: the network could not be reached"] * 2


def test_a_certificate_that_nobody_vouches_for() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with serving(says(200, {"login": "ann"}), context) as provider:
        (answer,) = send(request(provider.url))
    assert reason(answer) == "could not prove who it is (TLS)"
    assert provider.seen == []


def test_a_certificate_of_another_name(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other.example").configure_cert(context)
    with authority.cert_pem.tempfile() as file, serving(says(200, {}), context) as provider:
        monkeypatch.setenv("SSL_CERT_FILE", file)
        (answer,) = send(request(provider.url))
    assert reason(answer) == "could not prove who it is (TLS)"


def test_a_certificate_that_the_user_trusts(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with authority.cert_pem.tempfile() as file, serving(says(200, {"login": "ann"}), context) as provider:
        monkeypatch.setenv("SSL_CERT_FILE", file)
        (answer,) = send(request(provider.url))
    assert isinstance(answer, Reply)


def test_the_proxy_of_the_environment_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handler: Handler) -> None:
        says(407, "no " + KEY)(handler)

    with serving(refuse) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", f"//user:{KEY}@"))
        Handler.do_CONNECT = Handler.do_GET  # type: ignore[attr-defined]
        try:
            (answer,) = send(request("https://api.acme.example/me"))
        finally:
            del Handler.do_CONNECT  # type: ignore[attr-defined]
    assert reason(answer) == "is not to be had through the proxy"
    (seen,) = proxy.seen
    assert (seen.method, seen.path) == ("CONNECT", "api.acme.example:443")
    assert "Authorization" not in seen.headers


def test_a_server_on_this_machine_is_asked_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says(200, {})) as provider, serving(says(502, {})) as proxy:
        for name in ("HTTP_PROXY", "ALL_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url)
        send(request(provider.url))
    assert len(provider.seen) == 1
    assert proxy.seen == []


@pytest.mark.parametrize("proxy", ["nonsense://user:pass@x", "socks5://user:pass@127.0.0.1:1"])
def test_a_proxy_that_is_none(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(ScannerError) as caught:
        open_client()
    assert "pass" not in caught.value.one_line
    assert "HTTPS_PROXY" in caught.value.hint


def test_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with serving(says(200, {})) as provider, unlogged():
        send(request(f"{provider.url}/bot{KEY}/getMe?key={KEY}"))
    assert KEY not in caplog.text
    assert logging.getLogger("httpx").filters == []
