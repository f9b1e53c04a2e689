"""The plan for the rotation of a key: its steps, their order, who, and which key is meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keytrace.engine import Engine
from keytrace.errors import ScannerError
from keytrace.lifecycle import rotate
from keytrace.lifecycle.key import Holds, Inventory, Key, Place, Role
from keytrace.lifecycle.plan import Plan, Step
from tests.test_inventory import taken

PLACES = (
    Place(Role.DOCUMENTED, ".env.example", 1, "STRIPE_SECRET_KEY", "dotenv", Holds.EMPTY),
    Place(Role.DEFINED, ".env.production", 1, "STRIPE_SECRET_KEY", "dotenv", Holds.VALUE, "production",
          owners=("@ops",), digest="aaaaaaaaaaaaaaaa", changed="2026-02-01"),
    Place(Role.DEFINED, ".env.staging", 2, "STRIPE_SECRET_KEY", "dotenv", Holds.VALUE, "staging",
          digest="bbbbbbbbbbbbbbbb"),
    Place(Role.DEFINED, "deploy.yml", 7, "STRIPE_SECRET_KEY", "github-actions", Holds.REFERENCE, "production"),
    Place(Role.DEFINED, "compose.yml", 3, "STRIPE_SECRET_KEY", "compose", Holds.REFERENCE, service="web"),
    Place(Role.READ, "api/app.py", 9, "STRIPE_SECRET_KEY", "python", Holds.NAME, service="api", owners=("@pay",)),
    Place(Role.READ, "api/app.py", 12, "STRIPE_SECRET_KEY", "python", Holds.NAME, service="api", owners=("@pay",)),
)  # fmt: skip
KEY = Key("STRIPE_SECRET_KEY", ("STRIPE_SECRET_KEY", "StripeKey"), "stripe", "stripe-live-secret-key", "live",
          ("production", "staging"), ("api", "web"), ("@ops",), "CODEOWNERS", "2026-02-01", "2026-02-01", "",
          PLACES)  # fmt: skip
OWN = replace(KEY, id="SIGNING_KEY", names=("SIGNING_KEY",), provider="", rule="", scope="unknown")


def step(plan: Plan, ident: str) -> Step:
    return next(one for one in plan.steps if one.id == ident)


def tasks(plan: Plan, ident: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(f"{one.path}:{one.line}", one.says, one.owners) for one in step(plan, ident).tasks]


def test_the_steps_in_their_order(engine: Engine) -> None:
    plan = rotate.make_plan(KEY, rotate.rule_of(KEY, engine.every))
    order = ["create", "accept-both", "set", "redeploy", "prove", "revoke", "clean-up"]
    assert [one.id for one in plan.steps] == order
    assert (plan.name, plan.old) == ("Stripe live secret key", ("aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"))
    assert step(plan, "revoke").page == "https://dashboard.stripe.com/apikeys"
    assert step(plan, "clean-up").says.startswith("It was committed on 2026-02-01 or before.")


def test_where_the_new_key_is_set(engine: Engine) -> None:
    plan = rotate.make_plan(KEY, rotate.rule_of(KEY, engine.every))
    assert tasks(plan, "set") == [  # the least risk first, and the stores before the files
        (".env.staging:2", "replace the value", ()),
        ("compose.yml:3", "set it where Compose takes it from: its environment, or a file", ()),
        ("deploy.yml:7", "set the secret of this name at GitHub: Settings, Secrets and variables, Actions", ()),
        (".env.production:1", "replace the value", ("@ops",)),
    ]
    redeployed = [(one.service, one.owners) for one in step(plan, "redeploy").tasks]
    assert redeployed == [("api", ("@pay",)), ("web", ())]


def test_how_it_is_proved() -> None:
    commands = step(rotate.make_plan(KEY, None, "prod"), "prove").commands
    assert [one.run for one in commands] == ["keytrace inventory --check --old aaaaaaaaaaaaaaaa"]
    assert [code for code, _ in commands[0].exits] == [0, 1]
    (there, *_) = step(rotate.make_plan(KEY, None, "prod", paths=["my app"]), "prove").commands
    assert there.run == "keytrace inventory 'my app' --check --old aaaaaaaaaaaaaaaa"
    hidden = replace(KEY, places=tuple(replace(one, digest="") for one in PLACES))
    assert step(rotate.make_plan(hidden, None), "prove").commands[0].run == "keytrace inventory --check --old FILE"


def test_one_environment() -> None:
    plan = rotate.make_plan(KEY, None, "staging")
    assert (plan.environments, plan.old) == (("staging",), ("bbbbbbbbbbbbbbbb",))
    assert [one.id for one in plan.steps][-1] == "revoke"  # its value was never committed
    assert [path for path, _, _ in tasks(plan, "set")] == [".env.staging:2", "compose.yml:3"]
    same = replace(KEY, places=tuple(replace(one, digest=one.digest and "c" * 16) for one in PLACES))
    assert rotate.make_plan(same, None, "staging").notes == (
        "another environment has the same value: give staging a key of its own",
    )
    copies = [replace(PLACES[1], path=f"{one.digest}.env", environment="", digest=one.digest) for one in PLACES[1:3]]
    plan = rotate.make_plan(replace(KEY, places=(*PLACES, *copies)), None, "staging")
    assert plan.old == ("bbbbbbbbbbbbbbbb",)  # what has the value of production is none of staging's
    assert "bbbbbbbbbbbbbbbb.env:1" in [path for path, _, _ in tasks(plan, "set")]
    with pytest.raises(ScannerError, match="is not in an environment called qa"):
        rotate.make_plan(KEY, None, "qa")


def test_who_accepts_both(engine: Engine) -> None:
    of_provider = rotate.make_plan(KEY, rotate.rule_of(KEY, engine.every))
    assert tasks(of_provider, "accept-both") == []
    assert tasks(rotate.make_plan(OWN, None), "accept-both") == [
        ("api/app.py:9", "accept both where it is checked", ("@pay",))
    ]
    checked = rotate.make_plan(OWN, None, "", {("api/app.py", 12), ("api/who.py", 3)})
    assert tasks(checked, "accept-both") == [
        ("api/app.py:12", "accept both where it is checked", ("@pay",)),
        ("api/who.py:3", "accept both where it is checked", ()),
    ]
    webhook = engine.rules["stripe-webhook-secret"]
    plan = rotate.make_plan(KEY, webhook)
    assert len(tasks(plan, "accept-both")) == 1
    assert [one.id for one in plan.steps][-3:] == ["revoke", "refuse-old", "clean-up"]


def test_what_is_only_sent_is_accepted_elsewhere() -> None:
    sent = replace(OWN, names=("FX_API_KEY",))
    plan = rotate.make_plan(sent, None)
    assert tasks(plan, "accept-both") == []
    assert step(plan, "accept-both").says.startswith("Nothing here checks it: it is sent to who does.")
    assert [one.id for one in plan.steps][-2:] == ["revoke", "clean-up"]
    database = rotate.make_plan(replace(OWN, names=("POSTGRES_PASSWORD",)), None)
    assert "make a second user" in step(database, "accept-both").says
    assert step(database, "revoke").says.startswith("Drop the old user")


def test_the_old_one_is_refused_at_last_and_nobody_else_is_asked_to_revoke_it() -> None:
    plan = rotate.make_plan(OWN, None, "", {("api/app.py", 12)})
    assert [one.id for one in plan.steps] == [
        "create", "accept-both", "set", "redeploy", "prove", "refuse-old", "clean-up",
    ]  # fmt: skip
    assert "one of your own" in step(plan, "create").says
    assert tasks(plan, "refuse-old") == [
        (":0", "approve the revocation", ("@ops",)),
        ("api/app.py:12", "accept only the new one, and deploy that", ("@pay",)),
    ]


def test_scripts_and_jobs_that_read_it_run_anew() -> None:
    more = (
        Place(Role.READ, "ops/backup.sh", 4, "K", "shell", Holds.NAME),
        Place(Role.READ, ".gitlab-ci.yml", 9, "K", "gitlab-ci", Holds.NAME, "production"),
    )
    found = tasks(rotate.make_plan(replace(KEY, places=(*PLACES, *more)), None), "redeploy")
    assert found[2:] == [
        ("ops/backup.sh:4", "the script reads it: run it anew, and whatever runs it", ()),
        (".gitlab-ci.yml:9", "its jobs read it: run them anew", ()),
    ]


def test_what_is_said_of_the_new_key() -> None:
    alone = replace(KEY, services=("api",), environments=("production",), owners=(), scope="unscoped")
    says = step(rotate.make_plan(alone, None), "create").says
    assert "broader than most uses need" in says
    assert "services share it" not in says
    revoke = step(rotate.make_plan(alone, None), "revoke")
    assert revoke.tasks[0].says == "nobody is known to own it: name who approves the revocation"


@pytest.mark.parametrize(
    ("path", "role", "holds", "says"),
    [
        ("app.py", Role.DEFINED, Holds.VALUE, "take the value out (`keytrace fix` does)"),
        ("app.rb", Role.DEFINED, Holds.VALUE, "take the value out (read it from the environment)"),
        ("secrets.enc.yml", Role.DEFINED, Holds.ENCRYPTED, "encrypt the new value, replace what is there"),
        ("dist/a.js", Role.SHIPPED, Holds.VALUE,
         "it is in what clients get: build it without the key, every user has the old one"),
        ("a.tf", Role.DEFINED, Holds.REFERENCE, "set it in what this refers to"),
        (".env", Role.DEFINED, Holds.EMPTY, "nothing here defines it: set it where it is kept"),
    ],
)  # fmt: skip
def test_how_a_place_is_set(path: str, role: Role, holds: Holds, says: str) -> None:
    key = replace(KEY, places=(Place(role, path, 1, "K", "hcl", holds),))
    plan = rotate.make_plan(key, None, is_fixable=lambda path: path.endswith(".py"))
    assert [one.says for one in step(plan, "set").tasks] == [says]


def test_which_key_is_meant() -> None:
    other = replace(OWN, id="SIGNING_KEY@web", names=("SIGNING_KEY",), places=())
    inventory = Inventory((KEY, replace(OWN, id="SIGNING_KEY@api", places=()), other))
    assert [rotate.find(inventory, name) for name in ("StripeKey", "STRIPE_SECRET_KEY", "aaaaaaaa")] == [KEY] * 3
    assert rotate.find(inventory, "SIGNING_KEY@web") == other
    with pytest.raises(ScannerError, match="there are 2 keys called SIGNING_KEY") as raised:
        rotate.find(inventory, "SIGNING_KEY")
    assert raised.value.hint == "say which: SIGNING_KEY@api, SIGNING_KEY@web"
    with pytest.raises(ScannerError, match="there is no key called STRIPE_KEY"):
        rotate.find(inventory, "STRIPE_KEY")


def test_whose_key_it_is(engine: Engine) -> None:
    named = replace(KEY, provider="", rule="")
    rule = rotate.rule_of(named, engine.every)
    assert rule is not None
    assert rule.id.startswith("stripe-live-")
    assert rotate.rule_of(OWN, engine.every) is None


def test_what_programs_compare(tmp_path: Path) -> None:
    Path(tmp_path, "app.py").write_text(
        'import os\nKEY = os.environ["API_KEY"]\n\n\ndef is_let(request):\n    return request.headers["X-Key"] == KEY\n'
    )
    found = taken(tmp_path)
    assert ("app.py", 6) in rotate.compared(found.report)
    (key,) = found.inventory.keys
    assert rotate.checked(key, found.report, found.whole.artifacts, 10**6) == {("app.py", 6)}


def test_a_rotation_that_nobody_ended() -> None:
    older = replace(PLACES[1], path="k8s/prod/api.yaml", line=4, digest="cccccccccccccccc", changed="2025-11-03")
    (note,) = rotate.make_plan(replace(KEY, places=(*PLACES, older)), None).notes
    assert note.startswith(
        ".env.production:1 has a newer value, since 2026-02-01, than k8s/prod/api.yaml:4: a rotation"
    )
    assert note.endswith("keytrace inventory --check --old cccccccccccccccc")
    for same in (replace(older, digest="aaaaaaaaaaaaaaaa"), replace(older, changed="2026-02-01"),
                 replace(older, environment="staging"), replace(older, service="web")):  # fmt: skip
        assert rotate.make_plan(replace(KEY, places=(*PLACES, same)), None).notes == ()
