"""What a folder yields, what it leaves out, and what becomes of what cannot be read."""

from __future__ import annotations

import os
import pickle
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from keytrace.errors import ScannerError
from keytrace.model import FileProvenance, Reason, ScanError, Skipped
from keytrace.sources.content import TooLargeError
from keytrace.sources.folder import FileArtifact, FolderSource
from keytrace.sources.link import LinkArtifact

if TYPE_CHECKING:
    from tests.conftest import Repository

_LIMIT = 1000


def write(folder: Path, *names: str, content: str | bytes = "x = 1\n") -> None:
    for name in names:
        file = Path(os.path.join(folder, name))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())


def source(root: Path, *paths: str, exclude: tuple[str, ...] = (), **options: bool) -> FolderSource:
    return FolderSource(str(root), [os.path.join(root, path) for path in paths or (".",)], exclude, **options)


def paths(root: Path, *names: str, exclude: tuple[str, ...] = (), **options: bool) -> list[str]:
    found = list(source(root, *names, exclude=exclude, **options).artifacts())
    assert not [item for item in found if isinstance(item, ScanError)]
    return [item.path for item in found if isinstance(item, FileArtifact)]


def left_out(root: Path, *names: str, exclude: tuple[str, ...] = (), **options: bool) -> dict[str, Reason]:
    found = source(root, *names, exclude=exclude, **options).artifacts()
    return {item.path: item.reason for item in found if isinstance(item, Skipped)}


# --- the walk ---------------------------------------------------------------------------------------------------------


def test_files_come_before_folders_each_by_name(tmp_path: Path) -> None:
    write(tmp_path, "z.py", "B.py", "a/c.py", "a/b/d.py", "a.py", "a-b/x.py")
    assert paths(tmp_path) == ["B.py", "a.py", "z.py", "a/c.py", "a/b/d.py", "a-b/x.py"]


