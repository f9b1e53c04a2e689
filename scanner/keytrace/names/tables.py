"""The words of rules/names.toml as sets to look up in, made once in a process."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from keytrace.cache import shipped

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
Words = tuple[str, ...]


def split(name: str) -> Words:
    """Split `dbPassword2`, `DB_PASSWORD` or `db-password` into ("db", "password")."""
    return tuple(word.lower() for word in _WORD.findall(name))


class WordTable:
    """What judge() asks: names in any text."""

    def __init__(self, words: dict[str, Any], about: dict[str, Any], kinds: dict[str, list[str]]) -> None:
        self.strong, self.weak = frozenset(words["strong"]), frozenset(words["weak"])
        self.promising = self.strong | self.weak
        self.strong_endings = tuple(words["strong_endings"])
        self.key_of, self.pass_of = frozenset(words["key_of"]), frozenset(words["pass_of"])
        self.no_key, self.no_pass = frozenset(words["no_key"]), frozenset(words["no_pass"])
        self.made_up = frozenset(words["made_up"])
        self.setters, self.empty_endings = frozenset(words["setters"]), frozenset(words["empty_endings"])
        self.shipped = tuple(tuple(prefix.split("_")) for prefix in words["shipped"])
        self.last, self.first = frozenset(about["last"]), frozenset(about["first"])
        self.of_key, self.of_token = frozenset(about["of_key"]), frozenset(about["of_token"])
        self.unless = frozenset(about["unless"])
        self.published, self.anywhere = frozenset(about["published"]), frozenset(about["anywhere"])
        self.tried, self.passwords = frozenset(about["tried"]), frozenset(about["passwords"])
        self.kinds = tuple((kind, tuple(pieces)) for kind, pieces in kinds.items())


class ProgramTable:
    """What promise() asks: names in programs, by where they stand."""

    def __init__(self, table: dict[str, Any]) -> None:
        variable, function, header = table["variable"], table["function"], table["header"]
        self.secret, self.never = (frozenset(map(split, variable[key])) for key in ("secret", "never"))
        self.secret_endings = frozenset(map(split, variable["secret_endings"]))
        self.heads, self.suffixes = frozenset(variable["heads"]), frozenset(variable["suffixes"])
        self.ticket_of = frozenset(variable["ticket_of"])
        self.head_endings = tuple(variable["head_endings"])
        self.not_first, self.otherwise = frozenset(variable["not_first"]), frozenset(variable["otherwise"])
        self.other_tokens, self.token_of = frozenset(variable["other_tokens"]), frozenset(variable["token_of"])
        self.other_keys = frozenset(table["about"]["of_key"])
        self.sends = frozenset(function["sends"])
        self.shows, self.makes = frozenset(function["shows"]), frozenset(function["makes"])
        self.things = frozenset(variable["things"])
        self.weak_keys, self.unless = frozenset(variable["weak_keys"]), frozenset(variable["unless"])
        self.unsure = frozenset(map(split, variable["unsure"]))
        self.public, self.made = frozenset(variable["public"]), frozenset(variable["made"])
        self.paths = frozenset(variable["paths"])
        self.value = frozenset(variable["value"])
        self.refers, self.given_none = frozenset(variable["refers"]), frozenset(variable["given_none"])
        self.clean, self.texts = frozenset(variable["clean"]), frozenset(variable["texts"])
        self.of_what = frozenset(variable["prepositions"])
        self.setting_endings = frozenset(table["setting"]["endings"])
        self.apart = re.compile(f"(?i)[_-](?:{'|'.join(table['setting']['endings'])})(?![a-z])")
        self.headers, self.header_endings = frozenset(map(split, header["secret"])), frozenset(header["endings"])
        query = table["query"]
        self.queries, self.put_in = frozenset(query["secret"]), frozenset(query["put_in"])
        self.called_so, self.query_keys = frozenset(query["called_so"]), frozenset(query["keys"])
        self.no_query_keys, self.nonces = frozenset(query["other_keys"]), frozenset(query["nonces"])
        self.request_tokens = frozenset(query["request_tokens"])
        self.request_paths = frozenset(query["request_paths"])
        self.once, self.once_paths = frozenset(query["once"]), frozenset(query["once_paths"])
        self.secret_modules = frozenset(table["module"]["secret"])
        self.own_modules = frozenset(table["module"]["own"])
        self.before: dict[str, list[str]] = table["spellings"]
        self.verbs, self.other_verbs = frozenset(function["verbs"]), frozenset(function["other_verbs"])
        self.prepositions, self.confirms = frozenset(function["prepositions"]), frozenset(function["confirms"])

    def is_connection(self, parts: Words) -> bool:
        """Tell whether a name is that of an address with a password in it: PROD_DATABASE_URL."""
        is_one = parts[-2:] in self.secret_endings and parts[-3:] not in self.never
        return is_one and self.otherwise.isdisjoint(parts)


class ClientTable:
    """What is asked of names whose values clients are handed."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self.never, self.broad = (tuple(map(split, table[key])) for key in ("never", "broad"))
        self.plain = frozenset(table["plain"])


class LiteralTable:
    """What is asked of the literals of programs."""

    def __init__(self, table: dict[str, Any], placeholders: dict[str, list[str]]) -> None:
        self.placeholders = frozenset(placeholders["empty_of_programs"])
        self.sample = re.compile(f"(?i){_any(placeholders['sample_of_programs'])}")
        self.in_url = re.compile(f"(?i)^{_any(placeholders['in_url'])}$")
        self.plural, self.ends = frozenset(table["plural"]), frozenset(table["ends"])
        self.questions, self.prompts = frozenset(table["questions"]), frozenset(table["prompts"])
        self.prose, self.about_passwords = frozenset(table["prose"]), frozenset(table["about_passwords"])
        self.signing, self.headers = frozenset(table["signing"]), frozenset(table["headers"])
        self.cookie, self.scheme = _any(table["cookies"]), _any(table["schemes"])
        self.connection = tuple(table["connection"])


def _any(pieces: list[str]) -> str:
    return f"(?:{'|'.join(pieces)})"


@cache
def words() -> WordTable:
    """Return what is known of names in any text."""
    table = shipped.table("names")
    return WordTable(table["words"], table["about"], table["kinds"])


@cache
def providers() -> frozenset[str]:
    """Return the providers whose name alone says nothing, in one word each."""
    return frozenset(shipped.table("names")["providers"]["ambiguous"])


@cache
def environments() -> dict[str, str]:
    """Return the usual name of an environment by each word for it."""
    table: dict[str, list[str]] = shipped.table("names")["environments"]
    return {word: name for name, words in table.items() for word in words}


@cache
def programs() -> ProgramTable:
    """Return what is known of names in programs."""
    return ProgramTable(shipped.table("names"))


@cache
def clients() -> ClientTable:
    """Return what is known of names whose values clients are handed."""
    return ClientTable(shipped.table("names")["client"])


@cache
def literals() -> LiteralTable:
    """Return what is known of literals in programs."""
    table = shipped.table("names")
    return LiteralTable(table["literal"], table["placeholder"])


def placeholders() -> dict[str, list[str]]:
    """Return what people write where a secret will be."""
    table: dict[str, list[str]] = shipped.table("names")["placeholder"]
    return table
