"""Why there is no fix for some files and findings: no edit of the text alone would be right; and what is to be done."""

from __future__ import annotations

import re
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
    ".kt": 'System.getenv("NAME") reads it; it may be null, and neither a const val nor an annotation takes it',
    ".scala": 'read it by sys.env("NAME") there, which fails where it is not set',
    ".ps1": "read it from $env:NAME there, or from a vault by Get-Secret",
    ".ipynb": "there is no fix for notebooks",
}
_COMPILED: Mapping[str, tuple[re.Pattern[bytes], str, str]] = {  # what makes a constant, what to do with one, and else
    ".rs": (
        re.compile(rb"(?<![*'<\w])(?:const|static)\b[^;}]*\Z"),
        "a constant of Rust is made when it is compiled: have the function that uses it call std::env::var",
        "read it by std::env::var there; what is to happen where it is not set no edit can tell",
    ),
    ".cs": (
        re.compile(rb"\bconst\b[^;{}]*\Z"),
        "a constant of C# has to be known when it is compiled: read it from the configuration where it is used",
        "read it from the configuration there, or by Environment.GetEnvironmentVariable, which may be null",
    ),
}
_PLACES: Mapping[str, str] = {  # by the end of the path, in lower case
    r"\.gitlab-ci\.ya?ml": "set it in the settings of the project (CI/CD, Variables), masked and protected, then take "
    "the line out",
    r"(^|/)\.circleci/.*\.ya?ml": "set it in the settings of the project (Environment Variables) or in a context, then "
    "take the line out: jobs have it as a variable",
    r"(^|/)bitbucket-pipelines\.ya?ml": "set it as a secured variable of the repository, then take the line out: steps "
    "have it as $NAME",
    r"(^|/)azure-pipelines[^/]*\.ya?ml": "set it as a secret variable of the pipeline or of a variable group, and hand "
    "it to the step that needs it: env: NAME: $(NAME)",
    r"(^|/)values([._-][^/]*)?\.ya?ml": "have the chart refer to a Secret that is made apart, or give the value "
    "by helm upgrade -f, from a file that is not committed",
    r"(^|/)(group_vars|host_vars|playbooks|roles)/.*\.ya?ml|(^|/)(playbook[^/]*|site)\.ya?ml": "encrypt the new one by "
    "ansible-vault encrypt_string, or have it looked up: lookup('env', 'NAME')",
    r"(^|/)config/database\.ya?ml": 'Rails reads it as ERB: write <%= ENV["NAME"] %> there, or set DATABASE_URL',
    r"(^|/)(gnu)?makefile|\.mk": "take the line out: make has what is in its environment as $(NAME)",
    r"(^|/)procfile[^/]*": "set it where the platform has its variables (heroku config:set), and write $NAME there",
    r"\.service|\.service\.d/[^/]*\.conf": "put it into a file that root alone reads, and name that in "
    "EnvironmentFile=; or use LoadCredential=",
    r"\.gradle(\.kts)?": "put it into gradle.properties of your own (~/.gradle) or into ORG_GRADLE_PROJECT_name, and "
    'read it by providers.gradleProperty("name")',
    r"(^|/)jenkinsfile[^/]*": "have Jenkins keep it, and bind it: NAME = credentials('id') in environment",
}


def of_rule(target: Target) -> str:
    """Return why nothing settles a finding of a rule."""
    return _RULES.get(target.rule, f"there is no fix for '{target.rule}'")


def of_file(target: Target) -> str:
    """Return why nothing is changed in a file of a kind that has no fixer."""
    path = target.path.lower()
    ending = extension(PurePosixPath(path).name)
    if own := next((why for place, why in _PLACES.items() if re.search(rf"(?:{place})\Z", path)), ""):
        return own
    if ending in _COMPILED:
        constant, why, other = _COMPILED[ending]
        return why if constant.search(target.data, max(0, target.start - 1000), target.start) else other
    if b"-----BEGIN" in target.value[:40] and ending not in _FORMATS:
        return _KEYS
    return _FORMATS.get(ending, "there is no fix for this kind of file")
