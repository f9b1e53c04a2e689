"""Sample code: secrets compared with == where the time of the comparison tells something."""
import functools
import hashlib
import hmac
import os
import secrets

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseForbidden, JsonResponse
from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.security import APIKeyHeader, HTTPBasic, HTTPBasicCredentials
from flask import Flask, abort, request

flask_app = Flask(__name__)
api = FastAPI()
basic = HTTPBasic()
api_key_scheme = APIKeyHeader(name="X-Api-Key")


# ---- Flask

@flask_app.before_request
def check_internal_token():
    if request.path == "/healthz":
        return None
    if request.headers["X-Internal-Token"] != os.environ["INTERNAL_TOKEN"]:  # finding: credential-compared
        abort(403)
    if request.headers.get("X-Internal-Token-Version") != os.environ.get("TOKEN_VERSION"):
        abort(400)


@flask_app.get("/reports")
def reports():
    api_key = request.args.get("api_key")
    if not api_key or len(api_key) != 32:
        abort(401)
    if api_key == flask_app.config["REPORTS_API_KEY"]:  # finding: credential-compared
        return {"reports": []}
    if request.args.get("api_version") == flask_app.config["API_VERSION"]:
        return {"reports": None}
    abort(401)


@flask_app.post("/signup")
def signup():
    password = request.form["password"]
    if password != request.form["password_confirm"]:
        abort(400, "The passwords do not match")
    if password == "":
        abort(400, "The password is empty")
    if password == request.form["username"]:
        abort(400, "The password must differ from the name")
    return {"ok": True}


