"""A seeded monorepo, and what there is to find in it: six services, sixty keys, all formats, three environments.

Every line that speaks of a key is written together with what is true of it, so that nothing here knows the code.
"""

from __future__ import annotations

import base64
import random
import string
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.samples import BASE62

DEFINED, READ, DOCUMENTED, LOGGED = "defined", "read", "documented", "logged"
ENVIRONMENTS = ("production", "staging", "development")
SHORT = {"production": "prod", "staging": "staging", "development": "dev"}

SERVICES = {
    "api": "DATABASE_URL JWT_SECRET STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET SENDGRID_API_KEY OPENAI_API_KEY "
    "SENTRY_AUTH_TOKEN AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY FIELD_ENCRYPTION_KEY",
    "web": "NEXTAUTH_SECRET AUTH0_CLIENT_SECRET GITHUB_CLIENT_SECRET CONTENTFUL_ACCESS_TOKEN WEB_API_TOKEN "
    "REVALIDATE_TOKEN SESSION_SECRET PREVIEW_SECRET SEGMENT_WRITE_KEY LAUNCHDARKLY_SDK_KEY",
    "worker": "KAFKA_SASL_PASSWORD WORKER_API_TOKEN DATADOG_API_KEY CLICKHOUSE_PASSWORD ELASTIC_API_KEY "
    "TWILIO_AUTH_TOKEN SLACK_BOT_TOKEN PAGERDUTY_API_KEY RABBITMQ_PASSWORD JWT_SECRET",
    "billing": "SPRING_DATASOURCE_PASSWORD PADDLE_API_KEY BRAINTREE_PRIVATE_KEY BILLING_JWT_SECRET XERO_CLIENT_SECRET "
    "ADYEN_API_KEY TAXJAR_API_KEY BILLING_REDIS_PASSWORD HMAC_SIGNING_KEY PLAID_SECRET",
    "notify": "MAILGUN_API_KEY POSTMARK_SERVER_TOKEN VONAGE_API_SECRET FCM_SERVER_KEY APNS_AUTH_KEY SECRET_KEY_BASE "
    "SMTP_PASSWORD TELEGRAM_BOT_TOKEN DISCORD_BOT_TOKEN NOTIFY_API_TOKEN",
    "catalog": "Search:ApiKey ConnectionStrings:Main ALGOLIA_API_KEY CLOUDINARY_API_SECRET SHOPIFY_ACCESS_TOKEN "
    "CATALOG_SIGNING_SECRET IMGIX_API_KEY S3_SECRET_ACCESS_KEY BACKUP_ENCRYPTION_KEY FEED_API_TOKEN",
}  # fmt: skip
OWNERS = {
    "api": "@shop/payments", "web": "@shop/frontend", "worker": "@shop/platform", "billing": "@shop/finance",
    "notify": "@shop/growth", "catalog": "@shop/catalog",
}  # fmt: skip


@dataclass(slots=True)
class Monorepo:
    """The files of the tree, and the truth: (key, path, line, role), owners by path, faults as (rule, path, line)."""

    seed: int
    files: dict[str, list[str]] = field(default_factory=dict)
    truth: set[tuple[str, str, int, str]] = field(default_factory=set)
    faults: set[tuple[str, str, int]] = field(default_factory=set)
    values: dict[tuple[str, str], str] = field(default_factory=dict)

    def value(self, key: str, environment: str) -> str:
        """Return the value of a key in an environment, the same for the same seed."""
        if (key, environment) not in self.values:
            rng = random.Random(f"{self.seed} {key} {environment}")
            self.values[key, environment] = _made(key.rpartition("@")[0] or key, environment, rng)
        return self.values[key, environment]

    def add(self, path: str, text: str, *marks: tuple[str, str], fault: str = "") -> int:
        """Add a line to a file; each mark is a key and the role that it plays on that line. Return its number."""
        lines = self.files.setdefault(path, [])
        lines.append(text)
        for key, role in marks:
            self.truth.add((key.partition("@")[0], path, len(lines), role))
        if fault:
            self.faults.add((fault, path, len(lines)))
        return len(lines)

    def write(self, folder: Path) -> None:
        for path, lines in self.files.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(lines) + "\n")


