from __future__ import annotations

import argparse
import dataclasses
import inspect
import json
import logging
import os
import platform
import pprint
import subprocess
import sys
from dataclasses import dataclass
from os import environ
from types import SimpleNamespace

import click
import httpx
import requests
import sentry_sdk
import structlog
import yaml
from django.conf import settings as django_settings
from django.http import HttpResponse
from dotenv import dotenv_values
from fastapi import FastAPI, Request
from flask import Flask, current_app, request
from pydantic_settings import BaseSettings
from rich.console import Console
from sqlalchemy import create_engine

logger = logging.getLogger(__name__)
slog = structlog.get_logger()
console = Console()
flask_app = Flask(__name__)
api = FastAPI()


# whole process environments

def dump_environment():
    print(len(os.environ), "variables")
    print(os.environ)  # finding: logged-environment
    print(os.environ["HOME"])
    print(sorted(os.environ))
    print(list(os.environ.keys()))


def dump_as_dict():
    logger.debug("environment: %s", dict(os.environ))  # finding: logged-environment
    logger.debug("environment: %d entries", len(dict(os.environ)))
    logger.debug("LANG: %s", dict(os.environ)["LANG"])


def dump_pretty():
    snapshot = os.environ.copy()
    pprint.pprint(snapshot)  # finding: logged-environment
    pprint.pprint(sorted(snapshot))
    subprocess.run(["env"], env=snapshot, check=False)
    snapshot = {"PATH": "/usr/bin"}
    pprint.pprint(snapshot)


def dump_json():
    print(json.dumps(dict(environ), indent=2))  # finding: logged-environment
    print(json.dumps({"path": environ["PATH"], "tz": environ.get("TZ")}, indent=2))


def dump_loop():
    for name in os.environ:
        print(name)
    for name, value in os.environ.items():
        print("checking", name)
        print(name, "=", value)  # finding: logged-environment


def dump_joined():
    text = "\n".join(f"{k}={v}" for k, v in os.environ.items())
    sys.stderr.write(text)  # finding: logged-environment
    names = "\n".join(k for k in os.environ)
    sys.stderr.write(names)


def dump_masked():
    safe = {k: "***" for k in os.environ}
    print(safe)
    lengths = {k: len(v) for k, v in os.environ.items()}
    print(lengths)


def dump_spread(stage):
    merged = {**os.environ, "STAGE": stage}
    console.print(merged)  # finding: logged-environment
    console.print(merged["STAGE"])
    console.print({"STAGE": stage})


def lambda_entry(event, context):
    print("function", context.function_name, context.memory_limit_in_mb)
    print("## ENVIRONMENT VARIABLES")
    print(os.environ)  # finding: logged-environment
    print("## HEADERS")
    print(event["headers"])  # finding: logged-environment
    print(event["headers"]["x-forwarded-for"])
    print(event["httpMethod"], event["path"])
    return {"statusCode": 200}


def crash_report(err):
    sentry_sdk.set_context("runtime", {"python": platform.python_version()})
    sentry_sdk.set_context("env", dict(os.environ))  # finding: logged-environment
    sentry_sdk.capture_exception(err)


def dotenv_dump():
    values = dotenv_values(".env")
    click.echo(f"{len(values)} settings in .env")
    click.echo(values)  # finding: logged-environment
    click.echo(", ".join(values))


def env_of_child():
    out = subprocess.check_output(["printenv"], text=True)
    logger.info("child environment:\n%s", out)  # finding: logged-environment
    out = subprocess.check_output(["uname", "-a"], text=True)
    logger.info("kernel:\n%s", out)


def failing_import():
    try:
        import uvloop
    except ImportError:
        raise RuntimeError(f"uvloop is missing, environment was {os.environ}")  # finding: logged-environment
    if "PATH" not in os.environ:
        raise RuntimeError(f"PATH is missing on {platform.node()}")
    return uvloop


# settings objects

class AppSettings(BaseSettings):
    debug: bool = False
    host: str = "0.0.0.0"
    database_password: str
    openai_api_key: str


settings = AppSettings()


def start_service():
    logger.info("debug=%s host=%s", settings.debug, settings.host)
    logger.info("settings: %s", settings.model_dump())  # finding: logged-environment
    logger.info("settings: %s", settings.model_dump(include={"debug", "host"}))
    logger.info("settings: %s", settings.model_dump_json())  # finding: logged-environment
    logger.info("fields: %s", list(AppSettings.model_fields))


def show_settings():
    print(settings)  # finding: logged-environment
    print(type(settings))
    print(vars(settings))  # finding: logged-environment
    print(f"debug is {'on' if settings.debug else 'off'}")
    print(settings.__dict__)  # finding: logged-environment
    print(settings.__class__.__name__)


def show_settings_keys():
    print(sorted(vars(settings)))
    print(settings.model_dump().keys())
    print(settings.model_dump()["host"])


