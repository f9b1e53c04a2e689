"""Assorted clients, settings and scripts that build URLs."""
import asyncio
import base64
import hashlib
import http.client
import json
import logging
import os
import string
import subprocess
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from getpass import getpass
from typing import Any, Optional
from urllib.parse import parse_qs, quote, quote_plus, urlencode, urljoin, urlparse, urlunsplit

import aiohttp
import boto3
import feedparser
import furl
import httpx
import keyring
import pandas as pd
import pika
import pymongo
import redis
import requests
import sqlalchemy as sa
import streamlit as st
import urllib3
import websockets
import yarl
from celery import Celery
from decouple import config
from django.conf import settings
from dotenv import dotenv_values
from fastapi import FastAPI
from flask import Flask, redirect, request, url_for
from git import Repo
from pydantic import AnyUrl, BaseModel, SecretStr
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import create_async_engine

log = logging.getLogger(__name__)


# --- settings modules -------------------------------------------------------

WAREHOUSE_URL = "postgresql+psycopg2://etl_rw:Vq8zR2mTw6xKp@warehouse.prod.quillmark.io:5432/dwh"  # finding: credential-in-url
WAREHOUSE_RO_URL = "postgresql+psycopg2://etl_ro@warehouse.prod.quillmark.io:5432/dwh"
WAREHOUSE_DOC_URL = "postgresql+psycopg2://<user>:<password>@<host>:5432/dwh"
LOCAL_STORE = "sqlite:////var/lib/quillmark/state.db"
MEMORY_STORE = "sqlite+aiosqlite:///:memory:"

CELERY_BROKER = "amqps://celery:tY7uHn3bLq0Z@mq-2.quillmark.io:5671/prod"  # finding: credential-in-url
CELERY_RESULT = "rediss://:9fKd2LxQw8Zr4Tn@cache-1.quillmark.io:6380/2"  # finding: credential-in-url
CELERY_RESULT_OPEN = "redis://cache-1.quillmark.io:6379/2"
CELERY_RPC = "rpc://"

MONGO_CLUSTER = (
    "mongodb+srv://reporting:"  # finding: credential-in-url
    "Xw4nPz7cRb1s"
    "@cluster0.ab12x.mongodb.net/?retryWrites=true&w=majority"
)
MONGO_X509 = "mongodb+srv://cluster0.ab12x.mongodb.net/?authSource=%24external&authMechanism=MONGODB-X509"

PIP_EXTRA_INDEX_URL = "https://ci-reader:m3Gq9Vt2Zy8Lw5@pypi.quillmark.io/simple/"  # finding: credential-in-url
PIP_INDEX_URL = "https://pypi.org/simple/"
PIP_TRUSTED = "https://pypi.quillmark.io:8443/simple/"

HTTPS_PROXY = "http://svc-proxy:Kp2wZ8rT5v@proxy.quillmark.io:3128"  # finding: credential-in-url
NO_PROXY = "localhost,127.0.0.1,.quillmark.io"

EMAIL_URL = "smtp+tls://mailer%40quillmark.io:bN6xTq1Zr9@smtp.eu.mailhost.net:587"  # finding: credential-in-url
EMAIL_SUPPORT = "mailto:security@quillmark.io?subject=password%20reset"

ELASTIC_HOSTS = [
    "https://es-1.quillmark.io:9200",
    "https://kibana_system:hQ5rWm0zXc8T@es-2.quillmark.io:9200",  # finding: credential-in-url
]

JDBC_URL = "jdbc:mysql://db.quillmark.io:3306/crm?user=crm_app&password=Zt7Lq3Xw9bN&useSSL=true"  # finding: credential-in-url
JDBC_URL_IAM = "jdbc:mysql://db.quillmark.io:3306/crm?user=crm_app&useSSL=true&passwordCharacterEncoding=utf8"

DATABASES_MAP = {
    "default": "mysql://crm:7hVw2nQzR4@db-a.quillmark.io/crm",  # finding: credential-in-url
    "replica": "mysql://crm@db-b.quillmark.io/crm",
    "template": "mysql://${DB_USER}:${DB_PASS}@db-c.quillmark.io/crm",
    "helm": "mysql://{{ .Values.user }}:{{ .Values.password }}@db-d.quillmark.io/crm",
}

FTP_DROP = "ftp://partner17:Qz81-mRtw@files.partner-edi.net/inbound/"  # finding: credential-in-url
FTP_ANON = "ftp://files.partner-edi.net/pub/"
SFTP_DROP = "sftp://partner17@files.partner-edi.net:22/inbound/"

SNOWFLAKE_ALCHEMY = "snowflake://LOADER:uB9xKq2vT6@xy12345.eu-west-1/RAW/PUBLIC?warehouse=LOAD_WH"  # finding: credential-in-url
SNOWFLAKE_SSO = "snowflake://LOADER@xy12345.eu-west-1/RAW/PUBLIC?warehouse=LOAD_WH&authenticator=externalbrowser"

LDAP_BIND = "ldap://svc_ldap:f7Rw2Zx9Lp@dc1.quillmark.io:389/dc=quillmark,dc=io"  # finding: credential-in-url
LDAP_SERVER = "ldaps://dc1.quillmark.io:636/dc=quillmark,dc=io??sub?(objectClass=person)"


# --- webhook endpoints and pre-signed links -----------------------------------

