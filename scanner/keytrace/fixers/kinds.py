"""What kind of file a fix is for, told by its name and, where that says too little, by its content."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from keytrace.text.language import extension

_ENDINGS = {
    ".py": "python", ".pyw": "python", ".ipynb": "notebooks", ".go": "go", ".properties": "properties",
    ".tf": "terraform", ".tfvars": "terraform", ".env": "dotenv", ".rb": "languages", ".rake": "languages",
    ".php": "languages", ".java": "languages", ".sh": "shell", ".bash": "shell", ".zsh": "shell", ".ksh": "shell",
    **dict.fromkeys((".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"), "javascript"),
}  # fmt: skip
_DOTENV = re.compile(r"\.env(?:\.[\w.-]+)?|[\w.-]+\.env\.(?:example|sample|template|dist)")
_SERVERLESS = re.compile(r"serverless(?:[.-][\w-]+)?\.ya?ml")
COMPOSE = re.compile(r"(?:docker-)?compose[\w.-]*\.ya?ml")
SPRING = re.compile(r"(?:application|bootstrap)(?:-[\w-]+)?\.(?:properties|ya?ml)")
_APPSETTINGS = re.compile(r"appsettings(?:\.[\w-]+)*\.json")
_DOCKERFILE = re.compile(r"(?:dockerfile|containerfile)(?:\.[\w.-]+)?|[\w.-]+\.dockerfile")
_MANIFEST = (re.compile(rb"^apiVersion:", re.MULTILINE), re.compile(rb"^kind:", re.MULTILINE))


def kind_of(path: str, data: bytes) -> str:
    """Return the kind of a file; empty for one that has no fixer."""
    name = PurePosixPath(path).name.lower()
    if _DOTENV.fullmatch(name):
        return "dotenv"
    if _DOCKERFILE.fullmatch(name):
        return "dockerfile"
    if name in (".npmrc", ".envrc"):
        return name[1:]
    if _APPSETTINGS.fullmatch(name):
        return "appsettings"
    if name.endswith((".yml", ".yaml")):
        return _of_yaml(path, name, data)
    return _ENDINGS.get(extension(name), "")


def _of_yaml(path: str, name: str, data: bytes) -> str:
    if ".github/workflows/" in f"/{path}":
        return "workflow"
    if COMPOSE.fullmatch(name):
        return "compose"
    if _SERVERLESS.fullmatch(name):
        return "serverless"
    if SPRING.fullmatch(name):
        return "properties"
    return "kubernetes" if all(sign.search(data) for sign in _MANIFEST) else ""
