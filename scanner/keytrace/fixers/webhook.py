"""A webhook that nobody checks: the provider's own check, as a skeleton to be completed by hand."""

from __future__ import annotations

import re
import textwrap

import libcst as cst

from keytrace.fixers.edits import Edit, Fix, Refused, Target
from keytrace.fixers.imports import reference
from keytrace.fixers.naming import Names, variable
from keytrace.fixers.program import Program, parsed

_HMAC = """
expected = {form}
if not hmac.compare_digest(expected, {headers}.get("{header}", "")):
    {refuse}
"""
_HEX = "hmac.new({secret}.encode(), {body}, hashlib.sha256).hexdigest()"
_SLACK = (  # and timestamps older than five minutes are to be refused
    '"v0=" + hmac.new({secret}.encode(), b"v0:" + {headers}.get("X-Slack-Request-Timestamp", "").encode()'
    ' + b":" + {body}, hashlib.sha256).hexdigest()'
)
_CHECKS = {  # by provider: what it signs, and where the signature is, as its documentation says
    "github": ('"sha256=" + ' + _HEX, "X-Hub-Signature-256"),
    "shopify": ("base64.b64encode(hmac.new({secret}.encode(), {body}, hashlib.sha256).digest()).decode()",
                "X-Shopify-Hmac-Sha256"),
    "slack": (_SLACK, "X-Slack-Signature"),
    "razorpay": (_HEX, "X-Razorpay-Signature"),
    "linear": (_HEX, "Linear-Signature"),
    "gitlab": ("{secret}", "X-Gitlab-Token"),
    "typeform": ('"sha256=" + base64.b64encode(hmac.new({secret}.encode(), {body}, hashlib.sha256).digest()).decode()',
                 "Typeform-Signature"),
}  # fmt: skip
_STRIPE = """
# the event is to be taken from here alone, not from the body once more
event = stripe.Webhook.construct_event({body}, {headers}.get("Stripe-Signature", ""), {secret})
"""
_TWILIO = """
if not RequestValidator({secret}).validate({url}, {form_data}, {headers}.get("X-Twilio-Signature", "")):
    {refuse}
"""
_MODULES = {word: word for word in ("base64", "hashlib", "hmac", "os", "stripe")} | {
    "RequestValidator": "twilio.request_validator.RequestValidator"
}
_REFUSING = {  # what a framework refuses a request by, and where that is
    "django": [("HttpResponseForbidden", "django.http")],
    "fastapi": [("HTTPException", "fastapi")],
    "flask": [("abort", "flask")],
}
_IMPORTED = re.compile(rb"^\s*(?:from|import)\s+(\w+)", re.MULTILINE)
_FRAMEWORKS = {  # by a word of its imports: body, headers, URL, form, and how a request is refused
    "django": ("request.body", "request.headers", "request.build_absolute_uri()", "request.POST",
               "return HttpResponseForbidden()"),
    "fastapi": ("await request.body()", "request.headers", "str(request.url)", "await request.form()",
                "raise HTTPException(403)"),
    "flask": ("request.get_data()", "request.headers", "request.url", "request.form", "abort(403)"),
}  # fmt: skip


def fix(target: Target, names: Names, reader: str) -> Fix:  # noqa: ARG001 - as all fixers
    """Return the skeleton; raise Refused where the framework is none that is known."""
    program = parsed(target.data)
    function = next((one for one in program.around(target.start, target.end) if isinstance(one, cst.FunctionDef)), None)
    if function is None or not isinstance(function.body, cst.IndentedBlock):
        raise Refused("it is no function with a body of its own")
    imported = {word.decode() for word in _IMPORTED.findall(target.data)}
    framework = next((name for name in _FRAMEWORKS if name in imported), "")
    if not framework:
        raise Refused("what a check looks like in its framework is not known")
    found = re.search(r"acts on (?:a |an )?([\w-]+) webhook", target.told)
    provider = found[1].lower() if found else ""
    text = _skeleton(provider, framework)
    at, indent = _first_line(program, function)
    code = textwrap.indent(text, indent).replace("\n", program.newline.decode())
    title = f"check the signature of {provider or 'the provider'}"
    imports = _imports(program, text, framework, at)
    return Fix(title, (Edit(at, at, code.encode()),), imports=imports, shown_only=True)


def _imports(program: Program, text: str, framework: str, at: int) -> tuple[str, ...]:
    """Return what a skeleton needs and the program does not import; a name that means something else is left out."""
    wanted = [module for word, module in _MODULES.items() if re.search(rf"(?<![\w.]){word}\b", text)]
    wanted += [f"{where}.{name}" for name, where in _REFUSING[framework] if f"{name}(" in text]
    lacking: list[str] = []
    for one in wanted:
        try:
            lacking += filter(None, [reference(program, one, at)[1]])
        except Refused:
            continue
    return tuple(lacking)


def _skeleton(provider: str, framework: str) -> str:
    body, headers, url, form_data, refuse = _FRAMEWORKS[framework]
    known = provider in _CHECKS or provider in ("stripe", "twilio")
    name = (
        "TWILIO_AUTH_TOKEN"
        if provider == "twilio"
        else f"{variable(provider)}_WEBHOOK_SECRET"
        if known
        else "WEBHOOK_SECRET"
    )
    secret = f'os.environ["{name}"]'
    form, header = _CHECKS.get(provider, (_HEX, "X-Signature"))
    shape = {"stripe": _STRIPE, "twilio": _TWILIO}.get(provider, _HMAC)
    places = {"body": body, "headers": headers, "url": url, "form_data": form_data, "refuse": refuse, "secret": secret}
    return shape.format(**places, form=form.format(**places), header=header).lstrip("\n")


def _first_line(program: Program, function: cst.FunctionDef) -> tuple[int, str]:
    """Return where the first line of a function begins that does something, and how it is indented."""
    body = function.body
    assert isinstance(body, cst.IndentedBlock)
    statements = list(body.body)
    if function.get_docstring() is not None and len(statements) > 1:
        statements = statements[1:]
    at = program.span(statements[0])[0]
    start = max(program.data.rfind(b"\n", 0, at), program.data.rfind(b"\r", 0, at)) + 1
    return start, program.data[start:at].decode()
