"""HTTP clients of older and newer services."""
import asyncio
import base64
import http.client
import os
import urllib.request
from dataclasses import dataclass

import aiohttp
import httpx
import requests
import urllib3
from requests.auth import HTTPBasicAuth, HTTPDigestAuth
from django.conf import settings

# --- requests, basic auth -----------------------------------------------------


def meter_readings(user, password):
    return requests.get("http://meters.voltwerk.com/api/readings", auth=(user, password), timeout=5)  # finding: credential-over-http


def meter_readings_tls(user, password):
    return requests.get("https://meters.voltwerk.com/api/readings", auth=(user, password), timeout=5)


def meter_readings_open():
    return requests.get("http://meters.voltwerk.com/api/readings", timeout=5)


def meter_readings_dev(user, password):
    return requests.get("http://localhost:8000/api/readings", auth=(user, password), timeout=5)


def meter_readings_loopback(user, password):
    return requests.get("http://127.0.0.1:8000/api/readings", auth=(user, password), timeout=5)


def meter_readings_ipv6(user, password):
    return requests.get("http://[::1]:8000/api/readings", auth=(user, password), timeout=5)


def meter_upload(password):
    return requests.post("http://meters.voltwerk.com/api/upload", auth=HTTPBasicAuth("uploader", password), json={"kwh": 3})  # finding: credential-over-http


def meter_upload_lan(password):
    return requests.post("http://192.168.40.12/api/upload", auth=HTTPBasicAuth("uploader", password), json={"kwh": 3})


def meter_upload_compose(password):
    return requests.post("http://meters:8000/api/upload", auth=HTTPBasicAuth("uploader", password), json={"kwh": 3})


def meter_upload_tls(password):
    return requests.post("https://meters.voltwerk.com/api/upload", auth=HTTPDigestAuth("uploader", password), json={"kwh": 3})


# --- requests, headers ----------------------------------------------------------


def crm_contacts(access_token):
    return requests.get("http://crm.voltwerk.com/contacts", headers={"Authorization": f"Bearer {access_token}"})  # finding: credential-over-http


def crm_contacts_tls(access_token):
    return requests.get("https://crm.voltwerk.com/contacts", headers={"Authorization": f"Bearer {access_token}"})


def crm_contacts_agent(version):
    return requests.get("http://crm.voltwerk.com/contacts", headers={"User-Agent": f"voltwerk/{version}", "Accept": "application/json"})


def crm_contacts_sidecar(access_token):
    return requests.get("http://localhost:3500/v1.0/invoke/crm/method/contacts", headers={"Authorization": f"Bearer {access_token}"})


def crm_export():
    return requests.get("http://crm.voltwerk.com/export", headers={"X-Api-Key": os.environ["CRM_API_KEY"]})  # finding: credential-over-http


def crm_export_tls():
    return requests.get("https://crm.voltwerk.com/export", headers={"X-Api-Key": os.environ["CRM_API_KEY"]})


def crm_export_trace():
    return requests.get("http://crm.voltwerk.com/export", headers={"X-Request-Id": os.environ["REQUEST_ID"]})


def crm_headers_apart(api_token):
    headers = {"Accept": "application/json"}
    headers["X-Auth-Token"] = api_token
    return requests.get("http://crm.voltwerk.com/me", headers=headers)  # finding: credential-over-http


def crm_headers_unused(api_token):
    headers = {"Accept": "application/json"}
    secure = {"X-Auth-Token": api_token, **headers}
    requests.get("https://crm.voltwerk.com/me", headers=secure)
    return requests.get("http://crm.voltwerk.com/motd", headers=headers)


LEGACY_ROOT = "http://legacy.voltwerk.com"
MODERN_ROOT = "https://modern.voltwerk.com"
VAULT_ROOT = "http://vault:8200"


def legacy_orders(api_secret):
    return requests.get(LEGACY_ROOT + "/orders", headers={"X-Api-Secret": api_secret})  # finding: credential-over-http


def modern_orders(api_secret):
    return requests.get(MODERN_ROOT + "/orders", headers={"X-Api-Secret": api_secret})


def vault_read(vault_token, path):
    return requests.get(VAULT_ROOT + "/v1/" + path, headers={"X-Vault-Token": vault_token})


def legacy_invoice(number, creds):
    return requests.put(f"{LEGACY_ROOT}/invoices/{number}", auth=(creds["username"], creds["password"]))  # finding: credential-over-http


def modern_invoice(number, creds):
    return requests.put(f"{MODERN_ROOT}/invoices/{number}", auth=(creds["username"], creds["password"]))


