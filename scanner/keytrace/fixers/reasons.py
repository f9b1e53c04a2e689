"""Why there is no fix for some files and findings: no edit of the text alone would be right; and what is to be done."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from keytrace.fixers.edits import Target
from keytrace.text.language import extension

_RULES: Mapping[str, str] = {
    "credential-in-response": "who asks may need it, and no edit can tell: answer with less, or with a mask",
    "credential-written": "who reads the file, and whether it is kept, no edit can tell: hand the secret over in "
    "memory, or have the file made with mode 0600 and deleted",
    "credential-over-http": "whether the server speaks TLS no edit can tell: try its address with https",
}
_KEYS = "the file is the key: replace it, have a store of secrets keep the new one, and git forget the file"
_FORMATS = {
    **dict.fromkeys((".pem", ".key", ".p8", ".p12", ".pfx", ".jks", ".ppk", ".asc"), _KEYS),
    **dict.fromkeys(
        (".json", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".xml", ".plist", ".config"),
        "no reference there means a variable to all that may read it: have the program that reads it take the value "
        "from the environment, then take it out",
    ),
    ".rs": "a constant of Rust is made when it is compiled: have the function that uses it call std::env::var",
    ".cs": "a constant of C# has to be known when it is compiled: read it from the configuration where it is used",
    ".ipynb": "there is no fix for notebooks",
}
_GITLAB = "set it in the settings of the project (CI/CD, Variables), masked and protected, then take the line out"


def of_rule(target: Target) -> str:
    """Return why nothing settles a finding of a rule."""
    return _RULES.get(target.rule, f"there is no fix for '{target.rule}'")


def of_file(target: Target) -> str:
    """Return why nothing is changed in a file of a kind that has no fixer."""
    name = PurePosixPath(target.path).name.lower()
    if name.endswith((".gitlab-ci.yml", ".gitlab-ci.yaml")):
        return _GITLAB
    if b"-----BEGIN" in target.value[:40] and extension(name) not in _FORMATS:
        return _KEYS
    return _FORMATS.get(extension(name), "there is no fix for this kind of file")
