"""Endpoints that receive events from other services."""
import base64
import functools
import hashlib
import hmac
import json
import logging
import os

import requests
import stripe
from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseForbidden, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Request
from flask import Blueprint, Flask, abort, jsonify, request
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey
from slack_bolt import App as SlackApp
from slack_bolt.adapter.flask import SlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from svix.webhooks import Webhook
from twilio.request_validator import RequestValidator

log = logging.getLogger("hooks")
app = Flask(__name__)
hooks = Blueprint("hooks", __name__)
guarded = Blueprint("guarded", __name__)
api = FastAPI()
router = APIRouter(prefix="/integrations")


# --- Flask --------------------------------------------------------------------


@app.route("/webhooks/github", methods=["POST"])
def github_push():  # finding: unverified-webhook
    event = request.headers.get("X-GitHub-Event")
    payload = request.get_json()
    if event == "push":
        deploy(payload["repository"]["full_name"], payload["after"])
    return "", 204


@app.route("/webhooks/github/checked", methods=["POST"])
def github_push_checked():
    mac = hmac.new(app.config["GH_HOOK_SECRET"].encode(), request.get_data(), hashlib.sha256)
    if not hmac.compare_digest("sha256=" + mac.hexdigest(), request.headers.get("X-Hub-Signature-256", "")):
        abort(403)
    payload = request.get_json()
    deploy(payload["repository"]["full_name"], payload["after"])
    return "", 204


def github_signature_valid(raw, header):
    want = hmac.new(os.environ["GH_HOOK_SECRET"].encode(), raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"sha256={want}", header or "")


@app.post("/webhooks/github/release")
def github_release():
    if not github_signature_valid(request.data, request.headers.get("X-Hub-Signature-256")):
        return jsonify(error="bad signature"), 401
    publish(request.json["release"]["tag_name"])
    return jsonify(ok=True)


def require_github_signature(view):
    @functools.wraps(view)
    def wrapper(*args, **kwargs):
        if not github_signature_valid(request.data, request.headers.get("X-Hub-Signature-256")):
            abort(401)
        return view(*args, **kwargs)
    return wrapper


@app.post("/webhooks/github/issues")
@require_github_signature
def github_issues():
    triage(request.json["issue"]["number"], request.json["action"])
    return "", 202


@hooks.route("/stripe/webhook", methods=["POST"])
def stripe_paid():  # finding: unverified-webhook
    event = json.loads(request.data)
    if event["type"] == "checkout.session.completed":
        fulfil(event["data"]["object"]["client_reference_id"])
    return jsonify(received=True)


@hooks.route("/stripe/webhook/v2", methods=["POST"])
def stripe_paid_checked():
    try:
        event = stripe.Webhook.construct_event(request.data, request.headers["Stripe-Signature"], os.environ["STRIPE_WEBHOOK_SECRET"])
    except (ValueError, stripe.error.SignatureVerificationError):
        return "", 400
    if event["type"] == "checkout.session.completed":
        fulfil(event["data"]["object"]["client_reference_id"])
    return jsonify(received=True)


@hooks.route("/stripe/refund-hook", methods=["POST"])
def stripe_refund():  # finding: unverified-webhook
    event = stripe.Event.construct_from(request.get_json(), stripe.api_key)
    if event.type == "charge.refunded":
        refund(event.data.object.payment_intent)
    return "", 200


@hooks.route("/stripe/ping", methods=["POST"])
def stripe_ping():
    log.info("ping received")
    return "pong", 200


@hooks.route("/slack/commands", methods=["POST"])
def slack_command():  # finding: unverified-webhook
    text = request.form["text"]
    if request.form["command"] == "/restart":
        restart_service(text)
    return jsonify(response_type="ephemeral", text="on it")


slack_verifier = SignatureVerifier(os.environ["SLACK_SIGNING_SECRET"])


@hooks.route("/slack/interactive", methods=["POST"])
def slack_interactive():
    if not slack_verifier.is_valid_request(request.get_data(), request.headers):
        abort(403)
    action = json.loads(request.form["payload"])["actions"][0]
    approve(action["value"])
    return ""


bolt = SlackApp(token=os.environ["SLACK_BOT_TOKEN"], signing_secret=os.environ["SLACK_SIGNING_SECRET"])
bolt_handler = SlackRequestHandler(bolt)


@hooks.route("/slack/events", methods=["POST"])
def slack_events():
    return bolt_handler.handle(request)


@app.route("/twilio/sms", methods=["POST"])
def twilio_sms():  # finding: unverified-webhook
    sender, body = request.values["From"], request.values["Body"]
    if body.strip().upper() == "STOP":
        unsubscribe(sender)
    return "<Response/>", 200, {"Content-Type": "text/xml"}


@app.route("/twilio/voice", methods=["POST"])
def twilio_voice():
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    route_call(request.values["CallSid"])
    return "<Response/>", 200, {"Content-Type": "text/xml"}


