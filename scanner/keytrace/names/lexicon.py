"""Does a name say that its value is a secret? Names are split into words; words decide, not substrings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache


class Strength(IntEnum):
    """How strongly a name promises a secret."""

    NONE = 0
    ABOUT = 1  # tells something about a secret, such as `token_url` or `max_tokens`; only a random value counts
    WEAK = 2  # may be anything: `key`, `auth`, `pass`; the value has to prove itself
    STRONG = 3  # `password`, `client_secret`, `apiKey`


_KINDS = (
    ("api-key", ("apikey", "accesskey", "authkey")),
    ("password", ("pass", "pwd", "contrasena", "senha", "kennwort", "wachtwoord", "pw")),
    ("secret", ("secret",)),
    ("token", ("token", "bearer", "jwt", "ticket", "pat")),
    ("key", ("key", "cert", "pem", "hmac")),
    ("credential", ("cred", "dsn", "mnemonic")),
    ("auth", ("auth", "cookie", "session", "sas", "sig")),
)
_MADE_UP = frozenset("fake dummy mock sample example wrong invalid bad masked".split())
_EMPTY_ENDINGS = frozenset("value val data string str bytes hex literal plain plaintext raw base".split())
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_STRONG_WORDS = frozenset(
    "password passwords passwd pwd passphrase passcode passwort motdepasse contrasena contrase senha kennwort "
    "wachtwoord ticket secret secrets apikey apikeys authkey privkey secretkey accesskey accesstoken authtoken "
    "credential credentials creds bearer jwt dsn mnemonic requirepass storepass keypass userpass dbpass sshpass "
    "token".split()
)
_STRONG_ENDINGS = ("password", "passwd", "passphrase", "secret", "apikey", "secretkey", "accesskey", "accesstoken",
                   "authtoken", "privatekey", "pwd")  # fmt: skip
_KEY_OF = frozenset(
    "api access secret private priv signing sign encryption encrypt decryption master auth account storage service "
    "subscription license client consumer shared app application webhook hmac aes admin deploy server session cookie "
    "crypt crypto cipher jwt root".split()
)
_WEAK_WORDS = frozenset(
    "key nkey pat pass pw auth authorization pin otp totp verifier cookie session salt hmac cert pem seed psk nkey "
    "sas signature".split()
)

# A name that ends like this tells something about a secret, it does not hold one.
_LAST_VETO = frozenset(
    "signature sig name names id ids file filename path dir directory folder url uri urls endpoint host env var "
    "variable field fields column header headers param params parameter option options arg args flag type types "
    "kind format len length size count num number limit max min budget usage cost ttl expiry expires expire "
    "expiration at age date time timeout timestamp policy rule rules regex pattern re prefix suffix separator "
    "delimiter hash digest hashed fingerprint checksum hasher hashers encoder form input label placeholder title "
    "text msg message messages error errors prompt hint help question template class cls model schema widget view "
    "store manager provider validator validators required enabled disabled valid ok index idx ref arn version "
    "algorithm alg algo length status state exists description desc link page generator factory handler callback "
    "strategy strength score reset mode method scope scopes position pos offset start end line column stream list "
    "map set dict cache table bytes bits icon image button alias spec config settings source case action event "
    "reason info interval ring expected received region request encryption const constant salt nonce iv server "
    "servers service".split()
)
_FIRST_VETO = frozenset(
    "is has no use check validate verify reset forgot change require requires allow need show hide max min num "
    "get count public pub primary foreign partition sort cache dict group keyboard non un contains remove delete "
    "invalid missing expired wrong csrf xsrf next continuation page pagination eos bos pad sep cls unk mask "
    "tokenizer can should did create make generate parse build define lookup".split()
)
_ANYWHERE_VETO = frozenset(
    "websocket crypted mgr public publishable csrf xsrf csrfmiddleware tokenizer tokenize keyboard keyword "
    "encrypted hashed sha".split()
)
_NO_PASSWORD = frozenset("compass encompass bypass trespass overpass underpass surpass".split())
_TRIED = frozenset("verify check reset change create".split())  # verify_password("…") is handed a password
_PASSWORDS = frozenset("password passwords passwd pwd passphrase passcode".split())
_NO_KEY = frozenset("monkey donkey turkey hockey jockey whiskey mickey".split())
_SETTERS = frozenset("set with add put insert update".split())


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Split `dbPassword2`, `DB_PASSWORD` or `db-password` into ("db", "password")."""
    return tuple(word.lower() for word in _WORD.findall(name))


