"""Sample code: settings that fall back to a secret in the source."""
import os
from os import environ, getenv
from pathlib import Path

import environ as django_environ
from decouple import AutoConfig, config
from environs import Env


# ---- os.getenv

DB_PASSWORD = os.getenv("DB_PASSWORD", "Mauer_Segler9")  # finding: default-credential
DB_PASSWORD_FILE = os.getenv("DB_PASSWORD_FILE", "/run/secrets/mauer_segler9")
DB_HOST = os.getenv("DB_HOST", "mauer-segler9.internal")
SECRET_KEY = os.getenv("SECRET_KEY", default="az2YJ4UVqP5QZACG04lG0Apx7EJHqqvw08Zjwnvd")  # finding: default-credential
SECRET_KEY_NAME = os.getenv("SECRET_KEY_NAME", default="shop/prod/secret-key-v2")
REDIS_PASSWORD = os.getenv("REDIS_PASSWORD", "")
MQ_PASSWORD = os.getenv("MQ_PASSWORD", None)
MAIL_PASSWORD = os.getenv("MAIL_PASSWORD", "changeme")
PORTAL_TOKEN = os.getenv("PORTAL_TOKEN", "<portal token>")
OPENAI_API_KEY = getenv("OPENAI_API_KEY", "sk-proj-CcjS5Evdz0O6J3K1[cut]01GxKMyQ9S3D3t0b8wO1nuhbCcK0qKXK")  # finding: default-credential
OPENAI_BASE_URL = getenv("OPENAI_BASE_URL", "https://llm.acme.io/v1/eu-gateway-7f3a")
OPENAI_MODEL = getenv("OPENAI_MODEL", "gpt-4o-mini-2024-07-18")
MAX_TOKENS = int(getenv("MAX_TOKENS", "2048"))
TOKENIZER = getenv("TOKENIZER", "o200k_base")


# ---- os.environ.get and friends

def from_environ_get():
    signing = os.environ.get("WEBHOOK_SIGNING_SECRET", "whsec_qZMIBb9dxS[cut]BavduuVFbdrwAmHp9Msxfv")  # finding: default-credential
    signing_header = os.environ.get("WEBHOOK_SIGNING_HEADER", "X-Acme-Signature-256")
    key_id = environ.get("AWS_PROFILE", "acme-prod-readonly")
    key = environ.get("AWS_SECRET_ACCESS_KEY", "0EWUT6J2Y/3q0+Z6DliVMe4KuRwbXng4xWhG04WK")  # finding: default-credential
    bearer = environ.get("API_BEARER_TOKEN", b"pvmR9nFIiQoU4KsFKsiKg6zLylKLDS".decode())  # finding: default-credential
    bearer_type = environ.get("API_TOKEN_TYPE", "urn:acme:opaque")
    popped = os.environ.pop("SSH_PASSPHRASE", "Spinn_Rad+42")  # finding: default-credential
    popped_path = os.environ.pop("SSH_KEY_PATH", "~/.ssh/spinn_rad_42")
    popped_clean = os.environ.pop("SSH_KEY_PASSPHRASE", None)
    multi = os.environ.get(
        "LDAP_BIND_PASSWORD",
        "Wind!Muehle3",  # finding: default-credential
    )
    multi_clean = os.environ.get(
        "LDAP_BIND_DN",
        "cn=wind-muehle,ou=services,dc=corp",
    )
    return (signing, signing_header, key_id, key, bearer, bearer_type, popped, popped_path, popped_clean, multi,
            multi_clean)


def or_defaults(load):
    password = os.environ.get("ADMIN_PASSWORD") or "Apfel_Baum#5"  # finding: default-credential
    nickname = os.environ.get("ADMIN_NICKNAME") or "Apfel_Baum#5"
    token = os.getenv("GITHUB_TOKEN") or "ghp_N7WRSxhg0KdI[cut]ivYK8J9HhhngsurHgf3SxHnz"  # finding: default-credential
    token_again = os.getenv("GITHUB_TOKEN") or load("github")
    secret = environ.get("JWT_SECRET", "") or "oUTQ_zh7yBBfqmjpN5WfTqxtZDNhtuK85es-"  # finding: default-credential
    secret_again = environ.get("JWT_SECRET", "") or None
    api_url = os.getenv("GITHUB_API_URL") or "https://api.github.com"
    algorithm = os.getenv("JWT_ALGORITHM") or "HS512"
    return password, nickname, token, token_again, secret, secret_again, api_url, algorithm


