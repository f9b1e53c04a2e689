"""Sample code: secrets that stand in the source, and everything that only looks like one."""
import argparse
import base64
import codecs
import enum
import functools
import hashlib
import hmac
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple, Optional, TypedDict


# ---- plain module constants

DB_PASSWORD = "tr0ub4dor-Kettle"  # finding: hardcoded-credential
DB_PASSWORD_FIELD = "db_password"
SMTP_PASSWD = ""
REDIS_PWD = None
LDAP_BIND_PWD = 'Qm7!vXz2pL'  # finding: hardcoded-credential
LDAP_BIND_DN = "cn=reader,ou=services,dc=corp,dc=lan"
CLIENT_SECRET: str = "zLOEDBYZ0TeVIPTCgUrRh0EoWWbxLps58xabfrHR"  # finding: hardcoded-credential
CLIENT_SECRET_NAME: str = "prod/billing/client-secret"
CLIENT_ID: str = "0oa1k9x2example7h357"
apiKey = "881c7a9189e1925ca89b16a67098307a"  # finding: hardcoded-credential
apiKeyHeader = "X-Acme-Api-Key"
signing_key = b"ExstH0v4vdXnkbF9862ZpI5bU5YvRlam"  # finding: hardcoded-credential
signing_algorithm = b"HS256"
GITHUB_TOKEN = "ghp_J9MpGaLU[cut]NMKY1guXu9m0PIpxpwFf8h2aLsjM"  # finding: hardcoded-credential
GITHUB_TOKEN_URL = "https://github.com/login/oauth/access_token"
TOKEN_URL = "https://login.microsoftonline.com/common/oauth2/v2.0/token"
MAX_TOKENS = "4096"
AWS_ACCESS_KEY_ID = "AKIAQ1UGZ5[cut]NDQ8SBPM91"
AWS_SECRET_ACCESS_KEY = "hDQymzkCMc9NGEcVgQmB/WAAvqAt6LH7VuK9K9w1"  # finding: hardcoded-credential
AWS_REGION = "eu-central-1"
AWS_SECRET_ARN = "arn:aws:secretsmanager:eu-central-1:210987654321:secret:app/db-Ab3dEf"
JWT_SIGNING_KEY = "please-set-me"
ENCRYPTION_KEY = "${ENCRYPTION_KEY}"
MASTER_KEY = "op://Infra/master-key/credential"
master_passphrase = "correct horse battery staple"  # finding: hardcoded-credential
passphrase_prompt = "Enter the passphrase for the signing key: "
wallet_mnemonic = "ripple daring lounge cactus velvet orbit sunny margin tackle exit fossil gauge"  # finding: hardcoded-credential
wallet_label = "ripple daring lounge cactus"
SAS_TOKEN = "sv=2022-11-02&ss=b&srt=co&sp=rl&sig=Anw3JPk1ZkRuOz8QMwPj8UcURU1Jf7pyjHz75VEfnfB%3D"  # finding: hardcoded-credential
SAS_TOKEN_POLICY = "read-list-only"
storage_account_key = "vl3xUTOfBJOTiuBn0PA924gs3XOkPrmrJBxzW3X7[cut]DTYjnHxbpa+CfLINqwHVqQ6qUIZLBmBbAVux3C6h9yWgCU=="  # finding: hardcoded-credential
storage_account_name = "stprodweu001"
AZURE_CONN_STR = "DefaultEndpointsProtocol=https;AccountName=stprodweu001;AccountKey=2274jKJgYS5SJrB0RjrWAt3y3Z2MgHfOEp+OP4pb[cut]/vhXggb1NWvijhdjpsw8jUwnr8lzBdBtHFmag/ZnE2k3gh==;EndpointSuffix=core.windows.net"  # finding: hardcoded-credential
AZURE_CONN_STR_TEMPLATE = "DefaultEndpointsProtocol=https;AccountName={name};AccountKey={key};EndpointSuffix=core.windows.net"
AZURE_DEV_CONN_STR = "UseDevelopmentStorage=true"
PRIVATE_KEY = (
    "-----BEGIN [cut]RSA PRIVATE KEY-----\n"  # finding: hardcoded-credential
    "MEUCAQACQG9hkoph+a4MVYBpEDs0FBv+5WGBKqHW6eb4/PDpWKG4YsfP85O5R3vl\n"
    "uIissOCvkEhQTpWNB3bbRpvxL2JGGto=\n"
    "-----END RSA PRIVATE KEY-----\n"
)
PUBLIC_KEY = (
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AmYMF5bbw0hr0g95bSyxw56++ddnCTPD2\n"
    "-----END PUBLIC KEY-----\n"
)
PRIVATE_KEY_PATH = "/etc/ssl/private/app.key"
PEM_HEADER = "-----BEGIN CERTIFICATE-----"
deploy_key_pub = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOw0Uzi2jUSE4OY4HqfAK44JAr+W4vxr7wym6iPswcRV deploy@build"
PASSWORD = "PASSWORD"
Passwort = "Sommer2024!"  # finding: hardcoded-credential
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
ADMIN_PASSWORD_HASH = "$2b$12$kF13iAJ46qYky8ZMTSpKcLP7bPGxPH77Nlej5ZBPEKuZMxdXbbE71"
admin_password = "$2b$12$AwRf7FaX5MaxenhRClYKOOAufaNw9rKXEv2gfMaEzVFGNQqjuV4aK"
SECURITY_PASSWORD_SCHEME = "pbkdf2_sha512"
SOURCE_DIGEST = "43b322191c62802bb1e88af3e5e41b308637097498307c3adaafcad989475771"
build_commit = "5e516d674919bcc0e4c7d1d43ca905416a8fe424"
request_trace_id = "4f9b2c0e-6a71-4d53-9c1f-8e0d7b6a5c42"
sri_integrity = "sha384-Vfo2NMZto40feQmcmc1NZMfwK4wCGpvF52sSl96FzmkBaswv/IovhSp3Z3ZByoaS"


# ---- targets: attributes, subscripts, tuples, chains, walrus, augmented

class Session:
    pass


def configure_session(session, settings, app):
    session.password = "Blaubeere_77"  # finding: hardcoded-credential
    session.password = settings.DB_PASSWORD
    session.password_min_length = "12"
    session.auth_token = "4yZcGhG-qpXEvn7N1M0JBSN5rufxX28V7e5x"  # finding: hardcoded-credential
    session.auth_token = None
    session.auth_type = "bearer-header"
    app.config["JWT_SECRET_KEY"] = "1zX5cvYReRnU2yAtqdnuVL1oLpXu"  # finding: hardcoded-credential
    app.config["JWT_SECRET_KEY"] = os.environ["JWT_SECRET_KEY"]
    app.config["JWT_TOKEN_LOCATION"] = "headers"
    app.config["JWT_ALGORITHM"] = "RS256"
    app.config["WTF_CSRF_FIELD_NAME"] = "csrf_token"
    settings["mail"]["smtp_password"] = "zwölf-Mäuse-9"  # finding: hardcoded-credential
    settings["mail"]["smtp_password"] = ""
    settings["mail"]["smtp_password_file"] = "/run/secrets/smtp_password"
    return session


def unpack_login():
    user, password = "reporting", "Kolibri#Wand3"  # finding: hardcoded-credential
    host, password_file = "db.internal", "/run/secrets/reporting"
    return user, password, host, password_file


def unpack_nested():
    (endpoint, (key_id, secret_key)) = "https://s3.wasabisys.com", ("reader", "RQx0jfjwa6B1b2MajuPX2W4YBlSEu5HB41WMNC8c")  # finding: hardcoded-credential
    (bucket, (prefix, sort_key)) = "exports", ("2024/", "created_at")
    return endpoint, key_id, secret_key, bucket, prefix, sort_key


def chained(config):
    config.api_secret = fallback = "SOcwQOw_VZTavIi40xXuEPHtx6LX30"  # finding: hardcoded-credential
    config.api_version = current = "2024-06-01-preview"
    return fallback, current


def walrus(request):
    if not (access_token := request.headers.get("X-Access-Token")):
        return None
    if (bearer_token := "2RNEH4vtY92Mm1QQ0FpZsVBCDk2n8ujIDMDhCoT3Rqyd"):  # finding: hardcoded-credential
        return bearer_token
    if (token_type := "bearer") and access_token:
        return token_type


class Builder:
    secret = ""
    query = ""

    def build(self, word):
        self.secret += "MaDNW92BrQ4sMTqtGzSHTRgfXo"  # finding: hardcoded-credential
        self.query += "&grant_type=client_credentials"
        self.secret_hint = "the long one in the safe"
        return word


def apply_setattr(cfg):
    setattr(cfg, "DATABASE_PASSWORD", "Gr4nite!Lamp")  # finding: hardcoded-credential
    setattr(cfg, "DATABASE_PASSWORD", os.environ["DATABASE_PASSWORD"])
    setattr(cfg, "DATABASE_NAME", "granite_lamp")
    setattr(cfg, "PASSWORD_RESET_TEMPLATE", "account/reset-subject.txt")


# ---- containers

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "shop_rw",
        "PASSWORD": "n3xt-Tuesday-Rain",  # finding: hardcoded-credential
        "HOST": "10.4.0.17",
    },
    "replica": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "USER": "shop_ro",
        "PASSWORD": os.environ.get("REPLICA_PASSWORD"),
        "OPTIONS": {"passfile": ".pgpass"},
    },
    "legacy": {
        "ENGINE": "django.db.backends.mysql",
        "PASSWORD": "",
    },
}

REST_AUTH = {
    "TOKEN_SERIALIZER": "accounts.serializers.TokenSerializer",
    "JWT_AUTH_COOKIE": "access-cookie",
    "PASSWORD_RESET_CONFIRM_URL": "auth/password/reset/{uid}/{token}/",
    "SIGNING_KEY": "qGRBhxVR7NRZ94O1Uak3BX5mHTk23LBp09B5rXnQsZ7323dBn5",  # finding: hardcoded-credential
    "USER_ID_CLAIM": "user_id",
}

SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "APP": {
            "client_id": "407408718192.apps.googleusercontent.com",
            "secret": "GOCSPX-XB0dX8Ss5i[cut]bQVmeUSkRS70OEL-iI",  # finding: hardcoded-credential
            "key": "",
        },
        "SCOPE": ["profile", "email"],
    },
    "keycloak": {
        "APP": {"client_id": "shop", "secret": "<keycloak client secret>"},
    },
}

FORM_LABELS = {
    "username": "Benutzername",
    "password": "Passwort",
    "new_password": "Neues Passwort",
    "token": "Bestätigungscode",
}

