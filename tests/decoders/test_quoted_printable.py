"""Quoted-printable mail."""

from __future__ import annotations

import quopri
import urllib.parse

from .reading import decoded


def test_quoted_printable() -> None:
    mail = "Content-Transfer-Encoding: quoted-printable\n\nThe token is abcdef=\nghijkl. That=\r\n is all."
    assert b"".join(decoded("quoted-printable", mail)) == b"fghijkl. That"
    assert decoded("quoted-printable", "f(x=20, y=30, z=40, w=3D)\na =\n b") == []
    long = '<a href=3D"https://host.io/?token=3Dabc=\n=3D">' + "é" * 90
    assert urllib.parse.quote("=") == "%3D"
    body = quopri.encodestring(long.encode())
    assert b"".join(decoded("quoted-printable", body)).count(b"=3D") >= 3  # encoded twice over
