"""Where the text itself says that a value is a secret: a statement, a command, a manifest. There it needs no luck."""

from __future__ import annotations

import re
from collections.abc import Iterable

from keytrace.model import Confidence, Evidence
from keytrace.names.lexicon import is_setter, judge
from keytrace.scoring import place, weigh
from keytrace.scoring import value as values
from keytrace.scoring.binding import Binding
from keytrace.scoring.rarity import bits_per_letter, is_random

SAYS = {
    "sql": "the statement itself says that this is a password",
    "manifest": "whatever stands in a Kubernetes Secret is one",
    "connection-string": "the address itself says that this is a password",
    "command-line": "the command itself says that this is a password",
    "credential-file": "the file is made to hold credentials",
    "column": "the statement puts it where a password is kept",
    "table": "the table has it in a column of passwords",
    "secret-argument": "the function takes a secret there",
    "login-argument": "the function that is called logs in, and takes a password there",
    "setting": "the program that reads this setting takes a password there",
    "state": "the state keeps the secret that was made here",
}

_MIXED = re.compile(rb"[A-Za-z].*[0-9]|[0-9].*[A-Za-z]")
_OF_PASSWORDS = frozenset(
    ("sql", "connection-string", "command-line", "credential-file", "column", "setting", "table", "login-argument")
)
_TRIED_OUT = frozenset(("setting", "table", "login-argument"))  # what tests and examples do with any word
_OTHER = frozenset(("path", "version", "prefix"))
_SAYS_ITSELF = frozenset(("made up", "secret word"))
_TRIED = re.compile(rb"(?i)test|usr$|hello|foo|bar|x-(?:oauth|access)-|oauth2$")  # the last: beside a token as user


def lift(binding: Binding, evidence: Iterable[Evidence], path: str, data: bytes) -> Evidence | None:
    """Return what the text adds where it says that the value is a secret and nothing says that it is made up."""
    says = SAYS["secret-argument"] if _is_set(binding) else SAYS.get(binding.form, "")
    if says and (_made_up(binding) or (binding.form in _TRIED_OUT and _only_tried(binding, path, data))):
        return None
    says = says or _by_place(binding, path, data)
    missing = weigh.short_of(evidence, Confidence.MEDIUM) if says else 0
    return Evidence(says, round(missing + 0.005, 2)) if missing > 0 else None


def _by_place(binding: Binding, path: str, data: bytes) -> str:
    """Return what says that a value is in use, or an empty string."""
    if _is_weak_password(binding, path):
        return "everybody tries this password first"
    if _is_of_production(binding, path):
        return "the file holds the settings of production"
    if _lets_in(binding, path, data):
        return "the program lets in the user who says this word"
    if _is_passphrase(binding):
        return "the value is a phrase of words that have nothing to do with each other, as password managers make them"
    return ""


def _is_set(binding: Binding) -> bool:
    """Tell whether a function that sets a secret, `set_client_secret("…")`, is handed a random value."""
    if binding.form != "call" or not is_setter(binding.name) or not judge(binding.name).is_secret:
        return False
    return is_random(binding.value.decode("latin-1"))


def _is_weak_password(binding: Binding, path: str) -> bool:
    """Tell whether a program or its settings, no test of it, give a password that is bad, but one: `secret123`."""
    if binding.form not in ("assign", "colon", "arrow", "pair") or binding.comment or binding.in_string:
        return False
    name = judge(binding.name)
    if not name.is_secret or name.kind != "password" or name.made_up or not _is_guessable(binding.value):
        return False
    return not weigh.is_of_test_or_example(path)


def _is_guessable(value: bytes) -> bool:
    """Tell whether a value is a word that stands for a secret or is a common password, and digits to please a rule.

    Somebody has chosen it all the same: it is no stand-in, it is what is tried first.
    """
    found = _GUESSABLE.fullmatch(value)
    if found is None:
        return values.is_common(value) and not value.isalpha() and not value.isdigit()
    return values.stand_in(found[1]) or values.is_common(found[1])