FORM_ERRORS = {
    "password": "Your password must contain at least ten characters.",
    "passwd_mismatch": "The two passwords do not match.",
    "api_key": "This API key has been revoked, ask an administrator for a new one.",
}

SELECTORS = {
    "password": "input[name='passwd']",
    "otp": "#otp-input",
    "access_token": "//div[@class='token']/span",
}

COLUMN_MAP = {"pwd": "user_pwd", "secret": "secret_col", "api_key": "apikey_column"}

OPENAPI_SECURITY = {
    "api_key": {"type": "apiKey", "name": "X-API-Key", "in": "header"},
    "oauth2": {"type": "oauth2", "flow": "password", "tokenUrl": "/auth/token"},
}


def make_dicts():
    first = dict(host="mq.internal", user="feeder", password="Fh8$kk-Wand")  # finding: hardcoded-credential
    second = dict(host="mq.internal", user="feeder", password=None, password_env="MQ_PASSWORD")
    third = {}
    third.update(api_token="a3b1154f9434a7e5e6f850146f43b246f193d1ff")  # finding: hardcoded-credential
    third.update(api_token=os.environ["API_TOKEN"], api_token_ttl="3600s")
    third.update({
        "webhook_secret": "whsec_oHYC8Gu1AVwR[cut]peEHGwtzBncPNAkdPBOo",  # finding: hardcoded-credential
        "webhook_path": "/hooks/stripe",
        "webhook_secret_version": "AWSCURRENT",
    })
    third.setdefault("license_key", "4F7QK-9ZP2M-X1VTB-8RLDC-J6HWN")  # finding: hardcoded-credential
    third.setdefault("license_file", "4F7QK/license.txt")
    third.setdefault("license", "Apache-2.0")
    third.setdefault("auth_token", "")
    return first, second, third


def flask_mapping(app):
    app.config.from_mapping(
        SECRET_KEY="uOxc7mybifPtzuM8SxJ7me4zcLEwS3u8",  # finding: hardcoded-credential
        SESSION_COOKIE_NAME="shop_session",
        SQLALCHEMY_TRACK_MODIFICATIONS=False,
        JWT_HEADER_TYPE="Bearer",
    )
    app.config.from_mapping(SECRET_KEY=secrets.token_hex(32), CACHE_KEY_PREFIX="shop_v2_")
    app.config.update({"SECRET_KEY": Path("/run/secrets/flask").read_text()})
    app.secret_key = "kNq\x1f\x8aEgJgbWndDQYsXr\xe2"  # finding: hardcoded-credential
    app.secret_key = os.urandom(24)


ACCOUNTS = [
    {"login": "anna", "password": "Sp4tzen-Nest", "role": "admin"},  # finding: hardcoded-credential
    {"login": "bert", "password": None, "role": "viewer"},
    {"login": "cleo", "password": "xxxxxxxx", "role": "viewer"},
    {"login": "dora", "password_hash": "pbkdf2:sha256:600000$TAe3cTGyZqypHXrH$6797d8f98019e92c53afc7c7e63d909cd9a8bf5d53a99150f6b57abc0c4fd021"},
]

ENV_BY_STAGE = {
    "dev": {"API_KEY": "your-api-key", "TOKEN": "<token>"},
    "ci": {"API_KEY": "$CI_API_KEY", "TOKEN": "{{ vault_token }}"},
    "stage": {"API_KEY": "vault:kv/data/stage#api_key", "TOKEN": "ENC(dUbfT6sS0iSu5vrRZM2s4hl3)"},
    "prod": {
        "API_KEY": "F6V2EhDdq6UmvxpwUqQDR5ejucvKh6y4KJpZ",  # finding: hardcoded-credential
        "REGION": "fra1",
    },
}


# ---- headers

def header_samples(requests, httpx, token, session):
    requests.get("https://api.acme.io/v2/orders", headers={"Authorization": "Bearer clNwMlHtYEWkw1pT37tX1IdWnsMLMjvTWugbQaNG"})  # finding: hardcoded-credential
    requests.get("https://api.acme.io/v2/orders", headers={"Authorization": f"Bearer {token}"})
    requests.get("https://api.acme.io/v2/orders", headers={"Authorization": "Bearer <access token>"})
    requests.get("https://api.acme.io/v2/orders", headers={"Authorization": "Bearer " + token})
    httpx.post(
        "https://api.acme.io/v2/orders",
        headers={
            "Content-Type": "application/vnd.acme.v2+json",
            "X-Api-Key": "928b800dd4dd9893484845e5fcc403e6",  # finding: hardcoded-credential
            "X-Request-Id": "906d61bf5e29c7ebf5eca70a6f0c5444",
            "If-None-Match": "cb108885fc4e1c916339019fd5162741b9a2f4b5",
        },
    )
    session.headers["Authorization"] = "Basic amVua2luczpSdzctYmxhdS1UYW5uZQ=="  # finding: hardcoded-credential
    session.headers["Authorization"] = "Basic realm"
    session.headers["WWW-Authenticate"] = 'Basic realm="Staging area"'
    session.headers["Proxy-Authorization"] = "Basic c3F1aWQ6ZDNja2VsLUF1Zg=="  # finding: hardcoded-credential
    session.headers["Proxy-Connection"] = "keep-alive"
    session.headers.update({"PRIVATE-TOKEN": "glpat-toZb7FBN_[cut]3SE_JhrEoDK"})  # finding: hardcoded-credential
    session.headers.update({"PRIVATE-TOKEN": "$GITLAB_TOKEN"})
    session.headers.update({"Accept": "application/vnd.github.v3+json", "X-CSRFToken": "fetch"})
    session.headers["Cookie"] = "sessionid=fmmy9cpxdququr3al9smovev7s4gh8ap; theme=dark"  # finding: hardcoded-credential
    session.headers["Cookie"] = "consent=all; theme=dark; lang=de"
    session.headers.setdefault("X-Vault-Token", "hvs.Q0WSYCUp43nQ[cut]gQXCRf9kPL20aVhU")  # finding: hardcoded-credential
    session.headers.setdefault("X-Vault-Namespace", "admin/platform-team")
    scheme = {"Authorization": "Token"}
    return scheme


def graphql_client(transport_cls):
    auth_headers = {"x-hasura-admin-secret": "U8Zbjz3JoixfPkf8DMT3DetgG4qxlI3L"}  # finding: hardcoded-credential
    role_headers = {"x-hasura-role": "anonymous-reader-v2"}
    return transport_cls(headers={**auth_headers, **role_headers})


def http_client_raw(conn):
    conn.putheader("X-Auth-Token", "80a30fb072497fd6790df6cb0ce6a6faca05184a3b4c7699")  # finding: hardcoded-credential
    conn.putheader("X-Auth-Token-Type", "service-account")
    conn.putheader("X-Auth-Token", os.environ["AUTH_TOKEN"])


def urllib_request(urllib):
    req = urllib.request.Request("https://ingest.acme.io/v1/events")
    req.add_header("Authorization", "Bearer A_4GgIFGBQ5ib9r90OMZQeIg51L13M9t5xPK5OTWKb_EIlL0ljdipn")  # finding: hardcoded-credential
    req.add_header("Content-Language", "en-GB")
    req.add_header("Authorization", "Bearer {}".format(os.environ["INGEST_TOKEN"]))
    return req


# ---- keyword arguments

def keyword_arguments(connect, Client, login, make_field, Tokenizer, password):
    connect(host="warehouse.internal", user="etl", password="jK2-Regenwurm")  # finding: hardcoded-credential
    connect(host="warehouse.internal", user="etl", password=password)
    connect(host="warehouse.internal", user="etl", password="")
    connect(host="warehouse.internal", user="etl", password="changeme")
    connect(host="warehouse.internal", user="etl", password="***")
    Client(base_url="https://crm.acme.io", api_key="JLSiKFetoXwYXJQFV7TbQlRWt9aIDlPx", timeout=30)  # finding: hardcoded-credential
    Client(base_url="https://crm.acme.io", api_key_env="CRM_API_KEY", timeout=30)
    Client(base_url="https://crm.acme.io", api_key="CRM_API_KEY")
    login(
        username="kiosk",
        passcode="831-774-209",  # finding: hardcoded-credential
        passcode_length="9",
    )
    Tokenizer.from_pretrained("bert-base-german-cased", pad_token="[PAD]", eos_token="<|endoftext|>")
    make_field(name="password", label="Password", type="password", placeholder="Your password")
    make_field(key="user_email", partition_key="/tenantId", primary_key="order_id")


def sort_rows(rows, df, redis):
    rows.sort(key="created_at".__class__)
    df.merge(df, left_on="token_id", right_on="auth_token_id")
    redis.set("cache:session-token:v3", "1", ex=60)
    return sorted(rows, key=lambda row: row["api_key_id"])


# ---- defaults of parameters

def open_tunnel(host, user="tunnel", password="Maulwurf!5"):  # finding: hardcoded-credential
    return host, user, password


def open_tunnel_clean(host, user="tunnel", password="", password_prompt="Tunnel password: "):
    return host, user, password, password_prompt


async def fetch_invoices(month, *, access_token="OXZbDLH-F290MIdUFWWGrYSBE2Bv2O-dlkSFnv40a75L"):  # finding: hardcoded-credential
    return month, access_token


async def fetch_invoices_clean(month, *, access_token: Optional[str] = None, token_type="Bearer"):
    return month, access_token, token_type


def positional_only(secret: str = "b9e7fa1c53ffbf0f67c55f5c", /, mode="r"):  # finding: hardcoded-credential
    return secret, mode


def positional_only_clean(secret: str, /, secret_format="base64url"):
    return secret, secret_format


sign_payload = lambda body, hmac_key=b"CeaCXa4G3uQauTcycAplzuOB": hmac.new(hmac_key, body, "sha256")  # finding: hardcoded-credential
sign_header = lambda body, hmac_header="X-Hub-Signature-256": (hmac_header, body)


def multi_line_signature(
    endpoint: str = "https://api.mailhub.io",
    client_id: str = "mailhub-web",
    client_secret: str = "V9ugk98at9b96YbOyqeBc3x2WCg6vHR3",  # finding: hardcoded-credential
    token_endpoint: str = "/oauth/token",
    grant_type: str = "client_credentials",
):
    return endpoint, client_id, client_secret, token_endpoint, grant_type


# ---- class bodies

@dataclass
class WarehouseConfig:
    account: str = "xy12345.eu-central-1"
    user: str = "LOADER"
    password: str = "Loader_9!Kran"  # finding: hardcoded-credential
    password_source: str = "keyring"
    authenticator: str = "externalbrowser"
    private_key_path: str = "~/.ssh/snowflake.p8"
    api_key: str = field(default="6yWB8KH5jyJk0hSYGO6iwCzSAj4cmm", repr=False)  # finding: hardcoded-credential
    key_version: str = field(default="v2024-03-rotated")
    refresh_token: str = field(default_factory=lambda: os.environ["REFRESH_TOKEN"])


