"""What everybody gets."""

from __future__ import annotations

from keytrace.lifecycle.shipped import claims


def test_which_files() -> None:
    shipped = ("dist/assets/index.js", "a.min.js", "static/app.js.map", "android/app/src/main/AndroidManifest.xml",
               "app/src/main/res/values/strings.xml", "ios/App/Info.plist", "google-services.json")  # fmt: skip
    assert all(map(claims, shipped))
    assert not any(map(claims, ("src/app.js", "strings.xml", "distribution/a.js", "dist/.env")))
