"""The names of a Python program, asked of the one lexicon with what a project adds to it."""

from __future__ import annotations

import re

from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.names.lexicon import (
    Role,
    asks_to_show,
    begins_otherwise,
    is_given_none,
    is_other_token,
    may_be_an_id,
    noun_of,
    promise,
    refers,
    words,
)
from keytrace.names.tables import literals, programs

_LONGEST_PATH = 80


class Names:
    """What the names of a program promise."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.extra, self._own = knowledge.secret_names, knowledge.own_names

    def is_secret(self, name: str) -> bool:
        """Tell whether what is bound to a variable, attribute, key or parameter of this name is a secret."""
        return promise(name, Role.VARIABLE, self._own).is_secret

    def is_sure(self, name: str) -> bool:
        """Tell whether such a name leaves no doubt: a bare `token` may be one of a text."""
        return promise(name, Role.VARIABLE, self._own).sure

    def is_setting(self, name: str) -> bool:
        """Tell whether a variable of the environment of this name holds a secret: there, X_KEY and X_PASS do."""
        return promise(name, Role.SETTING, self._own).is_secret

    def returns_secret(self, name: str) -> bool:
        """Tell whether a function of this name returns a secret: get_password, fetch_api_key, create_token."""
        return promise(name, Role.FUNCTION, self._own).is_secret

    def is_header(self, name: str) -> bool:
        """Tell whether a header of this name carries a credential."""
        return promise(name, Role.HEADER, self._own).is_secret

    def is_piece(self, one: str, several: str) -> bool:
        """Tell whether what a loop calls `token` is one of a text: what it goes through is not called so."""
        return self.is_secret(one) and not self.is_sure(one) and words(several)[-1:] != (f"{one}s",)

    def is_of_names(self, several: str) -> bool:
        """Tell whether what is called so has the names of secrets, not secrets: required_credentials."""
        return begins_otherwise(several) or words(several) == ("keys",) or words(several)[-1:] == ("names",)

    def refers(self, name: str) -> bool:
        """Tell whether what is called so refers to a secret at most: secret_name, token_id."""
        return refers(name)

    def is_made_id(self, name: str) -> bool:
        """Tell whether what is called so and was made by chance only tells things apart: txn_id, but not session_id."""
        is_id = refers(name) or not programs().made.isdisjoint(words(name)[-1:])
        return is_id and not re.search(literals().cookie, name.lower())

    def is_path(self, name: str) -> bool:
        """Tell whether what is called so is the path of a file: cert_path, filename."""
        return not programs().paths.isdisjoint(words(name)[-1:])

    def is_public(self, name: str) -> bool:
        """Tell whether what is called so is known to others, wherever it was read: username = resolve_credential(…)."""
        return not programs().public.isdisjoint(words(name)[-1:])

    def is_other_token(self, name: str) -> bool:
        """Tell whether what is called so is a token that opens nothing: next_page_token."""
        return is_other_token(name)

    def may_be_an_id(self, name: str) -> bool:
        """Tell whether a token of this name may be the id of a thing: payment_method_token."""
        return may_be_an_id(name)

    def may_be_key_of_thing(self, name: str) -> bool:
        """Tell whether a key of this name may be the id of a thing, where that is what ids are called: account_key."""
        parts = words(name.rpartition(".")[2])
        return parts[-1:] == ("key",) and len(parts) == 2 and parts[0] in programs().things

    def asks_to_show(self, flag: str) -> bool:
        """Tell whether a flag, or a function, of this name asks for secrets to be shown: show_tokens."""
        return asks_to_show(flag)

    def makes(self, function: str) -> bool:
        """Tell whether a function of this name makes what it returns: generate_api_key."""
        return not programs().makes.isdisjoint(words(function)[:1])

    def is_nonce(self, name: str) -> bool:
        """Tell whether what a query parameter of this name carries is used once: state of OAuth."""
        return name.lower() in programs().nonces

    def opens_once(self, url: str, parameter: str, given: str) -> bool:
        """Tell whether a URL is a link to be opened once, by its path or by what the token is called that is put into
        it: …/reset-password?token=, …?token={reset_token}, …/authorize?oauth_token=.
        """
        known, path = programs(), words(url[-_LONGEST_PATH:])
        if parameter.lower() in known.request_tokens:
            return not known.request_paths.isdisjoint(path)
        is_token = not known.once.isdisjoint(words(parameter)[-1:])
        return is_token and not known.once_paths.isdisjoint((*path, *words(parameter), *words(given)))

    def is_given_none(self, parameter: str) -> bool:
        """Tell whether a parameter is given the name of a secret: secret_name."""
        return is_given_none(parameter)

    def noun_of(self, function: str) -> str:
        """Return what a function of this name returns, by its name; empty where it does something else."""
        return noun_of(function)
