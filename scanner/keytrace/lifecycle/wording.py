"""Which names are those of one key, and which values are none: references, placeholders, what is encrypted."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from keytrace.lifecycle.key import Holds
from keytrace.names.lexicon import Role as Promise
from keytrace.names.lexicon import judge, promise
from keytrace.names.tables import literals, placeholders, split
from keytrace.scoring import value as values

# Parts of the path to a setting that say where it is kept, not what it is.
_HOLDERS = frozenset(
    "env environment envs vars variables secret secrets config configuration settings data values global parameters "
    "params custom provider app default all".split()  # secret: of Helm's values
)
_PLURAL = {"keys": "key", "tokens": "token"}
_URLS = frozenset("url uri dsn connection".split())
_STORES = frozenset(
    "database db postgres postgresql pg mysql mariadb mongo mongodb redis amqp rabbitmq broker celery cache queue "
    "kafka smtp email sentry clickhouse elasticsearch mssql sqlserver cockroach influx cloudinary".split()
)
_DATABASES = frozenset(
    "database db datasource postgres postgresql pg mysql mariadb mongo mongodb redis clickhouse mssql sqlserver "
    "cockroach oracle rds connection".split()
)
_PLAIN = frozenset(
    "user username login email host hostname port region database dbname bucket name namespace url uri endpoint crt "
    "cert ca domain driver dialect id account project org organization role env environment version".split()
)
_AUTOMATIC = frozenset({("github", "token"), ("ci", "job", "token"), ("ci", "registry", "password")})

_PASSWORD = re.compile(rb"\b[a-z][a-z0-9+.-]{1,30}://[^\s:@/]*:([^\s@/]{1,200})@")
_STORE = (
    "vault op ssm sm gcp aws akv doppler secretsmanager keyvault awssm berglas bws infisical".split()  # before a colon
)
_TABLES = "var local data module random_password aws_secretsmanager_secret_version vault_generic_secret".split()
_REFERENCE = re.compile(
    rb"""\s*(?:
      \$\{\{.*\}\} | \{\{.*\}\} | \$\{.*\} | \$\([^()]*\) | \$[A-Za-z_]\w* | %[A-Za-z_]\w*% | \#\{[^{}]*\} | <%.*%>
      | !(?:Ref|Sub|GetAtt|ImportValue|reference)\b.* | (?:STORES|ref\+\w+):.* | arn:aws:(?:secretsmanager|ssm):.*
      | /?aws/reference/secretsmanager/.* | projects/[^/]+/secrets/.* | @Microsoft\.KeyVault\(.*
      | (?:TABLES)\.[\w.\[\]"'-]+ | secrets?\.[A-Za-z_]\w* | process\.env\..* | env\(["'].*["']\) | @?/run/secrets/\S+
      | file:/\S+
    )\s*""".replace(b"STORES", "|".join(_STORE).encode()).replace(b"TABLES", "|".join(_TABLES).encode()),
    re.VERBOSE | re.DOTALL,
)
_ENCRYPTED = re.compile(
    rb"\s*(?:ENC\[|\$ANSIBLE_VAULT;|!vault\b|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED)|AgA[A-Za-z0-9+/]{200}"
    rb"|\x00GITCRYPT|ENC\(|secure:|encrypted:|\{cipher\}|v1:[A-Za-z0-9+/=]{40,}:)"
)
_NO_VALUE = re.compile(
    rb"\s*(?:\d{0,6}|[x*.\-_#?0]+|<[^<>]*>|\[[^\[\]]*\]|\{[^{}]*\}|.*(?:xxxx|\*\*\*\*|_here\b).*)\s*", re.IGNORECASE
)


_PARTS = re.compile(r"[.:/\[\]]+|__")  # between the parts of the path to a setting


def parts_of(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the words of each part of the path to a setting."""
    return tuple(filter(None, (tuple(split(part)) for part in _PARTS.split(name))))


@lru_cache(maxsize=16384)
def words_of(name: str) -> tuple[str, ...]:
    """Return what a name comes to in any spelling: STRIPE_KEY, stripe-key, Stripe:Key and env.stripeKey are one."""
    kept = parts_of(name.removeprefix("TF_VAR_"))
    last = kept[-1] if kept else ()
    is_whole = len(last) > 2 or (len(last) > 1 and re.split(r"[.:/]|__", name)[-1].isupper())
    found = last if is_whole else tuple(word for part in kept for word in part if part is last or not _is_holder(part))
    return tuple(_PLURAL.get(word, word) for word in found)


