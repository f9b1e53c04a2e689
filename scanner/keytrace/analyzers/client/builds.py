r"""Values that a build puts into web pages and apps under names of its own.

define: {"process.env.X": JSON.stringify(env.X)} of Vite and webpack, EnvironmentPlugin(["X"]), env: {X: process.env.X}
and publicRuntimeConfig of Next, public of Nuxt; BuildConfig.X and buildConfigField of Android, <key>X</key> with
<string>$(X)</string> of iOS, String.fromEnvironment("X") of Dart, "@env".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from keytrace.analyzers.client.references import Reader, Reference, around, prefixed
from keytrace.match.multipattern import Trigger
from keytrace.names.lexicon import Role, promise
from keytrace.text.document import Document

_CONFIG = re.compile(r"(?:^|/)(?:vite|webpack|rspack|rsbuild|rollup|esbuild|vue|craco|next|nuxt)[\w.-]*\.[cm]?[jt]s$")
_FRAMEWORK = re.compile(r"(?:^|/)(?P<name>next|nuxt)\.config\.[cm]?[jt]s$")

_IN_PAGES = "is built into what every browser loads"
_BLOCK, _BLOCKS = 4000, 5  # bytes of a block of variables, and how many there may be near each other
_STRINGIFIED = re.compile(
    rb"JSON\.stringify\(\s{0,9}(?:process\.env|\w{0,20}[eE]nv)(?:\.|\[[\"'])(?P<name>[A-Z][A-Z0-9_]{2,80})\b"
)
_ENTRY = re.compile(rb"\bprocess\.env(?:\.|\[[\"'])(?P<name>[A-Z][A-Z0-9_]{2,80})\b")
_SHIPPED = {  # blocks of a framework's configuration that pages get
    "next": re.compile(rb"\b(?:env|publicRuntimeConfig)[\"']?\s{0,9}:\s{0,9}\{"),
    "nuxt": re.compile(rb"\bpublic[\"']?\s{0,9}:\s{0,9}\{"),
}
_DEFINED = re.compile(rb"[\"']process\.env\.(?P<name>[A-Z][A-Z0-9_]{2,80})[\"']\s{0,9}:")
_PLUGIN = re.compile(rb"\bEnvironmentPlugin\(\s{0,9}(?P<names>\[[^\[\]]{1,390}\]|\{[^{}]{1,390}\})")
_MEMBER = re.compile(rb"[\[{,]\s{0,40}[\"']?(?P<name>[A-Z][A-Z0-9_]{2,80})[\"']?(?=\s{0,9}[,:\]}])")
_ANDROID = re.compile(
    rb"\bBuildConfig\.(?P<name>[A-Z][A-Z0-9_]{2,60})\b"
    rb"|\b(?:buildConfigField|resValue)[ \t(]{1,9}(?:type\s*=\s*)?[\"'][\w.]{1,30}[\"']\s*,\s*"
    rb"(?:name\s*=\s*)?[\"'](?P<field>\w{3,60})[\"']"
)
_RESOURCE = re.compile(
    rb"<key>\s*(?P<name>[\w.\-]{3,80})\s*</key>\s*<string>\$\((?P<variable>\w{2,80})\)</string>"
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
        yield from _named(_STRINGIFIED, document, start, end, _IN_PAGES)
        yield from _named(_DEFINED, document, start, end, _IN_PAGES)


def _by_plugin(document: Document, start: int, end: int) -> Iterator[Reference]:
    if _CONFIG.search(document.path):
        for listed in _PLUGIN.finditer(document.data, start, end):
            yield from _named(_MEMBER, document, *listed.span("names"), _IN_PAGES)


def _of_framework(document: Document, start: int, end: int) -> Iterator[Reference]:
    if not (framework := _FRAMEWORK.search(document.path)):
        return
    for block in islice(_SHIPPED[framework["name"]].finditer(document.data, start, end), _BLOCKS):
        first, last = around(document.data, block.end(), _BLOCK)
        yield from _named(_ENTRY, document, first, last, _IN_PAGES)


def _of_android(document: Document, start: int, end: int) -> Iterator[Reference]:
    yield from _named(_ANDROID, document, start, end, "is built into the app")


def _of_resources(document: Document, start: int, end: int) -> Iterator[Reference]:
    says = "is built into the app"
    yield from _named(_RESOURCE, document, start, end, says)
    for found in _RESOURCE.finditer(document.data, start, end):  # else the name of what is built in tells
        if found["variable"] and not promise(found["name"].decode(), Role.SETTING).is_secret:
            yield _reference(found["variable"], *found.span("variable"), says)


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
    (
        Trigger(
            r"JSON\.stringify\(\s*(?:process\.)?\w*[eE]nv[.\[]|[\"']process\.env\.[A-Z]\w*[\"']\s*:",
            ("json.stringify(", "process.env."),
        ),
        _defined,
    ),
    (Trigger(r"\bEnvironmentPlugin\(", ("environmentplugin(",)), _by_plugin),
    (
        Trigger(r"\b(?:env|publicRuntimeConfig|public)[\"']?\s*:\s*\{", ("env", "publicruntimeconfig", "public")),
        _of_framework,
    ),
    (Trigger(r"\bBuildConfig\.[A-Z]|\bbuildConfigField\b|\bresValue\b", ("buildconfig", "resvalue")), _of_android),
    (Trigger(r"<(?:string>\$\(|meta-data\s)", ("<string>$(", "<meta-data")), _of_resources),
    (Trigger(r"\bdotenv\.(?:env\[|\w+\()|\.fromEnvironment\(", ("dotenv.", "fromenvironment(")), _of_dart),
    (Trigger(r"[\"']@env[\"']", ("@env",)), _of_native),
)
