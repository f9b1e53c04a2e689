from __future__ import annotations

import argparse
import ast
import asyncio
import base64
import binascii
import collections
import contextlib
import copy
import dataclasses
import functools
import getpass
import hashlib
import hmac
import io
import itertools
import json
import logging
import math
import os
import pprint
import re
import secrets
import string
import subprocess
import sys
import syslog
import textwrap
import tokenize
import traceback
import unittest
import warnings
from os import environ, getenv
from os import environ as process_env
from pathlib import Path
from string import Template
from typing import Any, Iterator, NamedTuple, Optional
from urllib.parse import quote, urlencode, urlparse

import boto3
import bugsnag
import click
import environs
import hvac
import jwt
import keyring
import mlflow
import newrelic.agent
import psycopg2
import requests
import rich
import rollbar
import sentry_sdk
import streamlit as st
import structlog
import typer
import wandb
import yaml
from absl import logging as absl_logging
from airflow.hooks.base import BaseHook
from airflow.models import Variable
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient
from celery import shared_task
from celery.utils.log import get_task_logger
from cryptography.fernet import Fernet
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from decouple import config as env_config
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.management.base import BaseCommand
from dotenv import dotenv_values
from fastapi import HTTPException
from flask import Flask, current_app, flash, request
from google.cloud import secretmanager
from icecream import ic
from IPython.display import display
from kubernetes import client as k8s
from loguru import logger as loguru_logger
from opentelemetry import trace
from prometheus_client import Counter
from pydantic import BaseModel, SecretStr
from rich.console import Console
from rich.prompt import Prompt
from sqlalchemy import create_engine
from tqdm import tqdm

from acme.security import create_access_token, mask_secret, redact, scrub
from acme.settings import REDIS_PASSWORD, REDIS_PORT
from acme.settings import SIGNING_KEY as signer

logger = logging.getLogger(__name__)
log = logging.getLogger("acme.sync")
LOG = logging.getLogger("acme.ops")
slog = structlog.get_logger()
task_logger = get_task_logger(__name__)
token_cache_log = logging.getLogger("token-cache")
console = Console()
tracer = trace.get_tracer(__name__)
app = Flask(__name__)
env = environs.Env()


# environment variables

def env_subscript():
    value = os.environ["STRIPE_SECRET_KEY"]
    region = os.environ["AWS_REGION"]
    logger.info("billing in %s", region)
    logger.info("billing with %s", value)  # finding: logged-credential


def env_get_direct():
    print("db host:", os.environ.get("DB_HOST"))
    print("db pw:", os.environ.get("DB_PASSWORD"))  # finding: logged-credential
    print("token endpoint:", os.environ.get("OAUTH_TOKEN_URL"))
    print("secret lives in", os.environ.get("AWS_SECRET_NAME"))
    print("budget:", os.environ.get("MAX_TOKENS"))


def env_getenv_plain():
    raw = getenv("GITHUB_TOKEN")
    if not raw:
        logger.warning("GITHUB_TOKEN is not set")
        return None
    logger.debug(raw)  # finding: logged-credential
    repo = getenv("GITHUB_REPOSITORY")
    logger.debug(repo)
    return raw


def env_pop():
    leftover = os.environ.pop("TWILIO_AUTH_TOKEN", None)
    sid = os.environ.pop("TWILIO_ACCOUNT_SID", None)
    log.info("twilio account %s", sid)
    log.info("dropped %r from the environment", leftover)  # finding: logged-credential


def env_alias_mapping():
    v = process_env["SENDGRID_API_KEY"]
    sender = process_env["SENDGRID_FROM"]
    print(f"mail from {sender}")
    print(f"mail via {v}")  # finding: logged-credential


def env_bytes():
    blob = os.environb[b"VAULT_TOKEN"]
    path = os.environb[b"PATH"]
    print(path.decode())
    print(blob.decode())  # finding: logged-credential


def env_copy():
    snapshot = os.environ.copy()
    snapshot["PYTHONUNBUFFERED"] = "1"
    logger.info("home is %s", snapshot["HOME"])
    logger.info("pg is %s", snapshot["PGPASSWORD"])  # finding: logged-credential
    subprocess.run(["make", "test"], env=snapshot, check=True)


def env_local_import():
    from os import environ as e

    print(e["HOSTNAME"], e.get("PORT"))
    print(e["DJANGO_SECRET_KEY"])  # finding: logged-credential


def env_indirect_name():
    var = "CLOUDFLARE_API_TOKEN"
    got = os.getenv(var)
    print("reading", var)
    print("got", got)  # finding: logged-credential
    print("found" if got else "missing")


def env_name_constants():
    for name in ("LOG_LEVEL", "TZ", "LANG"):
        print(name, os.getenv(name))


def env_required_names():
    required = ["OPENAI_API_KEY", "PINECONE_API_KEY"]
    missing = [n for n in required if n not in os.environ]
    if missing:
        logger.error("missing settings: %s", ", ".join(missing))
    for n in required:
        logger.info("%s: %s", n, "set" if os.environ.get(n) else "unset")


def env_loop_values():
    for n in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        print(n, "=", os.environ.get(n))  # finding: logged-credential


def decouple_values():
    mail_pw = env_config("EMAIL_HOST_PASSWORD")
    port = env_config("EMAIL_PORT", cast=int)
    debug = env_config("DEBUG", cast=bool)
    print("mail settings", port, debug)
    print("mail settings", port, mail_pw)  # finding: logged-credential


def environs_values():
    env.read_env()
    x = env.str("MAILGUN_API_KEY")
    y = env.int("MAILGUN_RETRIES")
    z = env("SHOPIFY_CLIENT_SECRET")
    logger.info("retries=%d", y)
    logger.info("mailgun=%s", x)  # finding: logged-credential
    logger.info("shopify=%s", z)  # finding: logged-credential


def dotenv_file():
    cfg = dotenv_values(".env.production")
    print("stage", cfg["STAGE"])
    print("jwt", cfg["JWT_SECRET"])  # finding: logged-credential
    print("keys in file:", list(cfg.keys()))
    print(len(cfg), "entries")


# secret managers

def aws_secret_string(name):
    sm = boto3.client("secretsmanager", region_name="eu-west-1")
    resp = sm.get_secret_value(SecretId=name)
    logger.info("fetched %s version %s", resp["Name"], resp["VersionId"])
    logger.info("arn=%s", resp["ARN"])
    logger.info("payload=%s", resp["SecretString"])  # finding: logged-credential
    return resp


def aws_secret_json(name):
    body = boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"]
    doc = json.loads(body)
    logger.debug("connecting to %s", doc["host"])
    logger.debug("connecting with %s", doc)  # finding: logged-credential
    return doc


def aws_describe(name):
    meta = boto3.client("secretsmanager").describe_secret(SecretId=name)
    print(meta["Name"], meta["LastRotatedDate"], meta["RotationEnabled"])
    listing = boto3.client("secretsmanager").list_secrets()
    for item in listing["SecretList"]:
        print(item["Name"], item.get("Description"))


def aws_ssm(path):
    ssm = boto3.client("ssm")
    p = ssm.get_parameter(Name=path, WithDecryption=True)
    print(p["Parameter"]["Name"], p["Parameter"]["Version"])
    print(p["Parameter"]["Value"])  # finding: logged-credential
    plain = ssm.get_parameter(Name="/shop/feature-flags")
    print(plain["Parameter"]["Value"])


def aws_kms(ciphertext):
    kms = boto3.client("kms")
    out = kms.decrypt(CiphertextBlob=ciphertext)
    LOG.info("decrypted with %s", out["KeyId"])
    LOG.info("decrypted to %s", out["Plaintext"])  # finding: logged-credential
    enc = kms.encrypt(KeyId="alias/shop", Plaintext=out["Plaintext"])
    LOG.info("stored %s", base64.b64encode(enc["CiphertextBlob"]).decode())


