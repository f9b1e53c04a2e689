"""Texts that are, or begin like, URLs: what stands before the host, in the query and in paths that are keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from keytrace.analyzers.python.events import Built
from keytrace.analyzers.python.finds import Find, Flow, InUrl
from keytrace.analyzers.python.interpret.values import Node, Step, Taint, Value
from keytrace.analyzers.python.policies.context import Context
from keytrace.analyzers.python.policies.queries import RULE, query, sent
from keytrace.model import Severity
from keytrace.names.lexicon import Strength, judge, words
from keytrace.names.tables import literals, programs
from keytrace.scoring import value as values

_CUT_SHORT = "the value is masked or cut short"  # as keytrace.scoring.value says
_HOLE = "\x00"  # stands for a piece that is not constant
_LONGEST = 8192
_URL = re.compile(
    r"(?i)\b(?:jdbc:)?(?P<scheme>[a-z][a-z0-9+.\-]{1,30})://(?:(?P<user>[^\s/?#@:\"'<>]*)(?P<colon>:(?P<password>[^\s/?#@\"'<>]*))?@)?"
    r"(?P<host>[^\s/?#\"'<>@]*)"
)
_PARAMETER = re.compile(r"[?&;#](?P<name>[A-Za-z_][\w.\-\[\]]{0,60})=(?P<value>[^&#;\s\"'<>]*)")
_WITHOUT_LISTS = re.compile(_PARAMETER.pattern.replace("?&;#", "?&#", 1))  # `known;token=…` are settings
_NONE = re.compile(r"(?!)")
_RELATIVE = re.compile(rf"[/?{_HOLE}]|[\w./-]*\?")  # what begins with & is a piece of a query, or of a body
_PATH = re.compile(r"[^\s?#\"'<>]*")
_PATH_KEYS = re.compile(
    rf"(?i)api\.telegram\.org/(?:file/)?bot(?P<a>[\w:\-{_HOLE}]+)|hooks\.slack\.com/(?:services|workflows|triggers)/(?P<b>[\w/\-{_HOLE}]+)|"
    rf"discord(?:app)?\.com/api/(?:v\d+/)?webhooks/(?P<c>[\w/\-{_HOLE}]+)|webhook\.office\.com/webhookb2/(?P<d>[\w@/\-{_HOLE}]+)"
)
_TOKEN_USERS = frozenset(
    "x-access-token oauth2 oauth token x-token-auth gitlab-ci-token x-oauth-basic __token__ user git api".split()
)
_LOCAL = re.compile(
    r"(?i)(?:localhost|127\.|\[?::1|0\.0\.0\.0|.*\bexample\.(?:com|org|net)|.*\.(?:test|invalid|example))"
)
# A URL of these is sent as it is, and kept by clients, proxies, shells. A driver of any other takes it apart and sends
# a password as its protocol does: nobody logs postgresql://…, singlestoredb+http://…
_SENT_AS_IT_IS = frozenset(
    "http https ws wss ftp ftps sftp ssh git git+http git+https git+ssh svn svn+ssh svn+https hg+http hg+https rtsp "
    "rtsps rtmp rtmps dav davs webdav webdavs smb cifs s3 s3a s3n".split()
)
_OF_DRIVER = "a driver takes such a URL apart, and sends the password as its protocol does"
_WEB = frozenset("http https ws wss".split())
_UNSURE = frozenset(("name", "generated", "parameter"))  # kinds of taints
_LOOKED_UP = frozenset("environment manager prompt".split())  # kinds of taints of which no name alone says that
_SETTINGS = frozenset(("environment", "parameter"))  # kinds of taints: where such URLs are put together of
_NEVER = frozenset("sqlite file data mailto urn tag about chrome resource package pkg".split())
_KNOWN = programs()
_PLACEHOLDER = literals().in_url
_LITERALS = _KNOWN.put_in | frozenset("sign signature pwd pass hapikey access".split())  # of which a literal is one


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with holes; `pieces` are (start, value) of each piece that is not constant."""

    event: Built
    context: Context
    text: str
    pieces: tuple[tuple[int, Value], ...]
    told: tuple[tuple[int, int], ...] = ()  # where other texts stand in it that are URLs

    @property
    def node(self) -> Node:
        return self.event.node

    def named_before(self, end: int) -> str:
        """Return the text up to a place, with what pieces are called in their stead: `/reset_url/?token=`."""
        text = self.text[:end]
        for start, value in reversed([piece for piece in self.pieces if piece[0] < end]):
            text = f"{text[:start]}/{value.shown}/{text[start + 1 :]}"
        return text

    def pieces_in(self, start: int, end: int) -> list[Value]:
        return [value for first, value in self.pieces if start <= first < end]

    def is_told(self, start: int, end: int) -> bool:
        """Tell whether a stretch of it is in a URL that was told of where it was built."""
        return any(first <= start and end <= last for first, last in self.told)

    def untold(self, pattern: re.Pattern[str], group: str = "") -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern that were not told of so, or of which a group did not begin there."""
        for found in pattern.finditer(self.text):
            if not self.is_told(found.start(), found.start(group) + 1 if group else found.end()):
                yield found


def check(event: Built, context: Context) -> Iterator[Find]:
    """Yield the credentials in a text that is, or begins like, a URL."""
    text = _text(event, context)
    if text is None:
        return
    has_scheme = "://" in text.text
    for url in text.untold(_URL) if has_scheme else ():
        yield from _before_host(text, url)
        yield from _in_path(text, url)
    for parameter in text.untold(_parameters(text.text, has_scheme=has_scheme), "value"):
        yield from _parameter(text, parameter)
    for key in text.untold(_PATH_KEYS):
        yield from _path(text, key)
    for _, piece in text.pieces if "?" in text.text else ():
        if piece.ref.endswith("urlencode()"):
            yield from query(text.node, piece, context)


def _parameters(text: str, *, has_scheme: bool) -> re.Pattern[str]:
    """Return what finds the parameters of a text, if it is a URL or the end of one."""
    if not ((has_scheme and not text.startswith("Endpoint=")) or _RELATIVE.match(text)):
        return _NONE
    return _PARAMETER if has_scheme or "?" in text else _WITHOUT_LISTS


def _text(event: Built, context: Context) -> _Text | None:
    """Return a text that may be a URL, or the end of one."""
    value = event.value
    text, pieces = (value.text, []) if value.text is not None else _written(value)
    if len(text) >= _LONGEST or ("/" not in text and "=" not in text):
        return None
    told = _told(event, context, text) if value.text is None else ()
    return _Text(event, context, text, tuple(pieces), tuple(told))


def _written(value: Value) -> tuple[str, list[tuple[int, Value]]]:
    """Return a text with holes, and where in it the pieces stand that are not constant."""
    text = ""
    pieces: list[tuple[int, Value]] = []
    for part in value.parts:
        if isinstance(part.const, str):
            text += part.const
        else:
            pieces.append((len(text), part))
            text += _HOLE
    return text, pieces


def _told(event: Built, context: Context, text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text URLs stand that were built before."""
    for node in event.pieces:
        value = context.value_of(node)
        inner = value.text if value.text is not None else _written(value)[0]
        is_url = "://" in inner or (_HOLE in inner and _RELATIVE.match(inner) is not None)
        if is_url and (start := text.find(inner)) >= 0:
            yield start, start + len(inner)


