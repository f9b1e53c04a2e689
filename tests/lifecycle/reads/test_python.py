"""What Python programs read."""

from __future__ import annotations

import pytest

from keytrace.lifecycle.reads.python import may_read, reads

WAYS = [
    "import os\nos.environ['A_KEY']",
    "import os\nos.environ.get('A_KEY', '')",
    "import os\nos.getenv('A_KEY')",
    "from os import environ as e\ne['A_KEY']",
    "from os import getenv\ngetenv('A_KEY')",
    "import environ\nenv = environ.Env()\nenv('A_KEY')",
    "env.str('A_KEY')",
    "from decouple import config\nconfig('A_KEY')",
    "import os\nNAME = 'A_KEY'\nos.environ[NAME]",
    "def need(name):\n    return os.environ[name]\nneed('A_KEY')",
    "class S(BaseSettings):\n    a_key: str",
    "class S(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='A_')\n    key: str",
    "class S(BaseSettings):\n    k: str = Field(validation_alias='A_KEY')",
    "def f(): ...\nclick.option('--k', envvar='A_KEY')(f)",
    "'A_KEY' in os.environ",
    "os.getenv('A_KEY'",
]


@pytest.mark.parametrize("text", WAYS)
def test_all_ways(text: str) -> None:
    assert may_read(text.encode())
    found = [(one.name, one.line) for one in reads(text.encode())]
    assert found == [("A_KEY", text.count("\n") + 1)]


@pytest.mark.parametrize(
    "text",
    ["x = {'A_KEY': 1}['A_KEY']", "os.environ['A_KEY'] = 'x'", "get('A_KEY')", "class S(Model):\n    a_key: str"],
)
def test_what_reads_nothing(text: str) -> None:
    assert list(reads(text.encode())) == []