DEPLOY_NOTIFY = "https://hooks.slack.com/services/T03KX[cut]9QWLM/B04RTZ2PNQV/x8KqLw3ZtRv6YbNc1HdMs0Pf"  # finding: credential-in-url
DEPLOY_NOTIFY_DOC = "https://hooks.slack.com/services/XXXXXXXXX/XXXXXXXXX/XXXXXXXXXXXXXXXXXXXXXXXX"
SLACK_API = "https://slack.com/api/chat.postMessage"
INCIDENT_HOOK = "https://discord.com/api/webhooks/11483[cut]92047561830214/kVq9_ZtR3wLxY7pB2nMs8HcJd5FgT0uKqWe4ArXi6OzLvNb1CyPjSmDhGfEa"  # finding: credential-in-url
DISCORD_GUILD = "https://discord.com/api/guilds/1148392047561830214/webhooks"
INVITE_LINK = "https://discord.com/channels/1148392047561830214/1148392047561830299"
TEAMS_HOOK = "https://quillmark.webhook.office.com/webhookb2/4b1d[cut]7c20-93ae-4f1b-8d25-6e7a90c1b3f4@9c8e1f27-5a3d-4b60-b1c2-7d4e8f9a0b13/IncomingWebhook/3f9a7c1e5b2d4806a7e19c3d5f8b2046/1e7d3c5a-8b9f-4260-a1c3-5d7e9f1b3a2c"  # finding: credential-in-url
MAPS_JS = "https://maps.googleapis.com/maps/api/js?libraries=places&key=AIza[cut]SyB7kQw2ZxR9tLmV4nYpH6cJd1FgT3uKs"  # finding: credential-in-url
MAPS_JS_BARE = "https://maps.googleapis.com/maps/api/js?libraries=places&key=YOUR_API_KEY"
MAPS_EMBED = "https://www.google.com/maps/embed?pb=!1m18!1m12!1m3!1d2483.5"
EXPORT_BLOB = "https://qmexports.blob.core.windows.net/daily/latest.parquet?sv=2022-11-02&sr=b&sp=r&sig=Vt7[cut]zQ9kLw2XrB4nYp6HcJd1FgT3uKsM8eA5oZi0%3D"  # finding: credential-in-url
EXPORT_BLOB_PLAIN = "https://qmexports.blob.core.windows.net/daily/latest.parquet?sv=2022-11-02&sr=b"
SHORT_LINK = "https://qm.io/a9F3xKq2"
GIST_RAW = "https://gist.githubusercontent.com/qm/3f9a7c1e5b2d4806a7e19c3d5f8b2046/raw/config.json"
MEDIUM_POST = "https://medium.com/@quillmark/rotating-your-api-keys-1e7d3c5a8b9f"
UNPKG = "https://unpkg.com/@auth0/auth0-spa-js@2.1.3/dist/auth0-spa-js.production.js"
CDN_HASH = "https://cdn.quillmark.io/app.js?v=7c1e5b2d4806a7e19c3d5f8b"
FEED_URL = "https://status.quillmark.io/history.rss?access_token=q7Zt2Lx9Vw4Kp8Rn"  # finding: credential-in-url
FEED_PUBLIC = "https://status.quillmark.io/history.rss?token_type=bearer&page=1"
DOCS_ANCHOR = "https://docs.quillmark.io/reference?section=auth#api_key"
DOCS_PASSWORD = "https://docs.quillmark.io/guides/password?lang=en&secret_type=opaque"
HELP_RESET = "https://app.quillmark.io/reset-password?step=2&password_changed=1"
CURSOR_URL = "https://api.quillmark.io/items?next_page_token=CAUQAAx7Kq2&max_tokens=200"


# --- REST clients -----------------------------------------------------------

class WeatherClient:
    base = "https://api.openweather-mirror.net/data/3.0"

    def __init__(self, api_key: str, units: str = "metric"):
        self.api_key = api_key
        self.units = units
        self.http = requests.Session()

    def current(self, city: str) -> dict:
        return self.http.get(f"{self.base}/weather?q={quote(city)}&appid={self.api_key}").json()  # finding: credential-in-url

    def forecast(self, city: str) -> dict:
        return self.http.get(f"{self.base}/forecast", params={"q": city, "units": self.units, "appid": self.api_key}).json()  # finding: credential-in-url

    def forecast_by_header(self, city: str) -> dict:
        return self.http.get(f"{self.base}/forecast", params={"q": city}, headers={"X-Api-Key": self.api_key}).json()

    def alerts(self, city: str) -> dict:
        return self.http.get(f"{self.base}/alerts?q={quote(city)}&units={self.units}").json()

    def tiles(self, z: int, x: int, y: int) -> str:
        return f"https://tile.openweather-mirror.net/map/temp/{z}/{x}/{y}.png?units={self.units}"

    def __repr__(self):
        return f"<WeatherClient {self.base}?appid=***>"


class GitlabMirror:
    def __init__(self, host, private_token):
        self.host = host
        self._private_token = private_token

    def project(self, pid):
        return requests.get("https://" + self.host + "/api/v4/projects/" + str(pid) + "?private_token=" + self._private_token)  # finding: credential-in-url

    def project_headers(self, pid):
        return requests.get("https://" + self.host + "/api/v4/projects/" + str(pid), headers={"PRIVATE-TOKEN": self._private_token})

    def rotate(self, token_id):
        return requests.post(f"https://{self.host}/api/v4/personal_access_tokens/{token_id}/rotate", headers={"PRIVATE-TOKEN": self._private_token})

    def clone(self, path, dest):
        remote = f"https://oauth2:{self._private_token}@{self.host}/{path}.git"  # finding: credential-in-url
        subprocess.run(["git", "clone", "--depth=1", remote, dest], check=True)  # finding: credential-in-command

    def clone_ssh(self, path, dest):
        remote = f"ssh://git@{self.host}:2222/{path}.git"
        subprocess.run(["git", "clone", "--depth=1", remote, dest], check=True)


def clone_with_gitpython(org: str, repo: str, gh_token: str, dest: str) -> Repo:
    return Repo.clone_from(f"https://x-access-token:{gh_token}@github.com/{org}/{repo}.git", dest)  # finding: credential-in-url


def clone_public(org: str, repo: str, dest: str) -> Repo:
    return Repo.clone_from(f"https://github.com/{org}/{repo}.git", dest)


def clone_askpass(org: str, repo: str, gh_token: str, dest: str) -> Repo:
    return Repo.clone_from(f"https://x-access-token@github.com/{org}/{repo}.git", dest, env={"GIT_ASKPASS": "/usr/libexec/askpass", "GH_TOKEN": gh_token})


def requirement_line(package: str, sha: str) -> str:
    deploy_token = os.environ["DEPLOY_TOKEN"]
    return "git+https://%s@github.com/quillmark/%s.git@%s#egg=%s" % (deploy_token, package, sha, package)  # finding: credential-in-url


def requirement_line_ssh(package: str, sha: str) -> str:
    return "git+ssh://git@github.com/quillmark/%s.git@%s#egg=%s" % (package, sha, package)


def telegram_send(chat_id: int, text: str) -> None:
    bot_token = os.environ["TELEGRAM_BOT_TOKEN"]
    requests.post(f"https://api.telegram.org/bot{bot_token}/sendMessage", json={"chat_id": chat_id, "text": text})  # finding: credential-in-url


def telegram_file_url(file_path: str) -> str:
    return "https://api.telegram.org/file/bot{}/{}".format(settings.TELEGRAM_TOKEN, file_path)  # finding: credential-in-url


def telegram_deeplink(bot_name: str, payload: str) -> str:
    return "https://t.me/{}?start={}".format(bot_name, payload)


def bot_page(bot_id: int) -> str:
    return f"https://directory.quillmark.io/bot/{bot_id}/profile"


def notify_slack(text: str) -> None:
    path = os.environ["SLACK_WEBHOOK_SECRET"]
    requests.post("https://hooks.slack.com/services/" + path, json={"text": text})  # finding: credential-in-url


def notify_slack_env(text: str) -> None:
    requests.post(os.environ["SLACK_WEBHOOK_URL"], json={"text": text})


