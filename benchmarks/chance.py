"""How often is a random value found, and how often a value that is none reported? One file for each value.

    python benchmarks/chance.py [--values 300] [--names] [--below 0.97]

The first table gives values to common names in many syntaxes: a cell is a kind of value in a syntax, under one name.
The last one, the only one with `--names`, says how often letters and digits are found under names of public projects'
environment files. The values are random and the same in every run. Shares are printed in per cent, at the default
thresholds.
"""

from __future__ import annotations

import argparse
import base64
import random
import string
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from keytrace.batch import scan_batch
from keytrace.engine import Setup
from keytrace.model import Confidence, FileProvenance, Severity

BASE62 = string.ascii_letters + string.digits
Maker = Callable[[random.Random], str]


@dataclass(frozen=True, slots=True)
class Text:
    """An artifact of its own text."""

    provenance: FileProvenance
    data: bytes
    lines: None = None
    digest: None = None

    def read(self, _limit: int) -> bytes:
        return self.data


def _of(alphabet: str, least: int, most: int) -> Maker:
    """Make values of an alphabet in which no kind of character of it is missing."""
    kinds = [
        kind for kind in (string.digits, string.ascii_lowercase, string.ascii_uppercase) if set(kind) & set(alphabet)
    ]

    def make(chance: random.Random) -> str:
        while True:
            value = "".join(chance.choices(alphabet, k=chance.randint(least, most)))
            if all(set(kind) & set(value) for kind in kinds):
                return value

    return make


def _base64(size: int) -> Maker:
    return lambda chance: base64.b64encode(chance.randbytes(size)).decode()


def _uuid(chance: random.Random) -> str:
    digits = "".join(chance.choices("0123456789abcdef", k=32))
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _day(chance: random.Random) -> str:
    return str(date(2018, 1, 1) + timedelta(chance.randrange(3000)))


def _version(chance: random.Random) -> str:
    return ".".join(str(chance.randrange(30)) for _ in range(3))


SECRETS: dict[str, Maker] = {
    "16 hex": _of("0123456789abcdef", 16, 16), "32 hex": _of("0123456789abcdef", 32, 32),
    "64 hex": _of("0123456789abcdef", 64, 64), "16 HEX": _of("0123456789ABCDEF", 16, 16),
    "32 HEX": _of("0123456789ABCDEF", 32, 32), "64 HEX": _of("0123456789ABCDEF", 64, 64),
    "16 bytes, base64": _base64(16), "32 bytes, base64": _base64(32), "64 bytes, base64": _base64(64),
    "12-19 letters, digits": _of(BASE62, 12, 19), "20-40 letters, digits": _of(BASE62, 20, 40), "UUID": _uuid,
}  # fmt: skip
OTHERS: dict[str, Maker] = {"12 digits": _of(string.digits, 12, 12), "date": _day, "version": _version}
HASHES: dict[str, Maker] = {kind: SECRETS[kind] for kind in ("32 hex", "64 hex", "64 HEX")}
NAMES = ("api_key", "apiKey", "client_secret", "token", "password")
NAMES_OF_HASHES = ("password_hash", "token_hash", "etag", "checksum")

