"""Allowlists: what the rules and the user's configuration pass over, with the meaning they have in gitleaks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from keytrace.match.patterns import MATCH_TIMEOUT, compile_pattern, compile_text_pattern
from keytrace.model import Allowlist, Suppression, SuppressionKind

_LEAST_OF_COMMIT = 7  # characters of an id


def allowed(
    rule_id: str, path: str, secret: bytes, match: bytes, line: bytes, allowlists: Iterable[Allowlist], commit: str = ""
) -> Suppression | None:
    """Return the suppression by the first list that allows the finding; raise TimeoutError for an endless regex.

    `path` is relative, with forward slashes; `match` is all that the rule matched, `line` the lines it stands on;
    `commit` is the id of the commit that brought it, none in a work tree.
    """
    texts = {"secret": secret, "match": match, "line": line}
    for allowlist in allowlists:
        if allowlist.rules and rule_id not in allowlist.rules:
            continue
        if reason := _reason(allowlist, path, secret, texts[allowlist.regex_target], commit):
            return Suppression(SuppressionKind.ALLOWLIST, allowlist.description or reason)
    return None


def _reason(allowlist: Allowlist, path: str, secret: bytes, text: bytes, commit: str) -> str:
    """Return what makes the list apply, or nothing. No regex or stopword is named: it may be the secret itself."""
    criteria: list[tuple[str, Callable[[], bool]]] = []
    if allowlist.paths:
        criteria.append(("an allowed path", lambda: _path_matches(allowlist.paths, path)))
    if allowlist.regexes:
        criteria.append((f"an allowed {allowlist.regex_target}", lambda: _text_matches(allowlist.regexes, text)))
    if allowlist.stopwords:
        criteria.append(("a stopword", lambda: _has_stopword(allowlist.stopwords, secret)))
    if allowlist.commits:
        criteria.append(("an allowed commit", lambda: _is_among(allowlist.commits, commit)))
    if allowlist.condition == "AND":
        return " and ".join(name for name, _ in criteria) if all(holds() for _, holds in criteria) else ""
    return next((name for name, holds in criteria if holds()), "")


# An empty regex or stopword would allow everything; nobody means that, so it counts as one that does not match.


@lru_cache(maxsize=1024)
def _path_matches(sources: tuple[str, ...], path: str) -> bool:  # cached: the same for every finding of a file
    return any(
        source and compile_text_pattern(source).search(path, timeout=MATCH_TIMEOUT) is not None for source in sources
    )


def _text_matches(sources: tuple[str, ...], text: bytes) -> bool:
    return any(source and compile_pattern(source).search(text, timeout=MATCH_TIMEOUT) is not None for source in sources)


def _is_among(commits: tuple[str, ...], commit: str) -> bool:
    return any(len(one) >= _LEAST_OF_COMMIT and commit.startswith(one) for one in commits)


def _has_stopword(stopwords: tuple[str, ...], secret: bytes) -> bool:
    text = secret.decode("utf-8", "replace").lower()
    return any(word and word.lower() in text for word in stopwords)
