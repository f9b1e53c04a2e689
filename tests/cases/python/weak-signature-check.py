"""Signature checks of incoming events."""
import base64
import hashlib
import hmac
import json
import os
import secrets
from hmac import compare_digest

import stripe
from django.conf import settings
from django.http import HttpResponse, HttpResponseForbidden
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from fastapi import APIRouter, Header, HTTPException, Request
from flask import Flask, abort, request

app = Flask(__name__)
router = APIRouter()


@app.route("/hooks/github", methods=["POST"])
def github_hook():
    mac = hmac.new(os.environ["GITHUB_WEBHOOK_SECRET"].encode(), request.data, hashlib.sha256)
    if "sha256=" + mac.hexdigest() != request.headers.get("X-Hub-Signature-256"):  # finding: weak-signature-check
        abort(403)
    deploy(request.json["after"])
    return ""


@app.route("/hooks/github/ok", methods=["POST"])
def github_hook_ok():
    mac = hmac.new(os.environ["GITHUB_WEBHOOK_SECRET"].encode(), request.data, hashlib.sha256)
    if not hmac.compare_digest("sha256=" + mac.hexdigest(), request.headers.get("X-Hub-Signature-256", "")):
        abort(403)
    if request.headers.get("X-GitHub-Event") == "push":
        deploy(request.json["after"])
    return ""