@app.route("/shopify/orders-create", methods=["POST"])
def shopify_order():  # finding: unverified-webhook
    topic = request.headers["X-Shopify-Topic"]
    order = request.get_json()
    save_order(topic, order["id"], order["line_items"])
    return "", 200


@app.route("/shopify/orders-paid", methods=["POST"])
def shopify_paid():
    digest = hmac.new(os.environ["SHOPIFY_SECRET"].encode(), request.get_data(), hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64encode(digest), request.headers.get("X-Shopify-Hmac-Sha256", "").encode()):
        abort(401)
    mark_paid(request.get_json()["id"])
    return "", 200


@guarded.before_request
def check_every_request():
    if not github_signature_valid(request.get_data(), request.headers.get("X-Hub-Signature-256")):
        abort(403)


@guarded.route("/hooks/github/deployments", methods=["POST"])
def github_deployments():
    record_deployment(request.json["deployment"]["id"], request.json["deployment"]["sha"])
    return "", 204


@app.route("/discord/interactions", methods=["POST"])
def discord_interactions():
    verify_key = VerifyKey(bytes.fromhex(os.environ["DISCORD_PUBLIC_KEY"]))
    try:
        verify_key.verify(request.headers["X-Signature-Timestamp"].encode() + request.data, bytes.fromhex(request.headers["X-Signature-Ed25519"]))
    except BadSignatureError:
        abort(401)
    return jsonify(run_command(request.json["data"]["name"]))


# --- outgoing hooks and administration ------------------------------------------


@app.route("/admin/webhooks", methods=["GET"])
def list_webhooks():
    return jsonify([{"id": h.id, "target": h.target} for h in load_hooks()])


@app.route("/admin/github/sync", methods=["GET"])
def sync_github_repos():
    repos = requests.get("https://api.github.com/orgs/acme/repos", headers={"Accept": "application/vnd.github+json"}).json()
    return jsonify(count=len(repos))


def send_stripe_webhook_copy(event):
    return requests.post("https://mirror.acme.io/stripe/webhook", json=event, timeout=5)


# --- Django -------------------------------------------------------------------


@csrf_exempt
@require_POST
def stripe_webhook(request):  # finding: unverified-webhook
    payload = json.loads(request.body)
    if payload["type"] == "invoice.paid":
        extend_subscription(payload["data"]["object"]["customer"])
    return HttpResponse(status=200)


@csrf_exempt
@require_POST
def stripe_webhook_checked(request):
    sig_header = request.META.get("HTTP_STRIPE_SIGNATURE", "")
    try:
        event = stripe.Webhook.construct_event(request.body, sig_header, settings.STRIPE_ENDPOINT_SECRET)
    except ValueError:
        return HttpResponseBadRequest()
    extend_subscription(event["data"]["object"]["customer"])
    return HttpResponse(status=200)


@csrf_exempt
def github_webhook(request):  # finding: unverified-webhook
    kind = request.headers["X-GitHub-Event"]
    data = json.loads(request.body.decode("utf-8"))
    if kind == "pull_request" and data["action"] == "closed":
        Preview.objects.filter(number=data["number"]).delete()
    return HttpResponse("ok")


@csrf_exempt
def github_webhook_checked(request):
    header = request.headers.get("X-Hub-Signature-256", "")
    if not github_signature_valid(request.body, header):
        return HttpResponseForbidden("bad signature")
    data = json.loads(request.body)
    Preview.objects.filter(number=data["number"]).delete()
    return HttpResponse("ok")


@method_decorator(csrf_exempt, name="dispatch")
class ShopifyUninstalled(View):
    def post(self, request):  # finding: unverified-webhook
        shop = request.headers["X-Shopify-Shop-Domain"]
        body = json.loads(request.body)
        Shop.objects.filter(domain=shop, shop_id=body["id"]).delete()
        return HttpResponse(status=200)


@method_decorator(csrf_exempt, name="dispatch")
class ShopifyProductUpdate(View):
    def verify_hmac(self, request):
        mac = hmac.new(settings.SHOPIFY_API_SECRET.encode(), request.body, hashlib.sha256).digest()
        return hmac.compare_digest(base64.b64encode(mac).decode(), request.headers.get("X-Shopify-Hmac-Sha256", ""))

    def post(self, request):
        if not self.verify_hmac(request):
            return HttpResponseForbidden()
        body = json.loads(request.body)
        Product.objects.filter(pk=body["id"]).update(title=body["title"])
        return HttpResponse(status=200)


@csrf_exempt
def mailgun_events(request):  # finding: unverified-webhook
    event = json.loads(request.body)["event-data"]
    if event["event"] == "complained":
        Subscriber.objects.filter(email=event["recipient"]).update(active=False)
    return JsonResponse({"status": "ok"})


