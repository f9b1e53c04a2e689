"""Units of systemd."""

from __future__ import annotations

from keytrace.lifecycle.definitions.systemd import claims, read

TEXT = """\
[Service]
Environment=A_KEY=sunrise LEVEL=x
Environment="B_KEY=two words" 'C_KEY=moonlit'
#Environment=D_KEY=1
LoadCredential=token:/etc/token
SetCredential=pw:horizon
LoadCredentialEncrypted=enc:/x
"""


def test_lines() -> None:
    found = [(one.name, one.line, str(one.holds), one.service) for one in read("d/api.service", TEXT.encode())]
    assert found == [
        ("A_KEY", 2, "value", "api"), ("LEVEL", 2, "placeholder", "api"), ("B_KEY", 3, "value", "api"),
        ("C_KEY", 3, "value", "api"), ("token", 5, "reference", "api"), ("pw", 6, "value", "api"),
        ("enc", 7, "encrypted", "api"),
    ]  # fmt: skip


def test_which_files() -> None:
    assert claims("api.service", b"a=b")
    assert claims("api.service.d/env.conf", b"a=b")
    assert not claims("nginx.conf", b"a=b")
