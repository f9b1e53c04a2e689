"""Which files clients get: bundles, their source maps, what is served as it is, resources of apps."""

from __future__ import annotations

import re

from keytrace.text.document import Document

# Folders whose content a web server hands out, as frameworks and their build tools lay them out.
_SERVED = re.compile(
    r"(?:^|/)(?:_next/static|\.next/static|\.output/public|\.svelte-kit/output/client|\.vercel/output/static|wwwroot|"
    r"storybook-static|(?:dist|build|out)/(?:client|static|assets|js|_nuxt|_astro|_next|spa|browser|[\w.-]+/browser)|"
    r"public|static/(?:js|dist|build|bundles?|assets)|www/(?:js|build|assets)|src/main/assets)/"
    r"(?:[^/]+/)*[^/]+\.(?:m?js|map|html?|css|json|xml|webmanifest)$"
)
_NAMED = re.compile(
    r"(?:[.-](?:min|bundle|chunk)|[.-](?=[A-Za-z]*\d)[A-Za-z0-9_]{8,20})\.m?js(?:\.map)?$|\.jsbundle$|\.android\.bundle$"
)
_BUILT = re.compile(r"(?:^|/)(?:dist|build|out|bundle|lib)/(?:[^/]+/)*[^/]+\.m?js(?:\.map)?$")
_SERVERS = re.compile(r"(?:^|/)(?:server|ssr|node|functions?|lambda|api|node_modules)(?:/|[.-][^/]*$)")
_BROWSER = re.compile(
    rb"\bdocument\.(?:createElement|getElementById|querySelector|cookie)|\blocalStorage\b|webpackChunk|webpackJsonp"
    rb"|(?<!typeof )\bwindow(?:[.\[]|\);?\s*$)",
    re.MULTILINE,
)
_NODE = re.compile(rb"\brequire\([\"'](?:node:)?(?:fs|https?|path|net|child_process|express)[\"']\)|\bfrom ?[\"']node:")
_APPS = (
    (r"(?:^|/)AndroidManifest\.xml$", "the manifest of an Android app"),
    (r"(?:^|/)res/(?:values|xml|raw)[\w-]*/[^/]+\.(?:xml|json)$|(?:^|/)strings\.xml$", "resources of an Android app"),
    (r"(?:^|/)google-services\.json$", "the configuration of an Android app"),
    (r"(?:^|/)(?:[\w-]*Info|GoogleService-Info)\.plist$|\.xcconfig$", "the configuration of an iOS app"),
)
_IN_GRADLE = re.compile(rb"\b(?:buildConfigField|resValue|manifestPlaceholders)\b")
_LINE = 400  # bytes of a line before a value that are read


def of_file(document: Document) -> str:
    """Return in words what a client gets the file as; empty where none does, as far as it tells."""
    path = document.path
    if said := _of_path(path):
        return said
    if path.endswith(".map") and not _SERVERS.search(path) and b'"sourcesContent"' in document.data:
        return "a source map"
    if _SERVERS.search(path):
        return ""
    if _SERVED.search(path):
        return "a file that browsers load"
    is_browser = _NAMED.search(path) or _BUILT.search(path)
    if is_browser and _BROWSER.search(document.data) and not _NODE.search(document.data):
        return "a bundle for browsers"
    if path.endswith("app.json") and b'"expo"' in document.data:
        return "the configuration of an Expo app"
    return ""


def _of_path(path: str) -> str:
    return next((said for shape, said in _APPS if re.search(shape, path)), "")


def of_line(document: Document, start: int) -> str:
    """Return in words what a build puts the value at `start` in, where its line says so."""
    if document.path.endswith((".gradle", ".gradle.kts")):
        first = max(document.line_span(document.line_at(start))[0], start - _LINE)
        if _IN_GRADLE.search(document.data, first, start):
            return "what Gradle builds into an Android app"
    return ""