def _made(name: str, environment: str, rng: random.Random) -> str:
    def some(alphabet: str, size: int) -> str:
        return "".join(rng.choices(alphabet, k=size))

    mode = "live" if environment == "production" else "test"
    kinds = {
        "STRIPE_SECRET_KEY": f"sk_{mode}_" + some(BASE62, 24),
        "STRIPE_WEBHOOK_SECRET": "whsec_" + some(BASE62, 32),
        "SENDGRID_API_KEY": "SG." + some(BASE62, 22) + "." + some(BASE62, 43),
        "SLACK_BOT_TOKEN": "xoxb-" + some(string.digits, 12) + "-" + some(string.digits, 12) + "-" + some(BASE62, 24),
        "AWS_ACCESS_KEY_ID": "AKIA" + some(string.ascii_uppercase + "234567", 16),
        "AWS_SECRET_ACCESS_KEY": some(BASE62 + "/+", 40),
        "DATABASE_URL": f"postgres://shop:{some(BASE62, 24)}@db.{environment}.internal:5432/shop",
        "ConnectionStrings:Main": f"Server=db;Database=c;User Id=c;Password={some(BASE62, 24)};",
        "TELEGRAM_BOT_TOKEN": some(string.digits, 10) + ":AA" + some(BASE62, 33),
        "JWT_SECRET": some("0123456789abcdef", 64),
    }  # fmt: skip
    return kinds.get(name) or some(BASE62, 32)


def keys_of(service: str) -> list[str]:
    return SERVICES[service].split()


def monorepo(seed: int) -> Monorepo:
    """Return the tree of a seed, without faults but those that are planted."""
    tree = Monorepo(seed)
    for make in (_api, _web, _worker, _billing, _notify, _catalog, _shared):
        make(tree)
    return tree


def _api(tree: Monorepo) -> None:
    """Dotenv files and Python."""
    keys = keys_of("api")
    tree.add("services/api/pyproject.toml", '[project]\nname = "api"')
    for environment in ENVIRONMENTS:
        path = f"services/api/.env.{environment}"
        tree.add(path, f"# {environment}")
        tree.add(path, "LOG_LEVEL=info")
        for number, key in enumerate(keys):
            name = f"{key}@api" if key == "JWT_SECRET" else key
            value = tree.value(name, environment)
            shape = ("{k}={v}", 'export {k}="{v}"', "{k}='{v}'  # rotate me")[number % 3]
            tree.add(path, shape.format(k=key, v=value), (name, DEFINED))
    for key in keys:
        tree.add("services/api/.env.example", f"{key}=", (key, DOCUMENTED))
    path = "services/api/app/settings.py"
    tree.add(path, "import logging")
    tree.add(path, "import os")
    tree.add(path, "from os import environ as e, getenv")
    ways = ('os.environ["{}"]', 'os.getenv("{}")', 'e.get("{}")', 'getenv("{}", "")')
    for number, key in enumerate(keys):
        tree.add(path, f"{key} = {ways[number % 4].format(key)}", (key, READ))
    tree.add(path, 'logging.info("using %s", SENDGRID_API_KEY)', ("SENDGRID_API_KEY", LOGGED))


def _web(tree: Monorepo) -> None:
    """Compose, GitHub Actions and TypeScript."""
    keys = keys_of("web")
    tree.add("services/web/package.json", '{"name": "web"}')
    for path in ("docker-compose.yml", "docker-compose.prod.yml"):
        tree.add(path, "services:\n  web:\n    build: ./services/web\n    environment:".replace("\n", "\n"))
        tree.files[path] = tree.files[path][0].split("\n")
        for number, key in enumerate(keys):
            if path == "docker-compose.yml":
                shape = ("      {k}: ${{{k}}}", "      {k}: ${{{k}:?set it}}", '      {k}: "${{{k}:-}}"')[number % 3]
            else:
                shape = ("      - {k}=${{{k}}}", "      - {k}")[number % 2]
            tree.add(path, shape.format(k=key), (key, DEFINED))
    tree.add("docker-compose.yml", "  db:")
    tree.add("docker-compose.yml", "    image: postgres:16")
    tree.add("docker-compose.yml", "    environment: {LOG_LEVEL: debug}")
    for key in keys:
        tree.add("services/web/.env.example", f"# {key}=your-key-here", (key, DOCUMENTED))
    path = ".github/workflows/deploy-web.yml"
    for line in ("on: push", "jobs:"):
        tree.add(path, line)
    for environment in ("production", "staging"):
        for line in (f"  {environment}:", f"    environment: {environment}", "    runs-on: ubuntu-latest", "    env:"):
            tree.add(path, line)
        for key in keys:
            tree.add(path, f"      {key}: ${{{{ secrets.{key} }}}}", (key, DEFINED))
        for line in ("    steps:", "      - uses: actions/checkout@v4", "        with:"):
            tree.add(path, line)
        tree.add(path, "          token: ${{ secrets.GITHUB_TOKEN }}")
    path = "services/web/src/env.ts"
    tree.add(path, f"const {{ {keys[0]}, {keys[1]} }} = process.env;", (keys[0], READ), (keys[1], READ))
    ways = ("process.env.{}!", 'process.env["{}"]', 'process.env.{} ?? ""')
    for number, key in enumerate(keys[2:]):
        tree.add(path, f"export const v{number} = {ways[number % 3].format(key)};", (key, READ))