def _is_of_production(binding: Binding, path: str) -> bool:
    """Tell whether the settings of production give a password that is no stand-in: there, any word is in use."""
    if binding.form not in ("assign", "colon", "element") or binding.comment or not _PRODUCTION.search(path):
        return False
    name, value = judge(binding.name), binding.value
    if not name.is_secret or name.kind != "password" or name.made_up or weigh.is_of_test_or_example(path):
        return False
    if value.isupper() and b"_" in value:
        return False  # the name of a variable
    return not (values.stand_in(value) or values.placeholder(value)[0] or values.is_common(value) or b" " in value)


_PRODUCTION = re.compile(
    r"(?i)(?:^|[/_.\-])(?:prod|production|live)(?:/[^/]{1,80})?[/_.\-](?:[\w-]{1,40}\.)?"
    r"(?:ya?ml|env|ini|cfg|conf|properties|toml|json|xml|tfvars)$|(?:^|/)\.env\.prod(?:uction)?$"
)


def _lets_in(binding: Binding, path: str, data: bytes) -> bool:
    """Tell whether a user's name is compared with a literal beside a password: `user == "ada" && pass == "…"`."""
    if binding.form != "compare" or judge(binding.name).kind != "password" or _made_up(binding):
        return False
    beside = data[max(0, binding.start - _LINE) : binding.start] + data[binding.last : binding.last + _LINE]
    user = _COMPARED_USER.search(beside)
    return user is not None and user[1] != binding.value and not weigh.is_of_test_or_example(path)


_LINE = 120
_COMPARED_USER = re.compile(rb"(?i)user(?:_?name)?[\"']?[\])]{0,2}\s{0,4}={2,3}\s{0,4}[\"']([^\"'\n]{2,60})[\"']")


def _is_passphrase(binding: Binding) -> bool:
    """Tell whether a name that promises a secret is given four words and a digit, or five, that say nothing of it."""
    if binding.form not in ("assign", "colon", "arrow", "pair", "default") or not judge(binding.name).is_secret:
        return False
    if _PHRASE.fullmatch(binding.value) is None or _SAYS_ITSELF.intersection(_marks(binding.value)):
        return False
    own = binding.name.lower().encode()
    words = [word.strip(b"0123456789").lower() for word in re.split(rb"[-.]", binding.value)]
    if any(values.stand_in(word) or word in own for word in words):
        return False
    return len(words) + (_DIGIT.search(binding.value) is not None) >= 5 and len(set(words)) == len(words)


_PHRASE = re.compile(rb"[A-Za-z]{3,10}[0-9]?(?:([-.])[A-Za-z]{3,10}[0-9]?)(?:\1[A-Za-z]{3,10}[0-9]?){2,9}")
_DIGIT = re.compile(rb"[0-9]")
_GUESSABLE = re.compile(rb"([A-Za-z]{4,20})[@#_.-]?[0-9]{3,6}[!?.$]?")


def _only_tried(binding: Binding, path: str, data: bytes) -> bool:
    """Tell whether a setting is only tried out: in a test, an example, or with the user's name for a password."""
    return weigh.is_of_test_or_example(path) or place.is_called_as_user(data, binding)


def _made_up(binding: Binding) -> bool:
    value = binding.value
    if values.stand_in(value) or values.placeholder(value)[0] or values.is_common(value):
        return True
    kind = judge(binding.name).kind
    if binding.form in _OF_PASSWORDS and (
        kind != "password" or (binding.form in ("column", "table") and not _MIXED.search(value))
    ):
        return True
    if _OTHER.intersection(_marks(value)):
        return True
    if binding.form == "connection-string" and (b"%" in value or _TRIED.match(value) or _TRIED.match(binding.user)):
        return True  # addresses made up to try a parser
    return any(mark != "host local" for mark, _ in weigh.of_user_and_host(binding))


def _marks(value: bytes) -> set[str]:
    return {mark for mark, _ in values.marks(value, bits_per_letter(value.decode("latin-1")))}