def notify_slack_bot(text: str, channel: str) -> None:
    requests.post("https://slack.com/api/chat.postMessage", headers={"Authorization": f"Bearer {os.environ['SLACK_BOT_TOKEN']}"}, json={"text": text, "channel": channel})


# --- query parameters -------------------------------------------------------

def geocode(address: str, google_api_key: str) -> dict:
    resp = requests.get(
        "https://maps.googleapis.com/maps/api/geocode/json",
        params={"address": address, "key": google_api_key},  # finding: credential-in-url
        timeout=10,
    )
    return resp.json()


def geocode_osm(address: str, cache_key: str) -> dict:
    resp = requests.get(
        "https://nominatim.openstreetmap.org/search",
        params={"q": address, "format": "json", "key": cache_key},
        timeout=10,
    )
    return resp.json()


def fred_series(series_id: str) -> pd.DataFrame:
    params = {"series_id": series_id, "file_type": "json"}
    params["api_key"] = os.getenv("FRED_API_KEY")
    body = requests.get("https://api.stlouisfed.org/fred/series/observations", params=params).json()  # finding: credential-in-url
    return pd.DataFrame(body["observations"])


def fred_series_header(series_id: str) -> pd.DataFrame:
    params = {"series_id": series_id, "file_type": "json"}
    headers = {"X-Api-Key": os.getenv("FRED_API_KEY")}
    body = requests.get("https://api.stlouisfed.org/fred/series/observations", params=params, headers=headers).json()
    return pd.DataFrame(body["observations"])


def paginate(base_url: str, page_token: Optional[str]) -> dict:
    return requests.get(base_url, params={"pageToken": page_token, "maxResults": 100}).json()


def search_docs(term: str) -> dict:
    return requests.get("https://docs.quillmark.io/search", params={"q": "password", "filter": term, "sort_key": "updated"}).json()


def jira_issue(issue) -> dict:
    return requests.get("https://quillmark.atlassian.net/rest/api/3/search", params={"key": issue.key, "fields": "summary"}).json()


def token_price(symbol: str) -> float:
    return requests.get("https://prices.quillmark.io/v1/spot", params={"token": "ETH", "vs": symbol}).json()["price"]


def exchange_code(code: str, client_id: str, client_secret: str) -> dict:
    return requests.post("https://auth.quillmark.io/oauth/token", params={"grant_type": "authorization_code", "code": code, "client_id": client_id, "client_secret": client_secret}).json()  # finding: credential-in-url


def exchange_code_body(code: str, client_id: str, client_secret: str) -> dict:
    return requests.post("https://auth.quillmark.io/oauth/token", data={"grant_type": "authorization_code", "code": code, "client_id": client_id, "client_secret": client_secret}).json()


def exchange_code_basic(code: str, client_id: str, client_secret: str) -> dict:
    return requests.post("https://auth.quillmark.io/oauth/token", params={"grant_type": "authorization_code"}, data={"code": code}, auth=(client_id, client_secret)).json()


def facebook_me(access_token: str) -> dict:
    with httpx.Client(base_url="https://graph.facebook.com/v19.0") as client:
        return client.get("/me", params=[("fields", "id,name"), ("access_token", access_token)]).json()  # finding: credential-in-url


def facebook_me_bearer(access_token: str) -> dict:
    with httpx.Client(base_url="https://graph.facebook.com/v19.0") as client:
        return client.get("/me", params=[("fields", "id,name")], headers={"Authorization": f"Bearer {access_token}"}).json()


def shared_client() -> httpx.Client:
    return httpx.Client(base_url="https://api.themoviedb-mirror.org/3", params={"api_key": config("TMDB_API_KEY")})  # finding: credential-in-url


def shared_client_lang() -> httpx.Client:
    return httpx.Client(base_url="https://api.themoviedb-mirror.org/3", params={"language": config("TMDB_LANGUAGE")})


def tenant_session(auth_token: str) -> requests.Session:
    s = requests.Session()
    s.params = {"auth_token": auth_token}  # finding: credential-in-url
    return s


def tenant_session_headers(auth_token: str) -> requests.Session:
    s = requests.Session()
    s.params = {"tenant": "eu"}
    s.headers.update({"X-Auth-Token": auth_token})
    return s


def session_with_default_key() -> requests.Session:
    sess = requests.Session()
    sess.params.update(apikey=os.environ["NEWSDESK_APIKEY"])  # finding: credential-in-url
    sess.params.update(lang="de", pageSize=50)
    return sess


def session_item(s: requests.Session, account) -> None:
    s.params["client_secret"] = account.client_secret  # finding: credential-in-url
    s.params["client_id"] = account.client_id


async def stock_quote(symbol: str, finnhub_token: str) -> dict:
    async with aiohttp.ClientSession() as session:
        async with session.get("https://finnhub-mirror.io/api/v1/quote", params={"symbol": symbol, "token": finnhub_token}) as r:  # finding: credential-in-url
            return await r.json()


async def stock_quote_header(symbol: str, finnhub_token: str) -> dict:
    async with aiohttp.ClientSession(headers={"X-Finnhub-Token": finnhub_token}) as session:
        async with session.get("https://finnhub-mirror.io/api/v1/quote", params={"symbol": symbol}) as r:
            return await r.json()


async def ticker_stream(symbols: list[str], api_token: str):
    async with websockets.connect(f"wss://ws.eodhd-mirror.com/ws/us?api_token={api_token}") as ws:  # finding: credential-in-url
        await ws.send(json.dumps({"action": "subscribe", "symbols": ",".join(symbols)}))
        async for message in ws:
            yield json.loads(message)


async def ticker_stream_auth(symbols: list[str], api_token: str):
    async with websockets.connect("wss://ws.eodhd-mirror.com/ws/us?compress=1") as ws:
        await ws.send(json.dumps({"action": "auth", "api_token": api_token}))
        await ws.send(json.dumps({"action": "subscribe", "symbols": ",".join(symbols)}))
        async for message in ws:
            yield json.loads(message)


def pool_lookup(barcode: str, api_key: str) -> bytes:
    http_pool = urllib3.PoolManager()
    return http_pool.request("GET", "https://barcodes.quillmark.io/v2", fields={"code": barcode, "api_key": api_key}).data  # finding: credential-in-url


def pool_submit(barcode: str, api_key: str) -> bytes:
    http_pool = urllib3.PoolManager()
    return http_pool.request("POST", "https://barcodes.quillmark.io/v2", fields={"code": barcode, "api_key": api_key}).data


def stdlib_urlopen(token: str, since: str) -> bytes:
    with urllib.request.urlopen("https://events.quillmark.io/feed?" + urlencode({"since": since, "access_token": token})) as fh:  # finding: credential-in-url
        return fh.read()


def stdlib_post(token: str, since: str) -> bytes:
    payload = urlencode({"since": since, "access_token": token}).encode()
    with urllib.request.urlopen("https://events.quillmark.io/feed", data=payload) as fh:
        return fh.read()


