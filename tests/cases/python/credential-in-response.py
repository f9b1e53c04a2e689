"""Views of several small web applications."""
import hashlib
import hmac
import json
import os
import secrets

import boto3
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views import View
from django.views.generic import TemplateView
from fastapi import APIRouter, Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse, PlainTextResponse
from flask import Blueprint, Flask, Response, current_app, g, jsonify, make_response, render_template, render_template_string
from pydantic import BaseModel, SecretStr
from rest_framework.decorators import api_view
from rest_framework.response import Response as DrfResponse
from rest_framework.views import APIView

flask_app = Flask(__name__)
bp = Blueprint("ops", __name__, url_prefix="/ops")

# --- Flask ------------------------------------------------------------------


@flask_app.route("/config")
def flask_config():
    return jsonify({"region": os.environ["AWS_REGION"], "secret": os.environ["AWS_SECRET_ACCESS_KEY"]})  # finding: credential-in-response


@flask_app.route("/config/region")
def flask_config_region():
    return jsonify({"region": os.environ["AWS_REGION"], "bucket": os.environ.get("UPLOAD_BUCKET")})


@flask_app.route("/config/status")
def flask_config_status():
    return jsonify({"region": os.environ["AWS_REGION"], "secret_set": "AWS_SECRET_ACCESS_KEY" in os.environ})


@flask_app.get("/db")
def flask_db():
    return f"connected as {current_app.config['DB_USER']} with {current_app.config['DB_PASSWORD']}"  # finding: credential-in-response


@flask_app.get("/db/host")
def flask_db_host():
    return f"connected as {current_app.config['DB_USER']} to {current_app.config['DB_HOST']}"


@flask_app.get("/db/check")
def flask_db_check():
    password = current_app.config["DB_PASSWORD"]
    if not password:
        return "password missing", 500
    return f"password ok, {len(password)} characters"


@bp.route("/key")
def ops_key():
    key = os.getenv("PAYMENTS_API_KEY")
    return {"gateway": "adyen", "api_key": key}, 200  # finding: credential-in-response


@bp.route("/key/present")
def ops_key_present():
    key = os.getenv("PAYMENTS_API_KEY")
    return {"gateway": "adyen", "api_key": "set" if key else "unset"}, 200


@bp.route("/key/masked")
def ops_key_masked():
    key = os.getenv("PAYMENTS_API_KEY")
    return {"gateway": "adyen", "api_key": "*" * len(key)}, 200


@bp.route("/debug.txt")
def ops_debug():
    return Response(current_app.secret_key, mimetype="text/plain")  # finding: credential-in-response


@bp.route("/version.txt")
def ops_version():
    return Response(current_app.config["VERSION"], mimetype="text/plain")


@bp.route("/raw")
def ops_raw():
    resp = make_response(g.user.password)  # finding: credential-in-response
    resp.headers["Cache-Control"] = "no-store"
    return resp


@bp.route("/raw/mail")
def ops_raw_mail():
    resp = make_response(g.user.email)
    resp.headers["Cache-Control"] = "no-store"
    return resp


@bp.route("/settings")
def ops_settings():
    smtp_password = current_app.config["MAIL_PASSWORD"]
    return render_template("settings.html", user=g.user, smtp_password=smtp_password)  # finding: credential-in-response


@bp.route("/settings/plain")
def ops_settings_plain():
    smtp_server = current_app.config["MAIL_SERVER"]
    return render_template("settings.html", user=g.user, smtp_server=smtp_server, password_required=True)


@bp.route("/banner")
def ops_banner():
    return render_template_string("<p>{{ k }}</p>", k=os.environ["LICENSE_KEY"])  # finding: credential-in-response


@bp.route("/banner/plain")
def ops_banner_plain():
    return render_template_string("<p>{{ k }}</p>", k=os.environ["BANNER_TEXT"])


@bp.route("/aws")
def ops_aws():
    sm = boto3.client("secretsmanager")
    doc = json.loads(sm.get_secret_value(SecretId="prod/db")["SecretString"])
    return jsonify(host=doc["host"], password=doc["password"])  # finding: credential-in-response


@bp.route("/aws/host")
def ops_aws_host():
    sm = boto3.client("secretsmanager")
    doc = json.loads(sm.get_secret_value(SecretId="prod/db")["SecretString"])
    return jsonify(host=doc["host"], port=doc["port"])


