"""The names of a Python program, asked of the one lexicon with what a project adds to it."""

from __future__ import annotations

from keytrace.analyzers.python.knowledge import Knowledge
from keytrace.names.lexicon import Name, Role, noun_of, promise


class Names:
    """What the names of a program promise.

    Two flags decide for a whole file over words that alone promise little: `about_tokens` says that a bare `token` is
    one that opens something, `about_folders` that `pwd` is a folder.
    """

    def __init__(self, knowledge: Knowledge, *, about_tokens: bool = True, about_folders: bool = False) -> None:
        self.extra, self._own = knowledge.secret_names, knowledge.own_names
        self._about_tokens, self._about_folders = about_tokens, about_folders

    def promise(self, name: str, role: Role = Role.VARIABLE) -> Name:
        """Return what a name promises."""
        return promise(name, role, self._own)

    def is_secret(self, name: str) -> bool:
        """Tell whether what is bound to a variable, attribute, key or parameter of this name is a secret."""
        return self._holds(self.promise(name))

    def is_setting(self, name: str) -> bool:
        """Tell whether a variable of the environment of this name holds a secret: there, X_KEY and X_PASS do."""
        return self._holds(self.promise(name, Role.SETTING))

    def returns_secret(self, name: str) -> bool:
        """Tell whether a function of this name returns a secret: get_password, fetch_api_key, create_token."""
        return self._holds(self.promise(name, Role.FUNCTION))

    def is_header(self, name: str) -> bool:
        """Tell whether a header of this name carries a credential."""
        return self.promise(name, Role.HEADER).is_secret

    def noun_of(self, function: str) -> str:
        """Return what a function of this name returns, by its name; empty where it does something else."""
        return noun_of(function)

    def _holds(self, name: Name) -> bool:
        if name.sure or not name.is_secret:
            return name.is_secret
        return not self._about_folders if name.kind == "password" else self._about_tokens
