"""Whatever is scanned, in whatever state: an answer, never a crash, a hang, half a file or a false all-clear."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import keytrace as package
from keytrace import executors
from keytrace.batch import scan_batch
from keytrace.engine import Setup, load_engine
from keytrace.model import FileProvenance, ScanError
from keytrace.sources.folder import FileArtifact
from tests.samples import marked as github_token

from .conftest import GITHUB, Keytrace

TOKEN = github_token(1)
COMPILING = "keytrace: compiling the rules; this takes some seconds, and again only when they change\n"
LINE = f"token = '{TOKEN}'\n".encode()

linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


# --- files that cannot be read ----------------------------------------------------------------------------------------


def without_the_powers_of_root() -> None:
    """Let permissions hold for root, too: the capabilities to override them are gone from the new process."""
    if os.getuid() == 0:
        import ctypes

        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP


@linux
def test_what_may_not_be_read(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_bytes(LINE)
    (project / "app.py").chmod(0)
    (project / "folder").mkdir()
    (project / "folder").chmod(0)
    run = keytrace("scan", "-f", "json", before=without_the_powers_of_root)
    (project / "folder").chmod(0o700)
    assert (run.code, run.findings) == (3, [])
    assert run.json["errors"] == [
        {"path": "app.py", "message": "Permission denied"},
        {"path": "folder", "message": "cannot list the folder: Permission denied"},
    ]
    assert run.err.splitlines()[0] == "keytrace: app.py: Permission denied"


@linux
def test_settings_that_may_not_be_read(keytrace: Keytrace, project: Path) -> None:
    for name in (".keytrace-baseline.jsonl", "keytrace.toml", ".gitleaks.toml"):
        (project / name).touch(mode=0)
        run = keytrace("scan", before=without_the_powers_of_root)
        (project / name).unlink()
        assert (run.code, run.out) == (2, "")
        assert f"{name}: Permission denied" in run.err


def test_a_missing_path_among_others_is_no_partial_scan(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_bytes(LINE)
    run = keytrace("scan", "app.py", "gone.py")
    assert (run.code, run.out) == (2, "")
    assert "no such file or folder: gone.py" in run.err


def test_a_link_that_leads_nowhere(keytrace: Keytrace, project: Path) -> None:
    (project / "link.py").symlink_to("gone.py")
    run = keytrace("scan", "link.py")
    assert run.code == 3
    assert "link.py: No such file or directory" in run.out
    assert keytrace("scan").code == 0, "in a folder a link is passed over: what it leads to is scanned where it is"


def test_folders_that_link_to_each_other(keytrace: Keytrace, project: Path) -> None:
    (project / "a" / "b").mkdir(parents=True)
    (project / "a" / "b" / "app.py").write_bytes(LINE)
    (project / "a" / "b" / "up").symlink_to("../..", target_is_directory=True)
    (project / "self").symlink_to("self")
    run = keytrace.json()
    assert run.findings == [(GITHUB, "a/b/app.py", 1)]
    assert run.json["errors"] == []


def test_links_do_not_lead_out_of_the_tree(keytrace: Keytrace, project: Path) -> None:
    (project.parent / "outside.py").write_bytes(LINE)
    (project / "inside.py").symlink_to("../outside.py")
    (project / "folder").symlink_to("..", target_is_directory=True)
    assert keytrace("scan").code == 0


def test_what_is_no_file(keytrace: Keytrace, project: Path) -> None:
    os.mkfifo(project / "pipe")
    assert keytrace("scan", timeout=600).code == 0
    run = keytrace("scan", "pipe", timeout=600)
    assert run.code == 3
    assert "pipe: not a regular file" in run.out


@dataclass(frozen=True)
class Changing(FileArtifact):
    """A file that something happens to between being listed and being read."""

    change: str = ""

    def read(self, limit: int) -> bytes:
        path = Path(self.root, self.path)
        if self.change == "vanishes":
            path.unlink()
        elif self.change == "grows":
            with path.open("ab") as file:
                file.write(LINE * 100)
        elif self.change == "shrinks":
            path.write_bytes(b"")
        elif self.change == "becomes a link":
            path.unlink()
            path.symlink_to("/etc/passwd")
        return FileArtifact.read(self, limit)


@pytest.mark.parametrize(
    ("change", "lines", "errors"),
    [
        ("", [2], []),
        ("vanishes", [], ["No such file or directory"]),
        ("grows", [], ["larger than 2000 bytes; raise max-file-size to scan it"]),
        ("shrinks", [], []),
        ("becomes a link", [], ["Too many levels of symbolic links"]),
    ],
)
def test_a_file_that_changes_during_the_scan(project: Path, change: str, lines: list[int], errors: list[str]) -> None:
    (project / "app.py").write_bytes(b"\n" + LINE)
    result = scan_batch(Setup(only=(GITHUB,), max_file_size=2000), [Changing(str(project), "app.py", change=change)])
    assert [finding.location.region.start_line for finding in result.findings] == lines
    assert [error.message for error in result.errors] == errors


# --- content that is not what it should be ----------------------------------------------------------------------------

FILLER = b"The quick brown fox jumps over the lazy dog.\n" * 20
CONTENTS = {
    "invalid UTF-8": (b"# caf\xe9 \xff\xfe\xc3\n" + LINE, 2),
    "a stray NUL": (FILLER + b"\0" + LINE, 21),
    "NULs around it": (FILLER + b"'\0" + TOKEN.encode() + b"\0'", 21),
    "NULs behind the first kilobytes": (FILLER * 10 + bytes(5000) + b"\n" + LINE, 202),
    "escape sequences": (FILLER + b"\x1b[31m" + LINE + b"\x1b[0m", 21),
    "UTF-16, little endian": (LINE.decode().encode("utf-16"), 1),
    "UTF-16, big endian, no mark": (LINE.decode().encode("utf-16-be"), 1),
    "UTF-32": (LINE.decode().encode("utf-32"), 1),
    "a byte order mark": (b"\xef\xbb\xbf" + LINE, 1),
    "old Macintosh lines": (b"x = 1\r" + LINE.replace(b"\n", b"\r"), 2),
    "no line end": (LINE.rstrip(b"\n"), 1),
    "a very long line before": (b"x" * 3_000_000 + b"\n" + LINE, 2),
    "a million newlines": (b"\n" * 1_000_000 + LINE, 1_000_001),
}


@pytest.fixture(scope="module")
def reports_of_contents(caches: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[int]]:
    """The lines of the findings in each of CONTENTS, by its name, from one run."""
    top = tmp_path_factory.mktemp("contents")
    (top / "project").mkdir()
    keytrace = Keytrace(top / "project", caches, top)
    for name, (content, _) in CONTENTS.items():
        (top / "project" / f"{name}.txt").write_bytes(content)
    run = keytrace.json()
    assert run.json["errors"] == []
    found: dict[str, list[int]] = {name: [] for name in CONTENTS}
    for _, path, line in run.findings:
        found[path.removesuffix(".txt")].append(line)
    return found


@pytest.mark.parametrize("name", CONTENTS)
def test_a_secret_is_found_in(reports_of_contents: dict[str, list[int]], name: str) -> None:
    assert reports_of_contents[name] == [CONTENTS[name][1]]


def test_files_with_nothing_in_them(keytrace: Keytrace, project: Path) -> None:
    for name, content in {
        "empty": b"",
        "newlines": b"\n" * 5000,
        "nul": b"\0",
        "mark": b"\xff\xfe",
        "half": b"\xfe\xff\0",
    }.items():
        (project / name).write_bytes(content)
    run = keytrace.json()
    assert (run.code, run.findings, run.json["errors"]) == (0, [], [])
    assert run.json["statistics"]["files"] == 5


def test_a_line_of_200_megabytes(keytrace: Keytrace, project: Path) -> None:
    piece = b'var a=function(b,c){return b.key+c["token"]};password=x;' * 20_000
    with (project / "bundle.js").open("wb") as file:
        half = 100 * 2**20 // len(piece) + 1
        file.writelines([piece] * half + [LINE.rstrip(b"\n")] + [piece] * half)
    assert (project / "bundle.js").stat().st_size > 200 * 2**20
    run = keytrace("scan")
    assert run.code == 3
    assert "bundle.js: larger than 50 MiB; raise max-file-size to scan it" in run.out

    def limit_memory() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 * 2**30, 2 * 2**30))

    limits = ("--max-file-size", "300MB", "--file-timeout", "0")
    run = keytrace("scan", "-f", "json", *limits, before=limit_memory)
    (project / "bundle.js").unlink()
    assert run.code == 1
    assert run.findings == [(GITHUB, "bundle.js", 1)]
    assert run.json["findings"][0]["start_column"] == half * len(piece) + LINE.index(b"ghp") + 1
    assert len(run.stdout) < 10_000


# --- surroundings -----------------------------------------------------------------------------------------------------


def test_standard_input_that_is_closed(keytrace: Keytrace) -> None:
    run = keytrace("scan", "-", before=lambda: os.close(0))
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("keytrace: ")


def test_a_current_folder_that_is_gone(keytrace: Keytrace, project: Path) -> None:
    (project.parent / "app.py").write_bytes(LINE)
    run = keytrace("scan", before=lambda: os.rmdir(project))
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("keytrace: ")
    project.mkdir()
    run = keytrace("scan", project.parent / "app.py", before=lambda: os.rmdir(project))
    assert run.code == 1
    project.mkdir()


def test_no_git_where_it_is_needed(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_bytes(LINE)
    for arguments in (["scan"], ["scan", "--staged"]):
        run = keytrace(*arguments, env={"PATH": ""})
        assert (run.code, run.out) == (2, "")
        assert run.err.startswith("keytrace: git is needed here, but it is not on PATH\nhint: install git, or ")
        assert "--no-gitignore" in run.err
    assert keytrace("scan", "--no-gitignore", env={"PATH": ""}).code == 1


def test_no_place_for_a_cache(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_bytes(LINE)
    run = keytrace("scan", "--rule", GITHUB, env={"KEYTRACE_CACHE_DIR": "/dev/null/none"})
    assert run.code == 1
    assert run.err in ("", COMPILING)


def test_a_damaged_cache(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_bytes(LINE)
    cache = project.parent / "cache"
    arguments = ("scan", "--rule", GITHUB)
    for damage in (b"", b"x" * 5000, bytes(32) + b"[[],[]]\n"):
        assert keytrace("cache", "warm", "--rule", GITHUB, env={"KEYTRACE_CACHE_DIR": str(cache)}).code == 0
        for file in cache.iterdir():
            file.write_bytes(damage)
        run = keytrace(*arguments, env={"KEYTRACE_CACHE_DIR": str(cache)})
        assert run.code == 1
        assert run.err in ("", COMPILING)
        assert "note: the cached rules in" in run.out
        assert "note: the cached patterns in" in run.out
    cache.chmod(0o777)
    assert "is not used: other users may write to it" in keytrace(
        *arguments, env={"KEYTRACE_CACHE_DIR": str(cache)}
    ).out.replace("\n", " ")


# --- broken files of ours and of git ----------------------------------------------------------------------------------

HEADER = '{"keytrace-baseline": 1, "kdf": "scrypt", "n": 4096, "r": 8, "p": 1, "random": "AAAAAAAAAAAAAAAAAAAAAA=="}\n'
BASELINES = {
    "empty": (b"", ":1: the baseline is empty"),
    "not JSON": (b"hello\n", ":1: not a JSON object"),
    "no header": (b'{"rule": "a", "path": "b", "digest": "c"}\n', ":1: not the header of a baseline"),
    "newer": (b'{"keytrace-baseline": 2}\n', ":1: a baseline of a version that is not known"),
    "cut short": (f'{HEADER}{{"rule": "a", "pa'.encode(), ":2: not a JSON object"),
    "a bad digest": (f'{HEADER}{{"rule": "a", "path": "b", "digest": "xyz"}}\n'.encode(), ":2: an entry needs"),
    "a merge conflict": (f"{HEADER}<<<<<<< ours\n".encode(), ":2: a merge conflict"),
    "hostile cost": (HEADER.replace("4096", "1048576").encode(), ":1: bad parameters of scrypt"),
    "not UTF-8": (b"\xff\xfe\x00", ": not UTF-8"),
}


@pytest.mark.parametrize("kind", BASELINES)
def test_a_broken_baseline(keytrace: Keytrace, project: Path, kind: str) -> None:
    content, reason = BASELINES[kind]
    (project / ".keytrace-baseline.jsonl").write_bytes(content)
    for arguments in (["scan"], ["baseline", "show"]):
        run = keytrace(*arguments)
        assert (run.code, run.out) == (2, "")
        first, second = run.err.splitlines()
        assert f".keytrace-baseline.jsonl{reason}" in first
        assert second.startswith("hint: ")


@pytest.mark.parametrize("content", [b"", b"garbage" * 50, b"DIRC\0\0\0\2\xff\xff\xff\xff"])
def test_a_broken_git_index(keytrace: Keytrace, project: Path, content: bytes) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_bytes(LINE)
    keytrace.git("add", ".")
    index = project / ".git" / "index"
    index.write_bytes(content)
    if not content:
        index.chmod(0o600)
    run = keytrace("scan", "--staged")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("keytrace: git: ")
    assert "\nhint: if it is damaged, move the file .git/index away" in run.err


def test_a_staged_blob_that_is_lost(keytrace: Keytrace, project: Path) -> None:
    keytrace.git("init", "-q")
    (project / "app.py").write_bytes(LINE)
    keytrace.git("add", ".")
    for file in (project / ".git" / "objects").glob("??/*"):
        file.unlink()
    run = keytrace.json("--staged")
    assert run.code in (2, 3), "not an all-clear"
    assert "bug" not in run.err


# --- interruptions ----------------------------------------------------------------------------------------------------


def start(keytrace: Keytrace, *arguments: str) -> subprocess.Popen[bytes]:
    keytrace("--version")  # the rules are compiled, so that many files are scanned by processes
    pipe = subprocess.PIPE
    return subprocess.Popen(
        keytrace.command(*arguments), cwd=keytrace.folder, env=keytrace.environment(*arguments),
        stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=True,
    )  # fmt: skip


def children(process: int) -> list[int]:
    try:
        return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def is_there(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False


def wait_for_workers(process: subprocess.Popen[bytes]) -> list[int]:
    wait_until(lambda: len(children(process.pid)) == 2)
    time.sleep(0.3)  # while processes are being started, anything may happen; here they have started to scan
    return children(process.pid)


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture
def large_tree(project: Path) -> Path:
    """Files that take some seconds to scan, with 20 findings."""
    text = b'def f(key, token):\n    return key.api_token == token["password"] or x.secret(key=key)\n' * 1200
    for number in range(160):
        folder = project / f"package{number % 10}"
        folder.mkdir(exist_ok=True)
        found = f"token = '{github_token(number)}'\n".encode() if number % 8 == 0 else b""
        (folder / f"module{number}.js").write_bytes(text + found)
    return project


@linux
def test_control_c_ends_it_quietly(keytrace: Keytrace, large_tree: Path) -> None:
    keytrace("scan", "package0/module0.js")  # the cache is written
    process = start(keytrace, "scan", "--jobs", "2")
    workers = wait_for_workers(process)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to all of them
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, err.strip()) == (130, b"", b"keytrace: interrupted")
    wait_until(lambda: not any(map(is_there, workers)), 5)
    assert [name for name in os.listdir(large_tree) if not name.startswith("package")] == []


@linux
def test_an_interrupt_of_the_process_alone_leaves_no_orphans(keytrace: Keytrace, large_tree: Path) -> None:
    keytrace("scan", "package0/module0.js")
    process = start(keytrace, "scan", "--jobs", "2", "-f", "json")
    workers = wait_for_workers(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, err.strip()) == (130, b"", b"keytrace: interrupted")
    wait_until(lambda: not any(map(is_there, workers)), 5)


def test_an_interrupt_while_it_waits_for_standard_input(keytrace: Keytrace) -> None:
    process = start(keytrace, "scan", "-")
    assert process.stdin
    process.stdin.write(LINE * 10_000)  # more than a pipe holds: by the end of it, the program reads
    process.stdin.flush()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, err.strip()) == (130, b"", b"keytrace: interrupted")


@linux
def test_a_worker_that_is_killed_costs_nothing(keytrace: Keytrace, large_tree: Path) -> None:
    """As the kernel does when memory runs out: the files it held are scanned once more."""
    keytrace("scan", "package0/module0.js")
    process = start(keytrace, "scan", "--jobs", "2", "-f", "jsonl")
    os.kill(wait_for_workers(process)[0], signal.SIGKILL)
    out, err = process.communicate(timeout=600)
    assert (process.returncode, err) == (1, b"")
    assert out.count(b'"type": "finding"') == 20
    assert out.count(b'"type": "error"') == 0


@dataclass(frozen=True)
class Deadly(FileArtifact):
    """Kills the process that reads it, unless that is the one of the tests."""

    tests: int = 0

    def read(self, limit: int) -> bytes:
        if os.getpid() != self.tests:
            os.kill(os.getpid(), signal.SIGKILL)
        return FileArtifact.read(self, limit)


def with_deadly(folder: Path, pause: float) -> Iterator[FileArtifact]:
    """Two hundred files with a token each and a deadly one among them; those after it come slowly."""
    for number in range(200):
        if number == 30:
            yield Deadly(str(folder), "deadly.py", tests=os.getpid())
        if number > 100:
            time.sleep(pause)
        yield FileArtifact(str(folder), f"{number}.py")


@pytest.mark.parametrize("pause", [0, 0.01], ids=["quickly listed", "slowly listed"])
def test_a_file_that_kills_its_worker_is_an_error_and_the_rest_is_scanned(project: Path, pause: float) -> None:
    for number in range(200):
        (project / f"{number}.py").write_text(f"token = '{github_token(number)}'\n")
    (project / "deadly.py").write_bytes(LINE)
    setup = Setup(only=(GITHUB,))
    load_engine(setup).prepare()
    results = list(executors.run(setup, with_deadly(project, pause), jobs=2))
    errors = [error for result in results for error in result.errors]
    assert errors == [ScanError("deadly.py", "the process that scanned this file died")]
    paths = [finding.location.provenance for result in results for finding in result.findings]
    assert paths == [FileProvenance(f"{number}.py") for number in range(200)]


def test_a_project_with_a_folder_of_the_old_name(keytrace: Keytrace, project: Path) -> None:
    """A project's own packages must not shadow the tool, whatever PYTHONPATH says."""
    (project / "scanner").mkdir()
    (project / "scanner" / "__init__.py").write_text("raise ImportError('not yours')\n")
    run = keytrace("scan", env={"PYTHONPATH": os.pathsep.join([".", str(Path(package.__file__).parents[1])])})
    assert (run.code, run.err.count("Traceback")) == (0, 0)