@bp.errorhandler(503)
def ops_unavailable(error):
    return f"cannot reach postgres using {os.environ['PGPASSWORD']}", 503  # finding: credential-in-response


@bp.errorhandler(502)
def ops_bad_gateway(error):
    return f"cannot reach postgres on {os.environ['PGHOST']}, check PGPASSWORD", 502


@bp.route("/etag")
def ops_etag():
    secret_key = current_app.config["SECRET_KEY"]
    return jsonify(fingerprint=hashlib.sha256(secret_key.encode()).hexdigest())


@bp.route("/sign/<name>")
def ops_sign(name):
    signing_key = current_app.config["SIGNING_KEY"].encode()
    return jsonify(name=name, sig=hmac.new(signing_key, name.encode(), "sha256").hexdigest())


@bp.route("/internal-use")
def ops_internal_use():
    client = boto3.client("s3", aws_secret_access_key=current_app.config["AWS_SECRET"])
    return jsonify(buckets=[b["Name"] for b in client.list_buckets()["Buckets"]])


def build_payload():
    return {"api_key": os.environ["PAYMENTS_API_KEY"], "timeout": 5}


def login_form_fields():
    return {"username": "text", "password": "password"}


@bp.route("/form-schema")
def ops_form_schema():
    return jsonify(fields=login_form_fields(), password_rules=["12 characters", "one digit"])


@bp.route("/limits")
def ops_limits():
    return jsonify(max_tokens=current_app.config["MAX_TOKENS"], token_type="bearer", primary_key="id")


@bp.route("/payload")
def ops_payload():
    return jsonify(build_payload())  # finding: credential-in-response


# --- Django -------------------------------------------------------------------


def django_secret(request):
    return HttpResponse(settings.SECRET_KEY)  # finding: credential-in-response


def django_debug(request):
    return HttpResponse(f"debug={settings.DEBUG} tz={settings.TIME_ZONE}")


def django_integration(request):
    return JsonResponse({"stripe": settings.STRIPE_SECRET_KEY})  # finding: credential-in-response


def django_integration_public(request):
    return JsonResponse({"stripe": settings.STRIPE_PUBLIC_KEY, "currency": settings.CURRENCY})


def django_integration_state(request):
    return JsonResponse({"stripe": settings.STRIPE_SECRET_KEY is not None})


@login_required
def django_account(request, pk):
    account = get_object_or_404(Account, pk=pk)
    ctx = {"account_id": account.pk, "imap_password": account.imap_password}
    return render(request, "account.html", ctx)  # finding: credential-in-response


@login_required
def django_account_plain(request, pk):
    account = get_object_or_404(Account, pk=pk)
    ctx = {"account_id": account.pk, "imap_host": account.imap_host}
    return render(request, "account.html", ctx)


@login_required
def django_connection(request, pk):
    return render(request, "connection.html", {"pk": pk, "dsn": os.environ["REPORTING_DSN"]})  # finding: credential-in-response


@login_required
def django_connection_plain(request, pk):
    return render(request, "connection.html", {"pk": pk, "has_dsn": bool(os.environ.get("REPORTING_DSN"))})


def django_denied(request):
    if not request.headers.get("X-Api-Key"):
        return HttpResponseForbidden("missing X-Api-Key header")
    return HttpResponse(status=204)


def django_wrong_password(request):
    entered = request.POST["password"]
    return HttpResponse("wrong password: " + entered, status=401)  # finding: credential-in-response


def django_wrong_password_plain(request):
    entered = request.POST["username"]
    return HttpResponse("wrong password for: " + entered, status=401)


class TokenView(View):
    def get(self, request):
        github_token = os.environ["GITHUB_TOKEN"]
        return JsonResponse(dict(provider="github", token=github_token))  # finding: credential-in-response

    def post(self, request):
        github_token = os.environ["GITHUB_TOKEN"]
        repos = list_repos(github_token)
        return JsonResponse(dict(provider="github", repos=repos))


class DashboardView(TemplateView):
    template_name = "dashboard.html"

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        context["password_field"] = "id_password"
        context["build"] = settings.BUILD
        return context


@api_view(["GET"])
def drf_client(request, pk):
    client = OAuthClient.objects.get(pk=pk)
    return DrfResponse({"client_id": client.client_id, "name": client.name})


