"""Tokens that are an encoding of something readable: dates, accounts and marks inside them must make sense."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import unquote

from keytrace.checks.verdict import Verdict, is_past, json_object, moment, plain, unbase64

_UUID = rb"[0-9a-f]{8}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}"
_UUID_ONLY = re.compile(_UUID)
_INTERCOM = re.compile(rb"tok:" + _UUID + rb":\d+:\d+")
_JFROG = re.compile(rb"reftkn:\d\d:(\d{10}):[!-~]{16,}")
_ELASTIC = re.compile(rb"[\w-]{20}:[\w-]{22}")
_JIRA = re.compile(rb"\d{12}:.{20}", re.DOTALL)
_SLACK = re.compile(rb"[1-3]-[12](?:-\d{6,16}){3,5}-[0-9a-f]{32,64}")
_SNOWFLAKE = re.compile(rb"\d{17,20}")
_DISCORD_EPOCH = 1_420_070_400_000
_DISCORD_SAMPLE = b"198622483471925248"  # the bot of Discord's documentation
_ACCOUNT = re.compile(r"[0-9a-f]{32}")


def discord_bot_token(value: bytes) -> Verdict:
    parts = value.split(b".")
    number = unbase64(parts[0]) or b""
    if len(parts) != 3 or not _SNOWFLAKE.fullmatch(number):
        return Verdict(False, "not a Discord token: its first part is not a bot's number")
    if number == _DISCORD_SAMPLE:
        return Verdict(False, "the sample token of Discord's documentation")
    created = moment((int(number) >> 22) + _DISCORD_EPOCH)
    if created is None or not is_past(created):
        return Verdict(False, "not a Discord token: its bot would be of the future")
    return Verdict(True, f"belongs to a Discord bot created on {created:%Y-%m-%d}")


def jfrog_reference_token(value: bytes) -> Verdict:
    found = _JFROG.fullmatch(unbase64(value) or b"")
    if not found:
        return Verdict(False, "not a JFrog reference token: it does not decode")
    expiry = datetime.fromtimestamp(int(found[1]), UTC)
    if not int(found[1]):
        return Verdict(True, "decodes to a JFrog reference that never expires")
    if is_past(expiry):
        return Verdict(None, f"decodes to a JFrog reference that expired on {expiry:%Y-%m-%d}", expired=True)
    return Verdict(True, f"decodes to a JFrog reference that expires on {expiry:%Y-%m-%d}")


def teamcity_token(value: bytes) -> Verdict:
    parts = value.split(b".")
    decoded = [unbase64(part) or b"" for part in parts]
    header = json_object(decoded[0]) or {}
    if len(parts) != 3 or header.get("typ") != "TCV2" or not decoded[1] or not _UUID_ONLY.fullmatch(decoded[2]):
        return Verdict(False, "not a TeamCity token: its parts do not decode")
    return Verdict(True, "its three parts decode as TeamCity makes them")


def onepassword_token(value: bytes) -> Verdict:
    claims = json_object(unbase64(value.removeprefix(b"ops_")))
    if claims is None or not {"signInAddress", "secretKey"} <= claims.keys():
        return Verdict(False, "not a 1Password service account token: it does not decode")
    account = plain(claims["signInAddress"])
    return Verdict(True, "decodes to a 1Password service account" + (f" of {account}" if account else ""))


def intercom_token(value: bytes) -> Verdict:
    if _INTERCOM.fullmatch(unbase64(value) or b""):
        return Verdict(True, "decodes as Intercom makes its tokens")
    return Verdict(False, "not an Intercom token: it does not decode")


def jira_dc_token(value: bytes) -> Verdict:
    if _JIRA.fullmatch(unbase64(value.removeprefix(b"BBDC-")) or b""):
        return Verdict(True, "decodes to the number of a token and 20 random bytes")
    return Verdict(False, "not a Data Center token: it does not decode")


def cloudflare_tunnel_token(value: bytes) -> Verdict:
    claims = json_object(unbase64(value)) or {}
    account, tunnel, secret = plain(claims.get("a")), plain(claims.get("t")), claims.get("s")
    if not _ACCOUNT.fullmatch(account) or not _UUID_ONLY.fullmatch(tunnel.encode()) or not isinstance(secret, str):
        return Verdict(False, "not a Cloudflare Tunnel token: it does not decode")
    if not unbase64(secret.encode(errors="replace")):
        return Verdict(False, "not a Cloudflare Tunnel token: its secret does not decode")
    return Verdict(True, f"decodes to a tunnel of Cloudflare account {account}")


def mapbox_token(value: bytes) -> Verdict:
    """Base64 of an account (u) and an id (a) between the kind and the signature: docs.mapbox.com, access tokens."""
    parts = value.split(b".")
    claims = json_object(unbase64(parts[1])) if len(parts) == 3 else None
    if claims is None or not {"u", "a"} <= claims.keys():
        return Verdict(False, "not a Mapbox token: it does not decode")
    account = plain(claims["u"])
    return Verdict(True, f"belongs to Mapbox account {account}" if account else "decodes as Mapbox makes its tokens")


def sentry_organization_token(value: bytes) -> Verdict:
    """Base64 of iat, url, region_url and org, then a secret: docs.sentry.io, token formats."""
    claims = json_object(unbase64(value.removeprefix(b"sntrys_").rpartition(b"_")[0])) or {}
    organization, address, issued = plain(claims.get("org")), plain(claims.get("url")), moment(claims.get("iat"))
    if not organization or issued is None:
        return Verdict(False, "not a Sentry organization token: it does not decode")
    at = f" at {address}" if address else ""
    return Verdict(True, f"of the Sentry organization {organization}{at}, issued on {issued:%Y-%m-%d}")


def grafana_cloud_token(value: bytes) -> Verdict:
    """Base64 of an organization (o), a name (n), a key (k) and a region (m.r), as Grafana Cloud shows it once."""
    claims = json_object(unbase64(value.removeprefix(b"glc_"))) or {}
    if not {"o", "n", "k"} <= claims.keys():
        return Verdict(False, "not a Grafana Cloud token: it does not decode")
    return Verdict(
        True, f"of Grafana Cloud organization {plain(claims['o']) or '?'}, named {plain(claims['n']) or '?'}"
    )


def grafana_api_key(value: bytes) -> Verdict:
    """Base64 of a key (k), a name (n) and an organization (id): grafana/grafana, pkg/components/apikeygen."""
    claims = json_object(unbase64(value)) or {}
    if not {"k", "n", "id"} <= claims.keys():
        return Verdict(False, "not a Grafana API key: it does not decode")
    return Verdict(True, f"decodes to a Grafana API key named {plain(claims['n']) or '?'}")


def elastic_api_key(value: bytes) -> Verdict:
    """Base64 of an id of 20 characters, a colon and a key of 22: elastic.co/docs, create API key."""
    if _ELASTIC.fullmatch(unbase64(value) or b""):
        return Verdict(True, "decodes to the id and the secret of an Elasticsearch API key")
    return Verdict(False, "not an Elasticsearch API key: it does not decode")


def docker_config(value: bytes) -> Verdict:
    """Base64 of config.json, whose auths are logins by registry: docs.docker.com, docker login."""
    registries = (json_object(unbase64(value)) or {}).get("auths")
    if not isinstance(registries, dict) or not registries:
        return Verdict(None, "a Docker configuration that does not decode to its end")
    names = [name for name in map(plain, registries) if name]
    shown = ", ".join(names[:3]) + (" and more" if len(registries) > 3 else "")
    return Verdict(True, f"logins for {shown}" if names else "decodes to the logins of Docker registries")


def telegram_bot_token(value: bytes) -> Verdict:
    """Read the bot's number, which stands before the colon: core.telegram.org/bots/api, authorizing your bot."""
    number = value.partition(b":")[0].decode("latin-1")
    if not number.isascii() or not number.isdigit() or number.startswith("0") or len(number) > 20:
        return Verdict(False, "not a Telegram token: it does not start with a bot's number")
    if number == "123456789":
        return Verdict(False, "names the bot of documentation samples")
    return Verdict(None, f"belongs to Telegram bot {number}")


