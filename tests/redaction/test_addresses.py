"""Addresses are shown without who logs in."""

from __future__ import annotations

import pytest

from keytrace.redaction.addresses import without_user


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        ("https://user:word@github.com/a/b", "https://github.com/a/b"),
        ("https://user:w/o#r?d@host:8443/a", "https://host:8443/a"),
        ("ssh+git://me@host/a", "ssh+git://host/a"),
        ("https://u:a@b@host/a", "https://host/a"),
        ("https://u:a\nb@host/a", "https://host/a"),
        ("git@host:a/b", "host:a/b"),
        ("../folder/a@b", "../folder/a@b"),
        ("", ""),
    ],
)
def test_without_user(address: str, shown: str) -> None:
    assert without_user(address) == shown