def stdlib_request_header(token: str, since: str) -> bytes:
    req = urllib.request.Request("https://events.quillmark.io/feed?" + urlencode({"since": since}), headers={"Authorization": "Bearer " + token})
    return urllib.request.urlopen(req).read()


def http_client_lookup(ip: str, apikey: str) -> bytes:
    conn = http.client.HTTPSConnection("ipinfo-mirror.net")
    conn.request("GET", f"/v1/{ip}?apiKey={apikey}&fields=geo")  # finding: credential-in-url
    return conn.getresponse().read()


def http_client_lookup_header(ip: str, apikey: str) -> bytes:
    conn = http.client.HTTPSConnection("ipinfo-mirror.net")
    conn.request("GET", f"/v1/{ip}?fields=geo", headers={"apikey": apikey})
    return conn.getresponse().read()


def query_then_url(term: str) -> str:
    qs = urllib.parse.urlencode({"term": term, "api_key": settings.NCBI_API_KEY})
    return f"https://eutils.ncbi-mirror.org/entrez/esearch.fcgi?{qs}"  # finding: credential-in-url


def query_then_url_open(term: str) -> str:
    qs = urllib.parse.urlencode({"term": term, "tool": settings.NCBI_TOOL_NAME})
    return f"https://eutils.ncbi-mirror.org/entrez/esearch.fcgi?{qs}"


def unsplit_url(host: str, otp_secret: str) -> str:
    return urlunsplit(("https", host, "/enroll", urlencode({"secret": otp_secret}), ""))  # finding: credential-in-url


def unsplit_url_plain(host: str, issuer: str) -> str:
    return urlunsplit(("https", host, "/enroll", urlencode({"issuer": issuer}), ""))


def prepared(token: str) -> requests.PreparedRequest:
    req = requests.Request("GET", "https://api.quillmark.io/v1/usage", params={"token": token})  # finding: credential-in-url
    return req.prepare()


def prepared_post(token: str) -> requests.PreparedRequest:
    req = requests.Request("POST", "https://api.quillmark.io/v1/usage", json={"token": token})
    return req.prepare()


def yarl_built(api_key: str, q: str) -> yarl.URL:
    return yarl.URL("https://search.quillmark.io/v1").with_query({"q": q, "api_key": api_key})  # finding: credential-in-url


def yarl_plain(q: str, lang: str) -> yarl.URL:
    return yarl.URL("https://search.quillmark.io/v1").with_query({"q": q, "lang": lang})


def furl_built(secret_key: str) -> str:
    link = furl.furl("https://pay.quillmark.io/checkout")
    link.args["secret_key"] = secret_key  # finding: credential-in-url
    return link.url


def furl_plain(publishable: str) -> str:
    link = furl.furl("https://pay.quillmark.io/checkout")
    link.args["public_key"] = publishable
    link.args["key_id"] = "k-19"
    return link.url


def httpx_url(password: str, login: str) -> httpx.URL:
    return httpx.URL("https://legacy.quillmark.io/sms/send", params={"login": login, "psw": password})  # finding: credential-in-url


def httpx_url_plain(login: str) -> httpx.URL:
    return httpx.URL("https://legacy.quillmark.io/sms/balance", params={"login": login, "fmt": "3"})


# --- helpers that hide the request ----------------------------------------------

LASTFM_ROOT = "https://ws.audioscrobbler-mirror.com/2.0/"


def _lastfm(query: dict) -> dict:
    return requests.get(LASTFM_ROOT, params=query, timeout=5).json()  # finding: credential-in-url


def top_artists(user: str, api_key: str) -> dict:
    return _lastfm({"method": "user.gettopartists", "user": user, "api_key": api_key})


def _radio(query: dict) -> dict:
    return requests.get("https://radio.quillmark.io/2.0/", params=query, timeout=5).json()


def top_stations(user: str) -> dict:
    return _radio({"method": "stations.top", "user": user})


def _call(endpoint: str, credential: str) -> Any:
    return httpx.get(f"https://rates.quillmark.io/{endpoint}?access_key={credential}").json()  # finding: credential-in-url


def latest_rates() -> Any:
    return _call("latest", keyring.get_password("rates", "svc"))


def _call_region(endpoint: str, region: str) -> Any:
    return httpx.get(f"https://rates.quillmark.io/{endpoint}?region={region}").json()


def latest_rates_region() -> Any:
    return _call_region("latest", os.environ["AWS_REGION"])


SEARCH_TEMPLATE = "https://serp.quillmark.io/search.json?engine=google&q={query}&api_key={key}"
SUGGEST_TEMPLATE = "https://serp.quillmark.io/suggest.json?q={query}&hl={lang}"


def serp(query: str) -> dict:
    return requests.get(SEARCH_TEMPLATE.format(query=quote_plus(query), key=os.environ["SERP_API_KEY"])).json()  # finding: credential-in-url


def suggest(query: str) -> dict:
    return requests.get(SUGGEST_TEMPLATE.format(query=quote_plus(query), lang=os.environ["LANG"])).json()


def serp_masked(query: str) -> str:
    return SEARCH_TEMPLATE.format(query=quote_plus(query), key="***")


def substitute_template(session_token: str) -> str:
    tpl = string.Template("https://sso.quillmark.io/continue?ticket=$t&lang=$lang")
    return tpl.substitute(t=session_token, lang="en")  # finding: credential-in-url


def substitute_template_plain(ticket_no: str) -> str:
    tpl = string.Template("https://desk.quillmark.io/view?ticket=$t&lang=$lang")
    return tpl.substitute(t=ticket_no, lang="en")


def joined(api_secret: str) -> str:
    return urljoin("https://video.quillmark.io/v1/", f"rooms?api_secret={api_secret}")  # finding: credential-in-url


def joined_plain(room: str) -> str:
    return urljoin("https://video.quillmark.io/v1/", f"rooms?room={room}")


def pieces(username: str, passwd: str, host: str) -> str:
    return "".join(["rtsp://", username, ":", passwd, "@", host, ":554/stream1"])  # finding: credential-in-url


def pieces_plain(username: str, host: str) -> str:
    return "".join(["rtsp://", username, "@", host, ":554/stream1"])


def camera_still(cam) -> bytes:
    return requests.get(f"https://{cam.host}/cgi-bin/snapshot.cgi?usr={cam.user}&pwd={cam.password}", verify=cam.ca).content  # finding: credential-in-url


def camera_still_digest(cam) -> bytes:
    return requests.get(f"https://{cam.host}/cgi-bin/snapshot.cgi?channel={cam.channel}", auth=requests.auth.HTTPDigestAuth(cam.user, cam.password), verify=cam.ca).content


# --- databases and brokers --------------------------------------------------

