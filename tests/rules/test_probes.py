"""The table `verify` of a rule: what it may say, and what is wrong with it."""

from __future__ import annotations

import pytest

from keytrace.errors import ScannerError
from keytrace.model import Answer, Probe
from keytrace.rules.probes import SIGNERS, placeholders
from keytrace.rules.stored import dump, restore
from keytrace.rules.validate import parse_rules
from keytrace.verifiers.question import OF_SIGNED

RULE = '[[rules]]\nid = "acme-key"\nregex = "acme_[a-z]{8}"\n'
GOOD = """[rules.verify]
get = "https://{dc}.api.acme.example/v1/me?a={secret}"
headers = { X-Id = "{acme-id}" }
take = { dc = '-(\\w+)$' }
live = [{ status = [200], json = { "a.0.b" = ["x", 1, true], c = "*" } }, { status = [403], text = "<Ok>" }]
dead = { status = [401], json = { error = "bad key" } }
tells = { account = "login", scopes = "header:X-Scopes", expires = "xml:End" }
regions = ["https://api.eu.acme.example"]
elsewhere = "a server of your own"
source = "https://acme.example/docs"
"""


def probe(text: str) -> Probe:
    (rule,) = parse_rules(text, "acme.toml").rules
    assert rule.verify
    return rule.verify


def test_all_of_it() -> None:
    found = probe(RULE + GOOD)
    assert (found.method, found.url) == ("GET", "https://{dc}.api.acme.example/v1/me?a={secret}")
    assert found.live == (
        Answer((200,), (("a.0.b", ("x", 1, True)), ("c", ("*",)))),
        Answer((403,), text="<Ok>"),
    )
    assert found.dead == (Answer((401,), (("error", ("bad key",)),)),)
    assert found.take == (("dc", r"-(\w+)$"),)
    assert found.regions == ("https://api.eu.acme.example",)
    assert placeholders(found) == {"dc", "secret", "acme-id"}


def test_it_is_kept_as_it_is() -> None:
    rules = parse_rules(RULE + GOOD, "acme.toml").rules
    assert tuple(restore(dump(rules))) == rules


def test_a_rule_may_ask_as_another_one_does() -> None:
    text = RULE + GOOD + RULE.replace("acme-key", "acme-old-key") + 'verify = "acme-key"\n'
    first, second = parse_rules(text, "acme.toml").rules
    assert first.verify == second.verify


@pytest.mark.parametrize(
    ("verify", "reason"),
    [('"acme-kex"', "no rule 'acme-kex' above has such a table"), ("1", "must be a table, or the id of a rule above")],
)
def test_there_must_be_such_a_rule(verify: str, reason: str) -> None:
    with pytest.raises(ScannerError) as caught:
        parse_rules(f"{RULE}verify = {verify}\n", "acme.toml")
    assert reason in caught.value.message
    assert caught.value.message.startswith("acme.toml:4:")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("get =", "gett =", "unknown key 'gett'"),
        ("get =", 'post = "https://a.example/"\nget =', "one of 'get' and 'post' must be the address"),
        ("get = ", "get = 1 #", "must be an address such as"),
        ("https://{dc}", "http://{dc}", "must be an address such as"),
        ("https://{dc}.api.acme.example/", "https://{dc}/", "must be an address such as"),
        ("https://{dc}.api.acme.example/", "https://api.{dc}.example/", "must be an address such as"),
        ("https://{dc}.api.acme.example/", "https://u:p@api.acme.example/", "must be an address such as"),
        ("https://{dc}.api.acme.example/", "https://api.acme.example:80/", "must be an address such as"),
        ("https://{dc}.api.acme.example/v1/me?a={secret}", "https://a.example", "must be an address such as"),
        ("{dc}.api", "{secret}.api", "only what 'take' names may stand in a host"),
        ("a={secret}", "a=b", ""),  # what is taken from it is of the key, too
        ("'-(\\w+)$'", "'-\\w+$'", "must have one group"),
        ("'-(\\w+)$'", "'-(\\w+$'", "bad regex of 'dc'"),
        ('c = "*"', "c = 1.5", "a value in 'json' must be"),
        ("status = [403]", "status = 403", "'status' must be a list of numbers"),
        ("status = [403]", "status = [true]", "'status' must be a list of numbers"),
        (', text = "<Ok>"', "", "'live' must say what stands in the answer"),
        (', json = { error = "bad key" }', "", "'dead' must say what stands in the answer"),
        ("status = [401]", "statuss = [401]", "'dead': unknown key 'statuss'"),
        ("dead = {", "dead = 1 # {", "'dead' must be a table"),
        ("account =", "pet =", "'tells' knows no 'pet'"),
        ('"login"', "1", "'tells' must be a table of strings"),
        ("https://api.eu.acme.example", "https://api.eu.acme.example/x", "'regions' must be a list of hosts"),
        ('source = "https', 'source = "http', "'source' must be the address"),
        ('elsewhere = "a server of your own"', "elsewhere = 1", "'elsewhere' must be a string"),
        ("elsewhere =", 'sign = "x"\nelsewhere =', "'sign' must be one of aws-sts"),
    ],
)
def test_what_is_wrong(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    text = RULE + GOOD.replace(old, new)
    if not reason:
        assert probe(text)
        return
    with pytest.raises(ScannerError) as caught:
        parse_rules(text, "acme.toml")
    assert reason in caught.value.message
    assert caught.value.message.startswith("acme.toml:4: rule 'acme-key': 'verify'")


def test_a_request_holds_the_key() -> None:
    text = '[rules.verify]\nget = "https://a.example/me"\nlive = { status = [200], text = "x" }\nsource = "https://a.example"\n'
    with pytest.raises(ScannerError, match=r"holds no \{secret\}"):
        parse_rules(RULE + text, "acme.toml")


def test_signers() -> None:
    assert OF_SIGNED.keys() == set(SIGNERS)