def pydantic_models(BaseModel, BaseSettings, Field, SecretStr):
    class MailSettings(BaseSettings):
        host: str = "smtp.acme.io"
        smtp_password: SecretStr = SecretStr("Elster-im-Baum-3")  # finding: hardcoded-credential
        smtp_password_hint: str = "three words and a digit"
        api_secret: str = Field("bMPfe26485sINwmzed7VEfUn8Y09", description="shared with the gateway")  # finding: hardcoded-credential
        api_secret_ref: str = Field("gateway/api-secret", description="name in the secret store")
        webhook_token: str = Field(..., alias="WEBHOOK_TOKEN", description="token of the webhook")
        master_key: SecretStr = Field(default=SecretStr("72e605fb9dffaaab71eac185607d3548"))  # finding: hardcoded-credential
        session_key: SecretStr = Field(default=SecretStr(""))
        class Config:
            env_prefix = "MAIL_SECRET_"
            secrets_dir = "/run/secrets"

    class LoginForm(BaseModel):
        username: str = Field(examples=["anna"])
        password: str = Field(min_length=10, title="Password", description="The account's password")
        token: Optional[str] = Field(None, pattern="^[A-Z0-9]{6}$")

    return MailSettings, LoginForm


def attrs_classes(attr, attrs):
    @attrs.define
    class Broker:
        url: str = attrs.field(default="broker.internal:9092")
        sasl_password: str = attrs.field(default="Kranich77!flug")  # finding: hardcoded-credential
        sasl_mechanism: str = attrs.field(default="SCRAM-SHA-512")

    @attr.s
    class OldBroker:
        auth_token = attr.ib(default="HGf5pRdp7jxPrC6Zg5HVnzFfg3yuy89Ri")  # finding: hardcoded-credential
        auth_header = attr.ib(default="X-Broker-Auth-v1")

    return Broker, OldBroker


class Peer(NamedTuple):
    host: str
    shared_secret: str = "LDW8C4QATO0SO2T370G1"  # finding: hardcoded-credential
    secret_type: str = "psk"


class Keys(enum.Enum):
    MAPS_API_KEY = "AIzaPehVYfant88a[cut]0mOG3WLzuEVG0830zLEPW5M"  # finding: hardcoded-credential
    MAPS_LANGUAGE = "de-AT"


class GrantType(str, enum.Enum):
    PASSWORD = "password"
    REFRESH_TOKEN = "refresh_token"
    CLIENT_SECRET_POST = "client_secret_post"
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    API_KEY = "api-key"


class Event(enum.StrEnum if hasattr(enum, "StrEnum") else str):
    PASSWORD_CHANGED = "user.password.changed"
    TOKEN_REVOKED = "oauth.token.revoked"
    SECRET_ROTATED = "SecretRotated"


class TokenInfo(TypedDict):
    access_token: str
    token_type: Literal["bearer", "mac"]


class ProductionConfig:
    DEBUG = False
    SECRET_KEY = "9FqbeDzkgu3Sq7QGVd4razYUtMYojsro0g0s5vAREUSSDZ5U"  # finding: hardcoded-credential
    SECURITY_PASSWORD_SALT = "879435912271965479434176528885"  # beyond: hardcoded-credential
    SECURITY_PASSWORD_HASH = "argon2"
    SECURITY_TOKEN_AUTHENTICATION_HEADER = "Authentication-Token"
    SECRET_KEY_FALLBACKS = []

    class Mail:
        MAIL_PASSWORD = "Post!Horn_1988"  # finding: hardcoded-credential
        MAIL_PASSWORD_LABEL = "Post!Horn"


class User:
    password_validators = ["MinimumLengthValidator"]
    REQUIRED_FIELDS = ["password"]

    def declare(self, models, Column, String, PasswordField, DataRequired, _):
        self.password_column = Column("password", String(128), nullable=False)
        self.secret = Column("totp_secret", String(32), comment="base32 secret of the authenticator app")
        self.password = models.CharField(_("password"), max_length=128, help_text="Stored as a hash")
        self.password = PasswordField("Current password", validators=[DataRequired("Please enter the password")])
        self.api_key = models.CharField("API key", max_length=64, db_column="apikey")


# ---- environment writes

def prepare_env(monkeypatch, load):
    os.environ["OPENAI_API_KEY"] = "sk-proj-M8h90GQUwvT8WY[cut]iHnbQFIRKajwiLz6LfKs2bTB1Rr4l7gc43"  # finding: hardcoded-credential
    os.environ["OPENAI_API_BASE"] = "https://llm-gateway.acme.io/v1"
    os.environ["OPENAI_API_KEY"] = load("openai-key")
    os.environ["PGPASSWORD"] = "Dachs+Bau12"  # finding: hardcoded-credential
    os.environ["PGPASSFILE"] = "/home/etl/.pgpass"
    os.environ["PGUSER"] = "Dachs"
    os.putenv("RESTIC_PASSWORD", "s1eben-Zwerge")  # finding: hardcoded-credential
    os.putenv("RESTIC_PASSWORD_FILE", "/etc/restic/passphrase")
    os.putenv("RESTIC_REPOSITORY", "s3:s3.amazonaws.com/backup-siebenzwerge")
    monkeypatch.setenv("STRIPE_API_KEY", "sk_live_pEfjNRybAu[cut]jBXGjH4snMvC1F")  # finding: hardcoded-credential
    monkeypatch.setenv("STRIPE_API_VERSION", "2023-10-16")
    monkeypatch.setenv("STRIPE_API_KEY", "dummy")
    monkeypatch.delenv("STRIPE_API_KEY", raising=False)
    os.environ.update(HF_TOKEN="hf_yonYQBSwf0Y4Nc[cut]bT1NkCuDqaWVWXk5482I", HF_HOME="/data/hf")  # finding: hardcoded-credential
    os.environ.update(HF_HOME="/data/hf", TOKENIZERS_PARALLELISM="false")


# ---- comparisons with a literal

def check_logins(request, password, token, form, pin, kind, hmac_header, environ):
    if password == "Wintergarten8":  # finding: hardcoded-credential
        return True
    if password == "":
        return False
    if password == "password":
        return False
    if "b5jfTxatTOPP3TgjcQiyNr" == token:  # finding: hardcoded-credential
        return True
    if "(" == token or token == "end_of_line":
        return False
    if form["password"] != "Ofen_rohr!2":  # finding: hardcoded-credential
        return False
    if form["password_strength"] != "very-strong2":
        return False
    if request.headers.get("X-Admin-Token") == "c8c4724c5812160125aed81aba48cb6b":  # finding: hardcoded-credential
        return True
    if request.headers.get("X-Admin-Token-Type") == "opaque":
        return False
    if password in (
        "Fr0sch-Teich",  # finding: hardcoded-credential
        "Stor_chen99",  # finding: hardcoded-credential
    ):
        return True
    if password in ("", None):
        return False
    if kind in ("password", "api_key", "refresh_token"):
        return False
    if hmac.compare_digest(request.form["api_key"], "JBIKaIjrUgC6Gd8qbMEiov6L0DAw"):  # finding: hardcoded-credential
        return True
    if hmac.compare_digest(request.form["api_key"], environ["API_KEY"]):
        return True
    if secrets.compare_digest(b"sBcJ_BPSL4exhClh4WtoHjZh", token):  # finding: hardcoded-credential
        return True
    if form.secret.__eq__("qTGQCGa8AOd4nbm84G"):  # finding: hardcoded-credential
        return True
    if form.secret_kind.__eq__("opaque-v2"):
        return False
    if "" != password != "Lampe&Schirm4":  # finding: hardcoded-credential
        return False
    return len(password) >= 10


def match_login(command, credentials, token):
    match credentials:
        case {"user": "root", "password": "T0rten-Heber"}:  # finding: hardcoded-credential
            return "superuser"
        case {"user": "guest", "password": None}:
            return "guest"
    match command.admin_password:
        case "Nebel!Horn_3":  # finding: hardcoded-credential
            return "admin"
        case "":
            return "empty"
    match token:
        case "+" | "-":
            return "operator"
        case "identifier":
            return "name"
        case _:
            return "other"


# ---- return values

def get_api_key():
    return "yrFmSVLIacDfqtKw8MO66pKiUNmr3Kvjt1"  # finding: hardcoded-credential


def get_api_key_name():
    return "billing-readonly-2024"


def api_key_header():
    return "X-Billing-Api-Key"


class VaultBackend:
    @property
    def password(self):
        return "Igel-Stachel_42"  # finding: hardcoded-credential

    @property
    def password_reset_route(self):
        return "/accounts/password/reset/"

    @staticmethod
    def load_signing_secret(stage):
        if stage == "production":
            return os.environ["SIGNING_SECRET"]
        return "1ddb36fa4ff18de95e1056c8f9c2b7d52f0ca9fc"  # finding: hardcoded-credential

    def get_secret(self, name):
        return self.client.read("secret/data/" + name)


def validate_password(value):
    if len(value) < 10:
        return "The password is too short."
    return "ok"


def generate_token():
    return secrets.token_urlsafe(32)


# ---- command line options

def build_parser():
    parser = argparse.ArgumentParser(prog="acmectl")
    parser.add_argument("--password", default="Kuckuck$uhr", help="password of the admin account")  # finding: hardcoded-credential
    parser.add_argument("--password-file", default="~/.config/acme/password")
    parser.add_argument("--api-key", default=os.environ.get("ACME_API_KEY"), metavar="KEY")
    parser.add_argument(
        "--api-token",
        dest="api_token",
        default="SCF5em3bUPCk0MbMwqGiygCzxPR1UQ97",  # finding: hardcoded-credential
        help="token, see https://acme.io/account/tokens",
    )
    parser.add_argument("--token-type", default="bearer", choices=["bearer", "mac"])
    parser.add_argument("-p", "--passwd", default="", help="leave empty to be asked")
    parser.set_defaults(client_secret="7-BoUv3IfhEofhmnK3dKAJkY2p-w7E")  # finding: hardcoded-credential
    parser.set_defaults(client_kind="confidential", auth="oauth2")
    return parser


def click_commands(click, typer):
    @click.command()
    @click.option("--db-password", default="Murmel!tier", show_default=False)  # finding: hardcoded-credential
    @click.option("--db-password-env", default="DB_PASSWORD", show_default=True)
    @click.option("--token", envvar="ACME_TOKEN", prompt="Token", hide_input=True)
    def migrate(db_password, db_password_env, token):
        return db_password, db_password_env, token

    def sync(
        secret: str = typer.Option("q1Kdftu8XqA6YnQbLKcjg848", "--secret"),  # finding: hardcoded-credential
        secret_name: str = typer.Option("sync-secret-v2", "--secret-name"),
        api_key: str = typer.Option(..., "--api-key", envvar="SYNC_API_KEY"),
    ):
        return secret, secret_name, api_key

    return migrate, sync