def github_valid(raw: bytes, signature: str) -> bool:
    algo, _, received = signature.partition("=")
    if algo != "sha256":
        return False
    wanted = hmac.new(settings.GITHUB_HOOK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return wanted == received  # finding: weak-signature-check


def github_valid_ok(raw: bytes, signature: str) -> bool:
    algo, _, received = signature.partition("=")
    if algo != "sha256" or len(received) != 64:
        return False
    wanted = hmac.new(settings.GITHUB_HOOK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return secrets.compare_digest(wanted, received)


@csrf_exempt
def github_view(request):
    if not github_valid(request.body, request.headers.get("X-Hub-Signature-256", "")):
        return HttpResponseForbidden()
    deploy(json.loads(request.body)["after"])
    return HttpResponse()


@csrf_exempt
def github_view_ok(request):
    if not github_valid_ok(request.body, request.headers.get("X-Hub-Signature-256", "")):
        return HttpResponseForbidden()
    deploy(json.loads(request.body)["after"])
    return HttpResponse()


@csrf_exempt
def shopify_view(request):
    digest = hmac.new(settings.SHOPIFY_API_SECRET.encode(), request.body, hashlib.sha256).digest()
    computed = base64.b64encode(digest).decode()
    if request.META["HTTP_X_SHOPIFY_HMAC_SHA256"] == computed:  # finding: weak-signature-check
        save_order(json.loads(request.body))
        return HttpResponse()
    return HttpResponseForbidden()


@csrf_exempt
def shopify_view_ok(request):
    digest = hmac.new(settings.SHOPIFY_API_SECRET.encode(), request.body, hashlib.sha256).digest()
    computed = base64.b64encode(digest).decode()
    if constant_time_compare(request.META["HTTP_X_SHOPIFY_HMAC_SHA256"], computed):
        if request.META.get("HTTP_X_SHOPIFY_TOPIC") == "orders/create":
            save_order(json.loads(request.body))
        return HttpResponse()
    return HttpResponseForbidden()


@router.post("/slack/events")
async def slack_events(request: Request, x_slack_signature: str = Header(...), x_slack_request_timestamp: str = Header(...)):
    raw = await request.body()
    base = f"v0:{x_slack_request_timestamp}:{raw.decode()}"
    mine = "v0=" + hmac.new(os.environ["SLACK_SIGNING_SECRET"].encode(), base.encode(), hashlib.sha256).hexdigest()
    if mine != x_slack_signature:  # finding: weak-signature-check
        raise HTTPException(status_code=401, detail="invalid signature")
    await dispatch(json.loads(raw))
    return {"ok": True}


@router.post("/slack/events/ok")
async def slack_events_ok(request: Request, x_slack_signature: str = Header(...), x_slack_request_timestamp: str = Header(...)):
    raw = await request.body()
    base = f"v0:{x_slack_request_timestamp}:{raw.decode()}"
    mine = "v0=" + hmac.new(os.environ["SLACK_SIGNING_SECRET"].encode(), base.encode(), hashlib.sha256).hexdigest()
    if not compare_digest(mine, x_slack_signature):
        raise HTTPException(status_code=401, detail="invalid signature")
    body = json.loads(raw)
    if body["type"] == "url_verification":
        return {"challenge": body["challenge"]}
    await dispatch(body)
    return {"ok": True}


@router.post("/linear")
async def linear_hook(request: Request):
    raw = await request.body()
    sig = hmac.new(os.environ["LINEAR_WEBHOOK_SECRET"].encode(), raw, "sha256").hexdigest()
    if not sig == request.headers["linear-signature"]:  # finding: weak-signature-check
        raise HTTPException(status_code=400)
    await dispatch(json.loads(raw))


@router.post("/linear/ok")
async def linear_hook_ok(request: Request):
    raw = await request.body()
    sig = hmac.new(os.environ["LINEAR_WEBHOOK_SECRET"].encode(), raw, "sha256").hexdigest()
    if not hmac.compare_digest(sig, request.headers["linear-signature"]):
        raise HTTPException(status_code=400)
    await dispatch(json.loads(raw))


class PaddleVerifier:
    def __init__(self, webhook_secret: str):
        self._webhook_secret = webhook_secret.encode()

    def expected(self, ts: str, body: bytes) -> str:
        return hmac.new(self._webhook_secret, ts.encode() + b":" + body, hashlib.sha256).hexdigest()

    def check(self, header: str, body: bytes) -> None:
        parts = dict(p.split("=", 1) for p in header.split(";"))
        if self.expected(parts["ts"], body) != parts["h1"]:  # finding: weak-signature-check
            raise PermissionError("paddle signature mismatch")

    def check_ok(self, header: str, body: bytes) -> None:
        parts = dict(p.split("=", 1) for p in header.split(";"))
        if parts.get("v") == "2":
            raise ValueError("unsupported signature version")
        if not hmac.compare_digest(self.expected(parts["ts"], body), parts["h1"]):
            raise PermissionError("paddle signature mismatch")


def dropbox_is_authentic(signature, payload, app_secret):
    return hmac.digest(app_secret.encode(), payload, "sha256").hex() == signature  # finding: weak-signature-check


def dropbox_is_authentic_ok(signature, payload, app_secret):
    return hmac.compare_digest(hmac.digest(app_secret.encode(), payload, "sha256").hex(), signature)


def typeform_matches(headers, payload, hook_secret):
    ours = base64.b64encode(hmac.new(hook_secret, payload, hashlib.sha256).digest()).decode()
    theirs = headers["Typeform-Signature"].removeprefix("sha256=")
    valid = theirs == ours  # finding: weak-signature-check
    return valid


def typeform_matches_ok(headers, payload, hook_secret):
    ours = base64.b64encode(hmac.new(hook_secret, payload, hashlib.sha256).digest()).decode()
    theirs = headers["Typeform-Signature"].removeprefix("sha256=")
    valid = theirs != "" and compare_digest(theirs, ours)
    return valid


def zoom_reply(plain: str) -> dict:
    mac = hmac.new(os.environ["ZOOM_HOOK_SECRET"].encode(), plain.encode(), hashlib.sha256)
    return {"plainToken": plain, "encryptedToken": mac.hexdigest()}


# --- fixed keys -----------------------------------------------------------------


@app.route("/hooks/stripe", methods=["POST"])
def stripe_hook():
    event = stripe.Webhook.construct_event(
        request.data,
        request.headers["Stripe-Signature"],
        "whsec_Vq7[cut]Zt3Lx9Kw2Rn8Yb5Mc1Hd6Fs4",  # finding: weak-signature-check
    )
    fulfil(event["data"]["object"]["id"])
    return ""


@app.route("/hooks/stripe/ok", methods=["POST"])
def stripe_hook_ok():
    event = stripe.Webhook.construct_event(
        request.data,
        request.headers["Stripe-Signature"],
        os.environ["STRIPE_WEBHOOK_SECRET"],
    )
    fulfil(event["data"]["object"]["id"])
    return ""


@app.route("/hooks/bitbucket", methods=["POST"])
def bitbucket_hook():
    mac = hmac.new(b"kT9zQw4Lx7Rv2Nb8", request.get_data(), hashlib.sha256)  # finding: weak-signature-check
    if not hmac.compare_digest("sha256=" + mac.hexdigest(), request.headers.get("X-Hub-Signature", "")):
        abort(403)
    deploy(request.json["push"]["changes"][0]["new"]["target"]["hash"])
    return ""


@app.route("/hooks/bitbucket/ok", methods=["POST"])
def bitbucket_hook_ok():
    mac = hmac.new(app.config["BITBUCKET_SECRET"].encode(), request.get_data(), hashlib.sha256)
    if not hmac.compare_digest("sha256=" + mac.hexdigest(), request.headers.get("X-Hub-Signature", "")):
        abort(403)
    deploy(request.json["push"]["changes"][0]["new"]["target"]["hash"])
    return ""


# --- equality of other things -----------------------------------------------------


def etag_matches(request_headers, body: bytes) -> bool:
    return request_headers.get("If-None-Match") == hashlib.md5(body).hexdigest()


def file_unchanged(path: str, recorded_sha256: str) -> bool:
    with open(path, "rb") as fh:
        return hashlib.file_digest(fh, "sha256").hexdigest() == recorded_sha256


def signature_length_ok(signature: str) -> bool:
    return len(signature) == 64 and signature != ""


def same_signature(fn, other) -> bool:
    import inspect
    return inspect.signature(fn) == inspect.signature(other)


def event_kind(headers) -> str:
    if headers.get("X-GitHub-Event") == "ping":
        return "ping"
    return "event" if headers.get("X-GitHub-Delivery") != "" else "unknown"


def missing_signature(headers) -> bool:
    return headers.get("X-Hub-Signature-256") is None or headers["X-Hub-Signature-256"] == ""


@router.post("/sentry")
async def sentry_hook(request: Request, sentry_hook_signature: str = Header(...)):
    raw = await request.body()
    ours = hmac.new(settings.SENTRY_CLIENT_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    if request.headers.get("Sentry-Hook-Resource") == "issue" and raw:
        if sentry_hook_signature == ours:  # finding: weak-signature-check
            await dispatch(json.loads(raw))
    return {}


@router.post("/sentry/ok")
async def sentry_hook_ok(request: Request, sentry_hook_signature: str = Header(...)):
    raw = await request.body()
    ours = hmac.new(settings.SENTRY_CLIENT_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    if request.headers.get("Sentry-Hook-Resource") == "issue" and raw:
        if hmac.compare_digest(sentry_hook_signature, ours):
            await dispatch(json.loads(raw))
    return {}


def verify_twitch(headers, body: bytes, eventsub_secret: bytes) -> bool:
    message = headers["Twitch-Eventsub-Message-Id"].encode() + headers["Twitch-Eventsub-Message-Timestamp"].encode() + body
    digest = "sha256=" + hmac.new(eventsub_secret, message, hashlib.sha256).hexdigest()
    return False if digest != headers["Twitch-Eventsub-Message-Signature"] else True  # finding: weak-signature-check


def verify_twitch_ok(headers, body: bytes, eventsub_secret: bytes) -> bool:
    message = headers["Twitch-Eventsub-Message-Id"].encode() + headers["Twitch-Eventsub-Message-Timestamp"].encode() + body
    digest = "sha256=" + hmac.new(eventsub_secret, message, hashlib.sha256).hexdigest()
    return hmac.compare_digest(digest, headers["Twitch-Eventsub-Message-Signature"])


# --- what is signed, in other ways ------------------------------------------------------------------------------------


def signed_by_any(body: bytes, signature: str, signing_keys):
    candidates = [hmac.new(key, body, "sha256").hexdigest() for key in signing_keys]
    return signature in candidates  # finding: weak-signature-check


def callback_signed(body: str, signature: str, api_secret: str) -> bool:
    computed = hashlib.sha256((api_secret + body).encode()).hexdigest()
    return computed == signature  # finding: weak-signature-check


def unchanged(body: bytes, signature: str) -> bool:
    return hashlib.sha256(body).hexdigest() == signature


def _mac_of(body):
    return hmac.new(b"hV3nKq8Zt5Lw2Rx9", body, "sha256").hexdigest()  # finding: weak-signature-check


def checked_with_literal(body, given):
    return hmac.compare_digest(_mac_of(body), given)
