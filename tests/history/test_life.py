"""What became of secrets that were once committed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

from keytrace import git
from keytrace.config import Config, load_config
from keytrace.errors import ScannerError
from keytrace.history import scan_history
from keytrace.model import Finding, Life
from keytrace.sources.commits import Span
from tests.samples import marked, private_key

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Repository


def commit(repository: Repository, files: dict[str, str | bytes], message: str = "a commit") -> str:
    for name, content in files.items():
        repository.stage(name, content)
    repository.git("commit", "-q", "-m", message)
    return repository.git("rev-parse", "HEAD").decode().strip()


def findings(repository: Repository, only: str = "", *, unreachable: bool = False) -> list[Finding]:
    report = scan_history(str(repository.folder), Config(jobs=1), Span(), only=only, unreachable=unreachable)
    assert report.errors == ()
    return list(report.findings)


def life(repository: Repository) -> Life:
    (finding,) = findings(repository)
    assert finding.life is not None
    return finding.life


def test_brought_and_taken_out(repository: Repository) -> None:
    commit(repository, {"a.env": "A=1\n"})
    brought = commit(repository, {"a.env": f"A=1\nTOKEN={marked(1)}\n"})
    commit(repository, {"a.env": f"B=1\nTOKEN={marked(1)}\n"})
    removed = commit(repository, {"a.env": "B=1\n"})
    known = life(repository)
    assert (known.introduced.id, known.introduced.author) == (brought, "Ada")
    assert known.removed is not None
    assert known.removed.id == removed
    assert (known.present, known.versions) == ((), 2)
    assert [one.rule_id for one in findings(repository, "gone")] == ["github-personal-access-token"]
    assert findings(repository, "present") == []


def test_still_there_and_moved(repository: Repository) -> None:
    commit(repository, {"a.env": f"TOKEN={marked(1)}\n"})
    assert life(repository).present == (("a.env", 1),)
    assert life(repository).removed is None
    repository.git("mv", "a.env", "b.env")
    commit(repository, {"c.txt": "c"})
    assert life(repository).present == (("b.env", 1),)
    assert [len(findings(repository, only)) for only in ("present", "gone")] == [1, 0]


def test_deleted_but_never_rotated(repository: Repository) -> None:
    commit(repository, {"settings.py": f'token = "{marked(1)}"\n'})
    commit(repository, {"settings.py": "token = read()\n"})
    repository.write(".env", f"TOKEN={marked(1)}\n")
    assert life(repository).untracked == (".env",)
    (finding,) = findings(repository, "present")
    assert "still in .env, which git does not track" in finding.message


def test_many_copies_are_one_finding(repository: Repository) -> None:
    for number in range(5):
        commit(repository, {f"{number}.py": f'# {number}\ntoken = "{marked(1)}"  # {number}\n'})
    assert len(life(repository).present) == 5


def test_a_short_password_is_its_line(repository: Repository) -> None:
    word = "kestrel" + "41"
    commit(repository, {"a.env": f"DB_PASSWORD={word}\n", "b.txt": f"the {word} is a bird\n"})
    commit(repository, {"a.env": "DB_PASSWORD=\n"})
    (finding,) = findings(repository)
    assert finding.life is not None
    assert finding.life.present == ()


def test_a_key_of_several_lines(repository: Repository) -> None:
    for seed in (1, 2):  # they have their first lines in common
        commit(repository, {"a.pem": private_key(seed) + "\n"})
    report = scan_history(str(repository.folder), Config(jobs=1), only="present")
    assert [one.life.present for one in report.findings if one.life] == [(("a.pem", 1),)]
    assert len(findings(repository)) == 2


def test_every_hiding_place(repository: Repository) -> None:
    """Each has a token of its own; what is only in a merge, a stash, a note, a message, a name counts, too."""
    commit(repository, {"a.txt": "a"}, f"a message with {marked(1)}")
    repository.git("notes", "add", "-m", f"a note with {marked(2)}")
    repository.git("tag", "-a", "v1", "-m", f"a tag with {marked(3)}")
    repository.git("tag", "-a", "v2", "-m", "a clean tag")
    commit(repository, {"added.txt": marked(4)})
    commit(repository, {"added.txt": "deleted"})
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    commit(repository, {"side.txt": "side"})
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-commit", "side")
    repository.stage("merged.txt", marked(5))
    repository.git("commit", "-q", "-m", "merge")
    repository.stage("a.txt", marked(6))
    repository.git("stash")
    commit(repository, {"away.txt": marked(7)})
    repository.git("reset", "-q", "--hard", "HEAD~1")
    commit(repository, {f"{marked(8)}.txt": "named"})
    repository.stage("dangling.txt", marked(9))
    repository.git("rm", "-q", "--cached", "dangling.txt")
    found = {one.secret.value.decode() for one in findings(repository)}
    assert found == {marked(seed) for seed in range(1, 9)}
    assert {one.secret.value.decode() for one in findings(repository, unreachable=True)} == found | {marked(9)}


def test_comments_and_allowlists_of_the_whole_file_hold(repository: Repository) -> None:
    lines = "".join(f"line {number}\n" for number in range(50))
    commit(repository, {"a.py": "# keytrace:ignore-file -- made up\n" + lines})
    commit(repository, {"a.py": "# keytrace:ignore-file -- made up\n" + lines + f'token = "{marked(1)}"\n'})
    (finding,) = findings(repository)
    assert finding.suppression is not None


def test_nothing_shows_a_secret_in_a_name_or_an_author(repository: Repository) -> None:
    repository.git("config", "user.name", f"Ada {marked(2)}")
    commit(repository, {f"{marked(3)}.env": f"TOKEN={marked(1)}\n"})
    for finding in findings(repository):
        for seed in (1, 2, 3):
            assert marked(seed) not in repr(finding)


def test_an_allowlist_of_commits(repository: Repository) -> None:
    brought = commit(repository, {"a.env": f"TOKEN={marked(1)}\n"})
    repository.write(".gitleaks.toml", f'[[allowlists]]\ncommits = ["{brought}"]\n')
    report = scan_history(str(repository.folder), load_config(str(repository.folder)))
    assert report.active == ()
    assert len(report.suppressed) == 1


def test_taken_out_is_when_the_last_file_lost_it(repository: Repository) -> None:
    commit(repository, {"a.env": f"TOKEN={marked(1)}\n", "b.env": f"TOKEN={marked(1)}\n"})
    commit(repository, {"a.env": "A=1\n"})
    repository.git("mv", "b.env", "c.env")
    commit(repository, {"d.txt": "d"})
    last = commit(repository, {"c.env": "C=1\n"})
    known = life(repository)
    assert known.removed is not None
    assert known.removed.id == last


def test_a_secret_in_a_binary_file_and_behind_carriage_returns(repository: Repository) -> None:
    commit(repository, {"a.bin": b"\x7fELF\0\r\0\r\r\n" * 900 + f"\n{marked(1)}\0".encode()})
    commit(repository, {"a.log": f"10%\r20%\r30%\r100%\ntoken = {marked(2)}\n"})
    assert {one.secret.value.decode() for one in findings(repository)} == {marked(1), marked(2)}


def test_what_is_in_no_file_is_said(repository: Repository) -> None:
    brought = commit(repository, {"a.txt": "a"}, f"with {marked(1)}")
    repository.git("tag", "-a", "v1", "-m", f"with {marked(2)}")
    said = {one.secret.value.decode(): one.message for one in findings(repository)}
    assert f"in the message of the commit {brought[:10]}" in said[marked(1)]
    assert said[marked(2)].endswith("in no file")


def test_a_place_in_a_file_wins_over_what_is_said_of_it(repository: Repository) -> None:
    """The file has no ending, as messages and notes, and the same line."""
    first = commit(repository, {"a.txt": "a"})
    repository.git("notes", "add", "-m", f"token = {marked(1)}", first)
    brought = commit(repository, {"bee": f"token = {marked(1)}\n"}, f"token = {marked(1)}")
    repository.git("tag", "-a", "v1", "-m", f"again: {marked(1)}")
    (finding,) = findings(repository, "present")
    assert finding.location.provenance.path == "bee"
    assert finding.life is not None
    assert (finding.life.introduced.id, finding.life.present) == (brought, (("bee", 1),))
    assert finding.life.versions == 1
    assert "still in HEAD at bee:1, also in the message of the tag v1 and 1 more place" in finding.message
    assert finding.life.beside[1].startswith(f"the message of the commit {brought[:10]} (")
    repository.git("tag", "-d", "v1")
    assert len(life(repository).beside) == 1
    removed = commit(repository, {"bee": "-"})
    (finding,) = findings(repository, "gone")
    assert finding.life is not None
    assert finding.life.removed is not None
    assert finding.life.removed.id == removed


def test_a_name_is_there_as_long_as_files_have_it(repository: Repository) -> None:
    for name in (f"{marked(1)}/f.txt", f"a/{marked(2)}.txt"):
        commit(repository, {name: "a"})
    found = findings(repository, "present")
    assert sorted(one.secret.value.decode() for one in found) == sorted((marked(1), marked(2)))
    assert findings(repository, "gone") == []
    said = next(one.message for one in found if one.secret.value.decode() == marked(1))
    assert said.endswith("in the name ********/f.txt, still in HEAD at ********/f.txt:1")
    repository.git("mv", marked(1), "b")
    repository.git("commit", "-q", "-m", "another name")
    (gone,) = findings(repository, "gone")
    assert gone.secret.value.decode() == marked(1)
    assert gone.message.endswith("in the name ********/f.txt")


def test_a_note_is_said_to_be_one(repository: Repository) -> None:
    on = commit(repository, {"a.txt": "a"})
    repository.git("notes", "add", "-m", f"token = {marked(1)}")
    repository.git("notes", "remove")
    (finding,) = findings(repository, "gone")
    assert finding.message.endswith(f"in a note on {on[:10]}")
    name = "0" * 40
    commit(repository, {name: f"token = {marked(1)}\n"})
    assert life(repository).present == ((name, 1),)


def test_a_tag_that_was_deleted_is_unreachable(repository: Repository) -> None:
    commit(repository, {"a.txt": "a"})
    repository.git("tag", "-a", "v1", "-m", f"with {marked(1)}")
    repository.git("tag", "-a", "v2", "-m", "on another", "v1")
    repository.git("tag", "-d", "v1")
    assert len(findings(repository)) == 1  # v2 leads to it
    repository.git("tag", "-d", "v2")
    assert findings(repository) == []
    assert len(findings(repository, unreachable=True)) == 1


def test_a_key_of_which_lines_are_left(repository: Repository) -> None:
    first, *body, last = private_key(1).splitlines()
    commit(repository, {"a.pem": "\n".join([first, *body, last])})
    commit(repository, {"a.pem": "\n".join([first, *body[:2], last])})
    assert life(repository).present == ()


def test_an_encoded_secret(repository: Repository) -> None:
    commit(repository, {"a.yml": f"data: {base64.b64encode(marked(1).encode()).decode()}\n"})
    known = life(repository)
    assert known.is_encoded
    assert known.present == (("a.yml", 1),)


def test_a_secret_in_an_archive(repository: Repository) -> None:
    def zipped(text: str) -> bytes:
        stream = BytesIO()
        with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
            archive.writestr("conf/app.env", text)
        return stream.getvalue()

    brought = commit(repository, {"a.zip": zipped(f"TOKEN={marked(1)}\n")})
    known = life(repository)
    assert (known.introduced.id, known.present) == (brought, (("a.zip!conf/app.env", 1),))
    removed = commit(repository, {"a.zip": zipped("TOKEN=\n")})
    (finding,) = findings(repository, "gone")
    assert finding.location.provenance.path == "a.zip!conf/app.env"
    assert finding.life is not None
    assert finding.life.removed is not None
    assert (finding.life.removed.id, finding.life.present) == (removed, ())


def test_a_file_in_utf_16_is_looked_for_as_text(repository: Repository) -> None:
    commit(repository, {"a.env": f"TOKEN={marked(1)}\n", "b.ini": f"# b\ntoken={marked(2)}\n".encode("utf-16")})
    told = {one.location.provenance.path: one.life for one in findings(repository)}
    assert told["a.env"] is not None
    assert told["b.ini"] is not None
    assert (told["a.env"].present, told["b.ini"].present) == ((("a.env", 1),), (("b.ini", 2),))
    commit(repository, {"b.ini": "nothing"})
    assert [one.location.provenance.path for one in findings(repository, "gone")] == ["b.ini"]


def test_the_name_of_a_file_may_have_a_line_end(repository: Repository) -> None:
    commit(repository, {"a\nb.env": f"TOKEN={marked(1)}\n"})
    assert life(repository).present == (("a\nb.env", 1),)


def test_what_git_cannot_read_does_not_hide_the_rest(repository: Repository) -> None:
    commit(repository, {"a.env": f"TOKEN={marked(1)}\n", "b.txt": "some other text\n"})
    lost = repository.git("rev-parse", "HEAD:b.txt").decode().strip()
    (repository.folder / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    report = scan_history(str(repository.folder), Config(jobs=1), Span())
    assert [one.life.present for one in report.findings if one.life] == [(("a.env", 1),)]
    assert [one.path for one in report.errors] == ["b.txt"]


def test_where_git_cannot_search_versions_tell_and_that_is_said(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit(repository, {"a.env": f"TOKEN={marked(1)}\n"})
    plain = git.run

    def failing(arguments: Sequence[str], folder: str, **more: Any) -> bytes:
        if arguments[0] == "grep":
            raise ScannerError("git: out of memory")
        return plain(arguments, folder, **more)

    monkeypatch.setattr(git, "run", failing)
    report = scan_history(str(repository.folder), Config(jobs=1), Span())
    assert [one.life.present for one in report.findings if one.life] == [(("a.env", 1),)]
    assert [one.message for one in report.errors] == [
        "what is still in HEAD could not be looked for: git: out of memory"
    ]


def test_a_tagged_tree_may_have_the_paths_of_commits(repository: Repository) -> None:
    commit(repository, {"f.txt": "hello\n"})
    repository.stage("f.txt", f"b={marked(1)}\n")
    tree = repository.git("write-tree").decode().strip()
    repository.git("reset", "-q", "--hard")
    repository.git("update-ref", "refs/tags/t", tree)
    for _ in range(2):  # the second time by what is known of it
        (finding,) = findings(repository)
        assert finding.location.provenance.path == "f.txt"
    report = scan_history(str(repository.folder), Config(jobs=1), Span(("refs/tags/t",)))
    assert len(report.findings) == 1


def test_a_name_that_is_taken_out_was_not_brought(repository: Repository) -> None:
    commit(repository, {f"key-{marked(1)}.txt": "nothing\n"})
    repository.git("checkout", "-q", "-b", "fix")
    repository.git("rm", "-q", "--cached", f"key-{marked(1)}.txt")
    repository.git("commit", "-q", "-m", "take it out")
    report = scan_history(str(repository.folder), Config(jobs=1), Span(base="HEAD~1"))
    assert report.findings == ()
    assert len(scan_history(str(repository.folder), Config(jobs=1), Span()).findings) == 1


def test_what_nothing_fires_in_is_counted(repository: Repository) -> None:
    files = {"a.txt": "words of a text\n", "b.env": f"TOKEN={marked(1)}\n"}
    commit(repository, dict(files))
    report = scan_history(str(repository.folder), Config(jobs=1), Span())
    size = len("".join(("a commit\n", *files.values())))
    assert (report.statistics.files, report.statistics.bytes) == (3, size)