# A file's name and its text.
SYNTAXES = {
    ".env": (".env", "PORT=8080\n{name}={value}\nDEBUG=0\n"),
    "shell": ("deploy.sh", "#!/bin/sh\nexport {name}={value}\nexec ./serve\n"),
    "YAML": ("config.yml", "service:\n  port: 8080\n  {name}: {value}\n  debug: false\n"),
    "JSON": ("config.json", '{{\n  "port": 8080,\n  "{name}": "{value}",\n  "debug": false\n}}\n'),
    "TOML": ("config.toml", '[service]\nport = 8080\n{name} = "{value}"\n'),
    "INI": ("settings.ini", "[service]\nport = 8080\n{name} = {value}\n"),
    "Python": ("app.py", 'import service\n\n{name} = "{value}"\nservice.start(8080)\n'),
    "JavaScript": ("app.js", "const port = 8080;\nconst {name} = '{value}';\nstart(port);\n"),
    "TypeScript": ("app.ts", "export const service = {{\n  port: 8080,\n  {name}: '{value}',\n}};\n"),
    "Java": ("App.java", 'class App {{\n  static final int PORT = 8080;\n  String {name} = "{value}";\n}}\n'),
    "Go": ("app.go", 'package app\n\nfunc start() {{\n\t{name} := "{value}"\n\tserve(8080)\n}}\n'),
    "PHP": ("app.php", "<?php\n$port = 8080;\n${name} = '{value}';\n"),
    "XML": ("app.xml", "<service>\n  <port>8080</port>\n  <{name}>{value}</{name}>\n</service>\n"),
    "Ruby": ("app.rb", "port = 8080\nCONFIG = {{ '{name}' => '{value}' }}\nserve(port)\n"),
    "call": ("Start.java", 'class Start {{\n  void start() {{\n    client.set_{name}("{value}");\n  }}\n}}\n'),
    "pair": ("Start.cs", 'class Start {{\n  void Run() {{\n    options.Add("{name}", "{value}");\n  }}\n}}\n'),
}
# A key in hexadecimal digits that a program decodes.
DECODED = {
    "Python": ("app.py", 'import service\n\n{name} = bytes.fromhex("{value}")\n'),
    "Go": ("app.go", 'package app\n\nfunc start() {{\n\t{name}, err := hex.DecodeString("{value}")\n}}\n'),
    "JavaScript": ("app.js", 'const {name} = Buffer.from("{value}", "hex");\n'),
}
NAMES_OF_DECODED = ("key", "aes_key", "secret")
SYNTAXES_OF_NAMES = (".env", "YAML", "Python", "TypeScript")