# ---- literals in a command's arguments

def dump_database(target):
    argv = ["mysqldump", "--user", "backup", "--password", "Walnuss+Baum", "shop"]  # finding: hardcoded-credential
    subprocess.run(argv, check=True, stdout=target)  # beyond: credential-in-command


def dump_database_clean(target, env):
    argv = ["mysqldump", "--defaults-extra-file=/etc/mysql/backup.cnf", "--user", "backup", "-P", "3307", "shop"]
    subprocess.run(argv, check=True, stdout=target, env=env)
    subprocess.run(["ssh", "-p", "2222", "backup@nas.internal", "true"], check=True)
    subprocess.run(["mkdir", "-p", "/var/lib/backup/walnuss"], check=True)


# ---- AI services

def ai_clients(settings):
    import anthropic
    import cohere
    import google.generativeai as genai
    import litellm
    import openai
    import replicate
    import wandb
    from anthropic import AsyncAnthropic
    from groq import Groq
    from huggingface_hub import HfApi, InferenceClient
    from huggingface_hub import login as hf_login
    from langchain_openai import ChatOpenAI
    from mistralai import Mistral
    from openai import AsyncOpenAI, AzureOpenAI
    from pinecone import Pinecone
    from qdrant_client import QdrantClient
    from together import Together
    import weaviate

    openai.api_key = "sk-fnKKmQMJb0CXhmon8Wsj[cut]k41HDOcdWHWMqGaYxncb46corarU"  # finding: hardcoded-credential
    openai.api_type = "azure_ad"
    openai.organization = "org-v7gjOjXA1QcCsYIVtZaH7Ji4"
    clients = [
        openai.OpenAI(api_key=settings.openai_key),
        openai.OpenAI(base_url="http://localhost:11434/v1", api_key="not-needed"),
        AsyncOpenAI(api_key="sk-svcacct-gw1p2KJNzxhZ[cut]khlfd7wL-jU867eWiPN_TPBNEm5WQcjvC3EGqgiC"),  # finding: hardcoded-credential
        AzureOpenAI(
            azure_endpoint="https://acme-llm.openai.azure.com",
            api_version="2024-08-01-preview",
            azure_deployment="gpt-4o-mini-eu",
            api_key="f5936f5ea99a06028bca61f1a1586c9b",  # finding: hardcoded-credential
        ),
        anthropic.Anthropic(api_key="sk-ant-api03-Om90u6YEcRDLmcXWTB5L[cut]UkeaXE3JywsNTU5xradAD9ccHZozPNvLIhSeKvozT-GCJ1RfKzlUD02evpg0m4gFlQu1zeAA"),  # finding: hardcoded-credential
        AsyncAnthropic(api_key=os.environ["ANTHROPIC_API_KEY"]),
        anthropic.Anthropic(default_headers={"anthropic-beta": "prompt-caching-2024-07-31"}),
        cohere.Client("lMt0QctDk6migmkYfPozpYwfMkYHvEBCT5z6haRs"),  # finding: hardcoded-credential
        cohere.Client(settings.cohere_key, client_name="summary-worker-2"),
        Mistral(api_key="l6R9kuLMo34WISUStHX4bchdKWSNGSRK"),  # finding: hardcoded-credential
        Groq(api_key="gsk_1i5NEt2eMRp5z79WJ12a[cut]wTmYwCUeI91zCc4T6qBnfRUpfoYAnA88"),  # finding: hardcoded-credential
        Groq(api_key=""),
        Together(api_key="<TOGETHER_API_KEY>"),
        InferenceClient("mistralai/Mistral-7B-Instruct-v0.3", token="hf_2frMJfQba4[cut]Z5H0emVziGDzkIe4fgi5xUbF"),  # finding: hardcoded-credential
        InferenceClient("mistralai/Mixtral-8x7B-Instruct-v0.1", token=True),
        HfApi(endpoint="https://huggingface.co", token=settings.hf_token),
        ChatOpenAI(model="gpt-4o-2024-08-06", max_tokens=512, openai_api_key="sk-hiuhkdItPWRtesPPj4[cut]6UcAH3xfY7DC8cHTRA1GBMxNFg2vQe"),  # finding: hardcoded-credential
        ChatOpenAI(model="gpt-4o-2024-08-06", max_tokens=1024, openai_api_type="azure"),
        Pinecone("cd527236-ec55-4d0a-a0db-6bddb99b2ec0"),  # finding: hardcoded-credential
        Pinecone(api_key=settings.pinecone_key).Index("articles-2024-cosine"),
        QdrantClient(url="https://qdrant.acme.io:6333", api_key="Q4Tp2t4KwDe1Pm2vEG_LKSRxisjV5b9OpHUxCrABqGQb91M5M6"),  # finding: hardcoded-credential
        QdrantClient(location=":memory:", prefix="vectors/v2"),
        replicate.Client(api_token="r8_xQKwCNV5xeiJXJ[cut]Coq3GcLrrPfieV3bYPn8BYo"),  # finding: hardcoded-credential
        weaviate.AuthApiKey("MyThl6q3McXCF1kTyeYaU28IxAfytRc2XTU1uPLN"),  # finding: hardcoded-credential
        weaviate.Client("https://weaviate.acme.io", additional_headers={"X-OpenAI-BaseURL": "https://llm.acme.io"}),
    ]
    genai.configure(api_key="AIzaaDwuIqVJ_E9YxM8[cut]x4W-XrmqmNWacfkCNkF4")  # finding: hardcoded-credential
    genai.configure(transport="grpc_asyncio", client_options={"api_endpoint": "eu-gateway.acme.io"})
    genai.GenerativeModel("gemini-1.5-flash-002", generation_config={"max_output_tokens": 800})
    hf_login("hf_peEYBxCGzJMxriugR[cut]VkMEzRzRcSHmZFgL8")  # finding: hardcoded-credential
    hf_login(token=settings.hf_token, add_to_git_credential=False)
    wandb.login(key="9c9693a3aa4e365ff0f8cca729e517c9a382e7ed")  # finding: hardcoded-credential
    wandb.init(project="churn-v2", id="fp4dxnt8", group="baseline-2024")
    litellm.completion(
        model="azure/gpt-4o-mini",
        messages=[{"role": "user", "content": "Which password rules does the site have?"}],
        api_key="68f6a5f288211b54d255af7ee1e67d6f",  # finding: hardcoded-credential
        stop="<|im_end|>",
    )
    return clients


def rag_notebook(os_module, vectorstores, embeddings):
    os_module.environ["LANGCHAIN_PROJECT"] = "rag-eval-2024-10"
    os_module.environ["LANGCHAIN_TRACING_V2"] = "true"
    store = vectorstores.Chroma(collection_name="faq-2024", embedding_function=embeddings)
    special_tokens = {"bos_token": "<s>", "unk_token": "[UNK]", "mask_token": "<mask>"}
    usage = {"prompt_tokens": "118", "completion_tokens": "2048", "total_token_cost": "0.0031USD"}
    return store, special_tokens, usage


# ---- clouds