def legacy_invoice_pdf(number):
    return requests.get(f"{LEGACY_ROOT}/invoices/{number}.pdf", stream=True)


def imds_role():
    ttl = {"X-aws-ec2-metadata-token-ttl-seconds": "60"}
    imds_token = requests.put("http://169.254.169.254/latest/api/token", headers=ttl).text
    return requests.get("http://169.254.169.254/latest/meta-data/iam/", headers={"X-aws-ec2-metadata-token": imds_token}).text


def by_ip(password):
    return requests.get("http://203.18.77.41:8080/status", auth=("monitor", password))  # finding: credential-over-http


def by_private_ip(password):
    return requests.get("http://10.20.4.17:8080/status", auth=("monitor", password))


# --- sessions and clients ----------------------------------------------------


class FleetClient:
    base = "http://fleet.voltwerk.com/v1"
    secure_base = "https://fleet.voltwerk.com/v1"

    def __init__(self, api_key):
        self.api_key = api_key

    def trucks(self):
        return requests.get(self.base + "/trucks", headers={"Api-Key": self.api_key}).json()  # finding: credential-over-http

    def trucks_tls(self):
        return requests.get(self.secure_base + "/trucks", headers={"Api-Key": self.api_key}).json()

    def depots(self):
        return requests.get(self.base + "/depots", headers={"Accept-Language": "de"}).json()


def fleet_stream(bearer):
    with httpx.Client() as client:
        return client.get("http://stream.voltwerk.com/sse", headers={"Authorization": "Bearer " + bearer}).text  # finding: credential-over-http


def fleet_stream_tls(bearer):
    with httpx.Client() as client:
        return client.get("https://stream.voltwerk.com/sse", headers={"Authorization": "Bearer " + bearer}).text


def fleet_stream_open():
    with httpx.Client(follow_redirects=True) as client:
        return client.get("http://stream.voltwerk.com/public", headers={"Cache-Control": "no-cache"}).text


def fleet_post(secret):
    return httpx.post("http://fleet.voltwerk.com/v1/pos", auth=httpx.BasicAuth("svc", secret), json={"lat": 1.0})  # finding: credential-over-http


def fleet_post_tls(secret):
    return httpx.post("https://fleet.voltwerk.com/v1/pos", auth=httpx.BasicAuth("svc", secret), json={"lat": 1.0})


def fleet_base_client(auth_token):
    return httpx.AsyncClient(base_url="http://fleet.voltwerk.com", headers={"Authorization": f"Token {auth_token}"})  # finding: credential-over-http


def fleet_base_client_tls(auth_token):
    return httpx.AsyncClient(base_url="https://fleet.voltwerk.com", headers={"Authorization": f"Token {auth_token}"})


def fleet_base_client_open(timeout):
    return httpx.AsyncClient(base_url="http://fleet.voltwerk.com", timeout=timeout)


async def depot_async(password):
    async with aiohttp.ClientSession() as session:
        async with session.get("http://depot.voltwerk.com/list", auth=aiohttp.BasicAuth("ops", password)) as resp:  # finding: credential-over-http
            return await resp.json()


async def depot_async_tls(password):
    async with aiohttp.ClientSession() as session:
        async with session.get("https://depot.voltwerk.com/list", auth=aiohttp.BasicAuth("ops", password)) as resp:
            return await resp.json()


async def depot_async_open():
    async with aiohttp.ClientSession() as session:
        async with session.get("http://depot.voltwerk.com/list", allow_redirects=False) as resp:
            return await resp.json()


async def depot_async_header(session_token):
    async with aiohttp.ClientSession() as session:
        async with session.post("http://depot.voltwerk.com/scan", headers={"X-Session-Token": session_token}, json={}) as resp:  # finding: credential-over-http
            return resp.status


async def depot_async_header_local(session_token):
    async with aiohttp.ClientSession() as session:
        async with session.post("http://127.0.0.1:9000/scan", headers={"X-Session-Token": session_token}, json={}) as resp:
            return resp.status


# --- standard library ---------------------------------------------------------


def stdlib_basic(user, passwd):
    raw = base64.b64encode(f"{user}:{passwd}".encode()).decode()
    req = urllib.request.Request("http://print.voltwerk.com/jobs", headers={"Authorization": "Basic " + raw})  # finding: credential-over-http
    return urllib.request.urlopen(req).read()


def stdlib_basic_tls(user, passwd):
    raw = base64.b64encode(f"{user}:{passwd}".encode()).decode()
    req = urllib.request.Request("https://print.voltwerk.com/jobs", headers={"Authorization": "Basic " + raw})
    return urllib.request.urlopen(req).read()