@csrf_exempt
def mailgun_events_checked(request):
    doc = json.loads(request.body)
    sig = doc["signature"]
    want = hmac.new(settings.MAILGUN_SIGNING_KEY.encode(), f"{sig['timestamp']}{sig['token']}".encode(), "sha256").hexdigest()
    if not hmac.compare_digest(want, sig["signature"]):
        return HttpResponseForbidden()
    Subscriber.objects.filter(email=doc["event-data"]["recipient"]).update(active=False)
    return JsonResponse({"status": "ok"})


def contact_form(request):
    body = request.POST["message"]
    Ticket.objects.create(text=body, author=request.user)
    return HttpResponse("thanks")


# --- FastAPI --------------------------------------------------------------------


@api.post("/github/webhook")
async def gh_events(request: Request, x_github_event: str = Header(...)):  # finding: unverified-webhook
    body = await request.json()
    if x_github_event == "workflow_run":
        await trigger(body["workflow_run"]["head_sha"])
    return {"ok": True}


async def verified_github_body(request: Request, x_hub_signature_256: str = Header("")) -> dict:
    raw = await request.body()
    if not github_signature_valid(raw, x_hub_signature_256):
        raise HTTPException(status_code=401, detail="invalid signature")
    return json.loads(raw)


@api.post("/github/webhook/v2")
async def gh_events_checked(body: dict = Depends(verified_github_body)):
    await trigger(body["workflow_run"]["head_sha"])
    return {"ok": True}


@router.post("/stripe/webhook")
async def stripe_hook(request: Request):  # finding: unverified-webhook
    event = await request.json()
    match event["type"]:
        case "customer.subscription.deleted":
            await downgrade(event["data"]["object"]["customer"])
        case "customer.subscription.created":
            await upgrade(event["data"]["object"]["customer"])
    return {"received": True}


@router.post("/stripe/webhook/checked")
async def stripe_hook_checked(request: Request, stripe_signature: str = Header(...)):
    event = stripe.Webhook.construct_event(await request.body(), stripe_signature, os.environ["STRIPE_HOOK_SECRET"])
    await downgrade(event["data"]["object"]["customer"])
    return {"received": True}


@router.post("/clerk/webhook")
async def clerk_hook(request: Request):
    payload = Webhook(os.environ["CLERK_WEBHOOK_SECRET"]).verify(await request.body(), dict(request.headers))
    await create_user(payload["data"]["id"])
    return {"ok": True}


@router.post("/slack/slash")
async def slack_slash(request: Request):  # finding: unverified-webhook
    form = await request.form()
    if form["command"] == "/scale":
        await scale(int(form["text"]))
    return {"text": "scaling"}


@router.post("/slack/slash/checked")
async def slack_slash_checked(request: Request):
    raw = await request.body()
    if not slack_verifier.is_valid_request(raw, dict(request.headers)):
        raise HTTPException(status_code=403)
    form = await request.form()
    await scale(int(form["text"]))
    return {"text": "scaling"}


@router.post("/twilio/status")
async def twilio_status(request: Request):  # finding: unverified-webhook
    form = await request.form()
    await set_message_status(form["MessageSid"], form["MessageStatus"])
    return {}


async def check_twilio(request: Request, x_twilio_signature: str = Header("")):
    form = await request.form()
    if not RequestValidator(os.environ["TWILIO_AUTH_TOKEN"]).validate(str(request.url), dict(form), x_twilio_signature):
        raise HTTPException(status_code=403)


@router.post("/twilio/inbound", dependencies=[Depends(check_twilio)])
async def twilio_inbound(request: Request):
    form = await request.form()
    await store_message(form["From"], form["Body"])
    return {}


@router.post("/orders")
async def create_order(request: Request):
    body = await request.json()
    return {"order": await place_order(body["sku"], body["qty"])}


@router.get("/stripe/prices")
async def stripe_prices():
    return [p.id for p in stripe.Price.list(limit=10)]


@app.route("/sendgrid/events", methods=["POST"])
def sendgrid_events():  # finding: unverified-webhook
    for event in request.get_json():
        if event["event"] == "bounce":
            suppress(event["email"])
    return "", 204


@app.route("/sendgrid/templates", methods=["GET"])
def sendgrid_templates():
    found = requests.get("https://api.sendgrid.com/v3/templates", headers={"Authorization": f"Bearer {os.environ['SENDGRID_API_KEY']}"})
    return jsonify(found.json())


# --- registered by a call, checked by asking --------------------------------------------------------------------------


def asana_hook():  # finding: unverified-webhook
    start(request.get_json()["events"])
    return ""


app.add_url_rule("/asana/webhook", view_func=asana_hook, methods=["POST"])


@app.post("/stripe/refetched/webhook")
def refetched():
    event = stripe.Event.retrieve(request.get_json()["id"])
    start(event)
    return ""