@api_view(["GET"])
def drf_mailbox(request, pk):
    box = Mailbox.objects.get(pk=pk)
    return DrfResponse({"address": box.address, "password": box.password})  # finding: credential-in-response


class StorageView(APIView):
    def get(self, request):
        return DrfResponse({"account_key": settings.AZURE_ACCOUNT_KEY})  # finding: credential-in-response

    def head(self, request):
        return DrfResponse({"account_name": settings.AZURE_ACCOUNT_NAME, "container": settings.AZURE_CONTAINER})


# --- FastAPI --------------------------------------------------------------------

api = FastAPI()
router = APIRouter()


class AppSettings(BaseModel):
    db_host: str
    jwt_secret: SecretStr
    openai_api_key: str


class PublicSettings(BaseModel):
    db_host: str
    models: list[str]


def get_app_settings() -> AppSettings:
    return load_settings()


@api.get("/settings/llm")
async def fastapi_llm(cfg: AppSettings = Depends(get_app_settings)):
    return {"provider": "openai", "key": cfg.openai_api_key}  # finding: credential-in-response


@api.get("/settings/llm/state")
async def fastapi_llm_state(cfg: AppSettings = Depends(get_app_settings)):
    return {"provider": "openai", "configured": bool(cfg.openai_api_key)}


@api.get("/settings/public", response_model=PublicSettings)
async def fastapi_public(cfg: AppSettings = Depends(get_app_settings)):
    return PublicSettings(db_host=cfg.db_host, models=["small", "large"])


@api.get("/settings/jwt")
async def fastapi_jwt(cfg: AppSettings = Depends(get_app_settings)):
    return JSONResponse({"jwt": cfg.jwt_secret.get_secret_value()})  # finding: credential-in-response


@api.get("/settings/jwt/masked")
async def fastapi_jwt_masked(cfg: AppSettings = Depends(get_app_settings)):
    return JSONResponse({"jwt": str(cfg.jwt_secret)})


@router.get("/dsn", response_class=PlainTextResponse)
def fastapi_dsn() -> str:
    return os.environ["DATABASE_URL"]  # finding: credential-in-response


@router.get("/env-name", response_class=PlainTextResponse)
def fastapi_env_name() -> str:
    return os.environ["ENVIRONMENT"]


@router.get("/ssm")
def fastapi_ssm():
    ssm = boto3.client("ssm")
    got = ssm.get_parameter(Name="/prod/partner/token", WithDecryption=True)
    return PlainTextResponse(got["Parameter"]["Value"])  # finding: credential-in-response


@router.get("/ssm/meta")
def fastapi_ssm_meta():
    ssm = boto3.client("ssm")
    got = ssm.get_parameter(Name="/prod/partner/token", WithDecryption=True)
    return PlainTextResponse(str(got["Parameter"]["Version"]))


@router.get("/upstream")
def fastapi_upstream():
    try:
        return call_upstream(os.environ["UPSTREAM_TOKEN"])
    except ConnectionError:
        raise HTTPException(status_code=502, detail="upstream rejected the configured token")


@router.get("/vault/{path}")
def fastapi_vault(path: str):
    secret = vault_client().secrets.kv.v2.read_secret_version(path=path)["data"]["data"]
    return {"path": path, "data": secret}  # finding: credential-in-response


@router.get("/vault/{path}/fields")
def fastapi_vault_fields(path: str):
    secret = vault_client().secrets.kv.v2.read_secret_version(path=path)["data"]["data"]
    return {"path": path, "fields": sorted(secret.keys())}


@router.get("/tokens/count")
def fastapi_count(text: str):
    tokens = tokenizer().encode(text)
    return {"num_tokens": len(tokens), "tokens": tokens[:10], "token_limit": 4096}


@router.get("/users/{uid}")
def fastapi_user(uid: int):
    user = find_user(uid)
    return {"id": user.id, "name": user.name, "password_changed_at": user.password_changed_at}


@router.get("/users/{uid}/full")
def fastapi_user_full(uid: int):
    user = find_user(uid)
    body = {"id": user.id, "name": user.name}
    body["passwd"] = user.passwd
    return body  # finding: credential-in-response


@router.get("/users/{uid}/slim")
def fastapi_user_slim(uid: int):
    user = find_user(uid)
    body = {"id": user.id, "name": user.name, "passwd": user.passwd}
    body.pop("passwd")
    return body


