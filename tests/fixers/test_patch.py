from __future__ import annotations

import pytest

from keytrace.engine import Setup
from keytrace.fixers.patch import Change, patch, redacted
from tests.conftest import Repository
from tests.samples import marked, private_key

TEXTS = [
    (b"a\nb\nc\n", b"a\nB\nc\n"),
    (b"a\r\nb\r\n", b"a\r\nB\r\n"),
    (b"a\nb", b"a\nB"),
    (b"a\nb", b"a\nb\n"),
    (b"\xef\xbb\xbfa\n\f\tb\n", b"\xef\xbb\xbfa\n\f\tB\n"),
    (b"\xff\n", b"\xfe\n"),
    (b"a\rb\n", b"a\rB\n"),
    (b"".join(b"%d\n" % n for n in range(40)), b"".join(b"%d\n" % (n if n % 15 else n + 1) for n in range(40))),
]


@pytest.mark.parametrize(("before", "after"), TEXTS)
@pytest.mark.parametrize("name", ["a.py", "with space.py", "tést.py", 'quo"te.py'])
def test_git_applies_a_patch(repository: Repository, name: str, before: bytes, after: bytes) -> None:
    repository.write(".gitattributes", "* -text\n")
    repository.write(name, before)
    repository.write("../fix.patch", patch(Change(name, before, after)))
    repository.git("apply", "--check", "../fix.patch")
    repository.git("apply", "../fix.patch")
    assert (repository.folder / name).read_bytes() == after


def test_git_applies_a_new_file(repository: Repository) -> None:
    repository.write("../fix.patch", patch(Change(".env.example", None, b"A=\n")))
    repository.git("apply", "../fix.patch")
    assert (repository.folder / ".env.example").read_bytes() == b"A=\n"


def test_what_is_shown_has_no_secret() -> None:
    secret, other = marked(1), private_key(2)
    before = f'API_KEY = "{secret}"\nOTHER = """{other}"""\npassword = "hunter2-again"\n'.encode()
    after = before.replace(b'"' + secret.encode() + b'"', b'os.environ["API_KEY"]')
    shown = redacted(Change("a.py", before, after), Setup()).decode()
    assert '-API_KEY = "********"\n+API_KEY = os.environ["API_KEY"]\n' in shown
    assert secret not in shown
    assert "hunter2-again" not in shown
    assert not any(line in shown for line in other.splitlines()[1:-1])


def test_values_are_masked_wherever_they_stand() -> None:
    shown = redacted(Change("a.txt", b"x = word-of-mine\n", b"x = \n"), Setup(), ["word-of-mine"])
    assert b"-x = ********\n" in shown


def test_what_is_masked_before_is_masked_after() -> None:
    """The second half of a key is nothing by itself."""
    key = marked(3)
    before = f'const api_token = "{key[:20]}" + "{key[20:]}";\n'.encode()
    after = f'const api_token = process.env.API_TOKEN + "{key[20:]}";\n'.encode()
    shown = redacted(Change("a.js", before, after), Setup(), [key[:20]]).decode()
    assert '+const api_token = process.env.API_TOKEN + "********";\n' in shown
    assert (key[:20] in shown, key[20:] in shown) == (False, False)