def django_debug():
    print(django_settings.DEBUG, django_settings.ALLOWED_HOSTS)
    print(django_settings.__dict__)  # finding: logged-environment
    print(django_settings.INSTALLED_APPS)
    logger.debug("tz %s", django_settings.TIME_ZONE)


def flask_config():
    flask_app.logger.info("debug %s", flask_app.config["DEBUG"])
    flask_app.logger.info("config %s", flask_app.config)  # finding: logged-environment
    flask_app.logger.info("config has %d keys", len(flask_app.config))
    flask_app.logger.info("max upload %s", current_app.config.get("MAX_CONTENT_LENGTH"))


def flask_config_loop():
    for key in sorted(current_app.config):
        print(key)
    print(dict(current_app.config))  # finding: logged-environment


@dataclass
class DeployConfig:
    region: str
    registry_password: str
    replicas: int = 2


@dataclass
class GridConfig:
    rows: int
    columns: int


def deploy(config: DeployConfig, grid: GridConfig):
    slog.info("deploy", region=config.region, replicas=config.replicas)
    slog.info("deploy", config=dataclasses.asdict(config))  # finding: logged-environment
    slog.info("grid", grid=dataclasses.asdict(grid))
    print(grid)
    print([f.name for f in dataclasses.fields(config)])


# headers

@flask_app.before_request
def trace_request():
    logger.debug("%s %s", request.method, request.path)
    logger.debug("headers: %s", request.headers)  # finding: logged-environment
    logger.debug("headers: %s", dict(request.headers))  # finding: logged-environment
    logger.debug("agent: %s", request.headers["User-Agent"])
    logger.debug("type: %s", request.headers.get("Content-Type"))
    logger.debug("names: %s", list(request.headers.keys()))


@api.middleware("http")
async def trace_api(req: Request, call_next):
    logger.info("%s %s from %s", req.method, req.url.path, req.client.host)
    logger.info("headers %s", dict(req.headers))  # finding: logged-environment
    logger.info("accept %s", req.headers.get("accept"))
    response = await call_next(req)
    logger.info("status %s", response.status_code)
    return response


def django_view(request):
    print(request.method, request.get_full_path_info())
    print(request.META)  # finding: logged-environment
    print(request.META["REMOTE_ADDR"], request.META.get("HTTP_REFERER"))
    print(request.headers.items())  # finding: logged-environment
    return HttpResponse(status=204)


def session_headers(partner_headers):
    s = requests.Session()
    s.headers.update(partner_headers)
    s.headers["Accept"] = "application/json"
    print(s.headers)  # finding: logged-environment
    print(s.headers["Accept"])
    print(len(s.headers), s.verify, s.max_redirects)


def sent_headers(url_path, access_token):
    answer = httpx.get(
        f"https://api.acme.io/{url_path}", headers={"Authorization": f"Bearer {access_token}"}
    )
    print(answer.status_code, answer.headers["content-type"])
    print(answer.request.headers)  # finding: logged-environment
    print(answer.request.method)


# locals and namespaces

def connect_db(host, password):
    logger.debug("connecting: %s", locals())  # finding: logged-environment
    logger.debug("connecting: %s", host)
    logger.debug("names: %s", sorted(locals()))
    return create_engine("postgresql+psycopg2://", connect_args={"host": host, "password": password})


def resize(width, height, keep_ratio=True):
    logger.debug("resize %s", locals())
    return (width, height, keep_ratio)


def unpack_login(user, api_secret):
    print("login {user}".format(**locals()))
    print(inspect.currentframe().f_locals)  # finding: logged-environment
    print(inspect.currentframe().f_lineno)


def plain_cli():
    ap = argparse.ArgumentParser()
    ap.add_argument("--input")
    ap.add_argument("--verbose", action="store_true")
    ns = ap.parse_args()
    print(vars(ns))
    print(ns)


def namespaces():
    size = SimpleNamespace(width=3, height=4)
    print(vars(size), size.__dict__)
    print(yaml.safe_dump({"headers": ["a", "b"], "environment": "staging"}))
    print("environment:", os.environ.get("APP_ENV", "dev"))


class Worker:
    def __init__(self, queue, broker_password):
        self.queue = queue
        self.broker_password = broker_password

    def start(self):
        logger.info("worker on %s", self.queue)
        logger.info("worker %s", self.__dict__)  # finding: logged-environment
        logger.info("worker %s", sorted(self.__dict__))
        logger.info("worker %s", vars(self))  # finding: logged-environment


class Shape:
    def __init__(self, sides):
        self.sides = sides

    def show(self):
        print(self.__dict__)
        print(vars(self))


def csv_headers(reader, table):
    headers = next(reader)
    print(headers)
    print(table.headers)
    environment = {"name": "staging", "replicas": 3}
    print(environment)
