r"""Values that a build puts into web pages and apps under names of its own.

define: {"process.env.X": JSON.stringify(env.X)} of Vite and webpack, env: {X: process.env.X} of Next; BuildConfig.X and
buildConfigField of Android, <key>X</key><string>$(X)</string> of iOS, String.fromEnvironment("X") of Dart, "@env".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from keytrace.analyzers.client.references import Reader, Reference, around, prefixed
from keytrace.match.multipattern import Trigger
from keytrace.text.document import Document

_CONFIG = re.compile(r"(?:^|/)(?:vite|webpack|rspack|rsbuild|rollup|esbuild|vue|craco|next|nuxt)[\w.-]*\.[cm]?[jt]s$")
_NEXT = re.compile(r"(?:^|/)next\.config\.[cm]?[jt]s$")

_BLOCK, _BLOCKS = 4000, 5  # bytes of a block of variables, and how many there may be near each other
_STRINGIFIED = re.compile(
    rb"JSON\.stringify\(\s{0,9}(?:process\.env|\w{0,20}[eE]nv)(?:\.|\[[\"'])(?P<name>[A-Z][A-Z0-9_]{2,80})\b"
)
_ENTRY = re.compile(rb"\bprocess\.env(?:\.|\[[\"'])(?P<name>[A-Z][A-Z0-9_]{2,80})\b")
_ENV = re.compile(rb"\benv[\"']?\s{0,9}:\s{0,9}\{")
_ANDROID = re.compile(
    rb"\bBuildConfig\.(?P<name>[A-Z][A-Z0-9_]{2,60})\b"
    rb"|\b(?:buildConfigField|resValue)[ \t(]{1,9}(?:type\s*=\s*)?[\"'][\w.]{1,30}[\"']\s*,\s*"
    rb"(?:name\s*=\s*)?[\"'](?P<field>\w{3,60})[\"']"
)
_RESOURCE = re.compile(
    rb"<key>\s*(?P<name>[\w.\-]{3,80})\s*</key>\s*<string>\$\(\w{2,80}\)</string>"
    rb"|<meta-data\s[^>]{0,200}?android:name=\"(?:[\w\-]+\.)*(?P<field>[\w\-]{3,80})\"\s"
    rb"[^>]{0,100}?android:value=\"\$\{\w{2,80}\}\""
)
_DART = re.compile(
    rb"\b(?:dotenv\.(?:env\[|get\(|maybeGet\()|\.fromEnvironment\()\s{0,9}[\"'](?P<name>[A-Z][A-Z0-9_]{2,80})[\"']"
)
_NATIVE = re.compile(rb"\bimport\s{0,9}\{(?P<names>[^{}]{1,390})\}\s{0,9}from\s{0,9}[\"']@env[\"']")
_NAME = re.compile(rb"[A-Z][A-Z0-9_]{2,80}")


def _defined(document: Document, start: int, end: int) -> Iterator[Reference]:
    if _CONFIG.search(document.path):
        yield from _named(_STRINGIFIED, document, start, end, "is built into what every browser loads")


def _of_next(document: Document, start: int, end: int) -> Iterator[Reference]:
    if not _NEXT.search(document.path):
        return
    for block in islice(_ENV.finditer(document.data, start, end), _BLOCKS):
        first, last = around(document.data, block.end(), _BLOCK)
        yield from _named(_ENTRY, document, first, last, "is built into what every browser loads")


def _of_android(document: Document, start: int, end: int) -> Iterator[Reference]:
    yield from _named(_ANDROID, document, start, end, "is built into the app")


def _of_resources(document: Document, start: int, end: int) -> Iterator[Reference]:
    yield from _named(_RESOURCE, document, start, end, "is built into the app")


def _of_dart(document: Document, start: int, end: int) -> Iterator[Reference]:
    if document.path.endswith(".dart"):
        yield from _named(_DART, document, start, end, "is built into the app")


def _of_native(document: Document, start: int, end: int) -> Iterator[Reference]:
    for taken in _NATIVE.finditer(document.data, start, end):
        for name in _NAME.finditer(document.data, *taken.span("names")):
            yield _reference(name[0], *name.span(), "is built into the app")


def _named(shape: re.Pattern[bytes], document: Document, start: int, end: int, says: str) -> Iterator[Reference]:
    for found in shape.finditer(document.data, start, end):
        group = "name" if found["name"] else "field"
        if not prefixed().fullmatch(found[group]):  # else it is told of by its prefix
            yield _reference(found[group], *found.span(group), says)


def _reference(name: bytes, start: int, end: int, says: str) -> Reference:
    return Reference(name.decode(), name.decode(), start, end, says, "the build puts its value there")


READERS: tuple[tuple[Trigger, Reader], ...] = (
    (Trigger(r"JSON\.stringify\(\s*(?:process\.)?\w*[eE]nv[.\[]", ("json.stringify(",)), _defined),
    (Trigger(r"\benv[\"']?\s*:\s*\{", ("env",)), _of_next),
    (Trigger(r"\bBuildConfig\.[A-Z]|\bbuildConfigField\b|\bresValue\b", ("buildconfig", "resvalue")), _of_android),
    (Trigger(r"<(?:string>\$\(|meta-data\s)", ("<string>$(", "<meta-data")), _of_resources),
    (Trigger(r"\bdotenv\.(?:env\[|\w+\()|\.fromEnvironment\(", ("dotenv.", "fromenvironment(")), _of_dart),
    (Trigger(r"[\"']@env[\"']", ("@env",)), _of_native),
)
