from __future__ import annotations

import hashlib
import logging
import os
import sys
from datetime import datetime

import boto3
import click
import httpx
import sentry_sdk
import structlog
from fastapi import HTTPException
from loguru import logger as trace_log

logger = logging.getLogger(__name__)
slog = structlog.get_logger()


# heads and tails of keys

def head_of_key():
    api_key = os.environ["OPENAI_API_KEY"]
    logger.info("OpenAI key %s...", api_key[:4])  # finding: partial-credential
    logger.info("OpenAI key has %d characters", len(api_key))
    logger.info("OpenAI key looks right: %s", api_key.startswith("sk-"))
    client = httpx.Client(headers={"Authorization": f"Bearer {api_key}"})
    return client


def tail_of_token(access_token, access_token_id):
    print(f"using token ...{access_token[-4:]}")
    print(f"using token id ...{access_token_id[-4:]}")
    print(f"using token {access_token[-12:]}")


def both_ends(secret_key):
    click.echo(f"{secret_key[:2]}...{secret_key[-2:]}")  # finding: partial-credential
    click.echo("*" * len(secret_key))
    click.echo(f"{secret_key[:24]}...")  # finding: logged-credential


def short_variable():
    token = os.getenv("SLACK_BOT_TOKEN", "")
    hint = token[:3]
    logger.debug("token kind %s", hint)  # finding: partial-credential
    hint = "none" if not token else "some"
    logger.debug("token kind %s", hint)


def most_of_it(client_secret):
    slog.info("client", tail=client_secret[-3:])  # finding: partial-credential
    slog.info("client", rest=client_secret[3:])  # finding: logged-credential
    slog.info("client", present=bool(client_secret[3:]))


def dropped_tail(password):
    logger.warning("password without its end: %s", password[:-2])  # finding: logged-credential
    logger.warning("password length: %d", len(password[:-2]))


def added_stars(db_password):
    print(db_password[:1] + "*" * 7)  # finding: partial-credential
    print("*" * 8)


# helpers

def shorten(value: str) -> str:
    return value[:4] + "..."


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def mask_token(value: str) -> str:
    return "*" * 8


def use_helpers(webhook_secret, commit):
    logger.info("hook %s", shorten(webhook_secret))  # finding: partial-credential
    logger.info("hook %s", digest(webhook_secret))
    logger.info("hook %s", mask_token(webhook_secret))
    logger.info("commit %s", shorten(commit))


def log_tail(label, value):
    logger.info("%s ends in %s", label, value[-4:])


def use_log_tail(auth_token):
    log_tail("auth", auth_token)


class Client:
    def __init__(self, api_token, base):
        self.api_token = api_token
        self.base = base
        self._hint = api_token[:4]

    def announce(self):
        trace_log.info("client for {}", self.base[:4])
        trace_log.info("client with {}", self._hint)
        trace_log.info("client with {}", hashlib.md5(self.api_token.encode()).hexdigest()[:4])


# other sinks

def reject(bearer_token):
    if len(bearer_token) < 20:
        raise HTTPException(401, detail="token is too short")
    raise HTTPException(401, detail=f"token {bearer_token[:4]} is unknown")


def crash(private_key, err):
    sentry_sdk.set_tag("key", private_key[-4:])  # finding: partial-credential
    sentry_sdk.set_tag("key_present", private_key is not None)
    sentry_sdk.capture_exception(err)


def aws_identity():
    creds = boto3.Session().get_credentials().get_frozen_credentials()
    sys.stderr.write("secret ends in " + creds.secret_key[-4:] + "\n")  # finding: partial-credential
    sys.stderr.write("account " + boto3.client("sts").get_caller_identity()["Account"][-4:] + "\n")


def percent_format(signing_key, kid):
    print("signing key %s..." % signing_key[0:4])  # finding: partial-credential
    print("kid %s..." % kid[0:4])


def extra_field(refresh_token, trace_id):
    logger.info("refresh", extra={"token_end": refresh_token[-4:]})
    logger.info("refresh", extra={"trace": trace_id[:4]})


# slices of other things

def slices_of_data(tokens, rows, text, card):
    print(tokens[:4], tokens[-4:])
    print(rows[:4])
    print(text[:4])
    print(card.last4)
    print(datetime.now().isoformat()[:4])


def slices_of_names(secret_name, token_url, password_hash, public_key):
    logger.info("secret %s", secret_name[:4])
    logger.info("token url %s", token_url[:4])
    logger.info("hash scheme %s", password_hash[:4])
    logger.info("public key %s", public_key[:4])


def slices_of_keys(mapping):
    for key in sorted(mapping)[:4]:
        print(key)
    print(list(mapping.keys())[-4:])


def overwritten():
    secret = os.environ["GRAFANA_SECRET"]
    secret = digest(secret)
    print(secret[:4])


def slice_not_shown(api_key, pool):
    shard = hash(api_key[:4]) % 8
    print("shard", shard)
    print("known prefix:", api_key[:4] in pool)
