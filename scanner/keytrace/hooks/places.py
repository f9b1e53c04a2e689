"""Where git looks for hooks, and what else looks after those of a repository."""

from __future__ import annotations

import os
from dataclasses import dataclass

from keytrace import git
from keytrace.errors import ScannerError
from keytrace.hooks.scripts import KINDS
from keytrace.version import __version__


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of hooks; `everywhere` one of ours for all repositories, `shared` one that others keep for all."""

    folder: str
    everywhere: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Keeper:
    """A program that writes the hooks of a repository, and what to put into which of its files."""

    name: str
    file: str
    text: str


def place_of(repo: str) -> Place:
    """Return where git looks for the hooks of a repository, worktrees and core.hooksPath heeded."""
    configured, scope = _hooks_path(repo)
    if configured:
        folder = os.path.normpath(os.path.join(_folder_of_relative(repo), configured))
        return Place(folder, everywhere=folder == own_folder(), shared=scope not in ("local", "worktree"))
    common = git.run(["rev-parse", "--git-common-dir"], repo)
    return Place(os.path.normpath(os.path.join(repo, os.fsdecode(common.removesuffix(b"\n")), "hooks")))


def place_for_all() -> Place:
    """Return where the hooks of all the user's repositories are, or would be."""
    found = git.run(["config", "--global", "--type=path", "--get", "core.hooksPath"], os.getcwd(), accept=(0, 1))
    folder = os.fsdecode(found.removesuffix(b"\n"))
    if folder and not os.path.isabs(folder):
        raise ScannerError(f"core.hooksPath is {folder}: another folder in each repository", "install it in each")
    return Place(folder, shared=True) if folder and folder != own_folder() else Place(own_folder(), everywhere=True)


def is_nowhere(repo: str, place: Place) -> bool:
    """Tell whether core.hooksPath names a folder that is not there: a mistake, or one that is mounted only at times."""
    return bool(_hooks_path(repo)[0]) and not place.everywhere and not os.path.isdir(place.folder)


def is_of_husky(repo: str, place: Place) -> bool:
    """Tell whether hooks are where husky writes all files anew, at each installation of packages."""
    real = os.path.realpath(place.folder)
    return real.startswith(os.path.join(os.path.realpath(repo), ".husky", ""))


def own_folder() -> str:
    """Return our folder of hooks for all repositories of the user."""
    import platformdirs

    return os.path.join(platformdirs.user_config_dir("keytrace", appauthor=False), "hooks")


def keeper_of(repo: str, place: Place) -> Keeper | None:
    """Return what looks after the hooks of a repository, if anything does but git."""
    if keeper := keeper_in(repo):
        return keeper
    real = os.path.realpath(place.folder)
    is_below = real.startswith(os.path.join(os.path.realpath(repo), ""))
    is_tracked = is_below and git.is_top(repo) and f"{os.sep}.git{os.sep}" not in real
    return Keeper("core.hooksPath", f"the hooks in {place.folder}", _lines()) if is_tracked else None


def keeper_in(folder: str) -> Keeper | None:
    """Return the program that looks after hooks of which there are settings in a folder."""
    names = sorted(os.listdir(folder))
    if ".husky" in names:
        return Keeper("husky", ".husky/pre-commit, pre-push, commit-msg", _lines())
    if lefthook := [name for name in names if name.lstrip(".").startswith("lefthook.") and "local" not in name]:
        return Keeper("lefthook", lefthook[0], _LEFTHOOK)
    if ".pre-commit-config.yaml" in names:
        return Keeper("pre-commit", ".pre-commit-config.yaml", _PRE_COMMIT)
    return None


def _hooks_path(repo: str) -> tuple[str, str]:
    """Return what core.hooksPath says in a repository, and whether for this or for all; nothing where it is not set."""
    arguments = ["config", "-z", "--show-scope", "--type=path", "--get-all", "core.hooksPath"]
    fields = git.run(arguments, repo, accept=(0, 1)).split(b"\0")[:-1]
    pairs = list(zip(fields[1::2], fields[::2], strict=True))
    ours = [
        (os.fsdecode(path), scope.decode()) for path, scope in pairs if scope != b"command"
    ]  # that is how we run git
    return ours[-1] if ours else ("", "")


def _folder_of_relative(repo: str) -> str:
    """Return the folder that a relative core.hooksPath starts from: where git runs hooks."""
    return git.top_level(repo) or repo


def _lines() -> str:
    commands = {kind: form.command for kind, form in KINDS.items() if kind != "pre-receive"}
    return "".join(f"keytrace {command:<41} # {kind}\n" for kind, command in commands.items())


_PRE_COMMIT = f"""\
  - repo: https://github.com/keytrace/keytrace
    rev: v{__version__}
    hooks:
      - id: keytrace-staged
      - id: keytrace-message
      - id: keytrace-pushed
"""
_LEFTHOOK = """\
pre-commit:
  commands:
    keytrace:
      run: keytrace scan --staged --quiet
commit-msg:
  commands:
    keytrace:
      run: keytrace scan --commit-message {1} --quiet
pre-push:
  commands:
    keytrace:
      run: keytrace history --pushed --quiet
      use_stdin: true
"""
