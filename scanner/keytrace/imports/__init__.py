"""What other scanners were told to accept: their baselines and ignore files, one file a format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keytrace.errors import ScannerError, suggest
from keytrace.imports import (
    bandit,
    detect_secrets,
    gitguardian,
    gitleaks,
    gitleaksignore,
    kingfisher,
    semgrepignore,
    trufflehog,
    trufflehog_results,
)
from keytrace.imports.foreign import Content, Foreign


@dataclass(frozen=True, slots=True)
class Format:
    """How a file of another scanner is read: `read` returns None for what is none. `names` are those it usually has,
    all or a part of them; with `heeded` it is, under that name and in the root, part of every scan.
    """

    title: str
    read: Callable[[Content], Foreign | None]
    names: tuple[str, ...] = ()
    heeded: bool = False


IMPORTS: Mapping[str, Format] = {
    # before those that read a file as one piece of JSON
    "trufflehog_results": Format("results of trufflehog", trufflehog_results.read, ("trufflehog",)),
    "gitleaksignore": Format("an ignore file of gitleaks", gitleaksignore.read, (".gitleaksignore",), heeded=True),
    "detect_secrets": Format("a baseline of detect-secrets", detect_secrets.read, (".secrets.baseline",), heeded=True),
    "gitguardian": Format(
        "a configuration of GitGuardian", gitguardian.read, (".gitguardian.yaml", ".gitguardian.yml"), heeded=True
    ),
    "gitleaks": Format("a report of gitleaks", gitleaks.read),
    "bandit": Format("a baseline of bandit", bandit.read),
    "kingfisher": Format("a baseline of kingfisher", kingfisher.read),
    "semgrepignore": Format("an ignore file of semgrep", semgrepignore.read, (".semgrepignore",)),
    "trufflehog": Format("a list of paths that trufflehog leaves out", trufflehog.read, ("trufflehog",)),
}
HEEDED = tuple(name for one in IMPORTS.values() if one.heeded for name in one.names)
_BY_NAME_ALONE = ("gitleaksignore", "semgrepignore", "trufflehog")  # any text might be one


def read_foreign(content: Content, kind: str = "") -> tuple[Format, Foreign]:
    """Return what a file says, and its format, which is told by its name or what it holds unless `kind` is given;
    raise ScannerError for a file that is none of these, is broken, or of a version that is not known.
    """
    if kind:
        if kind not in IMPORTS:
            raise ScannerError(f"unknown format '{kind}'", suggest(kind, IMPORTS) or f"one of {', '.join(IMPORTS)}")
        candidates = [kind]
    else:
        named = [key for key, one in IMPORTS.items() if any(name in content.name for name in one.names)]
        candidates = named or [key for key in IMPORTS if key not in _BY_NAME_ALONE]
    for key in candidates:
        if (foreign := IMPORTS[key].read(content)) is not None:
            return IMPORTS[key], foreign
    what = IMPORTS[candidates[0]].title if len(candidates) == 1 else "a file of another scanner that is known"
    raise ScannerError(f"{content.path}: this is not {what}", f"--as says what it is: {', '.join(IMPORTS)}")