@lru_cache(maxsize=16384)
def identity_of(name: str) -> tuple[str, ...]:
    """Return what names of one key have in common: their words and numbers. DB1_PASSWORD and DB2_PASSWORD are two."""
    words, parts = words_of(name), _PARTS.split(name)
    while len(parts) > 1 and not split(parts[-1]):
        parts[-2:] = [f"{parts[-2]} {parts[-1]}"]  # an index belongs to what it is of
    told = parts[-1:] if len(tuple(split(parts[-1]))) == len(words) else parts
    return (*words, *re.findall(r"\d+", " ".join(told))) if words else ()


def _is_holder(part: tuple[str, ...]) -> bool:
    return all(word in _HOLDERS for word in part)


@lru_cache(maxsize=16384)
def is_key(name: str) -> bool:
    """Tell whether a name alone says that its value is a key."""
    if is_automatic(name):
        return False
    last = re.split(r"[.:/]", name)[-1]
    words = words_of(name)
    if words[-3:] in (("access", "key", "id"), ("secret", "key", "base")):  # of AWS; of Rails and Phoenix
        return True
    if promise(_spelled(words, last), Promise.SETTING).is_secret or promise(last, Promise.SETTING).is_secret:
        return True
    return judge(name).shipped and judge(name).is_secret


def _spelled(words: tuple[str, ...], last: str) -> str:
    """Return the words of a name as one; of several keys as a variable: API_TOKENS are such, MAX_OUTPUT_TOKENS none."""
    several = tuple(split(last))[-1:]
    return "_".join((*words[:-1], *several)).upper() if several and several[0] in _PLURAL else "_".join(words)


@lru_cache(maxsize=16384)
def may_be_key(name: str) -> bool:
    """Tell whether a name is that of an address which often holds a password."""
    words = words_of(name)
    if words[:2] == ("connection", "strings"):
        return True
    return len(words) > 1 and words[-1] in _URLS and not _STORES.isdisjoint(words[:-1])


def opens_database(name: str) -> bool:
    """Tell whether a name is that of the password of a user of a database, or of an address which holds it."""
    words = words_of(name)
    is_of_user = is_key(name) and words[-1] not in ("key", "token")
    return not _DATABASES.isdisjoint(words) and (is_of_user or may_be_key(name))


def is_plain(name: str) -> bool:
    """Tell whether a name is that of what is kept with secrets and is none: users, hosts, ids."""
    words = words_of(name)
    return not words or (words[-1] in _PLAIN and not is_key(name))


def is_automatic(name: str) -> bool:
    """Tell whether a name is that of a token which the CI makes for each run."""
    return words_of(name) in _AUTOMATIC


def password_in(value: bytes) -> bytes:
    """Return the password in an address, empty if there is none."""
    found = _PASSWORD.search(value) or (_connection().search(value) if b"=" in value and b";" in value else None)
    return found[1] if found else b""


@cache
def _connection() -> re.Pattern[bytes]:
    """Return what finds the password in a string of settings: `Server=db;Password=…;`."""
    return re.compile(rb"(?i)(?:^|[;\s])(?:%s)\s*=\s*([^;\"']+)" % "|".join(literals().connection).encode())


def holds(value: bytes | None) -> Holds:
    """Return what a value is."""
    if value is None or not value.strip():
        return Holds.EMPTY
    if _ENCRYPTED.match(value):
        return Holds.ENCRYPTED
    if _REFERENCE.fullmatch(value):
        return Holds.REFERENCE
    inner = password_in(value)
    if inner:
        return holds(inner)
    return Holds.PLACEHOLDER if _is_none(value.strip()) else Holds.VALUE


@lru_cache(maxsize=16384)
def _is_none(value: bytes) -> bool:
    """Tell whether a value stands for one: nothing, a placeholder, a word that everybody takes."""
    if _NO_VALUE.fullmatch(value) or values.is_template(value) or values.is_common(value) or values.stand_in(value):
        return True
    word = value.lower().decode("latin-1")
    return bool(values.placeholder(value)[0]) or word in values.example_passwords() or word in placeholders()["empty"]


_INTERPOLATED = re.compile(
    r"\$\{\{\s*(?:secrets|vars|env)\.(?P<action>\w+)[^{}]*\}\}|\$\{env:(?P<env>\w+)[^{}]*\}"
    r"|(?<!\$)\$\{(?P<braced>[A-Za-z_]\w*)(?::?(?:[-=](?P<default>[^{}]*)|[?+][^{}]*))?\}"
    r"|(?<![\$\w])\$(?P<bare>[A-Za-z_]\w*)"
)


def interpolated(value: str) -> list[tuple[str, str, bool]]:
    """Return the names that a value takes others from: (name, default, whether it is the whole value). What stands
    behind `:?` is said where there is none, behind `:+` is taken in place of one: neither is its value.
    """
    found = []
    for one in _INTERPOLATED.finditer(value):
        name = one["action"] or one["env"] or one["braced"] or one["bare"]
        found.append((name, one["default"] or "", one.span() == (0, len(value.strip()))))
    return found