def aws_sts(role_arn):
    sts = boto3.client("sts")
    ident = sts.get_caller_identity()
    print("running as", ident["Arn"], "in", ident["Account"])
    assumed = sts.assume_role(RoleArn=role_arn, RoleSessionName="nightly")
    c = assumed["Credentials"]
    print("expires", c["Expiration"])
    print("key id", c["AccessKeyId"])
    print("session", c["SessionToken"])  # finding: logged-credential
    print("full", c["SecretAccessKey"])  # finding: logged-credential


def aws_session_creds():
    session = boto3.Session(profile_name="reports")
    creds = session.get_credentials()
    frozen = creds.get_frozen_credentials()
    print("profile", session.profile_name, session.region_name)
    print("method", creds.method)
    print(frozen.secret_key)  # finding: logged-credential
    print(creds.token)  # finding: logged-credential


def gcp_secret(project, name):
    sm = secretmanager.SecretManagerServiceClient()
    full = f"projects/{project}/secrets/{name}/versions/latest"
    logger.info("reading %s", full)
    answer = sm.access_secret_version(request={"name": full})
    logger.info("got %s", answer.name)
    data = answer.payload.data.decode("utf-8")
    logger.info("got %s", data)  # finding: logged-credential
    return data


def azure_secret(vault_url):
    kv = SecretClient(vault_url=vault_url, credential=DefaultAzureCredential())
    item = kv.get_secret("sql-admin")
    print("secret", item.name, "version", item.properties.version)
    print("expires", item.properties.expires_on)
    print("value", item.value)  # finding: logged-credential
    for props in kv.list_properties_of_secrets():
        print(props.name, props.enabled)


def vault_kv(addr):
    vault = hvac.Client(url=addr)
    logger.info("sealed=%s", vault.sys.is_sealed())
    result = vault.secrets.kv.v2.read_secret_version(path="payments/adyen")
    logger.info("version %s", result["data"]["metadata"]["version"])
    logger.info("request %s", result["request_id"])
    logger.info("fields %s", sorted(result["data"]["data"].keys()))
    logger.info("fields %s", result["data"]["data"])  # finding: logged-credential


def keyring_lookup(service, user):
    stored = keyring.get_password(service, user)
    if stored is None:
        print(f"nothing stored for {user} in {service}")
        return None
    print(f"backend {keyring.get_keyring()}")
    print(f"stored for {user}: {stored}")  # finding: logged-credential
    return stored


def prompt_terminal():
    who = input("User: ")
    answer = getpass.getpass("Password: ")
    print("hello", who)
    print("you typed", answer)  # finding: logged-credential
    print("Enter your password again:")
    return answer


def prompt_click():
    pin = click.prompt("New PIN", hide_input=True, confirmation_prompt=True)
    nick = click.prompt("Nickname")
    click.echo(f"nickname {nick}")
    click.echo(f"new pin {pin}")  # finding: logged-credential


def prompt_rich():
    entered = Prompt.ask("Vault passphrase", password=True)
    colour = Prompt.ask("Colour", choices=["red", "blue"])
    console.print("colour", colour)
    console.print("entered", entered)  # finding: logged-credential


def streamlit_page():
    st.title("Token usage")
    st.write("model", st.secrets["model_name"])
    st.write("using", st.secrets["openai_api_key"])  # finding: logged-credential
    st.write("password must have 12 characters")
    typed = st.text_input("Password", type="password")
    st.write("You entered", typed)  # finding: logged-credential
    st.write("Length", len(typed))


def kaggle_cell():
    from kaggle_secrets import UserSecretsClient

    hf = UserSecretsClient().get_secret("HF_TOKEN")
    print("HF_TOKEN loaded:", hf is not None)
    print(hf)  # finding: logged-credential


def colab_cell():
    from google.colab import userdata

    k = userdata.get("GEMINI_API_KEY")
    k and print("key is there")
    print(k)  # finding: logged-credential


def airflow_variables(**context):
    bucket = Variable.get("export_bucket")
    tok = Variable.get("hubspot_private_app_token")
    context["ti"].log.info("bucket %s", bucket)
    context["ti"].log.info("hubspot %s", tok)  # finding: logged-credential


def airflow_connection():
    conn = BaseHook.get_connection("warehouse")
    print(conn.host, conn.port, conn.schema, conn.login)
    print(conn.conn_type, conn.conn_id)
    print(conn.password)  # finding: logged-credential
    dest = BaseHook.get_connection("crm")
    print("crm uri", dest.get_uri())  # finding: logged-credential


def prefect_block():
    from prefect import get_run_logger
    from prefect.blocks.system import Secret

    run_log = get_run_logger()
    block = Secret.load("warehouse-login")
    run_log.info("loaded %s", block)
    run_log.info("loaded %s", block.get())  # finding: logged-credential


def kube_secret(ns):
    v1 = k8s.CoreV1Api()
    obj = v1.read_namespaced_secret("grafana", ns)
    print(obj.metadata.name, obj.type, obj.metadata.creation_timestamp)
    print(base64.b64decode(obj.data["admin-password"]).decode())  # finding: logged-credential
    print(", ".join(obj.data))
    cm = v1.read_namespaced_config_map("grafana", ns)
    print(cm.data["grafana.ini"])


def one_password():
    out = subprocess.check_output(["op", "read", "op://infra/grafana/password"], text=True)
    rev = subprocess.check_output(["git", "rev-parse", "HEAD"], text=True)
    print("at", rev.strip())
    print("got", out.strip())  # finding: logged-credential


def gh_cli():
    status = subprocess.run(["gh", "auth", "status"], capture_output=True, text=True)
    print(status.returncode)
    proc = subprocess.run(["gh", "auth", "token"], capture_output=True, text=True)
    print(proc.returncode)
    print(proc.stdout)  # finding: logged-credential


def vault_cli():
    field = subprocess.check_output(["vault", "kv", "get", "-field=value", "kv/mailer"]).decode()
    health = subprocess.check_output(["vault", "status"]).decode()
    LOG.debug("vault: %s", health)
    LOG.debug("mailer: %s", field)  # finding: logged-credential


def aws_cli():
    cmd = "aws secretsmanager get-secret-value --secret-id shop/db --query SecretString --output text"
    text = subprocess.getoutput(cmd)
    LOG.info("ran %s", cmd)
    LOG.info("result %s", text)  # finding: logged-credential
    LOG.info("result %s", subprocess.getoutput("aws sts get-caller-identity"))


# SecretStr and friends

class MailSettings(BaseModel):
    host: str
    smtp_password: SecretStr
    api_token: Optional[SecretStr] = None


def pydantic_secret(settings: MailSettings):
    print(settings.smtp_password)
    print(f"smtp {settings.host} {settings.smtp_password!r}")
    logger.info("token %s", settings.api_token)
    print(settings.smtp_password.get_secret_value())  # finding: logged-credential
    plain = settings.api_token.get_secret_value()
    logger.info("token %s", plain)  # finding: logged-credential
    logger.info("token of %d characters", len(plain))


def wrap_first(raw_key: str):
    wrapped = SecretStr(raw_key)
    log.debug("key %s", wrapped)
    log.debug("key %s", wrapped.get_secret_value())  # finding: logged-credential


# generated secrets

def new_reset_link(user):
    reset = secrets.token_urlsafe(32)
    user.reset_token_hash = hashlib.sha256(reset.encode()).hexdigest()
    user.save()
    logger.info("reset requested by %s", user.pk)
    logger.info("reset token for %s: %s", user.pk, reset)  # finding: logged-credential


def correlation():
    request_id = secrets.token_hex(8)
    logger.info("request %s started", request_id)
    upload_name = f"{secrets.token_hex(4)}.csv"
    logger.info("saving as %s", upload_name)
    return request_id


def sign_jwt(user, rsa_pem):
    signed = jwt.encode({"sub": user.id}, rsa_pem, algorithm="RS256")
    logger.debug("issued %s", signed)  # finding: logged-credential
    logger.debug("issued for %s", user.id)
    return signed


def issue_token(user):
    result = create_access_token(identity=user.id)
    current_app.logger.info("login ok: %s", user.id)
    current_app.logger.info("login ok: %s", result)  # finding: logged-credential
    return None


