"""Whose a secret is, by its name and what stands around it."""

from __future__ import annotations

import random

import pytest

from keytrace import scan
from keytrace.config import Config
from keytrace.engine import Engine, Setup, load_engine
from keytrace.findings import find_alone
from keytrace.model import Allowlist, FileProvenance, Finding, Match
from keytrace.rules.load import load_builtin
from keytrace.text.document import Document
from keytrace.triage import whose

DRAWN = random.Random(5)
V = "".join(DRAWN.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789", k=24))


def found(engine: Engine, path: str, text: str) -> Finding:
    return find_alone(engine, Document(FileProvenance(path), text.replace("$", V).encode()), [])[-1]


@pytest.mark.parametrize(
    ("path", "text", "rule", "by"),
    [
        # the name; of several words the last one
        (".env", "CONFLUENCE_POSTGRES_SECRET=$", "postgresql", "its name"),
        ("a.py", 'mysqlrootpassword = "$"', "mysql", "its name"),
        ("a.yml", "auth0_client_secret: $", "auth0", "its name"),
        ("a.env", "AUTH_CLIENT_SECRET=$", "oauth-client", "its name"),  # the digit belongs to the name
        ("a.env", "DD_API_KEY=$", "datadog", "its name"),
        # a setting beside it says what it belongs to
        ("a.yml", "datasource:\n  url: jdbc:mysql://db.acme.net:3306/shop\n  password: $", "mysql", "a setting beside"),
        (".env", "DB_CONNECTION=pgsql\nDB_PASSWORD=$", "postgresql", "a setting beside"),
        (".env", "DB_PASSWORD=$\nDB_URL=mongodb://app@db/shop", "mongodb", "a setting beside"),
        (".env", "DB_CONNECTION=pgsql\nADMIN_PASSWORD=$", "administrator", "its name"),  # another's setting
        ("a.js", "x({\n  host: 'smtp.acme.net',\n  password: '$',\n})", "mail-server", "a setting beside"),
        # keys above it
        ("a.yml", "ldap:\n  user: app\n  password: $", "ldap", "a key above"),
        ("a.yml", "github:\n  oauth:\n    clientSecret: $", "github", "a key above"),
        ("a.json", '{\n  "redis": {\n    "auth": {\n      "password": "$"\n    }\n  }\n}', "redis", "a key above"),
        ("a.ini", "[rabbitmq]\nuser = app\npassword = $", "rabbitmq", "a key above"),
        ("a.xml", "<ldap>\n  <password>$</password>\n</ldap>", "ldap", "a key above"),
        ("a.yml", "gitea:\n  environment:\n    DB_PASSWORD: $", "database", "its name"),
        ("a.yml", "jwt:\n  secret: $", "jwt", "the key above"),
        # what is called with it, on which host
        ("a.js", "const cache = redis.createClient({ password: '$' })", "redis", "the call"),
        ("a.sh", "docker exec -it db mysqldump --user=app --password=$ shop", "mysql", "the command"),
        ("a.sh", "kubectl exec -n x pod -- acme-cli register --secret=$", "generic-secret", ""),
        ("a.txt", "https://gitlab.com/api/v4/projects?access_token=$", "gitlab", "a host"),
        # one mapping on a line: its own members say it, then what it is called
        (
            "a.json",
            '{"url": "https://gitlab.com/a/b", "db": {"type": "postgres", "password": "$"}}',
            "postgresql",
            "a setting",
        ),
        (
            "a.php",
            "  'mail' => ['host' => 'smtp.acme.net'],\n  'db' => ['driver' => 'mysql', 'password' => '$'],",
            "mysql",
            "a setting",
        ),
        ("a.yml", "x: 1\nredis: {port: 6379, password: $}", "redis", "a key above"),
        (
            "a.php",
            '$m->host = "smtp.acme.net";\n$q->password = "$$";'.replace("$m", "m")
            .replace("$q", "q")
            .replace("$$", "$"),
            "generic-password",
            "",
        ),
        ("a.php", 'm->host = "smtp.acme.net";\nm->password = "$";', "mail-server", "a setting"),
        ("a.yml", "POSTGRES_PASSWORD: $", "postgresql", "its name"),
        # nothing says it
        ("a.yml", "url: https://github.com/acme/shop.git\npassword: $", "generic-password", ""),
        (
            "a.tf",
            'module "m" { source = "git::https://github.com/acme/redis.git", password = "$" }',
            "generic-password",
            "",
        ),
        ("docker-compose.yml", "password: $", "generic-password", ""),
        ("bundle.js", "fetch('https://gitlab.com/x');" + "x();" * 600 + "const password = '$'", "generic-password", ""),
        ("a.yml", "mysql:\n  host: db\nlogin:\n  password: $", "generic-password", ""),
        ("test_redis.py", "def test_redis():\n    password = '$'", "hardcoded-credential", ""),
        ("a.js", "describe('ldap', () => {\n  const user = { password: '$' }\n})", "generic-password", ""),
    ],
)
def test_whose(engine: Engine, path: str, text: str, rule: str, by: str) -> None:
    finding = found(engine, path, text)
    told = finding.rule_id.removesuffix("-credential") if finding.found_by else finding.rule_id
    assert told == rule, finding.message
    assert finding.message.rpartition(" by ")[2].startswith(by) or not by


def test_every_word_leads_to_its_rule(engine: Engine) -> None:
    written = [rule for rule in load_builtin().rules if rule.analyzer == "named" and "derived" not in rule.tags]
    wrong = []
    for rule in written:
        for word in rule.near:
            name = word if "role" in rule.tags and "_" in word else f"{word}_password"
            document = Document(FileProvenance("a.env"), f"{name.upper()}={V}".encode())
            wrong += [
                (rule.id, word) for one in find_alone(engine, document, []) if one.found_by and one.rule_id != rule.id
            ]
    assert wrong == []


def test_what_was_accepted_stays_accepted(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Fingerprint, comment and allowlist hold when a finding is told whose it is: what found it is remembered."""
    text = f"REDIS_SECRET={V}"
    named = found(load_engine(Setup()), "a.env", text)
    general = found(load_engine(Setup(only=("generic-secret",))), "a.env", text)
    assert (named.rule_id, named.found_by) == ("redis-credential", "generic-secret")
    assert (general.rule_id, general.found_by) == ("generic-secret", "")
    assert (named.fingerprint, named.known_as, named.severity) == (
        general.fingerprint,
        general.known_as,
        general.severity,
    )
    for rule in ("generic-secret", "redis-credential"):
        assert found(load_engine(Setup()), "a.env", f"{text}  # keytrace:ignore[{rule}]").suppression
        allowlist = Allowlist(rules=(rule,), paths=("a.env",))
        assert found(load_engine(Setup(allowlists=(allowlist,))), "a.env", text).suppression
    assert not found(load_engine(Setup()), "a.env", f"{text}  # keytrace:ignore[generic-password]").suppression


def test_a_rule_that_only_names_can_be_selected(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("tree")
    (folder / ".env").write_text(f"REDIS_SECRET={V}\nACME_SECRET={V[::-1]}\n")
    only = scan([folder], config=Config(rules=("redis-credential",)))
    assert [finding.rule_id for finding in only.active] == ["redis-credential"]
    without = scan([folder], config=Config(exclude_rules=("redis-credential",)))
    assert [finding.rule_id for finding in without.active] == ["generic-secret"], "what is left out stays out"
    assert scan([folder], config=Config(exclude_rules=("generic-secret",))).active == ()


@pytest.mark.parametrize(
    ("path", "text", "rules"),
    [
        ("a.ini", "[session]\nPROVIDER = redis\n[portal]\n~ = {V}\n", ["generic-password"]),
        ("a.yml", "- name: a\n  type: redis\n- name: portal\n  ~: {V}\n- type: mysql\n", ["generic-password"]),
        ("a.yml", "- type: redis\n  ~: {V}\n", ["redis-credential"]),
        ("a.json", '{{\n"type": "mysql",\n"admin~": "{V}"\n}}', ["administrator-credential"]),
        ("a.json", '{{\n"type": "mysql",\n"~": "{V}"\n}}', ["mysql-credential"]),
        (".env", "DB_CONNECTION=pgsql\nDB_~={V}\n", ["postgresql-credential"]),
    ],
)
def test_where_settings_beside_a_secret_end(path: str, text: str, rules: list[str]) -> None:
    text = text.replace("~", "pass" + "word").format(V=V)
    document = Document(FileProvenance(path), text.encode())
    assert [one.rule_id for one in find_alone(load_engine(Setup()), document, [])] == rules


@pytest.mark.parametrize("path", ["a.yml", "a.ini", "a.py", "a.json"])
def test_many_secrets_of_a_text_are_told_as_each_alone_is(engine: Engine, path: str) -> None:
    drawn = random.Random(path)
    kinds = [
        "redis:",
        "ldap:",
        "[rabbitmq]",
        "def mysql(x):",
        "",
        "- name: a",
        "host: smtp.acme.net",
        "password: $",
        "password = $",
    ]
    lines = [" " * drawn.choice((0, 0, 2, 4, 6)) + drawn.choice(kinds) for _ in range(400)]
    lines += ["  password: $"] * 150 + ["ldap:"] + [""] * 57 + ["  x: 1", "  password: $"]
    values = iter("".join(drawn.choices("abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPQRSTUVWXYZ23456789", k=24)) for _ in lines)
    text = "\n".join(line.replace("$", f"'{next(values)}'") for line in lines)
    document = Document(FileProvenance(path), text.encode())
    matches = [match for match in engine.candidates(document) if match.confidence is not None]
    assert len(matches) > 150
    for match in matches:
        whose._lines_of.cache_clear()
        assert list(whose._above(match, document)) == _naive(match, document)
    whose._lines_of.cache_clear()
    assert [list(whose._above(one, document)) for one in matches] == [_naive(one, document) for one in matches]


def _naive(match: Match, document: Document) -> list[bytes]:
    """Return the keys above a value, line by line."""
    data = document.data
    brackets = whose._mappings(match, document)
    found = [key[1] for low, _ in brackets if (key := whose._BEFORE.search(data, max(0, low - whose._LINE), low - 1))]
    number, code = document.line_at(match.start), document.path.endswith(".py")
    depth = whose._read(document.line(number)).depth
    for above in range(number - 1, max(0, number - 1 - whose._UP), -1):
        line = whose._read(document.line(above))
        if line.section and not code:
            return [*found, line.section]
        if line.is_blank or line.depth >= depth:
            continue
        if code and line.is_header:
            break
        depth = line.depth
        found += [line.key] if line.key else []
    return found