def set_defaults():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings.production")
    os.environ.setdefault("DJANGO_SECRET_KEY", "JsVDadFwVR7hkezloWfgA5lTJWkfJn0oyuWKvzDOmKHe9EDWuT")  # finding: default-credential
    os.environ.setdefault("PGPASSWORD", "Moos_Beere!2")  # finding: default-credential
    os.environ.setdefault("PGPASSFILE", "/etc/shop/pgpass-moosbeere")
    os.environ.setdefault("HF_TOKEN", "")
    environ.setdefault("SESSION_COOKIE_NAME", "sid_moosbeere_2")


# ---- decouple, environs, django-environ, starlette

STRIPE_SECRET_KEY = config("STRIPE_SECRET_KEY", default="sk_live_y5mjRXfTe[cut]PWgzDEj90YpYIix")  # finding: default-credential
STRIPE_API_VERSION = config("STRIPE_API_VERSION", default="2023-10-16")
STRIPE_PUBLIC_KEY = config("STRIPE_PUBLIC_KEY", default="pk_live_pknwqwxFq[cut]W1dlEMF8wfatSyv")
SMTP_PASSWORD = config("SMTP_PASSWORD", default="Brief_Taube77", cast=str)  # finding: default-credential
SMTP_HOST = config("SMTP_HOST", default="brieftaube77.acme.io", cast=str)
SMTP_USE_AUTH = config("SMTP_AUTH", default="false", cast=bool)
SENTRY_AUTH_TOKEN = config("SENTRY_AUTH_TOKEN", default="")
local_config = AutoConfig(search_path=Path(__file__).parent)
CRM_API_SECRET = local_config("CRM_API_SECRET", "Mg7CnLgfz17WMuZYr7lNTOHtfZVv")  # finding: default-credential
CRM_API_SECRET_PATH = local_config("CRM_API_SECRET_PATH", "kv/data/crm#api_secret")


def with_environs():
    env = Env()
    env.read_env()
    a = env("TELEGRAM_BOT_TOKEN", default="9491847177:AAAgjT2ADOTT29[cut]XFJr8dimrIoiIwAI2aS2d")  # finding: default-credential
    b = env("TELEGRAM_BOT_NAME", default="acme_alerts_2024_bot")
    c = env.str("ENCRYPTION_KEY", "bf2f0976931763222a7f9e01d77c8ed41de3b2102fcb3881cf0b558c202b8203")  # finding: default-credential
    d = env.str("ENCRYPTION_ALGORITHM", "aes-256-gcm-siv")
    e = env.str("CLIENT_SECRET", default=None)
    f = env.int("TOKEN_TTL", default=86400)
    with env.prefixed("MQ_"):
        g = env.str("PASSWORD", default="Otter+Bau_6")  # finding: default-credential
        h = env.str("VHOST", default="otter-bau-6")
        i = env.str("PASSWORD", default="${MQ_PASSWORD}")
    return a, b, c, d, e, f, g, h, i


def with_django_environ():
    denv = django_environ.Env()
    x = denv("SECRET_KEY", default="q8r7zszNv26gQAuCJLKbDse9deptK8LMouUipeOraTacZMJi6z")  # finding: default-credential
    y = denv("SECRET_KEY_FALLBACK_COUNT", default="2")
    z = denv.str("EMAIL_HOST_PASSWORD", default="Kranz_Kuchen4")  # finding: default-credential
    w = denv.str("EMAIL_HOST_USER", default="kranzkuchen4@acme.io")
    v = denv.list("PASSWORD_VALIDATORS", default=["MinimumLengthValidator"])
    return x, y, z, w, v


def with_starlette(Config, Secret):
    conf = Config(".env")
    one = conf("SESSION_SECRET", cast=Secret, default="nlczQHXgrlDud6feKsG7p5rjeYTXW6bT")  # finding: default-credential
    two = conf("SESSION_SECRET", cast=Secret)
    three = conf("SESSION_BACKEND", default="redis-cluster-2")
    return one, two, three


# ---- inside other code

class AppConfig:
    SQL_PASSWORD = os.environ.get("SQL_PASSWORD", "Pf1rsich-Kern")  # finding: default-credential
    SQL_DRIVER = os.environ.get("SQL_DRIVER", "ODBC Driver 18 for SQL Server")
    SECURITY_PASSWORD_HASH = os.environ.get("SECURITY_PASSWORD_HASH", "pbkdf2_sha512")

    def __init__(self, app):
        app.config["JWT_SECRET_KEY"] = os.environ.get("JWT_SECRET_KEY", "xIQuJ6XcJi6DUiVstWM0sicGYf9gO6")  # finding: default-credential
        app.config["JWT_HEADER_NAME"] = os.environ.get("JWT_HEADER_NAME", "X-Acme-Jwt-V2")
        app.config["CACHE_KEY_PREFIX"] = os.environ.get("CACHE_KEY_PREFIX", "shop_f3a9_")


