"""The language of a file, and what it reads whatever that is."""

from __future__ import annotations

from keytrace.lifecycle.reads import language_of, reads


def test_files_in_which_containers_have_their_secrets() -> None:
    for path, text in (
        ("a.py", 'open("/run/secrets/db_password")'), ("a.php", "file_get_contents('/run/secrets/db_password')"),
        ("a.sh", "export P=$(cat /run/secrets/db_password)"), ("a.rs", 'read_to_string("/run/secrets/db_password")'),
    ):  # fmt: skip
        data = f"\n{text}\n".encode()
        found = [(one.name, one.line) for one in reads(language_of(path, data), data)]
        assert found == [("db_password", 2)], path
    assert language_of("a.txt", b"/run/secrets/db_password") == ""
