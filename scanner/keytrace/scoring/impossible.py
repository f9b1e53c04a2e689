"""Why a value cannot be a secret: by what its name promises, by how it is bound to it, by itself."""

from __future__ import annotations

from keytrace.names.lexicon import Name, Strength, is_setter, judge
from keytrace.scoring import value as values
from keytrace.scoring.alphabet import alphabet
from keytrace.scoring.binding import Binding
from keytrace.scoring.rarity import is_random

PROMISES_LITTLE = "the value reads like words, and the name promises little"


def impossible(binding: Binding) -> str:
    """Return why the value cannot be a secret, or an empty string."""
    name = judge(binding.name)
    if name.strength is Strength.ABOUT and not values.may_be_random(binding.value):
        return f"the name '{binding.name[-40:]}' tells about a secret ('{name.about}'), it does not hold one"
    if (reason := _only_a_word(binding, name)) and values.reads_as_words(binding.value):
        return reason
    if reason := _constant(binding) or values.ruled_out(binding.value, quoted=binding.quoted):
        return reason
    says, certain = values.placeholder(binding.value)
    if certain:
        return says
    if binding.host == b"sha256":
        return "the value is the tag of an image, its digest follows"
    if binding.user and binding.user.lower() == binding.value.lower():
        return "the value repeats the user name"
    return "the value repeats its own name" if values.repeats_name(binding.value, binding.name) else ""


def _only_a_word(binding: Binding, name: Name) -> str:
    """Return why a value that reads as words is nothing else, or an empty string."""
    if name.strength is Strength.WEAK:
        is_password = name.alone and name.kind == "password" and not binding.value.isalpha()
        return "" if is_password and binding.form in ("colon", "assign") else PROMISES_LITTLE
    is_answer = binding.form == "compare" or (binding.form in ("colon", "assign") and not binding.quoted)
    if is_answer and is_setter(binding.name):
        return "the name asks whether to set a secret, and the value answers"
    if name.kind == "token" and alphabet(binding.value) == "dotted" and binding.value.count(b".") >= 2:
        return "the value is a path of words, as the tokens of a language are called"
    return "the value is the next word in a list of words" if binding.form == "list" else ""


def _constant(binding: Binding) -> str:
    """Return why a value in capitals is a constant, or an empty string: `=== "LDAP"`, `=> CURLOPT_SSLKEYPASSWD`."""
    value = binding.value
    if not value.isupper():
        return ""
    if not binding.quoted and binding.form == "arrow" and b"_" in value:
        return "the value is the name of a constant"
    is_name = judge(value.decode("latin-1")).is_secret or (binding.user.isupper() and b"_" in binding.user)
    if binding.form == "connection-string" and b"_" in value and is_name:
        return "the value is the name of a variable"
    if binding.form == "compare" and value.isalpha() and not is_random(value.decode("latin-1")):
        return "the value is one of several that are asked for, in capitals"
    return ""