def read_jwt(bearer, pub):
    claims = jwt.decode(bearer, pub, algorithms=["RS256"])
    logger.info("user %s scopes %s", claims["sub"], claims["scope"])
    logger.info("kid %s", jwt.get_unverified_header(bearer)["kid"])
    logger.info("caller sent %s", bearer)  # finding: logged-credential


def fernet_key():
    k = Fernet.generate_key()
    box = Fernet(k)
    sealed = box.encrypt(b"hello")
    print("sealed", sealed)
    print("using", k.decode())


def rsa_pair():
    priv = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    pem = priv.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pub = priv.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    print("public part:\n", pub.decode())
    print("bits:", priv.key_size)
    print("pem:\n", pem.decode())


# names: parameters, attributes, keys, functions, imports

def imported_names():
    print("redis port", REDIS_PORT)
    print("redis auth", REDIS_PASSWORD)  # finding: logged-credential
    print("signing with", signer)  # finding: logged-credential


def parameter_names(username, passwd, token_type, tokenizer, max_tokens):
    print(username, token_type, tokenizer, max_tokens)
    print("auth:", passwd)  # finding: logged-credential


def camel_case(accessToken, tokenExpiry, publicKey, secretArn):
    print(tokenExpiry, publicKey, secretArn)
    print(accessToken)  # finding: logged-credential


def keyword_only(*, client_secret=None, client_id=None, password_policy=None):
    logger.info("client %s policy %s", client_id, password_policy)
    logger.info("client %s", client_secret)  # finding: logged-credential


def attributes(account):
    LOG.info("%s: %s", account.email, account.password_changed_at)
    LOG.info("%s", account.password_hash)
    LOG.info("%s", account.api_key_id)
    LOG.info("%s", account.has_password)
    LOG.info("%s", account.private_key)  # finding: logged-credential


def nested_attribute(ctx):
    ctx.logger.info("cluster %s", ctx.conf.db.name)
    ctx.logger.info("cluster %s", ctx.conf.db.passphrase)  # finding: logged-credential


def subscript_keys(row):
    print(row["user"], row["password_reset_url"], row["secret_question_id"])
    print(row["consumer_secret"])  # finding: logged-credential
    print(row["primary_key"], row["sort_key"], row["partition_key"])


def get_keys(doc):
    print(doc.get("next_page_token"))
    print(doc.get("refresh_token"))  # finding: logged-credential
    print(doc.get("token_type"), doc.get("expires_in"))


def oauth_answer(code):
    r = requests.post("https://login.acme.io/oauth/token", data={"code": code}, timeout=10)
    data = r.json()
    log.info("status %s, expires in %s", r.status_code, data["expires_in"])
    log.info("access %s", data["access_token"])  # finding: logged-credential
    return data


def function_names(vault):
    print(vault.list_keys())
    print(get_secret_path("mail"))
    print(vault.get_api_key("mail"))  # finding: logged-credential
    current = load_master_key()
    print(current)  # finding: logged-credential
    print(validate_password("abc"), is_token_valid("abc"))


def getattr_names(obj):
    print(getattr(obj, "username"))
    print(getattr(obj, "signing_secret"))  # finding: logged-credential
    print(getattr(obj, "secret_version", None))


def argparse_cli():
    ap = argparse.ArgumentParser(prog="push")
    ap.add_argument("--user")
    ap.add_argument("--password")
    ap.add_argument("--token-file", type=Path)
    args = ap.parse_args()
    print("pushing as", args.user)
    print("token file", args.token_file)
    print("pushing with", args.password)  # finding: logged-credential
    if not args.password:
        ap.error("--password is required")
    ap.error(f"cannot log in with {args.password}")  # finding: logged-credential


@click.command()
@click.option("--api-key", envvar="ACME_API_KEY")
@click.option("--key-file", type=click.Path())
def click_cli(api_key, key_file):
    click.secho(f"using {key_file}", fg="green")
    click.secho(f"using {api_key}", fg="green")  # finding: logged-credential
    click.echo("Use --api-key or ACME_API_KEY to pass the key")


def typer_cli(db_password: str = typer.Option(..., prompt=True), retries: int = typer.Option(3)):
    typer.echo(f"retries: {retries}")
    typer.echo("db: " + db_password)  # finding: logged-credential


@app.route("/login", methods=["POST"])
def flask_login():
    email = request.form["email"]
    pw = request.form["password"]
    app.logger.info("login attempt %s", email)
    app.logger.info("login attempt %s %s", email, pw)  # finding: logged-credential
    app.logger.info("remember=%s", request.form.get("remember"))
    app.logger.debug("json: %s", request.json["newPassword"])  # finding: logged-credential
    app.logger.debug("query: %s", request.args.get("api_key"))  # finding: logged-credential
    app.logger.debug("page: %s", request.args.get("page_token"))
    return "", 204


@app.before_request
def flask_headers():
    app.logger.debug("agent %s", request.headers.get("User-Agent"))
    app.logger.debug("auth %s", request.headers.get("Authorization"))  # finding: logged-credential
    app.logger.debug("auth sent: %s", "Authorization" in request.headers)
    app.logger.debug("key %s", request.headers["X-Api-Key"])  # finding: logged-credential
    app.logger.debug("trace %s", request.headers["X-Request-Id"])


def hardcoded_then_logged():
    ftp_password = "vK8#pw2Lm!qz"  # finding: hardcoded-credential
    print("ftp login", ftp_password)  # finding: logged-credential
    ftp_host = "files.acme.io"
    print("ftp host", ftp_host)


# sinks: terminal

def stdout_streams(api_secret, table):
    sys.stdout.write("syncing %s\n" % table)
    sys.stdout.write("key " + api_secret + "\n")  # finding: logged-credential
    sys.stderr.write(f"{api_secret}\n")  # finding: logged-credential
    sys.stdout.writelines(["table: ", table, "\n"])
    sys.__stderr__.writelines(["secret: ", api_secret, "\n"])  # finding: logged-credential
    sys.stdout.flush()


def print_variants(access_token, url_count):
    print("urls", url_count, sep="=", end="\n\n")
    print("a", "b", access_token, sep="\t", file=sys.stderr)  # finding: logged-credential
    print(
        "fetched",
        url_count,
        "urls with",
        access_token,  # finding: logged-credential
        flush=True,
    )
    print(f"{url_count=}")
    print(f"{access_token=}")  # finding: logged-credential
    print(*["x", "y", url_count])
    print(*["x", "y", access_token])  # finding: logged-credential


def pretty(login_password, name):
    pprint.pprint({"name": name, "n": 3})
    pprint.pprint({"name": name, "pw": login_password})  # finding: logged-credential
    pprint.pp([name])


def rich_output(bot_token, guild):
    rich.print(f"[green]joined[/green] {guild}")
    rich.print(f"[green]token[/green] {bot_token}")  # finding: logged-credential
    console.log("guild", guild)
    console.log("guild", guild, bot_token)  # finding: logged-credential
    console.rule("token")


def progress(rows, deploy_token):
    for row in tqdm(rows, desc="token upload"):
        tqdm.write(f"row {row.id}")
        tqdm.write(f"row {row.id} via {deploy_token}")  # finding: logged-credential


def debug_helpers(master_key, step):
    ic(step)
    ic(master_key)  # finding: logged-credential
    display(step)
    display(master_key)  # finding: logged-credential


def click_output(session_token, n):
    click.echo(click.style(f"{n} items", bold=True))
    click.echo(click.style(session_token, bold=True))  # finding: logged-credential
    click.echo("session token refreshed", err=True)
    click.echo(session_token, err=True)  # finding: logged-credential


class RotateCommand(BaseCommand):
    help = "Rotates the password of the service user"

    def add_arguments(self, parser):
        parser.add_argument("--service", required=True)

    def handle(self, *args, **options):
        svc = options["service"]
        fresh = secrets.token_urlsafe(24)
        self.stdout.write(f"rotating password of {svc}")
        self.stdout.write(self.style.SUCCESS(f"{svc}: done"))
        self.stderr.write(f"{svc}: {fresh}")


# sinks: logging

