"""Which environment a place is for."""

from __future__ import annotations

from keytrace.lifecycle.environments import Environments
from keytrace.lifecycle.key import Mention, Role


def test_what_the_user_says_is_first() -> None:
    known = Environments({"production": ["deploy/*.env"]})
    mention = Mention(Role.DEFINED, "A", 1, "dotenv", environment="staging")
    assert known.of("deploy/a.env", mention) == "production"
    assert known.of("other/a.env", mention) == "staging"
    assert known.of("a.env.dev", Mention(Role.READ, "A", 1, "python")) == ""