def test_an_artifact_says_where_it_is_and_can_be_sent_to_another_process(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py", content="hello")
    (artifact,) = source(tmp_path).artifacts()
    assert isinstance(artifact, FileArtifact)
    sent = pickle.loads(pickle.dumps(artifact))
    assert (sent.provenance, sent.lines, sent.read(_LIMIT)) == (FileProvenance("a/b.py"), None, b"hello")


def test_it_finds_files_only_as_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b/c.py")
    artifacts = source(tmp_path).artifacts()
    assert next(artifacts).path == "a.py"
    write(tmp_path, "b/d.py")
    assert [artifact.path for artifact in artifacts] == ["b/c.py", "b/d.py"]


def test_odd_names(tmp_path: Path) -> None:
    names = ["\n.py", " ", "-rf", "a\tb", "É.py", "€/b", "😀", "\udcff\udc80"]
    write(tmp_path, *names)
    artifacts = list(source(tmp_path).artifacts())
    assert sorted(artifact.path for artifact in artifacts) == sorted(names)
    assert {artifact.read(_LIMIT) for artifact in artifacts if isinstance(artifact, FileArtifact)} == {b"x = 1\n"}


def test_links_are_not_followed_and_special_files_are_no_content(tmp_path: Path) -> None:
    write(tmp_path / "outside", "secret.py")
    root = tmp_path / "root"
    write(root, "a.py", "b/c.py")
    (root / "to-file").symlink_to("a.py")
    (root / "to-outside").symlink_to("../outside/secret.py")
    (root / "to-folder").symlink_to("../outside")
    (root / "b/loop").symlink_to("..")
    (root / "dangling").symlink_to("nowhere")
    os.mkfifo(root / "fifo")
    with socket.socket(socket.AF_UNIX) as unix:
        folder = os.open(root, os.O_RDONLY)
        unix.bind(f"/proc/self/fd/{folder}/socket" if os.path.exists("/proc/self/fd") else "socket")
        os.close(folder)
    assert paths(root) == ["a.py", "b/c.py"]
    assert left_out(root) == {
        "dangling": Reason.LINK,
        "to-outside": Reason.LINK,
        "to-folder": Reason.LINK,
        "to-file": Reason.LINK_WITHIN,
        "b/loop": Reason.LINK_WITHIN,
        "fifo": Reason.SPECIAL,
        "socket": Reason.SPECIAL,
    }
    links = {item.path: item.read(99) for item in source(root).artifacts() if isinstance(item, LinkArtifact)}
    assert links == {
        "dangling": b"nowhere",
        "to-outside": b"../outside/secret.py",
        "to-folder": b"../outside",
        "to-file": b"a.py",
        "b/loop": b"..",
    }
    assert left_out(root / "b") == {"loop": Reason.LINK}


def test_what_version_control_keeps_is_left_out_and_told(tmp_path: Path) -> None:
    write(tmp_path, "a.py", ".hg/requires", ".svn/wc.db", "c/.git", ".github/x.yml")
    assert paths(tmp_path) == ["a.py", ".github/x.yml"]
    assert left_out(tmp_path) == {".hg/": Reason.METADATA, ".svn/": Reason.METADATA}
    assert len(paths(tmp_path, trust_repo=False)) == 4


def test_a_folder_only_named_like_version_control_is_scanned(tmp_path: Path) -> None:
    names = [".hg/a.py", ".svn/b.py", "b/.git/config", "c/.hg", "d/.svn"]
    write(tmp_path, *names)
    assert sorted(paths(tmp_path)) == names
    assert left_out(tmp_path) == {}


def test_what_git_tracks_is_scanned_wherever_it_lies(repository: Repository) -> None:
    for name in (".svn/a.py", ".hg/b.py", "c/.hg", "d/.svn/e.py"):
        repository.stage(name)
    for name in (".svn/wc.db", ".hg/requires", "d/.svn/wc.db", "e/.svn/entries"):
        repository.write(name)
    assert sorted(paths(repository.folder)) == [".hg/b.py", ".svn/a.py", "c/.hg", "d/.svn/e.py"]
    assert left_out(repository.folder)["e/.svn/"] == Reason.METADATA


def test_what_is_left_out_has_a_reason(repository: Repository, tmp_path: Path) -> None:
    repository.write(".gitignore", "*.o\nbuild/\n")
    repository.write("sub/.keytraceignore", "fixtures\n*.env\n")
    for name in ("a.o", "build/b.py", "sub/fixtures/c.py", "sub/d.env", "docs/e.py", "f.py"):
        repository.write(name)
    inner = type(repository)(repository.folder / "inner")
    inner.write(".gitignore", "*\n")
    inner.write("g.py")
    expected = {
        "a.o": Reason.GITIGNORE,
        "build/": Reason.GITIGNORE,
        "sub/fixtures/": Reason.KEYTRACEIGNORE,
        "sub/d.env": Reason.KEYTRACEIGNORE,
        "docs/": Reason.EXCLUDE,
        "inner/.gitignore": Reason.NESTED,
        "inner/g.py": Reason.NESTED,
    }
    assert left_out(repository.folder, exclude=("docs",)) == expected
    assert left_out(inner.folder) == {".gitignore": Reason.GITIGNORE, "g.py": Reason.GITIGNORE}
    hidden = [item for item in source(repository.folder, "sub/d.env").artifacts() if isinstance(item, Skipped)]
    assert hidden == [Skipped("sub/d.env", Reason.KEYTRACEIGNORE, named=True)]


def test_the_root_may_be_reached_by_a_link(repository: Repository, tmp_path: Path) -> None:
    repository.write(".gitignore", "/s/*.o\n")
    repository.write("s/a.o")
    repository.stage("s/b.o")
    (tmp_path / "link").symlink_to(repository.folder / "s")
    assert paths(tmp_path / "link") == ["b.o"]


# --- paths the user names ---------------------------------------------------------------------------------------------


def test_each_file_is_yielded_once(tmp_path: Path) -> None:
    write(tmp_path, "a/b.py", "a/c/d.py", "e.py")
    assert paths(tmp_path, "a", "a/c", "a/b.py", "a", "a/../e.py") == ["a/b.py", "e.py", "a/c/d.py"]


def test_a_missing_path_is_a_mistake_before_anything_is_yielded(tmp_path: Path) -> None:
    write(tmp_path, "a.py")
    with pytest.raises(ScannerError, match=r"cannot scan b\.py: No such file or directory"):
        next(source(tmp_path, "a.py", "b.py").artifacts())


def test_a_named_file_is_scanned_even_though_it_is_ignored_but_not_when_it_is_excluded(repository: Repository) -> None:
    repository.write(".gitignore", "*.env\nbuild/\n")
    for name in ("a.env", "b.env", "build/c.py", "fixtures/d.env"):
        repository.write(name)
    repository.write(".keytraceignore", "fixtures/\n")
    named = ("a.env", "b.env", "build/c.py", "fixtures/d.env")
    assert paths(repository.folder, *named, exclude=("/b.*",)) == ["a.env", "build/c.py"]
    assert paths(repository.folder, "build", "fixtures") == ["build/c.py"]


def test_a_named_link_is_followed(tmp_path: Path) -> None:
    write(tmp_path, "a.py", content="hello")
    (tmp_path / "link").symlink_to("a.py")
    (artifact,) = source(tmp_path, "link").artifacts()
    assert isinstance(artifact, FileArtifact)
    assert (artifact.path, artifact.read(_LIMIT)) == ("link", b"hello")


def test_a_named_fifo_is_an_error_and_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (artifact,) = source(tmp_path, "fifo").artifacts()
    assert isinstance(artifact, FileArtifact)
    with pytest.raises(ScannerError, match="not a regular file"):
        artifact.read(_LIMIT)


# --- what is ignored --------------------------------------------------------------------------------------------------


def test_a_tracked_file_is_scanned_though_ignored_and_nothing_else_in_its_folder(repository: Repository) -> None:
    repository.write(".gitignore", "build/\n*.env\n")
    repository.stage("build/a/tracked.py")
    repository.stage("x.env")
    for name in ("build/a/other.py", "build/b/other.py", "y.env"):
        repository.write(name)
    assert paths(repository.folder) == [".gitignore", "x.env", "build/a/tracked.py"]


def test_keytraceignore_and_exclude_hold_for_tracked_files(repository: Repository) -> None:
    for name in ("a/x.py", "a/y.py", "a/z.js", "b/x.py", "c/x.py"):
        repository.stage(name)
    repository.write(".keytraceignore", "x.py\n/c/\n")
    repository.write("b/.keytraceignore", "!x.py\n")
    kept = [".keytraceignore", "a/y.py", "b/.keytraceignore", "b/x.py"]
    assert paths(repository.folder, exclude=("*.js",)) == kept


def test_the_keytraceignore_above_the_root_holds(repository: Repository) -> None:
    repository.write(".keytraceignore", "/s/a.py\n")
    repository.write("s/a.py")
    repository.write("s/b.py")
    assert paths(repository.folder / "s") == ["b.py"]


def test_gitignore_means_nothing_outside_of_a_repository(tmp_path: Path) -> None:
    write(tmp_path, ".gitignore", ".keytraceignore", content="*.py\n")
    write(tmp_path, "a.py", "b.js")
    assert paths(tmp_path) == [".gitignore", ".keytraceignore", "b.js"]
    (tmp_path / ".keytraceignore").unlink()
    assert paths(tmp_path) == [".gitignore", "a.py", "b.js"]


def test_gitignore_can_be_turned_off(repository: Repository) -> None:
    repository.write(".gitignore", "*.py\n")
    repository.write(".keytraceignore", "*.js\n")
    repository.write("a.py")
    repository.write("b.js")
    assert paths(repository.folder, gitignore=False) == [".gitignore", ".keytraceignore", "a.py"]


def test_a_tree_that_is_not_trusted_cannot_hide_anything(repository: Repository) -> None:
    for name in (".gitignore", ".keytraceignore", "sub/.gitignore", ".git/info/exclude"):
        repository.write(name, "*\n")
    repository.write("sub/a.py")
    repository.write("b.js")
    found = paths(repository.folder, exclude=("*.js",), trust_repo=False)
    assert found == [".gitignore", ".keytraceignore", "sub/.gitignore", "sub/a.py"]
    assert paths(repository.folder) == []


def test_a_repository_in_a_repository_has_its_own_patterns(repository: Repository) -> None:
    inner = type(repository)(repository.folder / "inner")
    repository.write(".gitignore", "*.a\n")
    inner.write(".gitignore", "*.b\n")
    inner.stage("tracked.b")
    for name in ("x.a", "x.b", "inner/x.a", "inner/x.b"):
        repository.write(name)
    expected = [".gitignore", "x.b", "inner/.gitignore", "inner/tracked.b", "inner/x.a"]
    assert paths(repository.folder) == expected
    assert paths(repository.folder, "inner") == expected[2:]


def test_an_ignored_submodule_is_scanned(repository: Repository, tmp_path: Path) -> None:
    library = type(repository)(tmp_path / "library")
    library.stage("a.py")
    library.commit()
    repository.git("submodule", "--quiet", "add", str(library.folder), "vendor/library")
    repository.write(".gitignore", "vendor/\n")
    repository.write("vendor/other.py")
    assert paths(repository.folder) == [".gitignore", ".gitmodules", "vendor/library/a.py"]


def test_a_linked_work_tree(repository: Repository, tmp_path: Path) -> None:
    repository.stage("tracked.log")
    repository.commit()
    repository.write(".git/info/exclude", "*.log\n")
    repository.git("worktree", "add", "-q", str(tmp_path / "linked"))
    write(tmp_path / "linked", "a.log", "a.py")
    assert paths(tmp_path / "linked") == ["a.py", "tracked.log"]


def test_a_link_in_place_of_an_ignore_file_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    write(tmp_path, "patterns", content="*.py\n")
    (repository.folder / ".gitignore").symlink_to(tmp_path / "patterns")
    repository.write("a.py")
    assert paths(repository.folder) == ["a.py"]


def test_an_ignore_file_that_cannot_be_read_is_an_error_and_the_rest_is_scanned(repository: Repository) -> None:
    repository.write("a/.gitignore", "x\n" * 2**20)
    repository.write("a/b.py")
    (repository.folder / ".keytraceignore").mkdir()
    assert list(source(repository.folder).artifacts()) == [
        FileArtifact(str(repository.folder), "a/.gitignore"),
        FileArtifact(str(repository.folder), "a/b.py"),
        ScanError("a/.gitignore", "its patterns are not used: larger than 262144 bytes"),
        ScanError(".keytraceignore", "its patterns are not used: not a regular file"),
    ]


# --- what cannot be read ----------------------------------------------------------------------------------------------


def test_a_damaged_index_is_a_mistake_before_anything_is_yielded(repository: Repository) -> None:
    repository.write("a.py")
    repository.write(".git/index", "nonsense that is long enough to be taken for an index of git")
    with pytest.raises(ScannerError, match=r"^git: index file corrupt$") as caught:
        next(source(repository.folder).artifacts())
    assert "git reset" in caught.value.hint


def test_a_git_file_that_leads_nowhere_is_no_repository(repository: Repository) -> None:
    repository.write("a.py")
    repository.write("b/.git", "gitdir: nowhere\n")  # as a submodule leaves in a source archive
    repository.write("b/c.py")
    assert [item.path for item in source(repository.folder).artifacts()] == ["a.py", "b/c.py"]


def test_a_damaged_repository_in_the_tree_is_an_error(repository: Repository) -> None:
    repository.write("a.py")
    repository.write("b/c.py")
    repository.git("init", "-q", str(repository.folder / "b"))
    repository.write("b/.git/index", "no index")
    found = list(source(repository.folder).artifacts())
    assert [item.path for item in found] == ["a.py", "b", "b/c.py"]
    assert isinstance(found[1], ScanError)
    assert found[1].message.startswith("git: ")


def test_a_folder_whose_path_is_too_long_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "z.py")
    folder = os.open(tmp_path, os.O_RDONLY)
    name = "a" * 200
    for _ in range(22):
        os.mkdir(name, dir_fd=folder)
        below = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    first, second, third = source(tmp_path).artifacts()
    assert first.path == "z.py"
    assert isinstance(second, ScanError)
    assert third == Skipped(f"{second.path}/", Reason.UNREADABLE)
    assert (second.path[:200], second.message) == (name, "cannot list the folder: File name too long")