def module_functions(private_key, path):
    logging.debug("loading key %s", path)
    logging.debug("loading key %s", private_key)  # finding: logged-credential
    logging.log(logging.INFO, "loaded %s", path)
    logging.log(logging.INFO, "loaded %s", private_key)  # finding: logged-credential
    logging.critical(private_key)  # finding: logged-credential
    logging.warning("private key %s is world-readable", path)


def root_and_children(webhook_secret, hook):
    logging.getLogger().info(hook)
    logging.getLogger().info(webhook_secret)  # finding: logged-credential
    logging.root.error("hook %s", hook)
    logging.root.error("hook %s", webhook_secret)  # finding: logged-credential
    logging.getLogger("app").getChild("hooks").warning("s=%s", webhook_secret)  # finding: logged-credential
    logging.getLogger("webhook_secret").warning("hook %s failed", hook)


def adapters(auth_key, job):
    adapter = logging.LoggerAdapter(logger, {"job": job})
    adapter.info("started")
    adapter.info("started with %s", auth_key)  # finding: logged-credential
    token_cache_log.info("job %s hit", job)


def all_levels(shared_secret, peer, level):
    log.warn("peer %s", peer)
    log.warn("peer %s", shared_secret)  # finding: logged-credential
    log.fatal("peer %s has no shared secret", peer)
    log.fatal("peer has %s", shared_secret)  # finding: logged-credential
    log.log(level, "handshake %s", peer)
    log.log(level, "handshake %s", shared_secret)  # finding: logged-credential


def bound_logger_method(id_token, sub):
    say = logger.info
    say("subject %s", sub)
    say("token %s", id_token)  # beyond: logged-credential


def dynamic_level(level_name, oauth_token, uid):
    getattr(logger, level_name)("user %s", uid)
    getattr(logger, level_name)("user token %s", oauth_token)  # finding: logged-credential


def extra_argument(user, user_password, ip):
    log.info("login", extra={"user": user, "ip": ip})
    log.info("login", extra={"user": user, "pw": user_password})  # finding: logged-credential
    log.info(
        "login of %s",
        user,
        extra={  # finding: logged-credential
            "ip": ip,
            "credential": user_password,
        },
    )


def extra_built_before(user, bearer_token):
    ctx = {"user": user}
    log.info("call", extra=ctx)
    ctx["header"] = "Bearer " + bearer_token
    log.info("call", extra=ctx)  # finding: logged-credential
    log.info("call", extra={"user": ctx["user"]})


def exception_level(conn_str):
    try:
        psycopg2.connect(conn_str)
    except psycopg2.OperationalError:
        logger.exception("database is down")
        logger.exception("database is down: %s", conn_str)  # finding: logged-credential
    except psycopg2.Error as err:
        logger.error("pgcode %s", err.pgcode, exc_info=True)


class Poller:
    _log = logging.getLogger("poller")

    def __init__(self, name):
        self.name = name
        self.log = logging.getLogger(name)
        self.audit_logger = logging.getLogger("audit")

    def poll(self, refresh_token):
        self.log.info("polling %s", self.name)
        self.log.info("polling with %s", refresh_token)  # finding: logged-credential
        self.audit_logger.error("token refresh failed for %s", self.name)
        self.audit_logger.error(refresh_token)  # finding: logged-credential
        self._log.debug("refresh token accepted")
        self._log.debug({"rt": refresh_token})  # finding: logged-credential


class NotALogger:
    def send(self, mailer, dialog, catalog, smtp_password, host):
        mailer.login(host, smtp_password)
        dialog.set_password(smtp_password)
        catalog.connect(host, password=smtp_password)
        mailer.authenticate(smtp_password)
        self.last_login = host
        print(math.log(len(smtp_password), 2))
        print("done")


def structlog_events(api_key, tenant):
    slog.info("sync_started", tenant=tenant, key_present=bool(api_key))
    slog.info("sync_started", tenant=tenant, key=api_key)  # finding: logged-credential
    bound = slog.bind(tenant=tenant)
    bound.warning("slow")
    bound = bound.bind(auth=api_key)  # finding: logged-credential
    structlog.contextvars.bind_contextvars(tenant=tenant)


def loguru_events(secret_key, shard):
    loguru_logger.trace("shard {}", shard)
    loguru_logger.trace("shard {} {}", shard, secret_key)  # finding: logged-credential
    loguru_logger.success("secret key loaded for {s}", s=shard)
    loguru_logger.success("loaded {k}", k=secret_key)  # finding: logged-credential
    with loguru_logger.contextualize(shard=shard):
        loguru_logger.info("inside")
    with loguru_logger.contextualize(secret=secret_key):  # finding: logged-credential
        loguru_logger.info("inside")
    loguru_logger.opt(lazy=True).debug("{}", lambda: len(secret_key))
    loguru_logger.opt(colors=True).debug("<b>{}</b>", secret_key)  # finding: logged-credential


def absl_and_celery(storage_account_key, blob):
    absl_logging.info("blob %s", blob)
    absl_logging.info("blob %s", storage_account_key)  # finding: logged-credential
    task_logger.info("storage key rotated for %s", blob)
    task_logger.info("storage %s", storage_account_key)  # finding: logged-credential


@shared_task(bind=True)
def charge(self, order_id, stripe_secret):
    task_logger.info("order %s, attempt %s", order_id, self.request.retries)
    try:
        requests.post(
            "https://api.stripe.com/v1/charges",
            headers={"Authorization": f"Bearer {stripe_secret}"},
            timeout=5,
        )
    except requests.RequestException as exc:
        task_logger.warning("order %s failed: %s", order_id, exc)
        raise self.retry(exc=exc)
    task_logger.info(f"charged {order_id} with {stripe_secret}")  # finding: logged-credential


def flask_current(jwt_secret):
    current_app.logger.warning("JWT secret is shorter than 32 bytes")
    current_app.logger.warning("JWT secret %r is too short", jwt_secret)  # finding: logged-credential
    current_app.logger.warning("%d bytes", len(jwt_secret.encode()))


def syslog_and_warnings(ldap_password, bind_dn):
    syslog.syslog(f"bind as {bind_dn}")
    syslog.syslog(syslog.LOG_ERR, f"bind as {bind_dn} with {ldap_password}")  # finding: logged-credential
    warnings.warn(f"{bind_dn}: password expires soon")
    warnings.warn(f"{bind_dn}: weak password {ldap_password}")  # finding: logged-credential
    warnings.warn("Passing password positionally is deprecated", DeprecationWarning, stacklevel=2)


# sinks: exceptions

def raise_value_error(api_token):
    if len(api_token) != 40:
        raise ValueError(f"API token must have 40 characters, got {len(api_token)}")
    if not api_token.isalnum():
        raise ValueError(f"bad API token {api_token}")  # finding: logged-credential
    return api_token


def raise_custom(user, passphrase):
    class BadPassphrase(Exception):
        pass

    if passphrase is None:
        raise BadPassphrase(f"{user} has no passphrase")
    if " " not in passphrase:
        raise BadPassphrase("%s: %s has no blanks" % (user, passphrase))  # finding: logged-credential


def raise_from(account_key, account):
    try:
        base64.b64decode(account_key, validate=True)
    except binascii.Error as exc:
        raise RuntimeError(f"account key of {account} is not base64") from exc
    try:
        return int(account_key, 16)
    except ValueError as exc:
        raise RuntimeError(
            "account key is not hex: " + account_key  # finding: logged-credential
        ) from exc


def assertions(signing_key, alg):
    assert signing_key, "signing key is empty"
    assert alg in ("RS256", "ES256"), f"unsupported {alg}"
    assert signing_key.startswith("-----BEGIN"), f"not a PEM: {signing_key}"  # finding: logged-credential


def add_note(client_secret, client_id):
    try:
        requests.post("https://idp.acme.io/token", auth=(client_id, client_secret), timeout=5)
    except requests.RequestException as exc:
        exc.add_note(f"client {client_id}")
        exc.add_note(f"secret {client_secret}")  # finding: logged-credential
        raise


def check_bearer(bearer_token: str, known):
    user = known.lookup(bearer_token)
    if user is None:
        raise HTTPException(status_code=401, detail="unknown bearer token")
    if user.revoked:
        raise HTTPException(status_code=403, detail=f"token {bearer_token} revoked")  # finding: logged-credential
    return user