# Names of secrets in the environment files of public projects.
NAMES_OF_PROJECTS = """
ACCESS_CODE_SECRET ACTIVE_RECORD_ENCRYPTION_PRIMARY_KEY ADMIN_API_KEY ADMIN_PASSWORD AFTERSHIP_API_KEY
AI_GATEWAY_API_KEY ALGOLIA_ADMIN_KEY ALGOLIA_SEARCH_ADMIN_KEY ANALYZE_API_TOKEN ANTHROPIC_API_KEY APPLE_PRIVATE_KEY
APP_KEY APP_SECRET ARGOS_TOKEN ASSISTANTS_API_KEY AUTH0_SECRET AUTH_AUTH0_SECRET AUTH_BEARER_TOKEN AUTH_GITHUB_SECRET
AUTH_SECRET AWS_SECRET_ACCESS_KEY AXIOM_TOKEN AZUREAD_CLIENT_SECRET AZURE_AI_SEARCH_API_KEY AZURE_OPENAI_API_KEY
AZURE_STORAGE_ACCOUNT_KEY BACKUP_ENCRYPTION_PASSPHRASE BETTER_AUTH_SECRET BITLY_CLIENT_SECRET BLOB_READ_WRITE_TOKEN
BROWSERLESS_TOKEN BUILD_DB_PASSWORD BUILD_TOKEN CACHE_PASSWORD CACHE_REDIS_PASSWORD CALCOM_LICENSE_KEY
CALENDSO_ENCRYPTION_KEY CELERY_SENTINEL_PASSWORD CHARGEBEE_WEBHOOK_PASSWORD CHECKLY_API_KEY CHECK_API_TOKEN
CHECKPOINT_DB_PASSWORD CHROMATIC_PROJECT_TOKEN CLERK_SECRET_KEY CLICKHOUSE_PASSWORD CLOUDFLARE_API_TOKEN
CLOUDINARY_API_SECRET CODECOV_TOKEN COOKIE_SECRET CREATE_USER_API_TOKEN CREDS_KEY CRON_API_KEY CRON_SECRET CSRF_SECRET
DASHBOARD_PASSWORD DATABASE_PASSWORD DATADOG_APP_KEY DB_PASS DB_PASSWORD DEFAULT_ADMIN_PASSWORD
DEFAULT_FROM_SMTP_PASSWORD DELETE_ACCOUNT_SECRET DEPLOY_TOKEN DISCORD_BOT_TOKEN DJANGO_SECRET_KEY
DKIM_PRIVATE_KEY_PASSPHRASE DOC_S3_SECRET_ACCESS_KEY DROPBOX_APP_SECRET DYNADOT_API_KEY E2E_PARTNER_PASSWORD
E2E_TEST_AUTHENTICATE_USER_PASSWORD E2E_USER_PASSWORD ELASTIC_PASSWORD EMAIL_SERVER_PASSWORD EMBEDDING_SYNC_SECRET
ENCRYPTION_KEY ENCRYPT_KEY ENTERPRISE_LICENSE_KEY ES_PASS EXPO_PUBLIC_API_SECRET EXPO_PUBLIC_STREAM_SECRET
EXPO_PUBLIC_SUPABASE_SERVICE_ROLE_KEY EXPO_TOKEN FB_APP_SECRET FB_VERIFY_TOKEN FIGMA_CLIENT_SECRET FIRECRAWL_API_KEY
FLY_API_TOKEN FRAMER_CLIENT_SECRET GATSBY_API_SECRET GENERATE_SOURCEMAP_TOKEN GH_TOKEN GITHUB_APP_PRIVATE_KEY
GITHUB_CLIENT_SECRET GITHUB_WEBHOOK_SECRET GITLAB_TOKEN GOOGLE_CLIENT_SECRET GOOGLE_SHEETS_CLIENT_SECRET
GOOGLE_VERTEX_API_KEY GOTRUE_JWT_SECRET GRAFANA_ADMIN_PASSWORD GROUP_ACCESS_TOKEN GROUP_DEPLOY_TOKEN
HASURA_GRAPHQL_ADMIN_SECRET HMAC_SECRET HUBSPOT_CLIENT_SECRET IFRAMELY_API_KEY INIT_PASSWORD INNGEST_EVENT_KEY
INNGEST_SIGNING_KEY INTERNAL_API_KEY INTERNAL_API_SECRET JWT_REFRESH_SECRET JWT_SECRET JWT_SECRET_KEY KEYWORD_API_KEY
KEYWORDS_EVERYWHERE_API_KEY KEY_VAULTS_SECRET KV_REST_API_TOKEN LANGFUSE_SECRET_KEY LDAP_BIND_PASSWORD LICENSE_KEY
LINEAR_CLIENT_SECRET LIVEKIT_API_SECRET LOGFLARE_PRIVATE_ACCESS_TOKEN LOGIN_TOKEN_SECRET LOOKUP_API_KEY LOOPS_API_KEY
MAGIC_LINK_SECRET MAILCHIMP_API_KEY MAILGUN_API_KEY MAIL_PASSWORD MAPS_SERVER_KEY MASTER_KEY MAXMIND_LICENSE_KEY
MEILI_MASTER_KEY METRICS_TOKEN MICROSOFT_CLIENT_SECRET MINIO_ROOT_PASSWORD MINIO_SECRET_KEY MIN_IO_SECRET_KEY
MONGO_INITDB_ROOT_PASSWORD MONGO_PASSWORD MYSQL_ROOT_PASSWORD NEXTAUTH_SECRET NEXT_AUTH_SECRET
NEXT_PRIVATE_ENCRYPTION_KEY NEXT_PRIVATE_ENCRYPTION_SECONDARY_KEY NEXT_PRIVATE_RESEND_API_KEY
NEXT_PRIVATE_SIGNING_PASSPHRASE NEXT_PRIVATE_SMTP_APIKEY NEXT_PRIVATE_SMTP_PASSWORD NEXT_PUBLIC_AIRTABLE_API_KEY
NEXT_PUBLIC_API_TOKEN NEXT_PUBLIC_CONTENTFUL_ACCESS_TOKEN NEXT_PUBLIC_CRYPTO_SECRET NEXT_PUBLIC_DB_PASSWORD
NEXT_PUBLIC_JWT_SECRET NEXT_PUBLIC_OPENAI_API_KEY NEXT_PUBLIC_SANITY_TOKEN NEXT_PUBLIC_ZEGO_SERVER_SECRET
NON_PROD_DB_PASSWORD NON_INTERACTIVE_SUDO_PASSWORD NOTION_TOKEN NPM_TOKEN NUXT_OAUTH_GITHUB_CLIENT_SECRET
NUXT_PUBLIC_API_SECRET NUXT_SESSION_PASSWORD OIDC_CLIENT_SECRET OPENAI_API_KEY OPENAI_MODERATION_API_KEY
OPENID_SESSION_SECRET OTP_SECRET PAYLOAD_SECRET PAYPAL_CLIENT_SECRET PERPLEXITY_API_KEY PGPASSWORD PG_META_CRYPTO_KEY
PLAIN_WEBHOOK_SECRET POSTGRES_PASSWORD POSTGRES_REPLICATION_PASSWORD POSTHOG_PERSONAL_API_KEY POSTMARK_SERVER_TOKEN
PREVIEW_SECRET PRIMARY_ADMIN_PASSWORD PRIMARY_API_KEY PRIMARY_DB_PASSWORD PUBLIC_API_SECRET_KEY PUBLISH_TOKEN
PUSHER_APP_SECRET QSTASH_CURRENT_SIGNING_KEY QSTASH_NEXT_SIGNING_KEY QSTASH_TOKEN RABBITMQ_DEFAULT_PASS
RAZORPAY_KEY_SECRET REACT_APP_API_SECRET REACT_APP_AUTH_PASSWORD REACT_APP_WEATHER_API_KEY READ_REPLICA_DB_PASSWORD
REDIS_CLUSTERS_PASSWORD REDIS_PASSWORD REFRESH_TOKEN_SECRET REMOVE_BG_API_KEY RESEND_API_KEY RESEND_WEBHOOK_SECRET
RESET_PASSWORD_SECRET REVALIDATE_TOKEN REVALIDATION_SECRET S3_PROTOCOL_ACCESS_KEY_SECRET S3_SECRET_ACCESS_KEY
SANITY_API_WRITE_TOKEN SECRET_KEY_BASE SENDGRID_API_KEY SENTRY_AUTH_TOKEN SERVICE_ROLE_KEY SES_PASSWORD SESSION_SECRET
SHOPIFY_API_SECRET SIGNING_SECRET SINGULAR_WEBHOOK_TOKEN SLACK_SIGNING_SECRET SLACK_VERIFICATION_TOKEN
SMS_TWILIO_AUTH_TOKEN SMTP_PASS SMTP_PASSWORD SORT_SERVICE_TOKEN SPOTIFY_CLIENT_SECRET STORAGE_SECRET_ACCESS_KEY
STRIPE_APP_SECRET_KEY_SANDBOX STRIPE_CONNECT_WEBHOOK_SECRET STRIPE_SECRET_KEY STRIPE_WEBHOOK_SECRET
SUPABASE_SERVICE_ROLE_KEY TELEGRAM_BOT_TOKEN TINYBIRD_API_KEY TURBO_TOKEN TURSO_AUTH_TOKEN TWILIO_AUTH_TOKEN
TWITTER_CONSUMER_SECRET UNSPLASH_ACCESS_KEY UNSUBSCRIBE_TOKEN_SECRET UPSTASH_REDIS_REST_TOKEN
UPSTASH_VECTOR_REST_TOKEN USE_ADMIN_TOKEN UTILS_SECRET VALIDATE_API_KEY VALIDATION_SECRET VAULT_ENC_KEY VERCEL_TOKEN
VERIFF_WEBHOOK_SECRET VERIFY_SERVICE_TOKEN VITE_ADMIN_PASSWORD VITE_API_SECRET VITE_OPENAI_API_KEY VITE_SECRET_KEY
VNC_PASSWORD VUE_APP_API_SECRET VUE_APP_SECRET_KEY WEBHOOK_SECRET WEBHOOK_VERIFY_TOKEN WEBSOCKET_AUTH_TOKEN
WEBSOCKET_SECRET WORDPRESS_DB_PASSWORD WS_TOKEN_SECRET ZAPIER_NLA_API_KEY ZENDESK_API_TOKEN
""".split()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--values", type=int, default=60, help="in each cell")
    parser.add_argument("--names", action="store_true", help="only the names of public projects")
    parser.add_argument("--below", type=float, default=0.97, help="list the cells with a smaller share")
    arguments = parser.parse_args()
    if not arguments.names:
        weak = print_table("found", SECRETS, NAMES, arguments.values, arguments.below)
        hexes = {kind: make for kind, make in SECRETS.items() if kind.lower().endswith("hex")}
        weak += print_table("decoded: found", hexes, NAMES_OF_DECODED, arguments.values, arguments.below, DECODED)
        print_table("reported", OTHERS, NAMES, arguments.values, 0.0)
        print_table("reported", HASHES, NAMES_OF_HASHES, arguments.values, 0.0)
        print(f"\n{len(weak)} cells below {arguments.below:.0%}:")
        print("\n".join(weak))
    print_names(max(1, arguments.values // 20))


def found(path: str, text: str, value: str) -> bool:
    """Tell whether a scan at the default thresholds reports the value, or a part of it."""
    result = scan_batch(Setup(), [Text(FileProvenance(path), text.encode())])
    return any(
        finding.confidence >= Confidence.MEDIUM and finding.severity >= Severity.LOW and finding.suppression is None
        for finding in result.findings
        if value.encode() in finding.secret.value or finding.secret.value in value.encode()
    )


def share(syntax: tuple[str, str], name: str, make: Maker, values: int) -> float:
    path, text = syntax
    chance = random.Random(f"{path} {name}")
    made = [make(chance) for _ in range(values)]
    return sum(found(path, text.format(name=name, value=value), value) for value in made) / values


def print_table(
    what: str,
    makers: dict[str, Maker],
    names: tuple[str, ...],
    values: int,
    below: float,
    syntaxes: dict[str, tuple[str, str]] = SYNTAXES,
) -> list[str]:
    """Print the share of each kind of value in each syntax, all names together; return the cells that fall short."""
    print(f"\n| {what}, % | " + " | ".join(syntaxes) + " |\n|---|" + "--:|" * len(syntaxes))
    short = []
    for kind, make in makers.items():
        row = []
        for syntax, text in syntaxes.items():
            cells = {name: share(text, name, make, values) for name in names}
            row.append(sum(cells.values()) / len(cells))
            short += [f"{kind}, {syntax}, {name}: {part:.0%}" for name, part in cells.items() if part < below]
        print(f"| {kind} | " + " | ".join(f"{part * 100:.0f}" for part in row) + " |", flush=True)
    return short


def print_names(values: int) -> None:
    """Print how often letters and digits are found under the names of public projects, and which are not always."""
    make = _of(BASE62, 16, 40)
    missed: dict[str, list[str]] = defaultdict(list)
    print(f"\n| {len(NAMES_OF_PROJECTS)} names of public projects | found, % |\n|---|--:|")
    for syntax in SYNTAXES_OF_NAMES:
        shares = {name: share(SYNTAXES[syntax], name, make, values) for name in NAMES_OF_PROJECTS}
        print(f"| {syntax} | {sum(shares.values()) / len(shares) * 100:.1f} |", flush=True)
        for name, part in shares.items():
            if part < 1:
                missed[name].append(syntax)
    for name, syntaxes in missed.items():
        print(f"{name}: {', '.join(syntaxes)}")


if __name__ == "__main__":
    main()