def connect_all(psycopg2, redis):
    psycopg2.connect(
        host=os.getenv("PG_HOST", "pg-7f3a.internal"),
        user=os.getenv("PG_USER", "geo_rw_7"),
        password=os.getenv("PG_PASS", "Atlas_Falter1"),  # finding: default-credential
    )
    redis.Redis(host="cache", password=os.getenv("CACHE_PASSWORD") or None)
    return {
        "Authorization": "Bearer " + os.getenv("INGEST_TOKEN", "4kHexbAdC_dnOgZuaMr-rPPXTpTIrXofoSl-FUVO"),  # finding: default-credential
        "User-Agent": "ingest/" + os.getenv("INGEST_RELEASE", "2024.10-c2d673f6"),
    }


def typed_default(key=os.environ.get("LICENSE_KEY", "7QK2M-9ZP4X-V1TBR-8LDCJ")):  # finding: default-credential
    return key


def typed_default_clean(key_file=os.environ.get("LICENSE_KEY_FILE", "7QK2M-9ZP4X.lic")):
    return key_file


def folded_default(fallback):
    one = os.getenv("PARTNER_API_KEY", "rGO4zbbACM6vKi" + "3UZ5oacuT4pFmz")  # finding: default-credential
    two = os.getenv("PARTNER_API_KEY_HEADER", "X-Partner" + "-Api-Key")
    three = os.getenv("PARTNER_API_SECRET", fallback)
    four = os.environ.get("PARTNER_PASSWORD", os.environ.get("LEGACY_PASSWORD"))
    return one, two, three, four


async def chained_default(client):
    token = os.getenv("NPM_TOKEN") or os.getenv("NPM_AUTH_TOKEN") or "npm_BPdJykHPBdfrqa[cut]LlSV7gJhE4USWNmA3gWCvm"  # finding: default-credential
    registry = os.getenv("NPM_REGISTRY") or os.getenv("NPM_MIRROR") or "https://npm.acme.io/09a0ba7fb560"
    await client.login(token, registry, otp=os.getenv("NPM_OTP") or os.getenv("OTP"))
    if (passphrase := os.getenv("GPG_PASSPHRASE", "Rost_Laube#11")):  # finding: default-credential
        await client.sign(passphrase, key_id=os.getenv("GPG_KEY_ID", "0xXUBNDIXXUN78F93N"))
    return registry


# --- settings of options, fields and configuration files ------------------------------------------------------------

def of_options(click, typer, configparser):
    @click.command()
    @click.option("--broker-password", envvar="BROKER_PASSWORD", default="Moor-Huhn_27")  # finding: default-credential
    @click.option("--broker-user", envvar="BROKER_USER", default="moor")
    def publish(broker_user, broker_password):
        pass

    def upload(depot_token: str = typer.Option("gT5xUqW8zLc2RmYb7NvKdJ3h", envvar="DEPOT_TOKEN")):  # finding: default-credential
        pass

    config = configparser.ConfigParser()
    host = config.get("smtp", "host", fallback="smtp.moor.example")
    return config.get("smtp", "password", fallback="Torf+Stich3"), host  # finding: default-credential


def of_fields(BaseSettings, Field):
    class Plant(BaseSettings):
        plant_password: str = Field("Birken-Rinde5", env="PLANT_PASSWORD")  # finding: default-credential
        plant_name: str = Field("moor-nord", env="PLANT_NAME")
        plant_secret: str = Field(default="Wx7Rk2Tn9Lq4Vb8Zc3Mj", validation_alias="PLANT_SECRET")  # finding: default-credential


def where_it_is_missing():
    key = os.environ.get("RELAY_API_SECRET")
    if key is None:
        key = "Hq3Zt8Vw5Ln2Xb7Rk9Jm"  # finding: default-credential
    try:
        other = os.environ["RELAY_PASSWORD"]
    except KeyError:
        other = "Schilf_Rohr+6"  # finding: default-credential
    mode = os.environ["RELAY_SECRET_MODE"] if "RELAY_SECRET_MODE" in os.environ else "file"
    return key, other, mode
