"""The formats that keys are defined in, one file each: which files are of it, and what their entries say.

A new one is a file and a line here. The first that claims a file reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keytrace.lifecycle.definitions import (
    ansible,
    appsettings,
    circleci,
    compose,
    dockerfile,
    dotenv,
    github_actions,
    gitlab_ci,
    gradle,
    helm,
    jenkins,
    kubernetes,
    kustomize,
    platforms,
    procfile,
    serverless,
    sops,
    spring,
    systemd,
    terraform,
)
from keytrace.lifecycle.definitions.entry import entry
from keytrace.lifecycle.definitions.tree import rough
from keytrace.lifecycle.key import Mention

Claims = Callable[[str, bytes], bool]  # a path, and the content
Read = Callable[[str, bytes], Iterator[Mention]]  # likewise; raises tree.BrokenError

FORMATS: dict[str, tuple[Claims, Read]] = {
    "sops": (sops.claims, sops.read),
    "dotenv": (dotenv.claims, dotenv.read),
    "compose": (compose.claims, compose.read),
    "github-actions": (github_actions.claims, github_actions.read),
    "gitlab-ci": (gitlab_ci.claims, gitlab_ci.read),
    "circleci": (circleci.claims, circleci.read),
    "jenkins": (jenkins.claims, jenkins.read),
    "serverless": (serverless.claims, serverless.read),
    "kustomize": (kustomize.claims, kustomize.read),
    "kubernetes": (kubernetes.claims, kubernetes.read),
    "terraform": (terraform.claims, terraform.read),
    "spring": (spring.claims, spring.read),
    "appsettings": (appsettings.claims, appsettings.read),
    "gradle": (gradle.claims, gradle.read),
    "systemd": (systemd.claims, systemd.read),
    "procfile": (procfile.claims, procfile.read),
    "dockerfile": (dockerfile.claims, dockerfile.read),
    "ansible": (ansible.claims, ansible.read),
    "helm": (helm.claims, helm.read),
    "platform": (platforms.claims, platforms.read),
}


def format_of(path: str, data: bytes) -> str:
    """Return the format of a file, empty where it is none that keys are defined in."""
    return next((name for name, (claims, _) in FORMATS.items() if claims(path, data)), "")


def definitions(form: str, path: str, data: bytes) -> Iterator[Mention]:
    """Yield the entries of a file of a format."""
    yield from FORMATS[form][1](path, data)


def of_lines(form: str, data: bytes) -> Iterator[Mention]:
    """Yield what the lines of a file say that cannot be read as what it should be."""
    for name, line, value in rough(data):
        yield entry(name, value, line, form)