def exits(license_key, product):
    if not license_key:
        sys.exit("no license key; set ACME_LICENSE")
    if product not in license_key:
        sys.exit(f"license key {license_key} does not fit {product}")  # finding: logged-credential
    raise SystemExit(f"{product}: expired {license_key}")  # finding: logged-credential


def click_errors(ctx, param, root_password):
    if not root_password:
        raise click.UsageError("--root-password is required")
    if root_password.isdigit():
        raise click.BadParameter(f"{root_password!r} has digits only", ctx=ctx)  # finding: logged-credential
    return root_password


# sinks: messages, crash reporters, telemetry

def django_login(request_obj, username, password):
    user = authenticate(request_obj, username=username, password=password)
    if user is None:
        messages.error(request_obj, f"Wrong password for {username}")
        messages.error(request_obj, f"Wrong password {password}")  # finding: logged-credential
    return user


def flask_message(new_password):
    flash("Password changed", "success")
    flash(f"Your password is now {new_password}", "success")  # finding: logged-credential


def sentry(db_password, shard, err):
    sentry_sdk.capture_exception(err)
    sentry_sdk.capture_message(f"shard {shard} refused the password")
    sentry_sdk.capture_message(f"shard {shard} refused {db_password}")  # finding: logged-credential
    sentry_sdk.set_tag("shard", shard)
    sentry_sdk.set_tag("pw", db_password)  # finding: logged-credential
    sentry_sdk.set_context("db", {"shard": shard})
    sentry_sdk.set_context("db", {"shard": shard, "pw": db_password})  # finding: logged-credential
    sentry_sdk.add_breadcrumb(category="db", message=f"connect {shard}")
    sentry_sdk.add_breadcrumb(category="db", message=f"connect {db_password}")  # finding: logged-credential


def sentry_user(user, user_token):
    sentry_sdk.set_user({"id": user.id})
    sentry_sdk.set_user({"id": user.id, "tok": user_token.access_token})  # finding: logged-credential
    with sentry_sdk.push_scope() as scope:
        scope.set_extra("plan", user.plan)
        scope.set_extra("api", user.api_key)  # finding: logged-credential


def other_reporters(err, encryption_key, tenant):
    rollbar.report_message(f"tenant {tenant} cannot decrypt", "error")
    rollbar.report_message(f"tenant {tenant} cannot decrypt with {encryption_key}", "error")  # finding: logged-credential
    bugsnag.notify(err, metadata={"tenant": {"id": tenant}})
    bugsnag.notify(err, metadata={"tenant": {"k": encryption_key}})  # finding: logged-credential
    newrelic.agent.add_custom_attribute("tenant", tenant)
    newrelic.agent.add_custom_attribute("key", encryption_key)  # finding: logged-credential


def spans(subscription_key, op):
    with tracer.start_as_current_span(op) as span:
        span.set_attribute("op", op)
        span.set_attribute("azure.key", subscription_key)  # finding: logged-credential
        span.add_event("called", {"op": op})
        span.add_event("called", {"op": op, "hdr": subscription_key})  # finding: logged-credential
        span.set_attribute("key.length", len(subscription_key))


CALLS = Counter("acme_calls_total", "Calls by API key", ["caller"])


def metrics(caller, caller_api_key):
    CALLS.labels(caller=caller).inc()
    CALLS.labels(caller=caller_api_key).inc()  # finding: logged-credential


def experiments(hf_token, lr):
    mlflow.log_param("lr", lr)
    mlflow.log_param("hub", hf_token)  # finding: logged-credential
    wandb.init(project="ranker", config={"lr": lr})
    wandb.config.update({"hub": hf_token})  # finding: logged-credential
    wandb.log({"tokens_per_second": 1200 / lr})


# propagators: string building

def formatting(user, user_passwd):
    msg = "login %s/%s" % (user, user_passwd)
    print("login %s" % user)
    print(msg)  # finding: logged-credential
    text = "login {}/{}".format(user, user_passwd)
    logger.info("login {}".format(user))
    logger.info(text)  # finding: logged-credential
    line = "user=" + user + " pw=" + user_passwd
    logger.info("user=" + user + " pw=***")
    logger.info(line)  # finding: logged-credential


def named_formatting(conn, conn_password, host):
    params = {"host": host, "user": conn.user, "password": conn_password}
    print("{user}@{host}".format(**params))
    print("%(user)s@%(host)s" % params)
    print("{user}:{password}@{host}".format(**params))  # finding: logged-credential
    print("%(password)s at %(host)s" % params)  # finding: logged-credential
    print("{host} as {user}".format_map(params))
    print("{password}".format_map(params))  # finding: logged-credential


def joins(auth_token, rows):
    print(", ".join(r.name for r in rows))
    pieces = ["Authorization", "Bearer " + auth_token]
    print(": ".join(pieces))  # finding: logged-credential
    print("; ".join(["token", "key", "secret"]))


def augmented(server, admin_password):
    report = "server " + server
    print(report)
    report += "\nadmin "
    report += admin_password
    print(report)  # finding: logged-credential


def conversions(totp_secret, issuer):
    print(repr(issuer), ascii(issuer))
    print(repr(totp_secret))  # finding: logged-credential
    as_bytes = totp_secret.encode()
    print(bytes(as_bytes))  # finding: logged-credential
    print(f"{totp_secret!s:>40}")  # finding: logged-credential
    print(f"{issuer!s:>40}")


def encodings(basic_password, user):
    pair = f"{user}:{basic_password}".encode()
    header = base64.b64encode(pair).decode()
    logger.debug("user %s", base64.b64encode(user.encode()))
    logger.debug("Basic %s", header)  # finding: logged-credential
    logger.debug("hex %s", basic_password.encode().hex())  # finding: logged-credential
    logger.debug("quoted %s", quote(basic_password, safe=""))  # finding: logged-credential
    logger.debug("quoted %s", quote(user, safe=""))


def serialised(app_secret, app_id):
    body = {"client_id": app_id, "client_secret": app_secret, "grant_type": "client_credentials"}
    requests.post("https://auth.acme.io/token", json=body, timeout=3)
    logger.debug("grant %s for %s", body["grant_type"], body["client_id"])
    logger.debug("body %s", json.dumps(body))  # finding: logged-credential
    logger.debug("yaml\n%s", yaml.safe_dump(body))  # finding: logged-credential
    logger.debug("form %s", urlencode(body))  # finding: logged-credential
    logger.debug("pretty %s", pprint.pformat(body))  # finding: logged-credential
    logger.debug("fields %s", json.dumps(sorted(body)))
    logger.debug("public %s", json.dumps({"client_id": app_id}))


def templates(ssh_passphrase, key_path):
    t = Template("key $path needs $word")
    print(t.substitute(path=key_path, word="a passphrase"))
    print(t.substitute(path=key_path, word=ssh_passphrase))  # finding: logged-credential
    print(textwrap.indent(key_path, "  "))
    print(textwrap.indent(ssh_passphrase, "  "))  # finding: logged-credential


def string_methods(raw_password, login):
    print(login.strip().lower())
    print(raw_password.strip())  # finding: logged-credential
    print(raw_password.replace(" ", ""))  # finding: logged-credential
    print(raw_password.isdigit(), raw_password.islower())
    print(raw_password.count("a"), raw_password.find("@"))
    print(raw_password[::-1])  # finding: logged-credential
    print(raw_password.startswith(login), raw_password.endswith("!"))


def char_comprehension(wifi_password):
    print("".join("*" for _ in wifi_password))
    print("".join(c for c in wifi_password if c.isprintable()))  # finding: logged-credential
    print(sum(c.isdigit() for c in wifi_password))
    print(any(c in string.punctuation for c in wifi_password))


def parsing_json(client_credentials_file):
    info = json.loads(Path(client_credentials_file).read_text())
    print(info["project_id"], info["client_email"])
    print(info["private_key"])  # finding: logged-credential


