"""The scripts of hooks: sound for a shell, and known again whatever interpreter they name."""

from __future__ import annotations

import subprocess

import pytest

from keytrace.hooks.scripts import KINDS, OTHERS, is_ours, is_unchanged, scans, script

PYTHONS = ("/usr/bin/python3", "/home/ada's files/$(touch x)/python", "C:/Program Files/Python/python.exe")


@pytest.mark.parametrize("everywhere", [False, True])
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_script_is_sound_and_known_again(kind: str, python: str, everywhere: bool) -> None:
    text = script(kind, python, everywhere=everywhere)
    assert subprocess.run(["sh", "-n"], input=text, text=True, check=False).returncode == 0
    assert is_ours(text)
    assert scans(text)
    assert is_unchanged(text, kind)
    assert not is_unchanged(text + "echo mine\n", kind)
    assert [other for other in KINDS if is_unchanged(text, other)] == [kind]


@pytest.mark.parametrize("kind", OTHERS)
def test_what_only_hands_on(kind: str) -> None:
    text = script(kind, "", everywhere=True)
    assert is_ours(text)
    assert is_unchanged(text, kind)
    assert not scans(text)


@pytest.mark.parametrize("text", ["", "#!/bin/sh\nexec keytrace scan --staged\n", "python='\n# keytrace: the hook x"])
def test_what_is_not_as_we_wrote_it(text: str) -> None:
    assert not is_unchanged(text, "pre-commit")
