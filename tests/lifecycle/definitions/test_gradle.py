"""Gradle of Android."""

from __future__ import annotations

from keytrace.lifecycle.definitions.gradle import claims, read

TEXT = """\
android {
  buildConfigField "String", "A_VALUE", "\\"sunrise-1\\""
  buildConfigField("String", "B_KEY", "\\"${project.b}\\"")
  resValue 'string', 'c_token', 'sunrise-2'
  buildConfigField "String", "D_KEY", System.getenv("E_KEY")
}
"""


def test_what_a_build_puts_in() -> None:
    found = [(one.role, one.name, one.line, str(one.holds), one.value) for one in read("build.gradle", TEXT.encode())]
    assert found == [
        ("shipped", "A_VALUE", 2, "value", b"sunrise-1"), ("shipped", "B_KEY", 3, "reference", None),
        ("shipped", "c_token", 4, "value", b"sunrise-2"), ("shipped", "D_KEY", 5, "reference", None),
        ("read", "E_KEY", 5, "name", None),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims("app/build.gradle", TEXT.encode())
    assert claims("app/build.gradle.kts", TEXT.encode())
    assert not claims("build.gradle", b"plugins {}")