def _worker(tree: Monorepo) -> None:
    """Kubernetes and Go."""
    keys = keys_of("worker")
    tree.add("services/worker/go.mod", "module worker")
    for environment in ENVIRONMENTS:
        path = f"k8s/overlays/{environment}/worker-secret.yaml"
        for line in (
            "apiVersion: v1",
            "kind: Secret",
            "metadata:",
            "  name: worker-secrets",
            f"  namespace: shop-{environment}",
        ):
            tree.add(path, line)
        coded = environment != "development"
        tree.add(path, "type: Opaque")
        tree.add(path, "data:" if coded else "stringData:")
        for key in keys:
            name = f"{key}@worker" if key == "JWT_SECRET" else key
            value = tree.value(name, environment)
            value = base64.b64encode(value.encode()).decode() if coded else f'"{value}"'
            tree.add(path, f"  {key}: {value}", (name, DEFINED))
    path = "k8s/base/worker-deployment.yaml"
    for line in ("apiVersion: apps/v1", "kind: Deployment", "metadata:", "  name: worker", "spec:", "  template:",
                 "    spec:", "      containers:", "        - name: worker", "          image: shop/worker",
        "          env:",
                 "            - name: LOG_LEVEL", "              value: info"):  # fmt: skip
        tree.add(path, line)
    for key in keys:
        tree.add(path, f"            - name: {key}", (key, DEFINED))
        tree.add(path, "              valueFrom:")
        tree.add(path, f"                secretKeyRef: {{name: worker-secrets, key: {key}}}")
    path = "services/worker/main.go"
    tree.add(path, "package main")
    ways = ('os.Getenv("{}")', 'mustGetenv("{}")', 'viper.GetString("{}")')
    for number, key in enumerate(keys):
        tree.add(path, f"var v{number} = {ways[number % 3].format(key)}", (key, READ))


def _billing(tree: Monorepo) -> None:
    """Helm, Spring and Java."""
    keys = keys_of("billing")
    tree.add("services/billing/pom.xml", "<project/>")
    for environment in ("production", "staging"):
        path = f"charts/billing/values-{environment}.yaml"
        tree.add(path, "replicas: 2")
        tree.add(path, "env:")
        for key in keys[:5]:
            tree.add(path, f"  {key}: {tree.value(key, environment)}", (key, DEFINED))
        path = f"services/billing/src/main/resources/application-{SHORT[environment]}.properties"
        tree.add(path, "server.port=8080")
        for key in keys[5:]:
            tree.add(path, f"{key.lower().replace('_', '.')}={tree.value(key, environment)}", (key, DEFINED))
    path = "charts/billing/templates/deployment.yaml"
    for line in ("apiVersion: apps/v1", "kind: Deployment", "metadata:", '  name: {{ include "billing.name" . }}',
                 "spec:", "  template:", "    spec:", "      containers:", "        - name: billing",
                 "          env:"):  # fmt: skip
        tree.add(path, line)
    for key in keys[:5]:
        tree.add(path, f"            - name: {key}", (key, DEFINED))
        tree.add(path, f"              value: {{{{ .Values.env.{key} | quote }}}}")
    tree.add("charts/billing/Chart.yaml", "name: billing")
    path = "services/billing/src/main/resources/application.yml"
    tree.add(path, "spring:")
    tree.add(path, "  application: {name: billing}")
    for key in keys[5:7]:
        first, *rest = key.lower().split("_")
        tree.add(path, f"{first}:")
        tree.add(path, f"  {'-'.join(rest)}: ${{{key}}}", (key, DEFINED))
    path = "services/billing/src/main/java/shop/Billing.java"
    tree.add(path, "class Billing {")
    for number, key in enumerate(keys):
        dotted = key.lower().replace("_", ".")
        ways = (f'  String v{number} = System.getenv("{key}");', f'  @Value("${{{dotted}}}") String v{number};')
        tree.add(path, ways[number % 2], (key, READ))


