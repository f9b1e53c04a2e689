"""Why there is no fix."""

from __future__ import annotations

import pytest

from keytrace.fixers.edits import Target
from keytrace.fixers.reasons import of_file, of_rule


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("certs/server.key", b"x", "the file is the key"),
        ("certs/id_rsa", b"-----BEGIN OPENSSH", "the file is the key"),
        ("config.json", b"x", "no reference there means a variable"),
        (".gitlab-ci.yml", b"x", "set it in the settings of the project"),
        (".circleci/config.yml", b"x", "set it in the settings of the project (Environment Variables)"),
        ("bitbucket-pipelines.yml", b"x", "set it as a secured variable"),
        ("ci/azure-pipelines-deploy.yaml", b"x", "set it as a secret variable of the pipeline"),
        ("charts/shop/values-dev.yaml", b"x", "have the chart refer to a Secret"),
        ("ansible/group_vars/all.yml", b"x", "encrypt the new one by ansible-vault"),
        ("config/database.yml", b"x", "Rails reads it as ERB"),
        ("app/Main.kt", b"x", "System.getenv"),
        ("app/Main.scala", b"x", "read it by sys.env"),
        ("Makefile", b"x", "take the line out: make has"),
        ("Procfile", b"x", "set it where the platform has its variables"),
        ("deploy/shop.service", b"x", "put it into a file that root alone reads"),
        ("tools/send.ps1", b"x", "read it from $env:NAME"),
        ("app/build.gradle.kts", b"x", "put it into gradle.properties of your own"),
        ("Jenkinsfile", b"x", "have Jenkins keep it"),
        ("main.c", b"x", "there is no fix for this kind of file"),
    ],
)
def test_of_a_file(path: str, value: bytes, why: str) -> None:
    assert of_file(Target(path, b"", "generic-token", 0, 1, value)).startswith(why)


@pytest.mark.parametrize(
    ("path", "text", "why"),
    [
        ("a.cs", 'class A { private const string Key = "', "a constant of C#"),
        ("a.cs", 'const int A = 1; string key = "', "read it from the configuration there"),
        ("a.cs", 'public string Key { get; set; } = "', "read it from the configuration there"),
        ("a.rs", 'pub const KEY: &str =\n    "', "a constant of Rust"),
        ("a.rs", 'static CONF: Conf = Conf { key: "', "a constant of Rust"),
        ("a.rs", 'const A: u8 = 1;\nfn f() { let key = "', "read it by std::env::var there"),
        ("a.rs", "fn key() -> &'static str { \"", "read it by std::env::var there"),
    ],
)
def test_only_a_constant_is_called_one(path: str, text: str, why: str) -> None:
    data = f'{text}x"'.encode()
    assert of_file(Target(path, data, "generic-token", len(data) - 2, len(data) - 1, b"x")).startswith(why)


@pytest.mark.parametrize(
    ("rule", "why"),
    [("credential-in-response", "who asks may need it"), ("other", "there is no fix for 'other'")],
)
def test_of_a_rule(rule: str, why: str) -> None:
    assert of_rule(Target("a.py", b"", rule, 0, 1, b"x")).startswith(why)