def _before_host(text: _Text, url: re.Match[str]) -> Iterator[Find]:
    """Look at `user:password@` and `token@`."""
    group = "password" if url["password"] else "user"
    if not url[group] or url["scheme"].lower() in _NEVER or text.text[: url.start()].endswith("="):
        return
    if text.is_told(url.start(), url.end(group) + 1):
        return  # up to the @, where a longer text is made of it
    if "[" in url["user"]:
        return  # a form of it: `https://user[:password]@host`
    if pieces := text.pieces_in(*url.span(group)):
        is_sent = url["scheme"].lower().removeprefix("jdbc:") in _SENT_AS_IT_IS
        for flow in _put_before_host(text, pieces, group):
            if is_sent:
                yield flow
            elif flow.taint.kind not in _SETTINGS:
                yield replace(flow, severity=Severity.LOW, doubt=_OF_DRIVER if flow.taint.kind == "name" else "")
    elif _is_secret_before_host(unquote(url[group]), unquote(url["user"]), is_user=group == "user"):
        yield from _literal(text, url.span(group), weak=_LOCAL.match(url["host"] or "") is not None)


def _put_before_host(text: _Text, pieces: list[Value], group: str) -> Iterator[Flow]:
    says = "put before the host of a URL"
    found = _flows(text, pieces, says)
    yield from found
    is_unknown = any(piece.is_open and not _is_argument(piece) and not _is_made(text, piece) for piece in pieces)
    if group == "password" and is_unknown and not _is_sure(found):
        yield _by_name(text, "password of the URL", says)


def _in_path(text: _Text, url: re.Match[str]) -> Iterator[Flow]:
    """Look at secrets that are put into the path of an address of the web."""
    path = _PATH.match(text.text, url.end())
    if path is not None and url["scheme"].lower() in _WEB:
        for flow in _flows(text, text.pieces_in(*path.span()), "put into the path of a URL"):
            if flow.taint.kind in _LOOKED_UP and text.context.names.is_secret(flow.taint.name):
                yield flow