def require_key(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        given = request.headers.get("Authorization")
        if given == f"Bearer {settings.SERVICE_TOKEN}":  # finding: credential-compared
            return view(*args, **kwargs)
        if given is None or given == "":
            abort(401)
        abort(403)
    return wrapper


def require_key_safely(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        given = request.headers.get("Authorization", "")
        if hmac.compare_digest(given, f"Bearer {settings.SERVICE_TOKEN}"):
            return view(*args, **kwargs)
        if request.method == "OPTIONS" or request.content_type == "application/json":
            return None
        abort(403)
    return wrapper


# ---- Django

def export_view(http_request):
    if http_request.META.get("HTTP_X_API_KEY") != settings.EXPORT_API_KEY:  # finding: credential-compared
        return HttpResponseForbidden()
    if http_request.META.get("HTTP_ACCEPT") != settings.EXPORT_FORMAT:
        return JsonResponse({"error": "format"}, status=406)
    if http_request.GET.get("page_token") == settings.LAST_PAGE_TOKEN:
        return JsonResponse({"rows": []})
    return JsonResponse({"rows": [1]})


class PasswordForm:
    def clean(self):
        new_password1 = self.cleaned_data.get("new_password1")
        new_password2 = self.cleaned_data.get("new_password2")
        if new_password1 and new_password2 and new_password1 != new_password2:
            raise ValidationError("The two password fields do not match")
        if self.cleaned_data["password_hint"] == self.cleaned_data["user_name"]:
            raise ValidationError("Choose another hint")
        return self.cleaned_data


def legacy_login(User, name, password):
    user = User.objects.get(name=name)
    if user.password == password:  # finding: credential-compared
        return user
    if user.password_changed_at == user.created_at:
        return None
    if user.check_password(password):
        return user
    return None


# ---- FastAPI

def current_service(key: str = Depends(api_key_scheme)):
    if key != settings.PARTNER_API_KEY:  # finding: credential-compared
        raise HTTPException(status_code=403)
    if settings.PARTNER_API_KEY is None:
        raise HTTPException(status_code=503)
    return "partner"


def current_user(credentials: HTTPBasicCredentials = Depends(basic)):
    user_ok = credentials.username == settings.DOCS_USER
    pass_ok = credentials.password == settings.DOCS_PASSWORD  # finding: credential-compared
    return user_ok and pass_ok


def current_user_safely(credentials: HTTPBasicCredentials = Depends(basic)):
    user_ok = secrets.compare_digest(credentials.username, settings.DOCS_USER)
    pass_ok = secrets.compare_digest(credentials.password, settings.DOCS_PASSWORD)
    if not (user_ok and pass_ok) or credentials.username == "anonymous":
        raise HTTPException(status_code=401)
    return credentials.username


@api.get("/metrics")
async def metrics(x_metrics_token: str = Header(default="")):
    if x_metrics_token == os.getenv("METRICS_TOKEN"):  # finding: credential-compared
        return {"up": 1}
    if x_metrics_token == "" or len(x_metrics_token) == 0:
        raise HTTPException(status_code=401)
    raise HTTPException(status_code=403)


# ---- services, bots, workers

class SessionStore:
    def __init__(self, redis, admin_token):
        self.redis = redis
        self.admin_token = admin_token
        self.token_type = "opaque"

    def is_admin(self, token):
        return token == self.admin_token  # finding: credential-compared

    def is_opaque(self, token_type):
        return token_type == self.token_type

    def has_admin(self):
        return self.admin_token is not None and self.admin_token != ""

    def is_admin_safely(self, token):
        return secrets.compare_digest(token, self.admin_token)

    def refresh(self, user_id, refresh_token):
        stored = self.redis.hgetall(f"session:{user_id}")
        if stored["refresh_token"] != refresh_token:  # finding: credential-compared
            raise PermissionError("unknown session")
        if stored["device_id"] != self.redis.get("device_id"):
            raise PermissionError("other device")
        if stored["refresh_token_expires_at"] == "never":
            return stored
        return {k: v for k, v in stored.items() if k != "refresh_token"}


def verify_reset(user, reset_token, now):
    if user.reset_token_used == True:  # noqa: E712
        return False
    if user.reset_token_expiry == now:
        return False
    expected = user.reset_token
    return expected == reset_token  # beyond: credential-compared


def verify_reset_hashed(user, reset_token):
    digest = hashlib.sha256(reset_token.encode()).hexdigest()
    return hmac.compare_digest(user.reset_token_hash, digest)


def verify_client(registry, client_id, client_secret):
    for entry in registry:
        if entry["client_id"] == client_id and entry["client_secret"] == client_secret:  # finding: credential-compared
            return entry
        if entry["client_secret_algorithm"] == "bcrypt":
            continue
        if entry["client_id"] != client_id:
            continue
    return None


async def on_connect(ws, allowed_keys, expected_secret):
    hello = await ws.receive_json()
    if hello["type"] != "hello":
        return await ws.close(4000)
    if hello.get("shared_secret") != expected_secret:  # finding: credential-compared
        return await ws.close(4003)
    if hello.get("protocol") != ws.protocol:
        return await ws.close(4002)
    return hello


def relay_update(headers, relay_secret, update):
    if not headers["X-Relay-Secret"] == relay_secret:  # finding: credential-compared
        return None
    if headers["Content-Type"] == "application/json" and update["kind"] == "secret_chat":
        return None
    return update


def unlock(vault, pin_entry, master_password):
    attempts_left = vault.attempts != vault.max_attempts
    ok = (
        attempts_left
        and vault.master_password == master_password  # finding: credential-compared
        and pin_entry != ""
    )
    return ok


def check_invite(form, invite):
    return all([
        form.email == invite.email,
        form.access_token == invite.access_token,  # finding: credential-compared
        form.token_name == invite.token_name,
        form.access_token_ttl == invite.ttl,
    ])


def check_header(headers, config):
    scheme, _, bearer_token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return "scheme"
    return "ok" if config["api_token"] == bearer_token else "token"  # finding: credential-compared


def check_header_encoded(headers, config):
    given_api_key = headers["x-api-key"].encode()
    if given_api_key.strip() != config.api_key.encode():  # finding: credential-compared
        return False
    return headers["x-api-key-id"] == config.api_key_id


def check_sources(boto3, given_password, keyring):
    secret = boto3.client("secretsmanager").get_secret_value(SecretId="prod/gate")["SecretString"]
    if given_password == secret:  # finding: credential-compared
        return "secretsmanager"
    if keyring.get_password("gate", "ops") == given_password:  # finding: credential-compared
        return "keyring"
    if keyring.get_keyring().name == "plaintext":
        return "weak"
    return "none"


def lambda_authorizer(event, context):
    token = event["authorizationToken"]
    effect = "Allow" if token == os.environ["AUTHORIZER_TOKEN"] else "Deny"  # finding: credential-compared
    if event["type"] != "TOKEN" or event["methodArn"] == os.environ.get("PUBLIC_ARN"):
        effect = "Deny"
    return {"principalId": "service", "policy": effect}


def check_pair(request_data, conf):
    key_pair = (request_data["name"], request_data["kind"])
    if key_pair == (conf["name"], conf["kind"]):
        return True
    unlocked = conf["unlock_passphrase"] == request_data["passphrase"]  # finding: credential-compared
    return unlocked


def check_known(api_key, clients, scopes):
    if any(api_key == client.api_key for client in clients):  # finding: credential-compared
        return True
    return any(scope == client.token_scope for client in clients for scope in scopes)


def find_device(devices, device_secret, serial):
    by_secret = [d for d in devices if d.device_secret == device_secret]
    by_serial = [d for d in devices if d.serial == serial and d.secret_state != d.last_state]
    return by_secret or by_serial


def dispatch(message, expected_password):
    match message:
        case {"op": "login", "password": given_password} if given_password == expected_password:  # finding: credential-compared
            return "welcome"
        case {"op": "login", "password_mode": mode} if mode == message.get("mode"):
            return "mode"
        case _:
            return "unknown"


# ---- tokens, keys and passwords that are no secrets

class Parser:
    def __init__(self, tokens):
        self.tokens = tokens
        self.pos = 0

    def parse(self, stop_token):
        while self.pos < len(self.tokens):
            token = self.tokens[self.pos]
            if token == "(" or token.kind == "open":
                self.pos += 1
            elif token == stop_token:
                break
            elif token.type != self.tokens[self.pos - 1].type:
                self.pos += 2
            elif token == "NEWLINE":
                return None
            self.pos += 1
        return self.tokens


def generate(model, next_token, eos_token, pad_token_id):
    if next_token == eos_token:
        return None
    if model.config.pad_token_id == pad_token_id:
        return model
    return next_token


def walk(mapping, key, partition_key, cache_key):
    for other_key in mapping:
        if other_key == key:
            return mapping[key]
    if partition_key != mapping["partition_key"] or cache_key == mapping["cache_key"]:
        return None
    return [k for k in mapping if k != "password" and k != "api_key"]


def key_pressed(event, keys):
    if event.key == keys.ESCAPE:
        return "quit"
    return "pin" if event.pin == keys.GPIO17 else None


def token_states(token, row, rotated):
    if token.status == row.status or token.scope != row.scope:
        return "same"
    if token is None or token == None:  # noqa: E711
        return "none"
    if row["token_count"] == rotated["token_count"]:
        return "count"
    if row["password_policy"] != rotated["password_policy"]:
        return "policy"
    if row["secret_name"] == rotated["secret_name"]:
        return "name"
    if row["public_key"] == rotated["public_key"]:
        return "public"
    return "new" if row["api_key_required"] == False else "old"  # noqa: E712


def change_password(form):
    if form["new_password"] == form["old_password"]:
        return "The new password must differ from the old one"
    if form["password"] != form["repeat_password"]:
        return "Passwords differ"
    if form["password"] == "changeme":
        return "Please set a password"
    return None


def auth_mode(cfg, auth, credentials):
    if auth == cfg.default_auth_mode:
        return "default"
    if cfg["auth_type"] == "password" or cfg["credential_source"] != "env":
        return "explicit"
    return "empty" if credentials == {} else "given"


# --- tuples, tables, headers ----------------------------------------------------------------------------------------

PARTNER_KEYS = {"north": os.environ["NORTH_API_KEY"], "south": os.environ["SOUTH_API_KEY"]}
UPLOAD_KEY = open("/etc/depot/upload").read().strip()


def several(request, login):
    if (login.name, login.password) == ("ops", os.environ["OPS_PASSWORD"]):  # finding: credential-compared
        return 1
    if PARTNER_KEYS[request.args["partner"]] == request.headers["X-Api-Key"]:  # finding: credential-compared
        return 2
    if request.headers["X-Upload-Key"] != UPLOAD_KEY:  # finding: credential-compared
        return 3
    if request.headers["X-Idempotency-Key"] == login.last_idempotency_key:
        return 4
    return (login.name, login.region) == (request.args["name"], request.args["region"])