def _notify(tree: Monorepo) -> None:
    """Serverless, Procfile, systemd, Ansible and Ruby."""
    keys = keys_of("notify")
    tree.add("services/notify/Gemfile", 'source "https://rubygems.org"')
    path = "services/notify/serverless.yml"
    for line in ("service: notify", "provider:", "  name: aws", "  environment:"):
        tree.add(path, line)
    for number, key in enumerate(keys[:5]):
        shape = ("    {k}: ${{env:{k}}}", "    {k}: ${{ssm:/notify/${{sls:stage}}/{k}}}")[number % 2]
        tree.add(path, shape.format(k=key), (key, DEFINED))
    for environment in ENVIRONMENTS[:2]:
        path = f"ansible/group_vars/{environment}/notify.yml"
        tree.add(path, "---")
        for key in keys:
            value = tree.value(key, environment)
            tree.add(path, f"{key.lower()}: {value}", (key, DEFINED))
    path = "deploy/systemd/notify.service"
    tree.add(path, "[Service]")
    for number, key in enumerate(keys[5:]):
        shape = ("Environment={k}={v}", 'Environment="{k}={v}"')[number % 2]
        tree.add(path, shape.format(k=key, v=tree.value(key, "production")), (key, DEFINED))
    tree.add("services/notify/Procfile", f"web: {keys[5]}=$SECRET_KEY_BASE bundle exec puma", (keys[5], DEFINED))
    path = "services/notify/config/settings.rb"
    ways = ('ENV["{}"]', 'ENV.fetch("{}")', "ENV.fetch('{}', nil)")
    for number, key in enumerate(keys):
        tree.add(path, f"V{number} = {ways[number % 3].format(key)}", (key, READ))


def _catalog(tree: Monorepo) -> None:
    """Settings of .NET, Terraform, GitLab, CircleCI and C#."""
    keys = keys_of("catalog")
    tree.add("services/catalog/Catalog.csproj", "<Project/>")
    for environment in ("Production", "Staging"):
        path = f"services/catalog/appsettings.{environment}.json"
        tree.add(path, "{")
        tree.add(path, '  "Search": {')
        tree.add(path, f'    "ApiKey": "{tree.value(keys[0], environment.lower())}"', (keys[0], DEFINED))
        tree.add(path, '  }, "ConnectionStrings": {')
        tree.add(path, f'    "Main": "{tree.value(keys[1], environment.lower())}"', (keys[1], DEFINED))
        tree.add(path, "  }\n}")
    for environment in ("production", "staging"):
        path = f"terraform/{environment}.tfvars"
        tree.add(path, 'region = "eu-west-1"')
        for key in keys[2:6]:
            tree.add(path, f'{key.lower():24} = "{tree.value(key, environment)}"', (key, DEFINED))
    path = "terraform/variables.tf"
    for key in keys[2:6]:
        tree.add(path, f'variable "{key.lower()}" {{', (key, DEFINED))
        tree.add(path, "  type      = string")
        tree.add(path, "  sensitive = true")
        tree.add(path, "}")
    path = ".gitlab-ci.yml"
    for line in ("stages: [deploy]", "deploy:", "  stage: deploy", "  environment: production", "  variables:"):
        tree.add(path, line)
    for key in keys[6:8]:
        tree.add(path, f"    {key}: $PROD_{key}", (key, DEFINED))
    tree.add(path, "  script: [./deploy.sh]")
    path = ".circleci/config.yml"
    for line in ("version: 2.1", "jobs:", "  deploy:", "    docker: [{image: cimg/base}]", "    environment:"):
        tree.add(path, line)
    for key in keys[8:]:
        tree.add(path, f"      {key}: {tree.value(key, 'production')}", (key, DEFINED))
    tree.add(path, "    steps: [checkout]")
    path = "services/catalog/Program.cs"
    for number, key in enumerate(keys):
        way = 'builder.Configuration["{}"]' if ":" in key else 'Environment.GetEnvironmentVariable("{}")'
        tree.add(path, f"var v{number} = {way.format(key)};", (key, READ))


def _shared(tree: Monorepo) -> None:
    """CODEOWNERS, the README, scripts."""
    tree.add(".github/CODEOWNERS", "* @shop/all")
    for service, owner in OWNERS.items():
        tree.add(".github/CODEOWNERS", f"/services/{service}/ {owner}")
    tree.add(".github/CODEOWNERS", "/k8s/ @shop/platform")
    tree.add("README.md", "# Shop")
    for key in ("STRIPE_SECRET_KEY", "NEXTAUTH_SECRET"):
        tree.add("README.md", f"| `{key}` | ask the team |", (key, DOCUMENTED))
    tree.add("scripts/deploy.sh", "#!/bin/sh")
    tree.add(
        "scripts/deploy.sh",
        'curl -H "Authorization: Bearer $WORKER_API_TOKEN" https://shop.internal',
        ("WORKER_API_TOKEN", READ),
    )