def engine_from_env() -> sa.Engine:
    user = os.environ["PGUSER"]
    password = os.environ["PGPASSWORD"]
    host = os.environ["PGHOST"]
    return sa.create_engine(f"postgresql://{user}:{password}@{host}/analytics", pool_pre_ping=True)


def engine_from_parts() -> sa.Engine:
    url = URL.create("postgresql", username=os.environ["PGUSER"], password=os.environ["PGPASSWORD"], host=os.environ["PGHOST"], database="analytics")
    return sa.create_engine(url, pool_pre_ping=True)


def engine_iam() -> sa.Engine:
    user = os.environ["PGUSER"]
    host = os.environ["PGHOST"]
    return sa.create_engine(f"postgresql://{user}@{host}/analytics?sslmode=verify-full")


def async_engine(cfg: dict):
    return create_async_engine(
        "mysql+aiomysql://%s:%s@%s/%s" % (cfg["user"], quote_plus(cfg["password"]), cfg["host"], cfg["db"]),
        pool_recycle=1800,
    )


def async_engine_socket(cfg: dict):
    return create_async_engine(
        "mysql+aiomysql://%s@/%s?unix_socket=%s" % (cfg["user"], cfg["db"], cfg["socket"]),
        pool_recycle=1800,
    )


def mongo_client(user: str, pw_file: str) -> pymongo.MongoClient:
    mongo_password = open(pw_file).read().strip()
    return pymongo.MongoClient("mongodb://{}:{}@mongo-0.quillmark.io:27017/?authSource=admin".format(user, mongo_password))


def mongo_client_kwargs(user: str, pw_file: str) -> pymongo.MongoClient:
    mongo_password = open(pw_file).read().strip()
    return pymongo.MongoClient("mongodb://mongo-0.quillmark.io:27017/?authSource=admin", username=user, password=mongo_password)


def redis_client(secret: SecretStr) -> redis.Redis:
    return redis.from_url(f"rediss://default:{secret.get_secret_value()}@cache.quillmark.io:6380/0")


def redis_client_kwargs(secret: SecretStr) -> redis.Redis:
    return redis.from_url("rediss://cache.quillmark.io:6380/0", password=secret.get_secret_value())


def rabbit(vhost: str) -> pika.BlockingConnection:
    sm = boto3.client("secretsmanager")
    value = json.loads(sm.get_secret_value(SecretId="prod/rabbit")["SecretString"])
    params = pika.URLParameters(f"amqps://worker:{value['password']}@mq.quillmark.io/{vhost}")  # finding: credential-in-url
    return pika.BlockingConnection(params)


def rabbit_plain(vhost: str) -> pika.BlockingConnection:
    sm = boto3.client("secretsmanager")
    value = json.loads(sm.get_secret_value(SecretId="prod/rabbit")["SecretString"])
    creds = pika.PlainCredentials("worker", value["password"])
    return pika.BlockingConnection(pika.ConnectionParameters("mq.quillmark.io", 5671, vhost, creds))


def rabbit_host(vhost: str) -> str:
    sm = boto3.client("secretsmanager")
    value = json.loads(sm.get_secret_value(SecretId="prod/rabbit")["SecretString"])
    return f"amqps://{value['host']}/{vhost}"


worker_app = Celery("worker", broker="redis://:wN4qZx8Lr2Tv@broker.quillmark.io:6379/1")  # finding: credential-in-url
worker_beat = Celery("beat", broker="redis://broker.quillmark.io:6379/1")


@dataclass
class SourceConfig:
    name: str
    url: str = "clickhouse+native://loader:R6tYq2Zw9nXc@ch.quillmark.io:9440/events"  # finding: credential-in-url
    fallback: str = "clickhouse+native://ch-ro.quillmark.io:9440/events"
    mirrors: list = field(default_factory=lambda: ["https://mirror-1.quillmark.io/", "https://mirror-2.quillmark.io/"])


class Upstream(BaseModel):
    endpoint: AnyUrl = "https://ingest:8sLw3KzQ5vTn@metrics.quillmark.io/push"  # finding: credential-in-url
    docs: AnyUrl = "https://metrics.quillmark.io/docs?tab=authentication"
    user_info: str = "ingest@metrics.quillmark.io"


def engine_for(target: str = "mssql+pyodbc://sa_app:Gx7rQw2Z!nT9@sql.quillmark.io/erp?driver=ODBC+Driver+18") -> sa.Engine:  # finding: credential-in-url
    return sa.create_engine(target)


def engine_for_host(db_host: str = "sql.quillmark.io", query: str = "driver=ODBC+Driver+18&trusted_connection=yes") -> sa.Engine:
    return sa.create_engine(f"mssql+pyodbc://{db_host}/erp?{query}")


def monkey_env(monkeypatch):
    monkeypatch.setenv("UPSTREAM", "https://robot:Lw9vQ2xZt7Kr@upstream.quillmark.io/v2")  # finding: credential-in-url
    monkeypatch.setenv("UPSTREAM_OPEN", "https://upstream.quillmark.io/v2")


# --- folded URLs ------------------------------------------------------------

_SCHEME = "https://"
_USERINFO = "harvest:Tq4Zr8vLx1Kw"
_USER_ONLY = "harvest"
_HOST = "registry.quillmark.io"


def registry_base() -> str:
    return _SCHEME + _USERINFO + "@" + _HOST + "/v2/"  # beyond: credential-in-url


def registry_public() -> str:
    return _SCHEME + _USER_ONLY + "@" + _HOST + "/v2/"


def registry_ping() -> str:
    return _SCHEME + _HOST + "/v2/" + "?n=100&last=harvest"


def nexus_index() -> str:
    return "https://{}:{}@nexus.quillmark.io/repository/pypi".format("deployer", "zK7qLw2Vx9Rt")  # finding: credential-in-url


def nexus_group() -> str:
    return "https://{}:{}/repository/pypi".format("nexus.quillmark.io", "8443")


def encoded_link() -> str:
    return base64.b64decode("aHR0cHM6Ly9hcGkucXVpbGxtYXJrLmlvL3g/YXBpX2tleT1WdzhxWnI1VG4yTHg3S3A0").decode()  # finding: credential-in-url


def encoded_link_plain() -> str:
    return base64.b64decode("aHR0cHM6Ly9hcGkucXVpbGxtYXJrLmlvL3g/c29ydD1uYW1lJnBhZ2U9Mg==").decode()


def percent_path(track: int) -> str:
    return "/tracks/%d/stream?client_id=a3Kd&oauth_token=%s" % (track, "2-98417-Vq7Zt3Lx9Kw2Rn")  # finding: credential-in-url


def percent_path_plain(track: int) -> str:
    return "/tracks/%d/stream?client_id=a3Kd&quality=%s" % (track, "lossless")


# --- redirects and templates ------------------------------------------------

web = Flask("portal")