@dataclass(frozen=True, slots=True)
class Name:
    """What a name promises. `kind`: password, secret, token, api-key, key, credential, auth or other."""

    strength: Strength
    kind: str = ""
    about: str = ""  # the word that makes it tell about a secret, and
    place: str = ""  # where in the name it stands: last, first or anywhere
    alone: bool = False  # the name is that one word
    words: int = 1
    made_up: bool = False  # it says itself that the value is made up


_NOTHING = Name(Strength.NONE)


@lru_cache(maxsize=8192)
def judge(name: str) -> Name:
    """Return what `name` (an identifier, key, header, option or column) promises."""
    parts = words(name.rpartition(".")[2] if "." in name.strip(".") else name)
    parts = parts or words(name)
    if not parts or (parts[-1] == "pat" and not name.isupper()):  # GITHUB_PAT is a token, ignore_pat a pattern
        return _NOTHING
    if len(parts) > 1 and parts[0] in _SETTERS:
        parts = parts[1:]
    if parts[-1] in ("keys", "tokens"):
        parts = (*parts[:-1], parts[-1][:-1])
    while len(parts) > 1 and parts[-1] in _EMPTY_ENDINGS:
        parts = parts[:-1]
    strong, kind = _promise(parts)
    if strong is Strength.NONE:
        return _NOTHING
    about, place = _about(parts)
    strength = Strength.ABOUT if about else strong
    return Name(strength, kind, about, place, len(parts) == 1, len(parts), not _MADE_UP.isdisjoint(parts))


def _about(parts: tuple[str, ...]) -> tuple[str, str]:
    """Return the word that makes a name tell about a secret, and where it stands."""
    if parts[-1] in _LAST_VETO:
        return parts[-1], "last"
    if parts[0] in _FIRST_VETO and len(parts) > 1 and not (parts[0] in _TRIED and parts[-1] in _PASSWORDS):
        return parts[0], "first"
    return next(((word, "anywhere") for word in parts if word in _ANYWHERE_VETO), ("", ""))


def _promise(parts: tuple[str, ...]) -> tuple[Strength, str]:
    last = parts[-1]
    for word in parts:
        if (word in _STRONG_WORDS and (word != "token" or word == last)) or word.endswith(_STRONG_ENDINGS):
            return Strength.STRONG, _kind(word, parts)
    if last == "key" and len(parts) > 1 and parts[-2] in _KEY_OF:
        return Strength.STRONG, "api-key" if parts[-2] in ("api", "access") else "key"
    weak = last if _is_weak(last) else next((word for word in parts if word in _STRONG_WORDS | _WEAK_WORDS), "")
    return (Strength.WEAK, _kind(weak, parts)) if weak else (Strength.NONE, "")


def _is_weak(last: str) -> bool:
    """Tell whether a name may hold a secret by the word that it ends with."""
    return (
        last in _WEAK_WORDS
        or last.endswith("token")
        or (last.endswith("key") and last not in _NO_KEY)
        or (last.endswith("pass") and last not in _NO_PASSWORD)
    )


def _kind(word: str, parts: tuple[str, ...]) -> str:
    for kind, pieces in _KINDS:
        if any(piece in word for piece in pieces):
            return kind
    return "key" if parts[-1] == "key" else "other"


def strength(name: str) -> Strength:
    """Return how strongly `name` promises a secret."""
    return judge(name).strength
