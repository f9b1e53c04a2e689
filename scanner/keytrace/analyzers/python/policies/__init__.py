"""What each rule wants of events and what it finds in them; rules that look at the same thing share a policy."""

from __future__ import annotations

from keytrace.analyzers.python.policies import (
    credential_compared,
    credential_in_command,
    credential_in_response,
    credential_in_url,
    credential_over_http,
    credential_written,
    hardcoded_credential,
    logged_credential,
    unverified_webhook,
    weak_signature_check,
)
from keytrace.analyzers.python.policies.context import Policy

POLICIES: dict[str, Policy] = {
    "credential-compared": credential_compared.POLICY,
    "credential-in-command": credential_in_command.POLICY,
    "credential-in-response": credential_in_response.POLICY,
    "credential-in-url": credential_in_url.POLICY,
    "credential-over-http": credential_over_http.POLICY,
    "credential-written": credential_written.POLICY,
    "default-credential": hardcoded_credential.POLICY,
    "hardcoded-credential": hardcoded_credential.POLICY,
    "logged-credential": logged_credential.POLICY,
    "logged-environment": logged_credential.POLICY,
    "partial-credential": logged_credential.POLICY,
    "unverified-webhook": unverified_webhook.POLICY,
    "weak-signature-check": weak_signature_check.POLICY,
}
