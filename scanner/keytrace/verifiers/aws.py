"""AWS Signature Version 4, for the one request that tells whose an access key is: the secret itself is not sent.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

_USUAL = "us-east-1"  # of the endpoint that names no region


def signed(method: str, url: str, body: bytes, values: Mapping[str, str], now: datetime) -> dict[str, str]:
    """Return the headers that sign a request to STS without a query."""
    parts = urlsplit(url)
    labels = (parts.hostname or "").split(".")
    region = labels[1] if labels[0] == "sts" and len(labels) > 3 else _USUAL
    time = now.strftime("%Y%m%dT%H%M%SZ")
    headers = {"Host": parts.netloc, "X-Amz-Date": time}
    if token := values.get("aws-session-token"):
        headers["X-Amz-Security-Token"] = token
    names = ";".join(sorted(name.lower() for name in headers))
    lines = "".join(
        f"{name.lower()}:{value}\n" for name, value in sorted(headers.items(), key=lambda one: one[0].lower())
    )
    canonical = f"{method}\n{parts.path or '/'}\n\n{lines}\n{names}\n{sha256(body).hexdigest()}"
    scope = f"{time[:8]}/{region}/sts/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{values['secret']}".encode()
    for step in scope.split("/"):
        key = hmac.digest(key, step.encode(), "sha256")
    signature = hmac.digest(key, text.encode(), "sha256").hex()
    credential = f"{values['aws-access-key-id']}/{scope}"
    authorization = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**headers, "Authorization": authorization}