@router.get("/pages")
def fastapi_pages(cursor: str = ""):
    rows, next_page_token = list_page(cursor)
    return {"rows": rows, "next_page_token": next_page_token}


@router.get("/keys")
def fastapi_keys():
    return [{"key_id": k.id, "key_name": k.name, "expires_at": k.expires_at} for k in list_keys()]


@router.get("/ssh")
def fastapi_ssh():
    private_key = open("/etc/deploy/id_ed25519").read()
    return PlainTextResponse(content=private_key)  # finding: credential-in-response


@router.get("/ssh/public")
def fastapi_ssh_public():
    public_key = open("/etc/deploy/id_ed25519.pub").read()
    return PlainTextResponse(content=public_key)


def lambda_handler(event, context):
    api_secret = os.environ["API_SECRET"]
    ok = check_caller(event, api_secret)
    return {"statusCode": 200 if ok else 403, "body": json.dumps({"ok": ok})}


def internal_loader():
    return os.environ["INTERNAL_API_KEY"]


def internal_headers():
    return {"Authorization": f"Bearer {internal_loader()}"}


from fastapi import Request
from fastapi.responses import HTMLResponse
from fastapi.templating import Jinja2Templates

templates = Jinja2Templates(directory="templates")


@router.get("/panel", response_class=HTMLResponse)
async def fastapi_panel(request: Request):
    return templates.TemplateResponse("panel.html", {"request": request, "broker_password": os.environ["BROKER_PASSWORD"]})  # finding: credential-in-response


@router.get("/panel/plain", response_class=HTMLResponse)
async def fastapi_panel_plain(request: Request):
    return templates.TemplateResponse("panel.html", {"request": request, "broker_host": os.environ["BROKER_HOST"]})


@router.get("/snippet")
async def fastapi_snippet():
    client_secret = os.environ["OAUTH_CLIENT_SECRET"]
    return HTMLResponse(f"<script>window.oauth = '{client_secret}'</script>")  # finding: credential-in-response


@router.get("/snippet/plain")
async def fastapi_snippet_plain():
    client_id = os.environ["OAUTH_CLIENT_ID"]
    return HTMLResponse(f"<script>window.oauth = '{client_id}'; var password = null;</script>")


@flask_app.route("/export.json")
def flask_export():
    conf = {"host": "mx.quillmark.io", "auth_token": current_app.config["MX_AUTH_TOKEN"]}
    return Response(json.dumps(conf), mimetype="application/json")  # finding: credential-in-response


@flask_app.route("/export-host.json")
def flask_export_host():
    conf = {"host": "mx.quillmark.io", "auth_token": current_app.config["MX_AUTH_TOKEN"]}
    return Response(json.dumps(conf["host"]), mimetype="application/json")


def django_download(request):
    return HttpResponse(
        "user=backup\npassword=" + os.environ["BACKUP_PASSWORD"],  # finding: credential-in-response
        content_type="text/plain",
    )


def django_download_plain(request):
    return HttpResponse(
        "user=backup\nschedule=" + os.environ["BACKUP_SCHEDULE"],
        content_type="text/plain",
    )


def django_whoami(request):
    return JsonResponse({"user": request.user.username, "hash": request.user.password_hash_algorithm})


@flask_app.post("/echo")
def flask_echo():
    from flask import request
    return jsonify(received=request.form["passphrase"])  # finding: credential-in-response


@flask_app.post("/echo/plain")
def flask_echo_plain():
    from flask import request
    return jsonify(received=request.form["passphrase_hint"])


# --- language models and servers without a framework ------------------------------------------------------------------

mcp = FastMCP("tools")


@mcp.tool()
def tool_key() -> str:
    return os.environ["PAYMENTS_API_KEY"]  # finding: credential-in-response


@mcp.tool()
def tool_uses_key(query: str) -> str:
    return requests.get("https://search.acme.io", headers={"X-Api-Key": os.environ["SEARCH_API_KEY"]}).text


class FalconSettings:
    def on_get(self, req, resp):
        resp.media = {"key": os.environ["PAYMENTS_API_KEY"]}  # finding: credential-in-response


class Connections:
    def resolve_credential(self, api_key, client):  # no field of GraphQL
        if api_key:
            return api_key
        return client.fetch_access_token()


class Account(graphene.ObjectType):
    def resolve_api_key(self, info):
        return self.api_key  # finding: credential-in-response