@pytest.mark.parametrize("path", [".", "{project}", "sub"])
def test_a_project_with_a_folder_of_our_name(keytrace: Keytrace, project: Path, path: str) -> None:
    (project / "app.py").write_bytes(LINE)
    for folder in (project / "keytrace", project / "sub" / "keytrace"):
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise SystemExit(0)\n")
    ours = os.fspath(Path(package.__file__).parents[1])
    environment = keytrace.environment() | {"PYTHONPATH": os.pathsep.join((path.format(project=project), ours))}
    start = "import sys; from keytrace_command import main; sys.exit(main())"  # as the script that pip installs does
    command = [sys.executable, "-c", start, "scan", "app.py", "--rule", GITHUB, "-f", "line"]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout.count(b"app.py:1:"), b"Traceback" in done.stderr) == (1, 1, False)


def test_modules_of_what_is_scanned_are_not_ours(keytrace: Keytrace, project: Path) -> None:
    (project / "app.py").write_bytes(LINE)
    for name in ("click", "regex", "hyperscan", "pathspec"):
        (project / f"{name}.py").write_text("raise SystemExit(0)\n")
    ours = os.fspath(Path(package.__file__).parents[1])
    for path in (".", os.fspath(project), f"{project}/"):
        environment = {"PYTHONPATH": os.pathsep.join((path, ours))}
        assert keytrace("scan", "app.py", "--rule", GITHUB, env=environment).code == 1