def _is_secret_before_host(secret: str, user: str, *, is_user: bool) -> bool:
    if is_user and (secret.lower() in _TOKEN_USERS or not _looks_random(secret)):
        return False
    if not is_user and secret.lower() == user.lower() != "root":
        return False
    return not _is_placeholder(secret, 3) and values.ruled_out(_bytes(secret), quoted=True) != _CUT_SHORT


def _parameter(text: _Text, parameter: re.Match[str]) -> Iterator[Find]:
    name, names = parameter["name"], text.context.names
    lower, is_secret = name.lower(), names.is_secret(name)
    if pieces := text.pieces_in(*parameter.span("value")):
        says = f"put into a URL as the query parameter '{name}'"
        found = _flows(text, pieces, says)
        is_link = names.opens_once(text.named_before(parameter.start()), name, pieces[0].shown)
        if is_link and all(one.taint.kind in _UNSURE for one in found):
            return
        yield from found
        if not _is_sure(found) and (shown := _name_put_in(name, parameter["value"], pieces, is_secret=is_secret)):
            yield _by_name(text, shown, says)
        return
    secret = unquote(parameter["value"])
    if (is_secret or lower in _LITERALS) and not _is_placeholder(secret, 6):
        label, strict = name if is_secret else "api_key", not is_secret or lower == "token"
        if text.context.literals.is_credential(label, secret, strict=strict):
            yield from _literal(text, parameter.span("value"), weak=False)


def _name_put_in(name: str, given: str, pieces: list[Value], *, is_secret: bool) -> str:
    """Return what a parameter is called that is a secret by its name alone, empty when it is none."""
    lower = name.lower()
    if lower in _KNOWN.put_in and any(map(_is_key, pieces)):
        return pieces[0].shown
    is_whole = (is_secret or lower in _KNOWN.called_so) and not given.strip(_HOLE)
    return name if is_whole and any(one.is_open and (is_secret or not _is_argument(one)) for one in pieces) else ""


def _is_placeholder(text: str, least: int) -> bool:
    return len(text) < least or _PLACEHOLDER.match(text) is not None or values.is_template(_bytes(text))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _path(text: _Text, key: re.Match[str]) -> Iterator[Find]:
    """Look at a path that is a key by itself."""
    group = next(name for name in "abcd" if key[name] is not None)
    if pieces := text.pieces_in(*key.span(group)):
        yield from _flows(text, pieces, "put into the path of a URL that is a key by itself")
    elif _looks_random(key[group]) and not _PLACEHOLDER.match(key[group]) and "xxxx" not in key[group].lower():
        yield from _literal(text, key.span(group), weak=False)


def _looks_random(text: str) -> bool:
    return len(text) >= 16 and any(char.isdigit() for char in text)


def _is_argument(piece: Value) -> bool:
    return any(taint.kind == "parameter" for taint in piece.taints)


def _is_made(text: _Text, piece: Value) -> bool:
    """Tell whether a piece is what a function made that nothing is known of: it may have masked it."""
    made = piece.ref.removesuffix("()")
    return made != piece.ref and not text.context.knowledge.propagators.find(made, made)


def _is_key(piece: Value) -> bool:
    """Tell whether what is put in is called a key of something, such as `maps_key`."""
    parts = words(piece.shown)
    return (
        piece.is_open and len(parts) > 1 and parts[-1] in _KNOWN.query_keys and _KNOWN.no_query_keys.isdisjoint(parts)
        and judge(piece.shown).strength >= Strength.WEAK
    )  # fmt: skip


def _flows(text: _Text, pieces: list[Value], says: str) -> list[Flow]:
    """Return the secrets in the first pieces up to one that surely holds one."""
    found: list[Flow] = []
    for piece in pieces:
        found += [Flow(RULE, text.node, taint, says) for taint in sent(piece)]
        if _is_sure(found):
            break
    return found


def _is_sure(flows: list[Flow]) -> bool:
    """Tell whether a secret is among what flows, not only arguments that may be one."""
    return any(flow.taint.kind != "parameter" for flow in flows)


def _by_name(text: _Text, name: str, says: str) -> Flow:
    return Flow(RULE, text.node, Taint("name", name, (Step(text.node, says),)), says)


def _literal(text: _Text, span: tuple[int, int], *, weak: bool) -> Iterator[Find]:
    value, context = text.event.value, text.context
    if value.text is None:
        says = "a literal in a URL"
        yield Flow(RULE, text.node, Taint("literal", "credential", (Step(text.node, says),)), says)
    elif "\n" not in value.text.strip():  # else it is documentation, a script
        made_up = context.in_test and not context.literals.is_credential(
            "api_key", text.text[slice(*span)], strict=True
        )
        yield InUrl(value, value.node or text.node, *span, weak=weak or made_up)