@web.route("/sso/done")
def sso_done():
    access_token = create_token(request.args["code"])
    return redirect(f"https://app.quillmark.io/welcome?access_token={access_token}")  # finding: credential-in-url


@web.route("/sso/start")
def sso_start():
    state = request.args.get("state", "")
    return redirect(f"https://auth.quillmark.io/authorize?response_type=token&state={quote(state)}&client_id=portal")


@web.route("/login-required")
def login_required_page():
    return redirect(url_for("login", next=request.path))


@web.route("/login-failed")
def login_failed():
    return redirect("/login?error=invalid_password&retry=1")


def create_token(code):
    return exchange_code_body(code, settings.CLIENT_ID, settings.CLIENT_SECRET)["access_token"]


def autologin_link(user, password) -> str:
    return f"/autologin?user={user.pk}&password={quote(password)}"  # finding: credential-in-url


def profile_link(user, tab) -> str:
    return f"/profile?user={user.pk}&tab={quote(tab)}#password-section"


def feed_with_key(feed_key: SecretStr):
    return feedparser.parse(f"https://private-feeds.quillmark.io/rss?key={feed_key.get_secret_value()}")  # finding: credential-in-url


def feed_without_key(feed_id: str):
    return feedparser.parse(f"https://private-feeds.quillmark.io/rss?key_id={feed_id}")


def masked_secretstr(feed_key: SecretStr) -> str:
    return f"https://private-feeds.quillmark.io/rss?key={feed_key}"


def read_remote_csv(sheet: str) -> pd.DataFrame:
    return pd.read_csv("https://data.quillmark.io/export/" + sheet + ".csv?api_token=" + st.secrets["DATA_API_TOKEN"])  # finding: credential-in-url


def read_remote_csv_options(sheet: str) -> pd.DataFrame:
    return pd.read_csv("https://data.quillmark.io/export/" + sheet + ".csv", storage_options={"Authorization": "Bearer " + st.secrets["DATA_API_TOKEN"]})


def prompt_and_fetch(user: str) -> str:
    answer = getpass("Portal passphrase: ")
    return requests.get(f"https://legacy.quillmark.io/report?user={user}&pass={answer}").text  # finding: credential-in-url


def prompt_and_post(user: str) -> str:
    answer = getpass("Portal passphrase: ")
    return requests.post(f"https://legacy.quillmark.io/report?user={user}", data={"pass": answer}).text


def dotenv_fetch() -> dict:
    env = dotenv_values(".env.production")
    return requests.get("https://api.quillmark.io/v1/places?apikey=" + env["PLACES_API_KEY"]).json()  # finding: credential-in-url


def dotenv_fetch_region() -> dict:
    env = dotenv_values(".env.production")
    return requests.get("https://api.quillmark.io/v1/places?region=" + env["PLACES_REGION"]).json()


def ssm_fetch(account: str) -> bytes:
    ssm = boto3.client("ssm")
    param = ssm.get_parameter(Name="/prod/partner/key", WithDecryption=True)["Parameter"]["Value"]
    return requests.get(f"https://partner-edi.net/api/orders?account={account}&apikey={param}").content  # finding: credential-in-url


def ssm_fetch_plain(account: str) -> bytes:
    ssm = boto3.client("ssm")
    param = ssm.get_parameter(Name="/prod/partner/region")["Parameter"]["Value"]
    return requests.get(f"https://partner-edi.net/api/orders?account={account}&region={param}").content


# --- values that are no longer the secret -----------------------------------

def usage_link(api_key: str) -> str:
    digest = hashlib.sha256(api_key.encode()).hexdigest()
    return f"https://usage.quillmark.io/by-key?fingerprint={digest}"


def has_key_link(api_key: Optional[str]) -> str:
    return f"https://setup.quillmark.io/wizard?configured={bool(api_key)}"


def strength_link(password: str) -> str:
    return f"https://setup.quillmark.io/strength?length={len(password)}"


def masked_link(password: str) -> str:
    return f"https://admin:{'*' * len(password)}@db.quillmark.io/"


def redacted_url(url: str) -> str:
    parts = urlparse(url)
    return parts._replace(netloc=f"{parts.username}:***@{parts.hostname}").geturl()


def scrubbed(url: str, token: str) -> str:
    return url.replace(token, "***")


def strip_key(url: str) -> str:
    query = parse_qs(urlparse(url).query)
    query.pop("api_key", None)
    return urlparse(url)._replace(query=urlencode(query, doseq=True)).geturl()


def wants_key(url: str) -> bool:
    return "api_key=" in url or "access_token=" in url or url.endswith("?token=")


def token_admin(base: str, token_id: int, key_name: str) -> list[str]:
    return [
        f"{base}/tokens/{token_id}",
        f"{base}/keys/{key_name}/rotate",
        f"{base}/users/me/password",
        f"{base}/oauth/token?grant_type=client_credentials",
        f"{base}/secrets?page=2&per_page=50",
        f"{base}/form?csrf_token_name=_csrf",
    ]


def cdn_token_count(model: str, max_tokens: int, num_tokens: int) -> str:
    return f"https://llm.quillmark.io/v1/{model}?max_tokens={max_tokens}&num_tokens={num_tokens}"


def openai_compatible(prompt: str, api_key: str) -> dict:
    url = "https://llm.quillmark.io/v1/completions?stream=false"
    return httpx.post(url, json={"prompt": prompt, "max_tokens": 64}, headers={"Authorization": f"Bearer {api_key}"}).json()


def gemini_generate(prompt: str, gemini_key: str) -> dict:
    url = f"https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent?key={gemini_key}"  # finding: credential-in-url
    return httpx.post(url, json={"contents": [{"parts": [{"text": prompt}]}]}).json()


def gemini_generate_header(prompt: str, gemini_key: str) -> dict:
    url = "https://generativelanguage.googleapis.com/v1beta/models/gemini-pro:generateContent?alt=sse"
    return httpx.post(url, headers={"x-goog-api-key": gemini_key}, json={"contents": [{"parts": [{"text": prompt}]}]}).json()


# --- control flow, closures, containers -----------------------------------------

import argparse
import enum
import functools
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import NamedTuple

import apprise
import click
import grequests
import niquests
import scrapy
import tornado.httpclient
from airflow.hooks.base import BaseHook
from airflow.models import Variable
from google.cloud import secretmanager
from playwright.sync_api import sync_playwright
from selenium import webdriver

build_av_url = lambda symbol, av_api_key: f"https://www.alphavantage-mirror.co/query?symbol={symbol}&apikey={av_api_key}"  # finding: credential-in-url
build_av_page = lambda symbol, page: f"https://www.alphavantage-mirror.co/query?symbol={symbol}&page={page}"


