"""Files of other platforms."""

from __future__ import annotations

from keytrace.lifecycle.definitions.platforms import claims, read

YAML = """\
runtime: python
env_variables:
  A_KEY: sunrise
steps:
  - env: [B_KEY=moonlit]
services:
  - envVars:
      - key: C_KEY
        sync: false
        value: horizon
"""
TOML = """\
name = "app"
[env]
A_KEY = "sunrise"
[context.production.environment]
B_KEY = 'moonlit'
"""


def test_yaml() -> None:
    found = [(one.name, one.line, str(one.holds)) for one in read("app.yaml", YAML.encode())]
    assert found == [("A_KEY", 3, "value"), ("B_KEY", 5, "value"), ("C_KEY", 8, "value")]


def test_what_pulumi_encrypts() -> None:
    text = "config:\n  app:dbPassword:\n    secure: AAABAM6x\n  app:apiToken: sunrise\n"
    found = [(one.name, one.line, str(one.holds)) for one in read("Pulumi.prod.yaml", text.encode())]
    assert found == [("dbPassword", 3, "encrypted"), ("apiToken", 4, "value")]


def test_what_scripts_read() -> None:
    text = "steps:\n  - script: |\n      first\n      push -k $(A_KEY)\n  - commands: [use $B_KEY]\n"
    found = [(one.name, one.line, one.role.value) for one in read("azure-pipelines.yml", text.encode())]
    assert found == [("A_KEY", 4, "read"), ("B_KEY", 5, "read")]


def test_toml() -> None:
    found = [(one.name, one.line, one.environment) for one in read("fly.toml", TOML.encode())]
    assert found == [("A_KEY", 3, ""), ("B_KEY", 5, "production")]
    assert list(read("fly.toml", b"[env\nA_KEY=1")) == []


def test_which_files() -> None:
    assert all(
        claims(path, b"") for path in ("app.yaml", "render.yaml", "fly.toml", "vercel.json", "azure-pipelines.yml")
    )
    assert not claims("config.yaml", b"")
