"""How programs read settings by name, a table of patterns a language.

In a pattern, the group `name` is the name; where it is an identifier (`constant`), what the file binds to that is
meant, in `several`, names are separated by commas, and `below` is a section that is read as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

from keytrace.lifecycle.key import Holds, Mention, Role
from keytrace.text.language import extension

ALL_BELOW = ".*"  # after the name of a section: all settings below it are read
_QUOTED = r"[\"'`](?P<name{0}>[A-Za-z_][\w.:\-]*)[\"'`]"
_BARE = r"(?P<name{0}>[A-Za-z_]\w*)"
_UPPER = r"(?P<name{0}>[A-Z][A-Z0-9]*_[A-Z0-9_]+)"
_CONSTANT = r"(?P<constant{0}>[A-Za-z_]\w*(?:\.\w+)?)[ \t]*[,)\]]"
_OPEN = r"[ \t]*\(\s*"


@dataclass(frozen=True, slots=True)
class Language:
    """The endings of its files, words of which one is in each that reads a setting, and how it does."""

    endings: tuple[str, ...]
    words: tuple[bytes, ...]
    patterns: tuple[str, ...]


_SCRIPT = (
    rf"\b(?:process|import\.meta)\.env\??\.(?!env\b){_BARE}",
    rf"\b(?:process|import\.meta)\.env(?:\?\.)?\[\s*{_QUOTED}\s*\]",
    rf"\b(?:process|import\.meta)\.env(?:\?\.)?\[\s*{_CONSTANT.replace('[,)', '[')}",
    r"(?:const|let|var)\s*\{(?P<several{0}>[^{}]*)\}\s*=\s*(?:process|import\.meta)\.env\b",
    r"import\s*\{(?P<several{0}>[^{}]*)\}\s*from\s*[\"'](?:\$env/|astro:env)",
    rf"\b(?:Deno|Bun)\.env(?:\.get{_OPEN}{_QUOTED}|\.{_BARE}\b(?![ \t]*\())",
    rf"\b(?:\w*[gG]etEnv\w*|\w*[rR]equireEnv\w*|mustEnv|requiredEnv|envOrThrow|env|getenv){_OPEN}{_QUOTED}",
    rf"\b(?:config\w*|this\.config\w*|env)\.(?:get|getOrThrow|require|str|string|url)(?:<[^<>]*>)?{_OPEN}{_QUOTED}",
    rf"\b(?:c\.env|env|platform\.env|context\.env)(?:\.{_UPPER}|\[\s*[\"'`]{_UPPER}[\"'`]\s*\])",
    rf"(?:^|[{{{{,])[ \t]*{_UPPER}[ \t]*:[ \t]*(?:z\.|str\(|url\(|Joi\.|Type\.|t\.|yup\.|v\.|envField\.|\w+\.string\()",
)
_JAVA = (
    rf"\bSystem\.(?:getenv|getProperty){_OPEN}{_QUOTED}",
    rf"\bSystem\.getenv{_OPEN}{_CONSTANT}",
    rf"\bSystem\.getenv\(\)\s*(?:\.(?:get|getOrDefault|getValue){_OPEN}|\[\s*){_QUOTED}",
    r"@(?:field:|param:|get:)?(?:Value|Property)\s*\(\s*(?:value\s*=\s*)?\"\\?\$\{(?P<name{0}>[\w.\-]+)(?::[^}]*)?\}",
    rf"@ConfigProperty\s*\([^)]*?name\s*=\s*{_QUOTED}",
    r"@ConfigurationProperties\s*\(\s*(?:(?:prefix|value)\s*=\s*)?\"(?P<below{0}>[\w.\-]+)\"",
    (
        r"\b(?:env|environment|dotenv|config\w*|sys\.env|props?|properties)"
        rf"(?:\.(?:get\w*|getOrElse|apply|property)|\.?)[ \t]*[(\[]\s*{_QUOTED}"
    ),
    rf"\b(?:findProperty|gradleProperty|project\.property){_OPEN}{_QUOTED}",
    r"systemEnvironment\[\s*'(?P<name{0}>\w+)'\s*\]",
)  # fmt: skip

LANGUAGES: dict[str, Language] = {
    "javascript": Language(
        (".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte", ".astro"),
        (b".env", b"env.", b"env[", b"$env/", b"astro:env", b"onfig", b"Env(", b"env(", b"z.", b".string("),
        _SCRIPT,
    ),
    "go": Language(
        (".go",), (b"env", b"Env", b"viper"),
        (
            rf"\b(?:os|syscall)\.(?:Getenv|LookupEnv|Unsetenv){_OPEN}(?:{_QUOTED}|{_CONSTANT})",
            (
                r"\b(?:viper|v|k|cfg|config)\.(?:Get\w*|BindEnv|MustBindEnv|IsSet|String)"
                rf"{_OPEN}(?:[\"'][\w.\-]+[\"'],\s*)?{_QUOTED}"
            ),
            r"`[^`\n]*\b(?:env|envconfig|env-name)\s*:\s*\"(?P<name{0}>[A-Za-z_]\w*)[\",]",
            r"EnvVars?\s*:\s*(?:\[\]string\s*\{|cli\.EnvVars\()?\s*\"(?P<name{0}>\w+)\"",
            rf"\b\w*(?:[gG]et|[mM]ust|[lL]ookup|[rR]equire)\w*[eE]nv\w*{_OPEN}(?:{_QUOTED}|{_CONSTANT})",
            rf"\b(?:env|environ|environment)\w*(?:\.\w+)?{_OPEN}{_QUOTED}",
            rf"\benvOr\w*{_OPEN}{_QUOTED}",
        ),
    ),
    "ruby": Language(
        (".rb", ".erb", ".rake", ".ru", ".gemspec", ".haml", ".slim", ".jbuilder"), (b"ENV", b"credentials"),
        (
            rf"\bENV\s*\[\s*(?:{_QUOTED}|{_CONSTANT})",
            rf"\bENV\.(?:fetch|dig|key\?|delete|values_at)[ \t]*[( ]\s*(?:{_QUOTED}|{_CONSTANT})",
        ),
    ),
    "java": Language(
        (".java", ".kt", ".kts", ".scala", ".groovy", ".gradle", ".sc"),
        (b"getenv", b"getProperty", b"${", b"ConfigProperty", b"env", b"environment", b"onfig", b"roperty"),
        _JAVA,
    ),
    "php": Language(
        (".php", ".phtml", ".inc", ".twig"), (b"env", b"ENV", b"SERVER"),
        (rf"\b(?:getenv|env|Env::get(?:OrFail)?){_OPEN}{_QUOTED}", rf"\$_(?:ENV|SERVER)\s*\[\s*{_QUOTED}",
         r"%env\((?:\w+:)*(?P<name{0}>\w+)\)%"),
    ),
    "rust": Language(
        (".rs",), (b"env", b"var"),
        (
            rf"\b(?:env::(?:var|var_os)|var|var_os|dotenvy?::var|dotenv::var){_OPEN}(?:{_QUOTED}|{_CONSTANT})",
            rf"\b(?:option_)?env!{_OPEN}{_QUOTED}", rf"\benv\s*=\s*{_QUOTED}", rf"\b\w*env\w*{_OPEN}{_QUOTED}",
        ),
    ),
    "csharp": Language(
        (".cs", ".vb", ".fs", ".cshtml", ".razor"), (b"Environment", b"onfig", b"GetConnectionString", b"GetSection"),
        (
            rf"\bGetEnvironmentVariable{_OPEN}(?:{_QUOTED}|{_CONSTANT})",
            rf"\b(?:\w*[cC]onfig(?:uration)?\w*)\s*\[\s*{_QUOTED}",
            rf"\.(?:GetValue|GetRequiredValue)\s*(?:<[^<>]*>)?{_OPEN}{_QUOTED}",
            r"\.Get(?:Required)?Section\s*\(\s*\"(?P<section{0}>[\w:]+)\"\s*\)\s*\[\s*\"(?P<name{0}>[\w:]+)\"",
            r"\.GetConnectionString\s*\(\s*\"(?P<connection{0}>\w+)\"",
            r"\.Get(?:Required)?Section\s*\(\s*\"(?P<below{0}>[\w:]+)\"\s*\)(?!\s*\[)",
            r"\.Bind\s*\(\s*\"(?P<below{0}>[\w:]+)\"\s*,",
        ),
    ),
    "elixir": Language((".ex", ".exs"), (b"_env",), (rf"\bSystem\.(?:get|fetch)_env!?{_OPEN}{_QUOTED}",)),
    "swift": Language((".swift",), (b"environment",), (rf"\benvironment\s*\[\s*{_QUOTED}",)),
    "dart": Language(
        (".dart",), (b"nvironment", b"env"),
        (rf"\b(?:Platform\.environment|dotenv\.env|env)\s*\[\s*{_QUOTED}", rf"\bfromEnvironment{_OPEN}{_QUOTED}"),
    ),
    "perl": Language((".pl", ".pm", ".t"), (b"ENV",), (r"\$ENV\s*\{\s*[\"']?(?P<name{0}>\w+)[\"']?\s*\}",)),
    "powershell": Language(
        (".ps1", ".psm1"), (b"nv:", b"EnvironmentVariable"),
        (r"(?i:\$\{?env:)(?P<name{0}>\w+)", rf"GetEnvironmentVariable{_OPEN}{_QUOTED}"),
    ),
    "c": Language(
        (".c", ".cc", ".cpp", ".cxx", ".h", ".hpp", ".lua", ".nim", ".m", ".mm", ".r", ".jl", ".clj", ".hs", ".ml"),
        (b"getenv", b"ENV"),
        (
            rf"\b(?:secure_)?(?:std::|os\.|Sys\.|System/|System\.)?[gG]et[eE]nv[ \t]*\(?\s*{_QUOTED}",
            rf"\bENV\s*\[\s*{_QUOTED}",
        ),
    ),
}  # fmt: skip
LANGUAGES["jinja"] = Language((".j2", ".jinja", ".jinja2"), (b"{{",), (r"\{\{[-+]?\s*(?P<name{0}>[A-Za-z_]\w*)",))
LANGUAGES["shell"] = Language((".sh", ".bash", ".zsh", ".ksh", ".envsubst", ".template"), (b"$",), ())
LANGUAGES["batch"] = Language((".bat", ".cmd"), (b"%",), (r"%(?P<name{0}>[A-Z][A-Z0-9]*_[A-Z0-9_]+)%",))
LANGUAGES["configuration"] = Language((), (b"${",), ())  # of any program, which fills in variables

_BY_ENDING = {ending: name for name, one in LANGUAGES.items() for ending in one.endings}
_SHELLS = re.compile(rb"#!.{0,60}\b(?:ba|z|k|da|a)?sh\b")
_SHELL_FILES = frozenset("Makefile makefile GNUmakefile Justfile justfile Rakefile Gemfile Fastfile entrypoint".split())
_RUBY_FILES = frozenset("Rakefile Gemfile Fastfile Capfile Vagrantfile Guardfile".split())
_CONFIGURATION = frozenset(".yml .yaml .toml .json .xml .conf .cfg .ini .config".split())
_EXPANSION = re.compile(rb"\$(?:\(?\{?)(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)\b")
_FILLED_IN = re.compile(rb"(?<![\\$])\$\{(?:env[.:])?(?P<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:[:?=-][^{}\n]*)?\}")
_ASSIGNED = re.compile(
    rb"^[ \t]*(?:(?:export|local|readonly|declare)[ \t]+)?([A-Za-z_]\w*)[ \t]*[:?]?=(?!=)([^\n]*)", re.MULTILINE
)

_FETCHED = re.compile(rb"(?:^|;|&&)[ \t]*export[ \t]+([A-Z][A-Z0-9]*_[A-Z0-9_]+)=\"?(?:\$\(|`)", re.MULTILINE)


def language_of(path: str, data: bytes, *, whatever: bool = False) -> str:
    """Return the language of a program in which some setting may be read, empty otherwise; `whatever` stands there."""
    base = path.rpartition("/")[2]
    name = _BY_ENDING.get(extension(path), "")
    if not name:
        is_ruby = base in _RUBY_FILES
        is_shell = not is_ruby and (base in _SHELL_FILES or ("." not in base and _SHELLS.match(data) is not None))
        name = "ruby" if is_ruby else "shell" if is_shell else _of_configuration(base, data)
    return name if name and (whatever or any(word in data for word in LANGUAGES[name].words)) else ""


def _of_configuration(base: str, data: bytes) -> str:
    """Return in what a file of settings that no format claims names variables: as Rails, Symfony or a shell does."""
    if base not in (".npmrc", ".yarnrc", "pip.conf") and extension(base) not in _CONFIGURATION:
        return ""
    return "ruby" if b"<%=" in data else "php" if b"%env(" in data else "configuration"


@cache
def _compiled(language: str) -> re.Pattern[str]:
    numbers = count()
    whole = "|".join(f"(?:{way})" for way in LANGUAGES[language].patterns)
    return re.compile(re.sub(r"\{0\}", lambda _: str(next(numbers)), whole), re.MULTILINE)


def reads(language: str, data: bytes) -> Iterator[Mention]:
    """Yield the names that a program reads."""
    if language == "shell":
        yield from _of_shell(data)
        return
    if language == "configuration":
        yield from _expanded(_FILLED_IN, data, language)
        return
    text = data.decode("utf-8", "surrogateescape")
    line, at = 1, 0
    told: set[tuple[str, int]] = set()
    for found in _matches(language, text):
        for name, start in _names(found, text):
            if (name, start) in told:
                continue
            told.add((name, start))
            line += text.count("\n", at, start) if start >= at else -text.count("\n", start, at)
            at = start
            yield Mention(Role.READ, name, line, language, holds=Holds.NAME)


def _matches(language: str, text: str) -> Iterator[re.Match[str]]:
    """Yield what the patterns of a language find: only around its words, which are rare."""
    pattern, done = _compiled(language), 0
    for word in _words(language).finditer(text):
        if word.start() >= done:  # else its line was looked at
            low = text.rfind("\n", 0, word.start()) + 1
            if text[low : word.start()].lstrip().startswith("}"):  # names above it that are taken apart
                low = text.rfind("\n", 0, text.rfind("{", 0, low) + 1) + 1
            done = _line_end(text, word.end(), 1)
            yield from pattern.finditer(text, low, _line_end(text, word.end(), 3))


@cache
def _words(language: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(word.decode()) for word in LANGUAGES[language].words))


def _line_end(text: str, at: int, count: int) -> int:
    """Return where the line of a place ends, or one of those below it."""
    for _ in range(count):
        at = text.find("\n", at) + 1
        if not at:
            return len(text)
    return at


def _names(found: re.Match[str], text: str) -> Iterator[tuple[str, int]]:
    """Yield the names that a match tells of, and where each stands."""
    groups = {group.rstrip("0123456789"): group for group, value in found.groupdict().items() if value}
    if "several" in groups:
        first = found.start(groups["several"])
        for one in re.finditer(r"(?:^|,)\s*([A-Za-z_]\w*)", found[groups["several"]]):
            yield one[1], first + one.start(1)
    elif "connection" in groups:
        yield f"ConnectionStrings:{found[groups['connection']]}", found.start()
    elif "section" in groups:
        yield f"{found[groups['section']]}:{found[groups['name']]}", found.start(groups["name"])
    elif "below" in groups:
        yield f"{found[groups['below']]}{ALL_BELOW}", found.start(groups["below"])
    elif "name" in groups:
        yield found[groups["name"]], found.start(groups["name"])
    elif "constant" in groups and (name := _bound(found[groups["constant"]], text)):
        yield name, found.start(groups["constant"])


def _bound(constant: str, text: str) -> str:
    """Return the name that a constant of the same file stands for."""
    last = re.escape(constant.rpartition(".")[2])
    found = re.search(
        rf"\b{last}\b[ \t]*(?::[ \t]*[&'\w ]+)?(?:[ \t]+string)?[ \t]*:?=[ \t]*[\"'`]([A-Za-z_][\w.\-]*)[\"'`]", text
    )
    return found[1] if found else ""


def _of_shell(data: bytes) -> Iterator[Mention]:
    """Yield the variables that a script takes from outside: those that it does not set itself; and what it fetches."""
    own = {name for name, value in _ASSIGNED.findall(data) if name not in value}
    for found in _FETCHED.finditer(data):
        line = data.count(b"\n", 0, found.start(1)) + 1
        yield Mention(Role.DEFINED, found[1].decode(), line, "shell", holds=Holds.REFERENCE)
    yield from (one for one in _expanded(_EXPANSION, data, "shell") if one.name.encode() not in own)


def _expanded(pattern: re.Pattern[bytes], data: bytes, form: str) -> Iterator[Mention]:
    """Yield the variables that a text is filled in with, but those in comments."""
    line, at = 1, 0
    for found in pattern.finditer(data):
        if not _is_comment(data, found.start()):
            line += data.count(b"\n", at, found.start())
            at = found.start()
            yield Mention(Role.READ, found["name"].decode(), line, form, holds=Holds.NAME)


def _is_comment(data: bytes, at: int) -> bool:
    start = data.rfind(b"\n", 0, at) + 1
    return data[start:at].lstrip().startswith(b"#")