def commit(folder: Path, message: str = "x", day: str = "2026-01-02") -> None:
    """Commit all that is in a folder."""
    dates = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    if not Path(folder, ".git").exists():
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "-A", "-f"], cwd=folder, check=True)
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(
        ["git", *who, "commit", "-qm", message], cwd=folder, check=True, env={"PATH": "/usr/bin:/bin", **dates}
    )


def plant(tree: Monorepo, folder: Path) -> None:
    """Write the tree, commit it, and plant faults in a second commit: a rotation half done, shared and broad keys …"""
    tree.write(folder)
    commit(folder, "as it was", "2026-01-02")
    old = dict(tree.values)
    # A rotation half done: the file of the environment has the new value; a manifest, code and CI keep the old one.
    key, path = "OPENAI_API_KEY", "services/api/.env.production"
    before, after = old[key, "production"], tree.value(f"{key}@new", "production")
    tree.files[path] = [line.replace(before, after) for line in tree.files[path]]
    for line in (
        "apiVersion: v1",
        "kind: Secret",
        "metadata: {name: api-extra, namespace: shop-production}",
        "stringData:",
    ):
        tree.add("k8s/overlays/production/api-extra.yaml", line)
    tree.add("k8s/overlays/production/api-extra.yaml", f"  {key}: {before}", (key, DEFINED), fault="stale-value")
    tree.add("services/api/app/legacy.py", f'{key} = "{before}"', (key, DEFINED), fault="stale-value")
    tree.add(".circleci/config.yml", "  smoke:")
    tree.add(".circleci/config.yml", "    docker: [{image: cimg/base}]")
    tree.add(".circleci/config.yml", "    environment:")
    tree.add(".circleci/config.yml", f"      {key}: {before}", (key, DEFINED), fault="stale-value")
    tree.add(".circleci/config.yml", "    steps: [checkout]")
    # The key of production in staging, and a live key in development.
    _set(
        tree,
        "SENDGRID_API_KEY",
        "services/api/.env.staging",
        old["SENDGRID_API_KEY", "production"],
        "same-key-in-two-environments",
    )
    _set(tree, "PAGERDUTY_API_KEY", "k8s/overlays/development/worker-secret.yaml",
         old["PAGERDUTY_API_KEY", "production"], "same-key-in-two-environments")  # fmt: skip
    _set(tree, "cloudinary_api_secret", "terraform/staging.tfvars", old["CLOUDINARY_API_SECRET", "production"],
         "same-key-in-two-environments")  # fmt: skip
    _set(tree, "STRIPE_SECRET_KEY", "services/api/.env.development",
         _made("STRIPE_SECRET_KEY", "production", random.Random(tree.seed)), "live-key-outside-production")  # fmt: skip
    # Broad keys, one that nothing reads, one that nothing defines, one that nobody owns.
    tree.add("services/api/.env.production", "ALGOLIA_ADMIN_KEY=" + tree.value("ALGOLIA_ADMIN_KEY", "production"),
             ("ALGOLIA_ADMIN_KEY", DEFINED), fault="broad-key")  # fmt: skip
    tree.add("services/api/app/settings.py", 'ADMIN = os.environ["ALGOLIA_ADMIN_KEY"]', ("ALGOLIA_ADMIN_KEY", READ))
    tree.add("services/api/.env.example", "ALGOLIA_ADMIN_KEY=", ("ALGOLIA_ADMIN_KEY", DOCUMENTED))
    tree.add("services/api/.env.production", "LEGACY_PARTNER_TOKEN=" + tree.value("LEGACY_PARTNER_TOKEN", "production"),
             ("LEGACY_PARTNER_TOKEN", DEFINED), fault="defined-never-read")  # fmt: skip
    tree.add("services/worker/main.go", 'var missing = os.Getenv("FORGOTTEN_API_KEY")', ("FORGOTTEN_API_KEY", READ),
             fault="read-never-defined")  # fmt: skip
    tree.write(folder)
    commit(folder, "half a rotation", "2026-03-04")


def _set(tree: Monorepo, name: str, path: str, value: str, fault: str) -> None:
    """Give a name another value where it is defined."""
    for at, line in enumerate(tree.files[path]):
        if name in line.replace("=", " ").replace(":", " ").split():
            start = line.index(name) + len(name)
            mark = next(mark for mark in (" = ", "=", ": ") if line[start:].lstrip().startswith(mark.strip()))
            quote = '"' if '"' in line[start:] else "'" if "'" in line[start:] else ""
            tree.files[path][at] = f"{line[:start]}{mark}{quote}{value}{quote}"
            tree.faults.add((fault, path, at + 1))
            return
    raise AssertionError(f"{name} is not in {path}")