def parsing_dsn(database_url):
    u = urlparse(database_url)
    print("db", u.hostname, u.port, u.path.lstrip("/"))
    print("db user", u.username)
    print("db pw", u.password)  # finding: logged-credential
    print("db at", database_url.rsplit("@", 1)[-1])
    engine = create_engine(database_url)
    print(repr(engine.url), engine.dialect.name)
    print(engine.url.render_as_string(hide_password=True))
    print(engine.url.render_as_string(hide_password=False))  # beyond: logged-credential
    print(database_url)  # finding: logged-credential


def cookie_header(session_cookie_secret, site):
    kept = {"site": site, "n": [1, 2, session_cookie_secret]}
    print(kept["site"], kept["n"][0])
    print(kept["n"][2])  # finding: logged-credential
    print(kept)  # finding: logged-credential


def conditional_values(api_password, verbose):
    shown = api_password if verbose else "(hidden)"
    print("api", shown)  # finding: logged-credential
    label = "present" if api_password else "absent"
    print("api password", label)
    chosen = api_password or "none"
    print("api", chosen)  # finding: logged-credential
    flag = bool(api_password) and verbose
    print("api", flag)


def walrus_values():
    if (found := os.getenv("NPM_TOKEN")) is not None:
        print("npm", found)  # finding: logged-credential
    if (registry := os.getenv("NPM_REGISTRY")) is not None:
        print("npm", registry)
    print("again", (again := os.getenv("PYPI_API_TOKEN")))  # finding: logged-credential
    print("set:", again is not None)
    while (chunk := sys.stdin.readline()):
        print(chunk)


# sanitizers

def facts_about(secret_token):
    print(len(secret_token), bool(secret_token), type(secret_token))
    print(isinstance(secret_token, str), secret_token is None, secret_token is not None)
    print("token set" if secret_token else "token missing")
    print(type(secret_token).__name__, secret_token.__class__)
    print(id(secret_token), not secret_token)
    print("-" * len(secret_token))
    print(secret_token)  # finding: logged-credential


def digests(api_key, salt_bytes):
    digest = hashlib.sha256(api_key.encode()).hexdigest()
    logger.info("key digest %s", digest)
    logger.info("key digest %s", digest[:8])
    h = hashlib.blake2b(digest_size=16)
    h.update(api_key.encode())
    logger.info("key digest %s", h.hexdigest())
    logger.info("mac %s", hmac.new(api_key.encode(), b"ping", "sha256").hexdigest())
    logger.info("kdf %s", hashlib.pbkdf2_hmac("sha256", api_key.encode(), salt_bytes, 600_000).hex())
    logger.info("not a digest %s", api_key.encode().hex())  # finding: logged-credential


def maskers(api_key, session_password):
    logger.info("key %s", mask_secret(api_key))
    logger.info("key %s", redact(api_key))
    logger.info("pw %s", scrub({"password": session_password}))
    logger.info("pw %s", re.sub(r".", "*", session_password))
    logger.info("pw %s", "*" * len(session_password))
    logger.info("pw %s", re.sub(r"\s", "", session_password))  # finding: logged-credential


def replaced(cmd_output, sudo_password):
    text = cmd_output + " " + sudo_password
    logger.info(text.replace(sudo_password, "***"))
    logger.info(text)  # finding: logged-credential
    logger.info(cmd_output)


def encrypted(backup_passphrase, fernet_box):
    logger.info("stored %s", fernet_box.encrypt(backup_passphrase.encode()))
    encrypted_passphrase = fernet_box.encrypt(backup_passphrase.encode())
    logger.info("stored %s", encrypted_passphrase)
    opened = fernet_box.decrypt(encrypted_passphrase)
    logger.info("sealed %d bytes", len(opened))
    logger.info("opened %s", backup_passphrase)  # finding: logged-credential


def compared(otp_secret, others):
    print(otp_secret in others)
    print(others.index("x"), otp_secret not in others)
    print(any(hmac.compare_digest(otp_secret, o) for o in others))
    print(max(others, key=len))


def containers_without(db_login, creds_password):
    conf = {"user": db_login, "password": creds_password, "port": 5432}
    print({k: v for k, v in conf.items() if k != "password"})
    print({**conf, "password": "***"})
    print(list(conf), conf.keys(), len(conf), "password" in conf)
    for name in conf:
        print("setting", name)
    for name, val in conf.items():
        print("setting", name)
        print("setting", val)  # finding: logged-credential
    print(conf.get("port"), conf.get("user"))
    print(conf.values())  # finding: logged-credential
    conf["password"] = "***"
    print(conf)


def container_removal(client_token, agent):
    payload = {"agent": agent, "token": client_token, "secret": client_token}
    print(payload)  # finding: logged-credential
    payload.pop("token")
    del payload["secret"]
    print(payload)


def words_only():
    print("Enter your password:")
    logger.info("token refreshed")
    logger.info("Using API key from the environment (OPENAI_API_KEY)")
    logger.warning("secret rotation is due")
    logging.getLogger("secrets.rotation").info("done")
    logger.info("password=%s", "***")
    logger.info("Set the access_token option to enable uploads")
    print("Authorization: Bearer <token>")


def numbers_about_tokens(usage, tokens, text_tokens):
    print("prompt tokens", usage.prompt_tokens, "of", usage.total_tokens)
    print("max", usage.max_tokens, "num", usage.num_tokens)
    print(tokens[:10], text_tokens)
    print(f"cost per token {usage.token_cost:.6f}")


def lexer(source):
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        print(token)
        print(token.type, token.string)
    tree = ast.parse(source)
    print(ast.dump(tree))


def nlp(model, tokenizer, text):
    for token in tokenizer.tokenize(text):
        print(token)
    ids = tokenizer(text)["token_type_ids"]
    print(ids, tokenizer.pad_token, tokenizer.eos_token)
    print(tokenizer.special_tokens_map)


def keys_of_dicts(d, groups):
    for key, value in d.items():
        print(key, value)
    for key, rows in itertools.groupby(groups, key=lambda r: r.day):
        print(key, len(list(rows)))
    key = max(d, key=d.get)
    print(key)


def sorted_by(rows, sort_key, cache_key, primary_key):
    print("sorting by", sort_key)
    log.debug("cache key %s", cache_key)
    log.debug("pk %s", primary_key)


def veto_names(password_field, secret_name, token_url, key_file, api_key_header, token_ttl):
    print(password_field, secret_name, token_url)
    print(key_file, api_key_header, token_ttl)
    print(f"send it in the {api_key_header} header")


def db_metadata(table, foreign_key, unique_key):
    log.info("table %s fk %s uk %s", table, foreign_key, unique_key)


def password_rules(form, min_password_length, password_regex):
    print(f"at least {min_password_length} characters, {password_regex}")
    print(form.password_label, form.password_help_text)
    print(form["password"].errors, form.fields["password"].widget)


def check_results(user, password, stored_hash):
    ok = user.check_password(password)
    print("password ok:", ok)
    valid = verify_password(password, stored_hash)
    print(valid, validate_token(user.access_token))
    strength = password_strength(password)
    print("strength", strength)


def other_results(host, user, password):
    with psycopg2.connect(host=host, user=user, password=password) as db:
        print(db.server_version, db.status)
        with db.cursor() as cur:
            cur.execute("select count(*) from users where password_hash is null")
            print(cur.fetchone())
    resp = requests.get("https://status.acme.io/ping", auth=(user, password), timeout=2)
    print(resp.status_code, resp.reason, resp.elapsed)
    log.info("answer %s", resp.json()["state"])
    sess = requests.Session()
    sess.auth = (user, password)
    print(sess.get("https://status.acme.io/me", timeout=2).status_code)


# strong and weak updates

def overwritten(user):
    password = getpass.getpass()
    user.set_password(password)
    password = "***"
    print("password is now", password)


def overwritten_none(client):
    api_key = os.environ["DATADOG_API_KEY"]
    client.configure(api_key)
    api_key = None
    logger.info("configured, key=%s", api_key)


def overwritten_length():
    token = os.environ["CIRCLECI_TOKEN"]
    token = len(token)
    print(token)


