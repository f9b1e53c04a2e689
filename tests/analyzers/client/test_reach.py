"""Which files clients get."""

from __future__ import annotations

import pytest

from keytrace.analyzers.client import reach
from keytrace.model import FileProvenance
from keytrace.text.document import Document

PAGE = b"document.createElement('div')"
NODE = b"require('fs');document.cookie"


def of_file(path: str, data: bytes = b"x") -> str:
    return reach.of_file(Document(FileProvenance(path), data))


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("web/.next/static/chunks/main.js", b"x", "a file that browsers load"),
        ("dist/assets/index-DiwrgTda.js", b"x", "a file that browsers load"),
        ("apps/web/public/env.js", b"x", "a file that browsers load"),
        ("dist/shop/browser/main.js", b"x", "a file that browsers load"),
        ("js/app.min.js", PAGE, "a bundle for browsers"),
        ("lib/main.3f9d2c1a.js", PAGE, "a bundle for browsers"),
        ("dist/index.js", PAGE, "a bundle for browsers"),
        ("dist/app.js", b"!function(e){e.pay=1}(window);\n", "a bundle for browsers"),
        ("dist/index.js.map", b'{"sourcesContent":["x"]}', "a source map"),
        ("app/src/main/AndroidManifest.xml", b"x", "the manifest of an Android app"),
        ("app/src/main/res/values-de/strings.xml", b"x", "resources of an Android app"),
        ("app/google-services.json", b"x", "the configuration of an Android app"),
        ("ios/App/Info.plist", b"x", "the configuration of an iOS app"),
        ("ios/Config/Release.xcconfig", b"x", "the configuration of an iOS app"),
        ("app.json", b'{"expo": {}}', "the configuration of an Expo app"),
    ],
)
def test_what_clients_get(path: str, data: bytes, said: str) -> None:
    assert of_file(path, data) == said


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("src/index.js", PAGE),
        ("dist/index.js", NODE),
        ("dist/index.js", b"module.exports = 1"),
        (".next/server/app/page.js", PAGE),
        ("dist/server/assets/index-DiwrgTda.js", PAGE),
        ("dist/server.js.map", b'{"sourcesContent":["x"]}'),
        ("dist/index.js.map", b'{"mappings":""}'),
        ("public/index.php", PAGE),
        ("config/app.json", b"{}"),
        ("fonts.plist", b"x"),
    ],
)
def test_what_they_do_not_get(path: str, data: bytes) -> None:
    assert of_file(path, data) == ""


def test_what_gradle_builds_in() -> None:
    text = b'storePassword "x"\nbuildConfigField "String", "K", "x"\n'
    document = Document(FileProvenance("app/build.gradle"), text)
    assert reach.of_line(document, len(text) - 3) == "what Gradle builds into an Android app"
    assert reach.of_line(document, 16) == ""
    assert reach.of_line(Document(FileProvenance("a.groovy"), text), len(text) - 3) == ""