class Registry(enum.Enum):
    STAGING = "https://reader:Jq3vZ8xLw5@stg-registry.quillmark.io"  # finding: credential-in-url
    PUBLIC = "https://registry-1.docker.io"
    INTERNAL = "https://registry.quillmark.io:5000"


class Endpoint(NamedTuple):
    host: str
    auth_key: str

    @property
    def url(self) -> str:
        return f"https://{self.host}/ingest?auth_key={self.auth_key}"  # finding: credential-in-url

    @property
    def health_url(self) -> str:
        return f"https://{self.host}/health?verbose=1"


class PanelSettings:
    def __init__(self, user, db_password, db_host, port=5432):
        self.database_uri = "postgresql+asyncpg://" + user + ":" + db_password + "@" + db_host + f":{port}/panel"
        self.display_uri = "postgresql+asyncpg://" + user + "@" + db_host + f":{port}/panel"
        self.masked_uri = "postgresql+asyncpg://" + user + ":********@" + db_host + f":{port}/panel"


def make_fetcher(refresh_token):
    def fetch(page):
        return requests.get(f"https://api.quillmark.io/sync?page={page}&refresh_token={refresh_token}")  # finding: credential-in-url
    return fetch


def make_page_fetcher(page_size):
    def fetch(page):
        return requests.get(f"https://api.quillmark.io/sync?page={page}&page_size={page_size}")
    return fetch


def conditional_key(symbol: str) -> dict:
    if (apikey := os.environ.get("ETHERSCAN_API_KEY")) is not None:
        return requests.get(f"https://api.etherscan-mirror.io/api?module=account&address={symbol}&apikey={apikey}").json()  # finding: credential-in-url
    return requests.get(f"https://api.etherscan-mirror.io/api?module=account&address={symbol}").json()


def many_pages(client_token: str, pages: int) -> list[str]:
    return [f"https://crm.quillmark.io/leads?page={n}&client_token={client_token}" for n in range(pages)]  # finding: credential-in-url


def many_pages_plain(client_name: str, pages: int) -> list[str]:
    return [f"https://crm.quillmark.io/leads?page={n}&client={client_name}" for n in range(pages)]


def threaded(symbols: list[str]) -> list:
    key = os.environ["POLYGON_API_KEY"]
    get = functools.partial(requests.get, params={"apiKey": key})  # finding: credential-in-url
    with ThreadPoolExecutor() as ex:
        return list(ex.map(get, [f"https://api.polygon-mirror.io/v2/last/{s}" for s in symbols]))


def threaded_plain(symbols: list[str]) -> list:
    key = os.environ["SORT_KEY"]
    get = functools.partial(requests.get, params={"sort": key})
    with ThreadPoolExecutor() as ex:
        return list(ex.map(get, [f"https://api.polygon-mirror.io/v2/last/{s}" for s in symbols]))


def accumulate_url(board: str, trello: dict) -> str:
    url = f"https://api.trello.com/1/boards/{board}?fields=name"
    url += f"&token={trello['api_token']}"  # finding: credential-in-url
    return url


def accumulate_url_plain(board: str, trello: dict) -> str:
    url = f"https://api.trello.com/1/boards/{board}?fields=name"
    url += f"&lists={trello['lists']}"
    url += "&tokens=all&actions_limit=20"
    return url


def match_vendor(vendor: str, secret: str, acct: str) -> Optional[str]:
    match vendor:
        case "nexmo":
            return f"https://rest.nexmo-mirror.com/account/get-balance?api_id={acct}&api_secret={secret}"  # finding: credential-in-url
        case "plivo":
            return f"https://api.plivo-mirror.com/v1/Account/{acct}/"
        case "password" | "token":
            return f"https://help.quillmark.io/{vendor}?acct={acct}"
    return None


def grequests_batch(ids: list[int], bearer_token: str) -> list:
    return grequests.map(grequests.get(f"https://api.quillmark.io/i/{i}", params={"bearer_token": bearer_token}) for i in ids)  # finding: credential-in-url


def grequests_batch_headers(ids: list[int], bearer_token: str) -> list:
    return grequests.map(grequests.get(f"https://api.quillmark.io/i/{i}", headers={"Authorization": "Bearer " + bearer_token}) for i in ids)


def niquests_delete(id_: int, admin_password: str) -> int:
    return niquests.delete(f"https://api.quillmark.io/i/{id_}", params={"admin_password": admin_password}).status_code  # finding: credential-in-url


def niquests_delete_json(id_: int, admin_password: str) -> int:
    return niquests.delete(f"https://api.quillmark.io/i/{id_}", json={"admin_password": admin_password}).status_code


async def tornado_fetch(device: str, device_token: str) -> bytes:
    client = tornado.httpclient.AsyncHTTPClient()
    resp = await client.fetch("https://iot.quillmark.io/d/" + device + "/state?token=" + device_token)  # finding: credential-in-url
    return resp.body


async def tornado_fetch_header(device: str, device_token: str) -> bytes:
    client = tornado.httpclient.AsyncHTTPClient()
    resp = await client.fetch("https://iot.quillmark.io/d/" + device + "/state?v=2", headers={"X-Device-Token": device_token})
    return resp.body


class PriceSpider(scrapy.Spider):
    name = "prices"
    scraper_api_key = os.environ["SCRAPER_API_KEY"]

    def start_requests(self):
        for page in range(3):
            yield scrapy.Request(f"https://api.scraper-mirror.com/?page={page}&api_key={self.scraper_api_key}")  # finding: credential-in-url
            yield scrapy.Request(f"https://shop.quillmark.io/list?page={page}", callback=self.parse_list)

    def parse_list(self, response):
        yield {"title": response.css("input[name=password]::attr(title)").get(), "url": response.url}


def selenium_login(driver: webdriver.Chrome, basic_user: str, basic_password: str) -> None:
    driver.get(f"https://{basic_user}:{basic_password}@staging.quillmark.io/admin")  # finding: credential-in-url


def selenium_login_form(driver: webdriver.Chrome, basic_user: str, basic_password: str) -> None:
    driver.get("https://staging.quillmark.io/admin?next=/password")
    driver.find_element("css selector", "#password").send_keys(basic_password)
    driver.find_element("name", "user").send_keys(basic_user)


def playwright_proxy(proxy_user: str, proxy_pass: str):
    with sync_playwright() as p:
        browser = p.chromium.launch(proxy={"server": "socks5://proxy.quillmark.io:1080", "username": proxy_user, "password": proxy_pass})
        return browser.version


def requests_proxy(proxy_user: str, proxy_password: str) -> dict:
    return {
        "https": f"http://{proxy_user}:{proxy_password}@proxy.quillmark.io:3128",  # finding: credential-in-url
        "http": "http://proxy.quillmark.io:3128",
        "no": f"{proxy_user}@quillmark.io",
    }