def test_what_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b/c.py")
    (tmp_path / "a.py").chmod(0)
    (tmp_path / "b").chmod(0)
    if os.access(tmp_path / "a.py", os.R_OK):
        pytest.skip("we may read everything")
    artifact, error = source(tmp_path).artifacts()
    (tmp_path / "b").chmod(0o700)
    assert isinstance(artifact, FileArtifact)
    with pytest.raises(PermissionError):
        artifact.read(_LIMIT)
    assert error == ScanError("b", "cannot list the folder: Permission denied")


def test_a_file_that_is_gone_or_became_a_link_is_an_error(tmp_path: Path) -> None:
    write(tmp_path, "a.py", "b.py", "c.py")
    artifacts = list(source(tmp_path).artifacts())
    (tmp_path / "a.py").unlink()
    (tmp_path / "b.py").unlink()
    (tmp_path / "b.py").symlink_to("c.py")
    for artifact in artifacts[:2]:
        assert isinstance(artifact, FileArtifact)
        with pytest.raises(OSError, match=r"No such file|symbolic links"):
            artifact.read(_LIMIT)


# --- how much is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"x", b"x" * _LIMIT])
def test_content_up_to_the_limit_is_read_whole(content: bytes, tmp_path: Path) -> None:
    write(tmp_path, "a", content=content)
    assert FileArtifact(str(tmp_path), "a").read(_LIMIT) == content


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_text_beyond_the_limit_is_refused(encoding: str, tmp_path: Path) -> None:
    write(tmp_path, "a", content=("some text\n" * 2000).encode(encoding))
    with pytest.raises(ScannerError, match=r"^larger than 1000 bytes$") as caught:
        FileArtifact(str(tmp_path), "a").read(_LIMIT)
    assert caught.value.hint == "raise max-file-size to scan it"


def test_a_file_beyond_the_limit_is_text_or_binary(tmp_path: Path) -> None:
    write(tmp_path, "a", content=bytes(range(32)) * 1000)
    write(tmp_path, "b", content="some text\n" * 1000)
    for name, is_binary in (("a", True), ("b", False)):
        with pytest.raises(TooLargeError) as raised:
            FileArtifact(str(tmp_path), name).read(_LIMIT)
        assert raised.value.is_binary == is_binary


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="needs a file that holds more than its size says")
def test_a_file_that_grows_while_it_is_read() -> None:
    assert b"VmSize" in FileArtifact("/proc/self", "status").read(100_000)
    with pytest.raises(ScannerError, match="larger than 50 bytes"):
        FileArtifact("/proc/self", "status").read(50)
