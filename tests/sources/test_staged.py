"""What is staged, and nothing but what is staged."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace.errors import ScannerError
from keytrace.model import NAME, Reason, ScanError, Skipped, StagedProvenance
from keytrace.sources.content import TooLargeError
from keytrace.sources.link import LinkArtifact
from keytrace.sources.staged import StagedArtifact, StagedSource

if TYPE_CHECKING:
    from tests.conftest import Repository

_LIMIT = 2**30
_TEXT = "".join(f"line {number}\n" for number in range(1, 21))
_CHANGED = _TEXT.replace("line 3\n", "line 3\nnew\nnew\n").replace("line 9\n", "").replace("line 15\n", "other\n")
_ADDED_LINES = frozenset({4, 5, 16})


def staged(folder: Path, *paths: str, exclude: tuple[str, ...] = ()) -> dict[str, tuple[bytes, frozenset[int] | None]]:
    found = list(StagedSource(str(folder), [os.path.join(folder, path) for path in paths], exclude).artifacts())
    artifacts = [item for item in found if isinstance(item, StagedArtifact)]
    assert len(artifacts) == len([item for item in found if not isinstance(item, Skipped | LinkArtifact)])
    return {artifact.path: (artifact.read(_LIMIT), artifact.lines) for artifact in artifacts}


# --- kinds of change --------------------------------------------------------------------------------------------------


def test_content_comes_from_the_index(repository: Repository) -> None:
    repository.stage("a.py", "staged\n")
    repository.write("a.py", "not staged\n")
    repository.write("b.py")
    assert staged(repository.folder) == {"a.py": (b"staged\n", None)}


def test_nothing_staged(repository: Repository) -> None:
    assert staged(repository.folder) == {}
    repository.stage("a.py")
    repository.commit()
    repository.write("a.py", "changed\n")
    assert staged(repository.folder) == {}


def test_of_a_change_only_the_added_lines_count(repository: Repository) -> None:
    repository.stage("a.py", _TEXT)
    repository.commit()
    repository.stage("a.py", _CHANGED)
    repository.stage("b.py", _TEXT + "@@ -1 +1 @@\n")
    assert staged(repository.folder) == {
        "a.py": (_CHANGED.encode(), _ADDED_LINES),
        "b.py": (_TEXT.encode() + b"@@ -1 +1 @@\n", None),
    }


def test_lines_that_look_like_a_patch(repository: Repository) -> None:
    repository.stage("a.sql", "1\n2\n3\n")
    repository.commit()
    content = "1\n++ b/c\n-- a/c\n2\n@@ -1 +7 @@\ndiff --git a/x b/x\nindex 1..2\n3\nno end"
    repository.stage("a.sql", content)
    assert staged(repository.folder) == {"a.sql": (content.encode(), frozenset({2, 3, 5, 6, 7, 9}))}


def test_what_adds_nothing_is_left_out(repository: Repository) -> None:
    for name in ("deleted", "shortened", "mode"):
        repository.stage(name, f"{name}\n{_TEXT}")
    repository.commit()
    repository.git("rm", "-q", "deleted")
    repository.stage("shortened", _TEXT)
    repository.git("update-index", "--chmod=+x", "mode")
    assert staged(repository.folder) == {}


def test_a_renamed_file_that_was_changed(repository: Repository) -> None:
    repository.stage("a.py", _TEXT)
    repository.commit()
    repository.git("mv", "a.py", "b.py")
    repository.stage("b.py", _CHANGED)
    assert staged(repository.folder) == {"b.py": (_CHANGED.encode(), _ADDED_LINES | {NAME})}


def test_of_a_renamed_file_only_the_name_is_new(repository: Repository) -> None:
    repository.stage("a.py", _TEXT)
    (repository.folder / "link").symlink_to("somewhere")
    repository.git("add", "link")
    repository.commit()
    repository.git("mv", "a.py", "b.py")
    repository.git("mv", "link", "other")
    assert staged(repository.folder) == {"b.py": (b"", frozenset({NAME})), "other": (b"", frozenset({NAME}))}
    repository.stage("b.py", _TEXT.replace("line 9\n", ""))
    assert staged(repository.folder, "b.py")["b.py"][1] == frozenset({NAME})


def test_a_link_is_the_text_of_its_target_and_a_submodule_no_content(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / "link").symlink_to("target")
    (repository.folder / "other").symlink_to("target")
    repository.write("file")
    repository.git("add", "link", "file")
    repository.commit()
    (repository.folder / "link").unlink()
    repository.stage("link", "text\n")
    (repository.folder / "file").unlink()
    (repository.folder / "file").symlink_to("target")
    library = type(repository)(tmp_path / "library")
    library.commit()
    repository.git("submodule", "--quiet", "add", str(library.folder), "library")
    repository.git("add", "file", "other")
    assert set(staged(repository.folder)) == {".gitmodules", "link"}
    links = [item for item in StagedSource(str(repository.folder)).artifacts() if isinstance(item, LinkArtifact)]
    assert links == [LinkArtifact(StagedProvenance(name), b"target") for name in ("file", "other")]


def test_a_file_that_is_only_intended_to_be_added_is_not_staged(repository: Repository) -> None:
    repository.write("a.py")
    repository.git("add", "--intent-to-add", "a.py")
    assert staged(repository.folder) == {}


def test_a_merge_conflict_is_an_error(repository: Repository) -> None:
    repository.stage("a.py", "base\n")
    repository.commit()
    repository.git("checkout", "-q", "-b", "side")
    repository.stage("a.py", "side\n")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.stage("a.py", "main\n")
    repository.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repository.git("merge", "-q", "side")
    repository.stage("b.py", "fine\n")
    error, artifact = StagedSource(str(repository.folder)).artifacts()
    assert error == ScanError("a.py", "has a merge conflict, so nothing of it is staged")
    assert artifact.path == "b.py"


# --- content that is not plain lines ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(_CHANGED.encode("utf-16"), id="UTF-16"),
        pytest.param(_CHANGED.encode() + bytes(10), id="binary"),
        pytest.param(b"x" * 9000 + b"\0\n" + _CHANGED.encode(), id="binary, which git does not see"),
        pytest.param(_CHANGED.replace("line 1\n", "line 1\r").encode(), id="a lone carriage return ends a line, too"),
    ],
)
def test_every_line_counts_where_git_counts_lines_differently(content: bytes, repository: Repository) -> None:
    repository.stage("a", _TEXT)
    repository.commit()
    repository.stage("a", content)
    assert staged(repository.folder) == {"a": (content, None)}


def test_every_line_counts_where_attributes_forbid_a_diff(repository: Repository) -> None:
    repository.stage(".gitattributes", "*.lock -diff\n")
    repository.stage("a.lock", _TEXT)
    repository.commit()
    repository.stage("a.lock", _CHANGED)
    assert staged(repository.folder) == {"a.lock": (_CHANGED.encode(), None)}


def test_windows_line_ends(repository: Repository) -> None:
    repository.stage("a", _TEXT.replace("\n", "\r\n"))
    repository.commit()
    content = _CHANGED.replace("\n", "\r\n")
    repository.stage("a", content)
    assert staged(repository.folder) == {"a": (content.encode(), _ADDED_LINES)}


def test_odd_names(repository: Repository) -> None:
    names = ["\n@@ -1 +1 @@\n.py", " ", "-rf", 'a\t"b', "É", "a => b", "{a => b}/c", "\udcff"]
    for name in names:
        repository.stage(name, name.encode("utf-8", "surrogateescape") + _TEXT.encode())
    repository.commit()
    for name in names:
        repository.stage(name, name.encode("utf-8", "surrogateescape") + _CHANGED.encode())
    assert {path: lines for path, (_, lines) in staged(repository.folder).items()} == {
        name: frozenset(line + name.count("\n") for line in _ADDED_LINES) for name in sorted(names)
    }


def test_the_limit(repository: Repository) -> None:
    large = b"some text\n" * 2**20
    binary = bytes(range(32)) * 2**19
    repository.stage("a", large)
    repository.stage("b", binary)
    repository.stage("c", "after them\n")
    artifacts = [item for item in StagedSource(str(repository.folder)).artifacts() if isinstance(item, StagedArtifact)]
    assert [artifact.size for artifact in artifacts] == [len(large), len(binary), 11]
    assert artifacts[0].read(_LIMIT) == large
    with pytest.raises(TooLargeError, match="larger than 1000 bytes") as raised:
        artifacts[1].read(1000)
    assert raised.value.is_binary
    assert artifacts[2].read(11) == b"after them\n"
    for artifact in (artifacts[0], artifacts[2]):
        with pytest.raises(ScannerError, match="larger than 10 bytes"):
            artifact.read(10)


def test_an_artifact_can_be_sent_to_another_process_and_does_not_show_its_content(repository: Repository) -> None:
    repository.stage("a.py", "hello\n")
    (artifact,) = StagedSource(str(repository.folder)).artifacts()
    assert isinstance(artifact, StagedArtifact)
    sent = pickle.loads(pickle.dumps(artifact))
    assert (sent.provenance, sent.read(_LIMIT)) == (StagedProvenance("a.py"), b"hello\n")
    assert "hello" not in repr(sent)


# --- where and how it is run ------------------------------------------------------------------------------------------


def test_from_a_folder_of_the_work_tree(repository: Repository) -> None:
    repository.stage("a.py", "1\n")
    repository.stage("sub/b.py", "2\n")
    assert set(staged(repository.folder / "sub")) == {"a.py", "sub/b.py"}


def test_limited_to_paths(repository: Repository) -> None:
    for name in ("a.py", "b/c.py", "b/d.py", "bc/e.py"):
        repository.stage(name, name)
    assert set(staged(repository.folder, "b", "a.py")) == {"a.py", "b/c.py", "b/d.py"}
    assert set(staged(repository.folder, ".")) == {"a.py", "b/c.py", "b/d.py", "bc/e.py"}


def test_exclude_and_keytraceignore(repository: Repository) -> None:
    repository.write(".keytraceignore", "fixtures/\n")
    for name in ("a.py", "fixtures/b.py", "c.lock"):
        repository.stage(name, name)
    assert set(staged(repository.folder, exclude=("*.lock",))) == {"a.py"}
    named = [str(repository.folder / "c.lock")]
    found = [*StagedSource(str(repository.folder), exclude=("*.lock",)).artifacts()]
    found += StagedSource(str(repository.folder), named, exclude=("*.lock",)).artifacts()
    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped("c.lock", Reason.EXCLUDE),
        Skipped("fixtures/b.py", Reason.KEYTRACEIGNORE),
        Skipped("c.lock", Reason.EXCLUDE, named=True),
    ]
    assert len(list(StagedSource(str(repository.folder), trust_repo=False).artifacts())) == 3


def test_a_path_that_is_not_there_or_outside_is_a_mistake(repository: Repository, tmp_path: Path) -> None:
    for name in ("a.py", "b/c.py", "d.py"):
        repository.stage(name)
    repository.commit()
    repository.stage("b/c.py", "changed\n")
    repository.git("rm", "-q", "a.py")
    repository.folder.joinpath("b/c.py").unlink()
    (tmp_path / "link").symlink_to(repository.folder)
    assert set(staged(repository.folder, "b/c.py")) == {"b/c.py"}  # only in the index
    assert set(staged(repository.folder, "b", "d.py")) == {"b/c.py"}
    assert set(staged(repository.folder, str(tmp_path / "link" / "b"))) == {"b/c.py"}
    assert staged(repository.folder, "a.py") == {}  # removed by this commit
    with pytest.raises(ScannerError, match=r"no such file or folder: .*/e"):
        staged(repository.folder, "e")
    for outside in (str(tmp_path), "..", "../other"):
        with pytest.raises(ScannerError, match="lies outside of the work tree"):
            staged(repository.folder, outside)
    repository.git("reset", "-q", "--hard")
    with pytest.raises(ScannerError, match="no such file or folder"):  # also when nothing is staged
        staged(repository.folder, "e")


def test_what_git_refuses_is_told_as_git_says_it(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.stage("a.py")
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", "/nowhere")
        with pytest.raises(ScannerError, match="not a git repository: '/nowhere'") as raised:
            staged(repository.folder)
        assert raised.value.hint == "GIT_DIR says so; unset it, or let it name a repository"
    if os.name == "nt" or os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    for place in (repository.folder, repository.folder / ".git"):
        os.chown(place, 65534, 65534)
    with pytest.raises(ScannerError, match="dubious ownership") as raised:
        staged(repository.folder)
    assert raised.value.hint.endswith(f"safe.directory '{repository.folder}'")


def test_a_linked_work_tree_has_its_own_index(repository: Repository, tmp_path: Path) -> None:
    repository.commit()
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    linked = tmp_path / "linked"
    (linked / "b.py").write_text("linked\n")
    subprocess.run(["git", "add", "b.py"], cwd=linked, check=True)
    repository.stage("a.py")
    assert staged(linked) == {"b.py": (b"linked\n", None)}


@pytest.mark.parametrize("linked", [False, True])
def test_a_hook_sees_what_is_being_committed(linked: bool, repository: Repository, tmp_path: Path) -> None:
    """`git commit FILE` commits from an index of its own, which it makes known to its hooks."""
    repository.stage("a.py", "1\n")
    repository.stage("b.py", "1\n")
    repository.commit()
    folder = repository.folder
    if linked:
        folder = tmp_path / "linked"
        repository.git("worktree", "add", "-q", str(folder))
    seen = tmp_path / "seen"
    script = (
        f"import sys; sys.path[:0] = {sys.path!r}\n"
        "from keytrace.sources.staged import StagedSource\n"
        "seen = [(item.path, item.read(99)) for item in StagedSource('.').artifacts()]\n"
        f"open({str(seen)!r}, 'w').write(repr(seen))\n"
    )
    (tmp_path / "script.py").write_text(script)
    hook = repository.folder / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{tmp_path / 'script.py'}'\n")
    hook.chmod(0o755)
    (folder / "a.py").write_text("2\n")
    (folder / "b.py").write_text("2\n")
    subprocess.run(["git", "add", "b.py"], cwd=folder, check=True)
    subprocess.run(["git", "commit", "-q", "-m", "only a", "a.py"], cwd=folder, check=True)
    assert seen.read_text() == repr([("a.py", b"2\n")])


@pytest.mark.parametrize(
    "setting",
    [
        "diff.noprefix=true", "diff.mnemonicPrefix=true", "diff.renames=copies", "diff.renames=false",
        "diff.context=5", "diff.interHunkContext=9", "diff.external=false", "diff.orderFile=missing",
        "diff.submodule=log", "diff.relative=true", "diff.algorithm=patience", "diff.wordRegex=.",
        "diff.colorMoved=zebra", "diff.wsErrorHighlight=all", "diff.suppressBlankEmpty=true", "color.ui=always",
        "color.diff=always", "core.quotePath=false", "core.abbrev=5", "core.pager=false",
    ],
)  # fmt: skip
def test_no_setting_of_the_user_changes_what_is_seen(setting: str, repository: Repository) -> None:
    repository.stage("a.py", _TEXT)
    repository.stage("sub/É.py", "É\n" + _TEXT)
    repository.commit()
    repository.git("mv", "a.py", "b.py")
    repository.stage("b.py", _CHANGED)
    repository.stage("sub/É.py", "É\n" + _CHANGED)
    repository.git("config", *setting.split("="))
    seen = {path: lines for path, (_, lines) in staged(repository.folder / "sub").items()}
    assert seen == {"b.py": _ADDED_LINES | {NAME}, "sub/É.py": frozenset(line + 1 for line in _ADDED_LINES)}


# --- mistakes ---------------------------------------------------------------------------------------------------------


def test_not_a_repository(tmp_path: Path) -> None:
    with pytest.raises(ScannerError, match="not in the work tree of a git repository"):
        next(StagedSource(str(tmp_path)).artifacts())


def test_a_damaged_index(repository: Repository) -> None:
    repository.write(".git/index", "nonsense that is long enough to be taken for an index of git")
    with pytest.raises(ScannerError, match=r"^git: index file corrupt$"):
        next(StagedSource(str(repository.folder)).artifacts())


def test_a_blob_that_is_missing_from_the_repository_is_an_error(repository: Repository) -> None:
    repository.stage("a.py", "lost\n")
    repository.stage("b.py", "there\n")
    blob = repository.git("rev-parse", ":a.py").decode().strip()
    (repository.folder / ".git/objects" / blob[:2] / blob[2:]).unlink()
    error, artifact = StagedSource(str(repository.folder)).artifacts()
    assert error == ScanError("a.py", "git cannot read its staged content")
    assert artifact.path == "b.py"


def test_a_source_may_be_left_half_way(repository: Repository) -> None:
    for number in range(20):
        repository.stage(f"{number}.py", "some text\n" * 100_000)
    artifacts = StagedSource(str(repository.folder)).artifacts()
    next(artifacts)
    artifacts.close()  # type: ignore[attr-defined]


def test_more_than_one_batch_is_staged(repository: Repository) -> None:
    """Workers are forked while git is asked for blobs, and hold its input open."""
    for number in range(300):
        (repository.folder / f"{number}.txt").write_text(f"{number}\n")
    repository.git("add", ".")
    command = [sys.executable, "-m", "keytrace", "scan", "--staged", "-j2", "-q"]
    assert subprocess.run(command, cwd=repository.folder, timeout=300, check=False, capture_output=True).returncode == 0
