"""Running git so that nothing in a repository's configuration can run a program or use the network."""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from keytrace.errors import ScannerError

if TYPE_CHECKING:
    import subprocess

_SETTINGS = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_HOOK_VARIABLES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE")  # how git tells a hook what is being committed
# Where git keeps what a push brings until a pre-receive hook has let it in.
_QUARANTINE = ("GIT_QUARANTINE_PATH", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",  # what is there, not what a replace ref shows instead ...
    "GIT_GRAFT_FILE": os.devnull,  # ... nor what a file says parents are
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone would fetch a missing blob, by a command of its configuration ...
    "GIT_ALLOW_PROTOCOL": "none",  # ... and so it would with a git too old to know the line above
}
_PATIENCE = 5  # seconds for git to remove what it has cloned so far
_DAMAGE = re.compile(
    r"is corrupt|ould not read [0-9a-f]{7}|unable to (?:read|unpack) (?:tree|blob|commit|[0-9a-f]{7})|inflate: "
    r"|missing (?:blob|tree|commit)|Failed to traverse"
)
_HINTS = (
    ("dubious ownership", "if you trust it: git config --global --add safe.directory '{folder}'"),
    ("index file", "if it is damaged, move the file .git/index away and rebuild it with `git reset`"),
    ("not a git repository: '", "GIT_DIR says so; unset it, or let it name a repository"),
    ("not a git repository", "run it inside the work tree of a git repository"),
)


def run(
    arguments: Sequence[str], folder: str, *, hook: bool = False, accept: Sequence[int] = (0,), given: bytes = b""
) -> bytes:
    """Return what git prints when run in `folder`, `given` on its standard input; raise ScannerError when it fails.

    With `hook`, git sees the same repository and index as the hook that we may be.
    """
    with start(arguments, folder, hook=hook, pipe_errors=True, talk=bool(given)) as process:
        output, errors = process.communicate(given or None)
    if process.returncode in accept:
        return output
    told = errors.decode("utf-8", "replace")
    hint = next((hint for sign, hint in _HINTS if sign in told), "")
    if hint is _HINTS[-1][1] and (is_top(folder) or os.path.lexists(os.path.join(folder, "HEAD"))):
        hint = "there is one, but it is damaged or not whole"
    raise ScannerError(f"git: {reason(told)}", hint.format(folder=folder))


def reason(errors: str) -> str:
    """Return why git failed, by what it said: not its advice."""
    lines = [line.strip() for line in errors.splitlines() if line.strip() and not line.startswith("hint:")]
    first = lines[0] if lines else "failed for no reason given"
    fatal = next((line for line in lines if line.startswith("fatal:")), first)
    damage = next(filter(_DAMAGE.search, lines), "")
    told = (damage or fatal).removeprefix("fatal: ").removeprefix("error: ")
    return f"objects are missing or damaged ({told})" if damage else told


def start(
    arguments: Sequence[str], folder: str, *, hook: bool = False, pipe_errors: bool = False, talk: bool = False,
    file: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:  # fmt: skip
    """Start git in `folder`; its standard input is a pipe if we are to `talk` to it, or `file`."""
    import subprocess

    try:
        return subprocess.Popen(
            ["git", *_SETTINGS, "-C", f"{folder}/", *arguments],
            stdin=subprocess.PIPE if talk else file or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if pipe_errors else subprocess.DEVNULL,
            env=_environment(hook),
        )
    except FileNotFoundError as error:
        hint = "install git, or scan without it: --no-gitignore (what .gitignore excludes is scanned, too)"
        raise ScannerError("git is needed here, but it is not on PATH", hint) from error
    except OSError as error:
        raise ScannerError(f"cannot run git: {error.strerror}", "check the installation of git") from error


def clone(url: str, folder: str) -> None:
    """Mirror a repository as the user's own git does, with its credentials, but without asking for any; raise
    ScannerError when it fails.
    """
    import subprocess

    settings = ("-c", "protocol.ext.allow=never", "-c", "core.hooksPath=/dev/null", "-c", "http.lowSpeedLimit=1000",
                "-c", "http.lowSpeedTime=60")  # fmt: skip
    kept = ("GIT_CONFIG_", "GIT_SSH", "GIT_SSL_", "GIT_ASKPASS", "GIT_PROXY", "GIT_HTTP", "GIT_ALLOW_PROTOCOL")
    environment = {
        "GIT_SSH_COMMAND": "ssh -oBatchMode=yes",
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(kept)},
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
    }
    words = ["git", *settings, "clone", "--quiet", "--mirror", "--template=", "--", url, folder]
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment
        )
    except OSError as error:
        raise ScannerError(f"cannot run git: {error.strerror}", "check the installation of git") from error
    with process, _ending_with_us(process):
        _, errors = process.communicate()
    if process.returncode != 0:
        lines = [line.strip() for line in errors.decode("utf-8", "replace").splitlines() if line.strip()]
        why = next((line for line in lines if line.startswith("fatal:")), lines[-1] if lines else "no reason given")
        raise ScannerError(f"git cannot clone it: {why.removeprefix('fatal: ')}", "`git ls-remote URL` shows more")


