"""A secret in Ruby, PHP or Java becomes a look-up in the environment, where an expression may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from keytrace.fixers.edits import Edit, Fix, Refused, Target, Variable
from keytrace.fixers.naming import Names
from keytrace.fixers.textual import FAILS, Literal, bound, line_of, literal, plain, refuse_within_others


@dataclass(frozen=True, slots=True)
class _Language:
    """How a language looks a variable up and joins texts, what then may happen, and where only a literal may stand."""

    read: str
    joins: bytes
    unsafe: str
    before: re.Pattern[bytes]  # of the line, up to the string
    why: str
    after: re.Pattern[bytes] = re.compile(rb"(?!)")


_OF_LARAVEL = "env('NAME')"
_KEY = re.compile(rb"\s*(?:=>|:(?!:))")
_DEFAULT = re.compile(  # of Ruby and Laravel: what a look-up answers where the variable is not set
    rb"\b(?P<first>(?:ENV\.fetch|env)\([ ]*[\"'](?P<name>[A-Za-z_]\w*)[\"'])[ ]*,[ ]*\Z"
)
_OR = re.compile(rb"(?P<first>)\bENV\[[\"'](?P<name>[A-Za-z_]\w*)[\"']\][ ]*\|\|[ ]*\Z")
_LANGUAGES = {
    ".rb": _Language(
        'ENV.fetch("NAME")', b" + ", FAILS,
        re.compile(rb"\b(?:require|require_relative|load)\b|%[wWiI]\S"), "no look-up may stand there", _KEY,
    ),
    ".php": _Language(
        "getenv('NAME')", b" . ", "getenv() answers false where the variable is not set",
        re.compile(
            rb"\bconst\b|\b(?:var|public|protected|private|static|readonly)\b[^=(]*\$\w+\s*=|\bfunction\b|\bfn\b|#\[|\bcase\b"
        ),
        "PHP wants a constant there", _KEY,
    ),
    ".java": _Language(
        'System.getenv("NAME")', b" + ", "System.getenv answers null where the variable is not set",
        re.compile(rb"@\w+[\w.]*\(|\bcase\b"), "Java wants a constant there",
    ),
}  # fmt: skip


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the fix of a string; raise Refused where no expression may stand."""
    ending = PurePosixPath(target.path).suffix.lower()
    language = _LANGUAGES[".rb" if ending == ".rake" else ending]
    data, value, inside = target.data, plain(target), literal(target)
    refuse_within_others(target)
    start, _ = line_of(data, inside.start)
    name_of = bound(data, inside.start)
    if language.before.search(data, start, inside.start) or language.after.match(data, inside.end):
        raise Refused(language.why)
    if inside.quote == '"' and re.search(rb"#\{|[${]", data[inside.start : inside.end]):
        raise Refused("there is more in the string that is computed")
    if _is_constant(data, name_of, target.path):
        raise Refused("it is a constant that an annotation or a switch takes, and has to stay one")
    if fixed := _alone(target, names, inside, language):
        return fixed
    name = names.choose(value, target.path, target.rule, name_of)
    quote = inside.quote.encode()
    read = (_OF_LARAVEL if _is_of_laravel(target) else language.read).replace("NAME", name).encode()
    pieces = [data[inside.start : target.start] + quote, read, quote + data[target.end : inside.end]]
    code = language.joins.join(piece for piece in pieces if piece != quote * 2)
    if code != read and data[inside.end : inside.end + 1] in (b".", b"["):
        code = b"(" + code + b")"
    edit = Edit(inside.start, inside.end, code)
    return Fix(f"read {name} from the environment", (edit,), (Variable(name, value),), unsafe=language.unsafe)


def _alone(target: Target, names: Names, inside: Literal, language: _Language) -> Fix | None:
    """Return the fix that takes the default of a look-up out, or the other side of `||`; None where it is none."""
    data, (start, _) = target.data, line_of(target.data, inside.start)
    read = b""
    own = _DEFAULT.search(data, start, inside.start) if data.startswith(b")", inside.end) else None
    if own is None and language.read.startswith("ENV") and (own := _OR.search(data, start, inside.start)):
        read = language.read.replace("NAME", own["name"].decode()).encode()
    if own is None:
        return None
    if (target.start, target.end) != inside.inside:
        raise Refused("it is part of a default")
    value = plain(target)
    name = names.keep(value, own["name"].decode())
    edit = Edit(own.end("first"), inside.end, read)
    return Fix(f"take {name} from the environment alone", (edit,), (Variable(name, value),), unsafe=language.unsafe)


def _is_of_laravel(target: Target) -> bool:
    """Tell whether a file is one of those of settings that have the look-up of Laravel."""
    return target.path.endswith(".php") and re.search(rb"=>\s*env\(", target.data) is not None


def _is_constant(data: bytes, name: str, path: str) -> bool:
    """Tell whether a constant of Java is used where only one may stand."""
    if not (path.endswith(".java") and name):
        return False
    return re.search(rb"(?:@\w[\w.]*\([^)]*|\bcase\s+[\w.]*)\b%s\b" % re.escape(name.encode()), data) is not None