def stdlib_plain(lang):
    req = urllib.request.Request("http://print.voltwerk.com/help", headers={"Accept-Language": lang})
    return urllib.request.urlopen(req).read()


def stdlib_conn(license_key):
    conn = http.client.HTTPSConnection("license.voltwerk.com")
    conn.request("GET", "/check", headers={"X-License-Key": license_key})
    return conn.getresponse().status


def pool_request(client_secret):
    http_pool = urllib3.PoolManager()
    return http_pool.request("GET", "http://partners.voltwerk.com/list", headers={"X-Client-Secret": client_secret}).data  # finding: credential-over-http


def pool_request_tls(client_secret):
    http_pool = urllib3.PoolManager()
    return http_pool.request("GET", "https://partners.voltwerk.com/list", headers={"X-Client-Secret": client_secret}).data


@dataclass
class Upstream:
    host: str
    token: str

    def ping(self):
        return requests.head("http://edge.voltwerk.com/ping", headers={"Authorization": "Bearer " + self.token}).ok  # finding: credential-over-http

    def ping_configured(self):
        return requests.head(f"{self.host}/ping", headers={"Authorization": "Bearer " + self.token}).ok

    def ping_anonymous(self):
        return requests.head("http://edge.voltwerk.com/ping", headers={"Connection": "close"}).ok


def cookie_call(session_cookie):
    return requests.get("https://portal.voltwerk.com/me", cookies={"sessionid": session_cookie})


def from_settings():
    return requests.patch(url="http://billing.voltwerk.com/run", auth=(settings.BILLING_USER, settings.BILLING_PASSWORD))  # finding: credential-over-http


def from_settings_tls():
    return requests.patch(url="https://billing.voltwerk.com/run", auth=(settings.BILLING_USER, settings.BILLING_PASSWORD))


def from_settings_noauth():
    return requests.patch(url="http://billing.voltwerk.com/run", auth=None, timeout=settings.BILLING_TIMEOUT)


def xml_namespaces(password):
    body = '<u:User xmlns:u="http://schemas.voltwerk.com/2019/user"/>'
    return requests.post("https://soap.voltwerk.com/", auth=("soap", password), data=body, headers={"SOAPAction": "http://schemas.voltwerk.com/2019/user/get"})


def upgraded(url, api_key):
    if url.startswith("http://"):
        url = "https://" + url[len("http://"):]
    return requests.get(url, headers={"X-Api-Key": api_key})


async def main(token):
    return await asyncio.gather(depot_async_open(), asyncio.to_thread(stdlib_plain, "en"))


def session_wide(api_key):
    s = requests.Session()
    s.headers["X-Api-Key"] = api_key
    return s.get("http://stats.voltwerk.com/daily")  # finding: credential-over-http


def session_wide_tls(api_key):
    s = requests.Session()
    s.headers["X-Api-Key"] = api_key
    return s.get("https://stats.voltwerk.com/daily")


def session_wide_open(app_version):
    s = requests.Session()
    s.headers["X-App-Version"] = app_version
    return s.get("http://stats.voltwerk.com/daily")


def session_auth(user, password):
    s = requests.Session()
    s.auth = (user, password)
    return s.post("http://stats.voltwerk.com/flush")  # finding: credential-over-http


def session_auth_tls(user, password):
    s = requests.Session()
    s.auth = (user, password)
    return s.post("https://stats.voltwerk.com/flush")


def _probe(path, headers):
    return requests.get("http://probe.voltwerk.com" + path, headers=headers)  # beyond: credential-over-http


def probe_deep():
    return _probe("/deep", {"Authorization": "Bearer " + os.environ["PROBE_TOKEN"]})


def _sniff(path, headers):
    return requests.get("http://sniff.voltwerk.com" + path, headers=headers)


def sniff_deep():
    return _sniff("/deep", {"Accept": "text/plain", "X-Region": os.environ["REGION"]})


# --- what a client has, and what a body holds -------------------------------------------------------------------------


class StatusApi:
    def __init__(self, status_token):
        self.session = requests.Session()
        self.session.headers.update({"Authorization": "Bearer " + status_token})

    def state(self):
        return self.session.get("http://status.kestrelworks.com/state")  # finding: credential-over-http

    def safe_state(self):
        return self.session.get("https://status.kestrelworks.com/state")


def log_in(user, password):
    requests.post("http://forum.kestrelworks.com/login", data={"user": user, "password": password})  # finding: credential-over-http


def count(user):
    requests.post("http://forum.kestrelworks.com/count", json={"user": user, "max_tokens": 20})