@contextmanager
def _ending_with_us(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Have a process end where this one is ended by SIGTERM, as the workers of a pool are: git would go on for as long
    as the other side does, and write into a folder that is being removed.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield  # who heeds the signal sees to it
        return

    def end(number: int, _frame: object) -> None:
        try:
            process.terminate()
            process.wait(_PATIENCE)
        finally:
            os._exit(128 + number)

    signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def head(folder: str) -> str:
    """Return the id of the commit that is checked out, empty where there is none yet."""
    return run(["rev-parse", "--verify", "--quiet", "HEAD"], folder, accept=(0, 1)).decode("ascii").strip()


def commit_of(folder: str, name: str) -> str:
    """Return the id of the commit that a revision names, empty when it names none that is here."""
    arguments = ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"]
    return run(arguments, folder, accept=(0, 1, 128)).decode("ascii").strip()


def lines(names: Iterable[str]) -> bytes:
    """Return names as git reads them from its standard input."""
    return b"".join(f"{name}\n".encode() for name in names)


def read_object(stream: IO[bytes], most: int, sample: int) -> tuple[int, bytes] | None:
    """Return the size and the content of the next object that `cat-file --batch` tells, of one larger than `most` bytes
    the first `sample`; None when there is no such object or git has ended.
    """
    answer = stream.readline().split()
    if len(answer) != 3:
        return None
    size = int(answer[2])
    data = stream.read(size if size <= most else min(size, sample))
    left = size - len(data) + 1  # and a line feed
    while left > 0 and (skipped := stream.read(min(left, 2**20))):
        left -= len(skipped)
    return None if left else (size, data)


def top_level(path: str) -> str | None:
    """Return the top folder of the git work tree that holds `path`, or None."""
    folder = os.path.abspath(path)
    while not is_top(folder):
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
    return folder


def is_top(folder: str) -> bool:
    """Tell whether a work tree starts here: `.git` is a repository, or a file that says where the repository is.

    A file that leads nowhere, as a submodule leaves in a source archive, is none.
    """
    git = os.path.join(folder, ".git")
    if os.path.lexists(os.path.join(git, "HEAD")):
        return True
    try:
        with open(git, "rb") as file:
            content = file.read(4096)
    except OSError:
        return False
    return content.startswith(b"gitdir: ") and os.path.isdir(os.path.join(folder, os.fsdecode(content[8:].strip())))


def tracked_files(folder: str) -> list[str]:
    """Return the files below `folder` that are in the index, relative to it, with forward slashes."""
    return [os.fsdecode(name) for name in run(["ls-files", "-z"], folder).split(b"\0")[:-1]]


def exclude_files(top: str) -> tuple[str, str]:
    """Return where this repository's and this user's own ignore patterns are, whether or not there are any."""
    own = os.path.join(top, ".git", "info", "exclude")
    if os.path.isfile(os.path.join(top, ".git")):  # a linked work tree or a submodule
        own = os.path.join(top, _line(run(["rev-parse", "--git-path", "info/exclude"], top)))
    if configured := _line(run(["config", "--type=path", "--get", "core.excludesFile"], top, accept=(0, 1))):
        return own, os.path.join(top, configured)
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.join(os.path.expanduser("~"), ".config")
    return own, os.path.join(home, "git", "ignore")


def _line(output: bytes) -> str:
    return os.fsdecode(output.removesuffix(b"\n"))


def _environment(hook: bool) -> dict[str, str]:
    kept = (*(_HOOK_VARIABLES if hook else ()), *(_QUARANTINE if _QUARANTINE[0] in os.environ else ()))
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith("GIT_CONFIG_") or name in kept
    }
    return inherited | _ENVIRONMENT
