"""Files that SOPS encrypted."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.definitions import definitions, format_of

SECRET = "ENC[AES256_GCM,data:abcd,iv:efgh=,tag:ijk==,type:str]"


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("prod.enc.yaml", f"A_TOKEN: {SECRET}\ndb:\n  password: {SECRET}\nsops:\n  mac: {SECRET}\n", (1, 3)),
        ("x/any.json", f'{{"A_TOKEN": "{SECRET}",\n "db": {{"password": "{SECRET}"}},\n "sops": {{}}}}', (1, 2)),
        ("secrets", f"A_TOKEN={SECRET}\n#{SECRET}\ndb.password={SECRET}\nsops_mac={SECRET}\n", (1, 3)),
        ("a.ini", f"[db]\nA_TOKEN = {SECRET}\ndb.password = {SECRET}\n[sops]\nmac = {SECRET}\n", (2, 3)),
        (".env.production", f"A_TOKEN={SECRET}\ndb.password={SECRET}\nsops_mac={SECRET}\n", (1, 2)),
    ],
)  # fmt: skip
def test_all_forms(path: str, text: str, lines: tuple[int, int]) -> None:
    data = text.encode()
    assert format_of(path, data) == "sops"
    found = [(one.name, one.line, str(one.holds)) for one in definitions("sops", path, data)]
    assert found == [("A_TOKEN", lines[0], "encrypted"), ("db.password", lines[1], "encrypted")]


def test_manifests_keep_their_own_reader() -> None:
    text = f"apiVersion: v1\nkind: Secret\ndata:\n  A_KEY: {SECRET}\nsops: {{}}\n"
    assert format_of("s.yaml", text.encode()) == "kubernetes"
    assert format_of("a.yaml", b"A_TOKEN: ENC[x]\n") != "sops"