def aws_clients(role):
    import aioboto3
    import boto3
    import botocore.session
    from boto3 import Session as BotoSession

    s3 = boto3.client(
        "s3",
        region_name="eu-west-1",
        endpoint_url="https://s3.eu-west-1.amazonaws.com",
        aws_access_key_id="AKIASF9IC[cut]944NTOXKHG1",
        aws_secret_access_key="8fNqAGz1RPJAEgpy/hpt+KoYwuXVmWh5acZPETkt",  # finding: hardcoded-credential
    )
    sqs = boto3.client(
        "sqs",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
    local = boto3.resource("dynamodb", endpoint_url="http://localhost:8000", region_name="us-east-1")
    positional = BotoSession("ASIAQVQ5Y[cut]SMT5YCR11DG", role["SecretAccessKey"], role["SessionToken"])
    by_profile = BotoSession(profile_name="prod-readonly-2024")
    temp = aioboto3.Session(
        aws_session_token="nOTp0i5i1BhxPhqGc0GyfjNic8YzApyHlt20GEVQLTM4XBjstKq5i/FHHQXt7mo7B8mUaMqWrtQKl1AgeJvIO19dq3Z/LqkmoqxovGwEDrCXCHag/FUYFdBV",  # finding: hardcoded-credential
        region_name="eu-west-1",
    )
    core = botocore.session.get_session()
    core.set_credentials(
        os.environ["MINIO_ROOT_USER"],
        "msEgTUyAsGI6vs0Rr4dFiHiFqFLBPHZrzymnxEXv",  # finding: hardcoded-credential
    )
    core.set_config_variable("region", "us-gov-west-1")
    boto3.client("secretsmanager").get_secret_value(SecretId="prod/app/db-password-Xy12Za")
    boto3.client("ssm").get_parameter(Name="/prod/app/api-key", WithDecryption=True)
    boto3.client("kms").encrypt(KeyId="alias/app-secrets-v2", Plaintext=role["blob"])
    s3.put_object(Bucket="exports", Key="2024/10/tokens-export.parquet", Body=role["blob"])
    boto3.resource("dynamodb").Table("sessions").get_item(Key={"session_key": "partition-0001"})
    return s3, sqs, local, positional, by_profile, temp, core


def azure_clients(settings):
    from azure.core.credentials import AzureKeyCredential
    from azure.cosmos import CosmosClient
    from azure.identity import ClientSecretCredential, DefaultAzureCredential
    from azure.servicebus import ServiceBusClient
    from azure.storage.blob import BlobServiceClient

    search = AzureKeyCredential("FGKoF74bUf6W2kQsksvUFLF2h9TcYagiM5HSjgafkiLZYWSQK0Cf")  # finding: hardcoded-credential
    search_clean = AzureKeyCredential(settings.search_key)
    identity = ClientSecretCredential(
        "72f988bf-0000-4e1b-9c3d-2d7cd011db47",  # wrongly: generic-secret
        "1b730954-1685-4b74-9bfd-dac224a7b894",
        "FK38Q~H6eQhLY6FN[cut]PMhBcMfs1ioyIvFKSgtCi5_D",  # finding: hardcoded-credential
    )
    managed = DefaultAzureCredential(managed_identity_client_id="1b730954-1685-4b74-9bfd-dac224a7b894")
    blob = BlobServiceClient.from_connection_string(
        "DefaultEndpointsProtocol=https;AccountName=stexports;AccountKey=g9sm8VRqpen0WunfSAm5HsijyNBDlTm7bBWZ0U21[cut]g14p9sS/G+AxFBN6bchAlides42hBU9DIR11i/gFsmkNwW==",  # finding: hardcoded-credential
    )
    blob_clean = BlobServiceClient("https://stexports.blob.core.windows.net", credential=managed)
    bus = ServiceBusClient.from_connection_string(
        conn_str="Endpoint=sb://orders.servicebus.windows.net/;SharedAccessKeyName=send;SharedAccessKey=dTE/5EPMZ1C4P3vd4CHXf6uGRJI2zmORk7xhVPgb+bA=",  # finding: hardcoded-credential
    )
    bus_clean = ServiceBusClient("orders.servicebus.windows.net", credential=managed)
    cosmos = CosmosClient("https://orders.documents.azure.com:443/", credential="tJiex3wRXs5ZJ1IyHAFjvuUpXD7dpU162FnSq3eY[cut]tKuF+DF3TW15lNpfiMRpyQ3DXRPyUf/wKFPzD8kiZk69+e==")  # finding: hardcoded-credential
    return search, search_clean, identity, managed, blob, blob_clean, bus, bus_clean, cosmos


def google_clients():
    import googlemaps
    from google.cloud import storage
    from google.oauth2 import service_account
    from googleapiclient.discovery import build

    info = {
        "type": "service_account",
        "project_id": "acme-reports",
        "private_key_id": "ed9b139d744a5e22dc19ce0d88fce8265b5e0805",
        "private_key": "-----BEGIN [cut]PRIVATE KEY-----\nijRXLNi3MaMH9h8D6gJLp2FlJroOvtqYtDJtyUpEBbCmOjDhArDGO28jMbW4pf4R\n1Mc62dslIpS7xBYxiAOl226EyyZeH+t2cLhj6+ahrAw6nuJEzl1TqWl1Bj/RbTCs\n-----END PRIVATE KEY-----\n",  # finding: hardcoded-credential
        "client_email": "reports@acme-reports.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
    }
    creds = service_account.Credentials.from_service_account_info(info)
    creds_file = service_account.Credentials.from_service_account_file("secrets/reports-sa.json")
    youtube = build("youtube", "v3", developerKey="AIzaozJfo_L-Anl[cut]8TqoeNpQpgmGZwOjcZEF_irp")  # finding: hardcoded-credential
    sheets = build("sheets", "v4", credentials=creds, cache_discovery=False)
    maps = googlemaps.Client(key="AIzas81t3-ppwZPYDmG2WEu[cut]VBy7BqnQI_eXO_oB")  # finding: hardcoded-credential
    bucket = storage.Client(project="acme-reports", credentials=creds_file).bucket("acme-reports-eu")
    return youtube, sheets, maps, bucket


# ---- payment, messaging, social

def saas_clients(config):
    import stripe
    import telebot
    import tweepy
    from discord.ext import commands
    from pyrogram import Client as TelegramClient
    from sendgrid import SendGridAPIClient
    from slack_bolt import App
    from slack_sdk import WebClient
    from slack_sdk.web.async_client import AsyncWebClient
    from telegram import Bot
    from telegram.ext import ApplicationBuilder
    from twilio.rest import Client as TwilioClient

    stripe.api_key = "sk_live_wDoKN4Kh[cut]NlvnwcY9Ue9FPFff"  # finding: hardcoded-credential
    stripe.api_version = "2023-10-16"
    publishable = "pk_live_fPiTzIia[cut]1ol9Nr8ziur73SDI"
    customer = stripe.Customer.retrieve("cus_HDaJnZNsypRcUa", api_key=config["stripe"])
    sms = TwilioClient("AC4e9e5fcb75dca90a[cut]b53f2db4ccfa01e6", "3102a2046720abee4ce483dcbd31cd47")  # finding: hardcoded-credential
    sms_clean = TwilioClient("AC20f21a7086fce295[cut]01eb66ae2357669d", config["twilio"])
    sms_clean.messages.create(to="+4366012345678", from_="Acme", body="Your PIN is on its way")
    slack = WebClient(token="xoxb-27737473481-133258177291-[cut]bioXa5vgKB9ADzoSq07gxpy9")  # finding: hardcoded-credential
    slack_async = AsyncWebClient(token=config["slack"])
    slack_async.chat_postMessage(channel="C0SAR280FXX", text="Token rotation done")
    app = App(
        token=config["slack"],
        signing_secret="dc745fc1cb1e7709b7b3be7e248aa9e8",  # finding: hardcoded-credential
        process_before_response=True,
    )
    bot = Bot("8165613893:AAwIlXm3m_VKAc[cut]ibREtDB9ssmDaWsczDLwc")  # finding: hardcoded-credential
    bot_clean = Bot(config["telegram"])
    built = ApplicationBuilder().token("8963746512:AAPWd1Zg4g2bnt3My[cut]_A9uxJp5vXoRlpwhqf").build()  # finding: hardcoded-credential
    built_clean = ApplicationBuilder().token(config["telegram"]).build()
    tele = telebot.TeleBot("3247768957:AA5klu1LhVIpwCFE8nLH[cut]S1meIRofFc7WXoh", parse_mode="HTML")  # finding: hardcoded-credential
    tele.send_message("@acme_alerts_2024", "password of the wiki was changed")
    userbot = TelegramClient("archive", api_id=2040, api_hash="c51e6603a12ace81d1ec8bab28c466d1")  # finding: hardcoded-credential
    userbot_clean = TelegramClient("archive_session_2024", workdir="/var/lib/archive")
    discord_bot = commands.Bot(command_prefix="!acme-")
    discord_bot.run("MTxPfCCAbDNxneEplF0v2urJjq.GgbkzJ.[cut]6F4_nGD4kvu54-HaBJvrtHhTykBAaK64kEVBei")  # finding: hardcoded-credential
    discord_bot.run(config["discord"])
    twitter = tweepy.OAuth1UserHandler(
        config["consumer_key"],
        "2C3o3trYFDcxGvawIP2Di8L9otP6lkyhHHVBHpcoVzwbEIpaaT",  # finding: hardcoded-credential
        callback="https://acme.io/twitter/callback",
    )
    stream = tweepy.Client(bearer_token="AAAAAAAAAAAAAAAAAAAAA[cut]yzl1joaUZ3tXQlURGwXk47O3NSgU8efR5JHBfnLI%3DdlY1er56LESFU1KpOoBnTPdXdJ9CDz8eHPWaIspvrv1HoOfEnZ")  # finding: hardcoded-credential
    stream.search_recent_tweets("api key leak -is:retweet lang:en", next_token="b26v89c19zqg8o3fpdm7")
    mail = SendGridAPIClient("SG.YSthlL0pq1[cut]PjaAJ6ecc40J.dU2qIHyDTT1H4Ynqmu59ouNhsSwTRcF-ZhSfiLOtxrO")  # finding: hardcoded-credential
    mail_clean = SendGridAPIClient(api_key=config["sendgrid"])
    return (publishable, customer, sms, slack, app, bot, bot_clean, built, built_clean, tele, userbot,
            userbot_clean, twitter, mail, mail_clean)


def devops_clients(conf):
    import datadog
    import gitlab
    import hvac
    from github import Auth, Github
    from jira import JIRA

    gh = Github("ghp_fMABPh3sckEzXFOG[cut]Hg84g5jjyKtv8D3z1bpi")  # finding: hardcoded-credential
    gh_clean = Github(conf.github, base_url="https://git.acme.io/api/v3")
    gh_auth = Github(auth=Auth.Token("github_pat_JlbefNm17CNy5wHIe0Ulz5_[cut]8EzbKsgTQCOlp7mJHkAIQBRA3cRmv4GSSRJcP1vgeNT8DCrVBb8NLRbd3Hb"))  # finding: hardcoded-credential
    gh_repo = gh_auth.get_repo("acme/secret-scanner-rules")
    gl = gitlab.Gitlab("https://gitlab.acme.io", private_token="glpat-QipEA[cut]2JU5wvZQrJxoeov")  # finding: hardcoded-credential
    gl_clean = gitlab.Gitlab.from_config("acme-prod", ["/etc/python-gitlab.cfg"])
    jira = JIRA("https://acme.atlassian.net", basic_auth=("bot@acme.io", "VHyRZY8l1mzjRJIPvtUlIgDo"))  # finding: hardcoded-credential
    jira_clean = JIRA("https://acme.atlassian.net", basic_auth=("bot@acme.io", conf.jira))
    issue = jira_clean.create_issue(project="SEC", summary="Rotate token-signer-v3 keys")
    vault = hvac.Client(url="https://vault.acme.io:8200", token="hvs.RvquDIMqY7[cut]cI2j-hF5ACO7w9")  # finding: hardcoded-credential
    vault_clean = hvac.Client(url="https://vault.acme.io:8200", namespace="platform/team-7")
    vault_clean.secrets.kv.v2.read_secret_version(path="prod/mysql/root-password", mount_point="kv")
    datadog.initialize(api_key="26972e3662f1328d7739be02329d8d68", host_name="worker-17")  # finding: hardcoded-credential
    datadog.initialize(statsd_host="127.0.0.1", statsd_constant_tags="team:7")
    return gh, gh_clean, gh_repo, gl, gl_clean, jira, issue, vault


# ---- HTTP authentication

async def http_auth(settings):
    import aiohttp
    import httpx
    import requests
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth

    requests.get("https://nexus.acme.io/repository/raw", auth=("ci-bot", "Zander_im_Netz"))  # finding: hardcoded-credential
    requests.get("https://nexus.acme.io/repository/raw", auth=("ci-bot", settings.nexus))
    requests.get("https://nexus.acme.io/repository/raw", params={"sort": "name", "q": "zander_im_netz"})
    requests.put("https://cam.acme.io/cfg", auth=HTTPDigestAuth("admin", "Linse=scharf"))  # finding: hardcoded-credential
    requests.put("https://cam.acme.io/cfg", auth=HTTPBasicAuth(settings.user, settings.password))
    requests.post("https://sso.acme.io/oauth/token", data={"grant_type": "password", "scope": "read:reports"})
    requests.post(
        "https://sso.acme.io/oauth/token",
        data={
            "grant_type": "client_credentials",
            "client_id": "report-runner",
            "client_secret": "EsR0ECTapPUuPsSB5BlCnxFYNJ1LXQV2Z1oF",  # finding: hardcoded-credential
        },
    )
    session = requests.Session()
    session.auth = ("artifact-reader", "Mohn_strudel5")  # finding: hardcoded-credential
    session.auth = (settings.user, settings.password)
    session.cert = ("/etc/tls/client.crt", "/etc/tls/client.key")
    async with httpx.AsyncClient(auth=httpx.BasicAuth("grafana", "Dreh&Orgel8")) as client:  # finding: hardcoded-credential
        await client.get("https://metrics.acme.io/api/health", headers={"Accept-Encoding": "gzip"})
    async with aiohttp.ClientSession(auth=aiohttp.BasicAuth("probe", settings.probe)) as web:
        await web.post("https://wiki.acme.io/login", json={"user": "probe", "password": "Uhu-ruft-3x"})  # finding: hardcoded-credential
        await web.post("https://wiki.acme.io/search", json={"space": "OPS", "query": "forgot password uhu"})


# ---- databases and brokers

def databases(cfg):
    import MySQLdb
    import cx_Oracle
    import mysql.connector
    import neo4j
    import oracledb
    import psycopg
    import psycopg2
    import pymongo
    import pymssql
    import pymysql
    import pyodbc
    import redis
    from cassandra.auth import PlainTextAuthProvider
    from elasticsearch import Elasticsearch
    from peewee import PostgresqlDatabase
    from sqlalchemy import create_engine
    from sqlalchemy.engine import URL

    yield psycopg2.connect("dbname=shop user=shop password=Krokus-Beet7 host=10.2.0.4")  # finding: hardcoded-credential
    yield psycopg2.connect("dbname=shop user=shop host=/var/run/postgresql")
    yield psycopg2.connect("dbname=shop user=shop password=%s host=10.2.0.4" % cfg["pw"])
    yield psycopg.connect(conninfo="service=shop-prod", passfile="/etc/shop/pgpass")
    yield pymysql.connect("db.internal", "ledger", "Heu_gabel_4", "ledger")  # finding: hardcoded-credential
    yield pymysql.connect(host="db.internal", user="ledger", password=cfg["pw"], charset="utf8mb4")
    yield MySQLdb.connect(host="db.internal", user="crm", passwd="Ziegen!bart")  # finding: hardcoded-credential
    yield MySQLdb.connect(host="db.internal", user="crm", read_default_file="/etc/my-crm.cnf")
    yield mysql.connector.connect(**{"user": "dwh", "password": "Pfeffer+Minz6", "host": "10.9.1.2"})  # finding: hardcoded-credential
    yield mysql.connector.connect(user="dwh", auth_plugin="mysql_native_password", host="10.9.1.2")
    yield oracledb.connect("erp", "Quitten_mus1", "erp-scan.acme.lan/ERPPDB1")  # finding: hardcoded-credential
    yield cx_Oracle.connect("erp", cfg["pw"], "erp-scan.acme.lan/ERPPDB1", encoding="UTF-8")
    yield pyodbc.connect("DRIVER={ODBC Driver 18 for SQL Server};SERVER=sql01;DATABASE=hr;UID=hr_app;PWD=Lerchen$feld2")  # finding: hardcoded-credential
    yield pyodbc.connect("DRIVER={ODBC Driver 18 for SQL Server};SERVER=sql01;DATABASE=hr;Trusted_Connection=yes")
    yield pymssql.connect("sql01", "hr_app", "Molke#rei88", "hr")  # finding: hardcoded-credential
    yield pymssql.connect(server="sql01", user=cfg["user"], password=cfg["pw"], database="hr_archive_2023")
    yield redis.Redis(host="cache.internal", port=6379, password="Rotkehl!chen")  # finding: hardcoded-credential
    yield redis.Redis(host="cache.internal", port=6379, client_name="rotkehlchen-worker")
    yield redis.StrictRedis("cache.internal", 6379, 0, "fSrV3No6Q4A2dBvMLdwpxVgVQLSiD7BT")  # finding: hardcoded-credential
    yield pymongo.MongoClient("mongo.internal", username="cms", password="Flieder/Duft3", authSource="admin")  # finding: hardcoded-credential
    yield pymongo.MongoClient("mongodb://mongo.internal:27017/cms", authMechanism="MONGODB-X509")
    yield PlainTextAuthProvider("cassandra_rw", "Distel_fink+1")  # finding: hardcoded-credential
    yield PlainTextAuthProvider(username=cfg["user"], password=cfg["pw"])
    yield Elasticsearch("https://es.internal:9200", basic_auth=("elastic", "zFMdlFF4PFoCfEfLaErM"))  # finding: hardcoded-credential
    yield Elasticsearch("https://es.internal:9200", api_key="VnVhQ2ZHY0JDZGJrUW0tZTVhT3g6dWkybHAyYXhUTm1zeWFrdzl0dk5udw==")  # finding: hardcoded-credential
    yield Elasticsearch("https://es.internal:9200", ca_certs="/etc/es/ca-2024.pem", ssl_show_warn=False)
    yield neo4j.GraphDatabase.driver("bolt://graph.internal:7687", auth=("neo4j", "Hasel+Nuss9"))  # finding: hardcoded-credential
    yield neo4j.GraphDatabase.driver("bolt://graph.internal:7687", auth=neo4j.basic_auth("neo4j", cfg["pw"]))
    yield URL.create("postgresql+psycopg", username="bi", password="Almdudler_2", host="10.2.0.9")  # finding: hardcoded-credential
    yield URL.create("postgresql+psycopg", username="bi", password=cfg["pw"], host="10.2.0.9")
    yield create_engine("postgresql+psycopg://bi:Almrausch_3@10.2.0.9/bi")  # finding: credential-in-url
    yield create_engine("postgresql+psycopg://bi@10.2.0.9/bi", pool_pre_ping=True)
    yield create_engine("sqlite:////var/lib/bi/passwords.db", connect_args={"timeout": 15})
    yield PostgresqlDatabase("tips", user="tips", password="Rind&Suppe1", host="10.2.0.10")  # finding: hardcoded-credential


async def async_databases(cfg):
    import aiomysql
    import asyncpg
    from aiokafka import AIOKafkaProducer

    await asyncpg.connect(host="10.2.0.4", user="geo", password="Karten+Haus2", database="geo")  # finding: hardcoded-credential
    await asyncpg.connect(host="10.2.0.4", user="geo", password=cfg.pw, database="geo_passwords")
    await aiomysql.create_pool(host="10.2.0.5", user="poi", password="Wander_Weg7", db="poi")  # finding: hardcoded-credential
    await aiomysql.create_pool(host="10.2.0.5", user="poi", read_default_file="~/.my.cnf", db="wander_weg7")
    AIOKafkaProducer(
        bootstrap_servers="kafka.internal:9093",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-256",
        sasl_plain_username="poi",
        sasl_plain_password="4Ze0QKP6kQ34kgBpKThBa7tW",  # finding: hardcoded-credential
    )


def brokers_and_remotes(cfg, ftp_host):
    import ftplib
    import imaplib
    import keyring
    import ldap3
    import paho.mqtt.client as mqtt
    import paramiko
    import pika
    import poplib
    import smtplib
    from fabric import Connection

    creds = pika.PlainCredentials("shop", "Hummel-Flug_4")  # finding: hardcoded-credential
    creds_clean = pika.PlainCredentials(cfg.user, cfg.mq)
    external = pika.credentials.ExternalCredentials()
    client = mqtt.Client(client_id="sensor-gw-0017")
    client.username_pw_set("sensor", "Regen_Tonne5")  # finding: hardcoded-credential
    client.username_pw_set("sensor-anonymous-0017")
    client.will_set("sensors/gw/0017/status", "offline", qos=1)
    ssh = paramiko.SSHClient()
    ssh.connect("sftp.partner.com", 22, "acme", "Biber_Damm!6")  # finding: hardcoded-credential
    ssh.connect("sftp.partner.com", username="acme", key_filename="/home/acme/.ssh/id_ed25519")
    ssh.exec_command("ls -l /outbox/passwords-report-2024")
    box = Connection("ops@10.3.0.8", connect_kwargs={"password": "Schorn-Stein1"})  # finding: hardcoded-credential
    box_clean = Connection("ops@10.3.0.8", connect_kwargs={"key_filename": "/etc/ops/id_rsa"})
    with smtplib.SMTP_SSL("smtp.acme.io", 465) as smtp:
        smtp.login("noreply@acme.io", "qwzv ljth mbnk yrds")  # finding: hardcoded-credential
        smtp.login("noreply@acme.io", cfg.smtp)
        smtp.sendmail("noreply@acme.io", "anna@acme.io", "Subject: Password reset\n\nFollow the link.")
    imap = imaplib.IMAP4_SSL("imap.acme.io")
    imap.login("invoices@acme.io", "Rech_nung?22")  # finding: hardcoded-credential
    imap.select("INBOX/Rechnung-22")
    pop = poplib.POP3_SSL("pop.acme.io")
    pop.user("faxe-eingang@acme.io")
    pop.pass_("Fax_Rolle+8")  # finding: hardcoded-credential
    ftp = ftplib.FTP_TLS(ftp_host)
    ftp.login("catalog", "Blatt_Laus#3")  # finding: hardcoded-credential
    ftp.login("anonymous", "anonymous@")
    ftp.cwd("/catalog/blatt_laus-3")
    ldap_conn = ldap3.Connection("ldaps://dc1.corp.lan", user="CORP\\svc-read", password="Uhr_Werk=7")  # finding: hardcoded-credential
    ldap_conn.search("dc=corp,dc=lan", "(&(objectClass=user)(sAMAccountName=svc-read))", attributes=["pwdLastSet"])
    keyring.set_password("acme-cli", "anna", "Gänse_Blüm3")  # finding: hardcoded-credential
    keyring.set_password("acme-cli-gaense3", "anna", cfg.password)
    keyring.get_password("acme-cli", "anna_2024")
    return creds, creds_clean, external, box, box_clean


# ---- cryptography

def crypto_samples(body, key_bytes, salt, payload):
    import zipfile

    import jwt
    import pyotp
    from Crypto.Cipher import AES
    from Crypto.Protocol.KDF import PBKDF2
    from cryptography.fernet import Fernet
    from itsdangerous import URLSafeTimedSerializer
    from jose import jwt as jose_jwt
    from pypdf import PdfReader, PdfWriter

    a = jwt.encode({"sub": "42"}, "EwEmjhPSDW2rEqAnNEJ2uNwRPY0zXJmn", algorithm="HS256")  # finding: hardcoded-credential
    b = jwt.encode({"sub": "42", "iss": "auth.acme.io"}, key_bytes, algorithm="HS512")
    c = jwt.decode(payload, "r3z1FdNDD07t7O55ig7q0B0pOgm3AG", algorithms=["HS256"])  # finding: hardcoded-credential
    d = jwt.decode(payload, key_bytes, algorithms=["RS256"], audience="https://api.acme.io")
    e = jose_jwt.encode({"sub": "43"}, key="Schnecken-haus_9-Rampe", algorithm="HS256")  # finding: hardcoded-credential
    f = jose_jwt.get_unverified_header(payload)["kid"]
    g = URLSafeTimedSerializer("5JL2bL3Wh2HiwbRLu6GpUftJig", salt="email-confirm")  # finding: hardcoded-credential
    h = URLSafeTimedSerializer(key_bytes, salt="password-reset")
    i = hmac.new(b"7JbDhLotetYuQXPT81qlY3fnVdf2yzdINvnA092P", body, hashlib.sha256).hexdigest()  # finding: hardcoded-credential
    j = hmac.new(key_bytes, b"v0:1700000000:payload-body", hashlib.sha256).hexdigest()
    k = Fernet(b"biBy7jnDHzo-YTRRSIKJm99PBURbraD3adl2Lul1X5Q=")  # finding: hardcoded-credential
    m = Fernet(Fernet.generate_key())
    n = AES.new(b"D7EIT83loYTdWe9gsAaORpaaIgIWxC4I", AES.MODE_GCM)  # finding: hardcoded-credential
    o = AES.new(key_bytes, AES.MODE_GCM)
    p = pyotp.TOTP("3J6PSS4T74YAF2RM6D2VWGE2IDDB5DKB")  # finding: hardcoded-credential
    q = pyotp.TOTP(pyotp.random_base32(), issuer="Acme JBSWY3DP")
    r = PBKDF2("Zirkus_Pferd#12", salt, dkLen=32)  # finding: hardcoded-credential
    s = hashlib.pbkdf2_hmac("sha256", key_bytes, salt, 600_000)
    reader = PdfReader("/data/in/payslip-2024-09.pdf")
    reader.decrypt("Akten-Ordner_3")  # finding: hardcoded-credential
    writer = PdfWriter(clone_from=reader)
    writer.add_metadata({"/Title": "Akten-Ordner 3"})
    writer.encrypt(user_password=key_bytes.hex(), algorithm="AES-256-R5")
    archive = zipfile.ZipFile("/data/in/accounts-zipper_2020.zip")
    archive.setpassword(b"Zip!per_2020")  # finding: hardcoded-credential
    archive.extractall(path="/tmp/zipper_2020", pwd=key_bytes)
    archive.extract("accounts.csv", pwd=b"Reiss_Leine4")  # finding: hardcoded-credential
    u = hashlib.sha256(b"orders-2024-10-export").hexdigest()
    return a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, u


# ---- values put together from pieces

def folded_plain(settings, tenant):
    settings.api_key = "AsXv2AZymq8E" + "pD5GayTibroa" + "EJ1UYvfVFJni"  # finding: hardcoded-credential
    settings.api_key = settings.prefix + "-" + tenant
    settings.aws_key = "AKIA" + "GOKJ4LDH" + "RW4L18D1"  # finding: hardcoded-credential
    settings.aws_zone = "eu-central" + "-" + "1a"
    settings.client_secret = "".join(["K7oN2xTSd", "oU5im1eau", "SlfAdYMwBnUuRT"])  # finding: hardcoded-credential
    settings.client_secret = "/".join(["projects", "acme", "secrets", "oauth", "versions", "latest"])
    settings.bot_token = "xoxb-%s-%s-%s" % ("93716656222", "541628842757", "qR2WbVrQQ77Tm5m5tVHDwYHD")  # finding: hardcoded-credential
    settings.bot_token = "xoxb-%s" % settings.load("slack")
    settings.deploy_token = "{}_{}".format("ghp", "bxGu3XPRVT4BV5hSbMNNUkCnyn1nxL2qd9Dm")  # finding: hardcoded-credential
    settings.deploy_token = "{}_{}".format("ghp", settings.load("github"))
    settings.refresh_token = f"{'ABicXUCp71BuVxngQ0uA'}.{'DH14ZlfCHiEtEEbtgEQ7'}"  # finding: hardcoded-credential
    settings.refresh_token = f"{tenant}.{settings.load('refresh')}"
    settings.password = ("Reh-"  # finding: hardcoded-credential
                         "kitz_11")
    return settings


def folded_implicit(Client):
    client = Client(
        token="dQWqdc8Oox3pzKqBEyhRjqq9y2kr6X"  # finding: hardcoded-credential
              "iXgXH0TWwXWnZ9GsDhiVHyn2RyaDdx",
        token_path="/var/lib/client/"
                   "token-v2.json",
    )
    signing_secret = (
        "dfd7e9af88b2a481de18" +  # finding: hardcoded-credential
        "42dffc9b09c6c08dbb1d"
    )
    signing_doc = (
        "The signing secret is created on first start "
        "and kept in the vault afterwards."
    )
    return client, signing_secret, signing_doc


def folded_encodings(app, settings):
    app.db_password = base64.b64decode("VGFubmVuLVphcGZlbl8xNw==").decode()  # finding: hardcoded-credential
    app.db_password = base64.b64decode(os.environ["DB_PASSWORD_B64"]).decode()
    app.logo = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk")
    app.hmac_key = bytes.fromhex("c94be08f592bc5a845ef5fd78b6a6ca6676f9b94066cf34880422129785d5ae7")  # finding: hardcoded-credential
    app.file_magic = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
    app.smtp_password = codecs.decode("Xvefpura-Xhpura_5", "rot13")  # finding: hardcoded-credential
    app.greeting = codecs.decode("Uryyb naq jrypbzr", "rot13")
    app.auth_token = "m7At2Q8XcQ4YBSENmq8mYZugpLxyczbo7aUU_phg"[::-1]  # finding: hardcoded-credential
    app.palindrome = "reliefpfeiler"[::-1]
    app.admin_password = bytes([75, 111, 114, 107, 95, 101, 110, 45, 90, 105, 101, 104, 101, 114, 51]).decode()  # finding: hardcoded-credential
    app.admin_name = bytes([97, 100, 109, 105, 110]).decode()
    app.vault_passphrase = "".join(chr(c) for c in [76, 105, 98, 101, 108, 108, 101, 110, 43, 84, 101, 105, 99, 104, 56])  # finding: hardcoded-credential
    app.vault_label = "".join(chr(c) for c in [118, 97, 117, 108, 116])
    app.session_secret = "  YlMC2DLcyk3lb9sGPBHRhuTHuf6QPfK065lavVoy\n".strip()  # finding: hardcoded-credential
    app.session_secret = settings.read("session_secret").strip()
    app.encryption_key = "ettoQQoL0VJP3tu1atyiQ9UEVyvQPbsc".encode("utf-8")  # finding: hardcoded-credential
    app.encryption_mode = "AES-256-CBC/PKCS7".encode("utf-8")
    app.private_token = "xcgemr2yvh x25ezyfxph bx4dg0gs6c".replace(" ", "")  # finding: hardcoded-credential
    app.private_label = "deploy key of the team".replace(" ", "_")
    app.access_token = codecs.decode(b"71385a742d4c6d3457785f37372d70526b64", "hex")  # finding: hardcoded-credential
    app.access_level = codecs.decode(b"61646d696e", "hex")
    app.license_key = "mxrjaz35qi1op1ohhxxo8uq7v".upper()  # finding: hardcoded-credential
    app.license_kind = "enterprise-annual-v2".upper()
    return app


def via_neutral_names(connect, Fernet):
    value = "Stein_Pilz+Suppe"  # finding: hardcoded-credential
    other = "stein_pilz_archive"
    connect(host="db.internal", user="menu", password=value, database=other)
    seed = b"prXwM8lba2NA1RYqxEiE35gYDKFf4XziZVedUygxkJ6="  # finding: hardcoded-credential
    box = Fernet(seed)
    first, second = "faAMLKrMwJY9jI4M", "OikNyc2WLDvyjHUz"
    shared_secret = first + second  # finding: hardcoded-credential
    left, right = "menu", "archive"
    shared_label = left + "-" + right
    return box, shared_secret, shared_label


FALLBACK = "7tWvaIpSaojwrlYIUZcqRc3xEvACkYY"  # finding: hardcoded-credential
RELEASE = "2024.10.3+88ad51d75da3"


class Uploader:
    _raw = "9L4RoHXZvazp2wzu730GA8KjKmiIICPzUds"  # finding: hardcoded-credential
    _bucket = "exports-9ef8147f6040"

    def __init__(self, api_key=None, bucket=None):
        self.api_key = api_key or self._raw
        self.bucket = bucket or self._bucket

    def rotate(self, store, debug):
        self.upload_token = store.get("upload") or "tdoKgUBxjgE0apf1KJmGUhbM8ARhhCxSU"  # finding: hardcoded-credential
        self.upload_token = store.get("upload") or None
        self.upload_secret = "4647230ed92347c867202c7ffc9effe0a241" if debug else store["secret"]  # finding: hardcoded-credential
        self.upload_secret_kind = "opaque" if debug else "sealed"
        self.sign_password = store["sign"] if not debug else "Busch_Wind3"  # finding: hardcoded-credential
        self.sign_password = store["sign"] if not debug else ""


def use_fallback(Client):
    return Client(api_key=FALLBACK, user_agent=RELEASE)


# ---- bare and short names

def medium_names(jwt_lib, connect):
    token = "qW_J9FC2GXtM4Gp-T0sbf7BaC5Pq6Syr7dsL1rSroAMWOOk7"  # finding: hardcoded-credential
    token_kind = "identifier"
    session_jwt = "eyJhbGciOiJIUzI1NiJ9[cut].eyJzdWIiOiJhbm5hIiwiYWRtaW4iOnRydWV9.vJhlVBbTFKL2ITMLDqozm7GsigeiHJlTrevInFgJUUL"  # finding: hardcoded-credential
    session_jwt_header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    credentials = {"user": "svc-jira", "password": "Heid_elbeere7"}  # finding: hardcoded-credential
    credentials_mode = {"mode": "workload-identity", "audience": "sts.acme.io"}
    root_pwd = "root"  # finding: hardcoded-credential
    root_dir = "root"
    user_password = "hunter2"  # finding: hardcoded-credential
    user_nickname = "hunter2"
    wifi_passphrase = "letmein"  # finding: hardcoded-credential
    wifi_ssid = "letmein"
    return token, token_kind, session_jwt, session_jwt_header, credentials, credentials_mode, root_pwd, root_dir, \
        user_password, user_nickname, wifi_passphrase, wifi_ssid


def keys_that_open_nothing(redis, df, api, i18n, event, board):
    key = "customer_email"
    cache_key = "tokens:by-user:v3:4711"
    sort_key = "-created_at,api_key_id"
    primary_key = "a1b2c3d4-0000-4000-8000-5e6f7a8b9c0d"
    foreign_key = "accounts_user.token_id"
    keyboard = "qwertz-de-latin1"
    monkey = "Zx9$kd02-Lq"
    next_page_token = "CAUQAA-eyJwYWdlIjoyfQ"
    page_token, sync_token_name = "b26v89c19zqg8o3fpdm7", "calendar-sync"
    tokenizer = "cl100k_base"
    token_count = "128000"
    token_type_ids = "0 0 0 1 1 1 2"
    csrf_field = "csrfmiddlewaretoken"
    secretary = "Zx9 Hannelore Kd02"
    passenger = "Anna-Lena_0815!"
    passage_id = "Gen_1:1-2:3"
    compass = "N23-W44_51!"
    bypass_reason = "approved by change CHG-20417"
    author = "Ute K. Krause_77"
    authority = "login.microsoftonline.com/9f8e7d6c"
    private_subnet = "subnet-0a1b2c3d4e5f67890"
    public_key = "04c4549fbd15428df38b85dfdc9f38812c3711e744fd53df0aa6f2f0afa6263d96"
    password_regex = r"^(?=.*[A-Z])(?=.*\d)[A-Za-z\d@$!%*?&]{10,}$"
    password_policy = "min=12,upper=1,digit=1,history=24"
    password_placeholder = "••••••••"
    secret_version = "projects/acme/secrets/db/versions/7"
    credentials_file = "/etc/acme/credentials-7f3a.json"
    credential_provider = "acme.auth.providers.VaultProvider"
    auth = "oauth2-proxy"
    auth_backend = "django.contrib.auth.backends.ModelBackend"
    salt_minion = "minion-04.Ab3d.acme.lan"
    pin_layout = "GPIO17,GPIO27,GPIO22"
    session_engine = "django.contrib.sessions.backends.cached_db"
    cookie_name = "__Host-acme-session-v2"
    cert_fingerprint = "AB:CD:12:34:56:78:9A:BC:DE:F0:11:22:33:44:55:66:77:88:99:00"
    hmac_algorithm = "HMAC-SHA512/256"
    api_key_prefix = "ak_live_2"
    api_key_id = "key_nVWWV5kvAGiPY3"
    api_key_url = "https://console.acme.io/settings/api-keys?tab=2"
    access_key_age = "P90DT12H30M"
    no_password = "allow-empty!1"
    has_secret = "yes-since-2022"
    secret_santa = {"Anna": "Bert", "Cleo": "Dora"}
    redis.hset("tokens:revoked", "session_key", "1")
    df.rename(columns={"passwd": "password_legacy", "apikey": "api_key_legacy"}, inplace=True)
    api.add_resource("TokenRefresh", "/token/refresh", endpoint="token_refresh_v2")
    i18n.register({"en": {"password": "Password:"}, "fr": {"password": "Mot de passe"}})
    event.emit("password.reset.requested", secret_required="false", token="TOKEN_EXPIRED")
    board.title = "Secrets & tokens, sprint 2024-W41"
    return keyboard, monkey


PASSWORD_RESET_SUBJECT = "Reset your password"
PASSWORD_CHANGED_MESSAGE = "Your password was changed on %(date)s."
TOKEN_EXPIRED = "token_expired"
INVALID_CREDENTIALS = "invalid_credentials"
ERROR_NO_API_KEY = "No API key given: set ACME_API_KEY or pass --api-key."
API_KEY_QUERY_PARAM = "apikey"
AUTHORIZATION_HEADER = "Authorization"
BEARER_PREFIX = "Bearer "
SECRET_BACKEND = "airflow.providers.hashicorp.secrets.vault.VaultBackend"
SECRETS_PATH = "kv/data/platform/airflow"
SESSION_COOKIE_NAME = "sid_v2"
AUTH_USER_MODEL = "accounts.User"
LOGIN_SQL = "SELECT id FROM users WHERE login = %s AND password = crypt(%s, password)"
PASSWORD_PROPERTY = "spring.datasource.password"
KEYSTORE_PASSWORD_REF = "{{ .Values.keystore.password }}"
WEBHOOK_SECRET = "{cipher}b256cff4d295cf60394d761d27e201db8a45e35a537f692ae44bb8281554ecad"
SERVICE_TOKEN = "!vault |"
ADMIN_API_KEY = "INSERT_YOUR_KEY_HERE"
SANDBOX_SECRET = "replace-me"
PARTNER_TOKEN = "..."
LEGACY_PASSWORD = "********"
OAUTH_CLIENT_SECRET = "%(ENV_OAUTH_CLIENT_SECRET)s"
GITLAB_ACCESS_TOKEN = "%GITLAB_ACCESS_TOKEN%"
KV_ACCESS_KEY = "@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/storage-key/)"
SIGNING_SECRET = "gcp-sm://acme/signing-secret"


# ---- whole settings of a pipeline

def airflow_connections(Connection, Variable, session):
    session.add(Connection(conn_id="dwh", conn_type="postgres", login="dwh", password="Eis_Vogel!44", host="10.1.1.4"))  # finding: hardcoded-credential
    session.add(Connection(conn_id="lake", conn_type="aws", extra='{"role_arn": "arn:aws:iam::210987654321:role/lake"}'))
    session.add(Connection(conn_id="mail", conn_type="smtp", login="dwh", password=Variable.get("mail_password")))
    Variable.set("dwh_password", "Fisch_Reiher!5")  # finding: hardcoded-credential
    Variable.set("dwh_password_rotated_on", "2024-10-01T04:00")
    Variable.get("dwh_password", deserialize_json=False)


def spark_options(spark, dbutils):
    reader = spark.read.format("jdbc").option("user", "lake").option("password", "Wal_Hai+Kai3")  # finding: hardcoded-credential
    cleaner = spark.read.format("jdbc").option("user", "lake").option("password", dbutils.secrets.get("lake", "pw"))
    files = spark.read.format("csv").option("key", "customer_id").option("quote", "'")
    spark.conf.set("fs.azure.account.key.lake.dfs.core.windows.net", "MddfsdONafJuY2koePTwttgrIhucJl0sSApDwRQA[cut]Aw/E9xYNMIGtMHfYg34uUDR8Eoc656BXTeTQCFpT5egAV3==")  # beyond: hardcoded-credential
    spark.conf.set("fs.azure.account.auth.type.lake.dfs.core.windows.net", "SharedKey")
    return reader, cleaner, files


def snowflake_connect():
    import snowflake.connector as sf

    conn = sf.connect(account="ab12345", user="LOADER", password="Schnee!Flocke_6", warehouse="WH_XS")  # finding: hardcoded-credential
    conn_clean = sf.connect(account="ab12345", user="LOADER", authenticator="externalbrowser", role="LOADER_RO")
    return conn, conn_clean


def lambda_handler(event, context):
    config = {
        "table": os.environ["TABLE"],
        "idempotency_key": event["id"],
        "partner": {
            "endpoint": "https://partner.example.net/v1",
            "credentials": {
                "clientId": "acme-orders",
                "clientSecret": "tZg4yjxIdNGq5JNn-8Izc0R7z_0esIESpKYkR8jD",  # finding: hardcoded-credential
            },
            "tokenEndpoint": "/connect/token",
        },
    }
    return {"statusCode": 202, "body": json.dumps({"accepted": event["id"], "table": config["table"]})}


def ssh_key_setup(home):
    deploy_private_key = "\n".join([  # finding: hardcoded-credential
        "-----BEGIN [cut]OPENSSH PRIVATE KEY-----",
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
        "QyNTUxOQAAACBcuUu7rZJkw3zIkJNFVWMCoFn9x5gawz/HXl2pa7Ny/wAAAIg7PNzWOzzc",
        "1gAAAAtzc2gtZWQyNTUxOQAAACBcuUu7rZJkw3zIkJNFVWMCoFn9x5gawz/HXl2pa7Ny/w",
        "AAAEDPhLEEmSh8cK/Z5PKdUbEnCheW/BaXWyYxYN/6wKUhuVy5S7utkmTDfMiQk0VVYwKg",
        "Wf3HmBrDP8deXalrs3L/AAAAA2FAYgEC",
        "-----END OPENSSH PRIVATE KEY-----",
    ])
    deploy_certificate = "\n".join([
        "-----BEGIN CERTIFICATE-----",
        "MIIDdzCCAlwQ4DBURv4Uo1RwEKzh11eTm0UP9pbZNoIw2S+xa7Ye58Ro9D0vk0+d",
        "-----END CERTIFICATE-----",
    ])
    return home, deploy_private_key, deploy_certificate


def fastapi_users_setup(BaseUserManager, JWTStrategy, requests):
    class UserManager(BaseUserManager):
        reset_password_token_secret = "tTIZiUvqetJSCEAFUEUZ7QbxmYXDlc"  # finding: hardcoded-credential
        reset_password_token_lifetime_seconds = 3600
        reset_password_token_audience = "fastapi-users:reset"
        verification_token_secret = os.environ["VERIFICATION_SECRET"]

    strategy = JWTStrategy(secret="JXR9gdh8lOSIlLysSfacIdvk7X", lifetime_seconds=3600)  # finding: hardcoded-credential
    strategy_clean = JWTStrategy(secret=os.environ["JWT_SECRET"], token_audience=["fastapi-users:auth"])
    requests.post("https://api.eu.mailgun.net/v3/mg.acme.io/messages", auth=("api", "key-1549f8b14ef1587e[cut]9ba748185a3de8db"))  # finding: hardcoded-credential
    requests.post("https://api.eu.mailgun.net/v3/mg.acme.io/messages", data={"subject": "Your new password-link"})
    return UserManager, strategy, strategy_clean


make_client = functools.partial(Session, auth_secret="2yHfdyxftX6A034bZfoFhPncAuFNf")  # finding: hardcoded-credential
make_client_clean = functools.partial(Session, auth_scheme="digest-sha256")

if __name__ == "__main__":
    sys.exit(0 if build_parser().parse_args() else 1)


# --- pairs, and parameters of own functions ---------------------------------------------------------------------------

def pairs(requests, winrm):
    requests.get("https://nexus.acme.io/raw", auth=("ci-bot", "Anker+Kette9"))  # finding: hardcoded-credential
    session = requests.Session()
    session.auth = ("monitor", "Boot-Steg_41")  # finding: hardcoded-credential
    session.auth = ("monitor", os.environ["MONITOR_PASSWORD"])
    return winrm.Session("10.2.0.8", auth=("svc", "Segel.Tuch77"))  # finding: hardcoded-credential


def sign_in(account, password):
    return account, password


class Mailbox:
    def __init__(self, host, user, password):
        self.host = host

    password_policy = "at least twelve"


def hands_over():
    sign_in("ci-bot", "Ruder+Boot12")  # finding: hardcoded-credential
    sign_in("ci-bot", os.environ["CI_PASSWORD"])
    return Mailbox("mail.acme.io", "ci", "Hafen_Mole.8")  # finding: hardcoded-credential
