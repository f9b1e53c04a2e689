"""Does a name say that its value is a secret? Names are split into words; words decide, not substrings."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache


class Strength(IntEnum):
    """How strongly a name promises a secret."""

    NONE = 0
    WEAK = 1  # may be anything: `key`, `auth`, `pass`; the value has to prove itself
    STRONG = 2  # `password`, `client_secret`, `apiKey`


_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_STRONG_WORDS = frozenset(
    "password passwords passwd pwd passphrase passcode passwort motdepasse contrasena senha secret secrets apikey "
    "apikeys authkey privkey secretkey accesskey accesstoken authtoken credential credentials creds bearer jwt dsn "
    "mnemonic requirepass storepass keypass userpass dbpass sshpass token".split()
)
_STRONG_ENDINGS = ("password", "passwd", "passphrase", "secret", "apikey", "secretkey", "accesskey", "accesstoken",
                   "authtoken", "privatekey", "pwd")  # fmt: skip
_KEY_OF = frozenset(
    "api access secret private priv signing sign encryption encrypt decryption master auth account storage service "
    "subscription license client consumer shared app application webhook hmac aes admin deploy server session cookie "
    "crypt crypto cipher jwt root".split()
)
_WEAK_WORDS = frozenset(
    "key pass pw auth authorization pin otp cookie session salt hmac cert pem seed psk nkey sas signature".split()
)

# A name that ends like this tells something about a secret, it does not hold one.
_LAST_VETO = frozenset(
    "name names id ids file filename path dir directory folder url uri urls endpoint host env var variable field "
    "fields column header headers param params parameter option options arg args flag type types kind format len "
    "length size count num number limit max min budget usage cost ttl expiry expires expire expiration at age date "
    "time timeout timestamp policy rule rules regex pattern re prefix suffix separator delimiter hash digest hashed "
    "fingerprint checksum hasher hashers encoder form input label placeholder title text msg message messages error "
    "errors prompt hint help question template class cls model schema widget view store manager provider validator "
    "validators required enabled disabled valid ok index idx ref arn version algorithm alg algo length status state "
    "exists description desc link page generator factory handler callback strategy strength score reset mode method "
    "scope scopes position pos offset start end line column stream list map set dict cache table bytes bits icon "
    "image button alias spec config settings source case action event reason info interval ring expected received "
    "region request encryption const constant".split()
)
_FIRST_VETO = frozenset(
    "is has no use check validate verify reset forgot change require requires allow need show hide max min num "
    "count public pub primary foreign partition sort cache dict group keyboard non un invalid missing expired wrong "
    "csrf xsrf next continuation page pagination eos bos pad sep cls unk mask tokenizer can should did create make "
    "generate parse build define lookup".split()
)
_ANYWHERE_VETO = frozenset(
    "websocket mgr manager public publishable csrf xsrf csrfmiddleware tokenizer tokenize keyboard keyword encrypted "
    "hashed sha".split()
)
_NO_PASSWORD = frozenset("compass encompass bypass trespass overpass underpass surpass".split())
_SETTERS = frozenset("set with add put insert update".split())


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Split `dbPassword2`, `DB_PASSWORD` or `db-password` into ("db", "password")."""
    return tuple(word.lower() for word in _WORD.findall(name))


@lru_cache(maxsize=8192)
def strength(name: str) -> Strength:
    """Return how strongly `name` (an identifier, key, header, option or column) promises a secret."""
    parts = words(name.rpartition(".")[2] if "." in name.strip(".") else name)
    parts = parts or words(name)
    if not parts or parts[-1] in _LAST_VETO or not _ANYWHERE_VETO.isdisjoint(parts):
        return Strength.NONE
    if len(parts) > 1 and parts[0] in _SETTERS:
        parts = parts[1:]
    if parts[0] in _FIRST_VETO or parts[0] == "get":
        return Strength.NONE
    if parts[-1] in ("keys", "tokens"):
        parts = (*parts[:-1], parts[-1][:-1])
    last = parts[-1]
    for word in parts:
        if word in _STRONG_WORDS and (word != "token" or word == last):
            return Strength.STRONG
        if word.endswith(_STRONG_ENDINGS):
            return Strength.STRONG
    if last == "key" and len(parts) > 1 and parts[-2] in _KEY_OF:
        return Strength.STRONG
    if last in _WEAK_WORDS or last.endswith("token") or (last.endswith("pass") and last not in _NO_PASSWORD):
        return Strength.WEAK
    return Strength.NONE