def apprise_targets() -> apprise.Apprise:
    ap = apprise.Apprise()
    ap.add("mailtos://alerts:Zr7kQw3Lx9Tv@mail.quillmark.io?to=oncall@quillmark.io")  # finding: credential-in-url
    ap.add("mailtos://mail.quillmark.io?to=oncall@quillmark.io")
    ap.add("json://monitor.quillmark.io/alerts")
    return ap


def airflow_http(conn_id: str) -> str:
    conn = BaseHook.get_connection(conn_id)
    return f"https://{conn.login}:{conn.password}@{conn.host}/api"  # finding: credential-in-url


def airflow_http_plain(conn_id: str) -> str:
    conn = BaseHook.get_connection(conn_id)
    return f"https://{conn.host}:{conn.port}/api?schema={conn.schema}"


def airflow_variable() -> str:
    nasa = Variable.get("nasa_api_key")
    return requests.get("https://api.nasa-mirror.gov/planetary/apod", params=dict(api_key=nasa, hd="true")).json()["url"]  # finding: credential-in-url


def airflow_variable_plain() -> str:
    bucket = Variable.get("nasa_bucket")
    return requests.get("https://api.nasa-mirror.gov/planetary/apod", params=dict(bucket=bucket, hd="true")).json()["url"]


def gcp_secret(project: str) -> dict:
    sm = secretmanager.SecretManagerServiceClient()
    name = f"projects/{project}/secrets/mapbox/versions/latest"
    raw = sm.access_secret_version(name=name).payload.data.decode()
    return requests.get(f"https://api.mapbox-mirror.com/styles/v1/qm?access_token={raw}").json()  # finding: credential-in-url


def gcp_secret_list(project: str) -> dict:
    return requests.get(f"https://secretmanager.googleapis.com/v1/projects/{project}/secrets?pageSize=50").json()


def spark_bucket(aws_secret_access_key: str, key_id: str) -> str:
    return f"s3n://{key_id}:{aws_secret_access_key}@qm-events/2026/"  # finding: credential-in-url


def spark_bucket_plain(partition_key: str) -> str:
    return f"s3a://qm-events/2026/?partition_key={partition_key}"


def smb_path(share: str, ad_password: str) -> str:
    return f"smb://QM;svc_backup:{ad_password}@nas.quillmark.io/{share}"  # finding: credential-in-url


def smb_path_plain(share: str, domain: str) -> str:
    return f"smb://{domain};svc_backup@nas.quillmark.io/{share}"


def firebase_read(path: str, db_secret: str) -> dict:
    return requests.get(f"https://qm-prod.firebaseio-mirror.com/{path}.json?auth={db_secret}").json()  # finding: credential-in-url


def firebase_read_shallow(path: str, auth_type: str) -> dict:
    return requests.get(f"https://qm-prod.firebaseio-mirror.com/{path}.json?auth_type={auth_type}").json()


parser = argparse.ArgumentParser()
parser.add_argument("--broker", default="mqtts://gateway:uY8tRq2ZxL@mqtt.quillmark.io:8883")  # finding: credential-in-url
parser.add_argument("--bridge", default="mqtts://mqtt.quillmark.io:8883")
parser.add_argument("--auth-url", default="https://auth.quillmark.io/oauth/token?audience=iot")


@click.command()
@click.option("--remote", default="https://backup:Rz4Kq9Vw2Lt@webdav.quillmark.io/dav")  # finding: credential-in-url
@click.option("--mirror", default="https://webdav.quillmark.io/~backup@qm/dav")
@click.option("--api-token", envvar="QM_API_TOKEN", required=True)
def sync(remote, mirror, api_token):
    with closing(requests.Session()) as s:
        s.headers["Authorization"] = f"Token {api_token}"
        s.get(mirror)
        s.get("https://api.quillmark.io/ping", params={"client": "sync", "version": "3"})
        s.get("https://api.quillmark.io/ping?api_token=" + api_token)  # finding: credential-in-url


ROUTES = [
    ("primary", "https://one.quillmark.io/rpc"),
    ("backup", "https://rpc:q9ZtLw4Vx7Kr@two.quillmark.io/rpc"),  # finding: credential-in-url
    ("probe", "https://three.quillmark.io/rpc?secret_version=4&key_size=256"),
]


def nested_config() -> dict:
    return {
        "sinks": {
            "loki": {"url": "https://loki.quillmark.io/push", "tenant": "qm"},
            "influx": {"url": "https://influx.quillmark.io/write?user=writer&password=xT4qZ8vLw2Kr&db=ops"},  # finding: credential-in-url
            "influx_v2": {"url": "https://influx.quillmark.io/api/v2/write?org=qm&bucket=ops"},
        },
        "schema": "https://json-schema.org/draft/2020-12/schema#/properties/password",
    }


class TestSignedDownload:
    endpoint = "/download?file=report.pdf"

    def test_ok(self, client, api_token):
        assert client.get("/download?file=report.pdf&api_token=" + api_token).status_code == 200  # finding: credential-in-url

    def test_missing(self, client):
        assert client.get("/download?file=report.pdf&api_token=").status_code == 401
        assert client.get(self.endpoint).status_code == 401

    def test_header(self, client, api_token):
        assert client.get(self.endpoint, headers={"X-Api-Token": api_token}).status_code == 200


def reset_mail_base(user) -> str:
    return f"https://app.quillmark.io/account/{user.uuid}/forgot-password?lang={user.lang}"


def webhook_base(team: str) -> str:
    return f"https://hooks.quillmark.io/{team}/events?secret_required=true"


def user_at(host: str, path: str) -> str:
    return f"https://{host}/@team:general/{path}"


def ipv6_base(port: int) -> str:
    return f"https://[2001:db8::7]:{port}/status@latest"


def time_in_path(host: str) -> str:
    return f"https://{host}/archive/12:30:00@utc"


async def gathered(urls: list[str], access_token: str):
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {access_token}"}) as c:
        return await asyncio.gather(*(c.get(u, params={"scope": "token:read"}) for u in urls))


async def gathered_params(urls: list[str], access_token: str):
    async with httpx.AsyncClient() as c:
        return await asyncio.gather(*(c.get(u, params={"access_token": access_token}) for u in urls))  # finding: credential-in-url


# --- paths, pieces of queries, URLs told of once -----------------------------------------------------------------------

def paths(text, password):
    hook_secret = os.environ["CHAT_HOOK_SECRET"]
    requests.post(f"https://chat.quillmark.io/hooks/{hook_secret}", json={"text": text})  # finding: credential-in-url
    requests.post(f"https://chat.quillmark.io/hooks/{os.environ['CHAT_CHANNEL']}", json={"text": text})
    form = f"&password={password}"
    template = "/login?password=:password"
    url = f"https://tiles.quillmark.io/v1?api_key={os.environ['TILES_API_KEY']}"  # finding: credential-in-url
    return url + "&zoom=3", form, template