def overwritten_masked():
    value = os.environ["LINEAR_API_KEY"]
    print("before", value)  # finding: logged-credential
    value = mask_secret(value)
    print("after", value)


def overwritten_by_secret():
    value = "nothing yet"
    print(value)
    value = os.environ["JIRA_API_TOKEN"]
    print(value)  # finding: logged-credential


def reused_name(session):
    x = keyring.get_password("acme", "deploy")
    session.auth = ("deploy", x)
    x = session.get("https://acme.io/api/v1/version", timeout=2).text
    print(x)


def tuple_swap(admin_token, request_no):
    a, b = admin_token, request_no
    a, b = b, a
    print(a)
    print(b)  # finding: logged-credential


def weak_branch(debug):
    value = os.environ["NOTION_TOKEN"]
    if not debug:
        value = "(hidden)"
    logger.info("notion: %s", value)  # beyond: logged-credential


def both_branches(debug):
    value = os.environ["ASANA_TOKEN"]
    if debug:
        value = "debug"
    else:
        value = "release"
    logger.info("asana: %s", value)


def early_return(quiet):
    value = os.environ["TRELLO_TOKEN"]
    if quiet:
        return value
    print("trello", value)  # finding: logged-credential
    return value


def branch_source(use_vault, path):
    if use_vault:
        login = hvac.Client().read(path)["data"]["password"]
    else:
        login = "local"
    log.debug("login is %s", login)  # finding: logged-credential


def elif_chain(kind):
    if kind == "user":
        shown = "alice"  # wrongly: default-credential
    elif kind == "host":
        shown = os.environ["DB_HOST"]
    elif kind == "auth":
        shown = os.environ["DB_PASS"]
    else:
        shown = ""
    print(shown)  # finding: logged-credential


# loops

def loop_carried(accounts):
    previous = ""
    for acc in accounts:
        print("before this one:", previous)  # finding: logged-credential
        print("this one:", acc.email)
        previous = acc.password


def loop_reset(accounts):
    current = ""
    for acc in accounts:
        current = acc.email
        print("this one:", current)
        current = acc.refresh_token
        acc.refresh(current)


def loop_over_secrets(accounts):
    for pw in [a.password for a in accounts]:
        print(pw)  # finding: logged-credential
    for mail in [a.email for a in accounts]:
        print(mail)


def collected(accounts):
    mails, found = [], []
    for a in accounts:
        mails.append(a.email)
        found.append(a.access_token)
    print(mails)
    print(found)  # finding: logged-credential
    print(len(found))


def collected_dict(accounts):
    by_mail = {}
    for a in accounts:
        by_mail[a.email] = a.api_secret
    print(sorted(by_mail))
    print(by_mail)  # finding: logged-credential
    print(by_mail.keys())


def zipped(names):
    values = [os.environ["A_SECRET"], os.environ["B_SECRET"]]
    for n, v in zip(names, values):
        print(n)
        print(v)  # finding: logged-credential
    for i, v in enumerate(values):
        print(i)


def while_retry(session_key_password):
    attempt = 0
    while attempt < 3:
        attempt += 1
        print("attempt", attempt)
        if unlock(session_key_password):
            break
        print("failed with", session_key_password)  # finding: logged-credential


def generator_rows(conf) -> Iterator[str]:
    yield conf["db_password"]


def generator_hosts(conf) -> Iterator[str]:
    yield conf["db_host"]


def consume(conf):
    for item in generator_hosts(conf):
        print(item)
    for item in generator_rows(conf):
        print(item)  # finding: logged-credential


# with, try, match

def secret_file():
    with open("/run/secrets/db_password") as fh:
        db_password = fh.read().strip()
    with open("/etc/hostname") as fh:
        hostname = fh.read().strip()
    print("on", hostname)
    print("db", db_password)  # finding: logged-credential


def with_target(vault):
    with vault.lease("db") as lease:
        print(lease.ttl)
    with vault.checkout("db") as root_password:
        print(root_password)  # finding: logged-credential
    with contextlib.suppress(KeyError):
        print(os.environ["GITLAB_TOKEN"])  # finding: logged-credential


def carried_by_exception(api_token, uid):
    try:
        raise PermissionError(f"{uid}: {api_token} refused")
    except PermissionError as exc:
        logger.warning("skipping %s", uid)
        logger.warning("skipping: %s", exc)  # finding: logged-credential


def carried_by_args(raw_secret):
    problem = ValueError("bad secret", raw_secret)
    harmless = ValueError("bad secret", len(raw_secret))
    logger.error("rejected: %s", harmless)
    logger.error("rejected: %s", problem)  # finding: logged-credential


def not_carried(api_token, client):
    try:
        client.login(api_token)
    except ConnectionError as exc:
        logger.error("login failed: %s", exc)
        traceback.print_exc()
    except KeyError as exc:
        print(exc)
    finally:
        logger.info("login finished")


def assigned_in_try(vault):
    got = None
    try:
        got = vault.read_secret("smtp")
    except LookupError:
        print("no entry")
    else:
        print("entry", got)  # finding: logged-credential
    finally:
        print("vault closed")


def matched(event):
    match event:
        case {"type": "login", "user": user, "password": given}:
            print("user", user)
            print("given", given)  # finding: logged-credential
        case {"type": "logout", "user": user}:
            print("bye", user)
        case {"type": "ping", "token_type": kind}:
            print(kind)


# unpacking and containers

def unpacking():
    user, pw, *rest = "svc", os.environ["SVC_PASSWORD"], 1, 2
    print(user, rest)
    print(pw)  # finding: logged-credential
    (host, port), tok = ("db.internal", 5432), os.environ["DB_TOKEN"]
    print(host, port)
    print(tok)  # finding: logged-credential


def by_index(oauth_secret, oauth_id):
    pair = (oauth_id, oauth_secret)
    print(pair[0])
    print(pair[1])  # finding: logged-credential
    ident, sec = pair
    print(ident)
    print(sec)  # finding: logged-credential


def nested_containers(redis_auth_token):
    conf = {"redis": {"host": "r1", "auth": redis_auth_token}, "workers": [1, 2]}
    print(conf["redis"]["host"], conf["workers"])
    print(conf["redis"]["auth"])  # finding: logged-credential
    print(conf["redis"])  # finding: logged-credential
    print(conf["workers"])


def dict_call(ftp_passwd):
    opts = dict(host="ftp.acme.io", passwd=ftp_passwd)
    more = opts | {"port": 21}
    print(more["port"], more["host"])
    print(more)  # finding: logged-credential
    opts.update(passwd="")
    print(opts)


def copies(registry_password):
    base = {"user": "ci", "password": registry_password}
    shown = copy.deepcopy(base)
    shown["password"] = "******"
    print(shown)
    shown = base.copy()
    print(shown)  # finding: logged-credential


def named_tuple():
    class Login(NamedTuple):
        user: str
        secret: str

    entry = Login("etl", os.environ["ETL_SECRET"])
    print(entry.user)
    print(entry.secret)  # finding: logged-credential
    Point = collections.namedtuple("Point", "x y")
    print(Point(1, 2))


@dataclasses.dataclass
class Upstream:
    host: str
    auth_token: str = dataclasses.field(repr=False)
    timeout: float = 3.0


def dataclass_fields(u: Upstream):
    print(u)
    print(u.host, u.timeout)
    print(dataclasses.asdict(u)["auth_token"])  # finding: logged-credential
    print(dataclasses.replace(u, host="b").host)


def dict_comprehension(accounts):
    secrets_by_id = {a.id: a.client_secret for a in accounts}
    lengths_by_id = {a.id: len(a.client_secret) for a in accounts}
    print(lengths_by_id)
    print([s for s in secrets_by_id.values()])  # finding: logged-credential
    print([i for i in secrets_by_id])


# classes