def facebook_app_token(value: bytes) -> Verdict:
    """Read the app's number, which stands before the bar: developers.facebook.com, access tokens."""
    number = value.replace(b"%7C", b"|").partition(b"|")[0].decode("latin-1")
    if not number.isascii() or not number.isdigit() or number.startswith("0") or len(number) > 20:
        return Verdict(False, "not an app access token: it does not start with an app's number")
    return Verdict(None, f"belongs to Facebook app {number}")


def slack_rotated_token(value: bytes) -> Verdict:
    """Base64 of a version, numbers of workspace, app and token, and a secret: docs.slack.dev, token rotation."""
    if _SLACK.fullmatch(unbase64(value.rpartition(b"-")[2]) or b""):
        return Verdict(True, "decodes to the numbers of a Slack workspace and app, and a secret")
    return Verdict(False, "not a Slack token: it does not decode")


# --- signed links -----------------------------------------------------------------------------------------------------

_EXPIRY = re.compile(rb"(?:^|[?&;])se=([^&\s]+)")


def shared_access_signature(value: bytes) -> Verdict:
    """Read when it expires: se, a date or seconds since 1970 (learn.microsoft.com, storage and Service Bus SAS)."""
    found = _EXPIRY.search(value)
    text = unquote(found[1].decode("latin-1")) if found else ""
    if not text:
        return Verdict(None, "its expiry stands in a stored access policy, if it has one")
    try:
        expiry = moment(int(text)) if text.isdecimal() else datetime.fromisoformat(text)
    except ValueError:
        expiry = None
    if expiry is None:
        return Verdict(None)
    expiry = expiry if expiry.tzinfo else expiry.replace(tzinfo=UTC)
    if is_past(expiry):
        return Verdict(False, f"a signature that expired on {expiry:%Y-%m-%d}", expired=True)
    return Verdict(None, f"a signature that expires on {expiry:%Y-%m-%d}")