class Uploader:
    retries = 3

    def __init__(self, bucket):
        self._bucket = bucket
        self._value = os.environ["UPLOAD_API_KEY"]
        self._digest = hashlib.sha1(self._value.encode()).hexdigest()

    def start(self):
        logger.info("bucket %s, retries %s", self._bucket, self.retries)
        logger.info("auth %s", self._value)  # finding: logged-credential
        logger.info("auth digest %s", self._digest)

    @property
    def header(self):
        return {"Authorization": "Bearer " + self._value}

    @property
    def target(self):
        return f"s3://{self._bucket}"

    def trace(self):
        logger.debug("target %s", self.target)
        logger.debug("header %s", self.header)  # finding: logged-credential

    def describe(self):
        return f"{self._bucket} x{self.retries}"


class CleanedUploader:
    def __init__(self):
        self.value = os.environ["CLEANED_API_KEY"]
        self.value = "loaded"

    def start(self):
        logger.info("state %s", self.value)


class BaseSession:
    def __init__(self, entry):
        self.entry = entry
        self._cred = entry.fetch()["password"]


class ChattySession(BaseSession):
    def open(self):
        print("opening", self.entry)
        print("opening with", self._cred)  # finding: logged-credential


class LoginTest(unittest.TestCase):
    def setUp(self):
        self.pw = os.environ["E2E_PASSWORD"]
        self.page = "https://shop.acme.io/login"

    def test_login(self):
        print("page", self.page)
        print("pw", self.pw)  # finding: logged-credential
        self.assertTrue(self.pw)


# globals, closures, helpers

_state: dict[str, Any] = {}
_active_entry = None
_active_host = None


def load_globals():
    global _active_entry, _active_host
    _active_entry = os.environ["PORTAL_PASSWORD"]
    _active_host = os.environ["PORTAL_HOST"]


def show_globals():
    print(_active_host)
    print(_active_entry)  # finding: logged-credential


def closure():
    hidden = os.environ["CLOSURE_SECRET"]
    visible = os.environ["CLOSURE_REGION"]

    def inner():
        print(visible)
        print(hidden)  # finding: logged-credential

    return inner


def nonlocal_value():
    box = "empty"

    def fill():
        nonlocal box
        box = os.environ["BOX_SECRET"]

    fill()
    print(box)  # finding: logged-credential


def shadowed(password_source):
    def show(password=None):
        return password is None

    token = [t for t in "a b c".split()]
    print(show(), token)


def lambda_sink():
    emit = lambda v: logger.info("value %s", v)  # finding: logged-credential
    emit(os.environ["LAMBDA_SECRET"])
    emit_clean = lambda v: logger.info("value %s", v)
    emit_clean(os.environ["LAMBDA_REGION"])


def helper_return():
    return os.environ["HELPER_API_KEY"]


def helper_return_region():
    return os.environ["HELPER_REGION"]


def helper_pair():
    return "svc-export", helper_return()


def use_helpers():
    print(helper_return_region())
    print(helper_return())  # finding: logged-credential
    who, what = helper_pair()
    print(who)
    print(what)  # finding: logged-credential


def passthrough(value, suffix=""):
    return f"<{value}>{suffix}"


def measure(value):
    return f"{len(value)} characters"


def use_passthrough(signing_secret):
    print(passthrough("abc", suffix="!"))
    print(measure(signing_secret))
    print(passthrough(signing_secret))  # finding: logged-credential


def emit_line(prefix, line):
    logger.info("%s %s", prefix, line)  # finding: logged-credential


def emit_line_quiet(prefix, line):
    logger.info("%s %s", prefix, len(line))


def emit_calm(prefix, line):
    logger.info("%s %s", prefix, line)


def use_emit(storage_account_key):
    emit_line("storage", storage_account_key)
    emit_line_quiet("storage", storage_account_key)
    emit_calm("storage", "ready")


def outer_step(data):
    inner_step(data, 1)


def inner_step(data, depth):
    print(depth)
    print(data)  # finding: logged-credential


def start_steps():
    outer_step(os.environ["STEP_SECRET"])


def walk(node, depth=0):
    print("  " * depth, node)  # finding: logged-credential
    if depth < 3:
        walk(node, depth + 1)


def start_walk(login):
    walk(login.password)


def fill_headers(headers, value):
    headers["X-Auth"] = value


def use_fill_headers(partner_api_key):
    hs = {"Accept": "application/json"}
    print(hs)
    fill_headers(hs, partner_api_key)
    print(hs["Accept"])
    print(hs)  # finding: logged-credential


def defaults_to_env(value=None):
    value = value or os.environ["DEFAULTED_TOKEN"]
    print(value)  # finding: logged-credential


def partials(deploy_token):
    note = functools.partial(logger.info, "deploy %s")
    note("api-gateway")
    note(deploy_token)  # finding: logged-credential
    shout = functools.partial(print, "deploying", flush=True)
    shout("now")
    join2 = functools.partial("{}-{}".format, "key")
    print(join2(deploy_token))  # beyond: logged-credential


def traced(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        logger.debug("calling %s", fn.__name__)
        logger.debug("calling with %s", kwargs)  # beyond: logged-credential
        return fn(*args, **kwargs)

    return wrapper


def timed(fn):
    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        logger.debug("%s got %d arguments", fn.__name__, len(kwargs))
        return fn(*args, **kwargs)

    return wrapper


@traced
def bind_ldap(user, password):
    return user, bool(password)


@timed
def bind_radius(user, password):
    return user, bool(password)


def use_decorated():
    entered = getpass.getpass("LDAP: ")
    print(bind_ldap(user="bob", password=entered)[0])
    print(bind_radius(user="bob", password=entered)[1])


def star_kwargs(**options):
    logger.info("timeout %s", options.get("timeout"))
    logger.info("secret %s", options.get("client_secret"))  # finding: logged-credential
    logger.info("options %s", sorted(options))


# async, lambda handlers, bots

async def fetch_token(session, url):
    async with session.post(url, json={"grant_type": "client_credentials"}) as resp:
        data = await resp.json()
    logger.info("scope %s", data["scope"])
    logger.info("token %s", data["access_token"])  # finding: logged-credential
    return data


async def gather_all():
    key = await load_api_key("maps")
    places = await asyncio.sleep(0, result=["a", "b"])
    print(places)
    print(key)  # finding: logged-credential


def lambda_handler(event, context):
    print("request", context.aws_request_id)
    print("stage", event["requestContext"]["stage"])
    print("auth", event["headers"]["Authorization"])  # finding: logged-credential
    print("host", event["headers"]["Host"])
    return {"statusCode": 204}


class Bot:
    def __init__(self, bot_token: str, channel: str):
        self.bot_token = bot_token
        self.channel = channel

    async def on_ready(self):
        print(f"connected to {self.channel}")
        print(f"connected with {self.bot_token}")  # finding: logged-credential

    async def on_error(self, message):
        print(message.content, message.author)
        print(hashlib.sha256(self.bot_token.encode()).hexdigest())


def orm_user(session, User):
    u = session.query(User).filter_by(email="a@acme.io").one()
    print(u.id, u.email, u.password_hash, u.token_expires_at)
    print(u.otp_secret)  # finding: logged-credential
    rows = session.execute("select id, email from users").fetchall()
    print(rows)


def pandas_like(df):
    print(df["token_count"].mean(), df["key_size"].max())
    print(df["password_length"].describe())
    print(df["sort_key"].unique())


def notebook_cell():
    client = boto3.client("bedrock-runtime")
    answer = client.invoke_model(modelId="m", body=json.dumps({"max_tokens": 200}))
    print(answer["ResponseMetadata"]["HTTPStatusCode"])
    usage = json.loads(answer["body"].read())["usage"]
    print(usage["input_tokens"], usage["output_tokens"])


if __name__ == "__main__":
    logging.basicConfig(level=os.environ.get("LOG_LEVEL", "INFO"))
    start = os.environ.get("START_DATE")
    logger.info("starting at %s", start)
    cli_secret = os.environ.get("MAIN_CLIENT_SECRET")
    logger.info("secret loaded: %s", cli_secret is not None)
    logger.info("secret %s", cli_secret)  # finding: logged-credential


def names_of_what_is_set(values, vault):
    for name in list(values):
        if name in vault.known:
            raise ValueError(f"{name} is given twice")
        values["api_key"] = vault.get_secret()
    for name in values:
        print(name)
    print(values["api_key"])  # finding: logged-credential
